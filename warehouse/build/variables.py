"""Prints what dbt must be told when it is run by hand (docs/ad-hoc-sql.md): what each source offers."""

import json
import sys

from warehouse.build.dbt import DBT_PROJECT, offers

if __name__ == "__main__":
    sys.stdout.write(json.dumps({"sources": offers(DBT_PROJECT)}) + "\n")
