"""An ISBN as people read it, and as a scanner reads it: EAN-13 as a drawing."""

from __future__ import annotations

from itertools import groupby

from pubkit.settings import isbn_digits

# GS1 General Specifications, 5.2 (ISO/IEC 15420), in mm at 100 %: what is called the nominal size.
MODULE = 0.33  # the narrowest bar
BARS = 22.85  # their height
LEFT, RIGHT = 11, 7  # the quiet zones, in modules
GUARD = 5  # how far the guard bars go down beyond the others, in modules
WIDTH = round((LEFT + 95 + RIGHT) * MODULE, 2)  # 37.29
HEIGHT = 25.93  # with the digits below

Run = tuple[str, int, int]
"""Modules that are alike: "G" (a guard bar), "1" (a bar) or "0" (a space), the number of the first, and how many."""


def isbn_of(identifier: str) -> str:
    """The thirteen digits of an ISBN; empty for what is none, or has a wrong check digit (ISO 2108)."""
    from stdnum import isbn

    digits = isbn_digits(identifier)
    return isbn.to_isbn13(isbn.compact(digits)) if isbn.is_valid(digits) else ""


def written(digits: str) -> str:
    """An ISBN as it is printed above its bars: "ISBN 978-3-16-148410-0" (ISBN Users' Manual, on bar codes)."""
    from stdnum import isbn

    return f"ISBN {isbn.format(digits)}"


def symbol(digits: str) -> str:
    """The EAN-13 of thirteen digits as XHTML: bars as SVG in plain black at 100 %, the digits below as text.

    Each digit is a `span.barcode-digit` with the place of its seven modules; a style sheet must say the rest. Raises
    ValueError for anything but an ISBN of thirteen digits.
    """
    bars = "".join(
        f"M{_mm(LEFT + first)} 0h{_mm(count)}v{BARS + (GUARD * MODULE if kind == 'G' else 0):g}h-{_mm(count)}z"
        for kind, first, count in _runs(digits)
        if kind != "0"
    )
    # The first digit stands before the bars; six and six stand below the halves, each under its own seven modules.
    places = [LEFT - 9, *(LEFT + 3 + 7 * n for n in range(6)), *(LEFT + 50 + 7 * n for n in range(6))]
    text = "".join(
        f'<span class="barcode-digit" style="left: {_mm(place)}mm">{digit}</span>'
        for place, digit in zip(places, digits, strict=True)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}"><path fill="#000" d="{bars}"/></svg>{text}'
    )


def _runs(digits: str) -> list[Run]:
    from barcode.ean import EuropeanArticleNumber13

    if not digits or isbn_of(digits) != digits:
        raise ValueError(f"{digits!r} is no ISBN of thirteen digits")
    (pattern,) = EuropeanArticleNumber13(digits, guardbar=True).build()
    runs: list[Run] = []
    first = 0
    for kind, modules in groupby(pattern):
        count = len(list(modules))
        runs.append((kind, first, count))
        first += count
    return runs


def _mm(modules: float) -> str:
    return f"{modules * MODULE:.4f}".rstrip("0").rstrip(".")
