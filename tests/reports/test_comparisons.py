"""A further question is answered as if its subjects were all that is compared."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from reports.build.site import build_site
from reports.data.evidence import Evidence
from reports.findings.comparisons import compared

Read = Callable[[dict[str, list[dict[str, object]]]], Evidence]
THREE = ("PyTorch", "TensorFlow", "JAX")


def asked(make: SimpleNamespace, **changes: object) -> dict[str, list[dict[str, object]]]:
    """Return tables of three subjects with one question about two of them."""
    row = {
        "comparison_id": "pair",
        "question": "Tensor or JAX?",
        "subjects": "tensorflow, jax",
        "position": 0,
    }
    return make.usual_tables(*THREE) | {"comparisons": [row | {"position": 0} | changes]}


def test_shares_are_of_its_subjects_alone(make: SimpleNamespace, read: Read) -> None:
    """In each period they add up to one, in the ratio of the amounts; who is left out has none."""
    whole = read(asked(make))
    pair = compared(whole, whole.comparisons[0])

    assert [subject.subject_id for subject in pair.subjects] == ["tensorflow", "jax"]
    assert pair.build.question == "Tensor or JAX?"
    amounts = {(one.subject_id, one.first_day): one.value for one in pair.series("pypi_downloads").points}
    shares = {(one.subject_id, one.first_day): one.value for one in pair.series("downloads_share").points}
    assert {subject for subject, _ in shares} == {"tensorflow", "jax"} and len(shares) > 40
    for (subject, month), share in shares.items():
        both = amounts["tensorflow", month] + amounts["jax", month]
        assert share == amounts[subject, month] / both
    suspect = [one for one in pair.series("downloads_share").points if one.state == "suspect"]
    assert suspect and all(one.reason for one in suspect)


def test_whoever_a_question_is_about_is_drawn(make: SimpleNamespace, read: Read) -> None:
    """Of thirty twenty-four are drawn: the least of all, too, or its rival would have all the downloads."""
    question = {"comparison_id": "ends", "question": "First or last?", "position": 0}
    tables = make.crowded_tables(30) | {"comparisons": [question | {"subjects": "rival_0, rival_29"}]}
    evidence = read(tables)
    two = compared(evidence, evidence.comparisons[0])

    assert [subject.subject_id for subject in two.subjects] == ["rival_0", "rival_29"]
    assert (len(evidence.subjects), evidence.left_out) == (24, 6)
    assert {one.subject_id for one in two.series("downloads_share").points} == {"rival_0", "rival_29"}


def test_its_table_has_its_measures(make: SimpleNamespace, read: Read) -> None:
    """In their order; without any it has all."""
    whole = read(asked(make, measures="stackoverflow_questions, pypi_downloads"))

    assert list(compared(whole, whole.comparisons[0]).headlines.values()) == ["questions", "downloads"]
    without = read(asked(make))
    assert compared(without, without.comparisons[0]).headlines == without.headlines


def test_each_has_a_page_and_a_line_on_the_first(
    publish: Callable[[object], Path], make: SimpleNamespace, tmp_path: Path, drawing_cache: Path
) -> None:
    """The line is the page's own answer; no other page lists it, and the page says whose shares it shows."""
    published = publish(asked(make, question="Tensor or <b>JAX</b>?"))
    build_site(published, tmp_path / "site", cache=drawing_cache)
    files = {page.name: page.read_text() for page in (tmp_path / "site").glob("*.html")}

    page, first = files["comparison-pair.html"], files["index.html"]
    assert '<a href="comparison-pair.html">Tensor or &lt;b&gt;JAX&lt;/b&gt;?</a>' in first
    assert "comparison-pair.html" not in files["adoption.html"]
    assert "Shares on this page are of these alone" in page
    assert "TensorFlow</b> leads in every measure that is up to date" in page
    assert "TensorFlow</b> leads in every measure that is up to date" in first
    assert "PyTorch</b>" not in page.partition("<main")[2]
