"""The demo: a local stand-in for the five sources that answers with figures from the past."""

# Sources whose figures end before the demo's present; that they are stale there is the point.
ENDED_SOURCES = frozenset({"stackoverflow"})
