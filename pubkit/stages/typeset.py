"""Publication + Theme -> Edition: cover, title page, contents, articles, credits, index, colophon, in reading order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from pubkit.cache import Cache, Work, digest
from pubkit.credit_values import author_names, credits_values, has_permissions, permissions_values
from pubkit.credits import everybody
from pubkit.labels import labels_of
from pubkit.markup import elements, leads_out, parse, plain, serialise
from pubkit.model import (
    Article,
    ContentDocument,
    DocumentKind,
    Edition,
    Matter,
    Publication,
    Theme,
    TocEntry,
)
from pubkit.printing import printing_of, trimmed
from pubkit.report import Report
from pubkit.template_values import (
    article_values,
    book_cover_values,
    colophon_values,
    contents_values,
    cover_values,
    index_values,
    publication_values,
)
from pubkit.theme import place_in
from pubkit.workers import Failure, Jobs, run_jobs

SECONDS = 20.0  # of wall time for one template: a theme is somebody else's program


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A document to be made: its template's values, and what else its ContentDocument needs."""

    document: ContentDocument
    values: Mapping[str, Any]


def typeset(
    publication: Publication, theme: Theme, report: Report, *, jobs: Jobs = 0, cache: Cache | None = None
) -> Edition:
    """The edition of a resolved publication in a theme; faults of templates are reported as theme-invalid.

    Documents that are in the `cache` are not made again.
    """
    theme = replace(theme, page=trimmed(theme.page, publication.printing, report))
    printing = printing_of(publication.printing)
    plans = list(_plans(publication, theme))
    if printing.press and publication.parts.cover:
        plans += _book_cover_plan(publication, theme, report)
    shared = {
        "labels": dict(labels_of(publication.metadata.language)),
        "publication": publication_values(publication),
    }
    tasks = [(f"{plan.document.kind}.html", {**shared, **plan.values}) for plan in plans]
    templates = digest(*sorted(theme.templates.items()))
    results = run_jobs(
        render,
        tasks,
        jobs=jobs,
        seconds=SECONDS,
        prepare=_open_templates,
        prepare_with=(theme.templates,),
        cache=cache,
        works=[
            Work(kind="page", name=plan.document.name, parts={"values": digest(values), "templates": templates})
            for plan, (_, values) in zip(plans, tasks, strict=True)
        ]
        if cache
        else (),
        keeps=_Filled,
    )
    made: list[tuple[ContentDocument, _Filled]] = []
    for plan, result in zip(plans, results, strict=True):
        template = place_in(theme, f"templates/{plan.document.kind}.html")
        if isinstance(result, Failure):
            report.add("theme-invalid", template, problem=f"rendering {plan.document.name} took {result.detail}")
        elif isinstance(result, _Fault):
            place = place_in(theme, f"templates/{result.template}", result.line)
            report.add("theme-invalid", place, problem=result.problem)
        else:
            made.append((replace(plan.document, body=result.body), result))
    if publication.parts.index and "index.html" not in theme.templates:
        marks = (mark for article in publication.articles for mark in article.marks)
        for mark in list(marks)[:1]:
            problem = f"there is no templates/index.html for the index ({mark.at}); `parts: index: false` does without"
            report.add("theme-invalid", place_in(theme, "theme.yaml"), problem=problem)
    book_cover = next((each for each in made if each[0].kind == "book-cover"), None)  # it is printed by itself
    made = [each for each in made if each is not book_cover]
    home_of = _homes(made, theme, report)
    images = frozenset(asset.name for asset in publication.assets)
    documents = [_closed(*each, home_of, images, theme, report) for each in made]
    cover = publication.cover if publication.parts.cover else None
    return Edition(
        slug=publication.slug,
        metadata=publication.metadata,
        documents=tuple(documents),
        toc=tuple(_toc(publication, theme, shared["labels"])),
        landmarks=tuple(_landmarks(documents, shared["labels"])),
        labels=shared["labels"],
        credits=everybody(publication),
        assets=publication.assets,
        cover=cover.image if cover else "",
        cover_picture=cover,
        articles=publication.articles,
        book_cover=_closed(*book_cover, {}, images, theme, report) if book_cover else None,
        theme=theme,
        home_of=home_of,
        printing=printing,
    )


def _homes(made: Sequence[tuple[ContentDocument, _Filled]], theme: Theme, report: Report) -> dict[str, str]:
    """For every id the document that holds it; each document has its own name as an id, and no id comes twice."""
    homes: dict[str, str] = {}
    for document, filled in made:
        template = place_in(theme, f"templates/{document.kind}.html")
        for name in filled.ids:
            if name in homes:
                report.add("theme-invalid", template, problem=f"it gives the id {name!r} for the second time")
            homes.setdefault(name, document.name)
        if homes.get(document.name) != document.name:
            report.add("theme-invalid", template, problem=f"no element of {document.name!r} has that id")
    return homes


