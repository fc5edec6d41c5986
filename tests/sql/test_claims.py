"""Verdicts are made of the figures: other figures, another verdict, another sentence, and no hindsight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import called, configuration

pytestmark = pytest.mark.usefixtures("without_checks")

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
FIRST = date(2021, 1, 1)
CLAIMS = """
source = "A talk"

[[claims]]
id = "more_asked"
quote = "more questions"
says = "One is asked about more."
question = "Which is asked about more?"
about = "one"
evidence = [EVIDENCE]
would_change = "More questions of the other."
cannot_tell = "Who asks."

[[claims]]
id = "easier"
quote = "easier"
says = "One is easier."
question = "Which is learnt sooner?"
about = "one"
not_measurable = "No count tells ease."
"""
QUESTIONS = '{ metric = "stackoverflow_questions" }'
VIEWS = '{ metric = "wikipedia_pageviews" }'
STARS = '{ metric = "github_stars_gained" }'
DOWNLOADS = '{ metric = "pypi_downloads" }'
ASKED = ("github", "pypi", "stackoverflow", "wikipedia")


@pytest.fixture
def judged(warehouse, tmp_path):
    """Make a warehouse that judges the claim by some evidence, about subjects released long ago or then."""

    def make(*evidence: str, released: date = date(2015, 1, 1), now: datetime = NOW):
        (tmp_path / "claims.toml").write_text(CLAIMS.replace("EVIDENCE", ", ".join(evidence)))
        two = configuration(
            one=called("one", *ASKED, first_release_on=released),
            two=called("two", *ASKED, first_release_on=date(2015, 1, 1)),
        )
        return warehouse(f'claims = "claims.toml"\n{two}', now=now)

    return make


def questions(told, tag, totals, first=FIRST, at=NOW):
    """A month's questions each, from January 2021 on."""
    found = []
    for n, total in enumerate(totals):
        month = date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        found.append(told("stackoverflow", "question_months", f"{tag} {month:%Y-%m}", {"total": total}, at))
    return found


def views(told, article, a_day, **extra):
    """A year of an article's views up to yesterday."""
    days = [date(2024, 3, 11) + timedelta(n) for n in range(364)]
    items = [{"article": article, "timestamp": f"{day:%Y%m%d}00", "views": a_day} for day in days]
    return told("wikipedia", "pageview_days", f"{article} 2024", {"items": items, **extra}, NOW)


def stars(told, name, a_day):
    """A year of a repository's stars, up to the Saturday before."""
    sundays = [datetime(2025, 3, 2, tzinfo=UTC) - timedelta(weeks=n) for n in range(52)]
    weeks = [{"week": int(at.timestamp()), "total": 7 * a_day, "days": [a_day] * 7} for at in sundays]
    body = {
        "id": {"one/one": 1, "two/two": 2}[name],
        "full_name": name,
        "stargazers_count": 7 * a_day * 52,
        "forks_count": 5,
        "open_issues_count": 3,
    }
    return [
        told("github", "repository", name, body, NOW),
        told("github", "star_history", f"{name} 1", weeks, NOW),
    ]


def logs(told, package, a_month):
    """A year of a package's downloads, each month's on its first day."""
    days = [date(2024, 3, 1) + timedelta(n) for n in range(365)]
    told_days = [
        {"date": str(day), "installers": {"pip": a_month} if day.day == 1 else {}, "downloads": a_month}
        for day in days
    ]
    data = [{**day, "downloads": sum(day["installers"].values())} for day in told_days]
    data.append({"date": "2025-03-01", "installers": {}, "downloads": 0})
    return told("pypi", "log_days", f"{package} 2016-01-01", {"data": data, "rows": len(data)}, NOW)


VERDICT = "select verdict, since, true_until, confidence, evidence from claims where claim_id = 'more_asked'"
YEARS = "select year, verdict from claim_history where claim_id = 'more_asked' order by year"
EVERY_YEAR = "from claim_history order by all"


