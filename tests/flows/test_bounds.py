"""How long an answer may take: the same over TLS and by way of a proxy."""

import ssl
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from flows.client.client import Client
from flows.client.service import Service
from tests.flows.hostile.cases import BEGUN, dripping, saying, whole
from tests.flows.hostile.server import Answer, raw_server
from warehouse.config.settings import Settings
from warehouse.errors import Unreachable

HURRIED = Service("pypi", read_seconds=2, longest_answer_seconds=1)
DAY = timedelta(days=1)
DRIPPING = [dripping(BEGUN, b"X: ", then=b"y"), dripping(BEGUN, b"\r\n", then=b" ")]


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for this machine, which requests believes."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + DAY)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def ask(url: str, settings: Settings) -> object:
    with Client(HURRIED, replace(settings, demo=True), lambda page: None) as client:
        return client.ask("overall", "torch", url).data


def test_an_answer_over_tls_is_read(certificate, settings: Settings):
    """As any other."""
    with raw_server(lambda sent: saying(whole(b"[1]")), certificate) as server:
        assert ask(f"https://localhost:{server.port}/", settings) == [1]


@pytest.mark.parametrize("answer", DRIPPING)
def test_an_answer_over_tls_that_drips_is_given_up(certificate, settings: Settings, answer: Answer):
    """Its headers, or its body."""
    with (
        raw_server(lambda sent: answer, certificate) as server,
        pytest.raises(Unreachable, match=r"^pypi torch: no whole answer within 1 s$"),
    ):
        ask(f"https://localhost:{server.port}/", settings)


@pytest.mark.parametrize("url", ["http://example.invalid/", "https://example.invalid/"])
def test_a_proxy_that_drips_is_given_up(settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str):
    """What it says of the connection is part of the exchange."""
    with raw_server(lambda sent: DRIPPING[0]) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        with pytest.raises(Unreachable, match=r"^pypi torch: no whole answer within 1 s$"):
            ask(url, settings)
    assert proxy.sent[0].raw.startswith((b"GET http://example.invalid/ ", b"CONNECT example.invalid:443 "))
