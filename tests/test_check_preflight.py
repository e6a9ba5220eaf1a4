"""Preflight of finished PDF files: what is found, how it is told, and that nothing in a file can stop or crash it."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import SAMPLE
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image
from print_sample import BLEED, FONT, MM, TRIM, X1A, box, font, found, good, ids, image, messages, report_of, written
from test_cli import Run, run

import pubkit
from pubkit.check import sheet_rules
from pubkit.check.finding import in_words
from pubkit.check.preflight import _subject, check_pdf, groups, preflight_rules
from pubkit.pdf.inspection import Inspected, inspect_pdf, reading
from pubkit.printing import purposes
from pubkit.report import Report

__all__ = ["run"]

WIDE, HIGH = TRIM[0] + 2 * BLEED, TRIM[1] + 2 * BLEED


def add(pdf: Pdf, operators: str, page: int = 2, **resources: Any) -> None:
    """More content on a page; resources are taken into their dictionaries as /X."""
    of = pdf.pages[page - 1].obj
    for kind, value in resources.items():
        table = of.Resources.get(f"/{kind}", Dictionary())
        table["/X"] = value
        of.Resources[f"/{kind}"] = table
    of.Contents = pdf.make_stream(of.Contents.read_bytes() + operators.encode("ascii"))


def text(x: float, y: float, words: str = "Words", size: float = 10) -> str:
    """Operators that set words, with the place of their beginning in mm."""
    return f"BT /F1 {size} Tf {x * MM:.3f} {y * MM:.3f} Td ({words}) Tj ET\n"


def area(left: float, bottom: float, right: float, top: float, colour: str = "0.2 0 0 0 k") -> str:
    """Operators that fill a rectangle in mm."""
    width, height = (right - left) * MM, (top - bottom) * MM
    return f"q {colour} {left * MM:.3f} {bottom * MM:.3f} {width:.3f} {height:.3f} re f Q\n"


def bare(path: Path, *pages: str, size: tuple[float, float] = TRIM, **entries: Any) -> Path:
    """A plain PDF of pages without boxes, with text in the embedded font."""
    pdf = Pdf.new()
    shared = font(pdf)
    for operators in pages:
        pdf.add_blank_page(page_size=(size[0] * MM, size[1] * MM))
        page = pdf.pages[-1].obj
        page.Resources = Dictionary(Font=Dictionary(F1=shared))
        page.Contents = pdf.make_stream(operators.encode("ascii"))
        for key, value in entries.items():
            page[f"/{key}"] = value
    return written(pdf, path)


def only(path: Path, rule: str, purpose: str = "press") -> str:
    """The one thing that is found, in the words between the rule's name and the place."""
    assert ids(path, purpose) == {rule}
    (message,) = messages(path, rule, purpose)
    return message.partition(": ")[2].partition(";")[0]


# Images


@pytest.mark.parametrize(("pixels", "wide", "ppi"), [(600, 144.0, None), (600, 150.0, 288), (400, 144.0, 200)])
def test_photographs_need_pixels_at_their_printed_size(
    pixels: int, wide: float, ppi: int | None, tmp_path: Path
) -> None:
    pdf = good()
    add(pdf, f"q {wide} 0 0 {wide} 150 300 cm /X Do Q\n", XObject=image(pdf, pixels, pixels))
    path = written(pdf, tmp_path / "a.pdf")
    if ppi is None:
        assert found(path, "press") == []
    else:
        assert found(path, "press") == [("resolution", "warning")]
        assert only(path, "resolution") == f"image X prints at {ppi} ppi, {wide / MM:.1f} mm wide (page 2)"


def test_the_lesser_of_both_directions_counts_also_where_the_image_is_turned(tmp_path: Path) -> None:
    pdf = good()
    add(pdf, "q 0 144 -288 0 400 200 cm /X Do Q\n", XObject=image(pdf, 600, 600))
    assert only(written(pdf, tmp_path / "a.pdf"), "resolution") == "image X prints at 150 ppi, 50.8 mm wide (page 2)"


def test_images_in_forms_are_measured_through_both_matrices(tmp_path: Path) -> None:
    pdf = good()
    form = pdf.make_stream(b"q 100 0 0 100 0 0 cm /P Do Q", Type=Name.XObject, Subtype=Name.Form)
    form.BBox, form.Matrix = Array([0, 0, 100, 100]), Array([2, 0, 0, 2, 0, 0])
    form.Resources = Dictionary(XObject=Dictionary(P=image(pdf, 600, 600)))
    add(pdf, "q 1 0 0 1 150 300 cm /X Do Q\n", XObject=form)
    assert "image P prints at 216 ppi" in only(written(pdf, tmp_path / "a.pdf"), "resolution")


def test_black_and_white_needs_twice_as_much(tmp_path: Path) -> None:
    pdf = good()
    drawing = pdf.make_stream(bytes(75 * 600), Type=Name.XObject, Subtype=Name.Image, Width=600, Height=600)
    drawing.ImageMask, drawing.BitsPerComponent = True, 1
    add(pdf, "q 144 0 0 144 150 300 cm /X Do Q\n", XObject=drawing)
    path = written(pdf, tmp_path / "a.pdf")
    assert only(path, "line-resolution") == "image X prints at 300 ppi, 50.8 mm wide (page 2)"


def test_grounds_drawn_as_an_image_of_some_pixels_and_what_is_clipped_away_do_not_count(tmp_path: Path) -> None:
    pdf = good()
    add(pdf, "q 90 0 0 90 150 300 cm /X Do Q\n", XObject=image(pdf, 1, 256))
    add(pdf, "q 0 0 10 10 re W n 90 0 0 90 150 300 cm /X Do Q\n", page=3, XObject=image(pdf, 20, 20))
    assert found(written(pdf, tmp_path / "a.pdf"), "press") == []


