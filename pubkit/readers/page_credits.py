"""The credits of a saved page that stand in its text: those of its pictures, and lines at its head and end."""

from __future__ import annotations

import re

from lxml import etree

from pubkit.credits import credits_nobody, read_credit_line, read_picture_credit, states_licence, unclear_role
from pubkit.markup import drop
from pubkit.model import Credit, Role
from pubkit.readers.page_tree import names_of, text_of
from pubkit.report import Report
from pubkit.source import Location, SourceText

_CREDIT = re.compile(  # what sites call the credit of a picture
    r"(?<![a-z])(?:credits?|(?:photo|image|picture|img|caption|media)-?credits?|copyrightholder|photographer"
    r"|bildnachweis|bildquelle|crediti|credito|credits?-(?:line|text|name))(?![a-z])"
)
_PARTS = ("figcaption", "span", "p", "div", "small", "cite", "em", "i")
_LABEL = re.compile(r"(?:(?:photo|image|picture)\s)?credits?\s?:?", re.IGNORECASE)
_LONGEST_CREDIT = 200  # characters
_LONGEST_LINE = 600
_HEAD, _TAIL = 3, 8  # blocks
_NEAR = 3  # blocks from the end in which a line that may be a credit is asked about


def name_credits(body: etree._Element) -> None:
    """Make `span.credit` in a figcaption of what the page's names, or a hidden label, say is a picture's credit."""
    for figure in body.iter("figure"):
        images = next(figure.iter("img"), None) is not None
        if not images or next(figure.iterdescendants("figure"), None) is not None:
            continue
        found = [words for element in list(figure.iter(*_PARTS)) if (words := _take_credit(element))]
        if not found:
            continue
        caption = figure.find(".//figcaption")
        if caption is None:
            caption = etree.SubElement(figure, "p")  # set_blocks makes a caption of all paragraphs of a figure
        credit = etree.SubElement(caption, "span", {"class": "credit"})
        credit.text = " / ".join(dict.fromkeys(found))


def _take_credit(element: etree._Element) -> str:
    """The words of an element that is a picture's credit, which leave it; else nothing."""
    words = text_of(element)
    named = _is_named(element) and not any(map(_is_named, element.iterdescendants(*_PARTS)))
    if named and element.tag == "figcaption":  # also that of a caption with its credit
        named = bool(read_picture_credit(words, Location(""), role=Role(code="pht"))) or credits_nobody(words)
    first = next(iter(element), None)
    label = text_of(first) if first is not None and not (element.text or "").strip() else ""
    labelled = bool(_LABEL.fullmatch(label))
    holds_more = next(element.iter("img", "a"), None) is not None  # a link may be what a licence asks for
    if not words or len(words) > _LONGEST_CREDIT or not (named or labelled) or holds_more:
        return ""
    element.text = None
    for child in list(element):
        element.remove(child)
    return words[len(label) :].strip() if labelled else words


def _is_named(element: etree._Element) -> bool:
    return bool(_CREDIT.search(f"{names_of(element)} {element.get('itemprop', '').lower()}"))


def take_credits(body: etree._Element, source: SourceText, report: Report) -> tuple[Credit, ...]:
    """The credits of lines at the head and the end of a page's text; the lines are taken out of it.

    One with a licence stays. Reports credit-unclear for a line near the end that has the form of a credit.
    """
    blocks = [block for block in body if block.tag in ("p", "div") and text_of(block) and not _holds_more(block)]
    found: list[Credit] = []
    for number, block in enumerate(blocks):
        words = text_of(block)
        left = len(blocks) - number
        if (number >= _HEAD and left > _TAIL) or len(words) > _LONGEST_LINE or len(blocks) == 1:
            continue
        at = source.find(words)
        people = read_credit_line(words, at)
        found += people
        if people and not states_licence(words):
            drop(block)
        elif not people and left <= _NEAR and (meant := unclear_role(words)) is not None:
            report.add("credit-unclear", at, line=words, meant=f"; did you mean {meant!r}?" if meant else "")
    return tuple(found)


def _holds_more(block: etree._Element) -> bool:
    """Whether a block holds other blocks or pictures."""
    return next(block.iter("p", "img", "figure", "table", "ul", "ol", "math", "pre"), None) not in (None, block)
