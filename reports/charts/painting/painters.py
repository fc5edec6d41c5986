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


def paint(kind: Kind, subjects: Iterable[Any], count: int) -> list[bytes]:
    """Return the pictures of so many specifications, or SVG pictures, in their order.

    Other processes paint the first while what comes after is still being made. Raises RuntimeError where one
    of them does not end well.
    """
    shares = min(os.cpu_count() or 1, MOST, count // FEWEST)
    if shares < 2:
        return [PAINTERS[kind](subject) for subject in subjects]
    with ExitStack() as stack, ThreadPoolExecutor(shares) as threads:
        idle: SimpleQueue[_Elsewhere] = SimpleQueue()
        for _ in range(shares):
            idle.put(stack.enter_context(_Elsewhere(kind)))

        def painted(subject: Any) -> bytes:
            painter = idle.get()
            try:
                return painter.ask(subject)
            finally:
                idle.put(painter)

        return list(threads.map(painted, subjects))


def paint_elsewhere(kind: Kind, subject: Any) -> bytes:
    """Return one that another process makes, while threads of this one go on."""
    with _Elsewhere(kind) as painter:
        return painter.ask(subject)


class _Elsewhere:
    """A process that paints one picture after the other; it ends with what it reads from."""

    def __init__(self, kind: Kind) -> None:
        command = [sys.executable, "-P", __file__, kind]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(BrokenPipeError), self._process:  # closes what it reads, and waits for it
            pass

    def ask(self, subject: Any) -> bytes:
        """Return a picture; raises RuntimeError where the process has ended."""
        assert self._process.stdin and self._process.stdout
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(subject).encode() + b"\n")
            self._process.stdin.flush()
        if not (told := self._process.stdout.readline()):
            raise RuntimeError("painting: found that a process of its own has ended, expected a picture")
        return b64decode(told)


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever stops the command hears of it from the command
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(b64encode(PAINTERS[sys.argv[1]](json.loads(line))) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