# Ink


@pytest.mark.parametrize(
    ("ink", "limit"), [((80, 70, 70, 80), 300), ((80, 70, 70, 90), 310), ((100, 100, 100, 100), 400)]
)
def test_the_ink_of_images(ink: tuple[int, ...], limit: int, tmp_path: Path) -> None:
    pdf = good()
    add(pdf, "q 144 0 0 96 150 300 cm /X Do Q\n", XObject=image(pdf, ink=ink))
    path = written(pdf, tmp_path / "a.pdf")
    if limit <= 302:
        assert found(path, "press") == []
    else:
        assert re.fullmatch(r"image X takes (\d+) % of ink \(page 2\)", said := only(path, "image-ink"))
        assert abs(int(said.split()[3]) - limit) <= 2


def stamped(pdf: Pdf, dark: int, encode: str = "flate") -> Stream:
    """An image of 600 × 400 pixels, so many of them black from all four plates."""
    plates = Image.frombytes("CMYK", (600, 400), b"\xff" * 4 * dark + bytes(4 * (240_000 - dark)))
    if encode == "jpeg":
        file = io.BytesIO()
        plates.save(file, "JPEG", quality=100, subsampling=0)
        stream = pdf.make_stream(file.getvalue(), Filter=Name.DCTDecode)
        stream.Decode = Array([1, 0] * 4)  # Pillow writes inverted plates, as Photoshop does
    else:
        stream = pdf.make_stream(zlib.compress(plates.tobytes()), Filter=Name.FlateDecode)
    stream.Type, stream.Subtype, stream.Width, stream.Height = Name.XObject, Name.Image, 600, 400
    stream.BitsPerComponent, stream.ColorSpace = 8, Name.DeviceCMYK
    return stream


@pytest.mark.parametrize(("dark", "told"), [(200, False), (2400, True)])
@pytest.mark.parametrize("encode", ["flate", "jpeg"])
def test_some_pixels_may_be_too_dark(dark: int, told: bool, encode: str, tmp_path: Path) -> None:
    pdf = good()
    add(pdf, "q 144 0 0 96 150 300 cm /X Do Q\n", XObject=stamped(pdf, dark, encode))
    assert ("image-ink" in ids(written(pdf, tmp_path / "a.pdf"), "press")) is told


def test_a_photograph_as_large_as_a_page_is_read(tmp_path: Path) -> None:
    pdf = good()
    file = io.BytesIO()
    Image.new("CMYK", (2640, 3960), (255, 255, 255, 255)).save(file, "JPEG")
    stream = image(pdf)
    stream.write(file.getvalue(), filter=Name.DCTDecode)
    stream.Width, stream.Height = 2640, 3960
    stream.Decode = Array([1, 0] * 4)  # Pillow writes inverted plates, as Photoshop does
    add(pdf, "q 144 0 0 216 150 300 cm /X Do Q\n", XObject=stream)
    assert only(written(pdf, tmp_path / "a.pdf"), "image-ink") == "image X takes 400 % of ink (page 2)"


def test_the_ink_of_palettes_of_few_bits_and_of_sixteen(tmp_path: Path) -> None:
    pdf = good()
    shared = {"Type": Name.XObject, "Subtype": Name.Image, "Width": 30, "Height": 30}
    palette = Array([Name.Indexed, Name.DeviceCMYK, 1, String(bytes(4) + b"\xff" * 4)])
    listed = pdf.make_stream(b"\x55\x55\x55\x54" * 30, BitsPerComponent=1, ColorSpace=palette, **shared)
    deep = pdf.make_stream(b"\xff" * (30 * 30 * 8), BitsPerComponent=16, ColorSpace=Name.DeviceCMYK, **shared)
    few = pdf.make_stream(b"\xf0" * (30 * 30 * 2), BitsPerComponent=4, ColorSpace=Name.DeviceCMYK, **shared)
    for number, each in ((1, listed), (2, deep), (3, few)):
        add(pdf, "q 3 0 0 3 150 300 cm /X Do Q\n", page=number, XObject=each)
    path = written(pdf, tmp_path / "a.pdf")
    assert messages(path, "image-ink", "ingramspark") == [
        "ingramspark, image-ink: image X takes 400 % of ink (pages 1–2); the paper bears 240 %"
    ]


def test_the_ink_of_what_is_drawn(tmp_path: Path) -> None:
    pdf = good()
    add(pdf, area(40, 120, 60, 140, "0.8 0.8 0.8 0.7 k"))
    path = written(pdf, tmp_path / "a.pdf")
    assert only(path, "ink") == "an area takes 310 % of ink (page 2)"
    assert ("ink", "error") in found(path, "ingramspark")


# Colours


