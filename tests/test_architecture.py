"""The rules that keep the tree readable, held over every file."""

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.sources import load_source, source_ids
from warehouse.config.catalog import catalog

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("flows", "reports", "warehouse")

# The rooms of each package, and which of them each one may import. A room is a folder, or a module that
# stands beside the folders; what is not told here is refused.
WAREHOUSE = {
    "warehouse.errors": set(),
    "warehouse.text": set(),
    "warehouse.regular": set(),
    "warehouse.disk": {"warehouse.errors"},
    "warehouse.statistics": set(),
}
LEAVES = set(WAREHOUSE)
WAREHOUSE |= {
    "warehouse.config": LEAVES,
    "warehouse.remote": LEAVES,
    "warehouse.archive": LEAVES | {"warehouse.config", "warehouse.remote"},
    "warehouse.build": LEAVES | {"warehouse.config", "warehouse.remote", "warehouse.archive"},
    "warehouse.published": LEAVES | {"warehouse.config", "warehouse.build"},
    "warehouse.proof": LEAVES
    | {"warehouse.config", "warehouse.archive", "warehouse.build", "warehouse.published"},
}
SETTINGS = LEAVES | {"warehouse.config"}
REPORTS = {
    "reports.data": SETTINGS | {"warehouse.published"},
    "reports.findings": SETTINGS | {"reports.data"},
    "reports.charts": SETTINGS | {"reports.data", "reports.findings"},
    "reports.pages": SETTINGS | {"reports.data", "reports.findings", "reports.charts"},
}
REPORTS["reports.build"] = SETTINGS | {"warehouse.published", *REPORTS}
FLOWS = {
    "flows.standin": set(),
    "flows.client": SETTINGS | {"warehouse.archive"},
    "flows.console": SETTINGS | {"warehouse.published"},
    "flows.sources": SETTINGS | {"warehouse.archive", "flows.client", "flows.standin"},
}
FLOWS["flows.pipeline"] = {*WAREHOUSE, "reports.build", "flows.client", "flows.console", "flows.sources"}
FLOWS["flows.demo"] = {*WAREHOUSE, *FLOWS}
FLOWS["flows.commands"] = {*WAREHOUSE, *FLOWS}
FLOWS["flows.__main__"] = {"flows.commands", "flows.console"}
ROOMS = WAREHOUSE | REPORTS | FLOWS

# More modules beside each other than these are not seen at a glance.
MOST_MODULES = 15

# Where a library may be imported: the files whose path begins with one of these.
HOMES = {
    "prefect": (
        "flows/pipeline/tasks.py",
        "flows/pipeline/flow.py",
        "flows/pipeline/prefect_artifacts.py",
        "flows/commands/service/deployments.py",
        "flows/commands/service/runner.py",
        "flows/commands/service/serve.py",
        "flows/commands/checkup/schedule.py",
    ),
    "prefect_dask": ("flows/pipeline/tasks.py",),
    "distributed": ("flows/pipeline/dask_workers.py",),
    "apprise": ("flows/pipeline/notify.py",),
    "s3fs": ("warehouse/remote/",),
    "botocore": ("warehouse/remote/",),
    "duckdb": ("warehouse/", "flows/client/parts.py", "flows/standin/parquet.py"),
    "dbt": (
        "warehouse/build/dbt.py",
        "warehouse/build/invoke.py",
        "warehouse/build/together.py",
        "warehouse/proof/compiled.py",
    ),
    "numpy": ("warehouse/",),
    "altair": ("reports/",),
    "prometheus_client": ("reports/build/openmetrics.py",),
    "jinja2": ("reports/",),
    "vl_convert": ("reports/",),
    "markdown_it": ("reports/",),
    "requests": (
        "flows/client/client.py",
        "flows/client/session.py",
        "flows/client/bounds.py",
        "flows/client/redirects.py",
        "flows/client/errors.py",
        "flows/sources/",
    ),
    "pytrends": ("flows/sources/",),
}
# Where runs write if nothing else is said.
MADE = (ROOT / "warehouse/data", ROOT / "reports/site")
DEMO_ONLY = {"starlette", "uvicorn"}


def modules() -> list[Path]:
    return [file for package in PACKAGES for file in files_of(ROOT / package, "*.py")]


def files_of(folder: Path, pattern: str) -> list[Path]:
    """Return what is written in a folder, in order, and not what a run has made there."""
    return sorted(file for file in folder.rglob(pattern) if not any(map(file.is_relative_to, MADE)))


