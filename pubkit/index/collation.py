"""The order of an alphabet: the Unicode Collation Algorithm (UTS #10) with the letters that a language has of its own.

pyuca gives the weights of the algorithm's default table, in which å is an a. A language that counts it as a letter says
so in collation.toml. Words are sorted word by word: "sea wall" stands before "seafood".
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyuca.collator import BaseCollator

SortKey = tuple[int, tuple[float, ...], tuple[int, ...], tuple[int, ...], str]

_STEP = 1 / 64  # between letters put behind one of the default table, whose weights are whole numbers
_SECONDARY, _LOWER, _UPPER = 0x20, 0x02, 0x08  # of a letter without an accent; of small and capital letters
# Alef and its like stand under the letter that carries the mark, as Arabic dictionaries have it.
_CARRIERS = str.maketrans("آأإٱؤئةى", "ااااويهي")
_KATAKANA = {ord("ァ") + number: ord("ぁ") + number for number in range(86)}


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The order of one language: its own letters, the longest first, each with its weight and heading."""

    language: str
    own: Mapping[str, tuple[float, str]]
    scripts: tuple[str, ...]  # that come first

    def key(self, text: str) -> SortKey:
        """What to sort a text by, quotation marks and other signs before its first letter left out.

        Equal texts alone have equal keys.
        """
        letters: list[float] = []
        accents: list[int] = []
        cases: list[int] = []
        for primary, secondary, tertiary in self._elements(text[_start(text) :]):
            letters += [primary] if primary else []
            accents += [secondary] if secondary else []
            cases += [tertiary] if tertiary else []
        return self._rank(text), tuple(letters), tuple(accents), tuple(cases), text

    def _rank(self, text: str) -> int:
        """Figures and signs first, then letters of the language's script, then others."""
        first = text[_start(text) :][:1]
        if not first.isalpha() or not self.scripts:
            return int(first.isalpha())
        return 1 if unicodedata.name(first, "").startswith(self.scripts) else 2

    def letter(self, text: str) -> str:
        """The letter under which a text stands, as a heading; "" for figures, signs and ideographs."""
        text = text[_start(text) :].translate(_CARRIERS)
        if not text[:1].isalpha():
            return ""
        own = self._own_at(_small(text, self.language))
        if own:
            return _capital(self.own[own][1], self.language)
        weights = [primary for primary, _, _ in self._elements(text[0]) if primary]
        latin = _latin().get(weights[0] if weights else 0)
        if latin:
            return _capital(latin, self.language)
        base = unicodedata.normalize("NFKD", text[0]).translate(_KATAKANA)[0]
        if unicodedata.name(base, "").startswith("CJK"):
            return ""
        return base.upper()[0]

    def _elements(self, text: str) -> list[tuple[float, int, int]]:
        text = unicodedata.normalize("NFC", text).translate(_CARRIERS)
        small = _small(text, self.language)
        found: list[tuple[float, int, int]] = []
        start = place = 0
        while place < len(text):
            own = self._own_at(small[place:]) if len(small) == len(text) else ""
            if not own:
                place += 1
                continue
            found += _defaults(text[start:place])
            case = _LOWER if text[place] == small[place] else _UPPER
            found.append((self.own[own][0], _SECONDARY, case))
            place += len(own)
            start = place
        return found + _defaults(text[start:])

    def _own_at(self, small: str) -> str:
        return next((own for own in self.own if small.startswith(own)), "")


@cache
def alphabet_of(language: str) -> Alphabet:
    """The alphabet of a language (BCP 47): its own, else the default one."""
    tag = language.casefold().replace("_", "-").partition("-")[0]
    table: dict[str, Any] = tomllib.loads((files(__package__) / "collation.toml").read_text(encoding="utf-8"))
    own: dict[str, tuple[float, str]] = {}
    for line in table.get({"no": "nb"}.get(tag, tag), ()):
        first, *others = line.split()
        weight = next(primary for primary, _, _ in _defaults(first) if primary)
        for number, letters in enumerate(others, 1):
            same = letters.split("=")
            own |= dict.fromkeys(same, (weight + number * _STEP, same[0]))
    longest_first = {letter: own[letter] for letter in sorted(own, key=lambda each: (-len(each), each))}
    return Alphabet(tag, longest_first, tuple(table["scripts"].get(tag, "").split()))


def _defaults(text: str) -> list[tuple[float, int, int]]:
    elements = _collator().collation_elements(unicodedata.normalize("NFD", text)) if text else []
    return [(element[0], element[1], element[2]) for element in elements]


@cache
def _collator() -> BaseCollator:
    from pyuca.collator import Collator_9_0_0  # named, for which one is the newest depends on Python

    return Collator_9_0_0()


@cache
def _latin() -> Mapping[float, str]:
    """The letters a to z by their weights."""
    return {_defaults(letter)[0][0]: letter for letter in "abcdefghijklmnopqrstuvwxyz"}


def _start(text: str) -> int:
    """The place of the first letter or figure; 0 where there is none."""
    return next((place for place, sign in enumerate(text) if sign.isalnum()), 0)


def _small(text: str, language: str) -> str:
    if language in ("tr", "az"):  # where i and ı are two letters, and so are İ and I
        text = text.replace("I", "ı").replace("İ", "i")
    return "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def _capital(letter: str, language: str) -> str:
    if language in ("tr", "az"):
        letter = letter.replace("i", "İ")
    return letter[:1].upper() + letter[1:]
