"""What installs Barometer elsewhere, tried as far as it can be here: units, containers, the entrypoint."""

import os
import re
import shutil
import stat
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
UNITS = ("barometer", "barometer-server", "barometer-worker")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    """A copy of what is installed, whose commands tell what they were called with."""
    project = tmp_path / "project"
    shutil.copytree(ROOT / "deploy", project / "deploy")
    for command in ("barometer", "prefect", "python"):
        script = project / ".venv" / "bin" / command
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(f'#!/bin/sh\necho {command} "$@" api=${{PREFECT_API_URL:-none}}\n')
        script.chmod(0o755)
    yield project


def run(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(project / "deploy" / arguments[0]), *arguments[1:]],
        env={"PATH": os.environ["PATH"], "HOME": str(project)} | environment,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_units(project: Path, tmp_path: Path):
    """Written with this project's path, and verified by systemd itself."""
    units = tmp_path / "units"
    done = run(project, "install-service", *UNITS, UNITS=str(units))
    assert done.returncode == 0, done.stderr
    files = sorted(units.iterdir())
    assert {file.stem for file in files} == set(UNITS)
    assert not [file for file in files if "@PROJECT@" in file.read_text() or "@TARGET@" in file.read_text()]
    verified = subprocess.run(
        ["systemd-analyze", "verify", *map(str, files)], text=True, capture_output=True, check=False
    )
    told = [line for line in verified.stderr.splitlines() if any(unit in line for unit in UNITS)]
    assert told == []


def test_the_unit_of_a_user_asks_for_no_rights_of_the_system():
    """Between the marks stands what only the system's own systemd can do."""
    for unit in UNITS:
        text = (ROOT / "deploy" / "systemd" / f"{unit}.service").read_text()
        of_the_system = text.partition("# system\n")[2].partition("# end\n")[0]
        assert "User=" in of_the_system and "PrivateDevices=" in of_the_system
        assert "User=" not in text.replace(of_the_system, "")


def test_the_entrypoint_runs_what_it_is_told(project: Path):
    """`serve` unless named; any command of barometer; a server; a worker that deploys first."""
    assert run(project, "entrypoint").stdout == "barometer serve api=none\n"
    assert run(project, "entrypoint", "rebuild", "--wait").stdout == "barometer rebuild --wait api=none\n"
    assert run(project, "entrypoint", "server").stdout == "prefect server start --host 0.0.0.0 api=none\n"

    told = run(project, "entrypoint", "worker", PREFECT_API_URL="http://server:4200/api").stdout
    api = "api=http://server:4200/api"
    assert (
        f"prefect --no-prompt deploy --all {api}\nprefect worker start --pool barometer --limit 1 {api}\n"
        in told
    )


def test_an_entrypoint_without_a_server_says_so(project: Path):
    """`healthy` fails, and a worker gives up with the address."""
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").symlink_to(shutil.which("python3") or "")
    nowhere = {"PREFECT_API_URL": "http://127.0.0.1:1/api", "STARTING_SECONDS": "0"}
    assert run(project, "entrypoint", "healthy", **nowhere).returncode != 0
    done = run(project, "entrypoint", "worker", **nowhere)
    assert (done.returncode, done.stderr) == (
        2,
        "entrypoint: no Prefect server at http://127.0.0.1:1/api\n",
    )


def test_the_image_has_every_file_that_is_copied_and_no_more():
    """What the Dockerfile copies exists and is let through; data, secrets and history are not."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = [
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE)
        for name in line.split()[:-1]
    ]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"}
    assert set(copied) == allowed and len(copied) > 8
    assert all((ROOT / name).exists() for name in copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]
    assert set(packages["wheel"]["packages"]) <= allowed
    assert re.search(r"^USER barometer$", dockerfile, re.MULTILINE)
    assert "@sha256" not in dockerfile


def test_every_script_can_be_run():
    """The modes are kept by git."""
    for name in ("entrypoint", "install-service"):
        assert (ROOT / "deploy" / name).stat().st_mode & stat.S_IXUSR


def test_compose_mounts_what_the_image_writes():
    """Read-only roots with the two volumes that the image names; secrets from the environment only."""
    services = COMPOSE["services"]
    assert set(services) == {"database", "server", "worker", "web"}
    targets = {volume.split(":")[1] for volume in services["worker"]["volumes"]}
    assert {"/data", "/site"} < targets
    assert all(services[name]["read_only"] for name in ("server", "worker", "web"))
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert {volume for volume in named if not volume.startswith(".")} == set(COMPOSE["volumes"])
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if re.search("TOKEN|KEY|PASSWORD|NOTIFY", name):
                assert value.startswith("${")
