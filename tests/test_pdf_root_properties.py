"""Constants of a style sheet are put in place: nothing else changes, and places stay known."""

from __future__ import annotations

import re

import pytest
import weasyprint
from hypothesis import given
from hypothesis import strategies as st
from pdf_sample import Printed, document, edition, theme

from pubkit.pdf.root_properties import with_constants


def written(*sheets: str) -> str:
    return with_constants(sheets)[-1].css


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (":root { --a: 2pt } p { margin: var(--a) 0 }", "2pt 0"),
        ("html { --a: 2pt } p { margin: var(--b, 3pt) }", "var(--b, 3pt)"),
        ("html { --a: 2pt } p { margin: var(--a, 3pt) }", "2pt"),
        (":root { --a: 2pt } html { --a: 3pt } p { margin: var(--a) }", "2pt"),
        (":root { --a: 2pt } :root { --a: 3pt } p { margin: var(--a) }", "3pt"),
        (":root { --a: 2pt } p { --a: 3pt } q { margin: var(--a) }", "var(--a)"),
        (":root { --a: 2pt } @media print { :root { --a: 3pt } } q { margin: var(--a) }", "var(--a)"),
        (":root { --a: 2pt !important } q { margin: var(--a) }", "var(--a)"),
        (":root { --a: var(--b); --b: var(--a) } q { margin: var(--a) }", "var(--a)"),
        (":root { --a: calc(var(--b) * 2); --b: 1in } q { margin: var(--a) }", "192.0px"),
        (":root { --a: 2em } q { margin: calc(var(--a) + 1pt) }", "calc(2em + 1pt)"),
        ('q { content: "var(--a)"; margin: calc(1in - (12px + 4px) / 2) }', "88.0px"),
        ("q { margin: calc(100% - 1in) }", "calc(100% - 1in)"),
        ("q { margin: calc(100% - calc(1in * 2)) }", "calc(100% - 192.0px)"),
        ("q { margin: clamp(1px, 5px, 3px) }", "3.0px"),
        ("q { margin: min(1in, 5px, 2pt) }", "2.6666666666666665px"),
        ("q { margin: max(0mm, calc(0mm - 3px)) }", "0.0px"),
        ("q { margin: round(down, 19px, 4px) }", "16.0px"),
        ("q { margin: round(18px, 4px) }", "20.0px"),
        ("q { margin: round(up, 1px, 0px) }", "round(up, 1px, 0px)"),
        ("q { margin: calc(1px / 0) }", "calc(1px / 0)"),
        ("q { margin: calc(1px + 2) }", "calc(1px + 2)"),
        ("q { margin: calc(1px * 1px) }", "calc(1px * 1px)"),
        ("q { margin: calc() }", "calc()"),
        ("q { margin: calc(1px 2px) }", "calc(1px 2px)"),
        ("q { margin: calc(2 * 3) }", "6.0"),
    ],
)
def test_values(before: str, after: str) -> None:
    assert re.search(r"margin: (.*?) \}$", written(before)).group(1) == after  # type: ignore[union-attr]


def test_sheets_that_are_used_together() -> None:
    page, theme_css = ":root { --page: 100px }", ":root { --half: calc(var(--page) / 2) } p { width: var(--half) }"
    for sheets in ((page, theme_css), (theme_css, page)):
        assert "p { width: 50.0px }" in "".join(each.css for each in with_constants(sheets))


def test_lines_stay_and_columns_are_told() -> None:
    css = (
        ":root { --font: Inter, sans-serif; --x: 1pt }\n"
        "p { margin: var(--x); font-family: var(--font); colour: red; margin: calc(\n  var(--x) * 2 /* ) */\n );"
        " colour: blue }\n"
    )
    (sheet,) = with_constants([css])
    assert sheet.css.count("\n") == css.count("\n")
    for word in ("margin:", "font-family:", "colour: red", "colour: blue"):
        line, column = place(css, word)
        new_line, new_column = place(sheet.css, word)
        assert line == new_line
        assert sheet.told(f"Ignored at {new_line}:{new_column}.") == f"Ignored at {line}:{column}."


def place(css: str, word: str) -> tuple[int, int]:
    at = css.index(word)
    return css.count("\n", 0, at) + 1, at - css.rfind("\n", 0, at)


LENGTHS = st.tuples(st.integers(-40, 40), st.sampled_from("px pt mm cm in pc q".split())).map(
    lambda each: f"{each[0] / 4:g}{each[1]}"
)
NUMBERS = st.integers(1, 9).map(str)
SUMS = st.recursive(
    LENGTHS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-"), inner).map(lambda each: f"calc({each[0]} {each[1]} {each[2]})"),
        st.tuples(inner, st.sampled_from("*/"), NUMBERS).map(lambda each: f"calc({each[0]} {each[1]} {each[2]})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda each: f"{each[0]}({each[1]}, {each[2]})"),
        inner.map(
            lambda each: f"clamp(-1mm, {each}, 2in)"
        ),  # WeasyPrint 70 gives the most where it is less than the least
    ),
    max_leaves=6,
)


@given(SUMS)
def test_a_calculation_is_what_weasyprint_makes_of_it(value: str) -> None:
    assert computed(written(f":root {{ --a: {value} }} p {{ text-indent: var(--a) }}")) == pytest.approx(
        computed(f":root {{ --a: {value} }} p {{ text-indent: var(--a) }}"), abs=1e-6
    )


def computed(css: str) -> float:
    html = weasyprint.HTML(string="<p>Text")
    document = html.render(stylesheets=[weasyprint.CSS(string=css)])
    (page,) = document.pages
    paragraph = next(box for box in page._page_box.descendants() if box.element_tag == "p")  # noqa: SLF001
    indent: float = paragraph.style["text_indent"].value
    return indent


def test_what_a_theme_gets_wrong_is_told_at_its_place() -> None:
    css = ':root { --serif: "EB Garamond", "Noto Naskh Arabic" }\nhtml { font-family: var(--serif); colour: red }\n'
    paper = Printed(edition(document("one", '<p id="one">Text</p>'), theme=theme(print_css=css)))
    (found,) = (each for each in paper.report.diagnostics if each.code == "theme-css")
    assert (found.at.line, found.at.column) == (2, css.splitlines()[1].index("colour") + 1)
