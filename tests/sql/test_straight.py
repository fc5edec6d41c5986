"""The tests' straight way to a first build makes what dbt makes of the same archive."""

import shutil
from dataclasses import replace

from flows.pipeline import steps
from tests.conftest import DemoRun
from tests.straight import Straight
from warehouse.config.settings import read_settings
from warehouse.published.open import open_published


def test_a_straight_build_publishes_what_dbt_does(demo_run: DemoRun, straight: Straight, tmp_path):
    """All tables of the demo, row by row, with their types; but for the time of the build."""
    demo = read_settings({"BAROMETER_DATA": str(demo_run.data), "BAROMETER_SITE": str(tmp_path / "site")})
    settings = replace(demo, data=tmp_path / "data")
    shutil.copytree(demo.archive, settings.archive)
    ecosystem = steps.ecosystem_of(settings)
    steps.load_archive(settings, ecosystem)
    with straight.in_place_of_dbt():
        steps.build(settings, ecosystem)
    steps.publish_marts(settings)

    with open_published(demo.published_file) as by_dbt, open_published(settings.published_file) as published:
        (_, tables) = by_dbt.query("select table_name from duckdb_tables() order by 1")
        assert published.query("select table_name from duckdb_tables() order by 1")[1] == tables
        for (table,) in tables:
            columns = f"select column_name, data_type from duckdb_columns() where table_name = '{table}'"
            assert published.query(columns)[1] == by_dbt.query(columns)[1], table
            timeless = {"build_info": "exclude built_at", "quality_checks": "exclude checked_at"}
            rows = f"select * {timeless.get(table, '')} from {table} order by all"
            assert published.query(rows)[1] == by_dbt.query(rows)[1], table
