"""A saved web page -> Article: its facts from the metadata, its text as a reader view would show it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Literal

from lxml import etree

from pubkit.labels import direction_of
from pubkit.markup import Fragment, drop, elements, escape, fragment, inline, parse, serialise
from pubkit.model import Article, Credit, Figure, Origin, Person, Role
from pubkit.readers.page_blocks import name_figures, set_blocks
from pubkit.readers.page_body import find_body, main_part
from pubkit.readers.page_credits import name_credits, take_credits
from pubkit.readers.page_metadata import PageMetadata, find_standfirst, is_standfirst, read_metadata
from pubkit.readers.page_tidy import (
    Repeats,
    drop_repeats,
    lies_beside,
    plain_markup,
    set_images,
    set_links,
    show_images,
)
from pubkit.readers.page_tree import count_words, parse_page, text_of
from pubkit.report import Report
from pubkit.slugs import slug
from pubkit.source import SourceText


def read_html(source: SourceText, report: Report, *, language: str, title: str = "") -> Article:
    """The article of a saved web page; `title` is the headline that somebody gave it elsewhere, or empty.

    Reports what was left out of the page, what could not be kept, and what markup.fragment reports. Images
    and links keep their addresses; nothing is fetched.
    """
    name = slug(PurePosixPath(source.path).stem)
    root = parse_page(source, report)
    if root is None:
        return Article(id=name, title="", language=language, direction=direction_of(language), body="", source=source)
    facts = read_metadata(root, source.text)
    for script in list(root.iter("script")):
        drop(script)
    show_images(root)
    body, said, named = _body(root, facts, source, report, title)
    words = count_words(body)
    text = _without_dead_ends(fragment(_inside(body), source, report, title=title or facts.title))
    left = sum(count_words(parse(part)) for part in (text.title, text.body, text.notes))
    if left < words:
        report.add("page-text-lost", source, lost=words - left, words=words)
    spoken = facts.language or language
    return Article(
        id=name,
        title=escape(facts.title) or text.title,
        dek=said,
        kicker=facts.kicker,
        credits=(*_credits(facts, source), *named),
        date=facts.date,
        language=spoken,
        direction=_direction(facts, spoken),
        origin=Origin(site=facts.site, url=facts.url),
        hero=_hero(facts, source, text.body),
        body=text.body,
        notes=text.notes,
        headings=text.headings,
        figures=text.figures,
        links=text.links,
        marks=text.marks,
        source=source,
    )


def _body(
    root: etree._Element, facts: PageMetadata, source: SourceText, report: Report, title: str
) -> tuple[etree._Element, str, tuple[Credit, ...]]:
    """The article's tree, ready for markup, its standfirst as an inline fragment, and whom lines of its text credit."""
    everything = next(root.iter("body"), root)
    total = count_words(everything)
    body = find_body(root)
    if body is None:
        report.add("page-no-article", source)
        body = main_part(root)
    if count_words(body) < total:
        report.add("page-furniture", source, left=total - count_words(body), words=total)
    dek, standfirst = _standfirst(root, body, facts)
    repeated = drop_repeats(
        body,
        Repeats(
            titles=(facts.title, title, text_of(next(root.iter("title"), None))),
            names=tuple(name for name, _ in facts.people),
            date=facts.date,
            dek=standfirst,
        ),
    )
    if repeated:
        report.add("page-repeats", source.find(repeated[0]), count=len(repeated), first=repeated[0])
    set_links(body, source, report, url=facts.url, base=facts.base)
    set_images(body, source, report, base=facts.base)
    name_figures(body)
    name_credits(body)
    plain_markup(body)
    set_blocks(body)
    return body, dek, take_credits(body, source, report)


def _standfirst(root: etree._Element, body: etree._Element, facts: PageMetadata) -> tuple[str, str]:
    """The standfirst as an inline fragment and as plain text; empty where the page shows none.

    A description that only repeats the text's first paragraph is no standfirst.
    """
    for description in facts.descriptions:
        element = find_standfirst(root, description)
        if element is None:
            continue
        words = text_of(element)
        if _key(words) == _key(facts.title):
            continue
        paragraphs = [_key(text_of(paragraph)) for paragraph in body.iter("p", "li", "td")]
        if is_standfirst(element):  # the paragraph that is the standfirst does not repeat it
            paragraphs = [paragraph for paragraph in paragraphs if paragraph != _key(words)]
        if not any(_key(words)[:80] in paragraph for paragraph in paragraphs):
            marked = next(element.iter("em", "i", "a", "sup", "sub", "cite"), None) is not None
            return inline(_inside(element)) if marked else escape(words), words
    return "", ""


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _inside(element: etree._Element) -> str:
    """The inside of an element as HTML."""
    parts = [escape(element.text or "")]
    parts.extend(etree.tostring(child, encoding="unicode", method="html") for child in element)
    return "".join(parts)


def _credits(facts: PageMetadata, source: SourceText) -> tuple[Credit, ...]:
    return tuple(
        Credit(person=Person(name=name, url=url), role=Role(code="aut"), at=source.find(name))
        for name, url in facts.people
    )


def _without_dead_ends(text: Fragment) -> Fragment:
    """The text without links to places of the page that were not part of the article; their words stay."""
    bodies = [parse(text.body), parse(text.notes)]
    there = {element.get("id") for body in bodies for element in elements(body)}
    for body in bodies:
        for link in list(body.iter("a")):
            href = link.get("href", "")
            if href.startswith("#") and href[1:] not in there:
                link.tag = "span"
                del link.attrib["href"]
    kept = tuple(link for link in text.links if not link.href.startswith("#") or link.href[1:] in there)
    return replace(text, body=serialise(bodies[0]).strip(), notes=serialise(bodies[1]).strip(), links=kept)


def _direction(facts: PageMetadata, language: str) -> Literal["ltr", "rtl"]:
    if facts.direction == "rtl":
        return "rtl"
    return "ltr" if facts.direction == "ltr" else direction_of(language)


def _hero(facts: PageMetadata, source: SourceText, body: str) -> Figure | None:
    """The page's lead image, where its file was saved too and the text does not show it anyway."""
    if not facts.image or not lies_beside(source, facts.image) or facts.image in body:
        return None
    return Figure(id="hero", image=facts.image, alt=facts.image_alt, at=source.find(facts.image))
