"""Colours, images and forms, and the table of all operators (ISO 32000-1, 8.6 to 8.10, annex A)."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Stream

from pubkit.pdf.inspection import lettering, strokes
from pubkit.pdf.inspection.canvas import (
    FAULTS,
    MOST_OPERATORS,
    Canvas,
    State,
    add_area,
    device_space,
    fault,
    painted,
    resource,
    shown,
)
from pubkit.pdf.inspection.colours import PATTERN, space_of
from pubkit.pdf.inspection.geometry import MM, Rectangle, common, matrix, number, numbers, placed, times
from pubkit.pdf.inspection.pictures import Picture, read_picture
from pubkit.pdf.inspection.strokes import Operation, end_path
from pubkit.pdf.inspection.values import Colour, PlacedImage, Space

DEEPEST = 12  # forms in forms
LARGEST = 24_000_000  # bytes of the content of a page or a form
_KEPT = 200  # contents of forms that are kept at a time, each of at most so many operators:
_SHORT = 3000
_LONGEST_NAME = 20
_UNIT: Rectangle = (0.0, 0.0, 1.0, 1.0)


def run_content(canvas: Canvas, content: Object | Page, resources: Any) -> None:
    """Run the operators of a page, a form or a tile; what cannot be understood is counted and left out."""
    kept = canvas.resources, canvas.spaces, canvas.stack, canvas.text_matrix, canvas.line_matrix
    if isinstance(resources, Dictionary):
        canvas.resources, canvas.spaces = resources, {}
    canvas.stack = []
    canvas.depth += 1
    for name, operands in _instructions(canvas, content):
        canvas.operators += 1
        if canvas.operators > MOST_OPERATORS:
            canvas.faults.setdefault(f"more than {MOST_OPERATORS} operators", 1)
            break
        if (operation := OPERATIONS.get(name)) is not None:
            try:
                operation(canvas, operands)
            except FAULTS:
                fault(canvas, f"an operator {name} that makes no sense")
    canvas.depth -= 1
    canvas.resources, canvas.spaces, canvas.stack, canvas.text_matrix, canvas.line_matrix = kept


def _instructions(canvas: Canvas, content: Object | Page) -> list[tuple[str, Any]]:
    """Operators with their operands."""
    key = (0, 0) if isinstance(content, Page) else content.objgen
    contents = canvas.shelf.contents
    if key in contents:
        return contents[key]
    try:
        if _length(content) > LARGEST:
            fault(canvas, f"content of more than {LARGEST // 1_000_000} MB")
            return []
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            read = pikepdf.parse_content_stream(content)
        found: list[tuple[str, Any]] = [(str(each.operator), each.operands) for each in read]
        for each in dict.fromkeys(str(warning.message) for warning in said):
            fault(canvas, f"content with a fault: {each[:80]}")
    except FAULTS:
        fault(canvas, "content that cannot be read")
        return []
    if key != (0, 0) and len(found) <= _SHORT:
        if len(contents) >= _KEPT:
            contents.clear()
        contents[key] = found
    return found


def _length(content: Object | Page) -> int:
    """The bytes of a page's or a form's content, decoded."""
    written = content.obj.get("/Contents") if isinstance(content, Page) else content
    streams = list(written) if isinstance(written, Array) else [written]
    return sum(len(each.read_bytes()) for each in streams if isinstance(each, Stream))


def _device(name: str, count: int, *, stroke: bool) -> Operation:
    """The operators that set a device's colour space and a colour at once."""

    def run(canvas: Canvas, operands: Sequence[Any]) -> None:
        values = tuple(round(each, 4) for each in numbers(operands, count))
        _set(canvas, Colour(space=device_space(canvas, name), values=values), stroke=stroke)

    return run


def _set(canvas: Canvas, colour: Colour, *, stroke: bool) -> None:
    if stroke:
        canvas.state.stroke = colour
    else:
        canvas.state.fill = colour


def _space(*, stroke: bool) -> Operation:
    """The operators cs and CS; the first colour of a space is black, or full ink (8.6.5 to 8.6.6)."""

    def run(canvas: Canvas, operands: Sequence[Any]) -> None:
        name = str(operands[0])
        if name not in canvas.spaces:
            canvas.spaces[name] = space_of(operands[0], canvas.resources.get("/ColorSpace"))
        space = canvas.spaces[name]
        _set(canvas, Colour(space=space, values=_first(space)), stroke=stroke)

    return run


