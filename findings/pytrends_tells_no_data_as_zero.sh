#!/usr/bin/env bash
# pytrends hands over a month of which Google says that it has no data as 0, like one with searches too few for a 1.
#
# A good engineer would guess: what Google marks with `hasData: false` is not a number in the data frame, or has no row.
#
# What happens: `interest_over_time` reads `value` alone. Google sends 0 there both where it knows nothing (hasData false,
# an empty formattedValue) and where it rounds (hasData true, "<1"). In the data frame both are the integer 0, and no
# column tells them apart; only `isPartial` is kept. A mean, a share or a ratio over such months is a wrong figure, and a
# term that Google cannot tell of looks as if nobody had searched for it.
#
# Who meets it: whoever measures search interest through pytrends, most of all of a young name, of a rare one, or over years
# in which Google lost its samples. The answer itself has to be kept and read for `hasData`.
#
# Seen with pytrends 4.9.2 and pandas 3.1.1 on 2026-11-30; the answer has the form that Google sends, with figures made up.
# Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pytrends==4.9.2 pandas==3.1.1
cat > shown.py <<'PY'
from pytrends.request import TrendReq

MONTHS = [
    ("1777593600", [40, 0], [True, False], ["40", ""]),
    ("1780272000", [0, 30], [True, True], ["<1", "30"]),
    ("1782864000", [0, 0], [False, False], ["", ""]),
]


class Offline(TrendReq):
    """Reads an answer as ever, and asks nobody for it."""

    def GetGoogleCookie(self):
        return {}

    def _get_data(self, url, **kwargs):
        names = ("time", "value", "hasData", "formattedValue")
        return {"default": {"timelineData": [dict(zip(names, month)) for month in MONTHS]}}


trends = Offline()
trends.kw_list = ["known", "young"]
trends.interest_over_time_widget = {"request": {}, "token": ""}
told = trends.interest_over_time()
print(told)
assert told["known"].tolist() == [40, 0, 0] and told["young"].tolist() == [0, 30, 0]
assert told[["known", "young"]].notna().all(axis=None), "what is not known is told as such"
assert set(told.columns) == {"known", "young", "isPartial"}
PY
venv/bin/python shown.py
