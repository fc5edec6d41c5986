"""Sending news: to a real webhook, once, and again where it was not taken."""

import json
import logging

import pytest

from flows.pipeline.alerts import News
from flows.pipeline.notify import read_addresses, require_public, send
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


def test_a_message_has_one_line_for_each_change(faulty):
    """A reason is a source's words: they neither begin a line of their own nor steer who reads them."""
    server = faulty()
    wicked = News("barometer.source.stale", "barometer.source.pypi", "pypi: a\r\nBcc: x\x1b[31m")
    assert send(read_addresses(server.url.replace("http:", "json:")), [wicked])
    assert json.loads(server.bodies[0])["title"] == "Barometer: pypi: a Bcc: x\ufffd[31m"


@pytest.mark.parametrize(
    "address",
    [
        "mailtos://me:word@example.org",
        "json://token@example.org/path",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "json://example.org/path?key=a1b2c3d4e5",
    ],
)
def test_an_address_with_a_secret_is_refused_where_everybody_could_read_it(address: str):
    """With where it belongs; an address of nothing but a host and a path may be given."""
    with pytest.raises(ConfigurationError, match="expected it in BAROMETER_NOTIFY, or in a file") as told:
        require_public(["json://127.0.0.1:8080/hook", address])
    assert not any(part in str(told.value) for part in ("me:word", "token@", "T1JJ", "a1b2"))
    require_public(["json://127.0.0.1:8080/hook", "jsons://example.org/path/to/it"])
