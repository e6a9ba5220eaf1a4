"""Pieces, furniture and page plan made one PDF, in one pass over the pages."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from typing import BinaryIO
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from pubkit.model import Edition, PdfStandard
from pubkit.pdf import navigation
from pubkit.pdf.canvases import canvas_of, used
from pubkit.pdf.fonts import JoinedFonts, share
from pubkit.pdf.metadata import describe, picture_packets
from pubkit.pdf.opaque import Flattened
from pubkit.pdf.page_map import Plan, page_of
from pubkit.pdf.picture_names import PICTURE
from pubkit.pdf.pieces import POINTS_PER_MM, Piece, verso_shift
from pubkit.pdf.prepress import make_ready, may_embed
from pubkit.pdf.press import crop_marks, frame_of, opening, set_boxes, spine_of
from pubkit.pdf.print_tree import ASSET, BASE_URL
from pubkit.pdf.structure import StructureTree
from pubkit.report import Report
from pubkit.source import Location

# PDF/X-1a is PDF 1.3, which knows no streams of objects; PDF/X-4 is PDF 1.6.
_VERSIONS: Mapping[PdfStandard, str] = {"PDF/A-2a": "1.7", "PDF/X-4": "1.6", "PDF/X-1a:2001": "1.3"}


def assemble(
    edition: Edition,
    plan: Plan,
    *,
    pieces: Sequence[Piece | None],
    furniture: Mapping[int, Piece],
    faces: Mapping[str, bytes],
    stream: BinaryIO,
    report: Report,
) -> None:
    """Write the PDF. `pieces` are those of the edition's documents, `furniture` is by the number of its first page.

    What keeps the file from being what it is made for is reported.
    """
    printing = edition.printing
    target = pikepdf.new()
    fonts = JoinedFonts(target, faces)
    pages = _copy_all(target, edition, plan, pieces, fonts)
    set_pages(target, pages)
    forms = _forms(target, furniture, fonts)
    share_images(target)  # before there are tags: it looks through all that is there
    credit_pictures(target, edition)
    shift = verso_shift(edition.theme.page, edition.metadata.direction)
    if printing.press:
        _finish_for_press(target, edition, plan, pages, forms, shift)
        navigation.take_out(pages)
    else:
        _finish_pages(target, plan, pages, forms, shift)
        known = _known_places(edition, plan, pieces, pages, shift)
        links = navigation.close_links(pages, known) | (navigation.targets(edition.toc) & known.keys())
        navigation.write_destinations(target, known, links)
        navigation.write_outline(target, edition.toc, known)
        _write_tags(target, edition, plan, pieces, pages, shift)
    navigation.write_page_labels(target, plan)
    fonts.finish()
    conforms = _is_complete(pieces, furniture)
    if printing.press:
        if not (may_embed(printing) or printing.condition):
            reason = f"{printing.standard} takes profiles of version 2, or the name of the printing condition"
            report.add("profile-invalid", _place(edition), reason=reason)
        _report_flattened(make_ready(target, printing), edition, plan, report)
        share_images(target)  # drawings that are pixels now
    elif printing.demands and not conforms:
        report.add("archive-unfit", _place(edition), standard=printing.standard)
    describe(target, edition, conforms=conforms)
    save(target, stream, printing.standard)


def save(target: Pdf, stream: BinaryIO, standard: PdfStandard) -> None:
    """Write the finished file in the version of PDF that a standard is of; equal files have equal identifiers."""
    old = standard == "PDF/X-1a:2001"
    target.save(
        stream,
        force_version=_VERSIONS[standard],
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.disable if old else pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )


def _place(edition: Edition) -> Location:
    """Where it is said what the PDF is made for; else the first document, for the command line has no place."""
    return edition.printing.at or next((each.at for each in edition.documents), Location(edition.slug))


def _report_flattened(found: Flattened, edition: Edition, plan: Plan, report: Report) -> None:
    """Say which drawings are pixels now, and which pages no printer takes; by document, in the order of the pages."""
    standard = edition.printing.standard
    drawings: dict[tuple[int, str], None] = {}
    pages: dict[int, list[str]] = {}
    for number, address in found.drawings:
        drawings[plan.leaves[number].document or 0, unquote(address.removeprefix(BASE_URL + ASSET))] = None
    for number in found.pages:
        pages.setdefault(plan.leaves[number].document or 0, []).append(plan.leaves[number].label)
    for document, name in drawings:
        shown = re.sub(r"^\d{4,}-", "", name)  # as the author knows it, or nearly so
        report.add("print-drawing-pixels", edition.documents[document].at, name=shown, standard=standard)
    for document, labels in pages.items():
        of = edition.documents[document]
        report.add("print-transparency", of.at, title=of.title, pages=", ".join(labels), standard=standard)


def _copy_all(
    target: Pdf, edition: Edition, plan: Plan, pieces: Sequence[Piece | None], fonts: JoinedFonts
) -> list[Object]:
    """The pages of all pieces, and blank ones where the plan has them, copied in its order."""
    page = edition.theme.page
    size = Array([0, 0, page.width * POINTS_PER_MM, page.height * POINTS_PER_MM])
    images: dict[bytes, Object] = {}
    pages: list[Object] = []
    for leaf in plan.leaves:
        if leaf.document is None:
            blank = Dictionary(Type=Name.Page, MediaBox=size, TrimBox=size, Resources=Dictionary())
            pages.append(target.make_indirect(blank))
        elif leaf.page == 0 and (piece := pieces[leaf.document]):
            pages += copy_pages(target, piece, fonts, images)
    return pages


def copy_pages(target: Pdf, piece: Piece, fonts: JoinedFonts, images: dict[bytes, Object]) -> list[Object]:
    """The pages of a piece, copied; an image that the target has already, in `images` by its digest, is not."""
    with _opened(piece) as source:
        shared = fonts.detach(source, piece.fonts)
        originals = [page.obj for page in source.pages]
        known = originals[0].get("/Resources", Dictionary()).get("/XObject", Dictionary())
        digests = {name: _digest(image) for name, image in known.items() if image.get("/Subtype") == Name.Image}
        for name, digest in digests.items():
            if digest in images:
                del known[name]
        pages = [target.copy_foreign(page) for page in originals]
        resources = pages[0].Resources
        share(resources, shared)
        for name, digest in digests.items():
            if digest in images:
                resources.XObject[name] = images[digest]
            else:
                images[digest] = resources.XObject[name]
    return pages


def set_pages(target: Pdf, pages: Sequence[Object]) -> None:
    """Make the page tree at once (ISO 32000-1, 7.7.3.2): qpdf looks through all pages for each one that it inserts."""
    tree = target.Root.Pages
    for page in pages:
        page.Parent = tree
    tree.Kids, tree.Count = Array(pages), len(pages)


def _opened(piece: Piece) -> Pdf:
    """The file of a piece. What is copied from a file in memory is copied at once, so it may be closed after that."""
    return pikepdf.open(io.BytesIO(piece.content))


def _forms(target: Pdf, furniture: Mapping[int, Piece], fonts: JoinedFonts) -> dict[int, Object]:
    """The furniture of every page, by the number of the page, as a form XObject."""
    forms: dict[int, Object] = {}
    for first, piece in furniture.items():
        with _opened(piece) as source:
            shared = fonts.detach(source, piece.fonts)
            for number, page in enumerate(source.pages, first):
                forms[number] = _form(target, page.obj)
            share(forms[first].Resources, shared)
    return forms


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
        if moved:
            _move_patterns(page, shift, 0)
            for annotation in page.get("/Annots", ()):
                left, bottom, right, top = (float(edge) for edge in annotation.Rect)
                annotation.Rect = Array([round(left + shift, 4), bottom, round(right + shift, 4), top])
        if number in forms:
            name = _put_form(page, number, forms[number])
            contents.append(target.make_stream(f"/Artifact <</Type /Pagination>> BDC {name} Do EMC".encode()))
        page.Contents = contents


def _put_form(page: Object, number: int, form: Object) -> str:
    """The name by which the furniture of a page is known in its resources."""
    name = f"/Furniture{number + 1}"
    resources = page.Resources
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    resources.XObject[name] = form
    return name


def _move_patterns(page: Object, x: float, y: float) -> None:
    """Move the patterns of a page with it: they are laid on the paper, not on what is moved (ISO 32000-1, 8.7.3.1)."""
    if not page.get("/Resources", Dictionary()).get("/Pattern"):
        return  # and leave what is on it unread
    for operator, each in used(canvas_of(page)):
        if operator == "scn" and "/PatternType" in each:
            *turned, right, up = (float(part) for part in each.get("/Matrix", (1, 0, 0, 1, 0, 0)))
            each.Matrix = Array([*turned, round(right + x, 4), round(up + y, 4)])


def _finish_for_press(
    target: Pdf, edition: Edition, plan: Plan, pages: Sequence[Object], forms: Mapping[int, Object], shift: float
) -> None:
    """Put every page into its place on the paper, with furniture and crop marks; nothing is seen beyond the bleed."""
    page, printing, direction = edition.theme.page, edition.printing, edition.metadata.direction
    move = target.make_stream(f"q\n1 0 0 1 {shift:.4f} 0 cm".encode())
    save, close = target.make_stream(b"q"), target.make_stream(b"Q")
    sides = []
    for verso in (False, True):
        frame = frame_of(page.width, page.height, printing, spine=spine_of(verso=verso, direction=direction))
        marks = crop_marks(frame, printing)
        closing = target.make_stream(b"\n".join((b"Q", marks)) if marks else b"Q")
        sides.append((frame, target.make_stream(opening(frame)), closing))
    for number, (leaf, paper) in enumerate(zip(plan.leaves, pages, strict=True)):
        frame, start, end = sides[leaf.verso]
        contents = Array([start])
        if "/Contents" in paper:
            moved = shift if leaf.verso else 0.0
            _move_patterns(paper, frame.trim[0] + moved, frame.trim[1])
            contents.extend([move if moved else save, paper.Contents, close])
        if number in forms:
            contents.append(target.make_stream(f"{_put_form(paper, number, forms[number])} Do".encode()))
        contents.append(end)
        paper.Contents = contents
        set_boxes(paper, frame)


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


def share_images(target: Pdf) -> None:
    """Let equal images of different pieces be one object; the others are then not written."""
    first: dict[bytes, Object] = {}
    for resources in target.objects:
        if not isinstance(resources, Dictionary) or "/XObject" not in resources:
            continue
        for name, image in dict(resources.XObject).items():
            if image.get("/Subtype") == Name.Image:
                resources.XObject[name] = first.setdefault(_digest(image), image)


def credit_pictures(target: Pdf, edition: Edition) -> None:
    """Let every picture say whose it is, in XMP of its own (ISO 32000-1, 14.3.2), and not which asset it shows."""
    packets = picture_packets(edition)
    streams: dict[str, Object] = {}
    for image in [each for each in target.objects if isinstance(each, Stream) and f"/{PICTURE}" in each]:
        name = unquote(str(image[f"/{PICTURE}"]).removeprefix(BASE_URL + ASSET))
        del image[f"/{PICTURE}"]
        if name in packets and name not in streams:
            streams[name] = target.make_stream(packets[name].encode(), Type=Name.Metadata, Subtype=Name.XML)
        if name in streams:
            image.Metadata = streams[name]


def _digest(image: Object) -> bytes:
    digest = hashlib.sha256(image.read_raw_bytes())
    for key in sorted(image.keys() - {"/SMask"}):
        digest.update(repr((key, image[key])).encode())
    if "/SMask" in image:
        digest.update(_digest(image.SMask))
    return digest.digest()
