"""Font files left out of the pieces: assembly embeds one subset of each face, with the glyphs of all pieces.

WeasyPrint 70 makes a subset of every font for every document (`weasyprint.pdf.fonts.Font.clean`) and compresses it.
That is a tenth of the time of a short article, and assembly would throw the result away.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


def is_own(font: Any) -> bool:
    """True for a font whose glyph numbers mean something in its piece only, so that the piece keeps it."""
    return bool(font.missing or font.bitmap or "fvar" in font.tables)


@contextlib.contextmanager
def joined_later() -> Iterator[None]:
    """Let WeasyPrint write no files of fonts that assembly joins."""
    from weasyprint.pdf.fonts import Font

    clean = Font.clean

    def leave_out(font: Any, to_unicode: Any, hinting: Any) -> None:
        if is_own(font):
            clean(font, to_unicode, hinting)
        else:
            font.file_content = font.file_content[:4]  # which tell the type of the font

    Font.clean = leave_out
    try:
        yield
    finally:
        Font.clean = clean
