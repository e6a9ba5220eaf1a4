"""Laws: a justified line is drawn as Pango makes it where each space has an attribute, and is as wide as it must be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdf_sample import PRINT_CSS, document, edition, theme
from weasyprint.layout import inline
from weasyprint.text.line_break import Layout

from pubkit.pdf import layout, writer
from pubkit.pdf.glyph_strings import widen
from pubkit.pdf.text_layouts import Run, read_runs, reused_layouts, runs_of

BODY = "<p>upright <i>italic</i> <b>bold</b> <s>spaced</s></p>"
RULES = "p { text-align: justify } b { font: 9pt Inter } s { word-spacing: 0.1em }"
WORDS = st.sampled_from(
    ["The", "office", "fjord,", "—", "1,234", "“Voltaire’s”", "AV", "Tø", "50\u00a0%", "αβγ", "так"]
)
LINES = st.tuples(st.sampled_from(["", " "]), st.lists(WORDS, min_size=1, max_size=12), st.sampled_from(["", " "]))


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    """The styles of texts in a document that stays laid out."""
    of = edition(document("one", f'<section id="one">{BODY}</section>'), theme=theme(print_css=PRINT_CSS + RULES))
    layout.prepare(writer.supplies_of(of, tmp_path_factory.mktemp("spaces")))
    seen: dict[int, Any] = {}
    split = inline.split_first_line

    def note(text: str, style: Any, *rest: Any, **more: Any) -> Any:
        seen[id(style)] = style
        return split(text, style, *rest, **more)

    with pytest.MonkeyPatch.context() as noting:
        noting.setattr(inline, "split_first_line", note)
        layout.lay_out(of.documents[0], {})
    yield list(seen.values())
    layout.put_away()


def flat(runs: Sequence[Run], numbers: Sequence[list[int]] = ()) -> list[tuple[int, ...]]:
    """Glyph, width, offset to the right and upwards, of all runs."""
    read = numbers or [memoryview(run.glyphs).cast("i").tolist() for run in runs]
    return [tuple(each[at : at + 4]) for each in read for at in range(0, len(each), 5)]


@given(
    line=LINES, spacing=st.floats(-0.4, 12) | st.integers(-4, 24).map(lambda half: half / 2), which=st.integers(0, 99)
)
def test_spaces_are_as_wide_as_pango_makes_them(
    line: tuple[str, list[str], str], spacing: float, which: int, styles: list[Any]
) -> None:
    style, text = styles[which % len(styles)], line[0] + " ".join(line[1]) + line[2]
    with reused_layouts(style.font_config):
        measured = Layout(style)
        measured.set_text(text)
        measured.deactivate()
        runs = runs_of(style, text)
        assert bool(runs) == (not style["word_spacing"])  # those with spacing are not kept
        numbers = [memoryview(run.glyphs).cast("i").tolist() for run in runs]
        drawn = Layout(style, spacing)
        drawn.set_text(text, justify=True)
        assert widen(numbers, runs, drawn, style)
        ours, pangos = flat(runs, numbers), flat(tuple(read_runs(drawn.get_first_line()[0])))
        drawn.deactivate()
    if style["word_spacing"]:
        return
    if "Inter" not in style["font_family"]:
        assert ours == pangos
    elif text == text.strip():  # this font brings letters closer to spaces: ", T"
        widths = [sum(width for _, width, *_ in glyphs) for glyphs in (ours, flat(runs))]
        assert widths[0] == widths[1] + sum(space in " \u00a0" for space in text) * int(spacing * 1024)
