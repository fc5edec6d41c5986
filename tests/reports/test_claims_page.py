"""The page of the claims: a verdict in a word and a sign, its evidence with links, addresses."""

import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from reports.build.files import pages_of
from reports.data.evidence import Evidence
from reports.findings.changes import changes
from reports.pages.claims import SIGNS

Tables = dict[str, list[dict[str, Any]]]


def test_it_stands_after_the_overview_or_not_at_all(
    make: SimpleNamespace, read: Callable[[Tables], Evidence], tmp_path: Path
) -> None:
    """Where no claims are judged there is no page, nor any link to one."""
    tables = make.usual_tables()
    evidence = read(tables)
    assert [page.name for page in pages_of(evidence, changes(evidence, None), tmp_path)][:2] == [
        "index",
        "claims",
    ]
    evidence = read(tables | {"claims": [], "claim_evidence": [], "claim_history": []})
    assert "claims" not in [page.name for page in pages_of(evidence, changes(evidence, None), tmp_path)]


def test_a_row_tells_the_verdict_in_a_word_and_a_sign(usual_site: Path) -> None:
    """Of what was true, until when; and of sample data that it is some."""
    text = (usual_site / "claims.html").read_text()
    summary = re.search(r"<summary>(.*?)</summary>", text, re.DOTALL)
    assert summary and "The second is used more." in summary[1]
    assert SIGNS["was true until"] in summary[1] and "was true until January 2024" in summary[1]
    assert "30 April 2024" in summary[1] and "low · sample data" in summary[1]
    told = "Of 2 claims, as the figures say today: 1 true once and no longer and 1 not measurable here; one "
    assert f"{told}of these verdicts rests in part on sample data, so it is no finding." in text
    assert "Why it cannot be judged: No count tells ease." in text
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_the_evidence_leads_to_the_chart_and_to_the_answer(usual_site: Path) -> None:
    """The comparison with its interval, turned to who is ahead; every figure; links that lead somewhere."""
    text = (usual_site / "claims.html").read_text()
    assert (
        "PyTorch has 2.50 times TensorFlow\u2019s (80\u202f% interval 2.00 to 3.12), up to 31 July 2025."
        in text
    )
    assert "answers of 6 August 2025 in <code>archive/pypi/</code>" in text
    for target in (
        "adoption.html#pypi_downloads",
        "methodology.html#metric-pypi_downloads",
        "quality.html#sources",
    ):
        page, _, part = target.partition("#")
        assert f'href="{target}"' in text
        assert f'id="{part}"' in (usual_site / page).read_text()
    assert (usual_site / "api/series/pypi_downloads.csv").exists()


def test_each_claim_and_year_has_an_address(usual_site: Path) -> None:
    """On its own page and in the single file, inside of what a browser opens for whom it leads there."""
    text, single = ((usual_site / name).read_text() for name in ("claims.html", "barometer.html"))
    for part in ("more_used", "easier", "more_used-2023", "more_used-2024"):
        assert text.count(f' id="{part}"') == 1 and f'href="#{part}"' in text
        assert f' id="claims--{part}"' in single
    opened = re.search(r"<details class=\"entry claim\">.*?</details>", text, re.DOTALL)
    assert opened and 'id="more_used-2024"' in opened[0]
