"""The clean tree gets the house's structure: headings, figures, tables, notes, mathematics, links, ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from lxml import etree

from pubkit.markup import figures as figure_markup
from pubkit.markup import index_marks
from pubkit.markup.captions import set_captions
from pubkit.markup.mathematics import set_mathematics
from pubkit.markup.notes import take_notes
from pubkit.markup.sanitise import clean, clean_inline, place_of
from pubkit.markup.tree import drop, elements, parse, plain, serialise
from pubkit.model import Figure, Heading, IndexMark, Link
from pubkit.report import Report
from pubkit.slugs import slug
from pubkit.source import SourceText

_HEADING = re.compile(r"h[1-6]")
_NAME = re.compile(r"[^\W\d][\w.-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A text, clean: `title` is the level-1 heading it started with, where the caller had none."""

    title: str
    body: str
    notes: str
    headings: tuple[Heading, ...]
    figures: tuple[Figure, ...]
    links: tuple[Link, ...]
    marks: tuple[IndexMark, ...]


def fragment(
    html: str,
    source: SourceText,
    report: Report,
    *,
    title: str = "",
    caption: Callable[[str], str] | None = None,
) -> Fragment:
    """Any HTML as a clean fragment.

    `title` is the headline the article already has, in plain text: a first heading that repeats it is
    dropped, and without one a first level-1 heading becomes the fragment's title. `caption` turns an
    image's title attribute into an inline fragment; without it the attribute is dropped.
    """
    body = clean(html, source, report)
    taken = _take_title(body, title)
    _level_headings(body)
    set_mathematics(body, source, report)
    index_marks.lift_marks(body)
    notes = take_notes(body, source, report)
    framed = figure_markup.set_figures(body, source, report, caption=caption)
    figure_markup.set_tables(body)
    set_captions(body)
    for rule in body.iter("hr"):
        rule.attrib.clear()
        rule.set("class", "break")
    _label_boxes(body)
    for anchor in list(body.iter("a")):
        if not anchor.get("href"):  # its address was not safe, or it was only a name
            anchor.tag = "span"
    for code in body.iter("pre"):
        code.set("dir", "ltr")  # program text, in a right-to-left article, too
    marked = index_marks.take_marks(body, notes, source, report)
    _set_ids(body, notes, source, report, marked)
    return Fragment(
        title=taken,
        body=serialise(body).strip(),
        notes=serialise(notes).strip(),
        headings=tuple(
            Heading(level=int(element.tag[1]), id=element.get("id", ""), title=plain(element))
            for element in body.iterchildren()
            if isinstance(element.tag, str) and _HEADING.fullmatch(element.tag)
        ),
        figures=tuple(
            replace(figure, id=element.get("id", ""), caption=index_marks.unmarked(figure.caption))
            for element, figure in framed
        ),
        links=_links(source, body, notes),
        marks=tuple(replace(mark, id=element.get("id", "")) for element, marks in marked.items() for mark in marks),
    )


def inline(html: str, *, marks: bool = False) -> str:
    """An inline fragment of any HTML: emphasis, links and the like stay, blocks are unwrapped.

    Marks for the index stay only where the caller wants them: for what is to become part of a text.
    """
    cleaned = serialise(parse(clean_inline(html))).strip()
    return cleaned if marks else index_marks.unmarked(cleaned)


def _take_title(body: etree._Element, title: str) -> str:
    first = next((child for child in body if isinstance(child.tag, str)), None)
    if first is None or (body.text or "").strip() or first.tag not in ("h1", "h2") or not plain(first):
        return ""
    repeats = title and plain(first).casefold() == title.casefold()
    if not repeats and (title or first.tag != "h1"):
        return ""
    index_marks.title_marks(first, body)
    words = clean_inline("".join([first.text or "", *(etree.tostring(child, encoding="unicode") for child in first)]))
    body.remove(first)
    return "" if repeats else index_marks.unmarked(serialise(parse(words)).strip())


