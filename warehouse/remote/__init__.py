"""Object storage: the one place that many machines share, and who of them may write it."""
