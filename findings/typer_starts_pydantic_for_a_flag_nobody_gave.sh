#!/usr/bin/env bash
# Typer 0.29 loads pydantic to take a value that needs no conversion: a flag that nobody gave, a text that stays a text.
#
# A good engineer would guess: Typer is Click with annotations; a `bool` flag and a `str` argument are taken as Click hands
# them over, and pydantic has no part in it unless a pydantic type is asked for. A command whose own imports are lazy
# therefore starts about as fast as Typer itself.
#
# What happens: `import typer` leaves pydantic alone, and building the command does, too. But as soon as one is called,
# each parameter's value, defaults among them, goes through a pydantic TypeAdapter, and with that pydantic and its core are
# imported, which takes about as long as importing all of DuckDB. A command without any parameter is not spared: it has a
# flag `--help` that nobody gave. (Nor is it Click any more: Typer 0.29 brings its own and does not install it.)
#
# Who meets it: who has a short command line tool on Typer, and measures its start.
#
# Seen with typer 0.29.2, pydantic 2.14.3 and Python 3.11 on 2026-11-30. Exits non-zero if that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check typer==0.29.2 pydantic==2.14.3
cat > command.py <<'PYTHON'
import sys

import typer

KIND = sys.argv.pop(1)


def told(when: str) -> None:
    print(f"{KIND:9} {when:8} pydantic is", "there" if "pydantic" in sys.modules else "not there")


app = typer.Typer(add_completion=False)


def flag(verbose: bool = False) -> None:
    told("called:")


def text(name: str = "one") -> None:
    told("called:")


def nothing() -> None:
    told("called:")


told("imported")
app.command()({"flag": flag, "text": text, "nothing": nothing}[KIND])
app()
PYTHON
for kind in flag text nothing; do venv/bin/python command.py "$kind"; done | tee seen
diff seen - <<'SEEN'
flag      imported pydantic is not there
flag      called:  pydantic is there
text      imported pydantic is not there
text      called:  pydantic is there
nothing   imported pydantic is not there
nothing   called:  pydantic is there
SEEN
