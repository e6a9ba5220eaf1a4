"""Pieces, furniture and page plan made one PDF, in one pass over the pages."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from pubkit.model import Edition
from pubkit.pdf import navigation
from pubkit.pdf.fonts import JoinedFonts, share
from pubkit.pdf.metadata import describe
from pubkit.pdf.page_map import Plan, page_of
from pubkit.pdf.pieces import POINTS_PER_MM, Piece, verso_shift
from pubkit.pdf.structure import StructureTree


def assemble(
    edition: Edition,
    plan: Plan,
    *,
    pieces: Sequence[Piece | None],
    furniture: Mapping[int, Piece],
    faces: Mapping[str, bytes],
    stream: BinaryIO,
) -> None:
    """Write the PDF. `pieces` are those of the edition's documents, `furniture` is by the number of its first page."""
    target = pikepdf.new()
    fonts = JoinedFonts(target, faces)
    sources = _append_all(target, edition, plan, pieces, fonts)
    pages = [page.obj for page in target.pages]
    forms, more = _forms(target, furniture, fonts)
    shift = verso_shift(edition.theme.page, edition.metadata.direction)
    _finish_pages(target, plan, pages, forms, shift)
    known = _known_places(edition, plan, pieces, pages, shift)
    used = navigation.close_links(pages, known) | (navigation.targets(edition.toc) & known.keys())
    navigation.write_destinations(target, known, used)
    navigation.write_outline(target, edition.toc, known)
    navigation.write_page_labels(target, plan)
    _write_tags(target, edition, plan, pieces, pages, shift)
    fonts.finish()
    _share_images(target)
    describe(target, edition, conforms=_is_complete(pieces, furniture))
    target.save(
        stream,
        force_version="1.7",
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )
    for source in (*sources, *more):  # until here the pages' streams are still theirs
        source.close()


def _append_all(
    target: Pdf, edition: Edition, plan: Plan, pieces: Sequence[Piece | None], fonts: JoinedFonts
) -> list[Pdf]:
    sources = []
    page = edition.theme.page
    size = (page.width * POINTS_PER_MM, page.height * POINTS_PER_MM)
    for leaf in plan.leaves:
        if leaf.document is None:
            blank = target.add_blank_page(page_size=size)
            blank.obj.Resources = Dictionary()
            blank.obj.TrimBox = blank.obj.MediaBox
        elif leaf.page == 0 and (piece := pieces[leaf.document]):
            sources.append(_append(target, piece, fonts))
    return sources


def _append(target: Pdf, piece: Piece, fonts: JoinedFonts) -> Pdf:
    source = pikepdf.open(io.BytesIO(piece.pdf))
    shared = fonts.detach(source, piece.fonts)
    first = len(target.pages)
    target.pages.extend(source.pages)
    share(target.pages[first].obj, shared)
    return source


def _forms(target: Pdf, furniture: Mapping[int, Piece], fonts: JoinedFonts) -> tuple[dict[int, Object], list[Pdf]]:
    """The furniture of every page, by the number of the page, as a form XObject."""
    forms: dict[int, Object] = {}
    sources = []
    for first, piece in furniture.items():
        source = pikepdf.open(io.BytesIO(piece.pdf))
        shared = fonts.detach(source, piece.fonts)
        for number, page in enumerate(source.pages, first):
            forms[number] = _form(target, page.obj)
        share(forms[first], shared)
        sources.append(source)
    return forms, sources


def _form(target: Pdf, page: Object) -> Object:
    content = page.Contents
    content.Type, content.Subtype = Name.XObject, Name.Form
    content.BBox, content.Resources = page.MediaBox, page.Resources
    return target.copy_foreign(content)


def _finish_pages(target: Pdf, plan: Plan, pages: Sequence[Object], forms: Mapping[int, Object], shift: float) -> None:
    """Move the versos sideways and lay the furniture over every page."""
    open_recto = target.make_stream(b"q")
    open_verso = target.make_stream(f"q 1 0 0 1 {shift:.4f} 0 cm".encode())
    close = target.make_stream(b"Q")
    for number, (leaf, page) in enumerate(zip(plan.leaves, pages, strict=True)):
        moved = leaf.verso and shift
        contents = (
            Array([open_verso if moved else open_recto, page.Contents, close]) if "/Contents" in page else Array()
        )
        if number in forms:
            name = f"/Furniture{number + 1}"
            resources = page.Resources
            if "/XObject" not in resources:
                resources.XObject = Dictionary()
            resources.XObject[name] = forms[number]
            contents.append(target.make_stream(f"/Artifact <</Type /Pagination>> BDC {name} Do EMC".encode()))
        page.Contents = contents
        if moved:
            for annotation in page.get("/Annots", ()):
                left, bottom, right, top = (float(edge) for edge in annotation.Rect)
                annotation.Rect = Array([round(left + shift, 4), bottom, round(right + shift, 4), top])


def _is_complete(pieces: Sequence[Piece | None], furniture: Mapping[int, Piece]) -> bool:
    """False where a character is missing: no such file conforms (ISO 19005-2, 6.2.11.8; ISO 14289-1, 7.21.8)."""
    heard = (each for piece in (*pieces, *furniture.values()) if piece for each in piece.overheard)
    return not any(each.about == "glyph" for each in heard)


def _write_tags(
    target: Pdf, edition: Edition, plan: Plan, pieces: Sequence[Piece | None], pages: Sequence[Object], shift: float
) -> None:
    """Write the structure tree; links that lead nowhere must be gone."""
    tree = StructureTree(target, edition.metadata.language)
    for number, piece in enumerate(pieces):
        if piece is None or piece.tags is None:
            continue
        first = plan.starts[number]
        leaves = plan.leaves[first : first + piece.pages]
        tree.add(piece.tags, pages[first : first + piece.pages], [shift if leaf.verso else 0.0 for leaf in leaves])
    tree.finish()


def _known_places(
    edition: Edition, plan: Plan, pieces: Sequence[Piece | None], pages: Sequence[Object], shift: float
) -> dict[str, Array]:
    """The destination of every id; one that is not printed leads to the top of its document."""
    known: dict[str, Array] = {}
    if not pages:
        return known
    top = round(edition.theme.page.height * POINTS_PER_MM, 4)
    position = {document.name: number for number, document in enumerate(edition.documents)}
    for identifier, home in edition.home_of.items():
        if home in position:
            known[identifier] = Array([pages[page_of(plan, position[home], 0)], Name.XYZ, 0, top, None])
    for number, piece in enumerate(pieces):
        for identifier, place in piece.places.items() if piece else ():
            page = page_of(plan, number, place.page)
            x = place.x + (shift if plan.leaves[page].verso else 0)
            known[identifier] = Array([pages[page], Name.XYZ, round(x, 4), round(place.y, 4), None])
    return known


def _share_images(target: Pdf) -> None:
    """Let equal images of different pieces be one object; the others are then not written."""
    first: dict[bytes, Object] = {}
    for resources in target.objects:
        if not isinstance(resources, Dictionary) or "/XObject" not in resources:
            continue
        for name, image in dict(resources.XObject).items():
            if image.get("/Subtype") == Name.Image:
                resources.XObject[name] = first.setdefault(_digest(image), image)


def _digest(image: Object) -> bytes:
    digest = hashlib.sha256(image.read_raw_bytes())
    for key in sorted(image.keys() - {"/SMask"}):
        digest.update(repr((key, image[key])).encode())
    if "/SMask" in image:
        digest.update(_digest(image.SMask))
    return digest.digest()
