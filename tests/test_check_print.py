"""What is seen on printed pages, and what is said about it in the sources."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from pdf_sample import PAGE, PRINT_CSS, Printed, document, edition, paragraphs, theme
from PIL import Image
from publications import png, publication, resolved

import pubkit
from pubkit.check.print_rules import check_print
from pubkit.images import tones
from pubkit.model import (
    Area,
    Asset,
    GroundSeen,
    HairlineSeen,
    LinesSeen,
    OverflowSeen,
    PageMap,
    PictureSeen,
    PrintedPage,
    PrintSettings,
    Publication,
    Sighting,
    TextSeen,
    Theme,
    ThemeFile,
)
from pubkit.pdf import layout
from pubkit.printing import printing_of
from pubkit.report import Report

# Ten points of JetBrains Mono: a letter is 6 pt wide. The text block is 82 mm wide, 38 letters, and 28 lines high.
MONO = """
html { font: 10pt/14pt "JetBrains Mono"; text-align: left }
h2, p, pre, ul, div, td { font: 10pt/14pt "JetBrains Mono"; margin: 0; padding: 0; hyphens: none }
h2, p, pre { orphans: 1; widows: 1 }
"""
LETTER = 6 * 25.4 / 72  # mm
MEASURE = 82.0
LONG = "m" * 45
OUT = 45 * LETTER - MEASURE
PICTURE = '<img src="0001-sea.jpg" alt="The sea"/>'  # 256 pixels each way

Kind = TypeVar("Kind", bound=Sighting)


def pages_of(body: str, css: str = "", **changes: Any) -> tuple[PrintedPage, ...]:
    """The pages of an article with this body, set in a typewriter's letters."""
    one = document("one", f'<section id="one">{body}</section>')
    made = Printed(edition(one, theme=theme(print_css=PRINT_CSS + MONO + css), **changes))
    assert "layout-failed" not in made.codes
    return made.map.printed


def seen(pages: tuple[PrintedPage, ...], kind: type[Kind]) -> list[Kind]:
    return [each for page in pages for each in page.seen if isinstance(each, kind)]


# --- what sticks out -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "css", "what", "by"),
    [
        (f"<p>short {LONG} words</p>", "", "line", OUT),
        (f"<pre>{LONG}\nshort</pre>", "", "code", OUT),
        (f"<pre><span>mmm</span><span>{LONG[3:]}</span></pre>", "", "code", OUT),
        (f'<p dir="rtl">{LONG}</p>', "", "line", OUT),
        (f"<div><p>{LONG}</p></div>", "div { float: left }", "line", OUT),
        (f"<div><p>{LONG}</p></div>", "div { display: inline-block }", "line", OUT),
        (f"<div><p>{LONG}</p></div>", "div { display: flex }", "line", OUT),
        (f"<table><tr><td>{LONG}</td></tr></table>", "", "table", OUT),
        (
            f"<div>{PICTURE}</div>",
            "div { columns: 2; column-gap: 2mm } #one img { max-width: none }",
            "picture",
            67.73 - 40,
        ),
        (f"<div><pre>{LONG}</pre></div>", "div { columns: 2; column-gap: 2mm }", "code", 45 * LETTER - 40),
        (f"<div><p>{LONG}</p></div>", "div { width: 30mm; background: #eee }", "line", 45 * LETTER - 30),
        (f"<div><p>{LONG}</p></div>", "div { width: 30mm; border-right: 1pt solid }", "line", 45 * LETTER - 30.35),
        (
            f"<table><tr><td>{LONG}</td><td>x</td></tr></table>",
            "table { table-layout: fixed; width: 80mm } td { width: 40mm }",
            "line",
            45 * LETTER - 40,
        ),
    ],
)
def test_what_its_content_makes_too_wide_sticks_out(body: str, css: str, what: str, by: float) -> None:
    (found,) = seen(pages_of(body, f"table {{ border-spacing: 0 }} {css}"), OverflowSeen)
    assert found.what == what
    assert found.by == pytest.approx(by, abs=0.3)
    assert found.near == "one"


