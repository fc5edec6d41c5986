"""What changed: facts with a date, and differences to the last report. Read by the overview and the feeds.

Each report leaves `api/report.json` behind; the next one compares itself with it. Making a report again from
the same published file changes nothing. An entry's id is made of the fact that it tells, not of the report:
whatever became of the reports between, nothing is told twice.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from reports.data.claims import Claim
from reports.data.evidence import Evidence, fit
from reports.data.wording import SAMPLE, counted, day, listed, month, series_name, source_name, verdict
from reports.findings.crossovers import told_crossovers
from reports.findings.ranking import ranking

REPORT = Path("api", "report.json")
MOST = 200  # entries that a feed keeps


@dataclass(frozen=True)
class Entry:
    """Something that changed, when it happened, and when a report first told it."""

    entry_id: str
    on: date
    kind: str  # 'crossover', 'break', 'event', 'release', 'source', 'rank', 'claim' or 'figures'
    title: str
    page: str
    url: str | None
    noticed_at: datetime
    part: str = ""  # of the page, where it tells of one


@dataclass(frozen=True)
class Changes:
    """Every entry, the newest first, with what a report must leave behind for the next one."""

    entries: tuple[Entry, ...]
    this: Mapping[str, Any]
    before: Mapping[str, Any] | None

    @property
    def new(self) -> list[Entry]:
        """What the last report did not tell; everything, where there was none."""
        at = datetime.fromisoformat(self.this["built_at"])
        return [entry for entry in self.entries if entry.noticed_at == at]

    @property
    def previous_on(self) -> date | None:
        """The day of the last report."""
        return datetime.fromisoformat(self.before["built_at"]).date() if self.before else None

    def text(self) -> str:
        """Return the report that the next one compares itself with, as JSON."""
        entries = [asdict(entry) for entry in self.entries]
        return json.dumps(
            {"this": self.this, "before": self.before, "entries": entries}, default=str, indent=1
        )


def changes(evidence: Evidence, last: Mapping[str, Any] | None) -> Changes:
    """Return what changed, in the published tables themselves and since the last report."""
    now, this = evidence.build.built_at, _state(evidence)
    before = _before(last, now)
    known = {entry.entry_id: entry for entry in _known(last) if entry.noticed_at < now}
    found = [*_facts(evidence, known), *(_differences(before, this, evidence, known) if before else ())]
    entries = {entry.entry_id: entry for entry in found} | known
    ordered = sorted(entries.values(), key=lambda entry: (entry.on, entry.entry_id), reverse=True)
    return Changes(tuple(ordered[:MOST]), this, before)


def read_last(site: Path) -> Mapping[str, Any] | None:
    """Return what the last report left behind; None where there is none, or nothing that can be read."""
    try:
        found = json.loads((site / REPORT).read_text(encoding="utf-8"))
        list(_known(found))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return found if isinstance(found, dict) and "this" in found else None


def _known(last: Mapping[str, Any] | None) -> Iterator[Entry]:
    for row in last["entries"] if last else ():
        days = {"on": date.fromisoformat(row["on"]), "noticed_at": datetime.fromisoformat(row["noticed_at"])}
        yield Entry(**(row | days | {"title": fit(row["title"])}))


def _before(last: Mapping[str, Any] | None, now: datetime) -> Mapping[str, Any] | None:
    """Return the state of the report before this one; the same file made again has the same one.

    A report of a later file is none before this one.
    """
    built_at = datetime.fromisoformat(last["this"]["built_at"]) if last else None
    if not last or not built_at or built_at > now:
        return None
    found: Mapping[str, Any] | None = last["before"] if built_at == now else last["this"]
    return found


def _state(evidence: Evidence) -> dict[str, Any]:
    ranks = {key: ranking(evidence.series(key), evidence) for key in evidence.headlines}
    leaders = {key: found.leader.subject_id for key, found in ranks.items() if found and not found.is_sample}
    ends = {
        key: evidence.series(key).last_day.isoformat()
        for key in evidence.headlines
        if evidence.series(key).points and not evidence.series(key).is_sample
    }
    sources = {status.source_id: status.state for status in evidence.sources.values()}
    return {
        "built_at": evidence.build.built_at.isoformat(),
        "leaders": leaders,
        "sources": sources,
        "ends": ends,
        "verdicts": {claim.claim_id: claim.verdict for claim in evidence.claims},
    }


def _facts(evidence: Evidence, known: Mapping[str, Entry]) -> Iterator[Entry]:
    """Yield what the tables date by themselves."""
    now = evidence.build.built_at
    for found in told_crossovers(evidence):
        key = f"crossover {found.metric} {found.leader.subject_id} {found.trailer.subject_id}"
        back = f"crossover {found.metric} {found.trailer.subject_id} {found.leader.subject_id}"
        if found.on and _last_told(known, key, back) != key:
            title = f"{found.leader.name} passed {found.trailer.name} in {found.metric.lower()}"
            yield Entry(f"{key} {found.on}", found.on, "crossover", title, "compare", None, now)
    for event in evidence.events:
        if event.occurred_on <= evidence.today:
            kind, page = KINDS.get(event.kind, ("event", "index"))
            key = f"{kind} {event.occurred_on} {event.title}"
            yield Entry(key, event.occurred_on, kind, event.title, page, event.url, now)
    for status in evidence.sources.values():
        if status.state == "stale" and status.last_period:
            on = status.last_period + timedelta(days=(status.expected_lag_days or 0) + 1)
            title = f"{source_name(status.source_id)} is stale: no figure after {month(status.last_period)}"
            key = _stale(status.source_id, status.last_period)
            yield Entry(key, min(on, evidence.today), "source", title, "quality", None, now)
    yield from _stale_series(evidence)


def _last_told(known: Mapping[str, Entry], *keys: str) -> str | None:
    """Return which key was told last, whatever day stands behind it: an estimate moves with the data."""
    told = {entry.on: key for name, entry in known.items() if (key := name.rpartition(" ")[0]) in keys}
    return told[max(told)] if told else None


def _stale_series(evidence: Evidence) -> Iterator[Entry]:
    """Yield the series that have gone silent while their source goes on, but those that may end."""
    for status in evidence.series_status:
        metric, ended = evidence.metrics.get(status.metric_id), status.last_period
        if not metric or metric.may_end or status.state != "stale" or not ended:
            continue
        if evidence.sources[metric.source_id].state != "stale":
            name = series_name(metric, evidence.named(status.subject_id))
            on = min(ended + timedelta(days=(status.expected_lag_days or 0) + 1), evidence.today)
            title = f"{name[:1].upper()}{name[1:]}: stale, no figure after {day(ended)}"
            key = f"series {status.metric_id} {status.subject_id} stale {ended}"
            yield Entry(key, on, "source", title, "quality", None, evidence.build.built_at)


KINDS = {
    "series break": ("break", "quality"),
    "measuring fault": ("break", "quality"),
    "release": ("release", "index"),
    "patch release": ("release", "index"),
}


def _stale(source_id: str, last_period: date | None) -> str:
    return f"source {source_id} stale {last_period}"


def _differences(
    before: Mapping[str, Any], this: Mapping[str, Any], evidence: Evidence, known: Mapping[str, Entry]
) -> Iterator[Entry]:
    """Yield what is otherwise than in the last report: who leads, which source answers, what came."""
    now, today = evidence.build.built_at, evidence.today
    for key, leader in this["leaders"].items():
        if before["leaders"].get(key, leader) != leader:
            was = evidence.named(before["leaders"][key])
            title = f"{evidence.named(leader)} now leads in {evidence.headlines[key]}, before it was {was}"
            yield Entry(f"rank {key} {leader} {this['ends'][key]}", today, "rank", title, "index", None, now)
    for source_id, state in this["sources"].items():
        was, period = before["sources"].get(source_id, state), evidence.sources[source_id].last_period
        # That a source has gone stale is a fact of its own, once.
        if was != state and (state != "stale" or not period or _stale(source_id, period) in known):
            now_told = {"fresh": "is back", "failed": "failed"}.get(state, f"is {state}")
            title = f"{source_name(source_id)} {now_told}, it was {was}"
            yield Entry(f"source {source_id} {state} {today}", today, "source", title, "quality", None, now)
    yield from _verdicts(before.get("verdicts", {}), evidence)
    came = {key: end for key, end in this["ends"].items() if end > before["ends"].get(key, end)}
    if came:
        title = f"New figures of {listed(evidence.headlines[key] for key in came)}"
        ends = " ".join(f"{key} {end}" for key, end in came.items())
        yield Entry(f"figures {ends}", today, "figures", title, "index", None, now)


def _verdicts(before: Mapping[str, str], evidence: Evidence) -> Iterator[Entry]:
    """Yield the claims of which the figures say another thing than they did; a new claim is no change."""
    for claim in evidence.claims:
        was = before.get(claim.claim_id, claim.verdict)
        if was != claim.verdict:
            now_told = f"{_is_now(claim)}{f', by {SAMPLE}' if claim.is_sample else ''}"
            title = f"\u201c{claim.sentence}\u201d {now_told}; before, the verdict was: {was}"
            key = f"claim {claim.claim_id} {claim.verdict} {claim.since or evidence.today}"
            now = evidence.build.built_at
            yield Entry(key, evidence.today, "claim", title, "claims", None, now, claim.claim_id)


def _is_now(claim: Claim) -> str:
    return verdict(claim) if claim.true_until else f"is now {claim.verdict}"


def told_since(found: Changes) -> str:
    """Say what the list of changes is measured against."""
    if found.previous_on is None:
        return "This is the first report here: what changed is told from the next one on."
    if not found.new:
        return f"Nothing has changed since the report of {day(found.previous_on)}."
    return f"{counted(len(found.new), 'change')} since the report of {day(found.previous_on)}."


def shown(found: Changes, most: int = 6) -> Iterable[Entry]:
    """Return the entries that the overview shows: the new ones, or the latest where none is new."""
    return (found.new or found.entries)[:most]
