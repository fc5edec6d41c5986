"""How identifiers are spelled at the sources, and what a text in another spelling was meant to be."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

Meant: TypeAlias = Callable[[str], str]


@dataclass(frozen=True)
class Spelling:
    """How one kind of identifier is spelled; `expected` says it in words, for people.

    `meant` returns what a text was probably meant to be, and leaves a right one as it is.
    """

    expected: str
    pattern: re.Pattern[str]
    meant: Callable[[str], str]

    def fits(self, text: str) -> bool:
        """Whether a text is spelled so."""
        return self.pattern.fullmatch(text) is not None and self.meant(text) == text

    def require(self, text: str, name: str = "") -> str:
        """Return the text; raises ValueError with what was found, what was expected, and what was meant.

        The subject's name tells which letters are capitals, where that is all that is wrong.
        """
        if self.fits(text):
            return text
        meant, named = self.meant(text), self.meant(name)
        advised = named if named.casefold() == meant.casefold() else meant
        advice = f": write {advised}" if self.fits(advised) else ""
        raise ValueError(f"found {text!r}, expected {self.expected}{advice}")


def subject_id(name: str) -> str:
    """Return the id of a subject of this name, in whatever script it is written.

    Accents are folded, `+` and `#` told in words; letters of other scripts go by their Unicode names, those
    without one by their numbers. Two names may have one id: `--id` of `barometer add` is for the second.
    """
    text = unicodedata.normalize("NFKC", name.strip()).casefold()
    spelled = "dot_" * text.startswith(".") + "".join(map(_latin, text))
    words = re.findall(r"[a-z0-9]+", spelled) or [f"u{ord(sign):x}" for sign in text] or ["subject"]
    if words[0][0].isdigit():
        words.insert(0, "n")
    told = "_".join(words)
    return (
        told if len(told) <= _LONGEST_ID else told[: _LONGEST_ID + 1].rpartition("_")[0] or told[:_LONGEST_ID]
    )


def package_name(name: str) -> str:
    """Return a package's name in its normal form.

    Source: https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def title(name: str) -> str:
    """Return a name as the title of an article is written in its address.

    Source: https://www.mediawiki.org/wiki/Help:Page_naming
    """
    text = re.sub(r"[\s_]+", "_", unicodedata.normalize("NFC", name)).strip("_")
    capital = text[:1].upper()
    # Scripts after Armenian have no capitals, or none that titles begin with; ß has none of one sign.
    return capital + text[1:] if len(capital) == 1 and text < "\u0590" else text


_LONGEST_ID = 40
_SIGNS = {"+": "_plus_", "#": "_sharp_", "&": "_and_", "@": "_at_"}
# CYRILLIC SMALL LETTER SHORT I is an i, LATIN SMALL LETTER O WITH STROKE an o, HANGUL SYLLABLE GA ga.
_LETTER = re.compile(r".*(?:LETTER|SYLLABLE) (?:.* )??([A-Z]+)(?: WITH .*)?")


def _latin(sign: str) -> str:
    """Return a sign in letters and digits of ASCII; what separates words is an underscore."""
    kind, base = unicodedata.category(sign), unicodedata.normalize("NFKD", sign)[0]
    if base.isascii() and base.isalnum():
        return base
    if sign in _SIGNS or kind[0] not in "LMN":
        return _SIGNS.get(sign, "_")
    if kind[0] == "M" or kind == "Lm":  # marks, and what only prolongs the sound before it
        return ""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    named = _LETTER.fullmatch(unicodedata.name(sign, ""))
    return named[1].lower() if named else f"_u{ord(sign):x}_"


def _meant_id(text: str) -> str:
    return text if _ID.fullmatch(text) else subject_id(text)


def _repository(hosts: Sequence[str]) -> Meant:
    """Read `owner/name`, the address of anything in a repository, or what git calls it."""

    def meant(text: str) -> str:
        address = re.sub(r"^git@([^:/]+):", r"https://\1/", text.strip())
        parts = _parts(address, hosts)
        named = re.fullmatch(r"/?([^/]+)/([^/]+)/?", "/".join(parts[:2]) if parts else address)
        return f"{named[1]}/{named[2].removesuffix('.git')}" if named else text

    return meant


def _package(hosts: Sequence[str]) -> Meant:
    """Read a name in another spelling, with a version or extras, or the address of its page, at any index."""

    def meant(text: str) -> str:
        page = r"(?:https?://)?[^/\s]+/(?:project|packages)/([\w.-]+)(?:/.*)?"
        if paged := re.fullmatch(page, text.strip(), re.ASCII):
            return package_name(paged[1])
        required = re.fullmatch(r"(?:pip3? install )?([\w.-]+?)\s*(?:[\[=<>~!;@].*)?", text.strip(), re.ASCII)
        return package_name(required[1]) if required else text

    return meant


def _tag(hosts: Sequence[str]) -> Meant:
    """Read a tag in brackets, in other letters, or its address."""

    def meant(text: str) -> str:
        parts = _parts(text, hosts) or []
        named = re.fullmatch(r"(?:questions/tagged|tags)/([^/]+)(?:/.*)?", "/".join(parts))
        tag = named[1] if named else text.strip()
        tag = tag[1:-1] if tag.startswith("[") and tag.endswith("]") else tag
        return re.sub(r"[\s_]+", "-", tag.lower())

    return meant


def _article(hosts: Sequence[str]) -> Meant:
    """Read a title with spaces or in brackets, or its address in an encyclopedia."""

    def meant(text: str) -> str:
        parts = _parts(text, hosts)
        if parts is None:
            named = re.sub(r"\[\[([^|]*?)(\|.*)?\]\]", r"\1", text.strip())
            return title(unquote(named) if re.search(r"%[0-9A-Fa-f]{2}", named) else named)
        queried = parse_qs(urlsplit(text).query).get("title", [""])[0]
        return title(queried or "/".join(parts[1:]))

    return meant


def _words(hosts: Sequence[str]) -> Meant:
    """Read any words as they are."""
    return str


def _parts(text: str, hosts: Sequence[str]) -> list[str] | None:
    """Return the parts of the path of an address at one of these hosts; None of any other text."""
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:  # brackets in the place of a host
        return None
    if url.hostname not in hosts:
        return None
    return [unquote(part) for part in url.path.split("/") if part]


_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")

ID = Spelling(
    f"a small letter a to z, then such letters, digits and underscores, at most {_LONGEST_ID}", _ID, _meant_id
)
# The kinds of identifiers: how each is read from another spelling, or from an address at one of the hosts.
KINDS: Mapping[str, Callable[[Sequence[str]], Meant]] = {
    "repository": _repository,
    "package": _package,
    "tag": _tag,
    "article": _article,
    "words": _words,
}
