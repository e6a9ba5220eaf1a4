"""Links to the web that survive paper: addresses as notes, as a list, as QR codes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from conftest import diagnostics, lacking
from hypothesis import given
from hypothesis import strategies as st
from pdf_sample import Printed, document, edition, paragraphs
from test_index import built
from test_verapdf import verapdf

from pubkit.check.epubcheck import check_epub
from pubkit.labels import LANGUAGES, labels_of
from pubkit.model import PrintedLinks, Printing
from pubkit.pdf.paper_links import LARGEST, LEAST, MOST, pieces, qr_code, shown
from pubkit.pdf.print_tree import print_tree
from pubkit.report import Report

LONG = "https://example.org/archive/2019/the-tide-gauge-of-bergen.html?station=bergen&amp;year=2019#the-staff"
NOTE = '<a role="doc-noteref" class="noteref" id="r1" href="#n1">1</a>'
NOTES = (
    '<section class="notes"><h2>Notes</h2><aside role="doc-footnote" class="note" id="n1"><p><a role="doc-backlink" '
    'href="#r1">1</a> A note with <a href="https://example.net/x">a link</a>.</p></aside></section>'
)


def printed(body: str, how: PrintedLinks, **changes: Any) -> Printed:
    article = f'<section class="article" id="one"><h1>One</h1>{body}</section>'
    return Printed(edition(document("one", article, **changes), printing=Printing(links=how)))


def words(made: Printed, page: int = 1) -> str:
    return " ".join(made.text(page).split())


def tree(body: str, how: PrintedLinks, **changes: Any) -> str:
    made = print_tree(document("one", body, **changes), {}, Printing(links=how)).xhtml.decode()
    return re.sub(r' data-element="\d+"', "", made)


def link(address: str, text: str = "words") -> str:
    return f'<a href="{address}">{text}</a>'


def test_an_address_is_a_note_once_an_article() -> None:
    one, two = link("https://example.org/a"), link("http://example.org/b/")
    made = printed(f"<p>A {one}, b {two}, c {one}.</p>{paragraphs(1)}", "notes")
    assert words(made).startswith("One A words1, b words2, c words1.")
    assert words(made).endswith("1. example.org/a 2. example.org/b/ 1")
    assert not made.codes


def test_notes_of_the_text_and_of_addresses_are_counted_together() -> None:
    made = printed(f"<p>A {link('https://example.org/a')}{NOTE} b{NOTE} c {link('https://e.org')}.</p>{NOTES}", "notes")
    assert words(made).startswith("One A words1,2 b2 c words3.")
    assert words(made).endswith("1. example.org/a 2. A note with a link (example.net/x). 3. e.org 1")


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.org/a", "example.org/a"),
        ("http://example.org/", "Example.org"),
        ("https://www.example.org/a/", "example.org/a"),
        ("https://example.org/a", "<code>example.org/a/</code>"),
        ("mailto:ada@example.org", "write"),
        ("#one", "inside"),
    ],
)
@pytest.mark.parametrize("how", ["notes", "list", "qr"])
def test_nothing_is_added_where_the_words_are_the_address(address: str, text: str, how: PrintedLinks) -> None:
    body = f"<p>A {link(address, text)}.</p>"
    assert tree(body, how) == tree(body, "none")


@pytest.mark.parametrize("around", ["header", "footer", "nav"])
def test_heads_and_feet_stay(around: str) -> None:
    body = f"<{around}><p>{link('https://example.org/a')}</p></{around}>"
    assert tree(body, "notes") == tree(body, "none")


def test_only_articles_have_them() -> None:
    body = f"<p>{link('https://example.org/a')}</p>"
    assert tree(body, "notes", kind="colophon") == tree(body, "none", kind="colophon")


def test_a_list_at_the_end_of_the_article() -> None:
    one = link("https://example.org/a")
    body = f"<p>A {one}{NOTE}, b {link('https://example.org/b')}, c {one}.</p>{NOTES}<footer><p>Foot.</p></footer>"
    made = printed(body, "list")
    assert words(made).startswith("One A words[1] 1 , b words[2], c words[1].") or words(made).startswith(
        "One A words[1]1, b words[2], c words[1]."
    )
    assert "Links 1. example.org/a 2. example.org/b 3. example.net/x Foot." in words(made)
    assert "A note with a link[3]." in words(made)
    assert not made.codes


def test_the_numbers_lead_to_the_list_and_the_list_to_the_web() -> None:
    made = printed(f"<p>A {link('https://example.org/a')}.</p>", "list")
    annotations = [(str(each.Contents), each) for each in made.pdf.pages[0].Annots]
    number = next(each for text, each in annotations if text == "[1]")
    assert bytes(number.Dest) == b"one--address-1"
    webs = [str(each.A.URI) for text, each in annotations if text == "example.org/a"]
    assert webs == ["https://example.org/a"]


def test_ids_that_are_taken_stay_whose_they_are() -> None:
    body = f'<p id="one--address-1">A {link("https://example.org/a")}.</p>'
    assert '<li id="one--address-1-x">' in tree(body, "list")
    assert 'id="one--address-1-x"' in tree(body, "notes")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_name_for_the_list(language: str) -> None:
    body = tree(f"<p>{link('https://example.org/a')}</p>", "qr", language=language)
    assert f">{labels_of(language)['links']}<" in body
    assert labels_of(language)["qr-code"].format(address="example.org/a") in body
    assert '<a class="address" href="https://example.org/a" dir="ltr">' in body


# --- addresses --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "printed_as"),
    [
        ("https://example.org", "example.org"),
        ("HTTPS://example.org/", "example.org"),
        ("http://example.org/a/", "example.org/a/"),
        ("https://example.org/?q=https://a.b/", "example.org/?q=https://a.b/"),
    ],
)
def test_addresses_are_shown_whole_without_their_scheme(address: str, printed_as: str) -> None:
    assert shown(address) == printed_as


@given(st.text(alphabet="abcé09/.-_?&=%#~", max_size=80))
def test_pieces_are_the_address(address: str) -> None:
    assert "".join(pieces(address)) == address
    assert all(len(piece.strip("/.-_?&=%#~")) <= 20 for piece in pieces(address))


def test_lines_end_before_a_sign_and_never_with_a_hyphen() -> None:
    assert pieces("example.org/a/the-tide.html?x=1") == [
        "example", ".org", "/a", "/the", "-tide", ".html", "?x", "=1",
    ]  # fmt: skip
    assert pieces("e.org/" + "0123456789" * 3) == ["e", ".org", "/01234567", "89012345", "67890123", "456789"]


@pytest.mark.parametrize("width", range(20, 80, 7))
def test_what_is_copied_is_the_address(width: int) -> None:
    made = printed(f'<p style="width:{width}mm;text-align:justify">A {link(LONG)}.</p>', "list")
    address = shown(LONG.replace("&amp;", "&"))
    text = made.text(1)
    assert address in re.sub(r"\s", "", text)
    assert not re.search("[\u00ad\u200b\u2060\ufeff]", text)
    with pypdfium2.PdfDocument(made.bytes) as pdf:
        copied = pdf[0].get_textpage().get_text_range()
    assert address in re.sub(r"\s", "", copied)
    assert not re.search("[\u00ad\u200b\u2060\ufeff\ufffe]", copied)


def test_a_long_address_in_a_narrow_note_stays_on_the_paper() -> None:
    address = "https://example.org/" + "a1b2c3d4" * 30 + "/x"
    made = printed(f"<p>A {link(address)}.</p>{paragraphs(2)}", "notes")
    assert shown(address) in re.sub(r"\s", "", made.text(1))
    assert not made.codes
    right = max(x for text, x, _ in made.words(1))
    assert right < 120 * 72 / 25.4


def test_an_address_is_one_link_on_every_line() -> None:
    made = printed(f"<p>A {link(LONG)}.</p>", "list")
    rectangles = [[float(edge) for edge in each.Rect] for each in made.pdf.pages[0].Annots if "/A" in each]
    own = [rectangle for rectangle in rectangles if rectangle[1] < max(edge[1] for edge in rectangles)]
    assert 1 <= len(own) <= 3


# --- QR codes ---------------------------------------------------------------------------------------------------


def test_a_code_for_each_entry() -> None:
    made = printed(f"<p>A {link('https://example.org/a')} and {link(LONG)}.</p>", "qr")
    figures = [each for each in _tags(made.pdf.Root.StructTreeRoot) if each.get("/S") == "/Figure"]
    address = shown(LONG.replace("&amp;", "&"))
    assert [str(each.Alt) for each in figures] == ["QR code: example.org/a", f"QR code: {address}"]
    for each in figures:
        left, bottom, right, top = (float(edge) * 25.4 / 72 for edge in each.A.BBox)
        assert LEAST - 0.1 <= right - left <= MOST + 0.1
        assert abs((right - left) - (top - bottom)) < 0.1


def test_the_codes_say_the_addresses() -> None:
    try:
        import zxingcpp
    except ImportError:
        lacking("zxing-cpp, which reads barcodes")
    addresses = ["https://example.org/a", LONG.replace("&amp;", "&"), "https://example.org/" + "a1b2c3" * 45]
    made = printed("".join(f"<p>A {link(each.replace('&', '&amp;'))}.</p>" for each in addresses), "qr")
    with pypdfium2.PdfDocument(made.bytes) as pdf:
        images = [page.render(scale=300 / 72).to_pil() for page in pdf]
    found = {each.text for image in images for each in zxingcpp.read_barcodes(image)}
    assert found == set(addresses)


def test_an_address_too_long_for_a_code_is_printed_without() -> None:
    address = "https://example.org/" + "a1b2c3" * 60
    assert qr_code(address) is None
    assert qr_code("https://example.org/" + "a" * 4000) is None
    made = printed(f"<p>A {link(address)}.</p>", "qr")
    assert shown(address) in re.sub(r"\s", "", made.text(1))
    assert "Links" in made.text(1)


def test_codes_are_large_enough_to_be_read() -> None:
    for length in range(20, 330, 10):
        code = qr_code("https://example.org/".ljust(length, "a"))
        if code is None:
            assert length > 300
            continue
        svg, size = code
        modules = float(re.search(rb'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
        assert modules <= 17 + 4 * LARGEST + 8
        assert LEAST <= size <= MOST
        assert size / modules > 0.25  # mm


def test_equal_input_gives_equal_codes() -> None:
    assert qr_code("https://example.org/a") == qr_code("https://example.org/a")


# --- tags, and finished files -----------------------------------------------------------------------------------


def _tags(tag: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield tag
    kids = tag.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _tags(kid)


def test_notes_are_notes_and_lists_are_lists() -> None:
    body = f"<p>A {link('https://example.org/a')}.</p>"
    made = printed(body, "notes")
    notes = [str(each.S) for each in _tags(made.pdf.Root.StructTreeRoot) if "/S" in each]
    assert (notes.count("/Note"), notes.count("/Reference")) == (1, 1)
    made = printed(body, "list")
    listed = [str(each.S) for each in _tags(made.pdf.Root.StructTreeRoot) if "/S" in each]
    assert (listed.count("/L"), listed.count("/LI"), listed.count("/Note")) == (1, 1, 0)


TEXT = (
    "# One\n\nSee [the web](https://example.org/archive/2019/the-tide-gauge.html?station=bergen&year=2019), "
    "<https://example.net/> and [again](https://example.org/archive/2019/the-tide-gauge.html?station=bergen&year=2019)"
    "[^1].\n\n| a | b |\n|---|---|\n| [cell](https://example.com/cell) | x |\n\n"
    '![A gauge](a.png){credit="Ada Penrose"}\n\n/// caption\nWith [a link](https://example.com/caption).\n///\n\n'
    "## [Heading](https://example.com/heading)\n\n"
    "[^1]: A note with [a link](https://example.com/note).\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("how", ["notes", "list", "qr"])
def test_from_the_manifest_to_a_file_that_conforms(how: str, tmp_path: Path) -> None:
    from publications import png

    book = built(
        tmp_path,
        {"one.md": TEXT, "a.png": png()},
        more=f"print: {{links: {how}, page-references: true}}\n",
    )
    text = re.sub(r"\s", "", "".join(book.pages.values()))
    for address in (
        "example.org/archive/2019/the-tide-gauge.html?station=bergen&year=2019",
        "example.com/cell",
        "example.com/caption",
        "example.com/heading",
        "example.com/note",
    ):
        assert text.count(address) == 1, address
    assert "example.net" in text
    assert verapdf(book.pdf) == {"book.pdf": []}
    if how == "notes":
        report = Report()
        check_epub(book.epub, report)
        assert not diagnostics(report)
    assert "example.com/cell" not in "".join(map(str, book.documents["one"].itertext()))


def test_a_code_is_drawn_with_black_alone() -> None:
    made = printed(f"<p>A {link('https://example.org/a')}.</p>", "qr")
    assert made.codes == []
    assert isinstance(made.bytes, bytes)
    with pikepdf.open(io.BytesIO(made.bytes)) as pdf:
        assert not any(each.get("/Subtype") == "/Image" for each in pdf.objects if isinstance(each, pikepdf.Stream))
