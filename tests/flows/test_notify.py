"""Sending news: to a real webhook, once, and again where it was not taken."""

import json
import logging

import pytest

from flows.news import News
from flows.notify import read_addresses, send
from warehouse.errors import ConfigurationError

NEWS = [News("barometer.source.stale", "barometer.source.pypi", "pypi is stale: late")]


def test_a_webhook_gets_the_news(faulty):
    """One message with a line for each; an address that refuses it is told of."""
    server = faulty()
    sender = read_addresses(server.url.replace("http:", "json:") + "/hook")

    assert send(sender, [*NEWS, *NEWS])
    assert server.paths == ["/hook"]
    told = json.loads(server.bodies[0])
    assert (told["title"], told["type"], told["message"]) == (
        "Barometer: 2 changes",
        "warning",
        "pypi is stale: late\npypi is stale: late",
    )
    server.fault.status = 500
    assert not send(sender, NEWS)


def test_an_address_that_is_none_is_told_without_showing_it(caplog):
    """Most hold a password."""
    with caplog.at_level(logging.DEBUG), pytest.raises(ConfigurationError) as told:
        read_addresses("nothing://user:secret@example.org")
    assert "secret" not in str(told.value) + caplog.text
