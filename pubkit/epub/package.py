"""The package's metadata: titles, identifiers, people, series, rights."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence

from pubkit.credits import contributors, creators
from pubkit.epub.pack import Statement
from pubkit.model import Credit, Edition, Identifier, Person
from pubkit.names import record_addresses


def unique_identifier(edition: Edition) -> Identifier:
    """The identifier of the EPUB: the one for "epub", else one for all formats, else one made from the first.

    An identifier of the PDF names another edition and is never used as it stands; a UUID (RFC 9562,
    version 5) is derived from it, so that it stays the same from build to build.
    """
    return _identifiers(edition)[0]


def describe(edition: Edition, *, fonts_embedded: bool = False) -> Iterator[Statement]:
    """All of the package's metadata but accessibility and cover (EPUB 3.3, section 5.5)."""
    metadata = edition.metadata
    yield from _identifier_statements(edition)
    yield from _titles(edition)
    for language in languages(edition):
        yield Statement(name="language", value=language)
    yield from _people(edition)
    plain = {"date": metadata.date, "publisher": metadata.publisher, "description": metadata.description}
    yield from (Statement(name=name, value=value) for name, value in plain.items() if value)
    yield from (Statement(name="subject", value=subject) for subject in metadata.subjects if subject)
    yield from _rights(edition)
    yield from _series(edition)
    if fonts_embedded:
        yield _meta("ibooks:specified-fonts", "true")  # else Apple Books shows its own fonts


def page_source(edition: Edition) -> Iterator[Statement]:
    """Which edition's pages the page list counts (EPUB Accessibility 1.1, section 2.4): in the new and the old form.

    It is the PDF's own identifier; one for all formats would name the EPUB itself, so words stand for a PDF without.
    """
    metadata = edition.metadata
    words = f"{metadata.title} ({edition.labels.get('print-edition', 'Print edition')})"
    source = next((each.value for each in metadata.identifiers if each.format == "pdf"), words)
    yield Statement(name="source", value=source)
    yield _meta("pageBreakSource", source)


def cover_statement(item: str) -> Iterator[Statement]:
    """What old readers look for to find the cover, the item's id; `name` stands first, for old Nooks read it so."""
    if item:
        yield Statement(name="meta", attributes={"name": "cover", "content": item})


def languages(edition: Edition) -> tuple[str, ...]:
    """The publication's language first, then those of its documents; "en-GB" says nothing new after "en"."""
    found = [edition.metadata.language]
    for document in edition.documents:
        if not any(f"{document.language}-".startswith(f"{known}-") for known in found):
            found.append(document.language)
    return tuple(found)


def _identifiers(edition: Edition) -> tuple[Identifier, ...]:
    given = edition.metadata.identifiers
    fitting = [each for each in given if each.format == "epub"] + [each for each in given if not each.format]
    if fitting:
        return tuple({each.value: each for each in fitting}.values())
    seed = f"epub of {given[0].value if given else edition.slug}"
    return (Identifier(value=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}"),)


def _identifier_statements(edition: Edition) -> Iterator[Statement]:
    for number, identifier in enumerate(_identifiers(edition), start=1):
        name = "identifier" if number == 1 else f"identifier-{number}"
        yield Statement(name="identifier", value=identifier.value, attributes={"id": name})
        kind = _onix_type(identifier.value)
        if kind:
            yield _meta("identifier-type", kind, refines=name, scheme="onix:codelist5")


def _onix_type(value: str) -> str:
    """The code of ONIX list 5 for an identifier; "" where its URN says it all."""
    lower = value.lower()
    if lower.startswith("urn:isbn:"):
        return {13: "15", 10: "02"}.get(len(re.sub(r"[^0-9x]", "", lower.removeprefix("urn:isbn:"))), "")
    return "06" if re.match(r"(doi:|urn:doi:|info:doi/|https?://(dx\.)?doi\.org/)", lower) else ""


def _titles(edition: Edition) -> Iterator[Statement]:
    title, subtitle = edition.metadata.title, edition.metadata.subtitle
    yield Statement(name="title", value=title, attributes={"id": "title"})
    if subtitle:
        yield Statement(name="title", value=subtitle, attributes={"id": "subtitle"})
    parts = (("title", "main"), ("subtitle", "subtitle")) if subtitle else (("title", "main"),)
    for number, (name, kind) in enumerate(parts, start=1):
        yield _meta("title-type", kind, refines=name)
        yield _meta("display-seq", str(number), refines=name)


def _people(edition: Edition) -> Iterator[Statement]:
    whole = edition.metadata.credits
    first, others = creators(whole, edition.credits), contributors(whole, edition.credits)
    roles = _roles_by_name(edition.credits)
    known = _persons_by_name((*edition.metadata.credits, *edition.credits))
    for element, names in (("creator", first), ("contributor", others)):
        for number, name in enumerate(names, start=1):
            own = f"{element}-{number}"
            yield Statement(name=element, value=name, attributes={"id": own})
            yield from (_meta("role", code, refines=own, scheme="marc:relators") for code in roles.get(name, ()))
            if known[name].file_as:
                yield _meta("file-as", known[name].file_as, refines=own)
            yield from (_meta("dcterms:identifier", each, refines=own) for each in record_addresses(known[name]))
            yield _meta("display-seq", str(number), refines=own)


def _roles_by_name(credits_: Sequence[Credit]) -> dict[str, tuple[str, ...]]:
    """The relator codes of everybody, each once: first the roles that come first."""
    roles: dict[str, dict[str, None]] = {}
    for credit in credits_:
        roles.setdefault(credit.person.name, {})[credit.role.code or "ctb"] = None
    return {name: tuple(codes) for name, codes in roles.items()}


def _persons_by_name(credits_: Sequence[Credit]) -> dict[str, Person]:
    """The persons by name; of several with one name the first that says how to sort it."""
    found: dict[str, Person] = {}
    for credit in credits_:
        known = found.setdefault(credit.person.name, credit.person)
        if credit.person.file_as and not known.file_as:
            found[credit.person.name] = credit.person
    return found


def _rights(edition: Edition) -> Iterator[Statement]:
    rights = edition.metadata.rights
    if rights.text or rights.licence:
        yield Statement(name="rights", value=rights.text or rights.licence)
    if rights.url:
        yield Statement(name="link", attributes={"rel": "dcterms:license", "href": rights.url})
    elif rights.licence:
        yield _meta("dcterms:license", rights.licence)


def _series(edition: Edition) -> Iterator[Statement]:
    metadata = edition.metadata
    if not metadata.series:
        return
    yield Statement(
        name="meta", value=metadata.series, attributes={"property": "belongs-to-collection", "id": "series"}
    )
    yield _meta("collection-type", "series", refines="series")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)*", metadata.number):  # EPUB 3.3, D.3.5: numbers with points between them
        yield _meta("group-position", metadata.number, refines="series")


def _meta(name: str, value: str, *, refines: str = "", scheme: str = "") -> Statement:
    attributes = {"refines": f"#{refines}"} if refines else {}
    attributes["property"] = name
    if scheme:
        attributes["scheme"] = scheme
    return Statement(name="meta", value=value, attributes=attributes)
