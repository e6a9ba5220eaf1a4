"""Finished PDFs, looked into."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pdf_sample import PAGE, Printed, document, edition, font, paragraphs, theme

from pubkit.model import DocumentKind, TocEntry
from pubkit.pdf import layout, writer
from pubkit.pdf.pieces import POINTS_PER_MM

NUMBER = '<span class="page-number" data-page="{}"></span>'
NOTE = (
    '<p id="one--p">Word<a role="doc-noteref" id="one--fnref-1" href="#one--fn-1">1</a>, again'
    '<a role="doc-noteref" id="one--fnref-2" href="#one--fn-1">1</a>, see <a href="#two--deep">deeper</a>, '
    '<a href="https://example.org/x">web</a>, <a href="#nowhere">nowhere</a>.</p>'
)
NOTES = (
    '<section class="notes"><h2>Notes</h2><aside role="doc-footnote" id="one--fn-1" class="note">'
    '<p><a role="doc-backlink" href="#one--fnref-1">1</a> Thenote.</p></aside></section>'
)
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="y"><mi>y</mi></math>'
DOCUMENTS = (
    document(
        "cover", '<p id="cover" class="cover"><img src="0001-sea.jpg" alt="Sea"/></p>', kind="cover", matter="front"
    ),
    document("titlepage", '<h1 id="titlepage">Littoral</h1>', kind="titlepage", matter="front"),
    document(
        "contents",
        f'<h1 id="contents">Contents</h1><p>One@{NUMBER.format("one")} Two@{NUMBER.format("two")} '
        f"Deep@{NUMBER.format('two--deep')} Credits@{NUMBER.format('credits')} "
        f"Contents@{NUMBER.format('contents')}</p>",
        kind="contents",
        matter="front",
    ),
    document(
        "one",
        f'<h1 id="one">First</h1>{NOTE}<p>Formula {MATH} here.</p>{paragraphs(10)}'
        f'<p><img src="0001-sea.jpg" alt="Sea" style="width: 30mm"/></p>{NOTES}',
        running=("Verso One", "Recto One"),
    ),
    document(
        "two",
        f'<h1 id="two">Second</h1>{paragraphs(6)}<h2 id="two--deep">Deephead</h2>{paragraphs(2)}<pre>code();</pre>',
        running=("Verso Two", "Recto Two"),
    ),
    document("credits", f'<h1 id="credits">Credits</h1>{NUMBER.format("one")}', kind="credits", matter="back"),
)
HEADING = TocEntry(title="Deephead", target="two--deep", kind="heading")
TOC = (
    TocEntry(title="Contents", target="contents", kind="document"),
    TocEntry(
        title="Reports",
        target="one",
        kind="section",
        children=(
            TocEntry(title="First", target="one", kind="document"),
            TocEntry(title="Second", target="two", kind="document", children=(HEADING,)),
        ),
    ),
)
SAMPLE = edition(*DOCUMENTS, toc=TOC)


@pytest.fixture(scope="module")
def sample() -> Printed:
    return Printed(SAMPLE)


def page_called(printed: Printed, label: str) -> int:
    """The number, from 1, of the page with that label."""
    return next(number for number, page in enumerate(printed.pdf.pages, 1) if page.label == label)


def page_with(printed: Printed, word: str) -> int:
    return next(n for n in range(4, len(printed.pdf.pages) + 1) if word in printed.text(n))


def test_nothing_is_reported_and_every_page_counted(sample: Printed) -> None:
    assert sample.report.diagnostics == []
    assert sample.map.pages == len(sample.pdf.pages)
    assert sample.pdf.check_pdf_syntax() == []


def test_labels_are_roman_then_arabic_and_page_one_is_a_recto(sample: Printed) -> None:
    labels = [page.label for page in sample.pdf.pages]
    assert labels[:6] == ["i", "ii", "iii", "iv", "1", "2"]
    assert sample.text(4).strip() == ""  # blank, so that page 1 lies on the right
    assert sample.map.labels["contents"] == "iii"
    assert sample.map.labels["one"] == "1"


def test_the_contents_tell_the_pages(sample: Printed) -> None:
    told = dict(word.split("@") for word in sample.text(3).split() if "@" in word)
    assert told["Contents"] == "iii"
    for name, heading in (("One", "First"), ("Two", "Second"), ("Deep", "Deephead"), ("Credits", "Credits")):
        assert heading in sample.text(page_called(sample, told[name]))


def test_the_page_map_is_where_things_stand(sample: Printed) -> None:
    assert sample.map.labels["two--deep"] == sample.pdf.pages[page_with(sample, "Deephead") - 1].label
    assert set(sample.map.labels) == set(SAMPLE.home_of)


def test_links_lead_to_the_right_place(sample: Printed) -> None:
    links = list(sample.pdf.pages[4].Annots)
    names = [bytes(link.Dest).decode() for link in links if "/Dest" in link]
    assert names == ["one--fn-1", "two--deep"]  # the link to nowhere is gone
    assert [str(link.A.URI) for link in links if "/A" in link] == ["https://example.org/x"]
    page, x, y = sample.destinations()["two--deep"]
    left, top = sample.at(page, "Deephead")
    assert page == page_with(sample, "Deephead")
    assert left == pytest.approx(x, abs=1)
    assert top == pytest.approx(float(sample.pdf.pages[0].MediaBox[3]) - y, abs=8)
    links_rect = [float(edge) for edge in links[1].Rect]
    assert links_rect[0] == pytest.approx(sample.at(5, "deeper,")[0], abs=1)


def test_the_note_is_at_the_foot_of_its_page(sample: Printed) -> None:
    bottom = (PAGE.height - PAGE.bottom) * POINTS_PER_MM
    _, top = sample.at(5, "Thenote.")
    assert bottom - 30 < top < bottom
    assert "Word1," in sample.text(5)
    assert "again1," in sample.text(5)
    assert sum("Notes" in sample.text(n) for n in range(1, sample.map.pages + 1)) == 0


def test_versos_are_recto_pages_moved_sideways(sample: Printed) -> None:
    inside, outside = PAGE.inside * POINTS_PER_MM, PAGE.outside * POINTS_PER_MM
    body = "over the office floor"
    for page in (5, 6, 7, 8):
        assert body in sample.text(page)
    left_edges = [min(x for word, x, y in sample.words(page) if 60 < y < 420) for page in (5, 6, 7)]
    assert left_edges == pytest.approx([inside, outside, inside], abs=1)
    assert all(list(page.MediaBox) == list(sample.pdf.pages[0].MediaBox) for page in sample.pdf.pages)


def test_links_and_destinations_move_with_a_verso() -> None:
    body = '<h1 id="{0}">{0}</h1><p>Go <a href="#{1}">there</a></p>'
    printed = Printed(edition(document("a", body.format("a", "b")), document("b", body.format("b", "a"))))
    assert printed.destinations()["b"][1] == pytest.approx(PAGE.outside * POINTS_PER_MM, abs=0.1)
    link = printed.pdf.pages[1].Annots[0]
    assert float(link.Rect[0]) == pytest.approx(printed.at(2, "there")[0], abs=0.1)


def test_running_heads_and_folios(sample: Printed) -> None:
    assert "Recto One" not in sample.text(5)  # an opener, says this theme
    assert "Verso One" in sample.text(6)
    assert "Recto One" in sample.text(7)
    assert [sample.text(n).split()[-1] for n in (3, 5, 6, 7)] == ["iii", "1", "2", "3"]
    assert "i" not in sample.text(1).split()
    assert sample.at(6, "2")[0] < 100
    assert sample.at(7, "3")[0] > 200


def test_the_outline_is_the_table_of_contents(sample: Printed) -> None:
    with sample.pdf.open_outline() as outline:
        top = list(outline.root)
    assert [item.title for item in top] == ["Contents", "Reports"]
    assert [item.title for item in top[1].children] == ["First", "Second"]
    deep = top[1].children[1].children[0]
    assert deep.title == "Deephead"
    assert deep.destination[0].objgen == sample.pdf.pages[page_with(sample, "Deephead") - 1].obj.objgen


def test_every_face_is_embedded_once_and_none_is_foreign(sample: Printed) -> None:
    dictionaries = (each for each in sample.pdf.objects if isinstance(each, pikepdf.Dictionary))
    composite = [each for each in dictionaries if each.get("/Subtype") == "/Type0"]
    assert sorted(str(font.BaseFont).split("+")[1] for font in composite) == [
        "EB-Garamond",
        "Inter-Semi-Bold",
        "JetBrains-Mono",
    ]
    descriptors = [font.DescendantFonts[0].FontDescriptor for font in composite]
    assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)
    assert len(sample.bytes) < 100_000


def test_text_comes_out_as_it_went_in(sample: Printed) -> None:
    assert "over the office floor, and nobody in the affluent fjord minds." in " ".join(sample.text(6).split())
    assert "code();" in sample.text(page_with(sample, "code"))


def pictures(pdf: bytes, page: int) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    return bytes(document[page].render(scale=2).buffer)


def test_joined_fonts_draw_the_same_glyphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of the finished file and of its piece, which has fonts of its own, are equal to the pixel."""
    bare = edition(*DOCUMENTS[3:5], theme=theme(furniture_css=".sheet > * { display: none }"))
    printed = Printed(bare)
    layout.prepare(writer.supplies_of(bare, tmp_path))
    monkeypatch.setattr(layout, "joined_later", contextlib.nullcontext)  # so that the piece has its fonts
    for number, first in ((0, 0), (1, 4)):
        piece = layout.lay_out(bare.documents[number], {})
        assert isinstance(piece, layout.Piece)
        for page in range(0, piece.pages, 2):
            assert pictures(printed.bytes, first + page) == pictures(piece.pdf, page)
    layout.put_away()