def _closed(
    document: ContentDocument,
    filled: _Filled,
    home_of: Mapping[str, str],
    images: frozenset[str],
    theme: Theme,
    report: Report,
) -> ContentDocument:
    """The document without links and images of its template that lead nowhere; they are reported."""
    dead = {link for link in filled.links if not leads_out(link) and link[1:] not in home_of}
    unknown = {image for image in filled.images if image not in images}
    if not dead and not unknown:
        return document
    body = parse(document.body)
    template = place_in(theme, f"templates/{document.kind}.html")
    for element in [
        *(link for link in body.iter("a") if link.get("href") in dead),
        *(image for image in body.iter("img") if image.get("src", "") in unknown),
    ]:
        what = element.get("href") or element.get("src") or element.tag
        report.add("theme-invalid", template, problem=f"it refers to {what!r}, which is not in the publication")
        element.tag = "span"
        element.attrib.clear()
    return replace(document, body=serialise(body).strip())


def _plans(publication: Publication, theme: Theme) -> Iterator[_Plan]:
    parts = publication.parts
    labels = labels_of(publication.metadata.language)
    title = publication.metadata.title

    def made(kind: DocumentKind, matter: Matter, heading: str, values: Mapping[str, Any]) -> _Plan:
        document = ContentDocument(
            name=kind,
            kind=kind,
            matter=matter,
            title=heading,
            body="",
            language=publication.metadata.language,
            direction=publication.metadata.direction,
            running=(title, heading),
            at=publication.source.here,
        )
        return _Plan(document=document, values=values)

    if publication.cover and parts.cover:
        yield made("cover", "front", labels["cover"], cover_values(publication))
    if parts.title_page:
        yield made("titlepage", "front", title, {})
    if parts.contents:
        yield made("contents", "front", labels["contents"], contents_values(publication))
    for article in publication.articles:
        document = ContentDocument(
            name=article.id,
            kind="article",
            matter="body",
            title=plain(article.title),
            body="",
            language=article.language,
            direction=article.direction,
            running=(title, plain(article.title)),
            at=article.source.here,
        )
        body = _with_drop_cap(article)
        yield _Plan(document=document, values=article_values(publication, replace(article, body=body)))
    if parts.credits and everybody(publication):
        yield made("credits", "back", labels["credits"], credits_values(publication))
    if _has_permissions(publication, theme):
        yield made("permissions", "back", labels["permissions"], permissions_values(publication, theme))
    if _has_index(publication, theme):
        yield made("index", "back", labels["index"], index_values(publication))
    if parts.colophon:
        yield made("colophon", "back", labels["colophon"], colophon_values(publication, theme))


def _has_permissions(publication: Publication, theme: Theme) -> bool:
    return publication.parts.permissions and has_permissions(publication) and "permissions.html" in theme.templates


def _has_index(publication: Publication, theme: Theme) -> bool:
    marked = any(article.marks for article in publication.articles)
    return publication.parts.index and marked and "index.html" in theme.templates


