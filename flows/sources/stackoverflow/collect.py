"""Stack Overflow: questions by month, of each tag and of the whole site, and each tag's total and synonyms.

Cost: a request a tag and month for its questions, another for those without an answer, a third, once, for
when they were answered, and one a month for the site. Without a key 300 a day are answered; a run ends before
that, and the next one goes on.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from urllib.parse import quote

from flows.client.calendar import first_month, months_down_to, next_month, seconds_of
from flows.client.client import Answer, Client, Parse
from flows.client.request import EACH_TIME, Question
from flows.client.service import Service
from flows.client.session import Pace
from flows.sources.stackoverflow import stackexchange
from flows.sources.stackoverflow.answers import read_question_total, read_synonyms, read_tag_totals
from flows.sources.stackoverflow.samples import sample_of
from warehouse.archive.write import LastAnswers
from warehouse.config.ecosystem import Subject
from warehouse.config.settings import Settings

SITE_OPENED = date(2008, 8, 1)
# A tag is in use a little before the first release.
LEAD = timedelta(days=92)
# Questions without an answer are deleted a year after they were asked, in a weekly round; after it a month
# hardly changes any more. Source: https://stackoverflow.com/help/roomba
SETTLED_AFTER = timedelta(days=380)
DAILY, WEEKLY = 1, 7

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
    tags, unknown, filters = tuple(first_months), set[str](), list[str]()
    yield Question("tag_totals", ";".join(tags), partial(_ask_totals, tags, unknown), EACH_TIME)
    yield Question("tag_synonyms", ";".join(tags), partial(_ask_synonyms, tags), WEEKLY)
    today = settings.clock().date()
    for month in months_down_to(min(first_months.values()), today):
        used = [tag for tag, first_month in first_months.items() if first_month <= month]
        yield from _questions_of(month, used, unknown, today)
        for tag in used:
            yield from sample_of(month, tag, unknown, filters, today)


def _questions_of(month: date, tags: Sequence[str], unknown: set[str], today: date) -> Iterator[Question]:
    """Yield a month's: the running and the last one's daily, others and the unanswered ones weekly."""
    over_on = next_month(month)
    rhythm = DAILY if next_month(over_on) > today else WEEKLY
    asked = [("site_months", "", rhythm), *(("question_months", tag, rhythm) for tag in tags)]
    if over_on <= today:
        asked += [("unanswered_months", tag, WEEKLY) for tag in tags]
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
