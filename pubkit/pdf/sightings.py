"""What is seen on laid-out pages that matters to a printer or to a reader's eye: facts, without a judgement.

WeasyPrint's boxes say where everything stands. One walk over them notes every picture, the text outside the text
block, what is wider than its frame (pubkit.pdf.frames), lines that are divided badly (pubkit.pdf.line_faults), and
lines drawn too thin for a press (pubkit.pdf.hairlines). Nothing is changed. The facts depend on the document, the theme
and the page alone, never on what the PDF is made for, so that finished layouts can be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote

from pubkit.model import Area, GroundSeen, OverflowSeen, PageGeometry, PictureSeen, Sighting, TextSeen
from pubkit.pdf.frames import SLACK, Around, Rectangle, beside, common, inside
from pubkit.pdf.hairlines import Hairlines, drawn_sides, selector
from pubkit.pdf.line_faults import Lines, line_text, texts_of
from pubkit.pdf.print_tree import ASSET, BASE_URL

if TYPE_CHECKING:
    from weasyprint.document import Page

MM_PER_PX = 25.4 / 96
LEAST_OVERFLOW = 0.5  # mm; less is a matter of rounding, or of an italic letter

_WORDS = 200  # characters of a text that are noted

_What = Literal["line", "code", "table", "picture", "formula"]


def sightings(
    pages: Sequence[Page], page: PageGeometry, direction: str, *, running: bool, furniture: bool = False
) -> tuple[tuple[Sighting, ...], ...]:
    """What is seen on each page of a document that is laid out as rectos.

    `running` is for documents whose text runs from page to page, as that of articles does: its lines are looked at.
    Of `furniture` all text is noted, and only that and thin lines.
    """
    left, right = (page.outside, page.inside) if direction == "rtl" else (page.inside, page.outside)
    block = (left, page.top, page.width - right, page.height - page.bottom)
    reading = _Reading(pages, _in_px(block), running=running, furniture=furniture)
    return tuple(tuple(seen) for seen in reading.read())


def moved(sighting: Sighting, shift: float) -> Sighting:
    """The same sighting on a page that was moved to the right, by mm."""
    if shift and isinstance(sighting, (PictureSeen, TextSeen)):
        area = sighting.area
        left, right = round(area.left + shift, 3), round(area.right + shift, 3)
        return replace(sighting, area=replace(area, left=left, right=right))
    return sighting


class _Reading:
    """A document read page by page: what has been seen so far."""

    def __init__(self, pages: Sequence[Page], block: Rectangle, *, running: bool, furniture: bool) -> None:
        from weasyprint.formatting_structure import boxes

        self._boxes = boxes
        self._pages = pages
        self._block = block  # the text block of the theme's page, a recto
        self._furniture = furniture
        self._lines = Lines() if running else None
        self._hairlines = Hairlines()
        self._seen: list[list[Sighting]] = [[] for _ in pages]
        self._widest: dict[object, tuple[int, OverflowSeen]] = {}  # of every paragraph and table, by its reading
        self._number = 0  # of the page
        self._paper: Rectangle = (0.0, 0.0, 0.0, 0.0)

    def read(self) -> list[list[Sighting]]:
        """Read all pages."""
        for number, page in enumerate(self._pages):
            box = page._page_box  # noqa: SLF001 - WeasyPrint has no public way to the boxes of a page
            self._number, self._paper = number, (0.0, 0.0, page.width, page.height)
            left = box.content_box_x()
            around = Around(left, left + box.width, "text")
            for child in box.children:
                if isinstance(child, self._boxes.MarginBox):
                    self._read(child, Around(0.0, page.width, "other", flow=False))
                elif isinstance(child, self._boxes.FootnoteAreaBox):
                    self._read(child, replace(around, part="other", flow=False))
                else:
                    self._read(child, around)
        for number, overflow in self._widest.values():
            self._seen[number].append(overflow)
        for number, fault in self._lines.faults(len(self._pages)) if self._lines else ():
            self._seen[number].append(fault)
        return self._seen

    def _read(self, box: Any, around: Around, parent: Any = None, *, fitted: bool = False) -> None:
        box = getattr(box, "_box", box)  # of what is placed absolutely
        kinds = self._boxes
        if isinstance(box, kinds.TextBox) or box.is_outside_marker or box.transformation_matrix is not None:
            return  # markers hang where the style sheet wants them; where a turned box stands, only drawing knows
        if box.element is not None:
            around = beside(box, around)
        if isinstance(box, kinds.LineBox):
            self._read_line(box, around)
            return
        self._seen[self._number].extend(self._hairlines.see(box, around.near))
        if isinstance(box, kinds.ReplacedBox):
            self._read_picture(box, around)
            return
        self._read_ground(box, around)
        if box.is_table_wrapper:
            self._read_table(box, around)
        inner = inside(box, around, parent, fitted=fitted and not box.is_table_wrapper, width=self._paper[2])
        fitting = isinstance(box, (kinds.FlexContainerBox, kinds.GridContainerBox))
        for child in box.children:
            self._read(child, inner, box, fitted=fitting)

    # --- lines -------------------------------------------------------------------------------------------------

    def _read_line(self, line: Any, around: Around) -> None:
        left, right = line.position_x, line.position_x + line.width
        if (left < around.left - SLACK or right > around.right + SLACK) and not self._furniture:
            self._read_wide_line(line, around)
        if self._is_outside((left, line.position_y, right, line.position_y + line.height)):
            self._read_outside(line, around)
        if self._lines is not None:
            self._lines.see(line, self._number, around.part, around.near, flow=around.flow)
        self._read_inline(line, around)

    def _read_inline(self, box: Any, around: Around) -> None:
        """Look at what is in a line, or in an inline box, beside text."""
        for child in box.children:
            if isinstance(child, self._boxes.TextBox):
                continue
            if isinstance(child, self._boxes.InlineBox):
                within = beside(child, around)
                self._seen[self._number].extend(self._hairlines.see(child, within.near))
                self._read_inline(child, within)
            else:
                self._read(child, around)

    def _read_wide_line(self, line: Any, around: Around) -> None:
        sides = [_edges(text) for text in texts_of(line) if text.text.strip()]
        # What is beyond the page altogether is not printed, which pubkit.pdf.text_cut tells.
        sides = [(left, right) for left, right in sides if right > 0 and left < self._paper[2]]
        if sides:
            out = max(around.left - min(left for left, _ in sides), max(right for _, right in sides) - around.right)
            what: _What = "code" if around.part == "code" else "line"
            self._note_widest(getattr(line, "reading", id(line)), what, line_text(line), around, out)

    def _note_widest(self, key: object, what: _What, words: str, around: Around, out: float) -> None:
        """Keep the widest line of a paragraph, the widest part of a table; `out` is how far it sticks out, in px."""
        by = round(out * MM_PER_PX, 2)
        known = self._widest.get(key)
        if by >= LEAST_OVERFLOW and (known is None or by > known[1].by):
            self._widest[key] = self._number, OverflowSeen(what=what, words=words[:_WORDS], near=around.near, by=by)

    def _is_outside(self, area: Rectangle) -> bool:
        """Whether something is outside the text block; furniture is wherever it stands."""
        left, top, right, bottom = self._block
        beside = area[0] < left - SLACK or area[2] > right + SLACK
        return self._furniture or beside or area[1] < top - SLACK or area[3] > bottom + SLACK

    def _read_outside(self, line: Any, around: Around) -> None:
        """Note the text of a line that is outside the text block, as far as it shows."""
        areas = [common(around.clip, _ink(text)) for text in texts_of(line) if text.text.strip()]
        shown = [area for area in areas if self._is_outside(area) and _is_there(common(self._paper, area))]
        if shown:
            left, top, right, bottom = zip(*shown, strict=True)
            area = _area((min(left), min(top), max(right), max(bottom)))
            self._seen[self._number].append(TextSeen(words=line_text(line)[:_WORDS], near=around.near, area=area))

    def _read_ground(self, box: Any, around: Around) -> None:
        """Note a ground or a border that touches an edge of the paper, or goes beyond it."""
        if not (_is_coloured(box) or drawn_sides(box)):
            return
        left, top = box.border_box_x(), box.border_box_y()
        shown = common(around.clip, (left, top, left + box.border_width(), top + box.border_height()))
        right, bottom = self._paper[2:]
        touches = shown[0] < SLACK or shown[1] < SLACK or shown[2] > right - SLACK or shown[3] > bottom - SLACK
        if touches and _is_there(common(self._paper, shown)):
            self._seen[self._number].append(GroundSeen(element=selector(box), near=around.near, area=_area(shown)))

    # --- tables and pictures -----------------------------------------------------------------------------------

    def _read_table(self, box: Any, around: Around) -> None:
        left = box.border_box_x()
        out = max(around.left - left, left + box.border_width() - around.right)
        if out > SLACK and not self._furniture and not _has_own_width(box):
            key = "table", getattr(box, "reading", id(box))
            self._note_widest(key, "table", self._first_row(box), around, out)

    def _first_row(self, wrapper: Any) -> str:
        """The words of the first row of a table."""
        rows = (box for box in wrapper.descendants() if isinstance(box, self._boxes.TableRowBox))
        texts = (box for row in list(rows)[:1] for box in row.descendants() if isinstance(box, self._boxes.TextBox))
        return " ".join(" ".join(box.text.split()) for box in texts)

    def _read_picture(self, box: Any, around: Around) -> None:
        from weasyprint.layout.replaced import replacedbox_layout

        if not box.width or not box.height:
            return
        left, top = box.content_box_x(), box.content_box_y()
        right = left + box.width
        wide, high, x, y = replacedbox_layout(box)
        shown = common(common(around.clip, (left, top, right, top + box.height)), (x, y, x + wide, y + high))
        if not _is_there(shown):
            return
        if self._lines is not None and around.flow:
            self._lines.see_picture(self._number, shown[3] - shown[1])
        what, name = _called(box)
        if what is None or self._furniture:
            return
        by = round(max(around.left - left, right - around.right) * MM_PER_PX, 2)
        seen = self._seen[self._number]
        if by >= LEAST_OVERFLOW and (what == "formula" or box.style["width"] == "auto"):
            seen.append(OverflowSeen(what=what, words=name[:_WORDS], near=around.near, by=by))
        if what == "picture":
            picture = box.replacement
            has_pixels = hasattr(picture, "mode")
            ppi = min(picture.width / wide, picture.height / high) * 96 if has_pixels else 0.0
            seen.append(PictureSeen(image=name, near=around.near, area=_area(shown), ppi=round(ppi, 2)))


def _called(box: Any) -> tuple[Literal["picture", "formula"] | None, str]:
    """What a replaced box shows: a picture, with the name of its asset, or a formula, with its TeX."""
    if box.element is None:
        return None, ""
    source = box.element.get("src", "")
    if source.startswith(BASE_URL + ASSET):
        return "picture", unquote(source.removeprefix(BASE_URL + ASSET))
    return ("formula" if "math" in box.element.get("class", "").split() else None), box.element.get("alt", "")


def _is_coloured(box: Any) -> bool:
    """Whether a box has a ground that shows on white paper."""
    background = getattr(box, "background", None)
    if background is None:
        return False
    colour = background.color
    white = colour.alpha == 0 or all(part >= 1 for part in colour.to("srgb").coordinates)
    return not white or any(layer.image is not None for layer in background.layers)


def _in_px(area: Rectangle) -> Rectangle:
    left, top, right, bottom = (edge / MM_PER_PX for edge in area)
    return left, top, right, bottom


def _area(area: Rectangle) -> Area:
    left, top, right, bottom = (round(edge * MM_PER_PX, 3) for edge in area)
    return Area(left=left, top=top, right=right, bottom=bottom)


def _is_there(area: Rectangle) -> bool:
    return area[0] < area[2] and area[1] < area[3]


def _edges(text: Any) -> tuple[float, float]:
    """Where a text begins and ends, without the spaces that `white-space: pre-wrap` leaves at the end of a line."""
    length = len(text.text)
    spaces = (length - len(text.text.rstrip())) * text.width / length if length else 0.0
    if text.style["direction"] == "rtl":
        return text.position_x + spaces, text.position_x + text.width
    return text.position_x, text.position_x + text.width - spaces


def _ink(text: Any) -> Rectangle:
    """The rectangle that the letters of a text blacken; their line is higher, and a little wider."""
    from weasyprint.text.ffi import FROM_UNITS, ffi, pango

    layout = text.pango_layout
    layout.reactivate(text.style)  # as WeasyPrint does to draw
    line, _ = layout.get_first_line()
    ink = ffi.new("PangoRectangle *")
    pango.pango_layout_line_get_extents(line, ink, ffi.NULL)
    left, top = text.position_x + ink.x * FROM_UNITS, text.position_y + text.baseline + ink.y * FROM_UNITS
    area = left, top, left + ink.width * FROM_UNITS, top + ink.height * FROM_UNITS
    layout.deactivate()
    return area


def _has_own_width(wrapper: Any) -> bool:
    """Whether a table is as wide as the style sheet says, in so many words."""
    table = wrapper.get_wrapped_table()
    said: list[Any] = [box.style["width"] for box in (wrapper, table) if box is not None]
    return any(getattr(each, "unit", "") == "px" and abs(wrapper.border_width() - each.value) < 1 for each in said)