@pytest.mark.parametrize(
    ("body", "css"),
    [
        ("<p>short words that go on over several lines of the page and fit</p>", ""),
        (f"<div><p>{LONG}</p></div>", "div { margin-left: -14mm; margin-right: -1mm }"),
        (f"<div><p>{LONG}</p></div>", "div { width: 100mm }"),
        (f"<div><p>{LONG}</p></div>", "div { position: absolute; left: -10mm; width: 100mm }"),
        (f"<div><p>{LONG}</p></div>", "div { position: absolute; left: 0 }"),
        ("<p>x</p><div><p>note</p></div>", "div { float: left; margin-left: -13mm; width: 12mm }"),
        ("<ul><li>one</li></ul>", "ul { list-style: outside square }"),
        (f"<pre>{'m' * 37}          \nx</pre>", "pre { white-space: pre-wrap }"),
        (f"<div>{PICTURE}</div>", "div { margin: 0 -40mm } #one img { width: 150mm; max-width: none }"),
        (f"<div><p>{'m' * 20}</p></div>", "div { width: 30mm }"),
        (f"<table><tr><td>{'m' * 20}</td></tr></table>", "table { width: 60mm; margin-left: 5mm }"),
        (f"<p>{LONG}</p>", "p { transform: rotate(90deg) }"),
    ],
)
def test_what_the_theme_lets_hang_out_does_not(body: str, css: str) -> None:
    assert seen(pages_of(body, css), OverflowSeen) == []


def test_a_block_of_code_and_a_table_are_told_once_where_they_are_widest() -> None:
    code = "<pre>" + "\n".join("m" * length for length in (40, 45, 42)) + "</pre>"
    (found,) = seen(pages_of(code), OverflowSeen)
    assert found.words == LONG
    rows = f"<tr><th>Name</th><th>Long words</th></tr><tr><td>a</td><td>{LONG}</td></tr>" * 40
    (wide,) = seen(pages_of(f"<table>{rows}</table>"), OverflowSeen)
    assert wide.words == "Name Long words"


# --- pictures and places -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fit", "ppi", "width", "height"),
    [
        ("fill", 256 / 50 * 25.4, 50, 20),
        ("cover", 256 / 50 * 25.4, 50, 20),
        ("contain", 256 / 20 * 25.4, 20, 20),
        ("none", 96, 50, 20),
    ],
)
def test_pixels_count_at_the_scale_that_is_really_drawn(fit: str, ppi: float, width: float, height: float) -> None:
    css = f"img {{ width: 50mm; height: 20mm; object-fit: {fit} }}"
    (found,) = seen(pages_of(f'<figure id="one--map">{PICTURE}</figure>', css), PictureSeen)
    assert (found.image, found.near) == ("0001-sea.jpg", "one--map")
    assert found.ppi == pytest.approx(ppi, abs=0.1)
    assert found.area.right - found.area.left == pytest.approx(width, abs=0.01)
    assert found.area.bottom - found.area.top == pytest.approx(height, abs=0.01)


def test_of_a_picture_in_a_frame_that_hides_counts_what_shows() -> None:
    css = "div { width: 30mm; height: 10mm; overflow: hidden } #one img { width: 60mm; max-width: none }"
    (found,) = seen(pages_of(f"<div>{PICTURE}</div>", css), PictureSeen)
    assert (found.area.right - found.area.left, found.area.bottom - found.area.top) == (30, 10)
    assert found.ppi == pytest.approx(256 / 60 * 25.4, abs=0.1)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_places_are_those_of_the_page_as_it_is_printed(direction: Any) -> None:
    body = f'<p>{PICTURE}</p><p style="break-before: page">{PICTURE}</p><div>out</div>'
    css = "div { position: absolute; top: -10mm; left: 20mm }"
    metadata = replace(edition().metadata, direction=direction)
    recto, verso = pages_of(body, css, metadata=metadata)
    left = {"recto": PAGE.inside, "verso": PAGE.outside}
    if direction == "rtl":
        left = {"recto": PAGE.outside, "verso": PAGE.inside}
    (first,), (second,) = seen((recto,), PictureSeen), seen((verso,), PictureSeen)
    assert (first.area.left, second.area.left) == (left["recto"], left["verso"])
    assert (recto.verso, verso.verso) == (False, True)
    assert (recto.label, verso.label) == ("1", "2")