def test_equal_images_are_one_object(sample: Printed) -> None:
    images = {
        image.objgen
        for page in (sample.pdf.pages[0], sample.pdf.pages[page_with(sample, "Formula")])
        for _, image in page.get_images().items()
    }
    streams = (each for each in sample.pdf.objects if isinstance(each, pikepdf.Stream))
    everything = [stream for stream in streams if stream.get("/Subtype") == "/Image"]
    assert len(everything) == 1
    assert images <= {everything[0].objgen}
    assert everything[0].Interpolate is False


def test_the_file_says_what_it_is(sample: Printed) -> None:
    facts = sample.pdf.docinfo
    assert str(facts.Title) == "Littoral & more"
    assert str(facts.Author) == "Ada Lovelace"
    assert str(facts.Producer) == str(facts.Creator) == "pubkit"
    assert str(facts.ModDate) == "D:20261122102030Z"
    assert str(sample.pdf.Root.Lang) == "en"
    assert sample.pdf.Root.ViewerPreferences.DisplayDocTitle
    with sample.pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == "Littoral & more"
        assert xmp["dc:creator"] == ["Ada Lovelace"]
        assert xmp["xmp:ModifyDate"] == "2026-11-22T10:20:30Z"
        assert xmp["xmpRights:WebStatement"] == "https://creativecommons.org/licenses/by/4.0/"
        assert xmp["dc:subject"] == {"Coasts", "Essays"}


