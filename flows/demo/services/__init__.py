"""How each of the five sources answers: its words, limits and errors."""
