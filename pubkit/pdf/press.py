"""Pages for the press: their boxes, what bleeds, and marks for crops and folds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pikepdf import Array, Object

from pubkit.model import PageGeometry, Printing
from pubkit.pdf.pieces import POINTS_PER_MM, verso_shift

MARK_LENGTH = 5.0  # mm
MARK_DISTANCE = 3.0  # mm at least from the trimmed edge, and never in the bleed
_WEIGHT = 0.25  # pt, of the lines of marks
_DASHES = "[3 2] 0 d"  # pt: solid lines are cut along, broken ones folded along

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The boxes of a page in pt: left, bottom, right, top (ISO 32000-1, 14.11.2)."""

    media: Box
    bleed: Box
    trim: Box


def spine_of(*, verso: bool, direction: str) -> Literal["left", "right"]:
    """On which side of a page the spine is: a recto of a book that opens to the right has it on its left."""
    return "left" if verso == (direction == "rtl") else "right"


def frame_of(width: float, height: float, printing: Printing, *, spine: Literal["left", "right", "none"]) -> Frame:
    """The boxes of a page of this size in mm, with the bleed that the printer asks for and room for the marks.

    Where there is no bleed at the spine the page is wider by one bleed alone, on its outer side.
    """
    inside = printing.bleed if printing.bleed_inside else 0.0
    left = inside if spine == "left" else printing.bleed
    right = inside if spine == "right" else printing.bleed
    around = _mark_distance(printing) + MARK_LENGTH if printing.marks else 0.0
    x, y = max(left, around), max(printing.bleed, around)
    trim = (x, y, x + width, y + height)
    bleed = (x - left, y - printing.bleed, trim[2] + right, trim[3] + printing.bleed)
    media = (0.0, 0.0, trim[2] + max(right, around), trim[3] + y)
    return Frame(media=_points(media), bleed=_points(bleed), trim=_points(trim))


def _mark_distance(printing: Printing) -> float:
    return max(printing.bleed, MARK_DISTANCE)


def _points(box: Box) -> Box:
    left, bottom, right, top = (round(edge * POINTS_PER_MM, 4) for edge in box)
    return left, bottom, right, top


def set_boxes(page: Object, frame: Frame) -> None:
    """Write the boxes of a page."""
    page.MediaBox, page.BleedBox, page.TrimBox = Array(frame.media), Array(frame.bleed), Array(frame.trim)


def opening(frame: Frame) -> bytes:
    """Operators that put what follows into its place on the page, and keep it within the bleed."""
    left, bottom, right, top = frame.bleed
    x, y, *_ = frame.trim
    visible = f"{left:.4f} {bottom:.4f} {right - left:.4f} {top - bottom:.4f} re\nW\nn"
    return f"q\n{visible}\n1 0 0 1 {x:.4f} {y:.4f} cm".encode()


def crop_marks(frame: Frame, printing: Printing) -> bytes:
    """Operators that draw a mark at each end of each trimmed edge, in black ink; nothing where none are asked for."""
    if not printing.marks:
        return b""
    start, end = _mark_ends(printing)
    left, bottom, right, top = frame.trim
    lines = [_pen(printing), *_upright(frame, printing, (left, right))]
    for y in (bottom, top):
        lines += [_line(left - start, y, left - end, y), _line(right + start, y, right + end, y)]
    return "\n".join([*lines, "Q"]).encode()


def fold_marks(frame: Frame, printing: Printing, folds: Iterable[float]) -> bytes:
    """Operators that draw a broken line above and below each fold, as long and as far away as crop marks.

    `folds` are distances in mm from the left edge of the trimmed page. Nothing where no marks are asked for.
    """
    if not printing.marks:
        return b""
    places = [frame.trim[0] + fold * POINTS_PER_MM for fold in folds]
    return "\n".join([_pen(printing), _DASHES, *_upright(frame, printing, places), "Q"]).encode()


def _mark_ends(printing: Printing) -> tuple[float, float]:
    """How far in pt from the trimmed edge a mark begins and ends."""
    start = _mark_distance(printing) * POINTS_PER_MM
    return start, start + MARK_LENGTH * POINTS_PER_MM


def _pen(printing: Printing) -> str:
    black = "0 G" if printing.colour == "gray" else "0 0 0 1 K"
    return f"q\n{_WEIGHT} w\n{black}"


def _upright(frame: Frame, printing: Printing, places: Iterable[float]) -> list[str]:
    """Lines below and above the trimmed page, at these distances in pt from the left edge of the paper."""
    start, end = _mark_ends(printing)
    _, bottom, _, top = frame.trim
    ends = ((bottom - start, bottom - end), (top + start, top + end))
    return [_line(x, first, x, last) for x in places for first, last in ends]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"{x1:.4f} {y1:.4f} m\n{x2:.4f} {y2:.4f} l\nS"


def page_bleed(page: PageGeometry, printing: Printing, direction: str) -> str:
    """The style rule by which the ground of a page reaches into the bleed, on versos, too, which are moved sideways."""
    bleed = printing.bleed + abs(verso_shift(page, direction)) / POINTS_PER_MM
    return f"@page {{ bleed: {bleed:.4f}mm }}\n"


def sheet_bleed(printing: Printing) -> str:
    """The style rules by which furniture may reach into the bleed."""
    return f"@page {{ bleed: {printing.bleed:.4f}mm }}\n.sheet {{ overflow: visible }}\n"
