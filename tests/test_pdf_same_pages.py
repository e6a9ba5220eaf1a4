"""What WeasyPrint is spared for speed changes no byte of a page."""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import weasyprint
from pdf_sample import PRINT_CSS, WORDS, Printed, document, edition, paragraphs, picture, theme
from weasyprint import css
from weasyprint.draw import text as drawing
from weasyprint.layout import background, block, inline, percent
from weasyprint.text.line_break import Layout

from pubkit.pdf import layout
from pubkit.pdf.glyph_strings import quick_glyphs
from pubkit.pdf.plain_boxes import plain_boxes
from pubkit.pdf.plain_lines import plain_lines
from pubkit.pdf.replaced import VERSION
from pubkit.pdf.used_values import kept_used_values

HARD = "<span class='hard'>Wallabies</span> tried Voltaire’s T o W y A V — affluent offices, fjords; 1234, &amp; more "
MARKED = (
    "it was thirty-eight millimetres, <b>considering </b>the circumstances, <b>wrote </b>it <b>wondrous fjord </b>down"
)
BODY = f"""
<section id="one"><h1>One</h1>
<p class="first">{WORDS * 3}<em>{WORDS}</em><a role="doc-noteref" id="one--ref-1" href="#one--fn-1">1</a></p>
<img class="float" src="0001-sea.jpg" alt=""/>{paragraphs(2)}
<p class="spaced">{HARD * 4}</p><p class="narrow">{HARD * 3}</p><p class="anywhere">Incomprehensibilities{"x" * 90}</p>
<p lang="de" class="hyphens">Donaudampfschifffahrtsgesellschaftskapitän und Straßenbahnhaltestelle. {WORDS}</p>
<p class="hyphens">Soft\u00adhyphens divi\u00added incom\u00adprehensibly \u2014 well-known, e.g. a.b/c {HARD}</p>
<p dir="rtl" lang="ar">{"مرحبا بالعالم (abc) " * 12}</p><p>日本語の文章 and Latin, e\u0301 a\u0308 combining. {HARD}</p>
<p class="lines">First<br/>second line   with  spaces\u00a0and\u00a0more<br/>{WORDS}</p>
<pre><code><b>for</b> each in many:\n\tprint(<i>each</i>, each, "{WORDS}")\n    return each\n</code></pre>
<table><tr><th>One</th><th>Two words</th></tr><tr><td>{HARD}</td><td>{WORDS}</td></tr></table>
<div class="flex"><p>{WORDS}</p><p>{HARD}</p></div><div class="grid"><p>{WORDS}</p><p>{HARD}</p></div>
<div class="columns">{paragraphs(2)}</div><p class="ellipsis">{WORDS}</p><p class="clamp">{WORDS * 3}</p>
<p class="caps">Small <u>capitals</u> and <s>old</s> figures 0123456789 x<sup>2</sup>, H<sub>2</sub>O. {WORDS}</p>
{"".join(f'<p class="hyphens" style="width: {50 + step}pt">{MARKED}</p>' for step in range(0, 90, 3))}
<section class='notes'><aside role="doc-footnote" id="one--fn-1" class="note"><p>{WORDS * 2}</p></aside></section>
</section>"""
RULES = """
p { text-align: justify; margin: 0 0 2% }
.first::first-letter { float: left; font-size: 3em; line-height: 1 }
.first::first-line { font-variant-caps: small-caps }
.float { float: right; width: 30%; margin: 2mm }
.spaced { letter-spacing: 0.03em; word-spacing: 0.1em }
.narrow { width: 22mm; hyphens: auto }
.anywhere { overflow-wrap: anywhere }
.hyphens { hyphens: auto; width: calc(60% - 1mm); line-height: 1.6 }
.lines { white-space: pre-line }
pre { white-space: pre-wrap; tab-size: 4 }
td { padding: 1ex 2ch; vertical-align: top }
.flex { display: flex; gap: 2mm }
.flex p { flex: 1; min-width: 10% }
.grid { display: grid; grid-template-columns: 1fr 1fr }
.columns { columns: 2; column-gap: 3mm; font-size: 0.8em }
.ellipsis { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.clamp, .ellipsis { text-align: start }
.clamp { max-lines: 2; continue: discard; block-ellipsis: auto }
.caps { font-variant-numeric: oldstyle-nums }
.hard { font-style: italic }
u, s { border: 1px solid; padding: 0 0.2em; box-sizing: border-box }
.anywhere { margin-inline-start: 1em; border-inline-start: 2px solid }
"""
SPARED = ("late_styles", "kept_used_values", "plain_boxes", "plain_lines", "reused_layouts", "quick_glyphs")


