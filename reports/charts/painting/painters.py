"""What only Vega and its renderer can do: pictures as PNG, and names cut off where their room ends.

Many pictures are painted at once on every core. What paints is a process of its own that knows the painter
alone: the programs that a report is written by take longer to start than a share of its pictures takes to
paint.
"""

import json
import os
import re
import signal
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import Any

import vl_convert

FEWEST = 6  # of fewer pictures, the start of a process takes longer than its share
MOST = 4  # processes of 200 MB each
SCALE = 1.625  # 1,200 pixels wide, as sharing services want


def png(picture: str) -> bytes:
    """Return an SVG picture as PNG."""
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


def cut_off(names: Sequence[Mapping[str, Any]], font: str) -> list[str]:
    """Return texts of a size and weight as far as they fit their limit in pixels; Vega measures them."""
    look = {"fontSize": "size", "fontWeight": "weight", "limit": "limit"}
    spec = {
        "config": {"font": font, "aria": False},
        "data": {"values": names},
        "mark": {"type": "text", **{key: {"expr": f"datum.{column}"} for key, column in look.items()}},
        "encoding": {"text": {"field": "text", "type": "nominal"}},
    }
    drawn = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return [unescape(text) for text in re.findall(r"<text[^>]*?(?:/>|>(.*?)</text>)", drawn)]


def _elsewhere(pictures: Sequence[str]) -> list[bytes]:
    """Return pictures that another process paints; raises CalledProcessError where it did not end well."""
    command = [sys.executable, "-P", __file__]
    done = subprocess.run(command, input=json.dumps(pictures).encode(), stdout=subprocess.PIPE, check=True)
    return [b64decode(picture) for picture in json.loads(done.stdout)]


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever stops the command hears of it from the command
    json.dump([b64encode(png(picture)).decode() for picture in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    _main()
