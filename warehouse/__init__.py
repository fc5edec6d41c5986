"""Where the data lives: settings, archive, work database, published file."""