def test_the_formula_is_drawn(sample: Printed) -> None:
    content = sample.pdf.pages[4].Contents[1].read_bytes()
    assert b" c\n" in content  # curves: glyphs drawn as outlines
    assert "Formula here" in " ".join(sample.text(5).split())


def test_worker_processes_give_the_same_bytes(sample: Printed) -> None:
    assert Printed(SAMPLE, jobs=2).bytes == sample.bytes


def test_equal_bytes_elsewhere_at_another_time(sample: Printed, tmp_path: Path) -> None:
    script = "import sys, test_pdf; sys.stdout.buffer.write(test_pdf.Printed(test_pdf.SAMPLE).bytes)"
    here = Path(__file__).parent
    other = {
        **os.environ,
        "TZ": "Pacific/Apia",
        "PYTHONHASHSEED": "7",
        "TMPDIR": str(tmp_path),
        "LC_ALL": "C",
        "PYTHONPATH": f"{here}:{here.parent}",
    }
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, env=other, cwd=tmp_path, capture_output=True, check=True).stdout == sample.bytes
    assert list(tmp_path.iterdir()) == []  # and nothing is left behind


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    from pubkit.report import Report

    pages = writer.write_pdf(
        edition(*DOCUMENTS[3:5]), io.BytesIO(), Report(), jobs=0, progress=lambda *step: told.append(step)
    )
    assert [done for stage, done, _ in told if stage == "pages"][-1] == pages.pages
    assert [step for step in told if step[0] != "pages"] == [
        ("layout", 1, 2),
        ("layout", 2, 2),
        ("furniture", 1, 1),
        ("assembly", 0, 1),
        ("assembly", 1, 1),
    ]


