"""The edition as one family of e-readers wants it, where the EPUB for all of them is not the best for this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from pubkit.markup import elements, parse, serialise
from pubkit.model import ContentDocument, Edition, PageMap, TocEntry

_WORD_JOINER, _HAIR_SPACE, _SOFT_HYPHEN, _FIRM_HYPHEN = "\u2060", "\u200a", "\u00ad", "\u2011"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variant:
    """What is done to an edition."""

    cover_page: bool = True
    drawings: bool = True  # SVG stays SVG
    linked_data: bool = True  # what articles say to machines
    depth: int = 0  # levels of the table of contents; 0: all
    characters: Mapping[str, str] = field(default_factory=dict)  # what is written for what


_VARIANTS = {
    # Apple Books takes what EPUB 3.3 knows.
    "apple": _Variant(),
    # Word joiners are boxes on many devices; U+FEFF does the same and is not seen (Standard Ebooks does so).
    "google": _Variant(characters={_WORD_JOINER: "\ufeff"}),
    "rmsdk": _Variant(characters={_WORD_JOINER: "\ufeff"}),
    # Kobo's fonts lack hair space and hooked arrow, set U+2011 badly, and its dictionary stops at soft hyphens.
    "kobo": _Variant(
        characters={_WORD_JOINER: "\ufeff", _HAIR_SPACE: "", _SOFT_HYPHEN: "", _FIRM_HYPHEN: "-", "\u21a9": "\u2190"}
    ),
    # KDP shows the cover itself, and two levels of contents (Kindle Publishing Guidelines, cover and navigation). It
    # wants no script elements, and its conversion would keep nothing of data blocks.
    "kindle": _Variant(cover_page=False, drawings=False, linked_data=False, depth=2, characters={_WORD_JOINER: ""}),
}
READERS = tuple(sorted(_VARIANTS))


def wants_pixels(reader: str) -> bool:
    """Whether a reader of READERS takes no SVG, so that `variant` needs its drawings as pixels."""
    return not _VARIANTS[reader].drawings


def variant(edition: Edition, reader: str, *, pixels: Mapping[str, bytes] | None = None) -> Edition:
    """The edition for a reader of READERS: without what it shows badly; the same edition where there is nothing.

    `pixels` are PNG files for SVG images, by the assets' names, for a reader that takes no SVG.
    Raises LookupError for a reader that is not known.
    """
    if reader not in _VARIANTS:
        raise LookupError(f"no such reader: {reader!r}; there are {', '.join(READERS)}")
    wanted = _VARIANTS[reader]
    if pixels and not wanted.drawings:
        edition = _with_pixels(edition, pixels)
    if not wanted.cover_page:
        edition = _without_cover_page(edition)
    if not wanted.linked_data:
        edition = replace(edition, articles=())
    if wanted.depth:
        edition = replace(edition, toc=_cut(edition.toc, wanted.depth))
    return _with_characters(edition, str.maketrans(dict(wanted.characters)))


def variant_pages(page_map: PageMap, edition: Edition, reader: str) -> PageMap:
    """The page map of `edition` as it fits the variant for a reader: pages that are gone left out, places moved.

    Raises LookupError for a reader that is not known.
    """
    kept = {document.name for document in variant(edition, reader).documents}
    dropped = {sign for sign, written in _VARIANTS[reader].characters.items() if not written}
    bodies = {each.name: each.body for each in edition.documents if dropped & set(each.body)}
    texts = {name: [_own_text(element) for element in elements(parse(body))] for name, body in bodies.items()}
    starts = []
    for start in page_map.starts:
        own = texts[start.document][start.element] if start.document in texts and start.text is not None else ""
        gone = sum(sign in dropped for sign in own[: start.text])
        if start.document in kept:
            starts.append(replace(start, text=start.text - gone if start.text is not None else None))
    return replace(page_map, starts=tuple(starts))


def _own_text(element: etree._Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _with_pixels(edition: Edition, pixels: Mapping[str, bytes]) -> Edition:
    """The edition with PNG files in the place of its drawings; their size on the page stays."""
    renamed = {name: f"{name.removesuffix('.svg')}.png" for name in pixels}
    return replace(
        edition,
        documents=tuple(_with_images(document, renamed) for document in edition.documents),
        assets=tuple(
            replace(
                asset,
                name=renamed[asset.name],
                media_type="image/png",
                screen=pixels[asset.name],
                press=pixels[asset.name],
            )
            if asset.name in renamed
            else asset
            for asset in edition.assets
        ),
        cover=renamed.get(edition.cover, edition.cover),
    )


def _with_images(document: ContentDocument, renamed: Mapping[str, str]) -> ContentDocument:
    body = parse(document.body)
    found = [image for image in body.iter("img") if image.get("src") in renamed]
    for image in found:
        image.set("src", renamed[image.get("src", "")])
    return replace(document, body=serialise(body).strip()) if found else document


def _without_cover_page(edition: Edition) -> Edition:
    covers = {document.name for document in edition.documents if document.kind == "cover"}
    gone = {name for name, home in edition.home_of.items() if home in covers}
    return replace(
        edition,
        documents=tuple(_unlinked(each, gone) for each in edition.documents if each.name not in covers),
        landmarks=tuple(landmark for landmark in edition.landmarks if landmark[1] not in gone),
        toc=tuple(entry for entry in edition.toc if entry.target not in gone),
        home_of={name: home for name, home in edition.home_of.items() if name not in gone},
    )


def _unlinked(document: ContentDocument, gone: set[str]) -> ContentDocument:
    """The document with its links to what is gone made plain words."""
    body = parse(document.body)
    dead = [link for link in body.iter("a") if link.get("href", "").removeprefix("#") in gone]
    for link in dead:
        link.tag = "span"
        del link.attrib["href"]
    return replace(document, body=serialise(body).strip()) if dead else document


def _cut(entries: tuple[TocEntry, ...], depth: int) -> tuple[TocEntry, ...]:
    return tuple(replace(each, children=_cut(each.children, depth - 1) if depth > 1 else ()) for each in entries)


def _with_characters(edition: Edition, table: Mapping[int, str]) -> Edition:
    metadata = edition.metadata
    return replace(
        edition,
        metadata=replace(
            metadata,
            title=metadata.title.translate(table),
            subtitle=metadata.subtitle.translate(table),
            description=metadata.description.translate(table),
        ),
        documents=tuple(
            replace(each, title=each.title.translate(table), body=each.body.translate(table))
            for each in edition.documents
        ),
        toc=tuple(_translated(entry, table) for entry in edition.toc),
        landmarks=tuple((kind, target, label.translate(table)) for kind, target, label in edition.landmarks),
    )


def _translated(entry: TocEntry, table: Mapping[int, str]) -> TocEntry:
    return replace(
        entry,
        title=entry.title.translate(table),
        authors=entry.authors.translate(table),
        children=tuple(_translated(child, table) for child in entry.children),
    )
