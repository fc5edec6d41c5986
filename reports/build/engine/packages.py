"""npm packages by name, version and digest: fetched once, kept, and believed only as they were pinned.

Who has no npm puts the file that `npm pack` writes elsewhere into the folder: the digest tells that it is the
same.
"""

import shutil
import subprocess
import tarfile
from base64 import b64encode
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory

from warehouse.errors import ConfigurationError

FETCH_SECONDS = 600  # 31 MB over a slow line
TOLD = 400  # signs of what npm says when it fails


@dataclass(frozen=True)
class Package:
    """A package as it was published, with its file's digest (`npm view NAME@VERSION dist.integrity`)."""

    name: str
    version: str
    digest: str

    @property
    def file(self) -> str:
        """What `npm pack` calls its file."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


ENGINE = Package(
    "@duckdb/duckdb-wasm",
    "1.32.0",
    "sha512-IewXTNYEjsZCPE9weUWgtjGxUlMRo7qhX0GF6tq/KjK8bnY+RAl4cyUdYUfcdzbyb4b9ZxPC+FOsCcxgaKFWMg==",
)
# What the engine hands rows over in; of the versions that it asks for.
ARROW = Package(
    "apache-arrow",
    "17.0.0",
    "sha512-X0p7auzdnGuhYMVKYINdQssS4EcKec9TCXyez/qtJt32DrIMGbzqiaMiQ0X6fQlQpw8Fl0Qygcv4dfRAr5Gu9Q==",
)
PACKAGES = (ENGINE, ARROW)


def require_packages(folder: Path) -> None:
    """Fetch what the folder does not hold; raises ConfigurationError where npm cannot or another comes."""
    for package in PACKAGES:
        if not (folder / package.file).is_file():
            _fetch(package, folder)
        _require_digest(package, folder / package.file)


def members(package: Package, folder: Path, *names: str) -> list[bytes]:
    """Return files of a package that the folder holds."""
    with tarfile.open(folder / package.file) as packed:
        return [_read(packed, f"package/{name}") for name in names]


def _read(packed: tarfile.TarFile, name: str) -> bytes:
    found = packed.extractfile(name)
    assert found is not None  # the digest says what is in it
    return found.read()


def _fetch(package: Package, folder: Path) -> None:
    """Let npm fetch a package from wherever it is told to, and keep it once its digest is right."""
    npm = shutil.which("npm")
    if npm is None:
        raise ConfigurationError(
            f"{package}: found no npm on the path to fetch it with, expected it, or the file that `npm pack "
            f"{package}` writes elsewhere as {folder / package.file}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".fetching-") as building:
        command = [npm, "pack", str(package), "--pack-destination", building, "--ignore-scripts", "--silent"]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=FETCH_SECONDS, cwd=building
            )
        except subprocess.TimeoutExpired as error:
            raise _not_fetched(package, folder, f"no answer within {FETCH_SECONDS} s") from error
        fetched = Path(building, package.file)
        if done.returncode or not fetched.is_file():
            raise _not_fetched(package, folder, done.stderr or done.stdout)
        _require_digest(package, fetched)
        fetched.replace(folder / package.file)


def _not_fetched(package: Package, folder: Path, said: str) -> ConfigurationError:
    told = " ".join(said.split())[:TOLD] or "nothing was said"
    return ConfigurationError(
        f"{package}: npm did not fetch it ({told}), expected a registry that has it "
        f"(`npm config get registry` tells which is asked), or the file as {folder / package.file}"
    )


def _require_digest(package: Package, file: Path) -> None:
    with file.open("rb") as content:
        found = f"sha512-{b64encode(file_digest(content, 'sha512').digest()).decode()}"
    if found != package.digest:
        raise ConfigurationError(
            f"{file}: found {found}, expected {package.digest} of {package}; remove the file to have it "
            "fetched anew, and believe no registry that gives another"
        )
