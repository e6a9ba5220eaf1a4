"""Law: a line of plain text ends where WeasyPrint would end it, and is as wide."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_sample import PRINT_CSS, document, edition, theme
from weasyprint.layout import inline
from weasyprint.text import line_break

from pubkit.pdf import layout, writer
from pubkit.pdf.plain_lines import plain_lines

RULES = (
    "p { hyphens: auto; text-align: justify; hyphenate-limit-chars: 6 3 3 } b { font: 600 9pt Inter; hyphens: auto }"
)
SPACED = (
    "i { letter-spacing: -0.005em; word-spacing: -0.03em; hyphens: auto } s { hyphens: manual; word-spacing: 0.04em }"
)
BODY = "<p>en <b>bold</b> <i>italic</i> <s>struck</s></p><p lang='de'>de</p><p lang='hu'>hu</p><p lang='fr'>fr</p>"

WORDS = st.sampled_from(
    "The quick brown fox AV To. affluent office fjords; well-known e.g. 1,234.50 — “Voltaire’s” (W.) T. x/y "
    "incomprehensibly circumstances Donaudampfschifffahrtsgesellschaft asszonnyal l’avenir Straße a I Œuvre "
    "https://example.org/a-b/c?d=e naïve re-establish/disestablish :-) ... é…è « mot » 50\N{NO-BREAK SPACE}% +44".split(
        " "
    )
)
TEXTS = st.lists(
    WORDS | st.text("abcdefghijklmnopqrstuvwxyzAVTWYfil.,;:!?-’”éßœ", min_size=1, max_size=14), min_size=1, max_size=40
)

Split = tuple[Any, ...]


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    """The styles of texts in a document that stays laid out."""
    of = edition(
        document("one", f'<section id="one">{BODY}</section>'), theme=theme(print_css=PRINT_CSS + RULES + SPACED)
    )
    seen: dict[int, Any] = {}
    split = line_break.split_first_line

    def note(text: str, style: Any, *rest: Any, **more: Any) -> Any:
        seen[id(style)] = style
        return split(text, style, *rest, **more)

    layout.prepare(writer.supplies_of(of, tmp_path_factory.mktemp("lines")))
    before, inline.split_first_line = inline.split_first_line, note
    try:
        layout.lay_out(of.documents[0], {})
    finally:
        inline.split_first_line = before
    yield list(seen.values())
    layout.put_away()


def seen(given: Split) -> Split:
    made, *rest = given
    return (made.text, made.first_line_direction, made.max_width, *rest)


@given(words=TEXTS, width=st.floats(90, 260), which=st.integers(0, 1000))
def test_lines_end_where_weasyprint_ends_them(words: list[str], width: float, which: int, styles: list[Any]) -> None:
    style, text = styles[which % len(styles)], " ".join(words)
    context, other = SimpleNamespace(dictionaries={}), SimpleNamespace(dictionaries={})
    with plain_lines():
        while text:
            ours = inline.split_first_line(text, style, context, width, 0, is_line_start=True)
            theirs = line_break.split_first_line(text, style, other, width, 0, is_line_start=True)
            assert seen(ours) == seen(theirs)
            text = text.encode()[theirs[2] :].decode() if theirs[2] else ""
