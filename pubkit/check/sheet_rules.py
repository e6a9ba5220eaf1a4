"""Rules of print about pages as paper: their size and number, what is cut off, what lies too near to an edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from pubkit.check.finding import Edges, Finding, Finished, Rule, beyond, count, mm, size_of
from pubkit.pdf.inspection import Area, Box, Page, TextRun
from pubkit.printing import nearest_size, shown

SAME = 0.2  # mm: half a point
_TOUCHES = 1.0  # mm: what comes so near to the trimmed edge is meant to run over it
_SHORTEST = 3.0  # mm of an edge


def readable(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Every page can be read, and the file needed no mending."""
    for words in subject.file.faults[:10]:
        yield Finding(what=f"the file is damaged: {words}")
    for page in subject.pages:
        for words in page.faults:
            yield Finding(what=f"there is {words}" if not words.startswith("there") else words, page=page.number)


def one_size(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """All pages have the size that most have."""
    said = any(not edges.inferred for edges in subject.edges.values())  # then a page without a TrimBox tells nothing
    sizes = Counter(_whole(edges.trim) for edges in subject.edges.values() if not (said and edges.inferred))
    usual = max(sizes, key=lambda each: (sizes[each], each), default=(0, 0))
    for page in subject.pages:
        trim = subject.edges[page.number].trim
        if said and subject.edges[page.number].inferred:
            continue
        if max(abs(trim.width - usual[0] / 5), abs(trim.height - usual[1] / 5)) > 2 * SAME:
            double = abs(trim.width - 2 * usual[0] / 5) < 5 and abs(trim.height - usual[1] / 5) < 5
            words = "it seems to be two pages side by side, " if double else ""
            what = f"{words}{size_of(trim)} large, where most pages are {usual[0] / 5:.1f} × {usual[1] / 5:.1f} mm"
            yield Finding(what=what, page=page.number)


def _whole(box: Box) -> tuple[int, int]:
    """A size in fifths of a millimetre, so that sizes that are all but equal are the same."""
    return round(box.width * 5), round(box.height * 5)


def trim_size(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The size after cutting is one that the printer makes."""
    for page in subject.pages:
        trim = subject.edges[page.number].trim
        nearest = nearest_size(subject.printing.purpose, (trim.width, trim.height))
        if max(abs(nearest[0] - trim.width), abs(nearest[1] - trim.height)) > rule["tolerance"]:
            yield Finding(
                what=f"{size_of(trim)} large; the nearest size that is made is {shown(nearest)}", page=page.number
            )


def sheet_size(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The sheet is as large as the page after cutting, or that and its bleed, and no larger."""
    printing = subject.printing
    for page in subject.pages:
        trim = subject.edges[page.number].trim
        width = trim.width + printing.bleed * (2 if printing.bleed_inside else 1)
        height = trim.height + 2 * printing.bleed
        fits = [
            max(abs(page.media.width - wide), abs(page.media.height - high)) <= rule["tolerance"]
            for wide, high in ((trim.width, trim.height), (width, height))
        ]
        if not any(fits):
            what = f"the sheet is {size_of(page.media)}, the page {size_of(trim)}"
            yield Finding(what=what, page=page.number)


def bleed_width(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Where there is bleed, there is as much as the printer asks for on every side that is cut."""
    wanted = subject.printing.bleed
    for page in subject.pages:
        edges = subject.edges[page.number]
        given = {side: width for side, width in _sides(subject, edges).items() if width < wanted - rule["tolerance"]}
        if given and subject.has_bleed:
            side = min(given, key=lambda each: (given[each], each))
            yield Finding(what=f"{mm(given[side])} of bleed at the {side}", page=page.number)


def _sides(subject: Finished, edges: Edges) -> dict[str, float]:
    """The bleed at each side that must have some."""
    sides = dict(zip(("left", "bottom", "right", "top"), beyond(edges), strict=True))
    if not subject.printing.bleed_inside and subject.printing.purpose:
        sides.pop("left" if edges.inside_left else "right")
    return sides


def bleed_reached(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """What runs to the trimmed edge goes on to the edge of the bleed: paper is never cut exactly where it should be."""
    for page in subject.pages:
        edges = subject.edges[page.number]
        sides = list(_sides(subject, edges))
        for area in page.areas:
            for side in sides:
                short = _short(area, side, edges, subject)
                if short is not None and not _covered(area, side, edges, page):
                    yield Finding(what=f"{area.what} {short[0]} {side} edge", page=page.number, weight=short[1])


def _short(area: Area, side: str, edges: Edges, subject: Finished) -> tuple[str, float] | None:
    """What an area lacks at a side, in words and in mm; None where it lacks nothing."""
    trim, box = edges.trim, area.box
    inner, outer, along = _measured(box, trim, side)
    if area.white or inner > _TOUCHES or outer <= SAME or along < _SHORTEST:
        return None
    given = dict(zip(("left", "bottom", "right", "top"), beyond(edges), strict=True))[side]
    wanted = given if given > SAME else subject.printing.bleed  # too little of it is told by itself
    missing = wanted + max(inner, -given)  # what lies outside the bleed is not printed
    if missing <= SAME:
        return None
    if inner > 0.1:
        return f"stops {mm(inner)} before the", missing
    reached = min(max(0.0, -inner), max(0.0, given))
    return f"goes {mm(reached)} of {mm(wanted)} over the", missing


def _measured(box: Box, trim: Box, side: str) -> tuple[float, float, float]:
    """How far a box stays inside an edge, how far it comes into the page from there, and how long it runs along it."""
    level = min(box.right, trim.right) - max(box.left, trim.left)
    upright = min(box.top, trim.top) - max(box.bottom, trim.bottom)
    match side:
        case "left":
            return box.left - trim.left, box.right - trim.left, upright
        case "right":
            return trim.right - box.right, trim.right - box.left, upright
        case "bottom":
            return box.bottom - trim.bottom, box.top - trim.bottom, level
    return trim.top - box.top, trim.top - box.bottom, level


def _covered(area: Area, side: str, edges: Edges, page: Page) -> bool:
    """Whether something else is painted between an area and the edge of the bleed."""
    box, trim = area.box, edges.trim
    for other in page.areas:
        if other is area or other.white:
            continue
        inner, outer, _ = _measured(other.box, trim, side)
        own, _, _ = _measured(box, trim, side)
        if side in ("left", "right"):
            low, high = max(box.bottom, trim.bottom), min(box.top, trim.top)
            along = other.box.bottom <= low + SAME and other.box.top >= high - SAME
        else:
            low, high = max(box.left, trim.left), min(box.right, trim.right)
            along = other.box.left <= low + SAME and other.box.right >= high - SAME
        if along and inner < own - SAME and outer >= own - SAME:
            return True
    return False


def safe_zone(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Text keeps away from the edges at which the page is cut."""
    safe = subject.printing.safe if subject.has_bleed else rule.get("without_bleed", subject.printing.safe)
    for page in subject.pages:
        edges = subject.edges[page.number]
        near = [found for run in _printed(page, edges) if (found := _near(run, edges, safe)) is not None]
        yield from (Finding(what=words, page=page.number, weight=safe - distance) for words, distance in near)


def _near(run: TextRun, edges: Edges, safe: float) -> tuple[str, float] | None:
    trim, box = edges.trim, run.box
    sides = {
        "bottom": box.bottom - trim.bottom,
        "left": box.left - trim.left,
        "right": trim.right - box.right,
        "top": trim.top - box.top,
    }
    sides.pop("left" if edges.inside_left else "right")  # the gutter has a rule of its own
    side = min(sides, key=lambda each: (sides[each], each))
    if sides[side] >= safe - SAME - _bearing(run):
        return None
    if sides[side] < 0:
        return f"{_quoted(run)} runs over the {side} edge", sides[side]
    return f"{_quoted(run)} is {mm(sides[side])} from the {side} edge", sides[side]


def _bearing(run: TextRun) -> float:
    """The white that a letter has at its sides, in mm: a run begins where its first letter stands, not its ink."""
    return 0.04 * run.size * 25.4 / 72


def gutter(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Text stays out of the fold of a book of so many pages."""
    gutters, pages = subject.printing.gutters, subject.file.pages
    needed = next((margin for most, margin in gutters if pages <= most), gutters[-1][1] if gutters else 0.0)
    needed = max(needed, subject.printing.safe)
    for page in subject.pages:
        edges = subject.edges[page.number]
        for run in _printed(page, edges):
            trim = edges.trim
            margin = run.box.left - trim.left if edges.inside_left else trim.right - run.box.right
            if margin < needed - SAME - _bearing(run):
                place = f"is {mm(margin)} from" if margin >= 0 else "runs over"
                what = f"{_quoted(run)} {place} the spine, {mm(needed)} are needed in {count(pages, 'page')}"
                yield Finding(what=what, page=page.number, weight=needed - margin)


def _printed(page: Page, edges: Edges) -> Iterator[TextRun]:
    """Text that shows on the paper after cutting; what marks say outside it does not count."""
    trim = edges.trim
    for run in page.text:
        box = run.box
        inside = box.left < trim.right and box.right > trim.left and box.bottom < trim.top and box.top > trim.bottom
        if run.seen and inside:
            yield run


def _quoted(run: TextRun) -> str:
    words = run.words.strip() or "…"
    return f"‘{words[:24]}…’" if len(words) > 25 else f"‘{words}’"


def text_on_page(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """No text runs off the sheet."""
    for page in subject.pages:
        media = page.media
        for run in page.text:
            box = run.box
            out = max(-box.left, -box.bottom, box.right - media.right, box.top - media.top)
            if run.seen and out > 1.0:
                yield Finding(what=f"{_quoted(run)} runs {mm(out)} off the sheet", page=page.number, weight=out)


def crop_box(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The CropBox, which viewers and some printers take for the page, cuts nothing off that is printed."""
    for page in subject.pages:
        bleed = subject.edges[page.number].bleed
        if page.crop and not _inside(bleed, page.crop):
            yield Finding(what=f"the CropBox is {size_of(page.crop)}, the bleed {size_of(bleed)}", page=page.number)


def _inside(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left - SAME
        and inner.bottom >= outer.bottom - SAME
        and inner.right <= outer.right + SAME
        and inner.top <= outer.top + SAME
    )


def page_count(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """There are as many pages as the printer binds."""
    least, most = subject.printing.least_pages, subject.printing.most_pages
    if subject.file.pages < least or (most and subject.file.pages > most):
        yield Finding(what=count(subject.file.pages, "page"))


def multiple(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The number of pages can be divided as the sheets are folded."""
    if subject.file.pages % subject.printing.multiple:
        yield Finding(what=count(subject.file.pages, "page"))


def last_blank(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The last page is blank."""
    last = next((page for page in subject.pages if page.number == subject.file.pages), None)
    if subject.printing.last_blank and last and not last.blank:
        yield Finding(what="the last page is not blank", page=last.number)


def blank_row(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """There are never more than so many blank pages in a row; at the end as many as fill the last sheet."""
    for blank, run in groupby(subject.pages, lambda page: page.blank):
        pages = list(run)
        last = pages[-1].number == subject.file.pages
        most = max(rule["most"], subject.printing.multiple - 1) if last else rule["most"]
        if blank and len(pages) > most:
            yield from (Finding(what=f"{len(pages)} blank pages in a row", page=page.number) for page in pages)


def blank(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Which pages are blank."""
    yield from (Finding(what="blank", page=page.number) for page in subject.pages if page.blank)


def crop_marks(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """No page has crop marks."""
    yield from (Finding(what="crop marks", page=page.number) for page in subject.pages if page.corner_marks)


def file_size(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The file has at most so many megabytes."""
    if subject.file.size > rule["megabytes"] * 1_000_000:
        yield Finding(what=f"{subject.file.size / 1_000_000:.0f} MB")


def standard(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The file claims one of the standards that the printer takes; where it claims none, that is found elsewhere."""
    if subject.standard and subject.standard not in rule["standards"]:
        yield Finding(what=f"it says that it is {subject.standard}")
