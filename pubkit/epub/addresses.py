"""Where in the EPUB an id or an image is found."""

from __future__ import annotations

import re

from pubkit.model import Edition

_FIRST_ID = re.compile(r"""\s*<[a-z][\w.-]*(?:\s[^<>]*?)?\sid=(["'])(?P<id>[^"'<>]+)\1""", re.IGNORECASE)

IMAGES = "../images/"  # where a content document finds them


class Addresses:
    """The addresses of one edition's documents, ids and images, counted from the package's folder."""

    def __init__(self, edition: Edition) -> None:
        """Look where every document starts."""
        self._home_of = edition.home_of
        self._images = {asset.name for asset in edition.assets}
        self._starts = {
            found["id"]: document.name
            for document in edition.documents
            if (found := _FIRST_ID.match(document.body)) is not None
        }

    def file(self, document: str) -> str:
        """The address of a content document, by its name."""
        return f"text/{document}.xhtml"

    def target(self, identifier: str) -> str:
        """The address of an id. Raises LookupError where no document holds it.

        An id of the element that a document starts with needs no fragment: readers then open the file at
        its top, and Kobo takes a link forward with a fragment for a note and pops it up.
        """
        if identifier not in self._home_of:
            raise LookupError(f"no document of the edition holds the id {identifier!r}")
        home = self._home_of[identifier]
        return self.file(home) if self._starts.get(identifier) == home else f"{self.file(home)}#{identifier}"

    def link(self, identifier: str, *, source: str) -> str:
        """What the document `source` writes to link to an id. Raises LookupError where no document holds it."""
        if self._home_of.get(identifier) == source:
            return f"#{identifier}"
        return self.target(identifier).removeprefix("text/")

    def image(self, name: str) -> str:
        """What a content document writes to show an image. Raises LookupError where there is none of that name."""
        if name not in self._images:
            raise LookupError(f"the edition has no image {name!r}")
        return f"{IMAGES}{name}"
