"""The head of a captured text: site, section, headline, names and date, each said once or several times."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pubkit.credits import is_byline, read_byline
from pubkit.model import Credit
from pubkit.readers.text_lines import LONG, Block, Line, ends_sentence, is_prose, is_rule, is_wrapped, joined, lines_of
from pubkit.readers.written_dates import read_date
from pubkit.report import Report
from pubkit.source import SourceText

_MAX_BLOCKS = 16  # that a head may have
_MAX_LINES = 20  # of one block of a head
_MAX_TITLE = 250  # characters
_MAX_BYLINE = 160  # characters
_MAX_LABELS = 2  # lines: site and section
_MAX_LABEL_WORDS = 5
_MAX_LABEL = 80  # characters of a site's or section's name
_SITE_AFTER = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_UNDERLINE = re.compile(r"=+|-{3,}")
_PARTED = re.compile(r"\s+[|·•–—]\s+|\s*[|·•]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the head says, and the blocks that are left for the body."""

    title: str = ""
    site: str = ""
    kicker: str = ""
    dek: str = ""
    date: str = ""
    credits: tuple[Credit, ...] = ()
    rest: tuple[Block, ...]


def read_head(blocks: Sequence[Block], width: int, source: SourceText, report: Report, *, title: str) -> Head:
    """The head of a text, whose headline is `title` where somebody has said so elsewhere.

    Only what is clear is taken: a line that is said twice is the headline, else the first short line. Reports
    the repeated lines and the navigation that were left out; every other line stays in `rest`.
    """
    if blocks and _heads_its_block(blocks[0]):
        blocks = (blocks[0][:1], blocks[0][1:], *blocks[1:])
    prose = (
        at for at, block in enumerate(blocks) if len(block) > _MAX_LINES or is_rule(block[0]) or is_prose(block, width)
    )
    end = min(next(prose, len(blocks)), _MAX_BLOCKS)
    lines = list(lines_of(blocks[:end]))
    found = _headline(blocks, lines, end, width, title)
    if found is None:
        return _with_facts(blocks[:end], Head(rest=tuple(blocks[end:])), frozenset(), source)
    headline, before = found
    labels = _labels(lines[:before])
    site = _site_of(headline[0], lines)
    head = Head(
        title=_without_site(joined(headline), site),
        site=labels[0].text if before == len(labels) > 1 else site,  # among more lines nobody can say which it is
        kicker=labels[-1].text if labels else "",
        rest=tuple(blocks[end:]),
    )
    used = {*headline, *(labels if before == len(labels) else labels[-1:])}
    said = {line.key for line in used if line.key} | {Line(text=head.title, offset=0).key}
    navigation = [line for line in lines[:before] if line not in used and labels]
    repeats = [line for line in lines if line not in used and line not in navigation and _is_said(line, said, site)]
    _report(source, report, "capture-head", navigation)
    _report(source, report, "capture-repeats", repeats)
    underlines = [line for line in lines[before + 1 : before + 2] if _UNDERLINE.fullmatch(line.text)]
    return _with_facts(blocks[:end], head, frozenset({*used, *navigation, *repeats, *underlines}), source)


def _headline(
    blocks: Sequence[Block], lines: Sequence[Line], end: int, width: int, title: str
) -> tuple[Block, int] | None:
    """The headline and its number among the head's lines; None where nothing is clear."""
    wanted = Line(text=title, offset=0).key
    known = next((at for at, line in enumerate(lines) if wanted and line.key == wanted), None)
    at = _said_twice(lines) if known is None else known
    if at is not None:
        return (lines[at],), at
    if title or end == 0 or len(lines) == len(blocks) == 1:  # a single line is text
        return None
    first = blocks[0]
    second = blocks[1] if end > 1 else ()
    if _are_labels(first) and len(second) == 1 and _is_title(second[0]):
        longest = max(len(line.text.split()) for line in first)
        if len(second[0].text.split()) > longest:  # site and section stand together, the headline by itself below
            return second, len(first)
    if is_wrapped(first, width) and _is_title(first[-1]):
        return first, 0
    if len(first) <= _MAX_LABELS and _is_title(first[0]):
        return first[:1], 0
    return None


