"""A PDF opened in worker processes: its facts by one, its pages in groups by the others."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from pubkit.pdf.inspection.about import facts_of
from pubkit.pdf.inspection.canvas import FAULTS, Shelf
from pubkit.pdf.inspection.sheets import read_sheet
from pubkit.pdf.inspection.unpacking import unpacking
from pubkit.pdf.inspection.values import FileFacts, Inspected, Page
from pubkit.workers import Failure, Jobs, run_jobs

# What they remark on damaged files stands in the file's faults, or does not matter; the terminal is the command's.
for _name in ("fontTools", "pikepdf"):
    logging.getLogger(_name).addHandler(logging.NullHandler())

MAX_PAGES = 5000  # the others are counted, not looked at
GROUP = 32  # pages that a worker reads in one go
SECONDS = 120.0  # of a group


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that is no PDF, or that cannot be opened, and why."""

    reason: str


def inspect_pdf(path: Path, *, jobs: Jobs, seconds: float = SECONDS) -> Inspected | Unreadable:
    """What is in a PDF, read by `jobs` processes at once (0: this one, without limits of time and memory).

    A group of pages that takes longer than `seconds`, or too much memory, is named in `lost`. Raises OSError
    where the file cannot be read at all.
    """
    with path.open("rb"):
        pass
    facts = next(run_jobs(read_facts, [(path,)], jobs=jobs, seconds=seconds))
    if isinstance(facts, Failure):
        return Unreadable(reason=f"reading it took more than {facts.detail}" if facts.detail else "reading it failed")
    if isinstance(facts, Unreadable):
        return facts
    count = min(facts.pages, MAX_PAGES)
    groups = [(path, first, min(first + GROUP, count)) for first in range(0, count, GROUP)]
    pages: list[Page] = []
    lost: list[tuple[int, int, str]] = []
    results = run_jobs(read_sheets, groups, jobs=jobs, seconds=seconds)
    for (_, first, end), result in zip(groups, results, strict=True):
        if isinstance(result, Failure):
            lost.append((first + 1, end, f"took more than {result.detail}" if result.detail else "could not be read"))
        else:
            pages.extend(result)
    return Inspected(file=facts, pages=tuple(pages), lost=tuple(lost))


def read_facts(path: Path) -> FileFacts | Unreadable:
    """The facts of the file as a whole, or why it cannot be opened."""
    with unpacking():
        try:
            with Pdf.open(path, suppress_warnings=True) as pdf:
                return facts_of(pdf, path, MAX_PAGES)
        except pikepdf.PasswordError:
            return Unreadable(reason="it is encrypted, and opens only with a password")
        except FAULTS as error:
            return Unreadable(reason=f"it is no PDF, or too damaged ({_words(error)})")


def _words(error: Exception) -> str:
    """What a reader's error says, without the path."""
    return str(error).rpartition(": ")[2][:120] or type(error).__name__


def read_sheets(path: Path, first: int, end: int) -> tuple[Page, ...]:
    """Some pages, counted from 0."""
    with unpacking(), Pdf.open(path, suppress_warnings=True) as pdf:
        shelf = Shelf()
        pdf.get_warnings()  # those of the file as a whole stand in its facts
        return tuple(_remarked(read_sheet(pdf.pages[index], index, shelf), pdf) for index in range(first, end))


def _remarked(page: Page, pdf: Pdf) -> Page:
    """The page with what qpdf had to mend in its content."""
    said = dict.fromkeys(str(each).rpartition("): ")[2][:80] for each in pdf.get_warnings())
    return replace(page, faults=(*page.faults, *(f"content with a fault: {words}" for words in said))) if said else page
