"""Inline elements do not move line breaks, which WeasyPrint 70.0 gets wrong."""

from __future__ import annotations

import contextlib
import re

import pytest
import weasyprint
from pdf_sample import PAGE, WORDS, Printed, document, edition, theme
from weasyprint.layout import inline

from pubkit.pdf import layout
from pubkit.pdf.line_break import whole_lines
from pubkit.pdf.replaced import VERSION

CSS = (
    'html { font: 10pt/14pt "EB Garamond" } p { text-align: justify; hyphens: auto; margin: 0 } b { font-weight: 400 }'
)
MARKED = (
    "On the river it was thirty-eight millimetres, and the <b>harbourmaster’s</b> establishment, <b>considering</b> "
    "the circumstances, <b>wrote</b> it down without remarking on the <b>extraordinary agreement</b> of the two "
)
WIDTHS = [100 + 0.7 * step for step in range(120)]
SPACED = MARKED.replace("</b> ", " </b>")  # the space belongs to the element
BARE = MARKED.replace("<b>", "").replace("</b>", "")

Lines = list[list[tuple[int, str]]]


def placed(text: str) -> Lines:
    """The words of every page and the heights they stand at, for lines of many widths."""
    body = "".join(f'<p style="width: {width:.1f}pt">{text}</p>' for width in WIDTHS)
    printed = Printed(edition(document("one", body), theme=theme(print_css=CSS)))
    assert printed.codes == []
    pages = (printed.words(page) for page in range(1, printed.map.pages + 1))
    return [sorted((round(top), word) for word, _, top in page) for page in pages]


@pytest.fixture(scope="module")
def plain() -> Lines:
    return placed(BARE)


@pytest.mark.parametrize("text", [MARKED, SPACED])
def test_an_element_in_the_text_moves_no_word(text: str, plain: Lines) -> None:
    assert placed(text) == plain


def test_such_a_line_may_end_in_an_ellipsis() -> None:
    """WeasyPrint draws one within the width that the line was given."""
    text = "one two three four <b>five six seven</b>"
    widths = (60 + 0.25 * step for step in range(200))
    body = "".join(f'<p class="one" style="width: {width:.2f}pt">{text}</p>' for width in widths)
    rule = ".one { text-align: start; max-lines: 1; continue: discard; block-ellipsis: auto }"
    printed = Printed(edition(document("one", body), theme=theme(print_css=CSS + rule)))
    assert printed.codes == []
    assert "…" in printed.text(1)


def test_weasyprint_still_needs_mending(monkeypatch: pytest.MonkeyPatch, plain: Lines) -> None:
    """Where this fails, pubkit/pdf/line_break.py can be deleted, or must be looked at again."""
    assert weasyprint.__version__ == VERSION
    monkeypatch.setattr(layout, "whole_lines", contextlib.nullcontext)
    assert placed(MARKED) != plain


def test_weasyprint_is_mended_only_meanwhile_and_only_in_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = inline.split_first_line
    with whole_lines():
        assert inline.split_first_line is not before
    assert inline.split_first_line is before
    monkeypatch.setattr(weasyprint, "__version__", "70.1")
    with whole_lines():
        assert inline.split_first_line is before


def test_a_no_break_space_before_an_element_keeps_its_line_long() -> None:
    """A text's last word goes to the next line with its space, and no other word does."""
    text = "The sea is many things, my friend, but it is certainly not\N{NO-BREAK SPACE}"
    assert placed(f"{text}<b>consistent</b> today") == placed(f"{text}consistent today")


def test_a_word_of_an_element_in_an_element_is_not_cut() -> None:
    caption = (
        "<span>The sea at Ness Staithe in metres. <em>Neaps on the sixteenth, springs at full moon</em> now.</span>"
    )
    body = "".join(f'<p style="width: {width}pt; overflow-wrap: break-word">{caption}</p>' for width in range(100, 180))
    printed = Printed(edition(document("one", body)))
    found = {word for page in range(1, printed.map.pages + 1) for word, _, _ in printed.words(page)}
    assert {word for word in found if not word.isdigit()} == set(re.sub("<.*?>", "", caption).split())


@pytest.mark.parametrize("width", [150, 162, 189, 207])
def test_a_line_beside_a_drop_cap_is_not_justified_over_the_edge(width: int) -> None:
    """A line that fits but for its last space, which an element follows, still stands beside the float."""
    words = (WORDS * 3).split()
    texts = (" ".join((*words[:at], f"<em>{words[at]}</em>", *words[at + 1 :])) for at in range(4, 22))
    body = "".join(f'<p style="width: {width}pt"><span class="cap">W</span>{text}</p>' for text in texts)
    css = f'{CSS} p {{ hyphens: manual }} .cap {{ float: left; font: 42pt/1 "EB Garamond" }}'
    printed = Printed(edition(document("one", body), theme=theme(print_css=css)))
    left = min(x for word, x, _ in printed.words(1) if word != "1")
    for page in range(1, printed.map.pages + 1):
        found = re.findall(r'xMax="([\d.]+)".*?>(.*?)<', printed.text(page, "-bbox"))
        side = left if page % 2 else left + 72 / 25.4 * (PAGE.outside - PAGE.inside)
        assert max(float(right) for right, word in found if not word.isdigit()) - side < width + 0.1
