"""A service: one host that a source asks, held, paced, limited and reported by itself.

Most sources have one. Where a source has several, one that fails or is used up leaves the others alone.
"""

import shutil
import time
from collections import deque
from dataclasses import dataclass, replace

from flows.client.session import UNPACED, Pace, Quota
from warehouse.config.catalog import Rate, catalog
from warehouse.config.settings import Settings
from warehouse.errors import Postponed


def quota_of(rate: Rate) -> Quota:
    """Return a declared rate as the quota that a client keeps to, and that is told in words."""
    return Quota(rate.requests, rate.seconds)


def declared_quota(source_id: str, settings: Settings) -> Quota:
    """Return how much a source declares to answer to who asks with these settings; LookupError if nothing.

    What counts is the first of its credentials, or a contact, that raises its limit.
    """
    source = catalog()[source_id]
    told = [settings.credential(name) for name in source.credentials] + [settings.contact]
    askers = [*source.credentials.values(), source.contact]
    for asker, is_told in zip(askers, told, strict=True):
        if asker and asker.given and asker.without:
            return quota_of(asker.given if is_told else asker.without)
    raise LookupError(f"{source_id}: found no rate in its declaration, expected one")


def lacks(source_id: str, settings: Settings) -> str | None:
    """Return what a source needs and lacks: a variable that is not set, or a program; else None."""
    source = catalog()[source_id]
    needed = [(name, one.default) for name, one in source.credentials.items() if one.needed]
    lacking = [name for name, default in needed if not (settings.credentials.get(name) or default)]
    if source.contact and source.contact.needed and not settings.contact:
        lacking.append("BAROMETER_CONTACT")
    lacking += [program for program in source.programs if shutil.which(program) is None]
    return lacking[0] if lacking else None


@dataclass(frozen=True)
class Service:
    """What is known of a host before it is asked.

    `variable`, that of its address, tells it from the other services of its source; None for the only one.
    `quota` is counted here as long as the service tells nothing of what is left of it. The next bytes of an
    answer are waited for as long as `read_seconds`, all of them, from the first one on, as long as
    `longest_answer_seconds`. Where a slow pace would make a run long, it sends `most_a_run` requests, and the
    next ones go on. One whose questions are of a file each, so that none hangs on another, may say that a
    file is read in `requests_a_file` at most: a cluster then asks for several at once.
    """

    source_id: str
    variable: str | None = None
    pace: Pace = UNPACED
    quota: Quota | None = None
    most_a_run: int | None = None
    read_seconds: float = 30.0
    # The longest real answer takes a few seconds.
    longest_answer_seconds: float = 120.0
    requests_a_file: int | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, (self.source_id, self.name)))

    @property
    def name(self) -> str | None:
        """What it is called on the command line: its variable without what all of them have."""
        return self.variable and self.variable.removesuffix("_URL").lower()

    @property
    def limit(self) -> str:
        """How much it answers, in words."""
        return str(self.quota or self.pace)

    def asked_by(self, settings: Settings) -> "Service":
        """Return it with the limits to keep to: the demo asks a server of its own, which needs none."""
        return replace(self, pace=UNPACED, quota=None, most_a_run=None) if settings.demo else self


class Spending:
    """How much of a service's quota this attempt has used, as far as it can know."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._sent_at: deque[float] = deque()
        self.sent = 0

    def note(self, requests: int) -> None:
        """Count requests that were sent just now."""
        self.sent += requests
        if self._service.quota:
            self._sent_at.extend([time.monotonic()] * requests)

    def require_turn(self, requests: int = 1) -> None:
        """Raise Postponed where a run would send more than it may."""
        most = self._service.most_a_run
        if most is not None and self.sent + requests > most:
            raise Postponed(f"{self._service}: {most} requests are as many as one run sends")

    def require_room(self, requests: int = 1) -> None:
        """Raise Postponed before the last request of the quota, which is left for who else asks from here."""
        quota = self._service.quota
        if quota is None:
            return
        while self._sent_at and self._sent_at[0] <= time.monotonic() - quota.seconds:
            self._sent_at.popleft()
        if len(self._sent_at) + requests >= quota.requests:
            raise Postponed(f"{self._service}: {len(self._sent_at)} of its {quota} are used up")
