"""Rules of e-readers: each is checked, finds its fault at its source line, and variants mend what they can."""

from __future__ import annotations

import io
import tomllib
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import epub_sample
import pytest
from conftest import diagnostics
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

import pubkit
from pubkit.check import file_rules, rules
from pubkit.check.image_header import is_transparent, pixels
from pubkit.check.readers import check_readers, reader_names, reader_rules
from pubkit.cli import app
from pubkit.epub import write_epub
from pubkit.epub.variants import READERS, variant, variant_pages
from pubkit.markup import elements, parse
from pubkit.model import Edition, PageMap, PageStart, Publication
from pubkit.report import Report
from pubkit.stages.build import FormatUnknownError

MANIFEST = """title: A case
language: en
identifier: urn:isbn:9780306406157
date: 2026-11-22
cover: {image: cover.png, alt: A cover}
contents: [a.md]
"""


def picture(path: Path, width: int, height: int, mode: str = "RGB") -> None:
    Image.new(mode, (width, height)).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pubkit.yaml").write_text(MANIFEST)
    (tmp_path / "a.md").write_text("---\ntitle: An article\n---\n\nSome text.\n")
    picture(tmp_path / "cover.png", 1440, 1600)
    return tmp_path


def typeset(folder: Path, css: str = "") -> tuple[Edition, Publication]:
    report = Report()
    publication = pubkit.resolve(pubkit.read(folder, report), report)
    theme = pubkit.load_theme("folio", report)
    assert theme is not None
    assert report.ok, diagnostics(report)
    if css:
        theme = replace(theme, epub_css=css)
    return pubkit.typeset(publication, theme, report), publication


def found(folder: Path, reader: str, css: str = "", pages: int | None = None) -> list[str]:
    """The findings as `place rule severity`, those of the small cover left out where it is not the point."""
    report = Report()
    page_map = PageMap(labels={}, pages=pages) if pages else None
    check_readers(*typeset(folder, css), report, [reader], page_map=page_map)
    return [f"{each.at} {each.message.split(': ')[0].split(' ')[-1]} {each.code}" for each in report.sorted()]


def write(folder: Path, text: str, *, manifest: str = "") -> None:
    (folder / "a.md").write_text(f"---\ntitle: An article\n---\n\nSome text.\n\n{text}\n")
    (folder / "pubkit.yaml").write_text(MANIFEST + manifest)


def test_every_rule_has_a_check_a_source_and_known_readers() -> None:
    table = tomllib.loads((files("pubkit.check") / "readers.toml").read_text(encoding="utf-8"))
    assert set(table["readers"]) == set(READERS) == set(reader_names())
    used = set()
    for rule in reader_rules():
        assert set(rule["readers"]) <= set(READERS)
        assert rule["level"] in ("must", "should")
        assert all(rule[key] for key in ("words", "advice", "source"))
        check = getattr(rules, rule["check"], None) or getattr(file_rules, rule["check"])
        assert check.__doc__
        used.add(rule["check"])
    assert len(used) > 25


@pytest.mark.parametrize("reader", [reader for reader in READERS if reader != "kindle"])
def test_a_plain_publication_pleases_everybody(folder: Path, reader: str) -> None:
    picture(folder / "cover.png", 1200, 1600)
    expected = ["pubkit.yaml:5:9 R-20 reader-advice"] if reader == "apple" else []
    assert found(folder, reader) == expected


def test_the_cover_page_is_what_the_kindle_variant_mends(folder: Path) -> None:
    assert found(folder, "kindle") == ["pubkit.yaml:5:1 R-08 reader-variant"]


def test_language_that_amazon_does_not_know(folder: Path) -> None:
    (folder / "pubkit.yaml").write_text(MANIFEST.replace("language: en", "language: sw"))
    assert "pubkit.yaml:2:1 R-02 reader-rule" in found(folder, "kindle")


def test_cover_sizes(folder: Path) -> None:
    picture(folder / "cover.png", 500, 600)
    assert "pubkit.yaml:5:9 R-08 reader-rule" in found(folder, "kindle")
    assert found(folder, "google") == ["pubkit.yaml:5:9 R-42 reader-rule"]
    assert found(folder, "apple") == ["pubkit.yaml:5:9 R-20 reader-advice"]
    assert found(folder, "kobo") == ["pubkit.yaml:5:9 R-31 reader-advice"]


