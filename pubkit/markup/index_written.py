"""What marks for the index look like where written: `((words))`, `(((entry, second >> other @> sorted by)))`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER_RE

from pubkit.model import IndexMark
from pubkit.report import Report
from pubkit.source import Location, SourceText

ATTRIBUTE = "data-index"
LEVELS = 3
LONGEST = 300  # characters of a mark

# As AsciiDoc has it; a mark that does not end must not swallow the next.
WRITTEN = re.compile(rf"\(\(((?:(?!\(\().){{1,{LONGEST}}}?)\)\)(?!\))", re.DOTALL)
OPERATOR = re.compile(r"\s*(>>|&>|@>)\s*")
_IN_HTML = re.compile(rf"{ATTRIBUTE}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


class IndexMarks(Extension):
    """The marks as an extension of Python-Markdown; after code, links and HTML, so that these stay as they are."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is theirs)
        """Register the marks."""
        md.inlinePatterns.register(_IndexMark(WRITTEN.pattern, md), "index-mark", 75)
        md.treeprocessors.register(_UnmarkedAlt(md), "index-mark-alt", 10)  # after inline patterns, before backslashes


class _IndexMark(InlineProcessor):
    def handleMatch(  # type: ignore[override] # noqa: N802 (the name is theirs)
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        del data
        found = split_mark(m[1])
        if found is None:
            return None, None, None
        before, words, entry, after = found
        mark = Element("span", {ATTRIBUTE: self._bare(entry)})
        mark.text = words
        return mark, m.start() + before, m.end() - after

    def _bare(self, text: str) -> str:
        """The text of an attribute: of code, links and HTML in it only the words."""
        raw: Any = self.md.htmlStash.rawHtmlBlocks

        def entity(found: re.Match[str]) -> str:
            written = str(raw[int(found[1])])
            return unescape(written) if written.startswith("&") else ""

        return HTML_PLACEHOLDER_RE.sub(entity, str(self.unescape(text)))


class _UnmarkedAlt(Treeprocessor):
    """What an image is called instead of shown is no place in the text: of marks in it, the words stay."""

    def run(self, root: Element) -> None:
        for image in root.iter("img"):
            if "((" in (alt := image.get("alt", "")):
                image.set("alt", " ".join(WRITTEN.sub(_words_of, alt).split()))


def _words_of(mark: re.Match[str]) -> str:
    found = split_mark(mark[1])
    if found is None:
        return mark[0]
    before, words, _, after = found
    return "(" * before + words + ")" * after


def split_mark(inside: str) -> tuple[int, str, str, int] | None:
    """What is inside `((…))`: a bracket before it that is text, words, entry, a bracket after it that is text.

    None where the brackets in it are not paired, so that it is no mark.
    """
    if inside.startswith("(") and inside.endswith(")") and _is_paired(inside[1:-1]):
        return 0, "", inside[1:-1], 0
    before = int(inside.startswith("(") and not _is_paired(inside))
    after = int(inside.endswith(")") and not before and not _is_paired(inside))
    inside = inside[before : len(inside) - after]
    if not _is_paired(inside):
        return None
    operator = OPERATOR.search(inside)
    words = inside[: operator.start()] if operator else inside
    return before, words.strip(), inside[operator.start() :].strip() if operator else "", after


def _is_paired(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return False
    return depth == 0


def read_entry(written: str) -> IndexMark | None:
    """The mark of an entry as written, with neither id nor place; None where a part of it is empty.

    `a, b, c` are levels, quotation marks protect a comma, `>> a, b` leads to another entry, `&> a, b` to one more.
    `@> b, c` is what the last levels are sorted by, in place of their words; the first of a mark counts. More levels
    than LEVELS are given, for the caller to say so.
    """
    first, *rest = OPERATOR.split(written)
    entry = _levels(first)
    leads = [(operator, _levels(target)) for operator, target in zip(rest[::2], rest[1::2], strict=True)]
    if entry is None or any(target is None for _, target in leads):
        return None
    sorted_by = next((target for operator, target in leads if operator == "@>" and target), ())
    return IndexMark(
        id="",
        entry=entry,
        sorted_by=_beside(sorted_by, len(entry)),
        see=tuple(target for operator, target in leads if operator == ">>" and target),
        also=tuple(target for operator, target in leads if operator == "&>" and target),
        at=Location(""),
    )


def _levels(written: str) -> tuple[str, ...] | None:
    parts = written.split('"')
    if len(parts) % 2:  # quotation marks in pairs; what is between them is every second part
        parts[1::2] = [part.replace(",", "\0") for part in parts[1::2]]
        written = "".join(parts)
    levels = tuple(" ".join(part.replace("\0", ",").split()) for part in written.split(","))
    return levels if all(levels) else None


def _beside(sorted_by: tuple[str, ...], levels: int) -> tuple[str, ...]:
    """A part for each level, "" for the first ones where there are fewer; () for none."""
    if not sorted_by:
        return ()
    parts = _joined(sorted_by, levels)
    return ("",) * (levels - len(parts)) + parts


def _joined(parts: tuple[str, ...], most: int) -> tuple[str, ...]:
    """So many parts at most, the last of them with what is too much."""
    return (*parts[: most - 1], ", ".join(parts[most - 1 :])) if len(parts) > most else parts


def checked(written: str, at: Location, report: Report) -> IndexMark | None:
    """The mark of an entry as written, with its place; reports index-empty (None) and index-deep."""
    mark = read_entry(written)
    if mark is None:
        report.add("index-empty", at, entry=written.strip())
        return None
    entry, sorted_by = mark.entry, mark.sorted_by
    if len(entry) > LEVELS:
        report.add("index-deep", at, entry=written.strip(), levels=len(entry), limit=LEVELS)
        if any(sorted_by[LEVELS - 1 :]):  # a level without a part is sorted by its words
            last = zip(sorted_by[LEVELS - 1 :], entry[LEVELS - 1 :], strict=True)
            sorted_by = (*sorted_by[: LEVELS - 1], *(part or words for part, words in last))
        entry, sorted_by = _joined(entry, LEVELS), _joined(sorted_by, LEVELS)
    return replace(mark, entry=entry, sorted_by=sorted_by, at=at)


class Places:
    """Where marks are written: by their letters and figures, for all else may differ from what came of it."""

    def __init__(self, source: SourceText, written: Iterable[str]) -> None:
        """Look for all marks of a source; `written` are the entries of those that came of it."""
        self._source = source
        self._total = Counter(map(_letters, written))
        self._starts: dict[str, list[int]] = {}
        for found in (*WRITTEN.finditer(source.text), *_IN_HTML.finditer(source.text)) if self._total else ():
            inside = next(group for group in found.groups() if group is not None)
            self._starts.setdefault(_letters(inside), []).append(found.start())
        self._used: Counter[str] = Counter()

    def of(self, written: str) -> Location:
        """The place of the next mark of these words; the file where it is not sure which it is."""
        key = _letters(written)
        starts = self._starts.get(key, [])
        self._used[key] += 1
        if len(starts) == self._total[key]:
            return self._source.at(starts[self._used[key] - 1])
        return self._source.at(starts[0]) if len(starts) == 1 else self._source.here


def _letters(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
