"""Content documents: the edition's bodies made into XHTML files of their own."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from pubkit.epub.addresses import IMAGES, Addresses
from pubkit.epub.page_breaks import PageBreak, insert_page_breaks
from pubkit.epub.xhtml import EPUB_TYPE, XHTML, XML_LANG, blank_document, name_of, serialise
from pubkit.model import ContentDocument

__all__ = ["body_of", "document_root", "images_of", "properties_of", "serialise"]

SVG = "http://www.w3.org/2000/svg"
MATHML = "http://www.w3.org/1998/Math/MathML"

# Roles whose epub:type is not the role without "doc-" (EPUB Structural Semantics Vocabulary 1.1).
_OTHER_TYPES = {"doc-pagelist": "page-list"}
# Roles without an epub:type, or whose epub:type is deprecated (EPUBCheck OPF-086b).
_NO_TYPE = frozenset({"doc-endnote", "doc-biblioentry", "doc-example", "doc-pageheader", "doc-pagefooter"})


def document_root(
    document: ContentDocument, addresses: Addresses, publication: str, breaks: Sequence[PageBreak] = ()
) -> etree._Element:
    """The `<html>` element of a content document, links and images resolved; `publication` names what has no title.

    `breaks` are the pages of print that begin in it. Raises ValueError for a body that is not good XML, LookupError
    for a link or an image that is nowhere.
    """
    root, body = blank_document(
        " ".join(document.title.split()) or publication,
        language=document.language,
        direction=document.direction,
        style="../css/style.css",
    )
    parsed = body_of(document)
    body.text = parsed.text
    body.extend(parsed)
    insert_page_breaks(body, breaks, document.language)  # before anything changes, for they count the elements
    types = [f"{document.matter}matter", *(["titlepage"] if document.kind == "titlepage" else [])]
    body.set(EPUB_TYPE, " ".join(types))
    for printed in _page_references(body):
        _drop(printed)
    for element in body.iterdescendants(f"{{{XHTML}}}*"):
        _say_language_twice(element)
        _add_type(element)
        _resolve(element, document.name, addresses)
    return root


def images_of(root: etree._Element) -> set[str]:
    """The names of the images that a document shows."""
    return {image.get("src", "").removeprefix(IMAGES) for image in root.iter(f"{{{XHTML}}}img")}


def properties_of(root: etree._Element) -> tuple[str, ...]:
    """The manifest properties that a document needs (EPUB 3.3, D.3): EPUBCheck OPF-014 and OPF-015."""
    namespaces = {etree.QName(element).namespace for element in root.iter("*")}
    return tuple(name for name, namespace in (("mathml", MATHML), ("svg", SVG)) if namespace in namespaces)


def body_of(document: ContentDocument) -> etree._Element:
    """The body of a content document as an XHTML tree. Raises ValueError for one that is not good XML."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    wrapped = f'<body xmlns="{XHTML}" xmlns:epub="http://www.idpf.org/2007/ops">{document.body}</body>'
    try:
        return etree.fromstring(wrapped.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"the body of the document {document.name!r} is not good XML: {error}") from error


def _page_references(body: etree._Element) -> list[etree._Element]:
    """What names a printed page: `page-reference` around the number and its words, else the bare `page-number`."""
    found: dict[etree._Element, None] = {}
    for number in body.iter(f"{{{XHTML}}}span"):
        if "page-number" in number.get("class", "").split():
            around = (each for each in number.iterancestors("*") if "page-reference" in each.get("class", "").split())
            found[next(around, number)] = None
    return list(found)


def _drop(element: etree._Element) -> None:
    """Take an element out, the space that it leaves, and its parent where nothing else was in it."""
    parent = element.getparent()
    if parent is None:
        return
    previous = element.getprevious()
    before = (parent.text if previous is None else previous.tail) or ""
    after = element.tail or ""
    if element.getnext() is None and not after.strip():
        joined = before.rstrip()
    elif previous is None and not before.strip():
        joined = after.lstrip()
    elif before[-1:].isspace() and after[:1].isspace():
        joined = before.rstrip() + after
    else:
        joined = before + after
    parent.remove(element)
    if previous is None:
        parent.text = joined
    else:
        previous.tail = joined
    # What has an id may be linked to, and stays.
    if not len(parent) and not (parent.text or "").strip() and not parent.get("id") and name_of(parent) != "body":
        _drop(parent)


def _say_language_twice(element: etree._Element) -> None:
    """HTML readers look for `lang`, XML readers for `xml:lang`; Ace wants both and wants them equal."""
    language = element.get("lang") or element.get(XML_LANG)
    if language:
        element.set("lang", language)
        element.set(XML_LANG, language)


def _add_type(element: etree._Element) -> None:
    role = element.get("role", "").split()[:1]
    if role and role[0].startswith("doc-") and role[0] not in _NO_TYPE and element.get(EPUB_TYPE) is None:
        element.set(EPUB_TYPE, _OTHER_TYPES.get(role[0], role[0].removeprefix("doc-")))


def _resolve(element: etree._Element, document: str, addresses: Addresses) -> None:
    name, href, src = name_of(element), element.get("href", ""), element.get("src")
    if name == "a" and href.startswith("#"):
        element.set("href", addresses.link(href[1:], source=document))
    elif name == "img" and src is not None:
        element.set("src", addresses.image(src))
