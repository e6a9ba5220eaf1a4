"""The default theme on the pages that are printed on, from 5 × 8 inches to letter: what must hold on all of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median, mode

import pypdfium2
import pytest
from folio_sample import folio_edition, on_page

from pubkit.model import Edition, PageGeometry
from pubkit.pdf import write_pdf
from pubkit.pdf.styles import BLEED, page_rule, sheet_rules
from pubkit.report import Report

MM = 72 / 25.4
SIZES = {
    "folio": (170.0, 240.0, None),
    "5 x 8 in": (127.0, 203.2, None),
    "a5": (148.0, 210.0, None),
    "6 x 9 in, thick": (152.4, 228.6, 25.0),
    "a4": (210.0, 297.0, None),
    "letter": (215.9, 279.4, None),
}
HANGS = {"folio": 20.0, "5 x 8 in": 0.0}  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is on a page: lines of text with the place of their first letter, and the boxes of pictures, in pt."""

    width: float
    lines: tuple[tuple[str, float, float], ...]  # text, left, baseline
    pictures: tuple[tuple[float, float, float, float], ...]

    def left(self, words: str) -> float:
        return next(left for text, left, _ in self.lines if text.startswith(words))


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    found = folio_edition(tmp_path_factory.mktemp("folio"))
    wanted = tuple(document for document in found.documents if document.name == "quay")
    return replace(found, documents=wanted, toc=())


@pytest.fixture(scope="module", params=SIZES)
def printed(request: pytest.FixtureRequest, edition: Edition) -> tuple[str, PageGeometry, list[Sheet]]:
    placed = on_page(edition, *SIZES[request.param])
    stream, report = io.BytesIO(), Report()
    write_pdf(placed, stream, report, jobs=0)
    assert not report.diagnostics
    with pypdfium2.PdfDocument(stream.getvalue()) as pdf:
        return request.param, placed.theme.page, [_sheet(page) for page in pdf]


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    pictures = tuple(found.get_bounds() for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    return Sheet(width=page.get_width(), lines=tuple(_lines(page.get_textpage())), pictures=pictures)


def _lines(text: pypdfium2.PdfTextPage) -> Iterator[tuple[str, float, float]]:
    start = 0
    for line in text.get_text_range().split("\r\n"):
        if line.strip():
            left, bottom, *_ = text.get_charbox(start, loose=True)
            yield line.strip(), left, bottom
        start += len(line) + 2


def test_opening_pictures_reach_beyond_the_trim_on_left_and_right_pages(
    printed: tuple[str, PageGeometry, list[Sheet]],
) -> None:
    _, page, (opener, *_) = printed
    left, _, right, top = opener.pictures[0]
    for shift in (0, (page.outside - page.inside) * MM):  # of a recto, and of the same page as a verso
        assert left + shift <= -BLEED * MM + 0.01
        assert right + shift >= opener.width + BLEED * MM - 0.01
    assert top >= page.height * MM + BLEED * MM - 0.01


def test_lines_are_neither_short_nor_long(printed: tuple[str, PageGeometry, list[Sheet]]) -> None:
    _, _, sheets = printed
    lines = [(text, round(left)) for sheet in sheets for text, left, _ in sheet.lines if len(text) > 40]
    edge = mode(left for _, left in lines)
    lengths = [len(text) for text, left in lines if left == edge and not text.endswith(".")]
    assert len(lengths) > 5
    assert 45 <= median(lengths) <= 75


def test_the_text_stands_in_from_the_headline(printed: tuple[str, PageGeometry, list[Sheet]]) -> None:
    name, page, (opener, *_) = printed
    hang = (opener.left("Every day") - opener.left("REPORT")) / MM
    if name in HANGS:
        assert hang == pytest.approx(HANGS[name], abs=0.3)
    else:
        assert 5 <= hang <= 0.4 * (page.width - page.inside - page.outside)


def test_text_keeps_its_leading(printed: tuple[str, PageGeometry, list[Sheet]]) -> None:
    """Lines of a paragraph are 13 to 15pt apart, by half points; never less than 10pt letters would need."""
    _, _, sheets = printed
    steps = [
        round(above - below, 2)
        for sheet in sheets
        for (text, _, above), (more, _, below) in pairwise(sheet.lines)
        if "brass" in text + more and 12 < above - below < 16
    ]
    usual = median(steps)
    assert 13 <= usual <= 15
    assert usual * 2 == pytest.approx(round(usual * 2), abs=0.02)


def test_nothing_stands_in_the_margins_but_running_heads(printed: tuple[str, PageGeometry, list[Sheet]]) -> None:
    _, page, sheets = printed
    for number, sheet in enumerate(sheets):
        margin = page.outside if number % 2 else page.inside
        assert min(left for _, left, _ in sheet.lines) >= margin * MM - 4  # headlines hang a little
        assert min(bottom for *_, bottom in sheet.lines) >= 9 * MM


def test_the_style_sheets_know_the_page() -> None:
    page = PageGeometry(width=127, height=203.2, top=15, bottom=20.2, inside=20, outside=16)
    known = (
        "--page-width: 127mm; --page-height: 203.2mm; --margin-top: 15mm; --margin-bottom: 20.2mm; "
        "--margin-inside: 20mm; --margin-outside: 16mm; --text-width: 91mm; --text-height: 168mm; "
        "--bleed: 4mm; --safe: 0mm"
    )
    for rules in (page_rule(page, "ltr"), sheet_rules(page, "ltr")):
        assert f":root {{ {known} }}" in rules
    assert "margin: 15mm 16mm 20.2mm 20mm" in page_rule(page, "ltr")
    assert "margin: 15mm 20mm 20.2mm 16mm" in page_rule(page, "rtl")
    assert "--bleed: 6mm; --safe: 9.5mm" in page_rule(page, "ltr", bleed=6, safe=9.5)
    assert "--bleed: 6mm; --safe: 9.5mm" in sheet_rules(page, "ltr", bleed=6, safe=9.5)
