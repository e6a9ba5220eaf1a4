"""Boxes without backgrounds, round corners and named pages, of which WeasyPrint 70.0 asks for each of them.

WeasyPrint looks for backgrounds, images of borders, shadows and the radii of corners at every box of a finished page,
lines and words with them, and asks every child of a block on which named page it may stand, where the first and the
last say it all (CSS Fragmentation 4 section 3.1, break propagation). A box whose style has no background and no round
corner has none on every page.

Only this one version is changed, and only while a document is laid out. tests/test_pdf_same_pages.py fails as soon as
another version is installed: look whether that still asks all of them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from pubkit.pdf.replaced import replaced

_RADII = tuple(f"border_{corner}_radius" for corner in ("top_left", "top_right", "bottom_right", "bottom_left"))
_SQUARE = (0, 0)


def plain_boxes() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 pass over plain boxes meanwhile; other versions are left alone."""
    from weasyprint.formatting_structure.boxes import ParentBox
    from weasyprint.layout import background

    return replaced(
        (background, "layout_box_backgrounds", _that_knows_bare_ones),
        (ParentBox, "page_values", lambda _original: _page_values),
    )


def _that_knows_bare_ones(original: Any) -> Any:
    def lay_out(page: Any, box: Any, get_image: Any, *rest: Any, **more: Any) -> None:
        if rest or more or box is page:
            original(page, box, get_image, *rest, **more)
            return
        style = box.style
        try:
            bare = style.bare
        except AttributeError:
            bare = style.bare = _is_bare(style)
        if not bare:
            original(page, box, get_image)
            return
        for radius in _RADII:
            setattr(box, radius, _SQUARE)
        for child in box.all_children():
            lay_out(page, child, get_image)
        box.background = None

    return lay_out


def _is_bare(style: Any) -> bool:
    """Whether there is nothing to see of a box but what is in it and straight borders."""
    from weasyprint.draw.color import get_color

    return (
        style["border_image_source"][0] == "none"
        and style["mask_border_source"][0] == "none"
        and not style["box_shadow"]
        and all(kind == "none" and value is None for kind, value in style["background_image"])
        and all((0, "px") in style[radius] for radius in _RADII)
        and (style["visibility"] == "hidden" or get_color(style, "background_color").alpha == 0)
    )


def _page_values(self: Any) -> tuple[str, str]:
    """The names of the pages that a box begins and ends on."""
    start = end = self.style["page"]
    first = next(filter(_counts, self.children), None)
    if first is None:
        return start, end
    last = next(filter(_counts, reversed(self.children)))
    first_start, first_end = first.page_values()
    last_end = first_end if last is first else last.page_values()[1]
    return first_start or start, last_end or end


def _counts(box: Any) -> bool:
    return bool(box.is_in_normal_flow() or box.is_floated())