def test_rgb_is_an_error_for_one_printer_advice_for_another_and_right_for_a_third(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", *["1 0 0 rg " + text(30, 100)] * 3, text(30, 100))
    assert ("rgb", "error") in found(path, "ingramspark")
    assert ("rgb", "warning") in found(path, "kdp")
    assert "rgb" not in ids(path, "lulu") | ids(path)
    assert messages(path, "rgb", "kdp") == [
        "kdp, rgb: text in DeviceRGB (pages 1–3); the press prints CMYK, and whoever converts decides how it looks"
    ]


def test_black_text_of_four_inks(tmp_path: Path) -> None:
    pdf = good()
    add(pdf, "q 0.6 0.5 0.5 0.9 k " + text(30, 120) + text(30, 110) + text(30, 100, size=30) + "Q\n")
    assert only(written(pdf, tmp_path / "a.pdf"), "black-text") == "2 lines in black of C60 M50 Y50 K90 (page 2)"


def test_registration_colour_belongs_to_marks(tmp_path: Path) -> None:
    pdf = good()
    every = Array([Name.Separation, Name.All, Name.DeviceCMYK, Dictionary(FunctionType=2)])
    add(pdf, "q /X cs 1 scn " + area(40, 120, 60, 140, "") + "Q\n", ColorSpace=every)
    assert only(written(pdf, tmp_path / "a.pdf"), "registration-colour") == "an area in registration colour (page 2)"


def test_white_that_overprints_vanishes(tmp_path: Path) -> None:
    pdf = good()
    state = Dictionary(OP=True, op=True, OPM=1)
    add(pdf, f"q /X gs {area(40, 120, 60, 140, '0 0 0 0 k')} Q\n", ExtGState=state)
    assert only(written(pdf, tmp_path / "a.pdf"), "white-overprint") == "an area in white that overprints (page 2)"


def test_spot_colours_are_told_and_ingramspark_refuses_them(tmp_path: Path) -> None:
    pdf = good(X1A)
    sea = Array([Name.Separation, Name("/Sea"), Name.DeviceCMYK, Dictionary(FunctionType=2)])
    add(pdf, "q /X cs 1 scn " + area(40, 120, 60, 140, "") + "Q\n", ColorSpace=sea)
    path = written(pdf, tmp_path / "a.pdf", X1A)
    assert found(path, "press") == []
    assert messages(path, "spot-colours", "press")[0].startswith("press, spot-colours: the ink Sea (page 2)")
    assert ("spot-colours", "error") in found(path, "ingramspark")


# Lines and letters


@pytest.mark.parametrize(
    "operators",
    [
        "0.2 w 200 300 m 250 300 l S\n",
        "q 0.1 0 0 0.1 0 0 cm 2 w 2000 3000 m 2500 3000 l S Q\n",
        "200 300 50 0.2 re f\n",
        "q 200 300 50 0.2 re W n 100 200 300 300 re f Q\n",
    ],
)
def test_hairlines_also_where_they_are_scaled_or_filled(operators: str, tmp_path: Path) -> None:
    pdf = good()
    add(pdf, operators)
    assert only(written(pdf, tmp_path / "a.pdf"), "hairlines") == "1 line of 0.20 pt (page 2)"


def test_kdp_wants_thicker_lines_larger_type_and_darker_grounds(tmp_path: Path) -> None:
    path = bare(
        tmp_path / "a.pdf", *["0.5 w 200 300 m 250 300 l S 0.95 g 9 9 99 99 re f 0 g " + text(30, 100, size=6.5)] * 24
    )
    said = {rule: messages(path, rule, "kdp")[0] for rule in ("hairlines", "type-size", "light-fills")}
    assert said == {
        "hairlines": "kdp, hairlines: 1 line of 0.50 pt (pages 1–24); lines are at least 0.75 pt",
        "type-size": "kdp, type-size: 1 line of 6.5 pt (‘Words’) (pages 1–24); type is at least 7 pt",
        "light-fills": "kdp, light-fills: an area of 5 % of ink (pages 1–24); areas of less than 10 % may not print",
    }


def test_numbers_of_notes_are_small_by_nature(tmp_path: Path) -> None:
    assert "type-size" not in ids(bare(tmp_path / "a.pdf", text(30, 100, "12", 5)), "kdp")


def test_a_font_that_is_not_embedded_is_advice_for_any_pdf_and_an_error_in_print(tmp_path: Path) -> None:
    helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    path = bare(tmp_path / "a.pdf", text(30, 100), Resources=Dictionary(Font=Dictionary(F1=helvetica)))
    assert found(path) == [("fonts-embedded", "warning")]
    assert ("fonts-embedded", "error") in found(path, "lulu")


def test_a_font_that_may_not_be_embedded(tmp_path: Path) -> None:
    from fontTools.ttLib import TTFont

    program = TTFont(FONT)
    program["OS/2"].fsType = 2
    changed = io.BytesIO()
    program.save(changed)
    pdf = good()
    pdf.pages[1].obj.Resources.Font.F1.FontDescriptor.FontFile2 = pdf.make_stream(changed.getvalue())
    assert "says that it may not be embedded (pages 1–4)" in only(written(pdf, tmp_path / "a.pdf"), "fonts-allowed")


def test_characters_without_a_glyph(tmp_path: Path) -> None:
    pdf = good()
    composite = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/ABCDEF+Garamond"),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array(
            [
                Dictionary(
                    Type=Name.Font,
                    Subtype=Name.CIDFontType2,
                    BaseFont=Name("/ABCDEF+Garamond"),
                    CIDToGIDMap=Name.Identity,
                    FontDescriptor=pdf.pages[0].obj.Resources.Font.F1.FontDescriptor,
                )
            ]
        ),
    )
    add(pdf, "BT /X 10 Tf 100 300 Td <000500000006ffff> Tj ET\n", Font=composite)
    path = written(pdf, tmp_path / "a.pdf")
    assert only(path, "missing-glyphs") == "2 characters without a glyph in Garamond (page 2)"
    assert found(path) == [("missing-glyphs", "error")]


def test_a_simple_font_without_the_letter(tmp_path: Path) -> None:
    pdf = good()
    names = Dictionary(Type=Name.Encoding, Differences=Array([65, Name("/uni4E00"), Name.B]))
    simple = Dictionary(dict(pdf.pages[0].obj.Resources.Font.F1))
    simple.Encoding = names
    add(pdf, "BT /X 10 Tf 100 300 Td (ABA) Tj ET\n", Font=simple)
    assert only(written(pdf, tmp_path / "a.pdf"), "missing-glyphs").startswith("2 characters without a glyph")


