"""Whatever way answers about downloads come in, what is told of them is that of a build from scratch."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product

import duckdb
import pytest
import tomlkit

from tests.house import ARCHIVES
from tests.made import configuration

SEEDS = range(1, 1 + ARCHIVES)
FIRST_DAY = date(2023, 1, 1)
NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
PACKAGES = ("one", "two", "two-old", "two-new", "two-core", "board")
# Packages that the logs are asked about at once.
SET = ("one", "two", "two-old")
# From when on the logs tell something of these packages.
SELDOM_LOGGED = {"two-new": FIRST_DAY, "board": date(2024, 12, 1)}
TWO = [
    "two",
    {"package": "two-old", "until": date(2024, 6, 10)},
    {"package": "two-new", "since": date(2024, 6, 5)},
    {"package": "two-core", "within": "two"},
]
TOOLS = [
    {"id": "board", "name": "Board", "theme": "Boards", "pypi": ["board"]},
    {"id": "core", "name": "Core", "theme": "Boards", "subject": "two", "pypi": ["two-core"]},
]


def asking(**subjects):
    """A configuration of these subjects' packages, and of the tools."""
    told = {
        name: {"first_release_on": date(2015, 1, 1), "pypi": packages} for name, packages in subjects.items()
    }
    return tomlkit.dumps({**tomlkit.parse(configuration(**told)).unwrap(), "tools": TOOLS})


ASKED = asking(one=["one"], two=TWO)
WITH_THIRD = asking(one=["one"], two=TWO, three=["board", "one"])
TABLES = (
    *("intermediate.int_pypi__log_classes", "intermediate.int_pypi__package_days"),
    *("intermediate.int_pypi__category_months", "intermediate.int_pypi__day_doubts"),
    *("intermediate.int_pypi__split_doubts", "intermediate.int_pypi__log_split_doubts"),
    *("marts.package_downloads_daily", "marts.package_downloads_split"),
    *("intermediate.int_observations", "intermediate.int_marks", "marts.revisions", "marts.adoption_monthly"),
    *("marts.tool_observations", "marts.series_status"),
)


