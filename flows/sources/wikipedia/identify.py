"""Wikipedia: an article by its title, as the pageviews of the last days on which it counts know it.

Cost: one request an article.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from urllib.parse import quote

from flows.client.client import Client
from flows.sources.identity import Told, Verdict
from flows.sources.names import fitting
from flows.sources.wikipedia import collect as source
from flows.sources.wikipedia.answers import read_days
from warehouse.config.spelling import title
from warehouse.config.subject import Identifier

IGNORES_CASE = False
DAYS = 30


def confirm(client: Client, identifier: Identifier) -> Told:
    """Ask for an article's last days; a title that nobody opened, or that there is not, is unknown.

    Source: https://doc.wikimedia.org/generated-data-platform/aqs/analytics-api/reference/page-views.html
    """
    title, yesterday = identifier.name, client.settings.clock().date() - timedelta(days=1)
    last_day = min(identifier.valid_until or yesterday, yesterday)
    first_day = last_day - timedelta(days=DAYS - 1)
    path = f"{source.PATH}/{quote(title, safe='')}/daily/{first_day:%Y%m%d}/{last_day:%Y%m%d}"
    parse = partial(read_days, title, first_day, last_day)
    days = client.consult(title, client.settings.urls["WIKIMEDIA_URL"] + path, parse=parse).items
    stretch = f"the last {DAYS} days" if last_day == yesterday else f"the {DAYS} days to {last_day}"
    return Told(Verdict.RIGHT, f"{sum(day.views for day in days):,} views in {stretch}")


def search(client: Client, name: str) -> Sequence[str]:
    """Return nothing: the search is another service's."""
    return ()


def guess(client: Client, name: str) -> str:
    """Return the name as a title, as in its address; raises Refused where none can be called so."""
    return fitting(
        "wikipedia", title(name), "no article can be called so: a title has none of # < > [ ] { } |"
    )
