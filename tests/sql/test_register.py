"""The reviewed register of breaks, faults, gaps and outside events."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import configuration
from warehouse.config.catalog import catalog

NOW = datetime(2025, 3, 10, 6, tzinfo=UTC)
TENSORFLOW = configuration(
    {"github": 9}, tensorflow={"name": "TensorFlow", "github": "tensorflow/tensorflow"}
)


def register():
    """Every reviewed event, of a source or of none."""
    return [*catalog().events, *(event for source in catalog().values() for event in source.events)]


def test_every_event_says_where_it_is_documented():
    """In order of time at each source, each with an address of its own and an id that no other has."""
    assert len(register()) > 15
    for source in catalog().values():
        days = [event.occurred_on for event in source.events]
        assert days == sorted(days), source.id
    assert len({event.id for event in register()}) == len(register())
    assert [event.id for event in register() if not event.url.startswith("https://")] == []


@pytest.mark.usefixtures("without_checks")
def test_the_events_of_a_subject_are_published_where_it_is_compared(warehouse, told):
    """Those of all subjects always. Net change is between two firsts of a month, all or nothing."""
    house = warehouse(TENSORFLOW, now=NOW)
    for day, stars in (
        (date(2025, 1, 1), 100),
        (date(2025, 1, 31), 140),
        (date(2025, 2, 1), 130),
        (date(2025, 3, 2), 9),
    ):
        body = {"id": 1, "full_name": "tensorflow/tensorflow", "stargazers_count": stars}
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=6)
        house.tell(told("github", "repository", "tensorflow/tensorflow", body, at))
    house.build()

    assert house.rows("select event_id, subject_id from events where url is not null order by 1") == sorted(
        (event.id, event.subject) for event in register() if event.subject in (None, "tensorflow")
    )
    assert house.rows("select month, stars_total, stars_net_change from community_monthly order by 1") == [
        (date(2025, 1, 1), 140, 30),
        (date(2025, 2, 1), 130, None),
        (date(2025, 3, 1), 9, None),
    ]


@pytest.mark.usefixtures("without_checks")
def test_the_events_of_a_subject_that_is_not_compared_are_left_out(warehouse, told):
    """A register row of tensorflow concerns no other comparison."""
    house = warehouse(TENSORFLOW.replace('id = "tensorflow"', 'id = "jax"'), now=NOW)
    house.tell(told("github", "repository", "tensorflow/tensorflow", {"id": 1, "stargazers_count": 1}, NOW))
    house.build()

    assert house.rows("select event_id from events where subject_id is not null") == []
    assert house.rows("select count(*) from events") == [
        (sum(event.subject is None for event in register()),)
    ]
