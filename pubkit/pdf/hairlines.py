"""Drawn lines that are thinner than a press prints reliably: borders, and rules between columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pubkit.model import HairlineSeen

HAIRLINE = 0.25  # pt: the thinnest line that printers promise to print

_PX_PER_PT = 96 / 72
_LEAST = HAIRLINE * _PX_PER_PT * 0.999  # px, for rounding
_SIDES = ("top", "right", "bottom", "left")
_NONE = ("none", "hidden")


class Hairlines:
    """The thin lines of a document, each once for every kind of element."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._told: set[tuple[float, str]] = set()
        self._grids: set[int] = set()

    def see(self, box: Any, near: str) -> Iterator[HairlineSeen]:
        """The thin lines of a box that were not told yet; `near` is the id of the innermost element that has one."""
        for width in self._thin(box):
            told = round(width / _PX_PER_PT, 3), selector(box)
            if told not in self._told:
                self._told.add(told)
                yield HairlineSeen(width=told[0], element=told[1], near=near)

    def _thin(self, box: Any) -> Iterator[float]:
        from weasyprint.formatting_structure.boxes import TableBox, TableRowBox, TableRowGroupBox

        if isinstance(box, TableBox) and _is_collapsed(box):
            yield from self._of_grid(box)
        elif not isinstance(box, (TableRowGroupBox, TableRowBox)):  # these have lines in collapsed tables only
            yield from _of_sides(box)
            yield from _of_columns(box)

    def _of_grid(self, table: Any) -> Iterator[float]:
        """The lines of a table whose borders are collapsed; once, though it be on many pages."""
        grid = getattr(table, "collapsed_border_grid", None)
        if grid is None or id(grid) in self._grids:
            return
        self._grids.add(id(grid))
        lines = (line for way in grid for row in way for _, line in row)
        yield from sorted(
            {width for style, width, colour in lines if 0 < width < _LEAST and style not in _NONE and colour.alpha}
        )


def _of_sides(box: Any) -> Iterator[float]:
    from weasyprint.formatting_structure.boxes import TableCellBox

    widths = [getattr(box, f"border_{side}_width", 0) for side in _SIDES]
    if not any(0 < width < _LEAST for width in widths) or (isinstance(box, TableCellBox) and _is_collapsed(box)):
        return
    drawn = drawn_sides(box)
    for side, width in zip(_SIDES, widths, strict=True):
        if width < _LEAST and side in drawn:
            yield width


def drawn_sides(box: Any) -> tuple[str, ...]:
    """The sides of a box that have a border that shows."""
    from weasyprint.draw.color import get_color

    return tuple(
        side
        for side in _SIDES
        if getattr(box, f"border_{side}_width", 0) > 0
        and box.style[f"border_{side}_style"] not in _NONE
        and get_color(box.style, f"border_{side}_color").alpha
    )


def _of_columns(box: Any) -> Iterator[float]:
    children: Sequence[Any] = getattr(box, "children", ())
    if len(children) > 1 and children[1].is_column:
        width = box.style["column_rule_width"]
        if 0 < width < _LEAST:
            yield width


def _is_collapsed(box: Any) -> bool:
    return bool(box.style["border_collapse"] == "collapse")


def selector(box: Any) -> str:
    """An element as a style sheet names it: "td.right", "p::before"; "@footnote" for the area of the notes."""
    if box.element is None:
        return "@footnote" if type(box).__name__ == "FootnoteAreaBox" else "@page"
    name = str(box.element.tag) + "".join(f".{each}" for each in box.element.get("class", "").split())
    _, pseudo, rest = str(box.element_tag).partition("::")
    return name + pseudo + rest
