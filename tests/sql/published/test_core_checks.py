"""The checks that concern no single source, shown finding figures that no answer could bring about.

Each is run as dbt compiled it, on a work database in which one figure was changed for it alone.
"""

import duckdb
import pytest

from warehouse.build.together import QUERY
from warehouse.config.settings import Settings

FEBRUARY = "subject_id = 'one' and month = '2025-02-01'"
DOWNLOADS = "subject_id = 'one' and metric_id = 'pypi_downloads' and period_start = '2025-02-01'"


def compiled(settings: Settings, check_id: str) -> str:
    """The check, as it stands in the compiled file of all of them."""
    file = settings.folder / "dbt/compiled/barometer/tests/checks.sql"
    return dict(QUERY.findall(file.read_text()))[check_id]


@pytest.mark.parametrize(
    ("check_id", "change"),
    [
        (
            "periods_end_after_they_begin_and_no_value_is_negative",
            f"update intermediate.int_observations set value = -1 where {DOWNLOADS}",
        ),
        (
            "suspect_and_stale_say_why",
            f"update intermediate.int_observations set state = 'suspect' where {DOWNLOADS}",
        ),
        (
            "people_do_not_download_more_than_everyone",
            f"update intermediate.int_observations set low = value + 1 where {DOWNLOADS}",
        ),
        (
            "shares_of_adoption_lie_between_0_and_1",
            f"update marts.adoption_monthly set pageviews_share = 1.5 where {FEBRUARY}",
        ),
        (
            "growth_is_told_or_its_absence_explained",
            f"update marts.adoption_monthly set downloads_yoy = null where {FEBRUARY}",
        ),
        (
            "shares_of_a_month_sum_to_one",
            f"update marts.adoption_monthly set downloads_share = downloads_share / 2 where {FEBRUARY}",
        ),
        (
            "months_are_the_sum_of_their_packages_days",
            f"update marts.adoption_monthly set downloads = downloads + 1 where {FEBRUARY}",
        ),
        (
            "shares_of_questions_lie_between_0_and_1",
            f"update marts.community_monthly set questions_answered_share = 1.5 where {FEBRUARY}",
        ),
        (
            "a_share_lies_within_its_interval",
            f"update marts.community_monthly set questions_share_of_rivals = 0.1 where {FEBRUARY}",
        ),
        (
            "nobody_leads_over_himself",
            "update marts.crossovers set leader_id = trailer_id where metric_id = 'pypi_downloads'",
        ),
        (
            "a_change_of_leader_lies_within_its_interval",
            "update marts.crossovers set crossed_on = low_on - 1 where metric_id = 'pypi_downloads'",
        ),
        (
            "a_change_has_its_dates_and_no_other_status_has",
            "update marts.crossovers set crossed_on = null where metric_id = 'pypi_downloads'",
        ),
        (
            "a_ratio_lies_within_its_interval",
            "update marts.crossovers set ratio_low = ratio + 1 where metric_id = 'pypi_downloads'",
        ),
        (
            "what_is_weighted_says_how_often_it_leads",
            "update marts.weightings set leads_share = null where kind = 'adoption' and subject_id = 'one'",
        ),
        (
            "a_measure_has_its_share_or_says_why_not",
            "update marts.weighting_measures set reason = 'none' "
            "where metric_id = 'pypi_downloads' and subject_id = 'one'",
        ),
        (
            "a_revision_changes_its_value",
            "update marts.revisions set new_value = old_value",
        ),
    ],
)
def test_a_check_of_the_marts_finds_a_wrong_figure(built: Settings, check_id: str, change: str):
    """Nothing before the change, one row after it."""
    with duckdb.connect(built.work_file) as work:
        assert work.execute(compiled(built, check_id)).fetchall() == []
        work.execute("begin")
        work.execute(change)
        found = work.execute(compiled(built, check_id)).fetchall()
        work.execute("rollback")

    assert len(found) == 1
