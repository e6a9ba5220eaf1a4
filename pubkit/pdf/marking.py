"""Text and images marked as WeasyPrint 70 draws them, so that tags can say what they are.

WeasyPrint writes tags itself, but makes them of the boxes of layout: two paragraphs of one that goes on over the page,
floats where they are drawn, repeated table heads twice, a marked sequence for every line, and a list of all pages for
every element. Here it only marks; what is marked, and where it is read, is said by the source.

Three of its functions are replaced while a document is laid out and written: `build_formatting_structure`, to number
the boxes in the order of the source before layout moves them; `Stream.marked`, to write the marks; and `add_tags`, to
keep it from making its own tree. tests/test_pdf_structure.py fails where they are not there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from pubkit.pdf.pieces import Mark, Tag
from pubkit.pdf.tag_nodes import settle
from pubkit.pdf.tag_words import Leaf, dropped_spaces, following, say_in_order
from pubkit.pdf.tags import Part, build

if TYPE_CHECKING:
    from weasyprint import Document

PT_PER_PX = 0.75
CONTENTS = 200  # characters of a link's text that are given again in its annotation


@contextlib.contextmanager
def reading_order() -> Iterator[dict[int, str]]:
    """Let the boxes that are laid out meanwhile know where in the source they are read: `box.reading`.

    Gives all texts of the source by that number, as they are before lines are broken.
    """
    from weasyprint import document
    from weasyprint.formatting_structure.boxes import TextBox

    original = document.build_formatting_structure
    texts: dict[int, str] = {}

    def build_and_number(*arguments: Any, **more: Any) -> Any:
        root = original(*arguments, **more)
        texts.clear()  # a document may be laid out again, a little tighter
        stack, number = [root], 0
        while stack:
            box = stack.pop()
            box.reading = number
            if isinstance(box, TextBox):
                texts[number] = box.text
            number += 1
            note = [box.footnote] if getattr(box, "footnote", None) else []
            stack += [*note, *reversed(getattr(box, "children", ()))]
        return root

    document.build_formatting_structure = build_and_number
    try:
        yield texts
    finally:
        document.build_formatting_structure = original


@dataclass(slots=True)
class _Streams:
    """What is drawn where: every stream's leaves by mark."""

    leaves: Mapping[int, Leaf]  # by the identity of the box
    follows: Mapping[int, int]  # a leaf that may stand in the marks of the leaf before it
    spaced: AbstractSet[int]  # leaves after which layout has dropped a space
    streams: list[Any] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)  # marks of each stream
    last: dict[int, int] = field(default_factory=dict)  # leaf of each stream
    where: dict[int, tuple[int, int]] = field(default_factory=dict)  # stream and mark of each leaf

    def open(self, stream: Any, box: Any, tag: str) -> None:
        """Begin the marks of a box, or go on with those of the box before."""
        import pydyf

        leaf, own = self.leaves.get(id(box)), id(stream)
        if leaf is None:
            pydyf.Stream.begin_marked_content(stream, "Artifact")
            return
        if own not in self.counts:
            self.streams.append(stream)
            self.counts[own] = 0
        before = self.last.get(own)
        if before is not None and self.follows.get(leaf.number) == before and stream.stream[-1:] == [b"EMC"]:
            stream.stream.pop()
            self.where[leaf.number] = self.where[before]
        else:
            pydyf.Stream.begin_marked_content(stream, tag, pydyf.Dictionary({"MCID": self.counts[own]}))
            self.where[leaf.number] = own, self.counts[own]
            self.counts[own] += 1
        self.last[own] = leaf.number

    def close(self, stream: Any, box: Any) -> None:
        """End the marks of a box, with the space that layout dropped: readers need it between words (14.8.2.5)."""
        leaf = self.leaves.get(id(box))
        if leaf is not None and leaf.number in self.spaced and stream.stream[-1:] == [b"ET"]:
            glyph = self._space(stream)
            if glyph is not None:
                stream.begin_text()
                stream.show_text(f"<{glyph:04x}>")
                stream.end_text()
        stream.end_marked_content()

    def _space(self, stream: Any) -> int | None:
        """The glyph of a space in the font of the last text, if the document uses it."""
        name = stream._old_font[0] if stream._old_font else None  # noqa: SLF001
        for font in stream._fonts.values():  # noqa: SLF001
            if font.hash == name and not font.bitmap:
                return next((glyph for glyph, text in font.to_unicode.items() if text == " "), None)
        return None


