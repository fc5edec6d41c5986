"""What the demo says of itself: which figures are real and until when, and which are sample data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.data.evidence import Evidence
from reports.data.series import Series
from reports.data.wording import SAMPLE, day, listed, minute, month, number, source_name
from reports.findings.lateness import state

MOST_NAMED = 5  # measures in the banner


@dataclass(frozen=True)
class Demo:
    """One sentence for the banner, one on its clock, and the same at length."""

    banner: str
    clock: str
    facts: list[str]


def demo(evidence: Evidence) -> Demo | None:
    """Return what the demo says of itself; None for live figures."""
    if not evidence.build.demo:
        return None
    series = {name: evidence.series(key) for key, name in evidence.headlines.items()}
    known = {name: found for name, found in series.items() if found.points}
    clock = f"Its clock stands at {minute(evidence.build.built_at)}: ages are counted from there."
    return Demo(_banner(evidence, known), clock, [*_facts(evidence, known), clock])


def _banner(evidence: Evidence, known: Mapping[str, Series]) -> str:
    real = [name for name, found in known.items() if not found.is_sample]
    sample = [name for name, found in known.items() if found.is_sample]
    ended = [
        f"{name} until {month(known[name].last_day)}" for name in real if _is_stale(known[name], evidence)
    ]
    until = f"up to {day(evidence.today)}" + (f" ({listed(ended)})" if ended else "")
    told = [f"{_which(real)} are real, published figures {until}"] if real else []
    told += [f"{_which(sample)} {'is' if len(sample) == 1 else 'are'} {SAMPLE}"] if sample else []
    return _sentence("; ".join(told) or "no figures have been collected")


def _which(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= MOST_NAMED else f"{number(len(names))} measures"


def _facts(evidence: Evidence, known: Mapping[str, Series]) -> Iterator[str]:
    """Yield what a reader must know of the demo's figures; the demo itself tells how they came about."""
    real = [f"{name} up to {day(found.last_day)}" for name, found in known.items() if not found.is_sample]
    if real:
        yield _sentence(f"{listed(real)} are real figures, published by others and compiled here")
    for one in evidence.declared:
        if one.metric.demo and one.view is None and evidence.points.get(one.key):
            yield one.metric.demo.replace("{day}", day(evidence.today))
    for name, found in known.items():
        if found.is_sample:
            yield _sentence(
                f"{name}: made by a formula, so {SAMPLE} that says nothing about what is compared"
            )
        elif _is_stale(found, evidence):
            source = source_name(found.metric.source_id)
            yield _sentence(f"{name} end in {month(found.last_day)}, so {source} is shown as stale")


def _is_stale(series: Series, evidence: Evidence) -> bool:
    return state(series, evidence) == "stale"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
