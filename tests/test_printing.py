"""The table of printers is whole, and the page that comes of it obeys them."""

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from pubkit import printing
from pubkit.model import PageGeometry, Printing, PrintSettings
from pubkit.report import Report
from pubkit.source import Location

TABLE: dict[str, dict[str, Any]] = tomllib.loads(files("pubkit").joinpath("printing.toml").read_text(encoding="utf-8"))
INCH = 25.4
FOLIO = PageGeometry(width=170, height=240, top=18, bottom=24.4, inside=18, outside=22)
AT = Location("pubkit.yaml", 3, 1)
KEYS = """
    like printer standard demands trims least most bleed bleed-inside safe colour ink-limit gutters multiple least-pages
    most-pages limits last-blank resolution line-resolution papers spine-extra spine-text spine-safe
    least-line least-type source
""".split()


def of(purpose: str, **settings: Any) -> Printing:
    return printing.printing_of(PrintSettings(purpose=purpose, **settings))


@pytest.mark.parametrize("purpose", sorted(TABLE))
def test_every_row_is_whole(purpose: str) -> None:
    row = TABLE[purpose]
    assert set(row) <= set(KEYS), "a key that nobody reads"
    assert len(row["source"]) > 10
    made = of(purpose)
    assert made.standard in ("PDF/A-2a", "PDF/X-4", "PDF/X-1a:2001")
    assert made.press is (purpose not in ("screen", "archive"))
    if made.press:
        assert made.printer
        assert 3 <= made.bleed < 4
        assert made.safe >= made.bleed
        assert 0.05 < made.leaf < 0.2
        assert made.paper in printing.papers(purpose)
        assert made.multiple % 2 == 0
        assert 48 <= made.spine_text <= 130
        assert 0 < made.spine_safe <= 5


@pytest.mark.parametrize("purpose", sorted(TABLE))
def test_every_length_and_size_can_be_read(purpose: str) -> None:
    row = TABLE[purpose]
    for key in ("bleed", "safe", "spine-extra", "spine-safe"):
        assert printing.length(row.get(key, "0mm")) >= 0
    for written in (*row.get("trims", ()), *(row[key] for key in ("least", "most") if key in row)):
        assert min(printing.size(written)) > 90
    assert set(row.get("limits", ())) <= set(row.get("papers", ()))
    steps = row.get("gutters", ())
    assert [pages for pages, _ in steps] == sorted(pages for pages, _ in steps)
    assert [printing.length(margin) for _, margin in steps] == sorted(printing.length(margin) for _, margin in steps)
    if steps:
        assert steps[-1][0] >= row["most-pages"]


@pytest.mark.parametrize("purpose", [name for name, row in TABLE.items() if "trims" in row])
def test_no_size_is_in_the_list_twice(purpose: str) -> None:
    sizes = [printing.size(each) for each in TABLE[purpose]["trims"]]
    near = [
        (one, other)
        for number, one in enumerate(sizes)
        for other in sizes[:number]
        if max(abs(one[0] - other[0]), abs(one[1] - other[1])) <= 1
    ]
    assert not near


# --- What people write ---


@pytest.mark.parametrize(
    ("written", "mm"), [("3mm", 3), ("0.125in", 3.175), ("9pt", 3.175), ("1 cm", 10), ("4", 4), (" 3 MM ", 3)]
)
def test_a_length(written: str, mm: float) -> None:
    assert printing.length(written) == pytest.approx(mm, abs=0.001)


@pytest.mark.parametrize("written", ["", "mm", "-3mm", "3 miles", "1e3mm", "3mm 4mm"])
def test_no_length(written: str) -> None:
    with pytest.raises(ValueError, match="is no length"):
        printing.length(written)


@pytest.mark.parametrize(
    ("written", "size"),
    [("6x9in", (152.4, 228.6)), ("148 × 210 mm", (148, 210)), ("A5", (148, 210)), ("US-Letter", (215.9, 279.4))],
)
def test_a_size(written: str, size: tuple[float, float]) -> None:
    assert printing.size(written) == pytest.approx(size)


@pytest.mark.parametrize("written", ["", "6in", "A7", "6x9x2", "x9in"])
def test_no_size(written: str) -> None:
    with pytest.raises(ValueError, match="is no size of a page"):
        printing.size(written)


