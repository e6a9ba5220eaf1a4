"""Files for the press: boxes, bleed and marks, colours in ink, and what PDF/X allows."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from fontTools.cffLib import CFFFontSet
from pdf_sample import FURNITURE_CSS, PAGE, PRINT_CSS, Printed, document, edition, paragraphs, theme
from PIL import Image, ImageChops, ImageCms, ImageDraw
from publications import png, publication

import pubkit
from pubkit.images.separation import Pixels, ProfileRefusedError, make_inks, print_pixels, profile_name, separated
from pubkit.model import Asset, Edition, Metadata, PrintSettings
from pubkit.pdf.pictures import write_picture
from pubkit.pdf.pieces import POINTS_PER_MM
from pubkit.printing import printing_of
from pubkit.report import Report

PURPOSES = sorted(tomllib.loads(files("pubkit").joinpath("printing.toml").read_text(encoding="utf-8")))
PROFILE = files("pubkit.pdf").joinpath("profiles", "ISOcoated_v2_300_bas.icc").read_bytes()
BLEED = 3 * POINTS_PER_MM
PAPER = (255, 255, 255)
SIZE = PAGE.width * POINTS_PER_MM, PAGE.height * POINTS_PER_MM
KINDS = [("press", {}), ("press", {"marks": True}), ("kdp", {}), ("kdp", {"bleed": 5.0})]
SHEER_STYLES = [
    "color: rgba(0, 0, 0, 0.5)",
    "background: linear-gradient(#f00, transparent)",
    "box-shadow: 0 0 3mm #888",
    "mix-blend-mode: multiply; opacity: 0.99",
]

GRADIENT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100" height="50">
<linearGradient id="g"><stop offset="0" stop-color="#c00"/><stop offset="1" stop-color="#00c"/></linearGradient>
<linearGradient id="h"><stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>
<rect width="100" height="25" fill="url(#g)"/><rect y="25" width="100" height="25" fill="url(#h)"/></svg>"""
SHEER = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100" height="50">
<rect width="60" height="50" fill="#c00" fill-opacity=".5"/><rect x="70" width="10" height="50" fill="#000"/></svg>"""
MASKED = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50" width="100" height="50">
<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="100" height="50">
<rect width="50" height="50" fill="#fc0"/></mask>
<rect width="100" height="50" fill="#0a0" mask="url(#m)"/></svg>"""
CSS = (
    PRINT_CSS
    + """
.red { color: rgb(200, 20, 20) } .grey { color: #595959 }
.lab { color: lab(50% 60 40) } .ink { color: device-cmyk(1 1 1 1) }
.bled { position: absolute; top: -60mm; left: -60mm; width: 300mm; height: 70mm; background: #008080 }
@page { background: #ffe0b0 }
"""
)
BODY = f"""<div class="bled"></div><h1 id="one">Letters</h1>
<p>Black <span class="red">red</span> <span class="grey">grey</span> <span class="lab">lab</span>
<span class="ink">ink</span> <a href="https://example.org/">web</a> <a href="#one">here</a></p>
<p><img src="photo.jpg" alt="Photo" style="width: 60mm"/> <img src="holes.png" alt="Holes" style="width: 20mm"/>
<img src="grey.jpg" alt="Grey" style="width: 20mm"/> <img src="line.png" alt="Line" style="width: 20mm"/></p>
<p><img src="gradient.svg" alt="Gradient" style="width: 50mm"/></p>{paragraphs(7)}"""


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **more)
    return stream.getvalue()


def photo() -> Image.Image:
    """All hues, from black to white: a picture that wants more ink than paper takes."""
    dark = Image.merge("HSV", (Image.linear_gradient("L"), Image.new("L", (256, 256), 200), Image.radial_gradient("L")))
    image = dark.convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, 60, 60), fill="black")
    return image


def holes() -> Image.Image:
    image = Image.new("RGBA", (60, 60), (200, 20, 20, 0))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 29, 59), fill=(200, 20, 20, 255))
    draw.rectangle((30, 0, 44, 59), fill=(200, 20, 20, 128))
    return image


def asset(name: str, content: bytes | str) -> Asset:
    data = content.encode() if isinstance(content, str) else content
    kind = {"svg": "svg+xml", "jpg": "jpeg", "png": "png"}[name.rpartition(".")[2]]
    return Asset(name=name, media_type=f"image/{kind}", screen=data, press=data, width=100, height=50)


