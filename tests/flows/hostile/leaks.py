"""Finding a secret again in what was kept: written another way than where secrets are removed."""

import base64
import binascii
import html
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote_to_bytes

CODED = re.compile(rb"[A-Za-z0-9+/_-]{8,}")


def leaks(kept: bytes, secrets: Sequence[str]) -> list[str]:
    """Return the secrets that a text holds, however it is written."""
    readings = [reading.lower() for reading in _readings(kept)]
    return [secret for secret in secrets if any(secret.lower().encode() in reading for reading in readings)]


def _readings(kept: bytes) -> Iterator[bytes]:
    yield kept
    yield kept.replace(b"\0", b"")
    yield unquote_to_bytes(kept.replace(b"+", b" "))
    yield unquote_to_bytes(unquote_to_bytes(kept))
    yield html.unescape(kept.decode("latin-1")).encode("latin-1", "replace")
    yield re.sub(rb"\\+", b"", kept)
    yield re.sub(rb"\\u00(..)", lambda found: bytes.fromhex(found[1].decode()), kept)
    for coded in set(CODED.findall(kept)):
        for start in range(4):
            yield _decoded(coded[start:])


def _decoded(coded: bytes) -> bytes:
    plain = coded.translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(plain[: len(plain) // 4 * 4])
    except binascii.Error:
        return b""
