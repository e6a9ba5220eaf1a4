"""Pango layouts made once for texts that look alike, and texts measured once, for which WeasyPrint 70.0 does both anew.

WeasyPrint makes a Pango layout with a context, a language, a font description and a list of attributes for every try
to break a line, for every line that it justifies and for every one that it draws: eight for a line of text. It
also measures many texts again: the words of a listing, the text of a page whose notes did not fit, the columns of a
page at every height. That was a third of the time of a layout.

Here a layout that WeasyPrint has done with is kept for the next text whose style says the same of text, with its width,
attributes and all that WeasyPrint sets put back as they were new. What `split_first_line` and `strut` gave
back is kept by what they were asked: they have no other effect. A text of which is known that it fits a line fits every
line that is not narrower. What comes out is the same to the byte.

The glyphs of a text that stood in one line when its layout was put back are kept, too: glyph_strings.py draws it with
them, and needs no layout.

WeasyPrint also keeps the attribute list of every layout that has font features, some 40 kB a page. Here each list is
given back when its layout has taken it (pango_layout_set_attributes adds a reference of its own).

Only this one version is changed, and only while a document is laid out; what is kept is forgotten after it.
tests/test_pdf_text_layouts.py fails as soon as another version is installed: look whether that still needs this.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

from pubkit.pdf.replaced import replaced

_SAID_OF_TEXT = (
    *("direction", "lang", "font_language_override", "font_style", "font_stretch", "font_weight", "font_size"),
    *("font_variant_caps", "font_variation_settings", "font_kerning", "font_variant_ligatures"),
    *("font_variant_position", "font_variant_numeric", "font_variant_alternates", "font_variant_east_asian"),
    *("font_feature_settings", "word_spacing", "letter_spacing", "overflow_wrap", "word_break", "tab_size"),
    *("line_height", "white_space", "hyphens", "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphenate_character"),
)
"""All properties that `weasyprint.text.line_break` reads, but for two that are lists."""

_WRAPS = frozenset(("normal", "pre-wrap", "pre-line"))
_LONG = 2000  # characters; the rest of a longer text is not kept for each of its lines
_LINE = 250  # characters; the glyphs of a longer text, which is never a line, are not kept
_TEXTS = 5_000  # of which glyphs are kept, 7 MB: a hundred pages; the credits of a thousand articles have more
_ENDS = frozenset("\n\r\t\u2028\u2029")  # of lines and, between columns, of words
GLYPH = 20  # bytes of a PangoGlyphInfo: glyph, width, x and y offset, and flags, each of 32 bits
_OWN = frozenset(("layout", "style", "text", "first_line_direction", "justification_spacing", "max_width"))

_Split = tuple[Any, int, int | None, float, float, float]
"""What split_first_line gives back: a layout, the line's length, where the next begins, width, height, baseline."""


class Run(NamedTuple):  # which is made in a fifth of the time of a frozen dataclass
    """Glyphs of one font in a line."""

    font: Any  # Pango's
    glyphs: bytes  # their PangoGlyphInfo structures
    clusters: bytes  # for each of them where its text begins, in bytes of the run, as 32-bit numbers
    start: int  # of the run's text, in bytes of the line
    length: int  # of it, in bytes
    leftward: bool


@dataclass(slots=True)
class _Held:
    """What is kept for a whole document."""

    fonts: dict[Any, Any] = field(default_factory=dict)  # Pango's, each with the layout that holds it
    room: int = _TEXTS


class _Look:
    """What is kept for all styles of a document that say the same of text."""

    __slots__ = ("features", "free", "held", "lines", "made", "runs", "strut", "unspaced", "whole", "wraps")

    def __init__(self, style: Any, held: _Held) -> None:
        self.free: list[Any] = []  # Pango layouts as new
        self.made: dict[str, Any] = {}  # the attributes of a WeasyPrint layout that come from its style
        self.features = _features(style)
        self.wraps = style["white_space"] in _WRAPS
        self.unspaced = not style["word_spacing"] and style["letter_spacing"] in ("normal", 0)
        self.strut: tuple[float, float] | None = None
        self.whole: dict[str, _Split] = {}  # texts that fit their line
        self.lines: dict[tuple[Any, ...], _Split] = {}  # all others, by what was asked
        self.runs: dict[str, tuple[Run, ...]] = {}  # texts that stood in one line; with spacing each word is a run
        self.held = held


