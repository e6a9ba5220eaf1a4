"""An edition written as PDF: layout of its documents, page map, furniture, assembly."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from pubkit.cache import Cache, Work
from pubkit.model import ContentDocument, Edition, PageMap
from pubkit.pdf.cover_page import CoverPage
from pubkit.pdf.fonts import whole_faces
from pubkit.pdf.furniture import sheets
from pubkit.pdf.grounds import Grounds
from pubkit.pdf.layout import lay_out, lay_out_sheets, load_weasyprint, prepare, put_away
from pubkit.pdf.outcome import accept
from pubkit.pdf.page_map import Plan, map_pages, plan_pages, printed_pages
from pubkit.pdf.pieces import Crash, Piece, Stretch
from pubkit.pdf.print_tree import page_numbers_wanted
from pubkit.pdf.references import settled
from pubkit.pdf.surroundings import Supplies
from pubkit.printing import with_margins
from pubkit.report import Report
from pubkit.source import Location
from pubkit.theme import place_in
from pubkit.workers import Failure, Jobs, Progress, run_jobs

SECONDS = 300.0  # for one document: some 8,000 pages
BESIDE = 2000  # pages; the contents and the credits of more take so much memory that nothing is laid out beside them
REPEATS = 3  # of documents whose own length changes the page numbers they print


def write_pdf(
    edition: Edition,
    stream: BinaryIO,
    report: Report,
    *,
    jobs: Jobs,
    progress: Progress | None = None,
    cache: Cache | None = None,
) -> PageMap:
    """Write the edition as PDF and give the page map.

    `jobs` processes lay out at once (0: this one). `progress` is told the stage ("layout", "furniture", "assembly"),
    what is done of it, and of how much; and ("pages", so many, 0) with the pages laid out. A document that cannot be
    laid out is reported and left out; one that is in the `cache` is not laid out again.
    Raises PangoMissingError where WeasyPrint cannot run, and images.separation.ProfileRefusedError where the edition's
    profile is not one of CMYK printing.
    """
    load_weasyprint()  # here, so that the workers, which are forks, need not
    tell = progress or (lambda *_: None)
    if edition.printing.press:  # the cover is printed by itself, on other paper
        edition = replace(edition, documents=tuple(each for each in edition.documents if each.kind != "cover"))
    with tempfile.TemporaryDirectory(prefix="pubkit-") as scratch:
        shop, plan = _shop_with_gutter(edition, jobs, tell, Path(scratch), cache)
        try:
            furniture = shop.lay_out_furniture(plan)
        finally:
            put_away()
        report.extend(shop.report.diagnostics)
        _report_pages(edition, len(plan.leaves), report)
        from pubkit.pdf.assembly import assemble

        tell("assembly", 0, 1)
        assemble(
            shop.edition,
            plan,
            pieces=shop.pieces,
            furniture=furniture,
            faces=shop.supplies.faces,
            stream=stream,
            report=report,
        )
        tell("assembly", 1, 1)
    printed = printed_pages(shop.edition, plan, shop.pieces, furniture)
    return replace(shop.page_map(plan), printed=printed)


def _shop_with_gutter(
    edition: Edition, jobs: Jobs, tell: Progress, scratch: Path, cache: Cache | None
) -> tuple[_Shop, Plan]:
    """All documents laid out with the gutter that the printer asks for in a book of as many pages as they fill.

    A wider gutter never makes fewer pages count, so this ends with the widest at the latest.
    """
    pages = 0
    while True:
        page = with_margins(edition.theme.page, edition.printing, pages)
        made = replace(edition, theme=replace(edition.theme, page=page))
        shop = _Shop(made, Report(), jobs, tell, supplies_of(made, scratch), Grounds.of(made) if cache else None, cache)
        try:
            plan = shop.lay_out_documents()
        except BaseException:
            put_away()
            raise
        pages = max(pages, len(plan.leaves))
        if with_margins(edition.theme.page, edition.printing, pages) == page:
            return shop, plan


def _report_pages(edition: Edition, pages: int, report: Report) -> None:
    """Say so where a printer binds no book of so few or so many pages."""
    printing = edition.printing
    least, most = printing.least_pages, printing.most_pages
    if pages < least or (most and pages > most):
        at = printing.at or edition.documents[0].at
        report.add("print-pages", at, printer=printing.printer, pages=pages, least=least, most=most or "any number of")


def supplies_of(edition: Edition, scratch: Path, cover: CoverPage | None = None) -> Supplies:
    """What the layout of an edition needs; with a `cover`, that of the cover for print."""
    return Supplies(
        theme=edition.theme,
        printing=edition.printing,
        direction=edition.metadata.direction,
        faces=whole_faces(edition.theme.fonts),
        images={asset.name: (asset.media_type, asset.press) for asset in edition.assets},
        cover=cover,
        scratch=scratch,
    )


@dataclass(slots=True)
class _Shop:
    """One edition at work: the pieces that are there so far."""

    edition: Edition
    report: Report
    jobs: Jobs
    tell: Progress
    supplies: Supplies
    grounds: Grounds | None = None
    cache: Cache | None = None
    pieces: list[Piece | None] = field(default_factory=list)
    sheets: dict[bytes, Piece | Crash | Failure] = field(default_factory=dict)  # furniture, by its document

    def lay_out_documents(self) -> Plan:
        """Lay out every document; those that print page numbers come last, and again while the numbers change.

        With them comes the furniture of all pages that they move no more: mostly they are too few for all processes.
        """
        documents = self.edition.documents
        self.pieces = [None] * len(documents)
        counts = [1] * len(documents)  # a guess, for those that are not laid out yet
        wanted = {n: page_numbers_wanted(document, self.edition.printing) for n, document in enumerate(documents)}
        numbered = [n for n in wanted if wanted[n]]
        self._lay_out([n for n in range(len(documents)) if n not in numbered], {}, counts)
        printed: dict[int, dict[str, str]] = {}
        for attempt in range(REPEATS + 2):
            plan = plan_pages(documents, counts, self.edition.printing)
            labels = self.page_map(plan).labels
            pages = {n: {identifier: labels.get(identifier, "") for identifier in wanted[n]} for n in numbered}
            numbers = {n: settled(pages[n], printed.get(n)) for n in numbered}
            due = [n for n in numbered if numbers[n] != printed.get(n)]
            if not due:
                break
            if attempt > REPEATS:
                self.report.add("page-numbers-unsettled", documents[due[0]].at, title=documents[due[0]].title)
                break
            printed |= {n: numbers[n] for n in due}
            beside = self._sheets(plan, before=numbered) if len(plan.leaves) <= BESIDE else ()
            self._lay_out(due, printed, counts, beside)
        return plan

    def _sheets(self, plan: Plan, *, before: Sequence[int] = ()) -> list[tuple[range, bytes]]:
        """The furniture not laid out yet; only of pages with arabic numbers that come `before` these documents."""
        end = min((plan.starts[n] for n in before if plan.starts[n] >= plan.body), default=len(plan.leaves))
        due = [each for each in sheets(self.edition, plan) if each[1] not in self.sheets]
        return [each for each in due if not before or (each[0].start >= plan.body and each[0].stop <= end)]

    def page_map(self, plan: Plan) -> PageMap:
        """On which page of the plan every id stands."""
        places = [piece.places if piece else {} for piece in self.pieces]
        return map_pages(self.edition, plan, places, [piece.starts if piece else () for piece in self.pieces])

    def _lay_out(
        self,
        numbers: Sequence[int],
        printed: Mapping[int, dict[str, str]],
        counts: list[int],
        furniture: Sequence[tuple[range, bytes]] = (),
    ) -> None:
        documents = self.edition.documents
        order = sorted(numbers, key=lambda n: -len(documents[n].body))  # the longest must not come last and alone
        results = self._run([(documents[n], printed.get(n, {})) for n in order], furniture)
        for n, result in zip(order, results, strict=False):
            new = self.pieces[n] is None
            piece = self._accept(result, documents[n].at, documents[n].title)
            self.pieces[n] = piece and self._put_down(piece)
            counts[n] = result.pages if isinstance(result, Piece) else 0
            if new:
                pieces = [piece for piece in self.pieces if piece]
                self.tell("layout", len(pieces), len(documents))
                self.tell("pages", sum(piece.pages for piece in pieces), 0)
        self.sheets.update(zip((xhtml for _, xhtml in furniture), results, strict=True))

    def lay_out_furniture(self, plan: Plan) -> dict[int, Piece]:
        """Lay out what is left of running heads and folios; gives all their pieces by their first page."""
        left, every = self._sheets(plan), list(sheets(self.edition, plan))
        for number, ((_, xhtml), result) in enumerate(zip(left, self._run([], left), strict=True), 1):
            self.sheets[xhtml] = result
            self.tell("furniture", len(every) - len(left) + number, len(every))
        at = place_in(self.edition.theme, "furniture.css")
        pieces: dict[int, Piece] = {}
        for pages, xhtml in every:
            piece = self._accept(self.sheets[xhtml], at, "running heads and folios")
            if piece and piece.pages != len(pages):
                self.report.add("furniture-overflows", at, pages=piece.pages, expected=len(pages))
            elif piece:
                pieces[pages.start] = piece
        return pieces

    def _run(
        self, documents: Sequence[tuple[ContentDocument, dict[str, str]]], furniture: Sequence[tuple[range, bytes]]
    ) -> Iterator[Piece | Crash | Failure]:
        """Lay out documents, with the page numbers that they print, and then furniture."""
        works: list[Work] = []
        if self.grounds:
            works = [self.grounds.of_layout(*each) for each in documents]
            works += [self.grounds.of_furniture(*each) for each in furniture]
        return run_jobs(
            _lay_out,
            [*documents, *((xhtml,) for _, xhtml in furniture)],
            jobs=self.jobs,
            seconds=SECONDS,
            prepare=prepare,
            prepare_with=(self.supplies,),
            cache=self.cache,
            works=works,
            keeps=Piece,
        )

    def _put_down(self, piece: Piece) -> Piece:
        """The piece with its file in the scratch folder: those of a thousand articles would take 100 MB."""
        path = self.supplies.scratch / "pieces"
        with path.open("ab") as stream:
            start = stream.tell()
            stream.write(piece.content)
        return replace(piece, pdf=Stretch(path=path, start=start, length=len(piece.content)))

    def _accept(self, result: Piece | Crash | Failure, at: Location, title: str) -> Piece | None:
        return accept(result, at, title, self.edition.theme, self.report)


def _lay_out(what: ContentDocument | bytes, *numbers: Mapping[str, str]) -> Piece | Crash:
    """A document, or sheets of furniture: one function, so that one pool has both."""
    return lay_out_sheets(what) if isinstance(what, bytes) else lay_out(what, *numbers)
