"""Statistics on arrays of numbers; knows no table and no source."""