# The edges of the page


def test_text_in_the_safe_zone(tmp_path: Path) -> None:
    pdf = good()
    add(pdf, text(BLEED + 30, BLEED + 3) + text(BLEED + 6, 120))
    path = written(pdf, tmp_path / "a.pdf")
    assert [message.partition(": ")[2].partition(";")[0] for message in messages(path, "safe-zone", "press")] == [
        "‘Words’ is 2.3 mm from the bottom edge (page 2)"
    ]
    assert ids(path, "press") == {"safe-zone"}


def test_text_of_which_nobody_knows_what_it_says(tmp_path: Path) -> None:
    pdf = good()
    secret = Dictionary(dict(pdf.pages[0].obj.Resources.Font.F1))
    secret.Encoding = Dictionary(Type=Name.Encoding, Differences=Array([65, Name.B, Name.C]))
    add(pdf, f"BT /X 10 Tf {(BLEED + 30) * MM:.2f} {(BLEED + 3) * MM:.2f} Td (AB) Tj ET\n", Font=secret)
    assert only(written(pdf, tmp_path / "a.pdf"), "safe-zone") == "‘…’ is 2.3 mm from the bottom edge (page 2)"


def test_text_that_runs_over_the_edge_or_off_the_sheet(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", text(140, 100, "A long line of words") + text(-90, 50) + text(30, 100, "kept"))
    assert messages(path, "text-on-page")[0].startswith("PDF, text-on-page: ‘A long line of words’ runs 23.8 mm off")
    assert len(messages(path, "text-on-page")) == 2
    assert found(path) == [("text-on-page", "warning")]


def test_invisible_text_and_what_is_clipped_away_runs_off_nothing(tmp_path: Path) -> None:
    hidden = "q 3 Tr " + text(140, 100, "A long line of words") + "Q\n"
    clipped = "q 0 0 10 10 re W n " + text(140, 100, "A long line of words") + "Q\n"
    assert found(bare(tmp_path / "a.pdf", hidden + clipped + text(30, 100))) == []


KDP = (152.4, 228.6)


@pytest.mark.parametrize(("pages", "needed"), [(24, 9.5), (160, 12.7), (400, 15.9)])
def test_the_gutter_grows_with_the_pages(pages: int, needed: float, tmp_path: Path) -> None:
    right = text(11, 100) + text(80, 90)
    left = text(KDP[0] - 11 - 5 * 4.5 / MM, 100)
    path = bare(tmp_path / "a.pdf", *[right, left] * (pages // 2), size=KDP)
    near = messages(path, "gutter", "kdp")
    if needed < 11:
        assert not near
    else:
        told = f"‘Words’ is 11.0 mm from the spine, {needed} mm are needed in {pages} pages (pages 1–{pages})"
        assert near == [f"kdp, gutter: {told}; text stays out of the fold"]
    assert "safe-zone" not in ids(path, "kdp")


def test_a_book_that_is_read_from_right_to_left_has_its_spine_on_the_other_side(tmp_path: Path) -> None:
    pages = [text(11, 100), text(KDP[0] - 11 - 5 * 4.5 / MM, 100)] * 80
    path = bare(tmp_path / "a.pdf", *pages, size=KDP)
    assert "gutter" in ids(path, "kdp")
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.ViewerPreferences = Dictionary(Direction=Name.R2L)
        pdf.save(path)
    assert "gutter" not in ids(path, "kdp")


def test_a_turned_page_is_measured_as_it_is_seen(tmp_path: Path) -> None:
    turned = f"q 0 1 -1 0 {KDP[1] * MM:.3f} 0 cm " + text(11, 100) + "Q\n"
    path = bare(tmp_path / "a.pdf", *[turned] * 24, size=(KDP[1], KDP[0]), Rotate=90)
    (page, *_) = inspected(path).pages
    assert (round(page.media.width, 1), round(page.media.height, 1)) == KDP
    # Seen: 90 degrees counterclockwise, and 90 clockwise again.
    assert round(page.text[0].box.left, 1) == 11.0
    assert round(page.text[0].box.bottom, 1) == 99.3


def inspected(path: Path) -> Inspected:
    found = inspect_pdf(path, jobs=0)
    assert isinstance(found, Inspected)
    return found


@pytest.mark.parametrize(
    ("painted", "told"),
    [
        (area(0, 60, 80, 90), None),
        (area(1, 60, 80, 90), "fill goes 2.0 mm of 3.0 mm over the left edge (page 2)"),
        (area(3, 60, 80, 90), "fill goes 0.0 mm of 3.0 mm over the left edge (page 2)"),
        (area(3.6, 60, 80, 90), "fill stops 0.6 mm before the left edge (page 2)"),
        (area(4.5, 60, 80, 90), None),
        (area(60, 150, 90, 212), "fill stops 1.0 mm before the top edge (page 2)"),
        (area(60, 150, 90, 213, "0 0 0 0 k"), None),
        (area(-20, -20, 174, 236), None),
        (area(1, 1, 153, 215), "fill goes 2.0 mm of 3.0 mm over the left edge (page 2)"),
    ],
)
def test_what_reaches_the_edge_reaches_the_bleed(painted: str, told: str | None, tmp_path: Path) -> None:
    pdf = good()
    page = pdf.pages[1].obj
    page.Contents = pdf.make_stream(text(30, 100).encode() + painted.encode())  # without the ground
    path = written(pdf, tmp_path / "a.pdf")
    said = [message.partition(": ")[2].partition(";")[0] for message in messages(path, "bleed-reached", "press")]
    assert said[:1] == ([told] if told else [])
    assert ids(path, "press") == ({"bleed-reached"} if told else set())


def test_what_lies_on_a_ground_that_bleeds_need_not(tmp_path: Path) -> None:
    pdf = good()
    add(pdf, area(3, 60, 80, 90))
    assert found(written(pdf, tmp_path / "a.pdf"), "press") == []


def test_an_image_at_the_edge_of_a_sheet_without_bleed(tmp_path: Path) -> None:
    pdf = Pdf.new()
    for _ in range(24):
        pdf.add_blank_page(page_size=(KDP[0] * MM, KDP[1] * MM))
        page = pdf.pages[-1].obj
        page.Resources = Dictionary(XObject=Dictionary(Im1=image(pdf, 900, 900)))
        page.Contents = pdf.make_stream(b"q 216 0 0 216 0 100 cm /Im1 Do Q")
    path = written(pdf, tmp_path / "a.pdf")
    # At the spine KDP wants none: of 24 pages the right-hand ones have theirs there.
    (message,) = messages(path, "bleed-reached", "kdp")
    assert "image Im1 goes 0.0 mm of 3.2 mm over the left edge (pages 2, 4, 6, 8, 10, 12 and 6 more)" in message


def test_bleed_is_as_wide_as_asked(tmp_path: Path) -> None:
    pdf = good()
    for each in pdf.pages:
        each.obj.BleedBox = box(1, 1, WIDE - 1, HIGH - 1)
    path = written(pdf, tmp_path / "a.pdf")
    assert "2.0 mm of bleed at the bottom (pages 1–4)" in only(path, "bleed-width")
    assert found(path) == []


def test_the_trimmed_edge_of_a_file_without_boxes_is_found_by_the_printers_sizes(tmp_path: Path) -> None:
    bled = (KDP[0] + 3.175, KDP[1] + 6.35)
    path = bare(tmp_path / "a.pdf", *[text(40, 100)] * 24, size=bled)
    assert ids(path, "kdp") == set()
    assert "so where it is cut is inferred" in messages(path, "checked", "kdp")[0]
    near = bare(tmp_path / "b.pdf", *[text(40, 100), text(8, 100) + text(40, 90)] * 12, size=bled)
    # On left-hand pages the bleed is on the left: 8 mm are 4.8 from the edge that is cut.
    assert "‘Words’ is 4.8 mm from the left edge (pages 2, 4," in messages(near, "safe-zone", "kdp")[0]


def test_the_sheet_has_nothing_but_the_page_and_its_bleed(tmp_path: Path) -> None:
    pdf = good()
    for each in pdf.pages:
        each.obj.MediaBox = box(0, 0, WIDE + 6, HIGH + 6)
    path = written(pdf, tmp_path / "a.pdf")
    assert messages(path, "sheet-size", "lulu")[0].startswith(
        "lulu, sheet-size: the sheet is 160.0 × 222.0 mm, the page 148.0 × 210.0 mm (pages 1–4)"
    )
    assert "sheet-size" not in ids(path, "press")


def test_the_trim_is_one_that_the_printer_makes(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", *[text(40, 100)] * 32, size=(150, 200))
    assert re.match(
        r"lulu, trim-size: 150.0 × 200.0 mm large; the nearest size that is made is [\d.]+ × [\d.]+ mm \(pages 1–32\)",
        messages(path, "trim-size", "lulu")[0],
    )
    assert "trim-size" not in ids(path, "press")


def test_a_crop_box_that_cuts_the_page(tmp_path: Path) -> None:
    pdf = good()
    pdf.pages[1].obj.CropBox = box(3, 3, 151, 213)
    assert "the CropBox is 148.0 × 210.0 mm" in only(written(pdf, tmp_path / "a.pdf"), "crop-box")


# Pages


def test_spreads_and_pages_of_another_size(tmp_path: Path) -> None:
    pdf = good(pages=5)
    for number, wide in ((2, 2 * TRIM[0]), (3, TRIM[0] - 10)):
        for key, bled in (("MediaBox", 0), ("BleedBox", 0), ("TrimBox", BLEED)):
            pdf.pages[number - 1].obj[f"/{key}"] = box(
                bled, bled, bled + wide + (0 if bled else 2 * BLEED), HIGH - bled
            )
    path = written(pdf, tmp_path / "a.pdf")
    said = [message.partition(": ")[2] for message in messages(path, "one-size", "press")]
    assert said[0].startswith("it seems to be two pages side by side, 296.0 × 210.0 mm large, where most pages are")
    assert said[1].startswith("138.0 × 210.0 mm large, where most pages are 148.0 × 210.0 mm (page 3)")


@pytest.mark.parametrize(
    ("pages", "rules"), [(24, set()), (25, {"multiple"}), (22, {"page-count"}), (830, {"page-count"})]
)
def test_the_number_of_pages(pages: int, rules: set[str], tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", *[text(40, 100)] * pages, size=KDP)
    found = ids(path, "kdp") & {"multiple", "page-count"}
    assert found == rules
    if pages == 22:
        assert "kdp, page-count: 22 pages (whole file); KDP binds from 24 to 828" in messages(path, "page-count", "kdp")


def test_blank_pages_are_told_and_three_in_a_row_are_a_fault(tmp_path: Path) -> None:
    words = text(40, 100)
    white = area(0, 0, 200, 300, "0 0 0 0 k") + text(40, 100, "   ")
    path = bare(tmp_path / "a.pdf", *[words] * 4, "", white, *[words] * 10, "", "", "", *[words] * 5, size=KDP)
    (message,) = messages(path, "blank-row", "kdp")
    assert message == "kdp, blank-row: 3 blank pages in a row (pages 17–19); no more than two blank pages in a row"
    (message,) = messages(path, "blank", "kdp")
    assert "blank (pages 5–6, 17–19)" in message


def test_the_last_page_is_blank_for_ingramspark(tmp_path: Path) -> None:
    words = [text(40, 100)] * 17
    assert "last-blank" not in ids(bare(tmp_path / "a.pdf", *words, "", size=KDP), "ingramspark")
    assert "last-blank" in ids(bare(tmp_path / "b.pdf", *words, text(40, 100), size=KDP), "ingramspark")


def marks(width: float, height: float, inset: float) -> str:
    """Eight lines of 5 mm around a page that lies so far inside its sheet."""
    lines = []
    for x, outside in ((inset, inset - 7), (width - inset, width - inset + 2)):
        lines += [(outside, y, outside + 5, y) for y in (inset, height - inset)]
        lines += [(x, y, x, y + 5) for y in (inset - 7, height - inset + 2)]
    return "0.25 w " + " ".join(f"{a * MM:.2f} {b * MM:.2f} m {c * MM:.2f} {d * MM:.2f} l S" for a, b, c, d in lines)


def test_crop_marks(tmp_path: Path) -> None:
    sheet = (KDP[0] + 20, KDP[1] + 20)
    path = bare(tmp_path / "a.pdf", *[text(60, 100) + marks(*sheet, 10)] * 24, size=sheet)
    assert messages(path, "crop-marks", "kdp") == ["kdp, crop-marks: crop marks (pages 1–24); no marks of any kind"]
    three = marks(*sheet, 10).rsplit(" S ", 3)[0] + " S"
    assert "crop-marks" not in ids(bare(tmp_path / "b.pdf", *[text(60, 100) + three] * 24, size=sheet), "kdp")


# What else printers refuse


def test_what_kdp_refuses(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", *[text(40, 100)] * 24, size=KDP)
    assert found(path, "kdp") == []
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_outline() as outline:
            outline.root.append(pikepdf.OutlineItem("One", 0))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([9, 9, 99, 99]))
        pdf.pages[2].obj.Annots = Array([pdf.make_indirect(link)])
        pdf.pages[3].obj.PieceInfo = Dictionary()
        pdf.attachments["a.txt"] = b"words"
        pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("a"))]))
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([]), D=Dictionary())
        pdf.pages[4].obj.Contents = pdf.make_stream(b"3 Tr " + text(40, 100).encode())
        pdf.save(path)
    assert found(path, "kdp") == [
        ("layers", "warning"),
        ("invisible-text", "warning"),
        ("bookmarks", "error"),
        ("annotations", "error"),
        ("private-metadata", "warning"),
        ("attachments", "error"),
        ("forms", "error"),
        ("javascript", "error"),
    ]


