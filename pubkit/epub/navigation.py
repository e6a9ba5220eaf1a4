"""The navigation document for EPUB 3 readers and the NCX and guide for older ones, all from one tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

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
    "index": "index",
    "preface": "preface",
    "titlepage": "title-page",
    "toc": "toc",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTarget:
    """A printed page: its label and the address of its marker."""

    label: str
    href: str


def navigation(edition: Edition, addresses: Addresses, pages: Sequence[PageTarget] = ()) -> bytes:
    """The navigation document: table of contents, landmarks and list of pages (EPUB 3.3, section 7).

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
    if pages:
        attributes = {"epub_type": "page-list", "role": "doc-pagelist", "aria_labelledby": "page-list-title"}
        nav = add(body, "nav", None, **attributes, hidden="hidden")
        add(nav, "h2", edition.labels.get("page-list", "List of pages"), id="page-list-title")
        items = add(nav, "ol")
        for page in pages:
            add(add(items, "li"), "a", page.label, href=page.href)
    return serialise(root)


def guide(edition: Edition, addresses: Addresses) -> tuple[Reference, ...]:
    """The landmarks that EPUB 2 has a name for: Kindles find the first page by them."""
    return tuple(
        Reference(type=_GUIDE_TYPES[kind], href=addresses.target(target), title=label)
        for kind, target, label in dict.fromkeys(edition.landmarks)
        if kind in _GUIDE_TYPES
    )


def ncx(
    edition: Edition,
    addresses: Addresses,
    *,
    identifier: str,
    authors: Sequence[str],
    pages: Sequence[PageTarget] = (),
    order: Mapping[str, int] = MappingProxyType({}),
) -> bytes:
    """The table of contents and the list of pages in the form of EPUB 2 (OPF 2.0.1, section 2.4.1).

    `order` says how far on in the publication an address is.
    """
    metadata = edition.metadata
    root = etree.fromstring(f'<ncx xmlns="{_NCX}" version="2005-1"/>')
    root.set(XML_LANG, metadata.language)
    root.set("dir", metadata.direction)
    head = etree.SubElement(root, f"{{{_NCX}}}head")
    entries = _entries(edition)
    for name, content in (
        ("dtb:uid", identifier),
        ("dtb:depth", str(_depth(entries))),
        ("dtb:totalPageCount", str(len(pages))),
        ("dtb:maxPageNumber", str(max((int(page.label) for page in pages if page.label.isdecimal()), default=0))),
    ):
        etree.SubElement(head, f"{{{_NCX}}}meta", {"name": name, "content": content})
    _add_text(root, "docTitle", metadata.title)
    for author in authors:
        _add_text(root, "docAuthor", author)
    nav_map = etree.SubElement(root, f"{{{_NCX}}}navMap")
    played = _play_order([*_targets(entries, addresses), *(page.href for page in pages)], order)
    _add_points(nav_map, entries, addresses, played, [])
    if pages:
        _add_pages(root, pages, played)
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
    parent: etree._Element, entries: Sequence[TocEntry], addresses: Addresses, played: Mapping[str, int], ids: list[str]
) -> None:
    """Add a navPoint an entry."""
    for entry in entries:
        target = addresses.target(entry.target)
        ids.append(f"point-{len(ids) + 1}")
        point = etree.SubElement(
            parent,
            f"{{{_NCX}}}navPoint",
            {"id": ids[-1], "playOrder": str(played[target])},
        )
        _add_text(point, "navLabel", _label(entry))
        etree.SubElement(point, f"{{{_NCX}}}content", {"src": target})
        _add_points(point, entry.children, addresses, played, ids)


def _add_pages(root: etree._Element, pages: Sequence[PageTarget], played: Mapping[str, int]) -> None:
    page_list = etree.SubElement(root, f"{{{_NCX}}}pageList")
    for number, page in enumerate(pages, 1):
        kind = {"type": "normal", "value": page.label} if page.label.isdecimal() else {"type": "front"}
        attributes = {"id": f"page-{number}", **kind, "playOrder": str(played[page.href])}
        target = etree.SubElement(page_list, f"{{{_NCX}}}pageTarget", attributes)
        _add_text(target, "navLabel", page.label)
        etree.SubElement(target, f"{{{_NCX}}}content", {"src": page.href})


def _targets(entries: Sequence[TocEntry], addresses: Addresses) -> Iterator[str]:
    for entry in entries:
        yield addresses.target(entry.target)
        yield from _targets(entry.children, addresses)


def _play_order(targets: Sequence[str], order: Mapping[str, int]) -> Mapping[str, int]:
    """How far on each target is, counted from 1; one target has one number (NCX: "same playOrder value")."""
    each_once = dict.fromkeys(targets)
    return {target: n for n, target in enumerate(sorted(each_once, key=lambda it: order.get(it, 0)), 1)}


def _add_text(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(etree.SubElement(parent, f"{{{_NCX}}}{name}"), f"{{{_NCX}}}text").text = text


def _depth(entries: Sequence[TocEntry]) -> int:
    return 1 + max((_depth(entry.children) for entry in entries), default=0) if entries else 0
