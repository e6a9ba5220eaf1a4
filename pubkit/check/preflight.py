"""Finished PDF files, made by any tool, looked at before they go to print: rules as data (preflight.toml)."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pubkit.check import ink_rules, pdfx, sheet_rules
from pubkit.check.finding import Edges, Finding, Finished, Rule, count, in_words
from pubkit.model import Printing, PrintSettings
from pubkit.pdf.inspection import MAX_PAGES, Box, FileFacts, Inspected, Page, Unreadable, inspect_pdf
from pubkit.printing import printing_of, purposes, size, usual_sizes
from pubkit.report import Report
from pubkit.source import Location
from pubkit.workers import Jobs

Check = Callable[[Finished, Rule], Iterator[Finding]]

MOST_LINES = 10  # of one rule; what it finds on further pages is told in one more

_CODES = {"must": "preflight-rule", "should": "preflight-advice", "tell": "preflight-info"}
_SAME = 0.5  # mm: two sizes of paper


def check_pdf(path: Path, report: Report, *, purpose: str = "", jobs: Jobs | None = None) -> None:
    """Add what is wrong with a finished PDF for a purpose (pubkit.printing.purposes) to `report`.

    Without a purpose the file's own claim decides: PDF/X-4 and PDF/X-1a are checked as such, anything else only for
    what every PDF should have. What was checked is an info. A file that cannot be read is a diagnostic.
    Raises LookupError for a purpose that is not known.
    """
    if purpose and purpose not in purposes():
        raise LookupError(f"no such purpose of a PDF: {purpose!r}")
    at = Location(path.as_posix())
    try:
        found = inspect_pdf(path, jobs=jobs if jobs is not None else os.cpu_count() or 1)
    except OSError as error:
        report.add("file-unreadable", at, name=path.name, reason=error.strerror or str(error))
        return
    if isinstance(found, Unreadable):
        report.add("preflight-unreadable", at, reason=found.reason)
        return
    for first, last, reason in found.lost:
        report.add("preflight-stopped", at, pages=in_words(range(first, last + 1), {}), reason=reason)
    _check(_subject(found, purpose), purpose, at, report)


@cache
def _table() -> Mapping[str, Any]:
    content = (files("pubkit.check") / "preflight.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(content))


def preflight_rules() -> tuple[Rule, ...]:
    """The rules of preflight.toml, in their order."""
    return tuple(MappingProxyType(rule) for rule in _table()["rule"])


def groups() -> Mapping[str, tuple[str, ...]]:
    """The purposes that share rules, by the name of the group."""
    return {name: tuple(members) for name, members in _table()["groups"].items()}


def _subject(pdf: Inspected, purpose: str) -> Finished:
    """The file with its purpose, or with what it claims to be."""
    claim = pdfx.claimed(pdf.file)
    if purpose:
        printing = printing_of(PrintSettings(purpose=purpose))
        if pdf.file.pages == 1:  # a cover: back, spine and front as one, cut on all sides
            printing = replace(printing, bleed_inside=True)
    else:
        numbers = _table()["claims"] if claim else {}
        printing = Printing(purpose="", standard="PDF/X-4" if claim else "PDF/A-2a", **numbers)
    demanded = printing.standard if purpose in groups()["pdfx"] else ""
    return Finished(
        pdf=pdf,
        printing=printing,
        standard=claim if printing.press and claim else demanded,
        edges={page.number: _edges(page, printing, pdf.file) for page in pdf.pages},
    )


def _edges(page: Page, printing: Printing, file: FileFacts) -> Edges:
    """Where a page is cut: as it says; else by the printer's sizes; else it is not cut at all."""
    sheet = page.crop or page.media
    inside_left = (page.number % 2 == 1) != file.right_to_left
    declared = page.trim or page.art
    if declared:
        return Edges(trim=declared, bleed=_inside(page.bleed or sheet, page.media), inside_left=inside_left)
    trim = _trim_of(sheet, printing, inside_left=inside_left)
    bleed = _inside(page.bleed or sheet, page.media)
    return Edges(trim=trim, bleed=bleed, inside_left=inside_left, inferred=True)


def _inside(box: Box, sheet: Box) -> Box:
    """What of a box is on the sheet."""
    return Box(
        left=max(box.left, sheet.left),
        bottom=max(box.bottom, sheet.bottom),
        right=min(box.right, sheet.right),
        top=min(box.top, sheet.top),
    )


def _trim_of(sheet: Box, printing: Printing, *, inside_left: bool) -> Box:
    """The sheet without its bleed, where that is a size that the printer makes and the sheet is none."""
    bleed = printing.bleed
    named = _table()["trims"].get(printing.purpose, ())
    sizes = (*usual_sizes(printing.purpose), *map(size, named)) if printing.purpose else ()
    if not bleed or any(_same(sheet, each) for each in sizes):
        return sheet
    left, right = (bleed, bleed) if printing.bleed_inside else (0.0, bleed) if inside_left else (bleed, 0.0)
    trim = Box(left=sheet.left + left, bottom=sheet.bottom + bleed, right=sheet.right - right, top=sheet.top - bleed)
    return trim if any(_same(trim, each) for each in sizes) else sheet


def _same(box: Box, measures: tuple[float, float]) -> bool:
    return max(abs(box.width - measures[0]), abs(box.height - measures[1])) <= _SAME


