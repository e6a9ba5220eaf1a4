"""What the templates of a theme are given: plain texts, lists and mappings. docs/themes.md describes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from markupsafe import Markup

from pubkit import barcodes
from pubkit.credit_values import Values, author_names, credit_lines, origin_line, rights_line, typefaces
from pubkit.index import Entry, Lead, Place, index_of, shown
from pubkit.labels import format_date, join_names, labels_of
from pubkit.licences import licence_url
from pubkit.markup import escape, plain
from pubkit.model import Article, Asset, Figure, Publication, Theme
from pubkit.version import __version__

# MARC: whoever made an article's text and pictures, or speaks in it.
_AT_HEAD = frozenset({"cre", "com", "ivr", "ive", "trl", "pht", "ill", "art", "ctg", "anm", "vdg", "nrt", "cov", "prv"})


def publication_values(publication: Publication) -> Values:
    """What every template knows of the publication."""
    metadata = publication.metadata
    language = metadata.language
    return {
        "title": metadata.title,
        "subtitle": metadata.subtitle,
        "language": language,
        "direction": metadata.direction,
        "date": format_date(metadata.date, language) if metadata.date else "",
        "publisher": metadata.publisher,
        "place": metadata.place,
        "description": metadata.description,
        "subjects": list(metadata.subjects),
        "series": metadata.series,
        "number": metadata.number,
        "rights": metadata.rights.text,
        "licence": metadata.rights.licence,
        "licence_url": metadata.rights.url or licence_url(metadata.rights.licence),
        "identifiers": [
            {"value": identifier.value, "format": identifier.format.upper()} for identifier in metadata.identifiers
        ],
        "people": credit_lines(metadata.credits, language),
        "imprint": [
            {"label": label, "value": value}
            for label, value in (
                ("edition", metadata.edition),
                ("printer", metadata.printer),
                ("paper", metadata.paper),
            )
            if value
        ],
    }


def cover_values(publication: Publication) -> Values:
    """The cover's picture."""
    return {"image": _image(publication.cover, publication) if publication.cover else None}


def book_cover_values(publication: Publication) -> Values:
    """The cover for print: the picture, who wrote it, the words of the back, the ISBN as text and as bars."""
    metadata = publication.metadata
    people = [each.person.name for each in metadata.credits if each.role.code in ("aut", "cre")]
    isbn = _printed_isbn(publication)
    return {
        "image": _image(publication.cover, publication) if publication.cover else None,
        "authors": join_names(dict.fromkeys(people), metadata.language) if people else "",
        "description": [part.strip() for part in metadata.description.split("\n\n") if part.strip()],
        "isbn": barcodes.written(isbn) if isbn else "",
        "barcode": Markup(barcodes.symbol(isbn)) if isbn else "",
    }


def _printed_isbn(publication: Publication) -> str:
    """The digits of the ISBN of the printed edition: that of the PDF, else one that is given for no format."""
    identifiers = publication.metadata.identifiers
    given = [each.value for name in ("pdf", "") for each in identifiers if each.format == name]
    return next(filter(None, map(barcodes.isbn_of, given)), "")


def contents_values(publication: Publication) -> Values:
    """Groups of entries: the sections, or the articles that stand in none."""
    language = publication.metadata.language
    return {
        "entries": [
            {
                "title": section.title,
                "articles": [
                    {
                        "title": Markup(article.title),
                        "target": article.id,
                        "authors": author_names(article, language),
                        "dek": Markup(article.dek),
                        "kicker": article.kicker,
                        "language": article.language,
                        "direction": article.direction,
                        "children": [
                            {"title": heading.title, "target": heading.id}
                            for heading in article.headings
                            if heading.level <= publication.parts.depth
                        ],
                    }
                    for article in section.articles
                ],
            }
            for section in publication.sections
        ]
    }


