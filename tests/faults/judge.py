"""The judge of the replay: what a reader would see, held against what truly was.

It knows no fault by name. Whatever differs from the truth must not stand there as sound: no figure with the
state ok, no share, month or lead that is made from it, no zero of what is unknown, no series that is called
fresh.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.faults.register import Fault
from tests.faults.told.source import Met
from tests.faults.truth import Period, next_month
from tests.faults.worlds import Replayed, Seen

# How far a figure may lie from the truth: a draw of Google's is a sample, all else is counted.
OF_A_SAMPLE, OF_A_COUNT = 3.0, 0.005
GRAINS = {"day": 1, "week": 7}
# In which column of its mart a month's part of a share stands.
PARTS = {
    "pypi_downloads": "downloads",
    "google_trends_interest": "search_interest",
    "pageviews": "pageviews",
    "stackoverflow_questions": "questions",
}
# Shares of rivals: the mart, the column, the metric that is shared, and the state where the share has none.
SHARES = (
    ("adoption_monthly", "downloads_share", "pypi_downloads", "downloads_state"),
    ("adoption_monthly", "search_share", "google_trends_interest", "search_state"),
    ("adoption_monthly", "pageviews_share", "pageviews", "pageviews_state"),
    ("community_monthly", "questions_share_of_rivals", "stackoverflow_questions", "questions_state"),
)


@dataclass
class Verdict:
    """What became of a fault: stopped, marked, mended, or what reached a reader unmarked."""

    fault: Fault
    outcome: str
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.fault.id}: {self.outcome}" + "".join(
            f"\n    {finding}" for finding in self.findings[:6]
        )


def judge(fault: Fault, replayed: Replayed) -> Verdict:
    """Return what became of a fault in its world."""
    wrong_ways = replayed.on_the_way.get(fault.id, [])
    if fault.must == "mend":
        return _judge_mended(fault, replayed.seen[-1], wrong_ways)
    # What is mended later must not have been wrong and unmarked before.
    seen = replayed.seen[0] if fault.world == "answers" else replayed.seen[-1]
    met = seen.met[fault.id]
    wrong = list(_wrong(seen, met))
    unmarked = [finding for finding, is_marked in wrong if not is_marked]
    unmarked += _undoubted(seen, met) + _called_fresh(seen, met) + wrong_ways
    if unmarked:
        return Verdict(fault, "unmarked", unmarked)
    if fault.must == "stop":
        return Verdict(fault, "stopped" if not wrong else "marked", [finding for finding, _ in wrong])
    is_marked = bool(wrong or met.doubtful) or _is_noticed(seen, fault, met)
    return Verdict(fault, "marked" if is_marked else "without a word")


def _judge_mended(fault: Fault, seen: Seen, wrong_ways: list[str]) -> Verdict:
    met = seen.met[fault.id]
    findings = [finding for finding, _ in _wrong(seen, met)] + _unsound(seen, met.subjects) + wrong_ways
    if met.revised and not any(one["subject_id"] in met.subjects for one in seen.published.rows("revisions")):
        findings.append("no revision tells of it")
    return Verdict(fault, "unmarked" if findings else "mended", findings)


def judge_controls(replayed: Replayed) -> list[str]:
    """Return where subjects without any fault are wrong, missing, marked or late at the end of a replay."""
    seen = replayed.seen[-1]
    sound = [one for one in seen.controls if not any(f"_{source}_" in one for source in replayed.disturbed)]
    findings = [finding for finding, _ in _wrong(seen, Met(tuple(sound)))]
    return findings + _unsound(seen, tuple(sound))


# --------------------------------------------------------------------------------------------- the figures


def _wrong(seen: Seen, met: Met) -> Iterator[tuple[str, bool]]:
    """Yield every published figure of the subjects that differs from the truth, and whether it says so."""
    yield from _wrong_observations(seen, met)
    yield from _wrong_days(seen, met)
    yield from _wrong_months(seen, met)
    yield from _wrong_shares(seen, met)
    yield from _wrong_leads(seen, met)


def _wrong_observations(seen: Seen, met: Met) -> Iterator[tuple[str, bool]]:
    for row in seen.published.rows("observations"):
        period = row["subject_id"], row["metric_id"], row["period_start"]
        is_concerned = row["subject_id"] in met.subjects and _overlaps(row, met)
        if is_concerned and row["state"] != "partial" and not _is_judged_elsewhere(row["metric_id"]):
            true = seen.truth.get(period, seen.formerly.get(period))
            if not _agrees(row["metric_id"], row["value"], true) and not _is_in_range(row, true):
                is_marked = row["state"] != "ok" and bool(row["state_reason"] or row["state"] == "sample")
                yield _told(row, true), is_marked


def _is_judged_elsewhere(metric_id: str) -> bool:
    return metric_id == "stackoverflow_questions_share_of_rivals"


def _overlaps(row: dict[str, Any], met: Met) -> bool:
    return bool(row["period_start"] <= met.last and row["period_end"] >= met.first)


def _agrees(metric_id: str, value: float, true: float | None) -> bool:
    if true is None:
        return False
    if metric_id.startswith("google_trends"):
        return abs(value - true) <= OF_A_SAMPLE
    return abs(value - true) <= max(OF_A_COUNT * abs(true), 1e-9 if abs(true) <= 1 else 0)


def _is_in_range(row: dict[str, Any], true: float | None) -> bool:
    """Tell whether the draws of a sample that are told beside their median hold the truth between them."""
    drawn = row["metric_id"].startswith("google_trends") and row["low"] is not None
    return drawn and true is not None and bool(row["low"] - OF_A_SAMPLE <= true <= row["high"] + OF_A_SAMPLE)


def _told(row: dict[str, Any], true: float | None) -> str:
    return (
        f"{row['subject_id']} {row['metric_id']} {row['period_start']}: {row['value']:g} {row['state']}, "
        f"truly {'unknown' if true is None else f'{true:g}'}"
    )


def _wrong_days(seen: Seen, met: Met) -> Iterator[tuple[str, bool]]:
    for row in seen.published.rows("package_downloads_daily"):
        concerned = row["subject_id"] in met.subjects and met.first <= row["day"] <= met.last
        if not concerned or row["state"] == "partial":
            continue
        kind, by_pypistats = row["installer_class"], row["basis"] == "pypistats"
        if by_pypistats and kind == "mirror":
            # What pypistats leaves out is not mirrors alone; where both are told apart it is nearly so.
            true = seen.true_days.get((row["package"], row["day"], "mirror_or_unnamed"))
            is_named = true is not None and abs(row["downloads"] - true) > 0
            unnamed = seen.true_days.get((row["package"], row["day"], "unknown"), 0)
            if is_named or (true and unnamed > 0.1 * true):
                told = f"{row['package']} {row['day']}: {row['downloads']} by mirrors"
                yield f"{told}, {unnamed} of them unnamed", False
            continue
        true = seen.true_days.get((row["package"], row["day"], kind))
        if true is None or abs(row["downloads"] - true) > max(1, OF_A_COUNT * true):
            told = f"{row['package']} {row['day']} {kind}: {row['downloads']} {row['state']}, truly {true}"
            yield told, row["state"] != "ok"


def _wrong_months(seen: Seen, met: Met) -> Iterator[tuple[str, bool]]:
    """Yield months of pageviews that are not the sum of their days."""
    for row in seen.published.rows("adoption_monthly"):
        if row["subject_id"] in met.subjects and row["pageviews"] is not None:
            true = seen.true_months.get((row["subject_id"], row["month"]))
            if not _agrees("pageviews", row["pageviews"], true):
                state, told = row["pageviews_state"], f"{row['subject_id']} pageviews of {row['month']}"
                yield f"{told}: {row['pageviews']} {state}, truly {true}", state != "ok"


def _wrong_shares(seen: Seen, met: Met) -> Iterator[tuple[str, bool]]:
    for table, column, metric_id, state in SHARES:
        rows = [row for row in seen.published.rows(table) if row.get(column) is not None]
        concerned = {row["month"] for row in rows if _is_wrong_part(seen, met, metric_id, row)}
        for row in (row for row in rows if row["month"] in concerned):
            true = _true_share(seen, metric_id, row["subject_id"], row["month"], rows)
            allowed = 0.08 if metric_id.startswith("google_trends") else max(0.03 * (true or 0), 0.003)
            if true is not None and abs(row[column] - true) > allowed:
                its_state = row.get(f"{column}_state", row.get(state))
                told = f"{row['subject_id']} {column} of {row['month']}: {row[column]:.3f} {its_state}"
                yield f"{told}, truly {true:.3f}", its_state != "ok"


def _is_wrong_part(seen: Seen, met: Met, metric_id: str, row: dict[str, Any]) -> bool:
    """Tell whether it is a subject of this fault that brings a wrong figure into a month's shares."""
    column = PARTS[metric_id]
    true = _true_month(seen, metric_id, row["subject_id"], row["month"])
    told = row.get(column)
    return row["subject_id"] in met.subjects and told is not None and not _agrees(metric_id, told, true)


