"""Problems as data: a diagnostic has a stable code, a severity, words, a place and a hint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pubkit.codes import CODES, Severity
from pubkit.source import Location, SourceText

MESSAGES_PER_FILE = 100  # of one code; the rest is counted, so that one bad file does not bury the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One problem: what, where, how bad, and what to do about it."""

    code: str
    severity: Severity
    message: str
    hint: str
    at: Location

    def __str__(self) -> str:
        """Give `one.md:4:30: error [link-broken] nothing answers to 'two.md'`."""
        return f"{self.at}: {self.severity} [{self.code}] {self.message}"


@dataclass(slots=True)
class Report:
    """The diagnostics of a run, in the order in which the stages found them."""

    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, at: Location | SourceText, **facts: Any) -> None:
        """Add a diagnostic. Raises LookupError for an unknown code, KeyError for a missing fact."""
        if code not in CODES:
            raise LookupError(f"no such diagnostic code: {code}")
        row = CODES[code]
        shown = {name: _one_line(value) for name, value in facts.items()}
        place = at.here if isinstance(at, SourceText) else at
        found = Diagnostic(
            code=code,
            severity=row.severity,
            message=row.message.format(**shown),
            hint=row.hint.format(**shown),
            at=place,
        )
        same = sum(1 for other in self.diagnostics if other.code == code and other.at.path == place.path)
        if same < MESSAGES_PER_FILE and found not in self.diagnostics:
            self.diagnostics.append(found)
        elif same == MESSAGES_PER_FILE and code != "more-of-the-same":
            self.add("more-of-the-same", Location(place.path), other=code, shown=MESSAGES_PER_FILE)

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Add the diagnostics of another report, once each."""
        self.diagnostics.extend(found for found in diagnostics if found not in self.diagnostics)

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return sum(found.severity is Severity.ERROR for found in self.diagnostics)

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return sum(found.severity is Severity.WARNING for found in self.diagnostics)

    @property
    def ok(self) -> bool:
        """True where there is no error; warnings do not count."""
        return not self.errors

    def sorted(self) -> list[Diagnostic]:
        """The diagnostics by file, line, column and code: what a person reads."""
        return sorted(
            self.diagnostics, key=lambda found: (found.at.path, found.at.line or 0, found.at.column or 0, found.code)
        )


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return line if len(line) <= 200 else line[:199] + "…"
