"""The words pubkit itself writes, in the publication's language: labels, names joined, dates, quotation marks.

Each language has one TOML file beside this module; a key that a language lacks is taken from English.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

    from pubkit.model import Direction

LANGUAGES = ("ar", "de", "en", "es", "fr", "he", "it", "ja", "nl", "pl", "pt", "ru", "zh", "zh-hant")

_RTL_LANGUAGES = frozenset(
    ("ar", "arc", "ckb", "dv", "fa", "he", "iw", "ji", "ks", "ps", "sd", "syr", "ug", "ur", "yi")
)
_RTL_SCRIPTS = frozenset({"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"})
_SAME = {"iw": "he", "ji": "yi", "no": "nb", "cmn": "zh"}  # old or wider subtags, by the one used here
_TRADITIONAL = frozenset({"tw", "hk", "mo"})  # regions that write Chinese in traditional characters
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?")  # W3C-DTF; the time of day is not shown
_ISOLATE, _POP = "\u2068", "\u2069"  # UAX #9: first strong isolate, pop directional isolate


def labels_of(language: str) -> Mapping[str, str]:
    """The labels of a language by key; `{…}` in a label is for the caller to fill in.

    "de-AT" gives German; a language without a file gives English. A role's noun has the key `role-` and its MARC code.
    """
    return _labels(_chosen(language, LANGUAGES))


def quotes_of(language: str) -> tuple[str, str, str, str]:
    """The quotation marks of a language: primary open and close, secondary open and close; English where unknown.

    A mark may include the narrow no-break space that belongs inside it (French).
    """
    table = _quotes()
    return table[_chosen(language, table)]


def direction_of(language: str) -> Direction:
    """The direction in which a language is written: by its script subtag, else by its language subtag."""
    first, *rest = language.casefold().replace("_", "-").split("-")
    script = next((subtag for subtag in rest if re.fullmatch("[a-z]{4}", subtag)), "")
    rtl = script in _RTL_SCRIPTS if script else first in _RTL_LANGUAGES
    return "rtl" if rtl else "ltr"


def join_names(names: Iterable[str], language: str) -> str:
    """The names as a list in the grammar of a language: "Ada, Ida und Mary".

    A name written in the other direction than the language is put in a directional isolate (UAX #9), so
    that it cannot turn the commas round. An unknown language joins as English does.
    """
    from babel.lists import format_list

    direction = direction_of(language)
    shown = [f"{_ISOLATE}{name}{_POP}" if _runs_against(name, direction) else name for name in names]
    return format_list(shown, locale=_locale(language))


def format_date(w3cdtf: str, language: str) -> str:
    """A W3C-DTF date in the words of a language: a year, a month and year, or a day; text that is no date as it is."""
    from babel.dates import format_date as day
    from babel.dates import format_skeleton

    found = _DATE.fullmatch(w3cdtf.strip())
    if not found:
        return w3cdtf
    year, month, day_of_month = (int(part) if part else None for part in found.groups())
    try:
        date = dt.date(year or 0, month or 1, day_of_month or 1)
    except ValueError:
        return w3cdtf
    locale = _locale(language)
    if day_of_month:
        return day(date, "long", locale=locale)
    return str(format_skeleton("yMMMM" if month else "y", date, locale=locale))


@cache
def _labels(language: str) -> Mapping[str, str]:
    table: dict[str, Any] = tomllib.loads((files(__name__) / f"{language}.toml").read_text(encoding="utf-8"))
    roles: dict[str, str] = table.pop("roles")
    found = {**table, **{f"role-{code}": noun for code, noun in roles.items()}}
    return MappingProxyType(found if language == "en" else {**_labels("en"), **found})


@cache
def _quotes() -> Mapping[str, tuple[str, str, str, str]]:
    table = tomllib.loads((files(__name__) / "quotes.toml").read_text(encoding="utf-8"))
    return {language: (marks[0], marks[1], marks[2], marks[3]) for language, marks in table.items()}


def _chosen(language: str, known: Iterable[str]) -> str:
    return next((tag for tag in _wider(language) if tag in known), "en")


def _wider(language: str) -> Sequence[str]:
    """The tag in lower case and then without its last subtags, one by one (RFC 4647 section 3.4, lookup)."""
    subtags = language.strip().casefold().replace("_", "-").split("-")
    subtags[0] = _SAME.get(subtags[0], subtags[0])
    if subtags[0] == "zh" and "hans" not in subtags and not _TRADITIONAL.isdisjoint(subtags):
        subtags = ["zh", "hant", *(subtag for subtag in subtags[1:] if subtag != "hant")]
    return ["-".join(subtags[:count]) for count in range(len(subtags), 0, -1)]


@cache
def _locale(language: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    for tag in _wider(language):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _runs_against(name: str, direction: Direction) -> bool:
    against = {"L"} if direction == "rtl" else {"R", "AL"}
    return any(unicodedata.bidirectional(character) in against for character in name)
