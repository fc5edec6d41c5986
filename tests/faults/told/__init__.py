"""How each source tells what truly happened, and the ways in which it told it wrongly."""