def imports(file: Path) -> Iterator[str]:
    """Yield the dotted name of each module that a file imports, or imports something from."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def path_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def name_of(file: Path) -> str:
    """Return the name by which a module is imported; a package's own is that of its folder."""
    return path_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def room_of(name: str) -> str | None:
    """Return the room that a module stands in; None for what is in none, as another's library.

    A command that a source adds to the command line is a command, and nobody's to import.
    """
    if re.fullmatch(r"flows\.sources\.\w+\.command", name):
        return "flows.commands"
    return next((room for room in ROOMS if f"{name}.".startswith(f"{room}.")), None)


def test_the_rules_see_every_package():
    """The tests below look at real files of each package, not at an empty list."""
    assert {file.relative_to(ROOT).parts[0] for file in modules()} == set(PACKAGES)
    assert len(modules()) > 30


@pytest.mark.parametrize("file", modules(), ids=path_of)
def test_imports_go_one_way(file: Path):
    """A module imports what its room may, and libraries stay at home; only packages have no room."""
    room = room_of(name_of(file))
    assert room or file.name == "__init__.py"
    found = set(imports(file))
    ours = {found_room for name in found if (found_room := room_of(name)) and found_room != room}
    allowed = ROOMS[room] if room else set()
    assert ours <= allowed, f"{room} imports {', '.join(sorted(ours - allowed))}"

    libraries = {name.split(".")[0] for name in found}
    for library, homes in HOMES.items():
        assert library not in libraries or path_of(file).startswith(homes), f"{path_of(file)}: {library}"
    assert not libraries & DEMO_ONLY or may_serve(file)


def may_serve(file: Path) -> bool:
    """Whether a module stands in for a source, or for all of them."""
    return path_of(file).startswith(("flows/demo/", "flows/standin/")) or bool(
        re.match(r"flows/sources/\w+/demo", path_of(file))
    )


def test_no_room_leads_back_to_itself():
    """The arrows between rooms have no circle: each room is laid on those that are there already."""
    laid: set[str] = set()
    left = dict(ROOMS)
    while ready := [room for room, below in left.items() if below <= laid]:
        laid |= set(ready)
        left = {room: below for room, below in left.items() if room not in laid}
    assert left == {}


def test_no_folder_holds_more_than_is_seen_at_a_glance():
    """A folder with more modules beside each other is two rooms."""
    beside = Counter(path_of(file.parent) for file in modules() if file.name != "__init__.py")
    assert {folder: count for folder, count in beside.items() if count > MOST_MODULES} == {}


@pytest.mark.parametrize("source_id", source_ids())
def test_a_source_stands_alone(source_id: str):
    """No source imports another."""
    others = tuple(f"flows.sources.{other}." for other in source_ids() if other != source_id)
    files = (ROOT / "flows/sources" / source_id).glob("*.py")
    assert [name for file in files for name in imports(file) if f"{name}.".startswith(others)] == []


# Where no file names a source: the roots, and by path the files that may all the same, each with its reason.
NAMELESS: dict[str, dict[str, str]] = {
    "reports": {},
    "warehouse": {},
    "flows": {
        "flows/demo/make_facts.py": "the files of the compiled history are called after what they are of"
    },
}
TEXTS = {".py", ".sql", ".j2", ".js", ".css", ".json", ".yml", ".svg"}


def names_of_sources() -> re.Pattern[str]:
    """Return what finds the id or the name of a source, or of a series that it declares, as a word."""
    sources = [name for source in catalog().values() for name in (source.id, source.name)]
    series = [one.id for metric in catalog().metrics.values() for one in (metric, *metric.views)]
    words = "|".join(re.escape(name) for name in sorted({*sources, *series}, key=len, reverse=True))
    return re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])", re.IGNORECASE)


