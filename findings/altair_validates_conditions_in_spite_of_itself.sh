#!/usr/bin/env bash
# Where Altair is told not to validate, a condition is held against its schema twenty times all the same.
#
# A good engineer would guess: within `debug_mode(False)` nothing is validated while a chart is made, so that the time
# left is that of making it; and the two ways to say a condition, by `alt.condition` and by a channel's own class, cost the
# same, as they make the same specification.
#
# What happens: channels of their own classes are not validated. `alt.condition` and `alt.when` return dictionaries, and
# to find which class one of them is, Altair 6 tries the schema of each that it could be, whatever the mode. Two
# conditions took more than half of the time in which charts of ten layers were made. Written as
# `alt.OpacityValue(0, condition={…})` nothing is tried, and the specification is the same.
#
# Who meets it: programs that make charts by the hundred, as for a static report.
#
# Seen with altair 6.3.0 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check altair==6.3.0
cat > shown.py <<'PY'
import altair as alt
from altair.utils import schemapi

validated = []
validate = schemapi.validate_jsonschema


def counted(*arguments, **options):
    validated.append(1)
    return validate(*arguments, **options)


def times(make):
    """Return how often a chart was held against a schema while it was made, and what it became."""
    validated.clear()
    made = make(alt.Chart(alt.InlineData(values=[{"a": 1}])).mark_point())
    return len(validated), made.to_dict(validate=False)["encoding"]


schemapi.validate_jsonschema = counted
with schemapi.debug_mode(False):
    plain, _ = times(lambda chart: chart.encode(x=alt.X("a:Q")))
    by_function, said = times(
        lambda chart: chart.encode(opacity=alt.condition("datum.a > 0", alt.value(1), alt.value(0)))
    )
    by_when, _ = times(
        lambda chart: chart.encode(
            opacity=alt.when("datum.a > 0").then(alt.value(1)).otherwise(alt.value(0))
        )
    )
    by_class, also_said = times(
        lambda chart: chart.encode(opacity=alt.OpacityValue(0, condition={"test": "datum.a > 0", "value": 1}))
    )
print("a field:", plain, "alt.condition:", by_function, "alt.when:", by_when, "a class:", by_class)
assert said == also_said
assert plain == by_class == 0 and by_function > 10 and by_when > 10
PY
venv/bin/python shown.py
