"""Notes for which a page has no room: divided over pages, all words on paper once and in order, one note to readers."""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st
from page_law import differences, misplaced
from pdf_sample import PAGE, PRINT_CSS, Printed, document, edition, font, paragraphs, theme
from tagged import Tree
from test_pdf_structure import told
from weasyprint.layout import LayoutContext, block, page

import pubkit
from pubkit.pdf import layout, long_notes, note_parts
from pubkit.pdf.note_places import LINES, MOST, NOTES, NotePlaces
from pubkit.pdf.pieces import POINTS_PER_MM
from pubkit.pdf.replaced import VERSION

RULED = "@page { @footnote { border-top: 0.5pt solid; padding-top: 6pt; margin-top: 14pt } }"
TOP, BOTTOM = PAGE.top * POINTS_PER_MM, (PAGE.height - PAGE.bottom) * POINTS_PER_MM
WORD = re.compile(r"(?:t|n\d)\d+z")


def words(tag: str, count: int, first: int = 0) -> str:
    """Words that tell where they belong and which they are; about ten to a line of a note."""
    return " ".join(f"{tag}{number}z" for number in range(first, first + count))


def call(number: int) -> str:
    return f'<a role="doc-noteref" id="one--ref-{number}" href="#one--fn-{number}">{number}</a>'


def article(text: str, *notes: str) -> str:
    asides = "".join(
        f'<aside role="doc-footnote" id="one--fn-{number}" class="note">{note}</aside>'
        for number, note in enumerate(notes, 1)
    )
    return f'<section id="one"><h1>One</h1>{text}<section class="notes">{asides}</section></section>'


def printed(text: str, *notes: str, css: str = "", **changes: Any) -> Printed:
    body = article(text, *notes)
    return Printed(edition(document("one", body, **changes), theme=theme(print_css=PRINT_CSS + css)))


def found_on(paper: Printed) -> list[list[tuple[str, float]]]:
    """The words of every page that tell where they belong, with their height."""
    return [
        [(match[0], y) for word, _, y in paper.words(number) if (match := WORD.search(word))]
        for number in range(1, paper.map.pages + 1)
    ]


def lines_of(words: list[tuple[str, float]], tag: str) -> int:
    return len({round(y) for word, y in words if word.startswith(tag)})


def check(paper: Printed, text: str, *notes: str) -> list[list[tuple[str, float]]]:
    """The law: all words are on paper once, in order, inside the text block, the text above the notes."""
    assert paper.codes == []
    pages = found_on(paper)
    seen = [word for each in pages for word, _ in each]
    wanted = [WORD.findall(re.sub("<[^>]*>", " ", part)) for part in (text, *notes)]
    assert [word for word in seen if word.startswith("t")] == wanted[0]
    assert [word for word in seen if word.startswith("n")] == [word for part in wanted[1:] for word in part]
    for each in pages:
        text_ends = max((y for word, y in each if word.startswith("t")), default=0.0)
        assert all(y > text_ends for word, y in each if word.startswith("n"))
        assert all(TOP - 1 <= y < BOTTOM for _, y in each)
    return pages


def before_and_after(count: int, after: int, *calls: int) -> str:
    return f"<p>{words('t', count)} {''.join(map(call, calls))} {words('t', after, count)}</p>"


@pytest.mark.parametrize("css", ["", RULED, "p, .footnote { text-align: justify; hyphens: auto }"])
@pytest.mark.parametrize("count", [25, 200, 550, 1200])
def test_a_note_of_any_length_is_on_paper_once(count: int, css: str) -> None:
    text, note = before_and_after(150, 900, 1), f"<p>{words('n1', count)}</p>"
    pages = check(printed(text, note, css=css), text, note)
    parts = [lines_of(each, "n1") for each in pages if lines_of(each, "n1")]
    assert all(count >= LINES for count in parts)
    assert len(parts) > 1 or count == 25
    first = next(each for each in pages if lines_of(each, "n1"))
    assert any(word == "t149z" for word, _ in first)  # it begins where it is called
    longest = max(parts)
    assert longest * 8 * 1.4 <= NOTES * (BOTTOM - TOP)  # and leaves room for the text


def test_a_note_that_fits_is_laid_out_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    text, note = before_and_after(150, 300, 1), f"<p>{words('n1', 25)}</p>"
    new = printed(text, note)
    monkeypatch.setattr(layout, "divided_notes", contextlib.nullcontext)
    assert printed(text, note).bytes == new.bytes