def test_no_cover(folder: Path) -> None:
    (folder / "pubkit.yaml").write_text(MANIFEST.replace("cover: {image: cover.png, alt: A cover}\n", ""))
    assert found(folder, "google") == ["pubkit.yaml R-42 reader-rule"]


def test_images(folder: Path) -> None:
    (folder / "box.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    )
    picture(folder / "clear.png", 60, 60, "RGBA")
    write(folder, "![A box](box.svg)\n\n![Clear](clear.png)")
    assert "a.md:7:10 R-05 reader-variant" in found(folder, "kindle")
    assert "a.md:9:10 R-31 reader-advice" in found(folder, "kobo")
    bare = "img { max-width: 100% } h1 { text-align: left }"
    assert [line for line in found(folder, "rmsdk", bare) if "R-43" in line] == [
        "a.md:7:10 R-43 reader-advice",
        "a.md:9:10 R-43 reader-advice",
    ]


def test_tables(folder: Path) -> None:
    row = "|".join("abcde")
    write(folder, f"a and b\n\n{row}\n{'|'.join('-----')}\n{'|'.join('12345')}")
    assert [line for line in found(folder, "kobo") if "R-32" in line] == ["a.md:9:1 R-32 reader-advice"]
    assert [line for line in found(folder, "kindle") if "R-10" in line] == []
    wide = [str(number) for number in range(11)]
    write(folder, f"{'|'.join(wide)}\n{'|'.join('-' * 11)}\n{'|'.join(wide)}")
    assert "a.md:7:1 R-10 reader-advice" in found(folder, "kindle")


def test_characters_and_their_variants(folder: Path) -> None:
    write(folder, "A\u2060B, a\u200ab, a\u00adb, a\u2011b, \u21a9.")
    for reader, rule in (("kindle", "R-44"), ("rmsdk", "R-44"), ("google", "R-44"), ("kobo", "R-33")):
        assert any(line.startswith("a.md:7:") and f"{rule} reader-variant" in line for line in found(folder, reader))
    assert not any("R-44" in line for line in found(folder, "apple"))


def test_no_break_spaces_in_a_row(folder: Path) -> None:
    write(folder, "A\u00a0\u00a0B")
    assert "a.md:7:2 R-07 reader-advice" in found(folder, "kindle")


def test_deep_contents(folder: Path) -> None:
    write(folder, "## Two\n\n### Three\n\nText.", manifest="parts:\n  contents: {depth: 3}\n")
    assert "pubkit.yaml:8:3 R-06 reader-variant" in found(folder, "kindle")
    write(folder, "Text.", manifest="parts: {contents: false}\n")
    assert any("R-06 reader-advice" in line for line in found(folder, "kindle"))


def test_links_forward(folder: Path) -> None:
    write(folder, "See [below](#spot) and [Two](#two).\n\n## Two {#two}\n\nA long paragraph with words.\n{: #spot }")
    assert [line for line in found(folder, "kobo") if "R-32" in line] == ["a.md:7:13 R-32 reader-advice"]


def test_style_sheets(folder: Path) -> None:
    css = "p { direction: rtl; margin: min(1em, 2em) } h1 { color: red; text-wrap: balance }"
    lines = found(folder, "rmsdk", css)
    assert [line for line in lines if "R-40" in line] == ["folio/epub.css R-40 reader-rule"] * 2
    assert [line for line in lines if "R-41" in line] == ["folio/epub.css R-41 reader-advice"]
    assert [line for line in lines if "R-07" in line] == ["folio/epub.css R-07 reader-advice"]
    assert any("folio/epub.css R-07 reader-advice" in line for line in found(folder, "kindle", "p { margin: 0 }"))


def test_isbn_and_pages(folder: Path) -> None:
    (folder / "pubkit.yaml").write_text(MANIFEST.replace("urn:isbn:9780306406157", "urn:x:1"))
    assert "pubkit.yaml:3:1 R-32 reader-advice" in found(folder, "kobo")
    assert "pubkit.yaml:6:1 R-42 reader-rule" in found(folder, "google", pages=3)
    assert not any("R-42" in line for line in found(folder, "google", pages=4))


def test_faults_of_templates(folder: Path) -> None:
    edition, publication = typeset(folder)
    bad = '<section id="a"><p style="color: red">A<!-- x -- y --></p><img src="0001-cover.png"/><form/></section>'
    bad = bad.replace("<!-- x -- y -->", "")
    documents = tuple(replace(each, body=bad) if each.name == "a" else each for each in edition.documents)
    report = Report()
    check_readers(replace(edition, documents=documents), publication, report, READERS)
    assert {each.message.split(": ")[0] for each in report.diagnostics} >= {
        "Kindle, rule R-05",
        "Kobo, rule R-31",
        "Kobo, rule R-45",
    }


def test_what_articles_say_to_machines_is_no_script(folder: Path) -> None:
    edition, _ = typeset(folder)
    stream = io.BytesIO()
    write_epub(edition, stream)
    assert b"<script" in zipfile.ZipFile(stream).read("EPUB/text/a.xhtml")
    assert not any("R-05" in line for line in found(folder, "kindle"))


def test_notes_that_do_not_lead_back(folder: Path) -> None:
    write(folder, "A note[^1].\n\n[^1]: The note.")
    edition, publication = typeset(folder)
    assert not any("R-10" in line for line in found(folder, "kindle"))
    documents = tuple(replace(each, body=each.body.replace("doc-backlink", "link")) for each in edition.documents)
    report = Report()
    check_readers(replace(edition, documents=documents), publication, report, ["apple"])
    assert "a.md:7:7: warning [reader-advice] Apple Books, rule R-10: the note '1' does not lead back" in diagnostics(
        report
    )


def test_fonts_without_bold_and_italic(folder: Path) -> None:
    edition, publication = typeset(folder)
    upright = replace(edition.theme, fonts=edition.theme.fonts[:1])
    report = Report()
    check_readers(replace(edition, theme=upright), publication, report, ["apple"])
    assert [str(each.at) for each in report.diagnostics if "R-20" in each.message][-2:] == ["folio/theme.yaml"] * 2


def test_image_headers() -> None:
    for format_, mode, clear in (("PNG", "RGB", False), ("PNG", "RGBA", True), ("JPEG", "RGB", False)):
        stream = io.BytesIO()
        Image.new(mode, (31, 17)).save(stream, format_)
        assert pixels(stream.getvalue()) == (31, 17)
        assert is_transparent(stream.getvalue()) is clear
    palette = Image.new("P", (4, 4))
    stream = io.BytesIO()
    palette.save(stream, "PNG", transparency=0)
    assert is_transparent(stream.getvalue())


def test_a_jpeg_may_have_filling_before_its_markers() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (31, 17)).save(stream, "JPEG")
    content = stream.getvalue()
    assert pixels(content[:2] + b"\xff\xff" + content[2:]) == (31, 17)
    assert pixels(content[:3]) == (0, 0)


