"""Which notes, and how much of them, stand on which page: the rules are in long_notes.py."""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

from pubkit.pdf.note_parts import lowest, rest_of

if TYPE_CHECKING:
    from weasyprint.layout import LayoutContext
else:
    LayoutContext = object  # long_notes.py puts it in its place, for WeasyPrint is slow to load

NOTES = 2 / 3  # of a page's height, at most, for notes that go on from the page before while there is text to come
MOST = 0.9  # of it, where they cannot be divided at that; what needs still more gets a page of its own
LINES = 2  # of a note, at least, on each page
GAP = 1 / 6  # of a page's height: a page with more of it empty is set again
_NEARLY = 1.0  # px
_TINY = 0.01  # px, for rounding
_TRIES = 6  # to find a place to divide a note; each takes it a line or more up


class NotePlaces(LayoutContext):  # type: ignore[misc]
    """What a layout context does to divide notes; put before WeasyPrint's own."""

    footnotes: list[Any]
    reported_footnotes: list[Any]
    current_page_footnotes: list[Any]
    excluded_shapes: list[Any]
    broken_out_of_flow: dict[Any, Any]
    page_bottom: float
    waiting: list[Any] | None = None  # notes from the page before, while they are placed
    closed = False  # no further one of them has a place here
    textless = False  # the text has ended
    crowded = False  # notes need all of the page
    lines_after: int | None = 0  # lines of text for which there is room after a call; None: its note waits
    called: list[Any]  # notes laid out for lines of this page
    begun: list[Any]  # those of them that go on overleaf
    held: list[Any] | None = None  # the notes of the page, while they do not give way
    latest = 0.0, -inf  # what was last asked of `overflows_page`: the line that calls a note, or the one after it

    def begin_page(self, *, textless: bool) -> None:
        """Get ready for a page; what waits is put in order, for WeasyPrint moves notes from the last to the first."""
        self.reported_footnotes.sort(key=lambda note: note.part.number)
        self.waiting = self.reported_footnotes  # of which `make_page` keeps the list
        self.closed, self.textless, self.crowded = False, textless, False

    def overflows_page(self, bottom_space: float, position_y: float) -> bool:
        """True where a position is below the end of the page; it is kept in mind."""
        self.latest = bottom_space, position_y
        overflows: bool = super().overflows_page(bottom_space, position_y)
        return overflows

    def _update_footnote_area(self) -> bool:
        latest = self.latest
        overflow: bool = super()._update_footnote_area()
        self.latest = latest  # of the text, not of the notes
        area = self.current_footnote_area
        if not area.children and not self.in_column:  # WeasyPrint keeps room for the rule of no notes
            self.page_bottom += area.margin_height()
            area.height = "auto"
        return overflow

    @property
    def page_height(self) -> float:
        """That of the text block."""
        height: float = self.current_footnote_area.page.height
        return height

    @property
    def notes_height(self) -> float:
        """That of the page's notes, with their rule."""
        height: float = self.current_footnote_area.margin_height() if self.current_page_footnotes else 0.0
        return height

    def layout_footnote(self, footnote: Any) -> bool:
        """Add a note to the page; true where there is no room for it, as far as the notes alone can tell."""
        self._let_go()
        if self.waiting is not None and self.closed:
            self.footnotes.remove(footnote)
            self.current_page_footnotes.append(footnote)
            return True
        part = footnote.part
        part.room, part.forced = self.page_height, False
        overflow = super().layout_footnote(footnote)
        if self.waiting is not None and footnote in self.waiting:
            return not self._place_waiting(footnote, self.waiting)
        self.called.append(footnote)
        return overflow or part.failed or part.rest is not None or self._excess(footnote) > _TINY

    def unlayout_footnote(self, footnote: Any) -> None:
        """Take a note back: the line that calls it moves to another page."""
        self._let_go()
        if footnote not in self.footnotes:
            self._forget_rest(footnote)
        super().unlayout_footnote(footnote)

    def report_footnote(self, footnote: Any) -> None:
        """Begin a note for which there is no room on this page, and let the rest wait; else all of it.

        One that has begun does not give way to lines of later paragraphs, if its lines would be too few then:
        WeasyPrint would leave its room empty. It is told that there are no notes that could.
        """
        self._let_go()
        part = footnote.part
        alone = not self.reported_footnotes
        stays = self._gives_way(footnote) or (alone and self._fits(footnote))
        # Its line may stay where the note begins, and must where notes before it wait: no other page would be better.
        footnote.style["footnote_policy"] = part.policy if alone and not stays else "auto"
        if not stays and footnote in self.begun:
            self.held, self.current_page_footnotes = self.current_page_footnotes, []
        elif not stays:
            self._wait(footnote)

    def take_up_forgotten(self, root: Any) -> None:
        """Let notes wait that are called on the page and were never laid out.

        Where a note gives way to a line (3. above), WeasyPrint forgets the notes that are called in that line.
        """
        if self.footnotes:
            called = [box.footnote for box in root.descendants() if box.footnote in self.footnotes]
            self.footnotes = [note for note in self.footnotes if note not in called]
            self.reported_footnotes += called

    def begin_text(self, lines_after: int | None, *arguments: Any) -> Callable[[], None]:
        """Get ready for the text of a page; gives what undoes its layout."""
        self.lines_after, self.called, self.begun = lines_after, [], []
        area, bottom, height = self.current_footnote_area, self.page_bottom, self.current_footnote_area.height
        lists = [(each, [*each]) for each in arguments if isinstance(each, list)]  # boxes to be placed, margins
        footnotes, reported, current = [*self.footnotes], [*self.reported_footnotes], [*self.current_page_footnotes]
        parts = [(note.part, note.part.room, note.part.forced) for note in current]
        shapes, floats = [*self.excluded_shapes], {**self.broken_out_of_flow}

        def put_back() -> None:
            for each, before in lists:
                each[:] = before
            for part, room, forced in parts:
                part.room, part.forced = room, forced
            self.footnotes, self.reported_footnotes, self.current_page_footnotes = footnotes, reported, current
            self.excluded_shapes, self.broken_out_of_flow = shapes, floats
            for pages in self.running_elements.values():
                pages.pop(self.current_page, None)
            self.page_bottom, area.height = bottom, height
            self._update_footnote_area()

        return put_back

    def room_for_notes(self, root: Any) -> float:
        """The height between the text of a page and its end."""
        page = self.current_footnote_area.page
        room: float = page.content_box_y() + page.height - max(lowest(root), page.content_box_y())
        return room

    def has_driven_out(self, room: float) -> bool:
        """True where a note moved to another page with the line that calls it, or without, and left a gap."""
        if any(note not in self.current_page_footnotes for note in self.begun):
            return True
        gap = room - self.notes_height > GAP * self.page_height
        return gap and any(note not in self.current_page_footnotes for note in self.called)

    def is_in_the_way(self, room: float) -> bool:
        """True where the text, which has to begin, lies over notes from the page before."""
        from_before = any(note not in self.called for note in self.current_page_footnotes)
        return not self.textless and from_before and self.notes_height > room + _NEARLY

    def make_way(self, room: float) -> None:
        """Let the notes from the page before take no more than the room for them."""
        while self.notes_height > room + _NEARLY:
            note = self.current_page_footnotes[-1]
            if self._divide(note, room, forced=False):
                self._forget_rest(note)
                self.reported_footnotes += rest_of(note)
            else:
                self._wait(note)

    def fill(self, root: Any) -> None:
        """Give the room that the text of the page has left to the note that goes on overleaf."""
        self._let_go()
        note = self.current_page_footnotes[-1] if self.current_page_footnotes else None
        if note is None or not self._rests(note):
            return
        room = self.room_for_notes(root)
        if room > self.notes_height + _TINY and self._divide(note, room, forced=note.part.forced):
            self._forget_rest(note)
            self.reported_footnotes += rest_of(note)

    def _let_go(self) -> None:
        if self.held is not None:
            self.current_page_footnotes, self.held = self.held, None

    def _wait(self, note: Any) -> None:
        """Move a note to the next page."""
        self._forget_rest(note)
        note.part.room, note.part.forced = self.page_height, False
        super().report_footnote(note)

    def _excess(self, note: Any, lines_after: int | None = None) -> float:
        """How much too high the notes are for the line that was laid out last, and as many lines after it."""
        from weasyprint.text.line_break import strut

        bottom_space, position = self.latest
        lines = self.lines_after if lines_after is None else lines_after
        after: float = lines * strut(note.style.parent_style)[0] if lines else 0.0
        excess: float = position + bottom_space + after - self.page_bottom
        return excess

    def _fits(self, note: Any) -> bool:
        """True where there is room for all of a note under its line, if not for the lines after that."""
        in_text = self.waiting is None and not self.in_column
        return in_text and note.part.rest is None and not note.part.failed and self._excess(note, 0) <= _TINY

    def _place_waiting(self, note: Any, waiting: list[Any]) -> bool:
        """Make a note from the page before fit; the first of them must, or no page would ever have it."""
        part, first = note.part, note is waiting[0]
        rooms = [1.0] if self.textless else [NOTES, MOST, 1.0] if first else [NOTES, MOST]
        for room, forced in [*((room, False) for room in rooms), *([(rooms[0], True)] if first else [])]:
            height = room * self.page_height
            whole = not part.failed and part.rest is None and self.notes_height <= height + _TINY
            if whole or self._divide(note, height, forced=forced):
                self.crowded = room > MOST and not self.textless
                break
        else:
            if not first:
                return False
            part.forced, self.crowded = True, not self.textless  # what cannot be broken anywhere is cut
            self._update_footnote_area()
        if rest := rest_of(note):
            place = waiting.index(note) + 1
            waiting[place:place] = rest
            self.closed = True
        return True

    def _gives_way(self, note: Any) -> bool:
        """Divide a note for which there is no room; false where it cannot begin here."""
        part = note.part
        others = [each for each in self.reported_footnotes if each.part.number != part.number]
        before = any(each.part.number < part.number for each in others)
        if self.waiting is not None or self.in_column or before or note is not self.current_page_footnotes[-1]:
            return False
        if self.lines_after is None and part.start is None:
            return False
        excess = self._excess(note)
        if excess <= _TINY and (self._rests(note) or (part.rest is None and not part.failed)):
            return False
        room = min(self.notes_height - max(excess, 0.0), NOTES * self.page_height)
        if not self._divide(note, room, forced=False):
            return False
        self.begun.append(note)
        self._forget_rest(note)
        self.reported_footnotes += rest_of(note)
        return True

    def _divide(self, note: Any, height: float, *, forced: bool) -> bool:
        """Cut the last note so that all notes of the page are no higher than `height`; false where it cannot be."""
        part = note.part
        before = part.room, part.forced
        part.room, part.forced = self.page_height, forced
        self._update_footnote_area()
        for _ in range(_TRIES):
            excess = self.notes_height - height
            if part.failed or (part.lines < LINES and not forced):
                break
            if excess > _TINY:
                part.room = part.height - excess
            elif part.rest is None or self._lines_left(note) >= LINES:
                return True
            else:
                part.room = part.height - part.last_line / 2
            self._update_footnote_area()
        part.room, part.forced = before
        self._update_footnote_area()
        return False

    def _lines_left(self, note: Any) -> int:
        """How many lines go on overleaf; where there are many, some of them."""
        from weasyprint.formatting_structure.build import create_anonymous_boxes
        from weasyprint.layout.block import block_level_layout

        (rest,) = rest_of(note)
        rest.part.room, rest.part.forced = 4 * LINES * max(note.part.last_line, 1.0), True
        area = self.current_footnote_area.copy()
        area.children = [rest]
        latest = self.latest
        block_level_layout(self, create_anonymous_boxes(area.deepcopy()), -inf, None, area.page)
        self.latest = latest
        return LINES if rest.part.rest is not None else rest.part.lines

    def _rests(self, note: Any) -> list[Any]:
        """What waits of a note that has begun."""
        found = (each for each in self.reported_footnotes if each.part.number == note.part.number)
        return [each for each in found if each is not note and each.part.start is not None]

    def _forget_rest(self, note: Any) -> None:
        rests = self._rests(note)
        self.reported_footnotes = [each for each in self.reported_footnotes if each not in rests]
