"""The demo's pageviews: a formula, because no figures of Wikipedia were at hand.

Each article follows a curve like those of `flows.standin.curve`, with a rhythm of weekdays: less is read
at weekends. The parameters were chosen to look plausible. Nothing here is measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.standin.curve import Curve

# Monday to Sunday; the seven sum to seven.
WEEKDAYS = (1.08, 1.13, 1.14, 1.12, 1.02, 0.73, 0.78)


@dataclass(frozen=True)
class Article:
    """An article that nobody has read before its first day; its curve is in views a day."""

    first_day: date
    curve: Curve

    def views(self, day: date) -> int:
        """Return the views of a day."""
        if day < self.first_day:
            return 0
        return round(self.curve.on(day) * WEEKDAYS[day.weekday()])


ARTICLES: Mapping[str, Article] = {
    "JAX_(software)": Article(
        date(2020, 12, 1), Curve(260, date(2022, 3, 1), 300, date(2026, 9, 1), 400, 0.9)
    ),
    "Keras": Article(date(2016, 10, 1), Curve(1300, date(2018, 1, 1), 170, date(2021, 3, 1), 330, 0.25)),
    "PyTorch": Article(date(2017, 9, 1), Curve(1500, date(2019, 11, 1), 330, date(2024, 6, 1), 240, 0.7)),
    "TensorFlow": Article(date(2015, 11, 9), Curve(3100, date(2017, 2, 1), 170, date(2020, 9, 1), 360, 0.3)),
}
