"""Importing exports of Google Trends' website: whatever the language, and nothing that is not understood."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import tomlkit

from flows.pipeline import steps
from flows.sources import services_of
from flows.sources.google_trends.command import archive_export
from tests.straight import Straight
from warehouse.archive.write import archived_files
from warehouse.build.load import open_work
from warehouse.config.settings import Settings, read_settings
from warehouse.errors import ConfigurationError

EXPORTS = Path(__file__).parent / "exports"
DAYS = [date(2025, 8, day) for day in (1, 2, 3)]
WEEKS = [date(2025, 6, 29), date(2025, 7, 6), date(2025, 7, 13)]
MONTHS = [date(2025, month, 1) for month in (5, 6, 7)]
# File, region asked for, resolution, region, first days, last day of the window.
DIALECTS = [
    ("english_weeks_bom_crlf", None, "WEEK", "Worldwide", WEEKS, date(2025, 7, 19)),
    ("german_months_semicolons", None, "MONTH", "Weltweit", MONTHS, date(2025, 7, 31)),
    ("chinese_days_wide", None, "DAY", "全球", DAYS, date(2025, 8, 3)),
    ("french_weeks_spaces", None, "WEEK", "Tous les pays", WEEKS, date(2025, 7, 19)),
    ("japanese_months_tabs", None, "MONTH", "すべての国", MONTHS, date(2025, 7, 31)),
    ("english_months_quoted_no_region", None, "MONTH", "region not stated", MONTHS, date(2025, 7, 31)),
    ("spanish_weeks_two_regions", "españa", "WEEK", "España", WEEKS, date(2025, 7, 19)),
    ("russian_days_turned", None, "DAY", "По всему миру", DAYS, date(2025, 8, 3)),
    ("english_days_quoted_region", None, "DAY", 'Korea, Republic of ("South")', DAYS, date(2025, 8, 3)),
    ("japanese_weeks_below_one", None, "WEEK", "日本", WEEKS, date(2025, 7, 19)),
    ("time_series_US_20250501-0000_20250806-0900", None, "MONTH", "US", MONTHS, date(2025, 7, 31)),
]
# Its name says that it was made in August, so July is over.
NAMED = {"time_series_US_20250501-0000_20250806-0900"}
# Files in which the second or third week of pytorch is too little to tell.
UNTOLD = {"english_weeks_bom_crlf", "spanish_weeks_two_regions"}

STAGED = """
select resolution, region, window_first_day, window_last_day, lower(term), period_start, interest, is_partial
from staging.stg_google_trends__exported_interest inner join raw.pages using (page_id)
where pages.url like ?
order by lower(term), period_start
"""


def pages(settings: Settings) -> list[dict[str, object]]:
    files = [gzip.decompress(file.read_bytes()) for file in archived_files(settings.archive)]
    lines = [json.loads(line) for content in files for line in content.splitlines()]
    return [line for line in lines if line["kind"] == "page"]


def export(name: str) -> Path:
    return EXPORTS / f"{name}.csv"


def test_there_is_no_other_export():
    """Every file of the folder is in the table."""
    assert {file.stem for file in EXPORTS.iterdir()} == {name for name, *_ in DIALECTS}


@pytest.fixture(scope="module")
def imported(
    straight: Straight, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[tuple[object, ...]]]:
    """The staged rows of each file, from one archive that holds them all."""
    folder = tmp_path_factory.mktemp("imports")
    settings = read_settings({"BAROMETER_DATA": str(folder), "BAROMETER_NOW": "2025-08-06T12:00:00Z"})
    for name, region, *_ in DIALECTS:
        archive_export(export(name), settings, region=region)
    steps.load_archive(settings, steps.ecosystem_of(settings))
    with open_work(settings) as connection:
        straight.up_to("stg_google_trends__exported_interest").run(connection)
        return {name: connection.execute(STAGED, [f"%/{name}.csv"]).fetchall() for name, *_ in DIALECTS}


@pytest.mark.parametrize(("name", "region", "resolution", "told", "starts", "last_day"), DIALECTS)
def test_an_export_is_read_in_any_dialect(imported, name, region, resolution, told, starts, last_day):
    """Whatever the language, the marks between the cells, the line ends and the order of the terms.

    Less than one is told as 0, nothing as null. The last period of the file may not have been over, unless
    its name tells when it was made.
    """
    running = name not in NAMED
    window = (resolution, told, starts[0], last_day)
    third = None if name in UNTOLD else 43

    assert imported[name] == [
        (*window, "pytorch", starts[0], 0, False),
        (*window, "pytorch", starts[1], 41, False),
        (*window, "pytorch", starts[2], third, running),
        (*window, "tensorflow", starts[0], 100, False),
        (*window, "tensorflow", starts[1], 97, False),
        (*window, "tensorflow", starts[2], 88, running),
    ]


def test_an_export_is_archived_byte_by_byte(settings: Settings):
    """With its name and no folder, its terms, region and digest, of the day that is given."""
    file = export("english_weeks_bom_crlf")
    imported = archive_export(file, settings, as_of=date(2025, 7, 24))

    assert str(imported) == (
        "3 periods of pytorch, tensorflow (Worldwide) archived as of 2025-07-24; "
        "`barometer build` publishes them"
    )
    (page,) = pages(settings)
    assert page["body"].encode() == file.read_bytes()
    assert page["endpoint"] == "export" and page["problem"] is None
    assert page["key"] == f"Worldwide: pytorch,tensorflow {page['sha256'][:12]}"
    assert page["url"] == "file:///english_weeks_bom_crlf.csv"
    assert datetime.fromisoformat(page["fetched_at"]) == datetime(2025, 7, 24, tzinfo=UTC)


def later(settings: Settings, day: date) -> Settings:
    """The same folder on another day."""
    return replace(settings, clock=lambda: datetime.combine(day, time(12), UTC))


def copied(file: Path, to: Path) -> Path:
    to.write_bytes(file.read_bytes())
    return to


def test_importing_a_file_again_changes_nothing(settings: Settings, tmp_path: Path):
    """Neither later, nor under another name, nor as of the same day or an earlier one."""
    archive_export(export("german_months_semicolons"), settings)
    before = archived_files(settings.archive)
    copy = copied(export("german_months_semicolons"), tmp_path / "copy.csv")

    for as_of in (None, date(2025, 7, 31), date(2025, 7, 5)):
        imported = archive_export(copy, later(settings, date(2026, 1, 1)), as_of)
        assert not imported.is_new and archived_files(settings.archive) == before
        assert str(imported) == (
            "3 periods of pytorch, tensorflow (Weltweit): the archive has this file already, as of 2025-07-31"
        )


def test_importing_a_file_again_as_of_a_later_day_makes_it_the_newest(settings: Settings, tmp_path: Path):
    """So a good file comes before a wrong one that was imported since, and the message says how.

    What is newer is told with its day, of the same length of periods alone.
    """
    weeks = copied(export("french_weeks_spaces"), tmp_path / "weeks.csv")
    months, fewer = tmp_path / "all months.csv", tmp_path / "fewer.csv"
    months.write_text("Month,pytorch,tensorflow\n2025-05,1,2\n2025-06,3,100\n")
    fewer.write_text("Month,pytorch,tensorflow\n2025-06,3,100\n")
    archive_export(months, settings, date(2025, 8, 1))
    archive_export(weeks, settings, date(2025, 8, 6))
    assert archive_export(fewer, settings, date(2025, 8, 5)).newer is None
    assert len(archived_files(settings.archive)) == 3

    again = archive_export(months, later(settings, date(2025, 8, 7)))
    assert (again.is_new, again.as_of, again.newer) == (False, date(2025, 8, 1), "fewer.csv of 2025-08-05")
    assert str(again).endswith(
        "as of 2025-08-01; fewer.csv of 2025-08-05 is newer and stands before it: "
        "--as-of a later day makes it the newest"
    )
    assert archive_export(months, later(settings, date(2025, 8, 7)), date(2025, 8, 7)).is_new
    assert [page["fetched_at"][:10] for page in pages(settings) if "all" in page["url"]] == [
        "2025-08-01",
        "2025-08-07",
    ]
    last = archive_export(fewer, later(settings, date(2025, 8, 7)))
    assert last.newer == "all months.csv of 2025-08-07"
    assert archive_export(weeks, later(settings, date(2025, 8, 7))).newer is None


def test_an_answer_of_the_interface_may_be_newer(at_server: Settings):
    """It is told by its question; what was imported is archived all the same."""
    live = replace(at_server, demo=False)
    ecosystem = steps.ecosystem_of(live)
    (service,) = services_of(["google_trends"], at_server)
    steps.collect_service(service, at_server, ecosystem, {})
    imported = archive_export(export("german_months_semicolons"), live)

    assert imported.is_new and imported.newer == "the answer 'all pytorch,tensorflow' of 2025-08-06"
    assert archive_export(export("french_weeks_spaces"), live).newer is None


def test_a_redesigned_file_is_of_the_region_and_day_of_its_name(settings: Settings, tmp_path: Path):
    """Unless the user says otherwise; a browser's clock may be a day ahead of ours."""
    body = b'"Time","pytorch","tensorflow"\n"2025-06-01",1,100\n"2025-07-01",0,3'
    name = "time_series_{}_20040101-0000_{}-0900{}.csv"

    def imported(place: str, day: str, more: str = "", **said: object) -> tuple[str, date]:
        file = tmp_path / name.format(place, day, more)
        file.write_bytes(body + b"\n" * len(list(tmp_path.iterdir())))
        told = archive_export(file, settings, **said)
        return told.export.columns.region, told.as_of

    assert imported("US", "20250802") == ("US", date(2025, 8, 2))
    assert imported("Worldwide", "20250803", " (1)") == ("Worldwide", date(2025, 8, 3))
    assert imported("US", "20250807") == ("US", date(2025, 8, 6)), "tomorrow, where it was made"
    assert imported("US", "20250802", "-2", as_of=date(2025, 8, 5)) == ("US", date(2025, 8, 5))
    assert imported("US", "20250804", region="United States") == ("United States", date(2025, 8, 4))
    with pytest.raises(ConfigurationError, match=r"rows up to 2025-07-01 as of 2025-08-08, expected neither"):
        imported("US", "20250808")
    with pytest.raises(ConfigurationError, match=r"rows up to 2025-07-01 as of 2025-06-30, expected neither"):
        imported("US", "20250630")
    # A name that does not fit is not read.
    assert imported("US", "20259999") == ("region not stated", date(2025, 7, 31))


