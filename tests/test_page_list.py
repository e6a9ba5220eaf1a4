"""Page breaks and the list of pages: the EPUB counts the printed pages, each at the place where it begins."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import page_law
import pytest
from conftest import diagnostics
from lxml import etree
from page_law import EPUB_TYPE, NCX, OPF, X, differences, epub_pages, letters, misplaced, page_list
from pdf_sample import PAGE, PRINT_CSS, Printed, document, edition, font, paragraphs, theme

import pubkit
from pubkit.check.epubcheck import check_epub
from pubkit.epub import write_epub
from pubkit.epub.page_breaks import PageBreak, insert_page_breaks
from pubkit.model import Edition, Identifier, PageStart, TocEntry
from pubkit.report import Report
from pubkit.theme import load_theme

CSS = (
    PRINT_CSS
    + """
p, li, td { text-align: justify; hyphens: auto; orphans: 1; widows: 1 } tr { break-inside: avoid }
table { table-layout: fixed; width: 100% } .up { text-transform: uppercase } pre { white-space: pre-wrap }
.below caption { caption-side: bottom } .cols { columns: 2 } blockquote::before { content: "12345" }
.aside { float: right; width: 30mm } .alone { break-before: page } .recto { break-before: right }
"""
)
WORDS = (
    "international harbour sand extraordinary whether the a of coastal responsibility Straße office affluent fjord "
    "co-operation tide—water well‐known naïve communication representation it in by “quoted” administration"
).split()


def words(count: int, first: int = 0) -> str:
    """Words in an order that does not repeat soon."""
    return " ".join(WORDS[(first + n * n + n // 7) % len(WORDS)] for n in range(count))


def book(body: str, **changes: object) -> Edition:
    shown = theme()
    arabic = font("Noto Naskh Arabic", "NotoNaskhArabic-Regular.ttf")
    shown = replace(
        shown, print_css=CSS + ":lang(ar) { font-family: 'Noto Naskh Arabic' }", fonts=(*shown.fonts, arabic)
    )
    return edition(document("one", f'<h1 id="one">Head</h1>{body}'), **{"theme": shown, **changes})


class Both:
    """An edition written as PDF and, with its page map, as EPUB."""

    def __init__(self, of: Edition) -> None:
        self.printed = Printed(of)
        stream = io.BytesIO()
        write_epub(of, stream, page_map=self.printed.map)
        self.epub = stream.getvalue()

    def file(self, name: str) -> etree._Element:
        with zipfile.ZipFile(io.BytesIO(self.epub)) as archive:
            return etree.fromstring(archive.read(f"EPUB/{name}"))

    @property
    def text(self) -> str:
        with zipfile.ZipFile(io.BytesIO(self.epub)) as archive:
            return archive.read("EPUB/text/one.xhtml").decode()

    def obey(self) -> None:
        """Hold the law, and that there is something to hold."""
        assert self.printed.codes == []
        assert self.printed.map.pages > 1
        assert len(epub_pages(self.epub)) == self.printed.map.pages
        assert differences(self.epub, self.printed.bytes, PAGE) == {}
        assert misplaced(self.epub, self.printed.bytes, PAGE) == {}


def notes(count: int, length: int = 12) -> str:
    asides = (
        f'<aside role="doc-footnote" id="one--fn-{n}" class="note"><p><a role="doc-backlink" href="#one--fnref-{n}">{n}'
        f"</a> {words(length, n)}</p></aside>"
        for n in range(1, count + 1)
    )
    return f'<section class="notes"><h2>Notes</h2>{"".join(asides)}</section>'


def noteref(number: int) -> str:
    return f'<a role="doc-noteref" id="one--fnref-{number}" href="#one--fn-{number}">{number}</a>'


# --- The law ---------------------------------------------------------------------------------------------------


def svg_letters(epub: bytes) -> dict[str, str]:
    """What drawings say: letters in print, pictures in the EPUB."""
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        return {
            label: "".join(
                "".join(text.itertext())
                for name in page.images
                if name.endswith(".svg")
                for text in etree.fromstring(archive.read(f"EPUB/images/{name}")).iter("{*}text")
            )
            for label, page in epub_pages(epub).items()
        }


def test_every_page_of_the_sample_is_what_the_epub_has_between_its_markers(sample: pubkit.Built) -> None:
    epub, pdf = (path.read_bytes() for path in sample.outputs)
    folio = load_theme("folio", Report())
    assert folio is not None
    assert differences(epub, pdf, folio.page, svg_letters(epub)) == {}
    assert misplaced(epub, pdf, folio.page) == {}
    marked = epub_pages(epub)
    assert sum(page.inside for page in marked.values()) >= 8
    printed = page_law.pdf_pages(pdf, folio.page)
    assert [label for label, text in printed.items() if label not in marked and letters(text)] == []


def emphasis() -> str:
    parts = (
        f"<p>{words(9, n)} <em>{words(n % 17 + 1, n)}, <strong>{words(3, n)}</strong></em> {words(20, n)} "
        f'<span class="up">{words(n % 5 + 1, n)}</span> <code>x{n}</code> <a href="https://example.org/">sand</a> '
        f"{words(n % 31, n)}.</p>"
        for n in range(200)
    )
    return "".join(parts)


def footnotes() -> str:
    again = '<a role="doc-noteref" href="#one--fn-{0}">{0}</a>'
    text = "".join(f"<p>{words(40, n)}{noteref(n)} {words(25, n)}{again.format(n)}.</p>" for n in range(1, 61))
    return text + notes(60)


def tables() -> str:
    rows = "".join(f"<tr><td>{words(n % 8 + 1, n)}</td><td>{words(n % 5 + 1, n)}</td></tr>" for n in range(120))
    head, foot = "<thead><tr><th>2001</th><th>2002</th></tr></thead>", "<tfoot><tr><td>1</td><td>2</td></tr></tfoot>"
    return f"<p>{words(30)}</p><table>{head}<tbody>{rows}</tbody>{foot}</table><p>{words(90)}</p>" * 2


def code() -> str:
    lines = "\n".join(f'<span class="k">{words(1, n)}</span>  {words(n % 5, n)}' if n % 9 else "" for n in range(400))
    return f"<p>{words(30)}</p><pre><code>{lines}</code></pre><p>{words(40)}</p>"


def arabic() -> str:
    said = "الساحل كلمة تسافر من حافة البحر إلى حافة الصحراء العرب الماء بعيدا عن".split()
    text = " ".join(said[(n * n + n // 5) % len(said)] for n in range(1500))
    return f'<p dir="rtl" lang="ar">{text}</p><p>{words(60)}</p><p dir="rtl" lang="ar">{text} <em>{text}</em></p>'


def mixture() -> str:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="y" display="{}"><mi>y</mi></math>'
    picture = '<figure><img src="0001-sea.jpg" alt="Sea" style="width: 40mm"/><figcaption>{}</figcaption></figure>'
    parts = []
    for n in range(24):
        items = "".join(f"<li>{words(k * 7, k + n)}</li>" for k in range(1, 5))
        parts.append(
            f"<h2>{words(3, n)}</h2><p>{words(n * 3, n)} {math.format('inline')} {words(20, n)}</p><ol>{items}</ol>"
            f"{math.format('block')}<blockquote><p>{words(30, n)}</p><ul>{items}</ul></blockquote>"
            f"{picture.format(words(5, n))}<dl><dt>{words(2, n)}</dt><dd>{words(14, n)}</dd></dl><hr/>"
            f'<div class="cols"><p>{words(60 + n, n)}</p><p>{words(50, n)}</p></div><p>{words(5)}<br/>{words(30)}</p>'
        )
    return "".join(parts)


@pytest.mark.parametrize("body", [emphasis, footnotes, tables, code, arabic, mixture], ids=lambda made: made.__name__)
def test_every_page_is_what_the_epub_has_between_its_markers(body: object) -> None:
    Both(book(body())).obey()  # type: ignore[operator]


# --- Places ----------------------------------------------------------------------------------------------------


def marker(label: int | str) -> str:
    return f'<span role="doc-pagebreak" id="page-{label}" aria-label="{label}" epub:type="pagebreak"></span>'


def test_a_page_that_begins_in_a_hyphenated_word_is_marked_in_the_word() -> None:
    text = Both(book(f"<p>{words(900)}</p>")).text
    assert re.search(r"[a-z]{2}<span [^>]*></span>[a-z]{2}", text)


def test_soft_hyphens_stay_before_the_marker() -> None:
    both = Both(book("<p>" + "char\u00adac\u00adter\u00adis\u00adti\u00adcal\u00adly " * 900 + "</p>"))
    both.obey()
    assert re.search(r"\u00ad<span [^>]*></span>[a-z]", both.text)
    assert not re.search(r"<span [^>]*></span>\u00ad", both.text)


def test_letters_that_become_several_in_capitals_are_counted_once() -> None:
    both = Both(book(f'<p class="up">{"Straße ßß ﬁn " * 900}</p>'))
    assert misplaced(both.epub, both.printed.bytes, PAGE) == {}
    assert differences(both.epub, both.printed.bytes, PAGE) == {}


def test_one_huge_text_over_many_pages_takes_no_time_to_speak_of() -> None:
    both = Both(book(f"<pre>{words(9000)}</pre>"))
    both.obey()
    assert both.printed.map.pages > 40


def test_a_caption_below_its_table_moves_no_page() -> None:
    rows = "".join(f"<tr><td>{words(4, n)}</td></tr>" for n in range(90))
    both = Both(book(f'<table class="below"><caption>1849</caption><tbody>{rows}</tbody></table><p>{words(500)}</p>'))
    both.obey()


def test_rows_are_marked_in_their_first_cell_and_repeated_heads_are_not_pages() -> None:
    both = Both(book(tables()))
    root = both.file("text/one.xhtml")
    parents = {mark.getparent().tag for mark in root.iter(f"{X}span") if mark.get("role") == "doc-pagebreak"}
    assert f"{X}td" in parents
    assert not parents & {f"{X}{name}" for name in ("tr", "tbody", "table", "thead", "th")}


def test_a_page_of_the_rest_of_a_footnote_is_marked_before_the_notes() -> None:
    both = Both(book(f"<p>{words(180)}{noteref(1)}</p>{notes(1, 300)}"))
    both.obey()
    assert re.search(r"</p>\s*(<span [^>]*></span>\s*)+<section class=\"notes\"", both.text)


def test_blank_pages_are_left_out() -> None:
    both = Both(book(f'<p>{words(20)}</p><p class="recto">{words(20)}</p>'))
    assert [label for label, _ in page_list(both.epub)] == ["1", "3"]
    assert f'<p class="recto">{marker(3)}' in both.text


def test_a_float_belongs_to_the_page_of_its_text() -> None:
    both = Both(book(f'<p>{words(300)}</p><p><span class="aside">1849</span>{words(400)}</p>'))
    both.obey()


def inserted(body: str, *starts: tuple[int, int | None], language: str = "en") -> str:
    root = etree.fromstring(f'<body xmlns="http://www.w3.org/1999/xhtml">{body}</body>')
    breaks = [
        PageBreak(
            id=f"p{n}",
            spoken=str(n),
            language="en",
            start=PageStart(label=str(n), document="one", element=element, text=text),
        )
        for n, (element, text) in enumerate(starts, 1)
    ]
    insert_page_breaks(root, breaks, language)
    written = re.sub(r' xmlns="[^"]*"', "", etree.tostring(root, encoding="unicode"))
    written = re.sub(r'<span role="doc-pagebreak" id="p(\d)" aria-label="\d"( lang="en")?/>', r"[\1\2]", written)
    return written.removeprefix("<body>").removesuffix("</body>")


@pytest.mark.parametrize(
    ("body", "start", "expected"),
    [
        ("<section><p>ab</p></section>", (0, None), "[1]<section><p>ab</p></section>"),
        ("<p>ab</p>", (0, None), "<p>[1]ab</p>"),
        ("<h2>a</h2><p>b</p>", (1, None), "[1]<h2>a</h2><p>b</p>"),
        ("<h2>a</h2><p>b</p>", (2, None), "<h2>a</h2><p>[1]b</p>"),  # h2 + p still holds
        ("<p>ab <em>cd</em> ef</p>", (1, 1), "<p>a[1]b <em>cd</em> ef</p>"),
        ("<p>ab <em>cd</em> ef</p>", (1, 4), "<p>ab <em>cd</em> [1]ef</p>"),
        ("<p>ab <em>cd</em> ef</p>", (1, 6), "<p>ab <em>cd</em> ef[1]</p>"),
        ("<p>ab <em>cd</em> ef</p>", (2, 1), "<p>ab <em>c[1]d</em> ef</p>"),
        ("<p>ab <em>cd</em> ef</p>", (2, None), "<p>ab [1]<em>cd</em> ef</p>"),
        ('<p><a href="#x">abcd</a> e</p>', (2, 1), '<p>[1]<a href="#x">abcd</a> e</p>'),
        ('<p><a href="#x">abcd</a> e</p>', (2, 3), '<p><a href="#x">abcd</a>[1] e</p>'),
        ('<p><a href="#x"><b>abc</b>d</a> e</p>', (3, 1), '<p>[1]<a href="#x"><b>abc</b>d</a> e</p>'),
        ('<p><a href="#x"><b>abc</b>d</a> e</p>', (2, 0), '<p><a href="#x"><b>abc</b>d</a>[1] e</p>'),
        ('<p><a id="x">abcd</a></p>', (2, 1), '<p><a id="x">a[1]bcd</a></p>'),  # no link
        ("<p>a <ruby>b<rt>c</rt></ruby></p>", (3, 0), "<p>a [1]<ruby>b<rt>c</rt></ruby></p>"),
        ('<p>a <i aria-hidden="true">bc</i></p>', (2, 1), '<p>a [1]<i aria-hidden="true">bc</i></p>'),
        ("<ul><li>a</li><li>b</li></ul>", (1, None), "[1]<ul><li>a</li><li>b</li></ul>"),
        ("<ul><li>a</li><li><p>b</p></li></ul>", (3, None), "<ul><li>a</li><li><p>[1]b</p></li></ul>"),
        (
            "<table><tbody><tr><td>a</td></tr><tr><td><p>b</p></td></tr></tbody></table>",
            (5, None),
            "<table><tbody><tr><td>a</td></tr><tr><td><p>[1]b</p></td></tr></tbody></table>",
        ),
        ("<table><tbody><tr/></tbody></table>", (3, None), "[1]<table><tbody><tr/></tbody></table>"),
        ("<dl><div><dt>a</dt><dd>b</dd></div></dl>", (2, None), "<dl><div><dt>[1]a</dt><dd>b</dd></div></dl>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", (3, None), "<dl><dt>a</dt><dd>[1]b</dd></dl>"),
        ("<figure><img/><figcaption>a</figcaption></figure>", (1, None), "[1]<figure><img/><figcaption>a</figcaption></figure>"),  # noqa: E501
        ("<figure><img/><figcaption>a</figcaption></figure>", (3, None), "<figure><img/><figcaption>[1]a</figcaption></figure>"),  # noqa: E501
        ('<p>a<span class="page-number">4</span></p>', (2, 0), '<p>a[1]<span class="page-number">4</span></p>'),
        ("<pre><code>ab\ncd</code></pre>", (2, 3), "<pre><code>ab\n[1]cd</code></pre>"),
    ],
)  # fmt: skip
def test_a_marker_stands_where_it_may(body: str, start: tuple[int, int | None], expected: str) -> None:
    assert inserted(body, start) == expected


def test_several_markers_keep_their_order() -> None:
    assert inserted("<p>abcd <em>e</em> f</p>", (1, 1), (1, 3), (1, 6)) == "<p>a[1]bc[2]d <em>e</em> [3]f</p>"
    assert inserted("<p>ab</p><h2>c</h2>", (1, None), (1, None), (1, 0), (2, None), (2, None)) == (
        "<p>[1][2][3]ab</p>[4][5]<h2>c</h2>"
    )
    assert inserted('<p><a href="#x">abc</a> e</p>', (2, 2), (2, 2)) == '<p><a href="#x">abc</a>[1][2] e</p>'


def test_a_label_says_its_language_where_the_text_has_another() -> None:
    assert inserted('<p lang="fr">ab</p><p>c</p>', (1, 1), (2, None)) == '<p lang="fr">a[1 lang="en"]b</p><p>[2]c</p>'
    assert inserted("<p>ab</p>", (1, 1), language="en-GB") == "<p>a[1]b</p>"
    assert inserted("<p>ab</p>", (1, 1), language="de") == '<p>a[1 lang="en"]b</p>'


# --- Lists and metadata ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both() -> Both:
    contents = (
        '<section class="contents"><h1 id="contents">Contents</h1>'
        '<p>One <span class="page-number" data-page="one"></span></p></section>'
    )
    return Both(
        edition(
            document("contents", contents, kind="contents", matter="front"),
            document("one", f'<h1 id="one">One</h1>{paragraphs(12)}<h2 id="page-2">Deep</h2>{paragraphs(3)}'),
            document("two", f'<h1 id="two">Two</h1>{paragraphs(9)}'),
            labels={"on-page": "page {page}", "page-list": "Pages", "print-edition": "Print edition"},
            toc=(
                TocEntry(
                    title="One",
                    target="one",
                    kind="document",
                    children=(TocEntry(title="Deep", target="page-2", kind="heading"),),
                ),
                TocEntry(title="Two", target="two", kind="document"),
            ),
        )
    )


def markers(both: Both) -> Iterator[tuple[str, str, str]]:
    """(file and id, epub:type, label) of every marker, in reading order."""
    for name in ("contents", "one", "two"):
        for mark in both.file(f"text/{name}.xhtml").iter(f"{X}span"):
            if mark.get("role") == "doc-pagebreak":
                yield f"text/{name}.xhtml#{mark.get('id')}", mark.get(EPUB_TYPE, ""), mark.get("aria-label", "")


def test_every_page_has_a_marker_and_every_marker_is_listed(both: Both) -> None:
    listed = page_list(both.epub)
    assert [label for label, _ in listed] == ["i", *(str(n) for n in range(1, both.printed.map.pages - 1))]
    assert [address for _, address in listed] == [address for address, _, _ in markers(both)]
    assert {kind for _, kind, _ in markers(both)} == {"pagebreak"}
    assert [label for _, _, label in markers(both)] == [f"page {label}" for label, _ in listed]


def test_ids_do_not_meet_those_of_the_text(both: Both) -> None:
    ids = [each.get("id") for each in both.file("text/one.xhtml").iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert {"page-2", "printed-page-2"} <= set(ids)


def test_the_list_of_pages_is_for_machines(both: Both) -> None:
    nav = next(nav for nav in both.file("nav.xhtml").iter(f"{X}nav") if nav.get(EPUB_TYPE) == "page-list")
    assert (nav.get("role"), nav.get("hidden"), nav.findtext(f"{X}h2")) == ("doc-pagelist", "hidden", "Pages")


def test_the_ncx_lists_the_pages_in_the_order_of_reading(both: Both) -> None:
    root = both.file("toc.ncx")
    head = {meta.get("name"): meta.get("content") for meta in root.iter(f"{NCX}meta")}
    targets = list(root.iter(f"{NCX}pageTarget"))
    assert head["dtb:totalPageCount"] == str(len(targets)) == str(len(page_list(both.epub)))
    assert head["dtb:maxPageNumber"] == page_list(both.epub)[-1][0]
    assert [(target.get("type"), target.get("value")) for target in targets[:2]] == [("front", None), ("normal", "1")]
    played = [
        (int(each.get("playOrder", "")), each.find(f"{NCX}content").get("src"))  # type: ignore[union-attr]
        for each in root.iter(f"{NCX}navPoint", f"{NCX}pageTarget")
    ]
    assert sorted(number for number, _ in played) == list(range(1, len(played) + 1))
    order = [address for _, address in sorted(played)]
    assert order.index("text/one.xhtml") < order.index("text/one.xhtml#page-1")
    assert order.index("text/one.xhtml#printed-page-2") < order.index("text/one.xhtml#page-2")


def statements(epub: bytes) -> list[tuple[str, str]]:
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        root = etree.fromstring(archive.read("EPUB/content.opf"))
    metadata = root.find(f"{OPF}metadata")
    return [(each.get("property") or etree.QName(each).localname, each.text or "") for each in metadata]


def test_the_source_of_the_pages_is_named(both: Both) -> None:
    said = statements(both.epub)
    assert ("source", "Littoral & more (Print edition)") in said
    assert ("pageBreakSource", "Littoral & more (Print edition)") in said
    features = {value for name, value in said if name == "schema:accessibilityFeature"}
    assert {"pageBreakMarkers", "pageNavigation"} <= features


def test_the_identifier_of_the_pdf_is_its_name() -> None:
    plain = book(f"<p>{words(9)}</p>")
    names = (Identifier(value="urn:isbn:1", format="epub"), Identifier(value="urn:isbn:2", format="pdf"))
    said = statements(Both(replace(plain, metadata=replace(plain.metadata, identifiers=names))).epub)
    assert [value for name, value in said if name in {"source", "pageBreakSource"}] == ["urn:isbn:2", "urn:isbn:2"]


def test_without_a_pdf_there_is_no_word_of_pages() -> None:
    stream = io.BytesIO()
    write_epub(book(f"<p>{words(9)}</p>"), stream)
    with zipfile.ZipFile(stream) as archive:
        everything = b"".join(
            archive.read(name) for name in archive.namelist() if name.endswith(("xhtml", "opf", "ncx"))
        )
    assert not re.search(rb"pagebreak|page-list|pageList|pageBreakSource|pageNavigation|dc:source", everything)


def test_a_page_map_of_another_edition_is_a_wrong_call(both: Both) -> None:
    with pytest.raises(LookupError):
        write_epub(book("<p>a</p>"), io.BytesIO(), page_map=both.printed.map)


def test_equal_editions_with_their_pages_give_equal_bytes() -> None:
    one = book(emphasis())
    assert hashlib.sha256(Both(one).epub).digest() == hashlib.sha256(Both(one).epub).digest()


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(Both(book(mixture() + tables() + code() + footnotes())).epub)
    report = Report()
    check_epub(path, report)
    assert not diagnostics(report)


def test_only_a_build_of_both_formats_lists_pages(tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    article.write_text("# One\n\nText.\n", encoding="utf-8")
    alone, together = tmp_path / "alone.epub", tmp_path / "both.epub"
    pubkit.build([article], outputs=[alone], jobs=0)
    built = pubkit.build([article], outputs=[together, tmp_path / "both.pdf"], jobs=0)
    assert page_list(alone.read_bytes()) == []
    assert len(page_list(together.read_bytes())) in {
        built.pages,
        (built.pages or 0) - 1,
    }  # a blank one may be among them
