"""XHTML files: how they start and how they are written, with one block a line."""

from __future__ import annotations

from lxml import etree

from pubkit.model import Direction

XHTML = "http://www.w3.org/1999/xhtml"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS = frozenset(
    "address article aside blockquote body caption col colgroup dd details div dl dt figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 head header hr html li link main meta nav ol p pre script section summary table tbody td "
    "tfoot th thead title tr ul".split()
)


def blank_document(
    title: str, *, language: str, direction: Direction, style: str = ""
) -> tuple[etree._Element, etree._Element]:
    """A new `<html>` element and the empty `<body>` in it.

    There is no viewport: readers ignore it in reflowable documents (EPUBCheck HTM-060b).
    """
    root = etree.fromstring(f'<html xmlns="{XHTML}" xmlns:epub="http://www.idpf.org/2007/ops"/>')
    for name, value in (("lang", language), (XML_LANG, language), ("dir", direction)):
        root.set(name, value)
    head = etree.SubElement(root, f"{{{XHTML}}}head")
    etree.SubElement(head, f"{{{XHTML}}}title").text = title
    if style:
        etree.SubElement(head, f"{{{XHTML}}}link", {"rel": "stylesheet", "type": "text/css", "href": style})
    return root, etree.SubElement(root, f"{{{XHTML}}}body")


def add(parent: etree._Element, name: str, text: str | None = None, /, **attributes: str) -> etree._Element:
    """A new XHTML element at the end of `parent`; `epub_type` gives `epub:type`, `aria_label` gives `aria-label`."""
    named = {EPUB_TYPE if key == "epub_type" else key.replace("_", "-"): value for key, value in attributes.items()}
    element = etree.SubElement(parent, f"{{{XHTML}}}{name}", named)
    element.text = text
    return element


def name_of(element: etree._Element) -> str:
    """The name of an XHTML element; "" for elements of other vocabularies."""
    name = etree.QName(element)
    return name.localname if name.namespace == XHTML else ""


def serialise(root: etree._Element) -> bytes:
    """The file of an `<html>` element: UTF-8, one block a line, no empty tags but those of void elements.

    Readers that take XHTML for HTML would see `<a id="x"/>` as a link that never ends.
    """
    for element in root.iter("*"):
        _break_lines(element)
        if name_of(element) not in _VOID | {""} and not len(element) and element.text is None:
            element.text = ""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["epub"])
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + etree.tostring(root, encoding="utf-8") + b"\n"


def _break_lines(element: etree._Element) -> None:
    """Set blocks on lines of their own, and take empty lines out; where text could be seen nothing is changed."""
    children = list(element)
    texts = [element.text or "", *(child.tail or "" for child in children)]
    if name_of(element) not in _BLOCKS or name_of(element) == "pre" or not children or any(map(str.strip, texts)):
        return
    if all(name_of(child) in _BLOCKS or child.get("role") == "doc-pagebreak" for child in children):
        texts = ["\n"] * len(texts)
    element.text, *tails = ["\n" if "\n" in text else text for text in texts]
    for child, tail in zip(children, tails, strict=True):
        child.tail = tail
