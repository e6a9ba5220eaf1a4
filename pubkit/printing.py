"""What a PDF is made for: the purposes, what printers ask for (printing.toml), and the page that comes of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from pubkit.model import PageGeometry, Printing, PrintSettings
from pubkit.report import Report

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)?")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)\s*(mm|cm|in|pt)?")
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
# ISO 216; trade names as printers in the United States use them.
_NAMED = {
    "a4": (210.0, 297.0),
    "a5": (148.0, 210.0),
    "a6": (105.0, 148.0),
    "b5": (176.0, 250.0),
    "us-letter": (215.9, 279.4),
    "us-trade": (152.4, 228.6),
    "digest": (139.7, 215.9),
}
OPTICAL = 0.5  # mm by which large letters may hang out of the text block
SAME = 0.05  # mm: 0.14 pt, of which printers say that it is the same size


def length(written: str) -> float:
    """A length in mm: "3mm", "0.125in", "9pt", or a number of mm. Raises ValueError for anything else."""
    found = _LENGTH.fullmatch(written.strip().lower())
    if not found:
        raise ValueError(f"{written!r} is no length; write 3mm or 0.125in")
    return round(float(found[1]) * _MM[found[2] or "mm"], 6)


def size(written: str) -> tuple[float, float]:
    """Width and height in mm: "6x9in", "148x210mm", "A5". Raises ValueError for anything else."""
    text = written.strip().lower()
    if text in _NAMED:
        return _NAMED[text]
    found = _SIZE.fullmatch(text)
    if not found:
        raise ValueError(f"{written!r} is no size of a page; write 148x210mm, 6x9in or one of {', '.join(_NAMED)}")
    unit = _MM[found[3] or "mm"]
    return round(float(found[1]) * unit, 4), round(float(found[2]) * unit, 4)


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    table = tomllib.loads(files("pubkit").joinpath("printing.toml").read_text(encoding="utf-8"))
    return {name: {**table.get(row.get("like", ""), {}), **row} for name, row in table.items()}


def purposes() -> tuple[str, ...]:
    """The names of all purposes, "screen" first."""
    return tuple(_table())


def papers(purpose: str) -> tuple[str, ...]:
    """The papers of a purpose by name, the usual one first."""
    return tuple(_table()[purpose].get("papers", ()))


def printing_of(settings: PrintSettings) -> Printing:
    """What the PDF is made for: the purpose's demands, and above them what the publication itself says."""
    row = _table()[settings.purpose]
    leaves = row.get("papers", {})
    paper = settings.paper or next(iter(leaves), "")
    least_pages, most_pages = row.get("limits", {}).get(paper, (row.get("least-pages", 0), row.get("most-pages", 0)))
    printing = Printing(
        purpose=settings.purpose,
        printer=row["printer"],
        standard=row["standard"],
        demands=row.get("demands", False),
        bleed=length(row.get("bleed", "0mm")),
        bleed_inside=row.get("bleed-inside", True),
        colour=row.get("colour", "keep"),
        ink_limit=row.get("ink-limit", 0),
        profile=settings.profile,
        condition=settings.condition,
        gutters=tuple((pages, length(margin)) for pages, margin in row.get("gutters", ())),
        safe=length(row.get("safe", "0mm")),
        multiple=row.get("multiple", 1),
        least_pages=least_pages,
        most_pages=most_pages,
        last_blank=row.get("last-blank", False),
        resolution=row.get("resolution", 0),
        line_resolution=row.get("line-resolution", 0),
        least_line=row.get("least-line", 0.0),
        least_type=row.get("least-type", 0.0),
        paper=settings.paper or (paper if settings.leaf is None else ""),
        leaf=length(leaves.get(paper, "0mm")),
        spine_extra=length(row.get("spine-extra", "0mm")),
        spine_text=row.get("spine-text", 0),
        spine_safe=length(row.get("spine-safe", "0mm")),
        recto=settings.recto,
        links=settings.links,
        page_references=settings.page_references,
        at=settings.at,
    )
    if printing.press:
        said = {name: getattr(settings, name) for name in ("bleed", "marks", "colour", "ink_limit", "multiple", "leaf")}
        printing = replace(printing, **{name: value for name, value in said.items() if value is not None})
    if printing.standard == "PDF/X-1a:2001" and printing.colour == "keep":  # it knows no other colours
        printing = replace(printing, colour="cmyk")
    return printing