def test_contents_that_grow_move_what_follows_them() -> None:
    numbers = "".join(f"<p>{n}@{NUMBER.format('foreword')}</p>" for n in range(60))
    printed = Printed(
        edition(
            document("contents", f'<h1 id="contents">C</h1>{numbers}', kind="contents", matter="front"),
            document("foreword", '<h1 id="foreword">F</h1>', matter="front"),
            document("one", '<h1 id="one">One</h1>'),
        )
    )
    label = printed.map.labels["foreword"]
    assert label not in ("i", "ii")
    assert f"@{label}" in printed.text(1)
    assert "F" in printed.text(page_called(printed, label))
    assert printed.codes == []


def test_credits_that_grow_move_the_colophon() -> None:
    rows = "".join(f"<p>{n}@{NUMBER.format('one')}</p>" for n in range(60))
    printed = Printed(
        edition(
            document("contents", f"<p>Colophon@{NUMBER.format('colophon')}</p>", kind="contents", matter="front"),
            document("one", '<h1 id="one">One</h1>'),
            document("credits", f'<h1 id="credits">C</h1>{rows}', kind="credits", matter="back"),
            document("colophon", '<h1 id="colophon">Made</h1>', kind="colophon", matter="back"),
        )
    )
    label = printed.map.labels["colophon"]
    assert int(label) > 3
    assert f"Colophon@{label}" in printed.text(1)
    assert "Made" in printed.text(page_called(printed, label))


SENTENCE = (
    "The tide comes in over the office floor, and nobody in the affluent fjord minds whether it is high or low water "
    "at the quay. It is only the clerk who looks at the staff, and writes the figure down. "
)


def last_page(body: str, kind: DocumentKind) -> tuple[int, float]:
    """The number of pages, and how much of the last one's text block is filled."""
    printed = Printed(edition(document("one", f'<section id="one">{body}</section>', kind=kind)))
    bottom = (PAGE.height - PAGE.bottom) * POINTS_PER_MM
    top = PAGE.top * POINTS_PER_MM
    last = max(y for _, _, y in printed.words(printed.map.pages) if y < bottom)
    return printed.map.pages, (last + 14 - top) / (bottom - top)


@pytest.mark.parametrize("count", [12, 16, 39])
def test_the_last_page_of_an_article_is_never_nearly_empty(count: int) -> None:
    body = "".join(f"<p>{SENTENCE[: 120 + 17 * n % 97]} {SENTENCE}</p>" for n in range(count))
    pages, filled = last_page(body, "credits")  # only articles are fitted
    assert filled < layout.RUNT
    fitted_pages, fitted = last_page(body, "article")
    assert fitted_pages <= pages
    assert fitted > layout.RUNT


def test_where_nothing_helps_the_first_layout_is_kept() -> None:
    body = "<p>Short.</p>" * 17
    pages, filled = last_page(body, "article")
    assert pages == 2
    assert filled < layout.RUNT


def test_what_is_not_part_of_the_edition_is_not_fetched() -> None:
    body = (
        '<p>A <img src="/etc/passwd" alt="no"/> <img src="https://pubkit.invalid/font/x" alt="no"/></p>'
        '<p style="background: url(file:///etc/hostname)">b</p>'
    )
    printed = Printed(edition(document("one", body)))
    assert printed.codes == ["fetch-refused"] * 3
    assert {str(found.at) for found in printed.report.diagnostics} == {"one.md"}
    assert printed.report.ok


