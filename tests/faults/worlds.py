"""The worlds in which the faults of the register are replayed, and what a reader saw in each."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import Response

from flows.demo.journal import Exchange
from flows.demo.schedule import Planned
from flows.sources.google_trends.command import archive_export
from tests.faults.register import Fault, read_register
from tests.faults.told.google_trends import GoogleTrends
from tests.faults.told.pypi import PyPI
from tests.faults.told.source import Met
from tests.faults.told.stackoverflow import StackOverflow
from tests.faults.truth import Period, Truth, month_of, next_month
from tests.faults.world import KINDS, Published, World
from warehouse.errors import ConfigurationError

# What is asked for in vain ends an attempt, so such subjects come last.
ENDS_THE_ATTEMPT = ("weeks_of_california", "part_of_a_result", "error_kept_for_a_day")


@dataclass
class Seen:
    """A published file, what truly was, and which subjects met which fault."""

    published: Published
    truth: Truth
    formerly: Truth
    true_days: dict[tuple[str, date, str], int]
    packages: dict[str, str]
    met: dict[str, Met]
    controls: list[str]
    today: date
    lags: dict[str, int]

    @cached_property
    def true_months(self) -> dict[tuple[str, date], float]:
        """The views of the months of which every day is known."""
        days: dict[tuple[str, date], list[float]] = defaultdict(list)
        for (subject_id, metric_id, day), value in self.truth.items():
            if metric_id == "wikipedia_pageviews":
                days[subject_id, month_of(day)].append(value)
        return {
            (subject_id, month): sum(values)
            for (subject_id, month), values in days.items()
            if len(values) == (next_month(month) - month).days
        }

    @cached_property
    def states(self) -> dict[Period, dict[str, Any]]:
        """The published observations by subject, metric and period."""
        rows = self.published.rows("observations")
        return {(row["subject_id"], row["metric_id"], row["period_start"]): row for row in rows}


@dataclass
class Replayed:
    """A replay: what was seen after each build, and what was seen wrong on the way, by fault."""

    seen: list[Seen] = field(default_factory=list)
    on_the_way: dict[str, list[str]] = field(default_factory=dict)
    # Which sources meet a fault as a whole, so that none of their subjects can be sound.
    disturbed: set[str] = field(default_factory=set)


def look(world: World) -> Seen:
    """Build, and return what a reader sees now."""
    published = world.build()
    pypi = cast(PyPI, world.sources["pypi"])
    truth = {period: value for source in world.sources.values() for period, value in source.truth().items()}
    lags = {source_id: options.expected_lag_days for source_id, options in world.ecosystem.sources.items()}
    packages = {package.name: package.subject_id for package in pypi.packages.values()}
    formerly = {
        period: value for source in world.sources.values() for period, value in source.formerly().items()
    }
    return Seen(
        published,
        truth,
        formerly,
        pypi.true_days(),
        packages,
        world.met,
        world.controls,
        world.moment.today,
        lags,
    )


def faults_of(name: str) -> list[Fault]:
    """Return the faults of a world, those last that end an attempt."""
    faults = [fault for fault in read_register() if fault.world == name]
    return sorted(faults, key=lambda fault: fault.subject_id in ENDS_THE_ATTEMPT)


def _begun(folder: Path, name: str, present: date, *controls: str) -> World:
    world = World(folder / name, present)
    for source_id in controls:
        world.add_controls(source_id)
    return world


def figures(folder: Path) -> Replayed:
    """Faults that concern one subject each, and leave their marks on its figures."""
    present = date(2026, 11, 28)
    world = _begun(folder, "figures", present, *KINDS)
    for fault in faults_of("figures"):
        world.meet(fault)
    with world:
        for day in (date(2024, 2, 20), date(2024, 2, 21), date(2024, 2, 22)):
            world.collect_on(day, ["github"])
        world.collect_on(date(2024, 11, 5), ["pypi"])
        world.collect_on(present - timedelta(days=3))
        for days in (2, 1):
            world.collect_on(present - timedelta(days=days), ["github", "google_trends"])
        world.collect_on(present)
        return Replayed([look(world)])


def stalled(folder: Path) -> Replayed:
    """The copy of the logs and a star history stand still, and Google tells holes."""
    present = date(2026, 7, 12)
    world = _begun(folder, "stalled", present, *KINDS)
    _meet_all(world, "stalled", "github")
    with world:
        for days in (3, 2, 1):
            world.collect_on(present - timedelta(days=days))
        world.moment.phase = 1
        world.collect_on(present)
        return Replayed([look(world)], disturbed={"google_trends"})


def inside_a_day(folder: Path) -> Replayed:
    """The copy stops inside a day, and Google tells the same of every term."""
    present = date(2025, 12, 12)
    world = _begun(folder, "inside_a_day", present, "pypi", "google_trends", "wikipedia")
    world.add_controls("pypi", 1)
    _meet_all(world, "inside_a_day")
    with world:
        world.collect_on(present - timedelta(days=1))
        world.moment.phase = 1
        world.collect_on(present)
        return Replayed([look(world)], disturbed={"google_trends"})


def low_copy(folder: Path) -> Replayed:
    """The copy lacks most of some days of all packages."""
    present = date(2024, 6, 24)
    world = _begun(folder, "low_copy", present, "pypi", "github")
    _meet_all(world, "low_copy")
    with world:
        for days in (9, 1, 0):
            world.collect_on(present - timedelta(days=days))
        return Replayed([look(world)], disturbed={"pypi"})


def pypistats_alone(folder: Path) -> Replayed:
    """There is no copy, and pypistats has zeros, a fall of every package, and then nothing more."""
    present = date(2020, 7, 30)
    world = _begun(folder, "pypistats_alone", present, "pypi", "wikipedia")
    _meet_all(world, "pypistats_alone")
    pypi = cast(PyPI, world.sources["pypi"])
    for package in pypi.packages.values():
        package.is_in_copy = False
    with world:
        world.collect_on(present)
        return Replayed([look(world)], disturbed={"pypi"})


def lost_history(folder: Path) -> Replayed:
    """A month later GitHub has lost most of a star history, and Google all that was before 2018."""
    present = date(2026, 11, 28)
    world = _begun(folder, "lost_history", present, "github", "google_trends", "wikipedia")
    _meet_all(world, "lost_history", "github")
    with world:
        return _two_builds(world, 30, disturbed={"github", "google_trends"})


def zero_stars(folder: Path) -> Replayed:
    """GitHub tells no stars of any repository, and a shorter export is imported after a long one."""
    present = date(2026, 11, 28)
    world = _begun(folder, "zero_stars", present, "github", "google_trends", "wikipedia")
    _meet_all(world, "zero_stars")
    trends = cast(GoogleTrends, world.sources["google_trends"])
    with world:
        world.collect_on(present - timedelta(days=2), ["github", "wikipedia"])
        _import(world, trends.export(), folder / "all.csv", days=2)
        first = look(world)
        world.moment.phase = 1
        world.collect_on(present, ["github", "wikipedia"])
        _import(world, trends.export(63), folder / "shorter.csv", days=0)
        return Replayed([first, look(world)], disturbed={"github", "google_trends"})


def one_repository(folder: Path) -> Replayed:
    """One of three repositories becomes another one of them, and Google tells blocks of zeros for weeks."""
    present = date(2026, 11, 28)
    world = _begun(folder, "one_repository", present, "github", "google_trends", "wikipedia")
    world.controls.remove("sound_github_0")
    world.controls.remove("sound_github_1")
    world.controls.append(world.add("github", "a_third"))
    _meet_all(world, "one_repository")
    with world:
        return _two_builds(world, 45, disturbed={"google_trends"})


def _two_builds(world: World, days: int, disturbed: set[str]) -> Replayed:
    present = world.moment.present
    world.collect_on(present - timedelta(days=days))
    first = look(world)
    world.moment.phase = 1
    world.collect_on(present)
    return Replayed([first, look(world)], disturbed=disturbed)


def _meet_all(world: World, name: str, *with_own_subject: str) -> None:
    """Let a world's faults happen: to a subject of their own at some sources, else to what is there."""
    for fault in faults_of(name):
        own = fault.source_id in with_own_subject and fault.replay["how"] in (
            "history_ends",
            "share_of_history",
        )
        world.meet(fault, None if own else f"sound_{fault.source_id}_0")