@cache
def assets() -> tuple[Asset, ...]:
    line = Image.new("1", (80, 80))
    line.paste(1, (0, 0, 40, 80))
    return (
        asset("photo.jpg", saved(photo(), "JPEG", quality=90)),
        asset("holes.png", saved(holes(), "PNG")),
        asset("grey.jpg", saved(Image.radial_gradient("L"), "JPEG")),
        asset("line.png", saved(line, "PNG")),
        asset("gradient.svg", GRADIENT),
        asset("sheer.svg", SHEER),
        asset("masked.svg", MASKED),
    )


def purposed(purpose: str, body: str = BODY, css: str = CSS, **settings: Any) -> Edition:
    printing = printing_of(PrintSettings(purpose=purpose, **settings))
    printing = replace(printing, gutters=(), least_pages=0, most_pages=0)  # not the point here
    return edition(
        document("one", body, running=("Verso", "Recto")),
        theme=theme(print_css=css, furniture_css=FURNITURE_CSS + ".running { color: #a02020 }"),
        assets=assets(),
        printing=printing,
    )


@cache
def printed(purpose: str, body: str = BODY, css: str = CSS, **settings: Any) -> Printed:
    return Printed(purposed(purpose, body, css, **settings))


def boxes(of: Printed, page: int) -> dict[str, list[float]]:
    found = of.pdf.pages[page].obj
    return {key: [float(edge) for edge in found[f"/{key}Box"]] for key in ("Media", "Bleed", "Trim")}


def contents(of: Printed) -> Iterator[tuple[Any, str, list[Any]]]:
    """Every operator of every page, form and pattern, read by pikepdf's own parser: its holder, name and operands."""
    holders: list[Any] = [page.obj for page in of.pdf.pages]
    holders += [each for each in of.pdf.objects if isinstance(each, pikepdf.Stream) and is_form(each)]
    for holder in holders:
        for operands, operator in pikepdf.parse_content_stream(holder):  # type: ignore[misc]
            yield holder, str(operator), list(operands)


def is_form(stream: pikepdf.Object) -> bool:
    return stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1


def dictionaries(of: Printed) -> list[Any]:
    return [each for each in of.pdf.objects if isinstance(each, (pikepdf.Dictionary, pikepdf.Stream))]


def images(of: Printed) -> list[Any]:
    """All pictures that are drawn, by size."""
    found = {}
    for each in dictionaries(of):
        for image in dict(each.get("/Resources", each).get("/XObject", {})).values():
            if image.Subtype == "/Image":
                found[image.objgen] = image
    return sorted(found.values(), key=lambda image: (-int(image.Width) * int(image.Height), str(image.ColorSpace)))


def pixels(image: Any) -> Image.Image:
    """A picture as the PDF means it: four inks, or grey."""
    if image.get("/Filter") == "/DCTDecode":
        found = Image.open(io.BytesIO(image.read_raw_bytes()))
        return ImageChops.invert(found) if found.mode == "CMYK" else found
    mode = {"/DeviceGray": "L" if image.BitsPerComponent == 8 else "1", "/DeviceCMYK": "CMYK"}
    return Image.frombytes(mode[str(image.ColorSpace)], (int(image.Width), int(image.Height)), image.read_bytes())


def most_ink(image: Image.Image) -> float:
    return max(map(sum, zip(*(band.tobytes() for band in image.split()), strict=True))) / 2.55


def brightness(image: Image.Image, x: int, y: int) -> int:
    return image.convert("L").crop((x, y, x + 1, y + 1)).tobytes()[0]


def drawn(of: Printed, page: int, scale: float = 2.0) -> Image.Image:
    document = pypdfium2.PdfDocument(of.bytes)
    image: Image.Image = document[page].render(scale=scale).to_pil().convert("RGB")
    document.close()
    return image


# --- Boxes, bleed and marks


def test_screen_files_have_no_bleed() -> None:
    page = printed("screen").pdf.pages[0].obj
    assert [float(edge) for edge in page.MediaBox] == pytest.approx([0, 0, *SIZE], abs=0.01)
    assert list(page.TrimBox) == list(page.MediaBox)


