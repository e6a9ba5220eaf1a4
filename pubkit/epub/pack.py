"""The container: ebooklib packs finished files, one more pass makes the bytes the same every time."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from lxml import etree

from pubkit.model import Direction
from pubkit.source import Content, read_content

_OPF = "http://www.idpf.org/2007/opf"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# All but ibooks are reserved; naming them costs nothing and old readers ask for it (EPUB 3.3, 5.3.6).
_PREFIXES = {
    "a11y": "http://www.idpf.org/epub/vocab/package/a11y/#",
    "dcterms": "http://purl.org/dc/terms/",
    "ibooks": "http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/",
    "marc": "http://id.loc.gov/vocabulary/",
    "onix": "http://www.editeur.org/ONIX/book/codelists/current.html#",
    "schema": "http://schema.org/",
}
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*(?<!\.)")
_COMPRESSED = (".gif", ".jpeg", ".jpg", ".png", ".webp", ".woff", ".woff2")
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # what a ZIP file can say: APPNOTE.TXT 4.4.6
_LATEST = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
_IN_MEMORY = 4 << 20  # bytes; a larger book waits on the disk between the two passes


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A file of the publication; `href` counts from the package's folder."""

    id: str
    href: str
    media_type: str
    content: Content = field(repr=False)
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One line of the package's metadata: "title" and the like are Dublin Core; or "meta", or "link"."""

    name: str
    value: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A line of the guide, where old readers find the cover, the contents and the first page."""

    type: str
    href: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Everything that goes into one EPUB; the unique identifier is the statement with the id "identifier"."""

    identifier: str
    language: str
    direction: Direction
    progression: Direction  # on which side the next page lies
    modified: datetime
    metadata: tuple[Statement, ...]
    items: tuple[Item, ...]
    spine: tuple[str, ...]  # ids
    guide: tuple[Reference, ...] = ()


def moment(written: str) -> datetime:
    """The moment that "2026-11-22T00:00:00Z" names. Raises ValueError for anything that is no such moment."""
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError(f"{written!r} does not say its time zone")
    return found.astimezone(UTC)


def pack(package: Package, stream: BinaryIO) -> None:
    """Write `package` as an EPUB container. Raises ValueError for unsafe or doubled file names and doubled ids."""
    _refuse_bad_names(package.items)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as first:
        _pack_with_ebooklib(package, first)
        first.seek(0)
        _repack(package, first, stream)


def _refuse_bad_names(items: tuple[Item, ...]) -> None:
    """File names that every reader and file system takes (EPUB 3.3, 4.2.3; EPUBCheck PKG-009 to PKG-012)."""
    seen: set[str] = set()
    for item in items:
        if not _SAFE_NAME.fullmatch(item.href):
            raise ValueError(f"not a safe file name in an EPUB: {item.href!r}")
        for name in (item.href.lower(), f"#{item.id}"):
            if name in seen:
                raise ValueError(f"twice in one EPUB: {name!r}")
            seen.add(name)


def _pack_with_ebooklib(package: Package, stream: IO[bytes]) -> None:
    from ebooklib import epub

    book = epub.EpubBook()
    book.metadata.clear()  # a random identifier, and ebooklib's own name
    book.IDENTIFIER_ID = "identifier"
    book.uid = package.identifier
    book.language = package.language
    book.set_direction("rtl" if package.progression == "rtl" else None)
    for statement in package.metadata:
        space = None if statement.name in {"meta", "link"} else "DC"
        book.add_metadata(space, statement.name, statement.value or None, dict(statement.attributes))
    for each in package.items:
        item = _read_late(each) if isinstance(each.content, Path) else epub.EpubItem(content=each.content)
        item.id, item.file_name, item.media_type = each.id, each.href, each.media_type
        item.properties = list(each.properties)
        book.add_item(item)
    book.spine = list(package.spine)
    book.guide = [{"type": each.type, "href": each.href, "title": each.title} for each in package.guide]
    options = {
        "compresslevel": 0,  # the second pass compresses
        "epub3_landmark": False,
        "epub3_pages": False,
        "mtime": package.modified,
        "raise_exceptions": True,  # or a full disk would go unnoticed
    }
    epub.write_epub(stream, book, options)


def _read_late(item: Item) -> Any:
    """An item whose file is read when it is written, so that a thousand pictures are never in memory at once."""
    from ebooklib import epub

    class Late(epub.EpubItem):  # type: ignore[misc]
        def get_content(self, default: bytes = b"") -> bytes:  # noqa: ARG002 (their signature)
            return read_content(item.content)

    return Late()


def _repack(package: Package, source: IO[bytes], target: BinaryIO) -> None:
    when = min(max(package.modified, _EARLIEST), _LATEST).timetuple()[:6]
    with zipfile.ZipFile(source) as packed, zipfile.ZipFile(target, "w", compresslevel=9) as repacked:
        for name in packed.namelist():  # ebooklib writes "mimetype" first
            entry = zipfile.ZipInfo(name, when)
            entry.create_system = 3  # Unix on every machine, and readable by everybody
            entry.external_attr = 0o100644 << 16
            stored = name == "mimetype" or name.lower().endswith(_COMPRESSED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            if name.endswith("/content.opf"):
                repacked.writestr(entry, _finish_package_document(packed.read(name), package))
                continue
            entry.file_size = packed.getinfo(name).file_size  # known before, so that no field is written after
            with packed.open(name) as old, repacked.open(entry, "w") as new:
                shutil.copyfileobj(old, new)


def _finish_package_document(content: bytes, package: Package) -> bytes:
    """Say language and direction on the package (Ace: epub-lang), and declare the prefixes in use, each once."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    used = {
        value.partition(":")[0]
        for element in root.iter(f"{{{_OPF}}}meta", f"{{{_OPF}}}link")
        for value in (element.get("property", ""), element.get("scheme", ""), element.get("rel", ""))
    }
    root.set("prefix", " ".join(f"{name}: {address}" for name, address in _PREFIXES.items() if name in used))
    root.set("dir", package.direction)
    root.set(_XML_LANG, package.language)
    etree.cleanup_namespaces(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(root, encoding="utf-8", pretty_print=True)
