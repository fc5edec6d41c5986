"""Which days and months of downloads are believed: packages with a fault each, all in one archive."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.made import configuration

NOW = datetime(2026, 12, 5, 6, tzinfo=UTC)
FIRST, LAST = date(2026, 7, 1), date(2026, 12, 4)
# What each subject counts, and what it shows beside that without counting it.
SUBJECTS = {
    "calm": (["calm"], ["earlier", "small", "begun"]),
    "repaired": (["repaired"], ["mirrored"]),
    "fortnight": (["fortnight"], []),
    "stalled": (["stalled"], ["stalled-at-zero"]),
    "holed": (["holed", "resumed"], []),
    "leaking": (["leaking"], ["vanished"]),
}
CONFIGURATION = configuration(
    **{
        name: {"name": name, "pypi": counted + [{"package": one, "within": counted[0]} for one in shown]}
        for name, (counted, shown) in SUBJECTS.items()
    }
)
LOGS, PYPISTATS = "download logs by installer", "pypistats, mirrors left out"


def between(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


NOVEMBER = between(date(2026, 11, 1), date(2026, 11, 30))
THIRTIETH = NOVEMBER[-1]
HOLE = between(date(2026, 10, 5), date(2026, 10, 7))
REPAIRED = (date(2026, 10, 10), date(2026, 10, 11))
LATER = NOW + timedelta(seconds=30)


def usual(day):
    """A third at weekends, more or less; a holiday like a Sunday, a release like three days at once."""
    level = 3_200 if day.isoweekday() > 5 or (day.month, day.day) == (10, 12) else 9_600
    return round(level * (1 + 0.03 * (day.toordinal() * 7 % 11 - 5)) * (3 if day == date(2026, 9, 9) else 1))


def by_installer(count, nexus=0.1, unnamed=0.1):
    """A day's downloads in the logs: pypistats leaves bandersnatch out, and who did not say who he is."""
    others = {"Nexus": round(count * nexus), "": round(count * unnamed), "bandersnatch": 40 if count else 0}
    return {"pip": count} | {name: downloads for name, downloads in others.items() if downloads}


def logged(told, package, days, counted=None, at=NOW, earlier=False):
    """The logs' answer; `counted` has the second counts that differ. An `earlier` answer has none."""
    data = []
    for day, installers in sorted(days.items()):
        downloads = sum(installers.values())
        row = {"date": f"{day}", "installers": installers, "downloads": downloads}
        data.append(row if earlier else row | {"counted": (counted or {}).get(day, downloads)})
    return told("pypi", "log_days", f"{package} 2016-01-01", {"data": data, "rows": len(data)}, at)


def overall(told, package, days):
    """pypistats' answer, of days by installer; it lacks what came late, one in two hundred."""
    counts = {}
    for day, installers in days.items():
        with_mirrors = round(sum(installers.values()) * 0.995)
        without = round(sum(n for name, n in installers.items() if name in ("pip", "Nexus")) * 0.995)
        counts[day] = (with_mirrors, without)
    return told_of(told, package, counts)


def told_of(told, package, counts):
    data = [
        {"category": category, "date": f"{day}", "downloads": downloads}
        for n, category in enumerate(("with_mirrors", "without_mirrors"))
        for day, told_twice in counts.items()
        if (downloads := told_twice[n]) is not None
    ]
    return told("pypi", "overall", package, {"data": data, "package": package}, NOW)


def answers(told):
    """What both services tell of each package."""
    right = {day: by_installer(usual(day)) for day in between(FIRST, LAST)}
    handful = {day: {"pip": day.day % 4} if day.day % 4 else {} for day in right}
    begun = {day: by_installer(usual(day)) if day >= date(2026, 10, 15) else {} for day in right}
    doubled = {day: {name: 2 * n for name, n in right[day].items()} for day in NOVEMBER[:14]}
    hole = {day: {} for day in HOLE}
    until_stall = {day: right[day] for day in between(FIRST, NOVEMBER[-2])}
    twentieth = by_installer(round(usual(THIRTIETH) / 20))
    tenth, eleventh = REPAIRED
    hundred = {day: {"pip": 100} for day in right}
    leaked = hundred | {day: {"pip": 90} for day in NOVEMBER}
    alone = dict.fromkeys(right, (40, 30))
    alone |= {NOVEMBER[9]: (40, None), NOVEMBER[10]: (5_000, None), NOVEMBER[11]: (30, 40)}
    yield from (
        logged(told, "calm", right),
        logged(told, "earlier", right, earlier=True),
        logged(told, "small", handful),
        logged(told, "begun", begun),
        logged(told, "repaired", right | {eleventh: {}}, {tenth: 0, eleventh: 3_000}),
        logged(told, "fortnight", right | doubled),
        logged(told, "holed", right | hole),
        logged(told, "stalled", until_stall | {THIRTIETH: twentieth}),
        logged(told, "stalled-at-zero", until_stall | {THIRTIETH: {}}),
        logged(told, "resumed", until_stall | {THIRTIETH: twentieth, date(2026, 12, 3): {}, LAST: {}}),
        logged(told, "leaking", leaked),
        logged(told, "vanished", right | hole),
    )
    for package in ("calm", "earlier", "repaired", "fortnight", "stalled", "stalled-at-zero", "resumed"):
        yield overall(told, package, right)
    yield overall(told, "leaking", hundred)
    yield told_of(told, "small", {day: (sum(each.values()) or None,) * 2 for day, each in handful.items()})
    yield told_of(told, "mirrored", alone)


