"""What ends the command is one line that can be read, however much is wrong."""

from flows.commands.identifier_report import complaints, listed
from flows.sources.identity import Finding, Verdict


def many(count: int, verdict: Verdict) -> list[Finding]:
    return [Finding("pypi", f"S {n}", f"package-{n}", verdict, "words") for n in range(count)]


def test_a_few_are_all_named():
    """As far as ten."""
    assert listed(many(2, Verdict.WRONG)) == "pypi package-0, pypi package-1"
    assert listed(many(10, Verdict.WRONG)).endswith("pypi package-9")
    assert complaints(many(1, Verdict.RIGHT)) == ""


def test_of_many_the_first_ten_are_named():
    """The others are counted: each has its own line above."""
    assert listed(many(1000, Verdict.WRONG)).endswith("pypi package-9 and 990 more")
    told = complaints([*many(1000, Verdict.WRONG), *many(1000, Verdict.SHARED)])
    assert told.endswith("; found pypi package-9 in S 9, expected it in one; and 990 more are shared")
    assert len(told) < 1000
