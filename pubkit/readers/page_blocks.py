"""The boxes of a page's layout become paragraphs: what is left has the shape of a text, not of a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from lxml import etree

from pubkit.markup import drop
from pubkit.readers.page_tree import PHRASING, count_words, names_of, text_of, unwrap

_BOXES = frozenset({"div", "section", "article", "main", "header", "footer", "nav"})
_CAPTION = re.compile(
    r"(?<![a-z])(?:wp-caption-text|(?:image|photo|figure|media|gallery|img)-?_?-?caption|caption-text|caption)(?![a-z])"
)
_CAPTIONED = re.compile(r"(?<![a-z])(?:wp-caption|captioned-image|image-with-caption)(?![a-z-])")
_MAX_CAPTION = 100  # words
_SPACES = re.compile(r"[ \t\n\r\f]+")


def name_figures(body: etree._Element) -> None:
    """Make a figure of a box that the page's class names call a captioned image."""
    for box in list(body.iter("div")):
        images = list(box.iter("img"))
        if len(images) == 1 and _CAPTIONED.search(box.get("class", "")) and next(box.iter("figure"), None) is None:
            box.tag = "figure"
            for part in box.iter("p", "div", "span"):
                if _CAPTION.search(names_of(part)) and images[0] not in list(part.iter("img")):
                    part.tag = "figcaption"
                    break


def set_blocks(body: etree._Element) -> None:
    """Turn boxes into paragraphs or take them away, innermost first; `body` itself keeps only blocks.

    Two line breaks in a row part paragraphs. Boxes and spans with an id, a language or a direction stay.
    """
    for span in list(body.iter("span")):
        if not span.attrib:
            unwrap(span)
    for paragraph in list(body.iter("p")):
        if _has_double_break(paragraph) or any(child.tag not in PHRASING for child in paragraph):
            paragraph.tag = "div"
    for box in reversed(list(body.iter(*_BOXES))):
        if box is not body:
            _set_box(box)
    _wrap_runs(body)
    for figure in body.iter("figure"):
        _set_caption(figure)
    for element in reversed(list(body.iter("p", "li", "blockquote", "h2", "h3", "h4"))):
        if (
            not text_of(element)
            and next(element.iter("img", "math", "hr", "table", "iframe", "video", "audio"), None) is None
        ):
            drop(element)
    _shrink_spaces(body)


def _set_box(box: etree._Element) -> None:
    parent = box.getparent()
    if parent is None:
        return
    in_line = parent.tag in PHRASING or parent.tag in (
        "p",
        "figcaption",
        "caption",
        "dt",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    )
    if in_line:
        unwrap(box)
    elif all(child.tag in PHRASING for child in box) and not _has_double_break(box):
        box.tag = "p" if text_of(box) or len(box) else "div"
        if box.tag == "div":
            unwrap(box)
    else:
        _wrap_runs(box)
        if not box.attrib:
            unwrap(box)
        elif box.tag != "div":
            box.tag = "div"


def _has_double_break(element: etree._Element) -> bool:
    return any(_is_double(child) for child in element.iterchildren("br"))


def _is_double(line_break: etree._Element) -> bool:
    after = line_break.getnext()
    return after is not None and after.tag == "br" and not (line_break.tail or "").strip()


def _wrap_runs(box: etree._Element) -> None:
    """Put every run of words and phrases between blocks into a paragraph of its own."""
    if not (box.text or "").strip() and all(
        child.tag not in PHRASING and not (child.tail or "").strip() for child in box
    ):
        return
    children = list(box)
    run = etree.Element("p")
    run.text, box.text = box.text, None
    parts: list[etree._Element] = []
    for child, after in zip_longest(children, children[1:]):
        box.remove(child)  # lxml takes the tail along
        if child.tag == "br" and (_ends_paragraph(child, after) or not (text_of(run) or len(run))):
            parts.append(run)
            run = etree.Element("p")
            run.text = child.tail
        elif child.tag in PHRASING:
            run.append(child)
        else:
            parts.extend((run, child))
            run = etree.Element("p")
            run.text, child.tail = child.tail, None
    parts.append(run)
    box.extend(part for part in parts if part.tag != "p" or text_of(part) or _holds_picture(part))


def _ends_paragraph(line_break: etree._Element, after: etree._Element | None) -> bool:
    if after is None:
        return True
    return not (line_break.tail or "").strip() and (after.tag == "br" or after.tag not in PHRASING)


def _holds_picture(element: etree._Element) -> bool:
    return next(element.iter("img", "math", "picture"), None) is not None or bool(element.get("id"))


def _set_caption(figure: etree._Element) -> None:
    """Make a caption of the words beside a figure's image, where it has none."""
    if figure.find(".//figcaption") is not None or next(figure.iter("img"), None) is None:
        return
    words = [part for part in figure.iterchildren("p") if text_of(part) and not _holds_picture(part)]
    if (
        not words
        or sum(count_words(part) for part in words) > _MAX_CAPTION
        or next(figure.iter("table", "ul", "ol"), None) is not None
    ):
        return
    caption = etree.SubElement(figure, "figcaption")
    for part in words:
        figure.remove(part)
        part.tail = " "
        caption.append(part)
        unwrap(part)


def _shrink_spaces(body: etree._Element) -> None:
    for element in _outside_pre(body):
        if element.text:
            element.text = _SPACES.sub(" ", element.text) if element.tag != "pre" else element.text
        if element.tail and element is not body:
            element.tail = _SPACES.sub(" ", element.tail)


def _outside_pre(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    if element.tag != "pre":
        for child in element:
            yield from _outside_pre(child)
