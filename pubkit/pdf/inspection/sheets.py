"""One page read: its boxes, what lies over it, and its content run."""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Object, Page

from pubkit.pdf.inspection import values
from pubkit.pdf.inspection.canvas import FAULTS, Canvas, Shelf, State, fault
from pubkit.pdf.inspection.geometry import MM, Matrix, Rectangle, in_mm, number, numbers, on_page, placed
from pubkit.pdf.inspection.painting import run_content
from pubkit.pdf.inspection.values import Annotation, Box

LETTER: Rectangle = (0.0, 0.0, 612.0, 792.0)  # what viewers take where a page has no MediaBox

_MOST_ANNOTATIONS = 1000


def read_sheet(page: Page, index: int, shelf: Shelf) -> values.Page:
    """The page; whatever is wrong with it stands in its faults."""
    faults: list[str] = []
    written = _rectangle(page.obj, "/MediaBox")
    if written is None or written[2] - written[0] < 1 or written[3] - written[1] < 1:
        faults.append("no MediaBox")
        written = LETTER
    turned, unit = _turned(page.obj), _unit(page.obj)
    to_page = on_page(written, turned, unit)
    media = placed(written, to_page)
    boxes = {name: _box(page.obj, f"/{name}Box", to_page) for name in ("Crop", "Bleed", "Trim", "Art")}
    media_box = in_mm(media) or Box(left=0, bottom=0, right=0, top=0)
    canvas = Canvas(
        shelf=shelf,
        base=to_page,
        media=media,
        trim=boxes["Trim"] or media_box,
        state=State(ctm=to_page),
        resources=_resources(page),
    )
    try:
        run_content(canvas, page, None)
    except FAULTS:  # of the page's own dictionaries
        fault(canvas, "content that cannot be read")
    return values.Page(
        number=index + 1,
        label=_label(page, index),
        media=media_box,
        crop=boxes["Crop"],
        bleed=boxes["Bleed"],
        trim=boxes["Trim"],
        art=boxes["Art"],
        origin=(round(written[0] * MM, 3), round(written[1] * MM, 3)),
        turned=turned,
        images=tuple(canvas.images),
        text=tuple(canvas.text),
        lines=tuple(canvas.lines[width] for width in sorted(canvas.lines)),
        areas=tuple(canvas.areas),
        colours=tuple(canvas.colours.values()),
        fonts=tuple(canvas.fonts),
        missing=tuple(canvas.missing.items()),
        transparency=tuple(canvas.transparency),
        annotations=_annotations(page.obj, to_page),
        blank=not canvas.marked and not canvas.faults,
        corner_marks=len(canvas.corners) == 8,
        faults=(*faults, *canvas.faults),
    )


def _resources(page: Page) -> Object:
    found = page.obj.get("/Resources")
    return found if isinstance(found, Dictionary) else Dictionary()


def _label(page: Page, index: int) -> str:
    try:
        return "".join(c if c.isprintable() else "?" for c in str(page.label))[:20] or str(index + 1)
    except FAULTS:
        return str(index + 1)


def _turned(page: Object) -> int:
    try:
        turned = int(number(page.get("/Rotate", 0))) % 360
    except FAULTS:
        return 0
    return turned if turned in (0, 90, 180, 270) else 0


def _unit(page: Object) -> float:
    try:
        unit = number(page.get("/UserUnit", 1))
    except FAULTS:
        return 1.0
    return unit if 0 < unit <= 1000 else 1.0


def _rectangle(of: Object, key: str) -> Rectangle | None:
    """A rectangle, its corners in any order (ISO 32000-1, 7.9.5)."""
    try:
        written: Any = of.get(key)
        if not isinstance(written, Array):
            return None
        a, b, c, d = numbers(written, 4)
    except FAULTS:
        return None
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _box(page: Object, key: str, to_page: Matrix) -> Box | None:
    written = _rectangle(page, key)
    return in_mm(placed(written, to_page)) if written else None


def _annotations(page: Object, to_page: Matrix) -> tuple[Annotation, ...]:
    found = []
    try:
        written = page.get("/Annots")
        for each in list(written)[:_MOST_ANNOTATIONS] if isinstance(written, Array) else ():
            if isinstance(each, Dictionary):
                kind = str(each.get("/Subtype", "")).removeprefix("/")[:40]
                found.append(Annotation(kind=kind, box=_box(each, "/Rect", to_page)))
    except FAULTS:
        return tuple(found)
    return tuple(found)
