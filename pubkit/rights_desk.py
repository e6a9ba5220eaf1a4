"""Everybody and every work of a publication as rows for the rights desk, and as text, JSON, CSV, YAML and CSL-JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pubkit.credits import gather, of_publication
from pubkit.labels import labels_of
from pubkit.ledger import Holding, Kind, ledger_of
from pubkit.licences import licence_url
from pubkit.markup import plain
from pubkit.model import Article, Credit, Origin, Person, Publication, Rights, Role
from pubkit.names import is_agency, name_parts
from pubkit.roles import RELATORS, credit_uri, group_of, role_label
from pubkit.settings import dump_yaml
from pubkit.source import Location

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_LONGEST = 60  # characters of a title in the text form
_NOBODY = Role(code="")
# CSL 1.0.2, appendix IV, name variables, by the MARC relators that say the same.
_CSL_NAMES = {"aut": "author", "edt": "editor", "trl": "translator", "ill": "illustrator", "ivr": "interviewer"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that spreadsheet programs calculate (CWE-1236)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """One person in one role for one work, with the terms of that work; no person and no role where nobody is named."""

    person: Person | None = None
    role: Role | None = None
    behalf: str = ""  # for whom or through whom the person did it, as written
    kind: Kind
    title: str  # plain; of an image its caption, else its alternative text, else its name
    id: str = ""  # of the work, in the publication's one namespace; "" for the publication itself
    article: str = ""  # of an image: the id of the article that shows it
    credit: str = ""  # of an image: its credit as it is shown
    rights: Rights
    inherited: bool  # whether the terms are the publication's, for the work has none of its own
    origin: Origin  # of an article, and of its pictures
    at: Location  # where the sources name the person, else where they have the work


def credits_list(publication: Publication) -> tuple[CreditRow, ...]:
    """The rows of a resolved publication: the whole, its cover, then each article with its pictures, in reading order.

    Every person has a row for each role and work; a work that nobody is credited with has one row all the same, for
    its terms. Pictures that are ornaments and say nothing are left out.
    """
    return tuple(row for holding in ledger_of(publication) for row in _rows(holding))


def _rows(holding: Holding) -> Iterator[CreditRow]:
    named: Sequence[Credit | None] = holding.people or (None,)
    for credit in named:
        yield CreditRow(
            person=credit.person if credit else None,
            role=credit.role if credit else None,
            behalf=credit.behalf if credit else "",
            kind=holding.kind,
            title=plain(holding.name) or holding.image,
            id=holding.target,
            article=holding.of.id if holding.of and holding.kind == "image" else "",
            credit=holding.credit,
            rights=holding.rights,
            inherited=holding.inherited,
            origin=holding.of.origin if holding.of else Origin(),
            at=credit.at if credit else holding.at,
        )


def as_json(publication: Publication) -> str:
    """The rows as a JSON list of mappings."""
    return json.dumps(_mappings(publication), ensure_ascii=False, indent=2) + "\n"


def as_yaml(publication: Publication) -> str:
    """The rows as a YAML list of mappings, equal to the JSON."""
    return dump_yaml(_mappings(publication))


def as_csv(publication: Publication) -> str:
    """The rows as CSV (RFC 4180), every field in quotation marks, the names of the columns first.

    A text that a spreadsheet program would take for a formula has an apostrophe before it.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    rows = [_flat(_mapping(row)) for row in credits_list(publication)]
    writer.writerow(rows[0])
    for row in rows:
        writer.writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row.values())
    return stream.getvalue()


def as_text(publication: Publication) -> str:
    """The rows for reading: by role in the order of the credits page, in columns; works that nobody signs come last."""
    labels = labels_of(publication.metadata.language)
    rows = credits_list(publication)
    named = gather(of_publication(publication), publication.articles)
    heads = {group_of(group.role): role_label(group.role, labels) for group in named}
    cells = [
        (
            f"{row.person.name} {row.behalf}".rstrip() if row.person else row.credit or "–",
            row.kind,
            _cut(row.title),
            _terms(row),
            str(row.at),
        )
        for row in rows
    ]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    parts = []
    for group, head in (*heads.items(), (None, "–")):
        lines = [
            "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)).rstrip()
            for row, line in zip(rows, cells, strict=True)
            if (group_of(row.role) if row.role else None) == group
        ]
        if lines:
            parts.append("\n".join((head, *(f"  {line}" for line in lines))) + "\n")
    return "\n".join(parts)


