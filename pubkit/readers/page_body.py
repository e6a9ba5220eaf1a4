"""Which part of a page is the article: readability judges, and what it throws away by mistake comes back.

readability-lxml finds the right container on nearly every page, but drops headings, figures, lists and code in it
by the names of their classes. So it only says which elements it would keep; the text is taken from the page's own
tree, and inside the container the rules below say what else belongs to an article.
"""

from __future__ import annotations

import copy
import logging
import re

from lxml import etree

from pubkit.markup import drop
from pubkit.readers.page_tree import PHRASING, count_words, link_share, names_of, text_of

_MARK = "data-pubkit-number"
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TEXT_BLOCKS = frozenset(
    {"p", "li", "dd", "dt", "td", "th", "blockquote", "figcaption", "caption", "pre", "h1", *_HEADINGS}
)
_LISTS = frozenset({"ul", "ol", "dl", "table", "blockquote"})
_SHAPED = _LISTS | {*_HEADINGS, "pre", "figure"}
_NEVER = frozenset({"nav", "aside", "form", "footer"})

# Names that the authors of pages give to what stands around an article.
_FURNITURE = re.compile(
    r"(?<![a-z])(?:shar(?:e|ing)|social|follow|related|recirc\w*|promo\w*|newsletter|subscri\w+|sign-?up|comments?|disqus|"
    r"sidebar|foot(?:er)?|nav\w*|menu|breadcrumbs?|by-?line|bio|avatar|meta|tags?|tag-list|ads?|advert\w*|sponsor\w*|"
    r"widget|outbrain|taboola|recommend\w*|popular|trending|more-\w+|read-more|cookie\w*|banner|toolbar|pagination|"
    r"pager|print-only|hidden|sr-only|visually-?hidden|screen-reader\w*|edit-?section|toc|noprint)(?![a-z])"
)
# Of these even what readability kept is dropped, where it is small or full of links.
_INSETS = re.compile(
    r"(?<![a-z])(?:shar(?:e|ing)\w*|shared\w+|related-?(?:posts?|articles?|stories|content|links|coverage)?|relatedposts|recirc\w*|"
    r"newsletter\w*|outbrain|taboola|trending|ad|ads|advert\w*|sponsor\w*|promo\w*|noprint|print-only|visually-?hidden|sr-only|"
    r"screen-reader\w*|skip-\w+|edit-?section|comments?)(?![a-z])"
)
_MAX_HEADING = 200  # characters
_PROSE = 25  # words: from here on a dropped block between two kept ones is taken for text
_FEW = 10  # words: from here down a box called "share" or "ad" is one
_CAPTION = 80  # words: up to here a dropped box with a picture is an illustration
_LIST = 3  # words: from here on a dropped list says something
_SMALL = 60  # pixels: a picture that is narrower or lower is an icon
_SPARSE = 0.04  # of a page's text: an article is more
_MOSTLY_LINKS = 0.5
_LINKED = 0.34  # from here on a list is a list of links


def find_body(root: etree._Element) -> etree._Element | None:
    """The article of a page as a new tree, whose root is the container it was found in; None where there is none.

    What is less than a twenty-fifth of the page's text is no article. Equal pages give equal trees.
    """
    page = copy.deepcopy(root)
    numbered = dict(enumerate(page.iter(etree.Element)))
    judged = _judge(page, numbered)
    if not judged:
        return None
    container = _common(judged)
    way = {holder for element in judged for holder in _up_to(element, container)} - judged
    _prune(container, judged, way)
    container.tail = None
    if len(text_of(container)) < _SPARSE * len(text_of(next(root.iter("body"), root))):
        return None
    return container


def main_part(root: etree._Element) -> etree._Element:
    """A page without its navigation, asides and footers, as a new tree: for pages without an article."""
    body = next(root.iter("main"), None)
    body = copy.deepcopy(body if body is not None else next(root.iter("body"), root))
    body.tail = None
    for element in list(body.iterdescendants(*_NEVER)):
        drop(element)
    for element in list(body.iterdescendants("div", "section", "ul", "p")):
        if _is_inset(element, body):
            drop(element)
    return body


def _judge(page: etree._Element, numbered: dict[int, etree._Element]) -> set[etree._Element]:
    """The elements that readability-lxml would keep."""
    from readability import Document
    from readability.readability import Unparseable

    class Judge(Document):  # type: ignore[misc]
        """Gives the tree as it is: the text it would make costs time that grows with the square of its length."""

        def get_clean_html(self) -> str:
            return etree.tostring(self.html, encoding="unicode", method="html")

    marked = copy.deepcopy(page)
    for number, element in enumerate(marked.iter(etree.Element)):
        element.set(_MARK, str(number))
    logger = logging.getLogger("readability.readability")
    was_disabled, logger.disabled = logger.disabled, True  # it logs what it then also raises
    try:
        judge = Judge(marked)
        judge.summary(html_partial=True)
    except Unparseable:
        return set()
    finally:
        logger.disabled = was_disabled
    return {numbered[int(mark)] for mark in judge.html.xpath(f"//@{_MARK}") if _has_place(numbered[int(mark)])}


