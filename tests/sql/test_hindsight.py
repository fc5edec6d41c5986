"""Dated claims: the file of them keeps its rules, and no verdict of a day hangs on what was told later."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from benchmarks.claims.dated import ECOSYSTEM, MOST_WORDS, Dated, read_dated
from benchmarks.claims.judge import UNKNOWN, UNMEASURABLE, WITHHELD, Judged, numbers
from tests.made import called, configuration
from warehouse.build.load import open_work
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import read_ecosystem
from warehouse.statistics.pairs import Pair
from warehouse.statistics.standings import leads, standings

pytestmark = pytest.mark.usefixtures("without_checks")

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
EARLIER = datetime(2022, 1, 20, 6, tzinfo=UTC)
CLAIMS = """
source = "Articles"
[[claims]]
id = "leads"
quote = "more asked about"
says = "One is asked about more."
question = "Which is asked about more?"
about = "one"
evidence = [{ metric = "stackoverflow_questions" }]
would_change = "More questions about two."
cannot_tell = "Why people ask."
[[claims]]
id = "grows"
quote = "growing"
says = "One grows faster."
question = "Which grows faster?"
about = "one"
evidence = [{ metric = "stackoverflow_questions", measure = "grows" }]
would_change = "Faster growth of two."
cannot_tell = "Why people ask."
"""


@pytest.fixture(scope="module")
def dated():
    return read_dated()


def test_there_are_as_many_claims_as_were_asked_for_each_traceable(dated):
    """At least sixty, no quote twice from one page, and no page that tells most of them."""
    assert len(dated) >= 60
    assert max(Counter(one.id for one in dated).values()) == 1
    assert max(Counter((one.url, one.quote) for one in dated).values()) == 1
    pages = Counter(one.url for one in dated)
    assert len(pages) >= 40
    assert max(pages.values()) <= 10


def test_they_were_made_from_2017_to_2025_and_are_quoted_shortly(dated):
    """Each year has some, in order of time; a day that stands for its month is the month's first."""
    assert {one.made_on.year for one in dated} == set(range(2017, 2026))
    assert [one.made_on for one in dated] == sorted(one.made_on for one in dated)
    assert all(len(one.quote.split()) <= MOST_WORDS for one in dated)
    assert all(one.made_on.day == 1 for one in dated if one.dated_to == "month")


def test_each_is_one_that_the_engine_can_judge(dated):
    """Whatever its metrics are called, each becomes a claim about subjects that are compared."""
    every = {told.metric for one in dated for told in one.evidence}
    ecosystem = read_ecosystem(ECOSYSTEM)
    subjects = {one.id for one in ecosystem.subjects}

    for one in dated:
        claim = one.claim(every)
        assert {one.about, *one.against} <= subjects
        assert claim.rivals(ecosystem)
        assert bool(claim.evidence) == (one.not_measurable is None)


def test_metrics_that_no_source_has_are_left_out_and_told(dated):
    """By nothing known a claim is not judged; by one of its metrics it is, by that one alone."""
    one = next(one for one in dated if len(one.evidence) > 1)
    known = one.evidence[0].metric

    assert one.claim(()) is None
    assert [told.metric for told in one.claim({known}).evidence] == [known]
    assert one.unknown({known}) == [told.metric for told in one.evidence[1:]]
    assert one.unknown(catalog().metrics) == [
        m.metric for m in one.evidence if m.metric not in catalog().metrics
    ]


def test_a_long_quote_is_refused(dated):
    """More than a dozen words are no short quote."""
    fields = dated[0].model_dump() | {"quote": "word " * 13}

    with pytest.raises(ValidationError, match="found a quote of 13 words, expected at most 12"):
        Dated.model_validate(fields)


def test_what_is_reported_is_counted_of_the_verdicts(dated):
    """What holds is told of those alone that have a verdict today as well."""
    told = [
        ("supported", "supported"),
        ("supported", "contradicted"),
        ("contradicted", "supported"),
        ("mixed", WITHHELD),
        (WITHHELD, "supported"),
        (UNMEASURABLE, UNMEASURABLE),
        (UNKNOWN, UNKNOWN),
    ]
    rows = [Judged(dated[0], then, today) for then, today in told]
    rows.append(Judged(dated[0], WITHHELD, WITHHELD, is_counted=False))
    counted = dict(numbers(rows))

    assert list(counted.values()) == [8, 1, 1, 2, 1, 1, 4, 2, 1, 1, 3, 1, 2, 1, 1]


