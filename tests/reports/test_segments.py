"""Lines are drawn through neighbouring known points and through nothing else."""

from datetime import date, timedelta
from types import SimpleNamespace

from reports.data.records import Event
from reports.data.series import Series
from reports.findings.segments import segments, since_two, unusual


def values(series: Series, *events: Event) -> list[tuple[str, list[float]]]:
    """Return each segment as its subject and its values."""
    return [(found.subject_id, [point.value for point in found.points]) for found in segments(series, events)]


def test_a_missing_month_breaks_the_line(make: SimpleNamespace) -> None:
    """No line is drawn over a month that is not there, be its row missing or its value null."""
    points = make.month_points("pytorch", "2024-01", [1, 2, None, 4, 5])

    assert values(make.series("pypi_downloads", *points)) == [("pytorch", [1, 2]), ("pytorch", [4, 5])]


def test_zero_is_a_value(make: SimpleNamespace) -> None:
    """A month with no question at all is drawn at zero."""
    points = make.month_points("pytorch", "2024-01", [3, 0, 2])

    assert values(make.series("stackoverflow_questions", *points)) == [("pytorch", [3, 0, 2])]


def test_counters_may_be_a_month_and_a_half_apart(make: SimpleNamespace) -> None:
    """Forty-five days between two readings are bridged, forty-six are a gap."""
    first = date(2024, 1, 1)
    near = make.day_points("pytorch", {first: 1, first + timedelta(days=45): 2})
    far = make.day_points("pytorch", {first: 1, first + timedelta(days=46): 2})

    assert values(make.series("github_stars_total", *near)) == [("pytorch", [1, 2])]
    assert values(make.series("github_stars_total", *far)) == [("pytorch", [1]), ("pytorch", [2])]


def test_another_way_of_counting_breaks_the_line(make: SimpleNamespace) -> None:
    """Two points that were counted in different ways are never joined."""
    before = make.month_points("pytorch", "2024-01", [1, 2], basis="download logs")
    after = make.month_points("pytorch", "2024-03", [3, 4], basis="pypistats")

    assert values(make.series("pypi_downloads", *before, *after)) == [
        ("pytorch", [1, 2]),
        ("pytorch", [3, 4]),
    ]


def test_a_series_break_breaks_the_line_of_its_metric_only(make: SimpleNamespace) -> None:
    """A break in the middle of a month parts that month from the one before; other metrics go on."""
    recount = make.happening("series break", date(2024, 2, 21), metric_id="github_forks_total")
    points = make.day_points("pytorch", {date(2024, 2, 1): 9, date(2024, 3, 1): 7})

    assert values(make.series("github_forks_total", *points), recount) == [("pytorch", [9]), ("pytorch", [7])]
    assert values(make.series("github_stars_total", *points), recount) == [("pytorch", [9, 7])]


def test_a_break_of_one_subject_leaves_the_others(make: SimpleNamespace) -> None:
    """An event of one subject breaks its line alone, but every line of a share."""
    renamed = make.happening(
        "series break", date(2024, 2, 1), metric_id="pypi_downloads", subject_id="pytorch"
    )
    points = [
        *make.month_points("pytorch", "2024-01", [1, 2]),
        *make.month_points("keras", "2024-01", [3, 4]),
    ]

    counts, share = (
        make.series("pypi_downloads", *points),
        make.series("pypi_downloads", *points, key="downloads_share", unit="share"),
    )

    assert values(counts, renamed) == [("pytorch", [1]), ("pytorch", [2]), ("keras", [3, 4])]
    assert values(share, renamed) == [("pytorch", [1]), ("pytorch", [2]), ("keras", [3]), ("keras", [4])]


def test_a_measuring_fault_is_not_drawn_through(make: SimpleNamespace) -> None:
    """Months that a fault touches are left out, marked suspect or not."""
    dry = make.happening(
        "measuring fault", date(2024, 2, 20), ended_on=date(2024, 3, 4), metric_id="pypi_downloads"
    )
    points = make.month_points("pytorch", "2024-01", [1, 2, 3, 4, 5])

    assert values(make.series("pypi_downloads", *points), dry) == [("pytorch", [1]), ("pytorch", [4, 5])]


