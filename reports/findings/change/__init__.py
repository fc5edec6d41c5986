"""How figures change: over a year, since an early one, around a release, and what is lost of the past."""