def test_a_lock_that_opens_without_a_password(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", *[text(40, 100)] * 24, size=KDP)
    with Pdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user=""))
    assert found(path, "kdp") == [("encrypted", "error")]


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    subject = inspected(written(good(), tmp_path / "a.pdf"))
    large = _subject(replace(subject, file=replace(subject.file, size=700_000_000)), "kdp")
    rule = next(rule for rule in preflight_rules() if rule["id"] == "file-size")
    assert [each.what for each in sheet_rules.file_size(large, rule)] == ["700 MB"]


# How it is told


def test_pages_are_named_by_label_and_number() -> None:
    labels = {1: "i", 2: "ii", 3: "1", 4: "2", 5: "5", 6: "6", 20: "20"}
    assert in_words([5], labels) == "page 5"
    assert in_words([1], labels) == "page i (1)"
    assert in_words([3, 1, 2, 5, 6, 6], labels) == "pages i–1 (1–3), 5–6"
    assert in_words([2, 4, 6, 8, 10, 12, 14, 16, 17], {}) == "pages 2, 4, 6, 8, 10, 12 and 3 more"


def test_labels_of_the_file_are_used(tmp_path: Path) -> None:
    pdf = good()
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), 2, Dictionary(S=Name.D)]))
    add(pdf, "0.2 w 200 300 m 250 300 l S\n", page=2)
    add(pdf, "0.2 w 200 300 m 250 300 l S\n", page=4)
    assert only(written(pdf, tmp_path / "a.pdf"), "hairlines") == "1 line of 0.20 pt (pages ii (2), 2 (4))"


