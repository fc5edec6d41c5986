"""What a source can tell at all: no day before its first one or after tomorrow, and no count beyond a limit.

The checks before publishing hold the archive against the same bounds.
"""

from datetime import date, timedelta

from warehouse.config.catalog import catalog


def require_possible_day(source_id: str, what: str, day: date, today: date) -> None:
    """Raise ValueError for a day before the source's first one or after tomorrow, begun somewhere."""
    first, last = catalog()[source_id].bounds.first_day, today + timedelta(days=1)
    if not first <= day <= last:
        raise ValueError(f"found {what} of {day}, expected none before {first} or after {last}")
