"""What a PDF is made for: the purposes, what printers ask for (printing.toml), and the page that comes of it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
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
SAME = 0.05  # mm: 0.14 pt, of which printers say that it is the same size


def length(written: str) -> float:
    """A length in mm: "3mm", "0.125in", "9pt", or a number of mm. Raises ValueError for anything else."""
    found = _LENGTH.fullmatch(written.strip().lower())
    if not found:
        raise ValueError(f"{written!r} is no length; write 3mm or 0.125in")
    return round(float(found[1]) * _MM[found[2] or "mm"], 4)


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
    usual = next(iter(leaves.values()), "0mm")
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
        least_pages=row.get("least-pages", 0),
        most_pages=row.get("most-pages", 0),
        last_blank=row.get("last-blank", False),
        resolution=row.get("resolution", 0),
        line_resolution=row.get("line-resolution", 0),
        leaf=length(leaves.get(settings.paper, usual)),
        spine_extra=length(row.get("spine-extra", "0mm")),
        spine_text=row.get("spine-text", 0),
        recto=settings.recto,
        links=settings.links,
        page_references=settings.page_references,
        at=settings.at,
    )
    if printing.press:
        said = {name: getattr(settings, name) for name in ("bleed", "marks", "colour", "ink_limit", "multiple", "leaf")}
        printing = replace(printing, **{name: value for name, value in said.items() if value is not None})
    return printing


def trimmed(page: PageGeometry, settings: PrintSettings, report: Report) -> PageGeometry:
    """The theme's page at the size that is asked for and that the printer makes; its margins grow and shrink with it.

    A size that the printer does not make is reported: asked for, it is an error; the theme's own becomes the nearest.
    """
    row = _table()[settings.purpose]
    wanted = settings.trim or (page.width, page.height)
    made = [size(each) for each in row.get("trims", ())]
    least, most = size(row.get("least", "0x0mm")), size(row.get("most", "9999x9999mm"))
    if made:
        nearest = min(made, key=lambda each: (abs(each[0] - wanted[0]) + abs(each[1] - wanted[1]), each))
    else:
        nearest = min(max(wanted[0], least[0]), most[0]), min(max(wanted[1], least[1]), most[1])
    if max(abs(nearest[0] - wanted[0]), abs(nearest[1] - wanted[1])) > SAME and settings.at:
        code = "print-trim" if settings.trim else "print-trim-nearest"
        report.add(code, settings.at, printer=row["printer"], wanted=shown(wanted), nearest=shown(nearest))
    return _resized(page, *nearest)


def shown(of: tuple[float, float]) -> str:
    """A size in words: "170 × 240 mm"."""
    return f"{of[0]:g} × {of[1]:g} mm"


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


def with_margins(page: PageGeometry, printing: Printing, pages: int) -> PageGeometry:
    """The page with the gutter that the printer asks for in a book of so many pages, and with no margin too narrow.

    The measure stays where the outer margin can give what the gutter takes.
    """
    gutter = next((margin for most, margin in printing.gutters if pages <= most), 0.0)
    gutter = max(gutter, printing.gutters[-1][1] if printing.gutters and not gutter else 0.0, printing.safe)
    inside = max(page.inside, gutter)
    outside = max(page.outside - (inside - page.inside), printing.safe)
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
