"""Marks for the index in a text's tree: `<span data-index="…">`, which is what Markdown's marks become, too.

A span without words marks a place. One at the start of a block is no element of its own but the block's id, so that
drop caps and style sheets do not see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pubkit.markup.index_written import ATTRIBUTE, OPERATOR, Places, checked
from pubkit.markup.tree import drop, elements, parse, plain, serialise
from pubkit.model import IndexMark
from pubkit.report import Report
from pubkit.source import Location, SourceText

NAME = "index-mark"  # the class of a mark in the text, and what ids of marks begin with

_EMPHASIS = frozenset({"em", "i", "cite", "dfn"})
_BLOCKS = frozenset(
    (
        "p div li td th dt dd h1 h2 h3 h4 h5 h6 blockquote aside section article header footer figure figcaption "
        "caption pre body"
    ).split()
)
_EATS_SPACE = re.compile(r"\s|[.,;:!?)\]…»”’]|$")


def lift_marks(body: etree._Element) -> None:
    """Put marks that stand at the start of a block, or in one without words, onto the block itself."""
    for span in list(body.iter("span")):
        if span.get(ATTRIBUTE) is None or next(span.iterancestors("figcaption", "caption"), None) is not None:
            continue
        hidden = _is_hidden(span)
        block = next((above for above in span.iterancestors("*") if above.tag in _BLOCKS), body)
        alone = set(span.attrib) == {ATTRIBUTE}
        if block is not body and alone and (_begins(span, block) or (hidden and not _has_words(block))):
            _note_on(block, _full(span))
            before = _text_before(span)
            _unwrap(span)
            if not before.strip() and hidden:
                _strip_start(block)
            if hidden and block.tag == "p" and not len(block) and not (block.text or "").strip():
                _give_to_neighbour(block)
        elif hidden:
            _close_up(span)


def title_marks(title: etree._Element, body: etree._Element) -> None:
    """Put the marks of a heading that becomes the article's title onto the body."""
    for span in title.iter("span"):
        if span.get(ATTRIBUTE) is not None:
            _note_on(body, _full(span))


def take_marks(
    body: etree._Element, notes: etree._Element, source: SourceText, report: Report
) -> dict[etree._Element, list[IndexMark]]:
    """The marks by the element whose id they are to have; `body` stands for the article as a whole.

    Reports index-empty and index-deep.
    """
    marked = [each for tree in (body, notes) for each in elements(tree) if each.get(ATTRIBUTE) is not None]
    written = [_full(each) if each.tag == "span" else str(each.get(ATTRIBUTE)) for each in marked]
    places = Places(source, [line for lines in written for line in lines.split("\n")])
    found: dict[etree._Element, list[IndexMark]] = {}
    for element, lines in zip(marked, written, strict=True):
        del element.attrib[ATTRIBUTE]
        marks = [mark for line in lines.split("\n") if (mark := checked(line, places.of(line), report)) is not None]
        if all(mark.see for mark in marks):  # its place does not count
            found.setdefault(body, []).extend(marks)
            _unwrap_bare(element)
            continue
        holder = element
        if element.tag == "span":
            element.set("class", " ".join(dict.fromkeys([*(element.get("class") or "").split(), NAME])))
        else:  # the first paragraph of a note is none on paper
            notes_above = (each for each in element.iterancestors("aside") if each.get("role") == "doc-footnote")
            holder = next(notes_above, element)
        found.setdefault(holder, []).extend(marks)
    return found


def inline_marks(fragment: str, at: Location, report: Report) -> tuple[IndexMark, ...]:
    """The marks of a title or another line beside the text, an inline fragment: they stand for the whole article."""
    if ATTRIBUTE not in fragment:
        return ()
    spans = [span for span in parse(fragment).iter("span") if span.get(ATTRIBUTE) is not None]
    return tuple(mark for span in spans if (mark := checked(_full(span), at, report)) is not None)