class _Looks:
    """The looks of a document, each noted at its styles: WeasyPrint changes no style once it has measured a text."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], _Look] = {}
        self._held = _Held()

    def of(self, style: Any) -> _Look:
        try:
            look: _Look = style.look
        except AttributeError:
            line = style["text_decoration_line"]  # "none" or a set
            said = *(style[name] for name in _SAID_OF_TEXT), tuple(style["font_family"]), tuple(sorted(line))
            if said not in self._known:
                self._known[said] = _Look(style, self._held)
            look = style.look = self._known[said]
        return look


def reused_layouts(font_config: Any) -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 make fewer Pango layouts meanwhile; other versions are left alone."""
    from weasyprint.layout import inline, preferred
    from weasyprint.text.line_break import Layout

    looks = _Looks()
    return replaced(
        (Layout, "setup", _that_takes),
        (Layout, "deactivate", _that_puts_back),
        (font_config, "font_features", lambda _kept: _NothingKept()),
        (inline, "split_first_line", partial(_that_splits_once, looks)),
        (preferred, "split_first_line", partial(_that_splits_once, looks)),
        (inline, "strut", partial(_that_struts_once, looks)),
        (inline, "create_layout", partial(_that_spaces, looks)),
    )


def runs_of(style: Any, text: str) -> tuple[Run, ...]:
    """The glyphs of a text as it was measured in a line by itself; none where they are not known."""
    look: _Look | None = getattr(style, "look", None)
    return look.runs.get(text, ()) if look else ()


def _features(style: Any) -> bytes:
    """The font features of a style as Pango has them, worked out as `Layout.setup` does."""
    from weasyprint.text.fonts import font_features

    names = "kerning variant_ligatures variant_position variant_caps variant_numeric variant_alternates"
    names += " variant_east_asian feature_settings"
    features = font_features(*(style[f"font_{name}"] for name in names.split()))
    return ",".join(f"{key} {value}" for key, value in features.items()).encode()


def _that_takes(setup: Any) -> Any:
    from weasyprint.text.ffi import ffi, pango

    def take(self: Any, style: Any) -> None:
        # A style that is still being computed has no look, and may not be asked for one: see `character_ratio`.
        look: _Look | None = getattr(style, "look", None)
        if look and look.free:
            self.__dict__.update(look.made)
            self.style, self.first_line_direction, self.layout = style, 0, look.free.pop()
            return
        setup(self, style)
        attributes = pango.pango_layout_get_attributes(self.layout)
        if attributes != ffi.NULL:
            pango.pango_attr_list_unref(attributes)
        if look and not look.made:
            look.made = {name: value for name, value in self.__dict__.items() if name not in _OWN}

    return take


def _that_puts_back(deactivate: Any) -> Any:
    from weasyprint.text.constants import PANGO_WRAP_MODE
    from weasyprint.text.ffi import ffi, pango

    wrap_word = PANGO_WRAP_MODE["WRAP_WORD"]

    def put_back(self: Any) -> None:
        layout = self.__dict__.get("layout")
        if layout is None:  # see `_that_spaces`
            return
        look: _Look | None = getattr(self.style, "look", None)
        deactivate(self)
        if not look:
            return
        measured = look.unspaced and not self.justification_spacing and "drawn" not in self.__dict__
        new = self.text not in look.runs and len(self.text) <= _LINE and look.held.room
        if measured and new and _keep_runs(look, self.text, layout):
            return
        attributes = ffi.NULL
        if look.features:
            attributes = pango.pango_attr_list_new()
            pango.pango_attr_list_insert(attributes, pango.pango_attr_font_features_new(look.features))
        pango.pango_layout_set_attributes(layout, attributes)
        if look.features:
            pango.pango_attr_list_unref(attributes)
        pango.pango_layout_set_width(layout, -1)
        pango.pango_layout_set_wrap(layout, wrap_word)
        pango.pango_layout_set_single_paragraph_mode(layout, False)
        pango.pango_layout_set_ellipsize(layout, 0)  # PANGO_ELLIPSIZE_NONE
        pango.pango_layout_set_tabs(layout, ffi.NULL)
        look.free.append(layout)

    return put_back


