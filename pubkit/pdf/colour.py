"""Colours for the press: whatever a page draws with, in the inks that it is printed with."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf

from pubkit.images.separation import Inks, limited, print_pixels, separated
from pubkit.model import Printing
from pubkit.pdf.canvases import all_resources, canvases
from pubkit.pdf.pictures import read_picture, write_picture

STEPS = 33  # of a gradient, between two of its colours
_NEUTRAL = 0.003  # by how much red, green and blue of a grey may differ: less than one of 255

# As in canvases: one operator a line. A space and the colour in it are on two lines that follow each other.
_RGB = re.compile(rb"^(\S+) (\S+) (\S+) (rg|RG)$", re.MULTILINE)
_SPACE = re.compile(rb"^/(\S+) (cs|CS)\n((?:\S+ )+)(?:scn|SCN)$", re.MULTILINE)

Colour = tuple[float, ...]


def srgb_profile() -> bytes:
    """The sRGB profile of the ICC, which comes with WeasyPrint; found without loading that, which needs Pango."""
    found = find_spec("weasyprint")
    return Path(str(found and found.origin)).with_name("pdf").joinpath("sRGB2014.icc").read_bytes()


def recolour(target: Pdf, printing: Printing, inks: Inks) -> None:
    """Give every colour of the file in ink: CMYK, or grey.

    Letters and lines without colour become black ink alone, so that they are sharp. Where colours are kept, only these
    are changed, and RGB means sRGB everywhere. For PDF/X-1a, pictures lose their soft masks.
    """
    keep = printing.colour == "keep"
    srgb = _srgb(target) if keep else None
    brush = _brush(inks, keep=keep)
    for canvas in list(canvases(target)):
        gray = inks.gray or canvas.luminosity
        for stream in canvas.streams:
            _repaint(stream, _bright if canvas.luminosity else brush)
        if "/Group" in canvas.holder:
            canvas.holder.Group.CS = Name.DeviceGray if gray else Name.DeviceCMYK
    for resources, luminosity in list(all_resources(target)):
        for each in dict(resources.get("/Shading", Dictionary())).values():
            _reshade(target, each, None if luminosity else inks, srgb)
        if "/ColorSpace" in resources:  # WeasyPrint's own, of Lab
            del resources["/ColorSpace"]
        if srgb is not None:
            resources.ColorSpace = Dictionary(DefaultRGB=srgb)
    if not keep:
        _print_pictures(target, inks, opaque=printing.standard == "PDF/X-1a:2001")


def _print_pictures(target: Pdf, inks: Inks, *, opaque: bool) -> None:
    pictures: dict[tuple[int, int], Object] = {}
    for resources, _ in all_resources(target):
        for each in dict(resources.get("/XObject", Dictionary())).values():
            if each.get("/Subtype") == Name.Image:
                pictures[each.objgen] = each
    for picture in pictures.values():
        pixels = read_picture(picture)
        if pixels and (pixels.channels > 1 or (opaque and pixels.alpha)):
            write_picture(target, print_pixels(pixels, inks, opaque=opaque), picture)


def _srgb(target: Pdf) -> Object:
    profile = target.make_stream(srgb_profile(), N=3, Alternate=Name.DeviceRGB)
    return target.make_indirect(Array([Name.ICCBased, profile]))


def _is_neutral(rgb: Colour) -> bool:
    return max(rgb) - min(rgb) < _NEUTRAL


def _written(*parts: float) -> bytes:
    return b" ".join(f"{max(0.0, min(1.0, part)):.4f}".rstrip("0").rstrip(".").encode() for part in parts)


def _operator(colour: Colour, *, stroke: bool) -> bytes:
    """The operator that sets a colour of one, three or four parts."""
    name = {1: b"g", 3: b"rg", 4: b"k"}[len(colour)]
    return _written(*colour) + b" " + (name.upper() if stroke else name)


def _brush(inks: Inks, *, keep: bool) -> Callable[[Colour], Colour]:
    """What a colour of letters and lines, in RGB or CMYK, becomes."""

    @cache
    def brush(colour: Colour) -> Colour:
        if len(colour) == 4:
            return limited(inks, colour)
        if inks.gray:
            return separated(inks, colour)
        if _is_neutral(colour):
            return 0, 0, 0, 1 - colour[1]
        return colour if keep else separated(inks, colour)

    return brush


def _bright(colour: Colour) -> Colour:
    """How bright a colour of a mask is (ISO 32000-1, 11.5.3)."""
    if len(colour) == 4:
        colour = tuple(1 - min(1.0, ink + colour[3]) for ink in colour[:3])
    return (sum(weight * part for weight, part in zip((0.3, 0.59, 0.11), colour, strict=True)),)


def _repaint(stream: Object, brush: Callable[[Colour], Colour]) -> None:
    content = stream.read_bytes()

    def rgb(found: re.Match[bytes]) -> bytes:
        colour = tuple(float(part) for part in found.groups()[:3])
        return _operator(brush(colour), stroke=found[4] == b"RG")

    def space(found: re.Match[bytes]) -> bytes:
        if found[1] == b"Pattern":
            return found[0]
        parts = tuple(float(part) for part in found[3].split())
        colour = parts if found[1] == b"DeviceCMYK" else _of_lab(*parts)
        return _operator(brush(colour), stroke=found[2] == b"CS")

    painted = _SPACE.sub(space, _RGB.sub(rgb, content))
    if painted != content:
        stream.write(painted)


def _of_lab(lightness: float, a: float, b: float) -> Colour:
    """A colour of CIELAB, for D50, in sRGB (IEC 61966-2-1), as near as that comes."""
    middle = (lightness + 16) / 116
    x, y, z = (
        white * (part**3 if part > 6 / 29 else (part - 4 / 29) * 108 / 841)
        for white, part in ((0.9642, middle + a / 500), (1.0, middle), (0.8249, middle - b / 200))
    )
    linear = (  # from XYZ for D50, Bradford adapted
        3.1338561 * x - 1.6168667 * y - 0.4906146 * z,
        -0.9787684 * x + 1.9161415 * y + 0.0334540 * z,
        0.0719453 * x - 0.2289914 * y + 1.4052427 * z,
    )
    parts = (min(1.0, max(0.0, part)) for part in linear)
    return tuple(12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in parts)


def _reshade(target: Pdf, shading: Object, inks: Inks | None, srgb: Object | None) -> None:
    """Give a gradient in inks; without `inks` it is one of a mask, of which the brightness counts.

    Between two greys it stays black ink alone; every other passes through the colours that it passes through in sRGB.
    """
    if shading.get("/ColorSpace") != Name.DeviceRGB:
        return
    parts = list(shading.Function.Functions)
    ends = [tuple(float(each) for each in part[key]) for part in parts for key in ("/C0", "/C1")]
    brush: Callable[[Colour], Colour]
    if inks is None:
        shading.ColorSpace, brush = Name.DeviceGray, _bright
    elif inks.gray:
        shading.ColorSpace, brush = Name.DeviceGray, lambda colour: separated(inks, colour)
    elif all(_is_neutral(colour) for colour in ends):
        shading.ColorSpace, brush = Name.DeviceCMYK, lambda colour: (0.0, 0.0, 0.0, 1 - colour[1])
    elif srgb is not None:
        shading.ColorSpace = srgb
        return
    else:
        shading.ColorSpace = Name.DeviceCMYK
        shading.Function.Functions = Array([_sampled(target, part, inks) for part in parts])
        return
    for part in parts:
        part.C0, part.C1 = (Array([_short(each) for each in brush(_numbers(part[key]))]) for key in ("/C0", "/C1"))


def _numbers(array: Any) -> Colour:
    return tuple(float(each) for each in array)


def _short(number: float) -> float:
    return round(max(0.0, min(1.0, number)), 4)


def _sampled(target: Pdf, part: Object, inks: Inks) -> Object:
    """A function between two colours (ISO 32000-1, 7.10.3) as a table of inks (7.10.2)."""
    first, last, power = _numbers(part.C0), _numbers(part.C1), float(part.N)
    low, high = _numbers(part.get("/Domain", (0, 1)))
    samples = bytearray()
    for step in range(STEPS):
        along = max(0.0, low + (high - low) * step / (STEPS - 1)) ** power
        colour = tuple(start + along * (end - start) for start, end in zip(first, last, strict=True))
        samples += bytes(round(ink * 255) for ink in separated(inks, colour))
    table = Dictionary(FunctionType=0, Domain=[low, high], Range=[0, 1] * 4, Size=[STEPS], BitsPerSample=8)
    return target.make_stream(bytes(samples), table)