def test_many_different_findings_are_told_by_page_and_no_more_than_ten(tmp_path: Path) -> None:
    pdf = good(pages=24)
    for number in range(1, 25):
        low, high = BLEED + number / 10, BLEED + 3 + number / 20
        add(pdf, text(60, high) + text(20, low), page=number)
    said = [message.partition(": ")[2] for message in messages(written(pdf, tmp_path / "a.pdf"), "safe-zone", "press")]
    assert len(said) == 11
    assert said[0].startswith("‘Words’ runs over the bottom edge, and 1 more (pages 1–7)")
    assert said[1].startswith("‘Words’ is 0.1 mm from the bottom edge, and 1 more (page 8)")
    assert said[-1].startswith("something like it on 8 more pages (pages 17–24)")


def test_without_a_purpose_the_claim_decides_and_an_info_says_so(tmp_path: Path) -> None:
    (told,) = report_of(bare(tmp_path / "a.pdf", text(30, 100))).diagnostics
    assert str(told).startswith(
        f"{(tmp_path / 'a.pdf').as_posix()}: info [preflight-info] PDF, checked: 1 page looked at by "
    )
    assert "no purpose was named" in told.message


def test_a_single_page_is_taken_for_a_cover(tmp_path: Path) -> None:
    pdf = good(pages=1)
    path = written(pdf, tmp_path / "a.pdf")
    assert not {"page-count", "multiple", "trim-size", "sheet-size"} & ids(path, "kdp")
    assert "a single page is taken for a cover" in messages(path, "checked", "kdp")[0]