class Marking:
    """One laid-out document, and what becomes of its boxes."""

    def __init__(
        self, document: Document, body: ET.Element, texts: Mapping[int, str], *, kind: str, language: str
    ) -> None:
        """Find out what every box is before any of them is drawn; `texts` are those that `reading_order` gave."""
        self._parts: dict[ET.Element, Part] = {}
        self._leaves: dict[int, Leaf] = {}
        self._links = _outer_links(document)
        for link in self._links.values():
            self._parts.setdefault(link, Part()).linked = True
        seen: set[int] = set()
        for number, page in enumerate(document.pages):
            self._read_page(page, number, seen)
        blank = {leaf.number for leaf in self._leaves.values() if not getattr(leaf.box, "text", "-").strip()}
        self._root = build(body, self._parts, blank=blank, kind=kind, language=language)
        read = set(self._root.leaves())  # what has no place in the tree, white space between terms say, is an artifact
        self._leaves = {box: leaf for box, leaf in self._leaves.items() if leaf.number in read}
        self._spaced = dropped_spaces(texts, self._leaves.values())
        say_in_order(self._root, {leaf.number: leaf for leaf in self._leaves.values()}, self._spaced)
        self.tags: Tag | None = None

    def _part(self, box: Any) -> Part:
        part = self._parts.setdefault(box.element, Part())
        part.first = min(part.first, getattr(box, "reading", part.first))  # layout makes boxes of its own, for columns
        return part

    def _read_page(self, page: Any, number: int, seen: set[int]) -> None:
        """Number the texts and images of a page; heads and feet of tables count where they are first."""
        from weasyprint.formatting_structure import boxes

        stack = [page._page_box]  # noqa: SLF001 - WeasyPrint has no public way to the boxes of a page
        while stack:
            box = stack.pop()
            box = getattr(box, "_box", box)  # of what is placed absolutely
            if isinstance(box, boxes.MarginBox) or getattr(box, "is_leader", False):
                continue
            if getattr(box, "is_header", False) or getattr(box, "is_footer", False):
                if box.reading in seen:
                    continue
                seen.add(box.reading)
            if box.element is None:
                pass
            elif isinstance(box, (boxes.TextBox, boxes.ReplacedBox)):
                self._read_leaf(box, page, number, replaced=isinstance(box, boxes.ReplacedBox))
            else:
                self._part(box)
            stack += reversed(getattr(box, "children", ()))

    def _read_leaf(self, box: Any, page: Any, number: int, *, replaced: bool) -> None:
        tag, _, pseudo = str(box.element_tag).partition("::")
        if tag == "hr" or (replaced and (pseudo or not box.element.get("alt"))):
            return  # decoration
        part = self._part(box)
        leaf = Leaf(len(self._leaves), box, number)
        self._leaves[id(box)] = leaf
        part.leaves.append((getattr(box, "reading", part.first), leaf.number, pseudo))
        if replaced:
            left, top = box.content_box_x(), box.content_box_y()
            edges = (left, page.height - top - box.height, left + box.width, page.height - top)
            x1, y1, x2, y2 = (round(edge * PT_PER_PX, 2) for edge in edges)
            part.box = x1, y1, x2, y2

    @contextlib.contextmanager
    def drawing(self) -> Iterator[None]:
        """Mark what is drawn meanwhile; `tags` is there once the document is written."""
        import weasyprint.pdf
        from weasyprint.pdf.stream import Stream

        streams = _Streams(self._leaves, following(self._root, self._leaves), self._spaced)

        @contextlib.contextmanager
        def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
            if stream._tags is None:  # noqa: SLF001
                yield
                return
            streams.open(stream, box, tag)
            try:
                yield
            finally:
                streams.close(stream, box)

        def add_tags(_pdf: Any, document: Any, _version: Any, page_streams: list[Any]) -> None:
            self._finish(streams, document, page_streams)

        original, adder = Stream.marked, weasyprint.pdf.add_tags
        Stream.marked, weasyprint.pdf.add_tags = marked, add_tags
        try:
            yield
        finally:
            Stream.marked, weasyprint.pdf.add_tags = original, adder

    def _finish(self, streams: _Streams, document: Any, page_streams: list[Any]) -> None:
        owners = {id(stream): number for number, stream in enumerate(page_streams)}
        for stream in streams.streams:
            if id(stream) not in owners:  # a form: text that is half transparent, say
                owners[id(stream)] = stream.extra["StructParents"] = len(owners)
        links: dict[ET.Element, list[int]] = {}
        count = len(owners)
        for page in document.pages:
            for *_, box in page.links:
                if box.link_annotation:
                    link = self._links[box.element]
                    box.link_annotation["StructParent"] = count
                    box.link_annotation["Contents"] = _text_string(link)
                    links.setdefault(link, []).append(count)
                    count += 1
        where: dict[int, Mark] = {leaf: (owners[stream], mark) for leaf, (stream, mark) in streams.where.items()}
        tags = settle(self._root, where, lambda element: tuple(links.get(element, ())))
        self.tags = tags or Tag(kind=self._root.kind, kids=())


def _outer_links(document: Document) -> dict[ET.Element, ET.Element]:
    """For every element with a link the outermost link around it; links in links are taken from the pages.

    WeasyPrint makes an `em` in a link a link of its own, over the other, and each piece of an address.
    """
    from weasyprint.formatting_structure import boxes

    elements = dict.fromkeys(box.element for page in document.pages for *_, box in page.links)
    inner = {below for link in elements for below in link.iter() if below is not link}
    outer = {below: link for link in elements if link not in inner for below in link.iter() if below in elements}
    for page in document.pages:
        page.links[:] = [
            link
            for link in page.links
            if not (link[-1].element in inner and isinstance(link[-1], (boxes.InlineBox, boxes.InlineBlockBox)))
        ]
    return outer


def _text_string(element: ET.Element) -> Any:
    import pydyf

    words = " ".join("".join(element.itertext()).split())
    pictures = " ".join(image.get("alt", "") for image in element.iter("img"))
    return pydyf.String((words or pictures or element.get("href", ""))[:CONTENTS])
