"""The second reference of `collect_and_load.py`: the same values through dlt, into DuckDB, as its guide says.

Run by an interpreter of its own, which has dlt and none of Barometer: `python with_dlt.py URL PACKAGES`.
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator

# It would call home with each run.
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"

import dlt
import duckdb
from dlt.sources.helpers import requests


@dlt.resource(name="days", write_disposition="append")
def days(url: str, packages: int) -> Iterator[list[dict[str, object]]]:
    """Yield the days of each package, a page at a time."""
    for number in range(packages):
        answer = requests.get(f"{url}/api/packages/package-{number}/overall", timeout=30).json()
        yield [row | {"package": answer["package"]} for row in answer["data"]]


def main(url: str, packages: int) -> None:
    """Collect and load in a folder that is thrown away; print seconds, megabytes and values."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        file = f"{folder}/days.duckdb"
        destination = dlt.destinations.duckdb(file)
        pipeline = dlt.pipeline(
            "benchmark", pipelines_dir=folder, destination=destination, dataset_name="raw"
        )
        pipeline.run(days(url, packages))
        with duckdb.connect(file) as connection:
            values = connection.execute("select count(*), sum(downloads) from raw.days").fetchall()[0][0]
        seconds = time.perf_counter() - started
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "values": values}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
