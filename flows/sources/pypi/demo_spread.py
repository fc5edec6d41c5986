"""What both of the demo's counters of downloads say of how a month is spread over its days."""

# Everything downstream learns from this key what is no figure of a day.
SPREAD = "the daily mean of a window of days that all but covers the month, in Barometer's demo"