def test_the_order_is_the_same_each_time_and_in_other_processes(tmp_path: Path) -> None:
    pdf = good(pages=70)
    for number in range(1, 71, 3):
        add(pdf, f"0.1 w 1 0 0 RG 200 300 m 250 300 l S {text(2, 100)}", page=number)
    path = written(pdf, tmp_path / "a.pdf")
    here = [str(each) for each in report_of(path, "press").diagnostics]
    elsewhere = Report()
    check_pdf(path, elsewhere, purpose="press", jobs=2)
    assert [str(each) for each in elsewhere.diagnostics] == here
    assert len(here) > 4


# Files that cannot be read


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is no PDF, or too damaged"),
        (b"no PDF at all", "it is no PDF, or too damaged"),
        (b"%PDF-1.7\n%%EOF", "it is no PDF, or too damaged"),
    ],
)
def test_what_is_no_pdf(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    (told,) = report_of(path).diagnostics
    assert told.code == "preflight-unreadable"
    assert reason in told.message


def test_a_password(tmp_path: Path) -> None:
    pdf = good()
    path = written(
        pdf, tmp_path / "a.pdf", encryption=pikepdf.Encryption(owner="o", user="u", R=4), force_version="1.6"
    )
    (told,) = report_of(path).diagnostics
    assert "opens only with a password" in told.message


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    assert [each.code for each in report_of(tmp_path).diagnostics] == ["file-unreadable"]
    assert [each.code for each in report_of(tmp_path / "none.pdf").diagnostics] == ["file-unreadable"]


def test_an_unknown_purpose_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="no such purpose"):
        pubkit.check_pdf(tmp_path, Report(), purpose="kpd")


# Hostile files


def test_forms_that_paint_each_other_without_end(tmp_path: Path) -> None:
    pdf = good()
    form = pdf.make_stream(b"/X Do /X Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    form.Resources = Dictionary(XObject=Dictionary(X=form))
    add(pdf, "/X Do\n", XObject=form)
    assert (
        "forms lie more than 12 deep in each other (page 2)"
        in messages(written(pdf, tmp_path / "a.pdf"), "readable")[0]
    )


def test_content_that_is_cut_off(tmp_path: Path) -> None:
    path = bare(tmp_path / "a.pdf", text(30, 100) + "q (abc")
    assert found(path) == [("readable", "warning")]
    assert "there is content with a fault: EOF while reading token (page 1)" in messages(path, "readable")[0]


def test_a_tile_of_itself(tmp_path: Path) -> None:
    pdf = good()
    tile = pdf.make_stream(b"/Pattern cs /X scn 0 0 9 9 re f", PatternType=1, PaintType=1, TilingType=1)
    tile.BBox, tile.XStep, tile.YStep = Array([0, 0, 9, 9]), 9, 9
    tile.Resources = Dictionary(Pattern=Dictionary(X=tile))
    add(pdf, "/Pattern cs /X scn 200 200 9 9 re f\n", Pattern=tile)
    assert found(written(pdf, tmp_path / "a.pdf")) == []


def test_too_many_operators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pubkit.pdf.inspection import painting

    monkeypatch.setattr(painting, "MOST_OPERATORS", 50)
    path = bare(tmp_path / "a.pdf", "q Q " * 100, text(30, 100))
    assert messages(path, "readable")[0].startswith("PDF, readable: there is more than 50 operators (page 1)")


def test_a_stream_that_unpacks_to_gigabytes(tmp_path: Path) -> None:
    pdf = good()
    bomb = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    stream = pdf.make_stream(b"")
    stream.write(bomb, filter=Array([Name.FlateDecode, Name.FlateDecode]))
    pdf.pages[1].obj.Contents = stream
    path = written(pdf, tmp_path / "a.pdf")
    report = Report()
    check_pdf(path, report, jobs=1)
    assert any("page 2" in each.message for each in report.diagnostics)


def test_an_image_of_too_many_pixels_is_not_decoded(tmp_path: Path) -> None:
    pdf = good()
    huge = image(pdf, 60, 60)
    huge.Width = huge.Height = 60_000
    add(pdf, "q 100 0 0 100 150 300 cm /X Do Q\n", XObject=huge)
    (page,) = (page for page in inspected(written(pdf, tmp_path / "a.pdf")).pages if page.number == 2)
    assert page.images[-1].ink is None


def test_pages_that_take_too_long_are_named_and_the_others_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "GROUP", 2)
    monkeypatch.setattr(reading, "read_sheets", _slow)
    pdf = good(pages=6)
    add(pdf, "0.1 w 200 300 m 250 300 l S\n", page=6)
    path = written(pdf, tmp_path / "a.pdf")
    found = inspect_pdf(path, jobs=1, seconds=5)
    assert isinstance(found, Inspected)
    assert found.lost == ((3, 4, "took more than 5 seconds"),)
    assert [page.number for page in found.pages] == [1, 2, 5, 6]


_read_sheets = reading.read_sheets


def _slow(path: Path, first: int, end: int) -> Any:
    while first == 2:
        pass
    return _read_sheets(path, first, end)