def test_text_is_where_a_reader_of_the_file_finds_it() -> None:
    css = "h2 { margin: -12mm 0 0 -9mm; font-size: 9pt }"
    made = Printed(edition(document("one", '<section id="one"><h2>Hxx</h2></section>'), theme=theme(print_css=css)))
    (page,) = made.map.printed
    (found,) = seen((page,), TextSeen)
    (left, top) = next((left, top) for word, left, top in made.words(1) if word == "Hxx")
    assert found.words == "Hxx"
    assert found.area.left == pytest.approx(left * 25.4 / 72, abs=0.4)  # the letter has a little room at its side
    assert 0 < found.area.top - top * 25.4 / 72 < 9 * 25.4 / 72  # and its line above it
    assert found.area.bottom - found.area.top == pytest.approx(0.73 * 9 * 25.4 / 72, abs=0.3)  # a capital of Inter
    folio = [each for each in page.furniture if isinstance(each, TextSeen) and each.words == "1"]
    assert len(folio) == 1
    assert folio[0].area.bottom == pytest.approx(PAGE.height - 8, abs=2)


def test_text_inside_the_text_block_is_not_noted() -> None:
    assert seen(pages_of(paragraphs(8)), TextSeen) == []


def test_blank_pages_are_known() -> None:
    pages = pages_of('<p>one</p><p class="next">three</p>', ".next { break-before: right }")
    assert [(page.label, page.blank, page.document) for page in pages] == [
        ("1", False, "one"),
        ("2", True, "one"),
        ("3", False, "one"),
    ]


# --- lines ---------------------------------------------------------------------------------------------------------


def room(lines: int) -> str:
    return f'<div style="height: {lines * 14}pt"></div>'


THREE = f"<p>{'mmmmmmmm ' * 12}</p>"  # four words a line


@pytest.mark.parametrize(
    ("body", "css", "faults"),
    [
        (room(27) + THREE, "", ["orphan", "ending"]),
        (room(26) + THREE, "", ["widow", "ending"]),
        (room(25) + THREE, "", []),
        (room(26) + THREE, "p { orphans: 2; widows: 2 }", ["ending"]),
        (room(26) + "<p>x</p><h2>Head</h2>" + THREE * 2, "h2 { break-after: auto }", ["heading"]),
        (room(26) + "<p>x</p><h2>Head</h2>" + THREE * 2, "", []),
        ("<h2>Head</h2>" + THREE * 2, "h2 { break-after: page }", []),  # a page for the heading alone
        (f"<p>{'mmmmmmmm ' * 4}it.</p>", "", ["short"]),
        (f"<p>{'mmmmmmmm ' * 4}shore</p>", "", []),
        (f"<p>{'mmmmmmmm ' * 4}<br/>it.</p>", "", []),
        (f"<p>{'mmmmmmmm ' * 4}{PICTURE}</p>", "img { width: 20mm }", []),
        (f"<table><tr><td>{'mmmmmmmm ' * 4}it.</td></tr></table>", "", []),
        (f"<p>{'abcdefghijk&#173;' * 5}</p>", "p { width: 30mm; hyphens: manual }", ["hyphens"]),
        (f"<p>{'abcdefghijk&#173;' * 3}</p>", "p { width: 30mm; hyphens: manual }", []),
        (f"<pre>{'m-' * 10}\n{'m-' * 10}\n{'m-' * 10}\nx</pre>", "", []),
        (room(28) + THREE + PICTURE, "img { width: 60mm }", []),
    ],
)
def test_lines_that_are_divided_badly(body: str, css: str, faults: list[str]) -> None:
    assert [found.fault for found in seen(pages_of(body, css), LinesSeen)] == faults


