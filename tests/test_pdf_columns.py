"""Columns in few tries are those that WeasyPrint makes in many."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import weasyprint
from pdf_sample import WORDS, Printed, document, edition, theme
from weasyprint.layout import block

from pubkit.pdf import layout
from pubkit.pdf.columns import quick_columns
from pubkit.pdf.replaced import VERSION

CSS = """
html { font: 10pt/14pt "EB Garamond" } p, li, ul { margin: 0; padding: 0; list-style: none }
.columns { columns: 24mm 3; column-gap: 5mm } .person { break-inside: avoid; margin-bottom: 4pt }
.person span { float: inline-start; width: 5mm }
"""
Words = list[tuple[str, float, float]]


def people(count: int) -> str:
    """Entries of one to five lines, each with a float, as on a credits page."""
    some = WORDS.split()
    texts = (" ".join(some[: 3 + number * 7 % 13]) for number in range(count))
    lines = "".join(f'<li class="person"><span>{number}</span>{text}</li>' for number, text in enumerate(texts))
    return f"<ul>{lines}</ul>"


def printed(body: str, css: str = "") -> list[Words]:
    """The words of every page with their places."""
    parts = document("one", f'<section><div class="columns">{body}</div><p>After</p></section>')
    book = Printed(edition(parts, theme=theme(print_css=CSS + css)))
    assert book.codes == []
    return [book.words(page) for page in range(1, book.map.pages + 1)]


def by_weasyprint(monkeypatch: pytest.MonkeyPatch, body: str, css: str = "") -> list[Words]:
    with monkeypatch.context() as patch:
        patch.setattr(layout, "quick_columns", contextlib.nullcontext)
        return printed(body, css)


def rounded(words: Words) -> list[tuple[str, int, int]]:
    return [(word, round(left), round(top)) for word, left, top in words]


def texts(pages: list[Words]) -> list[str]:
    return [word for page in pages for word, _, _ in page if not word.isdigit()]


@pytest.mark.parametrize("css", ["", ".columns { column-width: auto }", ".columns { columns: 20mm auto }"])
@pytest.mark.parametrize("count", [1, 2, 7, 40, 150, 203])
def test_columns_are_those_of_weasyprint(count: int, css: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Full pages are the same; the last columns hold the same, and are as high or lower."""
    theirs, ours = by_weasyprint(monkeypatch, people(count), css), printed(people(count), css)
    assert len(ours) == len(theirs)
    assert [rounded(page) for page in ours[:-1]] == [rounded(page) for page in theirs[:-1]]
    assert sorted(texts(ours)) == sorted(texts(theirs))
    (after,), (their_after,) = ([top for word, _, top in pages[-1] if word == "After"] for pages in (ours, theirs))
    assert their_after - 15 < after <= their_after + 1


def test_columns_run_from_right_to_left(monkeypatch: pytest.MonkeyPatch) -> None:
    css = "section { direction: rtl }"
    theirs, ours = by_weasyprint(monkeypatch, people(90), css), printed(people(90), css)
    assert [rounded(page) for page in ours[:-1]] == [rounded(page) for page in theirs[:-1]]
    assert min(left for _, left, _ in ours[0]) < 80


def test_what_fits_nowhere_goes_on_and_is_not_lost() -> None:
    """An entry higher than the page runs over its end alone; the others stand beside and after it."""
    tall = f'<p class="person">{WORDS * 30}</p>'
    pages = printed(f'<p class="person">First</p>{tall}<p class="person">Last</p>', ".columns { columns: 2 }")
    found = texts(pages)
    assert found.count("First") == found.count("Last") == found.count("After") == 1
    assert found.count("fjord") == 30


def test_a_break_within_columns_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    body = f'<p>One</p><p style="break-before: column">Two</p>{people(30)}'
    theirs, ours = by_weasyprint(monkeypatch, body), printed(body)
    assert len(ours) == len(theirs)
    assert sorted(texts(ours)) == sorted(texts(theirs))
    assert ours[0][1][1] > ours[0][0][1] + 60


@pytest.mark.parametrize(
    "body",
    [
        '<p>Word<span style="float: footnote">Note</span></p>',
        '<p style="position: absolute">Word</p>',
        '<h2 style="column-span: all">Word</h2>',
        '<p style="height: 30pt" class="columns">Word</p>',
    ],
)
def test_weasyprint_lays_out_what_a_try_would_change(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    original, asked = block.columns_layout, []

    def columns_layout(*arguments: Any) -> Any:
        asked.append(arguments[1].element.get("class"))
        return original(*arguments)

    monkeypatch.setattr(block, "columns_layout", columns_layout)
    printed("<p>Words</p>" * 4)
    assert asked == []
    printed(f"<p>Words</p>{body}<p>Words</p>")
    assert "columns" in asked


def test_a_last_page_takes_few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    original, tries = block.block_box_layout, []

    def block_box_layout(context: Any, box: Any, *more: Any, **named: Any) -> Any:
        if box.is_column:
            tries.append(box)
        return original(context, box, *more, **named)

    monkeypatch.setattr(block, "block_box_layout", block_box_layout)
    printed(people(61), ".person { padding-bottom: 1pt }")
    quick = len(tries)
    by_weasyprint(monkeypatch, people(61), ".person { padding-bottom: 1pt }")
    assert quick <= 3 * 12
    assert len(tries) - quick > quick


def test_weasyprint_is_changed_only_meanwhile_and_only_in_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert weasyprint.__version__ == VERSION
    before = block.columns_layout
    with quick_columns():
        assert block.columns_layout is not before
    assert block.columns_layout is before
    monkeypatch.setattr(weasyprint, "__version__", "70.1")
    with quick_columns():
        assert block.columns_layout is before
