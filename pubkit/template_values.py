"""What the templates of a theme are given: plain texts, lists and mappings. docs/themes.md describes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from pubkit.credits import gather, picture_credits
from pubkit.labels import format_date, join_names, labels_of
from pubkit.licences import licence_url
from pubkit.markup import escape, plain
from pubkit.model import Article, Asset, Credit, Figure, Publication, Theme
from pubkit.roles import role_label
from pubkit.theme import families_in_use
from pubkit.version import __version__

Values = dict[str, Any]


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
        "people": _credit_lines(metadata.credits, language),
    }


def cover_values(publication: Publication) -> Values:
    """The cover's picture."""
    return {"image": _image(publication.cover, publication) if publication.cover else None}


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
    """An article in its own language, for the words around it are read with it."""
    language = article.language
    written = any(credit.role.code == "aut" for credit in article.credits)
    names = author_names(article, language) if written else ""  # an interviewer has a credit line of their own
    labels = labels_of(language)
    others = tuple(credit for credit in article.credits if credit.role.code != "aut")
    return {
        "labels": dict(labels),
        "article": {
            "id": article.id,
            "kicker": article.kicker,
            "title": Markup(article.title),
            "subtitle": Markup(article.subtitle),
            "dek": Markup(article.dek),
            "byline": labels["by"].format(names=names) if names else "",
            "credit_lines": _credit_lines(others, language),
            "date": format_date(article.date, language) if article.date else "",
            "place": article.place,
            "origin_line": _origin_line(article, language),
            "hero": _image(article.hero, publication) if article.hero else None,
            "body": Markup(article.body),
            "notes": Markup(article.notes),
            "rights_line": _rights_line(article.rights.text, article.rights.licence, article.rights.url),
            "language": language,
            "direction": article.direction,
            "drop_cap": 'class="dropcap"' in article.body[:200],
        },
    }


def credits_values(publication: Publication) -> Values:
    """Everybody by role, with their articles; the credits of the images; the sources of captured articles."""
    language = publication.metadata.language
    labels = labels_of(language)
    articles = {article.id: article for article in publication.articles}

    def work(name: str) -> Values:
        article = articles[name]
        return {"title": Markup(article.title), "target": name, "language": article.language}

    return {
        "groups": [
            {
                "label": role_label(group.role, labels),
                "people": [
                    {
                        "name": person.person.name,
                        "url": person.person.url,
                        "works": [work(name) for name in person.works],
                    }
                    for person in group.people
                ],
            }
            for group in gather(of_publication(publication), publication.articles)
        ],
        "images": list(_image_credits(publication)),
        "sources": [
            {
                "title": Markup(article.title),
                "target": article.id,
                "language": article.language,
                "line": _origin_line(article, language),
            }
            for article in publication.articles
            if _origin_line(article, language)
        ],
    }


def colophon_values(publication: Publication, theme: Theme) -> Values:
    """How the publication was made, in what type, and under what terms it may be used."""
    labels = labels_of(publication.metadata.language)
    metadata = publication.metadata
    texts = (text for article in publication.articles for text in (article.title, article.body, article.notes))
    used = families_in_use(theme.fonts, "".join((metadata.title, *texts)))
    licences = {font.family: font.licence for font in theme.fonts}
    lines = [_rights_line(metadata.rights.text, metadata.rights.licence, metadata.rights.url)]
    publisher = ", ".join(part for part in (metadata.publisher, metadata.place) if part)
    return {
        "fonts": [{"family": family, "licence": licence} for family, licence in licences.items() if family in used],
        "made_with": labels["made-with"].format(tool=f"pubkit {__version__}"),
        "published_by": labels["published-by"].format(name=publisher) if publisher else "",
        "rights_lines": [line for line in lines if line],
    }


def of_publication(publication: Publication) -> tuple[Credit, ...]:
    """The credits of the publication as a whole, with those of its cover picture."""
    cover = (publication.cover,) if publication.cover and publication.parts.cover else ()
    own = publication.metadata.credits
    return (*own, *picture_credits(cover, beside=own))


def author_names(article: Article, language: str) -> str:
    """The names of an article's authors, or of an interview's interviewer, joined in the grammar of a language.

    Empty where nobody is named.
    """
    by_role: dict[str, list[str]] = {"aut": [], "ivr": []}
    for credit in article.credits:
        if credit.role.code in by_role and credit.person.name not in by_role[credit.role.code]:
            by_role[credit.role.code].append(credit.person.name)
    names = by_role["aut"] or by_role["ivr"]
    return join_names(names, language) if names else ""


def _credit_lines(credits: Sequence[Credit], language: str) -> list[Values]:
    labels = labels_of(language)
    return [
        {
            "label": role_label(group.role, labels),
            "names": join_names([contribution.person.name for contribution in group.people], language),
        }
        for group in gather(tuple(credits), ())
    ]


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


def _image_credits(publication: Publication) -> list[Values]:
    lines = []
    cover = publication.cover if publication.parts.cover else None
    shown: list[tuple[Article | None, Figure]] = [(None, cover)] if cover else []
    shown += [
        (article, figure)
        for article in publication.articles
        for figure in ((article.hero,) if article.hero else ()) + article.figures
    ]
    for article, figure in shown:
        if not (figure.credit or figure.rights.licence or figure.rights.text):
            continue
        words = plain(figure.caption) or figure.alt
        lines.append(
            {
                "caption_or_alt": words if len(words) <= 90 else words[:89].rsplit(" ", 1)[0] + " …",
                "credit": figure.credit or figure.rights.text,
                "licence": figure.rights.licence,
                "target": figure.id if article else "cover",
                "article": plain(article.title) if article else labels_of(publication.metadata.language)["cover"],
                "language": article.language if article else publication.metadata.language,
            }
        )
    return lines


def _origin_line(article: Article, language: str) -> Markup:
    """Where and when it was captured ("Originally published in Site, captured …"), linked; else empty."""
    labels = labels_of(language)
    origin = article.origin
    if not origin.site and not origin.url:
        return Markup("")
    shown = escape(origin.site or origin.url)
    site = f'<a href="{escape(origin.url)}">{shown}</a>' if origin.url.startswith(("http://", "https://")) else shown
    parts = [labels["originally-published"].format(site=site)]
    if origin.captured:
        parts.append(labels["captured"].format(date=escape(format_date(origin.captured, language))))
    return Markup(", ".join(parts))


def _rights_line(text: str, licence: str, url: str) -> Markup:
    """The statement and the licence, linked to its text; else empty."""
    address = url or licence_url(licence)
    named = (
        f'<a href="{escape(address)}" rel="license">{escape(licence)}</a>' if address and licence else escape(licence)
    )
    return Markup(". ".join(part for part in (escape(text).rstrip("."), named) if part))
