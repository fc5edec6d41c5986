"""What docs/operations.md says of an archive on object storage, run as it is written, on two machines."""

import re
import subprocess
from pathlib import Path

import pytest

from flows.demo.server import DemoServer
from tests.conftest import ROOT, Barometer
from tests.made import called, configuration
from tests.object_storage import ADDRESS, KEY, KEY_ID, Storage
from warehouse.config.settings import PUBLIC_URLS
from warehouse.remote.store import Store

SECTION = (ROOT / "docs/operations.md").read_text().partition("## Archive on object storage")[2]
BLOCKS = re.findall(r"^```bash\n(.*?)^```", SECTION.partition("\n## ")[0], re.MULTILINE | re.DOTALL)
# What stands for the reader's own, and for what is installed here, or is not.
HERE = {
    "make s3": "true",
    "s3://bucket/prefix": ADDRESS,
    "AWS_ACCESS_KEY_ID=…": f"AWS_ACCESS_KEY_ID={KEY_ID}",
    "AWS_SECRET_ACCESS_KEY=…": f"AWS_SECRET_ACCESS_KEY={KEY}",
}


@pytest.fixture
def sources() -> DemoServer:
    with DemoServer() as running:
        yield running


def run(block: str, environment: dict[str, str]) -> str:
    """Run the lines of a block in one shell; return what they said. Other than 0 and 3 is no good end."""
    lines = block.strip().splitlines()
    script = "\n".join(f"{line} || [ $? = 3 ] || exit 1" for line in lines)
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=environment, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0 and "Traceback" not in done.stderr, f"{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def test_the_section_is_true_to_the_letter(barometer: Barometer, storage: Storage, sources, tmp_path: Path):
    """Written on one machine, read on another with the same lines."""
    config = tmp_path / "ecosystem.toml"
    config.write_text(configuration(pytorch=called("pytorch", "wikipedia", wikipedia="PyTorch")))
    environment = barometer.environment | dict.fromkeys(PUBLIC_URLS, sources.url)
    environment |= {"BAROMETER_CONFIG": str(config), "BAROMETER_NOW": sources.now.isoformat()}
    environment = {name: told for name, told in environment.items() if not name.startswith("AWS_")}
    here = HERE | {"https://s3.example.org": storage.endpoint}
    written, read, copied, moved = BLOCKS
    for shown, meant in here.items():
        assert shown in written
        written, read = written.replace(shown, meant), read.replace(shown, meant)
    lines = written.splitlines()
    settings = [line for line in lines if line.startswith("export")]

    said = run(written, environment | {"BAROMETER_CACHE": str(tmp_path / "one")})
    assert f"{ADDRESS} answers, 0 objects in its archive; it puts nothing in place of another" in said
    there = Store(ADDRESS).list("")
    assert {"runs.jsonl", "barometer.duckdb", "put-if-absent"} <= there.keys()
    assert sum(name.startswith("archive/") for name in there) >= 1

    said = run("\n".join([*settings, read]), environment | {"BAROMETER_CACHE": str(tmp_path / "other")})
    assert "wikipedia" in said and "built_at" in said
    assert KEY not in said
    # Another's tool, which is not here; test_mirror.py copies what it would.
    assert copied == "aws s3 sync s3://bucket/prefix s3://backup/prefix\n"
    assert all(line.startswith("aws s3 ") for line in moved.splitlines())
