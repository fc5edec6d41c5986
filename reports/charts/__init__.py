"""Charts: what stands where, in which colours, drawn still and live, with their tables and words."""
