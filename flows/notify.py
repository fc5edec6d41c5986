"""Sending news to people, by whatever apprise has an address for: mail, chat, a webhook."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.news import News
from warehouse.errors import ConfigurationError

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
            "mailto://user:password@example.org or json://example.org/path"
        )
    return sender


def send(sender: "Apprise", news: Sequence[News]) -> bool:
    """Send all news in one message, of the type of the worst; return whether every address took it."""
    what = news[0].text if len(news) == 1 else f"{len(news)} changes"
    worst = max(one.severity for one in news).name.lower()
    body = "\n".join(one.text for one in news)
    return bool(sender.notify(title=f"Barometer: {what}", body=body, notify_type=worst))
