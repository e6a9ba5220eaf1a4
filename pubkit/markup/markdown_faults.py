"""Markdown that does not do what its writer meant: blocks left open, names misspelt, quotation marks from Word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.markup.index_written import WRITTEN
from pubkit.nearest import nearest
from pubkit.report import Report
from pubkit.source import SourceText

BLOCKS = ("aside", "caption", "figure-caption", "pullquote", "table-caption")
IMAGE_ATTRIBUTES = ("credit", "licence", "license", "rights", "source", "id", "class", "lang", "dir", "title", "role")
IMAGE_CLASSES = ("wide", "small", "decorative")

_BLOCK = re.compile(r"^ {0,3}(/{3,})[ \t]*(?P<name>[\w-]*)", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)\{(?P<attributes>[^}\n]*)\}")
_ATTRIBUTE = re.compile(r"(?P<name>[\w-]+)=(?P<value>\"[^\"]*\"|'[^']*'|\S+)|\.(?P<class>[\w-]+)|#[\w-]+")
_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*(?:\n[^\n]*\S[^\n]*)*")
_OPEN_MARK = re.compile(r"(?<![\w(\\])\(\(\(?(?=[\w\"“„«*])")
_INDENTED = re.compile(r"^(?: {4}|\t)[^\n]*", re.MULTILINE)  # code, or a list's text, which goes unlooked at
_LITERAL = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\$\$?[^$]{1,2000}\$|<[^<>]{1,2000}>", re.DOTALL)
_CURLY = "“”„‟«»‘’"


def report_faults(source: SourceText, report: Report) -> None:
    """Report block-unknown, block-open, attribute-unknown, attribute-quotes and index-open, each at its place.

    Code is left out.
    """
    text = _without_code(source.text)
    _report_blocks(text, source, report)
    _report_open_marks(text, source, report)
    for image in _IMAGE.finditer(text):
        start = image.start("attributes")
        for found in _ATTRIBUTE.finditer(image["attributes"]):
            at = source.at(start + found.start())
            if found["value"] and found["value"][0] in _CURLY:
                report.add("attribute-quotes", at, name=found["name"])
            name = found["name"] or (f".{found['class']}" if found["class"] else "")
            known = IMAGE_ATTRIBUTES if found["name"] else tuple(f".{each}" for each in IMAGE_CLASSES)
            if name and name not in known:
                report.add("attribute-unknown", at, name=name, suggestion=_near(name, known))


def _report_open_marks(text: str, source: SourceText, report: Report) -> None:
    for literal in (_INDENTED, _LITERAL, WRITTEN):
        text = literal.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    for paragraph in _PARAGRAPH.finditer(text):
        opened = _OPEN_MARK.search(paragraph[0])
        if opened and "))" not in paragraph[0][opened.end() :]:
            report.add("index-open", source.at(paragraph.start() + opened.start()))


def _near(name: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    return f"did you mean {near}?" if near else f"known here: {', '.join(known)}"


def _without_code(text: str) -> str:
    """The text with the lines of fenced code blanked, so that places stay."""
    lines: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            lines.append(" " * len(line))
        elif mark:
            fence = mark[1]
            lines.append(" " * len(line))
        else:
            lines.append(line)
    return "\n".join(lines)


def _report_blocks(text: str, source: SourceText, report: Report) -> None:
    opened: list[re.Match[str]] = []
    for mark in _marks(text):
        if not mark["name"]:
            if opened:
                opened.pop()
        elif mark["name"] in BLOCKS:
            opened.append(mark)
        else:
            known = _near(mark["name"], BLOCKS)
            report.add("block-unknown", source.at(mark.start("name")), name=mark["name"], suggestion=known)
    for mark in opened:
        report.add("block-open", source.at(mark.start(1)), name=mark["name"])


def _marks(text: str) -> Iterator[re.Match[str]]:
    """The lines that open or close a block; the line that closes an unknown block closes nothing."""
    unknown = 0
    for mark in _BLOCK.finditer(text):
        if mark["name"] and mark["name"] not in BLOCKS:
            unknown += 1
        elif not mark["name"] and unknown:
            unknown -= 1
            continue
        yield mark
