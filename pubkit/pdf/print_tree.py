"""The body of a content document made ready for paper: notes at the foot, formulas drawn, page numbers filled in.

What the publication wants of links on paper is done here, too: references to pages, and addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from lxml import etree

from pubkit.labels import labels_of
from pubkit.markup import drop
from pubkit.model import ContentDocument, Printing
from pubkit.pdf import mathematics
from pubkit.pdf.last_words import join_last_words
from pubkit.pdf.locators import merge_locators
from pubkit.pdf.page_starts import NUMBER, number_elements
from pubkit.pdf.paper_links import add_links
from pubkit.pdf.references import add_references, references_of

BASE_URL = "https://pubkit.invalid/"  # RFC 2606: a name that never resolves
ASSET, FONT, FORMULA, CODE = "asset/", "font/", "formula/", "code/"
LINK = "pubkit-to:"  # a link inside the edition, until assembly knows its page

WORD, REST_OF_WORD = "data-word", "data-rest"  # a word that begins with a drop cap, and what comes after that

SCREEN = Printing()

_MATH = "{http://www.w3.org/1998/Math/MathML}math"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintTree:
    """XHTML without a namespace, formulas and codes drawn for it by URL, and the TeX of those that cannot be drawn."""

    xhtml: bytes
    drawings: Mapping[str, bytes]
    undrawn: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()  # the source's, element by element, from which the places of page starts are counted


def page_numbers_wanted(document: ContentDocument, printing: Printing = SCREEN) -> tuple[str, ...]:
    """The ids whose pages the document prints or must know, in order; none for a body that is not well-formed.

    It can be laid out only after these.
    """
    referring = printing.page_references and document.kind == "article" and 'href="#' in document.body
    if not referring and not ("page-number" in document.body and "data-page" in document.body):
        return ()
    try:
        root = _parse(document)
    except etree.XMLSyntaxError:  # reported when it is laid out
        return ()
    wanted = [str(span.get("data-page", "")) for span in _spans_for_numbers(root)]
    for reference in references_of(root, document) if referring else ():
        wanted += [reference.target, reference.own]
    return tuple(wanted)


def print_tree(document: ContentDocument, numbers: Mapping[str, str], printing: Printing = SCREEN) -> PrintTree:
    """The document as it is laid out; `numbers` gives the page label of every id it prints.

    Raises etree.XMLSyntaxError for a body that is not well-formed.
    """
    root = _parse(document)
    texts = number_elements(root[0])
    formulas = _Formulas()
    for math in list(root.iter(_MATH)):
        formulas.replace(math)
    join_last_words(root, large=document.kind == "titlepage")
    if printing.page_references:
        add_references(root, document, numbers)
    codes = add_links(root, document, printing.links, BASE_URL + CODE)
    _move_notes(root)
    for span in root.iter("span"):
        if "dropcap" in str(span.get("class", "")).split():
            _join_word(span)
    _fill_in_numbers(root, document, numbers)
    for link in root.iter("a"):
        href = str(link.get("href", ""))
        if href.startswith("#"):
            link.set("href", LINK + quote(href[1:], safe=""))
    for image in root.iter("img"):
        source = str(image.get("src", ""))
        if not source.startswith(BASE_URL):
            image.set("src", BASE_URL + ASSET + quote(source, safe=""))
    return PrintTree(
        xhtml=etree.tostring(root, encoding="utf-8"),
        drawings={**formulas.drawings, **codes},
        undrawn=tuple(formulas.undrawn),
        texts=texts,
    )


def _fill_in_numbers(root: etree._Element, document: ContentDocument, numbers: Mapping[str, str]) -> None:
    for span in _spans_for_numbers(root):
        span.text = numbers.get(str(span.get("data-page", "")), "")
    if document.kind == "index":
        comma = labels_of(document.language)["list-comma"].format(first="", second="")
        merge_locators(root, numbers, comma)


def _parse(document: ContentDocument) -> etree._Element:
    head = etree.Element("html", lang=document.language, dir=document.direction)
    start = etree.tostring(head, encoding="unicode").replace("/>", ">")
    markup = f"{start}<body>{document.body}</body></html>"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(markup, parser)


def _spans_for_numbers(root: etree._Element) -> list[etree._Element]:
    return [span for span in root.iter("span") if "page-number" in str(span.get("class", "")).split()]


@dataclass(slots=True)
class _Formulas:
    drawings: dict[str, bytes] = field(default_factory=dict)
    undrawn: list[str] = field(default_factory=list)

    def replace(self, math: etree._Element) -> None:
        """Put an image of the formula in its place, or its TeX where it cannot be drawn."""
        tex = str(math.get("alttext", "")) or "".join(str(part) for part in math.itertext())
        block = math.get("display") == "block"
        tail, math.tail = math.tail, None
        drawing = mathematics.draw(etree.tostring(math, encoding="unicode"))
        if drawing is None:
            self.undrawn.append(tex)
            new = etree.Element("code", {"class": "math undrawn"})
            new.text = tex
        else:
            new = self._image(drawing, tex)
            if block:
                frame = etree.Element("span", {"class": "math display"})
                frame.append(new)
                new = frame
        for name in ("id", NUMBER):
            if value := math.get(name):
                new.set(name, value)
        new.tail = tail
        parent = math.getparent()
        if parent is not None:
            parent.replace(math, new)

    def _image(self, drawing: mathematics.Drawing, tex: str) -> etree._Element:
        url = f"{BASE_URL}{FORMULA}{len(self.drawings)}.svg"
        self.drawings[url] = drawing.svg
        size = f"width:{drawing.width:.4f}em;height:{drawing.height:.4f}em;vertical-align:{-drawing.depth:.4f}em;"
        size += f"margin-inline:{drawing.bearing:.4f}em"
        return etree.Element("img", {"class": "math", "src": url, "alt": tex, "style": size})


def _join_word(cap: etree._Element) -> None:
    """Say which word a drop cap begins, and put the rest of it into an element, so that a reader is told one word."""
    tail, parent = cap.tail or "", cap.getparent()
    if parent is None or not tail or tail[0].isspace():
        return
    rest = tail.split(maxsplit=1)[0]
    other = etree.Element("span", {REST_OF_WORD: ""})
    other.text, other.tail = rest, tail[len(rest) :]
    if number := parent.get(NUMBER):  # where pages begin is counted in the parent's text, to which this belongs
        other.set(NUMBER, number)
    cap.set(WORD, "".join(str(part) for part in cap.itertext()) + rest)
    cap.tail = None
    cap.addnext(other)


def _move_notes(root: etree._Element) -> None:
    """Put every note where the text first refers to it; a later reference becomes a link with the note's number."""
    notes = {str(note.get("id")): note for note in root.iter("aside") if note.get("role") == "doc-footnote"}
    references = [a for a in root.iter("a") if a.get("role") == "doc-noteref" and not _inside_note(a)]
    numbers: dict[str, int] = {}
    for reference in references:
        target = str(reference.get("href", ""))[1:]
        if target in numbers:
            reference.text = str(numbers[target])
        elif target in notes:
            numbers[target] = len(numbers) + 1
            _place_note(reference, notes[target])
    for section in [each for each in root.iter("section") if "notes" in str(each.get("class", "")).split()]:
        if section.find(".//aside") is None:
            drop(section)