def _true_month(seen: Seen, metric_id: str, subject_id: str, month: date) -> float | None:
    if metric_id == "pageviews":
        return seen.true_months.get((subject_id, month))
    return seen.truth.get((subject_id, metric_id, month))


def _true_share(
    seen: Seen, metric_id: str, subject_id: str, month: date, rows: list[dict[str, Any]]
) -> float | None:
    rivals = {row["subject_id"] for row in rows if row["month"] == month}
    true = {rival: _true_month(seen, metric_id, rival, month) for rival in rivals}
    if any(value is None for value in true.values()) or not (
        total := sum(value or 0 for value in true.values())
    ):
        return None
    return (true[subject_id] or 0) / total


def _wrong_leads(seen: Seen, met: Met) -> Iterator[tuple[str, bool]]:
    """Yield leads that are dated: in truth nobody ever passes another one."""
    for row in seen.published.rows("crossovers"):
        if {row["leader_id"], row["trailer_id"]} & set(met.subjects) and row["crossed_on"]:
            told = (
                f"{row['leader_id']} passes {row['trailer_id']} in {row['metric_id']} on {row['crossed_on']}"
            )
            yield told, row["state"] != "ok"


# --------------------------------------------------------------------------------------- what must be said


def _undoubted(seen: Seen, met: Met) -> list[str]:
    """Return which figures stand as sound that must be marked although they were told so."""
    return [
        f"{' '.join(map(str, period))}: {seen.states[period]['value']:g} ok, expected suspect"
        for period in met.doubtful
        if period in seen.states and seen.states[period]["state"] == "ok"
    ]


