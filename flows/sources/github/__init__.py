"""GitHub: stars, their history by week, forks and releases."""
