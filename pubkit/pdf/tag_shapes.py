"""What may be in what (ISO 32000-1, 14.8.4): text beside blocks, items of lists, captions of tables."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import groupby

from pubkit.pdf.tag_nodes import Node, only

GROUPS = frozenset({"Art", "BlockQuote", "Div", "Sect", "TOCI"})  # these hold blocks

_INLINE = frozenset({"Code", "Link", "Note", "Quote", "Reference", "Span"})


def wrap_texts(node: Node, blank: AbstractSet[int]) -> None:
    """Put text that stands beside blocks into a P of its own."""
    kids: list[Node | int] = []
    for is_block, run in groupby(node.kids, key=lambda kid: isinstance(kid, Node) and kid.kind not in _INLINE):
        texts = list(run)
        if is_block:
            kids += texts
        elif not all(isinstance(kid, int) and kid in blank for kid in texts):
            kids.append(Node("P", texts))
    node.kids = kids


def shape_list(node: Node, numbering: str) -> None:
    """Divide the items of a list into label and body; `numbering` says what the labels are, where there are any."""
    items: list[Node | int] = []
    labels = False
    for kid in node.kids:
        if not isinstance(kid, Node):
            continue  # white space
        if kid.kind not in ("LI", "L"):
            items.append(Node("LI", [Node("LBody", [kid])]))
            continue
        items.append(kid)
        if kid.kind == "LI":
            first = kid.kids[0] if kid.kids else None
            label = [first] if isinstance(first, Node) and first.kind == "Lbl" else []
            labels = labels or bool(label)
            kid.kids = [*label, Node("LBody", kid.kids[len(label) :])]
    node.kids = items
    if labels:
        node.attributes["ListNumbering"] = numbering


def caption_table(figure: Node) -> None:
    """Give the caption of a table's figure to the table, where readers look for it."""
    tables = only(figure, "Table")
    captions = only(figure, "Caption")
    if len(tables) == 1 and len(captions) == 1 and isinstance(table := tables[0], Node) and not only(table, "Caption"):
        first = figure.kids.index(captions[0]) < figure.kids.index(table)
        table.kids = [*captions, *table.kids] if first else [*table.kids, *captions]
        figure.kids.remove(captions[0])