def monthly(totals, tag, told):
    """Answers of a month's questions each, the first three years told at their end, the others today."""
    month = date(2019, 1, 1)
    for place, total in enumerate(totals):
        at = EARLIER if place < 36 else NOW
        yield told("stackoverflow", "question_months", f"{tag} {month:%Y-%m}", {"total": total}, at)
        month = (month + timedelta(days=31)).replace(day=1)


def test_a_verdict_of_a_day_stays_when_later_figures_come(warehouse, told, tmp_path):
    """Two has months without a question; it catches up later, after smaller figures than any before."""
    subjects = {name: {"name": name, **called(name, "stackoverflow")} for name in ("one", "two")}
    (tmp_path / "claims.toml").write_text(CLAIMS)
    config = 'claims = "claims.toml"\n' + configuration({"stackoverflow": 35}, **subjects)
    wave = [(13 * month) % 7 for month in range(72)]
    ones = [400 + 10 * wave[month] for month in range(36)] + [50 + wave[month] for month in range(36)]
    twos = [40 * (month % 4 > 0) + 9 * month for month in range(36)] + [*[4] * 20, *[900] * 16]
    twos[0] = twos[5] = twos[20] = 0

    today = warehouse(config, NOW).tell(*monthly(ones, "one", told), *monthly(twos, "two", told))
    then = today.at(EARLIER.date()).build()
    today.build()

    assert {verdict for _, _, verdict in verdicts(then)} >= {WITHHELD, "supported", "contradicted"}
    assert verdicts(today) == verdicts(then)
    assert standings_of(today) == standings_of(then)
    final = "select claim_id, verdict from claims order by claim_id"
    assert today.rows(final) != then.rows(final)


def verdicts(warehouse):
    """The verdicts of each month that was over, and its figures told, before the earlier day."""
    return query(warehouse, "select claim_id, as_of, verdict from intermediate.int_claim_verdicts")


def standings_of(warehouse):
    """What those verdicts rest on, to the last digit."""
    return query(warehouse, "from intermediate.int_claim_standings")


def query(warehouse, sql):
    with open_work(warehouse.settings) as work:
        return work.execute(f"from ({sql}) where as_of < date '2021-12-01' order by all").fetchall()


def weeks(log_ratios, *, apart=7, window=13):
    """A flow by week, or readings of a counter some days apart."""
    ends = np.datetime64("2018-01-07") + apart * np.arange(len(log_ratios))
    none = np.zeros(len(ends), int)
    starts = ends - (6 if window > 1 else 0)
    return Pair(starts, ends, np.array(log_ratios, float), none, none, quarter=13, window=window, month=1)


def test_a_standing_of_a_month_hangs_on_nothing_later():
    """Of a series that turns, those of the months before are the same as if it had ended there."""
    noise = np.random.default_rng(5).normal(0, 0.2, 160)
    turning = np.concatenate([np.full(100, 0.5), np.full(60, -0.9)]) + noise
    key, lag, today = ("a_metric", "one", "two"), np.timedelta64(3, "D"), np.datetime64("2021-06-15")

    for measure in ("leads", "grows"):
        whole = list(standings(measure, key, weeks(turning), lag, today))
        cut = list(standings(measure, key, weeks(turning[:110]), lag, today))
        stops = weeks(turning[:110]).ends[-1]
        before = [one for one in whole if one.as_of <= stops]
        assert before
        assert before == [one for one in cut if one.as_of <= stops]
    assert {one.side for one in whole} > {-1}


def test_a_counter_that_is_read_once_a_month_tells_who_leads_after_half_a_year():
    """Seven readings are enough of a counter, though not of weeks."""

    def found(pair):
        return leads(("a_metric", "one", "two"), pair, np.array([len(pair.ends)]))[0]

    assert found(weeks([1.0] * 6, apart=30, window=1)) is None
    assert found(weeks([1.0] * 8, apart=30, window=1))[0] == 1
    assert found(weeks([1.0] * 8)) is None
