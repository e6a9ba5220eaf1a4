"""What of a note stands on one page: as much as there is room for, laid out by WeasyPrint itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any


@dataclass(slots=True)
class Part:
    """What of a note is to stand on one page, and what layout made of that."""

    number: int  # of the note in its document
    policy: str = "auto"  # of the note in the theme
    start: Any = None  # where it goes on from the page before, as WeasyPrint says it; None for its beginning
    room: float = inf  # px of height
    forced: bool = False  # to break also what should stay together
    rest: Any = None  # where it goes on overleaf
    failed: bool = False  # there was not room for any of it
    lines: int = 0
    last_line: float = 0.0  # px of height
    height: float = 0.0  # px


def rest_of(note: Any) -> list[Any]:
    """A note, from where it goes on overleaf; none where it does not."""
    if note.part.rest is None:
        return []
    rest = note.copy()
    rest.part = Part(note.part.number, note.part.policy, start=note.part.rest)
    return [rest]


def lay_out_part(box_layout: Any, context: Any, box: Any, part: Part, area: Any, *more: Any) -> Any:
    """Lay out as much of a note as there is room for; all of it where none can be made."""
    absolute, fixed, margins, *others = more

    def lay_out(space: float, *, forced: bool) -> Any:
        floats, context.broken_out_of_flow = context.broken_out_of_flow, {}
        laid_out = box_layout(context, box, space, part.start, area, forced, absolute, fixed, [*margins], *others)
        torn, context.broken_out_of_flow = context.broken_out_of_flow, floats
        return (None, *laid_out[1:]) if torn else laid_out  # or a page would have the rest of a float in its text

    room = min(part.room, area.content_box_y() + area.max_height - box.position_y)
    notes, context.current_page_footnotes = context.current_page_footnotes, []  # or its own lines make it give way
    laid_out = lay_out(context.page_bottom - box.position_y - room, forced=part.forced)
    part.failed = laid_out[0] is None
    if part.failed:
        laid_out = lay_out(-inf, forced=True)
    context.current_page_footnotes = notes
    new, part.rest, *rest = laid_out
    lines = list(_lines(new))
    part.lines, part.last_line = len(lines), lines[-1].height if lines else 0.0
    if part.rest is not None:  # a box that goes on overleaf fills its page: not at the foot of it
        new.height = max(0.0, lowest(new) - new.content_box_y())
    part.height = new.margin_height()
    return new, None, *rest


def _lines(box: Any) -> Iterator[Any]:
    from weasyprint.formatting_structure.boxes import LineBox

    return (each for each in box.descendants() if isinstance(each, LineBox))


def lowest(box: Any) -> float:
    """Where the last of what is seen in a box ends."""
    from weasyprint.draw.color import get_color
    from weasyprint.formatting_structure.boxes import BlockContainerBox, Box

    if not isinstance(box, Box) or box.is_absolutely_positioned():
        return -inf
    style = box.style
    edge = box.padding_bottom or box.border_bottom_width or style["height"] != "auto"
    ground = get_color(style, "background_color").alpha or any(kind != "none" for kind, _ in style["background_image"])
    if isinstance(box, BlockContainerBox) and box.is_in_normal_flow() and not edge and not ground:
        return max(map(lowest, box.children), default=-inf)  # the box itself may go down to the end of the page
    bottom: float = box.border_box_y() + box.border_height()
    return bottom
