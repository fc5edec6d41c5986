"""Conference papers: nobody is asked, and the seed's figures are told as its own."""

from datetime import UTC, date, datetime

import pytest

from flows.sources import load_demo, load_source
from flows.standin.clock import Clock
from tests.made import configuration
from warehouse.config.ecosystem import Subject

NOW = datetime(2026, 11, 29, 6, tzinfo=UTC)


def test_nobody_is_asked(settings):
    """There is no service, no question, and nothing that stands in."""
    source, subject = load_source("conferences"), Subject(id="one", name="One", conferences="pytorch")

    assert source.services(settings) == ()
    assert list(source.questions([subject], settings, {})) == []
    assert load_demo("conferences").stand_ins(Clock(NOW)) == []


def test_only_what_was_counted_has_a_name():
    """Any other framework would have no figures."""
    with pytest.raises(ValueError, match="expected pytorch or tensorflow"):
        Subject(id="jax", name="JAX", conferences="jax")


def test_years_of_all_five_conferences_are_told(warehouse):
    """As they were counted; an end, and nothing late, without one answer in the archive."""
    house = warehouse(
        configuration(pytorch={"conferences": "pytorch"}, tensorflow={"conferences": "tensorflow"}), now=NOW
    )
    house.build()

    told = "select year(period_start), value, state from observations where metric_id = "
    of = " and subject_id = 'pytorch' order by 1"
    assert house.rows(f"{told}'conference_papers'{of}") == [
        (2017, 1 + 0 + 5 + 4 + 12, "ok"),
        (2018, 32 + 89 + 60 + 27 + 74, "ok"),
        (2019, 127 + 294 + 146 + 76 + 182, "ok"),
        (2020, 172 + 418 + 247 + 142 + 312, "ok"),
    ]
    (_, share, _), *_ = house.rows(f"{told}'conference_papers_share'{of}")
    assert share == pytest.approx(22 / (302 + 783 + 323 + 434 + 679))
    assert house.rows("select distinct last_period, ended_on, state, reason from series_status") == [
        (date(2020, 12, 31), date(2020, 12, 31), "fresh", "ended on 2020-12-31, as its source did")
    ]
    assert house.rows("select state, reason, last_success_at from source_status") == [("fresh", None, None)]
    assert house.rows("select check_id from quality_checks where not passed") == []
