"""Finished EPUBs in calibre: it reads back the title, the authors and the whole text."""

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import READERS, SAMPLE, diagnostics, lacking
from lxml import etree

import pubkit
from pubkit.report import Report

pytestmark = pytest.mark.slow

BOOKS = {"sample": SAMPLE, "rtl": READERS / "books" / "rtl"}
NAMES = {
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "opf": "http://www.idpf.org/2007/opf",
}
INLINE = frozenset("a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong sub sup u".split())


def _run(*command: str | Path) -> None:
    if not shutil.which(str(command[0])):
        lacking("calibre")
    done = subprocess.run([*command], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module", params=BOOKS)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a publication and its EPUB."""
    source = BOOKS[request.param]
    if source == SAMPLE:
        return source, request.getfixturevalue("sample").outputs[0]
    epub = tmp_path_factory.mktemp("calibre") / "book.epub"
    built = pubkit.build(source, outputs=[epub], jobs=0)
    assert built.outputs, diagnostics(built.report)
    return source, epub


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


def _text(element: etree._Element) -> Iterator[str]:
    """What an element says, without mathematics: calibre leaves MathML out of plain text."""
    name = etree.QName(element).localname if isinstance(element.tag, str) else ""
    gap = "" if name in INLINE else " "
    yield gap
    if name and name != "math":
        yield element.text or ""
        for child in element:
            yield from _text(child)
            yield child.tail or ""
    yield gap


def _shown(epub: Path) -> Counter[str]:
    """The words of all documents in reading order."""
    with zipfile.ZipFile(epub) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
        hrefs = {item.get("id"): item.get("href") for item in package.iterfind(".//o:item", NAMES)}
        names = [f"EPUB/{hrefs[item.get('idref')]}" for item in package.iterfind(".//o:itemref", NAMES)]
        bodies = [etree.fromstring(archive.read(name)).find("{*}body") for name in names]
    return _words("".join(part for body in bodies for part in _text(body)))


def test_title_and_authors_come_back(book: tuple[Path, Path], tmp_path: Path) -> None:
    source, epub = book
    _run("ebook-meta", epub, "--to-opf", tmp_path / "out.opf")
    found = etree.parse(tmp_path / "out.opf")
    metadata = pubkit.read(source, Report()).metadata
    with zipfile.ZipFile(epub) as archive:
        package = etree.fromstring(archive.read("EPUB/content.opf"))
    creators = [each.text for each in package.iterfind(".//dc:creator", NAMES)]
    # calibre puts a subtitle behind the title, and keeps no roles but the author's.
    title = ": ".join(filter(None, [metadata.title, metadata.subtitle]))
    assert found.findtext(".//dc:title", namespaces=NAMES) == title
    assert [each.text for each in found.iterfind(".//dc:creator", NAMES)] == creators != []
    assert {each.get(f"{{{NAMES['opf']}}}role") for each in found.iterfind(".//dc:creator", NAMES)} == {"aut"}
    assert found.findtext(".//dc:publisher", namespaces=NAMES) == metadata.publisher
    assert [each.text for each in found.iterfind(".//dc:subject", NAMES)] == list(metadata.subjects)


def test_the_whole_text_comes_back(book: tuple[Path, Path], tmp_path: Path) -> None:
    source, epub = book
    _run("ebook-convert", epub, tmp_path / "out.txt")
    found = _words((tmp_path / "out.txt").read_text(encoding="utf-8"))
    shown = _shown(epub)
    assert not shown - found, "calibre lost words"
    assert not found - shown, "calibre found words that no document shows"
    publication = pubkit.resolve(pubkit.read(source, Report()), Report())
    for article in publication.articles:
        parts = (article.title, article.subtitle, article.dek, article.body, article.notes)
        own = etree.fromstring(f"<div>{''.join(f'<div>{part}</div>' for part in parts)}</div>")
        lost = _words("".join(_text(own))) - found
        assert not lost, f"{article.id}: {lost}"