def _import(world: World, text: str, file: Path, days: int) -> None:
    file.write_text(text)
    world.moment.now = datetime.combine(world.moment.ago(days), datetime.min.time(), UTC) + timedelta(hours=6)
    archive_export(file, world.live, as_of=world.moment.today)


# ------------------------------------------------------------------------------------------------- answers

# A run of its own is where a source meets these, on a day of its own.
OF_A_RUN = frozenset(
    {"answer", "fault", "exception", "key_in_header", "backoff", "years", "empty", "twice", "region"}
)
FIRST_RUN, SECOND_RUN = 17, 9


def answers(folder: Path) -> Replayed:
    """Answers that are none, one run after the other, and what the next run mends."""
    present = date(2026, 11, 28)
    world = _begun(folder, "answers", present, *KINDS)
    of_runs: dict[str, list[Fault]] = {source_id: [] for source_id in KINDS}
    for fault in faults_of("answers"):
        if fault.replay["how"] in OF_A_RUN:
            # Those that meet no fault of their own.
            world.met[fault.id] = Met(tuple(one for one in world.controls if f"_{fault.source_id}_" in one))
            of_runs[fault.source_id].append(fault)
        elif fault.source_id == "google_trends":
            world.meet(fault, "sound_google_trends_0")
        else:
            world.meet(fault)
    with world:
        cast(StackOverflow, world.sources["stackoverflow"]).quota[0] = 60
        world.collect_on(world.moment.ago(FIRST_RUN))
        world.moment.phase = 1
        world.collect_on(world.moment.ago(SECOND_RUN))
        replayed = Replayed()
        moments = _meet_in_runs(world, of_runs, replayed)
        replayed.on_the_way["export-without-rows"] = _import_nothing(world, folder)
        replayed.seen.append(look(world))
        for fault, moment in moments:
            replayed.on_the_way[fault.id] += _not_told(replayed.seen[0], fault, moment)
        world.moment.phase = 2
        world.collect_on(present)
        replayed.seen.append(look(world))
        return replayed


