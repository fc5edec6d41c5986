#!/usr/bin/env bash
# A chart that is set into a sheet of its own, with title and source, takes twice as long to become a PNG as alone.
#
# A good engineer would guess: a Vega chart is an `<svg>`; set into another `<svg>` with a title above and a source below,
# it costs what its marks cost, and a line of text more.
#
# What happens: an inner `<svg>` cuts off what lies outside of it, as the standard says, and the renderer paints all of it
# on a layer of its own to do so, though nothing lies outside. `overflow="visible"` on the inner one leaves the layer out:
# the picture is the same to the eye, and 1,200 pixels wide it takes less than half of the time.
#
# Who meets it: whoever makes pictures for sharing from Vega-Lite charts by vl-convert, and wonders why the sheet with three
# lines of text costs more than the chart.
#
# Seen with vl-convert-python 1.9.0.post1 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check vl-convert-python==1.9.0.post1
cat > shown.py <<'PY'
import time

import vl_convert

chart = vl_convert.vegalite_to_svg(
    {
        "width": 640,
        "height": 300,
        "data": {"values": [{"month": n, "downloads": n * n % 97} for n in range(120)]},
        "mark": "line",
        "encoding": {
            "x": {"field": "month", "type": "quantitative"},
            "y": {"field": "downloads", "type": "quantitative"},
        },
    }
)
SHEET = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="740" height="420">'
    '<rect width="740" height="420" fill="#fff"/><g transform="translate(20 40)">{}</g></svg>'
)


def seconds(sheet):
    """Return the processor time of the fastest of nine pictures."""
    times = []
    for _ in range(9):
        begun = time.process_time()
        vl_convert.svg_to_png(sheet, scale=1.625)
        times.append(time.process_time() - begun)
    return min(times)


cut = seconds(SHEET.format(chart))
left = seconds(SHEET.format(chart.replace("<svg ", '<svg overflow="visible" ', 1)))
print(f"cut off: {cut / left:.1f} times as long")
assert cut > 1.3 * left
PY
venv/bin/python shown.py