class Source:
    """Draws answers of the logs and of pypistats: mostly of the last days and as before, now and then not."""

    def __init__(self, seed, told):
        self.draw = random.Random(seed)
        self.told = told

    def answer(self, at):
        """Return an answer of this time, of any kind and package."""
        kind = self.draw.choice([self.logs] * 5 + [self.overall] * 3 + [self.split, self.log_splits])
        package = self.draw.choice(PACKAGES)
        if kind == self.logs and package in SELDOM_LOGGED:
            return self.few_logs(package, at)
        return kind(package, at)

    def days(self, at, lengths):
        """A stretch of days that mostly ends the day before, and else weeks earlier."""
        known = (at.date() - FIRST_DAY).days - self.draw.choice([0] * 6 + [self.draw.randrange(200)])
        length = self.draw.choice(lengths)
        return [FIRST_DAY + timedelta(days=n) for n in range(max(known - length, 0), max(known, 1))]

    def count(self, package, day):
        """As many as ever, or what a fault leaves of them, which the next answer may mend."""
        usual = random.Random(f"{package} {day}").randrange(900, 1100)
        return self.draw.choice([usual] * 40 + [usual // 30, usual * 2])

    def few_logs(self, package, at):
        """Now and then three days, of one package none for long: until then pypistats alone counts it."""
        if at.date() < SELDOM_LOGGED[package] or self.draw.random() < 0.6:
            return self.overall(package, at)
        return self.logs(package, at, [3])

    def logs(self, package, at, lengths=(60, 60, 60, 3, 900)):
        """As they were asked about one package, or about several at once, which an answer names then."""
        is_spread = self.draw.random() < 0.05
        together = sorted({package, *self.draw.choice([(), (), SET])})
        data = []
        for day, package in product(self.days(at, lengths), together):
            count = self.count(package, day)
            by_one = self.draw.choice(["pip"] * 40 + ["curl/8"])
            few = {"bandersnatch": mirrored(count), "requests": count // 30, "": count // 90}
            installers = {by_one: count - sum(few.values()), **few}
            counted = count + self.draw.choice([0] * 90 + [5])
            row = {"date": str(day), "installers": installers, "downloads": count, "counted": counted}
            row |= {"package": package} if together[1:] else {}
            if self.draw.random() > 0.01:
                data.append(row | ({"sample": "made"} if self.draw.random() < 0.005 else {}))
        body = {"data": data, "rows": len(data), **({"spread": "month"} if is_spread else {})}
        return self.told("pypi", "log_days", f"{';'.join(together)} {at}", body, at)

    def overall(self, package, at):
        """pypistats counts as the logs do but for its mirrors; now and then nobody, or fewer with mirrors."""
        data = []
        for day in self.days(at, [180, 180, 20]):
            with_mirrors = self.count(package, day)
            count = with_mirrors - mirrored(with_mirrors) - with_mirrors // 90
            if self.draw.random() > 0.02:
                with_mirrors = self.draw.choice([with_mirrors] * 60 + [count - 5])
                data.append({"category": "with_mirrors", "date": str(day), "downloads": with_mirrors})
            if self.draw.random() > 0.02:
                data.append({"category": "without_mirrors", "date": str(day), "downloads": count})
        body = {"data": data, "package": package, "type": "overall_downloads"}
        return self.told("pypi", "overall", package, body, at)

    def split(self, package, at):
        kind = self.draw.choice(["system", "python_minor"])
        data = [
            {
                "category": category,
                "date": str(day),
                "downloads": self.draw.choice([count] * 9 + [20 * count]),
            }
            for day in self.days(at, [180])
            for category, count in (("a", 500), ("b", 400), ("null", 30))
        ]
        body = {"data": data, "package": package, "type": f"{kind}_downloads"}
        return self.told("pypi", kind, package, body, at)

    def log_splits(self, package, at):
        data = []
        for day in self.days(at, [60, 300]):
            count = self.count(package, day)
            count -= mirrored(count)
            versions = {"1.0": count - count // 10, "1.1": count // 10}
            name = self.draw.choice([package] * 99 + ["o'ne"])
            row = {"date": str(day), "package": name, "versions": versions, "downloads": count}
            data.append(row | {"countries": {"DE": count - 5, "": 5}, "located": count})
        body = {"data": data, "rows": len(data)}
        return self.told("pypi", "log_splits", f"{package} {at}", body, at)


def mirrored(count):
    """How many of a day's downloads a mirror makes."""
    return count // 16


def tables(house):
    """Each table's rows in the work database, sorted, and all that is published."""
    with duckdb.connect(house.settings.work_file, read_only=True) as work:
        work.execute("set TimeZone = 'UTC'")
        found = {table: work.execute(f"from {table} order by all").fetchall() for table in TABLES}
    # In the order in which they lie in the file.
    published = ("package_downloads_daily", "package_downloads_split")
    return found | {f"published {table}": house.rows(f"from {table}") for table in published}


def kept_days(house):
    """Of how many packages the last build kept some days and told others anew."""
    with duckdb.connect(house.settings.work_file, read_only=True) as work:
        finite = "select count(*) from intermediate.int_pypi__renewed_days where isfinite(first_day)"
        return work.execute(finite).fetchall()[0][0]


@pytest.mark.usefixtures("without_checks")
@pytest.mark.parametrize("seed", SEEDS)
def test_days_bit_by_bit_are_as_from_scratch(warehouse, told, seed):
    """In portions of a few answers of each package, with a subject added on the way."""
    source = Source(seed, told)
    draw = random.Random(seed)
    times = sorted(NOW - timedelta(minutes=draw.randrange(60 * 24 * 500)) for _ in range(160))
    given = [source.answer(at) for at in times]
    bounds = [100, 115, 130, 145, 160]
    begun, kept = 0, 0
    for number, end in enumerate(bounds):
        house = warehouse(WITH_THIRD if number > 2 else ASKED, now=NOW)
        house.tell(*given[begun:end])
        house.build()
        begun = end
        kept += kept_days(house)
        if number:
            anew = tables(house.from_scratch())
            for table, rows in tables(house).items():
                assert rows == anew[table], (number, table)
    assert kept > 1, "what is told anew whole proves nothing"
    told = "select list(distinct {}) from package_downloads_daily"
    assert {*house.rows(told.format("state"))[0][0]} == {"ok", "partial", "suspect", "sample"}


@pytest.mark.usefixtures("without_checks")
def test_a_mended_month_casts_doubt_on_days_of_the_second_before_it(warehouse, told):
    """While the next month was low a day far below was believed, and so was the one beside it."""

    def logs(first, counts, at):
        data = [
            {"date": str(first + timedelta(days=n)), "installers": {"pip": count}, "downloads": count}
            for n, count in enumerate(counts)
        ]
        return told("pypi", "log_days", f"one {first}", {"data": data, "rows": len(data)}, at)

    december, march = date(2024, 12, 1), date(2025, 3, 1)
    counts = [1000] * 61 + [500, 30] + [1000] * 27
    house = warehouse(ASKED, now=NOW + timedelta(days=40))
    house.tell(logs(december, [*counts, *[20] * 31, 0], NOW + timedelta(days=30))).build()
    suspect = (
        "select distinct day from package_downloads_daily "
        "where state = 'suspect' and day < '2025-03-01' order by day"
    )
    assert house.rows(suspect) == []

    house.tell(logs(march, [1000] * 31 + [0], NOW + timedelta(days=40))).build()
    assert house.rows(suspect) == [(date(2025, 1, 31),), (date(2025, 2, 1),)]
    assert kept_days(house) == 1
