#!/usr/bin/env bash
# A line break in the title of an axis leaves no chart at all.
#
# A good engineer would guess: a title is text. The chart's own title takes a line break, so that of an axis or a tooltip
# shows it as a blank or as a new line; and what does harm, if anything, are quotes and backslashes.
#
# What happens: quotes and backslashes do none. A line break stands raw in an expression that Vega-Lite makes of the titles
# (of what a screen reader is told of each mark), and Vega refuses the expression, and with it the whole
# chart ("Expression parse error"). So do U+2028 and U+2029, which JSON and today's JavaScript allow in a string. Altair
# finds the specification valid, and values of the data may hold any of these.
#
# Who meets it: whoever takes titles from column names or texts that people write.
#
# Seen with altair 6.3.0 and vl-convert-python 1.9.0 (Vega-Lite 6) on 2026-11-30. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check altair==6.3.0 vl-convert-python==1.9.0
cat > shown.py <<'PY'
import altair as alt
import vl_convert


def drawn(text, place):
    """Return whether a chart with that text in a place can be drawn, or what is said instead."""
    texts = {"the chart": "Orders", "an axis": "Month", "a tooltip": "Count", "a value": "May"} | {place: text}
    rows = alt.InlineData(values=[{"month": texts["a value"], "count": 1}])
    chart = (
        alt.Chart(rows, title=texts["the chart"])
        .mark_bar()
        .encode(
            x=alt.X("month:N", title=texts["an axis"]),
            y="count:Q",
            tooltip=alt.Tooltip("count:Q", title=texts["a tooltip"]),
        )
    )
    try:
        return vl_convert.vegalite_to_svg(chart.to_dict(validate=True)).startswith("<svg")
    except ValueError as error:
        return "Expression parse error" not in str(error) and str(error)


PLACES = "the chart", "a value", "an axis", "a tooltip"
TEXTS = {"quotes and a backslash": "it's \"so\" \\", "a line break": "so\nit is", "U+2028": "so\u2028it is"}
found = {(name, place): drawn(text, place) for name, text in TEXTS.items() for place in PLACES}
for name in TEXTS:
    told = (f"{place} {'drawn' if found[name, place] else 'expression parse error'}" for place in PLACES)
    print(f"{name} in: {', '.join(told)}")
assert all(found["quotes and a backslash", place] is True for place in PLACES)
for name in ("a line break", "U+2028"):
    assert [found[name, place] for place in PLACES] == [True, True, False, False]
PY
venv/bin/python shown.py
