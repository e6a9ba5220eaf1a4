"""What is seen on the printed pages, held against what whoever prints them asks for; each finding at its source line.

What sticks out of its box is wrong on any page. Pixels, bleed, margins, thin lines and colours matter where the purpose
of the PDF is a press.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from pubkit.check.places import Places
from pubkit.images import Tones, tones
from pubkit.ledger import report_cropped
from pubkit.model import (
    Area,
    Edition,
    GroundSeen,
    HairlineSeen,
    LinesSeen,
    OverflowSeen,
    PageGeometry,
    PageMap,
    PictureSeen,
    PrintedPage,
    Printing,
    Publication,
    TextSeen,
    Theme,
)
from pubkit.printing import least_margins
from pubkit.report import Report
from pubkit.source import Location, read_content
from pubkit.theme import place_in

_Seen = TypeVar("_Seen", GroundSeen, HairlineSeen)
_SAME = 0.1  # mm, of which nobody sees or cuts less
_PAGES = 12  # that are named in one message
_SHOWN = 60  # characters of a text that is named
_ALONE = ("widow", "orphan", "heading")
_FAULTS = {
    "widow": "the last line of a paragraph stands alone at the head of page {page}",
    "orphan": "the first line of a paragraph stands alone at the foot of page {page}",
    "heading": "a heading is the last line of page {page}",
    "short": "the last line of a paragraph is very short on page {page}",
    "hyphens": "{count} lines in a row end with a hyphen on page {page}",
    "ending": "the last page, {page}, has {count} lines only",
}
_WHAT = {
    "line": "a line",
    "code": "a line of code",
    "table": "a table",
    "picture": "a picture",
    "formula": "a formula",
}
_POINTS = {"pt": 1.0, "px": 0.75, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "q": 18 / 25.4, "pc": 12.0}
_OTHER_SHAPE = 0.03  # of the width for the height: more is no rounding
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_WIDTHS = re.compile(r"[\w-]*(?:border|rule)[\w-]*\s*:([^;{}]*)", re.IGNORECASE)
_LENGTH = re.compile(r"(?<![\w.-])(\d*\.?\d+)(pt|px|mm|cm|in|q|pc)\b", re.IGNORECASE)


def check_print(edition: Edition, publication: Publication, page_map: PageMap, report: Report) -> None:
    """Report what is wrong with the pages of a PDF, of which `page_map` says what is seen on them."""
    gutter, safe = least_margins(edition.printing, page_map.pages)
    least = replace(edition.theme.page, top=safe, bottom=safe, inside=gutter, outside=safe)
    subject = _Subject(edition, edition.printing, Places(edition, publication), page_map.printed, least, report)
    report_cropped(publication, _cropped(subject), report)
    _check_overflow(subject)
    _check_lines(subject)
    if edition.printing.press:
        _check_resolution(subject)
        _check_bleed(subject)
        _check_safe_zone(subject)
        _check_hairlines(subject)
        _check_blank(subject, publication)
    if edition.printing.colour == "gray":
        _check_colour(subject)


@dataclass(frozen=True, slots=True)
class _Subject:
    edition: Edition
    printing: Printing
    places: Places
    pages: tuple[PrintedPage, ...]
    least: PageGeometry  # its margins are the narrowest that text may have, in a book of so many pages
    report: Report

    def distance(self, edge: str) -> float:
        """How far from an edge text must stay, in mm."""
        page = self.least
        return {"top": page.top, "bottom": page.bottom, "inner": page.inside, "outer": page.outside}[edge]

    def pictures(self) -> Iterator[tuple[PrintedPage, PictureSeen]]:
        """Every picture of pixels or lines, with its page."""
        for page in self.pages:
            for seen in page.seen:
                if isinstance(seen, PictureSeen):
                    yield page, seen

    def place_of(self, page: PrintedPage, picture: PictureSeen) -> Location:
        return self.places.picture(page.document, picture.image, near=picture.near)

    def tones_of(self, picture: PictureSeen) -> Tones | None:
        """The tones of a picture of pixels; None for a drawing."""
        asset = next((each for each in self.edition.assets if each.name == picture.image), None)
        return tones(read_content(asset.press)) if asset and picture.ppi else None


def _check_overflow(subject: _Subject) -> None:
    for page in subject.pages:
        for seen in page.seen:
            if not isinstance(seen, OverflowSeen):
                continue
            if seen.what == "picture":
                words, at = _file_name(seen.words), subject.places.picture(page.document, seen.words, near=seen.near)
            else:
                words, at = _shown(seen.words), subject.places.words(page.document, seen.words)
            by = f"{seen.by:.1f}"
            subject.report.add("print-overflow", at, what=_WHAT[seen.what], by=by, page=page.label, words=words)


def _check_lines(subject: _Subject) -> None:
    for page in subject.pages:
        for seen in page.seen:
            if not isinstance(seen, LinesSeen):
                continue
            what = _FAULTS[seen.fault].format(page=page.label, count=seen.count)
            if seen.words:
                what += f": {_shown(seen.words)!r}"
            code = "print-lines-alone" if seen.fault in _ALONE and subject.printing.press else "print-lines"
            at = subject.places.words(page.document, seen.words)
            subject.report.add(code, at, what=what)


def _check_resolution(subject: _Subject) -> None:
    """Every figure once, where it is printed with the fewest pixels an inch."""
    printing = subject.printing
    worst: dict[tuple[str, str, str], tuple[PrintedPage, PictureSeen]] = {}
    for page, picture in subject.pictures():
        key = page.document, picture.near, picture.image
        if picture.ppi and (key not in worst or picture.ppi < worst[key][1].ppi):
            worst[key] = page, picture
    for page, picture in worst.values():
        needed, ppi = printing.resolution, round(picture.ppi)
        if ppi < printing.line_resolution:
            known = subject.tones_of(picture)
            needed = printing.line_resolution if known and known.line else needed
        if ppi < needed:
            subject.report.add(
                "print-resolution",
                subject.place_of(page, picture),
                name=_file_name(picture.image),
                ppi=ppi,
                width=f"{picture.area.right - picture.area.left:.0f}",
                page=page.label,
                needed=needed,
            )


def _cropped(subject: _Subject) -> frozenset[str]:
    """The pictures of which a part does not show: what is printed has another shape than the file."""
    shapes = {asset.name: asset.width / asset.height for asset in subject.edition.assets if asset.height}
    found = set()
    for _, picture in subject.pictures():
        wide, high = picture.area.right - picture.area.left, picture.area.bottom - picture.area.top
        if picture.image in shapes and high > 0 and abs(wide / high / shapes[picture.image] - 1) > _OTHER_SHAPE:
            found.add(picture.image)
    return frozenset(found)


def _check_bleed(subject: _Subject) -> None:
    """Every picture; a ground or a border once for every kind of element and edge, in its style sheet."""
    if not subject.printing.bleed:
        return
    for page, picture in subject.pictures():
        for edge, distance in _unbled(subject, page, picture.area):
            _add_bleed(subject, subject.place_of(page, picture), _file_name(picture.image), page, edge, distance)
    theme = subject.edition.theme
    told: set[tuple[str, str, str]] = set()
    for name, page, ground in _with_sheets(subject, GroundSeen):
        for edge, distance in _unbled(subject, page, ground.area):
            if (name, ground.element, edge) not in told:
                told.add((name, ground.element, edge))
                what = f"the ground or border of {ground.element}"
                _add_bleed(subject, place_in(theme, name), what, page, edge, distance)


def _with_sheets(subject: _Subject, kind: type[_Seen]) -> Iterator[tuple[str, PrintedPage, _Seen]]:
    """What was seen of a kind on all pages, each with the style sheet that draws it: of the text, or of furniture."""
    for page in subject.pages:
        for name, sightings in (("print.css", page.seen), ("furniture.css", page.furniture)):
            for seen in sightings:
                if isinstance(seen, kind):
                    yield name, page, seen


def _unbled(subject: _Subject, page: PrintedPage, area: Area) -> Iterator[tuple[str, float]]:
    """The edges that a rectangle touches without reaching over them by the bleed, and how far it is from each in mm."""
    printing = subject.printing
    for edge, distance in _distances(subject, page, area).items():
        bleeds = printing.bleed_inside or edge != "inner"
        if bleeds and -printing.bleed + _SAME < distance < _SAME:
            yield edge, distance


def _add_bleed(subject: _Subject, at: Location, name: str, page: PrintedPage, edge: str, distance: float) -> None:
    subject.report.add(
        "print-bleed",
        at,
        name=name,
        reaches=f"reaches {-distance:.1f} mm over" if distance <= -_SAME else "ends at",
        edge=edge,
        page=page.label,
        printer=subject.printing.printer,
        bleed=f"{subject.printing.bleed:g}",
    )


def _check_safe_zone(subject: _Subject) -> None:
    """Once for every page and edge of the text; of running heads and folios once for every edge."""
    theme = subject.edition.theme
    running: dict[str, list[tuple[float, PrintedPage, TextSeen]]] = {}
    for page in subject.pages:
        nearest: dict[str, tuple[float, TextSeen]] = {}
        for edge, short, seen in _too_near(subject, page, page.seen):
            if edge not in nearest or short > nearest[edge][0]:
                nearest[edge] = short, seen
        for edge, (_, seen) in nearest.items():
            _add_near(subject, subject.places.words(page.document, seen.words), page, seen, edge)
        for edge, short, seen in _too_near(subject, page, page.furniture):
            running.setdefault(edge, []).append((short, page, seen))
    for edge, found in running.items():
        _, page, seen = max(found, key=lambda each: each[0])  # of several the first
        _add_near(subject, place_in(theme, "furniture.css"), page, seen, edge)


def _too_near(
    subject: _Subject, page: PrintedPage, sightings: tuple[object, ...]
) -> Iterator[tuple[str, float, TextSeen]]:
    """What text is nearer to an edge than it may be: the edge, how much is missing in mm, and the text."""
    for seen in sightings:
        if isinstance(seen, TextSeen):
            for edge, distance in _distances(subject, page, seen.area).items():
                if distance < subject.distance(edge) - _SAME:
                    yield edge, subject.distance(edge) - distance, seen


def _add_near(subject: _Subject, at: Location, page: PrintedPage, seen: TextSeen, edge: str) -> None:
    distance = _distances(subject, page, seen.area)[edge]
    subject.report.add(
        "print-safe-zone",
        at,
        words=_shown(seen.words),
        distance=f"{distance:.1f} mm from" if distance >= 0 else f"{-distance:.1f} mm over",
        edge=edge,
        page=page.label,
        printer=subject.printing.printer,
        safe=f"{subject.distance(edge):.1f}",
    )


def _distances(subject: _Subject, page: PrintedPage, area: Area) -> dict[str, float]:
    """How far a rectangle is from each edge of the trimmed page, in mm; less than 0 beyond it."""
    paper = subject.edition.theme.page
    spine_left = page.verso is (subject.edition.metadata.direction == "rtl")
    left, right = area.left, paper.width - area.right
    return {
        "top": area.top,
        "bottom": paper.height - area.bottom,
        "inner": left if spine_left else right,
        "outer": right if spine_left else left,
    }


def _check_hairlines(subject: _Subject) -> None:
    """Every width once, where the style sheet says it."""
    theme = subject.edition.theme
    told: set[tuple[str, float]] = set()
    for name, page, line in _with_sheets(subject, HairlineSeen):
        if (name, line.width) not in told:
            told.add((name, line.width))
            at = _place_of_line(theme, name, line.width)
            facts = {"width": f"{line.width:g}", "element": line.element, "page": page.label}
            subject.report.add("print-hairline", at, **facts)


def _place_of_line(theme: Theme, name: str, width: float) -> Location:
    """Where a style sheet gives a line this width in pt; the sheet, where it does not say so in as many words."""
    css = theme.print_css if name == "print.css" else theme.furniture_css
    plain = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), css)
    for declaration in _LINE_WIDTHS.finditer(plain):
        for length in _LENGTH.finditer(plain, declaration.start(1), declaration.end(1)):
            if abs(float(length[1]) * _POINTS[length[2].lower()] - width) < 0.002:
                start = declaration.start()
                line = plain.count("\n", 0, start) + 1
                return place_in(theme, name, line, start - (plain.rfind("\n", 0, start) + 1) + 1)
    return place_in(theme, name)


def _check_blank(subject: _Subject, publication: Publication) -> None:
    blank = [page.label for page in subject.pages if page.blank]
    if blank:
        named = ", ".join(blank[:_PAGES]) + (", …" if len(blank) > _PAGES else "")
        number = "one page is blank" if len(blank) == 1 else f"{len(blank)} pages are blank"
        at = subject.printing.at or publication.source.here
        subject.report.add("print-blank", at, number=number, total=len(subject.pages), pages=named)


def _check_colour(subject: _Subject) -> None:
    told: set[Location] = set()
    for page, picture in subject.pictures():
        at = subject.place_of(page, picture)
        known = subject.tones_of(picture) if at not in told else None
        if known and not known.gray:
            told.add(at)
            subject.report.add("print-colour", at, name=_file_name(picture.image), page=page.label)


def _file_name(asset: str) -> str:
    """The name of an asset without its number: as the author knows it, or nearly so."""
    return re.sub(r"^\d{4,}-", "", asset)


def _shown(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