@given(st.binary(max_size=80), st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8", b"\xff\xd8\xff\xe0"]))
def test_any_bytes_have_a_size_or_none(content: bytes, start: bytes) -> None:
    assert all(side >= 0 for side in pixels(start + content))


@pytest.mark.parametrize("reader", READERS)
def test_a_variant_is_an_edition_that_can_be_written(reader: str) -> None:
    edition = epub_sample.edition()
    own = variant(edition, reader)
    assert variant(own, reader) == own
    assert set(own.home_of.values()) <= {document.name for document in own.documents}
    stream = io.BytesIO()
    write_epub(own, stream)
    with zipfile.ZipFile(stream) as archive:
        assert ("EPUB/text/cover.xhtml" in archive.namelist()) == (reader != "kindle")
        assert "EPUB/images/cover.jpg" in archive.namelist()


def test_the_variant_for_apple_is_the_edition_itself() -> None:
    assert variant(epub_sample.edition(), "apple") == epub_sample.edition()


def test_links_to_the_cover_page_become_words() -> None:
    whole = epub_sample.edition()
    credits_ = whole.documents[-2]
    body = credits_.body.replace("<p>Mary Anning</p>", '<p><a href="#cover">Mary Anning</a></p>')
    own = variant(replace(whole, documents=(*whole.documents[:-2], replace(credits_, body=body))), "kindle")
    assert "<span>Mary Anning</span>" in own.documents[-1].body
    assert not [landmark for landmark in own.landmarks if landmark[0] == "cover"]


def test_contents_are_cut_and_characters_replaced() -> None:
    whole = epub_sample.only("one", "<section id='one'><h1>A\u2060B</h1><p>x\u200ay\u2011z\u21a9\u00ad</p></section>")
    assert "<h1>AB</h1>" in variant(whole, "kindle").documents[0].body
    assert "<h1>A\ufeffB</h1>" in variant(whole, "rmsdk").documents[0].body
    assert "<p>xy-z\u2190</p>" in variant(whole, "kobo").documents[0].body
    deep = variant(epub_sample.edition(), "kindle").toc
    assert [[child.children for child in entry.children] for entry in deep] == [[(), ()], [], []]


@given(st.text(alphabet="ab\u2060\u200a\u00ad", max_size=12), st.data())
def test_page_starts_move_with_the_text(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    whole = epub_sample.only("one", f'<section id="one"><p>{text}<em>x</em>{text}</p></section>')
    starts = (
        PageStart(label="1", document="one", element=0),
        PageStart(label="2", document="one", element=2, text=len(text) + place),
    )
    page_map = PageMap(labels={}, pages=2, starts=starts)
    for reader in READERS:
        own = variant(whole, reader)
        moved = variant_pages(page_map, whole, reader).starts
        assert moved[0] == starts[0]
        paragraph = list(elements(parse(own.documents[0].body)))[2]
        written = (paragraph.text or "") + (paragraph[0].tail or "")
        signs = str.maketrans({} if reader == "apple" else {"\u2060": "" if reader == "kindle" else "\ufeff"})
        kobo = str.maketrans({"\u200a": "", "\u00ad": ""} if reader == "kobo" else {})
        assert written[moved[1].text :] == text[place:].translate(signs).translate(kobo)


def test_pages_of_the_cover_go_with_it() -> None:
    whole = epub_sample.edition()
    page_map = PageMap(labels={}, pages=1, starts=(PageStart(label="1", document="cover", element=0),))
    assert variant_pages(page_map, whole, "kindle").starts == ()
    assert variant_pages(page_map, whole, "kobo") == page_map


def test_an_unknown_reader_is_refused(folder: Path) -> None:
    with pytest.raises(LookupError):
        variant(epub_sample.edition(), "papyrus")
    with pytest.raises(FormatUnknownError):
        pubkit.build(folder, ereader="papyrus")
    with pytest.raises(FormatUnknownError):
        pubkit.check_sources(folder, ereaders=["papyrus"])


def test_build_names_the_file_after_the_reader(folder: Path) -> None:
    built = pubkit.build(folder, formats=["epub"], ereader="kindle", jobs=0)
    assert [path.name for path in built.outputs] == [f"{folder.name.replace('_', '-')}-kindle.epub"]
    with zipfile.ZipFile(built.outputs[0]) as archive:
        assert not [name for name in archive.namelist() if name.endswith("cover.xhtml")]


def test_the_command_line_asks_for_the_rules(folder: Path) -> None:
    result = CliRunner().invoke(app, ["check", str(folder), "--reader", "all", "--jobs", "0", "--verbose"])
    assert result.exit_code == 0
    assert "[reader-variant] Kindle, rule R-08" in result.stderr
    assert "source: Kindle Publishing Guidelines" in result.stderr
    finished = folder / "a.epub"
    finished.write_bytes(b"")
    refused = CliRunner().invoke(app, ["check", str(finished), "--reader", "kindle"])
    assert (refused.exit_code, "--reader needs the sources" in refused.stderr) == (2, True)


def test_the_kindle_gets_drawings_as_pixels(tmp_path: Path) -> None:
    (tmp_path / "wide.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
        '<rect width="20" height="20" fill="#c8452f"/></svg>'
    )
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n\n![A red half](wide.svg)\n\nText.\n")
    (tmp_path / "pubkit.yaml").write_text("title: A case\ndate: 2026-11-22\nidentifier: urn:isbn:9780306406157\n")
    built = pubkit.build(tmp_path, outputs=[tmp_path / "a.epub"], ereader="kindle", jobs=0)
    with zipfile.ZipFile(built.outputs[0]) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".svg")]
        image = Image.open(io.BytesIO(archive.read("EPUB/images/0001-wide.png")))
        assert 'src="../images/0001-wide.png"' in archive.read("EPUB/text/a.xhtml").decode()
    assert image.size == (1600, 800)
    assert image.getpixel((400, 400)) == (0xC8, 0x45, 0x2F)
    assert image.getpixel((1200, 400)) == (255, 255, 255)
