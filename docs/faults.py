"""Write docs/faults.md from the register of faults, tests/faults/register.toml (`make faults`).

Usage: python docs/faults.py [PAGE]   (docs/faults.md unless named)
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("faults.md")
REGISTER = PAGE.parent.parent / "tests" / "faults" / "register.toml"

SOURCES = {
    "github": "GitHub",
    "pypi": "PyPI: the download logs, their ClickHouse copy, and pypistats",
    "stackoverflow": "Stack Overflow",
    "google_trends": "Google Trends",
    "wikipedia": "Wikipedia",
}
BECOMES = {"stop": "stopped", "mark": "marked", "mend": "mended"}

INTRODUCTION = """\
# What went wrong, and what Barometer does about it

Every source of figures has been wrong at some time, and so has every tool that reads them: that is no
reproach to anybody who runs one, mostly for nothing. Below are {number} such faults of 2018 to 2026, each
with its public record. Each is replayed by the tests, through the real collectors, checks and publishing,
in an archive in which the source tells what it told then; figures beside it that meet no fault must come
out right and unmarked.

- **stopped**: nothing wrong is published. The figure is unknown, or stays as it was, with its age.
- **marked**: what is published says that it is in doubt, late, incomplete or counted in another way, and why.
- **mended**: the next run brings the right figure, and a change of what was published is told as a revision.

{counted}. Ninety calm days on real figures are
replayed as well, and may raise one false alarm at the most.
How figures are judged is in [quality.md](quality.md). This page is made from the
[register](../tests/faults/register.toml) by `make faults`; a fault that is missing there is welcome.
"""


def page(faults: Sequence[Mapping[str, Any]]) -> str:
    """Return the page in Markdown."""
    counts = {word: sum(fault["must"] == must for fault in faults) for must, word in BECOMES.items()}
    counted = f"Of the {len(faults)}, " + ", ".join(f"{number} are {word}" for word, number in counts.items())
    parts = [INTRODUCTION.format(number=len(faults), counted=counted)]
    for source_id, name in SOURCES.items():
        of_source = [fault for fault in faults if fault["source_id"] == source_id]
        parts += [f"## {name}\n", *_rows(sorted(of_source, key=lambda fault: str(fault["date"]))), ""]
    return "\n".join(parts)


def _rows(faults: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "| when | what went wrong | what Barometer does | |"
    yield "| --- | --- | --- | --- |"
    for fault in faults:
        when = f"[{fault['date']}]({fault['link']})"
        yield f"| {when} | {fault['happened']} | {fault['does']} | {BECOMES[fault['must']]} |"


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    register = tomllib.loads(REGISTER.read_text(encoding="utf-8"))
    file.write_text(page(register["fault"]), encoding="utf-8")
