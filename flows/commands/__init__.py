"""The command line: a module per command, what `doctor` looks at, and the service that keeps running."""