def test_without_this_a_long_note_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "divided_notes", contextlib.nullcontext)
    cut = printed(before_and_after(150, 300, 1), f"<p>{words('n1', 1200)}</p>")
    assert cut.codes == ["print-text-cut"]


def test_long_notes_come_one_after_another() -> None:
    text = f"<p>{words('t', 90)}{call(1)}{call(2)} {words('t', 90, 90)}{call(3)} {words('t', 900, 180)}</p>"
    notes = [f"<p>{words('n1', 700)}</p>", f"<p>{words('n2', 600)}</p>", f"<p>{words('n3', 8)}</p>"]
    paper = printed(text, *notes)
    pages = check(paper, text, *notes)
    assert sum(lines_of(each, "n1") > 0 and lines_of(each, "n2") > 0 for each in pages) == 1
    shown = " ".join(paper.text(number) for number in range(1, paper.map.pages + 1))
    assert [shown.count(f"{number}. n{number}0z") for number in (1, 2, 3)] == [1, 1, 1]
    assert sum(lines_of(each, "t") > 0 for each in pages) >= 5


RICH = (
    f"<p>{words('n1', 60)} <em>{words('n1', 90, 60)}</em></p><ul><li>{words('n1', 50, 150)}</li>"
    f'<li><a href="https://example.org/x">{words("n1", 100, 200)}</a></li></ul>'
    f"<blockquote><p>{words('n1', 120, 300)}</p></blockquote><p id='one--deep'><code>{words('n1', 200, 420)}</code></p>"
)


def test_what_is_in_a_note_survives() -> None:
    text = before_and_after(100, 900, 1)
    paper = printed(text, RICH)
    check(paper, text, RICH)
    tree = Tree(paper.pdf)
    (note,) = tree.document.all("Note")
    assert [kid.kind for kid in note.kids] == ["Lbl", "L", "BlockQuote", "P"]
    assert len(list(note.all("Lbl"))) == 1 + 2  # the note's own, and the bullets
    assert WORD.findall(told(note)) == WORD.findall(RICH)
    assert [str(each.entry.ID) for each in tree.document.all("Note")] == ["0.one--fn-1"]
    (link,), (code,) = note.all("Link"), note.all("Code")
    homes = {each.objgen: page.objgen for page in paper.pdf.pages for each in page.obj.get("/Annots", ())}
    assert len({owner.objgen for owner, _ in link.content}) == 2  # one element on two pages
    assert {homes[each.objgen] for each in link.annotations} == {owner.objgen for owner, _ in link.content}
    assert len({owner.objgen for owner, _ in code.content}) == 2
    places = [int(paper.map.labels[name]) for name in ("one--ref-1", "one--fn-1", "one--deep")]
    assert places[0] == places[1] < places[2]
    assert tree.reached.most_common(1)[0][1] == 1


def test_the_end_of_an_article() -> None:
    text, note = before_and_after(200, 0, 1), f"<p>{words('n1', 700)}</p>"
    pages = check(printed(text, note), text, note)
    alone = [each for each in pages if each and not lines_of(each, "t")]
    assert alone  # notes have these pages to themselves, and fill them
    assert all(lines_of(each, "n1") * 8 * 1.4 > MOST * (BOTTOM - TOP) for each in alone[:-1])


def test_the_room_under_the_last_line_is_used() -> None:
    text, note = f"<p>{words('t', 20)}{call(1)}</p>", f"<p>{words('n1', 500)}</p>"
    first, *_ = check(printed(text, note), text, note)
    assert lines_of(first, "n1") * 8 * 1.4 > NOTES * (BOTTOM - TOP)