def test_a_fault_of_lines_has_the_words_by_which_it_is_found() -> None:
    (found,) = seen(pages_of(f"<p>{'abcdefghijk&#173;' * 5}</p>", "p { width: 30mm; hyphens: manual }"), LinesSeen)
    assert (found.words, found.count) == ("abcdefghijk‐", 4)
    body = "<p>there was nothing at all to say to ab&#173;cd</p>"
    (short,) = seen(pages_of(body, "p { hyphens: manual }"), LinesSeen)
    assert short.words == "to say to abcd"


# --- thin lines ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "css", "expected"),
    [
        ("<p>x</p>", "p { border-bottom: 0.1pt solid }", [(0.1, "p")]),
        ("<p>x <em>y</em></p>", "em { border: 0.2pt dotted }", [(0.2, "em")]),
        ("<p>x</p><p>y</p>", "p { border: 0.1pt solid }", [(0.1, "p")]),
        ("<p>x</p>", "p { border: 0.25pt solid } p::before { content: '' }", []),
        ("<p>x</p>", "p { border: 0.1pt solid transparent; outline: 0.1pt none }", []),
        ("<div><p>x</p><p>y</p></div>", "div { columns: 2; column-rule: 0.2pt solid }", [(0.2, "div")]),
        (
            '<table><tr><td class="a b">x</td></tr></table>',
            "table { border-collapse: collapse } td { border: 0.2pt solid } tr { border: 0.1pt solid }",
            [(0.2, "table")],
        ),
        ("<table><tr><td>x</td></tr></table>", "td { border: 0.2pt solid } tr { border: 0.1pt solid }", [(0.2, "td")]),
        ('<p class="a">x</p>', "p::before { content: 'o'; border-left: 0.1pt solid }", [(0.1, "p.a::before")]),
    ],
)
def test_lines_that_are_too_thin(body: str, css: str, expected: list[tuple[float, str]]) -> None:
    assert [(found.width, found.element) for found in seen(pages_of(body, css), HairlineSeen)] == expected


# --- what holds for all of them ------------------------------------------------------------------------------------


def test_boxes_of_every_kind_are_looked_at() -> None:
    kinds = ("flex", "inline-flex", "grid", "inline-block", "table", "inline-table", "table-cell", "contents", "none")
    placed = ("position: absolute", "position: fixed", "position: relative; left: -40mm", "float: right", "columns: 2")
    styles = (*(f"display: {kind}" for kind in kinds), *placed, "overflow: hidden; height: 2mm", "transform: scale(2)")
    css = "".join(f".k{number} {{ {style} }}" for number, style in enumerate(styles))
    body = "".join(
        f'<div class="k{number}"><p>one <em>two</em> {PICTURE}</p><ul><li>three</li></ul></div>'
        for number in range(len(styles))
    )
    assert len(seen(pages_of(body, f"{css} img {{ width: 4mm }}"), PictureSeen)) == len(styles) - 2  # none, and turned


def test_looking_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f'<section id="one"><h2>Out</h2><pre>{LONG}</pre><div>{paragraphs(9)}{PICTURE}</div></section>'
    css = PRINT_CSS + "h2 { margin-left: -9mm } div { columns: 2 } p { border: 0.1pt solid; text-align: justify }"
    one = edition(document("one", body), theme=theme(print_css=css))
    looked = Printed(one)
    assert len(seen(looked.map.printed, OverflowSeen)) > 0
    monkeypatch.setattr(layout, "sightings", lambda *_arguments, **_more: ())
    assert Printed(one).bytes == looked.bytes


def test_workers_see_the_same() -> None:
    one = edition(document("one", f'<section id="one"><pre>{LONG}</pre>{paragraphs(20)}{PICTURE}</section>'))
    assert Printed(one, jobs=2).map.printed == Printed(one).map.printed


# --- what is said of it --------------------------------------------------------------------------------------------

