"""What a web page says about its article: JSON-LD first, then meta elements, then what a reader would see."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pubkit.readers.page_names import names_in, names_on_page, person_names
from pubkit.readers.page_tree import names_of, one_line, text_of
from pubkit.readers.written_dates import read_timestamp

_ARTICLE_TYPES = frozenset(
    (
        "Article NewsArticle BlogPosting ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
        "BackgroundNewsArticle ReviewNewsArticle ScholarlyArticle TechArticle Report SocialMediaPosting "
        "LiveBlogPosting"
    ).split()
)
_MAX_DATA = 1_000_000  # characters of one JSON-LD block
_TITLES = (
    "dc:title",
    "dc.title",
    "dcterms:title",
    "dcterms.title",
    "og:title",
    "twitter:title",
    "parsely-title",
    "title",
)
_AUTHORS = (
    "dc:creator",
    "dc.creator",
    "dcterms:creator",
    "author",
    "parsely-author",
    "sailthru.author",
    "article:author",
)
_DATES = (
    "article:published_time",
    "article:published",
    "datepublished",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
    "publishdate",
    "pubdate",
    "pdate",
    "date",
)
_SEPARATED = re.compile(r"\s+[|–—\-·•»:]+\s+|\s*[|_»]\s*")
_STANDFIRST = re.compile(
    r"(?<![a-z])(?:standfirst|dek|sub-?title|sub-?headline|sub-?deck|entry-summary|article-summary)(?![a-z])"
)
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8})*)")
_STANDFIRST_LENGTHS = range(20, 401)  # characters
_MAX_KICKER = 60  # characters
_FEW_WORDS = 4  # as many may a site's name have where nobody says which part of a title it is
_MAX_DEPTH = 4  # of lists in JSON-LD
_SCRIPT = 4  # letters of a script's subtag
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What a page says about itself; every text is plain, on one line, and empty where the page is silent."""

    title: str
    people: tuple[tuple[str, str], ...]  # (name, address) of the authors, in order
    date: str  # W3C-DTF
    language: str  # BCP 47
    direction: str  # "ltr", "rtl" or ""
    site: str
    url: str
    base: str  # what relative addresses are relative to; empty where nobody knows
    kicker: str
    descriptions: tuple[str, ...]  # of which one may be the standfirst
    image: str
    image_alt: str


def read_metadata(root: etree._Element, text: str) -> PageMetadata:
    """What the page says about its article. `text` is the source, for the address that browsers note in a comment."""
    meta = _meta(root)
    data = _article_data(root)
    site = meta.get("og:site_name", "") or _name(data.get("publisher")) or meta.get("application-name", "")
    url = _address(root, meta, text)
    saved = one_line(next((element.get("href", "") for element in root.iter("base") if element.get("href")), ""))
    joined = urljoin(url, saved) if saved else url
    return PageMetadata(
        title=_title(root, meta, data, site),
        people=_people(root, meta, data, site),
        date=_date(root, meta, data),
        language=_language(root, meta),
        direction=_direction(root),
        site=site,
        url=url,
        base=joined if is_web(joined) else "",
        kicker=_kicker(meta, data),
        descriptions=_descriptions(meta, data),
        image=meta.get("og:image", ""),
        image_alt=meta.get("og:image:alt", ""),
    )


def is_web(address: str) -> bool:
    """Whether this is a whole http or https address."""
    try:
        parts = urlsplit(address)
    except ValueError:  # "http://[": such things stand in real pages
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def is_standfirst(element: etree._Element) -> bool:
    """Whether the page calls an element its standfirst."""
    return element.tag != "span" and bool(_STANDFIRST.search(names_of(element)))


def find_standfirst(root: etree._Element, description: str) -> etree._Element | None:
    """The element that shows the article's standfirst: called so by the page, or its description word for word."""
    wanted = _letters(description)
    for element in root.iter("p", "h2", "h3", "h4", "div", "span"):
        named = is_standfirst(element)
        if not named and not wanted:
            continue
        if any(holder.tag in ("nav", "aside", "footer", "li", "figure") for holder in element.iterancestors()):
            continue
        words = text_of(element)
        if len(words) in _STANDFIRST_LENGTHS and (named or (_letters(words) == wanted)) and not element.findall(".//p"):
            return element
    return None


def _meta(root: etree._Element) -> Mapping[str, str]:
    """The page's meta elements by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        content = _text(element.get("content", ""))
        for key in (element.get("property"), element.get("name"), element.get("itemprop")):
            for word in (key or "").lower().split():
                if content:
                    found.setdefault(word, content)
    return found


def _article_data(root: etree._Element) -> Mapping[str, Any]:
    """The first article that the page's JSON-LD describes; empty without one."""
    found: list[Mapping[str, Any]] = []
    for element in root.iter("script"):
        if element.get("type", "").lower() != "application/ld+json" or len(element.text or "") > _MAX_DATA:
            continue
        words = re.sub(
            r"^\s*(?://|/\*)?\s*<!\[CDATA\[(?:\s*\*/)?|(?://|/\*)?\s*\]\]>(?:\s*\*/)?\s*$", "", element.text or ""
        )
        try:
            found.extend(_articles(json.loads(words.strip().rstrip(";"), strict=False), 0))
        except (ValueError, RecursionError):  # pages hold broken data; the next source of facts is asked
            continue
    return next(iter(found), {})


