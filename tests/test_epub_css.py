"""The lint of style sheets for e-readers: what passes, what is refused, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

from pubkit.epub_css import findings, lint, sets
from pubkit.report import Report
from pubkit.source import SourceText
from pubkit.theme import load_theme

FOLIO = (ROOT / "themes" / "folio" / "epub.css").read_text(encoding="utf-8")


def codes(css: str) -> list[str]:
    return [found.code for found in findings(css)]


def test_folio_has_nothing_to_mend() -> None:
    assert list(findings(FOLIO)) == []


@pytest.mark.parametrize("name", ["min", "max", "clamp", "calc", "var", "env", "rotate", "linear-gradient", "hsl"])
def test_functions_that_readers_choke_on_are_errors(name: str) -> None:
    found = list(findings(f"h1 {{ margin-top: {name}(1em) }}"))
    assert [(each.code, each.facts["name"], each.line, each.column) for each in found] == [
        ("epub-css-function", name, 1, 18)
    ]


def test_functions_inside_functions_and_media_are_seen() -> None:
    assert codes("h1::before { content: counter(max(1, 2)) }") == ["epub-css-function"]
    assert codes("@media screen { h1 { margin-top: calc(1em) } }") == ["epub-css-function"]


@pytest.mark.parametrize(
    "css",
    [
        "h1::before { content: attr(title) counter(part) url(data:image/png;base64,AAAA) }",
        "@charset 'utf-8'; @namespace epub 'http://www.idpf.org/2007/ops'; @page { margin: 5% }",
        "li:nth-child(2) a:not(.x):lang(fr) { font-style: italic }",
        "@media (prefers-color-scheme: dark) { body { color: #eee; background: #111 } }",
        "img, .wide > svg { background: #fff; max-height: 95vh }",
        "a { color: inherit; border-bottom: thin solid currentColor; background: transparent }",
        "p { margin: 1em 0; text-indent: 1.2em } body { margin: 0 auto; font-size: 100% } p { font-size: 1em }",
        ".small { font-size: 0.8em; line-height: 1.4; width: 20em; text-align: justify; margin: 0 2em }",
        "h1 { -webkit-hyphens: none; -epub-hyphens: none; break-after: avoid; page-break-after: avoid }",
        "p { writing-mode: vertical-rl; -epub-writing-mode: vertical-rl; text-combine-upright: all }",
    ],
)
def test_what_passes(css: str) -> None:
    assert list(findings(css)) == []


@pytest.mark.parametrize(
    ("css", "code"),
    [
        ("h1 { background: url(a.png) }", "epub-css-function"),
        ('h1 { background: url("a.png") }', "epub-css-function"),
        ("@import 'other.css';", "epub-css-rule"),
        ("@layer one { }", "epub-css-rule"),
        ("@media print { @media screen { p { margin: 0 } } }", "epub-css-rule"),
        ("p { direction: rtl }", "epub-css-property"),
        ("p { unicode-bidi: embed }", "epub-css-property"),
        ("p { position: FIXED }", "epub-css-property"),
        ("p { display: inline-grid }", "epub-css-property"),
        ("p { -webkit-column-count: 2 }", "epub-css-property"),
        ("p { justify-content: center }", "epub-css-property"),
        ("p { all: initial }", "epub-css-property"),
        ("p { hanging-punctuation: first }", "epub-css-old"),
        ("p { margin-top: 2rem }", "epub-css-old"),
        ("p { break-inside: avoid }", "epub-css-old"),
        ("h1:has(em) { margin: 0 }", "epub-css-old"),
        ("h1 { color: #333 }", "epub-css-reader"),
        ("h1 { color: rgb(3, 3, 3) }", "epub-css-reader"),
        (".box { background-color: WhiteSmoke }", "epub-css-reader"),
        ("img, p { background: white }", "epub-css-reader"),
        ("hr { border-top: 1px solid #ccc }", "epub-css-reader"),
        ("h1 { font: bold 14pt serif }", "epub-css-reader"),
        (".x { line-height: 18px }", "epub-css-reader"),
        ("html body { font-size: 110% }", "epub-css-reader"),
        ("* { line-height: 1.5 }", "epub-css-reader"),
        ("p { text-align: justify }", "epub-css-reader"),
        ("body { padding: 1em 2em 1em 0 }", "epub-css-reader"),
        ("body { margin-left: 5% }", "epub-css-reader"),
        (".x { text-indent: 5em }", "epub-css-reader"),
        (".x { min-width: 30em }", "epub-css-reader"),
        (".x { width: 110% }", "epub-css-reader"),
        (".x { height: 300px }", "epub-css-reader"),
        (".x { margin: 0 !important }", "epub-css-reader"),
    ],
)
def test_what_does_not_pass(css: str, code: str) -> None:
    assert codes(css) == [code]


def test_places_count_lines_and_columns_of_the_sheet() -> None:
    report = Report()
    lint(SourceText(path="mine/epub.css", text="/* one\n two */\nh1 {\n  color: red\n}"), report)
    assert [str(found.at) for found in report.diagnostics] == ["mine/epub.css:4:3"]


@pytest.mark.parametrize(
    ("css", "bounded"),
    [
        ("img { max-width: 100% }", True),
        (".figure > img.wide { width: 100% }", True),
        ("img { margin: 0 }", False),
        (".img { max-width: 100% }", False),
        ("img span { max-width: 100% }", False),
        ("", False),
    ],
)
def test_which_elements_a_sheet_sets(css: str, bounded: bool) -> None:
    assert sets(css, "img", "width", "max-width") is bounded


def test_a_theme_without_bounded_images_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "theme.yaml").write_text("name: Mine\n")
    (tmp_path / "epub.css").write_text("h1 { margin: 0 }\n")
    report = Report()
    load_theme(str(tmp_path), report)
    said = [found.message for found in report.diagnostics if found.code == "epub-css-reader"]
    assert len(said) == 1
    assert "no rule for the width of images" in said[0]


def test_a_theme_with_an_unsafe_sheet_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "theme.yaml").write_text("name: Mine\nextends: folio\n")
    (tmp_path / "epub.css").write_text("h1 { margin: min(1em, 2em) }\n")
    report = Report()
    assert load_theme(str(tmp_path), report) is None
    assert [found.code for found in report.diagnostics] == ["epub-css-function"]


@pytest.mark.parametrize("css", ["a { b: " + "(" * 5000, "@media x {" * 5000, "a {" * 5000, "a" + ":is(" * 5000 + "{}"])
def test_deep_nesting_is_no_trouble(css: str) -> None:
    assert all(found.line == 1 for found in findings(css))


@given(st.text(alphabet="pmin(){};:,.#@[]\"'\\/*-! 0123456789%ex\n", max_size=60))
def test_any_text_is_linted_without_an_exception(css: str) -> None:
    assert all(found.line >= 1 and found.column >= 1 for found in findings(css))


@given(st.sampled_from(["min", "max", "clamp", "calc", "var", "env"]), st.sampled_from(FOLIO.splitlines()))
def test_a_function_is_found_wherever_it_stands(name: str, line: str) -> None:
    sheet = FOLIO.replace(line, f"{line}\n", 1) + f"\nh6 {{ margin: {name}(1em) }}"
    assert codes(sheet) == ["epub-css-function"]
