"""Which document stands on which page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pdf_sample import document, edition

from pubkit.model import Matter
from pubkit.pdf.page_map import map_pages, plan_pages, roman
from pubkit.pdf.pieces import Place


def plan(*parts: tuple[Matter, int]) -> list[str]:
    documents = [document(f"d{n}", "", matter=matter) for n, (matter, _) in enumerate(parts)]
    made = plan_pages(documents, [count for _, count in parts])
    return [f"{'-' if leaf.document is None else leaf.document}:{leaf.label}" for leaf in made.leaves]


def test_front_matter_is_roman_and_the_body_starts_on_a_recto() -> None:
    assert plan(("front", 1), ("body", 2), ("back", 1)) == ["0:i", "-:ii", "1:1", "1:2", "2:3"]
    assert plan(("front", 1), ("front", 1), ("body", 1)) == ["0:i", "1:ii", "2:1"]
    assert plan(("body", 1)) == ["0:1"]
    assert plan(("front", 1)) == ["0:i"]


def test_roman_numerals() -> None:
    assert [roman(n) for n in (1, 4, 9, 14, 40, 90, 400, 1994)] == [
        "i", "iv", "ix", "xiv", "xl", "xc", "cd", "mcmxciv",
    ]  # fmt: skip


@given(st.lists(st.integers(0, 5), max_size=5), st.lists(st.integers(0, 5), max_size=5))
def test_every_page_is_there_once_and_page_one_is_a_recto(front: list[int], body: list[int]) -> None:
    documents = [document("f", "", matter="front")] * len(front) + [document("b", "")] * len(body)
    made = plan_pages(documents, front + body)
    expected = [(n, page) for n, count in enumerate(front + body) for page in range(count)]
    assert [(leaf.document, leaf.page) for leaf in made.leaves if leaf.document is not None] == expected
    assert made.body % 2 == 0 or not body
    assert [leaf.verso for leaf in made.leaves] == [n % 2 == 1 for n in range(len(made.leaves))]
    assert len({(leaf.label, n < made.body) for n, leaf in enumerate(made.leaves)}) == len(made.leaves)


def test_an_id_that_is_not_printed_is_on_the_first_page_of_its_document() -> None:
    one = edition(document("a", '<h1 id="a">A</h1><p id="a--hidden"/>'), document("b", '<h1 id="b">B</h1>'))
    made = plan_pages(one.documents, [2, 1])
    found = map_pages(one, made, [{"a": Place(page=1, x=0, y=0)}, {}])
    assert found.labels == {"a": "2", "a--hidden": "1", "b": "3"}
    assert found.pages == 3
