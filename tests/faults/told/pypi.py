"""PyPI: pypistats, and the ClickHouse copy of the download logs with its two counts of a day."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.faults.told.source import Met, Moment, Source, within
from tests.faults.truth import Truth, by_month, days, month_of, next_month, series

BEGAN = date(2024, 1, 1)
DAYS_KEPT = 180
# By whom a package is fetched; what is left is by pip.
PARTS = {"uv": 0.08, "requests": 0.04, "": 0.002, "bandersnatch": 0.03, "Artifactory": 0.005, "Nexus": 0.01}
MIRRORS = {"bandersnatch", "z3c.pypimirror", "Artifactory", "devpi"}
# As sql/seeds/sources/pypi/installers.csv has them; pypistats counts the last two as users.
MIRRORS_OF_LOGS = MIRRORS | {"Nexus", "pep381client"}
CLASSES = {"pip": "people", "uv": "people", "requests": "script", "Browser": "script", "": "unknown"}
SYSTEMS = {"Darwin": 0.1, "Linux": 0.8, "Windows": 0.1}
PYTHONS = {"3.11": 0.4, "3.12": 0.6}

Installers: TypeAlias = dict[str, int]
Log: TypeAlias = dict[date, Installers]
Telling: TypeAlias = Callable[[Log], Log]
LogDay: TypeAlias = tuple[date, Installers, int]


@dataclass
class Package:
    """A package: who fetched it on each day, and how each service tells of it."""

    subject_id: str
    name: str
    log: Log
    # What each of the two tables of the copy has, and pypistats, in place of that.
    by_installer: list[Telling] = field(default_factory=list)
    per_day: list[Telling] = field(default_factory=list)
    pypistats: list[Telling] = field(default_factory=list)
    never_told: set[date] = field(default_factory=set)
    is_in_copy: bool = True
    copy_ends: date = date.max
    not_logged: set[date] = field(default_factory=set)
    is_quoted: bool = False
    is_cut_read: float = 1.0
    is_cut_result: float = 1.0
    has_no_split: bool = False

    def told(self, tellings: Iterable[Telling]) -> Log:
        told = self.log
        for telling in tellings:
            told = telling(told)
        return told


class PyPI(Source):
    """Packages by name, at both services."""

    def __init__(self, moment: Moment) -> None:
        super().__init__(moment)
        self.packages: dict[str, Package] = {}
        self.began = month_of(min(BEGAN, moment.present - timedelta(days=500)))
        self.everywhere: list[Telling] = []
        self.copy_everywhere: list[Telling] = []
        self.pypistats_ends = date.max
        self.exception: tuple[int, int] | None = None
        self.asked_on: set[date] = set()

    def add(self, subject_id: str, place: int) -> dict[str, object]:
        name = subject_id.replace("_", "-")
        fetched = series(f"{name} downloads", self.began, self.moment.present, 3000 * 1.4 ** (place % 12))
        self.packages[name] = Package(subject_id, name, {day: parted(n) for day, n in fetched.items()})
        return {"pypi": (name,), "first_release_on": date(2016, 1, 1)}

    def routes(self) -> list[Route]:
        return [
            Route("/api/packages/{package}/overall", self.overall),
            Route("/api/packages/{package}/{split}", self.split),
            Route("/", self.log_days, methods=["POST"]),
        ]

    # ------------------------------------------------------------------------------------------ pypistats

    def _kept(self, package: Package) -> Log:
        today = self.moment.today
        last = min(today - timedelta(days=1), self.pypistats_ends)
        told = package.told([*self.everywhere, *package.pypistats])
        kept = within(told, today - timedelta(days=DAYS_KEPT), last)
        return {day: told[day] for day in kept if day not in package.never_told}

    async def overall(self, request: Request) -> Response:
        package = self.packages.get(request.path_params["package"])
        self.asked_on.add(self.moment.today)
        kept = self._kept(package) if package else {}
        if not kept:
            return PlainTextResponse("404", 404)
        rows = [_row("with_mirrors", day, sum(told.values())) for day, told in kept.items()]
        rows += [_row("without_mirrors", day, without_mirrors(told)) for day, told in kept.items()]
        body = {"data": rows, "package": request.path_params["package"], "type": "overall_downloads"}
        return JSONResponse(body)

    async def split(self, request: Request) -> Response:
        name, split = request.path_params["package"], request.path_params["split"]
        package = self.packages.get(name)
        parts = SYSTEMS if split == "system" else PYTHONS
        rows = []
        if package and not package.has_no_split:
            for day, told in self._kept(package).items():
                left = without_mirrors(told)
                for category, part in list(parts.items())[:-1]:
                    rows.append(_row(category, day, round(without_mirrors(told) * part)))
                    left -= rows[-1]["downloads"]
                rows.append(_row(list(parts)[-1], day, left))
        return JSONResponse({"data": rows, "package": name, "type": f"{split}_downloads"})

    # ------------------------------------------------------------------------------------- the logs' copy

    async def log_days(self, request: Request) -> Response:
        sent = request.query_params
        if self.exception:
            return _exception(self.exception[1], self.exception[0], "Told in the replay", "REPLAYED")
        if "param_located_from" in sent:
            return self._splits(*_window(sent))
        names = re.findall("'([^']+)'", sent["param_packages"])
        told = {name: self._days_of(self.packages.get(name), *_window(sent)) for name in names}
        packages = [package for name in names if (package := self.packages.get(name))]
        cut_reads = [package for package in packages if self.moment.phase == 1 and package.is_cut_read < 1]
        if cut_reads and sent.get("read_overflow_mode") == "throw":
            return _exception(500, 158, "Limit for rows or bytes to read exceeded", "TOO_MANY_ROWS")
        for package in cut_reads:
            part = package.is_cut_read
            told[package.name] = [
                (day, _times(sent, part), round(n * part)) for day, sent, n in told[package.name]
            ]
        return self._answer(packages, told)

    def _days_of(self, package: Package | None, first: date, last: date) -> list[LogDay]:
        last = min(last, self.moment.today - timedelta(days=1))
        in_copy = package is not None and package.is_in_copy
        everywhere = [*self.everywhere, *self.copy_everywhere]
        by_installer = package.told([*everywhere, *package.by_installer]) if package and in_copy else {}
        per_day = package.told([*everywhere, *package.per_day]) if package and in_copy else {}
        # pip, which is fetched on each day that was logged, tells which days these are.
        logged = self._logged(everywhere)
        return [
            (day, by_installer.get(day, {}), sum(per_day.get(day, {}).values()))
            for day in days(max(first, min(logged)), min(last, max(logged)))
            if day in logged and not (package and self._is_missing(package, day))
        ]

    def _splits(self, first: date, last: date) -> Response:
        """Tell the days that were logged, and no package by version: of these no truth is at hand."""
        last = min(last, self.moment.today - timedelta(days=1))
        logged = self._logged([*self.everywhere, *self.copy_everywhere])
        nobody: dict[str, Any] = {"package": "pip", "versions": {}, "countries": {}, "downloads": 0}
        rows = [
            {"date": day.isoformat(), "located": 0, **nobody}
            for day in sorted(logged)
            if first <= day <= last
        ]
        return JSONResponse({"data": rows, "totals": {"downloads": 0, "located": 0}, "rows": len(rows)})

    def _logged(self, everywhere: list[Telling]) -> set[date]:
        first = min(min(package.log) for package in self.packages.values())
        pip = {day: {"pip": 1000} for day in days(first, self.moment.present)}
        for telling in everywhere:
            pip = telling(pip)
        return set(pip)

    def _is_missing(self, package: Package, day: date) -> bool:
        return day > package.copy_ends or (self.moment.phase == 1 and day in package.not_logged)

    def _answer(self, packages: list[Package], told: dict[str, list[LogDay]]) -> Response:
        totals = Counter[str]()
        for _, installers, _ in (row for rows in told.values() for row in rows):
            totals += Counter(installers)
        counted = sum(n for rows in told.values() for *_, n in rows)
        for package in packages if self.moment.phase == 1 else ():
            rows = told[package.name]
            told[package.name] = rows[: int(len(rows) * package.is_cut_result)]
        quoted = any(package.is_quoted for package in packages)
        rows = sorted((day, name, *rest) for name, rows in told.items() for day, *rest in rows)
        body = {
            "data": [_log_row(*row, quoted) for row in rows],
            "totals": _log_row(date(1970, 1, 1), "", dict(totals), counted, quoted),
            "rows": len(rows),
        }
        return JSONResponse(body, headers={"X-ClickHouse-Format": "JSON"})

    # -------------------------------------------------------------------------------------------- truth

    def truth(self) -> Truth:
        truth: Truth = {}
        for package in self.packages.values():
            known = self._known(package)
            counted = by_month({day: self._counted(package, day, told) for day, told in known.items()})
            fetched = by_month({day: sum(told.values()) for day, told in known.items()})
            truth |= {(package.subject_id, "pypi_downloads", month): n for month, n in counted.items()}
            truth |= {
                (package.subject_id, "pypi_downloads_with_mirrors", month): n
                for month, n in fetched.items()
                if n
            }
        return truth

    def _known(self, package: Package) -> Log:
        """Return the days that can be known: all that were logged, or those that pypistats kept."""
        yesterday = self.moment.today - timedelta(days=1)
        if package.is_in_copy:
            first = min(min(package.log) for package in self.packages.values())
            return {day: package.log.get(day, {}) for day in days(first, yesterday)}
        kept = {
            day
            for at in self.asked_on
            for day in days(at - timedelta(days=DAYS_KEPT), at - timedelta(days=1))
        }
        return {
            day: package.log[day] for day in sorted(kept & set(package.log)) if day not in package.never_told
        }

    def _counted(self, package: Package, day: date, told: Installers) -> int:
        if not package.is_in_copy or day > package.copy_ends:
            return without_mirrors(told)
        return sum(n for installer, n in told.items() if installer not in MIRRORS_OF_LOGS)

    def true_days(self) -> dict[tuple[str, date, str], int]:
        """Return the downloads of each package's day by class, as the logs know them, and undivided."""
        true: dict[tuple[str, date, str], int] = {}
        for package in self.packages.values():
            for day, told in self._known(package).items():
                classes = Counter[str]({"people": 0, "mirror": 0, "script": 0, "unknown": 0})
                for installer, n in told.items():
                    is_mirror = installer in MIRRORS_OF_LOGS
                    classes["mirror" if is_mirror else CLASSES.get(installer, "unknown")] += n
                true |= {(package.name, day, name): n for name, n in classes.items()}
                true[package.name, day, "undivided"] = without_mirrors(told)
                true[package.name, day, "mirror_or_unnamed"] = sum(told.values()) - without_mirrors(told)
        return true

    # ----------------------------------------------------------------------------------- how it goes wrong

    def of(self, subject_id: str) -> Package:
        return next(p for p in self.packages.values() if p.subject_id == subject_id)

    def _all(self) -> tuple[str, ...]:
        return tuple(p.subject_id for p in self.packages.values())

    def _stretch(self, days: list[int]) -> tuple[date, date]:
        return self.moment.ago(days[0]), self.moment.ago(days[-1])

    def _times_on(self, shares: dict[date, float], only_in_phase_1: bool = False) -> Telling:
        def telling(told: Log) -> Log:
            if only_in_phase_1 and self.moment.phase != 1:
                return told
            return told | {day: _times(told[day], share) for day, share in shares.items() if day in told}

        return telling

    def _everything(self, package: Package, telling: Telling) -> None:
        for tellings in (package.by_installer, package.per_day, package.pypistats):
            tellings.append(telling)

    def _from(self, subject_id: str, first: date) -> Package:
        """Let a package's logs begin on an earlier day."""
        package = self.of(subject_id)
        begun = list(package.log)[:28]
        level = sum(sum(package.log[day].values()) for day in begun) / len(begun)
        fetched = series(f"{package.name} early", first, self.began - timedelta(days=1), level, growth=0)
        package.log = {day: parted(n) for day, n in fetched.items()} | package.log
        return package

    def _new_level(self, subject_id: str, on: date, before: float, event: str) -> Met:
        package = self._from(subject_id, date(on.year - 1, 1, 1))
        package.log |= {
            day: _times(package.log[day], before) for day in within(package.log, date.min, on) if day < on
        }
        return Met((subject_id,), event=event)

    def _share(self, subject_id: str, first: date, last: date, share: float) -> Met:
        return self._shares(subject_id, first, [share] * ((last - first).days + 1))

    def _shares(self, subject_id: str, first: date, shares: list[float]) -> Met:
        package = self._from(subject_id, date(first.year - 1, 1, 1))
        by_day = {first + timedelta(days=n): share for n, share in enumerate(shares)}
        self._everything(package, self._times_on(by_day))
        return Met((subject_id,))

    def _copy_share(self, subject_id: str, share: float, days: list[int]) -> Met:
        first, last = self._stretch(days)
        package = self.of(subject_id)
        shares = dict.fromkeys(within(package.log, first, last), share)
        telling = self._times_on(shares, only_in_phase_1=share == 0.03)
        package.by_installer.append(telling)
        package.per_day.append(telling)
        return Met((subject_id,))

    def _month_share(self, subject_id: str, month: date, share: float, is_true: bool) -> Met:
        package = self._from(subject_id, date(2022, 1, 1))
        stretch = within(package.log, month, next_month(month) - timedelta(days=1))
        package.log |= {day: _times(package.log[day], share) for day in stretch}
        return Met((subject_id,), doubtful={(subject_id, "pypi_downloads", month)})

    def _installers(self, subject_id: str, month: date, installers: Installers) -> Met:
        package = self.of(subject_id)
        length = (next_month(month) - month).days
        for day in package.log:
            n = day.day - 1 if month_of(day) == month else day.toordinal() % length
            package.log[day] = {
                name: total // length + (n < total % length) for name, total in installers.items()
            }
        return Met((subject_id,))

    def _copy_ends(self, subject_id: str, month: date) -> Met:
        # Nobody knows whether the copy's last day is over.
        self.of(subject_id).copy_ends = month + timedelta(days=1)
        return Met((subject_id,), event=f"pypi-pypi_downloads-{subject_id}-{month}")

    def _every_share(self, subject_id: str, first: date, last: date, share: float) -> Met:
        return self._every_shares(subject_id, first, [share] * ((last - first).days + 1))

    def _every_shares(self, subject_id: str, first: date, shares: list[float]) -> Met:
        by_day = {first + timedelta(days=n): share for n, share in enumerate(shares)}
        self.everywhere.append(self._times_on(by_day))
        return Met(self._all(), first, max(by_day))

    def _every_copy_share(self, subject_id: str, first: date, shares: list[float]) -> Met:
        by_day = {first + timedelta(days=n): share for n, share in enumerate(shares)}
        self.copy_everywhere.append(self._times_on(by_day))
        return Met(self._all())

    def _every_end(self, subject_id: str, last: date) -> Met:
        self.pypistats_ends = last
        return Met(self._all(), last + timedelta(days=1))

    def _copy_ends_everywhere(self, subject_id: str, last: date) -> Met:
        self.copy_everywhere.append(lambda told: {day: n for day, n in told.items() if day <= last})
        return Met(self._all())

    def _copy_stops_inside(self, subject_id: str, last: date, shares: list[float]) -> Met:
        self._copy_ends_everywhere(subject_id, last)
        for package, share in zip(self.packages.values(), shares, strict=False):
            telling = self._times_on({last: share})
            package.by_installer.append(telling)
            package.per_day.append(telling)
        return Met(self._all())

    def _pypistats_lacks(self, subject_id: str, days: list[int]) -> Met:
        package = self._without_copy(subject_id)
        missing = set(map(self.moment.ago, days))

        def telling(told: Log) -> Log:
            is_over = self.moment.phase == 2
            return told if is_over else {day: n for day, n in told.items() if day not in missing}

        package.pypistats.append(telling)
        return Met((subject_id,))

    def _pypistats_share(self, subject_id: str, share: float, days: list[int]) -> Met:
        package = self._without_copy(subject_id)
        first, last = self._stretch(days)
        shares = dict.fromkeys(within(package.log, first, last), share)

        def telling(told: Log) -> Log:
            return told if self.moment.phase == 2 else self._times_on(shares)(told)

        package.pypistats.append(telling)
        return Met((subject_id,), revised=True)

    def _without_copy(self, subject_id: str) -> Package:
        package = self.of(subject_id)
        package.is_in_copy = False
        return package

    def _unnamed(self, subject_id: str, pip: int, unnamed: int, bandersnatch: int) -> Met:
        package = self._without_copy(subject_id)
        package.log = {day: {"pip": pip, "": unnamed, "bandersnatch": bandersnatch} for day in package.log}
        return Met((subject_id,))

    def _pypistats_gap(self, subject_id: str, day: date, event: str) -> Met:
        self._without_copy(subject_id).never_told = {day}
        return Met((subject_id,), event=event)

    def _sparse(self, subject_id: str, share: float) -> Met:
        package, draw = self._without_copy(subject_id), random.Random(subject_id)
        package.log = {day: {"pip": 1 + day.day % 4} for day in package.log}
        package.never_told = {day for day in package.log if draw.random() > share}
        return Met((subject_id,))

    def _empty_split(self, subject_id: str) -> Met:
        self.of(subject_id).has_no_split = True
        return Met((subject_id,))

    def _hole_in_one_table(self, subject_id: str, days: list[int]) -> Met:
        first, last = self._stretch(days)

        def telling(told: Log) -> Log:
            is_met = self.moment.phase == 1
            return {day: n for day, n in told.items() if not (is_met and first <= day <= last)}

        self.of(subject_id).by_installer.append(telling)
        return Met((subject_id,))

    def _double_in_one_table(self, subject_id: str, days: list[int]) -> Met:
        package = self.of(subject_id)
        shares = dict.fromkeys(within(package.log, *self._stretch(days)), 2.0)
        package.by_installer.append(self._times_on(shares))
        return Met((subject_id,))

    def _day_not_logged(self, subject_id: str, days: list[int]) -> Met:
        self.of(subject_id).not_logged = set(map(self.moment.ago, days))
        return Met((subject_id,))

    def _quoted_numbers(self, subject_id: str) -> Met:
        self.of(subject_id).is_quoted = True
        return Met((subject_id,))

    def _cut_read(self, subject_id: str, share: float) -> Met:
        self.of(subject_id).is_cut_read = share
        return Met((subject_id,))

    def _cut_result(self, subject_id: str, share: float) -> Met:
        self.of(subject_id).is_cut_result = share
        return Met((subject_id,))


