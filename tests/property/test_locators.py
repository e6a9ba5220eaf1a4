"""Laws of an index's page numbers: the page of every mark is covered by its entry, and no other page is."""

from itertools import pairwise

import pdf_sample
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pubkit.pdf.locators import merge_locators, page_runs


def covered(locators: str) -> list[int]:
    """The pages that locators name, in their order."""
    pages: list[int] = []
    for part in filter(None, locators.split(", ")):
        first, _, last = part.partition("–")
        pages += range(int(first), int(last or first) + 1)
    return pages


def entry(count: int) -> etree._Element:
    links = ", ".join(
        f'<a href="#m{n}" aria-label="x"><span class="page-number" data-page="m{n}"/><span>Title</span></a>'
        for n in range(count)
    )
    return etree.fromstring(f'<html><body><p>e, <span class="index-locators">{links}</span></p></body></html>')


@given(st.lists(st.integers(min_value=1, max_value=60), max_size=40))
def test_the_pages_of_the_marks_and_no_others(pages: list[int]) -> None:
    root = entry(len(pages))
    merge_locators(root, {f"m{n}": str(page) for n, page in enumerate(pages)}, ", ")
    holder = root[0][0][0]
    text = "".join(map(str, holder.itertext()))
    assert covered(text) == sorted(set(pages))
    for link in holder.iter("a"):  # each leads to a mark on the page that it names
        assert pages[int(link.get("href", "")[2:])] == int("".join(map(str, link.itertext())))
        assert link.get("aria-label") is None


@given(st.lists(st.integers(min_value=1, max_value=60), max_size=40).map(sorted))
def test_runs_are_as_long_as_they_can_be(pages: list[int]) -> None:
    runs = page_runs(list(map(str, pages)))
    assert all(pages[one[1]] + 1 < pages[two[0]] for one, two in pairwise(runs))


def test_pages_that_are_no_numbers_stand_by_themselves() -> None:
    assert page_runs(["iv", "iv", "v", "1", "2"]) == [(0, 0), (2, 2), (3, 4)]


@pytest.mark.slow
@settings(max_examples=8)
@given(st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=5), min_size=1, max_size=4), st.integers(0, 900))
def test_the_printed_pages_have_the_words(entries: list[list[int]], filling: int) -> None:
    """Through layout: every entry is marked in some of twelve paragraphs, behind words that stand nowhere else."""
    paragraphs = []
    marks: list[list[str]] = [[] for _ in entries]
    for place in range(12):
        words = pdf_sample.WORDS * 4 + "word " * (filling % 97)
        for number, places in enumerate(entries):
            for time in range(places.count(place)):
                name = f"m{number}x{place}x{time}"
                words += f'Q{number}x{place}x{time}<span id="{name}"></span> and '
                marks[number].append(name)
        paragraphs.append(f"<p>{words}</p>")
    lines = "".join(
        f'<p>E{number}: <span class="index-locators">'
        + ", ".join(f'<a href="#{m}"><span class="page-number" data-page="{m}"/></a>' for m in found)
        + "</span></p>"
        for number, found in enumerate(marks)
    )
    printed = pdf_sample.Printed(
        pdf_sample.edition(
            pdf_sample.document("one", '<h1 id="one">One</h1>' + "".join(paragraphs)),
            pdf_sample.document("index", f'<h1 id="index">Index</h1>{lines}', kind="index", matter="back"),
        )
    )
    texts = {number: printed.text(number) for number in range(1, len(printed.pdf.pages) + 1)}
    index = texts[max(texts)]
    for number in range(len(entries)):
        stands = sorted(page for page, text in texts.items() if f"Q{number}x" in text)
        line = next(each for each in index.splitlines() if each.startswith(f"E{number}: "))
        assert covered(line.partition(": ")[2]) == stands
