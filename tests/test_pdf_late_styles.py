"""Styles that nothing asks for are not worked out, and the pages are the same."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Any

import pytest
import weasyprint
from pdf_sample import PRINT_CSS, Printed, document, edition, paragraphs, theme
from weasyprint import css
from weasyprint import layout as weasyprint_layout

from pubkit.pdf import layout
from pubkit.pdf.late_styles import late_styles
from pubkit.pdf.replaced import VERSION

BODY = (
    '<section id="one"><h1>One</h1><p>Text<a role="doc-noteref" id="one--ref-1" href="#one--fn-1">1</a>.</p>'
    + paragraphs(12)
    + "<ul><li>a</li><li>b</li></ul><p class='item'>c</p><section class='notes'>"
    '<aside role="doc-footnote" id="one--fn-1" class="note"><p>A note.</p></aside></section></section>'
)
RULES = """
.item { display: list-item; list-style-type: square }
li::marker { color: #a8321a }
.footnote::footnote-call { font-weight: 700 }
"""
HEADS = "@page { @top-center { content: counter(page); font: 8pt Inter } @bottom-left { color: red } }"


def printed(more: str = "") -> Printed:
    paper = Printed(edition(document("one", BODY), theme=theme(print_css=PRINT_CSS + RULES + more)))
    assert paper.codes == []
    return paper


@pytest.mark.parametrize("more", ["", HEADS])
def test_the_pages_are_the_same(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    late = printed(more)
    monkeypatch.setattr(layout, "late_styles", contextlib.nullcontext)
    assert printed(more).bytes == late.bytes


def test_margin_boxes_have_their_content() -> None:
    assert "1" in {word for word, *_ in printed(HEADS).words(1)}
    assert "1" not in {word for word, _, top in printed().words(1) if top < 40}


def test_few_styles_are_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: Counter[str] = Counter()
    original = css.ComputedStyle.__init__

    def counted(self: Any, parent: Any, cascaded: Any, kind: str | None, *more: Any) -> None:
        kinds[kind or "element"] += 1
        original(self, parent, cascaded, kind, *more)

    monkeypatch.setattr(css.ComputedStyle, "__init__", counted)
    printed()
    assert kinds["marker"] == 3
    assert kinds["footnote-call"] == kinds["footnote-marker"] == 1
    assert not any("top" in kind or "bottom" in kind for kind in kinds)


def test_weasyprint_still_works_them_all_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this fails, pubkit/pdf/late_styles.py can be deleted, or must be looked at again."""
    assert weasyprint.__version__ == VERSION
    kinds: set[str | None] = set()
    original = css.ComputedStyle.__init__

    def seen(self: Any, parent: Any, cascaded: Any, kind: str | None, *more: Any) -> None:
        kinds.add(kind)
        original(self, parent, cascaded, kind, *more)

    monkeypatch.setattr(css.ComputedStyle, "__init__", seen)
    weasyprint.HTML(string="<p>Text").render()
    assert {"marker", "note-callback", "@top-left-corner"} <= kinds


def test_weasyprint_is_changed_only_meanwhile_and_only_in_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = css.StyleFor, weasyprint_layout.make_margin_boxes
    with late_styles():
        assert css.StyleFor is not before[0]
    assert (css.StyleFor, weasyprint_layout.make_margin_boxes) == before
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with late_styles():
        assert (css.StyleFor, weasyprint_layout.make_margin_boxes) == before