def _first(space: Space) -> tuple[float, ...]:
    match space.model:
        case "cmyk" if space.family != "Indexed":
            return (0.0, 0.0, 0.0, 1.0)
        case "spot":
            return (1.0,) * space.components
        case "grey" | "rgb" | "lab" if space.family != "Indexed":
            return (0.0,) * space.components
    return ()


def _colour(*, stroke: bool) -> Operation:
    """The operators sc, scn, SC and SCN."""

    def run(canvas: Canvas, operands: Sequence[Any]) -> None:
        now = (canvas.state.stroke if stroke else canvas.state.fill).space
        if len(operands) and isinstance(operands[-1], Name):
            _set(canvas, _pattern(canvas, operands, now), stroke=stroke)
        elif now.family == "Indexed":
            _set(canvas, Colour(space=now), stroke=stroke)
        else:
            values = tuple(round(number(each), 4) for each in operands)
            _set(canvas, Colour(space=now, values=values), stroke=stroke)

    return run


def _pattern(canvas: Canvas, operands: Sequence[Any], now: Space) -> Colour:
    """The colour space that a pattern brings; what a tile paints is looked at here, once a page."""
    found = resource(canvas, "/Pattern", operands[-1])
    if not isinstance(found, Dictionary | Stream):
        return Colour(space=PATTERN)
    if found.get("/PatternType") == 2:
        shading = found.get("/Shading")
        named = canvas.resources.get("/ColorSpace")
        return Colour(space=space_of(shading.get("/ColorSpace"), named) if shading is not None else PATTERN)
    if isinstance(found, Stream) and found.objgen not in canvas.patterns:
        canvas.patterns.add(found.objgen)
        before, canvas.in_pattern = canvas.in_pattern, True
        kept, canvas.state = (
            canvas.state,
            State(ctm=times(matrix(found.get("/Matrix", (1, 0, 0, 1, 0, 0))), canvas.base)),
        )
        run_content(canvas, found, found.get("/Resources"))
        canvas.state, canvas.in_pattern = kept, before
    base = now.base
    if base is None or base.model in ("pattern", "unknown"):
        return Colour(space=PATTERN)
    return Colour(space=base, values=tuple(round(number(each), 4) for each in list(operands)[:-1]))