def _inside_note(element: etree._Element) -> bool:
    return any(above.get("role") == "doc-footnote" for above in element.iterancestors("aside"))


def _place_note(reference: etree._Element, note: etree._Element) -> None:
    drop(note)
    for backlink in [a for a in note.iter("a") if a.get("role") == "doc-backlink"]:
        drop(backlink)
    note.tag = "span"
    note.set("class", "footnote")
    note.text = (note.text or "").lstrip() or None
    first = note[0] if len(note) else None
    if first is not None and first.tag == "p" and note.text is None:
        _unwrap_first(note, first)  # or the number would stand on a line of its own
    place = etree.Element("span", {"class": "note-place"})
    for name in ("id", NUMBER):
        if value := reference.get(name):
            place.set(name, value)
    place.append(note)
    place.tail, reference.tail = reference.tail, None
    parent = reference.getparent()
    if parent is not None:
        parent.replace(reference, place)


def _unwrap_first(note: etree._Element, paragraph: etree._Element) -> None:
    note.text = (paragraph.text or "").lstrip()
    children = list(paragraph)
    rest = (paragraph.tail or "").strip()
    note.remove(paragraph)
    for position, child in enumerate(children):
        note.insert(position, child)
    if rest and children:
        children[-1].tail = (children[-1].tail or "") + rest
    elif rest:
        note.text += rest
