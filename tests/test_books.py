"""Whole publications, written out: what is in the EPUB and what stands on the printed pages, as readable text."""

import zipfile
from pathlib import Path

import pypdfium2
import pytest
from conftest import Golden, diagnostics, folders

import pubkit


def page_texts(path: Path) -> str:
    """The text of each page under its label, as a reader of the PDF can copy it."""
    document = pypdfium2.PdfDocument(path)
    parts = []
    for number, page in enumerate(document):
        text = page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\ufffe", "-\n")
        parts.append(f"---- {document.get_page_label(number)} ----\n{text.strip()}\n")
    document.close()
    return "\n".join(parts)


@pytest.mark.slow
@pytest.mark.parametrize("book", folders("books"), ids=lambda path: path.name)
def test_epubcheck_has_nothing_to_say(book: Path, tmp_path: Path) -> None:
    built = pubkit.build(book, outputs=[tmp_path / "book.epub", tmp_path / "book.pdf"])
    report = pubkit.Report()
    pubkit.check_epub(built.outputs[0], report)
    assert not diagnostics(report)


@pytest.mark.parametrize("book", folders("books"), ids=lambda path: path.name)
def test_book(book: Path, golden: Golden, tmp_path: Path) -> None:
    epub, pdf = tmp_path / "book.epub", tmp_path / "book.pdf"
    built = pubkit.build(book, outputs=[epub, pdf], jobs=0)
    expected = book / "expected"
    made = {"diagnostics.txt": diagnostics(built.report), "pages.txt": page_texts(pdf)}
    with zipfile.ZipFile(epub) as archive:
        names = archive.namelist()
        made["files.txt"] = "".join(f"{name}\n" for name in names)
        for name in names:
            if name.endswith((".xhtml", ".opf", ".ncx")):
                made[name.rpartition("/")[2]] = archive.read(name).decode("utf-8")
    for name, text in made.items():
        golden.check(expected / name, text)
    if not golden.save:
        left = {path.name for path in expected.iterdir()} - set(made)
        assert not left, f"nothing produced {left}"
