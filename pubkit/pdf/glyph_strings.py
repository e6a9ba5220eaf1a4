"""Lines of text drawn from glyphs that are known or read all at once; WeasyPrint 70.0 asks Pango for each once more.

WeasyPrint gives every line to Pango again when it draws it, with every space of a justified line made wider by
an attribute, and then asks Pango's structures for five numbers a letter, one by one; that and writing them as text
(PDF 32000-1 section 9.4.3, the operator TJ) is half of the time that drawing takes. Here a line is drawn with the
glyphs with which it was measured, its spaces made wider by the same amounts; Pango is asked where they are not known,
and its numbers are read as one block of memory. What a glyph of a certain width comes to is written once a font.

A page is the same as WeasyPrint's, but for two things: glyphs of one font are one string where WeasyPrint ends it at
each space of a justified line; and where a font has letters closer to spaces, or other forms of them beside a space
(Inter: the dash of "1990 – 1991"), or a space is taken from another font, such a line is drawn as it was measured, and
reaches the margin. WeasyPrint draws it word by word, and so not as wide as it was measured.

A line that has anything unusual is left to WeasyPrint: letters that no font has, that are moved up or down, or that are
pictures.

Only this one version is changed, and only while a document is drawn. tests/test_pdf_same_pages.py fails as soon
as another version is installed: look whether that still gives lines to Pango twice and reads numbers one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from pubkit.pdf.plain_lines import PLAIN
from pubkit.pdf.replaced import replaced
from pubkit.pdf.text_layouts import GLYPH, Run, read_runs, runs_of

_PANGO = 14802  # an older one tells no font sizes (WeasyPrint knows)
_NUMBERS = GLYPH // 4  # of a PangoGlyphInfo
_SCALE = 1024  # Pango units in a pixel
_LEAST = 1e-6  # px; smaller letters are not drawn
_WIDENED = re.compile(b" |\xc2\xa0")  # as WeasyPrint has it
_NOT_WIDENED = re.compile(r"[ \u00a0]{2}|^\u00a0|\u00a0$")  # by the same amount

_Shown = tuple[Any, float, str]
"""The name of a font, its size, and glyphs with the distances between them, as TJ has them."""

_Pieces = dict[tuple[int, int, int], str]
"""What a glyph of a font and a size comes to, by its width and how far it is moved to the right, in Pango units."""


def quick_glyphs() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 draw plain lines faster meanwhile, and do nothing else; other versions are left alone."""
    from weasyprint.draw import text
    from weasyprint.text.line_break import Layout

    drawing = _Drawing()
    return replaced((Layout, "reactivate", drawing.later), (text, "draw_first_line", drawing.instead))


