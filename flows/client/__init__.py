"""The one way to ask a source: paced, retried, bounded, judged; knows no source."""
