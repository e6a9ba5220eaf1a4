"""The article's tree is made ready: repeats go, links and images get addresses, the page's class names are dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree

from pubkit.markup import drop
from pubkit.readers.page_metadata import is_web
from pubkit.readers.page_names import byline_elements
from pubkit.readers.page_tree import PHRASING, count_words, text_of, unwrap
from pubkit.readers.written_dates import read_date
from pubkit.report import Report
from pubkit.source import SourceText

_PLAYERS = frozenset({"iframe", "video", "audio", "object", "embed", "canvas", "applet"})
# Elements of old, half-old and foreign HTML, and what says the same today.
_OLD = dict(
    pair.split(":")
    for pair in (
        "center:div big:span strike:s tt:code acronym:abbr address:p hgroup:div font:span nobr:span "
        "label:span data:span details:div summary:p fieldset:div legend:p dir:ul menu:ul search:div "
        "form:div image:img amp-img:img"
    ).split()
)
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|highlight-source)-([\w+#-]+)")
_PLACEHOLDER = re.compile(
    r"^data:|(?:blank|spacer|placeholder|pixel|transparent|1x1|lazy|loading)[^/]*\.(?:gif|png|svg)", re.IGNORECASE
)
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-hi-res-src", "data-url", "data-srcset", "srcset")
_MAX_PATH = 1000  # characters
_FEW_LEFT = 3  # words that a byline may have beside names and date: "Staff writer"
_LEAD = 90  # words: as far down a byline or a date is taken for the page's head
_SMALL_CHANGE = re.compile(
    r"\d+|by|von|par|por|de|on|am|le|at|um|uhr|[ap]m|[ap]|m|updated|published|posted|[a-z]{3}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """What the article says elsewhere, and its text need not say again."""

    titles: tuple[str, ...]
    names: tuple[str, ...]
    date: str
    dek: str


def drop_repeats(body: etree._Element, repeats: Repeats) -> list[str]:
    """Drop headline, byline, date and standfirst from the head of the text; gives the words of each."""
    titles = {_letters(title) for title in repeats.titles if title}
    found = [element for element in body.iter("h1", "h2") if _letters(text_of(element)) in titles]
    found += [element for element in byline_elements(body) if _is_known(text_of(element), repeats)]
    for element in body.iter("p", "div", "span", "time", "h2", "h3", "h4"):
        words = text_of(element)
        if words and (words == repeats.dek or (repeats.date and read_date(words) == repeats.date)):
            found.append(element)
    lead = set(_lead(body))
    whole = (_whole(element, body) for element in found if element in lead)
    dropped = dict.fromkeys(element for element in whole if element is not None)
    outermost = [element for element in dropped if not any(holder in dropped for holder in element.iterancestors())]
    said = [text_of(element) for element in outermost]
    for element in outermost:
        drop(element)
    return said


def show_images(root: etree._Element) -> None:
    """Give every image of a page the address that a browser's script would give it later."""
    for block in list(root.iter("noscript")):
        images = list(block.iter("img"))
        neighbour = block.getprevious()
        # The browser's placeholder stands before the block for browsers without scripts, in at most a wrapper or two.
        others = [] if neighbour is None or text_of(neighbour) else [neighbour, *neighbour.iterdescendants()]
        if len(images) == 1 and any(other.tag == "img" and not _is_shown(other) for other in others):
            if neighbour is not None:
                drop(neighbour)
            unwrap(block)
        else:
            drop(block)
    for image in root.iter("img", "amp-img"):
        if not _is_shown(image):
            found = next((image.get(key, "") for key in _LAZY if image.get(key, "").strip()), "")
            if found:
                image.set("src", found.split(",")[0].split()[0])


def set_links(body: etree._Element, source: SourceText, report: Report, *, url: str, base: str) -> None:
    """Make relative links absolute, or take them off where the page does not say its own address.

    Links into the page stay where their target does. Reports page-link-unknown once, with the number of
    links that had to go.
    """
    targets = {element.get(key, "") for element in body.iter(etree.Element) for key in ("id", "name")} - {""}
    unknown = []
    for anchor in list(body.iter("a")):
        href = " ".join(anchor.get("href", "").split())
        address = _joined(base, href)
        inside = _fragment_of(href, address, url)
        if inside in targets:
            anchor.set("href", "#" + inside)
        elif href and not href.startswith("#") and (scheme_of(address) or lies_beside(source, href)):
            anchor.set("href", address if scheme_of(address) else href)
        else:
            if href and not href.startswith("#"):
                unknown.append(href)
            anchor.attrib.pop("href", "")
            if not (anchor.get("id") or anchor.get("name")):
                unwrap(anchor)
    if unknown:
        report.add("page-link-unknown", source.find(unknown[0]), count=len(unknown), first=unknown[0])


def set_images(body: etree._Element, source: SourceText, report: Report, *, base: str) -> None:
    """Give images beside the page their path and all others a whole address.

    Reports page-image-unknown for each that has neither, and drops it.
    """
    for image in list(body.iter("img")):
        src = image.get("src", "").strip()
        if lies_beside(source, src):
            image.set("src", unquote(src.split("?", 1)[0]))
        elif scheme_of(address := _joined(base, src)):
            image.set("src", address)
        else:
            if src:
                report.add("page-image-unknown", source.find(src), name=src)
            drop(image)


