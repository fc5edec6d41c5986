"""`barometer init` and `barometer check`, as a user runs them."""

import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.demo.schedule import Planned
from flows.demo.server import DemoServer
from warehouse.config.ecosystem import read_ecosystem
from warehouse.config.presets import preset_names, preset_text
from warehouse.config.settings import PUBLIC_URLS

ROOT = Path(__file__).resolve().parents[2]
# Stack Overflow's totals end in the demo a month after its figures.
JUNE_2023 = datetime(2023, 6, 2, 6, tzinfo=UTC)

CONFIGURATION = """\
question = "PyTorch or TensorFlow?"
[[subjects]]
id = "pytorch"
name = "PyTorch"
github = "pytorch/pytorch"
pypi = ["torch"]
stackoverflow = "pytorch"
google_trends = "pytorch"
wikipedia = "PyTorch"
[[subjects]]
id = "tensorflow"
name = "TensorFlow"
github = "tensorflow/tensorflow"
pypi = ["tensorflow", { package = "tensorflow-cpu", since = 2019-12-01 }]
stackoverflow = "tensorflow"
[sources]
github = { expected_lag_days = 2 }
pypi = { expected_lag_days = 7 }
stackoverflow = { expected_lag_days = 35 }
google_trends = { expected_lag_days = 35 }
wikipedia = { expected_lag_days = 4 }
"""


@pytest.fixture
def configured(barometer, server: DemoServer, tmp_path: Path):
    """The command line at the demo's server, in June 2023, with a configuration that is not there yet."""
    server.now = JUNE_2023
    barometer.environment.update(dict.fromkeys(PUBLIC_URLS, server.url), BAROMETER_NOW=JUNE_2023.isoformat())
    barometer.environment["BAROMETER_CONFIG"] = str(tmp_path / "ecosystem.toml")
    return barometer


def test_a_preset_is_written_once(configured, tmp_path):
    """The default, or the named one; what is there stays, unless it is to be overwritten."""
    file = tmp_path / "ecosystem.toml"
    done = configured("init")
    assert (done.returncode, done.stdout) == (0, f"{file}: PyTorch or TensorFlow?\n")
    assert file.read_text() == preset_text("deep-learning")

    refused = configured("init", "dataframes")
    assert refused.returncode == 2
    assert refused.stderr == f"barometer: init: found {file}, expected no such file; --force overwrites it\n"
    assert file.read_text() == preset_text("deep-learning")

    assert configured("init", "dataframes", "--force").returncode == 0
    assert file.read_text() == preset_text("dataframes")

    done = configured("init", "--force", "--question", 'pandas, or "something" else?')
    assert (done.returncode, done.stdout) == (0, f'{file}: pandas, or "something" else?\n')
    assert read_ecosystem(file).question == 'pandas, or "something" else?'
    assert configured("init", "--force", "--question", "x" * 81).returncode == 2


def test_a_contact_is_written_and_kept(configured, tmp_path):
    """As given; a preset that replaces another keeps it, and a wrong one ends without a word written."""
    file = tmp_path / "ecosystem.toml"
    wrong = configured("init", "--contact", "somebody")
    assert (wrong.returncode, file.exists()) == (2, False)
    assert "barometer: init --contact: found 'somebody', expected an e-mail address or a URL" in wrong.stderr

    assert configured("init", "--contact", "ops@example.org").returncode == 0
    assert file.read_text() == preset_text("deep-learning", "ops@example.org")
    assert read_ecosystem(file).contact == "ops@example.org"
    assert configured("init", "dataframes", "--force").returncode == 0
    assert read_ecosystem(file).contact == "ops@example.org"
    assert "180 requests a minute" in configured("backfill", "wikipedia", "--dry-run").stdout


