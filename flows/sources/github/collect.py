"""GitHub: the counters of each repository, the weeks in which its stars were given, and its releases.

Cost: one request a repository for the counters; one for the newest 30 weeks of stars, and every four
weeks one for each further 30 (about 20 for ten years); weekly one for the newest hundred releases, and
every four weeks one for each further hundred. Of many repositories the counters alone are asked for daily.
60 requests an hour without a token.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from flows.client.client import Answer, Client
from flows.client.request import EACH_TIME, Question
from flows.client.service import Service, declared_quota
from flows.client.session import Pace
from flows.sources.github.asking import (
    ask_counters,
    ask_newest_releases,
    ask_newest_stars,
    ask_release_page,
    ask_star_page,
)
from flows.sources.github.pages import MOST_PAGES, RELEASES, STARS, Listing
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

# Stars taken back vanish from past weeks too, so the whole history is read again now and then.
REREAD_DAYS = 28
# Release notes make a page large, and a mark in a chart can wait.
RELEASE_DAYS = 7


@dataclass(frozen=True)
class _Rhythm:
    """After how many days a repository's newest stars, its newest releases and older pages are due again."""

    stars: int
    releases: int
    older: int


OF_A_FEW, IN_TURNS = _Rhythm(EACH_TIME, RELEASE_DAYS, REREAD_DAYS), _Rhythm(7, 28, 168)


def services(settings: Settings) -> tuple[Service]:
    """Return GitHub's, with its primary limit, which a token raises.

    Source: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    quota = declared_quota("github", settings)
    return (Service("github", pace=Pace(per_second=10), quota=quota),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield each repository's counters, then its star weeks and its releases, the newest page first.

    The counters come first because they tell the repository's id; the other answers do not. One that stands
    in two subjects is asked for once. Of a repository whose counters are refused nothing else is asked, and
    no older weeks where the newest ones are.
    """
    repositories = {name: subject for subject in subjects for name in subject.identifiers("github")}
    gone = set[str]()
    for repository in repositories:
        ask = partial(_ask_first, gone, repository, partial(ask_counters, repository))
        yield Question("repository", repository, ask, EACH_TIME)
    rhythm = IN_TURNS if catalog()["github"].takes_turns(repositories) else OF_A_FEW
    for repository, subject in repositories.items():
        stars = _star_questions(repository, _star_pages(subject, settings.clock().date()), known, rhythm)
        yield from _unless_gone(gone, repository, stars)
    for repository in repositories:
        yield from _unless_gone(gone, repository, _release_questions(repository, known, rhythm))


def _ask_first(gone: set[str], what: str, ask: Callable[[Client], Answer], client: Client) -> None:
    """Ask what other questions follow from; note what it is about as `gone` where it is refused."""
    if ask(client).page.problem:
        gone.add(what)


def _unless_gone(gone: set[str], what: str, questions: Iterator[Question]) -> Iterator[Question]:
    """Yield the questions, none of which is asked where the one that they follow from was refused."""

    def ask(question: Question, client: Client) -> None:
        if what not in gone:
            question.ask(client)

    for question in questions:
        yield replace(question, ask=partial(ask, question))


def _star_questions(
    repository: str, expected_pages: int, known: LastAnswers, rhythm: _Rhythm
) -> Iterator[Question]:
    pages, gone = _known_pages(STARS, repository, known), set[str]()
    expected = 1 if pages > 1 else expected_pages
    newest = partial(_ask_first, gone, STARS.endpoint, partial(ask_newest_stars, repository))
    yield Question(STARS.endpoint, STARS.key(repository, 1), newest, rhythm.stars, requests=expected)
    yield from _unless_gone(gone, STARS.endpoint, _older_star_questions(repository, pages, rhythm.older))


def _older_star_questions(repository: str, pages: int, every_days: int) -> Iterator[Question]:
    for page in range(2, pages + 1):
        older = partial(ask_star_page, repository, page)
        yield Question(STARS.endpoint, STARS.key(repository, page), older, every_days)


def _release_questions(repository: str, known: LastAnswers, rhythm: _Rhythm) -> Iterator[Question]:
    pages = _known_pages(RELEASES, repository, known)
    expected = 1 if pages else 2
    newest = partial(ask_newest_releases, repository)
    yield Question(RELEASES.endpoint, RELEASES.key(repository, 1), newest, rhythm.releases, requests=expected)
    for page in range(2, pages + 1):
        older = partial(ask_release_page, repository, page)
        yield Question(RELEASES.endpoint, RELEASES.key(repository, page), older, rhythm.older)


def _known_pages(listing: Listing, repository: str, known: LastAnswers) -> int:
    pages = range(1, MOST_PAGES + 1)
    return sum((listing.endpoint, listing.key(repository, page)) in known for page in pages)


def _star_pages(subject: Subject, today: date) -> int:
    """Return how many pages the weeks since the first release fill; a repository may be older."""
    if subject.first_release_on is None:
        return MOST_PAGES
    return (today - subject.first_release_on) // timedelta(weeks=STARS.size) + 1
