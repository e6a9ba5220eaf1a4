"""What the elements of a printed document are in a tagged PDF (ISO 32000-1, 14.8.4).

The tree is made of the source, not of the boxes of layout: a paragraph on two pages is one P, and a drop cap or a
float is where it is read. `build` gives nodes whose content are the numbers of leaves (texts and images as layout
made them, see marking.py). Once these are drawn, tag_nodes.settle makes the tree that a piece carries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from math import inf
from xml.etree import ElementTree as ET

from pubkit.pdf.print_tree import REST_OF_WORD, WORD
from pubkit.pdf.tag_nodes import Node, only
from pubkit.pdf.tag_shapes import GROUPS, caption_table, shape_list, wrap_texts
from pubkit.pdf.tag_tables import describe_cell, even_out

_KINDS = {
    "article": "Art",
    "aside": "Sect",
    "blockquote": "BlockQuote",
    "caption": "Caption",
    "code": "Code",
    "figcaption": "Caption",
    "figure": "Div",
    "h1": "H1",
    "h2": "H2",
    "h3": "H3",
    "h4": "H4",
    "h5": "H5",
    "h6": "H6",
    "kbd": "Code",
    "li": "LI",
    "nav": "Sect",
    "ol": "L",
    "p": "P",
    "pre": "P",
    "q": "Quote",
    "samp": "Code",
    "section": "Sect",
    "summary": "P",
    "table": "Table",
    "tbody": "TBody",
    "td": "TD",
    "tfoot": "TFoot",
    "th": "TH",
    "thead": "THead",
    "tr": "TR",
    "ul": "L",
}
_ROLES = {"doc-pullquote": "BlockQuote", "doc-footnote": "Note", "doc-noteref": "Reference"}
_HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6"})
_BLOCKS = frozenset({"address", "details", "div", "dl", "dt", "dd", "footer", "header", "hgroup", "main"})
_ROWS = ("TR",)
_HOLDS = {  # all that these may hold; in clean markup nothing else is there but white space
    "TOC": ("TOCI", "TOC"),
    "Table": ("Caption", "THead", "TBody", "TFoot", "TR"),
    "TBody": _ROWS,
    "TFoot": _ROWS,
    "THead": _ROWS,
    "TR": ("TH", "TD"),
}


@dataclass(slots=True)
class Part:
    """What layout made of one element, in the order of the source: its leaves as (place, number, pseudo-element)."""

    first: float = inf
    leaves: list[tuple[float, int, str]] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None  # of an image, in pt from the lower left corner of its page
    linked: bool = False


def build(
    body: ET.Element, parts: Mapping[ET.Element, Part], *, blank: AbstractSet[int], kind: str, language: str
) -> Node:
    """The tree of a document's body, `kind` being its root (Art or Sect) and `language` that of the document.

    `blank` are the leaves that are white space: these count between words, not between blocks.
    """
    root = Node(kind, language=language)
    root.kids = _Builder(parts, blank).inside(body, language)
    outer = root.kids[0] if len(root.kids) == 1 else None
    if isinstance(outer, Node) and outer.kind in ("Sect", "Art"):
        root.kids, root.language = outer.kids, outer.language or language
    wrap_texts(root, blank)
    return root


class _Builder:
    def __init__(self, parts: Mapping[ET.Element, Part], blank: AbstractSet[int]) -> None:
        self._parts = parts
        self._blank = blank
        self._levels: list[int] = []  # of the headings above
        self._tables = 0
        self._in_contents = False
        self._word: Node | None = None  # that begins with a drop cap

    def inside(self, element: ET.Element, language: str) -> list[Node | int]:
        """What an element holds, in the order of the source."""
        found = self._gather(element, language)
        found.sort(key=lambda each: each[0])  # stable: the lines of one text stay in their order
        return [each for _, each in found]

    def _gather(self, element: ET.Element, language: str) -> list[tuple[float, Node | int]]:
        part = self._parts.get(element)
        found: list[tuple[float, Node | int]] = []
        for place, leaf, pseudo in part.leaves if part else ():
            label = pseudo in ("marker", "footnote-marker")
            found.append((place, Node("Lbl", [leaf]) if label else leaf))
        for child in element:
            at = self._parts.get(child)
            if at is not None:
                found += [(at.first, each) for each in self.of(child, language)]
            else:  # it has no box of its own, but what is inside may have
                found += self._gather(child, child.get("lang") or language)
        return found

    def of(self, element: ET.Element, language: str) -> list[Node | int]:
        """The nodes of an element: one, or what it holds where it means nothing itself."""
        if self._word is not None and element.get(REST_OF_WORD) is not None:
            self._word.kids += self.inside(element, language)
            return []
        own = element.get("lang") or language
        node = Node(self._kind(element), language=own if own != language else "")
        outside = self._in_contents
        if element.tag == "nav" and element.get("role") == "doc-toc":
            self._in_contents = True
        if node.kind in _HEADINGS:
            node.kind = self._heading(int(node.kind[1]))
        node.kids = self._list_of_terms(element, own) if element.tag == "dl" else self.inside(element, own)
        self._in_contents = outside
        return self._finished(node, element)

    def _kind(self, element: ET.Element) -> str:
        names = element.get("class", "").split()
        kind = _ROLES.get(element.get("role", "")) or _KINDS.get(element.tag, "")
        if self._parts[element].linked:
            return "Link"
        if element.tag == "img":
            kind = "Formula" if "math" in names else "Figure"
        elif element.tag == "span" and "footnote" in names:
            kind = "Note"
        elif element.get(WORD) or (element.tag == "abbr" and element.get("title")) or _is_number_before(element):
            kind = "Span"
        elif self._in_contents and kind in ("L", "LI"):
            kind = "TOCI" if kind == "LI" else "TOC"
        return kind

    def _heading(self, level: int) -> str:
        """Levels without gaps (PDF/UA-1, 7.4.2): a heading is one below the nearest that is above it."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return f"H{len(self._levels)}"

    def _finished(self, node: Node, element: ET.Element) -> list[Node | int]:
        if not node.kind:
            if not node.language:
                return node.kids
            node.kind = "Div" if element.tag in _BLOCKS else "Span"
        if node.kind in _HOLDS:
            node.kids = only(node, *_HOLDS[node.kind])
        if node.kind in ("L", "Table", "TD", "TH"):
            self._shape(node, element)
        elif node.kind in ("Figure", "Formula", "Link", "Span"):
            self._describe(node, element)
        elif element.tag == "pre":
            inner = node.kids[0] if len(node.kids) == 1 else None
            node.kids = [inner if isinstance(inner, Node) and inner.kind == "Code" else Node("Code", node.kids)]
        elif node.kind in GROUPS:
            wrap_texts(node, self._blank)
            if element.tag == "figure":
                caption_table(node)
        return self._note(node, element) if node.kind == "Note" else [node]

    def _shape(self, node: Node, element: ET.Element) -> None:
        if node.kind == "L":
            shape_list(node, "Decimal" if element.tag == "ol" else "Disc")
        elif node.kind == "Table":
            self._tables += 1
            even_out(node, self._tables)
        else:
            describe_cell(node, element)

    def _describe(self, node: Node, element: ET.Element) -> None:
        part = self._parts[element]
        if node.kind == "Link":
            node.element = element
        elif node.kind != "Span":
            node.attributes["Alt"] = element.get("alt", "")
            if part.box:
                node.attributes["BBox"] = part.box
        elif word := element.get(WORD):
            node.attributes["ActualText"] = word
            self._word = node
        elif element.tag == "abbr" and (words := element.get("title")):
            node.attributes["E"] = words
        elif _is_number_before(element):
            node.attributes["ActualText"] = f"{element.text} "

    def _note(self, note: Node, element: ET.Element) -> list[Node | int]:
        """A note, after the reference to it, which layout has made of the note itself."""
        calls = {leaf for _, leaf, pseudo in self._parts[element].leaves if pseudo == "footnote-call"}
        note.kids = [kid for kid in note.kids if isinstance(kid, Node) or kid not in calls]
        if identifier := element.get("id"):
            note.attributes["ID"] = identifier
        return [Node("Reference", [*sorted(calls)]), note]

    def _list_of_terms(self, element: ET.Element, language: str) -> list[Node | int]:
        """Terms are the labels of what says something about them (ISO 32000-1, 14.8.4.3.3)."""
        items: list[Node | int] = []
        item = Node("LI")
        for child in _terms(element):
            if child not in self._parts:
                continue
            own = child.get("lang") or language
            kids = self.inside(child, own)
            bodies = any(isinstance(kid, Node) and kid.kind == "LBody" for kid in item.kids)
            if not items or (child.tag == "dt" and bodies):
                item = Node("LI")
                items.append(item)
            item.kids.append(
                Node("Lbl" if child.tag == "dt" else "LBody", kids, language=own if own != language else "")
            )
        return [Node("L", items)] if items else []


def _is_number_before(element: ET.Element) -> bool:
    """True for a page number with a space after it: where that begins a line, layout drops it."""
    number = element.tag == "span" and "page-number" in element.get("class", "").split()
    return number and bool(element.text) and (element.tail or "")[:1].isspace()


def _terms(element: ET.Element) -> Iterable[ET.Element]:
    for child in element:
        if child.tag == "div":
            yield from _terms(child)
        elif child.tag in ("dt", "dd"):
            yield child
