"""Publishing in place of the past: what was published last is copied, and what has changed is told anew."""