def as_csl(publication: Publication) -> str:
    """The captured articles as CSL-JSON (Citation Style Language 1.0.2), for Zotero, Pandoc and the like."""
    captured = [article for article in publication.articles if article.origin.site or article.origin.url]
    return json.dumps([_csl(article) for article in captured], ensure_ascii=False, indent=2) + "\n"


WRITERS: Mapping[str, Callable[[Publication], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "csv": as_csv, "yaml": as_yaml, "csl": as_csl}
)


def _mappings(publication: Publication) -> list[dict[str, Any]]:
    return [_mapping(row) for row in credits_list(publication)]


def _mapping(row: CreditRow) -> dict[str, Any]:
    """A row in plain values, always with the same keys in the same order."""
    person, role = row.person or Person(name=""), row.role or _NOBODY
    return {
        "person": {
            "name": person.name,
            "file-as": person.file_as,
            "organisation": person.organisation,
            "orcid": person.orcid,
            "isni": person.isni,
            "url": person.url,
        },
        "role": {
            "code": role.code,
            "label": role.label,
            "term": RELATORS.get(role.code, ""),
            "credit-uri": credit_uri(role),
            "behalf": row.behalf,
        },
        "work": {"kind": row.kind, "title": row.title, "id": row.id, "article": row.article, "place": str(row.at)},
        "rights": {
            "credit": row.credit,
            "licence": row.rights.licence,
            "url": row.rights.url or licence_url(row.rights.licence),
            "text": row.rights.text,
            "inherited": row.inherited,
        },
        "origin": {"site": row.origin.site, "url": row.origin.url, "captured": row.origin.captured},
    }


def _flat(mapping: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"{group}-{key}": ("yes" if value else "no") if isinstance(value, bool) else value
        for group, values in mapping.items()
        for key, value in values.items()
    }


def _terms(row: CreditRow) -> str:
    words = row.rights.licence or row.rights.text
    return f"({words})" if words and row.inherited else _cut(words) or "–"


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


def _width(text: str) -> int:
    """How many columns of a terminal a text takes (Unicode Standard Annex 11)."""
    marks = sum(unicodedata.category(sign) in ("Mn", "Me", "Cf") for sign in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)


def _csl(article: Article) -> dict[str, Any]:
    origin = article.origin
    found: dict[str, Any] = {
        "id": article.id,
        "type": "article-newspaper" if origin.site and article.date else "webpage",
        "title": plain(article.title),
    }
    for code, variable in _CSL_NAMES.items():
        people = [credit.person for credit in article.credits if credit.role.code == code]
        if people:
            found[variable] = [_csl_name(person) for person in dict.fromkeys(people)]
    said = {"container-title": origin.site, "section": article.kicker, "URL": origin.url, "language": article.language}
    found |= {key: value for key, value in said.items() if value}
    dates = {"issued": _DATE.match(article.date), "accessed": _DATE.match(origin.captured)}
    return found | {
        key: {"date-parts": [[int(part) for part in date.groups() if part]]} for key, date in dates.items() if date
    }


def _csl_name(person: Person) -> dict[str, str]:
    """Family and given name where they can be told, else the name as a whole."""
    family, comma, given = person.file_as.partition(", ")
    if comma and not person.organisation and set(f"{family} {given}".split()) == set(person.name.split()):
        return {"family": family, "given": given}  # somebody has said how it is taken apart
    parts = None if is_agency(person.name) else name_parts(person)
    if parts is None:
        return {"literal": person.name}
    named = {
        "family": parts.family,
        "given": parts.given,
        "non-dropping-particle": parts.particle,
        "suffix": parts.suffix,
    }
    return {key: value for key, value in named.items() if value}