def article_values(publication: Publication, article: Article) -> Values:
    """An article in its own language, for the words around it are read with it.

    Who made its text and pictures is named at its head, as magazines do; who edited, checked and helped, at its end.
    """
    language = article.language
    written = any(credit.role.code == "aut" for credit in article.credits)
    names = author_names(article, language) if written else ""  # an interviewer has a credit line of their own
    labels = labels_of(language)
    others = [credit for credit in article.credits if credit.role.code != "aut"]
    return {
        "labels": dict(labels),
        "article": {
            "id": article.id,
            "kicker": article.kicker,
            "title": Markup(article.title),
            "subtitle": Markup(article.subtitle),
            "dek": Markup(article.dek),
            "byline": labels["by"].format(names=names) if names else "",
            "credit_lines": credit_lines([each for each in others if each.role.code in _AT_HEAD], language),
            "end_credits": credit_lines([each for each in others if each.role.code not in _AT_HEAD], language),
            "date": format_date(article.date, language) if article.date else "",
            "place": article.place,
            "origin_line": origin_line(article, language),
            "hero": _image(article.hero, publication) if article.hero else None,
            "body": Markup(article.body),
            "notes": Markup(article.notes),
            "rights_line": rights_line(article.rights.text, article.rights.licence, article.rights.url),
            "language": language,
            "direction": article.direction,
            "drop_cap": 'class="dropcap"' in article.body[:200],
        },
    }


def index_values(publication: Publication) -> Values:
    """The entries by letter, each with its places by article, what it leads to, and the entries below it."""
    labels = labels_of(publication.metadata.language)
    comma, semicolon = (labels[key].format(first="", second="") for key in ("list-comma", "list-semicolon"))

    def lead(key: str, leads: Sequence[Lead]) -> Markup:
        targets = []
        for each in leads:
            words = comma.join(map(shown, each.entry))
            targets.append(f'<a href="#{each.target}">{words}</a>' if each.target else words)
        parts = labels[key].split("{target}")
        around = [re.sub(r"\S(.*\S)?", r'<span class="index-see">\g<0></span>', escape(part)) for part in parts]
        return Markup(semicolon.join(targets).join(around) if targets else "")

    def entry(each: Entry) -> Values:
        return {
            "id": each.id,
            "term": Markup(shown(each.words)),
            "language": each.article.language,
            "direction": each.article.direction,
            "works": [
                {
                    "title": Markup(article.title),
                    "name": plain(article.title),
                    "language": article.language,
                    "targets": [place.target for place in places],
                }
                for article, places in ((found[0].article, found) for found in _by_article(each.places))
            ],
            "see": lead("see", each.see),
            "see_also": lead("see-also", each.also),
            "entries": [entry(below) for below in each.below],
        }

    groups = [
        {"letter": group.letter, "entries": [entry(each) for each in group.entries]} for group in index_of(publication)
    ]
    return {"groups": groups, "comma": comma, "semicolon": semicolon}


def _by_article(places: Sequence[Place]) -> list[list[Place]]:
    return [list(some) for _, some in groupby(places, key=lambda place: place.article.id)]


def colophon_values(publication: Publication, theme: Theme) -> Values:
    """How the publication was made, in what type, and under what terms it may be used."""
    labels = labels_of(publication.metadata.language)
    metadata = publication.metadata
    lines = [rights_line(metadata.rights.text, metadata.rights.licence, metadata.rights.url)]
    publisher = ", ".join(part for part in (metadata.publisher, metadata.place) if part)
    return {
        "fonts": [{"family": family, "licence": licence} for family, licence in typefaces(publication, theme)],
        "made_with": labels["made-with"].format(tool=f"pubkit {__version__}"),
        "published_by": labels["published-by"].format(name=publisher) if publisher else "",
        "rights_lines": [line for line in lines if line],
    }


def _image(figure: Figure, publication: Publication) -> Values:
    asset = next((asset for asset in publication.assets if asset.name == figure.image), None)
    return {
        "id": figure.id,
        "src": figure.image,
        "alt": figure.alt,
        "caption": Markup(figure.caption),
        "credit": figure.credit,
        "licence": figure.rights.licence,
        "decorative": figure.decorative,
        "width": asset.width if asset else 0,
        "height": asset.height if asset else 0,
        "orientation": _orientation(asset),
    }


def _orientation(asset: Asset | None) -> str:
    if asset is None or abs(asset.width - asset.height) <= asset.width / 10:
        return "square"
    return "landscape" if asset.width > asset.height else "portrait"
