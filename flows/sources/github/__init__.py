"""GitHub: the counters of each repository, the weeks in which its stars were given, and its releases.

Cost: one request a repository for the counters; one for the newest 30 weeks of stars, and every four
weeks one for each further 30 (about 20 for ten years); weekly one for the newest hundred releases, and
every four weeks one for each further hundred. 60 requests an hour without a token.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from flows.questions import EACH_TIME, Question
from flows.session import Pace, Quota
from flows.sources.github.asking import (
    ask_counters,
    ask_newest_releases,
    ask_newest_stars,
    ask_release_page,
    ask_star_page,
)
from flows.sources.github.pages import MOST_PAGES, RELEASES, STARS, Listing
from warehouse.archive import LastAnswers
from warehouse.ecosystem import Subject
from warehouse.settings import Settings

PACE = Pace(per_second=10)

# Stars taken back vanish from past weeks too, so the whole history is read again now and then.
REREAD_DAYS = 28
# Release notes make a page large, and a mark in a chart can wait.
RELEASE_DAYS = 7


def quota(settings: Settings) -> Quota:
    """Return GitHub's primary limit, which a token raises.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return Quota(5_000 if settings.github_token else 60, 3600)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each repository's counters, then its star weeks and its releases, the newest page first.

    The counters come first because they tell the repository's id; the other answers do not. One that stands
    in two subjects is asked for once.
    """
    repositories = {name: subject for subject in subjects for name in subject.identifiers("github")}
    for repository in repositories:
        yield Question("repository", repository, partial(ask_counters, repository), EACH_TIME)
    for repository, subject in repositories.items():
        yield from _star_questions(repository, _star_pages(subject, settings.clock().date()), known)
    for repository in repositories:
        yield from _release_questions(repository, known)


def _star_questions(repository: str, expected_pages: int, known: LastAnswers) -> Iterator[Question]:
    pages = _known_pages(STARS, repository, known)
    expected = 1 if pages > 1 else expected_pages
    newest = partial(ask_newest_stars, repository)
    yield Question(STARS.endpoint, STARS.key(repository, 1), newest, EACH_TIME, requests=expected)
    for page in range(2, pages + 1):
        older = partial(ask_star_page, repository, page)
        yield Question(STARS.endpoint, STARS.key(repository, page), older, REREAD_DAYS)


def _release_questions(repository: str, known: LastAnswers) -> Iterator[Question]:
    pages = _known_pages(RELEASES, repository, known)
    expected = 1 if pages else 2
    newest = partial(ask_newest_releases, repository)
    yield Question(RELEASES.endpoint, RELEASES.key(repository, 1), newest, RELEASE_DAYS, requests=expected)
    for page in range(2, pages + 1):
        older = partial(ask_release_page, repository, page)
        yield Question(RELEASES.endpoint, RELEASES.key(repository, page), older, REREAD_DAYS)


def _known_pages(listing: Listing, repository: str, known: LastAnswers) -> int:
    pages = range(1, MOST_PAGES + 1)
    return sum((listing.endpoint, listing.key(repository, page)) in known for page in pages)


def _star_pages(subject: Subject, today: date) -> int:
    """Return how many pages the weeks since the first release fill; a repository may be older."""
    if subject.first_release_on is None:
        return MOST_PAGES
    return (today - subject.first_release_on) // timedelta(weeks=STARS.size) + 1