def without_mirrors(told: Installers) -> int:
    """Count as pypistats does: known mirrors are left out, and so is who names nothing."""
    return sum(n for installer, n in told.items() if installer and installer not in MIRRORS)


def _exception(status: int, code: int, what: str, name: str) -> Response:
    """Return an error as ClickHouse writes it."""
    body = f"Code: {code}. DB::Exception: {what}. ({name}) (version 26.8.1.1 (official build))\n"
    return PlainTextResponse(body, status, headers={"X-ClickHouse-Exception-Code": str(code)})


def parted(total: int) -> Installers:
    parts = {installer: round(total * part) for installer, part in PARTS.items()}
    return {"pip": total - sum(parts.values()), **parts}


def _times(told: Installers, share: float) -> Installers:
    parts = {installer: round(n * share) for installer, n in told.items()}
    return {installer: n for installer, n in parts.items() if n}


def _window(sent: Mapping[str, str]) -> tuple[date, date]:
    first, last = (date.fromisoformat(sent[f"param_{bound}_day"]) for bound in ("first", "last"))
    return first, last


def _row(category: str, day: date, downloads: int) -> dict[str, Any]:
    return {"category": category, "date": day.isoformat(), "downloads": downloads}


def _log_row(day: date, package: str, told: Installers, counted: int, quoted: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"date": day.isoformat(), "package": package, "installers": told}
    row |= {"downloads": sum(told.values()), "counted": counted}
    if quoted:
        row["installers"] = {installer: str(n) for installer, n in told.items()}
        row |= {"downloads": str(row["downloads"]), "counted": str(counted)}
    return row
