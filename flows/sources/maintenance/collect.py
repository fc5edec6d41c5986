"""Maintenance: who commits to a repository's main branch, by month, from its git history.

Cost: a fetch a repository and week, of many in six weeks, of the commits that are new. What is archived of
it is a page for each month whose commits are others than when it was last told, so a month that is over is
told once.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import partial

from flows.client.calendar import next_month
from flows.client.client import Client
from flows.client.request import Question
from flows.client.service import Service
from flows.sources.maintenance.clone import Clone
from flows.sources.maintenance.commits import FORM, Commits, months_of, name_of_salt, read_commits, salt_of
from warehouse.archive.write import LastAnswers, Page
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings
from warehouse.errors import NotFound, UnexpectedAnswer

EVERY_DAYS, TURN_DAYS = 7, 42
MONTHS, HISTORY = "commit_months", "history"
# git asks twice for each: what is there and for it, of the head, the commits, and the list of who is who.
REQUESTS = 7
# Under the data folder; may be removed at any time.
CACHE = "clones"


def services(settings: Settings) -> tuple[Service]:
    """Return the host whose repositories are read by git, for which no limit is declared."""
    return (Service("maintenance"),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield one question a repository: its history, of which the months are pages."""
    repositories = dict.fromkeys(name for subject in subjects for name in subject.identifiers("maintenance"))
    every_days = TURN_DAYS if catalog()["maintenance"].takes_turns(repositories) else EVERY_DAYS
    for repository in repositories:
        yield Question(HISTORY, repository, partial(_ask, repository), every_days, requests=REQUESTS)


def _ask(repository: str, client: Client) -> None:
    """Bring the clone up to date, and archive each month that has changed, the oldest first.

    The history's own page comes last: one without its months is asked for again. Raises SourceError.
    """
    where, url = f"maintenance {repository}", f"{client.settings.urls['GIT_URL']}/{repository}.git"
    folder = client.settings.data / CACHE / f"{repository.replace('/', '+').lower()}.git"
    clone = Clone(folder, url, where)
    try:
        head = clone.fetch()
    except NotFound as error:
        client.keep(_page(HISTORY, repository, url, {}, client, error))
        return
    now = client.settings.clock()
    try:
        salt = salt_of(client.settings.data)
        commits = read_commits(clone.log(FORM), salt, now)
    except ValueError as error:
        raise UnexpectedAnswer(f"{where}: {error}") from error
    told: dict[str, object] = {"repository": repository, "salt": name_of_salt(salt)}
    if head.sample:
        told["sample"] = head.sample
    for month in months_of(commits, _known_months(repository, client.known), now):
        page = _month(repository, url, month, told, commits, client)
        if _is_news(page, month, client.known):
            client.keep(page)
    counts = {"commits": commits.count, "undated": commits.undated}
    told |= {"branch": head.branch, "head": head.commit, **counts}
    client.keep(_page(HISTORY, repository, url, told, client))


def _month(
    repository: str, url: str, month: date, told: Mapping[str, object], commits: Commits, client: Client
) -> Page:
    lines = sorted(commits.by_month.get(month, ()), key=lambda line: (line.split(" ")[1], line))
    body = {**told, "month": f"{month:%Y-%m}", "commits": lines}
    return _page(MONTHS, f"{repository} {month:%Y-%m}", url, body, client)


def _page(
    endpoint: str,
    key: str,
    url: str,
    told: Mapping[str, object],
    client: Client,
    error: NotFound | None = None,
) -> Page:
    """Return what is archived: git tells no status, so it is that which the web has for such an answer."""
    body, problem = json.dumps(told).encode(), str(error) if error else None
    return Page(endpoint, key, url, 404 if error else 200, client.settings.clock(), body, problem)


def _is_news(page: Page, month: date, known: LastAnswers) -> bool:
    """Whether a month is another than it was last told, or was not over then."""
    last = known.get((page.endpoint, page.key))
    over_at = datetime.combine(next_month(month), time(), UTC)
    return last is None or last.read_at < over_at or last.sha256 != hashlib.sha256(page.body).hexdigest()


def _known_months(repository: str, known: LastAnswers) -> list[date]:
    keys = (key.split(" ") for endpoint, key in known if endpoint == MONTHS)
    return [date.fromisoformat(f"{month}-01") for name, month in keys if name == repository]
