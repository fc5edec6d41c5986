"""The dbt project as files: where it lies, a digest of what it means, and what each source offers in it."""

import hashlib
from functools import cache
from pathlib import Path

from warehouse.config.catalog import declarations
from warehouse.config.settings import PROJECT

DBT_PROJECT = PROJECT / "sql"
# What is derived from the observations: macros that the wide marts read, and every published file carries.
MACROS = DBT_PROJECT / "published_macros.sql"


def models_digest() -> str:
    """Return a digest of the dbt project and the declarations: it changes as what models mean may."""
    return _digest_of(DBT_PROJECT)


@cache  # a process has the code of its start, and no other project than that fits it
def _digest_of(project: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(
        file for kind in ("sql", "py", "yml", "csv") for file in _project_files(project, kind)
    ):
        digest.update(f"{file.relative_to(project)}\n".encode() + file.read_bytes())
    for file in declarations():
        digest.update(f"{file.parent.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()


def _project_files(project: Path, kind: str) -> list[Path]:
    # Not what dbt itself writes into the project when it is run by hand, and not the saved queries,
    # which no model reads.
    others = [project / name for name in ("target", "logs", "dbt_packages", "analyses")]
    return [file for file in project.rglob(f"*.{kind}") if not any(map(file.is_relative_to, others))]


def offers(project: Path) -> dict[str, list[str]]:
    """Return what each source offers the models of all: `doubts` for `int_<source_id>__doubts.sql`.

    Read off the files of a dbt project, so that those of a new source are all that it takes.
    """
    folders = sorted(folder for folder in (project / "models/sources").iterdir() if folder.is_dir())
    return {folder.name: _parts(folder) for folder in folders}


def _parts(folder: Path) -> list[str]:
    prefix = f"int_{folder.name}__"
    return sorted(file.stem.removeprefix(prefix) for file in folder.glob(f"{prefix}*.sql"))
