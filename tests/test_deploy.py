"""What installs Barometer elsewhere, tried as far as it can be here: units, containers, the entrypoint."""

import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from flows.commands.checkup import Verdict, service
from warehouse.config.settings import PUBLIC_URLS

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
    done = run(project, "install-service", *UNITS, UNITS=str(units), BIN=str(tmp_path / "bin"))
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


def test_help_writes_nothing_and_an_unknown_unit_neither(project: Path, tmp_path: Path):
    """The usage is told; what is not there is named with what is."""
    places = {name: str(tmp_path / name) for name in ("UNITS", "BIN", "STATE", "SETTINGS")}
    told = run(project, "install-service", "--help", **places)
    assert (told.returncode, "Usage: deploy/install-service [UNIT…]" in told.stdout) == (0, True)
    wrong = run(project, "install-service", "barometer", "baromter", **places)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == (
        "install-service: found no unit baromter, "
        "expected some of barometer-server barometer-worker barometer\n"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"project"}


@pytest.fixture
def as_user(project: Path, tmp_path: Path) -> dict[str, str]:
    """What a user's shell knows, whoever runs these tests; the home folder's name has a space."""
    fake = tmp_path / "fake" / "id"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 1000\n")
    fake.chmod(0o755)
    return {"PATH": f"{fake.parent}:{os.environ['PATH']}", "HOME": str(tmp_path / "a home")}


def test_the_installed_command_looks_at_what_the_unit_writes(project: Path, as_user, tmp_path: Path):
    """The same folders, the same settings file, which is read as systemd does and never run."""
    home = Path(as_user["HOME"])
    assert run(project, "install-service", **as_user).returncode == 0
    unit = (home / ".config/systemd/user/barometer.service").read_text()
    in_unit = dict(re.findall(r'^Environment="(.+?)=(.+)"$', unit, re.MULTILINE))
    settings = Path(re.findall(r"^EnvironmentFile=-(.+)$", unit, re.MULTILINE)[0])
    assert settings == home / ".config/barometer/environment"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        "# who\nBAROMETER_CONTACT=a b@c.example\nBAROMETER_NOTIFY='json://$(touch x)`touch x`&a'\nUNITS"
    )
    command = project / ".venv/bin/barometer"
    command.write_text("#!/bin/sh\nenv\n")

    done = subprocess.run(
        [home / ".local/bin/barometer"], env=as_user, cwd=tmp_path, text=True, capture_output=True, check=True
    )
    seen = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert set(in_unit) == {"BAROMETER_DATA", "BAROMETER_SITE", "PREFECT_HOME"}
    assert {name: seen[name] for name in in_unit} == in_unit
    assert in_unit["BAROMETER_DATA"] == str(home / ".local/state/barometer/data")
    assert seen["BAROMETER_CONTACT"] == "a b@c.example"
    assert seen["BAROMETER_NOTIFY"] == "json://$(touch x)`touch x`&a"
    assert not (tmp_path / "x").exists()


def test_doctor_says_when_it_looks_elsewhere_than_the_service(settings, as_user, project: Path, monkeypatch):
    """An installed unit writes another folder than the one looked at, as in the clone after a demo."""
    assert run(project, "install-service", **as_user).returncode == 0
    monkeypatch.setenv("HOME", as_user["HOME"])
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)

    (found,) = service.look(settings)
    assert found.verdict is Verdict.WARNING
    assert found.found.endswith(f"this looks at {settings.data}; the service's own command is `barometer`")
    (same,) = service.look(replace(settings, data=Path(as_user["HOME"]) / ".local/state/barometer/data"))
    assert same.verdict is Verdict.OK


def test_the_entrypoint_runs_what_it_is_told(project: Path):
    """`serve` unless named; any command of barometer; without a server it is not healthy."""
    assert run(project, "entrypoint").stdout == "barometer serve api=none\n"
    assert run(project, "entrypoint", "rebuild", "--wait").stdout == "barometer rebuild --wait api=none\n"
    (project / ".venv/bin/python").unlink()
    (project / ".venv/bin/python").symlink_to(shutil.which("python3") or "")
    nowhere = {"PREFECT_API_URL": "http://127.0.0.1:1/api"}
    assert run(project, "entrypoint", "healthy", **nowhere).returncode != 0