class _Drawing:
    """Draws the lines of a document."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self._pieces: dict[tuple[Any, float], _Pieces] = {}  # by WeasyPrint's font of one PDF, and size
        self._fonts: dict[Any, tuple[Any, float]] = {}  # WeasyPrint's fonts and sizes by Pango's fonts that are held
        self._of: Any = None  # all fonts of the PDF that they belong to
        self._reactivate: Any = None

    def later(self, reactivate: Any) -> Any:
        """Make no Pango layout for a line that is drawn until one is needed."""
        self._reactivate = reactivate
        return lambda _layout, _style: None

    def instead(self, original: Any) -> Any:
        """Draw what is plain, and leave the rest to the original."""
        from weasyprint.text.ffi import ffi, pango

        sized = ffi.sizeof("PangoGlyphInfo") == GLYPH and pango.pango_version() >= _PANGO

        def draw(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Any) -> Any:
            plain = sized and text_overflow != "ellipsis" and block_ellipsis == "none"
            shown = None
            if plain and textbox.text.strip() and textbox.style["font_size"] >= _LEAST:
                shown = self._shown(stream, textbox)
            if shown is None:
                self._activate(textbox)
                return original(stream, textbox, text_overflow, block_ellipsis, matrix)
            stream.set_text_matrix(*matrix.values)
            for font, size, string in shown:
                stream.set_font_size(font, size)
                stream.show_text(string)
            return []

        return draw

    def _activate(self, textbox: Any) -> None:
        if "layout" not in textbox.pango_layout.__dict__:
            self._reactivate(textbox.pango_layout, textbox.style)
            textbox.pango_layout.drawn = True  # perhaps with an ellipsis: not to be kept

    def _shown(self, stream: Any, textbox: Any) -> list[_Shown] | None:
        """What is to be shown, by font and size; None where there is anything unusual."""
        layout = textbox.pango_layout
        runs = runs_of(textbox.style, layout.text)
        numbers = [memoryview(run.glyphs).cast("i").tolist() for run in runs]
        known = runs and (not layout.justification_spacing or widen(numbers, runs, layout, textbox.style))
        if not known:
            runs = self._asked(textbox)
            numbers = [memoryview(run.glyphs).cast("i").tolist() for run in runs]
        shown: list[_Shown] = []
        before = None
        for run, each in zip(runs, numbers, strict=True):
            if run.font != before:
                font, size = self._font(stream, run.font) if known else stream.add_font(run.font)
                before = run.font
            if font.bitmap or font.svg or font.png or font.colr:
                return None
            said = self._string(each, font, size) or self._string_of_new(stream, layout.text, run, each, font, size)
            if said is None:
                return None
            if shown and shown[-1][:2] == (font.hash, size):
                said = _joined(shown.pop()[2], said)
            shown.append((font.hash, size, said))
        return shown

    def _asked(self, textbox: Any) -> tuple[Run, ...]:
        """The glyphs of a line that Pango is given once more."""
        from weasyprint.text.ffi import pango

        self._activate(textbox)
        pango.pango_layout_set_single_paragraph_mode(textbox.pango_layout.layout, True)
        line, _ = textbox.pango_layout.get_first_line()
        return tuple(read_runs(line))

    def _font(self, stream: Any, held: Any) -> tuple[Any, float]:
        """WeasyPrint's font, and the size, of a font of Pango's that is there as long as the document."""
        if self._of is not stream._fonts:  # noqa: SLF001
            self._of = stream._fonts  # noqa: SLF001
            self._fonts.clear()
        if held not in self._fonts:
            self._fonts[held] = stream.add_font(held)
        return self._fonts[held]

    def _string(self, numbers: list[int], font: Any, size: float) -> str:
        """The glyphs of a run, whose structures are `numbers`; nothing where one is not known, or moved up or down."""
        pieces = self._pieces.setdefault((font, size), {})
        if any(numbers[3::_NUMBERS]):
            return ""
        said = "<"
        for each in zip(numbers[0::_NUMBERS], numbers[1::_NUMBERS], numbers[2::_NUMBERS], strict=True):
            piece = pieces.get(each)
            if piece is None:
                piece = _piece(font, size, *each)
                if not piece:
                    return ""
                pieces[each] = piece
            said += piece
        return said[:-1] if said[-1] == "<" else said + ">"

    def _string_of_new(
        self, stream: Any, text: str, run: Run, numbers: list[int], font: Any, size: float
    ) -> str | None:
        """The same of a run with glyphs that are drawn for the first time."""
        from weasyprint.text.ffi import FROM_UNITS, pango

        content = text.encode()[run.start : run.start + run.length]
        begins = memoryview(run.clusters).cast("i").tolist()
        ends = [run.length, *begins[:-1]] if run.leftward else [*begins[1:], run.length]
        for glyph, begin, end in zip(numbers[0::_NUMBERS], begins, ends, strict=True):
            if not 0 <= glyph < pango.PANGO_GLYPH_EMPTY:  # PANGO_GLYPH_UNKNOWN_FLAG is more; what is no text, less
                return None
            if glyph not in font.to_unicode:
                font.to_unicode[glyph] = content[begin:end].decode()
            if glyph not in font.widths:
                pango.pango_font_get_glyph_extents(run.font, glyph, stream.ink_rect, stream.logical_rect)
                font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / size)
        return self._string(numbers, font, size) or None


def widen(numbers: Sequence[list[int]], runs: Sequence[Run], layout: Any, style: Any) -> bool:
    """Make the spaces in `numbers` wider, as Pango does where they have an attribute; False where that is not plain.

    Pango puts half of the width to the left, but none at the edges of a line, where WeasyPrint asks for twice as much.
    """
    text: str = layout.text
    if style["direction"] != "ltr" or any(run.leftward for run in runs):
        return False
    if not PLAIN.fullmatch(text) or _NOT_WIDENED.search(text):
        return False
    more = int(layout.justification_spacing * _SCALE)
    content = text.encode()
    spaces = {space.start() for space in _WIDENED.finditer(content)}
    left, edge, last = _left(more), _left(2 * more), len(content) - 1
    for run, each in zip(runs, numbers, strict=True):
        for glyph, cluster in enumerate(memoryview(run.clusters).cast("i").tolist()):
            place = run.start + cluster
            if place not in spaces:
                continue
            wider, moved = (2 * more - edge, 0) if not place else (edge, edge) if place == last else (more, left)
            each[glyph * _NUMBERS + 1] += wider
            each[glyph * _NUMBERS + 2] += moved
    return True


def _left(spacing: int) -> int:
    """How much of the spacing around a glyph is to its left (Pango's distribute_letter_spacing)."""
    left = int(spacing / 2)
    return left if spacing % _SCALE else (left + _SCALE // 2) // _SCALE * _SCALE


def _joined(string: str, more: str) -> str:
    return string[:-1] + more[1:] if string[-1] == ">" and more[0] == "<" else string + more


def _piece(font: Any, size: float, glyph: int, width: int, moved: int) -> str:
    """A glyph between its distances to those beside it; nothing for one that the document has not drawn before."""
    from weasyprint.text.ffi import FROM_UNITS

    if glyph not in font.widths or glyph not in font.to_unicode:
        return ""
    offset = moved / size
    kerning = font.widths[glyph] + offset - width * 1000 * FROM_UNITS / size
    before, after = f">{-offset}<" if offset else "", f">{int(kerning)}<" if kerning else ""
    return f"{before}{glyph:04x}{after}"
