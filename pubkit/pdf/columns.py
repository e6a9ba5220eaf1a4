"""Columns of plain text laid out in few tries, for which WeasyPrint 70.0 takes many.

WeasyPrint lays out the columns of every page twice, first to see how high they get. On the last page it then makes them
a pixel higher at a time until everything fits, and lays out all of them each time. A credits page took five times as
long as the same text in one column, and it comes when all articles are done and no other process has work.

Here the columns of a full page are laid out once. On the last page the height is found by halving (CSS Multi-column 1
section 7.1 asks for columns of equal height, not for a way to find it): some seven tries. The columns are as high as
WeasyPrint's, or lower by what its steps leave over.

Only columns are laid out so that have no notes, nothing placed absolutely and nothing that spans them. A try then
leaves no trace but floats that go on overleaf, and these are taken back.

Only this one version is changed, and only while a document is laid out. tests/test_pdf_columns.py fails as soon as
another version is installed: look whether that balances columns as fast.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from math import floor, inf
from typing import Any

from pubkit.pdf.replaced import replaced

_NEARLY = 1.0  # px between the height that is taken and one that is too low

Skip = Any  # WeasyPrint's: None, or {index of a child: where in it}


def quick_columns() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 lay out plain columns in few tries meanwhile; other versions are left alone."""
    from weasyprint.layout import block

    return replaced((block, "columns_layout", _in_few_tries))


def _in_few_tries(original: Any) -> Any:
    plain: dict[Any, bool] = {}  # by element: what is known of all pages

    def columns_layout(context: Any, box: Any, space: float, start: Skip, around: Any, *more: Any) -> Any:
        known = box.element, box.element_tag
        if known not in plain:
            plain[known] = _is_plain(box)
        if not plain[known]:
            return original(context, box, space, start, around, *more)
        before, context.in_column = context.in_column, True
        try:
            return _lay_out(context, box, space, start, around, *more)
        finally:
            context.in_column = before

    return columns_layout


def _is_plain(box: Any) -> bool:
    """Whether columns may be tried and thrown away, and are as high as their text."""
    style = box.style
    if style["height"] != "auto" or style["position"] != "static" or style["column_fill"] != "balance":
        return False
    if not box.children or box.min_height not in (0, "auto") or box.max_height != inf:
        return False
    inner = [each for child in box.children for each in child.descendants()]
    moved = any(each.footnote or not (each.is_in_normal_flow() or each.is_floated()) for each in inner)
    return not moved and all(each.style["column_span"] == "none" for each in inner)


def _lay_out(
    context: Any,
    box: Any,
    space: float,
    start: Skip,
    around: Any,
    page_is_empty: bool,
    _absolute: list[Any],
    _fixed: list[Any],
    margins: list[Any],
    letter: Any,
    line: Any,
) -> Any:
    """The columns of this page, as `columns_layout` gives them."""
    from weasyprint.layout.block import block_level_width, collapse_margin

    box = box.copy_with_children(box.children)
    box.position_y += collapse_margin(margins)
    block_level_width(box, around)
    (first,) = start or (0,)
    setting = _Setting(context, box, around, [child.copy() for child in box.children[first:]], (letter, line))
    inner = {0: start[first]} if start else None
    height = context.page_bottom - box.content_box_y() - space
    columns = setting.fill(height, inner, forced=page_is_empty)
    if not columns.boxes:
        return None, (0, None), {"break": "any", "page": None}, [], False
    if columns.rest is None:
        columns = setting.balanced(columns, inner)
    highest = max(column.margin_height() for column in columns.boxes)
    for column in columns.boxes:
        column.height = highest
    context.broken_out_of_flow.clear()
    context.broken_out_of_flow.update(columns.broken)
    box.children = columns.boxes
    box.height = min(height, highest)
    rest = columns.rest and {first + index: inside for index, inside in columns.rest.items()}
    return box, rest, columns.next_page, [], False


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a page, where the text goes on, what WeasyPrint says of the next page, and which floats go on."""

    boxes: list[Any]
    rest: Skip
    next_page: Any
    broken: dict[Any, Any]


class _Setting:
    """What is the same in all tries."""

    def __init__(self, context: Any, box: Any, around: Any, children: list[Any], firsts: tuple[Any, Any]) -> None:
        from weasyprint.layout.percent import percentage

        self._context, self._box, self._around, self._children, self._firsts = context, box, around, children, firsts
        self._broken = dict(context.broken_out_of_flow)  # before any try
        style = box.style
        gap = style["column_gap"]
        self._gap: float = style["font_size"] if gap == "normal" else percentage(gap, style, box.width)
        # CSS Multi-column 1 section 3.4
        least, most = style["column_width"], style["column_count"]
        fitting = most if least == "auto" else max(1, floor((box.width + self._gap) / (least + self._gap)))
        self._count: int = fitting if most == "auto" else min(most, fitting)
        self._width = max(0, (box.width + self._gap) / self._count - self._gap)

    def fill(self, height: float, start: Skip, *, forced: bool) -> _Columns:
        """As many columns of this height as there is text for; where `forced`, what does not fit runs over the end."""
        from weasyprint.layout import block
        from weasyprint.layout.column import _create_column_box

        context, box = self._context, self._box
        context.broken_out_of_flow.clear()
        context.broken_out_of_flow.update(self._broken)
        top = box.content_box_y()
        boxes: list[Any] = []
        next_page: Any = {"break": "any", "page": None}
        for number in range(self._count):
            column = _create_column_box(box, self._around, self._children, self._width, top)
            aside = number * (self._width + self._gap)
            column.position_x += aside if box.style["direction"] == "ltr" else box.width - self._width - aside
            space = context.page_bottom - top - height
            new, rest, following, *_ = block.block_box_layout(
                context, column, space, start, self._around, forced, [], [], [], *self._firsts, False, None
            )
            if new is None:
                start = start or {0: None}
                break
            boxes.append(new)
            start, next_page = rest, following
            if rest is None:
                break
        return _Columns(boxes, start, next_page, dict(context.broken_out_of_flow))

    def balanced(self, columns: _Columns, start: Skip) -> _Columns:
        """The lowest columns that hold the same text, where `columns` of this height hold all of it."""
        filled = [self._filled(column) for column in columns.boxes]
        low, high, step = sum(filled) / self._count, max(filled), self._box.style["font_size"]
        height = low
        while True:
            found = self.fill(height, start, forced=False)
            if found.rest is None:
                columns, high = found, height
            else:
                low = height
            if high - low <= _NEARLY:
                return columns
            height, step = min(low + step, (low + high) / 2), 2 * step  # it is seldom much higher than the mean

    def _filled(self, column: Any) -> float:
        """How much of a column's height is filled."""
        bottoms = [
            child.position_y + child.margin_height() - child.margin_bottom
            for child in column.children
            if child.is_in_normal_flow()
        ]
        return float(max(bottoms, default=column.position_y) - column.position_y)
