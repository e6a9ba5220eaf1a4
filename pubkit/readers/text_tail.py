"""The end of a captured text: lines of credits, and below them the headlines of other articles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pubkit.credits import read_credit_line, states_licence, unclear_role
from pubkit.model import Credit, Rights
from pubkit.readers.text_lines import Block, Line, ends_sentence, is_rule, joined, lines_of, paragraphs_of
from pubkit.report import Report
from pubkit.source import SourceText

# What sites write over their lists of other articles, and under an article.
_TAIL = re.compile(
    r"(?:"
    r"you (?:may|might) also like|related|recommended(?: for you)?|(?:read|see) (?:more|next|also)|more stories|"
    r"related (?:posts?|articles?|stories|topics|content|coverage|news|reading|links?)|"
    r"(?:most|more) (?:read|popular|recent)|(?:latest|recent|other|similar|top|more|popular|trending) "
    r"(?:posts?|articles?|stories|news)|trending(?: now)?|what to read next|further reading|"
    r"more (?:from|on|in|about) .{1,60}|share(?: this(?: article| post| story)?)?|leave a (?:reply|comment)|"
    r"post navigation|"
    r"articles? (?:liés?|similaires?|connexes?|recommandés?)|sur le même (?:sujet|thème)|lire (?:aussi|plus)|"
    r"à lire (?:aussi|également)|(?:les )?plus lus|dans la même (?:rubrique|catégorie)|"
    r"(?:verwandte|ähnliche|weitere|mehr|empfohlene|neueste) (?:beiträge|artikel|themen|meldungen|nachrichten)|"
    r"mehr (?:zum thema|aus|von|zu|über)(?: .{1,60})?|das könnte (?:sie|dich) auch interessieren|lesen sie auch|"
    r"auch interessant|weiterlesen|"
    r"(?:artículos|entradas|noticias|contenido) relacionad[oa]s?|te puede interesar|lea también|"
    r"más (?:sobre|de) .{1,60}|articoli correlati|leggi anche|potrebbe interessarti(?: anche)?|"
    r"(?:artigos|notícias|posts) relacionad[oa]s|leia também|gerelateerde (?:artikelen|berichten)|lees ook|"
    r"(?:powiązane|podobne) artykuły|zobacz także|relaterade artiklar|läs också|"
    r"похожие (?:статьи|записи)|читайте также|по теме|関連記事|相关(?:文章|阅读|新闻)|延伸阅读|相關(?:文章|閱讀|新聞)|"
    r"مقالات ذات صلة|اقرأ أيضا|כתבות (?:קשורות|נוספות)"
    r")\s*[:：…]?",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright\b)", re.IGNORECASE)
_MAX_TAIL_HEADING = 80  # characters
_MAX_TAIL_LINE = 200
_MAX_CREDIT = 1500
_LONG_SENTENCE = 20  # words: nothing so long that ends with a full stop is a headline


def split_tail(blocks: Sequence[Block], width: int, source: SourceText, report: Report) -> tuple[Block, ...]:
    """The blocks before the tail. Reports the tail's first line and how many there were.

    A tail starts with a short line by itself that says so, has text before it and only short lines below.
    """
    for at in range(1, len(blocks)):
        first = blocks[at][0]
        if len(first.text) > _MAX_TAIL_HEADING or not _TAIL.fullmatch(first.text):
            continue
        below = [joined(part) for block in _after(blocks, at) for part in paragraphs_of(block, width)]
        if below and all(map(_is_short, below)):
            dropped = list(lines_of(blocks[at:]))
            report.add("capture-tail", source.at(first.offset), count=len(dropped), first=first.text)
            return tuple(blocks[:at])
    return tuple(blocks)


def take_credits(
    blocks: Sequence[Block], source: SourceText, report: Report
) -> tuple[tuple[Block, ...], tuple[Credit, ...], Rights]:
    """The blocks without the lines of credits and rights at their end, and what those lines say.

    A line that has the form of a credit and does not read as one stays in the text, and so does one with a licence:
    reports credit-unclear and goes on with the lines above.
    """
    rest = list(blocks)
    tail: list[list[_Entry]] = []  # from the last block to the first
    rights = Rights()
    while len(rest) > 1:  # the first block is text, whatever it looks like
        block = rest[-1]
        if is_rule(block[0]) and len(block) == 1:
            rest.pop()
            continue
        owned = block[-1] if _RIGHTS.match(block[-1].text) and len(block[-1].text) <= _MAX_TAIL_LINE else None
        entries = _entries(block[:-1] if owned else block, source)
        if not all(entry.people or entry.meant is not None for entry in entries) or (owned and rights.text):
            break
        rights = Rights(text=owned.text) if owned else rights
        tail.append(entries)
        rest.pop()
    people, left = _told([entry for entries in reversed(tail) for entry in entries], source, report)
    return (*rest, *left), people, rights


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the tail, with those that go on with its names; `meant` is what to ask where it is no clear credit."""

    lines: Block
    people: tuple[Credit, ...] = ()
    meant: str | None = None


def _entries(block: Block, source: SourceText) -> list[_Entry]:
    runs: list[list[Line]] = []
    for line in block:
        goes_on = runs and (
            ":" not in line.text
            and (
                runs[-1][-1].text.endswith((",", " and", " und", " et", " &"))
                or re.match(r"(?:and|und|et|&)\s", line.text)
            )
        )
        if goes_on:
            runs[-1].append(line)
        else:
            runs.append([line])
    return [_entry(tuple(run), source) for run in runs]


def _entry(lines: Block, source: SourceText) -> _Entry:
    text = joined(lines)
    if len(text) > _MAX_CREDIT:
        return _Entry(lines)
    people = read_credit_line(text, source.at(lines[0].offset))
    return _Entry(lines, people, None if people else unclear_role(text))


def _told(
    entries: Sequence[_Entry], source: SourceText, report: Report
) -> tuple[tuple[Credit, ...], tuple[Block, ...]]:
    """The credits of the tail's lines, and the lines that stay. Reports credit-unclear."""
    people: list[Credit] = []
    left: list[Block] = []
    sure = any(entry.people for entry in entries)  # among credits, "Music: A" is one, too
    for entry in entries:
        at = source.at(entry.lines[0].offset)
        text = joined(entry.lines)
        found = entry.people or (read_credit_line(text, at, stated=True) if sure and not entry.meant else ())
        people += found
        if not found:
            meant = f"; did you mean {entry.meant!r}?" if entry.meant else ""
            report.add("credit-unclear", at, line=text, meant=meant)
        if not found or states_licence(text):
            left.append(entry.lines)
    return tuple(people), tuple(left)


def _after(blocks: Sequence[Block], at: int) -> tuple[Block, ...]:
    rest = blocks[at][1:]
    return (rest, *blocks[at + 1 :]) if rest else tuple(blocks[at + 1 :])


def _is_short(text: str) -> bool:
    return len(text) <= _MAX_TAIL_LINE and not (ends_sentence(text) and len(text.split()) > _LONG_SENTENCE)
