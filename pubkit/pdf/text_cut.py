"""Text that does not stand on paper: what runs off the page, and notes that found no place at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pubkit.pdf.long_notes import broken_off

if TYPE_CHECKING:
    from weasyprint.document import Page

_SHOWN = 60  # characters of a text that is named
_TOLERANCE = 2.0  # px, for rounding


def cut_texts(pages: Sequence[Page], root: ET.Element) -> tuple[str, ...]:
    """The beginnings of texts that are laid out beyond the edge of their page or, as notes, nowhere.

    WeasyPrint 70 says nothing of what it leaves out. One text a page is named, for the next lines of it are cut as
    well. Notes are divided over pages (long_notes.py), but for what cannot be broken: a picture higher than the page.
    """
    found = [text for page in pages for text in list(_beyond(page))[:1]]
    printed = {identifier for page in pages for identifier in page.anchors}
    for note in root.iter():
        identifier = note.get("id")
        if "footnote" in (note.get("class") or "").split() and identifier and identifier not in printed:
            found.append(_shown("".join(note.itertext())))
    found += [_shown("".join(note.itertext())) for note in broken_off(pages)]
    return tuple(dict.fromkeys(found))


def _beyond(page: Any) -> Iterator[str]:
    from weasyprint.formatting_structure.boxes import TextBox

    for box in page._page_box.descendants():  # noqa: SLF001 (WeasyPrint has no public way to the boxes)
        if isinstance(box, TextBox) and len(box.text.strip()) > 2:  # not the number of a note
            middle = box.position_y + box.height / 2  # notes grow upwards, beyond the head of the page
            outside = not -_TOLERANCE <= middle <= page.height + _TOLERANCE
            beside = box.position_x > page.width + _TOLERANCE or box.position_x + box.width < -_TOLERANCE
            if outside or beside:
                yield _shown(box.text)


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
