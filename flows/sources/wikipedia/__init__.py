"""Wikipedia: views of articles by day."""
