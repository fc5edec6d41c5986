"""The site made: every file of it, from the pages to feeds, badges and exports."""
