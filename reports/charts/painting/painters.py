"""Vega-Lite specifications made pictures, many at once on every core.

What paints is a process of its own that knows the painter alone: the programs that a report is written by
take longer to start than a share of its pictures takes to paint.
"""

import json
import os
import re
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal, TypeAlias

import vl_convert

Kind: TypeAlias = Literal["svg", "png"]

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
    return vl_convert.svg_to_png(picture, scale=SCALE)


PAINTERS: dict[str, Callable[[Any], bytes]] = {"svg": svg, "png": png}


def paint(kind: Kind, subjects: Sequence[Any]) -> list[bytes]:
    """Return the pictures of many specifications, or of many SVG pictures, in their order."""
    shares = min(os.cpu_count() or 1, MOST, len(subjects) // FEWEST)
    if shares < 2:
        return [PAINTERS[kind](subject) for subject in subjects]
    painted: list[bytes] = [b""] * len(subjects)
    with ThreadPoolExecutor(shares) as threads:
        for n, done in enumerate(threads.map(lambda n: _elsewhere(kind, subjects[n::shares]), range(shares))):
            painted[n::shares] = done
    return painted


def _elsewhere(kind: Kind, subjects: Sequence[Any]) -> list[bytes]:
    """Return pictures that another process paints; raises CalledProcessError where it did not end well."""
    command = [sys.executable, "-P", __file__, kind]
    done = subprocess.run(command, input=json.dumps(subjects).encode(), stdout=subprocess.PIPE, check=True)
    return [b64decode(picture) for picture in json.loads(done.stdout)]


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever stops the command hears of it from the command
    kind, subjects = sys.argv[1], json.load(sys.stdin)
    json.dump([b64encode(PAINTERS[kind](subject)).decode() for subject in subjects], sys.stdout)


if __name__ == "__main__":
    _main()
