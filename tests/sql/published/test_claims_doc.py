"""What docs/claims.md shows works: its commands on the small archive, its file, and the mistakes it tells."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.config.claims import read_claims, shipped_sets
from warehouse.config.presets import read_preset
from warehouse.config.settings import Settings
from warehouse.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[3]
DOC = (ROOT / "docs" / "claims.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL)


ASK, REMAKE = (block.splitlines() for block in blocks("bash"))
_, FILE = blocks("toml")


def run(command: str, settings: Settings, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command as written, but for where the program stands."""
    told = {
        "BAROMETER_DATA": str(data or settings.data),
        "BAROMETER_SITE": str((data or settings.data).parent / "site"),
        "BAROMETER_CONFIG": str(settings.config),
        "BAROMETER_NOW": settings.clock().isoformat(),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }
    return subprocess.run(
        command.replace("barometer ", f"{sys.executable} -m flows ", 1),
        shell=True,
        env=os.environ | told,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("command", ASK)
def test_a_command_tells_of_the_claim(command: str, built: Settings):
    """The ledger, the evidence, the years."""
    done = run(command, built)

    assert (done.returncode, done.stderr) == (0, "")
    assert "more_downloads" in done.stdout or "pypi_downloads" in done.stdout


def test_the_ledger_and_the_evidence_are_told(built: Settings):
    """What is claimed, the verdict, the figures of both, and the years."""
    ledger = run("barometer claims", built).stdout
    assert re.search(r"more_downloads +contradicted +2024-01-31 +low +Two is installed more\.", ledger)
    assert re.search(
        "easier_to_learn +not measurable here +\u2013 +\u2013 +One is easier to learn[.]", ledger
    )
    told = run("barometer claims --explain more_downloads", built).stdout
    assert "contradicted, since 2024-01-31, confidence low: against it: downloads (2.5 times)" in told
    assert "What would change it: More downloads of the other one." in told
    assert re.search(r"pypi_downloads +leads +contradicts +one +2025-02-01 +2,?600", told)
    assert re.search(r"2024 +contradicted +0 +1 +1", told)


def test_what_is_not_there_is_told_with_what_is(built: Settings):
    """An unknown claim, and a past day that nobody has made again."""
    unknown = run("barometer claims --explain downloads", built)
    assert unknown.returncode == 2
    assert (
        "--explain: found 'downloads', expected one of more_downloads, more_views, easier_to_learn"
        in unknown.stderr
    )
    past = run("barometer claims --as-of 2024-06-01", built)
    assert past.returncode == 1
    assert (
        "found no figures of that day; make them with `barometer rebuild --as-of 2024-06-01`" in past.stderr
    )


def test_a_past_day_has_its_own_ledger(built: Settings, tmp_path: Path):
    """Made again from what was archived by then: here before any downloads were."""
    data = tmp_path / "data"
    shutil.copytree(built.data, data)
    again, ledger = (run(command, built, data) for command in REMAKE)

    assert again.returncode in (0, 3), again.stderr
    assert ledger.returncode == 0
    assert re.search(r"more_downloads +not measurable here", ledger.stdout)


def test_the_file_is_one_and_its_keys_are_explained(tmp_path: Path):
    """It judges the shipped comparison, and the table tells every key of it."""
    (tmp_path / "my-claims.toml").write_text(FILE)
    claims = read_claims(tmp_path / "my-claims.toml", read_preset("dataframes"))
    assert len(claims.claims) == 2
    keys = set(re.findall(r"^(\w+) = ", FILE, re.MULTILINE)) | {"measure", "weight"}
    table = "".join(line for line in DOC.splitlines() if line.startswith("| `"))
    assert {key for key in keys if f"`{key}`" not in table} == set()
    for name in shipped_sets():
        assert f"`{name}`" in DOC


MISTAKES = [
    ('"pypi_downloads"', '"pypi_download"'),
    ('about = "polars"', 'about = "polar"'),
    ("evidence = [\n", "# "),
]


@pytest.mark.parametrize(
    ("told", "mistake"), list(zip(blocks("text")[0].splitlines(), MISTAKES, strict=True))
)
def test_the_mistakes_are_told_so(told: str, mistake: tuple[str, str], tmp_path: Path):
    """Word for word, but for where the file stands."""
    old, new = mistake
    text = (
        re.sub(r"evidence = \[.*?\]\n", "", FILE, count=1, flags=re.DOTALL)
        if new == "# "
        else FILE.replace(old, new, 1)
    )
    (tmp_path / "my-claims.toml").write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        read_claims(tmp_path / "my-claims.toml", read_preset("dataframes"))
    assert str(raised.value) == f"{tmp_path}/{told}"
