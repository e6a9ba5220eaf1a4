"""The finished EPUB: container, determinism, and what EPUBCheck says."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import epub_sample
import pytest
from lxml import etree

from pubkit.check.epubcheck import check_epubs
from pubkit.epub import write_epub
from pubkit.model import Asset, Edition
from pubkit.report import Report
from pubkit.workers import Failure

ROOT = Path(__file__).parent.parent


def written(edition: Edition) -> bytes:
    stream = io.BytesIO()
    write_epub(edition, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def book() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(written(epub_sample.edition())))


def test_mimetype_comes_first_stored_and_bare(book: zipfile.ZipFile) -> None:
    first = book.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
    assert book.read("mimetype") == b"application/epub+zip"


def test_every_entry_has_the_date_of_the_edition_and_can_be_read_by_everybody(book: zipfile.ZipFile) -> None:
    assert {entry.date_time for entry in book.infolist()} == {(2026, 11, 22, 10, 20, 30)}
    assert {(entry.external_attr >> 16) & 0o777 for entry in book.infolist()} == {0o644}
    assert {entry.create_system for entry in book.infolist()} == {3}


@pytest.mark.parametrize(
    ("modified", "shown"),
    [("1851-05-01T00:00:00Z", (1980, 1, 1, 0, 0, 0)), ("2500-01-01T00:00:00Z", (2107, 12, 31, 23, 59, 58))],
)
def test_dates_that_a_zip_cannot_say_are_clamped(modified: str, shown: tuple[int, ...]) -> None:
    edition = epub_sample.only("one", "<p>One.</p>")
    edition = replace(edition, metadata=replace(edition.metadata, modified=modified))
    book = zipfile.ZipFile(io.BytesIO(written(edition)))
    assert {entry.date_time for entry in book.infolist()} == {shown}
    assert f">{modified}<".encode() in book.read("EPUB/content.opf")


def test_what_is_compressed_already_is_stored(book: zipfile.ZipFile) -> None:
    stored = {entry.filename for entry in book.infolist() if entry.compress_type == zipfile.ZIP_STORED}
    assert stored == {"mimetype", "EPUB/images/cover.jpg", "EPUB/images/0001-harbour.png"}


def test_the_book_holds_these_files_and_no_others(book: zipfile.ZipFile) -> None:
    texts = ("cover", "titlepage", "contents", "harbour", "arabic", "credits", "colophon")
    assert set(book.namelist()) == {
        *("mimetype", "META-INF/container.xml", "EPUB/content.opf", "EPUB/nav.xhtml", "EPUB/toc.ncx"),
        "EPUB/css/style.css",
        *(f"EPUB/text/{name}.xhtml" for name in texts),
        *(f"EPUB/images/{name}" for name in ("cover.jpg", "0001-harbour.png", "0002-ornament.svg")),
        *(f"EPUB/fonts/EBGaramond-{style}.ttf" for style in ("Regular", "Italic")),
        "EPUB/fonts/Inter-SemiBold.otf",
        "EPUB/fonts/JetBrainsMono-Regular.ttf",
        "EPUB/fonts/NotoNaskhArabic-Regular.ttf",
    }


def test_nothing_in_the_book_runs_or_loads_from_elsewhere(book: zipfile.ZipFile) -> None:
    for name in book.namelist():
        if not name.endswith(("xhtml", "opf", "ncx", "xml", "svg")):
            continue
        content = book.read(name)
        assert b"<!DOCTYPE" not in content
        for element in etree.fromstring(content).iter("*"):
            assert etree.QName(element).localname not in {"script", "form", "iframe", "object", "embed", "base"}
            assert not any(str(attribute).startswith("on") for attribute in element.attrib)
            assert not element.get("src", "").startswith(("http:", "https:", "//", "file:", "data:"))


def test_a_file_of_the_same_edition_is_the_same_file() -> None:
    assert written(epub_sample.edition()) == written(epub_sample.edition())


@pytest.mark.parametrize("surroundings", [{"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2"}])
def test_neither_time_zone_nor_hash_seed_changes_a_byte(surroundings: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import epub_sample, hashlib, io; from pubkit.epub import write_epub; stream = io.BytesIO(); "
        "write_epub(epub_sample.edition(), stream); print(hashlib.sha256(stream.getvalue()).hexdigest())"
    )
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path, "LC_ALL": "C", **surroundings},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == hashlib.sha256(written(epub_sample.edition())).hexdigest()


def test_an_unsafe_file_name_is_a_wrong_call() -> None:
    edition = epub_sample.only("one", '<p><img src="a b.png" alt="A"/></p>')
    strange = Asset(name="a b.png", media_type="image/png", screen=b"", press=b"", width=1, height=1)
    with pytest.raises(ValueError, match="not a safe file name"):
        written(replace(edition, assets=(strange,)))


def test_names_that_differ_in_case_only_are_a_wrong_call() -> None:
    edition = epub_sample.only("one", '<p><img src="a.png" alt="A"/><img src="A.png" alt="A"/></p>')
    twins = tuple(
        Asset(name=name, media_type="image/png", screen=b"", press=b"", width=1, height=1)
        for name in ("a.png", "A.png")
    )
    with pytest.raises(ValueError, match="twice"):
        written(replace(edition, assets=twins))


def test_a_date_without_a_time_zone_is_a_wrong_call() -> None:
    edition = epub_sample.only("one", "<p>One.</p>")
    with pytest.raises(ValueError, match="time zone"):
        written(replace(edition, metadata=replace(edition.metadata, modified="2026-11-22T00:00:00")))


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    editions = {
        "sample": epub_sample.edition(),
        "rtl": epub_sample.right_to_left(),
        "smallest": epub_sample.only("one", '<section id="one"><h1>One</h1><p>Text.</p></section>'),
    }
    for name, edition in editions.items():
        (tmp_path / f"{name}.epub").write_bytes(written(edition))
    report = Report()
    check_epubs(sorted(tmp_path.glob("*.epub")), report)
    assert [str(found) for found in report.diagnostics] == []


def many(number: int = 9) -> Edition:
    """An edition of so many documents that they are written in other processes."""
    edition = epub_sample.edition()
    first = next(each for each in edition.documents if each.kind == "article")
    others = [replace(first, name=f"more-{n}", body=f'<p id="more-{n}">Ebb {n}, ΑΩ.</p>') for n in range(number)]
    homes = {**edition.home_of, **{each.name: each.name for each in others}}
    return replace(edition, documents=(*edition.documents, *others), home_of=homes)


@pytest.mark.parametrize("jobs", [1, 2])
def test_documents_may_be_written_in_other_processes(jobs: int) -> None:
    told: list[tuple[str, int, int]] = []
    stream = io.BytesIO()
    write_epub(many(), stream, jobs=jobs, progress=lambda *what: told.append(what))
    assert stream.getvalue() == written(many())
    total = len(many().documents)
    assert told == [("epub", number, total) for number in range(1, total + 1)]


def test_what_is_wrong_with_a_document_is_raised_from_another_process() -> None:
    edition = many()
    *rest, last = edition.documents
    edition = replace(edition, documents=(*rest, replace(last, body=last.body + '<a href="#nowhere">x</a>')))
    with pytest.raises(LookupError, match="nowhere"):
        write_epub(edition, io.BytesIO(), jobs=1)


def test_what_a_worker_has_no_time_for_is_written_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = written(epub_sample.edition())
    monkeypatch.setattr(
        "pubkit.epub.documents.run_jobs", lambda _, arguments, **__: [Failure(cause="time")] * len(arguments)
    )
    assert written(epub_sample.edition()) == whole
