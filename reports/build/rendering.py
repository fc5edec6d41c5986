"""Templates filled in: what every one of them may use, and how a page's parts are addressed."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.build import feeds
from reports.data import wording
from reports.data.series import query_of

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Inline:
    """A text that stands in a page itself, with the hash by which the page's policy allows it."""

    text: Markup

    @property
    def hash(self) -> str:
        """The hash as a policy names it."""
        return f"sha256-{b64encode(sha256(self.text.encode()).digest()).decode()}"


def inline(file: str) -> Inline:
    """Return a file of `static` to stand in a page."""
    return Inline(Markup((HERE / "static" / file).read_text(encoding="utf-8").strip()))


@cache
def environment() -> Environment:
    """Return where templates come from, and what is said the same way in all of them."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    names = ("counted", "day", "minute", "source_name", "of_all", "percent", "plainly", "span", "unit_of")
    made.globals |= {name: getattr(wording, name) for name in names}
    made.globals |= {name: getattr(feeds, name) for name in ("address", "feed_id", "identity", "told")}
    made.globals |= {"web_url": web_url, "sql": query_of}
    return made


def web_url(url: str | None) -> str | None:
    """Return the address if it is one a reader may follow: http or https; else None."""
    parts = urlsplit(url or "")
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def at_home(page: str) -> Mapping[str, Any]:
    """Return how parts are addressed where every page is a file of its own."""
    return {
        "at": lambda part: part,
        "to": lambda other, part="": f"{other}.html#{part}" if part else f"{other}.html",
        "root": "",
        "single": False,
        "layout": "base.html.j2",
    }


def from_root(root: str) -> Callable[[str], Mapping[str, Any]]:
    """Return how parts are addressed by a page that stands anywhere: from the site's own path on."""

    def addressed(page: str) -> Mapping[str, Any]:
        at = at_home(page)
        return {**at, "to": lambda other, part="": f"{root}{at['to'](other, part)}", "root": root}

    return addressed


def in_one_file(page: str) -> Mapping[str, Any]:
    """Return how parts are addressed where all pages are one file: with their page's name in front."""
    return {
        "at": lambda part: f"{page}--{part}",
        "to": lambda other, part="": f"#{other}--{part or 'page'}",
        "root": "",
        "single": True,
        "layout": "bare.html.j2",
    }
