"""Accessibility metadata says what is true, and conformance only where the publisher states it and the checks pass."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import epub_sample
import pytest
from conftest import ROOT, diagnostics
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import pubkit
from pubkit.epub import write_epub
from pubkit.epub.claims import CRITERIA, DOCUMENT_CHECKS, claim_holds, faults
from pubkit.labels import LANGUAGES, labels_of
from pubkit.model import AccessibilityStatement, Edition
from pubkit.report import Report
from pubkit.settings import Manifest, load_yaml, validate
from pubkit.settings.forms import AccessibilityForm
from pubkit.source import SourceText

AA = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
STATED = AccessibilityStatement(
    conforms_to=AA,
    certified_by="Ada Lovelace",
    credential="Certified reader",
    report="https://example.org/report",
    date="2026-11-22",
)
OPF = "{http://www.idpf.org/2007/opf}"
SVG_WITH_TEXT = b'<svg xmlns="http://www.w3.org/2000/svg"><text>A</text></svg>'


def package(edition: Edition) -> etree._Element:
    stream = io.BytesIO()
    write_epub(edition, stream)
    with zipfile.ZipFile(stream) as archive:
        return etree.fromstring(archive.read("EPUB/content.opf"))


def meta(root: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in root.iter(f"{OPF}meta") if element.get("property") == name]


def stating(statement: AccessibilityStatement, edition: Edition | None = None) -> Edition:
    edition = edition or epub_sample.edition()
    return replace(edition, metadata=replace(edition.metadata, accessibility=statement))


def article(body: str, statement: AccessibilityStatement = STATED) -> Edition:
    return stating(statement, epub_sample.only("one", f'<section id="one">{body}</section>'))


def test_without_a_statement_nothing_is_claimed() -> None:
    root = package(epub_sample.edition())
    assert not meta(root, "dcterms:conformsTo") + meta(root, "a11y:certifiedBy") + meta(root, "a11y:exemption")
    assert "Nobody has certified" in meta(root, "schema:accessibilitySummary")[0]


def test_a_claim_that_holds_is_written_with_its_certifier() -> None:
    root = package(stating(STATED))
    by_id = {element.get("id"): element for element in root.iter(f"{OPF}meta") if element.get("id")}
    assert by_id["conformance"].text == AA
    assert (by_id["certifier"].text, by_id["certifier"].get("refines")) == ("Ada Lovelace", "#conformance")
    assert meta(root, "a11y:certifierCredential") == ["Certified reader"]
    report = next(link for link in root.iter(f"{OPF}link") if link.get("rel") == "a11y:certifierReport")
    assert (report.get("href"), report.get("refines")) == ("https://example.org/report", "#certifier")
    date = next(element for element in root.iter(f"{OPF}meta") if element.get("property") == "dcterms:date")
    assert (date.text, date.get("refines")) == ("2026-11-22", "#certifier")
    assert "a11y: http://www.idpf.org/epub/vocab/package/a11y/#" in (root.get("prefix") or "")
    assert f"Ada Lovelace certifies that it conforms to {AA}." in meta(root, "schema:accessibilitySummary")[0]


@pytest.mark.slow
def test_epubcheck_takes_the_claim(tmp_path: Path) -> None:
    path = tmp_path / "claim.epub"
    with path.open("wb") as stream:
        write_epub(stating(replace(STATED, exemption="eaa-microenterprise", hazards=("sound",))), stream)
    report = Report()
    pubkit.check_epub(path, report)
    assert diagnostics(report) == ""


def test_a_claim_that_does_not_hold_is_not_written() -> None:
    edition = article('<h1>T</h1><p><img src="cover.jpg" alt=""/></p>')
    root = package(edition)
    assert meta(root, "dcterms:conformsTo") == []
    assert "Nobody has certified" in meta(root, "schema:accessibilitySummary")[0]
    assert "Images without a text alternative: 1." in meta(root, "schema:accessibilitySummary")[0]


def test_a_claim_without_a_certifier_is_not_written() -> None:
    assert meta(package(stating(replace(STATED, certified_by=""))), "dcterms:conformsTo") == []


def test_none_and_exemptions_are_written_as_stated() -> None:
    root = package(stating(AccessibilityStatement(conforms_to="none", exemption="eaa-disproportionate-burden")))
    assert meta(root, "dcterms:conformsTo") == ["none"]
    assert meta(root, "a11y:exemption") == ["eaa-disproportionate-burden"]


@pytest.mark.parametrize(
    ("body", "check"),
    [
        ('<h1>T</h1><p><img src="cover.jpg" alt=" "/></p>', "image-alternatives"),
        ('<h1>T</h1><svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "image-alternatives"),
        ('<h1>T</h1><p><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p>', "formula-alternatives"),
        ("<p>Text</p>", "headings"),
        ("<h1>T</h1><h3>U</h3>", "headings"),
        ("<h1>T</h1><h2> </h2>", "headings"),
        ('<h1>T</h1><p><a href="https://example.org/"></a></p>', "links"),
        ("<h1>T</h1><table><tr><td>1</td></tr></table>", "tables"),
    ],
)
def test_each_check_finds_its_fault(body: str, check: str) -> None:
    edition = article(body)
    assert {fault.check for fault in faults(edition)} - {"navigation"} == {check}
    assert not claim_holds(edition)


def test_navigation_and_language_and_style_are_checked() -> None:
    edition = stating(STATED)
    assert claim_holds(edition)
    assert [fault.check for fault in faults(replace(edition, toc=edition.toc[1:]))] == ["navigation"] * 2
    untitled = replace(edition, documents=(*edition.documents[:-1], replace(edition.documents[-1], title=" ")))
    assert [fault.check for fault in faults(untitled)] == ["languages"]
    loud = replace(edition, theme=replace(edition.theme, epub_css=f"{epub_sample.CSS} h1 {{ color: red }}"))
    assert [fault.check for fault in faults(loud)] == ["style-sheet"]
    assert claim_holds(stating(replace(STATED, conforms_to=AA.removesuffix("A")), loud)), "level A asks for no contrast"


def test_every_check_names_its_criterion() -> None:
    assert set(DOCUMENT_CHECKS) < set(CRITERIA)
    assert all(rule.startswith("WCAG ") for rule in CRITERIA.values())


@pytest.mark.parametrize(
    ("hazards", "written"),
    [
        ((), ["none"]),
        (("none",), ["none"]),
        (("flashing",), ["flashing", "noMotionSimulationHazard", "noSoundHazard"]),
        (("sound", "motionSimulation"), ["noFlashingHazard", "motionSimulation", "sound"]),
    ],
)
def test_hazards_are_those_that_are_stated(hazards: tuple[str, ...], written: list[str]) -> None:
    assert meta(package(stating(AccessibilityStatement(hazards=hazards))), "schema:accessibilityHazard") == written


def test_letters_in_drawings_take_display_transformability_away() -> None:
    whole = epub_sample.edition()
    drawn = tuple(
        replace(asset, screen=SVG_WITH_TEXT) if asset.media_type == "image/svg+xml" else asset for asset in whole.assets
    )
    root = package(replace(whole, assets=drawn))
    assert "displayTransformability" not in meta(root, "schema:accessibilityFeature")
    assert "Some images hold text" in meta(root, "schema:accessibilitySummary")[0]


def test_a_style_sheet_that_holds_the_reader_takes_it_away_too() -> None:
    whole = epub_sample.edition()
    root = package(replace(whole, theme=replace(whole.theme, epub_css="p { font-size: 12px } img { width: 100% }")))
    assert "displayTransformability" not in meta(root, "schema:accessibilityFeature")


@pytest.mark.parametrize(
    ("body", "there", "missing"),
    [
        ('<p><img class="tex math" src="cover.jpg" alt="x"/></p>', set(), {"MathML"}),
        ("<p><ruby>漢<rt>kan</rt></ruby></p>", {"rubyAnnotations"}, set()),
        ("<p>Text</p>", set(), {"structuralNavigation", "rubyAnnotations", "pageNavigation", "alternativeText"}),
        (
            '<p><span role="doc-pagebreak" id="page-1" aria-label="1"></span>T</p>',
            {"pageBreakMarkers", "pageNavigation"},
            set(),
        ),
    ],
)
def test_features_are_counted(body: str, there: set[str], missing: set[str]) -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"><mi>x</mi></math>'
    features = set(
        meta(package(article(f"{body}<p>{math}</p>", AccessibilityStatement())), "schema:accessibilityFeature")
    )
    assert there <= features
    assert not missing & features


def test_languages_in_columns_say_how_they_are_written() -> None:
    whole = epub_sample.only("one", "<h1>題</h1>")
    japanese = replace(whole, metadata=replace(whole.metadata, language="ja"))
    assert "horizontalWriting" in meta(package(japanese), "schema:accessibilityFeature")
    upright = replace(japanese.theme, epub_css="body { writing-mode: vertical-rl }")
    assert "verticalWriting" in meta(package(replace(japanese, theme=upright)), "schema:accessibilityFeature")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_is_in_the_language_of_the_publication(language: str) -> None:
    edition = stating(AccessibilityStatement(summary="+++"))
    local = replace(edition, metadata=replace(edition.metadata, language=language), labels=dict(labels_of(language)))
    summary = meta(package(local), "schema:accessibilitySummary")
    assert len(summary) == 1
    assert summary[0].startswith(labels_of(language)["accessibility-text"])
    assert summary[0].endswith(" +++")
    assert "{" not in summary[0]


def test_the_summary_says_where_it_is_in_english() -> None:
    edition = stating(AccessibilityStatement(summary="Egna ord."))
    swedish = replace(edition, metadata=replace(edition.metadata, language="sv"), labels=dict(labels_of("sv")))
    found = [e for e in package(swedish).iter(f"{OPF}meta") if e.get("property") == "schema:accessibilitySummary"]
    assert [e.get("{http://www.w3.org/XML/1998/namespace}lang") for e in found] == ["en", None]
    assert found[1].text == "Egna ord."


@pytest.mark.parametrize("year", ["2.0", "2.1", "2.2"])
@pytest.mark.parametrize("level", ["A", "AA", "AAA"])
def test_the_nine_claims_are_taken(year: str, level: str) -> None:
    report = Report()
    claim = f"EPUB Accessibility 1.1 - WCAG {year} Level {level}"
    yaml = load_yaml(SourceText(path="pubkit.yaml", text=f"accessibility: {{conforms-to: {claim}}}\n"), report)
    assert yaml is not None
    assert validate(Manifest, yaml, report).form.accessibility.conforms_to == claim
    assert not report.diagnostics


@pytest.mark.parametrize(
    "written",
    [
        "conforms-to: WCAG 2.2 AA",
        "conforms-to: EPUB Accessibility 1.1 - WCAG 2.3 Level AA",
        "certifier-report: example.org",
        "exemption: small",
        "hazards: [loud]",
        "hazards: [none, sound]",
        "date: yesterday",
    ],
)
def test_what_is_no_statement_is_refused_at_its_place(written: str) -> None:
    report = Report()
    yaml = load_yaml(SourceText(path="pubkit.yaml", text=f"accessibility:\n  {written}\n"), report)
    assert yaml is not None
    validate(Manifest, yaml, report)
    assert [(found.code, found.at.line) for found in report.diagnostics] == [("value-invalid", 2)]


@pytest.mark.parametrize(
    ("written", "key"),
    [(f"conforms-to: {AA}", "accessibility.certified-by"), ("certified-by: Ada", "accessibility.conforms-to")],
)
def test_half_a_claim_is_an_error(tmp_path: Path, written: str, key: str) -> None:
    (tmp_path / "pubkit.yaml").write_text(
        f"title: A\nidentifier: x\ndate: 2026\ncontents: [a.md]\naccessibility:\n  {written}\n"
    )
    (tmp_path / "a.md").write_text("# A\n\nText.\n")
    report = Report()
    pubkit.read(tmp_path, report)
    assert [(found.code, found.message) for found in report.diagnostics] == [
        ("key-missing", f"the key {key!r} is missing")
    ]


IMAGES = st.lists(
    st.sampled_from(['alt="A"', 'alt=""', 'alt="" role="presentation"', 'aria-label="A"', ""]), max_size=4
)


@given(images=IMAGES, formulas=st.integers(0, 2), heading=st.booleans())
def test_values_are_true(images: list[str], formulas: int, heading: bool) -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x"><mi>x</mi></math>'
    pictures = "".join(f'<img src="cover.jpg" {image}/>' for image in images)
    root = package(article(f"{'<h1>T</h1>' * heading}<p>{pictures}{math * formulas}</p>"))
    telling = [image for image in images if "presentation" not in image]
    mute = [image for image in telling if '"A"' not in image]
    features = meta(root, "schema:accessibilityFeature")
    assert ("visual" in meta(root, "schema:accessMode")) == bool(telling)
    assert ("textual" in meta(root, "schema:accessModeSufficient")) == (not mute)
    assert ("alternativeText" in features) == (bool(telling) and not mute)
    assert ("MathML" in features) == bool(formulas)
    assert ("structuralNavigation" in features) == heading
    assert len(set(features)) == len(features)
    if mute or not heading:
        assert not meta(root, "dcterms:conformsTo")


def test_every_key_of_a_statement_is_documented() -> None:
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    for field in AccessibilityForm.model_fields.values():
        assert f"`{field.alias}`" in text, field.alias