def plain_markup(body: etree._Element) -> None:
    """Drop the page's classes, ids and old elements; only what means something to a reader stays."""
    hrefs = [anchor.get("href", "") for anchor in body.iter("a")]
    wanted = {href[1:] for href in hrefs if href.startswith("#")} - {""}
    for element in list(body.iter(etree.Element)):
        element.tag = _OLD.get(str(element.tag), element.tag)
        if element.tag in ("source", "track"):
            drop(element)
        elif element is not body and (element.tag == "picture" or re.search(r"[-:]", str(element.tag))):
            unwrap(element)
        elif element.tag in _PLAYERS:
            element.text = None
            for child in list(element):
                element.remove(child)
        _plain_attributes(element, wanted)
    for element in reversed(
        list(
            body.iterdescendants(
                "p", "div", "span", "section", "ul", "ol", "li", "figure", "a", "em", "strong", "b", "i"
            )
        )
    ):
        if (
            not text_of(element)
            and not element.get("id")
            and not any(span.get("data-index") for span in element.iter("span"))
            and next(element.iter("img", "hr", "br", "math", *_PLAYERS), None) is None
        ):
            drop(element)


def scheme_of(address: str) -> str:
    """The address's scheme; empty for a relative address and for one that cannot be read."""
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def lies_beside(source: SourceText, name: str) -> bool:
    """Whether a relative address names a file below the publication's folder."""
    path = unquote(name.split("?", 1)[0].split("#", 1)[0])
    if not path or "\0" in path or scheme_of(name) or path.startswith(("/", "\\")) or len(path) > _MAX_PATH:
        return False
    found = (source.root / PurePosixPath(source.base) / path).resolve()
    return found.is_relative_to(source.root.resolve()) and found.is_file()


def _fragment_of(href: str, address: str, url: str) -> str:
    """The id that a link to the page itself leads to; empty for other links."""
    if href.startswith("#"):
        return unquote(href[1:])
    page, fragment = urldefrag(address) if is_web(address) else ("", "")
    return unquote(fragment) if fragment and page == urldefrag(url)[0] else ""


def _joined(base: str, address: str) -> str:
    if not base:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _lead(body: etree._Element) -> Iterator[etree._Element]:
    """The elements that start within the first words of the text, headings of any length not counted."""
    words = 0
    for element in body.iter(etree.Element):
        if words > _LEAD:
            return
        yield element
        if not len(element) or element.tag == "p":
            words += count_words(element) if element.tag not in ("h1", "h2") and element.tag not in PHRASING else 0


def _is_known(text: str, repeats: Repeats) -> bool:
    """Whether a byline says nothing but names and dates that are known."""
    rest = text
    for name in sorted(repeats.names, key=len, reverse=True):
        rest = re.sub(re.escape(name), " ", rest, flags=re.IGNORECASE)
    return rest != text and len(_words_left(rest)) <= _FEW_LEFT


def _words_left(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W_]+", text) if not _SMALL_CHANGE.fullmatch(word)]


def _whole(element: etree._Element, body: etree._Element) -> etree._Element | None:
    """The element, or the paragraph that holds nothing else; None for a name or date in a sentence."""
    while element.tag in PHRASING:
        parent = element.getparent()
        if parent is None or parent is body:
            return element
        beside = [parent.text or "", *(child.tail or "" for child in parent)]
        if not "".join(beside).strip() and parent.tag not in PHRASING and parent.tag != "p":
            return element  # one of several labels in a box
        if _words_left(text_of(parent).replace(text_of(element), " ", 1)):
            return None
        element = parent
    return element


def _is_shown(image: etree._Element) -> bool:
    src = image.get("src", "").strip()
    return bool(src) and not _PLACEHOLDER.search(src)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _plain_attributes(element: etree._Element, wanted: set[str]) -> None:
    keep = {
        "href",
        "src",
        "alt",
        "lang",
        "dir",
        "colspan",
        "rowspan",
        "scope",
        "start",
        "reversed",
        "type",
        "value",
        "datetime",
        "cite",
    }
    language = _LANGUAGE_CLASS.search(element.get("class", "")) if element.tag in ("code", "pre") else None
    name = next((name for key in ("id", "name") if (name := element.get(key, "")) in wanted), "")
    title = element.get("title", "") if element.tag in ("abbr", "dfn") else ""
    inside_mathematics = element.tag == "math" or next(element.iterancestors("math"), None) is not None
    mark = element.get("data-index", "") if element.tag == "span" else ""
    credit = element.tag == "span" and element.get("class") == "credit" and not len(element)
    for key in list(element.attrib):
        if key not in keep and not inside_mathematics:
            del element.attrib[key]
    if credit:
        element.set("class", "credit")
    if mark.strip(" 0123456789"):  # pages number their own parts with it
        element.set("data-index", mark)
    if name:
        element.set("id", name)
    if language:
        element.set("class", f"language-{language[1]}")
    if title:
        element.set("title", title)