def _articles(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, list) and depth < _MAX_DEPTH:
        for item in data:
            yield from _articles(item, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        if any(
            kind in _ARTICLE_TYPES for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
        ):
            yield data
        yield from _articles(data.get("@graph"), depth + 1)


def _text(value: Any) -> str:
    """A text of the page's data as plain text; some sites escape it twice."""
    return one_line(html.unescape(value)) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _title(root: etree._Element, meta: Mapping[str, str], data: Mapping[str, Any], site: str) -> str:
    said = (
        _text(data.get("headline"))
        or _text(data.get("name"))
        or next((meta[key] for key in _TITLES if key in meta), "")
    )
    title = said or text_of(next(root.iter("title"), None))
    headings = [text_of(element) for element in root.iter("h1", "h2")][:20]
    for heading in headings:  # a headline that the page shows, with the site's name after it, is the headline
        rest = title[len(heading) :]
        if heading and title.startswith(heading) and (match := _SEPARATED.match(rest)) and ":" not in match[0]:
            return heading
    parts = _SEPARATED.split(title)
    last = parts[-1].strip() if len(parts) > 1 else ""
    if last and (
        _letters(last) == _letters(site)
        or (not said and len(last.split()) <= _FEW_WORDS < len(title.split()) - len(last.split()))
    ):
        *_, separator = _SEPARATED.finditer(title)
        return title[: separator.start()].strip()
    return title


def _people(
    root: etree._Element, meta: Mapping[str, str], data: Mapping[str, Any], site: str
) -> tuple[tuple[str, str], ...]:
    """The authors, from the first place that names a person: never an address, a handle or the site."""
    authors = data.get("author")
    found: list[tuple[str, str]] = []
    for author in authors if isinstance(authors, list) else [authors]:
        said = author if isinstance(author, dict) else {}
        address = said["url"] if isinstance(said.get("url"), str) and is_web(said["url"]) else ""
        # A person may be a site: a blog often bears its writer's name.
        found += [
            (name, address) for name in person_names(_name(author), "" if said.get("@type") == "Person" else site)
        ]
    if not found:
        names = next((names for key in _AUTHORS if (names := person_names(meta.get(key, ""), site))), ())
        found = [(name, "") for name in names or names_in(meta.get("byl", ""), site) or names_on_page(root, site)]
    return tuple(dict.fromkeys(found))


def _date(root: etree._Element, meta: Mapping[str, str], data: Mapping[str, Any]) -> str:
    said = [_text(data.get("datePublished")), *(meta.get(key, "") for key in _DATES)]
    for element in root.iter("time", "span", "abbr"):
        published = "datePublished" in element.get("itemprop", "").split() or element.get("pubdate") is not None
        if published or (element.tag == "time" and re.search(r"publish|entry-date|post-date", names_of(element))):
            said.append(element.get("datetime") or element.get("content") or text_of(element))
    return next((date for value in said if (date := read_timestamp(value))), "")


def _language(root: etree._Element, meta: Mapping[str, str]) -> str:
    """The page's language in the usual spelling of BCP 47: en-US, zh-Hant."""
    xml_lang = "{http://www.w3.org/XML/1998/namespace}lang"
    said = root.get("lang") or root.get("xml:lang") or root.get(xml_lang) or meta.get("content-language", "")
    match = _LANGUAGE.fullmatch(said.strip())
    if match is None:
        return ""
    spelt = {2: str.upper, 4: str.title}
    subtags = [subtag for subtag in re.split("[-_]", match[2]) if subtag]
    return "-".join([match[1].lower(), *(spelt.get(len(tag), str.lower)(tag) for tag in subtags)])


def _direction(root: etree._Element) -> str:
    for element in (root, next(root.iter("body"), root), next(root.iter("article"), root)):
        if (said := element.get("dir", "").strip().lower()) in ("ltr", "rtl"):
            return said
    return ""


def _address(root: etree._Element, meta: Mapping[str, str], text: str) -> str:
    saved = _SAVED_FROM.search(text[:4000])
    canonical = [
        element.get("href", "")
        for element in root.iter("link")
        if "canonical" in element.get("rel", "").lower().split()
    ]
    said = [*canonical, meta.get("og:url", ""), saved[1] if saved else ""]
    return next((address for value in said if is_web(address := one_line(value).replace(" ", "%20"))), "")


def _descriptions(meta: Mapping[str, str], data: Mapping[str, Any]) -> tuple[str, ...]:
    said = [_text(data.get("alternativeHeadline")), *(meta.get(key, "") for key in ("og:description", "description"))]
    said.append(_text(data.get("description")))
    return tuple(dict.fromkeys(said))  # an empty one stands for: whatever the page calls its standfirst


def _kicker(meta: Mapping[str, str], data: Mapping[str, Any]) -> str:
    section = data.get("articleSection")
    said = [meta.get("article:section", ""), _text(section[0] if isinstance(section, list) and section else section)]
    return next(
        (words for words in said if 0 < len(words) <= _MAX_KICKER and not re.search(r"[/\\]|^\W|front-page", words)), ""
    )
