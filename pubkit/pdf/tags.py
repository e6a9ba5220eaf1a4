"""What the elements of a printed document are in a tagged PDF (ISO 32000-1, 14.8.4).

The tree is made of the source, not of the boxes of layout: a paragraph on two pages is one P, and a drop cap or a
float is where it is read. `build` gives nodes whose content are the numbers of leaves (texts and images as layout
made them, see marking.py). Once these are drawn, `settle` gives the tree that a piece carries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from pubkit.pdf.pieces import Mark, Tag, TagValue
from pubkit.pdf.print_tree import REST_OF_WORD, WORD

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
_ROLES = {"doc-pullquote": "BlockQuote", "doc-noteref": "Reference"}
_HEADINGS = frozenset({"H1", "H2", "H3", "H4", "H5", "H6"})
_CELLS = frozenset({"TD", "TH"})
_BLOCKS = frozenset({"address", "details", "div", "dl", "dt", "dd", "footer", "header", "hgroup", "main"})
_GROUPS = frozenset({"Art", "BlockQuote", "Div", "Sect", "TOCI"})  # these hold blocks: text in them gets a P of its own
_INLINE = frozenset({"Code", "Link", "Note", "Quote", "Reference", "Span"})
_KEPT = _CELLS  # even when empty, or a table's rows would be uneven


@dataclass(slots=True)
class Part:
    """What layout made of one element, in the order of the source: its leaves as (place, number, pseudo-element)."""

    first: int
    leaves: list[tuple[int, int, str]] = field(default_factory=list)
    box: tuple[float, float, float, float] | None = None  # of an image, in pt from the lower left corner of its page
    linked: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """An element of the tree in the making; leaves are numbers."""

    kind: str
    kids: list[Node | int] = field(default_factory=list)
    language: str = ""
    attributes: dict[str, TagValue] = field(default_factory=dict)
    element: ET.Element | None = None  # of a link

    def texts(self) -> Iterable[int]:
        """Its leaves, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.texts()
            else:
                yield kid


def build(body: ET.Element, parts: Mapping[ET.Element, Part], *, kind: str, language: str) -> Node:
    """The tree of a document's body, `kind` being its root (Art or Sect) and `language` that of the document."""
    root = Node(kind, language=language)
    root.kids = _Builder(parts).inside(body, language)
    outer = root.kids[0] if len(root.kids) == 1 else None
    if isinstance(outer, Node) and outer.kind in ("Sect", "Art"):
        root.kids, root.language = outer.kids, outer.language or language
    _wrap_texts(root)
    return root


