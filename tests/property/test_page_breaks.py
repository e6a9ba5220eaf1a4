"""Laws of page-break markers: nothing but markers is added, in their order, each after the text it comes after."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from pubkit.epub.page_breaks import PageBreak, insert_page_breaks
from pubkit.model import PageStart

X = "http://www.w3.org/1999/xhtml"
TEXT = st.text(alphabet="ab \n\u00ad", max_size=6)
PARENTS = (
    "div",
    "section",
    "p",
    "em",
    "li",
    "ul",
    "td",
    "tr",
    "table",
    "blockquote",
    "h2",
    "pre",
    "figure",
    "dl",
    "dt",
)
CLOSED = ('a href="#x"', "ruby", 'span aria-hidden="true"', 'span class="page-number"')


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def made(name: str, text: str, parts: list[tuple[str, str]]) -> str:
        return f"<{name}>{text}{''.join(part + tail for part, tail in parts)}</{name.split(maxsplit=1)[0]}>"

    return st.builds(made, st.sampled_from(PARENTS + CLOSED), TEXT, st.lists(st.tuples(children, TEXT), max_size=3))


BODIES = st.lists(st.recursive(st.just("<p>ab</p>"), _element, max_leaves=12), min_size=1, max_size=3).map("".join)


def _own(element: etree._Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _before(root: etree._Element, wanted: etree._Element) -> str:
    """The text before an element."""
    text = ""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            if element is wanted:
                return text
            text += element.text or ""
        elif element is not root:
            text += element.tail or ""
    raise AssertionError


def _before_own(root: etree._Element, element: etree._Element, count: int) -> str:
    """The text before a character of an element's own text, or before the end of it."""
    text = _before(root, element)
    parts = [element.text or "", *(part for child in element for part in ("".join(child.itertext()), child.tail or ""))]
    for number, part in enumerate(parts):
        if number % 2 == 0 and count < len(part):
            return text + part[:count]
        count -= len(part) if number % 2 == 0 else 0
        text += part
    return text


def _is_open(element: etree._Element) -> bool:
    around = [element, *element.iterancestors()]
    return not any(each.attrib or etree.QName(each).localname == "ruby" for each in around)


@settings(deadline=None, max_examples=150)
@given(BODIES, st.data())
def test_markers_change_nothing_and_stand_where_they_should(body: str, data: st.DataObject) -> None:
    plain = etree.fromstring(f'<body xmlns="{X}">{body}</body>')
    assume(all(_is_open(cell) for cell in plain.iter("{*}td")))  # a cell in a link in a row is no HTML
    elements = list(plain.iter("*"))
    places: set[tuple[int, int | None]] = set()
    for number in data.draw(st.lists(st.integers(0, len(elements) - 1), min_size=1, max_size=4)):
        own = len(_own(elements[number]))
        places.add((number, data.draw(st.none() | st.integers(0, own - 1)) if own else None))
    starts = sorted(places, key=lambda place: (len(_text_before(plain, elements, place)), place[0], place[1] or -1))
    breaks = [
        PageBreak(id=f"p{n}", spoken="1", language="en", start=PageStart(label="1", document="x", element=e, text=t))
        for n, (e, t) in enumerate(starts)
    ]
    marked = etree.fromstring(etree.tostring(plain))
    insert_page_breaks(marked, breaks, "en")

    markers = {each.get("id"): each for each in marked.iter("{*}span") if each.get("role") == "doc-pagebreak"}
    assert set(markers) == {each.id for each in breaks}
    assert all(_is_open(each.getparent()) for each in markers.values())
    for each, place in zip(breaks, starts, strict=True):
        if place[1] is not None and _is_open(elements[place[0]]):
            assert _before(marked, markers[each.id]) == _text_before(plain, elements, place)
    if all(_is_open(elements[number]) for number, text in starts if text is not None):
        texts = [_before(marked, marker) for marker in markers.values()]
        assert texts == sorted(texts, key=len)
    etree.strip_tags(marked, etree.Comment)
    for marker in markers.values():
        _take_out(marker)
    assert etree.tostring(marked) == etree.tostring(plain)


def _text_before(root: etree._Element, elements: list[etree._Element], place: tuple[int, int | None]) -> str:
    element = elements[place[0]]
    return _before(root, element) if place[1] is None else _before_own(root, element, place[1])


def _take_out(marker: etree._Element) -> None:
    parent, previous = marker.getparent(), marker.getprevious()
    tail, marker.tail = marker.tail or "", None
    if previous is None:
        parent.text = (parent.text or "") + tail or None
    else:
        previous.tail = (previous.tail or "") + tail or None
    parent.remove(marker)
