"""What the figures say: who leads, who passed whom, what changed, and what may not be told."""