MIDDLE = Area(left=50, top=50, right=100, bottom=90)
PAPER = Area(left=0, top=0, right=PAGE.width, bottom=PAGE.height)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    """One article with two pictures, one of them twice."""
    text = (
        "---\ntitle: One\n---\n\n"
        "The tide *comes in* over the\noffice floor, [and nobody](https://example.org/a) minds.\n\n"
        "![A map](map.png)\n\n![](map.png){.decorative}\n\n| Port | Height |\n| --- | --- |\n| Ness | 3 m |\n"
    )
    folder = publication(tmp_path_factory.mktemp("print"), {"one.md": text, "map.png": png()})
    return resolved(folder, Report())


def said(
    sources: Publication,
    *sightings: Sighting,
    purpose: str = "press",
    furniture: tuple[Sighting, ...] = (),
    verso: bool = False,
    pages: int = 1,
    css: str = "",
    **settings: Any,
) -> list[str]:
    """What check_print says of a page on which this is seen."""
    page = PrintedPage(label="7", document="one", verso=verso, blank=False, seen=sightings, furniture=furniture)
    rest = (PrintedPage(label="8", document="one", verso=False, blank=False),) * (pages - 1)
    own: Theme = theme(print_css=css, files=(ThemeFile(name="print.css", first=3, path="own/print.css"),))
    made = edition(
        document("one", ""),
        theme=own,
        assets=sources.assets,
        printing=printing_of(PrintSettings(purpose=purpose, **settings)),
    )
    report = Report()
    check_print(made, sources, PageMap(labels={}, pages=pages, printed=(page, *rest)), report)
    return [str(found) for found in report.diagnostics]


def seen_picture(sources: Publication, number: int, **changes: Any) -> PictureSeen:
    figure = sources.articles[0].figures[number]
    return replace(PictureSeen(image=figure.image, near=figure.id, area=MIDDLE, ppi=143.2), **changes)


def test_every_figure_has_its_own_place(sources: Publication) -> None:
    first, second = (seen_picture(sources, number) for number in (0, 1))
    assert said(sources, first, second, replace(second, ppi=120.0)) == [
        "one.md:8:10: warning [print-resolution] map.png prints at 143 ppi (50 mm wide, page 7); 600 needed",
        "one.md:10:5: warning [print-resolution] map.png prints at 120 ppi (50 mm wide, page 7); 600 needed",
    ]


def test_a_picture_of_two_colours_needs_more_pixels(sources: Publication) -> None:
    between = seen_picture(sources, 0, ppi=450.0)
    assert len(said(sources, between)) == 1
    photograph = replace(sources.assets[0], press=png_of(Image.linear_gradient("L")))
    assert said(replace(sources, assets=(photograph,)), between) == []
    assert said(sources, seen_picture(sources, 0, ppi=599.7)) == []
    assert said(sources, seen_picture(sources, 0, ppi=0.0)) == []  # a drawing


def test_a_screen_asks_for_nothing_that_a_press_asks_for(sources: Publication) -> None:
    near = TextSeen(words="near", near="one", area=replace(MIDDLE, left=1))
    all_of_it = (
        seen_picture(sources, 0, area=PAPER),
        near,
        HairlineSeen(width=0.1, element="p", near="one"),
        OverflowSeen(what="table", words="Port Height", near="one", by=4.25),
        LinesSeen(fault="widow", words="office floor", near="one"),
    )
    wide = "one.md:12:3: warning [print-overflow] a table sticks out by 4.2 mm on page 7: 'Port Height'"
    widow = "the last line of a paragraph stands alone at the head of page 7: 'office floor'"
    for purpose in ("screen", "archive"):
        found = said(sources, *all_of_it, purpose=purpose)
        assert found == [wide, f"one.md:6:1: info [print-lines] {widow}"]
    codes = {line.split("[")[1].split("]")[0] for line in said(sources, *all_of_it)}
    assert codes == {
        "print-overflow",
        "print-lines-alone",
        "print-resolution",
        "print-bleed",
        "print-safe-zone",
        "print-hairline",
    }


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("The tide comes in over the", "one.md:5:1"),  # markup between them
        ("de comes in over the office flo‐", "one.md:5:7"),  # parts of words
        ("office floor, and nobody minds.", "one.md:6:1"),  # an address between them
        ("Port", "one.md"),  # too little to be sure
        ("words that are not there", "one.md"),
        ("", "one.md"),
    ],
)
def test_printed_words_are_found_in_the_source(sources: Publication, words: str, place: str) -> None:
    overflow = OverflowSeen(what="line", words=words, near="one", by=1.0)
    assert said(sources, overflow)[0].partition(": ")[0] == place