def _said_twice(lines: Sequence[Line]) -> int | None:
    """The number of the longest line that the head says twice, alone or with the site's name."""
    counts = Counter(line.key for line in lines if line.key)
    twice = [
        line for line in lines if line.key and (counts[line.key] > 1 or _site_of(line, lines)) and not _is_fact(line)
    ]
    for best in sorted(twice, key=lambda line: -len(line.key)):
        at = next(at for at, line in enumerate(lines) if line.key == best.key)
        if at == 0 or _labels(lines[:at]):  # speech, too, says things twice, but not below names only
            return at
    return None


def _heads_its_block(block: Block) -> bool:
    """Whether the first line of a block of text is a headline without a blank line below it."""
    return len(block) > 1 and _is_title(block[0]) and len(block[0].text) <= LONG < len(block[1].text)


def _are_labels(block: Block) -> bool:
    return (
        _MAX_LABELS <= len(block) <= _MAX_LINES
        and len(_labels(block)) > 1
        and not any(_is_fact(line) or is_rule(line) or len(line.text.split()) > _MAX_LABEL_WORDS for line in block)
    )


def _is_title(line: Line) -> bool:
    return len(line.text) <= _MAX_TITLE and not line.text.endswith((".", ",", ";", ":", "。")) and not _is_fact(line)


def _is_fact(line: Line) -> bool:
    return is_byline(line.text) or bool(read_date(line.text))


def _labels(before: Sequence[Line]) -> tuple[Line, ...]:
    """The site's and the section's line: the first and the last before the headline, where all are short."""
    if not before or any(len(line.text) > _MAX_LABEL or ends_sentence(line.text) for line in before):
        return ()
    return (before[0],) if len(before) == 1 else (before[0], before[-1])


def _site_of(headline: Line, lines: Sequence[Line]) -> str:
    """The site's name, where the headline stands once with it and once without: "Headline | Site"."""
    for line in lines:
        for separator in _SITE_AFTER.finditer(line.text):
            start, rest = line.text[: separator.start()], line.text[separator.end() :]
            others = [other.text for other in lines if other is not line]
            if start in others and len(rest) <= _MAX_LABEL and headline.text in (start, line.text):
                return rest
    return ""


def _without_site(text: str, site: str) -> str:
    start = text.removesuffix(site).rstrip() if site else text
    return start.rstrip(" |–—-»") if start != text else text


def _is_said(line: Line, said: set[str], site: str) -> bool:
    return line.key in said or bool(site and Line(text=_without_site(line.text, site), offset=0).key in said)


def _report(source: SourceText, report: Report, code: str, lines: Sequence[Line]) -> None:
    if lines:
        report.add(code, source.at(lines[0].offset), count=len(lines), first=lines[0].text)


def _with_facts(blocks: Sequence[Block], head: Head, used: frozenset[Line], source: SourceText) -> Head:
    """The head with the names and the date that stand in its blocks, and with what is left of them."""
    taken = set(used)
    byline: Line | None = None
    for line in lines_of(blocks):
        people, date = _facts(line, source) if line not in taken else ((), "")
        if (people and not head.credits) or (date and not head.date and not people):
            head = replace(head, credits=head.credits or people, date=head.date or date)
            byline = byline or (line if people else None)
            taken.add(line)
    dek = _dek(blocks, taken, byline) if head.title and byline else ()
    taken.update(dek)
    left = (tuple(line for line in block if line not in taken) for block in blocks)
    return replace(head, dek=joined(dek) if dek else "", rest=(*(block for block in left if block), *head.rest))


def _facts(line: Line, source: SourceText) -> tuple[tuple[Credit, ...], str]:
    """The names and the date of a line that holds nothing else."""
    if len(line.text) > _MAX_BYLINE:
        return (), ""
    if date := read_date(line.text):
        return (), date
    people: tuple[Credit, ...] = ()
    for part in _PARTED.split(line.text):
        if day := read_date(part):
            date = day
        elif not people and is_byline(part):
            people = read_byline(part, source.at(line.offset))
        else:
            return (), ""
    return people, date


def _dek(blocks: Sequence[Block], taken: set[Line], byline: Line) -> Block:
    """The one block between headline and byline; empty where there is none or more than one."""
    between: list[Block] = []
    for block in blocks:
        if byline in block:
            break
        if not taken.issuperset(block):
            between.append(block)
    return between[0] if len(between) == 1 and taken.isdisjoint(between[0]) else ()
