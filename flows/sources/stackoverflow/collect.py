"""Stack Overflow: questions by month, of each tag and of the whole site, and each tag's total and synonyms.

Cost: a request a tag and month for its questions, another for those without an answer, a third, once, for
when they were answered, and one a month for the site. Without a key 300 a day are answered; a run ends before
that, and the next one goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote

from flows.client.calendar import first_month, months_down_to, next_month, seconds_of
from flows.client.client import Answer, Client, Parse
from flows.client.request import EACH_TIME, Question, parts_of
from flows.client.service import Service
from flows.client.session import Pace
from flows.sources.stackoverflow import stackexchange
from flows.sources.stackoverflow.answers import read_question_total, read_synonyms, read_tag_totals
from flows.sources.stackoverflow.samples import sample_of
from warehouse.archive.write import LastAnswers
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

SITE_OPENED = date(2008, 8, 1)
# A tag is in use a little before the first release.
LEAD = timedelta(days=92)
# Questions without an answer are deleted a year after they were asked, in a weekly round; after it a month
# hardly changes any more. Source: https://stackoverflow.com/help/roomba
SETTLED_AFTER = timedelta(days=380)
DAILY, WEEKLY = 1, 7
# As many as the service takes in one address; with fewer, their synonyms fit into the hundred of an answer.
TAGS_A_QUESTION, TAGS_OF_SYNONYMS = 20, 10


@dataclass(frozen=True)
class _Rhythm:
    """After how many days a tag's months are due again: the running and the last one, and those before them.

    What has no answer changes most while a month is `young`.
    """

    newest: int
    others: int
    unanswered_young: int
    unanswered: int
    synonyms: int


OF_A_FEW = _Rhythm(newest=1, others=7, unanswered_young=7, unanswered=7, synonyms=7)
IN_TURNS = _Rhythm(newest=10, others=182, unanswered_young=28, unanswered=182, synonyms=28)
YOUNG = timedelta(days=92)

# The methods that count questions, by the endpoint under which their answers are archived.
# Source: https://api.stackexchange.com/docs/questions and /docs/no-answer-questions
METHODS = {
    "site_months": "/questions",
    "question_months": "/questions",
    "unanswered_months": "/questions/no-answers",
}


def services(settings: Settings) -> tuple[Service]:
    """Return StackExchange's; who asks more than 30 times a second is banned."""
    return (Service("stackoverflow", pace=Pace(per_second=20), quota=stackexchange.daily_quota(settings)),)


def questions(subjects: Sequence[Subject], settings: Settings, known: LastAnswers) -> Iterator[Question]:
    """Yield the tags' totals and synonyms, then each month's questions, the running month first.

    A month's come together, so that a backfill that is cut off leaves whole months with their shares.
    """
    first_months = {
        tag: first_month(subject.first_release_on, SITE_OPENED, LEAD)
        for subject in subjects
        for tag in subject.identifiers("stackoverflow")
    }
    if not first_months:
        return
    unknown, filters = set[str](), list[str]()
    takes_turns = catalog()["stackoverflow"].takes_turns(first_months)
    today, rhythm = settings.clock().date(), IN_TURNS if takes_turns else OF_A_FEW
    yield from _questions_of_tags(tuple(first_months), unknown, rhythm.synonyms)
    for month in months_down_to(min(first_months.values()), today):
        used = [tag for tag, first_month in first_months.items() if first_month <= month]
        yield from _questions_of(month, used, unknown, today, rhythm)
        for tag in used:
            yield from sample_of(month, tag, unknown, filters, today, spread=takes_turns)


def _questions_of_tags(
    tags: Sequence[str], unknown: set[str], synonyms_every_days: int
) -> Iterator[Question]:
    """Yield the totals and synonyms of the tags, as many at once as one answer tells."""
    for part in parts_of(tags, TAGS_A_QUESTION):
        yield Question("tag_totals", ";".join(part), partial(_ask_totals, part, unknown), EACH_TIME)
    for part in parts_of(tags, TAGS_OF_SYNONYMS):
        yield Question("tag_synonyms", ";".join(part), partial(_ask_synonyms, part), synonyms_every_days)


def _questions_of(
    month: date, tags: Sequence[str], unknown: set[str], today: date, of_tags: _Rhythm
) -> Iterator[Question]:
    """Yield a month's: of a few tags and the site the running and the last one's daily, others weekly."""
    over_on = next_month(month)
    is_newest = next_month(over_on) > today
    asked = [("site_months", "", DAILY if is_newest else WEEKLY)]
    asked += [("question_months", tag, of_tags.newest if is_newest else of_tags.others) for tag in tags]
    if over_on <= today:
        is_young = today < over_on + YOUNG
        unanswered = of_tags.unanswered_young if is_young else of_tags.unanswered
        asked += [("unanswered_months", tag, unanswered) for tag in tags]
    for endpoint, tag, every_days in asked:
        ask = partial(_ask_count, endpoint, tag, month, unknown)
        yield Question(endpoint, _key(tag, month), ask, every_days, over_on + SETTLED_AFTER)


def _ask_totals(tags: Sequence[str], unknown: set[str], client: Client) -> None:
    """Ask for the number of questions that each tag ever had; note which tags are `unknown` to the site.

    Those are left out of the answer, so each is asked for alone, to be refused by its name.
    Source: https://api.stackexchange.com/docs/tags-by-name
    """
    answer = _ask_tags("tag_totals", tags, "info", len(tags), partial(read_tag_totals, tags), client)
    if answer.page.status != 200:
        return
    missing = set(tags) - ({item.name for item in answer.data.items} if answer.data else set())
    unknown |= missing
    for tag in sorted(missing) if len(tags) > 1 else ():
        _ask_totals([tag], unknown, client)


def _ask_synonyms(tags: Sequence[str], client: Client) -> None:
    """Ask which other tags are turned into these; one that is new moves counts.

    Source: https://api.stackexchange.com/docs/synonyms-by-tags
    """
    _ask_tags(
        "tag_synonyms",
        tags,
        "synonyms",
        100,
        partial(read_synonyms, tags, client.settings.clock().date()),
        client,
    )


def _ask_tags(
    endpoint: str, tags: Sequence[str], method: str, most: int, parse: Parse, client: Client
) -> Answer:
    joined = ";".join(tags)
    path = f"/tags/{quote(joined, safe=';')}/{method}"
    return stackexchange.ask(client, endpoint, joined, path, {"pagesize": most}, parse)


def _ask_count(endpoint: str, tag: str, month: date, unknown: set[str], client: Client) -> None:
    """Ask for a number of questions of a month; of an unknown tag it would be zero, so that is not asked.

    The built-in filter `total` sends the number alone, without the quota that is left.
    """
    if tag in unknown:
        return
    first, last = seconds_of(month)
    params: dict[str, str | int] = {"filter": "total", "fromdate": first, "todate": last}
    if tag:
        params["tagged"] = tag
    stackexchange.ask(client, endpoint, _key(tag, month), METHODS[endpoint], params, read_question_total)


def _key(tag: str, month: date) -> str:
    return f"{tag} {month:%Y-%m}".strip()
