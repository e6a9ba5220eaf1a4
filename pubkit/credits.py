"""The credits of many articles gathered into the groups of one page. Credit lines are read in credit_lines.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pubkit.credit_lines import (
    credits_nobody,
    is_byline,
    read_byline,
    read_credit_line,
    read_picture_credit,
    read_stated_line,
    states_licence,
    unclear_role,
)
from pubkit.model import Article, Credit, Figure, Person, Publication, Role
from pubkit.names import name_key, sort_key, sort_name, split_names
from pubkit.roles import GROUPS_FIRST, GROUPS_LAST, group_of

__all__ = [
    "Contribution",
    "RoleGroup",
    "contributors",
    "creators",
    "credited",
    "credits_nobody",
    "everybody",
    "gather",
    "is_byline",
    "merged",
    "of_publication",
    "picture_credits",
    "read_byline",
    "read_credit_line",
    "read_picture_credit",
    "read_stated_line",
    "sort_name",
    "split_names",
    "states_licence",
    "unclear_role",
]

_AUTHORS = frozenset({"aut", "cre"})
_EDITORS = frozenset({"edt", "edc", "pbd", "red"})  # who a shelf is sorted by where nobody wrote the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A person in one role, and the ids of the articles the role was for; none for the publication as a whole.

    `behalf` is for whom or through whom they did it, as the sources say: "for The Tideline".
    """

    person: Person
    behalf: str = ""
    works: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGroup:
    """Everyone who did the same; `role` is the first as written, and `role_label` gives the heading."""

    role: Role
    people: tuple[Contribution, ...]


def credited(article: Article) -> tuple[Credit, ...]:
    """Everybody whom an article names: its own credits, then those that its pictures' credit lines add to them."""
    pictures = (*((article.hero,) if article.hero else ()), *article.figures)
    return (*article.credits, *picture_credits(pictures, beside=article.credits))


def of_publication(publication: Publication) -> tuple[Credit, ...]:
    """The credits of the publication as a whole, with those of its cover picture."""
    cover = (publication.cover,) if publication.cover and publication.parts.cover else ()
    own = publication.metadata.credits
    return (*own, *picture_credits(cover, beside=own))


def everybody(publication: Publication) -> tuple[Credit, ...]:
    """All credits: of the publication and of its cover, then of the articles in order."""
    return (*of_publication(publication), *(each for article in publication.articles for each in credited(article)))


def creators(whole: Iterable[Credit], everybody_: Iterable[Credit]) -> tuple[str, ...]:
    """The names that a catalogue shows as dc:creator, once each: the same in EPUB and PDF.

    They are the authors of the whole, else its editors, else the articles' authors, out of everybody. So an editor is
    a contributor only beside an author of the whole. MARC's "cre" counts as an author.
    """
    own = tuple(whole)
    ways = ((own, _AUTHORS), (own, _EDITORS), (tuple(everybody_), _AUTHORS))
    found = (dict.fromkeys(each.person.name for each in given if each.role.code in codes) for given, codes in ways)
    return tuple(next(filter(None, found), ()))


def contributors(whole: Iterable[Credit], everybody_: Iterable[Credit]) -> tuple[str, ...]:
    """The names of everybody who is no creator, once each and in order: dc:contributor."""
    given = tuple(everybody_)
    first = creators(whole, given)
    return tuple(name for name in dict.fromkeys(each.person.name for each in given) if name not in first)


def picture_credits(pictures: Iterable[Figure], *, beside: Iterable[Credit] = ()) -> tuple[Credit, ...]:
    """Whom the credits of resolved pictures name ("Photograph by Mary Anning"), but those that stand in `beside`."""
    known = {(credit.role.code, name_key(credit.person.name)) for credit in beside}
    found: list[Credit] = []
    for picture in pictures:
        for credit in picture.people:
            key = (credit.role.code, name_key(credit.person.name))
            if key not in known:
                known.add(key)
                found.append(credit)
    return tuple(found)


def gather(publication: Sequence[Credit], articles: Sequence[Article]) -> tuple[RoleGroup, ...]:
    """All credits as groups for the credits page: everyone once a group, with the articles the role was for.

    Groups come in a fixed order: who wrote, edited, translated, photographed, drew, designed, reported, checked, then
    all other roles. In a group, those credited for the publication as a whole come first and in the order of the
    manifest, for a masthead is a ranking; the others by family name, so that nobody is first by an accident of the
    articles' order and a reader finds a name. One name is one person, with the url and sort form that any credit gives.
    """
    work = [(credit, "") for credit in publication]
    work += [(credit, article.id) for article in articles for credit in credited(article)]
    people = _people(credit for credit, _ in work)
    heads: dict[tuple[str, str], Role] = {}
    groups: dict[tuple[str, str], dict[str, list[str]]] = {}
    behalves: dict[tuple[tuple[str, str], str], dict[str, None]] = {}
    for credit, article in work:
        group = group_of(credit.role)
        heads.setdefault(group, credit.role)
        works = groups.setdefault(group, {}).setdefault(name_key(credit.person.name), [])
        behalves.setdefault((group, name_key(credit.person.name)), {}).setdefault(credit.behalf)
        if article and article not in works:
            works.append(article)
    masthead = {(group_of(credit.role), name_key(credit.person.name)): rank for rank, credit in enumerate(publication)}
    return tuple(
        RoleGroup(
            role=heads[group],
            people=tuple(
                Contribution(
                    person=people[key],
                    behalf=", ".join(filter(None, behalves[group, key])),
                    works=tuple(groups[group][key]),
                )
                for key in sorted(
                    groups[group],
                    key=lambda key: (masthead.get((group, key), len(masthead)), sort_key(people[key])),
                )
            ),
        )
        for group in sorted(groups, key=_rank)
    )


def merged(credits_: Iterable[Credit]) -> tuple[tuple[Person, tuple[Role, ...]], ...]:
    """Everyone once, in order of appearance, with their roles: one for each MARC code, as package metadata wants it."""
    found = tuple(credits_)
    people = _people(found)
    roles: dict[str, dict[str, Role]] = {}
    for credit in found:
        roles.setdefault(name_key(credit.person.name), {}).setdefault(credit.role.code, credit.role)
    return tuple((people[key], tuple(by_code.values())) for key, by_code in roles.items())


def _people(credits_: Iterable[Credit]) -> dict[str, Person]:
    """One person a name: the first spelling, and the first url and sort form that are given."""
    found: dict[str, Person] = {}
    for person in (credit.person for credit in credits_):
        known = found.get(name_key(person.name), person)
        found[name_key(person.name)] = replace(
            known, file_as=known.file_as or person.file_as, url=known.url or person.url
        )
    return found


def _rank(group: tuple[str, str]) -> tuple[int, str, str]:
    """Codes of the table's order, then all others by code, then the table's last; plain roles before roles apart."""
    code, name = group
    if code in GROUPS_FIRST:
        return GROUPS_FIRST.index(code), "", name
    return len(GROUPS_FIRST) + (1 + GROUPS_LAST.index(code) if code in GROUPS_LAST else 0), code, name
