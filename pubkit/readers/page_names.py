"""The people whom a web page names as its authors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pubkit.credits import read_byline
from pubkit.names import Name, looks_like_name
from pubkit.readers.page_tree import names_of, one_line, text_of
from pubkit.source import Location

_NO_NAME = re.compile(r"://|^www\.|^[@#/]")
_ADDRESS = re.compile(r"://|^www\.|^[@#/]|\.(?:com|org|net|html?)\b|@\w+\.", re.IGNORECASE)
_NOBODY = frozenset(
    {"admin", "administrator", "author", "editor", "staff", "guest", "user", "unknown", "anonymous", "root"}
)
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?line(?:[_-]+(?:name|author|item|text|copy))*|authors?(?:[_-]*names?)?|by-?author|(?:p|entry|post|article)[_-]+author)(?=$|\s)"
)
_ELSEWHERE = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|recirc\w*|sidebar|widgets?|promo\w*|more|popular|teasers?|cards?)(?=$|[\s_-])"
)
_MAX_BYLINE = 160  # characters
_MAX_NAME = 100


def person_names(text: str, site: str) -> tuple[str, ...]:
    """The authors in a text that holds nothing else: no address, no handle, not the site itself."""
    line = one_line(text)
    if not line or _NO_NAME.search(line) or line.casefold() == site.casefold():
        return ()
    names = [credit.person.name.strip(" |") for credit in read_byline(line, Location("")) if credit.role.code == "aut"]
    return tuple(
        name
        for name in names
        if 0 < len(name) <= _MAX_NAME
        and not _ADDRESS.search(name)
        and name.casefold() != site.casefold()
        and name.casefold() not in _NOBODY
    )


def names_in(text: str, site: str) -> tuple[str, ...]:
    """The names in a byline as pages show it: "By Ada Lovelace, Times Staff" gives Ada Lovelace only."""
    names = person_names(text, site)
    return names if names and all(looks_like_name(Name(name), single=False) for name in names) else ()


def names_on_page(root: etree._Element, site: str) -> tuple[str, ...]:
    """The names in the first byline that the page shows; empty where none is clear."""
    for element in byline_elements(root):
        if names := _names_of_byline(element, site):
            return names
    return ()


def byline_elements(root: etree._Element) -> Iterator[etree._Element]:
    """The elements that hold a byline, by what the page calls them, in document order."""
    for element in root.iter(
        "a",
        "address",
        "div",
        "li",
        "p",
        "span",
        "strong",
        "em",
        "cite",
        "small",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
    ):
        marked = element.get("rel", "") == "author" or "author" in element.get("itemprop", "").split()
        if not (marked or _BYLINE.search(names_of(element))):
            continue
        if not 0 < len(text_of(element)) <= _MAX_BYLINE:
            continue
        if not _is_elsewhere(element):
            yield element


def _is_elsewhere(element: etree._Element) -> bool:
    """Whether an element belongs to something beside the article; an article's own footer is not beside it."""
    holders = [element, *element.iterancestors()]
    article = next((at for at, holder in enumerate(holders) if holder.tag in ("article", "main", "body")), len(holders))
    besides = {"nav"} if element.get("itemprop") else {"aside", "nav"}  # marked by hand: so it is this article's author
    return any(holder.tag in besides or _ELSEWHERE.search(names_of(holder)) for holder in holders[:article]) or any(
        holder.tag in ("aside", "nav", "footer") for holder in holders[article:]
    )


def _names_of_byline(element: etree._Element, site: str) -> tuple[str, ...]:
    inner = [
        part for part in element.iter() if "name" in part.get("itemprop", "").split() or part.get("rel") == "author"
    ]
    if inner:
        found = tuple(name for part in inner for name in names_in(text_of(part), site))
        if found:
            return tuple(dict.fromkeys(found))
    pieces = [one_line(str(piece)) for piece in element.itertext()]
    names: list[str] = []
    joined = True  # the next piece belongs to the list of names
    for piece in (piece for piece in pieces if piece):
        words = piece.strip()
        if re.fullmatch(
            r"(?:,|;|&|and|und|et|y|e|en|og|och|i|(?:(?:written|posted) )?by:?|von|par|por|di|door)*",
            words,
            re.IGNORECASE,
        ):
            joined = True
            continue
        found = names_in(re.split(r"\s+[|·•–—-](?:\s+|$)|\s+on\s", words)[0], site)
        if not joined or not found:
            break
        names.extend(found)
        joined = words.endswith((",", "&", " and"))
    return tuple(dict.fromkeys(names))
