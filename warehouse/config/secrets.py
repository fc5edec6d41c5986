"""What must never be recorded, logged or shown: the secret values that are known here, and their removal.

A token, a key or a password counts from six characters on. A login beside a password, and a part of an
address that news are sent to, count from eight on with a letter and a digit among them: a shorter one or a
word is rather a name, or a part of an answer.
"""

import base64
import html
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from urllib.parse import unquote

from warehouse.config.declared import credential_kinds
from warehouse.regular import read_regular

MARKER = b"[secret removed]"
SHORTEST, SHORTEST_NAME = 6, 8
LARGEST_NOTIFY_BYTES = 2**16

CREDENTIALS = frozenset(credential_kinds())
# What AWS's own tools read; one is the name that goes with a secret.
AWS_NAME = "AWS_ACCESS_KEY_ID"
OF_AWS = frozenset({"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN"})
USERS = frozenset(name for name, is_name in credential_kinds().items() if is_name) | {AWS_NAME}
NOTIFY, NOTIFY_FILE = "BAROMETER_NOTIFY", "BAROMETER_NOTIFY_FILE"
PASSWORD = "POSTGRES_PASSWORD"
OURS = CREDENTIALS | OF_AWS | {AWS_NAME, PASSWORD, NOTIFY, NOTIFY_FILE}
# Prefect has several names for each, old and new ones: of its API, its server and their database.
OF_PREFECT = re.compile(r"PREFECT_\w*(PASSWORD|AUTH_STRING|API_KEY)")
ADDRESS = re.compile(r"\w+_(PROXY|URL)|AWS_ENDPOINT_URL_\w+|BAROMETER_DASK_SCHEDULER", re.IGNORECASE)


@dataclass(frozen=True)
class _Form:
    """How a secret may be written: a pattern, and what a text has in it that holds one, in lower case."""

    pattern: bytes
    parts: Sequence[bytes]

    @classmethod
    def of(cls, written: bytes) -> "_Form":
        return cls(re.escape(written), [written.lower()])


@dataclass(frozen=True)
class Secrets:
    """Secret values; they are found in any case, and as software writes them: see `_forms`."""

    values: frozenset[str] = frozenset()

    def strip(self, text: str) -> str:
        """Return a text with a marker in place of each secret; done again, it changes nothing."""
        return self.strip_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def strip_bytes(self, body: bytes) -> bytes:
        """Return a body with a marker in place of each secret."""
        lowered = body.lower()
        found = [form.pattern for form in self._forms if all(part in lowered for part in form.parts)]
        if not found:
            return body
        # Longest first, lest a part of one stays; a marker stays whole, though a secret may be a word of it.
        either = b"|".join([re.escape(MARKER), *sorted(found, key=len, reverse=True)])
        return re.sub(either, MARKER, body, flags=re.IGNORECASE)

    @cached_property
    def _forms(self) -> list[_Form]:
        return [form for value in self.values for form in _forms(value)]

    def __or__(self, other: "Secrets") -> "Secrets":
        """Return the secrets of both."""
        return Secrets(self.values | other.values)


NONE = Secrets()


def known_secrets(environment: Mapping[str, str] = os.environ) -> Secrets:
    """Return the secrets that an environment holds, whether or not its settings can be understood."""
    return _known(tuple((name, text) for name, text in environment.items() if text and _may_tell(name)))


def _may_tell(name: str) -> bool:
    return name in OURS or bool(OF_PREFECT.fullmatch(name) or ADDRESS.fullmatch(name))


@lru_cache(maxsize=8)
def _known(environment: tuple[tuple[str, str], ...]) -> Secrets:
    return Secrets(frozenset(value for name, text in environment for value in _told_by(name, text.strip())))


def _told_by(name: str, text: str) -> Iterator[str]:
    if name == NOTIFY:
        yield from secrets_of_notify(text)
    elif name == NOTIFY_FILE:
        yield from secrets_of_notify(_notify_told(text))
    elif name in USERS:
        yield from filter(_is_tokenlike, [text])
    elif ADDRESS.fullmatch(name):
        yield from _of_address(text)
    else:
        yield from _of_login(text) if "AUTH_STRING" in name else _long_enough(text)


