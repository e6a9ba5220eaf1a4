"""Matrices and rectangles of PDF (ISO 32000-1, 8.3), in pt until a box is made."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from pubkit.pdf.inspection.values import Box

Matrix = tuple[float, float, float, float, float, float]
Rectangle = tuple[float, float, float, float]  # left, bottom, right, top

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
MM = 25.4 / 72
_FARTHEST = 1e7  # pt: 3.5 km; a number beyond it is a fault of the file


def number(value: Any) -> float:
    """A number of a PDF. Raises ValueError or TypeError for what is none, or none that a page can use."""
    found = float(value)
    if not -_FARTHEST < found < _FARTHEST:
        raise ValueError(f"{value} is no number for a page")
    return found


def numbers(values: Iterable[Any], count: int) -> tuple[float, ...]:
    """The first `count` numbers. Raises ValueError where there are fewer."""
    found = tuple(map(number, islice(values, count)))
    if len(found) < count:
        raise ValueError(f"{count} numbers are wanted")
    return found


def matrix(values: Iterable[Any]) -> Matrix:
    """A matrix of six numbers. Raises ValueError or TypeError for anything else."""
    a, b, c, d, e, f = numbers(values, 6)
    return a, b, c, d, e, f


def times(first: Matrix, then: Matrix) -> Matrix:
    """Both changes, one after the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def moved(point: tuple[float, float], by: Matrix) -> tuple[float, float]:
    """Where a point comes to lie."""
    x, y = point
    a, b, c, d, e, f = by
    return a * x + c * y + e, b * x + d * y + f


def around(points: Sequence[tuple[float, float]]) -> Rectangle:
    """The rectangle around points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def placed(of: Rectangle, by: Matrix) -> Rectangle:
    """The upright rectangle around a rectangle that has been moved."""
    left, bottom, right, top = of
    return around([moved(corner, by) for corner in ((left, bottom), (right, bottom), (left, top), (right, top))])


def common(one: Rectangle, other: Rectangle) -> Rectangle | None:
    """What two rectangles share; None where that is nothing."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None


def in_mm(of: Rectangle) -> Box | None:
    """A box in mm; None for what lies farther away than any page."""
    if not all(math.isfinite(side) and abs(side) < _FARTHEST for side in of):
        return None
    left, bottom, right, top = (round(side * MM, 3) for side in of)
    return Box(left=left, bottom=bottom, right=right, top=top)


def stretch(by: Matrix) -> float:
    """How much longer a line becomes, on average of all directions."""
    a, b, c, d, _, _ = by
    return math.sqrt(abs(a * d - b * c))


def on_page(media: Rectangle, turned: int, unit: float) -> Matrix:
    """From the space in which a page is written to the page as it is seen: its lower left corner is 0, 0."""
    left, bottom, right, top = media
    width, height = right - left, top - bottom
    turns: dict[int, Matrix] = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, left + width),
        180: (-1, 0, 0, -1, left + width, bottom + height),
        270: (0, 1, -1, 0, bottom + height, -left),
    }
    return times(turns[turned], (unit, 0, 0, unit, 0, 0))
