"""Notes divided over pages, which WeasyPrint 70.0 cannot do: what does not fit goes on at the foot of the next page.

WeasyPrint moves a note that does not fit to the next page, and what does not fit there runs off the paper. Here a note
is laid out as any other text that meets the end of a page, by WeasyPrint itself: as much of it as there is room for,
and the rest from where that ends. So lines end as they do in one piece, orphans, widows and unbreakable things are
heeded, and all parts are boxes of one element: one note for tags, anchors and links.

What a page decides, in the order in which it does:

1. What waits from the page before comes first, in the order of the calls. While there is text to come, it takes no
   more than NOTES of the page. A note that is longer is divided, and all after it wait.
2. A note is called in a line. If it fits under that line it stays whole. If not, it begins here and goes on overleaf,
   unless not even two lines of it fit (or two would not be left over): then it waits, as it always did.
3. If lines of a paragraph that must stay together need the room, the last note gives way.
4. If a note, or the line that calls it, had to move to the next page all the same, because lines that come after found
   no room beside it, and left a gap, then the page is set again with more room for them, or with the note waiting.
   If what the text begins with cannot be broken and would lie over the notes, these give way to it.
5. When the text of the page is set, the divided note takes the room that is left.

Only this one version is changed, and only while a document is laid out: the layout context, the layout of notes in the
footnote area, and the making of a page. tests/test_pdf_long_notes.py fails as soon as another version is installed:
look whether that divides notes itself, or whether its `make_page` and `_linebox_layout` still do what is said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pubkit.pdf.note_parts import Part, lay_out_part
from pubkit.pdf.note_places import NotePlaces
from pubkit.pdf.replaced import replaced

if TYPE_CHECKING:
    from weasyprint import Page

AFTER = (
    0,
    2,
    8,
    16,
    None,
)  # lines of text for which there is room after a call, tried in this order; None: the note waits


def divided_notes() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 divide notes over pages meanwhile; other versions are left alone."""
    from weasyprint import document
    from weasyprint.layout import block, page

    return replaced(
        (document, "build_formatting_structure", _that_numbers_notes),
        (document, "LayoutContext", lambda context: type("LayoutContext", (NotePlaces, context), {})),
        (block, "block_box_layout", _that_lays_out_parts),
        (page, "make_page", _that_begins),
        (page, "block_level_layout", _that_fills),
    )


def _that_numbers_notes(original: Any) -> Any:
    def build_formatting_structure(*arguments: Any) -> Any:
        root = original(*arguments)
        for number, note in enumerate(arguments[-1]):
            note.part = Part(number, note.style["footnote_policy"])
            note.process_whitespace()  # as WeasyPrint does with all text but notes', whose line feeds broke lines
            note.process_text_transform()
            if any(box.is_floated() for box in note.descendants()):  # or lines would keep clear of them twice
                note.style["display"] = "block", "flow-root"
        return root

    return build_formatting_structure


def _that_lays_out_parts(original: Any) -> Any:
    def block_box_layout(context: Any, box: Any, *more: Any, **named: Any) -> Any:
        part = getattr(box, "part", None)
        if part is None:
            return original(context, box, *more, **named)
        _, _, area, _, *others = more
        return lay_out_part(original, context, box, part, area, *others)

    return block_box_layout


def _that_begins(original: Any) -> Any:
    def make_page(context: Any, root: Any, page_type: Any, *more: Any) -> Any:
        context.begin_page(textless=page_type.blank)
        return original(context, root, page_type, *more)

    return make_page


def _that_fills(original: Any) -> Any:
    def block_level_layout(context: Any, box: Any, *more: Any, **named: Any) -> Any:
        context.waiting = None
        if not box.is_for_root_element:
            return original(context, box, *more, **named)
        if context.crowded:  # no text on this page: it goes on where this page began
            space, start, *others = more
            root, _, *result = original(context, box.copy_with_children([]), space, None, *others)
            return root, start, *result
        for lines in (0, *AFTER):
            put_back = context.begin_text(lines, *more)
            result = original(context, box, *more)
            if result[0] is None:
                return result
            context.take_up_forgotten(result[0])
            context.fill(result[0])
            room = context.room_for_notes(result[0])
            if lines is None or not (context.has_driven_out(room) or context.is_in_the_way(room)):
                break
            put_back()
            context.make_way(room)
        return result

    return block_level_layout


def broken_off(pages: Iterable[Page]) -> Iterator[ET.Element]:
    """The notes of which a part was lost between two pages: none, unless WeasyPrint does what nobody expects."""
    parts: dict[int, list[Any]] = {}
    for page in pages:
        for note in _notes_on(page):
            if hasattr(note, "part"):
                parts.setdefault(note.part.number, []).append(note)
    for notes in parts.values():
        joined = all(before.part.rest == after.part.start for before, after in pairwise(notes))
        if not joined or notes[0].part.start is not None or notes[-1].part.rest is not None:
            yield notes[0].element


def only_notes(page: Page) -> float | None:
    """How much height, in px, notes take on a page where nothing else is; None for other pages."""
    notes = list(_notes_on(page))
    if not page._page_box.page_type.blank or not notes:  # noqa: SLF001 - WeasyPrint has no public way to the boxes
        return None
    height: float = sum(note.margin_height() for note in notes)
    return height


def _notes_on(page: Page) -> Iterator[Any]:
    from weasyprint.formatting_structure.boxes import FootnoteAreaBox

    for area in page._page_box.children:  # noqa: SLF001
        if isinstance(area, FootnoteAreaBox):
            yield from area.children
