"""What must hold before an EPUB may say that it conforms to an accessibility standard: a list of named checks.

They are no more than pubkit can know by itself. Whoever certifies a publication looks at the rest: whether an
alternative text says what the picture says, no program can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lxml import etree

from pubkit.epub.content import MATHML
from pubkit.epub_css import findings
from pubkit.markup import elements, parse, plain
from pubkit.model import ContentDocument, Edition, TocEntry

_HEADING = re.compile("h([1-6])")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A failure of one check; `document` is "" for the edition as a whole.

    Where the document's source holds `needle` exactly `total` times, the place is its occurrence number `nth`.
    """

    check: str = ""
    words: str
    document: str = ""
    image: str = ""  # the name of the asset that it is about
    needle: str = ""
    nth: int = 0
    total: int = 1


Found = Iterator[Fault]


def claim_holds(edition: Edition) -> bool:
    """Whether no check fails at the level that the publisher claims."""
    return next(faults(edition), None) is None


def faults(edition: Edition) -> Iterator[Fault]:
    """Every failure of every check that the claimed level asks for, document by document."""
    for document in edition.documents:
        body = parse(document.body)
        for name, (_, check) in DOCUMENT_CHECKS.items():
            for fault in check(document, body):
                yield replace(fault, check=name, document=document.name)
    reached = set(_targets(edition.toc))
    homes = {edition.home_of.get(target) for target in reached}
    for document in edition.documents:
        if document.kind == "article" and document.name not in homes:
            yield Fault(check="navigation", words="the table of contents does not lead to it", document=document.name)
    if not edition.metadata.accessibility.conforms_to.endswith("Level A"):
        for found in findings(edition.theme.epub_css):
            if found.code == "epub-css-reader":
                yield Fault(check="style-sheet", words=f"epub.css: {found.facts['what']}: {found.facts['reason']}")


def _images(_document: ContentDocument, body: etree._Element) -> Found:
    for image in body.iter("img"):
        decorative = image.get("role") in ("presentation", "none") or image.get("aria-hidden") == "true"
        if not decorative and not (image.get("alt", "").strip() or image.get("aria-label")):
            yield Fault(words="an image has no alternative text", image=image.get("src", ""))
    drawings = list(body.iter("{http://www.w3.org/2000/svg}svg"))
    for nth, drawing in enumerate(drawings):
        if not (drawing.get("aria-label") or drawing.get("aria-labelledby") or drawing.get("aria-hidden")):
            yield Fault(words="a drawing has no label", needle="<svg", nth=nth, total=len(drawings))


def _formulas(_document: ContentDocument, body: etree._Element) -> Found:
    formulas = list(body.iter(f"{{{MATHML}}}math"))
    for nth, formula in enumerate(formulas):
        if not formula.get("alttext", "").strip():
            yield Fault(words="a formula has no alternative text", needle="<math", nth=nth, total=len(formulas))


def _headings(document: ContentDocument, body: etree._Element) -> Found:
    if document.kind == "cover":
        return
    above = 0
    for element in elements(body):
        level = _HEADING.fullmatch(str(element.tag))
        if not level:
            continue
        text = plain(element)
        if not text:
            yield Fault(words=f"a heading of level {level[1]} is empty")
        if int(level[1]) > above + 1:
            words = f"the heading {text!r} of level {level[1]} has none of level {above + 1} above it"
            yield Fault(words=words, needle=text)
        above = int(level[1])
    if not above:
        yield Fault(words="it has no heading")


def _links(_document: ContentDocument, body: etree._Element) -> Found:
    for link in body.iter("a"):
        if link.get("href") is None or link.get("aria-label", "").strip() or plain(link):
            continue
        if not any(image.get("alt", "").strip() for image in link.iter("img")):
            yield Fault(words=f"the link to {link.get('href')!r} has no words", needle=link.get("href", ""))


def _tables(_document: ContentDocument, body: etree._Element) -> Found:
    tables = list(body.iter("table"))
    for nth, table in enumerate(tables):
        if next(table.iter("th"), None) is None and table.get("role") not in ("presentation", "none"):
            yield Fault(words="a table has no header cells", needle="<table", nth=nth, total=len(tables))


def _languages(document: ContentDocument, _body: etree._Element) -> Found:
    if not _LANGUAGE.fullmatch(document.language):
        yield Fault(words=f"{document.language!r} is no language", needle=document.language)
    if not document.title.strip():
        yield Fault(words="it has no title")


def _targets(entries: tuple[TocEntry, ...]) -> Iterator[str]:
    for entry in entries:
        yield entry.target
        yield from _targets(entry.children)


DOCUMENT_CHECKS: dict[str, tuple[str, Callable[[ContentDocument, etree._Element], Found]]] = {
    "image-alternatives": ("WCAG 1.1.1", _images),
    "formula-alternatives": ("WCAG 1.1.1", _formulas),
    "headings": ("WCAG 1.3.1 and 2.4.6", _headings),
    "links": ("WCAG 2.4.4", _links),
    "tables": ("WCAG 1.3.1", _tables),
    "languages": ("WCAG 2.4.2 and 3.1.1", _languages),
}
CRITERIA = {
    **{name: criterion for name, (criterion, _) in DOCUMENT_CHECKS.items()},
    "navigation": "WCAG 2.4.5",
    "style-sheet": "WCAG 1.4.3, 1.4.4 and 1.4.10",
}