@pytest.mark.parametrize(("purpose", "settings"), KINDS)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_boxes_lie_in_each_other(purpose: str, settings: dict[str, Any], direction: Any) -> None:
    made = purposed(purpose, **settings)
    metadata: Metadata = replace(made.metadata, direction=direction)
    of, printing = Printed(replace(made, metadata=metadata)), made.printing
    bleed = printing.bleed * POINTS_PER_MM
    for number in range(len(of.pdf.pages)):
        found = boxes(of, number)
        media, bled, trim = found["Media"], found["Bleed"], found["Trim"]
        assert media[:2] == [0, 0]
        assert (trim[2] - trim[0], trim[3] - trim[1]) == pytest.approx(SIZE, abs=0.01)
        margins = [trim[0] - bled[0], trim[1] - bled[1], bled[2] - trim[2], bled[3] - trim[3]]
        spine_left = (number % 2 == 0) == (direction == "ltr")
        inside = bleed if printing.bleed_inside else 0
        sides = [inside, bleed] if spine_left else [bleed, inside]
        assert margins == pytest.approx([sides[0], bleed, sides[1], bleed], abs=0.01)
        if settings.get("marks"):
            assert all(inner - outer > 4 * POINTS_PER_MM for inner, outer in zip(bled[:2], media[:2], strict=True))
        else:
            assert media == pytest.approx(bled, abs=0.01)


