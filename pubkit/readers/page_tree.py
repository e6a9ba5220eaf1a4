"""A web page as a tree that has lost no text: the parser's silent limits are watched, deep nesting is made flat."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

from pubkit.markup import drop
from pubkit.report import Report
from pubkit.source import SourceText

MAX_DEPTH = 150  # levels that are left in a page; later stages parse again and stop at 200

# Elements that hold no article text, whatever they contain.
DEAD = (
    "script",
    "style",
    "template",
    "link",
    "meta",
    "svg",
    "button",
    "input",
    "select",
    "textarea",
    "datalist",
    "dialog",
)

# What a browser sets inside a line; everything else starts a new one.
PHRASING = frozenset(
    (
        "a abbr b bdi bdo big br cite code data del dfn em font i img ins kbd label mark math picture q "
        "rp rt ruby s samp small source span strike strong sub sup time tt u var wbr"
    ).split()
)

_WORD = re.compile(r"\w+")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse_page(source: SourceText, report: Report) -> etree._Element | None:
    """The page as a tree, at most MAX_DEPTH levels deep; None where it has no element and no text.

    libxml2 drops what is nested deeper than 2048 levels, and all that follows, without an exception: reports
    page-cut. Reports page-flattened where levels were taken out.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True)
    try:
        root = lxml.html.document_fromstring(source.text.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError:  # "Document is empty"
        return None
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            place = source.at(source.text.find("\n") if entry.line < 1 else _offset_of_line(source.text, entry.line))
            report.add("page-cut", place)
            break
    _mend_characters(root)
    for element in list(root.iter(*DEAD)):
        if element.tag not in ("link", "meta") and element.get("type") != "application/ld+json":
            drop(element)
    if _flatten(root):
        report.add("page-flattened", source, limit=MAX_DEPTH)
    return root


def unwrap(element: etree._Element) -> None:
    """Put the element's content in its place; block elements leave spaces, so that words stay apart."""
    parent = element.getparent()
    if parent is None:
        return
    gap = "" if element.tag in PHRASING else " "
    before = element.getprevious()
    lead = gap + (element.text or "")
    if before is not None:
        before.tail = (before.tail or "") + lead
    else:
        parent.text = (parent.text or "") + lead
    tail = gap + (element.tail or "")
    if len(element):
        element[-1].tail = (element[-1].tail or "") + tail
    elif before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    element.tail = None
    at = parent.index(element)
    parent[at : at + 1] = list(element)


def text_of(element: etree._Element | None) -> str:
    """The text on one line, without characters that XML forbids (XML 1.0 section 2.2); blocks are parted by spaces."""
    return one_line("".join(_pieces(element))) if element is not None else ""


def one_line(text: str) -> str:
    """The text with every run of white space made one space, and without characters that XML forbids."""
    return " ".join(_FORBIDDEN.sub(" ", text).split())


def count_words(element: etree._Element) -> int:
    """How many words the element holds, by the letters and digits in them."""
    return len(_WORD.findall("".join(_pieces(element))))


def link_share(element: etree._Element) -> float:
    """How much of the element's text stands in links: from 0 to 1."""
    total = len(text_of(element))
    linked = sum(len(text_of(anchor)) for anchor in element.iter("a"))
    return min(1.0, linked / total) if total else 0.0


def names_of(element: etree._Element) -> str:
    """The element's classes and id, in lower case: what its author calls it."""
    return f"{element.get('class', '')} {element.get('id', '')}".strip().lower()


def _pieces(element: etree._Element) -> Iterator[str]:
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            yield node.text or ""
        elif node is not element:
            yield node.tail or ""
        if node.tag not in PHRASING or node.tag == "br":
            yield " "


def _mend_characters(root: etree._Element) -> None:
    """Replace what XML forbids: the HTML parser lets references such as `&#1;` through, and no tree takes them back."""
    for element in root.iter(etree.Element):
        if element.text and _FORBIDDEN.search(element.text):
            element.text = _FORBIDDEN.sub("\ufffd", element.text)
        if element.tail and _FORBIDDEN.search(element.tail):
            element.tail = _FORBIDDEN.sub("\ufffd", element.tail)
        for key, value in element.attrib.items():
            if _FORBIDDEN.search(str(value)):
                element.set(key, _FORBIDDEN.sub("\ufffd", str(value)))


def _offset_of_line(text: str, line: int) -> int:
    at = -1
    for _ in range(line - 1):
        at = text.find("\n", at + 1)
        if at < 0:
            return 0
    return at + 1


def _flatten(root: etree._Element) -> bool:
    """Take out levels until the tree is at most MAX_DEPTH deep: first wrappers, then what is deepest."""
    depth = _depths(root)
    if max(depth.values()) <= MAX_DEPTH:
        return False
    for element in [element for element in depth if element.tag in ("div", "section", "span", "font", "center")]:
        words = (element.text or "") + "".join(child.tail or "" for child in element)
        if len(element) == 1 and not words.strip() and not element.get("id"):
            unwrap(element)
    depth = _depths(root)
    for element in [element for element, level in depth.items() if level > MAX_DEPTH]:
        unwrap(element)
    return True


def _depths(root: etree._Element) -> dict[etree._Element, int]:
    depth = {root: 1}
    for element in root.iterdescendants():
        parent = element.getparent()
        if parent is not None:
            depth[element] = depth[parent] + 1
    return depth