@pytest.mark.parametrize(
    ("first", "second", "verdict", "since", "evidence"),
    [
        (300, 100, "supported", date(2021, 8, 31), "for it: questions (3 times)"),
        (100, 300, "contradicted", date(2021, 8, 31), "against it: questions (3 times)"),
        (100, 200, "contradicted", date(2021, 8, 31), "against it: questions (2 times)"),
        (100, 101, "mixed", date(2021, 8, 31), "too close to call: questions"),
    ],
)
def test_other_figures_make_another_verdict_and_sentence(
    judged, told, first, second, verdict, since, evidence
):
    """Since half a year was known: to June, which is told 35 days later. One source alone is low."""
    house = judged(QUESTIONS)
    house.tell(*questions(told, "one", [first] * 50), *questions(told, "two", [second] * 50))
    house.build()

    assert house.rows(VERDICT) == [(verdict, since, None, "low", evidence)]
    assert house.rows(YEARS) == [(year, verdict) for year in (2021, 2022, 2023, 2024)]


def test_what_was_true_for_half_a_year_was_true_until_then(judged, told):
    """Three years in front, then behind; the quarter turns with the second month of the other one."""
    house = judged(QUESTIONS)
    house.tell(
        *questions(told, "one", [300] * 36 + [100] * 14), *questions(told, "two", [150] * 36 + [300] * 14)
    )
    house.build()

    ((verdict, since, until, confidence, evidence),) = house.rows(VERDICT)
    assert (verdict, confidence, evidence) == ("was true until", "low", "against it: questions (3 times)")
    assert date(2023, 12, 31) <= until < since <= date(2024, 4, 30)
    assert house.rows(YEARS) == [
        (2021, "supported"),
        (2022, "supported"),
        (2023, "supported"),
        (2024, "contradicted"),
    ]


def test_what_nobody_can_count_is_told_with_the_reason(judged, told):
    """A claim without evidence, and one of which nothing is known yet, or nothing newer than a year."""
    house = judged(QUESTIONS)
    house.tell(*questions(told, "one", [300] * 12), *questions(told, "two", [100] * 12))
    house.build()

    assert house.rows("select verdict, evidence, confidence from claims where claim_id = 'easier'") == [
        ("not measurable here", "No count tells ease.", None)
    ]
    assert house.rows(VERDICT) == [("not measurable here", None, None, None, "not known: questions")]
    # Of 2021 in 2021 and in 2022, as old as a year at most.
    assert house.rows(YEARS) == [
        (2021, "supported"),
        (2022, "supported"),
        (2023, "not measurable here"),
        (2024, "not measurable here"),
    ]


def test_a_claim_without_any_figures_is_told_all_the_same(judged, told):
    """Of a file in which nothing can be compared."""
    house = judged(QUESTIONS)
    house.tell(*questions(told, "one", [300] * 12))
    house.build()

    assert house.rows("select claim_id, verdict from claims order by position") == [
        ("more_asked", "not measurable here"),
        ("easier", "not measurable here"),
    ]
    assert house.rows(EVERY_YEAR) == []


def test_nothing_is_judged_before_both_are_released(judged, told):
    """Whatever was counted of their names until then."""
    house = judged(QUESTIONS, released=date(2023, 5, 1))
    house.tell(*questions(told, "one", [300] * 50), *questions(told, "two", [100] * 50))
    house.build()

    assert house.rows(YEARS) == [(2023, "supported"), (2024, "supported")]
    assert house.rows(VERDICT)[0][1] == date(2023, 5, 31)


