"""How it is shown: the published tables as a static site. Imports neither duckdb nor prefect."""