def unmarked(fragment: str) -> str:
    """An inline fragment without its marks; their words stay."""
    if ATTRIBUTE not in fragment:
        return fragment
    body = parse(fragment)
    for span in [each for each in body.iter("span") if each.get(ATTRIBUTE) is not None]:
        if _is_hidden(span):
            _close_up(span)
        del span.attrib[ATTRIBUTE]
        _unwrap_bare(span)
    return serialise(body).strip()


def _is_hidden(span: etree._Element) -> bool:
    return not plain(span) and next(span.iter("img", "math"), None) is None


def _full(span: etree._Element) -> str:
    """The entry of a span; where it names none, the words are it."""
    written = " ".join((span.get(ATTRIBUTE) or "").split())
    if written and not OPERATOR.match(written):
        return written
    words = " ".join("".join(_words(span)).split()).replace('"', "")
    return f'"{words}" {written}'.strip() if words else written


def _words(element: etree._Element) -> Iterator[str]:
    """The words of an element, those in italics between asterisks."""
    star = "*" if element.tag in _EMPHASIS else ""
    yield star + (element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            yield from _words(child)
        yield child.tail or ""
    yield star


def _begins(span: etree._Element, block: etree._Element) -> bool:
    """Whether nothing stands before the span in its block."""
    element = span
    while element is not block:
        parent = element.getparent()
        if parent is None or element.getprevious() is not None or (parent.text or "").strip():
            return False
        element = parent
    return True


def _has_words(block: etree._Element) -> bool:
    return bool(plain(block))


def _note_on(block: etree._Element, written: str) -> None:
    block.set(ATTRIBUTE, "\n".join(line for line in (block.get(ATTRIBUTE), written) if line is not None))


def _text_before(span: etree._Element) -> str:
    previous, parent = span.getprevious(), span.getparent()
    if previous is not None:
        return previous.tail or ""
    return (parent.text or "") if parent is not None else ""


def _unwrap(span: etree._Element) -> None:
    """Take a span's tags away."""
    parent = span.getparent()
    if parent is None:
        return
    position = parent.index(span)
    previous = span.getprevious()
    tail, span.tail = span.tail or "", None
    children = list(span)
    text = span.text or ""
    parent.remove(span)
    if previous is not None:
        previous.tail = (previous.tail or "") + text
    else:
        parent.text = (parent.text or "") + text
    for number, child in enumerate(children):
        parent.insert(position + number, child)
    last = children[-1] if children else previous
    if last is not None:
        last.tail = (last.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail


def _unwrap_bare(element: etree._Element) -> None:
    if element.tag == "span" and not element.attrib:
        _unwrap(element)


def _strip_start(block: etree._Element) -> None:
    """Take the space away that a mark at the start of a block leaves."""
    element = block
    while True:
        if element.text and element.text.strip():
            element.text = element.text.lstrip()
            return
        if not len(element) or element[0].tag in ("img", "br") or not isinstance(element[0].tag, str):
            return
        element.text = None
        element = element[0]


def _give_to_neighbour(block: etree._Element) -> None:
    """A paragraph of marks alone: they are those of what follows it, else of what is before it or around it."""
    written = str(block.get(ATTRIBUTE))
    beside = (*block.itersiblings(), *block.itersiblings(preceding=True))
    some = (each for each in beside if isinstance(each.tag, str) and each.tag not in ("hr", "br"))
    neighbour = next(some, block.getparent())
    drop(block)
    if neighbour is not None:
        for line in written.split("\n"):
            _note_on(neighbour, line)


def _close_up(span: etree._Element) -> None:
    """One space, not two, where marks stand between words, and none before a full stop."""
    before, last = _text_before(span), span
    while not last.tail and (following := last.getnext()) is not None:
        if following.get(ATTRIBUTE) is None or not _is_hidden(following):
            return
        last = following
    if not before[-1:].isspace() or not _EATS_SPACE.match(last.tail or ""):
        return
    previous, parent = span.getprevious(), span.getparent()
    if previous is not None:
        previous.tail = before.rstrip()
    elif parent is not None:
        parent.text = before.rstrip()