DAYS = """
select package, day, any_value(basis), any_value(state_reason)
from package_downloads_daily where state = 'suspect' group by all order by all
"""
MONTHS = """
select
    adoption_monthly.subject_id, month, downloads_state,
    coalesce(downloads_missing, observations.state_reason), split_part(downloads_basis, ',', 1)
from adoption_monthly
left join observations
    on adoption_monthly.subject_id = observations.subject_id and month = period_start
    and metric_id = 'pypi_downloads'
where month < '2026-12-01' and (downloads_state <> 'ok' or not starts_with(downloads_basis, 'download logs'))
order by all
"""
OCTOBER, NOVEMBERS_FIRST = date(2026, 10, 1), NOVEMBER[0]


@pytest.mark.usefixtures("without_dbt")
def test_a_figure_that_cannot_be_true_is_unknown_or_suspect(warehouse, told):
    """Each fault with its reason on the days, on the month and in the check; all else is calm.

    Weekends, a holiday, a release, a package that begins, numbers of a few a day, and days with mirrors alone
    are none; nor is what pypistats counts by another rule than the logs.
    """
    house = warehouse(CONFIGURATION, now=NOW)
    house.tell(*answers(told))
    house.build()

    right = {day: round(by_their_rule(day) * 0.995) for day in between(FIRST, LAST)}
    doubled = {day: 2 * by_their_rule(day) for day in NOVEMBER[:14]}
    nearly_none = 496  # a twentieth of the thirtieth's, and Nexus'
    assert house.rows(DAYS) == [
        *(("fortnight", day, LOGS, apart(doubled[day], right[day])) for day in NOVEMBER[:14]),
        *(("holed", day, LOGS, "0 downloads, usually about 9,926") for day in HOLE),
        ("mirrored", NOVEMBER[10], "pypistats", "0 downloads, with mirrors 5,000"),
        ("mirrored", NOVEMBER[11], "pypistats", "40 downloads, fewer with mirrors: 30"),
        ("resumed", THIRTIETH, LOGS, apart(nearly_none, right[THIRTIETH])),
        ("resumed", date(2026, 12, 3), LOGS, apart(0, right[date(2026, 12, 3)])),
        *(("vanished", day, LOGS, "0 downloads, usually about 9,926") for day in HOLE),
    ]
    fortnight = apart(sum(doubled.values()), sum(right[day] for day in doubled))
    assert house.rows(MONTHS) == [
        (
            "fortnight",
            NOVEMBERS_FIRST,
            "suspect",
            f"fortnight 2026-11-01 to 2026-11-14: {fortnight}",
            LOGS,
        ),
        (
            "holed",
            OCTOBER,
            "suspect",
            "holed 2026-10-05 to 2026-10-07: 0 downloads, usually about 29,778",
            LOGS,
        ),
        (
            "holed",
            NOVEMBERS_FIRST,
            "suspect",
            f"resumed 2026-11-30: {apart(nearly_none, right[THIRTIETH])}",
            LOGS,
        ),
        ("leaking", NOVEMBERS_FIRST, "suspect", f"leaking on 30 days: {apart(2_700, 3_000)}", LOGS),
        ("repaired", OCTOBER, "partial", "repaired 29 of 31 days", None),
        ("stalled", NOVEMBERS_FIRST, "ok", None, "pypistats"),
    ]
    assert house.rows(
        "select distinct package, day, basis, state from package_downloads_daily "
        "where package like 'stalled%' and day between '2026-11-29' and '2026-12-01' order by all"
    ) == [
        (package, day, basis, "ok")
        for package in ("stalled", "stalled-at-zero")
        for day, basis in (
            (NOVEMBER[-2], LOGS),
            (THIRTIETH, "pypistats"),
            (date(2026, 12, 1), "pypistats"),
        )
    ]
    repaired = (
        "select count(*) from package_downloads_daily where package = 'repaired' and day in ('{}', '{}')"
    )
    assert house.rows(repaired.format(*REPAIRED)) == [(0,)], "not published, and not zero"
    found = dict(house.rows("select check_id, detail from quality_checks where not passed"))
    tenth, eleventh = REPAIRED
    assert found.pop("both_tables_of_the_logs_count_alike") == (
        f"repaired {tenth}: {sum(by_installer(usual(tenth)).values())} downloads by installer and 0 by day, "
        f"expected the same; repaired {eleventh}: 0 downloads by installer and 3000 by day, expected the same"
    )
    differing = found.pop("download_logs_agree_with_pypistats").split("; ")
    assert [told.split(" on ")[0] for told in differing] == [
        "fortnight 2026-11",
        "leaking 2026-11",
        "resumed 2026-11",
        "and 1 more",
    ]
    assert found.keys() == {"pypi_series_have_no_gaps"}

    house.tell(logged(told, "repaired", {day: by_installer(usual(day)) for day in right}, at=LATER))
    house.build()
    assert house.rows(repaired.format(*REPAIRED)) == [(8,)]
    assert house.rows(MONTHS + " limit 1 offset 4") == [("stalled", NOVEMBERS_FIRST, "ok", None, "pypistats")]
    assert house.rows("select check_id from quality_checks where not passed") == [
        ("download_logs_agree_with_pypistats",)
    ]


def by_their_rule(day):
    return usual(day) + by_installer(usual(day))["Nexus"]


def apart(logs, pypistats):
    return f"{logs:,} downloads in the logs, {pypistats:,} at pypistats"
