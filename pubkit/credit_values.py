"""What the templates are given of credits and rights: the credits page, permissions, and the lines about an article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pubkit.credits import Contribution, RoleGroup, credited, everybody, gather, of_publication
from pubkit.labels import format_date, join_names, labels_of
from pubkit.ledger import Holding, ledger_of
from pubkit.licences import licence_url
from pubkit.markup import escape, plain
from pubkit.model import Article, Credit, Figure, Person, Publication, Role, Theme
from pubkit.names import record_addresses, sort_key
from pubkit.roles import group_of, role_label
from pubkit.theme import families_in_use

Values = dict[str, Any]
_NO_WORK = frozenset({"crp", "ive", "cph", "oth"})
LONGEST_NAME = 90  # characters of a caption that stands for its picture


def credits_values(publication: Publication) -> Values:
    """Everybody by role, with their articles; the credits of the images; the sources of captured articles."""
    language = publication.metadata.language
    labels = labels_of(language)
    articles = {article.id: article for article in publication.articles}
    groups = gather(of_publication(publication), publication.articles)

    def work(name: str) -> Values:
        article = articles[name]
        return {"title": Markup(article.title), "target": name, "language": article.language}

    return {
        "by": publication.parts.credits_by,
        "groups": [
            {
                "label": role_label(group.role, labels),
                "people": [
                    {
                        "name": person.person.name,
                        "url": address_of(person.person),
                        "behalf": person.behalf,
                        "works": [work(name) for name in person.works],
                    }
                    for person in group.people
                ],
            }
            for group in groups
        ],
        "articles": [
            {**work(article.id), "lines": credit_lines(credited(article), language, linked=True)}
            for article in publication.articles
            if credited(article)
        ],
        "own_lines": credit_lines(of_publication(publication), language, linked=True),
        "people": _by_person(groups, labels, work),
        "notes": _notes(publication),
        "images": list(_image_credits(publication)),
        "sources": [
            {
                "title": Markup(article.title),
                "target": article.id,
                "language": article.language,
                "line": origin_line(article, language),
            }
            for article in publication.articles
            if origin_line(article, language)
        ],
    }


def permissions_values(publication: Publication, theme: Theme) -> Values:
    """Under what terms what may be used: what is not under the publication's own, then the rest, then the typefaces."""
    own = publication.metadata.rights
    language = publication.metadata.language
    groups: dict[tuple[str, str], list[Holding]] = {}
    for holding in ledger_of(publication):
        if holding.stated and holding.kind != "publication":
            groups.setdefault((holding.rights.licence, holding.rights.text), []).append(holding)
    return {
        "groups": [
            {
                "line": rights_line(text, licence, held[0].rights.url),
                "items": [
                    {
                        "name": Markup(_short(each.name))
                        or labels_of(each.of.language if each.of else language)["figure"],
                        "target": each.target,
                        "credit": each.credit
                        if each.kind == "image"
                        else author_names(each.of, language)
                        if each.of
                        else "",
                        "language": each.of.language if each.of else language,
                    }
                    for each in held
                ],
            }
            for (licence, text), held in sorted(groups.items())
        ],
        "own_line": rights_line(own.text, own.licence, own.url),
        "fonts": [
            {"family": family, "line": rights_line("", licence, "")}
            for family, licence in typefaces(publication, theme)
        ],
    }


def typefaces(publication: Publication, theme: Theme) -> Iterator[tuple[str, str]]:
    """The families that the publication needs of a theme, each with its licence."""
    texts = (text for article in publication.articles for text in (article.title, article.body, article.notes))
    used = families_in_use(theme.fonts, "".join((publication.metadata.title, *texts)))
    licences = {font.family: font.licence for font in theme.fonts}
    yield from ((family, licence) for family, licence in licences.items() if family in used)


def has_permissions(publication: Publication) -> bool:
    """Whether anything is under terms of its own, so that a page must say so."""
    return any(each.stated and each.kind != "publication" for each in ledger_of(publication))


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


