"""Marked text as it is read: spaces that layout dropped, words that run to the left, pieces that belong together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from pubkit.pdf.tag_nodes import Node

# Hebrew, Arabic and their neighbours.
_TO_THE_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text or an image as layout made it, and the page it is on."""

    number: int
    box: Any
    page: int


def dropped_spaces(texts: Mapping[int, str], leaves: Iterable[Leaf]) -> set[int]:
    """The leaves after which the source has white space that layout dropped: at the ends and beginnings of lines."""
    drawn: dict[int, list[Leaf]] = {}
    for leaf in leaves:
        drawn.setdefault(getattr(leaf.box, "reading", -1), []).append(leaf)
    spaced: set[int] = set()
    last: int | None = None
    for reading in sorted({*texts, *drawn}):
        text, place = texts.get(reading, ""), 0
        for leaf in drawn.get(reading, ()):
            line = str(getattr(leaf.box, "text", ""))
            start = text.find(line, place)
            if start < 0:  # a hyphen has been put in
                line = line[:-1]
                start = max(text.find(line, place), place)
            if last is not None and text[place:start].isspace():
                spaced.add(last)
            place, last = start + len(line), leaf.number
        if last is not None and text[place:].isspace():
            spaced.add(last)
    return spaced


def say_in_order(node: Node, leaves: Mapping[int, Leaf], spaced: AbstractSet[int]) -> None:
    """Give the words of text that runs to the left: its glyphs are drawn from the left, which is its end (14.9.4).

    The words stand in the tree, not in the marks: viewers that turn what is drawn would turn these, too.
    """

    def words(kid: Node | int) -> str:
        if isinstance(kid, Node):
            return ""
        text = str(getattr(leaves[kid].box, "text", ""))
        return text + " " * (kid in spaced) if _TO_THE_LEFT.search(text) else ""

    kids: list[Node | int] = []
    for backwards, run in groupby(node.kids, key=lambda kid: words(kid) != ""):
        some = list(run)
        if not backwards:
            kids += some
        elif len(some) == len(node.kids):
            node.attributes.setdefault("ActualText", "".join(map(words, some)))
            kids = some
        else:
            kids.append(Node("Span", some, attributes={"ActualText": "".join(map(words, some))}))
    node.kids = kids
    for kid in kids:
        if isinstance(kid, Node) and "ActualText" not in kid.attributes:
            say_in_order(kid, leaves, spaced)


def following(root: Node, leaves: Mapping[int, Leaf]) -> dict[int, int]:
    """For leaves that stand in one element and on one page right after another: that other one."""
    pages = {leaf.number: leaf.page for leaf in leaves.values()}
    follows: dict[int, int] = {}
    nodes = [root]
    while nodes:
        node = nodes.pop()
        follows |= {
            after: before
            for before, after in pairwise(node.kids)
            if isinstance(before, int) and isinstance(after, int) and pages[before] == pages[after]
        }
        nodes += [kid for kid in node.kids if isinstance(kid, Node)]
    return follows