class _Builder:
    def __init__(self, parts: Mapping[ET.Element, Part]) -> None:
        self._parts = parts
        self._levels: list[int] = []  # of the headings above
        self._tables = 0
        self._in_contents = False
        self._word: Node | None = None  # that begins with a drop cap

    def inside(self, element: ET.Element, language: str) -> list[Node | int]:
        """What an element holds, in the order of the source."""
        found = self._gather(element, language)
        found.sort(key=lambda each: each[0])  # stable: the lines of one text stay in their order
        return [each for _, each in found]

    def _gather(self, element: ET.Element, language: str) -> list[tuple[int, Node | int]]:
        part = self._parts.get(element)
        found: list[tuple[int, Node | int]] = []
        for place, leaf, pseudo in part.leaves if part else ():
            label = pseudo in ("marker", "footnote-marker")
            found.append((place, Node("Lbl", [leaf]) if label else leaf))
        for child in element:
            at = self._parts.get(child)
            if at is not None:
                found += [(at.first, each) for each in self.of(child, language)]
            else:  # it has no box, but what is inside may have: display: contents
                found += self._gather(child, child.get("lang") or language)
        return found

    def of(self, element: ET.Element, language: str) -> list[Node | int]:
        """The nodes of an element: one, or what it holds where it means nothing itself."""
        if REST_OF_WORD in element.keys() and self._word:
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
        part, role = self._parts[element], element.get("role", "")
        names = element.get("class", "").split()
        if part.linked:
            return "Link"
        if element.tag == "img":
            return "Formula" if "math" in names else "Figure"
        if element.tag == "span" and "footnote" in names:
            return "Note"
        if element.tag == "abbr" and element.get("title"):
            return "Span"
        if element.get(WORD):
            return "Span"
        if self._in_contents and element.tag in ("ol", "ul", "li"):
            return "TOCI" if element.tag == "li" else "TOC"
        return _ROLES.get(role) or _KINDS.get(element.tag, "")

    def _heading(self, level: int) -> str:
        """Levels without gaps (PDF/UA-1, 7.4.2): a heading is one below the nearest that is above it."""
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._levels.append(level)
        return f"H{len(self._levels)}"

    def _finished(self, node: Node, element: ET.Element) -> list[Node | int]:
        part = self._parts[element]
        if not node.kind:
            if not node.language:
                return node.kids
            node.kind = "Div" if element.tag in _BLOCKS else "Span"
        if node.kind == "Link":
            node.element = element
        elif node.kind in ("Figure", "Formula"):
            node.attributes["Alt"] = element.get("alt", "")
            if part.box:
                node.attributes["BBox"] = part.box
        elif element.tag == "abbr":
            node.attributes["E"] = element.get("title", "")
        elif word := element.get(WORD):
            node.attributes["ActualText"] = word
            self._word = node
        elif node.kind == "Note":
            return self._note(node, element)
        elif node.kind == "L":
            _make_list(node, "Decimal" if element.tag == "ol" else "Disc")
        elif node.kind == "TOC":
            node.kids = [kid for kid in node.kids if isinstance(kid, Node) and kid.kind in ("TOCI", "TOC")]
        elif element.tag == "pre":
            node.kids = [Node("Code", node.kids)]
        elif node.kind in _CELLS:
            _span(node, element)
        elif node.kind == "Table":
            self._tables += 1
            _even_out(node, self._tables)
        if node.kind in _GROUPS:
            _wrap_texts(node)
        return [node]

    def _note(self, note: Node, element: ET.Element) -> list[Node | int]:
        """A note, after the reference to it, which layout has made of the note itself."""
        calls = {leaf for _, leaf, pseudo in self._parts[element].leaves if pseudo == "footnote-call"}
        note.kids = [kid for kid in note.kids if isinstance(kid, Node) or kid not in calls]
        if identifier := element.get("id"):
            note.attributes["ID"] = identifier
        return [Node("Reference", list(sorted(calls))), note]

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


def _terms(element: ET.Element) -> Iterable[ET.Element]:
    for child in element:
        if child.tag == "div":
            yield from _terms(child)
        elif child.tag in ("dt", "dd"):
            yield child


def _wrap_texts(node: Node) -> None:
    """Put text that stands beside blocks into a P of its own."""
    kids: list[Node | int] = []
    for kid in node.kids:
        if isinstance(kid, Node) and kid.kind not in _INLINE:
            kids.append(kid)
        elif kids and isinstance(last := kids[-1], Node) and last.attributes.get("made"):
            last.kids.append(kid)
        else:
            kids.append(Node("P", [kid], attributes={"made": 1}))
    for each in kids:
        if isinstance(each, Node):
            each.attributes.pop("made", None)
    node.kids = kids


def _make_list(node: Node, numbering: str) -> None:
    items: list[Node | int] = []
    labels = False
    for kid in node.kids:
        if not isinstance(kid, Node) or kid.kind not in ("LI", "L"):
            continue  # nothing else may be in a list, nor is it in HTML
        items.append(kid)
        if kid.kind == "LI":
            first = kid.kids[0] if kid.kids else None
            label = [first] if isinstance(first, Node) and first.kind == "Lbl" else []
            labels = labels or bool(label)
            kid.kids = [*label, Node("LBody", kid.kids[len(label) :])]
    node.kids = items
    if labels:
        node.attributes["ListNumbering"] = numbering


def _span(cell: Node, element: ET.Element) -> None:
    for name, key in (("colspan", "ColSpan"), ("rowspan", "RowSpan")):
        value = element.get(name, "")
        if value.isdecimal() and int(value) > 1:
            cell.attributes[key] = int(value)
    if cell.kind == "TH":
        scope = {"row": "Row", "rowgroup": "Row", "col": "Column", "colgroup": "Column"}.get(element.get("scope", ""))
        if scope:
            cell.attributes["Scope"] = scope