def test_text_that_runs_to_the_left() -> None:
    faces = (*theme().fonts, font("Noto Serif Hebrew", "NotoSerifHebrew-Regular.ttf"))
    hebrew = theme(
        fonts=faces,
        print_css='html { font: 10pt/1.4 "EB Garamond", "Noto Serif Hebrew" } .footnote { font-size: 8pt }',
    )
    letters = "אבגדהוזחטיכלמנסעפצקרשת"
    said = [letters[number // 22 % 22] + letters[number % 22] + "ם" for number in range(22 * 22)]
    body = article(f"<p>{'שלום עולם ' * 60}{call(1)} {'שלום עולם ' * 300}</p>", f"<p>{' '.join(said)}</p>")
    paper = Printed(edition(document("one", body, language="he", direction="rtl"), theme=hebrew))
    assert paper.codes == []
    (note,) = Tree(paper.pdf).document.all("Note")
    assert len({owner.objgen for each in note.all() for owner, _ in each.content}) > 1
    assert [word for word in told(note).split() if word.endswith("ם")] == [".1" + said[0], *said[1:]]


def test_a_drop_cap_and_a_long_note() -> None:
    cap = '<span class="dropcap" style="float: left; font-size: 30pt">W</span>ord '
    text, note = f"<p>{cap}{words('t', 15)}{call(1)} {words('t', 500, 15)}</p>", f"<p>{words('n1', 500)}</p>"
    paper = printed(text, note)
    check(paper, text, note)
    assert "Word" in [str(each.entry.get("/ActualText", "")) for each in Tree(paper.pdf).document.all("Span")]


def test_pages_of_the_text_begin_where_they_do() -> None:
    text, note = before_and_after(150, 900, 1), f"<p>{words('n1', 1200)}</p>"
    paper = printed(text, note)
    starts = {start.label: start for start in paper.map.starts}
    source = re.sub("<a.*?</a>", "", text)[len("<p>") :]
    for number, each in enumerate(check(paper, text, note), 1):
        if number > 1:
            place = starts[str(number)].text
            assert place is not None
            assert WORD.findall(source[place:])[0] == each[0][0]


def gap(words: list[tuple[str, float]]) -> float:
    """How many lines of text would have a place between the text and the notes of a page."""
    text = max(y for word, y in words if word.startswith("t"))
    return (min((y for word, y in words if word.startswith("n")), default=BOTTOM) - text) / 14 - 1


@pytest.mark.parametrize("rule", ["orphans: 2", "orphans: 4; widows: 4", "break-inside: avoid"])
def test_the_paragraph_that_calls_a_note_is_not_driven_out_by_it(rule: str) -> None:
    for count in range(107, 165, 14):
        called = f"{words('t', 4, count)}{call(1)} {words('t', 20, count + 4)}"
        after = words("t", 200, count + 24)
        text = f'<p>{words("t", count)}</p><p style="{rule}">{called}</p><p>{after}</p>'
        note = f"<p>{words('n1', 300)}</p>"
        first, *_ = check(printed(text, note, css="p { margin: 0 }"), text, note)
        assert gap(first) < 4
        assert lines_of(first, "n1") >= LINES or "4" in rule


def test_a_note_waits_where_its_line_would_be_driven_out() -> None:
    text = f"<p>{words('t', 120)}</p><p style='break-inside: avoid'>{words('t', 20, 120)}{call(1)} "
    text += f"{words('t', 90, 140)}</p><p>{words('t', 200, 230)}</p>"
    note = f"<p>{words('n1', 300)}</p>"
    first, second, *_ = check(printed(text, note, css="p { margin: 0 }"), text, note)
    assert any(word == "t229z" for word, _ in first)
    assert not lines_of(first, "n1")
    assert lines_of(second, "n1")


@pytest.mark.parametrize("policy", ["auto", "line", "block"])
@pytest.mark.parametrize("height", ["none", "30mm"])
def test_what_a_theme_says_of_notes(policy: str, height: str) -> None:
    css = f".footnote {{ footnote-policy: {policy} }} @page {{ @footnote {{ max-height: {height} }} }}"
    text, note = before_and_after(150, 300, 1), f"<p>{words('n1', 300)}</p>"
    pages = check(printed(text, note, css=css), text, note)
    assert height == "none" or all(lines_of(each, "n1") * 8 * 1.4 < 30 * POINTS_PER_MM for each in pages)


def test_notes_called_in_columns_wait() -> None:
    notes = [f"<p>{words('n1', 300)}</p>", f"<p>{words('n2', 300)}</p>"]
    calls = f"{words('t', 60)}{call(1)} {words('t', 60, 60)}{call(2)} {words('t', 500, 120)}"
    paper = printed(f'<div style="columns: 2"><p>{calls}</p></div>', *notes)
    assert paper.codes == []
    seen = [word for each in found_on(paper) for word, _ in each]
    assert [word for word in seen if word[0] == "n"] == WORD.findall("".join(notes))


KEPT = "display: inline-block; margin: 0"  # layout cannot break it


def kept(lines: int) -> str:
    return f'<p style="{KEPT}; height: {lines}mm">{words("n1", 20, 20)}</p>'


def test_what_cannot_be_divided_gets_a_page_of_its_own() -> None:
    text, note = before_and_after(150, 300, 1), f"<p>{words('n1', 20)}</p>{kept(132)}<p>{words('n1', 60, 40)}</p>"
    pages = check(printed(text, note), text, note)
    assert any(each and not lines_of(each, "t") for each in pages[:-1])  # and the text goes on after it


def test_what_is_higher_than_the_page_is_reported() -> None:
    note = f"<p>{words('n1', 20)}</p>{kept(300)}<p>{words('n1', 60, 40)}</p>"
    paper = printed(before_and_after(150, 300, 1), note)
    assert paper.codes == ["print-text-cut"]
    seen = [word for each in found_on(paper) for word, _ in each]
    assert [word for word in seen if word[0] == "t"] == [f"t{number}z" for number in range(450)]
    assert "n199z" in seen  # what comes after it is not lost


def test_a_part_that_is_lost_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    rest = note_parts.rest_of

    def loses(note: Any) -> list[Any]:
        return [] if note.part.start is not None else rest(note)

    text, note = before_and_after(150, 900, 1), f"<p>{words('n1', 1200)}</p>"
    monkeypatch.setattr("pubkit.pdf.note_places.rest_of", loses)
    monkeypatch.setattr(NotePlaces, "_lines_left", lambda *_: LINES)
    paper = printed(text, note)
    assert paper.codes == ["print-text-cut"]
    assert "n10z n11z" in paper.report.diagnostics[0].message


def test_a_note_that_waits_is_not_forgotten() -> None:
    """WeasyPrint 70.0 loses a note called in a line to which another note gives way."""
    for count in range(120, 160, 10):
        calls = f"{words('t', 5, count)}{call(1)} {words('t', 14, count + 5)}{call(2)} {words('t', 40, count + 19)}"
        text = f"<p>{words('t', count)}</p><p>{calls}</p>"
        notes = [f"<p>{words('n1', 200)}</p>", f"<p>{words('n2', 30)}</p>"]
        check(printed(text, *notes, css="p { margin: 0 } p + p { orphans: 3; widows: 3 }"), text, *notes)


def test_line_feeds_in_notes_are_spaces() -> None:
    note = "<p>n10z\nn11z\n  n12z</p>\n<ul>\n<li>n13z</li>\n<li>n14z</li>\n</ul>\n"
    (first, *_) = found_on(printed(before_and_after(20, 0, 1), note, css=".footnote ul { margin: 0 }"))
    heights = [y for word, y in first if word[0] == "n"]
    assert heights[0] == pytest.approx(heights[2], abs=0.5)
    assert heights[-1] - heights[-2] == pytest.approx(8 * 1.4, abs=0.5)


def test_few_lines_of_a_note_do_not_end_an_article_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    text, note = before_and_after(150, 0, 1), f"<p>{words('n1', 130)}</p>"
    assert printed(text, note).map.pages == 1  # set a little tighter
    monkeypatch.setattr(layout, "only_notes", lambda _: None)
    assert printed(text, note).map.pages == 2


def test_images_and_tables_in_notes() -> None:
    rows = "".join(f"<tr><td>{words('n1', 3, 20 + 3 * number)}</td></tr>" for number in range(40))
    image = '<img src="0001-sea.jpg" alt="Sea" style="width: 60mm"/>'
    float_ = '<img src="0001-sea.jpg" alt="Sea" style="float: left; width: 15mm"/>'
    note = f"<p>{words('n1', 20)}</p><p>{image}</p><table>{rows}</table><p>{float_}{words('n1', 400, 140)}</p>"
    text = before_and_after(150, 600, 1)
    paper = printed(text, note)
    check(paper, text, note)
    (told_note,) = Tree(paper.pdf).document.all("Note")
    (table,) = told_note.all("Table")
    assert len(list(table.all("TR"))) == 40
    assert len(list(told_note.all("Figure"))) == 2


def test_equal_input_gives_equal_bytes() -> None:
    body = article(before_and_after(150, 900, 1), RICH)
    of = edition(document("one", body), document("two", f'<h1 id="two">Two</h1>{paragraphs(2)}'))
    assert Printed(of, jobs=2).bytes == Printed(of).bytes


def test_print_and_epub_agree(tmp_path: Path) -> None:
    note = " ".join(f"Sentence {number} says nothing in particular." for number in range(150))
    text = "The tide comes in over the office floor, and nobody in the affluent fjord minds. " * 15
    source = f"# One\n\n{text}[^1]\n\n{text}\n\n{text}[^2]\n\n[^1]: {note}\n\n    - a\n    - b\n\n[^2]: {note[:900]}\n"
    (tmp_path / "one.md").write_text(source, encoding="utf-8")
    built = pubkit.build([tmp_path / "one.md"], outputs=[tmp_path / "a.epub", tmp_path / "a.pdf"])
    assert [found.code for found in built.report.diagnostics if found.severity != "info"] == []
    epub, pdf = ((tmp_path / f"a.{kind}").read_bytes() for kind in ("epub", "pdf"))
    folio = pubkit.load_theme("folio", pubkit.Report())
    assert folio is not None
    assert differences(epub, pdf, folio.page) == {}
    assert misplaced(epub, pdf, folio.page) == {}


def calls_and_notes(parts: list[tuple[int, int, bool]]) -> Iterator[tuple[str, str]]:
    done = 0
    for number, (count, length, broken) in enumerate(parts, 1):
        half = length // 2 if broken else length
        second = f"<p>{words(f'n{number}', length - half, half)}</p>" if broken else ""
        yield f"{words('t', count, done)}{call(number)} ", f"<p>{words(f'n{number}', half)}</p>{second}"
        done += count


@settings(deadline=None, max_examples=15)
@given(
    st.lists(st.tuples(st.integers(1, 200), st.integers(2, 400), st.booleans()), min_size=1, max_size=4),
    st.integers(0, 400),
    st.sampled_from(["", RULED]),
)
def test_every_word_of_every_note_is_on_paper_once(parts: list[tuple[int, int, bool]], after: int, css: str) -> None:
    calls, notes = zip(*calls_and_notes(parts), strict=True)
    text = f"<p>{''.join(calls)}{words('t', after, sum(count for count, *_ in parts))}</p>"
    pages = check(printed(text, *notes, css=css), text, *notes)
    for number in range(1, len(parts) + 1):
        lines = [count for each in pages if (count := lines_of(each, f"n{number}"))]
        assert len(lines) == 1 or min(lines) >= LINES


def test_the_parts_of_weasyprint_that_are_replaced_are_there() -> None:
    assert weasyprint.__version__ == VERSION
    wanted = ["context", "root_box", "page_type", "resume_at", "page_number", "page_state"]
    assert list(inspect.signature(page.make_page).parameters) == wanted
    assert list(inspect.signature(page.block_level_layout).parameters)[:4] == [
        "context",
        "box",
        "bottom_space",
        "skip_stack",
    ]
    wanted = ["context", "box", "bottom_space", "skip_stack", "containing_block", "page_is_empty"]
    wanted += ["absolute_boxes", "fixed_boxes", "adjoining_margins"]
    assert list(inspect.signature(block.block_box_layout).parameters)[:9] == wanted
    assert list(inspect.signature(weasyprint.document.build_formatting_structure).parameters)[-1] == "footnotes"
    for name in ("layout_footnote", "unlayout_footnote", "report_footnote", "_update_footnote_area", "overflows_page"):
        assert callable(getattr(LayoutContext, name))
    for before, after in pairwise(["context.reported_footnotes = reported_footnotes[i:]", "page_is_empty = True"]):
        source = inspect.getsource(page.make_page)
        assert source.index(before) < source.index(after)


def test_weasyprint_is_left_as_it_was() -> None:
    replaced = page.make_page, page.block_level_layout, block.block_box_layout, weasyprint.document.LayoutContext
    with long_notes.divided_notes():
        assert page.make_page is not replaced[0]
    assert replaced == (
        page.make_page, page.block_level_layout, block.block_box_layout, weasyprint.document.LayoutContext,
    )  # fmt: skip


def test_another_version_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    original = page.make_page
    with long_notes.divided_notes():
        assert page.make_page is original
