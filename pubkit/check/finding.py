"""A finished PDF as rules look at it, and what they find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pubkit.model import Printing
from pubkit.pdf.inspection import Box, FileFacts, Inspected, Page

Rule = Mapping[str, Any]

MOST_PLACES = 6  # ranges of pages that a message names


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found; `page` is 0 for the file as a whole, and of several on one page the heaviest is told."""

    what: str
    page: int = 0
    weight: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Where a page is cut, and how far beyond it the paper is printed; in mm."""

    trim: Box
    bleed: Box
    inside_left: bool  # whether the spine is on the left
    inferred: bool = False  # from the printer's sizes, for the file does not say it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A PDF with what it is looked at for."""

    pdf: Inspected
    printing: Printing
    standard: str  # the PDF/X that is checked; "" for none
    edges: Mapping[int, Edges]  # by page number

    @property
    def file(self) -> FileFacts:
        """The file as a whole."""
        return self.pdf.file

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages that could be read."""
        return self.pdf.pages

    @property
    def has_bleed(self) -> bool:
        """Whether some page is printed beyond its trimmed edge."""
        return any(max(beyond(edges)) > 0.2 for edges in self.edges.values())


def beyond(edges: Edges) -> tuple[float, float, float, float]:
    """The bleed at the left, the bottom, the right and the top, in mm."""
    trim, bleed = edges.trim, edges.bleed
    found = trim.left - bleed.left, trim.bottom - bleed.bottom, bleed.right - trim.right, bleed.top - trim.top
    left, bottom, right, top = (max(0.0, each) for each in found)
    return left, bottom, right, top


def mm(length: float) -> str:
    """A length in words: "3.2 mm"."""
    return f"{length:.1f} mm"


def size_of(box: Box) -> str:
    """A size in words: "152.4 × 228.6 mm"."""
    return f"{box.width:.1f} × {box.height:.1f} mm"


def count(number: int, thing: str) -> str:
    """A number of things: "1 line", "3 lines"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def in_words(pages: Iterable[int], labels: Mapping[int, str]) -> str:
    """Pages by label, and by number where that is another: "page 12", "pages iv (4), 6–9 and 23 more"."""
    runs = list(_runs(sorted(set(pages))))
    shown, rest = runs[:MOST_PLACES], sum(len(run) for run in runs[MOST_PLACES:])
    words = ", ".join(_run(run, labels) for run in shown)
    plural = "s" if len(runs) > 1 or len(runs[0]) > 1 else ""
    return f"page{plural} {words}" + (f" and {rest} more" if rest else "")


def _runs(numbers: Sequence[int]) -> Iterable[list[int]]:
    """Numbers that follow one another."""
    for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        yield [number for _, number in run]


def _run(run: Sequence[int], labels: Mapping[int, str]) -> str:
    ends = (run[0],) if len(run) == 1 else (run[0], run[-1])
    numbers = "–".join(map(str, ends))
    named = "–".join(labels.get(number, str(number)) for number in ends)
    return numbers if named == numbers else f"{named} ({numbers})"
