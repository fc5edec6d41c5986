"""Google Trends: what the name of an export tells. Since the redesign of 2026 nothing else tells it."""

import re
from dataclasses import dataclass
from datetime import date, datetime

# `time_series_US_20040101-0000_20261010-0900.csv`: region, first moment of the window, moment of download,
# by the browser's own clock. People and browsers write something before and behind it, such as ` (1)`.
NAME = re.compile(r"time_series_(.+?)_\d{8}-\d{4}_(\d{8})-\d{4}(?!\d)", re.ASCII)


@dataclass(frozen=True)
class Named:
    """Region and day of the download."""

    region: str
    day: date


def read_name(name: str) -> Named | None:
    """Return what a file's name tells, None for any other name: people rename files."""
    if not (told := NAME.search(name)):
        return None
    try:
        return Named(told[1], datetime.strptime(told[2], "%Y%m%d").date())
    except ValueError:
        return None
