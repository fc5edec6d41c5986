"""Feeds of what changed, as Atom and as JSON Feed. An entry keeps its identity from report to report."""

import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from reports.data.wording import day
from reports.findings.changes import Changes, Entry

NEWEST = 50  # entries in a feed


def identity(entry: Entry) -> str:
    """Return an identity that is the same in every report that tells the entry."""
    return uuid5(NAMESPACE_URL, f"barometer {entry.entry_id}").urn


def feed_id(question: str) -> str:
    """Return the identity of the feed itself."""
    return uuid5(NAMESPACE_URL, f"barometer feed {question}").urn


def told(entry: Entry) -> str:
    """Return an entry in one line."""
    return f"{day(entry.on)}: {entry.title}"


def address(entry: Entry) -> str:
    """Return where the site tells more of an entry, from its root."""
    return f"{entry.page}.html#{entry.part}" if entry.part else f"{entry.page}.html"


def feed_entries(found: Changes) -> list[Entry]:
    """Return the entries of a feed, those told last first."""
    newest = sorted(found.entries, key=lambda entry: (entry.noticed_at, entry.on), reverse=True)
    return newest[:NEWEST]


def json_feed(found: Changes, title: str, site_url: str) -> str:
    """Return the feed as JSON Feed 1.1. Source: https://www.jsonfeed.org/version/1.1/"""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Barometer: {title}",
        "language": "en",
        "items": [_item(entry, site_url) for entry in feed_entries(found)],
    }
    if site_url:
        feed |= {"home_page_url": site_url, "feed_url": f"{site_url}feed.json"}
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _item(entry: Entry, site_url: str) -> dict[str, Any]:
    item = {
        "id": identity(entry),
        "title": told(entry),
        "content_text": entry.title,
        "date_published": _moment(entry.noticed_at),
        "tags": [entry.kind],
    }
    whole = {"url": f"{site_url}{address(entry)}"} if site_url else {}  # it may not be relative
    return item | whole | ({"external_url": entry.url} if entry.url else {})


def _moment(at: datetime) -> str:
    return at.isoformat()
