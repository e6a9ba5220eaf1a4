"""The navigation document for EPUB 3 readers and the NCX and guide for older ones, all from one tree."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from pubkit.epub.addresses import Addresses
from pubkit.epub.pack import Reference
from pubkit.epub.xhtml import XML_LANG, add, blank_document, serialise
from pubkit.model import Edition, TocEntry

_NCX = "http://www.daisy.org/z3986/2005/ncx/"
_GUIDE_TYPES = {  # OPF 2.0.1, section 2.6
    "acknowledgments": "acknowledgements",
    "bodymatter": "text",
    "colophon": "colophon",
    "cover": "cover",
    "preface": "preface",
    "titlepage": "title-page",
    "toc": "toc",
}


def navigation(edition: Edition, addresses: Addresses) -> bytes:
    """The navigation document: table of contents and landmarks (EPUB 3.3, section 7).

    It is for the reading system's own menu and so no part of the spine: the contents page of the edition
    is the one that people read.
    """
    metadata = edition.metadata
    heading = edition.labels.get("contents", "Contents")
    root, body = blank_document(heading, language=metadata.language, direction=metadata.direction)
    nav = add(body, "nav", epub_type="toc", role="doc-toc", id="toc", aria_labelledby="toc-title")
    add(nav, "h1", heading, id="toc-title")
    _add_list(nav, _entries(edition), addresses)
    if edition.landmarks:
        nav = add(body, "nav", epub_type="landmarks", aria_labelledby="landmarks-title", hidden="hidden")
        add(nav, "h2", edition.labels.get("landmarks", "Landmarks"), id="landmarks-title")
        items = add(nav, "ol")
        for kind, target, label in dict.fromkeys(edition.landmarks):
            add(add(items, "li"), "a", label, epub_type=kind, href=addresses.target(target))
    return serialise(root)


def guide(edition: Edition, addresses: Addresses) -> tuple[Reference, ...]:
    """The landmarks that EPUB 2 has a name for: Kindles find the first page by them."""
    return tuple(
        Reference(type=_GUIDE_TYPES[kind], href=addresses.target(target), title=label)
        for kind, target, label in dict.fromkeys(edition.landmarks)
        if kind in _GUIDE_TYPES
    )


def ncx(edition: Edition, addresses: Addresses, *, identifier: str, authors: Sequence[str]) -> bytes:
    """The table of contents in the form of EPUB 2 (OPF 2.0.1, section 2.4.1)."""
    metadata = edition.metadata
    root = etree.fromstring(f'<ncx xmlns="{_NCX}" version="2005-1"/>')
    root.set(XML_LANG, metadata.language)
    root.set("dir", metadata.direction)
    head = etree.SubElement(root, f"{{{_NCX}}}head")
    entries = _entries(edition)
    for name, content in (
        ("dtb:uid", identifier),
        ("dtb:depth", str(_depth(entries))),
        ("dtb:totalPageCount", "0"),
        ("dtb:maxPageNumber", "0"),
    ):
        etree.SubElement(head, f"{{{_NCX}}}meta", {"name": name, "content": content})
    _add_text(root, "docTitle", metadata.title)
    for author in authors:
        _add_text(root, "docAuthor", author)
    nav_map = etree.SubElement(root, f"{{{_NCX}}}navMap")
    _add_points(nav_map, entries, addresses, {}, [])
    etree.indent(root, space="")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(root, encoding="utf-8") + b"\n"


def _entries(edition: Edition) -> tuple[TocEntry, ...]:
    """The edition's contents; all of its documents where it has none, for a list must not be empty."""
    if edition.toc:
        return edition.toc
    first: dict[str, str] = {}
    for identifier, home in edition.home_of.items():
        first.setdefault(home, identifier)
    return tuple(
        TocEntry(title=document.title or edition.metadata.title, target=first[document.name], kind="document")
        for document in edition.documents
        if document.name in first
    )


def _label(entry: TocEntry) -> str:
    return f"{entry.title} — {entry.authors}" if entry.authors else entry.title


def _add_list(parent: etree._Element, entries: Sequence[TocEntry], addresses: Addresses) -> None:
    items = add(parent, "ol")
    for entry in entries:
        item = add(items, "li")
        if entry.kind == "section" and entry.children:
            add(item, "span", _label(entry))
        else:
            add(item, "a", _label(entry), href=addresses.target(entry.target))
        if entry.children:
            _add_list(item, entry.children, addresses)


def _add_points(
    parent: etree._Element, entries: Sequence[TocEntry], addresses: Addresses, order: dict[str, int], ids: list[str]
) -> None:
    """Add a navPoint an entry; entries with one target have one playOrder (EPUB 2, NCX: "same playOrder value")."""
    for entry in entries:
        target = addresses.target(entry.target)
        ids.append(f"point-{len(ids) + 1}")
        point = etree.SubElement(
            parent,
            f"{{{_NCX}}}navPoint",
            {"id": ids[-1], "playOrder": str(order.setdefault(target, len(order) + 1))},
        )
        _add_text(point, "navLabel", _label(entry))
        etree.SubElement(point, f"{{{_NCX}}}content", {"src": target})
        _add_points(point, entry.children, addresses, order, ids)


def _add_text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(etree.SubElement(parent, f"{{{_NCX}}}{name}"), f"{{{_NCX}}}text").text = text


def _depth(entries: Sequence[TocEntry]) -> int:
    return 1 + max((_depth(entry.children) for entry in entries), default=0) if entries else 0