def test_a_short_fault_between_two_readings_parts_them(make: SimpleNamespace) -> None:
    """A fault that no reading falls into is not drawn through either."""
    fault = make.happening(
        "measuring fault", date(2024, 1, 10), ended_on=date(2024, 1, 12), metric_id="github_stars_total"
    )
    points = make.day_points("pytorch", {date(2024, 1, 1): 1, date(2024, 2, 1): 2, date(2024, 3, 1): 3})

    assert values(make.series("github_stars_total", *points), fault) == [
        ("pytorch", [1]),
        ("pytorch", [2, 3]),
    ]


def test_suspect_values_are_not_drawn(make: SimpleNamespace) -> None:
    """A value in state suspect ends the line, event or no event."""
    points = [
        *make.month_points("pytorch", "2024-01", [1]),
        *make.month_points("pytorch", "2024-02", [99], state="suspect"),
        *make.month_points("pytorch", "2024-03", [3]),
    ]

    assert values(make.series("pypi_downloads", *points)) == [("pytorch", [1]), ("pytorch", [3])]


def test_a_period_that_is_not_over_is_dashed(make: SimpleNamespace) -> None:
    """The last, partial period hangs on the line by a dashed piece of its own."""
    whole = make.month_points("pytorch", "2024-01", [1, 2])
    partial = make.month_points("pytorch", "2024-03", [1], state="partial")

    found = segments(make.series("pypi_downloads", *whole, *partial), ())

    assert [(segment.dashed, len(segment.points)) for segment in found] == [(True, 2), (False, 2)]


def test_daily_counters_are_thinned_to_months(make: SimpleNamespace) -> None:
    """Three months read daily are drawn by their first day and the last day of each month."""
    days = {date(2024, 1, 1) + timedelta(days=n): float(n) for n in range(91)}

    assert values(make.series("github_stars_total", *make.day_points("pytorch", days))) == [
        ("pytorch", [0, 30, 59, 90])
    ]


def test_a_chart_begins_where_there_are_two_to_compare(make: SimpleNamespace) -> None:
    """What one did before the second has figures does not set the scale; a single subject is shown whole."""
    early = make.month_points("tensorflow", "2023-11", [9000, 5, 6])
    late = make.month_points("pytorch", "2024-01", [4])

    both = since_two(make.series("github_stars_gained", *early, *late, grain="month"))

    assert [point.value for point in both.points] == [6, 4]
    assert since_two(make.series("github_stars_gained", *early)).points == tuple(early)


def test_every_day_of_a_flow_is_drawn_and_a_missing_one_parts_it(make: SimpleNamespace) -> None:
    """What is told of each day is neither thinned nor bridged, as counters are."""
    days = {date(2024, 1, 1) + timedelta(days=n): float(n) for n in (0, 1, 2, 4, 5)}

    assert values(make.series("wikipedia_pageviews", *make.day_points("pytorch", days))) == [
        ("pytorch", [0, 1, 2]),
        ("pytorch", [4, 5]),
    ]


def test_what_no_line_goes_through_is_told_with_its_reason(make: SimpleNamespace) -> None:
    """Unusual figures carry what was found, those in a fault its title, and the others none."""
    dry = make.happening(
        "measuring fault",
        date(2024, 2, 20),
        "Logs ran dry",
        ended_on=date(2024, 2, 22),
        metric_id="pypi_downloads",
    )
    points = [
        *make.month_points("pytorch", "2024-01", [1, 2]),
        *make.month_points("pytorch", "2024-03", [9], state="suspect", reason="3.1 times what is usual"),
        *make.month_points("pytorch", "2024-04", [8], state="suspect"),
    ]

    found = unusual(make.series("pypi_downloads", *points), (dry,))

    assert [(point.value, point.reason) for point in found] == [
        (2, "Logs ran dry"),
        (9, "3.1 times what is usual"),
        (8, "unusual figures"),
    ]
