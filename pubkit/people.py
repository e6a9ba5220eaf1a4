"""One person however the sources spell the name: by the registry (`people:`), by ORCID or ISNI, or by the name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pubkit.model import Article, Credit, Figure, KnownPerson, Person, Publication
from pubkit.names import name_key
from pubkit.nearest import alike
from pubkit.report import Report
from pubkit.source import Location

_Mark = tuple[str, str]
"""What somebody is known by: ("name", the key of a spelling) or ("number", an ORCID or ISNI)."""


def one_person_each(publication: Publication, report: Report) -> Publication:
    """The publication in which everybody is one person in all credits, also in those of pictures.

    A spelling of the registry becomes the registered person; one ORCID or ISNI is one person, and so is one name.
    Nobody has two ORCIDs, so names are never joined across them. The name shown is that of the registry, else the
    first that stands beside an identifier or an address, else the first. Names that are nearly alike stay two people:
    person-near tells of them, for only somebody who knows can say. Reports person-twice, person-differs and
    person-unused, too.
    """
    directory = _Directory(publication, report)
    publication = replace(
        publication,
        metadata=replace(publication.metadata, credits=directory.credits(publication.metadata.credits)),
        cover=directory.figure(publication.cover) if publication.cover else None,
        sections=tuple(
            replace(section, articles=tuple(directory.article(article) for article in section.articles))
            for section in publication.sections
        ),
    )
    directory.report_alike(report)
    directory.report_unused(report)
    return publication


class _Directory:
    """Everybody who is named; a key stands for one person, whatever they are known by."""

    def __init__(self, publication: Publication, report: Report) -> None:
        self._keys: dict[_Mark, _Mark] = {}
        self._people: dict[_Mark, Person] = {}  # by key, in the order in which they are first known
        self._registered: dict[_Mark, KnownPerson] = {}
        self._seen: dict[_Mark, Location] = {}
        for number, known in enumerate(publication.people):
            self._register(("registry", str(number)), known, report)
        everybody = [*publication.metadata.credits, *(c for article in publication.articles for c in article.credits)]
        for credit in everybody:
            if credit.person != Person(name=credit.person.name):
                self._note(credit, report)

    def _register(self, key: _Mark, known: KnownPerson, report: Report) -> None:
        names = {_name(name): name for name in (known.person.name, *known.also)}
        for mark, shown in (names | {_number(each): each for each in _numbers(known.person)}).items():
            holder = self._keys.setdefault(mark, key)
            if holder != key:
                report.add("person-twice", known.at, name=shown, other=self._people[holder].name)
        self._people[key] = known.person
        self._registered[key] = known

    def _note(self, credit: Credit, report: Report) -> None:
        """Remember what a credit says of its person besides the name."""
        said = credit.person
        key = self._key(said)
        for kind, part in (("orcid", replace(said, isni="")), ("isni", replace(said, orcid=""))):
            mine, known = getattr(part, kind), getattr(self._people[key], kind)
            if mine and known and mine != known:
                report.add("person-differs", credit.at, name=said.name, kind=kind.upper(), one=known, other=mine)
            elif mine and self._may_have(key, mine, credit, report):
                key = self._join(key, self._keys.setdefault(_number(mine), key))
                self._complete(key, part)
        self._complete(key, replace(said, orcid="", isni=""))

    def _may_have(self, key: _Mark, number: str, credit: Credit, report: Report) -> bool:
        """Whether a number can be this person's: False, and reported, where it is somebody else's for certain."""
        holder = self._keys.get(_number(number), key)
        if holder == key:
            return True
        one, other = self._people[key], self._people[holder]
        if key in self._registered and holder in self._registered:
            report.add("person-twice", credit.at, name=number, other=other.name)
            return False
        for kind, mine, theirs in (("ORCID", one.orcid, other.orcid), ("ISNI", one.isni, other.isni)):
            if mine and theirs and mine != theirs:
                report.add("person-differs", credit.at, name=credit.person.name, kind=kind, one=mine, other=theirs)
                return False
        return True

    def _join(self, one: _Mark, other: _Mark) -> _Mark:
        """Make two keys stand for one person: the registered one, else the one that was known first."""
        if one == other:
            return one
        order = [*self._registered, *self._people]
        kept, gone = sorted((one, other), key=order.index)
        self._keys = {mark: kept if key == gone else key for mark, key in self._keys.items()}
        self._complete(kept, self._people.pop(gone))
        return kept

    def _complete(self, key: _Mark, person: Person) -> None:
        known = self._people[key]
        self._people[key] = replace(
            known,
            file_as=known.file_as or person.file_as,
            url=known.url or person.url,
            orcid=known.orcid or person.orcid,
            isni=known.isni or person.isni,
        )

    def _key(self, person: Person) -> _Mark:
        """The key of somebody by name; somebody new gets one."""
        mark = _name(person.name)
        key = self._keys.setdefault(mark, mark)
        self._people.setdefault(key, Person(name=person.name))
        return key

    def credits(self, credits_: Iterable[Credit]) -> tuple[Credit, ...]:
        """The credits with the people as they are known; twice the same role of one person is once."""
        found: dict[tuple[_Mark, str, str], Credit] = {}
        for credit in credits_:
            key = self._key(credit.person)
            self._seen.setdefault(key, credit.at)
            one = replace(credit, person=self._people[key])
            found.setdefault((key, credit.role.code, credit.role.label), one)
        return tuple(found.values())

    def figure(self, figure: Figure) -> Figure:
        """The figure with everybody whom its credit names."""
        return replace(figure, people=self.credits(figure.people))

    def article(self, article: Article) -> Article:
        """The article with its people, and those of its pictures."""
        return replace(
            article,
            credits=self.credits(article.credits),
            hero=self.figure(article.hero) if article.hero else None,
            figures=tuple(self.figure(figure) for figure in article.figures),
        )

    def report_alike(self, report: Report) -> None:
        """Tell of names that differ by a letter or two, unless the registry or identifiers say that they are two."""
        names = {self._people[key].name: key for key in self._seen}
        for key, known in self._registered.items():
            names |= {name: key for name in (known.person.name, *known.also) if name not in names}
        told: set[frozenset[_Mark]] = set()
        for one, other in alike(names):
            keys = names[one], names[other]
            if frozenset(keys) in told or self._are_two(*keys):
                continue
            told.add(frozenset(keys))
            written, meant = (one, other) if keys[1] in self._registered else (other, one)
            report.add("person-near", self._seen[names[written]], written=written, meant=meant)

    def _are_two(self, one: _Mark, other: _Mark) -> bool:
        """Whether nothing is to be said: the same person, both registered, or each with a number of their own."""
        first, second = self._people[one], self._people[other]
        numbers = (first.orcid and second.orcid) or (first.isni and second.isni)
        return one == other or bool(numbers) or (one in self._registered and other in self._registered)

    def report_unused(self, report: Report) -> None:
        """Tell of registered people whom no source names: they appear nowhere."""
        for key, known in self._registered.items():
            if key not in self._seen:
                report.add("person-unused", known.at, name=known.person.name)


def _name(name: str) -> _Mark:
    return "name", name_key(name)


def _number(number: str) -> _Mark:
    """An ORCID is an ISNI of a block of its own (ISO 27729), so none is taken for another."""
    return "number", number


def _numbers(person: Person) -> Iterator[str]:
    yield from (number for number in (person.orcid, person.isni) if number)