def _called_fresh(seen: Seen, met: Met) -> list[str]:
    """Return which series are called fresh though the truth goes on where they end."""
    return [
        f"{subject_id} {metric_id}: ends {last} where the truth goes on to {true_last}, and is called fresh"
        for subject_id, metric_id, last, true_last in _ended(seen, met.subjects)
        if not _is_told_late(seen, subject_id, metric_id)
    ]


def _ended(seen: Seen, subjects: tuple[str, ...]) -> Iterator[tuple[str, str, date | None, date]]:
    metrics = {one["metric_id"]: one for one in seen.published.rows("metrics")}
    lasts: dict[tuple[str, str], date] = {}
    for row in seen.published.rows("observations"):
        if row["state"] != "partial":
            series = row["subject_id"], row["metric_id"]
            lasts[series] = max(lasts.get(series, date.min), row["period_end"])
    true_lasts: dict[tuple[str, str], date] = {}
    for subject_id, metric_id, start in (period for period in seen.truth if period[1] in metrics):
        end = _end_of(start, metrics[metric_id]["grain"])
        true_lasts[subject_id, metric_id] = max(true_lasts.get((subject_id, metric_id), date.min), end)
    for (subject_id, metric_id), true_last in true_lasts.items():
        last, allowed = lasts.get((subject_id, metric_id)), seen.lags[metrics[metric_id]["source_id"]]
        allowed += {"day": 0, "week": 7, "month": 31}[metrics[metric_id]["grain"]]
        if subject_id in subjects and (last or date.min) < true_last - timedelta(days=allowed):
            yield subject_id, metric_id, last, true_last


