"""The published file: opened, described, exported and asked."""
