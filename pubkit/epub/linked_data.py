"""What machines are told of an article: schema.org in JSON-LD, a data block in the head of its document.

A script element whose type is no script is a data block (HTML, 4.12.1): it never runs, needs no fallback, and makes no
scripted content document of the one it stands in (EPUB 3.3, 6.3.4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from lxml import etree

from pubkit.credit_values import author_names
from pubkit.epub.addresses import IMAGES
from pubkit.epub.xhtml import add, name_of
from pubkit.labels import labels_of
from pubkit.ledger import is_silent, pictures
from pubkit.licences import licence_url
from pubkit.markup import plain
from pubkit.model import Article, Credit, Edition, Figure, Metadata, Person, Rights, Role
from pubkit.names import is_agency, record_addresses
from pubkit.roles import RELATORS

_PROPERTIES = {"aut": "author", "edt": "editor", "trl": "translator"}  # all others are contributors in a role
# Written as escapes: nothing in the block ends the element, in XHTML or in what takes it for HTML.
_ESCAPES = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})


def add_linked_data(root: etree._Element, data: Mapping[str, Any], *, shown: Collection[str]) -> None:
    """Put the data block of an article into the head of its document; `shown` are the names of the images in it."""
    head = next(element for element in root if name_of(element) == "head")
    pictures_ = [each for each in data.get("image", ()) if each["contentUrl"].removeprefix(IMAGES) in shown]
    seen = {key: value for key, value in {**data, "image": pictures_}.items() if value}
    words = json.dumps(seen, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    add(head, "script", words, type="application/ld+json")


def linked_data(edition: Edition, article: Article, *, identifier: str) -> dict[str, Any]:
    """An article of an edition as a schema.org Article, or NewsArticle where it has a dateline; keys in fixed order.

    `identifier` is that of the EPUB. Every picture is there, with its address as its document names it.
    """
    names = author_names(article, article.language)
    return {
        "@context": "https://schema.org",
        **_given(
            {
                "@type": "NewsArticle" if article.place else "Article",
                "headline": plain(article.title),
                "alternativeHeadline": plain(article.subtitle),
                "description": plain(article.dek),
                "articleSection": article.kicker,
                "dateline": article.place,
                **_people(article.credits),
                "datePublished": article.date,
                "inLanguage": article.language,
                **_terms(article.rights, edition.metadata.rights),
                "creditText": labels_of(article.language)["by"].format(names=names) if names else "",
                "isPartOf": _whole(edition.metadata, identifier),
                "isBasedOn": _origin(article),
                "image": [_image(each) for each in pictures(article) if not is_silent(each)],
            }
        ),
    }


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _people(credits_: Iterable[Credit]) -> dict[str, Any]:
    """The people by property; who did something that schema.org has no word for is a contributor with a role."""
    found: dict[str, list[Any]] = {name: [] for name in (*_PROPERTIES.values(), "contributor")}
    for credit in credits_:
        name = _PROPERTIES.get(credit.role.code, "contributor")
        someone = _person(credit.person)
        value = someone if name != "contributor" else _in_role(credit.role, someone)
        if value not in found[name]:
            found[name].append(value)
    return found


def _in_role(role: Role, someone: Mapping[str, Any]) -> dict[str, Any]:
    return _given(
        {
            "@type": "Role",
            "roleName": role.label or RELATORS.get(role.code, role.code),
            "additionalType": f"http://id.loc.gov/vocabulary/relators/{role.code}" if role.code in RELATORS else "",
            "contributor": someone,
        }
    )


def _person(person: Person) -> dict[str, Any]:
    organisation = person.organisation or is_agency(person.name)
    return _given(
        {
            "@type": "Organization" if organisation else "Person",
            "name": person.name,
            "url": _address(person.url),
            "sameAs": list(record_addresses(person)),
        }
    )


def _terms(rights: Rights, whole: Rights) -> dict[str, Any]:
    """The licence and the statement of a work, or of the whole where it has none of its own."""
    stated = rights if rights.text or rights.licence else whole
    address = _address(stated.url) or licence_url(stated.licence)
    named = {"@type": "CreativeWork", "name": stated.licence} if stated.licence else ""
    return {"license": address or named, "copyrightNotice": stated.text}


def _whole(metadata: Metadata, identifier: str) -> dict[str, Any]:
    """The publication: an issue of a periodical where it has a number in a series, a book where it has an ISBN."""
    numbered = metadata.series and metadata.number
    is_book = identifier.lower().startswith("urn:isbn:")
    return _given(
        {
            "@type": "PublicationIssue" if numbered else "Book" if is_book else "CreativeWork",
            "@id": identifier if re.match(r"(urn|https?):", identifier) else "",
            "name": metadata.title,
            "issueNumber": metadata.number if numbered else "",
            "isbn": re.sub(r"[^0-9Xx]", "", identifier.lower().removeprefix("urn:isbn:")) if is_book else "",
            "datePublished": metadata.date,
            "publisher": {"@type": "Organization", "name": metadata.publisher} if metadata.publisher else "",
            "isPartOf": {"@type": "Periodical" if numbered else "CreativeWorkSeries", "name": metadata.series}
            if metadata.series
            else "",
        }
    )


def _origin(article: Article) -> dict[str, Any]:
    """Where a captured article comes from."""
    origin = article.origin
    site = {"@type": "WebSite", "name": origin.site} if origin.site else ""
    found = _given({"url": _address(origin.url), "isPartOf": site})
    return {"@type": "WebPage", **found} if found else {}


def _image(figure: Figure) -> dict[str, Any]:
    people = [_person(credit.person) for credit in figure.people]
    return _given(
        {
            "@type": "ImageObject",
            "contentUrl": f"{IMAGES}{figure.image}",
            "caption": plain(figure.caption),
            "creator": _once(people),
            "creditText": figure.credit,
            **_terms(figure.rights, Rights()),
        }
    )


def _once(values: Sequence[Any]) -> list[Any]:
    return [value for number, value in enumerate(values) if value not in values[:number]]


def _address(url: str) -> str:
    return url if re.match(r"https?://", url, re.IGNORECASE) else ""