def _end_of(start: date, grain: str) -> date:
    return (
        next_month(start) - timedelta(days=1)
        if grain == "month"
        else start + timedelta(days=GRAINS[grain] - 1)
    )


def _is_told_late(seen: Seen, subject_id: str, metric_id: str) -> bool:
    sources = {one["metric_id"]: one["source_id"] for one in seen.published.rows("metrics")}
    of_source = [s for s in seen.published.rows("source_status") if s["source_id"] == sources[metric_id]]
    of_series = [
        s
        for s in seen.published.rows("series_status")
        if s["subject_id"] == subject_id and s["metric_id"] == metric_id
    ]
    return any(status["state"] != "fresh" and status["reason"] for status in [*of_source, *of_series])


def _is_noticed(seen: Seen, fault: Fault, met: Met) -> bool:
    """Tell whether anything is said of a fault where no figure is wrong: an event, a mark, a late series."""
    if met.event:
        return any(row["event_id"] == met.event for row in seen.published.rows("events"))
    metrics = {row["metric_id"]: row["source_id"] for row in seen.published.rows("metrics")}
    marks = [
        row
        for row in seen.published.rows("observations")
        if row["subject_id"] in met.subjects
        and row["state"] != "ok"
        and metrics[row["metric_id"]] == fault.source_id
    ]
    if met.partial:
        return any(row["metric_id"] == met.partial and row["state"] == "partial" for row in marks)
    partial_months = [
        row
        for row in seen.published.rows("adoption_monthly")
        if row["subject_id"] in met.subjects and row["downloads_missing"] and fault.source_id == "pypi"
    ]
    late = [one for one in _ended(seen, met.subjects) if _is_told_late(seen, one[0], one[1])]
    late_source = [
        one
        for one in seen.published.rows("source_status")
        if one["source_id"] == fault.source_id and one["state"] != "fresh" and one["reason"]
    ]
    told = [row for row in marks if row["state"] in ("suspect", "stale")]
    checks = [
        one
        for one in seen.published.rows("quality_checks")
        if not one["passed"] and any(name in (one["detail"] or "") for name in _names(met))
    ]
    return bool(told or partial_months or late or late_source or checks)


def _names(met: Met) -> set[str]:
    return {*met.subjects, *(subject_id.replace("_", "-") for subject_id in met.subjects)}


def _is_registered(seen: Seen, period: Period) -> bool:
    """Tell whether a period lies in a known fault of its source, for which it is marked everywhere."""
    row = seen.states.get(period)
    return row is not None and any(
        one["occurred_on"] <= row["period_end"] and one["ended_on"] >= row["period_start"]
        for one in seen.published.rows("events")
        if one["kind"] == "measuring fault" and one["metric_id"] == period[1]
    )


def _unsound(seen: Seen, subjects: tuple[str, ...]) -> list[str]:
    """Return where subjects lack a figure that is known, or have it marked, or are called late."""
    findings = []
    known = {one["metric_id"] for one in seen.published.rows("metrics")}
    concerned = (one for one in seen.truth if one[0] in subjects and one[1] in known)
    for period in (one for one in concerned if not _is_registered(seen, one)):
        row = seen.states.get(period)
        if row is None:
            findings.append(f"{' '.join(map(str, period))}: missing, truly {seen.truth[period]:g}")
        elif row["state"] != "ok":
            findings.append(f"{' '.join(map(str, period))}: {row['state']}, {row['state_reason']}")
    late = [
        f"{one['subject_id']} {one['metric_id']}: {one['state']}, {one['reason']}"
        for one in seen.published.rows("series_status")
        if one["subject_id"] in subjects and one["state"] in ("late", "stale")
    ]
    return findings + late
