"""The body of a document, made ready for paper."""

from __future__ import annotations

import re

import pytest
from pdf_sample import document

from pubkit.pdf.mathematics import draw
from pubkit.pdf.print_tree import page_numbers_wanted, print_tree

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x^2"{}><msup><mi>x</mi><mn>2</mn></msup></math>'
NOTE = '<a role="doc-noteref" class="noteref" id="a--fnref-{0}" href="#a--fn-{1}">{1}</a>'


def notes(*texts: str) -> str:
    back = '<a role="doc-backlink" class="backlink" href="#a--fnref-{0}">{0}</a>'
    return (
        '<section class="notes"><h2 class="notes-title">Notes</h2>'
        + "".join(
            f'<aside role="doc-footnote" id="a--fn-{n}" class="note">{text.replace("BACK", back.format(n))}</aside>\n'
            for n, text in enumerate(texts, 1)
        )
        + "</section>\n"
    )


def made(body: str, **numbers: str) -> str:
    xhtml = print_tree(document("a", body), numbers).xhtml.decode()
    return re.sub(r'^<html[^>]*><body[^>]*>|</body></html>$| data-element="\d+"', "", xhtml)


def test_a_note_moves_to_its_first_reference() -> None:
    body = made(f"<p>Text{NOTE.format(1, 1)} goes on.</p>" + notes("<p>BACK The <em>note</em>.</p>"))
    assert body == (
        '<p>Text<span class="note-place" id="a--fnref-1"><span role="doc-footnote" id="a--fn-1" class="footnote">'
        "The <em>note</em>.</span></span> goes on.</p>\n"
    )


def test_a_second_reference_stays_a_link_with_the_notes_number() -> None:
    body = made(
        f"<p>A{NOTE.format(9, 2)} b{NOTE.format(8, 1)} c{NOTE.format(7, 2)}.</p>" + notes("<p>One.</p>", "<p>Two.</p>")
    )
    assert body.index("Two.") < body.index("One.")
    assert 'href="pubkit-to:a--fn-2">1</a>.' in body  # the first note on paper, whatever the source called it


def test_a_note_of_several_paragraphs_keeps_them() -> None:
    body = made(f"<p>A{NOTE.format(1, 1)}.</p>" + notes("<p>BACK One.</p><p>Two.</p><ul><li>Three</li></ul>"))
    assert 'class="footnote">One.<p>Two.</p><ul><li>Three</li></ul></span>' in body


def test_a_note_that_nothing_refers_to_keeps_its_section() -> None:
    body = made(f"<p>A{NOTE.format(1, 1)}.</p>" + notes("<p>One.</p>", "<p>Two.</p>"))
    assert '<section class="notes"><h2 class="notes-title">Notes</h2>\n<aside' in body
    assert body.count("One.") == body.count("Two.") == 1


def test_a_reference_inside_a_note_stays_a_link() -> None:
    body = made(f"<p>A{NOTE.format(1, 1)}.</p>" + notes(f"<p>One{NOTE.format(5, 2)}.</p>", "<p>Two.</p>"))
    assert body.count('class="footnote"') == 1
    assert 'href="pubkit-to:a--fn-2">2</a>' in body


def test_internal_links_become_private_addresses_and_others_stay() -> None:
    body = made('<p><a href="#über">a</a><a href="https://example.org/#x">b</a><a id="c">c</a></p>')
    assert 'href="pubkit-to:%C3%BCber"' in body
    assert 'href="https://example.org/#x"' in body
    assert '<a id="c">c</a>' in body


def test_page_numbers_are_filled_in() -> None:
    body = '<p>One <span class="page-number" data-page="one"></span>, <span class="page-number" data-page="x"/></p>'
    assert 'data-page="one">iv</span>' in made(body, one="iv")
    assert page_numbers_wanted(document("a", body)) == ("one", "x")
    assert not page_numbers_wanted(document("a", "<p>page-number</p>"))


def test_images_are_asked_for_by_their_names() -> None:
    assert 'src="https://pubkit.invalid/asset/a%2Fb%20c.jpg"' in made('<img src="a/b c.jpg" alt="x"/>')


def test_a_formula_is_drawn_with_its_tex_as_text() -> None:
    display = MATH.format(' display="block" id="eq"')
    tree = print_tree(document("a", f"<p>so {MATH.format('')} and</p>{display}"), {})
    assert list(tree.drawings) == ["https://pubkit.invalid/formula/0.svg", "https://pubkit.invalid/formula/1.svg"]
    assert tree.xhtml.count(b'alt="x^2"') == 2
    assert b'<span class="math display" id="eq" data-element="6"><img' in tree.xhtml
    assert b"/> and</p>" in tree.xhtml


def test_a_formula_sits_on_the_baseline() -> None:
    drawing = draw('<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mi>a</mi><mi>b</mi></mfrac></math>')
    assert drawing
    assert 0.4 < drawing.depth < 0.9
    assert drawing.height > 2 * drawing.depth
    assert draw(MATH.format("")).depth < 0.1  # type: ignore[union-attr]


def test_a_formula_that_cannot_be_drawn_is_printed_as_tex() -> None:
    tree = print_tree(document("a", '<p><math xmlns="http://www.w3.org/1998/Math/MathML" alttext="\\q"/></p>'), {})
    assert tree.undrawn == ("\\q",)
    assert b'<code class="math undrawn" data-element="2">\\q</code>' in tree.xhtml


JOINED = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>How long is a shore?</h1>", f"<h1>How long is a{JOINED}shore?</h1>"),
        ("<h2>The number on the <em>quay</em> </h2>", f"<h2>The number on the{JOINED}<em>quay</em> </h2>"),
        ("<h3><em>The number on\n the</em> quay</h3>", f"<h3><em>The number on\n the</em>{JOINED}quay</h3>"),
        ("<h3><em>A number on the </em>quay</h3>", f"<h3><em>A number on the{JOINED}</em>quay</h3>"),
        ('<p class="dek">You need <b>not</b> go.</p>', f'<p class="dek">You need <b>not</b>{JOINED}go.</p>'),
        ('<p role="doc-subtitle">A map in a box</p>', f'<p role="doc-subtitle">A map in a{JOINED}box</p>'),
        (
            '<aside role="doc-pullquote"><p>It was up.</p></aside>',
            f'<aside role="doc-pullquote"><p>It was{JOINED}up.</p></aside>',
        ),
    ],
)
def test_the_last_two_words_of_what_is_set_large_stay_together(body: str, expected: str) -> None:
    assert made(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<p>Text runs on and on.</p>",
        "<h1>La laisse</h1>",
        "<h1>A coastal bioluminescence survey</h1>",
        "<h1>An old and long<br/>title</h1>",
        f"<h1>Prix : 30{JOINED}€ le bon{JOINED}kilogramme</h1>",
        "<h2/>",
    ],
)
def test_other_words_are_left_alone(body: str) -> None:
    assert made(body) == body


def test_a_note_of_a_title_does_not_count_as_its_last_word() -> None:
    body = made(f"<h1>How long is a shore?{NOTE.format(1, 1)}</h1>" + notes("<p>BACK A note of its own.</p>"))
    assert f"is a{JOINED}shore?<span" in body
    assert "note of its own." in body
