"""Images become figures, tables become captioned figures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from lxml import etree

from pubkit.markup.captions import inside, people_of, set_caption
from pubkit.markup.index_written import ATTRIBUTE
from pubkit.markup.sanitise import place_of
from pubkit.markup.tree import parse, plain
from pubkit.model import Figure, Rights
from pubkit.report import Report
from pubkit.source import SourceText

_WIDTHS = ("wide", "small")
_ALIGNMENTS = ("left", "right", "center")


def is_remote(address: str) -> bool:
    """Whether an image's address leads out of the publication's folder and into the web."""
    return address.lower().startswith(("http:", "https:", "//", "data:"))


def alt_text(image: etree._Element) -> str:
    """The alternative text of an image on one line; empty where it has none."""
    return " ".join((image.get("alt") or "").split())


def set_figures(
    body: etree._Element, source: SourceText, report: Report, *, caption: Callable[[str], str] | None
) -> list[tuple[etree._Element, Figure]]:
    """Make a `figure` of every image that stands alone; give each with its Figure, whose id is still empty.

    Reports alt-missing for an image without alternative text that is not marked decorative.
    """
    images = list(body.iter("img"))
    total = Counter(image.get("src", "") for image in images)
    seen: Counter[str] = Counter()
    found = []
    for image in images:
        written = image.get("src", "")
        src = re.sub(r"[\t\r\n]", "", written).strip()  # as browsers read addresses
        at = place_of(source, written, seen[written], total[written]) if src else source.here
        seen[written] += 1
        if not src:  # an address that the allow-list refused, which is reported there: its words stay
            image.tag, image.text = "span", alt_text(image)
            image.attrib.clear()
            image.set("class", "image-text")
            continue
        classes = (image.get("class") or "").split()
        decorative = "decorative" in classes or image.get("role") == "presentation"
        alt = alt_text(image)
        if not alt and not decorative and not is_remote(src):  # a remote image is left out anyway
            report.add("alt-missing", at, name=src)
        figure = _figure_around(image)
        title = image.get("title", "")
        credit = image.get("credit", "")
        rights = Rights(
            text=image.get("rights", ""),
            licence=image.get("licence") or image.get("license") or "",
            url=image.get("source", ""),
        )
        image.attrib.clear()
        image.set("src", src)
        image.set("alt", alt)
        if decorative:
            image.set("role", "presentation")
        if figure is None:
            continue
        words = caption(title) if title and caption else ""
        words, credit = set_caption(figure, words, credit)
        widths = [name for name in (*(figure.get("class") or "").split(), *classes) if name in _WIDTHS]
        figure.set("class", " ".join(["figure", *dict.fromkeys(widths), *(["decorative"] if decorative else [])]))
        found.append(
            (
                figure,
                Figure(
                    id="",
                    image=src,
                    alt=alt,
                    caption=words,
                    credit=credit,
                    people=() if credit else people_of(words, at),
                    rights=rights,
                    decorative=decorative,
                    at=at,
                ),
            )
        )
    return found


def _figure_around(image: etree._Element) -> etree._Element | None:
    """The figure that holds the image; made where the image stands alone in its paragraph, else None."""
    figure = next(image.iterancestors("figure"), None)
    if figure is not None:
        holder = image.getparent()
        while (
            holder is not None
            and holder is not figure
            and holder.tag in ("p", "div", "a", "span")
            and _only_child(image)
        ):
            image = _lift(image)
            holder = image.getparent()
        return figure
    inner: etree._Element = image
    parent = inner.getparent()
    while parent is not None and parent.tag in ("a", "span", "strong", "em") and _only_child(inner):
        inner, parent = parent, parent.getparent()
    if parent is None or parent.tag not in ("p", "div", "body") or not (_only_child(inner) or parent.tag == "body"):
        return None
    figure = etree.Element("figure")
    if parent.tag == "body":
        figure.tail, inner.tail = inner.tail, None
        parent.replace(inner, figure)
    else:
        grandparent = parent.getparent()
        if grandparent is None:
            return None
        for key in ("id", ATTRIBUTE):
            if parent.get(key) is not None:
                figure.set(key, parent.get(key, ""))
        figure.tail = parent.tail
        grandparent.replace(parent, figure)
    if image.get("id") and not figure.get("id"):
        figure.set("id", image.get("id", ""))
    image.tail = None
    figure.append(image)
    return figure


def _only_child(element: etree._Element) -> bool:
    parent = element.getparent()
    if parent is None:
        return False
    words = (parent.text or "") + "".join(child.tail or "" for child in parent)
    return len(parent) == 1 and not words.strip()


def _lift(image: etree._Element) -> etree._Element:
    """Put the image in the place of the element that holds nothing else."""
    parent = image.getparent()
    grandparent = parent.getparent() if parent is not None else None
    if parent is not None and grandparent is not None:
        image.tail = parent.tail
        grandparent.replace(parent, image)
    return image


def set_tables(body: etree._Element) -> None:
    """Put every table in a `figure.table`, with the scope of its headers and classes for alignment."""
    for table in list(body.iter("table")):
        for cell in table.iter("td", "th"):
            alignment = cell.attrib.pop("align", "")
            if alignment in _ALIGNMENTS:
                cell.set("class", str(alignment))
        for header in table.iter("th"):
            if not header.get("scope"):
                in_head = next(header.iterancestors("thead"), None) is not None
                header.set("scope", "col" if in_head or _in_first_row(header, table) else "row")
        _drop_empty_headers(table)
        figure = table.getparent()
        caption = table.find("caption")
        if figure is None or figure.tag != "figure":
            figure = etree.Element("figure")
            figure.tail, table.tail = table.tail, None
            parent = table.getparent()
            if parent is None:
                continue
            parent.replace(table, figure)
            figure.append(table)
        figure.set("class", "table")
        if caption is not None:
            words = inside(caption)
            table.remove(caption)
            figure.append(parse(f"<figcaption>{words}</figcaption>")[0])
        for label in figure.findall("figcaption"):
            words = inside(label)
            figure.replace(label, parse(f'<figcaption><span class="caption">{words}</span></figcaption>')[0])


def _in_first_row(header: etree._Element, table: etree._Element) -> bool:
    first = next(table.iter("tr"), None)
    return first is not None and header.getparent() is first and all(cell.tag == "th" for cell in first)


def _drop_empty_headers(table: etree._Element) -> None:
    """An empty header is no header (WCAG 1.3.1): the corner of a table becomes a plain cell."""
    for header in list(table.iter("th")):
        if not plain(header):
            header.tag = "td"
            header.attrib.pop("scope", "")