def test_a_terminal_is_asked_for_the_contact(configured, tmp_path):
    """Again after what is none; nothing is an answer. Whoever has one in the environment is not asked."""
    file = tmp_path / "ecosystem.toml"
    seen = at_a_terminal(configured, "init", told=b"somebody\nops@example.org\n")
    assert "Wikimedia answers 200 requests a minute to who tells" in seen
    assert "found 'somebody', expected an e-mail address or a URL" in seen
    assert file.read_text() == preset_text("deep-learning", "ops@example.org")

    file.unlink()
    at_a_terminal(configured, "init", told=b"\n")
    assert file.read_text() == preset_text("deep-learning")
    file.unlink()
    assert "Whom may" not in at_a_terminal(configured, "init", told=b"", BAROMETER_CONTACT="a@example.org")
    assert file.read_text() == preset_text("deep-learning")


def at_a_terminal(barometer, *arguments: str, told: bytes, **changes: str) -> str:
    """Run a command at a terminal on which something is typed; return what is to be seen there."""
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "flows", *arguments]
    here = {"env": barometer.environment | changes, "cwd": ROOT}
    process = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, **here)
    os.close(terminal)
    os.write(main, told)
    seen = b""
    while True:
        try:
            seen += os.read(main, 4096)
        except OSError:  # the terminal is closed when the process ends
            break
    assert process.wait() == 0, seen
    return seen.decode()


def test_presets_are_listed(configured, tmp_path):
    """Name, question and subjects, a line each; nothing is written."""
    done = configured("init", "--list")
    lines = [line.split("  ")[0] for line in done.stdout.splitlines()[2:] if line.strip()]

    assert (done.returncode, lines) == (0, preset_names())
    assert "PyTorch, TensorFlow, JAX, Keras" in done.stdout
    assert not (tmp_path / "ecosystem.toml").exists()


def test_an_unknown_preset_is_wrong_usage(configured):
    """With those there are."""
    done = configured("init", "cars")

    assert done.returncode == 2
    assert done.stderr.startswith(
        "barometer: preset: found 'cars', expected one of deep-learning, dataframes"
    )


def test_right_identifiers_are_confirmed_line_by_line(configured, tmp_path):
    """Exit code 0, a line for each, and nothing in the archive."""
    (tmp_path / "ecosystem.toml").write_text(CONFIGURATION)
    done = configured("check")

    assert done.returncode == 0, done.stderr
    _, _, *lines, term, article = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()]
    assert lines == [
        ["github", "PyTorch", "pytorch/pytorch", "ok", "67,410 stars"],
        ["github", "TensorFlow", "tensorflow/tensorflow", "ok", "175,156 stars"],
        ["pypi", "PyTorch", "torch", "ok", "10,082,857 downloads in the last month"],
        ["pypi", "TensorFlow", "tensorflow", "ok", "14,813,785 downloads in the last month"],
        ["pypi", "TensorFlow", "tensorflow-cpu", "ok", "known, its last month is not"],
        ["stackoverflow", "PyTorch", "pytorch", "ok", "26,750 questions"],
        ["stackoverflow", "TensorFlow", "tensorflow", "ok", "96,377 questions"],
    ]
    assert term[:4] == ["google_trends", "PyTorch", "pytorch", "not verified"]
    assert term[4].startswith("Google confirms no term: ")
    assert article == ["wikipedia", "PyTorch", "PyTorch", "ok", "42,235 views in the last 30 days"]
    assert not (tmp_path / "data").exists()


def test_more_terms_than_google_compares_are_told(configured, tmp_path):
    """It is no mistake: exit code 0, and a line that says what to do."""
    rivals = "".join(f'[[subjects]]\nid = "r{n}"\nname = "R"\ngoogle_trends = "r{n}"\n' for n in range(6))
    trends = "[sources]\ngoogle_trends = { expected_lag_days = 35 }\n"
    (tmp_path / "ecosystem.toml").write_text(f'question = "Which?"\n{rivals}{trends}')
    done = configured("check")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "google_trends: Google compares 5 terms at most, found 6: only the first 5 are asked about, not r5; "
        "an export has all"
    )