def _meet_in_runs(
    world: World, of_runs: dict[str, list[Fault]], replayed: Replayed
) -> list[tuple[Fault, datetime]]:
    """Collect once a day, each source with its next fault; return when each was met."""
    moments = []
    for number in range(max(map(len, of_runs.values()))):
        day = world.moment.ago(SECOND_RUN - 1 - number)
        met = [faults[number] for faults in of_runs.values() if number < len(faults)]
        world.requests.clear()
        planned = [one for fault in met for one in _begin(world, fault)]
        world.collect(datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=6), KINDS, planned)
        for fault in met:
            replayed.on_the_way[fault.id] = _wrong_on_the_way(world, fault)
            _end(world, fault)
            moments.append((fault, world.moment.now))
    return moments


def _begin(world: World, fault: Fault) -> list[Planned]:
    """Let the fault of a run begin; return what the server is to do of itself."""
    how, facts, source = fault.replay["how"], fault.facts, world.sources[fault.source_id]
    if how == "fault":
        return [Planned(facts["fault"], facts.get("after", 0) + 1, 10**6, facts["path"])]
    if how == "answer":
        world.moment.intercepts.append(lambda request: _answered(request, facts))
    elif how == "exception":
        source.exception = (facts["code"], facts["status"])
    elif how == "key_in_header":
        source.wants_header = True
    elif how == "backoff":
        source.pause = facts["seconds"]
    elif how == "region":
        source.country = facts["country"]
    else:
        setattr(source, {"years": "is_yearly", "empty": "is_empty", "twice": "is_twice"}[how], True)
    return []


