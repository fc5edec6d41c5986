#!/usr/bin/env bash
# A library that keeps a TOML file as it is moves a table out from between two others, and leaves its comment behind.
#
# A good engineer would guess: tomlkit is for editing files by program, so what was parsed and not changed is written back
# byte for byte. An entry may stand between two entries of another list: TOML allows it, and people write it where
# they group by topic.
#
# What happens: the entries of one list of tables are gathered where the first of them stands. What stood between is
# written after them. The comment above it does not go along: it now stands above another entry. Nothing is said.
# The values are the same, so a test that compares what is read sees nothing.
#
# Who meets it: commands that add an entry to a person's configuration (`[[subjects]]` beside `[[tools]]`, `[[source]]`
# beside `[[package]]`), whose comments then speak of the wrong entry.
#
# Seen with tomlkit 0.15.2 on 2026-11-29. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tomlkit==0.15.2
cat > shown.py <<'PY'
import tomllib

import tomlkit

WRITTEN = """\
[[subjects]]
name = "One"

# Comes with One, so that its downloads are no vote.
[[tools]]
name = "Tool"

[[subjects]]
name = "Two"
"""
again = tomlkit.dumps(tomlkit.parse(WRITTEN))
print(again)
assert tomllib.loads(again) == tomllib.loads(WRITTEN)
lines = again.splitlines()
below = lines[lines.index("# Comes with One, so that its downloads are no vote.") + 2]
assert again != WRITTEN and below == 'name = "Two"', "it was written back as it was"
PY
venv/bin/python shown.py