def _has_place(element: etree._Element) -> bool:
    return element.tag not in ("html", "head", "title", "meta", "link", "base")


def _common(elements: set[etree._Element]) -> etree._Element:
    """The innermost element that holds them all."""
    rest = iter(elements)
    first = next(rest)
    path = [first, *first.iterancestors()]
    for element in rest:
        holders = {element, *element.iterancestors()}
        path = path[next(at for at, holder in enumerate(path) if holder in holders) :]
    return path[0]


def _up_to(element: etree._Element, container: etree._Element) -> list[etree._Element]:
    """The element's ancestors below and with the container."""
    holders = []
    for holder in element.iterancestors():
        holders.append(holder)
        if holder is container:
            return holders
    return []


def _prune(element: etree._Element, judged: set[etree._Element], way: set[etree._Element]) -> None:
    """Drop what is not of the article below `element`; `way` holds the elements that only lead to kept ones."""
    children = [child for child in element if isinstance(child.tag, str)]
    held = [at for at, child in enumerate(children) if child in judged or child in way]
    first, last = (held[0], held[-1]) if held else (len(children), -1)
    if element in way:
        element.text = None
    for at, child in enumerate(children):
        if element in way:
            child.tail = None
        if child in judged and _is_inset(child, element):
            drop(child)
        elif child in judged or child in way:
            _prune(child, judged, way)
        elif not ((element in judged or first < at < last) and _comes_back(child, first < at, at < last)):
            drop(child)


def _is_inset(element: etree._Element, parent: etree._Element) -> bool:
    """Whether an element that readability kept only points elsewhere, or is there for the screen only."""
    share = link_share(element)
    if element.tag == "aside":
        return share > _MOSTLY_LINKS
    if element.tag in ("a", "span") and re.search(r"hidden|sr-only|screen-reader|skip-", names_of(element)):
        return bool(_INSETS.search(names_of(element)))
    return bool(
        element.tag in ("div", "section", "ul", "p", "header", "footer")
        and _INSETS.search(names_of(element))
        and (share > _LINKED or count_words(element) < _FEW or "related" in names_of(element))
        and count_words(element) * 3 < count_words(parent)
    )


def _comes_back(element: etree._Element, some_before: bool, more_follows: bool) -> bool:
    """Whether an element that readability dropped is part of the article all the same."""
    tag = str(element.tag)
    if tag in ("br", "hr", "math"):
        return True
    # What has the shape of text is hardly ever furniture, whatever its class says.
    furniture = _INSETS if tag in _SHAPED else _FURNITURE
    if tag in _NEVER or furniture.search(names_of(element)):
        return False
    if tag in ("img", "picture", "figure"):
        return _shows_image(element)
    if tag in PHRASING:
        return _in_running_text(element)
    return _is_text(element, tag, some_before and more_follows, more_follows)


def _is_text(element: etree._Element, tag: str, between: bool, more_follows: bool) -> bool:
    """Whether a dropped block is one of text; `between` two kept ones less is asked of it."""
    if tag in _HEADINGS:
        return more_follows and 0 < len(text_of(element)) <= _MAX_HEADING
    if tag == "pre":
        return bool(text_of(element))
    if tag in _LISTS:
        return count_words(element) >= _LIST and link_share(element) < _LINKED
    if tag not in ("div", "p", "section"):
        return False
    prose = between and count_words(element) >= _PROSE and link_share(element) < _LINKED
    return prose or _is_illustration(element)


def _in_running_text(element: etree._Element) -> bool:
    parent = element.getparent()
    before = element.getprevious()
    text = before.tail if before is not None else parent.text if parent is not None else ""
    return bool(
        parent is not None and (parent.tag in _TEXT_BLOCKS or (text or "").strip() or (element.tail or "").strip())
    )


def _shows_image(element: etree._Element) -> bool:
    images = [element] if element.tag == "img" else list(element.iter("img"))
    return any(_is_picture(image) for image in images)


def _is_picture(image: etree._Element) -> bool:
    """False for the spacers, icons and portraits that pages are full of."""
    sizes = [
        int(size) for size in (image.get("width", ""), image.get("height", "")) if size.isascii() and size.isdigit()
    ]
    small = any(size < _SMALL for size in sizes)
    return bool(image.get("src") or image.get("data-src") or image.get("srcset")) and not (
        small or _FURNITURE.search(names_of(image)) or re.search(r"icon|logo|emoji|spinner|pixel", names_of(image))
    )


def _is_illustration(element: etree._Element) -> bool:
    return (
        _shows_image(element)
        and count_words(element) <= _CAPTION
        and link_share(element) < _MOSTLY_LINKS
        and not any(_FURNITURE.search(names_of(inner)) for inner in element.iter("div", "ul", "section"))
    )