def shading(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Fill the clipped area with a shading (sh)."""
    found = resource(canvas, "/Shading", operands[0])
    area = common(canvas.media, canvas.state.clip) if canvas.state.clip else None
    box = (
        shown(canvas, canvas.state.clip if canvas.state.clip and _is_small(canvas.state.clip) else area)
        if area
        else None
    )
    if not isinstance(found, Dictionary | Stream) or box is None:
        return
    space = space_of(found.get("/ColorSpace"), canvas.resources.get("/ColorSpace"))
    painted(canvas, "shading", Colour(space=space), box)
    add_area(canvas, "shading", box, white=False)


def _is_small(of: Rectangle) -> bool:
    return max(map(abs, of)) < 1e5


def do(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Paint an external object (Do): an image, or a form."""
    found = resource(canvas, "/XObject", operands[0])
    if not isinstance(found, Stream):
        fault(canvas, f"there is no object {operands[0]}")
        return
    match found.get("/Subtype"):
        case "/Image":
            _place(canvas, str(operands[0]).removeprefix("/")[:_LONGEST_NAME], _picture(canvas, found))
            if "/SMask" in found or found.get("/SMaskInData", 0) not in (0, None):
                canvas.transparency.setdefault("soft mask")
        case "/Form":
            _form(canvas, found)


def _picture(canvas: Canvas, found: Stream) -> Picture:
    key = found.objgen
    if key not in canvas.shelf.pictures:
        canvas.shelf.pictures[key] = read_picture(found, canvas.resources.get("/ColorSpace"))
    return canvas.shelf.pictures[key]


def _place(canvas: Canvas, name: str, picture: Picture) -> None:
    state = canvas.state
    a, b, c, d, _, _ = state.ctm
    across, down = math.hypot(a, b), math.hypot(c, d)
    box = shown(canvas, placed(_UNIT, state.ctm))
    if box is None or not across or not down or not box.width or not box.height:
        return
    if picture.mask:
        painted(canvas, "fill", state.fill, box)
    else:
        painted(canvas, "image", Colour(space=picture.space), box)
    canvas.images.append(
        PlacedImage(
            name=name,
            pixels=picture.pixels,
            size=(round(across * MM, 2), round(down * MM, 2)),
            box=box,
            ppi=round(min(picture.pixels[0] / across, picture.pixels[1] / down) * 72, 1),
            bits=picture.bits,
            mask=picture.mask,
            space=picture.space,
            filters=picture.filters,
            ink=picture.ink,
        )
    )
    add_area(canvas, f"image {name}", box, white=False)


def _form(canvas: Canvas, form: Stream) -> None:
    if canvas.depth >= DEEPEST:
        fault(canvas, f"forms lie more than {DEEPEST} deep in each other")
        return
    kept, canvas.state = canvas.state, canvas.state.saved()
    try:
        canvas.state.ctm = times(matrix(form.get("/Matrix", (1, 0, 0, 1, 0, 0))), canvas.state.ctm)
        if "/BBox" in form:
            left, bottom, right, top = numbers(form.BBox, 4)
            edge = placed((left, bottom, right, top), canvas.state.ctm)
            canvas.state.clip = common(canvas.state.clip, edge) if canvas.state.clip else None
        run_content(canvas, form, form.get("/Resources"))
    finally:
        canvas.state = kept


def inline_image(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Paint the image that stands in the content (BI)."""
    image = operands[0]
    space = space_of(image.obj.get("/ColorSpace", image.obj.get("/CS")), canvas.resources.get("/ColorSpace"))
    mask = bool(image.image_mask)
    picture = Picture(
        pixels=(max(1, int(image.width)), max(1, int(image.height))),
        bits=1 if mask else int(image.bits_per_component or 8),
        mask=mask,
        space=space,
        filters=tuple(str(each).removeprefix("/").removesuffix("Decode") for each in image.filters),
    )
    _place(canvas, "in the text of the page", picture)


OPERATIONS: Mapping[str, Operation] = {
    "q": strokes.save,
    "Q": strokes.restore,
    "cm": strokes.change,
    "w": strokes.line_width,
    "gs": strokes.graphics_state,
    "g": _device("/DeviceGray", 1, stroke=False),
    "G": _device("/DeviceGray", 1, stroke=True),
    "rg": _device("/DeviceRGB", 3, stroke=False),
    "RG": _device("/DeviceRGB", 3, stroke=True),
    "k": _device("/DeviceCMYK", 4, stroke=False),
    "K": _device("/DeviceCMYK", 4, stroke=True),
    "cs": _space(stroke=False),
    "CS": _space(stroke=True),
    "sc": _colour(stroke=False),
    "scn": _colour(stroke=False),
    "SC": _colour(stroke=True),
    "SCN": _colour(stroke=True),
    "m": strokes.move,
    "l": strokes.line,
    "c": strokes.curve,
    "v": strokes.curve,
    "y": strokes.curve,
    "re": strokes.rectangle,
    "W": strokes.clip,
    "W*": strokes.clip,
    "n": end_path(),
    "f": end_path(fill=True),
    "F": end_path(fill=True),
    "f*": end_path(fill=True),
    "S": end_path(stroke=True),
    "s": end_path(stroke=True),
    "B": end_path(fill=True, stroke=True),
    "B*": end_path(fill=True, stroke=True),
    "b": end_path(fill=True, stroke=True),
    "b*": end_path(fill=True, stroke=True),
    "sh": shading,
    "Do": do,
    "INLINE IMAGE": inline_image,
    "BT": lettering.begin,
    "Tf": lettering.font,
    "Tc": lettering.put("spacing"),
    "Tw": lettering.put("word_spacing"),
    "Tz": lettering.put("scaling", 0.01),
    "TL": lettering.put("leading"),
    "Ts": lettering.put("rise"),
    "Tr": lettering.mode,
    "Td": lettering.step,
    "TD": lettering.step_leading,
    "Tm": lettering.place,
    "T*": lettering.next_line,
    "Tj": lettering.show,
    "TJ": lettering.show_spaced,
    "'": lettering.show_next,
    '"': lettering.show_next_spaced,
}