def read_notify(file: str) -> str:
    """Return what the file holds that names addresses; raises OSError for no file, ValueError for no text."""
    return read_regular(Path(file).expanduser(), LARGEST_NOTIFY_BYTES).decode()


def _notify_told(file: str) -> str:
    try:
        return read_notify(file)
    except (OSError, ValueError):  # told where the settings are read
        return ""


def secrets_of_notify(text: str) -> Iterator[str]:
    """Yield what is secret in addresses that news are sent to: logins, and each part that may be a token."""
    for address in re.split(r"[\s,]+", text):
        yield from _of_address(address)
        host, *parts = re.split(r"[/?#]", _divided(address)[1].rpartition("@")[2])
        parts += [] if "." in host else [host]  # some have a token there
        for part in (one for some in parts for one in re.split("[&=:]", some)):
            yield from filter(_is_tokenlike, (part, unquote(part)))


def _of_address(address: str) -> Iterator[str]:
    """Yield what is secret before the host of an address, however malformed it is."""
    if "@" in address:
        yield from _of_login(_divided(address)[1].rpartition("@")[0])


def _of_login(login: str) -> Iterator[str]:
    """Yield what is secret in `name:password`; a name alone is a token."""
    for name, colon, password in (login.partition(":"), map(unquote, login.partition(":"))):
        yield from _long_enough(f"{name}{colon}{password}", password)
        yield from filter(_is_tokenlike, [name])


def _long_enough(*values: str) -> Iterator[str]:
    yield from (value for value in values if len(value) >= SHORTEST)


def _is_tokenlike(part: str) -> bool:
    is_mixed = re.search(r"[0-9]", part) and re.search(r"[A-Za-z]", part)
    return len(part) >= SHORTEST_NAME and is_mixed is not None


def shown(address: str) -> str:
    """Return an address as a message may show it: its scheme, host and port, as far as it has any."""
    scheme, rest = _divided(address.strip())
    host = re.split("[/?#]", rest.rpartition("@")[2])[0]
    return scheme + re.sub(r"^(\[[0-9A-Fa-f:.]*\]?|[^:]*)(:\d{1,5}$)?.*", r"\1\2", host)


def _divided(address: str) -> tuple[str, str]:
    """Return an address in two parts: its scheme with the slashes, if it has one, and all that follows."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*://)?", address, re.IGNORECASE)
    end = scheme.end() if scheme else 0
    return address[:end], address[end:]


def _forms(value: str) -> Iterator[_Form]:
    """Yield a value as it is, or with any sign of it escaped; in base 64; and in UTF-16."""
    words = re.findall("[a-z0-9]+", value.lower())
    yield _Form("".join(map(_escaped, value)).encode(), [word.encode() for word in words])
    yield from map(_Form.of, _in_base64(value.encode()))
    yield from (_Form.of(value.encode(code)) for code in ("utf-16-le", "utf-16-be"))


def _escaped(sign: str) -> str:
    """Return a pattern for a sign as it is in text, addresses, JSON, program code or HTML."""
    if sign.isascii() and sign.isalnum():
        return sign
    number, percents = ord(sign), "".join(f"%(?:25)*{byte:02x}" for byte in sign.encode())
    coded = rf"\\+u{number:04x}|&#{number};|&#x0*{number:x};|{percents}"
    return rf"(?:\\*{re.escape(sign)}|{re.escape(html.escape(sign))}|{coded})"


def _in_base64(raw: bytes) -> Iterable[bytes]:
    """Yield what is the same of a value whatever stands beside it, which shifts it by up to two bytes."""
    whole = [base64.b64encode(raw)]
    for before in range(3):
        groups = base64.b64encode(bytes(before) + raw)[4 if before else 0 : (before + len(raw)) // 3 * 4]
        whole += [groups] if len(groups) >= SHORTEST_NAME else []
    return [coded for one in whole for coded in (one, one.translate(bytes.maketrans(b"+/", b"-_")))]