def printed(rules: str = "") -> Printed:
    of = edition(document("one", BODY), assets=(picture(),), theme=theme(print_css=PRINT_CSS + RULES + rules))
    return Printed(of)


def none(*_: Any) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


@pytest.mark.parametrize(
    "rules", ["", "html { font: 9pt/1.3 Inter }", "p { hyphens: auto; text-indent: 1em; margin: 0 }"]
)
def test_pages_are_the_same_without_what_is_spared(rules: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spared = printed(rules)
    assert len(spared.pdf.pages) > 2
    for name in SPARED:
        with monkeypatch.context() as without:
            without.setattr(layout, name, none)
            assert printed(rules).bytes == spared.bytes, name
    for name in SPARED:
        monkeypatch.setattr(layout, name, none)
    assert printed(rules).bytes == spared.bytes


def calls(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counts: Counter[str] = Counter()
    original = getattr(owner, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        counts[name] += 1
        return original(*arguments, **named)

    monkeypatch.setattr(owner, name, counted)
    return counts


@pytest.mark.parametrize(
    ("owner", "name", "spare", "fewer"),
    [
        (percent, "percentage", "kept_used_values", 3),
        (css.ComputedStyle, "__missing__", "late_styles", 2),
        (drawing, "draw_first_line", "quick_glyphs", 2),
        (background, "resolve_radii_percentages", "plain_boxes", 2),
        (Layout, "get_first_line", "plain_lines", 1.05),
    ],
)
def test_weasyprint_is_spared_work(
    owner: Any, name: str, spare: str, fewer: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this fails with a new WeasyPrint, the module may not be needed any more."""
    assert weasyprint.__version__ == VERSION
    with monkeypatch.context() as counting:
        asked = calls(owner, name, counting)
        printed()
    monkeypatch.setattr(layout, spare, none)
    all_of_them = calls(owner, name, monkeypatch)
    printed()
    assert asked[name] * fewer < all_of_them[name]


@pytest.mark.parametrize(
    ("spare", "owner", "name"),
    [
        (kept_used_values, block, "resolve_percentages"),
        (plain_boxes, background, "layout_box_backgrounds"),
        (plain_lines, inline, "split_first_line"),
        (quick_glyphs, drawing, "draw_first_line"),
    ],
)
def test_weasyprint_is_changed_only_meanwhile_and_only_in_this_version(
    spare: Callable[[], Any], owner: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = getattr(owner, name)
    with spare():
        assert getattr(owner, name) is not before
    assert getattr(owner, name) is before
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with spare():
        assert getattr(owner, name) is before


def test_justified_lines_reach_the_margin_where_letters_come_closer_to_spaces() -> None:
    words = "The tide, To be sure, went out, Then came in. Yes, You saw it, Was it late, Two men asked, Violet. " * 8
    rules = "p { font: 600 9pt/1.4 Inter; text-align: justify; hyphens: none }"
    made = theme(print_css=PRINT_CSS + rules)
    paper = Printed(edition(document("one", f'<section id="one"><p>{words}</p></section>'), theme=made))
    edges = [float(edge) for edge in re.findall(r'<line [^>]*xMax="([\d.]+)"', paper.text(1, "-bbox-layout"))]
    margin = (made.page.width - made.page.outside) * 72 / 25.4
    full = [edge for edge in edges if edge > margin - 20]
    assert len(full) > 8
    assert all(abs(edge - margin) < 0.15 for edge in full)  # WeasyPrint alone: 0.8 pt too far