def test_a_missing_glyph_is_named_and_nothing_else_breaks() -> None:
    printed = Printed(edition(document("one", "<p>Only 日本 here</p>"), document("two", "<p>Plain here</p>")))
    assert printed.codes == ["glyph-missing"]
    assert "日 (U+65E5), 本 (U+672C)" in printed.report.diagnostics[0].message
    assert "Only" in printed.text(1)
    assert "日本" in printed.text(1)
    assert "Plain" in printed.text(2)


def test_what_the_theme_asks_in_vain_is_said_once_with_its_line() -> None:
    css = 'html { font-family: "EB Garamond" }\np { color: color-mix(in srgb, red, blue) }'
    printed = Printed(edition(document("one", "<p>A</p>"), document("two", "<p>B</p>"), theme=theme(print_css=css)))
    assert [str(found.at) for found in printed.report.diagnostics] == ["plain/print.css:2:5"]
    assert printed.codes == ["theme-css"]


@pytest.mark.parametrize("jobs", [0, 1])
def test_a_document_that_crashes_weasyprint_is_reported_and_left_out(jobs: int) -> None:
    css = '.bad li::marker { content: "x" } .bad li { display: list-item; float: left }'
    bad = document("bad", '<div class="bad" id="bad"><ul><li>crash</li></ul></div>')
    good = document("good", '<h1 id="good">Good</h1><p><a href="#bad">to bad</a></p>')
    printed = Printed(edition(bad, good, theme=theme(print_css=css)), jobs=jobs)
    assert printed.codes == ["layout-failed"]
    assert str(printed.report.diagnostics[0].at) == "bad.md"
    assert "Good" in printed.text(1)
    assert printed.map.labels["bad"] == "1"


def test_a_body_that_is_not_well_formed_is_reported() -> None:
    printed = Printed(edition(document("one", "<p>A"), document("two", "<p>B</p>")))
    assert printed.codes == ["layout-failed"]


def sleep_on(*_: Any) -> None:
    time.sleep(30)


def test_a_document_that_takes_too_long_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SECONDS", 0.3)
    monkeypatch.setattr(writer, "lay_out", sleep_on)
    monkeypatch.setattr(writer, "sheets", lambda *_: ())
    printed = Printed(edition(document("one", "<p>A</p>")), jobs=1)
    assert printed.codes == ["layout-time"]


def test_furniture_that_does_not_fit_is_reported() -> None:
    css = "body::after { content: 'more'; display: block; break-before: page }"
    printed = Printed(edition(document("one", "<p>A</p>"), theme=theme(furniture_css=css)))
    assert printed.codes == ["furniture-overflows"]
    assert "A" in printed.text(1)


def test_a_book_that_opens_to_the_left() -> None:
    hebrew = (*theme().fonts, font("Noto Serif Hebrew", "NotoSerifHebrew-Regular.ttf"))
    css = 'html { font-family: "EB Garamond", "Noto Serif Hebrew" }'
    text = "<p>שלום עולם וים</p>"
    plain = edition(
        document("one", text, language="he", direction="rtl", running=("", "")),
        document("two", text, language="he", direction="rtl"),
        theme=theme(fonts=hebrew, print_css=css),
    )
    printed = Printed(replace(plain, metadata=replace(plain.metadata, language="he", direction="rtl")))
    assert printed.codes == []
    assert printed.pdf.Root.ViewerPreferences.Direction == "/R2L"
    starts = [max(x for _, x, y in printed.words(page) if y < 200) for page in (1, 2)]
    shift = (PAGE.outside - PAGE.inside) * POINTS_PER_MM
    assert starts[0] - starts[1] == pytest.approx(shift, abs=0.5)  # the spine of page 1 is on its right


def test_weasyprint_is_loaded_only_to_lay_out() -> None:
    code = "import sys, pubkit.pdf, pubkit.check.preflight; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_without_pango_the_command_to_install_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Finder:
        def find_spec(self, name: str, *_: Any) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'\nmore")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    with pytest.raises(layout.PangoMissingError, match=r"apt-get install .* libpangoft2-1.0-0 libharfbuzz-subset0"):
        layout.load_weasyprint()
