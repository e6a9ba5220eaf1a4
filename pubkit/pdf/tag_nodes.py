"""Elements of a structure tree in the making: their content are numbers of leaves, texts and images not drawn yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from pubkit.pdf.pieces import Mark, Tag, TagValue

_KEPT = frozenset({"TD", "TH"})  # even when empty, or a table's rows would be uneven


@dataclass(slots=True, eq=False)
class Node:
    """An element of the tree in the making; leaves are numbers."""

    kind: str
    kids: list[Node | int] = field(default_factory=list)
    language: str = ""
    attributes: dict[str, TagValue] = field(default_factory=dict)
    element: ET.Element | None = None  # of a link

    def leaves(self) -> Iterator[int]:
        """Its leaves, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.leaves()
            else:
                yield kid


def only(node: Node, *kinds: str) -> list[Node | int]:
    """The kids that an element may have; nothing else is there but white space, for markup is cleaned."""
    return [kid for kid in node.kids if isinstance(kid, Node) and kid.kind in kinds]


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