# --- KDP, whose numbers are published ---


@pytest.mark.parametrize(
    ("pages", "inches"),
    [
        (24, 0.375),
        (150, 0.375),
        (152, 0.5),
        (300, 0.5),
        (302, 0.625),
        (500, 0.625),
        (502, 0.75),
        (700, 0.75),
        (702, 0.875),
        (828, 0.875),
        (900, 0.875),
    ],
)
def test_the_gutters_of_kdp(pages: int, inches: float) -> None:
    narrow = PageGeometry(width=152.4, height=228.6, top=1, bottom=1, inside=1, outside=1)
    page = printing.with_margins(narrow, of("kdp"), pages)
    assert page.inside == pytest.approx(inches * INCH + printing.OPTICAL)
    assert page.outside == pytest.approx(0.375 * INCH + printing.OPTICAL)
    assert page.top == page.bottom == pytest.approx(0.375 * INCH)


@pytest.mark.parametrize(
    ("paper", "per_page"),
    [("", 0.002252), ("white", 0.002252), ("cream", 0.0025), ("standard-colour", 0.002252), ("colour", 0.002347)],
)
@pytest.mark.parametrize("pages", [24, 100, 828])
def test_the_spine_of_kdp(paper: str, per_page: float, pages: int) -> None:
    assert printing.spine_of(of("kdp", paper=paper), pages) == pytest.approx(pages * per_page * INCH, abs=0.001)


def test_the_spine_of_lulu() -> None:
    assert printing.spine_of(of("lulu"), 100) == pytest.approx((100 / 444 + 0.06) * INCH, abs=0.002)
    assert printing.spine_of(of("lulu"), 100) == pytest.approx(100 / 17.48 + 1.524, abs=0.005)  # their metric formula


def test_a_leaf_of_ones_own() -> None:
    assert printing.spine_of(of("press", leaf=0.13), 200) == pytest.approx(13)
    assert printing.spine_of(of("screen"), 200) == 0


def test_the_limits_of_a_paper() -> None:
    assert (of("kdp").least_pages, of("kdp").most_pages) == (24, 828)
    cream = of("kdp", paper="cream")
    assert (cream.paper, cream.least_pages, cream.most_pages) == ("cream", 24, 776)
    assert of("kdp", paper="standard-colour").least_pages == 72
    assert of("ingramspark", paper="creme").most_pages == 1050


# --- The size that is made ---


def taken(trim: str, settings_trim: str = "", purpose: str = "kdp") -> tuple[tuple[float, float], list[str]]:
    report = Report()
    width, height = printing.size(trim)
    settings = PrintSettings(purpose=purpose, trim=printing.size(settings_trim) if settings_trim else None, at=AT)
    theme = PageGeometry(width=width, height=height, top=18, bottom=24, inside=18, outside=22)
    page = printing.trimmed(theme, settings, report)
    return (round(page.width, 2), round(page.height, 2)), [found.code for found in report.diagnostics]


@pytest.mark.parametrize("purpose", ["kdp", "ingramspark", "lulu", "offset-a5"])
def test_a5_is_a5_everywhere(purpose: str) -> None:
    assert taken("170x240mm", "A5", purpose) == ((148, 210), [])


@pytest.mark.parametrize("purpose", ["kdp", "ingramspark", "lulu", "offset-a4"])
def test_a4_is_a4_everywhere(purpose: str) -> None:
    assert taken("170x240mm", "A4", purpose) == ((210, 297), [])


@pytest.mark.parametrize("purpose", sorted(name for name in TABLE if not name.startswith("offset")))
def test_six_by_nine_is_made_everywhere(purpose: str) -> None:
    assert taken("170x240mm", "6x9in", purpose) == ((152.4, 228.6), [])


def test_the_nearest_of_a_list_is_taken_for_the_themes_own() -> None:
    assert taken("170x240mm", purpose="ingramspark") == ((169.93, 244.09), ["print-trim-nearest"])
    assert taken("170x240mm", purpose="offset-a5") == ((148, 210), ["print-trim-nearest"])
    assert taken("6x9in", purpose="lulu") == ((152.4, 228.6), [])


