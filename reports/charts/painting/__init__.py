"""Pictures painted, and kept for as long as what they show stays the same."""
