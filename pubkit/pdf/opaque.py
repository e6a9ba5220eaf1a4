"""Transparency taken out of a file for PDF/X-1a, as far as that can be done without making pages pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Dictionary, Name, Object, Pdf

from pubkit.images.separation import Inks, Pixels, print_pixels
from pubkit.pdf.canvases import Canvas, all_resources, canvas_of, canvases, used
from pubkit.pdf.drawings import DRAWING
from pubkit.pdf.pictures import write_picture

RESOLUTION = 600  # ppi: what printers ask of lines and letters
MAX_PIXELS = 40_000_000  # of one drawing
_DRAWING = f"/{DRAWING}"


@dataclass(slots=True, kw_only=True)
class Flattened:
    """What was found: drawings that are pixels now, as (page from 0, address); pages that are transparent still."""

    drawings: list[tuple[int, str]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)


def flatten(target: Pdf, inks: Inks) -> Flattened:
    """Make pixels of transparent drawings and take out what PDF 1.3 does not know: graphics states and groups.

    Masks of pictures stay, for `recolour` lays these on white.
    """
    found = Flattened()
    known: dict[tuple[int, int], bool] = {}
    for number, page in enumerate(target.pages):
        canvas = canvas_of(page.obj)
        for form in _transparent_drawings(canvas, known):
            found.drawings.append((number, str(form[_DRAWING][0])))
            _make_pixels(target, form, inks)
            known[form.objgen] = False
        if _is_transparent(canvas, known):
            found.pages.append(number)
    for canvas in list(canvases(target)):
        _take_out(canvas)
    for resources, _ in list(all_resources(target)):
        if "/ExtGState" in resources:
            del resources["/ExtGState"]
    return found


def _transparent_drawings(canvas: Canvas, known: dict[tuple[int, int], bool]) -> list[Object]:
    found = []
    for each in _inner(canvas):
        if known.get(each.objgen) is False:
            continue
        if _DRAWING not in each:
            found += _transparent_drawings(canvas_of(each), known)
        elif _is_transparent(canvas_of(each), known, pictures=True):
            found.append(each)
    return found


def _is_transparent(canvas: Canvas, known: dict[tuple[int, int], bool], *, pictures: bool = False) -> bool:
    """Whether what a canvas uses is transparent (ISO 32000-1, 11.6.4); with `pictures`, soft masks count, too."""
    name = canvas.holder.objgen
    if name not in known:
        states = any(
            _is_transparent_state(each) if operator == "gs" else pictures and "/SMask" in each
            for operator, each in used(canvas)
        )
        known[name] = states or any(
            _is_transparent(canvas_of(each), known, pictures=pictures) for each in _inner(canvas)
        )
    return known[name]


def _inner(canvas: Canvas) -> Iterator[Object]:
    """The forms and patterns that a canvas uses."""
    for _, each in used(canvas):
        if each.get("/Subtype") == Name.Form or each.get("/PatternType") == 1:
            yield each


def _is_transparent_state(state: Object) -> bool:
    alpha = min(float(state.get("/ca", 1)), float(state.get("/CA", 1)))
    return alpha < 1 or isinstance(state.get("/SMask"), Dictionary) or state.get("/BM", Name.Normal) != Name.Normal


def _make_pixels(target: Pdf, form: Object, inks: Inks) -> None:
    """Put a picture of what a form draws in its place; on white, and with a hole where it draws nothing."""
    left, top, right, bottom = (float(edge) for edge in form.BBox)
    width, height = right - left, bottom - top
    picture = write_picture(target, print_pixels(_drawn(form), inks, opaque=True, drawn=True))
    form.Resources = Dictionary(XObject=Dictionary(Drawing=picture))
    form.write(f"{width:.4f} 0 0 {-height:.4f} {left:.4f} {bottom:.4f} cm\n/Drawing Do".encode())


def _drawn(form: Object) -> Pixels:
    """What a form draws, at RESOLUTION of its size on paper."""
    import pypdfium2

    left, top, right, bottom = (float(edge) for edge in form.BBox)
    across, down = (float(scale) for scale in list(form[_DRAWING])[1:])
    width, height = max((right - left) * across, 1), max((bottom - top) * down, 1)  # pt
    scale = min(RESOLUTION / 72, (MAX_PIXELS / (width * height)) ** 0.5)
    sheet = pikepdf.new()
    page = sheet.add_blank_page(page_size=(100, 100)).obj
    page.MediaBox = [0, 0, width, height]
    page.Resources = Dictionary(XObject=Dictionary(Drawing=sheet.copy_foreign(form)))
    page.Contents = sheet.make_stream(
        f"{across} 0 0 {-down} {-left * across:.4f} {bottom * down:.4f} cm /Drawing Do".encode()
    )
    stream = io.BytesIO()
    sheet.save(stream)
    document = pypdfium2.PdfDocument(stream)
    image = document[0].render(scale=scale, fill_color=(0, 0, 0, 0), maybe_alpha=True).to_pil().convert("RGBA")
    document.close()
    return Pixels(
        content=image.convert("RGB").tobytes(),
        form="raw",
        width=image.width,
        height=image.height,
        channels=3,
        alpha=image.getchannel("A").tobytes(),
    )


def _take_out(canvas: Canvas) -> None:
    for key in ("/Group", _DRAWING):
        if key in canvas.holder:
            del canvas.holder[key]
    for stream in canvas.streams:
        content = stream.read_bytes()
        if b" gs" in content:
            stream.write(b"\n".join(line for line in content.split(b"\n") if not line.endswith(b" gs")))
