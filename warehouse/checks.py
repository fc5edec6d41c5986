"""What the gate found: each dbt test's result, and which source's figures it concerns.

A test of a source's own models (`stg_pypi__…`, `int_pypi__…`), or one that is told its source as an argument,
concerns that source alone: when it fails, the source is withheld and all others are published. A failure of
any other test closes the gate. A test whose rows have a column `finding` says there what is wrong with each.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

UNRUN = frozenset({"error", "runtime error"})
FAILED = UNRUN | {"fail"}
MOST_FINDINGS = 3
MODEL_OF_SOURCE = re.compile(r"model\.barometer\.(?:stg|int)_(?P<source_id>[a-z_]+?)__")


@dataclass(frozen=True)
class Check:
    """One test's result; `detail` says what was found where it did not pass."""

    check_id: str
    source_id: str | None
    severity: str
    passed: bool
    failing_rows: int
    detail: str | None

    @property
    def blocks(self) -> bool:
        """Whether what it concerns must not be published."""
        return self.severity == "error" and not self.passed

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.check_id, self.detail]))


def is_checked(result: Any) -> bool:
    """Whether a node's result is a check: a test that ran, or a model that cannot be built."""
    return result.status in FAILED or (result.node.resource_type == "test" and result.status != "skipped")


def withholds(node: Any, sources: Collection[str]) -> bool:
    """Return whether a node of dbt's manifest is a test that withholds one of the sources if it fails."""
    is_error = node.resource_type == "test" and node.config.severity.lower() == "error"
    return is_error and source_of(node) in sources


def check_of(result: Any, work: duckdb.DuckDBPyConnection) -> Check:
    """Return the result of a dbt test, or of a model that failed; `work` is what was tested.

    A test that could not be run is an error, however grave its findings would be: it has judged nothing, and
    dbt builds nothing of what hangs on the models that it is of.
    """
    passed = result.status == "pass"
    severity = "error" if result.status in UNRUN else getattr(result.node.config, "severity", "error")
    return Check(
        check_id=result.node.name,
        source_id=source_of(result.node),
        severity=severity.lower(),
        passed=passed,
        failing_rows=result.failures or 0,
        detail=None if passed else describe(result, work),
    )


def source_of(node: Any) -> str | None:
    """Return the source whose model it is, that a test is told, or whose models alone it reads; else None."""
    told = getattr(node, "test_metadata", None)
    if told and "source_id" in told.kwargs:
        return str(told.kwargs["source_id"])
    names = node.depends_on.nodes if node.resource_type == "test" else [node.unique_id]
    models = [name for name in names if name.startswith("model.")]
    found = {match["source_id"] for name in models if (match := MODEL_OF_SOURCE.match(name))}
    is_of_one = len(found) == 1 and all(MODEL_OF_SOURCE.match(name) for name in models)
    return found.pop() if is_of_one else None


def blocked_sources(checks: Iterable[Check]) -> dict[str, str]:
    """Return the sources that must be withheld, each with the reason."""
    blocked: dict[str, str] = {}
    for check in checks:
        if check.blocks and check.source_id:
            blocked.setdefault(check.source_id, str(check))
    return blocked


def describe(result: Any, work: duckdb.DuckDBPyConnection) -> str:
    """Return what is wrong, on one line: the test's own findings, their number, or what dbt says."""
    if not result.failures:  # it could not be run
        return " ".join((result.message or "").split())
    return "; ".join(_findings(result, work)) or f"rows found: {result.failures}, expected none"


def _findings(result: Any, work: duckdb.DuckDBPyConnection) -> list[str]:
    rows = work.sql(result.node.compiled_code)
    if "finding" not in rows.columns:
        return []
    findings = [str(finding) for (finding,) in rows.order("finding").project("finding").fetchall()]
    more = [f"and {len(findings) - MOST_FINDINGS} more"] if len(findings) > MOST_FINDINGS else []
    return findings[:MOST_FINDINGS] + more
