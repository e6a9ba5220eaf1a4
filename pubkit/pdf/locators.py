"""The places of an index on paper: page numbers instead of titles, each page once, pages in a row as a range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

NAME = "index-locators"
RANGE = "\N{EN DASH}"


def merge_locators(root: etree._Element, numbers: Mapping[str, str], comma: str) -> None:
    """Put page numbers in the place of the links of every entry: 3, 12–14, 20; links stay at both ends of a range.

    `numbers` gives the page label of every id, `comma` is what stands between two numbers.
    """
    for holder in root.iter("span"):
        if NAME not in str(holder.get("class", "")).split():
            continue
        labelled: list[tuple[str, etree._Element]] = []
        for link in holder.iter("a"):
            number = next((span for span in link.iter("span") if span.get("data-page")), None)
            if number is None:
                continue
            for child in list(link):
                link.remove(child)
            number.text, number.tail, link.text = numbers.get(str(number.get("data-page")), ""), None, None
            link.append(number)
            link.attrib.pop("aria-label", "")
            if number.text:
                labelled.append((number.text, link))
        labelled.sort(key=lambda each: int(each[0]) if each[0].isdecimal() else 0)  # notes come after the text
        _set(holder, labelled, comma)


def _set(holder: etree._Element, labelled: Sequence[tuple[str, etree._Element]], comma: str) -> None:
    for child in list(holder):
        holder.remove(child)
    holder.text = None
    runs = page_runs([label for label, _ in labelled])
    for first, last in runs:
        link = labelled[first][1]
        holder.append(link)
        link.tail = comma
        if first != last:
            link.tail = RANGE
            holder.append(labelled[last][1])
            labelled[last][1].tail = comma
    if len(holder):
        holder[-1].tail = None


def page_runs(labels: Sequence[str]) -> list[tuple[int, int]]:
    """The first and last places of labels that are of one page or of pages in a row; `labels` are sorted."""
    runs: list[tuple[int, int]] = []
    for place, label in enumerate(labels):
        if runs:
            first, last = runs[-1]
            before = labels[last]
            if label == before:
                continue
            if label.isdecimal() and before.isdecimal() and int(label) == int(before) + 1:
                runs[-1] = first, place
                continue
        runs.append((place, place))
    return runs
