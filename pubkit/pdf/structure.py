"""The structure tree of the finished file: the trees of all pieces under one Document (ISO 32000-1, 14.7).

Every page, form and annotation has a number in the parent tree, through which a reader gets from what is on the page
to what it means. Pieces number theirs from 0; here the numbers of each piece follow those of the pieces before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pubkit.pdf.pieces import Mark, Tag

_OWNERS = {"L": Name.List, "Figure": Name.Layout, "Formula": Name.Layout}  # of attributes; all others are of tables
_TEXTS = frozenset({"ActualText", "Alt", "E"})  # these stand in the element itself


class StructureTree:
    """The tree that grows piece by piece; `finish` writes it."""

    def __init__(self, target: Pdf, language: str) -> None:
        """Start a tree for a file in this language."""
        self._target = target
        self._language = language
        self._root = target.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = target.make_indirect(Dictionary(S=Name.Document, P=self._root))
        self._children: list[Object] = []
        self._parents: list[Object | int] = []  # the parent tree: numbers, each with its entry
        self._names: dict[bytes, Object] = {}  # of elements with an ID
        self._next = 0

    def add(self, tags: Tag, pages: Sequence[Object], shifts: Sequence[float]) -> None:
        """Add the tree of a piece; `shifts` says how far each of its pages was moved to the right, in pt."""
        piece = _PieceTree(self._target, pages, shifts, f"{len(self._children)}.")
        if tags.kids:
            self._children.append(piece.element(tags, self._document, self._language, 0))
        self._parents += piece.number_from(self._next)
        self._names |= piece.names
        self._next += piece.size

    def finish(self) -> None:
        """Write the parent tree, the names and the root."""
        root = self._root
        self._document.K = Array(self._children)
        root.K = Array([self._document])
        root.ParentTree = self._target.make_indirect(Dictionary(Nums=Array(self._parents)))
        root.ParentTreeNextKey = self._next
        if self._names:
            names = [part for name in sorted(self._names) for part in (String(name), self._names[name])]
            root.IDTree = self._target.make_indirect(Dictionary(Names=Array(names)))
        self._target.Root.StructTreeRoot = root
        self._target.Root.MarkInfo = Dictionary(Marked=True)


class _PieceTree:
    """What one piece adds: its elements, and the entries of its pages, forms and annotations in the parent tree."""

    def __init__(self, target: Pdf, pages: Sequence[Object], shifts: Sequence[float], prefix: str) -> None:
        self._target = target
        self._pages = pages
        self._shifts = shifts
        self._prefix = prefix  # of IDs, which pieces choose without knowing each other
        self._forms = dict(_forms(pages))
        self._annotations = {
            int(annotation.StructParent): (annotation, page)
            for page in pages
            for annotation in page.get("/Annots", ())
            if "/StructParent" in annotation
        }
        self._marks: dict[int, dict[int, Object]] = {number: {} for number in range(len(pages))}
        self._links: dict[int, Object] = {}
        self.names: dict[bytes, Object] = {}
        self.size = max((*self._forms, *self._annotations, len(pages) - 1)) + 1

    def element(self, tag: Tag, parent: Object, language: str, page: int) -> Object:
        """The element of a tag with all that is below it; `page` is a number to go on from."""
        kids = [kid for kid in tag.kids if not isinstance(kid, int) or kid in self._annotations]
        contents = [kid for kid in kids if not isinstance(kid, Tag)]
        page = next((kid[0] for kid in contents if isinstance(kid, tuple) and kid[0] < len(self._pages)), page)
        # A link that leads nowhere was taken out, and leaves its words.
        kind = "Span" if tag.kind == "Link" and not any(isinstance(kid, int) for kid in contents) else tag.kind
        values = {"/S": _name_of(kind), "/P": parent}
        if tag.language and tag.language.casefold() != language.casefold():
            values["/Lang"] = String(tag.language)
            language = tag.language
        if contents:
            values["/Pg"] = self._pages[page]
        if tag.attributes:
            values |= self._described(tag, page)
        element = self._target.make_indirect(Dictionary(values))
        if "/ID" in values:
            self.names[bytes(element.ID)] = element
        made = [
            self.element(kid, element, language, page) if isinstance(kid, Tag) else self._content(kid, element, page)
            for kid in kids
        ]
        if made:
            element.K = made[0] if len(made) == 1 else Array(made)
        return element

    def _content(self, kid: Mark | int, element: Object, page: int) -> Object | int:
        """An annotation or marked content as a kid of an element that is on a page (14.7.4)."""
        if isinstance(kid, int):
            annotation, home = self._annotations[kid]
            self._links[kid] = element
            return Dictionary(Type=Name.OBJR, Obj=annotation, Pg=home)
        owner, mark = kid
        self._marks.setdefault(owner, {})[mark] = element
        if owner == page:
            return mark
        if owner in self._forms:
            form, home = self._forms[owner]
            return Dictionary(Type=Name.MCR, Pg=home, Stm=form, MCID=mark)
        return Dictionary(Type=Name.MCR, Pg=self._pages[owner], MCID=mark)

    def _described(self, tag: Tag, page: int) -> dict[str, Object]:
        """What an element says of itself, in its own entries and in its attributes (14.7.5, 14.9)."""
        values: dict[str, Object] = {}
        attributes: dict[str, Object | int] = {}
        for key, value in tag.attributes.items():
            name = "/" + key
            if key == "ID":
                values[name] = self._name(str(value))
            elif key in _TEXTS:
                values[name] = String(str(value))
            elif isinstance(value, str):
                attributes[name] = Name("/" + value)
            elif isinstance(value, int):
                attributes[name] = value
            elif key == "Headers":
                attributes[name] = Array([self._name(str(each)) for each in value])
            else:
                shift = self._shifts[page]
                left, bottom, right, top = (float(edge) for edge in value)
                attributes[name] = Array([round(left + shift, 2), bottom, round(right + shift, 2), top])
        if attributes:
            values["/A"] = Dictionary({**attributes, "/O": _OWNERS.get(tag.kind, Name.Table)})
        return values

    def _name(self, identifier: str) -> String:
        return String((self._prefix + identifier).encode())

    def number_from(self, first: int) -> Iterator[Object | int]:
        """Give pages, forms and annotations their numbers; yields these, each with its entry in the parent tree."""
        for number, page in enumerate(self._pages):
            page.StructParents = first + number
        for number, (form, _) in self._forms.items():
            form.StructParents = first + number
        for number, (annotation, _) in self._annotations.items():
            annotation.StructParent = first + number
        for number in sorted({*self._marks, *self._links}):
            yield first + number
            if number in self._links:
                yield self._links[number]
            else:
                elements = self._marks[number]
                yield self._target.make_indirect(Array([elements[mark] for mark in sorted(elements)]))


@cache
def _name_of(kind: str) -> Name:
    return Name("/" + kind)


def _forms(pages: Sequence[Object]) -> Iterator[tuple[int, tuple[Object, Object]]]:
    """The form XObjects that have marks, by their numbers, each with a page that shows it."""
    seen: set[tuple[int, int]] = set()
    for page in pages:
        found = [page.Resources] if "/Resources" in page else []
        while found:
            for form in found.pop().get("/XObject", Dictionary()).values():
                if form.get("/Subtype") != Name.Form or form.objgen in seen:
                    continue
                seen.add(form.objgen)
                if "/Resources" in form:
                    found.append(form.Resources)
                if "/StructParents" in form:
                    yield int(form.StructParents), (form, page)
