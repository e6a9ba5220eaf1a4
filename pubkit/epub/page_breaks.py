"""Page-break markers: where the pages of the printed edition begin, put into the EPUB's text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from pubkit.epub.xhtml import XHTML, XML_LANG, name_of
from pubkit.model import Edition, PageMap, PageStart

# Where a marker may not stand (it would be read as part of something else, or is not allowed there).
_CLOSED = frozenset("audio button canvas iframe math object picture select svg textarea video".split())
# A page that begins with one of these begins inside it: siblings may be counted on by style sheets (`h2 + p`), and
# lists, tables, figures and the like take no span between their parts (HTML, content models).
_ENTERED = frozenset("caption dd dt figcaption legend li p summary td th".split())
_DESCENDED = frozenset("col colgroup tbody tfoot thead tr".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreak:
    """A marker to be set: its id, the page's label as it is spoken ("page 12"), and the place."""

    id: str
    spoken: str
    language: str
    start: PageStart


def page_breaks(edition: Edition, page_map: PageMap | None) -> Mapping[str, tuple[PageBreak, ...]]:
    """The markers of every document, by its name, in the order of the printed pages.

    Raises LookupError for a page map of another edition.
    """
    found: dict[str, list[PageBreak]] = {document.name: [] for document in edition.documents}
    taken = set(edition.home_of)
    for start in page_map.starts if page_map else ():
        name = f"page-{start.label}"
        while name in taken:
            name = f"printed-{name}"
        taken.add(name)
        spoken = edition.labels.get("on-page", "{page}").format(page=start.label)
        page_break = PageBreak(id=name, spoken=spoken, language=edition.metadata.language, start=start)
        found[start.document].append(page_break)
    return {name: tuple(breaks) for name, breaks in found.items()}


def insert_page_breaks(body: etree._Element, breaks: Sequence[PageBreak], language: str) -> None:
    """Put markers into a body that is as the edition has it, in their order; `language` is the document's.

    Raises LookupError for an element that the body does not have.
    """
    if not breaks:
        return
    elements = list(body.iter("*"))
    for each in breaks:
        marker = etree.Element(f"{{{XHTML}}}span", {"role": "doc-pagebreak", "id": each.id, "aria-label": each.spoken})
        _insert(marker, elements[each.start.element], each.start.text)
        if _language_around(marker, language).partition("-")[0] != each.language.partition("-")[0]:
            marker.set("lang", each.language)


def _language_around(marker: etree._Element, language: str) -> str:
    around = (above.get("lang") or above.get(XML_LANG) for above in marker.iterancestors("*"))
    return next((each for each in around if each), language)


def _insert(marker: etree._Element, element: etree._Element, text: int | None) -> None:
    closed = [above for above in (element, *element.iterancestors("*")) if _is_closed(above)]
    if text is not None and closed and name_of(closed[-1]) == "a" and _is_past_half(closed[-1], element, text):
        _put_after(marker, closed[-1])
    elif closed:
        _put_before(marker, closed[-1])
    elif text is not None:
        _put_into_text(marker, element, text)
    else:
        _put_at_block(marker, element)


def _is_closed(element: etree._Element) -> bool:
    name = name_of(element)
    if name in {"", *_CLOSED, "ruby"} or (name == "a" and element.get("href") is not None):
        return True
    classes = element.get("class", "").split()
    return element.get("aria-hidden") == "true" or not {"page-reference", "page-number", "index-locators"}.isdisjoint(
        classes
    )


def _is_past_half(link: etree._Element, element: etree._Element, text: int) -> bool:
    """Whether more of a link's text stands before the place than after it."""
    before = 0
    for owner, words in _texts(link):
        if owner is element and text < len(words):
            before += text
            break
        before += len(words)
        text -= len(words) if owner is element else 0
    return before * 2 > sum(len(words) for _, words in _texts(link))


def _texts(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """The texts of an element in order, each with the element whose own text it is."""
    yield element, element.text or ""
    for child in element:
        yield from _texts(child)
        yield element, child.tail or ""


def _put_at_block(marker: etree._Element, element: etree._Element) -> None:
    """Put a marker where an element begins: before it, or inside where no span is allowed before it."""
    if name_of(element) == "body":
        if not len(element) or (element.text or "").strip():
            _put_first(marker, element)
            return
        element = element[0]
    if name_of(element) in _DESCENDED or _parent_name(element) == "dl":
        cells = element.iter(*(f"{{{XHTML}}}{name}" for name in ("td", "th", "dt", "dd")))
        element = next(cells, element)
        if name_of(element) in _DESCENDED:  # a table without cells
            element = next(element.iterancestors(f"{{{XHTML}}}table"), element)
    if name_of(element) in _ENTERED or _parent_name(element) == "hgroup":
        while not (element.text or "").strip() and len(element) and name_of(element[0]) in _ENTERED:
            element = element[0]
        _put_first(marker, element)
    else:
        _put_before(marker, element)


def _parent_name(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else name_of(parent)


def _put_first(marker: etree._Element, parent: etree._Element) -> None:
    """Put a marker at the start of an element, after markers that are there already."""
    position = 0
    while not parent.text and position < len(parent) and _is_marker(parent[position]):
        position += 1
        if parent[position - 1].tail:
            marker.tail, parent[position - 1].tail = parent[position - 1].tail, None
            break
    if parent.text:
        marker.tail, parent.text = parent.text, None
    parent.insert(position, marker)


def _put_before(marker: etree._Element, element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.insert(parent.index(element), marker)


def _put_after(marker: etree._Element, element: etree._Element) -> None:
    following = element.getnext()
    while not element.tail and following is not None and _is_marker(following):
        element, following = following, following.getnext()
    parent = element.getparent()
    if parent is not None:
        marker.tail, element.tail = element.tail, None
        parent.insert(parent.index(element) + 1, marker)


def _put_into_text(marker: etree._Element, element: etree._Element, text: int) -> None:
    """Put a marker before a character of an element's own text, or after all of it."""
    own = element.text or ""
    if text < len(own):
        element.text, marker.tail = own[:text] or None, own[text:]
        element.insert(0, marker)
        return
    text -= len(own)
    for position, child in enumerate(element, 1):
        tail = child.tail or ""
        if text < len(tail):
            child.tail, marker.tail = tail[:text] or None, tail[text:]
            element.insert(position, marker)
            return
        text -= len(tail)
    element.append(marker)


def _is_marker(element: etree._Element) -> bool:
    return element.get("role") == "doc-pagebreak"