def test_a_wrong_identifier_ends_with_its_suggestions(configured, server, tmp_path):
    """Exit code 2, and one message that lists what is wrong; a source in trouble does not hide it."""
    file = tmp_path / "ecosystem.toml"
    text = CONFIGURATION.replace('"pytorch/pytorch"', '"pytorch/pytroch"')
    file.write_text(text.replace('["torch"]', '["torhc"]'))
    server.faults = [Planned("429", 1, lasts=99, prefix="/2.3/")]
    done = configured("check")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "barometer: check: found github pytorch/pytroch, pypi torhc, "
        "expected what the source knows; see its line"
    )
    for told in ("perhaps pytorch/pytorch", "perhaps torch", "not asked"):
        assert told in done.stdout


SHARED = """\
question = "shared names"
[[subjects]]
id = "a"
name = "Alpha"
github = "vercel/next.js"
pypi = ["flask-sqlalchemy"]
[[subjects]]
id = "b"
name = "Beta"
github = "zeit/next.js"
pypi = ["zope-interface", "flask-sqlalchemy"]
[[subjects]]
id = "c"
name = "Gamma"
github = "nodejs/node"
[sources.github]
expected_lag_days = 2
[sources.pypi]
expected_lag_days = 7
"""


def test_what_two_subjects_share_is_told(configured, catalogue, tmp_path):
    """Exit code 2 and a line for each, though every identifier by itself is right, a renamed one apart."""
    catalogue.knows.repositories = {
        "vercel/next.js": (1, "vercel/next.js"),
        "zeit/next.js": (1, "vercel/next.js"),
        "nodejs/node": (2, "nodejs/node"),
    }
    catalogue.knows.recent = {"flask-sqlalchemy": 9, "zope-interface": 9}
    (tmp_path / "ecosystem.toml").write_text(SHARED)
    done = configured("check", **dict.fromkeys(PUBLIC_URLS, catalogue.url))

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "barometer: check: found github zeit/next.js, expected what the source knows; "
        "found github vercel/next.js and zeit/next.js in Alpha and Beta, expected it in one; "
        "found pypi flask-sqlalchemy in Alpha and Beta, expected it in one; see its line"
    )
    lines = [re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines()]
    words = "the same in 2 subjects, so counted twice in every share: leave it in one"
    assert [line for line in lines if line[3:4] == ["shared"]] == [
        ["github", "Alpha and Beta", "vercel/next.js and zeit/next.js", "shared", words],
        ["pypi", "Alpha and Beta", "flask-sqlalchemy", "shared", words],
    ]


def test_a_source_that_cannot_be_asked_is_told(configured, tmp_path):
    """Exit code 3; the others are asked all the same."""
    (tmp_path / "ecosystem.toml").write_text(CONFIGURATION)
    done = configured("check", GITHUB_API_URL="http://127.0.0.1:1", STACKEXCHANGE_URL="http://127.0.0.1:1")

    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == (
        "barometer: check: github pytorch/pytorch, github tensorflow/tensorflow, "
        "stackoverflow pytorch, stackoverflow tensorflow could not be verified"
    )
    assert done.stdout.count("no answer from 127.0.0.1:1: ") == 4
    assert done.stdout.count("downloads in the last month") == 2


def test_a_mistake_in_the_file_comes_first(configured, server, tmp_path):
    """Nothing is asked about what is not valid."""
    file = tmp_path / "ecosystem.toml"
    wrong = '[sources.github.expect.stars]\nat_least = 1\nreason = "There are some."\n'
    file.write_text(f"{preset_text('deep-learning')}\n{wrong}")
    done = configured("check")

    assert done.returncode == 2
    assert "sources.github.expect: found 'stars', expected one of star_history_share" in done.stderr
    assert server.requests == []