def _check(subject: Finished, purpose: str, at: Location, report: Report) -> None:
    """Run the rules that are about the file, each id once."""
    cover = _is_cover(subject)
    rules = [rule for rule in _chosen(subject, purpose) if not (cover and rule.get("interior"))]
    for rule in rules:
        label = subject.standard if _is_standard(rule, subject) else purpose or subject.standard or "PDF"
        numbers = {**_numbers(subject.printing), **rule}
        words = str(rule["words"]).format(**numbers)
        found = list(dict.fromkeys(_function(rule["check"])(subject, rule)))
        for what, where in _lines(found, {page.number: page.label for page in subject.pages}):
            report.add(
                _CODES[rule["level"]],
                at,
                subject=label,
                id=rule["id"],
                what=what,
                where=where,
                words=words,
                advice=rule["advice"],
                source=rule["source"],
            )
    _tell(subject, purpose, len(rules), at, report, cover=cover)


def _chosen(subject: Finished, purpose: str) -> Iterator[Rule]:
    """The rules for the purpose and the standard; of several with one id the first."""
    names = {"every"} | ({"print"} if subject.printing.press else set())
    names |= {name for name, members in groups().items() if purpose in members}
    names |= {purpose, subject.standard} - {""}
    seen = set()
    for rule in preflight_rules():
        if rule["id"] not in seen and names & set(rule["for"]):
            seen.add(rule["id"])
            yield rule


def _is_standard(rule: Rule, subject: Finished) -> bool:
    return subject.standard in rule["for"] and subject.standard != ""


def _is_cover(subject: Finished) -> bool:
    """A single sheet is no book: rules about how pages are bound do not fit it."""
    return subject.printing.press and subject.file.pages == 1


def _function(name: str) -> Check:
    """The function of a rule, which is at home in one of three modules."""
    rooms = (sheet_rules, ink_rules, pdfx)
    found: list[Check] = [getattr(room, name) for room in rooms if callable(getattr(room, name, None))]
    return found[0]


def _numbers(printing: Printing) -> dict[str, Any]:
    """What the words of a rule may say of the printer's demands."""
    return {
        "printer": printing.printer or "the printer",
        "resolution": printing.resolution,
        "line_resolution": printing.line_resolution,
        "ink_limit": printing.ink_limit,
        "bleed": f"{printing.bleed:.1f}",
        "safe": f"{printing.safe:.1f}",
        "multiple": printing.multiple,
        "least_pages": printing.least_pages,
        "most_pages": printing.most_pages or "any number",
    }


def _lines(found: Sequence[Finding], labels: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """What was found and where.

    A few different things are told once each with all their pages; of many the heaviest of each page.
    """
    for what in _first(found):
        yield what, "whole file"
    on_pages = [each for each in found if each.page]
    pages: dict[str, list[int]] = {}
    if len({each.what for each in on_pages}) <= MOST_LINES:
        for each in sorted(on_pages, key=lambda each: each.page):
            pages.setdefault(each.what, []).append(each.page)
    else:
        for number in sorted({each.page for each in on_pages}):
            here = sorted((each for each in on_pages if each.page == number), key=lambda each: -each.weight)
            others = f", and {len(here) - 1} more" if len(here) > 1 else ""
            pages.setdefault(here[0].what + others, []).append(number)
    told = list(pages.items())
    for what, numbers in told[:MOST_LINES]:
        yield what, in_words(numbers, labels)
    if rest := sorted({number for _, numbers in told[MOST_LINES:] for number in numbers}):
        yield f"something like it on {count(len(rest), 'more page')}", in_words(rest, labels)


def _first(found: Iterable[Finding]) -> list[str]:
    """What was found in the file as a whole, with the number of what is not told."""
    here = [each.what for each in found if not each.page]
    rest = len(here) - MOST_LINES
    return here[:MOST_LINES] + ([f"{rest} more like these"] if rest > 0 else [])


def _tell(subject: Finished, purpose: str, rules: int, at: Location, report: Report, *, cover: bool) -> None:
    """Say what was checked, and what was not."""
    claim = pdfx.claimed(subject.file)
    known = any(subject.standard in rule["for"] for rule in preflight_rules())
    parts = [f"{count(subject.file.pages, 'page')} looked at by {count(rules, 'rule')}"]
    parts.append(f"as {subject.standard}" if known and subject.standard else "not as PDF/X")
    if claim and not known:
        parts.append(f"it says that it is {claim}, of which pubkit knows no rules")
    if not purpose:
        parts.append("no purpose was named, so sizes, margins and ink are not held against a printer's")
    if cover:
        parts.append("a single page is taken for a cover")
    if any(edges.inferred for edges in subject.edges.values()) and subject.printing.press:
        parts.append("there is no TrimBox, so where it is cut is inferred")
    if subject.file.pages > MAX_PAGES:
        parts.append(f"only the first {MAX_PAGES} pages")
    report.add(
        "preflight-info",
        at,
        subject=purpose or subject.standard or "PDF",
        id="checked",
        what="; ".join(parts[:2]),
        where="whole file",
        words="; ".join(parts[2:]) or "nothing was left out",
        advice="name a purpose with --pdf to check more" if not purpose else "nothing has to be done",
        source="docs/print.md",
    )
