"""The pages: a module per page."""
