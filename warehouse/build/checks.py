"""What the gate found: each dbt test's result, and which source's figures it concerns.

A test of a source's own models (`stg_<source_id>__…`, `int_<source_id>__…`), or one that is told its source
as an argument, concerns that source alone: when it fails, the source is withheld and all others are
published. A failure of any other test closes the gate. A test whose rows have a column `finding` says there
what is wrong with each.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from warehouse.archive.quarantine import Place
from warehouse.build.blame import answers_to_blame
from warehouse.text import cleaned, one_line

UNRUN = frozenset({"error", "runtime error"})
FAILED = UNRUN | {"fail"}
MOST_FINDINGS = 3
MODEL_OF_SOURCE = re.compile(r"model\.barometer\.(?:stg|int)_(?P<source_id>[a-z][a-z0-9_]*?)__")
# What the sources declare, whichever models read it.
REGISTERS = frozenset(
    f"model.barometer.{name}" for name in ("metric_register", "known_events", "source_bounds")
)


@dataclass(frozen=True)
class Check:
    """One test's result; `detail` says what was found where it did not pass.

    `checked_at` is the time of an earlier build whose result still stands; None in the build that asked it.

    `answers` are those that alone are to blame, as they cannot be read or tell what cannot be; where they are
    most of their kind (`are_most`), rather the model is wrong.
    """

    check_id: str
    source_id: str | None
    severity: str
    passed: bool
    failing_rows: int
    detail: str | None
    answers: tuple[Place, ...] = ()
    are_most: bool = False
    checked_at: datetime | None = None

    @property
    def blocks(self) -> bool:
        """Whether what it concerns must not be published."""
        return self.severity == "error" and not self.passed

    @property
    def told(self) -> str | None:
        """What was found, and in which answers where these alone are to blame."""
        named = ", ".join(map(str, self.answers[:MOST_FINDINGS]))
        more = f" and {len(self.answers) - MOST_FINDINGS} more" if len(self.answers) > MOST_FINDINGS else ""
        return f"{named}{more}: {self.detail}" if self.answers else self.detail

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.check_id, self.told]))


def is_checked(result: Any) -> bool:
    """Whether a node's result is a check: a test that ran, or a model that cannot be built."""
    return result.status in FAILED or (result.node.resource_type == "test" and result.status != "skipped")


def withholds(node: Any, sources: Collection[str]) -> bool:
    """Return whether a node of dbt's manifest is a test that withholds one of the sources if it fails."""
    is_error = node.resource_type == "test" and node.config.severity.lower() == "error"
    return is_error and source_of(node) in sources


def check_of(result: Any, nodes: Mapping[str, Any], work: duckdb.DuckDBPyConnection) -> Check:
    """Return the result of a dbt test, or of a model that failed; `work` is what was tested.

    `nodes` are those of the build, by dbt's own name.

    A test that could not be run is an error, however grave its findings would be: it has judged nothing, and
    dbt builds nothing of what hangs on the models that it is of.
    """
    passed = result.status == "pass"
    answers, are_most = ((), False) if passed else answers_to_blame(result.node, nodes, work)
    severity = "error" if result.status in UNRUN else getattr(result.node.config, "severity", "error")
    return Check(
        check_id=result.node.name,
        source_id=source_of(result.node),
        severity=severity.lower(),
        passed=passed,
        failing_rows=result.failures or 0,
        detail=None if passed else describe(result, work),
        answers=answers,
        are_most=are_most,
    )


def source_of(node: Any) -> str | None:
    """Return the source whose model it is, that a test is told, or whose models alone it reads; else None."""
    told = getattr(node, "test_metadata", None)
    if told and "source_id" in told.kwargs:
        return str(told.kwargs["source_id"])
    names = node.depends_on.nodes if node.resource_type == "test" else [node.unique_id]
    models = [name for name in names if name.startswith("model.") and name not in REGISTERS]
    found = {match["source_id"] for name in models if (match := MODEL_OF_SOURCE.match(name))}
    is_of_one = len(found) == 1 and all(MODEL_OF_SOURCE.match(name) for name in models)
    return found.pop() if is_of_one else None


def describe(result: Any, work: duckdb.DuckDBPyConnection) -> str:
    """Return what is wrong, on one line: the test's own findings, their number, or what dbt says."""
    if not result.failures:  # it could not be run
        return one_line(result.message or "")
    return "; ".join(_findings(result, work)) or f"rows found: {result.failures}, expected none"


def _findings(result: Any, work: duckdb.DuckDBPyConnection) -> list[str]:
    rows = work.sql(result.node.compiled_code)
    if "finding" not in rows.columns:
        return []
    findings = [cleaned(str(finding)) for (finding,) in rows.order("finding").project("finding").fetchall()]
    more = [f"and {len(findings) - MOST_FINDINGS} more"] if len(findings) > MOST_FINDINGS else []
    return findings[:MOST_FINDINGS] + more
