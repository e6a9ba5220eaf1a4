"""What a layout job gives back: one document as finished pages, small enough to send between processes and to cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from pubkit.model import PageGeometry, Sighting

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an element begins: the page of its piece, from 0, and the distance from its lower left corner in pt."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a page begins in its document's body: as in model.PageStart."""

    element: int
    text: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FontUse:
    """What a piece uses of a face of the theme."""

    resource: str  # the name in the pages' resources
    face: str  # SHA-256 of the whole, uncompressed font file
    widths: Mapping[int, float]  # by glyph, in thousandths of an em
    texts: Mapping[int, str]  # by glyph, what it stands for


@dataclass(frozen=True, slots=True, kw_only=True)
class Overheard:
    """What WeasyPrint said, or would have said had it not been refused."""

    about: Literal["theme", "document", "fetch", "glyph", "math", "cut", "unfit"]
    words: str
    where: str = ""  # of the theme: the style sheet


Mark = tuple[int, int]
"""Marked content: the number of its owner (a page, from 0, or a form after them) and the number it has there."""

TagValue = str | int | tuple[str, ...] | tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An element of the structure tree (ISO 32000-1, 14.7.2); kids that are plain numbers are annotations."""

    kind: str
    kids: tuple[Tag | Mark | int, ...]
    language: str = ""  # where it is not that of the tag around it
    attributes: Mapping[str, TagValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a file, in bytes."""

    path: Path
    start: int
    length: int

    def read(self) -> bytes:
        """What stands there."""
        with self.path.open("rb") as stream:
            stream.seek(self.start)
            return stream.read(self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One document laid out by itself as right-hand pages, without running heads and folios."""

    pdf: bytes | Stretch  # the file, or where it lies
    pages: int
    places: Mapping[str, Place]  # by id
    starts: tuple[Start | None, ...] = ()  # of the pages; None for blank ones
    fonts: tuple[FontUse, ...]
    tags: Tag | None = None  # pages, forms and annotations are known by their numbers in the piece's parent tree
    overheard: tuple[Overheard, ...] = ()
    seen: tuple[tuple[Sighting, ...], ...] = ()  # on each of the pages

    @property
    def content(self) -> bytes:
        """The file, wherever it is."""
        return self.pdf if isinstance(self.pdf, bytes) else self.pdf.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """A document that WeasyPrint could not lay out, and why."""

    reason: str
    overheard: tuple[Overheard, ...] = ()


def verso_shift(page: PageGeometry, direction: str) -> float:
    """How far, in pt, a page laid out as a recto moves to the right to become a verso."""
    shift = (page.outside - page.inside) * POINTS_PER_MM
    return -shift if direction == "rtl" else shift  # where lines run to the left, the spine of a recto is on its right
