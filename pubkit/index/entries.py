"""Entries: what is marked under one heading in any article, in the order of the alphabet, and what leads where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from pubkit.index.collation import Alphabet, SortKey, alphabet_of
from pubkit.markup import escape
from pubkit.model import Article, IndexMark, Publication
from pubkit.nearest import nearest
from pubkit.report import Report

_EMPHASIS = re.compile(r"(?<!\w)\*(?=\S)([^*]+)(?<=\S)\*(?!\w)")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is marked: an id, and the article that holds it."""

    target: str
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Another entry to look at: its words, and the id of its place in the index; "" where there is none."""

    entry: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: its words, its places in reading order, other entries to look at instead or too, entries below it."""

    id: str
    words: str  # *italics* between asterisks
    article: Article  # that first names it
    places: tuple[Place, ...]
    see: tuple[Lead, ...]
    also: tuple[Lead, ...]
    below: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The entries under one letter; "" for those that begin with a figure, a sign or an ideograph."""

    letter: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class _Draft:
    """An entry in the making."""

    words: str
    article: Article
    sorted_by: str = ""  # in place of the words
    places: dict[str, Place] = field(default_factory=dict)
    see: dict[Path, Path] = field(default_factory=dict)
    also: dict[Path, Path] = field(default_factory=dict)
    below: dict[str, _Draft] = field(default_factory=dict)
    id: str = ""

    @property
    def filed(self) -> str:
        """What the entry is sorted by, and the letter of which it stands under."""
        return bare(self.sorted_by or self.words)

    @property
    def leads_somewhere(self) -> bool:
        """Whether a reader who looks here finds a place in the text."""
        return bool(self.places) or any(draft.leads_somewhere for draft in self.below.values())


def index_of(publication: Publication) -> tuple[Group, ...]:
    """The index of a resolved publication; () where nothing is marked.

    Entries that differ only in capitals or in italics are one, written small where any mark writes it so. An entry that
    has places leads on with "see also", whatever the mark says (Chicago Manual of Style 16.20). Of marks that say what
    their entry is sorted by, the first counts.
    """
    alphabet = alphabet_of(publication.metadata.language)
    drafts = _sorted(_drafts(publication), alphabet)
    for number, draft in enumerate(_all(drafts), 1):
        draft.id = f"index--{number}"
    letters = groupby(drafts.values(), key=lambda draft: alphabet.letter(draft.filed))
    return tuple(
        Group(letter=letter, entries=tuple(_entry(draft, drafts) for draft in some)) for letter, some in letters
    )


def check_leads(publication: Publication, report: Report) -> None:
    """Report index-see for every entry that leads to one without a place, or to itself."""
    drafts = _drafts(publication)
    known = sorted({", ".join(path) for path in _paths(drafts)})
    for article in publication.articles:
        for mark in article.marks:
            for target in (*mark.see, *mark.also):
                found = _find(drafts, target)
                if found and found[-1].leads_somewhere and found[-1] is not _find(drafts, mark.entry)[-1]:
                    continue
                near = nearest(", ".join(target), [each for each in known if _key(each) != _key(", ".join(target))])
                suggestion = f"did you mean {near!r}?" if near else "mark it where the text speaks of it"
                report.add("index-see", mark.at, target=", ".join(target), suggestion=suggestion)


def shown(words: str) -> str:
    """The words of an entry as an inline fragment."""
    return _EMPHASIS.sub(r"<em>\1</em>", escape(words.replace("'", "’")))


def bare(words: str) -> str:
    """The words of an entry as plain text."""
    return _EMPHASIS.sub(r"\1", words.replace("'", "’"))


def _key(words: str) -> str:
    return bare(words).casefold()


def _drafts(publication: Publication) -> dict[str, _Draft]:
    drafts: dict[str, _Draft] = {}
    for article in publication.articles:
        for mark in article.marks:
            draft = _draft(drafts, article, mark)
            draft.see |= {_path_key(target): target for target in mark.see}
            draft.also |= {_path_key(target): target for target in mark.also}
            if not mark.see:
                draft.places.setdefault(mark.id, Place(target=mark.id, article=article))
    return drafts


def _draft(drafts: dict[str, _Draft], article: Article, mark: IndexMark) -> _Draft:
    below = drafts
    for words, sorted_by in zip(mark.entry, mark.sorted_by or ("",) * len(mark.entry), strict=True):
        draft = below.setdefault(_key(words), _Draft(words, article))
        if words[:1].islower() and not draft.words[:1].islower():
            draft.words = words
        draft.sorted_by = draft.sorted_by or sorted_by
        below = draft.below
    return draft


def _path_key(path: Path) -> Path:
    return tuple(map(_key, path))


def _find(drafts: Mapping[str, _Draft], path: Path) -> list[_Draft]:
    """The entries of a path from the first level down; [] where there is none.

    A comma may belong to the words: "Lovelace, Ada" is also found as a first level.
    """
    whole = drafts.get(_key(", ".join(path)))
    found: list[_Draft] = []
    below = drafts
    for words in path:
        draft = below.get(_key(words))
        if draft is None:
            return [whole] if whole else []
        found.append(draft)
        below = draft.below
    return found


def _paths(drafts: Mapping[str, _Draft], above: Path = ()) -> Iterator[Path]:
    """The paths of all entries under which a place is found."""
    for draft in drafts.values():
        path = (*above, bare(draft.words))
        if draft.leads_somewhere:
            yield path
        yield from _paths(draft.below, path)


def _sorted(drafts: Mapping[str, _Draft], alphabet: Alphabet) -> dict[str, _Draft]:
    for draft in drafts.values():
        draft.below = _sorted(draft.below, alphabet)

    def key(each: tuple[str, _Draft]) -> tuple[SortKey, SortKey]:
        return alphabet.key(each[1].filed), alphabet.key(bare(each[1].words))

    return dict(sorted(drafts.items(), key=key))


def _all(drafts: Mapping[str, _Draft]) -> Iterator[_Draft]:
    for draft in drafts.values():
        yield draft
        yield from _all(draft.below)


def _entry(draft: _Draft, drafts: Mapping[str, _Draft]) -> Entry:
    see = tuple(_lead(target, drafts) for target in draft.see.values())
    also = tuple(_lead(target, drafts) for target in draft.also.values())
    if draft.leads_somewhere:
        see, also = (), (*see, *also)
    return Entry(
        id=draft.id,
        words=draft.words,
        article=draft.article,
        places=tuple(draft.places.values()),
        see=see,
        also=also,
        below=tuple(_entry(each, drafts) for each in draft.below.values()),
    )


def _lead(target: Path, drafts: Mapping[str, _Draft]) -> Lead:
    found = _find(drafts, target)
    return Lead(entry=tuple(draft.words for draft in found) or target, target=found[-1].id if found else "")
