"""Captions of figures: where they stand, and the credit at their end."""

from __future__ import annotations

import re

from lxml import etree

from pubkit.credits import read_credit_line, read_picture_credit
from pubkit.markup.tree import drop, elements, escape, parse, plain, serialise
from pubkit.model import Credit, Role
from pubkit.names import is_body, is_personal
from pubkit.source import Location

_LONGEST_CREDIT = 200  # characters
_PARTS = re.compile(r"(?<=[.!?…\"”»’)])\s+|\s[|•–—]\s+|\s+(?=[(\[])")  # between a caption and its credit
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_PAPER = re.compile(r"(?:The|El|La|Le|Les|Il|Die|Der|Das|De|O)\s(?=[A-ZÀ-Þ])")
_ENDS = " \t\r\n\f|•–—"
_BY = re.compile(r"[:：©/|]|\b(?:by|par|von|por|door)\b", re.IGNORECASE)


def figcaption(words: str, credit: str) -> str:
    """The figcaption of a caption (inline fragment) and a credit (plain text), as a fragment; empty without both."""
    spans = []
    if words:
        spans.append(f'<span class="caption">{words}</span>')
    if credit:
        spans.append(f'<span class="credit">{escape(credit)}</span>')
    return f"<figcaption>{' '.join(spans)}</figcaption>" if spans else ""


def set_caption(figure: etree._Element, words: str, credit: str) -> tuple[str, str]:
    """Write the figcaption; give caption (inline fragment) and credit (plain text) as they stand in it.

    Where one of them is not given, what the figcaption says stays; a credit at the caption's end is taken for it.
    """
    old = figure.find("figcaption")
    if old is not None:
        parts = [
            part for part in old.iter("span", "small", "cite", "p") if "credit" in (part.get("class") or "").split()
        ]
        credit = credit or " / ".join(dict.fromkeys(plain(part) for part in parts))
        for part in parts:
            drop(part)
        words = words or inside(old)
        figure.remove(old)
    if not credit:
        words, credit = _parted(words)
    if words or credit:
        figure.append(parse(figcaption(words, credit))[0])
    return words, credit


def people_of(caption: str, at: Location) -> tuple[Credit, ...]:
    """Whom the end of a caption (inline fragment) credits: "The quay at noon. Photograph: Mary Anning"."""
    text = plain(caption)
    return _read(text[_credit_in(text) :], at)


def _parted(words: str) -> tuple[str, str]:
    """A caption and the credit at its end; one with a link stays there, for the link may be what a licence asks."""
    body = parse(words)
    text = _text(body)
    start = _credit_in(text)
    links = [element for element in elements(body) if element.tag == "a"]
    if start == len(text) or any(_text(link) in text[start:] for link in links):
        return words, ""
    credit = " ".join(text[start:].split())
    _cut(body, len(text[:start].rstrip(_ENDS)))
    return serialise(body), credit[1:-1] if _BRACKETS.fullmatch(credit) else credit


def _credit_in(text: str) -> int:
    """Where the credit at a text's end begins; the text's length where there is none."""
    for start in (0, *(gap.end() for gap in _PARTS.finditer(text))):
        said = text[start:].strip()
        found = _read(said, Location("")) if len(said) <= _LONGEST_CREDIT else ()
        # Where it is the whole caption, "Fotos de A" may show A, and "Karte: Juist" shows Juist.
        whole = not start and (not _BY.search(said) or all(credit.role.code == "ctg" for credit in found))
        if found and not whole:
            return start
    return len(text)


def _read(said: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a credit line, or of a name with a newspaper in brackets: "(Mary Anning / The Tideline)"."""
    found = read_credit_line(said, at)
    if found or "/" not in said or not _BRACKETS.fullmatch(said):
        return found
    named = read_picture_credit(said, at, role=Role(code="pht"))
    first, last = (named[0].person.name, named[-1].person.name) if len(named) > 1 else ("", "")
    return named if is_personal(first) and (_PAPER.match(last) or is_body(last)) else ()


def _text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def _cut(element: etree._Element, length: int) -> int:
    """Take away what stands behind so many characters of an element's text; gives how many there were."""
    count = len(element.text or "")
    if count > length:
        element.text = (element.text or "")[:length]
    for child in list(element):
        if count >= length:
            element.remove(child)
            continue
        count += _cut(child, length - count)
        tail = child.tail or ""
        child.tail = tail[: max(0, length - count)]
        count += len(tail)
    return count


def inside(element: etree._Element) -> str:
    """The content of a caption as one inline fragment; paragraphs are joined by a space."""
    for child in element.iterdescendants("p", "div", "span"):
        if child.tag != "span":
            child.tail = " " + (child.tail or "")
        elif "caption" in (child.get("class") or "").split():
            child.tag = "p"
    etree.strip_tags(element, "p", "div")
    return " ".join(serialise(element).split())


def set_captions(body: etree._Element) -> None:
    """Make plain blocks of captions that HTML allows nowhere: outside figures, second ones, between other content."""
    for caption in list(body.iter("figcaption")):
        figure = caption.getparent()
        if figure is None or figure.tag != "figure":
            caption.tag = "div"
            continue
        parts = [child for child in figure if isinstance(child.tag, str)]
        others = [child for child in parts if child.tag == "figcaption" and child is not caption]
        if others or caption not in (parts[0], parts[-1]):
            caption.tag = "div"
