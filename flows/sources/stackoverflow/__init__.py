"""Stack Overflow: questions by tag and month."""