def test_words_that_come_twice_have_no_place(tmp_path: Path) -> None:
    twice = resolved(publication(tmp_path, {"one.md": "# One\n\nOver the floor.\n\nOver the floor.\n"}), Report())
    overflow = OverflowSeen(what="line", words="Over the floor", near="one", by=1.0)
    assert said(twice, overflow)[0].startswith("one.md: ")


@pytest.mark.parametrize(
    ("area", "settings", "edges"),
    [
        (MIDDLE, {}, []),
        (replace(MIDDLE, left=0.05), {}, ["ends at the inner"]),
        (replace(MIDDLE, left=-2.9), {}, []),  # near enough
        (replace(MIDDLE, left=-2.0), {}, ["reaches 2.0 mm over the inner"]),
        (replace(MIDDLE, left=-9.0, right=PAGE.width + 3), {}, []),
        (replace(MIDDLE, left=-9.0, right=PAGE.width + 3), {"bleed": 5.0}, ["reaches 3.0 mm over the outer"]),
        (PAPER, {"purpose": "kdp"}, ["ends at the top", "ends at the bottom", "ends at the outer"]),  # no bleed inside
    ],
)
def test_what_touches_the_edge_must_bleed(
    sources: Publication, area: Area, settings: Mapping[str, Any], edges: list[str]
) -> None:
    found = said(sources, seen_picture(sources, 0, area=area, ppi=900.0), **settings)
    assert [line.partition("map.png ")[2].partition(" edge")[0] for line in found if "print-bleed" in line] == edges


@pytest.mark.parametrize(
    ("style", "found"),
    [
        ("background: #246; margin: 0 -14mm", ["div.band"]),
        ("border-left: 2pt solid #246; margin-left: -14mm", ["div.band"]),
        ("background: #fff; margin-left: -14mm", []),  # as white as the paper
        ("margin-left: -14mm", []),
        ("background: #246", []),  # inside the page
    ],
)
def test_grounds_at_the_edge_are_seen(style: str, found: list[str]) -> None:
    pages = pages_of('<div class="band"><p>Tide</p></div>', f".band {{ {style} }}")
    assert [each.element for each in seen(pages, GroundSeen)] == found


def test_a_ground_that_touches_the_edge_must_bleed(sources: Publication) -> None:
    def bleeding(left: float, **settings: Any) -> list[str]:
        ground = GroundSeen(element="div.band", near="one", area=replace(MIDDLE, left=left))
        return [line for line in said(sources, ground, ground, **settings) if "print-bleed" in line]

    (one,) = bleeding(0.0)
    assert "print.css" in one
    assert "the ground or border of div.band ends at the inner edge" in one
    assert "reaches 2.0 mm over the inner" in bleeding(-2.0)[0]
    assert bleeding(-3.0) == []
    assert bleeding(0.0, purpose="kdp") == []  # no bleed inside


def test_inner_is_the_edge_at_the_spine(sources: Publication) -> None:
    left = seen_picture(sources, 0, area=replace(MIDDLE, left=0), ppi=900.0)
    assert "the inner edge" in said(sources, left)[0]
    assert "the outer edge" in said(sources, left, verso=True)[0]


