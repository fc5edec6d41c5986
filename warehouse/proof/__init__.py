"""The proof of a published figure: its value made again from the archived answers alone."""
