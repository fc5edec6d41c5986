"""How StackExchange is asked: the key, the day's quota, pauses, and errors that all come as HTTP 400."""

from collections.abc import Mapping

from flows.client.client import Answer, Client, Parse
from flows.client.service import declared_quota
from flows.client.session import Quota
from flows.sources.stackoverflow.answers import Wrapper, read_wait, read_wrapper
from warehouse.config.settings import Settings
from warehouse.errors import AccessDenied, LimitReached, Postponed, UnexpectedAnswer

KEY = "STACKEXCHANGE_KEY"

# What a backfill leaves of the day's quota: room for one day's usual questions.
RESERVE = 30

# Errors of the whole service, which answers all of them with HTTP 400.
# Source: https://api.stackexchange.com/docs/error-handling
THROTTLE_VIOLATION = 502
SERVICE_ERRORS = frozenset({500, 503})
ACCESS_ERRORS = frozenset({401, 402, 403, 405, 406})


def daily_quota(settings: Settings) -> Quota:
    """Return how much is answered in a day, by address or by key.

    Source: https://api.stackexchange.com/docs/throttle
    """
    return declared_quota("stackoverflow", settings)


def url_of(settings: Settings, path: str) -> str:
    """Return the address of a method."""
    return f"{settings.urls['STACKEXCHANGE_URL']}/2.3{path}"


def headers(settings: Settings) -> Mapping[str, str]:
    """Return the headers of every request, with the key if there is one.

    In the address a key is taken no more since June 2026. Source: https://meta.stackexchange.com/questions/417382
    """
    key = settings.credential(KEY)
    return {"Authorization": f"Bearer {key}"} if key else {}


def ask(
    client: Client, endpoint: str, key: str, path: str, params: Mapping[str, str | int | None], parse: Parse
) -> Answer:
    """Ask one question of Stack Overflow, as `Client.ask` does, and keep to what the answer asks for.

    A method of the whole network has None for its `site`, which is then not sent.

    Raises Postponed instead of using up the day's quota, LimitReached when throttled, AccessDenied for a
    key that is not known.
    """
    _require_room(client)
    method = path.rpartition("/")[2]
    client.holds.wait(method, f"stackoverflow {key}")
    url, all_params = url_of(client.settings, path), {"site": "stackoverflow", **params}
    sent = headers(client.settings)
    answer = client.ask(endpoint, key, url, params=all_params, headers=sent, parse=parse, wait_told=read_wait)
    told = read_wrapper(answer.page.body)
    _note_quota(client, told)
    if told.backoff:  # it is this method that must not be asked before
        client.holds.put(method, told.backoff, f"the service asks to wait {told.backoff:g} s")
    _raise_service_errors(answer, told)
    return answer


def _note_quota(client: Client, told: Wrapper) -> None:
    """Keep what is left of the day's quota as last told, or as counted since.

    A quota of -1 was seen beside a backoff in October 2026; it says nothing of what is left.
    """
    before = daily_quota(client.settings).requests if client.quota_left is None else client.quota_left
    is_told = told.quota_remaining is not None and told.quota_remaining >= 0
    client.quota_left = told.quota_remaining if is_told else max(0, before - 1)


def _require_room(client: Client) -> None:
    """Raise Postponed before the request that would leave less of the quota than a day's questions need."""
    if client.quota_left is not None and client.quota_left <= RESERVE:
        raise Postponed(f"stackoverflow: the day's quota is used up but for {client.quota_left} requests")


def _raise_service_errors(answer: Answer, told: Wrapper) -> None:
    """Tell the service's own trouble from the refusal of one question; both come as HTTP 400."""
    if answer.page.problem is None:
        return
    if told.error_id == THROTTLE_VIOLATION:
        raise LimitReached(answer.page.problem)
    if told.is_about_key:
        raise AccessDenied(f"{answer.page.problem}; expected a key of stackapps.com in STACKEXCHANGE_KEY")
    if told.error_id in ACCESS_ERRORS:
        raise AccessDenied(answer.page.problem)
    if told.error_id in SERVICE_ERRORS:
        raise UnexpectedAnswer(answer.page.problem)
