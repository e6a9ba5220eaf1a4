"""The cover for print: back, spine and front as one page, with the spine that the printed pages make."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array

from pubkit.model import Asset, ContentDocument, Edition, Printing
from pubkit.pdf.assembly import copy_pages, save, set_pages, share_images
from pubkit.pdf.cover_page import LEAST_LETTERS, LINE, CoverPage, cover_page
from pubkit.pdf.fonts import JoinedFonts
from pubkit.pdf.layout import lay_out_book_cover, load_weasyprint, prepare, put_away
from pubkit.pdf.metadata import describe
from pubkit.pdf.opaque import Flattened
from pubkit.pdf.outcome import accept
from pubkit.pdf.pieces import Piece
from pubkit.pdf.prepress import make_ready
from pubkit.pdf.press import crop_marks, fold_marks, frame_of, opening, set_boxes
from pubkit.pdf.writer import SECONDS, supplies_of
from pubkit.report import Report
from pubkit.workers import Jobs, run_jobs

MUCH = 0.05  # of a picture: more than that is said


def write_book_cover(edition: Edition, stream: BinaryIO, report: Report, *, pages: int, jobs: Jobs = 0) -> None:
    """Write the cover of an edition that fills so many printed pages, as a PDF of one page.

    Reports how wide the spine is, and what the cover cannot show. Raises ValueError for an edition without a cover for
    print, and PangoMissingError where WeasyPrint cannot run.
    """
    document = edition.book_cover
    if document is None:
        raise ValueError("the edition has no cover for print")
    load_weasyprint()
    cover = cover_page(edition, pages)
    with tempfile.TemporaryDirectory(prefix="pubkit-") as scratch:
        theme = replace(edition.theme, print_css="", furniture_css="")  # of the pages, where their faults were said
        supplies = supplies_of(replace(edition, theme=theme), Path(scratch), cover)
        try:
            (result,) = run_jobs(
                lay_out_book_cover,
                [(document, cover)],
                jobs=jobs,
                seconds=SECONDS,
                prepare=prepare,
                prepare_with=(supplies,),
            )
        finally:
            put_away()
    piece = accept(result, document.at, "the cover for print", edition.theme, report)
    _report(edition, document, cover, pages, report)
    if piece:
        _assemble(edition, document, piece, cover, supplies.faces, stream, report)


def _assemble(
    edition: Edition,
    document: ContentDocument,
    piece: Piece,
    cover: CoverPage,
    faces: Mapping[str, bytes],
    stream: BinaryIO,
    report: Report,
) -> None:
    printing = edition.printing
    target = pikepdf.new()
    fonts = JoinedFonts(target, faces)
    page, *_ = pages = copy_pages(target, piece, fonts, {})
    set_pages(target, pages)
    frame = frame_of(cover.whole, cover.height, printing, spine="none")
    marks = crop_marks(frame, printing), fold_marks(frame, printing, cover.folds)
    closing = b"\n".join(part for part in (b"Q", *marks) if part)
    page.Contents = Array([target.make_stream(opening(frame)), page.Contents, target.make_stream(closing)])
    set_boxes(page, frame)
    fonts.finish()
    share_images(target)
    _report_flattened(make_ready(target, printing), edition, document, report)
    share_images(target)
    # It is another document than the pages, and its title, of which its identifier is made, says so.
    metadata = replace(edition.metadata, title=f"{edition.metadata.title} – {edition.labels.get('cover', 'Cover')}")
    describe(target, replace(edition, metadata=metadata), conforms=False)
    save(target, stream, printing.standard)


def _report_flattened(found: Flattened, edition: Edition, document: ContentDocument, report: Report) -> None:
    standard = edition.printing.standard
    if found.drawings:
        report.add("print-drawing-pixels", document.at, name=edition.cover, standard=standard)
    if found.pages:
        report.add("print-transparency", document.at, title="the cover for print", pages="1", standard=standard)


def _report(edition: Edition, document: ContentDocument, cover: CoverPage, pages: int, report: Report) -> None:
    """Say how wide the spine is, and what a reader of pubkit.yaml would not expect of the cover."""
    printing = edition.printing
    at = printing.at or document.at
    report.add(
        "cover-spine",
        at,
        width=f"{cover.whole + 2 * cover.bleed:.2f}",
        height=f"{cover.height + 2 * cover.bleed:.2f}",
        spine=f"{cover.spine:.2f}",
        pages=pages,
        paper=printing.paper or "of your own",
        leaf=f"{round(printing.leaf, 4):g}",
        printer=printing.printer,
    )
    if pages < printing.spine_text:
        report.add("cover-spine-blank", at, reason=f"{printing.printer} asks for {printing.spine_text} pages")
    elif not cover.spine_words:
        need = LEAST_LETTERS * LINE + 2 * cover.spine_safe
        report.add("cover-spine-blank", at, reason=f"letters of 7 pt need a spine of {need:.1f} mm")
    if 'id="book-barcode"' in document.body and "barcode-symbol" not in document.body:
        report.add("cover-isbn-missing", at)
    picture = next((each for each in edition.assets if each.name == edition.cover), None)
    if picture and f'src="{picture.name}"' in document.body:
        _report_picture(picture, document, cover, printing, report)


def _report_picture(
    picture: Asset, document: ContentDocument, cover: CoverPage, printing: Printing, report: Report
) -> None:
    """Say where much of the picture is cut off, or where it has too few pixels for the front that it fills."""
    name = picture.name.partition("-")[2] or picture.name
    across, down = picture.width / (cover.width + cover.bleed), picture.height / (cover.height + 2 * cover.bleed)
    pixels = min(across, down)  # a mm
    cut = 1 - min(cover.width * pixels / picture.width, cover.height * pixels / picture.height)
    if cut > MUCH:
        sides = "at its sides" if across > down else "at head and foot"
        report.add("cover-cropped", document.at, name=name, percent=round(100 * cut), sides=sides)
    ppi = round(pixels * 25.4)
    if picture.media_type != "image/svg+xml" and ppi < printing.resolution:
        width, needed = f"{picture.width / pixels:.0f}", printing.resolution
        report.add("print-resolution", document.at, name=name, ppi=ppi, width=width, page="cover", needed=needed)
