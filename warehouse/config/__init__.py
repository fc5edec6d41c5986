"""What the user sets: the environment, the configuration file, and what may stand in them."""
