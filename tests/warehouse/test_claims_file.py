"""A file of claims: those that come with Barometer hold, and a mistake names its claim, field and remedy."""

import re
from pathlib import Path

import pytest

from tests.made import called, configuration
from warehouse.config.claims import claims_of, read_claims, shipped_sets
from warehouse.config.ecosystem import parse_ecosystem, read_ecosystem
from warehouse.config.presets import read_preset
from warehouse.config.settings import PROJECT
from warehouse.errors import ConfigurationError

TWO = configuration(one=called("one"), two=called("two"), three=called("three"))
FILE = """
source = "A talk"

[[claims]]
id = "more_used"
quote = "most used"
says = "One is used more."
question = "Which is downloaded more?"
about = "one"
evidence = [{ metric = "pypi_downloads" }]
would_change = "More downloads of the other."
cannot_tell = "Who uses it."

[[claims]]
id = "easier"
quote = "easier"
says = "Two is easier."
question = "Which is learnt sooner?"
about = "two"
not_measurable = "No count tells ease."
"""


def read(tmp_path: Path, text: str):
    """The claims of a file of this text, about one, two and three."""
    (tmp_path / "claims.toml").write_text(text)
    return read_claims(tmp_path / "claims.toml", parse_ecosystem(TWO, tmp_path / "ecosystem.toml"))


def test_a_claim_is_judged_beside_all_others_unless_it_names_some(tmp_path: Path):
    """In the order of the configuration."""
    ecosystem = parse_ecosystem(TWO, tmp_path / "ecosystem.toml")
    claims = read(tmp_path, FILE.replace('about = "one"', 'about = "one"\nagainst = ["three"]'))

    assert claims.by_id["more_used"].rivals(ecosystem) == ("three",)
    assert claims.by_id["easier"].rivals(ecosystem) == ("one", "three")
    (measure,) = claims.by_id["more_used"].evidence
    assert (measure.measure, measure.weight) == ("leads", 1)


EVIDENCE = 'evidence = [{ metric = "pypi_downloads" }]'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "more_used"', 'id = "More used"', r":5: .*claim More used: id: found 'More used'; .*pattern"),
        (
            'quote = "most used"',
            f'quote = "{121 * "m"}"',
            r":6: .*claim more_used: quote: found 'mmm.*at most 120",
        ),
        (
            'says = "One is used more."',
            "",
            r":4: .*claim more_used: says: found nothing, expected a value here",
        ),
        (
            'about = "one"',
            'abuot = "one"',
            r":9: .*claim more_used: abuot: unknown key, expected one of id, quote, says",
        ),
        (
            'about = "one"',
            'about = "four"',
            r":9: claim more_used: about: found four, expected one of one, two, three",
        ),
        (
            'about = "one"',
            'about = "one"\nagainst = ["four"]',
            r":10: claim more_used: against: found four, expected one of one, two, three",
        ),
        (
            'about = "one"',
            'about = "one"\nagainst = ["one"]',
            r"claim more_used: found one against itself, expected its rivals",
        ),
        (
            "pypi_downloads",
            "pypi_download",
            r":10: claim more_used: evidence: found pypi_download, expected one of pypi_downloads",
        ),
        (
            '{ metric = "pypi_downloads" }',
            '{ metric = "pypi_downloads", measure = "falls" }',
            r":10: .*evidence\.1\.measure: found 'falls'; .*'leads' or 'grows'",
        ),
        (
            '{ metric = "pypi_downloads" }',
            '{ metric = "pypi_downloads", weight = 0 }',
            r":10: .*evidence\.1\.weight: found 0; .*greater than 0",
        ),
        (
            '{ metric = "pypi_downloads" }',
            '{ metric = "pypi_downloads", wieght = 1 }',
            r":10: .*evidence\.1\.wieght: unknown key, expected one of metric, measure, weight",
        ),
        (
            '{ metric = "pypi_downloads" }',
            '{ metric = "pypi_downloads" }, { metric = "pypi_downloads" }',
            r"claim more_used: found pypi_downloads leads twice, expected each once",
        ),
        (EVIDENCE, "", r"claim more_used: found none of evidence and not_measurable, expected one of them"),
        (
            EVIDENCE,
            f'{EVIDENCE}\nnot_measurable = "No."',
            r"claim more_used: found both of evidence and not_measurable",
        ),
        (
            'cannot_tell = "Who uses it."',
            "",
            r"claim more_used: found no would_change or no cannot_tell, expected both where there is ev",
        ),
        ('id = "easier"', 'id = "more_used"', r"found claims more_used more than once, expected each once"),
        ('source = "A talk"', "", r"source: found nothing, expected a value here"),
        ('source = "A talk"', 'source = "A talk"\nurl = "ftp://x"', r"url: found 'ftp://x'; .*pattern"),
        ('source = "A talk"', "source = ", r"not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_what_was_expected(tmp_path: Path, old: str, new: str, told: str):
    """By file, line and field, and by the claim's own name where there is one."""
    assert old in FILE
    with pytest.raises(ConfigurationError, match=f"(?s)claims.toml.*{told}"):
        read(tmp_path, FILE.replace(old, new))


def test_a_configuration_names_a_set_or_a_file_beside_it(tmp_path: Path):
    """Another name, or a file that is not there, is a mistake that tells what there is."""
    config = tmp_path / "ecosystem.toml"

    def named(claims: str):
        config.write_text(f'claims = "{claims}"\n{TWO}')
        return claims_of(read_ecosystem(config), config)

    with pytest.raises(
        ConfigurationError, match=r"claims: found 'mine', expected one of dataframes, .*TOML file"
    ):
        named("mine")
    with pytest.raises(ConfigurationError, match=r"mine.toml: .*expected a file of claims"):
        named("mine.toml")
    (tmp_path / "mine.toml").write_text(FILE)
    claims = named("mine.toml")
    assert claims and list(claims.by_id) == ["more_used", "easier"]
    config.write_text(TWO)
    assert claims_of(read_ecosystem(config), config) is None


def test_the_shipped_sets_hold_for_their_comparisons():
    """Each of them is about the subjects of a preset, and most say what figures cannot tell."""
    about = {"dataframes": "dataframes", "pytorch-or-tensorflow": "deep-learning"}
    assert sorted(about) == shipped_sets()
    for name, preset in about.items():
        ecosystem = read_preset(preset).model_copy(update={"claims": name})
        claims = claims_of(ecosystem, Path("ecosystem.toml"))
        assert claims and len(claims.claims) >= 7
        assert any(claim.not_measurable for claim in claims.claims)
    assert read_preset("dataframes").claims == "dataframes"


def test_the_docs_say_of_each_shipped_claim_why_it_is_judged_as_it_is():
    """What can be judged has a row of its own; what cannot stands in the last one."""
    ecosystem = read_ecosystem(PROJECT / "ecosystem.toml")
    shipped = claims_of(ecosystem, PROJECT / "ecosystem.toml")
    (_, part) = (PROJECT / "docs/claims.md").read_text().split("## Why the shipped set")
    rows = [
        re.findall(r"`(\w+)`", line.split("|")[1]) for line in part.splitlines() if line.startswith("| `")
    ]
    assert shipped
    assert sorted(rows[:-1]) == sorted([one.id] for one in shipped.claims if not one.not_measurable)
    assert sorted(rows[-1]) == sorted(one.id for one in shipped.claims if one.not_measurable)
