"""SVG pictures made PNG, many at once on every core.

What paints is a process of its own that knows the painter
alone: the programs that a report is written by take longer to start than a share of its pictures takes to
paint.
"""

import os
import pickle
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import vl_convert

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


def png(picture: str) -> bytes:
    """Return an SVG picture as PNG."""
    for found, instead in PLAINER:
        picture = found.sub(instead, picture)
    return vl_convert.svg_to_png(picture, scale=SCALE)


def paint(pictures: Sequence[str]) -> list[bytes]:
    """Return many SVG pictures as PNG, in their order."""
    shares = min(os.cpu_count() or 1, MOST, len(pictures) // FEWEST)
    if shares < 2:
        return [png(picture) for picture in pictures]
    painted: list[bytes] = [b""] * len(pictures)
    with ThreadPoolExecutor(shares) as threads:
        for n, done in enumerate(threads.map(lambda n: _elsewhere(pictures[n::shares]), range(shares))):
            painted[n::shares] = done
    return painted


def _elsewhere(pictures: Sequence[str]) -> list[bytes]:
    """Return pictures that another process paints; raises CalledProcessError where it did not end well."""
    command = [sys.executable, "-P", __file__]
    done = subprocess.run(command, input=pickle.dumps(pictures), stdout=subprocess.PIPE, check=True)
    painted: list[bytes] = pickle.loads(done.stdout)
    return painted


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever stops the command hears of it from the command
    pickle.dump([png(picture) for picture in pickle.load(sys.stdin.buffer)], sys.stdout.buffer)


if __name__ == "__main__":
    _main()
