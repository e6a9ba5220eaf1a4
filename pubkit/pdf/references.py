"""Links inside the publication, on paper: "the harbour (page 12)".

A reference that stands on the page it names is left out. Where it stands is known only after layout, which a reference
changes by being there, so one that was printed once stays: layout comes to rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from lxml import etree

from pubkit.labels import labels_of
from pubkit.model import ContentDocument

SHOWN, NEAR = "shown", "near"

_OWN = "pubkit-reference"  # what the ids of references begin with
_PARAGRAPHS = frozenset("p li dd dt td th figcaption blockquote aside div section".split())
_NOT_IN = ("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "nav")


@dataclass(frozen=True, slots=True)
class Reference:
    """A link, the id that it leads to, and the id of the reference after it."""

    link: etree._Element
    target: str
    own: str


def references_of(root: etree._Element, document: ContentDocument) -> list[Reference]:
    """The links of an article's text that get a page number: the first to each target in a paragraph."""
    found: list[Reference] = []
    if document.kind != "article":
        return found
    seen: set[tuple[etree._Element | None, str]] = set()
    for link in root.iter("a"):
        href = str(link.get("href", ""))
        target = href[1:]
        if not href.startswith("#") or link.get("role") or not "".join(map(str, link.itertext())).strip():
            continue
        if next(link.iterancestors(*_NOT_IN), None) is not None:
            continue
        paragraph = next((above for above in link.iterancestors("*") if above.tag in _PARAGRAPHS), None)
        if (paragraph, target) not in seen:
            seen.add((paragraph, target))
            own = f"{_OWN}/{len(found) + 1}/{quote(target, safe='')}/{document.name}"
            found.append(Reference(link, target, own))
    return found


def add_references(root: etree._Element, document: ContentDocument, numbers: Mapping[str, str]) -> None:
    """Write the references that `numbers` says are to be shown; of the others only the place is marked."""
    label = labels_of(document.language)["page-reference"]
    before, after = label.split("{page}")
    for reference in references_of(root, document):
        link = reference.link
        span = etree.Element("span", {"class": "page-reference", "id": reference.own})
        span.tail, link.tail = link.tail, None
        link.addnext(span)
        page = numbers.get(reference.target, "")
        if numbers.get(reference.own) != SHOWN or not page:
            continue
        if not before.startswith("（"):  # which has its own space
            link.tail = " "
        number = etree.SubElement(span, "a", {"class": "page-number", "href": f"#{reference.target}"})
        span.text, number.text, number.tail = before, page, after


def settled(numbers: Mapping[str, str], before: Mapping[str, str] | None) -> dict[str, str]:
    """The numbers that a document prints, its references' own pages replaced by whether these are shown.

    `before` is what it printed when it was laid out last.
    """
    found = dict(numbers)
    for own in numbers:
        if own.startswith(f"{_OWN}/"):
            target = unquote(own.split("/")[2])
            apart = numbers[own] and numbers[own] != numbers.get(target)
            found[own] = SHOWN if apart or (before or {}).get(own) == SHOWN else NEAR
    return found
