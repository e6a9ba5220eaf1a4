"""Which document stands on which page, and what each page is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pubkit.model import ContentDocument, Edition, PageMap, PageStart, PrintedPage, Printing, Sighting
from pubkit.pdf.pieces import POINTS_PER_MM, Piece, Place, Start, verso_shift
from pubkit.pdf.sightings import moved

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
SCREEN = Printing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One printed page: the document on it (None: blank), which of that document's pages, and its label."""

    document: int | None
    page: int
    label: str
    verso: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All pages in order; `starts` is the first page of every document, `body` that of the arabic numbers, from 0."""

    leaves: tuple[Leaf, ...]
    starts: tuple[int, ...]
    body: int


def plan_pages(documents: Sequence[ContentDocument], counts: Sequence[int], printing: Printing = SCREEN) -> Plan:
    """Put the documents one after another, each on a new page.

    Front matter is numbered with roman numerals from i, everything after it with arabic ones from 1, and page 1 is
    a right-hand page (Chicago Manual of Style 1.5 to 1.9): a blank page comes before it where that is needed, and
    before every article where these start on right-hand pages. At the end come the blank pages that a printer wants.
    """
    leaves: list[Leaf] = []
    starts: list[int] = []
    body: int | None = None

    def put(document: int | None, page: int) -> None:
        number = len(leaves) + 1 - (body or 0)
        label = str(number) if body is not None else roman(number)
        leaves.append(Leaf(document=document, page=page, label=label, verso=len(leaves) % 2 == 1))

    for position, (document, count) in enumerate(zip(documents, counts, strict=True)):
        if document.matter != "front" and body is None:
            if len(leaves) % 2:
                put(None, 0)
            body = len(leaves)
        elif printing.recto and document.kind == "article" and len(leaves) % 2:
            put(None, 0)
        starts.append(len(leaves))
        for page in range(count):
            put(position, page)
    if leaves and printing.last_blank:
        put(None, 0)
    while leaves and len(leaves) % printing.multiple:
        put(None, 0)
    return Plan(leaves=tuple(leaves), starts=tuple(starts), body=len(leaves) if body is None else body)


def roman(number: int) -> str:
    """A number in lower-case roman numerals."""
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def page_of(plan: Plan, document: int, page: int) -> int:
    """The printed page, from 0, of a page of a document; the last page there is for a document without pages."""
    return max(0, min(plan.starts[document] + page, len(plan.leaves) - 1))


def map_pages(
    edition: Edition,
    plan: Plan,
    places: Sequence[Mapping[str, Place]],
    starts: Sequence[Sequence[Start | None]] = (),
) -> PageMap:
    """The label of the page of every id, and where pages begin; `places` and `starts` are those of the documents.

    An id that is not printed is on the first page of its document.
    """
    labels: dict[str, str] = {}
    if not plan.leaves:
        return PageMap(labels=labels, pages=0)
    position = {document.name: number for number, document in enumerate(edition.documents)}
    for identifier, home in edition.home_of.items():
        if home in position:
            labels[identifier] = plan.leaves[page_of(plan, position[home], 0)].label
    for number, known in enumerate(places):
        for identifier, place in known.items():
            labels[identifier] = plan.leaves[page_of(plan, number, place.page)].label
    return PageMap(labels=labels, pages=len(plan.leaves), starts=tuple(_starts(edition, plan, starts)))


def _starts(edition: Edition, plan: Plan, starts: Sequence[Sequence[Start | None]]) -> Iterator[PageStart]:
    for leaf in plan.leaves:
        if leaf.document is None or leaf.document >= len(starts):
            continue
        name, known = edition.documents[leaf.document].name, starts[leaf.document]
        start = known[leaf.page] if leaf.page < len(known) else None
        if start is not None:
            yield PageStart(label=leaf.label, document=name, element=start.element, text=start.text)


def printed_pages(
    edition: Edition, plan: Plan, pieces: Sequence[Piece | None], furniture: Mapping[int, Piece]
) -> tuple[PrintedPage, ...]:
    """All pages of the plan, and what is seen on them; `furniture` is by the number of its first page."""
    shift = verso_shift(edition.theme.page, edition.metadata.direction) / POINTS_PER_MM
    above = [dict(enumerate(piece.seen, first)) for first, piece in furniture.items()]
    running: dict[int, tuple[Sighting, ...]] = {number: seen for each in above for number, seen in each.items()}
    return tuple(
        _printed(edition, leaf, pieces, running.get(number, ()), shift) for number, leaf in enumerate(plan.leaves)
    )


def _printed(
    edition: Edition, leaf: Leaf, pieces: Sequence[Piece | None], running: tuple[Sighting, ...], shift: float
) -> PrintedPage:
    piece = pieces[leaf.document] if leaf.document is not None else None
    starts, seen = (piece.starts, piece.seen) if piece else ((), ())
    return PrintedPage(
        label=leaf.label,
        document="" if leaf.document is None else edition.documents[leaf.document].name,
        verso=leaf.verso,
        blank=leaf.document is None or (leaf.page < len(starts) and starts[leaf.page] is None),
        seen=tuple(moved(each, shift if leaf.verso else 0.0) for each in seen[leaf.page]) if seen else (),
        furniture=running,
    )
