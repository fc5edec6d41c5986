"""Statistics on arrays of numbers; knows no table and no source."""

WEIGHTINGS = 10_000  # that a kind's measures are weighed by
