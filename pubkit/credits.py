"""Credit lines and bylines read, and the credits of many articles gathered into the groups of one page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pubkit.model import Article, Credit, Figure, Person, Role
from pubkit.names import Name, looks_like_name, name_key, names_in, sort_key, sort_name, split_names, without_titles
from pubkit.roles import (
    AGENT,
    AND,
    DIRECT,
    GROUPS_FIRST,
    GROUPS_LAST,
    OPENER,
    STRONG_AGENT,
    group_of,
    line_roles,
    roles_of,
)
from pubkit.source import Location

__all__ = [
    "Contribution",
    "RoleGroup",
    "credited",
    "gather",
    "is_byline",
    "merged",
    "picture_credits",
    "read_byline",
    "read_credit",
    "read_credit_line",
    "sort_name",
    "split_names",
]

_LONGEST = 3000  # characters of a credit line: more than a hundred names
_AUTHOR = Role(code="aut")
_DRAWN = frozenset({"ill", "ctg", "trl"})  # work that people sign with one name: "Illustration: Zep"

_EMPHASIS = re.compile(r"(?<!\w)[*_]+|[*_]+(?!\w)")  # Markdown's, but not the star in "Fotograf*innen"
_WIDE_SPACE = re.compile("\u3000(?=[^\\s：]{1,8}：)")  # between two Japanese credits
_BREAK = re.compile(rf"\s?[;|•·,/–—、，；。]\s?|\.\s|\s(?:{AND}|{OPENER})\s", re.IGNORECASE)
_JOINT = re.compile(rf"(?:{AND}|{OPENER})\s", re.IGNORECASE)
_COLON = re.compile(r"(.{1,120}?)\s?(?:\s-|:)(?=\s)|(.{1,40}?)\s?[：＝／]")
_AGENTS = re.compile(rf"\s(?P<agent>{AGENT})\s|\sd['’](?=\w)", re.IGNORECASE)
_ENDS_IN_AGENT = re.compile(rf"\s{AGENT}$", re.IGNORECASE)
_DIRECTLY = re.compile(rf"{DIRECT}(?=\s)", re.IGNORECASE)
_STRONG = re.compile(rf"(?:.*\s)?{STRONG_AGENT}", re.IGNORECASE)
_WITH_ROLE = re.compile(r"(.+\S)\s?\(([^()]{2,40})\)")  # "Ada Lovelace (text)"
_CONTRIBUTED = re.compile(r"(?P<names>.+?)\s(?P<words>contributed\s.+?)(?:\sfrom\s(?P<place>[^.:]{2,60}))?\.?")

_BY = re.compile(r"(?:by|von|par|por|door|di|da|автор|бy|文|文・|מאת|بقلم)(?:\s?[:：]\s?|\s)", re.IGNORECASE)
_BY_WITH_TEXT = re.compile(r"(?i:di|da|von)\s")
_IN_PLACE = re.compile(r"\sin\s[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?$")  # "By Ada Lovelace in London"
_ADDRESS = re.compile(r"\s*<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A person in one role, and the ids of the articles the role was for; none for the publication as a whole."""

    person: Person
    works: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGroup:
    """Everyone who did the same; `role` is the first as written, and `role_label` gives the heading."""

    role: Role
    people: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class _Start:
    roles: tuple[Role, ...]
    names_from: int
    single: bool  # a single word may be a name here