def without_comments(file: Path) -> str:
    """Return what a file says in code and strings."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return " ".join(token.string for token in tokens if token.type != tokenize.COMMENT)
    return re.sub(r"--.*", "", text) if file.suffix == ".sql" else text


@pytest.mark.parametrize("root", NAMELESS)
def test_no_file_outside_the_sources_names_one(root: str):
    """What is known of a source is asked of the catalogue; an exception that is none any more is refused."""
    files = [file for file in files_of(ROOT / root, "*") if file.suffix in TEXTS]
    outside = [file for file in files if not path_of(file).startswith("flows/sources/")]
    found = {path_of(file): names_of_sources().findall(without_comments(file)) for file in outside}

    assert len(found) > 30
    naming = {path: names for path, names in found.items() if names}
    assert {path: names for path, names in naming.items() if path not in NAMELESS[root]} == {}
    assert set(NAMELESS[root]) <= set(naming)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('ask("pypi")', ["pypi"]),
        ("from int_github__readings", ["github"]),
        ("A view of Stack Overflow.", ["Stack Overflow"]),
        ("pageviews_monthly", ["pageviews_monthly"]),
        ("pypistats and githubs, by downloads_share_state", ["downloads_share"]),
    ],
)
def test_a_name_is_found_as_a_word(text: str, found: list[str]):
    """Between what is no letter or digit, in any case of letters."""
    assert names_of_sources().findall(text) == found


# What every source has beside its declaration.
PARTS = ("collect.py", "demo.py", "notes.md")


@pytest.mark.parametrize("source_id", source_ids())
def test_a_source_is_a_folder(source_id: str):
    """With every part of it, and with models of its own that parse its answers."""
    folder = ROOT / "flows/sources" / source_id
    assert [part for part in PARTS if not (folder / part).is_file()] == []
    assert list((ROOT / "sql/models/sources" / source_id).glob(f"stg_{source_id}__*.sql"))

    source = load_source(source_id)
    assert callable(source.questions) and callable(source.services)


# What of the SQL names a source outside the sources' folders, and why.
SQL_THAT_NAMES_SOURCES = {
    # Contracts, frozen as they are: further metrics stand in `observations`.
    "sql/models/marts/adoption_monthly.sql",
    "sql/models/marts/community_monthly.sql",
    "sql/models/marts/community_quarterly.sql",
    # What their columns mean, with the source that each is of.
    "sql/models/marts/marts.yml",
    # Metrics that stand as examples.
    "sql/analyses/at_the_same_age.sql",
    "sql/analyses/growth_last_quarter.sql",
    "sql/analyses/stars_gained_by_week.sql",
    "sql/analyses/year_on_year.sql",
    "sql/published_macros.sql",
}


def test_no_sql_outside_a_sources_folders_names_a_source():
    """Nor one model of a source: those of all reach them by what each offers."""
    named = re.compile("|".join(source_ids()), re.IGNORECASE)
    kinds = ("sql", "py", "yml", "csv")
    folders = [ROOT / "sql" / kind for kind in ("models", "macros", "seeds", "tests", "analyses")]
    files = [file for kind in kinds for folder in folders for file in files_of(folder, f"*.{kind}")]
    files += [file for kind in kinds for file in (ROOT / "sql").glob(f"*.{kind}")]
    shared = [file for file in files if "sources" not in file.relative_to(ROOT / "sql").parts[1:2]]
    naming = {path_of(file) for file in shared if named.search(file.read_text())}

    assert len(files) - len(shared) > 50
    assert naming == SQL_THAT_NAMES_SOURCES


@pytest.mark.parametrize("source_id", source_ids())
def test_the_sql_of_a_source_reads_no_other(source_id: str):
    """It reads what is of all, and models of its own."""
    files = [file for file in (ROOT / "sql").rglob("*.sql") if file.parts[-3:-1] == ("sources", source_id)]
    read = [found for file in files for found in re.findall(r"ref\('(?:stg|int)_(\w+?)__", file.read_text())]
    assert set(read) == {source_id}


# Who writes without `say`: itself, what has no words from outside, and rows, which `table` cleans.
PRINTING = (
    "flows/console/say.py",
    "flows/console/table.py",
    "flows/console/json_logs.py",
    "flows/__main__.py",
    "flows/demo/",
)


def test_what_is_said_goes_one_way():
    """Nobody prints but `console.say`, which cleans what a terminal would obey and keeps secrets out."""
    printing = {
        file.relative_to(ROOT).as_posix()
        for file in modules()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Name) and node.id == "print"
    }
    assert "flows/console/say.py" in printing
    assert [path for path in sorted(printing) if not path.startswith(PRINTING)] == []


def test_every_module_says_what_lives_in_it():
    """Each module begins with a docstring."""
    silent = [str(file) for file in modules() if not ast.get_docstring(ast.parse(file.read_text()))]
    assert silent == []


def test_every_model_is_described_and_says_its_grain():
    """Each SQL model starts with its grain and stands in the yaml beside it."""
    models = sorted((ROOT / "sql/models").rglob("*.sql"))
    assert len(models) > 15
    for model in models:
        assert model.read_text().startswith("-- One row"), model
        described = "".join(file.read_text() for file in model.parent.glob("*.yml"))
        assert f"- name: {model.stem}\n" in described, model
