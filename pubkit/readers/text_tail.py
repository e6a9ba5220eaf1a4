"""The end of a captured text: lines of credits, and below them the headlines of other articles."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pubkit.credits import read_credit_line
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


def take_credits(blocks: Sequence[Block], source: SourceText) -> tuple[tuple[Block, ...], tuple[Credit, ...], Rights]:
    """The blocks without the lines of credits and rights at their end, and what those lines say."""
    rest = list(blocks)
    found: list[tuple[Credit, ...]] = []
    rights = Rights()
    while len(rest) > 1:  # the first block is text, whatever it looks like
        block = rest[-1]
        if is_rule(block[0]) and len(block) == 1:
            rest.pop()
            continue
        owned = block[-1] if _RIGHTS.match(block[-1].text) and len(block[-1].text) <= _MAX_TAIL_LINE else None
        credit_lines = block[:-1] if owned else block
        people = _credits_of(credit_lines, source) if credit_lines else ()
        if (credit_lines and not people) or (owned and rights.text):
            break
        rights = Rights(text=owned.text) if owned else rights
        found.append(people)
        rest.pop()
    return tuple(rest), tuple(credit for people in reversed(found) for credit in people), rights


def _after(blocks: Sequence[Block], at: int) -> tuple[Block, ...]:
    rest = blocks[at][1:]
    return (rest, *blocks[at + 1 :]) if rest else tuple(blocks[at + 1 :])


def _is_short(text: str) -> bool:
    return len(text) <= _MAX_TAIL_LINE and not (ends_sentence(text) and len(text.split()) > _LONG_SENTENCE)


def _credits_of(block: Block, source: SourceText) -> tuple[Credit, ...]:
    """The credits of a block whose every line is one, or goes on with the names of the line above; else none."""
    entries: list[list[Line]] = []
    for line in block:
        goes_on = entries and (
            ":" not in line.text
            and (
                entries[-1][-1].text.endswith((",", " and", " und", " et", " &"))
                or re.match(r"(?:and|und|et|&)\s", line.text)
            )
        )
        if goes_on:
            entries[-1].append(line)
        else:
            entries.append([line])
    people: list[Credit] = []
    for entry in entries:
        text = joined(tuple(entry))
        named = read_credit_line(text, source.at(entry[0].offset)) if len(text) <= _MAX_CREDIT else ()
        if not named:
            return ()
        people.extend(named)
    return tuple(people)
