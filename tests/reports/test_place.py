"""A site takes the place of the last one whole; what others put there stays; killed reports leave nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reports.build.place import LIST, new_site, write_list
from warehouse.errors import ConfigurationError

ASSET = Path("assets", "barometer.css")
# Reports that are killed while they write, and when the new site is all but in its place.
KILLED = """
import os, signal, sys
from pathlib import Path
from reports.build import place
site = Path(sys.argv[1])
with place.new_site(site, site.with_name("lock")) as building:
    (building / "data").mkdir()
    (building / "data" / "half.csv").write_text("half")
    if sys.argv[2] == "moved aside":
        site.rename(building.with_name(building.name + "-last"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where the site is to be, in a folder whose name has a blank."""
    (tmp_path / "the place").mkdir()
    return tmp_path / "the place" / "site"


def make_site(site: Path, *names: str) -> None:
    """Make a site of those pages as a report does."""
    files = [Path("index.html"), ASSET, Path("api", "report.json"), *map(Path, names)]
    with new_site(site, site.with_name("lock")) as building:
        for file in files:
            (building / file).parent.mkdir(parents=True, exist_ok=True)
            (building / file).write_text("new")
        write_list(building, files)


def everything(folder: Path) -> set[str]:
    """Return every file and every empty folder below a folder."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }


OWN = {"index.html", "assets/barometer.css", "api/report.json", "api/files.json"}
OTHERS = {
    "CNAME",
    ".well-known/token",
    ".git/refs/tags",
    ".git/HEAD",
    "robots.txt",
    "pictures/me.jpg",
    "l",
    "p",
}


def add_others(site: Path) -> None:
    """Add what people and their hosts add to a site."""
    for name in ("CNAME", ".well-known/token", ".git/HEAD", "robots.txt", "pictures/me.jpg"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    (site / ".git" / "refs" / "tags").mkdir(parents=True)
    (site / "l").symlink_to("l")
    os.mkfifo(site / "p")


def test_what_others_added_stays_and_what_is_no_longer_made_goes(site: Path) -> None:
    """Files, empty folders, a link that leads in a circle and a pipe; the folder keeps its mode."""
    make_site(site, "subject-old.html", "pictures/old.png", "badges/old.svg")
    add_others(site)
    site.chmod(0o751)
    (site / "index.html").write_text("changed by hand")

    make_site(site)

    assert everything(site) == OWN | OTHERS
    assert (site / "index.html").read_text() == "new"
    assert (site / "CNAME").read_text() == "CNAME"
    assert site.stat().st_mode & 0o777 == 0o751
    assert {path.name for path in site.parent.iterdir()} == {"lock", "site"}


def test_a_site_of_before_the_list_is_known(site: Path) -> None:
    """By what every site had; its own files are those that it wrote, and no page of others."""
    make_site(site, "subject-old.html", "pictures/old.png", "feed.xml", "metrics.txt")
    add_others(site)
    (site / "google1234.html").write_text("verification")
    (site / LIST).unlink()

    make_site(site)

    # A picture of others could not be told from one of its own.
    assert everything(site) == OWN | OTHERS - {"pictures/me.jpg"} | {"google1234.html"}


def test_a_folder_that_is_no_site_is_refused(site: Path, tmp_path: Path) -> None:
    """As it is, and through a link; a file, too. An empty one is taken."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "index.html").write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(home)
    for folder in (home, link, home / "index.html"):
        with pytest.raises(ConfigurationError, match="holds other files, expected an empty folder or a site"):
            make_site(folder)
    assert everything(home) == {"index.html", "lock"}
    site.mkdir()
    make_site(site)
    assert everything(site) == OWN


@pytest.mark.parametrize("when", ["writing", "moved aside"])
def test_what_a_killed_report_left_is_put_right_by_the_next(site: Path, when: str) -> None:
    """Its half of a site goes; one that it had moved aside comes back first, with what others put there."""
    make_site(site, "subject-old.html")
    add_others(site)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(site), when], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len([path for path in site.parent.iterdir() if path.name.startswith(".site-")]) > 0
    other, older = site.with_name(".site-abcdefgh"), site.with_name(".site-qwertyui-last")
    for folder, name in ((other, "letter.txt"), (older, "half-removed.html")):
        folder.mkdir()
        (folder / name).write_text("")
    (site.with_name(".site-backup")).mkdir()

    make_site(site)

    assert everything(site) == OWN | OTHERS
    left = {path.name for path in site.parent.iterdir()}
    assert left == {"lock", "site", ".site-backup", ".site-abcdefgh"}


def test_a_report_that_fails_leaves_the_last_site(site: Path) -> None:
    """And nothing beside it."""
    make_site(site)
    add_others(site)
    with pytest.raises(ZeroDivisionError), new_site(site, site.with_name("lock")) as building:
        (building / "index.html").write_text(str(1 / 0))
    assert everything(site) == OWN | OTHERS
    assert {path.name for path in site.parent.iterdir()} == {"lock", "site"}


def test_a_place_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    """Below a file, and where nobody may make a folder."""
    (tmp_path / "file").write_text("")
    lock, absent = tmp_path / "lock", tmp_path / "absent" / "lock"
    for site, held in ((tmp_path / "file" / "site", lock), (Path("/proc/site"), lock), (tmp_path, absent)):
        with (
            pytest.raises(ConfigurationError, match=r"expected a place that this user"),
            new_site(site, held),
        ):
            pass


def test_the_site_has_the_mode_that_the_umask_gives(site: Path) -> None:
    """Readable for a web server by the usual one, and for nobody else by one that keeps all private."""
    for umask, mode in ((0o022, 0o755), (0o077, 0o700)):
        before = os.umask(umask)
        try:
            make_site(site.with_name(f"site-{umask}"))
        finally:
            os.umask(before)
        assert site.with_name(f"site-{umask}").stat().st_mode & 0o777 == mode
