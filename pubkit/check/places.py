"""Where in the sources a finding about the edition belongs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pubkit.model import Edition, Figure, Publication
from pubkit.source import Location, SourceText
from pubkit.theme import place_in


class Places:
    """The sources and figures of one edition, by the names of its documents and images."""

    def __init__(self, edition: Edition, publication: Publication) -> None:
        """Note where every image is named."""
        self._edition = edition
        self._publication = publication
        self._sources = {article.id: article.source for article in publication.articles}
        self._figures: dict[tuple[str, str], Figure] = {}
        for article in publication.articles:
            for figure in (*((article.hero,) if article.hero else ()), *article.figures):
                self._figures.setdefault((article.id, figure.image), figure)
                self._figures.setdefault(("", figure.image), figure)
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

    def line_with(self, document: str, words: Sequence[str]) -> Location:
        """The first line of a document's source that holds all of these words in order; else as `of`."""
        source = self._sources.get(document)
        if source is None or not any(words):
            return self.of(document)
        found = re.search("[^\n]*?".join(re.escape(word) for word in words if word), source.text)
        return source.at(found.start()) if found else source.here