def test_a_range_takes_every_size_in_it() -> None:
    assert taken("170x240mm") == ((170, 240), [])
    assert taken("60x90mm") == ((101.6, 152.4), ["print-trim-nearest"])
    assert taken("400x500mm") == ((215.9, 297), ["print-trim-nearest"])


def test_a_list_and_a_range_take_a_size_that_is_asked_for() -> None:
    assert taken("170x240mm", "170x240mm", "ingramspark") == ((170, 240), [])
    assert taken("170x240mm", "90x240mm", "ingramspark") == ((101.6, 240), ["print-trim"])
    assert taken("170x240mm", "A4", "ingramspark") == ((210, 297), [])  # of the list, and larger than the range


def test_a_size_that_is_not_made_is_an_error_only_where_it_was_asked_for() -> None:
    assert taken("170x240mm", "170x240mm", "lulu")[1] == ["print-trim"]
    assert taken("170x240mm", "170x240mm", "screen") == ((170, 240), [])


def test_a_check_for_no_printer_says_nothing() -> None:
    report = Report()
    page = printing.trimmed(FOLIO, PrintSettings(purpose="screen"), report)
    assert page == FOLIO
    assert not report.diagnostics


def test_margins_grow_with_the_page() -> None:
    page = printing.trimmed(FOLIO, PrintSettings(purpose="screen", trim=(85, 120)), Report())
    assert (page.top, page.bottom, page.inside, page.outside) == (9, 12.2, 9, 11)


# --- Laws ---

lengths = st.floats(min_value=0, max_value=60, allow_nan=False)
pages = st.builds(
    PageGeometry,
    width=st.floats(min_value=90, max_value=300),
    height=st.floats(min_value=90, max_value=400),
    top=lengths,
    bottom=lengths,
    inside=lengths,
    outside=lengths,
)
counts = st.integers(min_value=0, max_value=2000)
purposes = st.sampled_from(sorted(TABLE))


@given(pages, purposes, counts)
def test_no_margin_is_narrower_than_the_printer_allows(page: PageGeometry, purpose: str, count: int) -> None:
    made = of(purpose)
    with_margins = printing.with_margins(page, made, count)
    gutter = next(
        (margin for most, margin in made.gutters if count <= most), max(dict(made.gutters).values(), default=0)
    )
    assert with_margins.inside >= max(gutter, made.safe)
    assert min(with_margins.outside, with_margins.top, with_margins.bottom) >= made.safe
    assert (with_margins.width, with_margins.height) == (page.width, page.height)
    assert with_margins.inside >= page.inside
    assert with_margins.top >= page.top


@given(pages, purposes, counts, counts)
def test_a_thicker_book_never_has_a_narrower_gutter(page: PageGeometry, purpose: str, one: int, other: int) -> None:
    thin, thick = (printing.with_margins(page, of(purpose), count) for count in sorted((one, other)))
    assert thin.inside <= thick.inside
    assert thin.outside >= thick.outside


@given(pages, purposes, counts)
def test_margins_that_are_wide_enough_stay(page: PageGeometry, purpose: str, count: int) -> None:
    once = printing.with_margins(page, of(purpose), count)
    assert printing.with_margins(once, of(purpose), count) == once


@given(pages, purposes, counts)
def test_the_measure_stays_where_the_outer_margin_can_give(page: PageGeometry, purpose: str, count: int) -> None:
    made = of(purpose)
    after = printing.with_margins(page, made, count)
    if after.outside > made.safe + printing.OPTICAL:
        assert after.inside + after.outside == pytest.approx(page.inside + page.outside)


@given(purposes, counts, counts)
def test_a_thicker_book_never_has_a_narrower_spine(purpose: str, one: int, other: int) -> None:
    thin, thick = (printing.spine_of(of(purpose), count) for count in sorted((one, other)))
    assert thin <= thick


def test_the_source_is_said_for_every_printer() -> None:
    for purpose in ("kdp", "ingramspark", "lulu", "blurb"):
        assert re.search(r"[a-z]+\.[a-z]+\.com", TABLE[purpose]["source"])


def test_every_purpose_is_documented() -> None:
    text = (ROOT / "docs" / "print.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(any(purpose in row.split("|")[1] for row in rows) for purpose in TABLE)