def trimmed(page: PageGeometry, settings: PrintSettings, report: Report) -> PageGeometry:
    """The theme's page at the size that is asked for and that the printer makes; its margins grow and shrink with it.

    A size that the printer does not make is reported: asked for, it is an error; the theme's own becomes the nearest.
    A printer who makes usual sizes and any other in a range gets the usual ones, unless another is asked for.
    """
    row = _table()[settings.purpose]
    usual = [size(each) for each in row.get("trims", ())]
    wanted = settings.trim or (page.width, page.height)
    made = [*usual, *_within(row, wanted)] if settings.trim or not usual else usual
    nearest = _nearest(made, wanted)
    if max(abs(nearest[0] - wanted[0]), abs(nearest[1] - wanted[1])) > SAME and settings.at:
        code = "print-trim" if settings.trim else "print-trim-nearest"
        report.add(code, settings.at, printer=row["printer"], wanted=shown(wanted), nearest=shown(nearest))
    return _resized(page, *nearest)


def _nearest(made: Sequence[tuple[float, float]], wanted: tuple[float, float]) -> tuple[float, float]:
    return min(made, key=lambda each: (abs(each[0] - wanted[0]) + abs(each[1] - wanted[1]), each))


def usual_sizes(purpose: str) -> tuple[tuple[float, float], ...]:
    """The sizes in mm that the printer lists; none where every size of a range is made."""
    return tuple(size(each) for each in _table()[purpose].get("trims", ()))


def nearest_size(purpose: str, wanted: tuple[float, float]) -> tuple[float, float]:
    """The size in mm that the printer makes and that is nearest to the wanted one."""
    return _nearest([*usual_sizes(purpose), *_within(_table()[purpose], wanted)], wanted)


def _within(row: Mapping[str, Any], wanted: tuple[float, float]) -> list[tuple[float, float]]:
    """The nearest size to the wanted one in the printer's range; none where there is no range, but a list of sizes."""
    if "trims" in row and "most" not in row:
        return []
    least, most = size(row.get("least", "0x0mm")), size(row.get("most", "9999x9999mm"))
    return [(min(max(wanted[0], least[0]), most[0]), min(max(wanted[1], least[1]), most[1]))]


def shown(of: tuple[float, float]) -> str:
    """A size in words: "170 × 240 mm"."""
    return f"{round(of[0], 1):g} × {round(of[1], 1):g} mm"  # within SAME


def _resized(page: PageGeometry, width: float, height: float) -> PageGeometry:
    if (width, height) == (page.width, page.height):
        return page
    across, down = width / page.width, height / page.height
    return PageGeometry(
        width=width,
        height=height,
        top=round(page.top * down, 2),
        bottom=round(page.bottom * down, 2),
        inside=round(page.inside * across, 2),
        outside=round(page.outside * across, 2),
    )


def least_margins(printing: Printing, pages: int) -> tuple[float, float]:
    """The least margins in mm, at the spine and elsewhere, that the printer asks for in a book of so many pages."""
    gutter = next((margin for most, margin in printing.gutters if pages <= most), 0.0)
    gutter = gutter or (printing.gutters[-1][1] if printing.gutters else 0.0)
    return max(gutter, printing.safe), printing.safe


def with_margins(page: PageGeometry, printing: Printing, pages: int) -> PageGeometry:
    """The page with the gutter that the printer asks for in a book of so many pages, and with no margin too narrow.

    The measure stays where the outer margin can give what the gutter takes.
    """
    gutter, _ = least_margins(printing, pages)
    inside = max(page.inside, gutter + OPTICAL) if gutter else page.inside
    outside = max(page.outside - (inside - page.inside), printing.safe + OPTICAL if printing.safe else 0.0)
    return replace(
        page,
        top=max(page.top, printing.safe),
        bottom=max(page.bottom, printing.safe),
        inside=inside,
        outside=outside,
    )


def spine_of(printing: Printing, pages: int) -> float:
    """The width of the spine in mm, of a book of so many pages."""
    return round(pages / 2 * printing.leaf + printing.spine_extra, 3)
