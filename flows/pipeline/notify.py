"""Sending news to people, by whatever apprise has an address for: mail, chat, a webhook."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.pipeline.alerts import News
from warehouse.config.secrets import secrets_of_notify
from warehouse.errors import ConfigurationError
from warehouse.text import one_line

if TYPE_CHECKING:
    from apprise import Apprise


def read_addresses(text: str) -> "Apprise":
    """Return a sender to the addresses, which spaces or commas separate.

    Raises ConfigurationError for one that is not understood, without showing it: most hold a password.
    """
    from apprise import Apprise  # only who has an address pays for it

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages show the address
    sender = Apprise()
    if not sender.add(text):
        raise ConfigurationError(
            "BAROMETER_NOTIFY: found an address that apprise does not know, expected ones like "
            "mailtos://user:password@example.org or json://example.org/path"
        )
    return sender


def require_public(addresses: Sequence[str]) -> None:
    """Raise ConfigurationError for an address with a secret, which `ps` shows to all users of a machine."""
    if any("@" in address or [*secrets_of_notify(address)] for address in addresses):
        raise ConfigurationError(
            "serve --notify: found an address with a login or a token, which every user of this machine can "
            "read in the list of processes; expected it in BAROMETER_NOTIFY, or in a file that "
            "BAROMETER_NOTIFY_FILE names"
        )


def send(sender: "Apprise", news: Sequence[News]) -> bool:
    """Send all news in one message, of the type of the worst; return whether every address took it."""
    texts = [one_line(one.text) for one in news]
    what = texts[0] if len(texts) == 1 else f"{len(texts)} changes"
    worst = max(one.severity for one in news).name.lower()
    return bool(sender.notify(title=f"Barometer: {what}", body="\n".join(texts), notify_type=worst))
