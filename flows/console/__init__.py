"""What a command writes: progress, tables, logs, output files; and how a signal ends it."""
