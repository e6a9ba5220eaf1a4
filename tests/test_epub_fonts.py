"""Fonts of the EPUB: which are taken, and what is left of them."""

import io
from dataclasses import replace

import epub_sample
import pytest
import tinycss2
from fontTools.ttLib import TTFont
from lxml import etree

from pubkit.epub.fonts import FontFile, Usage, font_rules
from pubkit.model import FontFace


def cut(css: str, *bodies: str, faces: tuple[FontFace, ...] | None = None) -> tuple[FontFile, ...]:
    usage = Usage(css, epub_sample.fonts() if faces is None else faces)
    roots = [
        etree.fromstring(f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>') for body in bodies
    ]
    return usage.files(map(usage.of, roots))


def families(files: tuple[FontFile, ...]) -> list[str]:
    return list(dict.fromkeys(each.face.family for each in files))


def characters(file: FontFile) -> set[str]:
    return {chr(code) for code in TTFont(io.BytesIO(file.content)).getBestCmap()}


def test_only_families_that_the_text_uses_are_taken() -> None:
    css = epub_sample.CSS
    assert families(cut(css, "<p>Text</p>")) == ["EB Garamond"]
    assert families(cut(css, "<h1>Head</h1><p>Text</p>")) == ["EB Garamond", "Inter"]
    assert families(cut(css, "<p>Text <code>x</code></p>")) == ["EB Garamond", "JetBrains Mono"]
    assert families(cut(css, "<p>Text</p>", "<p>ماء</p>")) == ["EB Garamond", "Noto Naskh Arabic"]
    assert families(cut("p { color: red }", "<p>Text</p>")) == []


def test_all_faces_of_a_family_come_with_it() -> None:
    assert [each.name for each in cut(epub_sample.CSS, "<p>Text</p>")] == [
        "EBGaramond-Regular.ttf",
        "EBGaramond-Italic.ttf",
    ]


def test_a_font_is_cut_to_the_characters_of_its_elements() -> None:
    _, _, inter = cut(epub_sample.CSS, "<h1>Hé</h1><p>Zzz</p>")
    held = characters(inter)
    assert {"H", "é", "É", "0", "-", "•"} <= held
    assert not {"Z", "z"} & held


def test_what_the_style_sheet_writes_is_held_too() -> None:
    css = "body { font-family: 'EB Garamond' } h1::before { content: \"\\00A7\" } @media all { p { content: 'q' } }"
    assert {"§", "q"} <= characters(cut(css, "<p>Text</p>")[0])


def test_the_shorthand_and_selectors_beyond_us_are_understood() -> None:
    assert families(cut('p { font: italic 1em/1.4 "EB Garamond", serif }', "<p>Text</p>")) == ["EB Garamond"]
    assert families(cut("p::strange { font-family: Inter }", "<p>Text</p>")) == ["Inter"]
    assert families(cut("p { font-family: Inter Tight }", "<p>Text</p>")) == []


def features(css: str, table: str = "GSUB") -> set[str]:
    font = TTFont(io.BytesIO(cut(epub_sample.CSS + css, "<p>First office 1234</p>")[0].content))
    return {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}


def test_kerning_and_ligatures_stay() -> None:
    assert "liga" in features("")
    assert "kern" in features("", "GPOS")


def test_features_stay_that_the_style_sheet_asks_for() -> None:
    assert not {"smcp", "lnum", "onum", "sups", "dlig"} & features("")
    css = "p { font-variant: small-caps; font-feature-settings: 'dlig' 1 } td { font-variant-numeric: oldstyle-nums }"
    assert {"smcp", "onum", "dlig"} <= features(css)


def test_copyright_and_licence_stay() -> None:
    font = TTFont(io.BytesIO(cut(epub_sample.CSS, "<p>x</p>")[0].content))
    assert {0, 13, 14} <= {record.nameID for record in font["name"].names}


def test_a_font_is_named_by_what_it_is() -> None:
    files = cut(epub_sample.CSS, "<h1>Head</h1>")
    assert [(each.name, each.media_type) for each in files if each.face.family == "Inter"] == [
        ("Inter-SemiBold.otf", "font/otf")
    ]
    renamed = tuple(replace(face, name="strange.woff2") for face in epub_sample.fonts()[:1])
    assert [each.name for each in cut(epub_sample.CSS, "<p>x</p>", faces=renamed)] == ["strange.ttf"]


def test_what_is_no_font_is_a_wrong_call() -> None:
    broken = (replace(epub_sample.fonts()[0], content=b"wOF2...."),)
    with pytest.raises(ValueError, match="no OpenType font"):
        cut(epub_sample.CSS, faces=broken)


def test_rules_are_plain_enough_for_old_readers() -> None:
    rules = tinycss2.parse_stylesheet(font_rules(cut(epub_sample.CSS, "<p>x</p>")), skip_whitespace=True)
    assert [rule.at_keyword for rule in rules] == ["font-face", "font-face"]
    assert (
        'font-family: "EB Garamond"; font-weight: 400; font-style: italic; src: url(../fonts/EBGaramond-Italic.ttf);'
        in (font_rules(cut(epub_sample.CSS, "<p>x</p>")))
    )
