"""The catalogue of sources: what one declaration takes from another, and what a source needs to be asked."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.client import service
from flows.commands.checkup import Verdict, sources
from warehouse.config.catalog import catalog, read_catalog
from warehouse.config.declared import credential_kinds, declared_ids, public_urls
from warehouse.config.environment import address
from warehouse.errors import ConfigurationError

SOURCE = """
name = "{name}"
order = 1
terms = "free."
expected_lag_days = 9
bounds = {{ first_day = 2007-01-01, count_below = 1000, reason = "None before." }}

[services.{variable}]
url = "https://{name}.example"

[identifier]
{identifier}

{more}

[[metrics]]
id = "{name}_told"
name = "Told"
kind = "community"
unit = "times"
grain = "month"
aggregation = "flow"
definition = "As often as it was told."
caveat = "Of few."
means = "told is told"
limits = ["What is not told."]
"""
OWN = 'kind = "words"\nhelp = "Word."\nexample = "one"'


def declared(folder: Path, **identifiers: str) -> Path:
    """Write a declaration of each of these sources into a folder."""
    (folder / "events.toml").write_text("")
    for name, told in identifiers.items():
        identifier, _, more = told.partition("\n\n")
        (folder / name).mkdir()
        (folder / name / "source.toml").write_text(
            SOURCE.format(name=name, variable=f"{name.upper()}_URL", identifier=identifier, more=more)
        )
    return folder


def test_a_source_may_call_subjects_as_another_does(tmp_path: Path):
    """All of the other's identifier is its own, and it has no name of its own to be asked for."""
    told = read_catalog(declared(tmp_path, letters=OWN, numbers='same_as = "letters"'))

    assert list(told.naming) == ["letters"]
    assert told["numbers"].identifier.same_as == "letters"
    assert told["numbers"].identifier.example == told["letters"].identifier.example == "one"


@pytest.mark.parametrize(
    ("identifier", "message"),
    [
        ('same_as = "words"', "found same_as 'words', expected a source with names of its own"),
        ('same_as = "numbers"', "found same_as 'numbers', expected a source with names of its own"),
        (f'same_as = "letters"\n{OWN}', "found more than same_as in identifier, expected it alone"),
    ],
)
def test_a_name_is_taken_whole_from_a_source_that_has_one(tmp_path: Path, identifier: str, message: str):
    """Not from one that takes it from elsewhere, and not in part."""
    with pytest.raises(ConfigurationError, match="numbers/source.toml: " + message):
        read_catalog(declared(tmp_path, letters=OWN, numbers=identifier))


def test_what_a_source_needs_has_no_rate_without(tmp_path: Path):
    """Nothing is answered without it."""
    rate = "{ requests = 1, seconds = 1 }"
    contact = f'[contact]\nname = "Letters"\nneeded = true\nwithout = {rate}\nwith = {rate}'

    with pytest.raises(ConfigurationError, match="found needed and without, expected one of them"):
        read_catalog(declared(tmp_path, letters=f"{OWN}\n\n{contact}"))


def test_a_source_that_needs_a_contact_lacks_it_until_it_is_told(tmp_path: Path, settings, monkeypatch):
    """It is named by the variable that sets it; so is a credential."""
    contact = '[contact]\nname = "Letters"\nneeded = true'
    key = '[credentials.NUMBERS_KEY]\nhelp = "key"\nneeded = true'
    told = read_catalog(declared(tmp_path, letters=f"{OWN}\n\n{contact}", numbers=f"{OWN}\n\n{key}"))
    monkeypatch.setattr(service, "catalog", lambda: told)

    assert service.lacks("letters", settings) == "BAROMETER_CONTACT"
    assert service.lacks("letters", replace(settings, contact="ops@example.org")) is None
    assert service.lacks("numbers", settings) == "NUMBERS_KEY"
    assert service.lacks("numbers", replace(settings, credentials={"NUMBERS_KEY": "k"})) is None


def test_a_source_lacks_a_program_until_it_is_installed(tmp_path: Path, settings, monkeypatch):
    """It is named; the doctor says who is not asked without it."""
    folder = declared(tmp_path, letters=OWN, numbers=OWN)
    for name, program in (("letters", "sh"), ("numbers", "no-such-program")):
        file = folder / name / "source.toml"
        file.write_text(f'programs = ["{program}"]\n{file.read_text()}')
    told = read_catalog(folder)
    for module in (service, sources):
        monkeypatch.setattr(module, "catalog", lambda: told)

    assert service.lacks("letters", settings) is None
    assert service.lacks("numbers", settings) == "no-such-program"
    found = {one.check: one for one in sources.look(replace(settings, urls={}))}
    assert found["sh"].verdict is Verdict.OK
    assert found["no-such-program"].verdict is Verdict.WARNING
    assert found["no-such-program"].found == "not found: numbers is not asked; install it"


KEY = "[credentials.LETTERS_KEY]\n"
OF_LETTERS = (
    KEY + 'help = "a key"\nwithout = { requests = 1, seconds = 1 }\nwith = { requests = 2, seconds = 1 }'
)
OF_NUMBERS = (
    KEY + 'same_as = "letters"\nwithout = { requests = 3, seconds = 1 }\nwith = { requests = 4, seconds = 1 }'
)


def test_a_credential_may_be_that_of_another_source(tmp_path: Path):
    """It is one variable; how much is answered to who has it is each one's own."""
    told = read_catalog(
        declared(tmp_path, letters=f"{OWN}\n\n{OF_LETTERS}", numbers=f"{OWN}\n\n{OF_NUMBERS}")
    )

    theirs, own = told["letters"].credentials["LETTERS_KEY"], told["numbers"].credentials["LETTERS_KEY"]
    assert told.credentials == {"LETTERS_KEY": theirs}
    assert (own.help, own.without.requests, own.given.requests) == ("a key", 3, 4)


@pytest.mark.parametrize("other", ["words", "numbers"])
def test_a_credential_is_taken_from_a_source_that_declares_it(tmp_path: Path, other: str):
    """Not from one that is not there, and not from itself."""
    told = OF_NUMBERS.replace("letters", other)

    with pytest.raises(
        ConfigurationError, match=f"found LETTERS_KEY same_as '{other}', expected a source that"
    ):
        read_catalog(declared(tmp_path, letters=f"{OWN}\n\n{OF_LETTERS}", numbers=f"{OWN}\n\n{told}"))


def test_a_credential_that_two_declare_is_refused(tmp_path: Path):
    """Whose it is must be said."""
    with pytest.raises(ConfigurationError, match="found LETTERS_KEY in two declarations"):
        read_catalog(declared(tmp_path, letters=f"{OWN}\n\n{OF_LETTERS}", numbers=f"{OWN}\n\n{OF_LETTERS}"))


def test_the_names_read_without_the_catalogue_are_its_own():
    """Ids in their order, addresses, and which credentials there are: short commands read no more."""
    credentials = catalog().credentials.items()
    assert declared_ids() == tuple(catalog())
    assert public_urls() == {name: host.url for name, host in catalog().services.items()}
    assert credential_kinds() == {name: one.is_name for name, one in credentials}
    assert len(credential_kinds()) > 2 and set(credential_kinds().values()) == {True, False}


@pytest.mark.parametrize("variable", public_urls())
def test_what_is_asked_by_default_is_an_address(variable: str):
    """Of a host on the web, as is asked of who sets another."""
    assert address(variable, public_urls()[variable], "", ("https",)).host
