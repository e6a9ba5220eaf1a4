"""Navigation document, NCX and guide."""

import io
import zipfile
from dataclasses import replace

import epub_sample
import pytest
from lxml import etree

from pubkit.epub import write_epub
from pubkit.model import Edition, TocEntry

X = "{http://www.w3.org/1999/xhtml}"
N = "{http://www.daisy.org/z3986/2005/ncx/}"
OPF = "{http://www.idpf.org/2007/opf}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"


def files(edition: Edition) -> dict[str, etree._Element]:
    stream = io.BytesIO()
    write_epub(edition, stream)
    book = zipfile.ZipFile(stream)
    return {name: etree.fromstring(book.read(f"EPUB/{name}")) for name in ("nav.xhtml", "toc.ncx", "content.opf")}


@pytest.fixture(scope="module")
def sample() -> dict[str, etree._Element]:
    return files(epub_sample.edition())


def tree(items: etree._Element) -> list[object]:
    found: list[object] = []
    for item in items:
        label = item[0]
        found.append((label.text, label.get("href")))
        if len(item) > 1:
            found.append(tree(item[1]))
    return found


def test_contents_are_a_tree_of_sections_articles_and_headings(sample: dict[str, etree._Element]) -> None:
    nav = sample["nav.xhtml"].find(f".//{X}nav")
    assert (nav.get(EPUB_TYPE), nav.get("role"), nav.get("hidden")) == ("toc", "doc-toc", None)
    assert tree(nav.find(f"{X}ol")) == [
        ("Reports", None),
        [
            ("The harbour that moved — Ada Lovelace", "text/harbour.xhtml"),
            [("A part", "text/harbour.xhtml#harbour--part")],
            ("الميناء", "text/arabic.xhtml"),
        ],
        ("Credits", "text/credits.xhtml"),
        ("Colophon", "text/colophon.xhtml"),
    ]


def test_landmarks_are_for_machines(sample: dict[str, etree._Element]) -> None:
    nav = sample["nav.xhtml"].findall(f".//{X}nav")[1]
    assert (nav.get(EPUB_TYPE), nav.get("hidden")) == ("landmarks", "hidden")
    assert [(link.get(EPUB_TYPE), link.get("href")) for link in nav.iter(f"{X}a")] == [
        ("cover", "text/cover.xhtml"),
        ("titlepage", "text/titlepage.xhtml"),
        ("toc", "text/contents.xhtml"),
        ("bodymatter", "text/harbour.xhtml"),
        ("credits", "text/credits.xhtml"),
    ]


def test_every_nav_has_a_name(sample: dict[str, etree._Element]) -> None:
    root = sample["nav.xhtml"]
    ids = {element.get("id"): element.text for element in root.iter("*") if element.get("id")}
    assert [ids[nav.get("aria-labelledby")] for nav in root.iter(f"{X}nav")] == ["Contents", "Landmarks"]


def test_the_ncx_has_depth_order_and_ids(sample: dict[str, etree._Element]) -> None:
    root = sample["toc.ncx"]
    points = list(root.iter(f"{N}navPoint"))
    assert {meta.get("name"): meta.get("content") for meta in root.iter(f"{N}meta")} == {
        "dtb:uid": "urn:isbn:9780306406157",
        "dtb:depth": "3",
        "dtb:totalPageCount": "0",
        "dtb:maxPageNumber": "0",
    }
    assert len({point.get("id") for point in points}) == len(points) == 6
    order = {point.find(f"{N}content").get("src"): point.get("playOrder") for point in points}
    assert [point.get("playOrder") for point in points] == [
        "1",
        "1",
        "2",
        "3",
        "4",
        "5",
    ]  # a section is its first article
    assert len(order) == 5
    assert [text.text for text in root.iterfind(f"{N}docTitle/{N}text")] == ["Littoral & Sons"]
    assert [text.text for text in root.iterfind(f"{N}docAuthor/{N}text")] == ["Ida Rhodes"]


def test_the_guide_has_what_epub_2_has_a_name_for(sample: dict[str, etree._Element]) -> None:
    references = sample["content.opf"].iter(f"{OPF}reference")
    assert [(each.get("type"), each.get("href")) for each in references] == [
        ("cover", "text/cover.xhtml"),
        ("title-page", "text/titlepage.xhtml"),
        ("toc", "text/contents.xhtml"),
        ("text", "text/harbour.xhtml"),
    ]


def test_the_navigation_document_is_not_read_as_a_page(sample: dict[str, etree._Element]) -> None:
    spine = [item.get("idref") for item in sample["content.opf"].iter(f"{OPF}itemref")]
    assert spine == [f"text-{document.name}" for document in epub_sample.documents()]


def test_without_contents_the_documents_are_listed() -> None:
    nav = files(epub_sample.only("one", '<section id="one"><p>One.</p></section>'))["nav.xhtml"]
    assert tree(nav.find(f".//{X}ol")) == [("one", "text/one.xhtml")]
    assert len(list(nav.iter(f"{X}nav"))) == 1  # and an empty list of landmarks would be wrong


def test_a_section_without_articles_is_a_link() -> None:
    edition = epub_sample.edition()
    edition = replace(edition, toc=(TocEntry(title="Alone", target="credits", kind="section"),))
    assert tree(files(edition)["nav.xhtml"].find(f".//{X}ol")) == [("Alone", "text/credits.xhtml")]


def test_words_are_those_of_the_publication() -> None:
    edition = replace(epub_sample.edition(), labels={"contents": "Inhalt", "landmarks": "Wegmarken"})
    nav = files(edition)["nav.xhtml"]
    assert [nav.findtext(f".//{X}h1"), nav.findtext(f".//{X}h2")] == ["Inhalt", "Wegmarken"]


def test_all_links_lead_somewhere(sample: dict[str, etree._Element]) -> None:
    stream = io.BytesIO()
    write_epub(epub_sample.edition(), stream)
    names = set(zipfile.ZipFile(stream).namelist())
    links = [*sample["nav.xhtml"].xpath("//@href"), *sample["toc.ncx"].xpath("//@src")]
    assert {f"EPUB/{link.partition('#')[0]}" for link in links} <= names
