"""How each of the six services answers: its words, limits and errors."""
