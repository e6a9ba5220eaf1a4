"""Ways through the finished file: destinations, links, outline and page labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Pdf, String

from pubkit.model import TocEntry
from pubkit.pdf.page_map import Plan
from pubkit.pdf.print_tree import LINK

PRINTED = 4  # the flag of an annotation that paper shows, too (12.5.3); PDF/A wants it of all (ISO 19005-2, 6.3.2)


def close_links(pages: Sequence[Object], known: Mapping[str, Array]) -> set[str]:
    """Turn the private links of the pieces into links to named destinations; gives the names that are used.

    A link to nothing is taken out. Links to the web stay as they are.
    """
    used: set[str] = set()
    for page in pages:
        if "/Annots" not in page:
            continue
        kept = Array()
        for annotation in page.Annots:
            target = _private_target(annotation)
            if target is not None:
                if target not in known:
                    continue
                used.add(target)
                del annotation.A
                annotation.Dest = _name(target)
            annotation.F = PRINTED
            kept.append(annotation)
        page.Annots = kept
    return used


def take_out(pages: Sequence[Object]) -> None:
    """Take all links off the pages: paper has none, and printers refuse files with annotations."""
    for page in pages:
        if "/Annots" in page:
            del page.Annots


def _private_target(annotation: Object) -> str | None:
    address = str(annotation.A.URI) if "/A" in annotation and "/URI" in annotation.A else ""
    return unquote(address[len(LINK) :]) if address.startswith(LINK) else None


def write_destinations(target: Pdf, known: Mapping[str, Array], used: Iterable[str]) -> None:
    """Write the name tree (ISO 32000-2, 7.9.6): one leaf, its names in the order of their bytes."""
    names = Array()
    for name in sorted(used, key=str.encode):
        names.append(_name(name))
        names.append(known[name])
    if names:
        target.Root.Names = Dictionary(Dests=target.make_indirect(Dictionary(Names=names)))


def _name(identifier: str) -> String:
    return String(identifier.encode())


def write_outline(target: Pdf, toc: Sequence[TocEntry], known: Mapping[str, Array]) -> None:
    """Write the outline: sections, articles and headings as the contents have them; headings are folded in."""
    with target.open_outline() as outline:
        outline.root.extend(_outline_items(toc, known))
    if toc:
        target.Root.PageMode = Name.UseOutlines


def _outline_items(toc: Sequence[TocEntry], known: Mapping[str, Array]) -> list[OutlineItem]:
    items = []
    for entry in toc:
        children = _outline_items(entry.children, known)
        if entry.target not in known:
            items += children
            continue
        item = OutlineItem(entry.title, destination=known[entry.target])
        item.children.extend(children)
        item.is_closed = entry.kind != "section"
        items.append(item)
    return items


def targets(toc: Sequence[TocEntry]) -> set[str]:
    """The ids that the contents point to."""
    return {entry.target for entry in toc}.union(*(targets(entry.children) for entry in toc))


def write_page_labels(target: Pdf, plan: Plan) -> None:
    """Write the page labels (ISO 32000-2, 12.4.2): lower-case roman, then arabic."""
    numbers: list[Object | int] = []
    if plan.body:
        numbers += [0, Dictionary(S=Name.r, St=1)]
    if plan.body < len(plan.leaves):
        numbers += [plan.body, Dictionary(S=Name.D, St=1)]
    target.Root.PageLabels = Dictionary(Nums=Array(numbers))
