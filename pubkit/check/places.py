"""Where in the sources a finding about the edition belongs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from pubkit.model import Edition, Figure, Publication
from pubkit.source import Location, SourceText
from pubkit.theme import place_in

_WORD = re.compile(r"[^\W_]+")
_ENOUGH = 6  # letters that words must have to be a place
_LENGTHS = (8, 5, 3)  # of runs of words that are looked for where all of them are not found


class _Words:
    """The words of a text, in which runs of words are found quickly."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._joined = " ".join(_WORD.findall(text)).lower()

    def once(self, words: Sequence[str]) -> int | None:
        """Where words that follow each other stand in the text; None for too short ones, and for none or several."""
        needle = " ".join(words)
        at = self._joined.find(needle) if len(needle) - len(words) + 1 >= _ENOUGH else -1
        if at < 0 or self._joined.find(needle, at + 1) >= 0:
            return None
        word = next(islice(_WORD.finditer(self._text), self._joined.count(" ", 0, at), None))
        return word.start() + at - (self._joined.rfind(" ", 0, at) + 1)


class Places:
    """The sources and figures of one edition, by the names of its documents and images."""

    def __init__(self, edition: Edition, publication: Publication) -> None:
        """Note where every image is named."""
        self._edition = edition
        self._publication = publication
        self._sources = {article.id: article.source for article in publication.articles}
        self._words: dict[str, _Words] = {}
        self._figures: dict[tuple[str, str], Figure] = {}
        for article in publication.articles:
            for figure in (*((article.hero,) if article.hero else ()), *article.figures):
                self._figures.setdefault((article.id, figure.image), figure)
                self._figures.setdefault(("", figure.image), figure)
        self._known = {
            (figure.id, figure.image): figure
            for article in publication.articles
            for figure in (*((article.hero,) if article.hero else ()), *article.figures)
        }
        if publication.cover:
            self._figures["cover", publication.cover.image] = publication.cover
            self._figures.setdefault(("", publication.cover.image), publication.cover)

    def source(self, document: str) -> SourceText | None:
        """The source of an article's document; None for a document that the theme makes."""
        return self._sources.get(document)

    def of(
        self,
        document: str,
        *,
        image: str = "",
        needle: str = "",
        counted: tuple[int, int] | None = None,
        otherwise: Location | None = None,
    ) -> Location:
        """The place of an image or of words in a document's source; the whole file, or `otherwise`, where unknown.

        The first occurrence of the words counts; with `counted`, (number, total), that one of exactly so many.
        """
        figure = self._figures.get((document, image)) or (self._figures.get(("", image)) if not document else None)
        if image and figure:
            return figure.at
        source = self._sources.get(document)
        if source is not None:
            nth, total = counted or (0, source.text.count(needle))
            return source.find(needle, nth) if source.text.count(needle) == total else source.here
        kind = next((each.kind for each in self._edition.documents if each.name == document), None)
        if kind and document:
            return place_in(self._edition.theme, f"templates/{kind}.html")
        return otherwise or self._publication.source.here

    def picture(self, document: str, image: str, *, near: str) -> Location:
        """The place of an image that is shown in the element with the id `near`; else as `of`."""
        figure = self._known.get((near, image))
        return figure.at if figure else self.of(document, image=image)

    def words(self, document: str, words: str) -> Location:
        """The place of printed words in a document's source, whatever markup is between them; else as `of`.

        As a line of print has them: its first and last word may be parts of words. Only what occurs once is a place.
        """
        source = self._sources.get(document)
        if source is None:
            return self.of(document)
        if document not in self._words:
            self._words[document] = _Words(source.text)
        parts = [each[0].lower() for each in _WORD.finditer(words)]
        for length in dict.fromkeys((len(parts), *(each for each in _LENGTHS if each < len(parts)))):
            for first in range(0, len(parts) - length + 1, max(1, length // 2)):
                offset = self._words[document].once(parts[first : first + length])
                if offset is not None:
                    return source.at(offset)
        return source.here

    def line_with(self, document: str, words: Sequence[str]) -> Location:
        """The first line of a document's source that holds all of these words in order; else as `of`."""
        source = self._sources.get(document)
        if source is None or not any(words):
            return self.of(document)
        found = re.search("[^\n]*?".join(re.escape(word) for word in words if word), source.text)
        return source.at(found.start()) if found else source.here
