"""The ready comparisons: each one valid, the default the same as the repository's file, all in the wheel."""

import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest

from flows.demo.run import CONFIG as DEMO_CONFIG
from flows.sources import source_ids
from flows.sources.google_trends.identify import MOST_TERMS
from warehouse.config.catalog import catalog
from warehouse.config.ecosystem import PALETTE, parse_ecosystem
from warehouse.config.presets import DEFAULT, known_identifiers, preset_names, preset_text, read_preset
from warehouse.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[2]


def test_the_presets_are_those_there_are():
    """The default first, the others by name."""
    assert preset_names() == [
        "deep-learning",
        "dataframes",
        "deep-learning-4",
        "orchestrators",
        "web-frameworks",
    ]


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_is_a_whole_configuration(name: str):
    """Valid, with a colour for each subject, sources that there are, and what each of them expects."""
    ecosystem = parse_ecosystem(preset_text(name), Path(name))

    assert set(ecosystem.sources) <= set(source_ids()) == set(read_preset(DEFAULT).sources)
    for source_id, options in ecosystem.sources.items():
        assert set(options.expect) == set(catalog()[source_id].expectations)
    assert 2 <= len(ecosystem.subjects) <= min(len(PALETTE), MOST_TERMS)
    for subject in ecosystem.subjects:
        assert subject.github and subject.pypi and subject.stackoverflow, subject.id


def test_most_subjects_have_the_day_of_their_first_release():
    """Of the past, and left out where nothing proves it."""
    dated = {
        subject.id: subject.first_release_on
        for name in preset_names()
        for subject in read_preset(name).subjects
        if subject.first_release_on
    }
    assert len(dated) >= 13 and not {"django", "pyspark", "airflow"} & set(dated)
    assert all(date(2005, 1, 1) < day < date(2026, 1, 1) for day in dated.values())


def test_the_repositorys_configuration_is_the_default_preset():
    """Byte for byte: the fact has one home, and `barometer init` writes it anew."""
    assert (ROOT / "ecosystem.toml").read_text() == preset_text(DEFAULT)


def test_an_unknown_preset_is_told():
    """With those there are."""
    with pytest.raises(ConfigurationError, match="preset: found 'cars', expected one of deep-learning, data"):
        preset_text("cars")


def test_a_family_of_the_presets_adds_up_to_installations():
    """What another package pulls in is collected and shown, and lies within that one."""
    tensorflow = read_preset("deep-learning-4").subjects[1]

    assert tensorflow.identifiers("pypi") == (
        "tensorflow",
        "tensorflow-cpu",
        "tensorflow-gpu",
        "tensorflow-intel",
        "tensorflow-macos",
        "tf-nightly",
    )
    within = {package.package: package.within for package in tensorflow.pypi if package.within}
    assert within == {"tensorflow-intel": "tensorflow", "tensorflow-macos": "tensorflow"}
    assert all(package.note for package in tensorflow.pypi if package.within or package.until)


def test_the_identifiers_of_all_presets_are_known():
    """Of each source once, for suggestions."""
    repositories = known_identifiers("github")

    assert len(repositories) == len(set(repositories)) > 15
    assert {"pytorch/pytorch", "jax-ml/jax", "fastapi/fastapi", "PrefectHQ/prefect"} <= set(repositories)


def test_the_presets_are_in_the_wheel(tmp_path: Path):
    """What is installed elsewhere can write them too."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")

    packed = set(zipfile.ZipFile(wheel).namelist())
    assert {f"warehouse/config/presets/{name}.toml" for name in preset_names()} <= packed
    assert {f"flows/sources/{source_id}/source.toml" for source_id in source_ids()} <= packed


def test_the_demo_compares_what_the_default_does():
    """With one package of TensorFlow's, and the conda channels of which there are figures."""
    default, demo = (
        tomllib.loads(file.read_text())["subjects"] for file in (ROOT / "ecosystem.toml", DEMO_CONFIG)
    )
    assert default[1].pop("pypi")[0] == "tensorflow" == demo[1].pop("pypi")[0]
    for in_default, in_demo in zip(default, demo, strict=True):
        assert set(in_demo.pop("anaconda")) < set(in_default.pop("anaconda"))
    assert demo == default