def _even_out(table: Node, number: int) -> None:
    """Make every row as wide as the widest (PDF/UA-1, 7.5), and say which cells are headers of which."""
    groups = _rows(table)
    grids = [_grid(rows) for rows in groups]
    width = max((len(line) for grid in grids for line in grid), default=0)
    for rows, grid in zip(groups, grids, strict=True):
        for row, line in zip(rows, grid, strict=True):
            missing = [Node("TD") for place in range(width) if place >= len(line) or line[place] is None]
            row.kids += missing
    lines = [line for grid in grids for line in grid]
    headers = [cell for line in lines for cell in line if cell is not None and cell.kind == "TH"]
    for line in lines:
        for place, cell in enumerate(line):
            if cell is not None and cell.kind == "TH" and "Scope" not in cell.attributes:
                row_header = place == 0 and any(each is not None and each.kind == "TD" for each in line)
                cell.attributes["Scope"] = "Row" if row_header else "Column"
    if any("ColSpan" in cell.attributes or "RowSpan" in cell.attributes for cell in headers):
        _name_headers(lines, number)


def _rows(table: Node) -> list[list[Node]]:
    """The rows of every group: cells do not reach from one group into another."""
    groups: list[list[Node]] = [[]]
    for kid in table.kids:
        if isinstance(kid, Node) and kid.kind == "TR":
            groups[-1].append(kid)
        elif isinstance(kid, Node) and kid.kind in ("THead", "TBody", "TFoot"):
            groups += [[row for row in kid.kids if isinstance(row, Node) and row.kind == "TR"], []]
    return groups


def _grid(rows: list[Node]) -> list[list[Node | None]]:
    """The cell at every place of every row; None where there is none. Cells that reach too far are cut."""
    grid: list[list[Node | None]] = [[] for _ in rows]
    for number, row in enumerate(rows):
        place = 0
        for cell in row.kids:
            if not isinstance(cell, Node):
                continue
            line = grid[number]
            while place < len(line) and line[place] is not None:
                place += 1
            down = min(int(str(cell.attributes.get("RowSpan", 1))), len(rows) - number)
            if "RowSpan" in cell.attributes:
                cell.attributes["RowSpan"] = down
            across = int(str(cell.attributes.get("ColSpan", 1)))
            for below in grid[number : number + down]:
                below += [None] * (place + across - len(below))
                below[place : place + across] = [cell] * across
            place += across
    return grid


def _name_headers(lines: list[list[Node | None]], number: int) -> None:
    """Give cells the names of their headers, where rows and columns alone do not tell (ISO 32000-1, 14.8.5.7)."""
    above: dict[int, list[str]] = {}
    named: dict[Node, str] = {}
    found: dict[Node, list[str]] = {}
    for line in lines:
        beside: list[str] = []
        for place, cell in enumerate(line):
            if cell is None:
                continue
            if cell.kind == "TH":
                if cell not in named:
                    named[cell] = f"t{number}-{len(named) + 1}"
                    cell.attributes["ID"] = named[cell]
                group = beside if cell.attributes["Scope"] == "Row" else above.setdefault(place, [])
                group.append(named[cell])
            else:
                found.setdefault(cell, []).extend([*beside, *above.get(place, ())])
    for cell, names in found.items():
        if names:
            cell.attributes["Headers"] = tuple(dict.fromkeys(names))


def settle(node: Node, where: Mapping[int, Mark], links: Callable[[ET.Element], tuple[int, ...]]) -> Tag | None:
    """The finished tree: `where` every drawn leaf is, and the annotations of a link; None for what holds nothing."""
    kids: list[Tag | Mark | int] = []
    if node.element is not None:
        kids += links(node.element)
    for kid in node.kids:
        if isinstance(kid, Node):
            if (tag := settle(kid, where, links)) is not None:
                kids.append(tag)
        elif (mark := where.get(kid)) is not None and mark not in kids[-1:]:
            kids.append(mark)
    if not kids and node.kind not in _KEPT:
        return None
    return Tag(kind=node.kind, kids=tuple(kids), language=node.language, attributes=node.attributes)
