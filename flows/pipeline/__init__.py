"""One run: collect, build, publish, report, and what follows it; under Prefect or as single steps."""