def test_without_a_day_a_file_is_as_old_as_it_can_be(settings: Settings, tmp_path: Path):
    """Of its last day where that is over, else of today: so its last period is never taken for finished."""
    running = tmp_path / "running.csv"
    running.write_text("Month,pytorch,tensorflow\n2025-07,1,2\n2025-08,3,4\n")

    assert archive_export(running, settings).as_of == settings.clock().date() == date(2025, 8, 6)
    assert archive_export(export("russian_days_turned"), settings).as_of == date(2025, 8, 3)


@pytest.mark.parametrize("as_of", [date(2025, 7, 12), date(2025, 8, 7)])
def test_a_file_is_not_of_a_day_before_its_rows_or_to_come(settings: Settings, as_of: date):
    """The last week begins on 13 July, and today is 6 August."""
    with pytest.raises(ConfigurationError, match=rf"rows up to 2025-07-13 as of {as_of}, expected neither"):
        archive_export(export("english_weeks_bom_crlf"), settings, as_of)
    assert archived_files(settings.archive) == []


def test_the_command_imports_a_file(barometer, straight: Straight, tmp_path: Path):
    """It ends with what was archived; the figures are published by the next build."""
    file = tmp_path / "multiTimeline.csv"
    file.write_bytes(export("english_weeks_bom_crlf").read_bytes())
    barometer.environment["BAROMETER_NOW"] = "2025-08-06T06:00:00Z"
    done = barometer("import-trends", str(file), "--as-of", "2025-08-01")
    assert (done.returncode, done.stdout.split(";")[0]) == (
        0,
        "3 periods of pytorch, tensorflow (Worldwide) archived as of 2025-08-01",
    )

    built = read_settings(barometer.environment)
    steps.load_archive(built, steps.ecosystem_of(built))
    straight.build(built)
    steps.publish_marts(built)
    rows = (
        "select subject_id, period_start, period_end, value, low, high, state from observations "
        "semi join (from metrics where source_id = 'google_trends') using (metric_id) order by all"
    )
    assert barometer("sql", rows, "--format", "csv").stdout.splitlines()[1:] == [
        "pytorch,2025-06-29,2025-07-05,0.0,0.0,1.0,ok",
        "pytorch,2025-07-06,2025-07-12,41.0,,,ok",
        "tensorflow,2025-06-29,2025-07-05,100.0,,,ok",
        "tensorflow,2025-07-06,2025-07-12,97.0,,,ok",
        "tensorflow,2025-07-13,2025-07-19,88.0,,,ok",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"Month,pytorch,tensorflow\n2025-06,1,101\n", "line 2: found '101', expected 0 to 100"),
        (b"Month,pytorch\n2025-06,1\n", "line 1: found pytorch, expected all of pytorch, tensorflow"),
        (None, "No such file or directory, expected an export of Google Trends"),
        (b"a" * (2**20 + 1), "found more than 1 MiB, expected an export of Google Trends"),
    ],
)
def test_a_file_that_is_not_understood_is_told_with_its_line(barometer, tmp_path, content, told):
    """One message with file, line, found and expected, exit code 2, and nothing archived."""
    file = tmp_path / "multiTimeline.csv"
    if content is not None:
        file.write_bytes(content)
    done = barometer("import-trends", str(file))

    assert done.returncode == 2
    (message,) = done.stderr.splitlines()
    assert message.startswith(f"barometer: {file}: ") and told in message
    assert not (tmp_path / "data" / "archive").exists()


def test_the_demos_folder_takes_no_export(settings: Settings):
    """Real figures do not come among the demo's."""
    with pytest.raises(ConfigurationError, match="holds the demo's figures, expected a folder for live ones"):
        archive_export(export("russian_days_turned"), replace(settings, demo=True))


@pytest.mark.parametrize("left_out", ["source", "terms"])
def test_a_configuration_without_google_trends_takes_no_export(settings: Settings, tmp_path: Path, left_out):
    """Neither without a source nor without a term."""
    config, document = tmp_path / "ecosystem.toml", tomlkit.parse(settings.config.read_text())
    if left_out == "source":
        document["sources"] = {"google_trends": {"asked": False}}
    else:
        for subject in document["subjects"]:
            del subject["google_trends"]
    config.write_text(tomlkit.dumps(document))
    with pytest.raises(
        ConfigurationError, match=r"ecosystem.toml: found no google_trends, expected it under"
    ):
        archive_export(export("russian_days_turned"), replace(settings, config=config))
