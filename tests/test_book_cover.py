"""The cover for print: its size, what is on it and where, and what is said of it."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pdf_sample
import pikepdf
import pypdfium2
import pytest
import zxingcpp
from conftest import lacking
from PIL import Image
from publications import png, publication, resolved

import pubkit
from pubkit.model import Edition, Identifier
from pubkit.pdf import write_book_cover
from pubkit.pdf.cover_page import cover_page
from pubkit.printing import length
from pubkit.report import Report
from pubkit.stages.build import OutputError
from pubkit.stages.typeset import typeset
from pubkit.theme import load_theme

ISBN = "9783161484100"
POINT = 25.4 / 72
TEAL, WHITE = (0, 128, 128), (255, 255, 255)
MORE = """\
print: {purpose}
author: Ada Lovelace
publisher: Saltmarsh Press
series: {{title: Littoral, number: 4}}
description: Where land stops, and what comes then.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word on the cover, and its rectangle in mm from the upper left corner of the trimmed cover."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Cover:
    """A finished cover."""

    def __init__(self, edition: Edition, pages: int) -> None:
        stream = io.BytesIO()
        self.report = Report()
        write_book_cover(edition, stream, self.report, pages=pages)
        self.bytes = stream.getvalue()
        self.pdf = pikepdf.open(io.BytesIO(self.bytes))
        self.page = cover_page(edition, pages)
        self.direction = edition.metadata.direction

    @property
    def codes(self) -> list[str]:
        return [found.code for found in self.report.diagnostics]

    def said(self, code: str) -> str:
        return next(found.message for found in self.report.diagnostics if found.code == code)

    def box(self, name: str) -> list[float]:
        return [float(edge) * POINT for edge in self.pdf.pages[0].obj[f"/{name}Box"]]

    def words(self) -> list[Word]:
        if not shutil.which("pdftotext"):
            lacking("pdftotext (poppler-utils)")
        done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=self.bytes, capture_output=True, check=True)
        found = []
        for line in done.stdout.decode().splitlines():
            if "<word" in line:
                edges = [float(part) * POINT - self.page.bleed for part in line.split('"')[1::2]]
                text = line.split(">")[1].split("<")[0]
                found.append(Word(text=text, left=edges[0], top=edges[1], right=edges[2], bottom=edges[3]))
        return found

    def image(self, ppi: int = 150) -> Image.Image:
        with pypdfium2.PdfDocument(self.bytes) as document:
            return document[0].render(scale=ppi / 72).to_pil().convert("RGB")  # type: ignore[no-any-return]

    def panel(self, name: str) -> tuple[float, float]:
        """Left and right edge of a panel in mm from the left edge of the trimmed cover."""
        width, spine = self.page.width, self.page.spine
        if name == "spine":
            return width, width + spine
        return (0, width) if (name == "front") == (self.direction == "rtl") else (width + spine, 2 * width + spine)

    def on(self, name: str) -> list[Word]:
        """The words of a panel: those whose middle is there."""
        left, right = self.panel(name)
        return [word for word in self.words() if left <= (word.left + word.right) / 2 < right]


