"""Content documents as files, each by itself: made in worker processes, or found in the cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pubkit.cache import Cache, Work, digest
from pubkit.epub.accessibility import Survey, survey_of
from pubkit.epub.addresses import Addresses
from pubkit.epub.content import body_of, document_root, images_of, properties_of, serialise
from pubkit.epub.fonts import FontFile, Usage
from pubkit.epub.linked_data import add_linked_data
from pubkit.epub.page_breaks import PageBreak
from pubkit.epub.xhtml import XHTML
from pubkit.model import ContentDocument, FontFace
from pubkit.theme import faces_digest
from pubkit.workers import Failure, Jobs, Progress, run_jobs

SECONDS = 300.0  # for one document
FEW = 8  # documents; so few are written before other processes have started


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document to be written, with the pages of print that begin in it, and what machines are told of it."""

    document: ContentDocument
    breaks: tuple[PageBreak, ...] = ()
    data: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFile:
    """A content document as a file, and what the rest of the EPUB must know of it."""

    content: bytes
    properties: tuple[str, ...]  # of its item in the manifest
    images: frozenset[str]  # names
    ids: tuple[str, ...]  # in document order
    survey: Survey
    characters: Mapping[str, frozenset[int]]  # by family of the theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What all documents of an EPUB are written with."""

    title: str  # of the publication
    addresses: Addresses
    css: str
    faces: tuple[FontFace, ...]


@dataclass(frozen=True, slots=True)
class _Desk:
    common: Common
    usage: Usage


_desks: list[_Desk] = []  # one at most. A worker process is set up once and writes many documents


def write_documents(
    drafts: Sequence[Draft],
    common: Common,
    *,
    jobs: Jobs = 0,
    progress: Progress,
    cache: Cache | None = None,
) -> tuple[list[DocumentFile], tuple[FontFile, ...]]:
    """The files of the drafts, in their order, and the fonts that they use; one in the `cache` is not written again.

    `progress` is told "epub", how many are written, and of how many. Raises what `document_root` raises.
    """
    works: Sequence[Work] = ()
    if cache:
        theme = digest(common.css, faces_digest(common.faces))
        works = [_work(draft, common, theme) for draft in drafts]
    try:
        _prepare(common)
        results = run_jobs(
            _write,
            [(draft,) for draft in drafts],
            jobs=0 if jobs and len(drafts) < FEW else jobs,
            seconds=SECONDS,
            prepare=_prepare,
            prepare_with=(common,),
            cache=cache,
            works=works,
            keeps=DocumentFile,
        )
        files: list[DocumentFile] = []
        for draft, result in zip(drafts, results, strict=True):
            # The text is no stranger's any more: what a worker had no time or memory for is done here.
            files.append(_write(draft) if isinstance(result, Failure) else result)
            progress("epub", len(files), len(drafts))
        return files, _desks[0].usage.files(each.characters for each in files)
    finally:
        _desks.clear()


def _prepare(common: Common) -> None:
    """Set this process up: the style sheet's selectors compiled. What is set up already stays, also in a fork."""
    if not _desks or _desks[0].common is not common:
        _desks[:] = [_Desk(common, Usage(common.css, common.faces))]


def _write(draft: Draft) -> DocumentFile:
    """Write one document; runs in a worker process."""
    common, usage = _desks[0].common, _desks[0].usage
    document = draft.document
    root = document_root(document, common.addresses, common.title, draft.breaks)
    survey, characters, images = survey_of(root, cover=document.kind == "cover"), usage.of(root), images_of(root)
    ids = tuple(identifier for element in root.iter("*") if (identifier := element.get("id")))
    if draft.data:
        add_linked_data(root, draft.data, shown=images)
    return DocumentFile(
        content=serialise(root),
        properties=properties_of(root),
        images=frozenset(images),
        ids=ids,
        survey=survey,
        characters=characters,
    )


def _work(draft: Draft, common: Common, theme: str) -> Work:
    """What the file of a document depends on."""
    document = draft.document
    linked = {link.get("href", "") for link in body_of(document).iter(f"{{{XHTML}}}a")}
    targets = sorted(href[1:] for href in linked if href.startswith("#"))
    links = [_address(target, document.name, common.addresses) for target in targets]
    parts = {
        "text": digest(document.body, document.kind, document.matter, document.title, common.title),
        "language": digest(document.language, document.direction),
        "links": digest(*links),
        "printed pages": digest(draft.breaks),
        "linked data": digest(draft.data),
        "theme": theme,
    }
    return Work(kind="content document", name=document.name, parts=parts)


def _address(target: str, source: str, addresses: Addresses) -> str:
    try:
        return addresses.link(target, source=source)
    except LookupError:  # `document_root` raises it, unless it takes the link out
        return ""
