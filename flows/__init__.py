"""When things happen: the command line, the Prefect flow, and the collectors they run."""
