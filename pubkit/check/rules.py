"""Checks of reader rules that look at the edition: its text, links, tables, notes, fonts and style sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from pubkit.check.image_header import is_transparent
from pubkit.check.places import Places
from pubkit.epub_css import findings, sets
from pubkit.markup import elements, parse, plain
from pubkit.model import Asset, Edition, Publication, TocEntry
from pubkit.source import Location, read_content
from pubkit.theme import place_in

if TYPE_CHECKING:
    from lxml.etree import _Element

Rule = Mapping[str, Any]
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding of a check: what, and where in the sources."""

    what: str
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is checked: an edition, its sources and its EPUB; `pages` of the PDF, where they are known."""

    edition: Edition
    publication: Publication
    places: Places
    archive: ZipFile
    size: int  # bytes of the EPUB
    pages: int | None = None

    def found(self, what: str, document: str, *, image: str = "", needle: str = "") -> Found:
        """A finding at its place in the source of a document; in pubkit.yaml where `document` is ""."""
        return Found(what=what, at=self.places.of(document, image=image, needle=needle))

    def in_manifest(self, what: str, *keys: str) -> Found:
        """A finding at the first of these keys that pubkit.yaml has."""
        source = self.publication.source
        places = (found for key in keys if (found := re.search(rf"^\s*{key}\s*:", source.text, re.MULTILINE)))
        first = next(places, None)
        start = first.end() - len(first[0].lstrip()) if first else 0
        return Found(what=what, at=source.at(start) if first else source.here)

    def bodies(self) -> Iterator[tuple[str, _Element]]:
        """Name and tree of every document."""
        for document in self.edition.documents:
            yield document.name, parse(document.body)

    def images(self) -> Iterator[tuple[str, Asset]]:
        """Every image that is shown, with the first document that shows it; the cover with "cover"."""
        assets = {asset.name: asset for asset in self.edition.assets}
        seen = {self.edition.cover: "cover"} if self.edition.cover else {}
        for name, body in self.bodies():
            for image in body.iter("img"):
                seen.setdefault(image.get("src", ""), name)
        yield from ((document, assets[name]) for name, document in seen.items() if name in assets)

    def cover(self) -> Asset | None:
        """The cover's asset."""
        return next((asset for asset in self.edition.assets if asset.name == self.edition.cover), None)


def language(subject: Subject, rule: Rule) -> Iterator[Found]:
    """The publication's language is one of these; only the first subtag counts."""
    tag = subject.edition.metadata.language
    if tag.split("-")[0].lower() not in rule["languages"]:
        yield subject.in_manifest(f"the language {tag!r} is not on the list", "language", "lang")


