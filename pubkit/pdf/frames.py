"""How far a box may reach: the text block, a column, a cell, or the box that is seen around it.

A theme may let boxes hang out of the text block, with negative margins or a width of their own; what stands in such a
box has it for a frame. What only its content makes too wide is no frame: a line, a table, a float or a flex item.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pubkit.pdf.line_faults import Part

Rectangle = tuple[float, float, float, float]
"""Left, top, right and bottom in px, from the upper left corner of the page."""

SLACK = 0.75  # px: for rounding, and for letters that hang

_PARTS: dict[str, Part] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("table", "caption", "figcaption", "header", "footer", "nav"), "other"),
    "pre": "code",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What a box finds around it; lengths in px."""

    left: float  # the frame
    right: float
    part: Part
    near: str = ""  # the id of the innermost element that has one
    flow: bool = True  # whether it is part of the text that runs from page to page
    clip: Rectangle | None = None  # what shows, where something around hides what goes beyond it


def beside(box: Any, around: Around) -> Around:
    """What is around a box, with the id and the part that its own element says."""
    identifier = box.element.get("id")
    part = _PARTS.get(box.element.tag, around.part)
    if around.part not in (part, "text") and (part, around.part) != ("heading", "other"):
        part = around.part  # a heading in a table is a cell
    if identifier and identifier != around.near:
        return replace(around, near=identifier, part=part)
    return replace(around, part=part) if part != around.part else around


def inside(box: Any, around: Around, parent: Any, *, fitted: bool, width: float) -> Around:
    """What the children of a box find around them.

    `parent` is the block that the box stands in, None for those in lines; a `fitted` box is as wide as its content
    makes it; `width` is that of the page.
    """
    if box.style["overflow"] != "visible":
        around = replace(around, clip=common(around.clip, _padding_box(box)))
    if not box.is_in_normal_flow():
        around = replace(around, flow=False)
    frame = _frame_of(box, around, parent, fitted=fitted, width=width)
    return replace(around, left=frame[0], right=frame[1]) if frame else around


def _frame_of(box: Any, around: Around, parent: Any, *, fitted: bool, width: float) -> tuple[float, float] | None:
    """The frame that a box is for its children; None where that around it goes on."""
    from weasyprint.formatting_structure.boxes import BlockBox, TableCellBox

    left = box.border_box_x()
    right = left + box.border_width()
    placed = not box.is_in_normal_flow()
    if isinstance(box, TableCellBox) or box.is_column or (placed and box.style["width"] != "auto"):
        return left, right
    if placed:
        anywhere = box.is_absolutely_positioned() or left < around.left - SLACK
        return (0.0, width) if anywhere else None
    if not isinstance(box, BlockBox) or fitted:
        return None
    if box.border_left_width or box.border_right_width or _has_ground(box):
        return left, right
    out = (left < around.left or right > around.right) and _hangs_out(left, right, parent)
    return (min(left, around.left), max(right, around.right)) if out else None


def _hangs_out(left: float, right: float, parent: Any) -> bool:
    """Whether a block is wider than the one it stands in, which its content alone cannot make it."""
    if parent is None:
        return False
    start = parent.content_box_x()
    return bool(left < start - SLACK or right > start + parent.width + SLACK)


def _has_ground(box: Any) -> bool:
    background = getattr(box, "background", None)
    return background is not None and background.color.alpha > 0


def _padding_box(box: Any) -> Rectangle:
    left, top = box.padding_box_x(), box.padding_box_y()
    return left, top, left + box.padding_width(), top + box.padding_height()


def common(one: Rectangle | None, other: Rectangle) -> Rectangle:
    """What two rectangles have in common; its left is not left of its right where that is nothing."""
    if one is None:
        return other
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
