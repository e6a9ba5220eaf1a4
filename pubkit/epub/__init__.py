"""Edition to EPUB 3.3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import BinaryIO

from pubkit.cache import Cache
from pubkit.credits import creators
from pubkit.epub.accessibility import statements, survey_of_all
from pubkit.epub.addresses import Addresses
from pubkit.epub.documents import Common, DocumentFile, Draft, write_documents
from pubkit.epub.fonts import FontFile, font_rules
from pubkit.epub.linked_data import linked_data
from pubkit.epub.navigation import PageTarget, guide, navigation, ncx
from pubkit.epub.pack import Item, Package, moment, pack
from pubkit.epub.package import cover_statement, describe, page_source, unique_identifier
from pubkit.epub.page_breaks import page_breaks
from pubkit.epub.split import divide
from pubkit.model import Asset, Direction, Edition, PageMap
from pubkit.workers import Jobs, Progress

__all__ = ["write_epub"]

_XHTML = "application/xhtml+xml"


def write_epub(
    edition: Edition,
    stream: BinaryIO,
    *,
    page_map: PageMap | None = None,
    jobs: Jobs = 0,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> None:
    """Write `edition` as one EPUB 3.3 file to `stream`, which must be seekable; equal editions give equal bytes.

    With the page map of its PDF every printed page is marked where it begins, and there is a list of pages. `jobs`
    processes write documents at once (0: this one); one that is in the `cache` is not written again. `progress` is
    told "epub", how many documents are written, and of how many.
    Raises LookupError for a link or an image that the edition does not hold, and ValueError for a body
    that is not good XML, an unsafe file name, a font that is none or a malformed date: stages before
    this one report all of that with its place.
    """
    divided = divide(edition, page_breaks(edition, page_map))
    edition, breaks = divided.edition, divided.breaks
    addresses = Addresses(edition)
    pages = [
        PageTarget(label=each.start.label, href=f"{addresses.file(document.name)}#{each.id}")
        for document in edition.documents
        for each in breaks[document.name]
    ]
    identifier = unique_identifier(edition).value
    data = {article.id: linked_data(edition, article, identifier=identifier) for article in edition.articles}
    drafts = [
        Draft(
            document=document,
            breaks=() if document.name in divided.placed else breaks[document.name],
            data=data.get(document.name),
        )
        for document in edition.documents
    ]
    common = Common(
        title=edition.metadata.title,
        addresses=addresses,
        css=edition.theme.epub_css,
        faces=edition.theme.fonts,
    )
    written, files = write_documents(drafts, common, jobs=jobs, progress=progress or (lambda *_: None), cache=cache)
    texts = [
        Item(
            id=f"text-{document.name}",
            href=addresses.file(document.name),
            media_type=_XHTML,
            content=each.content,
            properties=each.properties,
        )
        for document, each in zip(edition.documents, written, strict=True)
    ]
    order = _reading_order(texts, written)
    survey = survey_of_all([each.survey for each in written])
    shown = {edition.cover}.union(*(each.images for each in written))
    assets = tuple(asset for asset in edition.assets if asset.name in shown)  # EPUBCheck OPF-097: what nobody shows
    package = Package(
        identifier=identifier,
        language=edition.metadata.language,
        direction=edition.metadata.direction,
        progression=_progression(edition),
        modified=moment(edition.metadata.modified),
        metadata=(
            *describe(edition, fonts_embedded=bool(files)),
            *(page_source(edition) if pages else ()),
            *cover_statement(_image_id(edition.cover)),
            *statements(survey, assets, edition),
        ),
        items=(
            *_navigation_items(edition, addresses, pages, order),
            *_style_items(edition, files),
            *texts,
            *_image_items(assets, edition.cover),
        ),
        spine=tuple(item.id for item in texts),
        guide=guide(edition, addresses),
    )
    pack(package, stream)


def _reading_order(texts: Sequence[Item], written: Sequence[DocumentFile]) -> dict[str, int]:
    """The addresses of all documents and of all ids in them, each with how far on it is."""
    addresses = (
        address
        for text, each in zip(texts, written, strict=True)
        for address in (text.href, *(f"{text.href}#{identifier}" for identifier in each.ids))
    )
    return {address: number for number, address in enumerate(addresses)}


def _navigation_items(
    edition: Edition, addresses: Addresses, pages: Sequence[PageTarget], order: Mapping[str, int]
) -> Iterator[Item]:
    yield Item(
        id="nav",
        href="nav.xhtml",
        media_type=_XHTML,
        content=navigation(edition, addresses, pages),
        properties=("nav",),
    )
    yield Item(
        id="ncx",  # the id that ebooklib writes into the spine
        href="toc.ncx",
        media_type="application/x-dtbncx+xml",
        content=ncx(
            edition,
            addresses,
            identifier=unique_identifier(edition).value,
            authors=creators(edition.metadata.credits, edition.credits),
            pages=pages,
            order=order,
        ),
    )


def _style_items(edition: Edition, files: tuple[FontFile, ...]) -> Iterator[Item]:
    rules = font_rules(files)
    mode = edition.metadata.writing_mode
    vertical = f"html {{ -epub-writing-mode: {mode}; writing-mode: {mode}; }}" if mode != "horizontal-tb" else ""
    style = "\n".join(part for part in (rules, vertical, edition.theme.epub_css) if part)
    yield Item(id="style", href="css/style.css", media_type="text/css", content=style.encode())
    for each in files:
        yield Item(
            id=f"font-{PurePosixPath(each.name).stem}",
            href=f"fonts/{each.name}",
            media_type=each.media_type,
            content=each.content,
        )


def _progression(edition: Edition) -> Direction:
    """Where lines stand from right to left, so do pages; else as the text runs (EPUB 3.3, 5.6.2)."""
    if edition.metadata.writing_mode == "vertical-rl":
        return "rtl"
    return "ltr" if edition.metadata.writing_mode == "vertical-lr" else edition.metadata.direction


def _image_items(assets: tuple[Asset, ...], cover: str) -> Iterator[Item]:
    for asset in assets:
        yield Item(
            id=_image_id(asset.name),
            href=f"images/{asset.name}",
            media_type=asset.media_type,
            content=asset.screen,
            properties=("cover-image",) if asset.name == cover else (),
        )


def _image_id(name: str) -> str:
    return f"image-{name}" if name else ""
