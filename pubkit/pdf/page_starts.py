"""Where in a document's text each of its pages begins, read from the pages that WeasyPrint laid out.

Before layout `number_elements` gives every element of the body its number in document order. A box of a finished page
knows its element, and so its number. A page begins with the first thing on it that no page before has: an element
whose box is new, or a text whose element began earlier. How much of such a text stands on the pages before is found
by matching their lines against the text as the source has it, so that hyphens at line ends, white space and
`text-transform` do no harm.

What is on a page without being the next thing in the text is passed over: footnotes and margin boxes, generated
content, table heads and feet repeated on every page, floats and fixed boxes that go on from earlier pages, and what
layout puts after things that follow it in the source (a caption under its table).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from lxml import etree

from pubkit.pdf.pieces import Start

if TYPE_CHECKING:
    from weasyprint import Page

NUMBER = "data-element"  # the attribute that carries an element's number through layout

_MATHML = "{http://www.w3.org/1998/Math/MathML}"
# Layout may add, drop or change these: white space, soft hyphens, zero-width spaces and joiners, bidi controls.
_UNSEEN = re.compile("[\\s\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+")
_DRAWN_PSEUDO = ("::first-letter", "::first-line")  # made of the text itself; all other pseudo-elements are generated


def number_elements(body: etree._Element) -> tuple[str, ...]:
    """Number the elements of a body, itself 0; gives every element's own text, that of its children not counted.

    Formulas count with all their parts and are numbered themselves only.
    """
    texts = []
    for number, element in enumerate(body.iter("*")):
        if not element.tag.startswith(_MATHML) or element.tag == f"{_MATHML}math":
            element.set(NUMBER, str(number))
        texts.append((element.text or "") + "".join(child.tail or "" for child in element))
    return tuple(texts)


def page_starts(pages: Iterable[Page], texts: Sequence[str]) -> tuple[Start | None, ...]:
    """Where each page begins, `texts` being what `number_elements` gave; None for pages left blank.

    A page that has nothing of the running text (only the rest of a footnote, say) begins where the next one does,
    or after all that is printed before it.
    """
    reading = _Reading(texts)
    found: list[tuple[Start | None, bool]] = []
    for page in pages:
        box = page._page_box  # noqa: SLF001 - WeasyPrint has no public way to the text of a page
        found.append((reading.read(box.children[0]), box.page_type.blank and not _has_notes(box)))
    following = reading.end()
    starts: list[Start | None] = []
    for start, blank in reversed(found):
        following = start or following
        starts.append(None if blank else following)
    return tuple(reversed(starts))


def _has_notes(page: Any) -> bool:
    from weasyprint.formatting_structure.boxes import FootnoteAreaBox

    return any(isinstance(area, FootnoteAreaBox) and area.children for area in page.children)


class _Reading:
    """A document read page by page: what has been seen so far."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._seen: set[int] = set()
        self._lines: dict[int, list[str]] = {}  # of every element's own text, since it was last matched
        self._parts: dict[int, _Part] = {}  # those elements' texts in which pages begin
        self._last = -1  # the highest number seen

    def read(self, root: Any) -> Start | None:
        """Read one page; gives its first thing that is neither old nor out of place."""
        from weasyprint.formatting_structure.boxes import TextBox

        start: Start | None = None
        last = self._last
        stack: list[tuple[Any, bool]] = [(root, True)]  # boxes, and whether the page may begin in them
        while stack:
            box, fit = stack.pop()
            number = _number_of(box)
            new = number >= 0 and number not in self._seen
            if _is_generated(box) or (not new and getattr(box, "is_header", False)) or getattr(box, "is_footer", False):
                continue
            if isinstance(box, TextBox):
                fit = fit and start is None and _UNSEEN.sub("", box.text) != ""
                if fit and number >= 0:
                    start = Start(element=number, text=self._read_so_far(number))
                self._lines.setdefault(number, []).append(box.text)
                continue
            if new:
                fit = fit and number > last
                self._seen.add(number)
                self._last = max(self._last, number)
                if fit and start is None:
                    start = Start(element=number)
            elif not box.is_in_normal_flow():
                fit = False
            stack.extend((child, fit) for child in reversed(box.children))
        return start

    def end(self) -> Start:
        """The place after all that has been read: before the notes at a document's end, which print has moved."""
        if self._last + 1 < len(self._texts):
            return Start(element=self._last + 1)
        return Start(element=0, text=len(self._texts[0]))

    def _read_so_far(self, number: int) -> int:
        part = self._parts.setdefault(number, _Part(self._texts[number]))
        for line in self._lines.pop(number, ()):
            part.read(line)
        return part.place


class _Part:
    """An element's own text, read line by line."""

    def __init__(self, text: str) -> None:
        self._places = [place for place, character in enumerate(text) if not _UNSEEN.match(character)]
        self._visible = "".join(text[place] for place in self._places)
        self._length = len(text)
        self._done = 0

    @property
    def place(self) -> int:
        """How many characters of the text come before the first visible one that has not been read."""
        return self._places[self._done] if self._done < len(self._places) else self._length

    def read(self, line: str) -> None:
        """Go on behind a line."""
        self._done = _after_line(self._visible, self._done, _UNSEEN.sub("", line))


def _number_of(box: Any) -> int:
    """The number of a box's element; -1 for what is not in the body."""
    return -1 if box.element is None else int(box.element.get(NUMBER, -1))


def _is_generated(box: Any) -> bool:
    tag = box.element_tag
    return tag is not None and "::" in tag and not tag.endswith(_DRAWN_PSEUDO)


def _after_line(text: str, start: int, line: str) -> int:
    """Where a text goes on after a line of it, which may end with a hyphen that the text has not."""
    lines = (line, line[:-1]) if len(line) > 1 and not line[-1].isalnum() else (line,)
    for words in lines:
        if text.startswith(words, start):
            return start + len(words)
    for words in lines:  # text-transform: letters of another case, one may have become several
        wanted, got, end = _plain(words), "", start
        while len(got) < len(wanted) and end < len(text):
            got += _plain(text[end])
            end += 1
        if got == wanted:
            return end
    return min(start + len(line), len(text))


def _plain(text: str) -> str:
    """Without case, width and accents (Greek capitals lose theirs)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each)).casefold()