def test_text_keeps_away_from_the_edge_and_from_the_spine(sources: Publication) -> None:
    near = TextSeen(words="office floor, and", near="one", area=replace(MIDDLE, left=4.5))
    asked = "stands 4.5 mm from the inner edge of page 7; the printer asks for 5.0 mm"
    assert said(sources, near) == [f"one.md:6:1: warning [print-safe-zone] 'office floor, and' {asked}"]
    gutter = replace(near, area=replace(MIDDLE, left=11.0, top=9.6))
    assert said(sources, gutter, purpose="kdp", pages=24) == []
    (thick,) = said(sources, gutter, purpose="kdp", pages=200)  # half an inch, from 151 pages on
    assert "11.0 mm from the inner edge of page 7; KDP asks for 12.7 mm" in thick
    over = replace(near, area=replace(MIDDLE, bottom=PAGE.height + 2))
    assert "2.0 mm over the bottom edge" in said(sources, over)[0]


def test_running_heads_are_told_once_at_their_style_sheet(sources: Publication) -> None:
    folio = TextSeen(words="7", near="", area=replace(MIDDLE, bottom=PAGE.height - 4))
    nearer = replace(folio, words="Head", area=replace(MIDDLE, bottom=PAGE.height - 3))
    (found,) = said(sources, furniture=(folio, nearer, folio))
    assert found.startswith("plain/furniture.css: warning [print-safe-zone] 'Head' stands 3.0 mm from the bottom edge")


def test_a_thin_line_is_told_where_the_style_sheet_draws_it(sources: Publication) -> None:
    css = "\n\n/* border: 0.1pt solid */\np { color: red; border-top: 0.0353mm solid } td { border: 0.2pt solid }"
    thin = HairlineSeen(width=0.1, element="p", near="one")
    assert said(sources, thin, thin, css=css) == [
        "own/print.css:2:17: warning [print-hairline] a line of p is 0.1 pt thin (page 7)"
    ]
    assert said(sources, replace(thin, width=0.15), css=css)[0].startswith("own/print.css: ")


def test_grey_books_are_told_of_pictures_in_colour(sources: Publication) -> None:
    picture = seen_picture(sources, 0, ppi=900.0)
    assert said(sources, picture, colour="gray") == [
        "one.md:8:10: info [print-colour] map.png is in colour, and is printed in grey (page 7)"
    ]
    grey: Asset = replace(sources.assets[0], press=png_of(Image.linear_gradient("L")))
    assert said(replace(sources, assets=(grey,)), picture, colour="gray") == []


def png_of(image: Image.Image, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def test_tones() -> None:
    gradient, red = Image.linear_gradient("L"), Image.new("RGB", (9, 9), "red")
    two = Image.new("RGB", (9, 9), "white")
    two.paste("black", (0, 0, 4, 4))
    found = {
        "bits": tones(png_of(Image.new("1", (9, 9)))),
        "two": tones(png_of(two)),
        "red": tones(png_of(red)),
        "grey": tones(png_of(gradient)),
        "grey in three": tones(png_of(gradient.convert("RGB"), "JPEG")),
        "colour": tones(png_of(Image.merge("RGB", (gradient, gradient, gradient.rotate(180))), "JPEG")),
        "palette": tones(png_of(two.convert("P"))),
        "drawing": tones(b"<svg/>"),
    }
    assert {name for name, each in found.items() if each.line} == {"bits", "two", "red", "palette"}
    assert {name for name, each in found.items() if each.gray} == {"bits", "two", "grey", "grey in three", "palette"}


def test_a_strict_build_does_not_write_what_sticks_out(tmp_path: Path) -> None:
    own = {"own/theme.yaml": "name: own\nextends: folio\n", "own/print.css": "pre { white-space: pre }"}
    folder = publication(tmp_path, {"one.md": f"# One\n\n    {LONG * 3}\n", **own}, more="theme: own\n")
    built = pubkit.build(folder, formats=["pdf"], jobs=0, strict=True)
    assert [found.code for found in built.report.diagnostics] == ["print-overflow"]
    assert built.outputs == ()
