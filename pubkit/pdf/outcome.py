"""What came of a layout job: its pages, and what is to be reported of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pubkit.model import Theme
from pubkit.pdf.pieces import Crash, Overheard, Piece
from pubkit.report import Report
from pubkit.source import Location
from pubkit.theme import place_in
from pubkit.workers import Failure

GLYPHS = 10  # named in one diagnostic
_AT = re.compile(r" at (\d+):(\d+)")


def accept(result: Piece | Crash | Failure, at: Location, title: str, theme: Theme, report: Report) -> Piece | None:
    """The pages of a result; None where there are none. Reports what is to be said about it."""
    if isinstance(result, Failure):
        report.add(f"layout-{result.cause}", at, title=title, detail=result.detail)
        return None
    _pass_on(result.overheard, at, theme, report)
    if isinstance(result, Crash):
        report.add("layout-failed", at, title=title, reason=result.reason)
        return None
    return result


def _pass_on(overheard: Sequence[Overheard], at: Location, theme: Theme, report: Report) -> None:
    missing = [each.words for each in overheard if each.about == "glyph"]
    if missing:
        shown = ", ".join(f"{each} (U+{ord(each[0]):04X})" for each in missing[:GLYPHS])
        report.add("glyph-missing", at, characters=shown + (", …" if len(missing) > GLYPHS else ""))
    for each in overheard:
        if each.about == "theme":
            found = _AT.search(each.words)
            place = (int(found[1]), int(found[2])) if found else (None, None)
            where = place_in(theme, each.where, *place)
            report.add("theme-css", where, reason=each.words)
        elif each.about == "fetch":
            report.add("fetch-refused", at, url=each.words)
        elif each.about == "math":
            report.add("math-undrawn", at, tex=each.words)
        elif each.about == "cut":
            report.add("print-text-cut", at, text=each.words)
        elif each.about == "document":
            report.add("layout-remark", at, reason=each.words)
        elif each.about == "unfit":
            report.add("cover-text-long", at, part=each.words)
