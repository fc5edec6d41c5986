"""Git history: what is fetched, what is kept of a commit, what is refused, and which figures come of it."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows.client.client import Client
from flows.demo.schedule import Planned
from flows.pipeline.collect import collect
from flows.sources import load_source
from flows.sources.maintenance.clone import Clone
from flows.sources.maintenance.commits import is_bot, read_commits, salt_of
from flows.sources.maintenance.git import Bounds, GitFailed, require_address, run
from tests.made import configuration
from warehouse.archive.write import LastAnswer, Page
from warehouse.config.subject import Subject
from warehouse.errors import UnexpectedAnswer, Unreachable

PYTORCH = Subject(id="one", name="One", github="pytorch/pytorch")
SALT = "ab" * 32


@dataclass
class Asked:
    """The source, asked again and again: what it told so far, and the pages of the last time."""

    settings: object
    known: dict = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    def ask(self, subject=PYTORCH) -> "Asked":
        """Ask as a run does, and remember what was answered."""
        source = load_source("maintenance")
        (service,) = source.services(self.settings)
        self.pages = []
        with Client(service, self.settings, self.pages.append, self.known) as client:
            for question in source.questions([subject], self.settings, self.known):
                question.ask(client)
        self.known |= {
            (page.endpoint, page.key): LastAnswer(page.fetched_at, digest(page))
            for page in self.pages
            if page.problem is None
        }
        return self

    def told(self, key: str) -> Mapping:
        """Return what the last time told under a key."""
        return next(json.loads(page.body) for page in self.pages if page.key == key)


def digest(page):
    return hashlib.sha256(page.body).hexdigest()


def test_a_history_is_told_by_month(at_server):
    """A page each month since the first one, and last one of the whole; of people there are hashes alone."""
    asked = Asked(at_server).ask()

    assert [page.key for page in asked.pages[:2]] == ["pytorch/pytorch 2016-08", "pytorch/pytorch 2016-09"]
    assert [page.key for page in asked.pages[-2:]] == ["pytorch/pytorch 2025-08", "pytorch/pytorch"]
    assert {page.problem for page in asked.pages} == {None}
    months = [json.loads(page.body) for page in asked.pages[:-1]]
    lines = [line.split(" ") for month in months for line in month["commits"]]
    assert asked.told("pytorch/pytorch")["commits"] == len(lines)
    assert all(line[1][:7] == month["month"] for month in months for line in map(str.split, month["commits"]))
    assert {line[3] for line in lines} == {"human", "bot"}
    assert {len(line[2]) for line in lines} == {16}
    assert b"@" not in b"".join(page.body for page in asked.pages)
    assert asked.told("pytorch/pytorch")["sample"]


def test_authors_are_who_the_mailmap_says(at_server):
    """The first author of the stand-in has a former address, which the mailmap joins with the present one."""
    asked = Asked(at_server).ask()
    every = [line.split(" ")[2] for page in asked.pages[:-1] for line in json.loads(page.body)["commits"]]
    clone = Clone(at_server.data / "clones/pytorch+pytorch.git", f"{at_server.urls['GIT_URL']}/x/x.git", "")
    mapped = clone.log("%ae %aE").decode().split("\n")[:-1]

    assert {line for line in mapped if line.startswith("former@")} == {
        "former@example.org author0@example.org"
    }
    assert len(set(every)) == len({line.split(" ")[1] for line in mapped})


def test_only_what_changed_is_told_again(server, at_server):
    """The running month, one that was running, and the whole; a month later what came since."""
    asked = Asked(at_server).ask()
    server.requests.clear()
    assert [page.key for page in asked.ask().pages] == ["pytorch/pytorch 2025-08", "pytorch/pytorch"]
    server.now += timedelta(days=31)
    keys = [page.key for page in asked.ask().pages]

    assert keys == ["pytorch/pytorch 2025-08", "pytorch/pytorch 2025-09", "pytorch/pytorch"]


def test_a_clone_is_a_cache(at_server):
    """Removed or broken it is made anew, and tells the same."""
    asked = Asked(at_server).ask()
    folder = at_server.data / "clones/pytorch+pytorch.git"
    shutil.rmtree(folder)
    assert len(asked.ask().pages) == 2
    for pack in folder.glob("objects/pack/*"):
        pack.chmod(0o600)
        pack.write_bytes(b"broken")

    assert len(asked.ask().pages) == 2


def test_another_salt_tells_all_months_anew(at_server):
    """It is drawn once, readable by its owner alone, and is in no page."""
    asked = Asked(at_server).ask()
    salt, file = salt_of(at_server.data), at_server.data / "authors.salt"
    assert (salt, file.stat().st_mode & 0o077) == (salt_of(at_server.data), 0)
    assert salt.encode() not in b"".join(page.body for page in asked.pages)
    before, months = asked.told("pytorch/pytorch")["salt"], len(asked.pages)
    file.unlink()

    assert len(asked.ask().pages) == months
    assert asked.told("pytorch/pytorch")["salt"] != before
    file.write_text("something else")
    with pytest.raises(UnexpectedAnswer, match="found something else than a salt"):
        asked.ask()


def test_a_repository_that_is_not_there_is_told(at_server):
    """A host asks for a login then, and gets none."""
    asked = Asked(at_server).ask(Subject(id="no", name="No", github="no/such"))

    (page,) = asked.pages
    assert (page.endpoint, page.key, page.status) == ("history", "no/such", 404)
    assert page.problem.startswith(
        "maintenance no/such: found no such repository: fatal: could not read Username"
    )


@pytest.mark.parametrize(
    ("fault", "at_request"),
    [
        ("429", 1),
        ("moved-away", 1),
        ("html", 2),
        ("503", 3),
        ("truncated", 4),
        ("dropped", 6),
        ("truncated", 8),
    ],
)
def test_a_fault_ends_the_attempt(server, at_server, fault, at_request):
    """At any of its requests, with what git says of it and without a figure; the next run asks for all."""
    server.faults = [Planned(fault, at_request, 9)]
    source = load_source("maintenance")
    (service,) = source.services(at_server)
    attempt = collect(service, list(source.questions([PYTORCH], at_server, {})), at_server, {})

    assert (attempt.answers, list(at_server.data.glob("clones/*.git/objects/pack/tmp_*"))) == (0, [])
    assert attempt.problem.startswith("maintenance pytorch/pytorch: ")


def test_a_host_that_is_not_there_is_told(at_server):
    """By the reason that git gives."""
    nowhere = replace(at_server, urls={**at_server.urls, "GIT_URL": "http://127.0.0.1:1"})
    with pytest.raises(
        Unreachable, match=r"maintenance pytorch/pytorch: no answer to git: .*unable to access"
    ):
        Asked(nowhere).ask()


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("https://github.com/a/b.git", "https"),
        ("http://127.0.0.1:8000/a/b.git", "http"),
        ("http://github.com/a/b.git", None),
        ("https://name:secret@github.com/a/b.git", None),
        ("ssh://github.com/a/b.git", None),
        ("file:///a/b.git", None),
    ],
)
def test_git_goes_by_https_alone(url, scheme):
    """But on this machine; and never with a login, which is not shown."""
    if scheme:
        assert require_address(url) == scheme
        return
    with pytest.raises(UnexpectedAnswer, match="expected https and no login") as error:
        require_address(url)
    assert "secret" not in str(error.value)


def test_git_knows_nothing_of_its_user(tmp_path: Path, monkeypatch):
    """Neither a configuration, nor variables, nor another scheme than the one that is allowed."""
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\n\tname = Somebody\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.email")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "somebody@example.org")
    folder = tmp_path / "clone"
    folder.mkdir()
    run(folder, "https", "init", "--quiet", "--bare", ".")

    assert b"user." not in run(folder, "https", "config", "--list")
    with pytest.raises(GitFailed, match="transport 'file' not allowed"):
        run(folder, "https", "ls-remote", f"file://{folder}")


def test_git_is_ended_where_it_takes_too_much(at_server):
    """Time or room; a clone that was not finished is removed."""
    url, folder = f"{at_server.urls['GIT_URL']}/pytorch/pytorch.git", at_server.data / "clones/one.git"
    for bounds, found in (
        (Bounds(seconds=0), "found it running after 0 s"),
        (Bounds(folder_bytes=100), "bytes of history, expected at most 100"),
    ):
        with pytest.raises(UnexpectedAnswer, match=found):
            Clone(folder, url, "one", bounds).fetch()
        assert not folder.exists()


@pytest.mark.parametrize(
    ("name", "address", "is_program"),
    [
        ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com", True),
        ("A. Unique TensorFlower", "gardener@tensorflow.org", True),
        ("jax authors", "google-ml-automation@google.com", True),
        ("PyTorch MergeBot", "pytorchmergebot@users.noreply.github.com", True),
        ("pytorchbot", "pytorch-bot@example.org", True),
        ("Facebook Community Bot", "6422482+facebook-github-bot@users.noreply.github.com", True),
        ("Ann Abbot", "abbot@example.org", False),
        ("Sander Bot", "sander.b@example.org", False),
        ("Robot Maker", "robots@example.org", False),
    ],
)
def test_programs_are_told_from_people(name, address, is_program):
    """By the reviewed list; a name that has the letters is none of them."""
    assert is_bot(name, address) is is_program


def line(number: int, seconds: int | str, address="a@example.org", name="A") -> bytes:
    return f"{number:040x}\0{seconds}\0{address}\0{name}\n".encode()


NOON = datetime(2025, 3, 10, 12, tzinfo=UTC)


def test_an_author_is_an_address_in_any_case(at_server):
    """One without an address is its name; hashes are those of the salt."""
    at = int(NOON.timestamp())
    told = line(1, at) + line(2, at, "A@Example.org ", "Other") + line(3, at, "", "A") + line(4, at, "", "B")
    (lines,) = read_commits(told, SALT, NOON).by_month.values()
    authors = [one.split(" ")[2] for one in lines]

    assert authors[0] == authors[1]
    assert len(set(authors)) == 3
    (others,) = read_commits(told, "cd" * 32, NOON).by_month.values()
    assert not set(authors) & {one.split(" ")[2] for one in others}


def test_a_commit_of_no_possible_day_is_left_out():
    """Before there was anything, after today, or in no calendar: clocks of authors are wrong now and then."""
    tomorrow = int((NOON + timedelta(days=1)).timestamp())
    told = b"".join(line(1, seconds) for seconds in (0, 12345, -5, tomorrow, "9" * 30, int(NOON.timestamp())))
    commits = read_commits(told, SALT, NOON)

    assert (commits.count, commits.undated, list(commits.by_month)) == (1, 5, [date(2025, 3, 1)])


@pytest.mark.parametrize("told", [b"fatal: something\n", b"abc\0" + b"1\0a\0b\n", line(1, "x")])
def test_what_is_no_commit_is_refused(told):
    """Whatever else git may write."""
    with pytest.raises(ValueError, match="found a line that is no commit"):
        read_commits(told, SALT, NOON)


BOTH = configuration({"maintenance": 45}, one={"github": "a/one"}, two={"github": "b/two"})
AT = datetime(2025, 4, 2, tzinfo=UTC)


def month(told, name, commits, repository="a/one", at=AT, **more):
    """An answer of a month: of each commit who wrote it, `-` for a program."""
    lines = [
        f"{place:040x} {name}-01T00:00:00Z {author:x>16} {'bot' if author == '-' else 'human'}"
        for place, author in enumerate(commits)
    ]
    body = {"repository": repository, "salt": "s", "month": name, "commits": lines} | more
    return told("maintenance", "commit_months", f"{repository} {name}", body, at)


def figures(house, metric_id, subject_id="one"):
    rows = house.rows(
        "select period_start, value, state from observations "
        f"where metric_id = '{metric_id}' and subject_id = '{subject_id}' order by 1"
    )
    return [(f"{day:%m}", value, state) for day, value, state in rows]


def test_commits_authors_and_who_is_new(warehouse, told):
    """A month without commits has none, and no share of programs; the running month is partial."""
    house = warehouse(BOTH, now=AT)
    house.tell(
        month(told, "2025-01", "aab-"),
        month(told, "2025-02", ""),
        month(told, "2025-03", "bc--"),
        month(told, "2025-04", "a"),
        month(told, "2025-03", "aab", "b/two", sample="made up"),
    )
    house.build()

    assert figures(house, "maintenance_commits") == [
        ("01", 4, "ok"), ("02", 0, "ok"), ("03", 4, "ok"), ("04", 1, "partial"),
    ]  # fmt: skip
    assert [value for _, value, _ in figures(house, "maintenance_authors")] == [2, 0, 2, 1]
    assert [value for _, value, _ in figures(house, "maintenance_newcomers")] == [2, 0, 1, 0]
    assert [value for _, value, _ in figures(house, "maintenance_returning")] == [0, 0, 1, 1]
    assert figures(house, "maintenance_bot_share") == [
        ("01", 0.25, "ok"), ("03", 0.5, "ok"), ("04", 0, "partial"),
    ]  # fmt: skip
    assert figures(house, "maintenance_authors", "two") == [("03", 2, "sample")]
    failed = house.rows(
        "select check_id from quality_checks where not passed and check_id like 'maintenance%'"
    )
    assert failed == []


@pytest.mark.usefixtures("without_checks")
def test_a_past_that_changes_is_a_revision(warehouse, told):
    """A commit that came later with an older time, and who was new then is not any more."""
    house = warehouse(BOTH, now=AT)
    house.tell(
        month(told, "2025-02", "a", at=AT - timedelta(days=3)),
        month(told, "2025-03", "b", at=AT - timedelta(days=1)),
        month(told, "2025-02", "ab", at=AT),
    )
    house.build()

    assert [value for _, value, _ in figures(house, "maintenance_newcomers")] == [2, 0]
    assert house.rows("select metric_id, old_value, new_value from revisions order by 1") == [
        ("maintenance_authors", 1, 2),
        ("maintenance_commits", 1, 2),
    ]


@pytest.mark.usefixtures("without_checks")
def test_between_two_salts_nobody_knows_who_is_new(warehouse, told):
    """Where a run was ended in the middle of telling all anew; commits and authors are as they were."""
    house = warehouse(BOTH, now=AT)
    house.tell(month(told, "2025-02", "a"), month(told, "2025-03", "b", salt="t")).build()

    assert [value for _, value, _ in figures(house, "maintenance_authors")] == [1, 1]
    assert figures(house, "maintenance_newcomers") == figures(house, "maintenance_returning") == []


def test_the_stand_in_is_a_repository_that_git_can_clone(at_server, tmp_path: Path):
    """With any client that speaks the protocol, the old one too, as a real one is."""
    around = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    url = f"{at_server.urls['GIT_URL']}/keras-team/keras.git"
    for version in ("0", "2"):
        command = [
            "git",
            "-c",
            f"protocol.version={version}",
            "clone",
            "--quiet",
            "--bare",
            url,
            f"v{version}",
        ]
        subprocess.run(command, cwd=tmp_path, env=around, check=True, capture_output=True)
    counts = [
        subprocess.check_output(["git", "rev-list", "--count", "HEAD"], cwd=tmp_path / name)
        for name in ("v0", "v2")
    ]

    assert counts[0] == counts[1]
    assert int(counts[0]) > 500
