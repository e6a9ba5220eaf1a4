"""Long documents become several files: e-readers open and page large files slowly (Kobo: about 300 KB)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace

from lxml import etree

from pubkit.epub.content import body_of
from pubkit.epub.page_breaks import PageBreak, insert_page_breaks
from pubkit.epub.xhtml import XHTML, name_of
from pubkit.model import ContentDocument, Edition

LIMIT = 250_000  # bytes of a file's body; head and markup of the writer come on top
_EARLIEST = 0.8  # of the limit: from here on a heading begins a new file
_CONTAINERS = frozenset({"article", "div", "main", "section"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ONCE = ("id", "role", "aria-labelledby", "aria-label")  # what only the first of several files may say of the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Divided:
    """An edition whose long documents are divided: `placed` names the documents that have their page breaks already."""

    edition: Edition
    breaks: Mapping[str, tuple[PageBreak, ...]]
    placed: frozenset[str]


def divide(edition: Edition, breaks: Mapping[str, tuple[PageBreak, ...]]) -> Divided:
    """The edition with every document over LIMIT as several, at the borders of blocks, and where each break is then.

    A note stands in the file of its first reference (Kobo and Apple Books look for it there). A single block over
    the limit stays whole. Raises ValueError for a body that is not good XML.
    """
    documents: list[ContentDocument] = []
    homes, found = dict(edition.home_of), dict(breaks)
    placed: set[str] = set()
    taken = {document.name for document in edition.documents}
    for document in edition.documents:
        parts = _parts(document, breaks[document.name]) if len(document.body.encode()) > LIMIT else []
        if len(parts) < 2:
            documents.append(document)
            continue
        rest = breaks[document.name]
        for number, part in enumerate(parts, 1):
            name = document.name if number == 1 else _free(f"{document.name}-{number}", taken)
            ids = {element.get("id", "") for element in part.iter("*")}
            homes |= {each: name for each in ids if homes.get(each) == document.name}
            found[name] = tuple(each for each in rest if each.id in ids)
            placed.add(name)
            title = document.title if number == 1 else f"{document.title} ({number})"
            documents.append(replace(document, name=name, title=title, body=_inside(part)))
    divided = replace(edition, documents=tuple(documents), home_of=homes)
    return Divided(edition=divided, breaks=found, placed=frozenset(placed))


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-x"
    taken.add(name)
    return name


def _parts(document: ContentDocument, breaks: Sequence[PageBreak]) -> list[etree._Element]:
    """The bodies of the files that a document becomes; fewer than two where there is nothing to divide."""
    body = body_of(document)
    insert_page_breaks(body, breaks, document.language)
    path = _path(body)
    groups = _groups(list(path[-1]))
    if len(groups) < 2:
        return []
    parts = [_shell(path, group, first=group is groups[0], last=group is groups[-1]) for group in groups]
    _give_notes(parts)
    return parts


def _path(body: etree._Element) -> list[etree._Element]:
    """The elements from the body down to the one whose blocks are divided: into each container over the limit."""
    path = [body]
    while (inner := max(path[-1], key=_size, default=None)) is not None:
        if name_of(inner) not in _CONTAINERS or _size(inner) <= LIMIT:
            break
        path.append(inner)
    return path


def _size(element: etree._Element) -> int:
    return len(etree.tostring(element, encoding="utf-8"))


def _groups(blocks: list[etree._Element]) -> list[list[etree._Element]]:
    """The blocks in groups under the limit; a heading goes with what follows it."""
    groups: list[list[etree._Element]] = [[]]
    filled = 0
    for block in blocks:
        size = _size(block)
        full = filled + size > LIMIT or (filled > LIMIT * _EARLIEST and name_of(block) in _HEADINGS)
        if groups[-1] and full:
            carried: list[etree._Element] = []
            while len(groups[-1]) > 1 and name_of(groups[-1][-1]) in _HEADINGS:
                carried.insert(0, groups[-1].pop())
            groups.append(carried)
            filled = sum(_size(each) for each in carried)
        groups[-1].append(block)
        filled += size
    return groups


def _shell(
    path: Sequence[etree._Element], blocks: Sequence[etree._Element], *, first: bool, last: bool
) -> etree._Element:
    """A body with the elements of the path around some blocks; what stands beside the path is in the first or last."""
    inner = [deepcopy(block) for block in blocks]
    for depth in range(len(path) - 1, -1, -1):
        element = path[depth]
        shell = etree.Element(element.tag, {str(name): str(value) for name, value in element.attrib.items()})
        if not first:
            for name in _ONCE:
                shell.attrib.pop(name, "")
        shell.text = element.text if first else None
        shell.extend(inner)
        if depth == 0:
            return shell
        siblings = list(path[depth - 1])
        place = siblings.index(element)
        shell.tail = element.tail
        before = [deepcopy(each) for each in siblings[:place]] if first else []
        after = [deepcopy(each) for each in siblings[place + 1 :]] if last else []
        inner = [*before, shell, *after]
    raise AssertionError


def _give_notes(parts: Sequence[etree._Element]) -> None:
    """Move each note from the last file to that of its first reference."""
    notes = next((each for each in parts[-1].iter(f"{{{XHTML}}}section") if "notes" in each.get("class", "")), None)
    if notes is None:
        return
    by_id = {note.get("id", ""): note for note in notes if note.get("role") == "doc-footnote"}
    for part in parts[:-1]:
        wanted = [
            link.get("href", "")[1:]
            for link in part.iter(f"{{{XHTML}}}a")
            if link.get("role") == "doc-noteref" and link.get("href", "")[1:] in by_id
        ]
        if not wanted:
            continue
        shell = etree.Element(notes.tag, {"class": notes.get("class", "")})
        shell.extend(deepcopy(each) for each in notes if name_of(each) in _HEADINGS)
        for each in shell:
            each.attrib.pop("id", "")
        shell.extend(by_id.pop(name) for name in dict.fromkeys(wanted))
        outermost = next((each for each in part if name_of(each) in _CONTAINERS), part)
        outermost.append(shell)
    parent = notes.getparent()
    if not by_id and parent is not None:
        parent.remove(notes)


def _inside(body: etree._Element) -> str:
    return (body.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in body)
