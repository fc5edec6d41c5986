"""Vega-Lite specifications made pictures, many at once on every core.

What paints is a process of its own that knows the painter alone: the programs that a report is written by
take longer to start than a share of its pictures takes to paint.
"""

import json
import os
import re
import signal
import struct
import subprocess
import sys
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from threading import Lock
from typing import Any, Literal, Self, TypeAlias

import vl_convert

Kind: TypeAlias = Literal["svg", "png", "bundle"]

FEWEST = 6  # of fewer pictures, the start of a process takes longer than its share
MOST = 4  # processes of 200 MB each
SCALE = 1.625  # 1,200 pixels wide, as sharing services want
# What looks the same and is less work: a mark's opacity is that of its line, its area or its letters, or the
# mark is painted on a layer of its own; and a line of dashes without gaps is painted as thousands of lines.
PLAINER = (
    (re.compile(r'(<line [^>]*?) opacity="'), r'\1 stroke-opacity="'),
    (re.compile(r'(<(?:text|path) [^>]*?fill="[^>]*?) opacity="'), r'\1 fill-opacity="'),
    (re.compile(r' stroke-dasharray="(?:1,0)?"'), ""),
)


def svg(specification: dict[str, Any]) -> bytes:
    """Return a Vega-Lite specification as SVG; Vega escapes every text in it."""
    return vl_convert.vegalite_to_svg(specification, allowed_base_urls=[]).encode()


def png(picture: str) -> bytes:
    """Return an SVG picture as PNG."""
    for found, instead in PLAINER:
        picture = found.sub(instead, picture)
    return packed(vl_convert.svg_to_png(picture, scale=SCALE))


def packed(picture: bytes) -> bytes:
    """Return a PNG with the same pixels in fewer bytes: it was packed to be done soon, three times as large.

    Source of the form: https://www.w3.org/TR/png-3/, of which one IDAT chunk or several hold the pixels.
    """
    chunks = list(_chunks(picture))
    pixels = zlib.compress(zlib.decompress(b"".join(told for kind, told in chunks if kind == b"IDAT")))
    first = next(at for at, (kind, _) in enumerate(chunks) if kind == b"IDAT")
    chunks = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    chunks.insert(first, (b"IDAT", pixels))
    return picture[:8] + b"".join(
        struct.pack(">I", len(told)) + kind + told + struct.pack(">I", zlib.crc32(kind + told))
        for kind, told in chunks
    )


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and content of each chunk of a PNG: behind eight bytes, each with its length and a check."""
    at = 8
    while at < len(picture):
        (length,) = struct.unpack_from(">I", picture, at)
        yield picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        at += 12 + length


def bundle(script: str) -> bytes:
    """Return a script with the libraries that draw charts in a page."""
    return vl_convert.javascript_bundle(script).encode()


PAINTERS: dict[str, Callable[[Any], bytes]] = {"svg": svg, "png": png, "bundle": bundle}


class Painters:
    """Processes that paint, for as long as there may be something to paint.

    They start with the first pictures that are worth it, or `at_once`, while it is still being decided what
    to paint: until its first chart such a process takes as long as for twenty more.
    """

    def __init__(self, at_once: bool = False) -> None:
        self._at_once = at_once
        self._running = ExitStack()
        self._idle: SimpleQueue[_Elsewhere] = SimpleQueue()
        self._count = 0
        self._starting = Lock()

    def __enter__(self) -> Self:
        if self._at_once:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def paint(self, kind: Kind, subjects: Iterable[Any], count: int) -> list[bytes]:
        """Return the pictures of so many specifications, or SVG pictures, in their order.

        The first are painted while what comes after is still being made. Raises RuntimeError where one of
        the processes does not end well.
        """
        if not self._start(count // FEWEST):
            return [PAINTERS[kind](subject) for subject in subjects]
        with ThreadPoolExecutor(self._count) as threads:
            return list(threads.map(lambda subject: self._painted(kind, subject), subjects))

    def _start(self, most: int = MOST) -> bool:
        """Start one process a core where none runs, if `most` are more than one; return whether any runs."""
        with self._starting:
            if not self._count and (count := min(os.cpu_count() or 1, MOST, most)) > 1:
                for _ in range(count):
                    self._idle.put(self._running.enter_context(_Elsewhere()))
                self._count = count
        return bool(self._count)

    def _painted(self, kind: Kind, subject: Any) -> bytes:
        painter = self._idle.get()
        try:
            return painter.ask(kind, subject)
        finally:
            self._idle.put(painter)


class _Elsewhere:
    """A process that paints one picture after the other; it ends with what it reads from."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", __file__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(BrokenPipeError), self._process:  # closes what it reads, and waits for it
            pass

    def ask(self, kind: Kind, subject: Any) -> bytes:
        """Return a picture; raises RuntimeError where the process has ended."""
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps([kind, subject]).encode() + b"\n")
            self._process.stdin.flush()
        if not (told := self._process.stdout.readline()):
            raise RuntimeError("painting: found that a process of its own has ended, expected a picture")
        return b64decode(told)


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever stops the command hears of it from the command
    svg({"data": {"values": []}, "mark": "point"})  # what is loaded for the first chart
    for line in sys.stdin.buffer:
        kind, subject = json.loads(line)
        sys.stdout.buffer.write(b64encode(PAINTERS[kind](subject)) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
