"""The structure tree of the finished file: the trees of all pieces under one Document (ISO 32000-1, 14.7).

Every page, form and annotation has a number in the parent tree, through which a reader gets from what is on the page
to what it means. Pieces number theirs from 0; here each piece's numbers follow those of the pieces before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pubkit.pdf.pieces import Tag, TagValue

PRINT = 4  # the flag of an annotation that is printed (12.5.3); PDF/A wants it (ISO 19005-2, 6.3.2)

_OWNERS = {"L": "List", "Figure": "Layout", "Formula": "Layout"}  # of attributes; all others are of tables
_NAMES = frozenset({"ListNumbering", "Scope"})
_TEXTS = frozenset({"ActualText", "Alt", "E"})
_IDS = frozenset({"Headers", "ID"})


def name_annotations(pages: Sequence[Object]) -> None:
    """Mark every annotation as one that is printed."""
    for page in pages:
        for annotation in page.get("/Annots", ()):
            annotation.F = PRINT


@dataclass(slots=True)
class _Owner:
    """A page or form with marks, or an annotation, and what its entry in the parent tree is to be."""

    page: Any
    thing: Any
    parents: list[Any] = field(default_factory=list)  # by mark


class StructureTree:
    """The tree that grows piece by piece; `finish` writes it."""

    def __init__(self, target: Pdf, language: str) -> None:
        """Start a tree for a file in this language."""
        self._target = target
        self._language = language
        self._root = target.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = self._element(Tag(kind="Document", kids=()), self._root)
        self._entries: list[tuple[int, Any]] = []  # of the parent tree
        self._names: dict[bytes, Any] = {}  # of elements with an ID
        self._next = 0
        self._children: list[Any] = []

    def add(self, tags: Tag, pages: Sequence[Object], shifts: Sequence[float]) -> None:
        """Add the tree of a piece; `shifts` says how far each of its pages was moved to the right, in pt."""
        piece = _PieceTree(self, pages, shifts, f"{len(self._children)}.")
        element = piece.element(tags, self._document, self._language, 0)
        if element is not None:
            self._children.append(element)
        self._next, entries = piece.numbered(self._next)
        self._entries += entries
        self._names |= piece.names

    def finish(self) -> None:
        """Write the parent tree, the names and the root (14.7.2)."""
        nums = Array()
        for number, entry in self._entries:
            nums.append(number)
            nums.append(entry)
        self._document.K = Array(self._children)
        root = self._root
        root.K = Array([self._document])
        root.ParentTree = self._target.make_indirect(Dictionary(Nums=nums))
        root.ParentTreeNextKey = self._next
        if self._names:
            names = Array()
            for name in sorted(self._names):
                names.append(String(name))
                names.append(self._names[name])
            root.IDTree = self._target.make_indirect(Dictionary(Names=names))
        self._target.Root.StructTreeRoot = root
        self._target.Root.MarkInfo = Dictionary(Marked=True)

    def _element(self, tag: Tag, parent: Any) -> Any:
        return self._target.make_indirect(Dictionary(S=Name("/" + tag.kind), P=parent))

    def make(self, tag: Tag, parent: Any) -> Any:
        """An element of the tree, without its kids."""
        return self._element(tag, parent)


class _PieceTree:
    def __init__(self, tree: StructureTree, pages: Sequence[Object], shifts: Sequence[float], prefix: str) -> None:
        self._tree = tree
        self._shifts = shifts
        self._prefix = prefix
        self._owners = {number: _Owner(page, page) for number, page in enumerate(pages)}
        self._annotations: dict[int, _Owner] = {}
        seen: set[tuple[int, int]] = set()
        for page in pages:
            for number, form in _forms(page, seen):
                self._owners[number] = _Owner(page, form)
            for annotation in page.get("/Annots", ()):
                if "/StructParent" in annotation:
                    self._annotations[int(annotation.StructParent)] = _Owner(page, annotation)
        self.names: dict[bytes, Any] = {}

    def element(self, tag: Tag, parent: Any, language: str, page: int) -> Any:
        """The element of a tag and, below it, those of its kids; None for one that holds nothing any more."""
        element = self._tree.make(tag, parent)
        if tag.language and tag.language.casefold() != language.casefold():
            element.Lang = String(tag.language)
            language = tag.language
        own = next((kid[0] for kid in tag.kids if isinstance(kid, tuple)), page)
        kids = list(self._kids(tag, element, language, own))
        ...
        return element

    def numbered(self, first: int) -> tuple[int, list[tuple[int, Any]]]:
        ...


def _forms(page: Object, seen: set[tuple[int, int]]) -> Iterator[tuple[int, Object]]:
    ...
