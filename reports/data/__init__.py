"""What the pages show: the published tables as values, and how values are worded."""
