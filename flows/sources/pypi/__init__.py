"""PyPI: downloads of packages, from pypistats and from the public copy of the download logs."""
