"""Lines of plain text broken after one look at the whole text, for which WeasyPrint 70.0 looks at each line four times.

WeasyPrint gives Pango two lines of text for every line, to see where it ends; the line with the next word, to see
whether that fits without its space; the line with each part of that word that the dictionary allows; and the line as
it will stand. Here a text is given to Pango once. It tells how wide every letter is and where a line may end
(pango_layout_get_log_attrs), from which follows where each line does end, and whether a part of the next word fits.
Then only the line as it will stand is measured, as WeasyPrint would.

Letters are a little wider or narrower beside others than at the end of a line (kerning). So where a word fits, or
does not, by less than that, WeasyPrint is asked. It is asked, too, for all but plain text: letters of Europe, from left
to right, with spaces that collapse. What comes out is the same to the byte.

Only this one version is changed, and only while a document is laid out. tests/test_pdf_same_pages.py fails as soon as
another version is installed: look whether that still takes four looks. tests/property/test_plain_lines.py compares.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from pubkit.pdf.replaced import replaced
from pubkit.pdf.text_layouts import GLYPH

# Letters that stand one after the other: no marks that combine, no joiners, no soft hyphens, no tabs, no line ends.
PLAIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u024f\u0384-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e]+")
_SLACK = 0.1  # em: more than kerning changes at either end of a line
_SPACING = 0.1  # em; letters and words that are farther apart than that are not plain
_LETTER = re.compile(r"\w")
_NARROW = 8  # em; in a narrower line much is close
_CHARACTERS_PER_EM = 4  # WeasyPrint looks at no more for a line
_BREAKS = 1  # the flag is_line_break of a PangoLogAttr
_RECENT = 4  # texts that are kept: those of a paragraph with elements in it


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as Pango measured it."""

    text: str
    style: Any
    places: Sequence[int]  # where each letter begins, in Pango units, -1 inside a ligature; one more for the end
    stops: Sequence[int]  # indices of letters before which a line may end; the last is the end of the text
    ends: Sequence[int]  # where lines that stop there end, without the spaces there


class _AskError(Exception):
    """It is too close to tell, or not plain: WeasyPrint is to be asked."""


def plain_lines() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 break lines of plain text faster meanwhile; other versions are left alone."""
    from weasyprint.layout import inline

    return replaced((inline, "split_first_line", lambda split: _Breaker(split).split))


class _Breaker:
    """Breaks the lines of a document."""

    def __init__(self, split: Any) -> None:
        """Begin with WeasyPrint's own way, for what is not plain."""
        self._ask = split
        self._recent: list[_Text] = []
        self._hyphens: dict[Any, int] = {}  # widths in Pango units, by style

    def split(
        self, text: str, style: Any, context: Any, width: float | None, spacing: float, **more: bool
    ) -> tuple[Any, ...]:
        """What split_first_line gives back: layout, length and next line in bytes; width, height, baseline in px."""
        size = style["font_size"]
        if width is not None and size * _NARROW < width < len(text) * size and _is_plain(style):
            try:
                line, resume, hyphen = self._line(text, style, context, width)
                return _measured_line(line, style, width, spacing, resume, hyphen)
            except _AskError:
                pass
        given: tuple[Any, ...] = self._ask(text, style, context, width, spacing, **more)
        return given

    def _line(self, text: str, style: Any, context: Any, width: float) -> tuple[str, int, str]:
        """The text of the line, where in `text` the next begins, and the hyphen that the line ends with or nothing."""
        from weasyprint.text.ffi import TO_UNITS

        whole, start = self._text(text, style)
        size = style["font_size"]
        begin, slack = whole.places[start], int((size * _SLACK + _spacing(style)) * TO_UNITS)
        most = begin + int(width * TO_UNITS)
        at = bisect_right(whole.ends, most) - 1  # the last stop that may be reached
        if at < 0 or at + 1 == len(whole.stops) or whole.stops[at] <= start or begin < 0:
            raise _AskError
        stop, after = whole.stops[at], whole.stops[at + 1]
        close = whole.ends[at] > most - slack or whole.ends[at + 1] < most + slack
        word = whole.text[stop:after]
        if close or not word.strip(" ") or after - start >= int(width / size * _CHARACTERS_PER_EM):
            raise _AskError
        line = whole.text[start:stop]
        if style["hyphens"] == "auto" and style["lang"]:
            last = at + 2 == len(whole.stops)
            for part in _parts(word if last else word[:-1], style, context):
                place = whole.places[stop + len(part)]
                if place < 0:
                    raise _AskError
                end = place + self._hyphen(style)
                if abs(end - most) < slack:
                    raise _AskError
                if end < most:
                    return line + part, len((line + part).encode()), style["hyphenate_character"]
        return line.rstrip(" "), len(line.encode()), ""

    def _text(self, text: str, style: Any) -> tuple[_Text, int]:
        """The text that this is the rest of, and where in it this begins."""
        for each in self._recent:
            if each.style is style and each.text.endswith(text):
                return each, len(each.text) - len(text)
        if not PLAIN.fullmatch(text):
            raise _AskError
        whole = _measured(text, style)
        self._recent[:] = [whole, *self._recent[: _RECENT - 1]]
        return whole, 0

    def _hyphen(self, style: Any) -> int:
        """How wide a hyphen is, in Pango units."""
        if self._hyphens.get("style") is not style:
            self._hyphens = {"style": style, "width": _measured(style["hyphenate_character"], style).places[-1]}
        return self._hyphens["width"]