@cache
def small_edition(folder: Path, purpose: str, *, picture: bool) -> Edition:
    """A publication of one article in the theme folio."""
    cover = "cover: {src: sea.png, alt: The sea}\n" if picture else ""
    files: dict[str, str | bytes] = {"a.md": "# One\n\nSome text."}
    if picture:
        files["sea.png"] = png("teal", (200, 280))
    report = Report()
    read = resolved(
        publication(folder / f"{purpose}-{picture}", files, more=MORE.format(purpose=purpose) + cover), report
    )
    theme = load_theme("folio", report)
    assert theme
    edition = typeset(read, theme, report)
    assert report.ok, report.diagnostics
    return edition


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Editions by purpose, with some of their metadata changed."""
    folder = tmp_path_factory.mktemp("covers")

    def made(purpose: str = "kdp", *, picture: bool = False, **changes: Any) -> Edition:
        edition = small_edition(folder, purpose, picture=picture)
        if not changes:
            return edition
        report = Report()
        read = resolved(folder / f"{purpose}-{picture}", report)
        read = replace(read, metadata=replace(read.metadata, **changes))
        return replace(typeset(read, edition.theme, report), printing=edition.printing)

    return made


@pytest.fixture(scope="module")
def book(shelf: Any) -> Cover:
    """A thick book with a picture and an ISBN."""
    return Cover(shelf(picture=True, identifiers=(Identifier(value=f"urn:isbn:{ISBN}"),)), 300)


@pytest.fixture(scope="module")
def mirrored(shelf: Any) -> Cover:
    """The same, from right to left."""
    changes = {"language": "he", "direction": "rtl", "title": "גאות ושפל", "identifiers": (Identifier(value=ISBN),)}
    return Cover(shelf(picture=True, **changes), 300)


# --- The page ---


@pytest.mark.parametrize(
    ("purpose", "pages", "spine"),
    [("kdp", 24, "0.054048in"), ("kdp", 828, "1.864656in"), ("lulu", 222, "0.56in"), ("offset-a5", 64, "3.2mm")],
)
def test_the_page_is_twice_the_trim_the_spine_and_twice_the_bleed(
    shelf: Any, purpose: str, pages: int, spine: str
) -> None:
    edition = shelf(purpose)
    cover = Cover(edition, pages)
    page, bleed = edition.theme.page, edition.printing.bleed
    width, height = 2 * page.width + length(spine), page.height
    assert len(cover.pdf.pages) == 1
    assert cover.box("Media") == pytest.approx([0, 0, width + 2 * bleed, height + 2 * bleed], abs=0.02)
    assert cover.box("Bleed") == pytest.approx(cover.box("Media"))
    assert cover.box("Trim") == pytest.approx([bleed, bleed, width + bleed, height + bleed], abs=0.02)


def test_it_is_what_the_printer_takes_and_nothing_more(book: Cover, shelf: Any) -> None:
    assert book.pdf.pdf_version == "1.3"
    assert str(book.pdf.docinfo["/GTS_PDFXConformance"]) == "PDF/X-1a:2001"
    assert str(book.pdf.docinfo["/Title"]) == "Tide tables – Cover"
    assert not {"/StructTreeRoot", "/MarkInfo", "/Outlines", "/PageLabels", "/Names"} & set(book.pdf.Root.keys())
    assert "/Annots" not in book.pdf.pages[0].obj
    press = Cover(shelf("press"), 100)
    assert press.pdf.pdf_version == "1.6"
    assert b"<pdfxid:GTS_PDFXVersion>PDF/X-4<" in press.pdf.Root.Metadata.read_bytes()


def test_without_a_spine_front_and_back_adjoin(shelf: Any) -> None:
    edition = shelf("offset-a5")
    cover = Cover(replace(edition, printing=replace(edition.printing, leaf=0.0)), 32)
    assert cover.box("Trim") == pytest.approx([3, 3, 3 + 2 * 148, 213], abs=0.01)
    assert not cover.on("spine")
    assert "Tide" in [word.text for word in cover.on("front")]


def test_crop_marks_stand_outside_the_bleed(shelf: Any) -> None:
    edition = shelf("press")
    cover = Cover(replace(edition, printing=replace(edition.printing, marks=True)), 100)
    assert cover.box("Bleed")[0] > 4
    assert cover.box("Trim")[0] == pytest.approx(cover.box("Bleed")[0] + 3, abs=0.01)


def upright_lines(cover: Cover) -> dict[str, set[tuple[float, float, float]]]:
    """Upright lines of 0.25 pt in black ink: solid and broken, each x, lower and upper end in mm from the trim."""
    left, bottom, *_ = cover.box("Trim")
    found: dict[str, set[tuple[float, float, float]]] = {"solid": set(), "broken": set()}
    ink: list[float] = []
    kind, weight, start = "solid", 0.0, (0.0, 0.0)
    stack: list[tuple[str, list[float], float]] = []
    for instruction in pikepdf.parse_content_stream(cover.pdf.pages[0]):
        name, operands = str(instruction.operator), list(instruction.operands)
        if name == "q":
            stack.append((kind, ink, weight))
        elif name == "Q":
            kind, ink, weight = stack.pop()
        elif name == "d":
            kind = "broken" if len(operands[0]) else "solid"
        elif name == "K":
            ink = [float(each) for each in operands]
        elif name == "w":
            weight = float(operands[0])
        elif name in ("m", "l"):
            end = float(operands[0]), float(operands[1])
            if name == "l" and end[0] == start[0] and ink == [0, 0, 0, 1] and weight == 0.25 and not stack[1:]:
                low, high = sorted((start[1], end[1]))
                found[kind].add((end[0] * POINT - left, low * POINT - bottom, high * POINT - bottom))
            start = end
    return found


@pytest.mark.parametrize(("bleed", "away"), [(3.0, 3.0), (5.0, 5.0), (0.0, 3.0)])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_fold_marks_stand_at_both_edges_of_the_spine(bleed: float, away: float, direction: Any, shelf: Any) -> None:
    edition = shelf("press", direction=direction)
    cover = Cover(replace(edition, printing=replace(edition.printing, marks=True, bleed=bleed)), 100)
    page = cover.page
    assert page.spine > 4
    ends = [(-away - 5, -away), (page.height + away, page.height + away + 5)]
    lines = upright_lines(cover)
    assert sorted(lines["broken"]) == [
        pytest.approx((x, *end), abs=0.02) for x in (page.width, page.width + page.spine) for end in ends
    ]
    assert sorted(lines["solid"]) == [pytest.approx((x, *end), abs=0.02) for x in (0, page.whole) for end in ends]
    assert cover.box("Media")[3] >= cover.box("Trim")[3] + away + 5 - 0.01


def test_a_cover_without_a_spine_is_folded_once_and_one_without_marks_shows_no_fold(shelf: Any) -> None:
    edition = shelf("press")
    stitched = Cover(replace(edition, printing=replace(edition.printing, marks=True, leaf=0.0)), 32)
    assert [x for x, *_ in upright_lines(stitched)["broken"]] == [pytest.approx(stitched.page.width, abs=0.02)] * 2
    assert not any(upright_lines(Cover(edition, 100)).values())


def test_equal_editions_have_equal_covers(shelf: Any, book: Cover) -> None:
    again = Cover(shelf(picture=True, identifiers=(Identifier(value=f"urn:isbn:{ISBN}"),)), 300)
    assert again.bytes == book.bytes


def test_workers_write_the_same_bytes(shelf: Any, book: Cover) -> None:
    stream = io.BytesIO()
    edition = shelf(picture=True, identifiers=(Identifier(value=f"urn:isbn:{ISBN}"),))
    write_book_cover(edition, stream, Report(), pages=300, jobs=1)
    assert stream.getvalue() == book.bytes


# --- The picture ---


def colour_at(image: Image.Image, cover: Cover, x: float, y: float) -> tuple[int, ...]:
    """The colour at a place in mm from the upper left corner of the trimmed cover."""
    scale = image.width / (cover.page.whole + 2 * cover.page.bleed)
    found = image.getpixel((round((x + cover.page.bleed) * scale), round((y + cover.page.bleed) * scale)))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("name", ["book", "mirrored"])
def test_the_picture_fills_the_front_and_its_bleed(name: str, request: pytest.FixtureRequest) -> None:
    cover: Cover = request.getfixturevalue(name)
    image, (left, right) = cover.image(), cover.panel("front")
    front = [left + 0.5, (left + right) / 2, right - 0.5]
    front.append(-cover.page.bleed + 0.5 if left == 0 else right + cover.page.bleed - 0.5)
    for x in front:
        for y in (-cover.page.bleed + 0.5, 0, cover.page.height / 2, cover.page.height + cover.page.bleed - 0.5):
            red, green, blue = colour_at(image, cover, x, y)
            assert red < 60 < green, (x, y)
            assert abs(green - blue) < 60
    beside = (left - 0.5) if left else right + 0.5
    assert colour_at(image, cover, beside, 100) == WHITE


def test_right_to_left_the_front_is_on_the_left(book: Cover, mirrored: Cover) -> None:
    assert book.panel("front")[0] == book.page.width + book.page.spine
    assert mirrored.panel("front")[0] == 0  # and the test above finds the picture there


def test_a_picture_of_another_shape_is_cut_and_that_is_said(shelf: Any) -> None:
    edition = shelf(picture=True)
    assert "cover-cropped" not in Cover(edition, 100).codes  # 5:7 is the shape of 170 × 240 with bleed
    (asset,) = edition.assets
    high = replace(edition, assets=(replace(asset, height=340),))
    assert "18 % of the picture 'sea.png' are cut off at head and foot" in Cover(high, 100).said("cover-cropped")
    wide = replace(edition, assets=(replace(asset, width=400, height=400),))
    assert "at its sides" in Cover(wide, 100).said("cover-cropped")


def test_too_few_pixels_are_said(book: Cover, shelf: Any) -> None:
    assert "sea.png prints at 29 ppi (176 mm wide, page cover); 300 needed" in book.said("print-resolution")
    edition = shelf(picture=True)
    (asset,) = edition.assets
    sharp = replace(edition, assets=(replace(asset, width=2060, height=2910),))
    assert "print-resolution" not in Cover(sharp, 100).codes


# --- The barcode ---


@pytest.mark.parametrize("name", ["book", "mirrored"])
def test_a_scanner_reads_the_isbn_in_its_corner(name: str, request: pytest.FixtureRequest) -> None:
    cover: Cover = request.getfixturevalue(name)
    image = cover.image(300)
    (found,) = zxingcpp.read_barcodes(image)
    assert (found.text, found.format) == (ISBN, zxingcpp.BarcodeFormat.EAN13)
    scale = image.width / (cover.page.whole + 2 * cover.page.bleed)
    edges = [found.position.top_left.x, found.position.bottom_right.x]
    left, right = (edge / scale - cover.page.bleed for edge in edges)
    assert right - left == pytest.approx(95 * 0.33, abs=0.5)  # 100 %
    back = cover.panel("back")
    middle = (left + right) / 2
    fold = back[1] - middle if cover.direction == "ltr" else middle - back[0]
    assert fold == pytest.approx(cover.page.safe + 50.8 / 2, abs=1.5)  # the field beside the spine
    assert found.position.bottom_left.y / scale < cover.page.bleed + cover.page.height - cover.page.safe


@pytest.mark.parametrize("name", ["book", "mirrored"])
def test_the_quiet_zones_are_white(name: str, request: pytest.FixtureRequest) -> None:
    cover: Cover = request.getfixturevalue(name)
    image = cover.image(300)
    (found,) = zxingcpp.read_barcodes(image)
    y = (found.position.top_left.y + found.position.bottom_left.y) // 2
    module = 0.33 / 25.4 * 300
    for x in range(int(found.position.top_left.x - 10 * module), int(found.position.top_left.x - module)):
        assert image.getpixel((x, y)) == WHITE
    for x in range(int(found.position.top_right.x + 1.5 * module), int(found.position.top_right.x + 6.5 * module)):
        assert image.getpixel((x, y)) == WHITE


def test_the_isbn_stands_above_its_bars_and_its_digits_below(book: Cover) -> None:
    words = {word.text: word for word in book.on("back")}
    above, below = words["978-3-16-148410-0"], words["783161"]
    assert 22.85 < below.top - above.bottom + 3 < 26
    assert abs(words["484100"].top - below.top) < 0.1


def test_bars_and_words_are_black_ink_alone(book: Cover) -> None:
    drawn = [each for each in book.pdf.objects if isinstance(each, pikepdf.Stream) and "/Width" not in each]
    lines = [line for each in drawn if b" re" in each.read_bytes() for line in each.read_bytes().split(b"\n")]
    inks = {line for line in lines if line.endswith((b" k", b" K", b" rg", b" RG", b" g", b" G")) and len(line) < 40}
    assert b"0 0 0 1 k" in inks
    assert not [ink for ink in inks if ink.endswith((b"rg", b"RG"))]
    assert len(inks) <= 3, inks  # black, paper, and the theme's accent


@pytest.mark.parametrize(
    "identifiers",
    [
        (Identifier(value="urn:uuid:00000000-0000-4000-8000-000000000000"),),
        (Identifier(value=f"urn:isbn:{ISBN}", format="epub"),),
        (Identifier(value="3161484101"),),
    ],
)
def test_without_an_isbn_for_print_the_field_stays_free(shelf: Any, identifiers: tuple[Identifier, ...]) -> None:
    cover = Cover(shelf(identifiers=identifiers), 100)
    assert "cover-isbn-missing" in cover.codes
    assert not zxingcpp.read_barcodes(cover.image())
    field = [
        word
        for word in cover.on("back")
        if word.right > cover.page.width - cover.page.safe - 50.8 and word.bottom > cover.page.height - 40
    ]
    assert not field


def test_the_isbn_of_the_pdf_comes_first(shelf: Any) -> None:
    other = Identifier(value="urn:isbn:9780306406157")
    cover = Cover(shelf(identifiers=(other, Identifier(value=f"urn:isbn:{ISBN}", format="pdf"))), 100)
    assert [each.text for each in zxingcpp.read_barcodes(cover.image())] == [ISBN]


# --- The words ---


@pytest.mark.parametrize(
    ("purpose", "direction"),
    [("kdp", "ltr"), ("kdp", "rtl"), ("ingramspark", "ltr"), ("lulu", "rtl"), ("press", "ltr")],
)
def test_no_word_is_nearer_to_an_edge_than_the_printer_allows(shelf: Any, purpose: str, direction: str) -> None:
    cover = Cover(shelf(purpose, direction=direction, identifiers=(Identifier(value=ISBN),), place="Ness"), 400)
    page = cover.page
    for panel in ("back", "front"):
        left, right = cover.panel(panel)
        words = cover.on(panel)
        assert words
        for word in words:
            assert word.left >= left + page.safe - 0.1, word
            assert word.right <= right - page.safe + 0.1, word
            assert word.top >= page.safe - 0.1, word
            assert word.bottom <= page.height - page.safe + 1.6, word  # the last line's descenders
    left, right = cover.panel("spine")
    assert cover.on("spine")
    for word in cover.on("spine"):
        letters = (word.right - word.left) * 0.1  # above and below them
        assert word.left + letters >= left + page.spine_safe
        assert word.right - letters <= right - page.spine_safe
        assert page.safe - 0.1 <= word.top < word.bottom <= page.height - page.safe + 0.1


@pytest.mark.parametrize(
    ("pages", "reason"),
    [(24, "KDP asks for 79 pages"), (78, "KDP asks for 79 pages"), (80, "letters of 7 pt"), (112, "")],
)
def test_the_spine_carries_words_where_the_printer_allows_it_and_they_have_room(
    shelf: Any, pages: int, reason: str
) -> None:
    cover = Cover(shelf(), pages)
    if reason:
        assert reason in cover.said("cover-spine-blank")
        assert not cover.on("spine")
    else:
        assert "cover-spine-blank" not in cover.codes
        assert [word.text for word in cover.on("spine")] == ["Tide", "tables", "Ada", "Lovelace", "4"]


@pytest.mark.parametrize(
    ("language", "direction", "down"),
    [
        ("en", "ltr", True),
        ("de-AT", "ltr", True),
        ("fr", "ltr", False),
        ("pt-BR", "ltr", False),
        ("he", "rtl", True),
        ("xx", "ltr", True),
    ],
)
def test_the_words_of_the_spine_run_as_the_language_has_it(
    shelf: Any, language: str, direction: str, down: bool
) -> None:
    cover = Cover(
        shelf(language=language, direction=direction, title="אב גד" if direction == "rtl" else "Tide tables"), 300
    )
    words = {word.text: word for word in cover.on("spine")}
    first, second = (
        next(word for text, word in words.items() if set(text) == set(letters))
        for letters in (("אב", "גד") if direction == "rtl" else ("Tide", "tables"))
    )
    assert (first.top < second.top < words["4"].top) is down
    assert (first.top > second.top > words["4"].top) is not down


def test_a_long_description_gets_smaller_letters(shelf: Any) -> None:
    few = Cover(shelf(description="Where land stops. " * 10, identifiers=(Identifier(value=ISBN),)), 100)
    many = Cover(shelf(description="Where land stops. " * 160, identifiers=(Identifier(value=ISBN),)), 100)
    heights = [
        max(word.bottom - word.top for word in cover.on("back") if word.text == "Where") for cover in (few, many)
    ]
    assert heights[1] < heights[0]
    assert "cover-text-long" not in many.codes
    lowest = max(word.bottom for word in many.on("back") if word.text == "stops.")
    assert lowest < next(word.top for word in many.on("back") if word.text == "ISBN")


def test_a_description_that_does_not_fit_is_said(shelf: Any) -> None:
    cover = Cover(shelf(description="Where land stops. " * 900), 100)
    assert "the words of the cover's back do not fit" in cover.said("cover-text-long")


def test_paragraphs_of_the_description_stay_apart(shelf: Any) -> None:
    cover = Cover(shelf(description="First part.\n\nSecond part."), 100)
    first, second = (word for word in cover.on("back") if word.text == "part.")
    assert second.top - first.top > 8


def test_a_long_title_gets_smaller_then_alone_then_off_the_spine(shelf: Any) -> None:
    def spine(count: int) -> dict[str, Word]:
        cover = Cover(shelf(title=" ".join(["Tidetables"] * count)), 300)
        assert ("cover-text-long" in cover.codes) is (not cover.on("spine"))
        return {word.text: word for word in cover.on("spine")}

    short, long, longer, longest = spine(4), spine(12), spine(16), spine(30)
    assert set(short) == set(long) == {"Tidetables", "Ada", "Lovelace", "4"}
    sizes = [found["Tidetables"].right - found["Tidetables"].left for found in (short, long, longer)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[2] > 2.4  # 7 pt
    assert set(longer) == {"Tidetables", "Ada", "Lovelace"}
    assert not longest
    alone = next(found for count in range(17, 20) if "Lovelace" not in (found := spine(count)))
    assert set(alone) == {"Tidetables"}


def test_what_is_printed_is_said(shelf: Any) -> None:
    assert Cover(shelf(), 100).said("cover-spine") == (
        "the cover measures 352.07 × 246.35 mm with its bleed; its spine is 5.72 mm wide, of 100 pages on paper white "
        "(0.1144 mm a leaf)"
    )


# --- What may go wrong ---


def test_a_character_that_no_font_has_is_said(shelf: Any) -> None:
    cover = Cover(shelf(title="Tide \U0001f30a"), 100)
    assert "glyph-missing" in cover.codes


def test_an_edition_without_a_cover_for_print_is_a_wrong_call() -> None:
    with pytest.raises(ValueError, match="no cover for print"):
        write_book_cover(pdf_sample.edition(), io.BytesIO(), Report(), pages=100)


def test_a_cover_that_cannot_be_laid_out_is_said(shelf: Any) -> None:
    edition = shelf()
    broken = replace(edition, book_cover=replace(edition.book_cover, body="<p>"))
    report, stream = Report(), io.BytesIO()
    write_book_cover(broken, stream, report, pages=100)
    assert "layout-failed" in [found.code for found in report.diagnostics]
    assert not stream.getvalue()


def test_a_theme_without_a_template_makes_no_cover_and_says_so(tmp_path: Path) -> None:
    report = Report()
    read = resolved(publication(tmp_path, {"a.md": "# One\n\nSome text."}, more="print: press\n"), report)
    theme = load_theme("folio", report)
    assert theme
    bare = replace(theme, templates={name: text for name, text in theme.templates.items() if name != "book-cover.html"})
    assert typeset(read, bare, report).book_cover is None
    assert [found.code for found in report.diagnostics] == ["cover-template-missing"]


def test_a_theme_that_extends_another_inherits_its_cover(tmp_path: Path) -> None:
    files = {
        "a.md": "# One\n\nSome text.",
        "mine/theme.yaml": "name: mine\nextends: folio\n",
        "mine/book-cover.css": ".book-description { font-style: italic }\n.book-back { colour: red }\n",
    }
    report = Report()
    read = resolved(publication(tmp_path, files, more="print: press\ntheme: mine\ndescription: Words.\n"), report)
    theme = load_theme("mine", report, folder=tmp_path)
    assert theme
    cover = Cover(typeset(read, theme, report), 100)
    assert "Words." in [word.text for word in cover.on("back")]
    fault = next(found for found in cover.report.diagnostics if found.code == "theme-css")
    assert (fault.at.path, fault.at.line) == ("mine/book-cover.css", 2)
    assert any("GaramondItalic" in str(each.get("/BaseFont", "")).replace("-", "") for each in fonts_of(cover.pdf))


def fonts_of(pdf: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    return [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/BaseFont" in each]


def test_faults_of_the_pages_style_sheet_are_not_said_again(shelf: Any) -> None:
    edition = shelf()
    faulty = replace(edition, theme=replace(edition.theme, print_css="p { colour: red }"))
    assert "theme-css" not in Cover(faulty, 100).codes


@pytest.mark.parametrize(("purpose", "parts"), [("screen", ""), ("archive", ""), ("kdp", "parts: {cover: false}\n")])
def test_no_cover_where_none_is_printed(tmp_path: Path, purpose: str, parts: str) -> None:
    report = Report()
    more = f"print: {purpose}\n{parts}"
    read = resolved(publication(tmp_path, {"a.md": "# One\n\nSome text."}, more=more), report)
    theme = load_theme("folio", report)
    assert theme
    assert typeset(read, theme, report).book_cover is None


# --- The build ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    more = "print: offset-a5\npublisher: Saltmarsh Press\n"
    return publication(tmp_path_factory.mktemp("build"), {"a.md": "# One\n\nSome text."}, more=more)


def test_the_cover_lies_beside_the_pages(folder: Path) -> None:
    built = pubkit.build(folder, formats=["pdf"], jobs=0, cached=False)
    names = [path.name for path in built.outputs]
    assert len(names) == 2
    assert names[1] == names[0].replace(".pdf", "-cover.pdf")
    assert names[0].endswith("-offset-a5.pdf")
    with pikepdf.open(built.outputs[1]) as cover:
        assert len(cover.pages) == 1
    assert sorted(path.name for path in (folder / "build").iterdir()) == sorted(names)
    assert built.pages
    assert f"of {built.pages} pages" in next(
        found.message for found in built.report.diagnostics if found.code == "cover-spine"
    )


def test_the_cover_goes_where_the_pages_go(folder: Path, tmp_path: Path) -> None:
    built = pubkit.build(folder, outputs=[tmp_path / "x.pdf"], jobs=0, cached=False)
    assert [path.name for path in built.outputs] == ["x.pdf", "x-cover.pdf"]
    with pytest.raises(OutputError, match=r"x-cover\.pdf is where the cover of"):
        pubkit.build(folder, outputs=[tmp_path / "x.pdf", tmp_path / "x-cover.pdf"], jobs=0, cached=False)


def test_sources_are_checked_with_their_cover(folder: Path) -> None:
    assert "cover-spine" in [found.code for found in pubkit.check_sources(folder, jobs=0, cached=False).diagnostics]
