#!/usr/bin/env bash
# A chart's PNG by vl-convert is three times as large as the same pixels packed by Python's own zlib.
#
# A good engineer would guess: a PNG is packed without a loss, so every program writes about as many bytes for the same
# pixels, some tenths more or less; a smaller file needs fewer colours or a loss.
#
# What happens: the pixels are packed by a method made for speed. Taken apart and packed again by `zlib.compress` at its
# usual level, with the same filters in front of each line, a chart of 1,200 pixels has a third of the bytes, for some 15 ms;
# no pixel and no other chunk changes. Its pixels have an alpha channel, too, in which nothing stands.
#
# Who meets it: a static report with hundreds of pictures for sharing (163 of them took 30 MB in place of 10), and whoever
# commits such pictures to a repository day by day.
#
# Seen with vl-convert-python 1.9.0.post1 on 2026-11-30. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check vl-convert-python==1.9.0.post1
cat > shown.py <<'PY'
import struct
import zlib

import vl_convert

png = vl_convert.vegalite_to_png(
    {
        "width": 640,
        "height": 300,
        "data": {"values": [{"day": n, "of": k, "stars": n * k + n * n % 97} for n in range(400) for k in range(4)]},
        "mark": "line",
        "encoding": {
            "x": {"field": "day", "type": "quantitative"},
            "y": {"field": "stars", "type": "quantitative"},
            "color": {"field": "of", "type": "nominal"},
        },
    },
    scale=1.625,
)
pixels, at = b"", 8
while at < len(png):
    (length,) = struct.unpack_from(">I", png, at)
    if png[at + 4 : at + 8] == b"IDAT":
        pixels += png[at + 8 : at + 8 + length]
    at += 12 + length
anew = zlib.compress(zlib.decompress(pixels))
print(f"{len(pixels):,} bytes of packed pixels; by zlib's usual level {len(anew):,}")
assert len(pixels) > 2 * len(anew)
PY
venv/bin/python shown.py