@pytest.mark.usefixtures("without_dbt")
def test_confidence_is_of_how_many_agree(judged, told):
    """Two sources are medium, three high; one that says the opposite, or gave sample data, takes it back."""
    three = judged(QUESTIONS, VIEWS, STARS)
    asked = [*questions(told, "one", [300] * 50), *questions(told, "two", [100] * 50)]
    three.tell(*asked, views(told, "One", 200), views(told, "Two", 100))
    three.build()
    assert three.rows("select verdict, confidence, share_known, state from claims where position = 0") == [
        ("supported", "medium", pytest.approx(2 / 3), "ok")
    ]
    three.tell(*stars(told, "one/one", 40), *stars(told, "two/two", 10)).build()
    assert three.rows("select verdict, confidence, share_known, state from claims where position = 0") == [
        ("supported", "high", 1.0, "ok")
    ]


def test_a_third_that_says_the_opposite_is_no_high_confidence(judged, told):
    """Three of four sources agree: supported, of medium confidence."""
    four = judged(QUESTIONS, VIEWS, STARS, DOWNLOADS)
    four.tell(
        *questions(told, "one", [300] * 50),
        *questions(told, "two", [100] * 50),
        *(views(told, "One", 200), views(told, "Two", 100)),
        *stars(told, "one/one", 40),
        *stars(told, "two/two", 10),
        *(logs(told, "one", 100), logs(told, "two", 900)),
    )
    four.build()

    assert four.rows(
        "select verdict, confidence, share_for, share_against from claims where position = 0"
    ) == [("supported", "medium", 0.75, 0.25)]


def test_sample_data_of_either_is_told_and_is_low(judged, told):
    """Here those of the rival alone."""
    house = judged(QUESTIONS, VIEWS)
    house.tell(
        *questions(told, "one", [300] * 50),
        *questions(told, "two", [100] * 50),
        *(views(told, "One", 200), views(told, "Two", 100, sample="a formula")),
    )
    house.build()

    assert house.rows("select verdict, confidence, state from claims where position = 0") == [
        ("supported", "low", "sample")
    ]


def test_the_evidence_has_every_figure_with_its_answer(judged, told):
    """Of each subject: the newest figure, the side, and the moment of the archived answer."""
    house = judged(QUESTIONS)
    house.tell(*questions(told, "one", [300] * 50), *questions(told, "two", [100] * 50))
    house.build()

    assert house.rows(
        "select subject_id, period_start, value, state, supports, weight, ratio, compared_to, basis, "
        "observed_at "
        "from claim_evidence order by all"
    ) == [
        (
            *(name, date(2025, 2, 1), value, "ok", "supports", 1.0, pytest.approx(3), date(2025, 2, 28)),
            *("questions that still exist", NOW),
        )
        for name, value in (("one", 300.0), ("two", 100.0))
    ]


@pytest.mark.usefixtures("without_dbt")
def test_a_past_year_does_not_change_when_later_figures_come(judged, told):
    """Nor does it know what ended with it and was told later: a month's figure takes its days."""
    house = judged(QUESTIONS)
    early = datetime(2024, 1, 20, 6, tzinfo=UTC)
    house.tell(
        *questions(told, "one", [300] * 34 + [90] * 2, at=early),
        *questions(told, "two", [150] * 36, at=early),
    )
    house.build()
    before = house.rows("from claim_history where year <= 2023 order by all")
    assert {row[3] for row in before} == {"supported"}

    house.tell(
        *questions(told, "one", [1] * 14, date(2024, 1, 1)),
        *questions(told, "two", [900] * 14, date(2024, 1, 1)),
    )
    house.build()
    assert house.rows(VERDICT)[0][0] == "was true until"
    assert house.rows("from claim_history where year <= 2023 order by all") == before


def test_the_last_day_of_a_year_is_no_past_one_yet(judged, told):
    """Its row would be of all that is known, and another one a day later."""
    eve = datetime(2024, 12, 31, 6, tzinfo=UTC)
    house = judged(QUESTIONS, now=eve)
    house.tell(*questions(told, "one", [300] * 47, at=eve), *questions(told, "two", [150] * 47, at=eve))
    house.build()

    assert house.rows(YEARS) == [(2021, "supported"), (2022, "supported"), (2023, "supported")]
