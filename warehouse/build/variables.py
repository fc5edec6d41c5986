"""Prints what dbt must be told when it is run by hand (docs/ad-hoc-sql.md).

Without an argument its variables: what each source offers. With `left-out` what to exclude, since the last
build has nothing of it: the sources that the configuration does not ask.
"""

import json
import sys

import duckdb

from warehouse.build.project import DBT_PROJECT, offers
from warehouse.build.selection import LEFT_OUT, unasked_sources
from warehouse.config.settings import read_settings


def left_out() -> list[str]:
    """Return the criteria of dbt by which that is excluded; there is one at least, which may fit nothing."""
    with duckdb.connect(read_settings().work_file, read_only=True) as work:
        unasked = sorted(unasked_sources(work))
    return [
        f"tag:{LEFT_OUT}",
        *(f"path:{kind}/sources/{one}" for one in unasked for kind in ("models", "seeds", "tests")),
    ]


if __name__ == "__main__":
    told = (
        " ".join(left_out()) if sys.argv[1:] == ["left-out"] else json.dumps({"sources": offers(DBT_PROJECT)})
    )
    sys.stdout.write(f"{told}\n")
