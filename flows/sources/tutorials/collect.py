"""GitHub topics: how many repositories of a month have a topic, and how many of them say they are tutorials.

Cost: two requests a topic and month, the first time some hundred. The search answers 10 times a minute, with
a token 30 times; a run ends after some minutes of that, and the next one goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from flows.client.calendar import first_month, months_down_to
from flows.client.client import Client
from flows.client.errors import Unanswered
from flows.client.request import Question
from flows.client.search_counts import Total, rhythm, search
from flows.client.service import Service
from flows.sources.tutorials.answers import Found, read_total, require_of
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# What is searched for beside the topic, by the endpoint under which its answers are archived.
# Source: https://docs.github.com/search-github/searching-on-github/searching-for-repositories
COUNTS: Mapping[str, tuple[str, ...]] = {
    "topic_months": (),
    "tutorial_months": ("tutorial", "in:name,description"),
}
# Topics are given in the first weeks; later a month only loses what is deleted.
TWICE_A_YEAR = 182
# Before its first release hardly anybody teaches it.
LEAD = timedelta(days=31)


def services(settings: Settings) -> tuple[Service]:
    """Return GitHub's search, whose limit is its own.

    Source: https://docs.github.com/rest/search/search#rate-limit
    """
    return (search("tutorials", settings),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each month's counts, the newest month first; none is ever settled, as the past shrinks."""
    first_day = catalog()["tutorials"].bounds.first_day
    begun = {
        topic: first_month(one.first_release_on, first_day, LEAD)
        for one in subjects
        for topic in one.identifiers("tutorials")
    }
    today, has_any = settings.clock().date(), dict[str, bool]()
    for month in months_down_to(min(begun.values(), default=today), today):
        for topic in (name for name, first in begun.items() if first <= month):
            for endpoint in COUNTS:
                key = f"{topic} {month:%Y-%m}"
                ask = partial(_ask, endpoint, topic, month, has_any)
                every_days = rhythm(month, known.get((endpoint, key)), today, TWICE_A_YEAR)
                yield Question(endpoint, key, ask, every_days)


def _ask(endpoint: str, topic: str, month: date, has_any: dict[str, bool], client: Client) -> None:
    """Ask for a count of a month; not of a topic that turned out to have no repository at all."""
    if not has_any.get(topic, True):
        return

    def require_known(told: Total[Found], _: str) -> None:
        require_of(topic, month, told)
        if told.total_count == 0 and not _has_any(topic, has_any, client):
            raise Unanswered(
                f"found no repository with the topic {topic}, in this month or ever, expected some"
            )

    client.ask(
        endpoint,
        f"{topic} {month:%Y-%m}",
        _url(client),
        parse=read_total,
        check=require_known,
        params=_searched(topic, *COUNTS[endpoint], f"created:{month:%Y-%m}"),
        headers=_headers(client),
    )


def _has_any(topic: str, has_any: dict[str, bool], client: Client) -> bool:
    """Return whether the topic has any repository; asked for once, and only where a month has none."""
    if topic not in has_any:
        ever = client.consult(
            topic, _url(client), parse=read_total, params=_searched(topic), headers=_headers(client)
        )
        has_any[topic] = ever.total_count > 0
    return has_any[topic]


def _url(client: Client) -> str:
    return client.settings.urls["GITHUB_TOPICS_URL"] + "/search/repositories"


def _searched(topic: str, *words: str) -> dict[str, str]:
    return {"q": " ".join((f"topic:{topic}", *words)), "per_page": "1"}


def _headers(client: Client) -> dict[str, str]:
    sent = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
    if token := client.settings.credential("GITHUB_TOKEN"):
        sent["Authorization"] = f"Bearer {token}"
    return sent
