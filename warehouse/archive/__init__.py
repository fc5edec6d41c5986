"""The archive: answers as they came, written once, packed by month, verified, kept."""