def _level_headings(body: etree._Element) -> None:
    headings = [element for element in elements(body) if _HEADING.fullmatch(str(element.tag))]
    for element in headings:
        if plain(element):
            continue
        if element.find(".//img") is not None:  # a picture that stands alone
            inner = next(element.iterdescendants("p", "div", "figure", "table", "ul", "ol", "blockquote"), None)
            element.tag = "p" if inner is None else "div"  # no paragraph may hold another
            if element.get("id", "").startswith(slug("")):  # made by Markdown, of no words
                element.attrib.pop("id")
        else:  # an empty heading is a barrier (WCAG 2.4.6), and says nothing
            element.tail = (element.text or "") + (element.tail or "")
            drop(element)
    headings = [
        element for element in headings if element.getparent() is not None and _HEADING.fullmatch(str(element.tag))
    ]
    shift = 1 if any(element.tag == "h1" for element in headings) else 0
    above = 1  # the article's own headline
    for element in headings:
        above = min(int(element.tag[1]) + shift, above + 1, 6)
        element.tag = f"h{above}"


def _label_boxes(body: etree._Element) -> None:
    """Name every box by its title, so that a list of landmarks tells them apart; one without a title is a note."""
    number = 0
    for box in body.iter("aside"):
        if box.get("class") != "sidebar":
            continue
        title = next((child for child in box if child.get("class") == "sidebar-title"), None)
        if title is None:
            box.set("role", "note")
            continue
        number += 1
        title.set("id", title.get("id") or f"box-{number}")
        box.set("aria-labelledby", title.get("id", ""))


def _set_ids(
    body: etree._Element,
    notes: etree._Element,
    source: SourceText,
    report: Report,
    marked: Container[etree._Element],
) -> None:
    """Give headings, figures and what is marked an id, make every id a unique XML name, and let links follow."""
    every = [*elements(body), *elements(notes)]
    seen: set[str] = set()
    renamed: dict[str, str] = {}
    for element in every:
        wanted = element.get("id")
        name = wanted or _own_name(element, seen)
        if not name and element in marked and element is not body:
            name = index_marks.NAME
        if not name:
            continue
        unique = _unique(name if _NAME.fullmatch(name) else slug(name), seen)
        if wanted and unique[: len(name)] == name != unique:
            report.add("id-duplicate", place_of(source, wanted, 1, 2), id=wanted)
        renamed.setdefault(wanted or unique, unique)
        seen.add(unique)
        element.set("id", unique)
    for element in every:
        href = element.get("href", "")
        if href.startswith("#"):
            element.set("href", "#" + renamed.get(href[1:], href[1:]))
        label = element.attrib.pop("aria-labelledby", "")
        if label in renamed:
            element.set("aria-labelledby", renamed[str(label)])


def _own_name(element: etree._Element, seen: set[str]) -> str:
    """The id of a heading (its words) or of a figure (its number); empty for what needs none."""
    if _HEADING.fullmatch(str(element.tag)):
        return slug(plain(element))
    if element.tag != "figure":
        return ""
    return f"fig-{sum(name.startswith('fig-') for name in seen) + 1}"


def _unique(name: str, seen: set[str]) -> str:
    number = 1
    unique = name
    while unique in seen:
        number += 1
        unique = f"{name}-{number}"
    return unique


def _links(source: SourceText, *trees: etree._Element) -> tuple[Link, ...]:
    hrefs = [
        element.get("href", "")
        for tree in trees
        for element in tree.iter("a")
        if element.get("href") and element.get("role") not in ("doc-noteref", "doc-backlink")
    ]
    total = Counter(hrefs)
    seen: Counter[str] = Counter()
    links = []
    for href in hrefs:
        links.append(Link(href=href, at=place_of(source, href, seen[href], total[href])))
        seen[href] += 1
    return tuple(links)
