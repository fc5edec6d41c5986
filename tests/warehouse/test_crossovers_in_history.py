"""The crossovers of PyTorch and TensorFlow, in the real figures of 2016 to 2025.

The compiled history lies beside the repository, in the folder that BAROMETER_SHARED names.
"""

import os
from pathlib import Path

import duckdb
import numpy as np
import pytest

from warehouse.statistics.crossovers import Finding, find_crossover
from warehouse.statistics.pairs import Pair

ROOT = Path(__file__).resolve().parents[2]
HISTORY = Path(os.environ.get("BAROMETER_SHARED") or ROOT.parent / "shared") / "history"

pytestmark = pytest.mark.skipif(
    not HISTORY.is_dir(), reason=f"{HISTORY} does not exist: the history is no part of the repository"
)

WEEKS = """
with weeks as (
    select date_trunc('week', day)::date as first, first + 6 as last, repo, sum({figure}) as n
    from '{history}/github_new_events_daily.csv' where day < '2025-08-04' group by all
)
select one.first, one.last, one.n, two.n from weeks as one inner join weeks as two using (last)
where one.repo = 'pytorch/pytorch' and two.repo = 'tensorflow/tensorflow' order by last
"""

READINGS = """
with days as (select * from '{history}/github_repo_daily.csv' where source = 'ghranking')
select max(observed_on), max(observed_on), arg_max(one.stars, observed_on), arg_max(two.stars, observed_on)
from days as one inner join days as two using (observed_on)
where one.repo = 'pytorch/pytorch' and two.repo = 'tensorflow/tensorflow'
group by date_trunc('week', observed_on) order by 1
"""

# The last 30 days' downloads, as told at the end of each month.
DOWNLOADS = """
with months as (
    select date_trunc('month', period_end)::date as first, package, arg_max(downloads, period_end) as n
    from '{history}/pypi_downloads.csv' where source = 'bestof_ml' group by all
)
select first, last_day(first), one.n, two.n from months as one inner join months as two using (first)
where one.package = 'torch' and two.package = 'tensorflow' order by first
"""

QUESTIONS = """
with months as (
    select (month || '-01')::date as first, tag, questions as n
    from read_csv('{history}/stackoverflow_monthly.csv', types = {{'month': 'varchar'}})
)
select first, last_day(first), one.n, two.n from months as one inner join months as two using (first)
where one.tag = 'pytorch' and two.tag = 'tensorflow' order by first
"""


def compared(metric_id: str, query: str, quarter: int, window: int, month: int, figure: str = "") -> Finding:
    """Compare PyTorch to TensorFlow, half a figure standing for none."""
    rows = duckdb.sql(query.format(history=HISTORY, figure=figure)).fetchall()
    starts, ends, one, two = (np.array(column) for column in zip(*rows, strict=True))
    ends = ends.astype("datetime64[D]")
    ratios = np.log(np.maximum(one, 0.5).astype(float) / np.maximum(two, 0.5).astype(float))
    runs = np.cumsum(np.diff(ends, prepend=ends[0]).astype(int) > 92)
    pair = Pair(starts.astype("datetime64[D]"), ends, ratios, runs, 0 * runs, quarter, window, month)
    found = find_crossover((metric_id, "pytorch", "tensorflow"), pair)
    assert found
    return found


def test_stars_gained_crossed_in_early_2023():
    """The quarter to 19 March 2023 is the first of PyTorch that none of TensorFlow's follows.

    ln(PyTorch / TensorFlow) of the 13 weeks from 12 December 2022: 151:161 -0.064, 150:176 -0.160,
    150:155 -0.033, 156:188 -0.187, 252:229 0.096, 180:203 -0.120, 291:170 0.538, 208:220 -0.056,
    217:231 -0.063, 270:246 0.093, 258:294 -0.131, 262:250 0.047, 244:259 -0.060; sum -0.099. With the week
    of 13 March, 424:237 0.582, in place of the first the sum is 0.547. By quarters of the calendar: 2,150
    to 2,265 stars from October 2022, 3,356 to 3,032 from January 2023.
    """
    found = compared("github_stars_gained", WEEKS, 13, 13, 4, "new_stars")

    assert (found.status, found.first_leads) == ("crossed", True)
    assert str(found.crossed_on) == "2023-03-19"
    assert (str(found.low_on), str(found.high_on)) == ("2023-01-02", "2023-07-23")


def test_forks_gained_crossed_in_early_2023():
    """The quarter to 29 January 2023 is PyTorch's, and every one after it.

    The 13 weeks from 24 October 2022: 45:75 -0.511, 51:67 -0.273, 43:47 -0.089, 50:50 0, 41:45 -0.093,
    42:48 -0.134, 50:37 0.301, 40:33 0.192, 45:29 0.439, 31:37 -0.177, 40:48 -0.182, 61:50 0.199, 62:54 0.138;
    sum -0.189. With the week of 23 January, 68:42 0.482, in place of the first 0.804.
    """
    found = compared("github_forks_gained", WEEKS, 13, 13, 4, "new_forks")

    assert (found.status, found.first_leads) == ("crossed", True)
    assert str(found.crossed_on) == "2023-01-29"
    assert (str(found.low_on), str(found.high_on)) == ("2022-10-31", "2023-03-19")


def test_monthly_downloads_crossed_in_spring_2024():
    """In March for the first time, in the quarter to the end of April for good.

    In millions: January 15.90:16.73 -0.051, February 19.32:19.53 -0.011, March 24.08:22.73 0.058,
    April 27.29:22.45 0.195. January to March sum to -0.004, February to April to 0.242.
    """
    found = compared("pypi_downloads", DOWNLOADS, 3, 3, 1)

    assert (found.status, found.first_leads) == ("crossed", True)
    assert str(found.crossed_on) == "2024-04-30"
    assert (str(found.low_on), str(found.high_on)) == ("2024-02-01", "2024-04-30")
    assert str(found.sustained_since) == "2024-03-31"


def test_stars_in_total_had_not_crossed_by_the_end_of_2025():
    """TensorFlow led with 116,901 to 22,867 in December 2018 and with 193,132 to 96,251 in December 2025."""
    found = compared("github_stars_total", READINGS, 13, 1, 1)

    assert (found.status, found.first_leads) == ("not crossed", False)
    assert str(found.compared_to) == "2025-12-31"
    assert found.ratio == pytest.approx(96_251 / 193_132)


def test_questions_were_too_close_to_call_in_may_2023():
    """483 to 493: ten of 976, which is one percent."""
    found = compared("stackoverflow_questions", QUESTIONS, 3, 3, 1)

    assert (found.status, str(found.compared_to)) == ("too close to call", "2023-05-31")