def test_lost_pages_are_a_diagnostic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pubkit.check import preflight

    path = written(good(), tmp_path / "a.pdf")
    whole = inspected(path)
    part = Inspected(file=whole.file, pages=whole.pages[:2], lost=((3, 4, "took more than 120 seconds"),))
    monkeypatch.setattr(preflight, "inspect_pdf", lambda *_, **__: part)
    told = report_of(path).diagnostics[0]
    assert (told.code, told.message) == ("preflight-stopped", "pages 3–4: looking at them took more than 120 seconds")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(good(pages=2), tmp_path_factory.mktemp("sound") / "a.pdf").read_bytes()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_damage_raises(sound: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = bytearray(sound)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(["byte", "cut", "repeat", "token"]))
        if change == "byte":
            content[at] = data.draw(st.integers(0, 255))
        elif change == "cut":
            del content[at : at + data.draw(st.integers(1, 200))]
        elif change == "repeat":
            content[at:at] = content[at : at + data.draw(st.integers(1, 200))]
        else:
            content[at:at] = data.draw(st.sampled_from(TOKENS))
        if not content:
            content = bytearray(b"%PDF-1.6")
    path = tmp_path_factory.mktemp("damaged") / "a.pdf"
    path.write_bytes(content)
    report_of(path, data.draw(st.sampled_from(["", *purposes()])))


OPERATORS = "q Q cm w gs g rg k cs scn sc m l c v re W n f S B sh Do BT ET Tf Tj TJ Td Tm T* Tr ' \" BI ID EI".split()
TOKENS = [
    b" null ",
    b" -1 ",
    b" 99999999999999999999 ",
    b" 1e400 ",
    b" << ",
    b" >> ",
    b" [ ",
    b" ] ",
    b" /X ",
    b"(",
    b" 1 0 R ",
]


@settings(max_examples=200, deadline=None)
@given(
    operators=st.lists(
        st.one_of(
            st.sampled_from(OPERATORS),
            st.sampled_from(
                ["/F1", "/Im1", "/X", "/Pattern", "/DeviceCMYK", "(a)", "[(a) 1]", "<</A 1>>", "<00>", "null"]
            ),
            st.floats(-1e12, 1e12).map(lambda value: f"{value:.3f}"),
            st.integers(-3, 700).map(str),
        ),
        max_size=60,
    )
)
def test_no_content_raises(operators: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    pdf = good(pages=1)
    pdf.pages[0].obj.Contents = pdf.make_stream(" ".join(operators).encode("latin-1"))
    path = written(pdf, tmp_path_factory.mktemp("content") / "a.pdf")
    report_of(path, "kdp")


# pubkit's own files


@pytest.mark.slow
@pytest.mark.parametrize("purpose", ["press", "kdp"])
def test_our_own_files_break_no_rule(purpose: str, tmp_path: Path) -> None:
    built = pubkit.build(SAMPLE, outputs=[tmp_path / "littoral.pdf"], purpose=purpose)
    assert built.outputs
    for path in sorted(tmp_path.glob("*.pdf")):
        told = found(path, purpose)
        # The sample's drawings have fine lines, its theme small credits.
        assert {rule for rule, _ in told} <= {"hairlines", "type-size"}, path.name
        assert {severity for _, severity in told} <= {"warning"}, path.name


# The table of rules


def test_every_purpose_for_print_has_its_group() -> None:
    known = {name for members in groups().values() for name in members}
    assert known <= set(purposes())
    assert {name for name in purposes() if name not in ("screen", "archive")} <= known


def test_every_rule_names_its_source_and_its_check() -> None:
    from pubkit.check import ink_rules, pdfx

    names = {"every", "print", *groups(), *purposes(), "PDF/X-1a:2001", "PDF/X-1a:2003", "PDF/X-4"}
    for rule in preflight_rules():
        assert set(rule["for"]) <= names, rule["id"]
        assert rule["level"] in ("must", "should", "tell")
        assert all(rule[key].strip() for key in ("words", "advice", "source")), rule["id"]
        assert not rule["words"].endswith("."), rule["id"]
        assert any(callable(getattr(room, rule["check"], None)) for room in (sheet_rules, ink_rules, pdfx)), rule["id"]


def test_every_rule_is_named_in_a_test() -> None:
    here = Path(__file__).parent
    texts = [(here / name).read_text(encoding="utf-8") for name in ("test_check_preflight.py", "test_check_pdfx.py")]
    for rule in preflight_rules():
        assert any(f'"{rule["id"]}"' in text for text in texts), rule["id"]


# The command


def test_the_command_checks_finished_files_of_both_kinds(run: Run, tmp_path: Path) -> None:
    path = written(good(), tmp_path / "a.pdf")
    done = run("check", path, "--pdf", "press", "-j", "0")
    assert (done.status, done.stderr) == (0, "")
    done = run("check", path, "--pdf", "ingramspark", "-j", "0")
    assert done.status == 1
    assert re.search(r"a\.pdf: error \[preflight-rule\] ingramspark, page-count: 4 pages", done.stderr)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.pdf", "a.md"], "give finished .epub and .pdf files, or sources, not both"),
        (["a.pdf", "--pdf", "kpd"], "no such purpose of a PDF: 'kpd'"),
        (["a.epub", "--pdf", "kdp"], "--pdf needs a .pdf file, or sources"),
        (["none.pdf"], "there is no file or folder 'none.pdf'"),
    ],
)
def test_wrong_calls(run: Run, words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.pdf", "a.md", "a.epub"):
        (tmp_path / name).write_bytes(b"")
    done = run("check", *words)
    assert done.status == 2
    assert said in done.stderr
