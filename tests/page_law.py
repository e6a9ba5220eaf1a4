"""The law of the page list: between two markers of the EPUB stands what stands on that page of the PDF.

Both files are looked at from outside: the EPUB as XML, the PDF through PDFium. Letters are compared, for layout adds
hyphens, list numbers and note numbers, changes case and drops spaces. Footnotes are added on the side of the EPUB
where they are referred to. PDFium gives right-to-left lines and floats in an order of its own, so letters are counted
as well as compared in order.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pypdfium2
from lxml import etree

from pubkit.model import PageGeometry

X = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
POINTS = 72 / 25.4
OPENING = 6  # characters
NOTHING: Mapping[str, str] = MappingProxyType({})


def letters(text: str) -> str:
    """Without case, accents and anything but letters; without yeh, which PDFium often takes for Latin Extended-B."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if each.isalpha() and each not in "يى" and not 0x180 <= ord(each) < 0x2B0)


@dataclass
class Page:
    """What the EPUB has from one marker to the next."""

    text: str = ""
    notes: str = ""  # that are referred to
    images: tuple[str, ...] = ()
    inside: bool = False  # whether the marker is inside a text
    numbered: bool = False  # whether print adds page numbers, which may be roman


def page_list(epub: bytes) -> list[tuple[str, str]]:
    """(label, address) of every page of the navigation document."""
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        root = etree.fromstring(book.read("EPUB/nav.xhtml"))
    navs = [nav for nav in root.iter(f"{X}nav") if nav.get(EPUB_TYPE) == "page-list"]
    return [(link.text or "", link.get("href", "")) for nav in navs for link in nav.iter(f"{X}a")]


def epub_pages(epub: bytes) -> dict[str, Page]:
    """What the EPUB has between its markers, by the label in the page list."""
    names = {address.partition("#")[2]: label for label, address in page_list(epub)}
    pages: dict[str, Page] = {}
    with zipfile.ZipFile(io.BytesIO(epub)) as book:
        package = etree.fromstring(book.read("EPUB/content.opf"))
        files = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
        for reference in package.iter(f"{OPF}itemref"):
            root = etree.fromstring(book.read(f"EPUB/{files[reference.get('idref')]}"))
            body = root.find(f"{X}body")
            notes = {
                aside.get("id"): "".join(_texts(aside))
                for aside in body.iter(f"{X}aside")
                if aside.get("role") == "doc-footnote"
            }
            page = Page()  # text before the first marker is lost, and missed
            called: set[str] = set()
            for kind, value in _walk(body):
                if kind == "page":
                    assert names[value] not in pages
                    page = pages[names[value]] = Page(numbered=_prints_page_numbers(body))
                elif kind == "image":
                    page.images += (value,)
                elif kind == "inside":
                    page.inside = True
                elif kind == "note":
                    if value not in called:
                        page.notes += notes.get(value, "")
                    called.add(value)
                else:
                    page.text += value
    return pages


def _walk(element: etree._Element) -> Iterator[tuple[str, str]]:
    role = element.get("role", "")
    if role == "doc-pagebreak":
        assert not element.text
        assert not len(element)
        yield "page", element.get("id")
        if _has_text_before(element):
            yield "inside", ""
    elif role == "doc-noteref":
        yield "note", element.get("href", "").removeprefix("#")
    elif not element.tag.startswith(X) or not {"notes", "index-where"}.isdisjoint(element.get("class", "").split()):
        return  # where print has page numbers, an index names the article
    elif element.tag == f"{X}img":
        yield "image", element.get("src", "").rpartition("/")[2]
    else:
        yield "text", element.text or ""
        for child in element:
            yield from _walk(child)
            yield "text", child.tail or ""


def _has_text_before(element: etree._Element) -> bool:
    before = element.getprevious()
    text = element.getparent().text if before is None else before.tail
    return bool((text or "").strip())


def _texts(element: etree._Element) -> Iterator[str]:
    if element.get("role") == "doc-backlink" or not element.tag.startswith(X):
        return
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _prints_page_numbers(body: etree._Element) -> bool:
    kinds = {"contents", "credits", "colophon"}
    return any(kinds & set(section.get("class", "").split()) for section in body.iter(f"{X}section"))


def pdf_pages(pdf: bytes, page: PageGeometry) -> dict[str, str]:
    """The text of the text block of every page, by its label."""
    document = pypdfium2.PdfDocument(pdf)
    found = {}
    for number, each in enumerate(document):
        text = each.get_textpage()
        bottom, top = page.bottom * POINTS - 3, (page.height - page.top) * POINTS + 3
        found[document.get_page_label(number)] = text.get_text_bounded(0, bottom, page.width * POINTS, top)
    document.close()
    return found


def differences(epub: bytes, pdf: bytes, page: PageGeometry, extra: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """Letters that are on one side only, by page label; `extra` is what only the PDF has there.

    A footnote may stand on the page of its reference or, whole or in part, on the next.
    """
    marked, printed = epub_pages(epub), pdf_pages(pdf, page)
    found = {}
    notes: Counter[str] = Counter()  # that are still to come
    for label, each in marked.items():
        text, got = Counter(letters(each.text + extra.get(label, ""))), Counter(letters(printed[label]))
        notes += Counter(letters(each.notes))
        missing, more = text - got, got - text - notes
        if each.numbered:
            more -= Counter("iiiiiivvvvxxxx")
        if missing or more:
            found[label] = f"only in the EPUB: {dict(missing)}, only in the PDF: {dict(more)}"
        notes -= got - text
    if notes:
        found["notes"] = f"never printed: {dict(notes)}"
    return found


def misplaced(epub: bytes, pdf: bytes, page: PageGeometry) -> dict[str, str]:
    """Pages whose marker stands inside a text and before other characters than those that the page begins with."""
    marked, printed = epub_pages(epub), pdf_pages(pdf, page)
    found = {}
    for label, each in marked.items():
        wanted, got = (letters(text)[:OPENING] for text in (each.text, printed[label]))
        if each.inside and wanted != got:
            found[label] = f"{wanted!r} in the EPUB, {got!r} in the PDF"
    return found
