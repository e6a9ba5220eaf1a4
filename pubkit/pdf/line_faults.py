"""Lines that are divided badly: widows, orphans, short last lines, hyphens in a row, headings at the foot of a page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pubkit.model import LinesSeen

Part = Literal["text", "code", "heading", "other"]
"""What a line is part of: running text, code, a heading, or what stands by itself (tables, captions, page heads)."""

SHORT = 5  # characters; a last line of fewer looks like a mistake (Chicago Manual of Style asks for four at least)
HYPHENS = 2  # lines in a row may end with one
ENDING = 4  # lines; fewer on the last page of an article look like a mistake

_HYPHENS = tuple("-\u2010\u2011\u058a\u05be")
_WRITTEN_BY_LAYOUT = "\u2010"
_BEFORE = 4  # words of the line before a short one that are noted with it
_DRAWN = ("::first-letter", "::first-line")  # made of the text itself; all other pseudo-elements are generated
_WORDS = 200  # characters of a text that are noted


@dataclass(slots=True)
class _Paragraph:
    """The lines of one block, as they stand on the pages."""

    part: Part
    near: str
    lines: list[tuple[int, Any]] = field(default_factory=list)  # page and box


@dataclass(slots=True)
class _Foot:
    """What the text of a page comes to."""

    lines: int = 0
    height: float = 0.0  # of the last line, px
    pictures: float = 0.0  # height, px
    plain: bool = False  # whether there is more than headings
    heading: tuple[Any, str] | None = None  # the last line and the id near it, where it is a heading's


class Lines:
    """The lines of a document, read page by page."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._paragraphs: dict[int, _Paragraph] = {}  # by their place in the order of reading
        self._feet: dict[int, _Foot] = {}

    def see(self, line: Any, page: int, part: Part, near: str, *, flow: bool) -> None:
        """Note a line; one that is not in the `flow` of the text stands by itself."""
        if not flow or not line.height:
            return
        foot = self._feet.setdefault(page, _Foot())
        foot.lines += 1
        foot.height = line.height
        foot.plain = foot.plain or part != "heading"
        foot.heading = (line, near) if part == "heading" else None
        if part in ("text", "code"):
            reading = getattr(line, "reading", id(line))
            paragraph = self._paragraphs.get(reading)
            if paragraph is None:
                paragraph = self._paragraphs[reading] = _Paragraph(part, near)
            paragraph.lines.append((page, line))

    def see_picture(self, page: int, height: float) -> None:
        """Note a picture in the flow of the text, of this height in px."""
        foot = self._feet.setdefault(page, _Foot())
        foot.pictures += height
        foot.plain = True
        foot.heading = None

    def faults(self, pages: int) -> Iterator[tuple[int, LinesSeen]]:
        """What is wrong with the lines of a document of so many pages: the page, from 0, and the fault."""
        for paragraph in self._paragraphs.values():
            if len(paragraph.lines) > 1:
                yield from _divided(paragraph)
                if paragraph.part == "text":
                    yield from _short(paragraph)
                    yield from _hyphens(paragraph)
        last = max(self._feet, default=0)
        for page, foot in self._feet.items():
            if foot.heading and foot.plain and page < last:
                line, near = foot.heading
                yield page, LinesSeen(fault="heading", words=line_text(line)[:_WORDS], near=near)
        ending = self._feet.get(pages - 1)
        if pages > 1 and ending and 0 < ending.lines < ENDING and ending.pictures < ENDING * ending.height:
            yield pages - 1, LinesSeen(fault="ending", words="", near="", count=ending.lines)


def _divided(paragraph: _Paragraph) -> Iterator[tuple[int, LinesSeen]]:
    """One line alone at the foot of a page, or at the head of the next."""
    pages = [page for page, _ in paragraph.lines]
    if pages[0] == pages[-1]:
        return
    if pages.count(pages[0]) == 1:
        yield pages[0], _seen("orphan", paragraph, paragraph.lines[0][1])
    if pages.count(pages[-1]) == 1:
        yield pages[-1], _seen("widow", paragraph, paragraph.lines[-1][1])


def _short(paragraph: _Paragraph) -> Iterator[tuple[int, LinesSeen]]:
    page, line = paragraph.lines[-1]
    text = line_text(line)
    # A character of East Asia is as wide as two.
    length = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
    if 0 < length < SHORT and not _holds_more(line) and not _is_broken_by_hand(paragraph.lines[-2][1]):
        before = " ".join(line_text(paragraph.lines[-2][1]).split()[-_BEFORE:])
        divided = before.endswith(_HYPHENS)
        words = f"{before.rstrip(_WRITTEN_BY_LAYOUT)}{'' if divided else ' '}{text}"
        yield page, _seen("short", paragraph, words)


def _hyphens(paragraph: _Paragraph) -> Iterator[tuple[int, LinesSeen]]:
    """More lines in a row with a hyphen at their end than there may be; told where the first of them stands."""
    row: list[tuple[int, Any]] = []
    for page, line in (*paragraph.lines, (-1, None)):
        if line is not None and _last_text(line).endswith(_HYPHENS):
            row.append((page, line))
            continue
        if len(row) > HYPHENS:
            yield row[0][0], _seen("hyphens", paragraph, row[0][1], count=len(row))
        row = []


def _seen(
    fault: Literal["widow", "orphan", "short", "hyphens"], paragraph: _Paragraph, line: Any, *, count: int = 1
) -> LinesSeen:
    words = line if isinstance(line, str) else line_text(line)
    return LinesSeen(fault=fault, words=words[:_WORDS], near=paragraph.near, count=count)


def texts_of(line: Any) -> list[Any]:
    """The text boxes of a line; what is placed in boxes of its own in it has lines of its own."""
    from weasyprint.formatting_structure.boxes import InlineBox, TextBox

    found: list[Any] = []
    for box in line.children:
        if isinstance(box, TextBox):
            found.append(box)
        elif isinstance(box, InlineBox):
            found += texts_of(box)
    return found


def line_text(line: Any) -> str:
    """The words of a line, without what the style sheet adds to them."""
    texts: Sequence[str] = [text.text for text in texts_of(line) if _is_written(text)]
    return " ".join("".join(texts).replace("\u00ad", "").split())


def _is_written(box: Any) -> bool:
    tag = box.element_tag or ""
    return "::" not in tag or tag.endswith(_DRAWN)


def _holds_more(line: Any) -> bool:
    """Whether there is more than text on a line, a formula say; what the style sheet adds does not count."""
    from weasyprint.formatting_structure.boxes import InlineBox, TextBox

    for box in line.children:
        inner = isinstance(box, InlineBox) and _holds_more(box)
        if inner or (not isinstance(box, (TextBox, InlineBox)) and _is_written(box)):
            return True
    return False


def _is_broken_by_hand(line: Any) -> bool:
    """Whether a line ends with a `br`, as those of poems and addresses do."""
    children = line.children
    while children:
        if children[-1].element_tag == "br":
            return True
        children = getattr(children[-1], "children", ())
    return False


def _last_text(line: Any) -> str:
    """The end of a line."""
    children = line.children
    while children:
        last = children[-1]
        if not getattr(last, "children", ()):
            return str(getattr(last, "text", ""))
        children = last.children
    return ""