def _book_cover_plan(publication: Publication, theme: Theme, report: Report) -> list[_Plan]:
    """The cover for print; none where the theme has no template for it."""
    if "book-cover.html" not in theme.templates:
        report.add("cover-template-missing", place_in(theme, "theme.yaml"), theme=theme.name)
        return []
    document = ContentDocument(
        name="book-cover",
        kind="book-cover",
        matter="front",
        title=publication.metadata.title,
        body="",
        language=publication.metadata.language,
        direction=publication.metadata.direction,
        at=publication.cover.at if publication.cover else publication.source.here,
    )
    return [_Plan(document=document, values=book_cover_values(publication))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filled:
    """A template with its values, as a body; the ids in it, and what it links to and shows."""

    body: str
    ids: tuple[str, ...]
    links: tuple[str, ...]
    images: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """What is wrong with a template, and where."""

    template: str
    line: int | None
    problem: str


_environments: list[ImmutableSandboxedEnvironment] = []  # one: compiling templates takes longer than filling them in


def _open_templates(templates: Mapping[str, str]) -> None:
    _environments[:] = [
        ImmutableSandboxedEnvironment(
            loader=DictLoader(dict(templates)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
    ]


def render(name: str, values: Mapping[str, Any]) -> _Filled | _Fault:
    """A template with its values, well-formed, or its fault; runs in a worker process.

    The sandbox keeps templates from Python's insides; it limits neither time nor memory, the worker does.
    """
    try:
        text = _environments[0].get_template(name).render(values)
    except TemplateError as error:
        return _Fault(template=name, line=_line_of(error), problem=str(error.message or type(error).__name__))
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError, SyntaxError) as error:
        return _Fault(template=name, line=_line_of(error), problem=str(error) or type(error).__name__)
    try:
        body = parse(text)
    except etree.XMLSyntaxError as error:
        return _Fault(template=name, line=None, problem=f"what it makes is not well-formed: {error.msg}")
    return _Filled(
        body=text.strip(),
        ids=tuple(each for element in elements(body) if (each := element.get("id"))),
        links=tuple(href for link in body.iter("a") if (href := link.get("href")) is not None),
        images=tuple(image.get("src", "") for image in body.iter("img")),
    )


def _line_of(error: BaseException) -> int | None:
    """The line of the template in which an error was raised: Jinja writes it into the traceback."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


SHORTEST_DROP_CAP = 160  # characters of a first paragraph that can carry a letter of three lines
_DROP_CAP_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC")
_OPENING = ("Pi", "Pf", "Ps", "Zs")  # quotation marks, brackets, and the space after «


def _with_drop_cap(article: Article) -> str:
    """The body with its first letter in `span.dropcap`, where the text starts with a long enough paragraph.

    A real element, for WeasyPrint 70 breaks off at a floated ::first-letter. Opening quotation marks go with
    the letter.
    """
    body = parse(article.body)
    first = next((child for child in body if isinstance(child.tag, str)), None)
    text = (first.text or "").lstrip() if first is not None and first.tag == "p" else ""
    if first is None or len(plain(first)) < SHORTEST_DROP_CAP:
        return article.body
    length = next((number + 1 for number, sign in enumerate(text[:4]) if sign.isalnum()), 0)
    letter = text[length - 1 : length]
    if not length or not letter.isalpha() or not unicodedata.name(letter, "").startswith(_DROP_CAP_SCRIPTS):
        return article.body
    if not all(unicodedata.category(sign) in _OPENING or sign in "\"'¿¡" for sign in text[: length - 1]):
        return article.body  # a dash, an ellipsis, a bullet
    while unicodedata.combining(text[length : length + 1] or " "):
        length += 1
    cap = etree.Element("span", {"class": "dropcap"})
    cap.text, cap.tail = text[:length], text[length:]
    first.text = None
    first.insert(0, cap)
    return serialise(body).strip()


def _toc(publication: Publication, theme: Theme, labels: Mapping[str, str]) -> Iterator[TocEntry]:
    depth = publication.parts.depth
    for section in publication.sections:
        entries = tuple(
            TocEntry(
                title=plain(article.title),
                target=article.id,
                authors=author_names(article, publication.metadata.language),
                kind="document",
                children=tuple(_heading_entries(article, depth)),
            )
            for article in section.articles
        )
        if section.title and entries:
            yield TocEntry(title=section.title, target=entries[0].target, kind="section", children=entries)
        else:
            yield from entries
    if publication.parts.credits and everybody(publication):
        yield TocEntry(title=labels["credits"], target="credits", kind="document")
    if _has_permissions(publication, theme):
        yield TocEntry(title=labels["permissions"], target="permissions", kind="document")
    if _has_index(publication, theme):
        yield TocEntry(title=labels["index"], target="index", kind="document")
    if publication.parts.colophon:
        yield TocEntry(title=labels["colophon"], target="colophon", kind="document")


def _heading_entries(article: Article, depth: int) -> Iterator[TocEntry]:
    """Headings of level 2 (depth 2), with those of level 3 below them (depth 3)."""
    if depth < 2:
        return
    headings = [heading for heading in article.headings if heading.level <= depth]
    number = 0
    while number < len(headings):
        heading = headings[number]
        number += 1
        children = []
        while number < len(headings) and headings[number].level > heading.level:
            below = headings[number]
            children.append(TocEntry(title=below.title, target=below.id, kind="heading"))
            number += 1
        yield TocEntry(title=heading.title, target=heading.id, kind="heading", children=tuple(children))


def _landmarks(documents: list[ContentDocument], labels: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(epub:type, target, label) of the places that a reader jumps to (EPUB 3.3, landmarks)."""
    kinds = {
        "cover": "cover",
        "titlepage": "titlepage",
        "contents": "toc",
        "credits": "credits",
        "index": "index",
        "colophon": "colophon",
    }
    started = False
    for document in documents:
        if document.kind in kinds:
            yield kinds[document.kind], document.name, document.title
        elif not started:
            started = True
            yield "bodymatter", document.name, document.title
        if document.kind == "credits" and 'id="credits--images"' in document.body:
            yield "loi", "credits--images", labels["image-credits"]
