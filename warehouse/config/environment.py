"""Single values of the environment that are secret, or hold a secret: wrong ones are told without it."""

import re
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from warehouse.config.secrets import NOTIFY, NOTIFY_FILE, OF_PREFECT, read_notify, shown
from warehouse.errors import ConfigurationError

if TYPE_CHECKING:
    from urllib3.util import Url

PROXY = "http://proxy.example.org:3128"
EXAMPLES: Mapping[str, str] = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), PROXY),
    "PREFECT_API_URL": "http://127.0.0.1:4200/api",
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