def _end(world: World, fault: Fault) -> None:
    """Let the source be well again."""
    world.moment.intercepts.clear()
    well = {"exception": None, "wants_header": False, "pause": 0.0, "country": ""}
    well |= dict.fromkeys(("is_yearly", "is_empty", "is_twice"), False)
    source = world.sources[fault.source_id]
    for name, value in well.items():
        if hasattr(source, name):
            setattr(source, name, value)


def _answered(request: Request, facts: dict[str, str]) -> Response | None:
    if facts["path"] not in request.url.path:
        return None
    kind = "text/html" if facts["body"].startswith("<") else "application/json"
    return Response(facts["body"], int(facts["status"]), media_type=kind)


def _wrong_on_the_way(world: World, fault: Fault) -> list[str]:
    """Return what was asked that should not have been, and what was not that should."""
    of_source = [one for one in world.requests if _is_of(fault.source_id, one.path)]
    wrong = []
    if (others := fault.facts.get("others")) and not any(
        one.status == 200 and (others in one.path or others in LOG_DAYS.get(one.path[:2], ()))
        for one in of_source
    ):
        wrong.append(f"{others} was not asked, though its service was well")
    if (
        fault.replay["how"] in ("answer", "exception", "key_in_header")
        and len(refused := _refused(of_source)) > 10
    ):
        wrong.append(f"asked on {len(refused)} times after refusals")
    if fault.id == "key-in-the-address" and any("key=" in one.path for one in of_source):
        wrong.append("the key was sent in the address")
    violations = getattr(world.sources[fault.source_id], "violations", 0)
    if fault.id == "pause-not-kept" and violations:
        wrong.append(f"the pause was not kept {violations} times")
    return wrong


LOG_DAYS = {"/?": ("log_days",)}


def _refused(requests: list[Exchange]) -> list[Exchange]:
    return [one for one in requests if one.status != 200]


def _is_of(source_id: str, path: str) -> bool:
    prefixes = {
        "github": ("/repos",),
        "pypi": ("/api/packages", "/?"),
        "stackoverflow": ("/2.3",),
        "google_trends": ("/trends",),
        "wikipedia": ("/api/rest_v1",),
    }
    return path.startswith(prefixes[source_id])


# Faults that are no failure of the attempt: what is told is another thing, or all is well in the end.
NO_FAILURE = frozenset({"key-in-the-address", "pause-not-kept", "years-in-place-of-months"})


def _not_told(seen: Seen, fault: Fault, moment: datetime) -> list[str]:
    """Return whether the attempt that met a fault says nothing of it, or fails without need."""
    attempts = [
        one
        for one in seen.published.rows("source_attempts")
        if one["source_id"] == fault.source_id and one["started_at"] == moment
    ]
    problems = [one["problem"] for one in attempts if one["problem"]]
    if fault.id in NO_FAILURE:
        allowed = fault.id == "years-in-place-of-months"
        return [] if allowed or not problems else [f"failed without need: {problems[0]}"]
    return [] if problems else ["no attempt tells of it"]


def _import_nothing(world: World, folder: Path) -> list[str]:
    file = folder / "multiTimeline.csv"
    file.write_text("Category: All categories\n\nMonth,sound google trends 0: (Worldwide)\n")
    try:
        archive_export(file, world.live)
    except ConfigurationError:
        return []
    return ["an export without rows was archived"]


WORLDS: dict[str, Callable[[Path], Replayed]] = {
    world.__name__: world
    for world in (
        answers,
        figures,
        stalled,
        inside_a_day,
        low_copy,
        pypistats_alone,
        lost_history,
        zero_stars,
        one_repository,
    )
}