def read_credit(words: str, names: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a role and names that a source gives as such (front matter): any words, any names are taken."""
    return _credits(roles_of(words), names_in(names), at)


def read_credit_line(line: str, at: Location) -> tuple[Credit, ...]:
    """The credits in a line that is nothing but credits: "Additional reporting and video: A, B and C".

    A line may hold several ("Text: A; Fotos: B", "Words by A, photographs by B"), put the role behind the name
    ("A (Text), B (Fotos)") or say that "A contributed reporting". All of a role must be words of the role table, and
    all of what follows must look like names; otherwise the line is prose and the answer is empty. Being strict
    costs a credit now and then, which stays in the text; being lax would take a sentence out of it.
    """
    if not line.strip() or len(line) > _LONGEST:
        return ()
    text = _plain(line)
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:  # "(Photo: Ada Lovelace)"
        text = text[1:-1].strip()
    if _start(text, 0):
        return _read(text, _starts(text), at)
    return _contributed(text, at) or _roles_behind(text, at)


def read_byline(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits in a byline: authors, and what else it says ("By A with photographs by B", "A (Text), B (Fotos)").

    The text is taken to be a byline, so any name is taken as written. "By", "Von", "Par" …, mail addresses, the place
    of an English byline ("in London") and titles after a comma ("Staff Writer") are left out.
    """
    line = _without_by(_plain(_ADDRESS.sub("", text)))
    if found := read_credit_line(line, at):
        return found
    starts = [start for start in _starts(line) if start[0] > 0] if len(line) <= _LONGEST else []
    more = _read(line, starts, at) if starts else ()
    names = without_titles(names_in(_trimmed(line[: starts[0][0]]) if more else line))
    return tuple(credit for name in names for credit in _author(name, at)) + more


def is_byline(line: str) -> bool:
    """True for a line of text that says "By" (in any label language) and then nothing but names, roles and titles."""
    text = _plain(line) if len(line) <= _LONGEST else ""
    if _without_by(text) == text:
        return False
    names = [Name(credit.person.name) for credit in read_byline(text, Location(""))]
    return bool(names) and all(looks_like_name(name, single=True) for name in names)


def credited(article: Article) -> tuple[Credit, ...]:
    """Everybody whom an article names: its own credits, then those that its pictures' credit lines add to them."""
    pictures = (*((article.hero,) if article.hero else ()), *article.figures)
    return (*article.credits, *picture_credits(pictures, beside=article.credits))


def picture_credits(pictures: Iterable[Figure], *, beside: Iterable[Credit] = ()) -> tuple[Credit, ...]:
    """The people in the credits of pictures ("Photograph by Mary Anning"), but those that stand in `beside`."""
    known = {(credit.role.code, name_key(credit.person.name)) for credit in beside}
    found: list[Credit] = []
    for picture in pictures:
        for credit in picture.people or read_credit_line(picture.credit, picture.at):
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
    for credit, article in work:
        group = group_of(credit.role)
        heads.setdefault(group, credit.role)
        works = groups.setdefault(group, {}).setdefault(name_key(credit.person.name), [])
        if article and article not in works:
            works.append(article)
    masthead = {(group_of(credit.role), name_key(credit.person.name)): rank for rank, credit in enumerate(publication)}
    return tuple(
        RoleGroup(
            role=heads[group],
            people=tuple(
                Contribution(person=people[key], works=tuple(groups[group][key]))
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


def _plain(line: str) -> str:
    text = _WIDE_SPACE.sub("；", unicodedata.normalize("NFC", line).strip())
    return _EMPHASIS.sub("", " ".join(text.split()))


def _starts(text: str) -> list[tuple[int, _Start]]:
    """Where credits begin: at the start of the text or behind a separator, with roles and what leads to the names."""
    found: list[tuple[int, _Start]] = []
    reached = 0
    for begin in (0, *(gap.end() for gap in _BREAK.finditer(text))):
        if begin < reached:
            continue
        if start := _start(text, begin):
            found.append((begin, start))
            reached = start.names_from
    return found


def _start(text: str, begin: int) -> _Start | None:
    joint = _JOINT.match(text, begin)
    begin = joint.end() if joint else begin
    if colon := _COLON.match(text, begin):
        words = colon[1] or colon[2]
        by = bool(_ENDS_IN_AGENT.search(words))
        if roles := line_roles(words, agent=by):
            return _Start(roles, colon.end(), bool(_STRONG.fullmatch(words)) or _signs_alone(roles))
    if direct := _DIRECTLY.match(text, begin):
        return _Start(roles_of(direct[0]), direct.end(), single=False)
    longest = None
    for agent in _AGENTS.finditer(text, begin, begin + 140):
        if roles := line_roles(text[begin : agent.start()], agent=True):
            longest = _Start(roles, agent.end(), bool(agent["agent"] and _STRONG.fullmatch(agent["agent"])))
    return longest


def _signs_alone(roles: Iterable[Role]) -> bool:
    return all(role.code in _DRAWN for role in roles)


def _read(text: str, starts: Sequence[tuple[int, _Start]], at: Location) -> tuple[Credit, ...]:
    """The credits from the first start on; empty where anything behind a role does not look like a name."""
    found: list[Credit] = []
    ends = [begin for begin, _ in starts[1:]] + [len(text)]
    for (_, start), end in zip(starts, ends, strict=True):
        part = text[start.names_from : end]
        names = names_in(part if end == len(text) else _trimmed(part))
        if not names or not all(_credible(name, single=start.single) for name in names):
            return ()
        found += _credits(start.roles, names, at)
    return tuple(found)


def _credible(name: Name, *, single: bool) -> bool:
    """True for a name, also with a place behind it: "Ada Lovelace in London"."""
    return looks_like_name(Name(_IN_PLACE.sub("", name.text), quoted=name.quoted), single=single)


def _trimmed(part: str) -> str:
    """The part before a separator, without the separator, also where it is ", and"."""
    while gap := next((gap for gap in _BREAK.finditer(part) if gap.end() == len(part)), None):
        part = part[: gap.start()]
    return part.strip(" ,;|•·/–—")


def _credits(roles: Iterable[Role], names: Iterable[Name], at: Location) -> tuple[Credit, ...]:
    named = [name.text if name.quoted else _IN_PLACE.sub("", name.text) for name in names]
    return tuple(Credit(person=Person(name=name), role=role, at=at) for role in roles for name in named)


def _author(name: Name, at: Location) -> tuple[Credit, ...]:
    behind = None if name.quoted else _WITH_ROLE.fullmatch(name.text)
    roles = line_roles(behind[2], agent=True) if behind else ()
    if behind and roles:
        return _credits(roles, (Name(behind[1]),), at)
    return _credits((_AUTHOR,), (name,), at)


def _contributed(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a line such as "A and B contributed reporting from Bergen."."""
    found = _CONTRIBUTED.fullmatch(text)
    roles = line_roles(found["words"], agent=True) if found else ()
    if not found or not roles:
        return ()
    names = names_in(found["names"])
    places = names_in(found["place"] or "")
    good = all(_credible(name, single=len(names) > 1) for name in names)
    return _credits(roles, names, at) if good and all(looks_like_name(place, single=True) for place in places) else ()


def _roles_behind(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a line in which every name has its role behind it: "A (text), B (photographs)"."""
    found: list[Credit] = []
    for name in names_in(_without_by(text)):
        behind = _WITH_ROLE.fullmatch(name.text)
        roles = line_roles(behind[2], agent=True) if behind else ()
        if not behind or not roles or not looks_like_name(Name(behind[1]), single=True):
            return ()
        found += _credits(roles, (Name(behind[1]),), at)
    return tuple(found)


def _without_by(line: str) -> str:
    by = _BY.match(line)
    if not by:
        return line
    rest = line[by.end() :].strip()
    # "Di Stefano" and "von der Leyen" are names: after these words there must be a capital and two words.
    if _BY_WITH_TEXT.match(line) and (" " not in rest or rest[:1].islower()):
        return line
    return rest or line


def _people(credits_: Iterable[Credit]) -> dict[str, Person]:
    """One person a name: the first spelling, and the first url and sort form that are given."""
    found: dict[str, Person] = {}
    for person in (credit.person for credit in credits_):
        known = found.get(name_key(person.name), person)
        found[name_key(person.name)] = Person(
            name=known.name, file_as=known.file_as or person.file_as, url=known.url or person.url
        )
    return found


def _rank(group: tuple[str, str]) -> tuple[int, str, str]:
    """Codes of the table's order, then all others by code, then the table's last; plain roles before roles apart."""
    code, name = group
    if code in GROUPS_FIRST:
        return GROUPS_FIRST.index(code), "", name
    return len(GROUPS_FIRST) + (1 + GROUPS_LAST.index(code) if code in GROUPS_LAST else 0), code, name
