"""Long documents become several files; links, notes, page breaks and the order of reading stay."""

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import epub_sample
import pytest
from conftest import diagnostics

import pubkit
from pubkit.check.epubcheck import check_epub
from pubkit.epub import write_epub
from pubkit.epub.split import LIMIT
from pubkit.model import Edition
from pubkit.report import Report

SECTIONS = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publication with one article of about 700 KB, with notes, headings and links within it and to it."""
    folder = tmp_path_factory.mktemp("long")
    words = "It was a long walk to the end of the pier, and nobody came back with dry shoes. "
    sections = [
        f"## Part {number}\n\n" + f"{words * 12}[^n{number}] See [part 7](#part-7).\n\n" + f"{words * 12}\n\n" * 17
        for number in range(1, SECTIONS + 1)
    ]
    notes = [f"[^n{number}]: Note {number}.\n" for number in range(1, SECTIONS + 1)]
    (folder / "long.md").write_text("---\ntitle: Long\n---\n\n" + "".join(sections) + "\n".join(notes))
    (folder / "short.md").write_text("---\ntitle: Short\n---\n\nSee [the last part](long.md#part-40).\n")
    (folder / "pubkit.yaml").write_text(
        "title: Long\ndate: 2026-11-22\nidentifier: urn:uuid:00000000-0000-4000-8000-000000000000\n"
        "parts: {contents: {depth: 2}}\ncontents: [long.md, short.md]\n"
    )
    return folder


def documents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")}


def test_files_are_small_and_nothing_is_lost(folder: Path, tmp_path: Path) -> None:
    built = pubkit.build(folder, outputs=[tmp_path / "long.epub"], jobs=0)
    texts = documents(built.outputs[0])
    parts = [text for name, text in texts.items() if "/long" in name]
    assert len(parts) == 4
    assert all(len(text.encode()) < LIMIT * 1.1 for text in parts)
    joined = "".join(parts)
    assert re.findall(r'<h2 id="long--part-(\d+)"', joined) == [str(number) for number in range(1, SECTIONS + 1)]
    assert joined.count('role="doc-chapter"') == joined.count("<h1") == 1
    for text in parts:
        references = re.findall(r'href="#(long--fn-[^"]+)" role="doc-noteref"', text)
        assert references
        assert re.findall(r'<aside id="(long--fn-[^"]+)"', text) == references
    assert 'href="long-4.xhtml#long--part-40"' in texts["EPUB/text/short.xhtml"]
    assert 'href="long.xhtml#long--part-7"' in parts[1]


@pytest.mark.slow
def test_with_page_breaks_epubcheck_has_nothing_to_say(folder: Path, tmp_path: Path) -> None:
    built = pubkit.build(folder, outputs=[tmp_path / "long.epub", tmp_path / "long.pdf"])
    report = Report()
    check_epub(built.outputs[0], report)
    assert not diagnostics(report)
    texts = documents(built.outputs[0])
    marked = [re.findall(r'id="(page-\d+)"', texts[name]) for name in sorted(texts) if "/long" in name]
    numbers = [
        int(page.removeprefix("page-"))
        for name in ("long", "long-2", "long-3", "long-4")
        for page in re.findall(r'id="(page-\d+)"', texts[f"EPUB/text/{name}.xhtml"])
    ]
    assert all(marked)
    assert numbers == list(range(1, len(numbers) + 1))


def test_what_cannot_be_divided_stays_whole() -> None:
    edition: Edition = epub_sample.edition()
    huge = f'<section id="huge"><p>{"word " * 80_000}</p></section>'
    document = replace(edition.documents[-1], name="huge", body=huge)
    edition = replace(edition, documents=(*edition.documents, document), home_of={**edition.home_of, "huge": "huge"})
    stream = io.BytesIO()
    write_epub(edition, stream)
    with zipfile.ZipFile(stream) as archive:
        assert len(archive.read("EPUB/text/huge.xhtml")) > LIMIT
