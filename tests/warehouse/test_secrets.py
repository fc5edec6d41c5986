"""Secrets: which values count, and how they are found again in whatever was written."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest

from warehouse.config.secrets import Secrets, known_secrets, secrets_of_notify, shown

VALUE = 'gh+p/0="&\\xy_z'


@pytest.mark.parametrize(
    "written",
    [
        VALUE,
        VALUE.upper(),
        quote(VALUE),
        quote(VALUE, safe=""),
        quote(VALUE, safe="").lower(),
        quote(quote(VALUE)),
        quote_plus(VALUE),
        json.dumps(VALUE)[1:-1],
        json.dumps(json.dumps(VALUE)[1:-1])[1:-1],
        json.dumps(VALUE)[1:-1].replace("/", r"\/").replace("+", r"\u002b").replace("&", r"\u0026"),
        html.escape(VALUE),
        html.escape(VALUE).replace("&quot;", "&#34;").replace("+", "&#x2B;"),
        repr(VALUE)[1:-1],
        base64.b64encode(VALUE.encode()).decode(),
    ],
)
def test_a_secret_is_found_however_it_is_written(written: str):
    """A marker stands in its place, what is around it stays, and a second time nothing changes."""
    secrets = Secrets(frozenset({VALUE}))
    stripped = secrets.strip(f"before {written} after")

    assert stripped == "before [secret removed] after"
    assert secrets.strip(stripped) == stripped


def test_a_secret_is_found_in_base64_of_more():
    """Whatever stands before it shifts its bits; what is left of it is its first and last signs at most."""
    for before in ("", "a", "ab", "abc"):
        coded = base64.b64encode(f"{before}{VALUE}: and so on".encode())
        stripped = Secrets(frozenset({VALUE})).strip_bytes(coded)
        assert b"[secret removed]" in stripped
        assert len(coded) - len(stripped.replace(b"[secret removed]", b"")) >= len(VALUE)


def test_a_body_of_bytes_stays_as_it_was_around_a_secret():
    """UTF-16, and what is no text at all."""
    secrets = Secrets(frozenset({"hunter2"}))
    strip = secrets.strip
    assert secrets.strip_bytes(b"\xff\x00hunter2\xfe") == b"\xff\x00[secret removed]\xfe"
    assert "hunter2".encode("utf-16-le") not in secrets.strip_bytes("a hunter2".encode("utf-16-le"))
    assert secrets.strip_bytes(body := bytes(range(256))) is body
    assert strip("half \ud800 hunter2") == "half \ud800 [secret removed]"


def test_a_marker_stays_though_a_secret_is_a_word_of_it():
    """Done again it would grow, and with it the digest of what is archived."""
    strip = Secrets(frozenset({"secret", "removed"})).strip
    assert strip(strip("a secret")) == "a [secret removed]"


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("GITHUB_TOKEN", " token1\n", {"token1"}),
        ("GITHUB_TOKEN", "short", set()),
        ("CLICKHOUSE_USER", "demo", set()),
        ("CLICKHOUSE_USER", "reader_17", {"reader_17"}),
        ("HTTPS_PROXY", "http://me:p%2Fword@h:1", {"p%2Fword", "p/word", "me:p%2Fword", "me:p/word"}),
        ("https_proxy", "me:p@ss://word@proxy", {"me:p@ss://word", "p@ss://word"}),
        ("WIKIMEDIA_URL", "https://atoken@proxy/", {"atoken"}),
        ("PREFECT_API_AUTH_STRING", "admin:word17", {"admin:word17", "word17"}),
        ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "postgresql://me:word17@db/x", {"me:word17", "word17"}),
        ("PREFECT_API_KEY", "pnu_1234", {"pnu_1234"}),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUt/K7", {"wJalrXUt/K7"}),
        ("AWS_SESSION_TOKEN", "Fwo/token", {"Fwo/token"}),
        ("AWS_ACCESS_KEY_ID", "AKIA1234", {"AKIA1234"}),
        ("AWS_ACCESS_KEY_ID", "minioadmin", set()),
        ("AWS_ENDPOINT_URL_S3", "https://me:word17@host", {"me:word17", "word17"}),
        ("BAROMETER_DATA", "/home/somebody17@there/data", set()),
        ("BAROMETER_CONTACT", "somebody17@example.org", set()),
        ("PATH", "/usr/bin:somebody17@there", set()),
    ],
)
def test_what_is_known_of_an_environment(name: str, text: str, values: set[str]):
    """Tokens, keys, passwords, and logins that are no words; nothing too short to be told from an answer."""
    assert known_secrets({name: text}).values == values


def test_any_part_of_an_address_of_news_may_be_a_token():
    """But not its host, and not what is a word."""
    told = "tgram://123456789:AAEabcdefgh12345/-100, json://hooks.example17.org:8080/hook/word?key=a1b2c3d4e5"
    assert set(secrets_of_notify(told)) == {"AAEabcdefgh12345", "a1b2c3d4e5"}
    assert set(secrets_of_notify("slack://T1JJ3T3L2/A1BRTD4JD/#general")) == {"T1JJ3T3L2", "A1BRTD4JD"}
    assert set(secrets_of_notify("json://127.0.0.1:8080/hook")) == set()


def test_an_address_is_shown_without_what_may_be_secret():
    """Scheme, host and port, as far as it has any."""
    assert shown("https://me:hun/t3r@host:80/path?key=x") == "https://host:80"
    assert shown("http://me:hunt3r@[::1]:80/") == "http://[::1]:80"
    assert shown("http://host:hun://t3r") == shown("http://host:hunt3r") == "http://host"
    assert (shown("localhost:1"), shown("me:hunt3r"), shown("")) == ("localhost:1", "me", "")