def _keep_runs(look: _Look, text: str, layout: Any) -> bool:
    """Keep the glyphs of a text that is one line; whether the layout must stay as it is, for it holds a font."""
    from weasyprint.text.ffi import pango

    line = pango.pango_layout_get_line_readonly(layout, 0)
    if not text or line.length != len(text.encode()) or not _ENDS.isdisjoint(text):
        return False
    look.runs[text] = runs = tuple(read_runs(line))
    look.held.room -= 1
    new = [run.font for run in runs if run.font not in look.held.fonts]
    look.held.fonts.update((font, layout) for font in new)
    return bool(new)


def read_runs(line: Any) -> Iterator[Run]:
    """The glyphs of a line that Pango has made."""
    from weasyprint.text.ffi import ffi

    run = line.runs[0]
    while run != ffi.NULL:
        item, glyphs, run = run.data.item, run.data.glyphs, run.next
        infos = ffi.buffer(glyphs.glyphs, glyphs.num_glyphs * GLYPH)[:]
        clusters = ffi.buffer(glyphs.log_clusters, glyphs.num_glyphs * 4)[:]
        yield Run(item.analysis.font, infos, clusters, item.offset, item.length, bool(item.analysis.level % 2))


class _NothingKept(dict[bytes, Any]):
    """Where WeasyPrint looks for the attribute of earlier lists: each list owns its own, so there is none."""

    def setdefault(self, _key: bytes, default: Any = None) -> Any:
        return default


def _that_splits_once(looks: _Looks, split: Any) -> Any:
    def split_once(text: str, style: Any, context: Any, width: float | None, spacing: float, **more: bool) -> _Split:
        look = looks.of(style)
        known = look.whole.get(text)
        if known and not spacing and (width is None or not look.wraps or known[3] <= width):
            return _again(known, width)
        asked = (text, width, spacing, *more.items())
        known = look.lines.get(asked)
        if known:
            return _again(known, width)
        given: _Split = split(text, style, context, width, spacing, **more)
        fits = given[2] is None and (width is None or not look.wraps or given[3] <= width)
        if fits and not spacing and given[0].text == text:  # that is, with the space at its end
            look.whole[text] = given
        elif len(text) <= _LONG:
            look.lines[asked] = given
        return given

    return split_once


def _again(known: _Split, width: float | None) -> _Split:
    """The same once more, with a layout of its own, for WeasyPrint may change it."""
    layout = object.__new__(type(known[0]))
    layout.__dict__.update(known[0].__dict__)
    layout.max_width = width
    return (layout, *known[1:])


def _that_struts_once(looks: _Looks, strut: Any) -> Any:
    def strut_once(style: Any) -> tuple[float, float]:
        look = looks.of(style)
        if look.strut is None:
            look.strut = strut(style)
        return look.strut

    return strut_once


def _that_spaces(looks: _Looks, create: Any) -> Any:
    """For a line that is justified: until it is drawn, its text and its spacing are all that is asked for."""
    from weasyprint.text.line_break import Layout

    def space(text: str, style: Any, context: Any, max_width: float | None, justification_spacing: float) -> Any:
        look = looks.of(style)
        if not look.made or text == " " or "\n" in text:
            return create(text, style, context, max_width, justification_spacing)
        layout = object.__new__(Layout)
        layout.__dict__.update(look.made)
        layout.text, layout.justification_spacing, layout.max_width = text, justification_spacing, max_width
        layout.first_line_direction = 0
        return layout

    return space