def credit_lines(credits: Sequence[Credit], language: str, *, linked: bool = False) -> list[Values]:
    """A line for each role, with the names joined in the grammar of a language; `linked` to where more is said.

    `label` is the role by itself ("Photography"), `lead` what leads on to the names: "Photography by"; beside a role
    that takes no "by" it is "Photography:", "Stylist:".
    """
    labels = labels_of(language)
    groups = gather(tuple(credits), ())
    lead = labels["credit-by" if all(_is_work(group.role, labels) for group in groups) else "credit-colon"]
    return [
        {
            "label": role_label(group.role, labels),
            "lead": lead.format(role=role_label(group.role, labels)),
            "names": Markup(join_names([_named(each) for each in group.people], language))
            if linked
            else join_names([f"{each.person.name} {each.behalf}".rstrip() for each in group.people], language),
        }
        for group in groups
    ]


def _is_work(role: Role, labels: Mapping[str, str]) -> bool:
    """Whether a role's label is a noun for work, which somebody does: not "Correspondents", not words as written."""
    return not group_of(role)[1] and f"role-{role.code}" in labels and role.code not in _NO_WORK


def origin_line(article: Article, language: str) -> Markup:
    """Where and when it was captured ("Originally published in Site, captured …"), linked; else empty."""
    labels = labels_of(language)
    origin = article.origin
    if not origin.site and not origin.url:
        return Markup("")
    shown = escape(origin.site or origin.url)
    site = f'<a href="{escape(origin.url)}">{shown}</a>' if origin.url.startswith(("http://", "https://")) else shown
    parts = [labels["originally-published"].format(site=site)]
    if article.date:
        parts.append(escape(format_date(article.date, language)))
    if origin.captured:
        parts.append(labels["captured"].format(date=escape(format_date(origin.captured, language))))
    return Markup(", ".join(parts))


def rights_line(text: str, licence: str, url: str) -> Markup:
    """The statement and the licence, linked to its text; else empty."""
    address = url or licence_url(licence)
    named = (
        f'<a href="{escape(address)}" rel="license">{escape(licence)}</a>' if address and licence else escape(licence)
    )
    return Markup(". ".join(part for part in (escape(text).rstrip("."), named) if part))


def address_of(person: Person) -> str:
    """Where to find more about somebody: their own page, else their ORCID or ISNI record; else ""."""
    return next((address for address in (person.url, *record_addresses(person)) if address), "")


def _named(contribution: Contribution) -> str:
    address = address_of(contribution.person)
    name = escape(contribution.person.name)
    linked = f'<a href="{escape(address)}">{name}</a>' if address else name
    return f"{linked} {escape(contribution.behalf)}".rstrip()


def _by_person(groups: Sequence[RoleGroup], labels: Mapping[str, str], work: Callable[[str], Values]) -> list[Values]:
    """Everybody once, by the form to sort by, with all that they did."""
    found: dict[str, tuple[Person, list[Values]]] = {}
    for group in groups:
        label = role_label(group.role, labels)
        for each in group.people:
            _, roles = found.setdefault(each.person.name, (each.person, []))
            roles.append({"label": label, "works": [work(name) for name in each.works]})
    return [
        {"name": person.name, "url": address_of(person), "roles": roles}
        for person, roles in sorted(found.values(), key=lambda each: sort_key(each[0]))
    ]


def _notes(publication: Publication) -> list[Values]:
    """What the registry says of those who are credited, by the form to sort by."""
    named = {credit.person.name: credit.person for credit in everybody(publication) if credit.person.bio}
    return [
        {
            "name": person.name,
            "url": address_of(person),
            "bio": Markup(person.bio),
            "portrait": person.portrait,
        }
        for person in sorted(named.values(), key=sort_key)
    ]


def _short(fragment: str) -> str:
    """The words of a caption, cut where they are many."""
    words = plain(fragment)
    return escape(words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + " …")


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
        spoken = article.language if article else publication.metadata.language
        words = plain(figure.caption) or figure.alt or labels_of(spoken)["figure"]
        lines.append(
            {
                "caption_or_alt": words
                if len(words) <= LONGEST_NAME
                else words[: LONGEST_NAME - 1].rsplit(" ", 1)[0] + " …",
                "credit": figure.credit or figure.rights.text,
                "licence": figure.rights.licence,
                "target": figure.id if article else "cover",
                "article": plain(article.title) if article else labels_of(publication.metadata.language)["cover"],
                "language": spoken,
            }
        )
    return lines