def _is_plain(style: Any) -> bool:
    """Whether spaces collapse, and little is added between letters and words."""
    wraps = style["white_space"] == "normal" and style["word_break"] == "normal" and style["direction"] == "ltr"
    return wraps and _spacing(style) < float(style["font_size"]) * _SPACING


def _spacing(style: Any) -> float:
    """What is added to the widths of letters and spaces, or taken away, in px: at the ends of a line half of it."""
    letters, words = style["letter_spacing"], style["word_spacing"]
    return abs(0.0 if letters == "normal" else float(letters)) + abs(float(words))


def _measured(text: str, style: Any) -> _Text:
    """A text in one line, however long."""
    from weasyprint.text.ffi import ffi, pango
    from weasyprint.text.line_break import Layout

    layout = Layout(style)
    layout.set_text(text)
    line, _ = layout.get_first_line()
    at = [-1] * (len(text.encode()) + 1)  # by bytes
    place, run = 0, line.runs[0]
    while run != ffi.NULL:
        item, run = run.data, run.next
        if item.item.analysis.level % 2:
            raise _AskError
        count, offset = item.glyphs.num_glyphs, item.item.offset
        numbers = memoryview(ffi.buffer(item.glyphs.glyphs, count * GLYPH)).cast("i").tolist()
        clusters = memoryview(ffi.buffer(item.glyphs.log_clusters, count * 4)).cast("i").tolist()
        for cluster, advance in zip(clusters, numbers[1 :: GLYPH // 4], strict=True):
            if at[offset + cluster] < 0:
                at[offset + cluster] = place
            place += advance
    at[-1] = place
    attributes = ffi.buffer(pango.pango_layout_get_log_attrs_readonly(layout.layout, ffi.NULL), (len(text) + 1) * 4)
    flags = memoryview(attributes).cast("I").tolist()
    layout.deactivate()
    places = (
        at
        if len(at) == len(text) + 1
        else [at[each] for each in accumulate((len(c.encode()) for c in text), initial=0)]
    )
    stops = [index for index in range(1, len(text)) if flags[index] & _BREAKS] + [len(text)]
    ends = [places[len(text[:stop].rstrip(" "))] for stop in stops]
    if min(ends) < 0:
        raise _AskError
    return _Text(text, style, places, stops, ends)


def _parts(text: str, style: Any, context: Any) -> Iterator[str]:
    """What of a text may stand before a hyphen, the longest first; of the first word, as WeasyPrint has it."""
    from weasyprint.text.line_break import get_next_word_boundaries, pyphen  # its dictionaries, whatever they are

    lang = pyphen.language_fallback(style["lang"])
    word = get_next_word_boundaries(text, lang) if lang else None
    if not word:
        return
    total, left, right = style["hyphenate_limit_chars"]
    start, end = word
    if end - start < total:
        if _LETTER.search(text[end:]):
            raise _AskError  # the next word may be long enough
        return
    if style["hyphenate_limit_zone"].value:
        raise _AskError
    key = (lang, left, right, total)
    if key not in context.dictionaries:
        context.dictionaries[key] = pyphen.Pyphen(lang=lang, left=left, right=right)
    for part, _ in context.dictionaries[key].iterate(text[start:end]):
        if not text.startswith(part, start):
            raise _AskError  # a word that is written otherwise when it is divided
        yield text[:start] + part


def _measured_line(line: str, style: Any, width: float, spacing: float, resume: int, hyphen: str) -> tuple[Any, ...]:
    """The line as it will stand."""
    from weasyprint.text.ffi import FROM_UNITS, pango
    from weasyprint.text.line_break import Layout, line_size

    layout = Layout(style, spacing, width)
    layout.set_text(line + hyphen)
    first, _ = layout.get_first_line()
    length = first.length - len(hyphen.encode())
    across, height = line_size(first, style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    layout.deactivate()
    return layout, length, resume, across, height, baseline
