"""What a layout job gives back: one document as finished pages, small enough to send between processes and to cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pubkit.model import PageGeometry

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an element begins: the page of its piece, from 0, and the distance from its lower left corner in pt."""

    page: int
    x: float
    y: float


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

    about: Literal["theme", "document", "fetch", "glyph", "math"]
    words: str
    where: str = ""  # of the theme: the style sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One document laid out by itself as right-hand pages, without running heads and folios."""

    pdf: bytes
    pages: int
    places: Mapping[str, Place]  # by id
    fonts: tuple[FontUse, ...]
    overheard: tuple[Overheard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crash:
    """A document that WeasyPrint could not lay out, and why."""

    reason: str
    overheard: tuple[Overheard, ...] = ()


def verso_shift(page: PageGeometry, direction: str) -> float:
    """How far, in pt, a page laid out as a recto moves to the right to become a verso."""
    shift = (page.outside - page.inside) * POINTS_PER_MM
    return -shift if direction == "rtl" else shift  # where lines run to the left, the spine of a recto is on its right
