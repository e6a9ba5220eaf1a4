"""An edition as one HTML document with one style sheet, for WeasyPrint alone: the same content on the same pages.

What pubkit sets last, from its map of the pages, is said in CSS here: running heads with string-set in margin boxes,
page numbers in the contents with target-counter. Outline and links are as in pubkit's PDF.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

import pubkit
from pubkit.model import ContentDocument, Edition, PageGeometry
from pubkit.pdf import styles
from pubkit.pdf.fonts import whole_faces
from pubkit.pdf.page_starts import NUMBER
from pubkit.pdf.print_tree import ASSET, BASE_URL, FONT, LINK, print_tree
from pubkit.report import Report
from pubkit.source import read_content

_RULES = """
h1 { bookmark-level: 1; string-set: verso attr(data-verso), recto attr(data-recto) }
[data-kind] { counter-reset: footnote }
[data-kind] + [data-kind] { break-before: page }
[data-matter=front] + [data-matter=body] { break-before: right }
[data-kind=titlepage] { page: titlepage }
a.page-number::before { content: target-counter(attr(href), page) }
@page titlepage { @bottom-left { content: none } @bottom-right { content: none } }
"""
_FURNITURE = """
@page :%(side)s {
  margin: %(top)gmm %(right)gmm %(bottom)gmm %(left)gmm;
  @bottom-%(outer)s { content: counter(page); width: 10mm; text-align: %(outer)s; font: 600 7.5pt/10pt Inter; %(foot)s }
  @bottom-%(inner)s {
    content: string(%(name)s, first-except); width: calc(100%% - 10mm); text-align: %(outer)s; color: #595959;
    font: 7pt/10pt Inter; %(foot)s
  }
}
"""
_FOOT = "vertical-align: bottom; padding-bottom: 11.5mm"


def typeset_folder(source: Path, store: Path) -> Edition:
    """The edition of a publication folder in the default theme. Raises ValueError where there is anything to say."""
    report = Report()
    publication = pubkit.resolve(pubkit.read(source, report, jobs=2), report, jobs=2, store=store)
    theme = pubkit.load_theme(publication.theme, report)
    if theme is None or not report.ok:
        raise ValueError("\n".join(map(str, report.sorted())))
    edition = pubkit.typeset(publication, theme, report, jobs=2)
    if not report.ok:
        raise ValueError("\n".join(map(str, report.sorted())))
    return edition


def write_one_document(source: Path, folder: Path) -> None:
    """Write edition.html, edition.css, fonts/ and images/ for a publication folder."""
    for name in ("fonts", "images"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as store:
        edition = typeset_folder(source, Path(store))
        for asset in edition.assets:
            (folder / "images" / asset.name).write_bytes(read_content(asset.press))
    for name, content in whole_faces(edition.theme.fonts).items():
        (folder / "fonts" / Path(name).name).write_bytes(content)
    html = etree.Element("html", lang=edition.metadata.language, dir=edition.metadata.direction)
    head = etree.SubElement(html, "head")
    etree.SubElement(head, "meta", charset="utf-8")
    etree.SubElement(head, "title").text = edition.metadata.title
    etree.SubElement(head, "link", rel="stylesheet", href="edition.css")
    etree.SubElement(html, "body").extend(_division(document) for document in edition.documents)
    (folder / "edition.html").write_bytes(
        etree.tostring(html, method="html", encoding="utf-8", doctype="<!DOCTYPE html>")
    )
    (folder / "edition.css").write_text(_style_sheet(edition), encoding="utf-8")


def _division(document: ContentDocument) -> etree._Element:
    body = etree.fromstring(print_tree(document, {}).xhtml)[0]
    body.tag = "div"
    body.attrib.update({"lang": document.language, "dir": document.direction})
    body.attrib.update({"data-kind": document.kind, "data-matter": document.matter})
    for heading in body.iter("h1"):  # of an element on many pages, every part would set the strings anew
        heading.attrib.update({"data-verso": document.running[0], "data-recto": document.running[1]})
    for element in body.iter(etree.Element):
        element.attrib.pop(NUMBER, "")
        if element.get("href", "").startswith(LINK):
            element.set("href", "#" + unquote(element.get("href", "").removeprefix(LINK)))
        if element.tag == "img":
            element.set("src", element.get("src", "").replace(BASE_URL + ASSET, "images/"))
        if "page-number" in element.get("class", "").split():
            element.tag = "a"
            element.set("href", "#" + element.get("data-page", ""))
    return body


def _style_sheet(edition: Edition) -> str:
    theme = edition.theme
    faces = styles.font_faces(theme.fonts).replace(BASE_URL + FONT, "fonts/")
    page = styles.page_rule(theme.page, edition.metadata.direction)
    sides = _side(theme.page, "left") + _side(theme.page, "right")
    return f"{faces}\n{styles.PRINT}\n{theme.print_css}\n{page}\n{sides}\n{_RULES}"


def _side(page: PageGeometry, side: str) -> str:
    """The page box of one side of a book that opens to the left."""
    verso = side == "left"
    return _FURNITURE % {
        "side": side,
        "outer": side,
        "inner": "right" if verso else "left",
        "name": "verso" if verso else "recto",
        "top": page.top,
        "bottom": page.bottom,
        "left": page.outside if verso else page.inside,
        "right": page.inside if verso else page.outside,
        "foot": _FOOT,
    }


if __name__ == "__main__":
    write_one_document(Path(sys.argv[1]), Path(sys.argv[2]))
