"""An edition written as PDF: layout of its documents, page map, furniture, assembly."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from pubkit.model import Edition, PageMap
from pubkit.pdf.fonts import whole_faces
from pubkit.pdf.furniture import SHEETS, sheets
from pubkit.pdf.layout import lay_out, lay_out_sheets, load_weasyprint, prepare, put_away
from pubkit.pdf.page_map import Plan, map_pages, plan_pages
from pubkit.pdf.pieces import Crash, Overheard, Piece
from pubkit.pdf.print_tree import has_page_numbers, page_numbers_wanted
from pubkit.pdf.surroundings import Supplies
from pubkit.printing import with_margins
from pubkit.report import Report
from pubkit.source import Location
from pubkit.theme import place_in
from pubkit.workers import Failure, run_jobs

SECONDS = 300.0  # for one document: some 8,000 pages
GLYPHS = 10  # named in one diagnostic
REPEATS = 3  # of documents whose own length changes the page numbers they print

Progress = Callable[[str, int, int], None]
_AT = re.compile(r" at (\d+):(\d+)")


def write_pdf(
    edition: Edition, stream: BinaryIO, report: Report, *, jobs: int, progress: Progress | None = None
) -> PageMap:
    """Write the edition as PDF and give the page map.

    `jobs` processes lay out at once (0: this one). `progress` is told the stage ("layout", "furniture", "assembly"),
    what is done of it, and of how much. A document that cannot be laid out is reported and left out.
    Raises PangoMissingError where WeasyPrint cannot run.
    """
    load_weasyprint()  # here, so that the workers, which are forks, need not
    tell = progress or (lambda *_: None)
    if edition.printing.press:  # the cover is printed by itself, on other paper
        edition = replace(edition, documents=tuple(each for each in edition.documents if each.kind != "cover"))
    with tempfile.TemporaryDirectory(prefix="pubkit-") as scratch:
        shop, plan = _shop_with_gutter(edition, jobs, tell, Path(scratch))
        try:
            furniture = shop.lay_out_furniture(plan)
        finally:
            put_away()
    report.extend(shop.report.diagnostics)
    _report_pages(edition, len(plan.leaves), report)
    from pubkit.pdf.assembly import assemble

    tell("assembly", 0, 1)
    assemble(shop.edition, plan, pieces=shop.pieces, furniture=furniture, faces=shop.supplies.faces, stream=stream)
    tell("assembly", 1, 1)
    return shop.page_map(plan)


def _shop_with_gutter(edition: Edition, jobs: int, tell: Progress, scratch: Path) -> tuple[_Shop, Plan]:
    """All documents laid out with the gutter that the printer asks for in a book of as many pages as they fill.

    A wider gutter never makes fewer pages count, so this ends with the widest at the latest.
    """
    pages = 0
    while True:
        page = with_margins(edition.theme.page, edition.printing, pages)
        made = replace(edition, theme=replace(edition.theme, page=page))
        shop = _Shop(made, Report(), jobs, tell, _supplies(made, scratch))
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


def _supplies(edition: Edition, scratch: Path) -> Supplies:
    return Supplies(
        theme=edition.theme,
        printing=edition.printing,
        direction=edition.metadata.direction,
        faces=whole_faces(edition.theme.fonts),
        images={asset.name: (asset.media_type, asset.press) for asset in edition.assets},
        scratch=scratch,
    )


@dataclass(slots=True)
class _Shop:
    """One edition at work: the pieces that are there so far."""

    edition: Edition
    report: Report
    jobs: int
    tell: Progress
    supplies: Supplies
    pieces: list[Piece | None] = field(default_factory=list)

    def lay_out_documents(self) -> Plan:
        """Lay out every document; those that print page numbers come last, and again while the numbers change."""
        documents = self.edition.documents
        self.pieces = [None] * len(documents)
        counts = [1] * len(documents)  # a guess, for those that are not laid out yet
        numbered = [n for n, document in enumerate(documents) if has_page_numbers(document)]
        self._lay_out([n for n in range(len(documents)) if n not in numbered], {}, counts)
        wanted = {n: page_numbers_wanted(documents[n]) for n in numbered}
        printed: dict[int, dict[str, str]] = {}
        for attempt in range(REPEATS + 2):
            plan = plan_pages(documents, counts, self.edition.printing)
            labels = self.page_map(plan).labels
            numbers = {n: {identifier: labels.get(identifier, "") for identifier in wanted[n]} for n in numbered}
            due = [n for n in numbered if numbers[n] != printed.get(n)]
            if not due:
                break
            if attempt > REPEATS:
                self.report.add("page-numbers-unsettled", documents[due[0]].at, title=documents[due[0]].title)
                break
            printed |= {n: numbers[n] for n in due}
            self._lay_out(due, printed, counts)
        return plan

    def page_map(self, plan: Plan) -> PageMap:
        """On which page of the plan every id stands."""
        places = [piece.places if piece else {} for piece in self.pieces]
        return map_pages(self.edition, plan, places, [piece.starts if piece else () for piece in self.pieces])

    def _lay_out(self, numbers: Sequence[int], printed: Mapping[int, dict[str, str]], counts: list[int]) -> None:
        documents = self.edition.documents
        order = sorted(numbers, key=lambda n: -len(documents[n].body))  # the longest must not come last and alone
        tasks = [(documents[n], printed.get(n, {})) for n in order]
        for n, result in zip(order, self._run(lay_out, tasks), strict=True):
            new = self.pieces[n] is None
            self.pieces[n] = self._accept(result, documents[n].at, documents[n].title)
            counts[n] = result.pages if isinstance(result, Piece) else 0
            if new:
                self.tell("layout", sum(piece is not None for piece in self.pieces), len(documents))

    def lay_out_furniture(self, plan: Plan) -> dict[int, Piece]:
        """Lay out running heads and folios; gives the pieces by their first page."""
        at = place_in(self.edition.theme, "furniture.css")
        tasks = [(xhtml,) for xhtml in sheets(self.edition, plan)]
        pieces: dict[int, Piece] = {}
        for number, result in enumerate(self._run(lay_out_sheets, tasks)):
            first = number * SHEETS
            piece = self._accept(result, at, "running heads and folios")
            expected = min(SHEETS, len(plan.leaves) - first)
            if piece and piece.pages != expected:
                self.report.add("furniture-overflows", at, pages=piece.pages, expected=expected)
            elif piece:
                pieces[first] = piece
            self.tell("furniture", number + 1, len(tasks))
        return pieces

    def _run(self, function: Callable[..., Piece | Crash], tasks: list[tuple[Any, ...]]) -> Any:
        return run_jobs(
            function, tasks, jobs=self.jobs, seconds=SECONDS, prepare=prepare, prepare_with=(self.supplies,)
        )

    def _accept(self, result: Piece | Crash | Failure, at: Location, title: str) -> Piece | None:
        """Report what is to be said about a result; None where there are no pages."""
        if isinstance(result, Failure):
            self.report.add(f"layout-{result.cause}", at, title=title, detail=result.detail)
            return None
        self._pass_on(result.overheard, at)
        if isinstance(result, Crash):
            self.report.add("layout-failed", at, title=title, reason=result.reason)
            return None
        return result

    def _pass_on(self, overheard: Sequence[Overheard], at: Location) -> None:
        missing = [each.words for each in overheard if each.about == "glyph"]
        if missing:
            shown = ", ".join(f"{each} (U+{ord(each[0]):04X})" for each in missing[:GLYPHS])
            self.report.add("glyph-missing", at, characters=shown + (", …" if len(missing) > GLYPHS else ""))
        for each in overheard:
            if each.about == "theme":
                found = _AT.search(each.words)
                place = (int(found[1]), int(found[2])) if found else (None, None)
                where = place_in(self.edition.theme, each.where, *place)
                self.report.add("theme-css", where, reason=each.words)
            elif each.about == "fetch":
                self.report.add("fetch-refused", at, url=each.words)
            elif each.about == "math":
                self.report.add("math-undrawn", at, tex=each.words)
            elif each.about == "cut":
                self.report.add("print-text-cut", at, text=each.words)
            elif each.about == "document":
                self.report.add("layout-remark", at, reason=each.words)