@pytest.mark.parametrize(("purpose", "settings"), [("press", {"marks": True, "bleed": 5.0}), ("kdp", {}), ("lulu", {})])
def test_what_bleeds_reaches_the_edge_of_the_bleed_and_no_farther(purpose: str, settings: dict[str, Any]) -> None:
    of = printed(purpose, **settings)
    for number in range(2):
        found, image = boxes(of, number), drawn(of, number)
        left, bottom, right, top = (2 * edge for edge in found["Bleed"])
        height = image.height
        inner = image.crop((round(left) + 1, height - round(top) + 1, round(right) - 1, height - round(bottom) - 1))
        assert PAPER not in {inner.getpixel((0, y)) for y in range(inner.height)}, number
        assert PAPER not in {inner.getpixel((inner.width - 1, y)) for y in range(inner.height)}, number
        assert PAPER not in {inner.getpixel((x, inner.height - 1)) for x in range(inner.width)}, number
        assert inner.getpixel((inner.width // 2, 0)) == inner.getpixel((0, 0))
        strip = image.crop((0, 0, max(round(left) - 2, 0), height))  # where the marks are
        ink: list[Any] = [colour for _, colour in strip.getcolors(9999) or () if colour != PAPER]
        assert all(max(colour) - min(colour) < 20 for colour in ink)


def test_the_hero_of_a_verso_reaches_both_edges() -> None:
    body = f'<p>One</p><div style="break-before: page"></div>{BODY}'
    of = printed("kdp", body)
    image = drawn(of, 1)
    assert image.getpixel((1, 4)) == image.getpixel((image.width - 2, 4)) != PAPER


def test_furniture_may_bleed() -> None:
    made = purposed("press")
    css = FURNITURE_CSS + ".folio { background: #008080; left: auto !important; right: -5mm !important; width: 20mm }"
    of = Printed(replace(made, theme=theme(print_css=PRINT_CSS, furniture_css=css)))
    image = drawn(of, 0)
    row = [image.getpixel((image.width - 2, y)) for y in range(image.height)]
    assert any(colour != PAPER for colour in row)


def test_crop_marks_are_black_ink_outside_the_bleed() -> None:
    of = printed("press", marks=True, bleed=5.0)
    operators = [(name, operands) for _, name, operands in contents(of)]
    assert ("w", [0.25]) in [(name, [float(each) for each in operands]) for name, operands in operators if name == "w"]
    image = drawn(of, 0, 4)
    left = round(4 * boxes(of, 0)["Trim"][0])
    assert min(brightness(image, left + by, 4) for by in (-1, 0, 1)) < 200
    assert all(image.getpixel((x, 4)) == PAPER for x in range(left + 4, image.width - left - 4))


def test_without_marks_there_are_none() -> None:
    assert boxes(printed("press"), 0)["Bleed"] == boxes(printed("press"), 0)["Media"]


# --- Colours


@pytest.mark.parametrize("purpose", ["press", "kdp", "ingramspark"])
def test_there_is_no_rgb_in_a_cmyk_file(purpose: str) -> None:
    of = printed(purpose)
    assert {name for _, name, _ in contents(of)}.isdisjoint({"rg", "RG", "sc", "SC"})
    spaces = {str(operands[0]) for _, name, operands in contents(of) if name in ("cs", "CS")}
    assert spaces <= {"/Pattern"}
    for each in dictionaries(of):
        assert "DeviceRGB" not in str(each.get("/ColorSpace", "")), each
        assert "DeviceRGB" not in str(each.get("/Group", "")), each
        if each.get("/S") != "/GTS_PDFX":
            assert "ICCBased" not in str(each.get("/ColorSpace", ""))
            assert "Lab" not in str(each.get("/ColorSpace", ""))


def test_letters_without_colour_are_black_ink_alone() -> None:
    of = printed("press")
    colours = {tuple(round(float(each), 3) for each in operands) for _, name, operands in contents(of) if name == "k"}
    assert (0, 0, 0, 1) in colours
    assert (0, 0, 0, 0.651) in colours  # #595959
    assert any(cyan < 0.3 and magenta > 0.8 and yellow > 0.8 for cyan, magenta, yellow, _ in colours)  # red
    assert all(black == 0 or sum(rest) > 0.02 or not any(rest) for *rest, black in colours)


def test_white_stays_paper() -> None:
    assert separated(make_inks(PROFILE, 0), (1, 1, 1)) == (0, 0, 0, 0)


def test_colours_are_those_of_the_profile() -> None:
    """As LittleCMS itself turns them, within the steps of the table."""
    transform = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(PROFILE)),
        "RGB",
        "CMYK",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    inks = make_inks(PROFILE, 0)
    for colour in [(200, 20, 20), (10, 60, 120), (250, 220, 30), (90, 160, 80), (3, 2, 1)]:
        expected = ImageCms.applyTransform(Image.new("RGB", (1, 1), colour), transform)
        assert expected is not None
        found = [round(ink * 255) for ink in separated(inks, tuple(part / 255 for part in colour))]
        assert found == pytest.approx(list(expected.tobytes()), abs=4)


@pytest.mark.parametrize("limit", [200, 240, 300])
def test_no_colour_and_no_picture_has_more_ink_than_the_limit(limit: int) -> None:
    of = printed("press", ink_limit=limit)
    for _, name, operands in contents(of):
        if name in ("k", "K"):
            assert sum(float(each) for each in operands) * 100 <= limit + 0.1
    found = [image for image in images(of) if image.ColorSpace == "/DeviceCMYK"]
    assert found
    for image in found:
        assert most_ink(pixels(image)) <= limit
    assert most_ink(pixels(found[0])) > limit - 30  # and not much less


def test_what_jpeg_adds_is_within_the_limit_too() -> None:
    """Dots of dark colours beside white: JPEG swings beyond what it was given."""
    colours = [(40, 0, 0), (0, 30, 0), (0, 0, 60), (0, 0, 0), (60, 60, 0), (255, 255, 255), (200, 0, 0)]
    dots = bytes(part for n in range(96 * 96) for part in colours[(n * n * 31 + n * 17 + n // 96 * 13) % 7])
    picture = saved(Image.frombytes("RGB", (96, 96), dots), "JPEG", quality=95, subsampling=0)
    wild = Pixels(content=picture, form="jpeg", width=96, height=96, channels=3)
    with pikepdf.new() as pdf:
        found = write_picture(pdf, print_pixels(wild, make_inks(PROFILE, 240), opaque=False))
        assert 220 < most_ink(pixels(found)) <= 240


def test_without_a_limit_the_profile_decides() -> None:
    assert 260 < most_ink(pixels(images(printed("kdp"))[0])) <= 305


def test_photographs_stay_jpeg_and_others_lossless() -> None:
    of = printed("press")
    photograph, grey, line, cut = images(of)
    assert (photograph.Filter, photograph.ColorSpace) == ("/DCTDecode", "/DeviceCMYK")
    assert (grey.Filter, grey.ColorSpace) == ("/DCTDecode", "/DeviceGray")
    assert (line.Filter, line.ColorSpace, line.BitsPerComponent) == ("/FlateDecode", "/DeviceGray", 1)
    assert (cut.Filter, cut.ColorSpace) == ("/FlateDecode", "/DeviceCMYK")
    assert line.read_bytes()[:10] == b"\xff" * 5 + b"\0" * 5
    assert grey.read_raw_bytes() == assets()[2].press  # as it came


def test_a_soft_mask_stays_where_it_may() -> None:
    cut = images(printed("press"))[-1]
    assert cut.SMask.ColorSpace == "/DeviceGray"
    assert pixels(cut).getpixel((10, 10)) == pixels(cut).getpixel((40, 10))


def test_a_soft_mask_becomes_white_and_a_hole_where_it_may_not() -> None:
    cut = images(printed("kdp"))[-1]
    assert "/SMask" not in cut
    full, half = pixels(cut).getpixel((10, 10)), pixels(cut).getpixel((37, 10))
    assert isinstance(full, tuple)
    assert isinstance(half, tuple)
    assert 10 < half[1] < full[1] - 60
    hole = Image.frombytes("1", (60, 60), cut.Mask.read_bytes())
    assert (cut.Mask.ImageMask, cut.Mask.BitsPerComponent) == (True, 1)
    assert [hole.getpixel((x, 10)) for x in (10, 37, 50)] == [0, 0, 255]


def test_a_gradient_passes_through_the_colours_it_passes_through_on_screen() -> None:
    of = printed("press")
    red, grey = sorted(
        (each for each in dictionaries(of) if "/ShadingType" in each),
        key=lambda each: "/C0" in str(each.Function.Functions[0].keys()),
    )
    table = red.Function.Functions[0]
    assert (red.ColorSpace, grey.ColorSpace) == ("/DeviceCMYK", "/DeviceCMYK")
    assert (table.FunctionType, list(table.Size)) == (0, [33])
    inks, middle = make_inks(PROFILE, 300), table.read_bytes()[16 * 4 : 17 * 4]
    assert [part / 255 for part in middle] == pytest.approx(separated(inks, (0.4, 0, 0.4)), abs=0.01)
    assert [float(each) for each in grey.Function.Functions[0].C0] == [0, 0, 0, 1]
    assert [float(each) for each in grey.Function.Functions[0].C1] == [0, 0, 0, 0]


def test_only_the_brightness_of_a_mask_counts() -> None:
    of = printed("press", '<p><img src="masked.svg" alt="Masked" style="width: 50mm"/></p>')
    states = [each for group in dictionaries(of) for each in dict(group.get("/ExtGState", {})).values()]
    mask = next(state.SMask.G for state in states if isinstance(state.get("/SMask"), pikepdf.Dictionary))
    assert mask.Group.CS == "/DeviceGray"
    greys = [float(operands[0]) for operands, name in pikepdf.parse_content_stream(mask) if str(name) == "g"]  # type: ignore[misc]
    assert pytest.approx(max(greys), abs=0.02) == 0.77  # 0.3 + 0.59 × 0.8
    assert {str(name) for _, name in pikepdf.parse_content_stream(mask)}.isdisjoint({"rg", "RG", "k", "K"})  # type: ignore[misc]


def test_grey_printing_has_no_colour() -> None:
    of = printed("press", colour="gray")
    assert {name for _, name, _ in contents(of)}.isdisjoint({"rg", "RG", "k", "K", "sc", "SC"})
    assert {str(image.ColorSpace) for image in images(of)} == {"/DeviceGray"}
    assert {str(each.ColorSpace) for each in dictionaries(of) if "/ShadingType" in each} == {"/DeviceGray"}
    assert {str(each.Group.CS) for each in dictionaries(of) if "/Group" in each} == {"/DeviceGray"}


def test_kept_colours_are_said_to_be_srgb() -> None:
    of = printed("lulu")
    names = {name for _, name, _ in contents(of)}
    assert {"rg", "k"} <= names
    black = [operands for _, name, operands in contents(of) if name == "k"]
    assert all(float(each) == 0 for operands in black for each in operands[:3] if operands[:3] != [1, 1, 1])
    for each in dictionaries(of):
        if "/Font" in each and "/XObject" in each:
            space = each.ColorSpace.DefaultRGB
            assert space[0] == "/ICCBased"
            assert b"sRGB" in space[1].read_bytes() or space[1].N == 3
    assert {str(image.ColorSpace) for image in images(of)} == {"/DeviceRGB", "/DeviceGray"}
    assert all("DeviceRGB" not in str(each.get("/Group", "")) for each in dictionaries(of))


def test_pdfx_1a_never_keeps_rgb() -> None:
    assert printing_of(PrintSettings(purpose="kdp", colour="keep")).colour == "cmyk"


def test_lab_is_near_the_colour_it_names() -> None:
    of = printed("lulu")
    found = [tuple(float(each) for each in operands) for _, name, operands in contents(of) if name == "rg"]
    expected = 214 / 255, 60 / 255, 56 / 255  # what LittleCMS makes of it
    assert any(colour == pytest.approx(expected, abs=0.01) for colour in found)


# --- Standards


def test_pdfx_4_says_so() -> None:
    of = printed("press")
    assert of.pdf.pdf_version == "1.6"
    with of.pdf.open_metadata() as xmp:
        assert xmp["{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["pdf:Trapped"] == "False"
        assert xmp["xmpMM:RenditionClass"] == "default"
        assert xmp["xmpMM:VersionID"] == "1"
        assert xmp["xmpMM:DocumentID"].startswith("uuid:")
        assert xmp["xmp:CreateDate"] == xmp["xmp:ModifyDate"] == xmp["xmp:MetadataDate"] == "2026-11-22T10:20:30Z"
        assert "pdfaid:part" not in xmp
    facts: Any = of.pdf.docinfo
    assert (facts.Trapped, str(facts.Title)) == ("/False", "Littoral & more")
    assert "/GTS_PDFXVersion" not in facts
    assert len(of.pdf.trailer.ID) == 2


def test_pdfx_1a_says_so() -> None:
    of = printed("kdp")
    assert of.pdf.pdf_version == "1.3"
    assert b"/ObjStm" not in of.bytes
    assert b"/XRef" not in of.bytes
    facts: Any = of.pdf.docinfo
    assert str(facts.GTS_PDFXVersion) == "PDF/X-1:2001"
    assert str(facts.GTS_PDFXConformance) == "PDF/X-1a:2001"
    assert (facts.Trapped, str(facts.Title)) == ("/False", "Littoral & more")
    assert str(facts.CreationDate) == str(facts.ModDate) == "D:20261122102030Z"
    assert len(of.pdf.trailer.ID) == 2
    assert {"/Metadata", "/Lang", "/MarkInfo", "/StructTreeRoot", "/OCProperties"}.isdisjoint(of.pdf.Root.keys())


def test_pdfx_has_a_date_where_nobody_gave_one() -> None:
    made = purposed("kdp")
    of = Printed(replace(made, metadata=replace(made.metadata, modified="", date="")))
    assert str(of.pdf.docinfo.CreationDate) == "D:19800101000000Z"


def test_pdfx_1a_knows_nothing_transparent() -> None:
    of = printed("kdp")
    for each in dictionaries(of):
        assert {"/SMask", "/ExtGState", "/Group", "/ca", "/CA", "/BM"}.isdisjoint(each.keys())
    assert "gs" not in {name for _, name, _ in contents(of)}
    filters = {str(each.get("/Filter")) for each in dictionaries(of) if isinstance(each, pikepdf.Stream)}
    assert filters <= {"/FlateDecode", "/DCTDecode", "None"}


@pytest.mark.parametrize("purpose", ["press", "kdp"])
def test_the_printing_condition_is_named_and_embedded(purpose: str) -> None:
    (intent,) = printed(purpose).pdf.Root.OutputIntents
    assert intent.S == "/GTS_PDFX"
    assert str(intent.OutputConditionIdentifier) == "FOGRA39"
    assert str(intent.RegistryName) == "http://www.color.org"
    assert intent.DestOutputProfile.N == 4
    assert intent.DestOutputProfile.read_bytes() == PROFILE


def test_paper_has_no_links_no_outline_and_no_tags() -> None:
    for of in (printed("press"), printed("kdp"), printed("lulu")):
        assert all("/Annots" not in page.obj for page in of.pdf.pages)
        assert {"/Outlines", "/Names", "/Dests", "/StructTreeRoot", "/MarkInfo", "/AcroForm", "/PageMode"}.isdisjoint(
            of.pdf.Root.keys()
        )
        assert {name for _, name, _ in contents(of)}.isdisjoint({"BDC", "BMC", "EMC", "DP", "MP"})
        assert all("/StructParents" not in each for each in dictionaries(of))
        assert of.map.printed[0].label == "1"
        assert of.pdf.Root.PageLabels.Nums[1].S == "/D"


def test_outlines_of_letters_are_embedded_as_old_machines_read_them() -> None:
    of = printed("kdp")
    descriptors = [each for each in dictionaries(of) if each.get("/Type") == "/FontDescriptor"]
    kinds = {str(each.FontFile3.Subtype) for each in descriptors if "/FontFile3" in each}
    assert kinds == {"/CIDFontType0C"}
    for each in descriptors:
        if "/FontFile3" in each:
            outlines = CFFFontSet()
            outlines.decompile(io.BytesIO(each.FontFile3.read_bytes()), None)
            assert outlines.topDictIndex[0].ROS == ("Adobe", "Identity", 0)
    assert {str(each.FontFile3.Subtype) for each in dictionaries(printed("press")) if "/FontFile3" in each} == {
        "/OpenType"
    }


def test_glyphs_without_names_draw_the_same_letters() -> None:
    body = f'<h1 id="one">Quixotic harbour ffi 1234</h1>{paragraphs(1)}'
    one, other = (drawn(Printed(even(purpose, body)), 0) for purpose in ("press", "kdp"))
    apart = ImageChops.difference(one, other).convert("L").histogram()
    assert not any(apart[10:])  # of 256: one is drawn in a transparency group, the other is not


def even(purpose: str, body: str) -> Edition:
    made = purposed(purpose, body, PRINT_CSS, bleed=3.0)
    return replace(made, printing=replace(made.printing, bleed_inside=True, safe=0.0))


@pytest.mark.parametrize("purpose", ["press", "kdp", "lulu"])
def test_qpdf_finds_no_fault(purpose: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(printed(purpose).bytes)
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []


# --- Transparency


def test_a_transparent_drawing_becomes_pixels() -> None:
    sheer = '<img src="sheer.svg" alt="Sheer" style="width: 50mm"/>'
    body = f'<p id="one">{sheer} <img src="gradient.svg" alt="Gradient"/></p>'
    of = printed("kdp", body)
    found = [each for each in of.report.diagnostics if each.code == "print-drawing-pixels"]
    assert [each.message.split("'")[1] for each in found] == ["sheer.svg"]
    assert "print-transparency" not in of.codes
    (picture,) = images(of)
    # 50 mm and a margin of a fiftieth all round, at 600 ppi
    assert int(picture.Width) == pytest.approx(50 * 1.04 / 25.4 * 600, abs=3)
    middle, bar = pixels(picture).getpixel((400, 300)), pixels(picture).getpixel((round(picture.Width * 0.74), 300))
    assert isinstance(middle, tuple)
    assert 90 < middle[1] < 180  # half of red, on white
    assert bar == (0, 0, 0, 255)  # black ink alone
    hole = Image.frombytes("1", (int(picture.Width), int(picture.Height)), picture.Mask.read_bytes())
    assert (hole.getpixel((round(picture.Width * 0.9), 300)), hole.getpixel((400, 300))) == (255, 0)
    assert any("/ShadingType" in each for each in dictionaries(of))  # the other one stays lines


def test_pixels_stand_where_the_drawing_stood() -> None:
    body = '<p id="one"><img src="sheer.svg" alt="Sheer" style="width: 50mm"/></p>'
    one, other = (drawn(Printed(even(purpose, body)), 0) for purpose in ("press", "kdp"))
    apart = ImageChops.difference(one, other).convert("L").point([0] * 60 + [255] * 196)
    assert (apart.getbbox() is None) or sum(apart.histogram()[1:]) < 300


def test_transparent_pages_are_refused() -> None:
    body = '<p id="one">One</p><p style="break-before: page">Two</p><p style="opacity: 0.5">Half</p>'
    of = printed("kdp", body)
    (found,) = [each for each in of.report.diagnostics if each.code == "print-transparency"]
    assert "'one' is transparent on page 2" in found.message
    assert found.at.path == "one.md"
    assert "print-transparency" not in printed("press", body).codes


@pytest.mark.parametrize("style", SHEER_STYLES)
def test_all_kinds_of_transparency_are_found(style: str) -> None:
    assert "print-transparency" in printed("kdp", f'<p id="one" style="{style}">One</p>').codes


# --- Profiles


def test_a_profile_of_the_printers_own() -> None:
    of = printed("press", profile=PROFILE, condition="FOGRA27")
    (intent,) = of.pdf.Root.OutputIntents
    assert str(intent.OutputConditionIdentifier) == "FOGRA27"
    assert "ISO Coated v2" in str(intent.Info)
    (unnamed,) = printed("press", profile=PROFILE).pdf.Root.OutputIntents
    assert str(unnamed.OutputConditionIdentifier) == "Custom"
    assert "/RegistryName" not in unnamed


def test_a_new_profile_is_named_but_not_embedded_in_an_old_file() -> None:
    new = PROFILE[:8] + b"\x04" + PROFILE[9:]
    of = printed("kdp", profile=new, condition="FOGRA51")
    (intent,) = of.pdf.Root.OutputIntents
    assert "/DestOutputProfile" not in intent
    assert "profile-invalid" not in of.codes
    assert "profile-invalid" in printed("kdp", profile=new).codes


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no ICC profile"),
        (b"not a profile" * 50, "no ICC profile"),
        (PROFILE[:6000], "damaged"),
        (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), "RGB"),
    ],
)
def test_what_is_no_profile_of_printing_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ProfileRefusedError, match=reason):
        profile_name(content)


def test_a_condition_without_its_profile_is_refused(tmp_path: Path) -> None:
    report = Report()
    folder = publication(tmp_path, {"one.md": "# One\n\nText.\n"}, more="print: {purpose: press, condition: FOGRA51}\n")
    pubkit.read(folder, report)
    assert [found.code for found in report.diagnostics] == ["value-invalid"]


# --- The rest


def test_an_archive_takes_no_file_that_does_not_conform(tmp_path: Path) -> None:
    folder = publication(tmp_path / "a", {"one.md": "---\ntitle: One\n---\n\nTibetan: བོད.\n"})
    for purpose, count in (("screen", 1), ("archive", 0)):
        built = pubkit.build(folder, formats=["pdf"], outputs=[tmp_path / f"{purpose}.pdf"], purpose=purpose, jobs=0)
        assert len(built.outputs) == count
        assert ("archive-unfit" in {found.code for found in built.report.diagnostics}) is (count == 0)
    assert not (tmp_path / "archive.pdf").exists()


@pytest.mark.parametrize("purpose", PURPOSES)
def test_equal_bytes_in_another_folder_and_another_process(purpose: str, tmp_path: Path) -> None:
    text = "---\ntitle: One\n---\n\nSome *text*.\n\n![A picture](a.png)\n\n![A drawing](b.svg)\n"
    results = []
    for name, jobs in (("a", 0), ("deeper/b", 2)):
        folder = publication(tmp_path / name, {"one.md": text, "a.png": png(), "b.svg": SHEER})
        built = pubkit.build(folder, outputs=[folder / "x.pdf"], purpose=purpose, jobs=jobs)
        results.append([path.read_bytes() for path in built.outputs])
    assert results[0] == results[1]
    assert results[0]


def test_patterns_lie_where_the_page_has_them() -> None:
    """On a verso, which is moved, and on paper with bleed, a repeated ground begins with its box."""
    ground = "linear-gradient(90deg, white 50%, black 50%) 0 0 / 20mm 20mm repeat"
    css = f"{PRINT_CSS} .ground {{ background: {ground}; height: 30mm }}"
    body = '<p id="one">One</p><div style="break-before: page" class="ground"></div>'
    for purpose, offset in (("screen", 0.0), ("press", BLEED)):
        image = drawn(printed(purpose, body, css), 1)
        top = round(2 * (PAGE.top * POINTS_PER_MM + offset)) + 10
        left = round(2 * (PAGE.outside * POINTS_PER_MM + offset))
        dark = round(2 * 10 * POINTS_PER_MM)  # the left half of the tile is white
        row = [brightness(image, left + x, top) for x in (5, dark - 5, dark + 5, 2 * dark - 5, 2 * dark + 5)]
        assert [value > 128 for value in row] == [True, True, False, False, True], (purpose, row)


def test_letters_can_be_read() -> None:
    assert "Letters" in printed("kdp").text(1)
    assert "over the office floor" in " ".join(printed("kdp").text(2).split())


def test_the_profile_comes_with_its_licence() -> None:
    assert "zlib" in files("pubkit.pdf").joinpath("profiles", "ISOcoated_v2_300_bas.txt").read_text()
    assert profile_name(PROFILE).startswith("ISO Coated v2 300%")
