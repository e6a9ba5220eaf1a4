"""Drawings kept apart from the page they stand on, where the page may not be transparent."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from math import hypot
from typing import Any

DRAWING = "PubkitDrawing"  # a key of forms: the drawing's address, and how many pt its own unit is across and down
_MARGIN = 1 / 50  # of the longer side, for lines that are drawn along an edge


@contextlib.contextmanager
def drawings_apart() -> Iterator[None]:
    """Let every SVG image that is written meanwhile be a form of its own, which says what it is by the key DRAWING.

    WeasyPrint 70 draws them straight onto the page, where nobody can tell them from the page's own boxes.
    """
    import pydyf
    from weasyprint.images import SVGImage

    original = SVGImage.draw

    def draw(image: Any, stream: Any, width: float, height: float, style: Any) -> None:
        margin = max(width, height) * _MARGIN
        form = stream.add_group(-margin, -margin, width + 2 * margin, height + 2 * margin)
        across, down = (round(hypot(*row[:2]), 6) for row in stream.ctm[:2])
        address = pydyf.String(str(image._base_url or ""))  # noqa: SLF001 (nothing else knows where it is from)
        form.extra[DRAWING] = pydyf.Array([address, across, down])
        original(image, form, width, height, style)
        stream.draw_x_object(form.id)

    SVGImage.draw = draw
    try:
        yield
    finally:
        SVGImage.draw = original
