"""Links inside the publication, on paper: "the harbour (page 12)", and where there is none."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from pdf_sample import Printed, document, edition, paragraphs
from test_index import built

from pubkit.labels import LANGUAGES, labels_of
from pubkit.model import ContentDocument, Printing
from pubkit.pdf.print_tree import page_numbers_wanted, print_tree
from pubkit.pdf.references import NEAR, SHOWN, settled

REFERRING = Printing(page_references=True)
ONE = '<h1 id="one">One</h1><p>See <a href="#two">the harbour</a>, and <a href="#two">it</a> again.</p>'
TWO = '<h1 id="two">Two</h1>'


def printed(*bodies: str, printing: Printing = REFERRING, **changes: object) -> Printed:
    names = ("one", "two", "three")
    documents = [document(name, body, **changes) for name, body in zip(names, bodies, strict=False)]
    return Printed(edition(*documents, printing=printing))


def words(made: Printed, page: int) -> str:
    return " ".join(made.text(page).split())


def shown(body: str, **changes: object) -> str:
    """A body as it is laid out when all its references are shown, their numbers the ids they lead to."""
    one = document("one", body, **changes)
    wanted = page_numbers_wanted(one, REFERRING)
    tree = print_tree(one, {name: SHOWN if "/" in name else f"<{name}>" for name in wanted}, REFERRING)
    return re.sub(r' data-element="\d+"| id="pubkit-reference[^"]*"', "", tree.xhtml.decode())


def test_a_link_says_its_page_once_a_paragraph() -> None:
    made = printed(ONE + paragraphs(9), TWO)
    two = made.map.labels["two"]
    assert words(made, 1).startswith(f"One See the harbour (page {two}), and it again.")
    assert int(two) > 1
    assert not made.codes


def test_the_number_is_a_link_too() -> None:
    made = printed(ONE + paragraphs(9), TWO)
    links = [(str(link.Contents), bytes(link.Dest)) for link in made.pdf.pages[0].Annots]
    assert (made.map.labels["two"], b"two") in links


def test_without_the_wish_nothing_is_added() -> None:
    made = printed(ONE + paragraphs(9), TWO, printing=Printing())
    assert "(page" not in made.text(1)


def test_the_next_paragraph_says_it_again() -> None:
    body = shown('<p><a href="#x">a</a> <a href="#y">b</a> <a href="#x">c</a></p><p><a href="#x">d</a></p>')
    assert re.sub("<[^>]+>", "", body) == "a (page &lt;x&gt;) b (page &lt;y&gt;) cd (page &lt;x&gt;)"


@pytest.mark.parametrize(
    "body",
    [
        '<h2><a href="#x">a</a></h2>',
        '<header><p><a href="#x">a</a></p></header>',
        '<footer><p><a href="#x">a</a></p></footer>',
        '<nav><a href="#x">a</a></nav>',
        '<p><a href="#x"><img src="a.png" alt="a"/></a></p>',
        '<p><a href="https://example.org/#x">a</a></p>',
        (
            '<p>a<a role="doc-noteref" href="#n">1</a></p><section class="notes"><aside role="doc-footnote" id="n">'
            '<p><a role="doc-backlink" href="#r">1</a> b</p></aside></section>'
        ),
    ],
)
def test_headings_heads_notes_and_pictures_have_none(body: str) -> None:
    assert "page-reference" not in shown(body)


def test_only_articles_have_them() -> None:
    body = '<p><a href="#x">a</a></p>'
    assert "page-reference" in shown(body)
    assert page_numbers_wanted(document("credits", body, kind="credits"), REFERRING) == ()
    assert "page-reference" not in shown(body, kind="credits")


def test_a_note_says_the_page_as_well() -> None:
    body = (
        '<p>a<a role="doc-noteref" href="#n">1</a></p><section class="notes"><aside role="doc-footnote" id="n">'
        '<p>See <a href="#x">there</a>.</p></aside></section>'
    )
    assert "See there (page &lt;x&gt;)." in re.sub("<[^>]+>", "", shown(body))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_words(language: str) -> None:
    body = shown('<p>A <a href="#x">b</a>.</p>', language=language)
    label = labels_of(language)["page-reference"].format(page="&lt;x&gt;")
    space = "" if label.startswith("（") else " "
    assert re.sub("<[^>]+>", "", body) == f"A b{space}{label}."


def test_what_stands_on_the_same_page_needs_no_number() -> None:
    link = '<p>See <a href="#here">near</a> and <a href="#there">far</a>.</p>'
    made = printed(f'<h1 id="one">One</h1>{link}<h2 id="here">Here</h2>{paragraphs(9)}<h2 id="there">There</h2>')
    there = made.map.labels["there"]
    assert int(there) > 1
    assert words(made, 1).startswith(f"One See near and far (page {there}). Here")


def test_a_reference_that_was_shown_stays() -> None:
    own = "pubkit-reference/1/x%2Fy/one"
    assert settled({"x/y": "3", own: ""}, None) == {"x/y": "3", own: NEAR}
    assert settled({"x/y": "3", own: "3"}, {own: NEAR})[own] == NEAR
    assert settled({"x/y": "3", own: "2"}, {own: NEAR})[own] == SHOWN
    assert settled({"x/y": "3", own: "3"}, {own: SHOWN})[own] == SHOWN


def test_references_that_lengthen_an_article_are_right_all_the_same() -> None:
    """Each reference takes room; what they name moves because of them."""
    links = "".join(f'<p>See <a href="#p{n}">the paragraph on the tide of number {n}</a>.</p>' for n in range(60))
    places = "".join(f'<p id="p{n}">Place{n}x. {"word " * 40}</p>' for n in range(60))
    made = printed(f'<h1 id="one">One</h1>{links}{places}', f'<h1 id="two">Two</h1>{links}')
    assert not made.codes
    texts = [words(made, page) for page in range(1, len(made.pdf.pages) + 1)]
    for n in range(60):
        page = next(number for number, text in enumerate(texts, 1) if f"Place{n}x." in text)
        said = [found for text in texts for found in re.findall(rf"tide of number {n} \(page (\d+)\)", text)]
        assert said == [str(page)] * len(said)
        assert len(said) == 2


def test_equal_bytes_whatever_the_number_of_workers() -> None:
    def one(jobs: int) -> bytes:
        documents = (document("one", ONE + paragraphs(9)), document("two", TWO))
        return Printed(edition(*documents, printing=REFERRING), jobs=jobs).bytes

    assert one(0) == one(2)


def test_it_counts_as_text_of_the_paragraph() -> None:
    """In the tags the reference is part of the sentence, its number a link."""
    made = printed(ONE + paragraphs(9), TWO)
    paragraph = next(each for each in _kids(made.pdf.Root.StructTreeRoot) if each.get("/S") == "/P")
    kinds = [str(each.S) for each in paragraph.K if isinstance(each, pikepdf.Dictionary) and "/S" in each]
    assert kinds.count("/Link") == 3


def _kids(tag: pikepdf.Object) -> list[pikepdf.Object]:
    found = [tag]
    kids = tag.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [] if kids is None else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += _kids(kid)
    return found


def test_from_the_manifest_to_both_files(tmp_path: Path) -> None:
    text = "The tide comes in over the office floor, and nobody in the affluent fjord minds. " * 50
    links = "Siehe [den Hafen](two.md#the-harbour) und\n[zwei](two.md)."
    book = built(
        tmp_path,
        {
            "one.md": f"---\nlanguage: de\n---\n# Eins\n\n{links}\n\n{text}\n",
            "two.md": f"# Two\n\n{text}\n\n{text}\n\n## The harbour\n\nSee [one](one.md).\n",
        },
        more="print: {page-references: true}\n",
    )
    pages = {label: " ".join(text.split()) for label, text in book.pages.items()}
    harbour = next(label for label, text in pages.items() if "The harbour See one (page 1)." in text)
    assert int(harbour) > 3
    assert f"Siehe den Hafen (Seite {harbour}) und zwei (Seite 3)." in pages["1"]
    assert "Seite" not in "".join(map(str, book.documents["one"].itertext()))


def test_what_a_document_wants_to_know() -> None:
    one: ContentDocument = document("one", ONE)
    assert page_numbers_wanted(one) == ()
    assert page_numbers_wanted(one, REFERRING) == ("two", "pubkit-reference/1/two/one")
