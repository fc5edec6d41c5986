"""The commands that tell what stands behind a figure or a claim."""
