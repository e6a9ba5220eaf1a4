"""Finished EPUBs in reading software: foliate-js turns their pages, and Chromium opens each document by itself."""

import functools
import http.server
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conftest import READERS, ROOT, diagnostics, node
from lxml import etree

import pubkit

pytestmark = pytest.mark.slow

SCREENSHOTS = ROOT / "build" / "screenshots"
BOOKS = ("sample", "rtl")
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".xhtml": "application/xhtml+xml",
    ".svg": "image/svg+xml",
    ".css": "text/css",
    ".otf": "font/otf",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".epub": "application/epub+zip",
}
OPF = {"o": "http://www.idpf.org/2007/opf", "x": "http://www.w3.org/1999/xhtml"}


class _Files(http.server.SimpleHTTPRequestHandler):
    extensions_map = TYPES

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _served(epub: Path, folder: Path) -> Iterator[str]:
    """The address of a server on this machine with the EPUB, its unpacked files, and foliate-js."""
    shutil.copy(epub, folder / "book.epub")
    with zipfile.ZipFile(epub) as archive:
        archive.extractall(folder / "book")
    (folder / "reader.html").symlink_to(READERS / "reader.html")
    (folder / "foliate").symlink_to(READERS / "node_modules" / "foliate-js")
    handler = functools.partial(_Files, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was seen of a book: its faults, and what foliate-js counted."""

    epub: Path
    faults: list[dict[str, str]]
    counts: dict[str, Any]
    screenshots: Path

    def none_of(self, *checks: str) -> None:
        found = [fault for fault in self.faults if fault["check"] in checks]
        lines = ["{check} {file} {at}: {detail}".format(**{"at": "", **fault}) for fault in found]
        assert not found, "\n".join([f"screenshots are in {self.screenshots}", *lines])


def _documents(epub: Path) -> list[str]:
    """The documents that a reader shows, in reading order, as paths on the server."""
    with zipfile.ZipFile(epub) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    hrefs = {item.get("id"): item.get("href") for item in package.iterfind(".//o:item", OPF)}
    return [f"/book/EPUB/{hrefs[item.get('idref')]}" for item in package.iterfind(".//o:itemref", OPF)]


def _look(name: str, epub: Path, folder: Path) -> Seen:
    shots = SCREENSHOTS / name
    shutil.rmtree(shots, ignore_errors=True)
    with _served(epub, folder) as origin:
        read = node("read.mjs", origin, shots)
        pages = node("pages.mjs", origin, shots, *_documents(epub))
    return Seen(epub=epub, faults=[*read.pop("faults"), *pages], counts=read, screenshots=shots)


@pytest.fixture(scope="module", params=BOOKS)
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    name = request.param
    if name == "sample":
        epub = request.getfixturevalue("sample").outputs[0]
    else:
        epub = tmp_path_factory.mktemp(name) / "book.epub"
        built = pubkit.build(READERS / "books" / name, outputs=[epub, epub.with_suffix(".pdf")], jobs=0)
        assert built.outputs, diagnostics(built.report)
    return _look(name, epub, tmp_path_factory.mktemp(f"{name}-server"))


def _links(epub: Path, kind: str) -> int:
    """How many links the navigation document holds in its part of this kind."""
    with zipfile.ZipFile(epub) as archive:
        nav = etree.fromstring(archive.read("EPUB/nav.xhtml"))
    attribute = "{http://www.idpf.org/2007/ops}type"
    parts = [each for each in nav.iterfind(".//x:nav", OPF) if each.get(attribute) == kind]
    return sum(len(each.findall(".//x:a", OPF)) for each in parts)


def test_every_entry_of_the_contents_opens(seen: Seen) -> None:
    seen.none_of("toc")
    assert seen.counts["toc"] == _links(seen.epub, "toc") > 2


def test_every_printed_page_can_be_jumped_to(seen: Seen) -> None:
    seen.none_of("page-list")
    assert seen.counts["page-list"] == _links(seen.epub, "page-list")


def test_notes_pop_up_and_lead_back(seen: Seen) -> None:
    seen.none_of("notes")
    with zipfile.ZipFile(seen.epub) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml")]
    assert seen.counts["notes"] == sum(text.count('role="doc-noteref"') for text in texts) > 1


def test_the_pages_can_be_turned_from_the_first_to_the_last(seen: Seen) -> None:
    seen.none_of("turning")
    assert seen.counts["turning"] >= len(_documents(seen.epub))


def test_nobody_scrolls_sideways(seen: Seen) -> None:
    seen.none_of("horizontal-scroll", "over-the-edge", "scrolled")


def test_pictures_fit_on_the_screen(seen: Seen) -> None:
    seen.none_of("image-broken", "image-too-big", "image-distorted")


def test_text_stands_out_by_day_and_by_night(seen: Seen) -> None:
    seen.none_of("contrast", "background-image")


def test_all_text_is_set_in_the_fonts_of_the_book(seen: Seen) -> None:
    seen.none_of("font-error", "font-fallback")


def test_nothing_fails_and_nothing_is_fetched_from_elsewhere(seen: Seen) -> None:
    seen.none_of("script", "console", "load", "address")


def test_these_programs_see_what_is_wrong(tmp_path: Path) -> None:
    good, bad, folder = tmp_path / "good.epub", tmp_path / "bad.epub", tmp_path / "server"
    pubkit.build(READERS / "books" / "rtl", outputs=[good], jobs=0)
    folder.mkdir()
    pages = (
        '<nav epub:type="page-list" hidden="hidden"><ol><li><a href="text/bell.xhtml#bell--now">7</a></li></ol></nav>'
    )
    changes = {
        "EPUB/nav.xhtml": [('crane.xhtml"', 'bell.xhtml"'), ("</body>", f"{pages}</body>")],
        "EPUB/text/crane.xhtml": [('<div class="text', '<img src="../no.png" alt=""/><div class="text')],
        "EPUB/text/bell.xhtml": [('href="#bell--fnref-1"', 'href="#bell--elsewhere"')],
        "EPUB/css/style.css": [("", "p { color: #999; background: #fff; font-family: serif } h1 { width: 1500px } ")],
    }
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            for before, after in changes.get(entry.filename, ()):
                assert before.encode() in content
                content = content.replace(before.encode(), after.encode()) if before else content + after.encode()
            new.writestr(entry, content)
    with _served(bad, folder) as origin:
        faults = node("read.mjs", origin, tmp_path)["faults"]
        faults += node("pages.mjs", origin, tmp_path, "/book/EPUB/text/crane.xhtml")
    found = {fault["check"] for fault in faults}
    expected = (
        "toc page-list notes scrolled horizontal-scroll over-the-edge image-broken contrast font-fallback console"
    )
    assert found >= set(expected.split())
    assert list(tmp_path.glob("*.png"))
