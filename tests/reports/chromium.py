"""A reader's browser: the system's Chromium, driven over pages from a folder or from a host."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


class Visit:
    """A page that was opened, with everything it said and asked for on the way."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(address)

    def see_all(self, charts: int) -> None:
        """Scroll through the page, what is folded included, until so many charts have become interactive."""
        self.page.evaluate("document.querySelectorAll('details.further').forEach(one => one.open = true)")
        shown = self.page.locator(".plot:visible")
        for index in range(shown.count()):
            shown.nth(index).scroll_into_view_if_needed()
        self.page.wait_for_function(
            "count => document.querySelectorAll('.plot[data-live]').length >= count",
            arg=charts,
            timeout=30_000,
        )

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width


@contextmanager
def visiting(browser: Browser, site: Path, page: str, viewport: Any = DESK, **rest: Any) -> Iterator[Visit]:
    """Open a page of a site; what stands after its name is the fragment."""
    name, _, fragment = page.partition("#")
    context = browser.new_context(viewport=viewport, **rest)
    address = (site / f"{name}.html").as_uri()
    try:
        yield Visit(context.new_page(), f"{address}#{fragment}" if fragment else address)
    finally:
        context.close()


def violations(page: Page, **options: Any) -> list[str]:
    """Return what axe-core finds wrong with a page: by every rule of it, unless told otherwise."""
    usual = {"preload": False, "resultTypes": ["violations"]}  # to tell of what passed takes as long again
    found = Axe().run(page, options=usual | options).response["violations"]
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


@dataclass(frozen=True)
class Host:
    """A host of static files: its address, and what was asked of it with how many bytes were answered."""

    address: str
    asked: list[tuple[str, int]] = field(default_factory=list)

    def bytes_of(self, part: str) -> int:
        """Return how many bytes of the files with that in their name were answered."""
        return sum(size for path, size in self.asked if part in path)


class _Files(SimpleHTTPRequestHandler):
    """Files as they are, which is all that Python's own server knows."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, asked: list[tuple[str, int]], **rest: Any) -> None:
        self._asked = asked
        super().__init__(*args, **rest)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file, and note how large it was."""
        self._asked.append((self.path, os.fstat(source.fileno()).st_size))
        super().copyfile(source, outputfile)


class _FilesByRange(_Files):
    """The same by ranges, as hosts of static sites serve them."""

    def send_head(self) -> Any:
        """Answer a range with it, and anything else as a whole."""
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        file = Path(self.translate_path(self.path))
        if wanted is None or not file.is_file():
            return super().send_head()
        size = file.stat().st_size
        first, last = int(wanted[1]), min(int(wanted[2] or size), size - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(last - first + 1))
        self.send_header("Last-Modified", self.date_time_string(file.stat().st_mtime))
        self.end_headers()
        if self.command == "GET":
            self._asked.append((self.path, last - first + 1))
            self.wfile.write(file.read_bytes()[first : last + 1])
        return None


@contextmanager
def hosting(site: Path, *, ranges: bool = False) -> Iterator[Host]:
    """Serve a site on this machine, by ranges or not, for as long as the block lasts."""
    asked: list[tuple[str, int]] = []
    handler = partial(_FilesByRange if ranges else _Files, asked=asked, directory=str(site))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Host(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
