"""Single values of the environment that are secret, or hold a secret: wrong ones are told without it."""

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from warehouse.config.secrets import NOTIFY, NOTIFY_FILE, OF_PREFECT, read_notify, shown
from warehouse.errors import ConfigurationError

if TYPE_CHECKING:
    from urllib3.util import Url

# An address of object storage.
STORAGE = re.compile(r"s3://[a-z0-9][a-z0-9.-]+[a-z0-9](/[A-Za-z0-9._=-]+)*")
# Where the same bucket is another one.
ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
PROXY = "http://proxy.example.org:3128"
EXAMPLES: Mapping[str, str] = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), PROXY),
    "PREFECT_API_URL": "http://127.0.0.1:4200/api",
    **dict.fromkeys(ENDPOINTS, "https://s3.example.org"),
}


def credential(environment: Mapping[str, str], name: str) -> str | None:
    """Return a value that may be secret, without the blanks and line ends around it.

    One with other signs than a header may hold would be shown by the error of the request that carries it.
    """
    text = environment.get(name, "").strip()
    if not re.fullmatch(r"[!-~]*", text):
        raise _bad_sign(name)
    return text or None


def _bad_sign(name: str) -> ConfigurationError:
    return ConfigurationError(
        f"{name}: found a blank, a line end or a sign beyond ASCII within it, expected none"
    )


def notify(environment: Mapping[str, str]) -> str | None:
    """Return the addresses that news are sent to, from the environment or from a file that it names."""
    text, name = environment.get(NOTIFY, "").strip(), NOTIFY
    if file := environment.get(NOTIFY_FILE):
        if text:
            raise ConfigurationError(f"{NOTIFY_FILE}: found {NOTIFY} beside it, expected one of them")
        text, name = _addresses_in(file), NOTIFY_FILE
    if not re.fullmatch(r"[!-~ \t\r\n]*", text):
        raise ConfigurationError(f"{name}: found a control character or one beyond ASCII, expected addresses")
    return text or None


def _addresses_in(file: str) -> str:
    try:
        return read_notify(file).strip()
    except OSError as error:
        found = f"{file}: {error.strerror}"
    except UnicodeDecodeError:
        found = f"{file}: no text"
    raise ConfigurationError(f"{NOTIFY_FILE}: {found}, expected a file with addresses that can be read")


def require_usable(environment: Mapping[str, str]) -> None:
    """Raise ConfigurationError for what others read themselves, and would show whole if it is wrong."""
    for name, text in environment.items():
        if OF_PREFECT.fullmatch(name) and not re.fullmatch(r"[!-~]*", text):
            raise _bad_sign(name)
        if text and (example := EXAMPLES.get(name.upper())):
            if not re.fullmatch(r"[!-~]*", text):
                raise _bad_sign(name)
            address(name, text if "://" in text else f"http://{text}", example)


def remote_of(environment: Mapping[str, str]) -> str | None:
    """Return the address without a slash at its end; None where a local folder is named, or nothing.

    Raises ConfigurationError, which shows no login, for another scheme and for what is no bucket and prefix.
    """
    given = environment.get("BAROMETER_DATA", "").strip()
    if "://" not in given:
        return None
    if not STORAGE.fullmatch(given.rstrip("/")):
        raise ConfigurationError(
            f"BAROMETER_DATA: found {shown(given)!r}, expected a folder, or object storage like "
            "s3://bucket/prefix with letters, digits and .-_= in its names; credentials stand in "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    return given.rstrip("/")


def mirror_of(remote: str, environment: Mapping[str, str]) -> str:
    """Return what the folder of a machine's mirror is called: no two addresses share one."""
    endpoint = next(filter(None, (environment.get(name) for name in ENDPOINTS)), "")
    return hashlib.sha256(f"{endpoint} {remote}".encode()).hexdigest()[:12]


def address(name: str, text: str, example: str, schemes: Collection[str] = ()) -> "Url":
    """Return an address as a request takes it; raises ConfigurationError that does not show its login."""
    from urllib3.exceptions import LocationParseError  # most environments hold no address
    from urllib3.util import Url, parse_url

    try:
        url = parse_url(text)
    except LocationParseError:
        url = Url()
    if not url.host or (schemes and url.scheme not in schemes):
        raise ConfigurationError(f"{name}: found {shown(text)!r}, expected an address like {example}")
    return url
