"""Lines of text drawn from glyphs that are read all at once, where WeasyPrint 70.0 reads them one number at a time.

For every letter on a page WeasyPrint asks Pango's structures for five numbers, one by one, and writes its place in the
font and its distance to the next letter as text (PDF 32000-1 section 9.4.3, the operator TJ). That is a third of the
time that drawing takes. Here the numbers of a run are read as one block of memory, and what a glyph of a certain
width comes to is written once a font. What comes out is the same to the byte.

A line that has anything unusual is left to WeasyPrint: letters that are drawn the first time, that no font has, that
are moved up or down, or that are pictures.

Only this one version is changed, and only while a document is laid out. tests/test_pdf_same_pages.py fails as soon
as another version is installed: look whether that still reads them one by one.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from pubkit.pdf.replaced import replaced

_PANGO = 14802  # an older one tells no font sizes (WeasyPrint knows)
_NUMBERS = 5  # of a PangoGlyphInfo: glyph, width, x and y offset, and flags, each of 32 bits
_LEAST = 1e-6  # px; smaller letters are not drawn

_Pieces = dict[tuple[int, int, int], str]
"""What a glyph of a font and a size comes to, by its width and how far it is moved to the right, in Pango units."""


def quick_glyphs() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 draw plain lines faster meanwhile; other versions are left alone."""
    from weasyprint.draw import text

    return replaced((text, "draw_first_line", _that_reads_runs))


def _that_reads_runs(original: Any) -> Any:
    from weasyprint.text.ffi import ffi, pango

    known: dict[tuple[Any, float], _Pieces] = {}  # by WeasyPrint's font of one PDF, and size
    sized = ffi.sizeof("PangoGlyphInfo") == _NUMBERS * 4 and pango.pango_version() >= _PANGO

    def draw(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
        plain = sized and text_overflow != "ellipsis" and block_ellipsis == "none"
        if plain and textbox.text.strip() and textbox.style["font_size"] >= _LEAST:
            pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
            line, _ = textbox.pango_layout.get_first_line()
            if (shown := _shown(stream, line, known)) is not None:
                stream.set_text_matrix(*matrix.values)
                said = ""
                for font, size, string in shown:
                    if said:
                        stream.show_text(said)
                    stream.set_font_size(font, size)
                    said = string
                stream.show_text(said)
                return []
        return original(stream, textbox, text_overflow, block_ellipsis, matrix)

    return draw


def _shown(stream: Any, line: Any, known: dict[tuple[Any, float], _Pieces]) -> list[tuple[Any, float, str]] | None:
    """What is to be shown, by font and size; None where there is anything unusual."""
    from weasyprint.text.ffi import ffi

    shown: list[tuple[Any, float, str]] = []
    previous, run = None, line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        if item.item.analysis.font != previous:
            previous = item.item.analysis.font
            font, size = stream.add_font(previous)
            if font.bitmap or font.svg or font.png or font.colr:
                return None
            pieces = known.setdefault((font, size), {})
            shown.append((font.hash, size, ""))
        block = ffi.buffer(item.glyphs.glyphs, item.glyphs.num_glyphs * _NUMBERS * 4)
        said = _said(memoryview(block).cast("i").tolist(), font, size, pieces)
        if said is None:
            return None
        shown[-1] = (font.hash, size, shown[-1][2] + said)
    return shown


def _said(numbers: list[int], font: Any, size: float, pieces: _Pieces) -> str | None:
    """The glyphs of a run, whose structures are `numbers`."""
    if any(numbers[3::_NUMBERS]):
        return None
    said = "<"
    for each in zip(numbers[0::_NUMBERS], numbers[1::_NUMBERS], numbers[2::_NUMBERS], strict=True):
        piece = pieces.get(each)
        if piece is None:
            piece = _piece(font, size, *each)
            if piece is None:
                return None
            pieces[each] = piece
        said += piece
    return said[:-1] if said[-1] == "<" else said + ">"


def _piece(font: Any, size: float, glyph: int, width: int, moved: int) -> str | None:
    """A glyph between its distances to those beside it; None for one that the document has not drawn before."""
    from weasyprint.text.ffi import FROM_UNITS

    if glyph not in font.widths or glyph not in font.to_unicode:
        return None
    offset = moved / size
    kerning = font.widths[glyph] + offset - width * 1000 * FROM_UNITS / size
    before, after = f">{-offset}<" if offset else "", f">{int(kerning)}<" if kerning else ""
    return f"{before}{glyph:04x}{after}"