def contents_page(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """There is a page of contents in front, with links and without tables."""
    pages = [document for document in subject.edition.documents if document.kind == "contents"]
    if not pages or pages[0].matter != "front":
        yield subject.in_manifest("there is no page of contents at the front", "contents")
    elif "<table" in pages[0].body or "<a " not in pages[0].body:
        yield subject.found("the page of contents is a table, or has no links", pages[0].name)


def contents_depth(subject: Subject, rule: Rule) -> Iterator[Found]:
    """The table of contents is no deeper than so many levels."""
    depth = _depth(subject.edition.toc)
    if depth > rule["levels"]:
        yield subject.in_manifest(f"the contents have {depth} levels", "contents:.*depth", "depth", "contents")


def _depth(entries: tuple[TocEntry, ...]) -> int:
    return 1 + max(_depth(entry.children) for entry in entries) if entries else 0


def headings_aligned(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """The style sheet sets text-align for every kind of heading that is used."""
    used = {str(element.tag) for _, body in subject.bodies() for element in body.iter(*_HEADINGS)}
    for name in sorted(used):
        if not sets(subject.edition.theme.epub_css, name, "text-align"):
            at = place_in(subject.edition.theme, "epub.css")
            yield Found(what=f"nothing says how {name} is aligned", at=at)


def style_sheet(subject: Subject, rule: Rule) -> Iterator[Found]:
    """What the lint of the style sheet finds; the place is the sheet, which may be joined from two themes."""
    for found in findings(subject.edition.theme.epub_css):
        if found.code in rule["codes"]:
            what = found.facts.get("what") or found.facts["name"]
            at = place_in(subject.edition.theme, "epub.css")
            yield Found(what=f"{what}: {found.facts['reason']}", at=at)


def no_break_spaces(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """No two no-break spaces in a row."""
    for name, body in subject.bodies():
        if "\u00a0\u00a0" in "".join(map(str, body.itertext())):
            needle = next((each for each in ("\u00a0\u00a0", "&nbsp;&nbsp;") if _in_source(subject, name, each)), "")
            yield subject.found("no-break spaces in a row", name, needle=needle)


def characters(subject: Subject, rule: Rule) -> Iterator[Found]:
    """None of these characters is in the text."""
    for name, body in subject.bodies():
        text = "".join(map(str, body.itertext()))
        for sign, called in rule["characters"].items():
            if sign in text:
                yield subject.found(f"U+{ord(sign):04X}, a {called}", name, needle=sign)


def _in_source(subject: Subject, document: str, needle: str) -> bool:
    source = subject.places.source(document)
    return source is not None and needle in source.text


def cover_page(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """There is no document that shows the cover."""
    for document in subject.edition.documents:
        if document.kind == "cover":
            yield subject.in_manifest("there is a cover page", "cover")


def start(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """A landmark bodymatter."""
    if not any(kind == "bodymatter" for kind, *_ in subject.edition.landmarks):
        yield subject.in_manifest("no landmark says where the text starts", "contents")


def notes(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """A reference leads to a footnote later in its own document, and this has a link back to the reference."""
    for name, body in subject.bodies():
        seen: set[str] = set()
        known = {element.get("id", ""): element for element in elements(body) if element.get("id")}
        for element in elements(body):
            seen.add(element.get("id", ""))
            if element.get("role") != "doc-noteref":
                continue
            target = element.get("href", "").removeprefix("#")
            note = known.get(target)
            words = plain(element)
            if note is None or note.get("role") != "doc-footnote" or target in seen:
                yield subject.found(
                    f"the note {words!r} is no footnote after its reference", name, needle=f"[^{words}]"
                )
            elif not any(link.get("role") == "doc-backlink" for link in note.iter("a")):
                yield subject.found(f"the note {words!r} does not lead back", name, needle=f"[^{words}]")


def tables(subject: Subject, rule: Rule) -> Iterator[Found]:
    """No table is larger than `rows` and `columns`, none lies in another."""
    for name, body in subject.bodies():
        for table in body.iter("table"):
            rows = list(table.iter("tr"))
            cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
            columns = max((sum(_span(cell) for cell in row) for row in cells), default=0)
            at = subject.places.line_with(name, [plain(cell) for cell in cells[0]] if cells else ())
            if columns > rule["columns"]:
                yield Found(what=f"a table has {columns} columns", at=at)
            if len(rows) > rule.get("rows", len(rows)):
                yield Found(what=f"a table has {len(rows)} rows", at=at)
            if any(True for _ in table.iterancestors("table")):
                yield Found(what="a table lies in a table", at=at)


def _span(cell: _Element) -> int:
    written = cell.get("colspan", "1")
    return int(written) if written.isdecimal() else 1


def forward_links(subject: Subject, rule: Rule) -> Iterator[Found]:
    """No link leads forward to an element with so many characters that is no heading and no whole document."""
    edition = subject.edition
    order: dict[str, int] = {}
    targets: dict[str, _Element] = {}
    links: list[tuple[str, str, int]] = []
    for name, body in subject.bodies():
        for element in elements(body):
            order[element.get("id", "")] = place = len(order) + len(links)
            targets[element.get("id", "")] = element
            if element.tag == "a" and not element.get("role") and element.get("href", "").startswith("#"):
                links.append((name, element.get("href", "")[1:], place))
    starts = {document.name for document in edition.documents}
    for name, target, place in links:
        if target not in targets or order[target] < place or target in starts or targets[target].tag in _HEADINGS:
            continue
        if rule["least"] <= len(plain(targets[target])) <= rule["most"]:
            local = target.partition("--")[2] or target
            yield subject.found(f"a link leads forward to {local!r}", name, needle=f"#{local}")


def font_styles(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """Where fonts are embedded, some face is bold and some is italic."""
    fonts = subject.edition.theme.fonts
    at = place_in(subject.edition.theme, "theme.yaml")
    if fonts and not any(font.weight >= 600 for font in fonts):
        yield Found(what="no font of the theme has a bold face", at=at)
    if fonts and not any(font.style == "italic" for font in fonts):
        yield Found(what="no font of the theme has an italic face", at=at)


def inline_styles(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """No element has a style attribute."""
    for name, body in subject.bodies():
        styled = next((element for element in elements(body) if element.get("style")), None)
        if styled is not None:
            yield subject.found(f"<{styled.tag}> has a style of its own", name, needle="style=")


def isbn(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """An identifier of the EPUB is an ISBN."""
    values = [each.value for each in subject.edition.metadata.identifiers if each.format in ("", "epub")]
    if not any(value.startswith("urn:isbn:") for value in values):
        yield subject.in_manifest("the EPUB has no ISBN", "identifier", "identifiers")


def pages(subject: Subject, rule: Rule) -> Iterator[Found]:
    """There are so many pages, by the PDF; nothing is said where there is none."""
    if subject.pages is not None and subject.pages < rule["pages"]:
        yield subject.in_manifest(f"the publication has {subject.pages} pages", "contents")


def night(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """Drawings and transparent images have a light ground by the style sheet."""
    if sets(subject.edition.theme.epub_css, "img", "background", "background-color"):
        return
    for document, asset in subject.images():
        if asset.name != subject.edition.cover and (
            asset.media_type == "image/svg+xml" or is_transparent(read_content(asset.screen))
        ):
            yield subject.found(f"the image {asset.name!r} may vanish at night", document, image=asset.name)


def image_sizes(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """Every image says its width and height."""
    for name, body in subject.bodies():
        for image in body.iter("img"):
            if not (image.get("width") and image.get("height")):
                asset = image.get("src", "")
                yield subject.found(f"the image {asset!r} does not say its size", name, image=asset)
