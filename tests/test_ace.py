"""Finished EPUBs as accessibility checkers see them: Ace by DAISY, and EPUBCheck with all it can say."""

import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import READERS, diagnostics, folders, node

import pubkit
from pubkit.check.epubcheck import check_epub
from pubkit.report import Report

pytestmark = pytest.mark.slow

# What only a publisher can state; pubkit writes it when pubkit.yaml does, never by itself.
STATED = {"a11y:certifiedBy", "a11y:certifierCredential", "a11y:certifierReport", "dcterms:conformsTo"}
BOOKS = ["sample", "captured", "rtl", *(path.name for path in folders("books"))]
WORDS = (
    "tide quay harbour bell crane rivet chart bar sand wrack ebb flood line shore mark stone rope boat lamp fog "
    "pilot ladder moon spring neap channel buoy depth lead water wall number rule letter"
).split()


def _build(source: Path | list[Path], folder: Path, *formats: str) -> Path:
    """The EPUB of a source; with "pdf" both files are made, so that the EPUB knows the printed pages."""
    outputs = [folder / f"book.{name}" for name in ("epub", *formats)]
    built = pubkit.build(source, outputs=outputs, jobs=0)
    assert built.outputs, diagnostics(built.report)
    return outputs[0]


def _without(epub: Path, target: Path, edit: Callable[[str], str]) -> Path:
    """A copy of an EPUB with its content documents edited: something is now wrong with it."""
    with zipfile.ZipFile(epub) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if "/text/" in entry.filename:
                content = edit(content.decode()).encode()
            new.writestr(entry, content)
    return target


@pytest.fixture(scope="module")
def epubs(sample: pubkit.Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    found = {
        "sample": sample.outputs[0],
        "captured": _build([READERS / "books" / "captured.txt"], tmp_path_factory.mktemp("captured"), "pdf"),
        "rtl": _build(READERS / "books" / "rtl", tmp_path_factory.mktemp("rtl"), "pdf"),
    }
    for book in folders("books"):
        found[book.name] = _build(book, tmp_path_factory.mktemp(book.name), "pdf")
    return found


@pytest.fixture(scope="module")
def faults(epubs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, str]]]:
    """What Ace finds in each book, and in one whose pictures have lost their words."""

    def edit(text: str) -> str:
        return re.sub(r' alt="[^"]*"', "", text).replace(' role="doc-subtitle"', "")

    broken = _without(epubs["sampler"], tmp_path_factory.mktemp("broken") / "book.epub", edit)
    books = {**epubs, "broken": broken}
    found = node("ace.mjs", *books.values())
    return {name: found[str(path)] for name, path in books.items()}


@pytest.mark.parametrize("book", BOOKS)
def test_ace_has_nothing_to_say(faults: dict[str, list[dict[str, str]]], book: str) -> None:
    found = [fault for fault in faults[book] if fault["snippet"] not in STATED]
    line = "{rule} ({impact}) {file}: {snippet}\n    {what}"
    assert not found, "\n".join(["Ace says:", *(line.format(**fault) for fault in found)])


def test_ace_sees_what_is_wrong(faults: dict[str, list[dict[str, str]]]) -> None:
    assert {"image-alt", "epub-type-has-matching-role"} <= {fault["rule"] for fault in faults["broken"]}


@pytest.mark.parametrize("book", ["captured", "rtl"])
def test_epubcheck_has_nothing_to_say(epubs: dict[str, Path], book: str) -> None:
    report = Report()
    check_epub(epubs[book], report)
    assert not diagnostics(report)


def _article(chance: random.Random, number: int, count: int) -> str:
    """An article with headings, a table, notes and links to others; `chance` decides what is in it."""

    def sentence(low: int, high: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(low, high))).capitalize()

    lines = [f"---\ntitle: {sentence(2, 5)} {number}\nauthors: [{sentence(1, 1)} {sentence(1, 1)}]\n---\n"]
    notes = 0
    for heading in range(1, chance.randint(2, 4)):
        lines.append(f"## {sentence(2, 4)} {{#part-{heading}}}\n")
        for _ in range(chance.randint(2, 4)):
            notes += 1
            other = chance.randrange(count)
            lines.append(f"{sentence(30, 60)}.[^{notes}] See [{sentence(1, 2)}](article-{other}.md#part-1).\n")
        kind = chance.randrange(4)
        if kind == 0:
            lines.append(f"| {sentence(1, 1)} | {sentence(1, 1)} |\n| --- | --: |\n| {sentence(1, 3)} | {number} |\n")
        elif kind == 1:
            lines.append("".join(f"{n}. {sentence(3, 9)}\n" for n in range(1, 4)))
        elif kind == 2:
            lines.append(f"> {sentence(8, 20)}.\n\nAnd $x^{number} + {heading}$.\n")
    lines += [f"[^{note}]: {sentence(5, 20)}.\n" for note in range(1, notes + 1)]
    return "\n".join(lines)


def test_epubcheck_has_nothing_to_say_about_two_hundred_articles(tmp_path: Path) -> None:
    chance, count = random.Random(200), 200  # noqa: S311 - the same book every time
    names = [f"article-{number}.md" for number in range(count)]
    for number, name in enumerate(names):
        (tmp_path / name).write_text(_article(chance, number, count), encoding="utf-8")
    (tmp_path / "pubkit.yaml").write_text(
        "title: Two hundred\nlanguage: en\nidentifier: urn:uuid:00000000-0000-4000-8000-000000000200\n"
        "date: 2026-11-22\npublisher: Saltmarsh Press\n"
        "contents:\n" + "".join(f"  - {name}\n" for name in names),
        encoding="utf-8",
    )
    book = _build(tmp_path, tmp_path)
    with zipfile.ZipFile(book) as archive:
        assert sum("/text/article-" in name for name in archive.namelist()) == count
    report = Report()
    check_epub(book, report)
    assert not diagnostics(report)