def test_the_secrets_of_compose_are_made_once(project: Path):
    """Readable by their owner, beside what stands there already; the second time nothing is changed."""
    file = project / ".env"
    file.write_text("GITHUB_TOKEN=x\nPOSTGRES_PASSWORD='o$d #one'\n")
    assert run(project, "make-env").returncode == 0
    made = file.read_text()
    assert re.fullmatch(
        r"GITHUB_TOKEN=x\nPOSTGRES_PASSWORD='o\$d #one'\nPREFECT_LOGIN='barometer:[0-9a-f]{48}'\n", made
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    run(project, "make-env")
    assert file.read_text() == made
    assert set(re.findall(r"\$\{(\w+):\?", (ROOT / "compose.yaml").read_text())) == {
        "POSTGRES_PASSWORD",
        "PREFECT_LOGIN",
    }


ODD = "a'b\"c$d@e/f:g#h%41 i?j&k\\l${HOME}ü"


def test_a_database_password_may_hold_any_sign():
    """As compose hands it to the server, Prefect asks the database with it."""
    environment = {
        name: value.replace("${POSTGRES_PASSWORD:?run deploy/make-env first}", ODD)
        for name, value in COMPOSE["services"]["server"]["environment"].items()
        if "DATABASE" in name
    }
    tell = (
        "from prefect.settings import get_current_settings as now; from sqlalchemy import make_url;"
        "url = make_url(now().server.database.connection_url.get_secret_value());"
        "print(url.drivername, url.username, url.host, url.database, url.password, sep='|')"
    )
    done = subprocess.run(
        [sys.executable, "-c", tell],
        env=os.environ | environment,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.stdout == f"postgresql+asyncpg|prefect|database|prefect|{ODD}\n", done.stderr


def test_compose_keeps_its_services_apart():
    """The server alone sees the database, nginx neither; nobody gains rights; logins are asked for."""
    services = COMPOSE["services"]
    sees = {name: set(one["networks"]) for name, one in services.items()}
    assert sees["database"] == {"database"} and COMPOSE["networks"]["database"]["internal"]
    assert [name for name in sees if "database" in sees[name]] == ["database", "server"]
    assert [name for name in sees if "prefect" in sees[name]] == ["server", "worker"]
    assert sees["web"] == {"web"}
    for one in services.values():
        assert one["cap_drop"] == ["ALL"]
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", []))
    assert {name for name in services if "cap_add" in services[name]} == {"database", "web"}
    login = "${PREFECT_LOGIN:?run deploy/make-env first}"
    assert services["server"]["environment"]["PREFECT_SERVER_API_AUTH_STRING"] == login
    assert services["worker"]["environment"]["PREFECT_API_AUTH_STRING"] == login


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


def test_the_cluster_runs_what_the_image_has():
    """As the page tells it, under the address that it tells; what is secret stands in a secret alone."""
    spec = yaml.safe_load((ROOT / "deploy/dask-cluster.yaml").read_text())["spec"]
    dockerfile = (ROOT / "Dockerfile").read_text()
    home = re.findall(r"^WORKDIR (.+)$", dockerfile, re.MULTILINE)[-1]
    for role in ("worker", "scheduler"):
        (container,) = spec[role]["spec"]["containers"]
        assert container["command"][:2] == [f"{home}/.venv/bin/dask", role]
        assert f"--tag {container['image']} ." in PAGE
        for one in container.get("env", []):
            assert f"`{one['name']}`" in PAGE and not re.search("TOKEN|KEY|PASSWORD", one["name"])
    (port,) = spec["scheduler"]["service"]["ports"]
    assert f"tcp://barometer-scheduler.NAMESPACE.svc:{port['port']}" in PAGE
    for extra in re.findall(r"requirements-\w+\.lock", PAGE):
        assert f" {extra} " in dockerfile


def test_every_script_can_be_run():
    """The modes are kept by git."""
    for name in ("entrypoint", "install-service", "make-env"):
        assert (ROOT / "deploy" / name).stat().st_mode & stat.S_IXUSR


def test_compose_mounts_what_the_image_writes():
    """Read-only roots with the two volumes that the image names; secrets from the environment only."""
    services = COMPOSE["services"]
    assert set(services) == {"database", "server", "worker", "web"}
    targets = {volume.split(":")[1] for volume in services["worker"]["volumes"]}
    assert {"/data", "/site"} < targets
    assert all(services[name]["read_only"] for name in ("server", "worker", "web"))
    named = {volume.split(":")[0] for one in services.values() for volume in one["volumes"]}
    assert {volume for volume in named if not volume.startswith(".")} == set(COMPOSE["volumes"])
    for one in services.values():
        for name, value in one.get("environment", {}).items():
            if re.search("TOKEN|KEY|PASSWORD|NOTIFY|AUTH", name):
                assert value.startswith("${")


PAGE = (ROOT / "docs/operations.md").read_text()
COMMANDS = [
    line
    for block in re.findall(r"^```bash\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
STORAGE = [
    line
    for block in re.findall(
        r"^```bash\n(.*?)^```", PAGE.partition("## Archive on object")[2].partition("\n## ")[0], re.M | re.S
    )
    for line in block.splitlines()
]
# What needs systemd, a container engine or another machine, or stands in another test.
ELSEWHERE = (
    "systemctl --user daemon-reload && systemctl --user enable --now barometer",
    "loginctl enable-linger",
    "useradd --system barometer",
    ".venv/bin/barometer server",  # test_deployment.py, as the next one
    ".venv/bin/barometer worker",
    "export PREFECT_API_URL=http://10.0.0.5:4200/api",
    "export PREFECT_API_AUTH_STRING=barometer:…",
    "make dask",
    ".venv/bin/dask scheduler --host 10.0.0.5",
    ".venv/bin/dask worker tcp://10.0.0.5:8786",
    "export BAROMETER_DASK_SCHEDULER=tcp://10.0.0.5:8786",
    *STORAGE,  # tests/warehouse/remote/test_operations.py
    "deploy/make-env",  # above
    "docker compose up --build --detach",
    "docker compose exec worker barometer doctor",
    "docker build --tag barometer .",
    'docker build --build-arg EXTRAS="requirements-dask.lock requirements-s3.lock" --tag barometer-dask .',
    "docker run --detach --name barometer --read-only --tmpfs /tmp --cap-drop ALL "
    "--security-opt no-new-privileges:true "
    "--volume barometer-data:/data --volume barometer-site:/site barometer",
    "docker exec barometer barometer doctor",
    "cat ~/.local/state/barometer/prefect/own-server.json",  # test_deployment.py reads it
    "barometer rebuild",  # test_readme.py
)


def test_the_page_is_true_to_the_letter(demo_run, server, as_user, tmp_path: Path):
    """Every command that can be run here is, in the order of the page; each looks at the service's folder."""
    home, backup = Path(as_user["HOME"]), tmp_path / "backup"
    state, config = home / ".local/state/barometer", home / ".config/barometer"
    home.mkdir()
    backup.mkdir()
    shutil.copytree(demo_run.data, state / "data", ignore=shutil.ignore_patterns("drawings"))
    config.mkdir(parents=True)
    (config / "environment").write_text("".join(f"{name}={server.url}\n" for name in PUBLIC_URLS))
    shell = {"PATH": f"{home}/.local/bin:{as_user['PATH']}", "HOME": str(home)}
    said = {}
    here = [command for command in COMMANDS if command not in ELSEWHERE]
    for command in here:
        if command.startswith("rsync") and not shutil.which("rsync"):
            continue
        done = subprocess.run(
            command.replace("backup:barometer/", str(backup)),
            shell=True,
            cwd=ROOT,
            env=shell,
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, 3) and "Traceback" not in done.stderr, f"{command}: {done.stderr}"
        said[command] = done.stdout

    assert set(ELSEWHERE) <= set(COMMANDS)
    assert here[0] == "make install-service" and len(here) > 5
    assert re.search(rf"^ok +data folder +{state / 'data'}$", said["barometer doctor"], re.MULTILINE)
    assert re.search(
        rf"^ok +service +{home}/.config/systemd/user/barometer.service$",
        said["barometer doctor"],
        re.MULTILINE,
    )
    if shutil.which("rsync"):
        copied = {path.name for path in backup.iterdir()}
        assert copied == {"archive", "runs.jsonl", "ecosystem.toml", "environment"}
