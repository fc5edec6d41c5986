"""The demo: a local stand-in for the five sources that answers with figures from the past."""
