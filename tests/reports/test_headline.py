"""The answer of the overview names who leads in what, and what it leaves out."""

from types import SimpleNamespace

from reports.findings.headline import Clause, headline, in_a_line
from reports.findings.ranking import Ranking, ranking


def stand(make: SimpleNamespace, metric_id: str, first: float, second: float) -> Ranking:
    """Return the ranking of one month."""
    points = [
        *make.month_points("pytorch", "2025-07", [first]),
        *make.month_points("tensorflow", "2025-07", [second]),
    ]
    series = make.series(metric_id, *points, grain="month")
    found = ranking(series, make.evidence_of(series))
    assert found is not None
    return found


def plain(clauses: list[Clause]) -> str:
    """Return the sentences without their colours."""
    return " ".join(f"{clause.subject.name if clause.subject else ''}{clause.text}" for clause in clauses)


def test_flows_are_now_and_stocks_have_gathered(make: SimpleNamespace) -> None:
    """Who leads in what is counted by month is told apart from who leads in totals."""
    rankings = {
        "downloads": stand(make, "pypi_downloads", 7, 3),
        "stars gained": stand(make, "stackoverflow_questions", 6, 4),
        "stars in total": stand(make, "github_stars_total", 3, 7),
    }

    assert plain(headline(rankings, ["questions (nothing told since May 2023)"])) == (
        "PyTorch leads in what happens now: downloads and stars gained. "
        "TensorFlow leads in what has gathered over the years: stars in total. "
        "Left out here: questions (nothing told since May 2023)."
    )


def test_a_list_of_questions_has_it_in_one_line(make: SimpleNamespace) -> None:
    """Who leads in most first, what is level after it, and nothing of what is left out."""
    downloads, stars = stand(make, "pypi_downloads", 7, 3), stand(make, "github_stars_total", 3, 7)
    level = stand(make, "pypi_downloads", 50, 50)

    assert plain(in_a_line({"stars": stars, "downloads": downloads, "views": downloads})) == (
        "PyTorch leads in downloads and views, TensorFlow in stars."
    )
    assert plain(in_a_line({"stars": stars, "downloads": stars})) == (
        "TensorFlow leads in every measure that is up to date."
    )
    assert plain(in_a_line({"stars": stars, "questions": level})) == (
        "TensorFlow leads in stars. Nearly level: questions."
    )
    assert plain(in_a_line({"questions": level})) == "Nearly level: questions."
    assert plain(in_a_line({})) == "No measure of two subjects is up to date, so there is no answer yet."


def test_a_leader_in_everything(make: SimpleNamespace) -> None:
    """One leader of all measures is said to be that."""
    rankings = {
        "downloads": stand(make, "pypi_downloads", 7, 3),
        "stars in total": stand(make, "github_stars_total", 7, 3),
    }

    assert plain(headline(rankings, [])) == (
        "PyTorch leads in every measure that is up to date: downloads and stars in total."
    )


def test_level_measures_have_no_leader(make: SimpleNamespace) -> None:
    """What is too close to call is named as such."""
    assert (
        plain(headline({"downloads": stand(make, "pypi_downloads", 50, 50)}, []))
        == "Nearly level: downloads."
    )


def test_no_answer_yet() -> None:
    """Without a measure of two subjects nobody is said to lead."""
    assert plain(headline({}, [])) == "No measure of two subjects is up to date, so there is no answer yet."
