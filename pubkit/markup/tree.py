"""Fragments as text and as trees: the two ways between them, and plain text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as html_escape

from lxml import etree

MATHML = "http://www.w3.org/1998/Math/MathML"
VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_BLOCKS = frozenset(
    (
        "p div li td th dt dd figcaption br hr h1 h2 h3 h4 h5 h6 blockquote aside section article figure pre caption"
    ).split()
)


def parse(fragment: str) -> etree._Element:
    """The fragment as a tree: a `body` element without a namespace, MathML in its own.

    Raises lxml.etree.XMLSyntaxError for what is not well-formed; no entity or network is ever loaded.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(f"<body>{fragment}</body>", parser)


def serialise(body: etree._Element) -> str:
    """The inside of `body` as text. Void elements close themselves, all others keep an end tag.

    `<a id="x"/>` would be good XML, but an HTML parser turns the rest of the paragraph into a link.
    """
    for element in elements(body):
        if element.text is None and not len(element) and element.tag not in VOID:
            element.text = ""
    parts = [html_escape(body.text or "", quote=False)]
    parts.extend(etree.tostring(child, encoding="unicode") for child in body)
    return "".join(parts)


def elements(tree: etree._Element) -> Iterator[etree._Element]:
    """The elements of a tree in document order, without comments and processing instructions."""
    yield from tree.iter(etree.Element)


def plain(fragment: str | etree._Element) -> str:
    """The text of a fragment on one line; blocks are parted by spaces, MathML reads as its `alttext`."""
    body = parse(fragment) if isinstance(fragment, str) else fragment
    return " ".join("".join(_texts(body)).split())


def _texts(element: etree._Element) -> Iterator[str]:
    if element.tag == f"{{{MATHML}}}math" and element.get("alttext"):
        yield element.get("alttext", "")
        return
    if element.tag in _BLOCKS:
        yield " "
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _texts(child)
        yield child.tail or ""


def drop(element: etree._Element) -> None:
    """Take the element out of its tree; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
        element.tail = None
    parent.remove(element)


def leads_out(href: str) -> bool:
    """Whether a link leads out of the publication: to the web, to a mail address or to a telephone."""
    return href.lower().startswith(("http:", "https:", "mailto:", "tel:"))


def escape(text: str) -> str:
    """Plain text as a fragment."""
    return html_escape(text, quote=True)
