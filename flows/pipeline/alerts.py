"""News: how the conditions of which people know differ from those of now. Told once, and when it is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from flows.pipeline.degraded import degraded_sources
from warehouse.config.settings import Settings
from warehouse.published.freshness import series_at, sources_at
from warehouse.published.open import open_published

CROSSINGS = (
    "select metric_id, leader_id, trailer_id, crossed_on from crossovers "
    "where status = 'crossed' order by all"
)

CLAIMS = "select claim_id, verdict, sentence from claims order by position"
# What is only told as a change: how it stood when it was first looked at is no news.
STANDING = ("crossover ", "claim ")


@dataclass(frozen=True)
class Condition:
    """What people want told: a degraded source, a stale series, a blocked run, a crossing, a verdict."""

    state: str
    detail: str


class Severity(IntEnum):
    """How much a change matters, the least first; the names are those that apprise gives its messages."""

    INFO = 0
    SUCCESS = 1
    WARNING = 2
    FAILURE = 3


@dataclass(frozen=True)
class News:
    """A change. `event` and `resource` name it to Prefect, `text` to people."""

    event: str
    resource: str
    text: str
    payload: Mapping[str, str] = field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """A failure where nothing was published, a warning where figures are missing."""
        kind, state = self.event.removeprefix("barometer.").partition(".")[::2]
        if kind in ("crossover", "claim"):
            return Severity.INFO
        if state == "recovered":
            return Severity.SUCCESS
        return Severity.FAILURE if kind == "publish" else Severity.WARNING


def conditions(settings: Settings, blocked: str | None) -> dict[str, Condition]:
    """Return what stands out in the published file, by name, and why nothing new was published."""
    found = {"publish": Condition("blocked", blocked)} if blocked else {}
    if not settings.published_file.exists():
        return found
    degraded = degraded_sources(settings)
    with open_published(settings.published_file) as published:
        sources = sources_at(published, settings.clock())
        series = series_at(published, settings.clock())
        crossings = published.rows(CROSSINGS)
        # What an older version published stands there while nothing new can be, and has none.
        claims = published.rows(CLAIMS) if "claims" in published.tables() else []
    for row in sources:
        if row["source_id"] in degraded:
            found[f"source {row['source_id']}"] = Condition(row["state"], row["reason"] or "")
    for row in series:
        # One that goes silent while its source goes on; those that may end are no news.
        if row["state"] == "stale" and not row["may_end"] and row["source_id"] not in degraded:
            found[f"series {row['metric_id']} {row['subject_id']}"] = Condition("stale", row["reason"])
    for row in crossings:
        name = f"crossover {row['metric_id']} {row['leader_id']} {row['trailer_id']}"
        found[name] = Condition("crossed", f"since {row['crossed_on']}")
    for row in claims:
        found[f"claim {row['claim_id']}"] = Condition(row["verdict"], row["sentence"])
    return found


def news(told: Mapping[str, str] | None, now: Mapping[str, Condition]) -> list[News]:
    """Return what is another than it was told last.

    With nothing ever told, past crossings are no news; nor is a claim that is judged for the first time, or
    no more.
    """
    first = STANDING if told is None else ("claim ",)
    known = {name: one.state for name, one in now.items() if name.startswith(first)} | dict(told or {})
    begun = [_begun(name, one, known.get(name)) for name, one in now.items() if known.get(name) != one.state]
    return begun + [_ended(name) for name in known if name not in now and not name.startswith("claim ")]


def _begun(name: str, condition: Condition, before: str | None) -> News:
    kind, *what = name.split()
    if kind == "claim":
        text = f"{what[0]} is {condition.state}, the verdict before was {before}"
        return _news(name, "claim", text, condition.detail)
    if kind == "crossover":
        metric, leader, trailer = what
        return _news(name, "crossover", f"{leader} has overtaken {trailer} in {metric}", condition.detail)
    text = "nothing was published" if kind == "publish" else f"{' of '.join(what)} is {condition.state}"
    return _news(name, f"{kind}.{condition.state}", text, condition.detail)


def _ended(name: str) -> News:
    kind, *what = name.split()
    if kind == "crossover":
        metric, leader, trailer = what
        text = f"{leader} is no longer known to have overtaken {trailer} in {metric}"
        return _news(name, "crossover.withdrawn", text)
    return _news(name, f"{kind}.recovered", f"{' of '.join(what) or 'publishing'} is back to normal")


def _news(name: str, event: str, text: str, detail: str = "") -> News:
    told = f"{text}: {detail}" if detail else text
    return News(f"barometer.{event}", f"barometer.{name.replace(' ', '.')}", told, {"detail": detail})
