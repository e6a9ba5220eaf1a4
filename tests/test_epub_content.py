"""Content documents of the EPUB."""

import io
import zipfile
from dataclasses import replace

import epub_sample
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pubkit.epub import write_epub
from pubkit.epub.addresses import Addresses
from pubkit.epub.content import document_root, images_of, properties_of, serialise

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
X = "{http://www.w3.org/1999/xhtml}"


def root_of(body: str) -> etree._Element:
    edition = epub_sample.only("one", body)
    return document_root(edition.documents[0], Addresses(edition), "Littoral")


def inside(body: str) -> str:
    """What is written between the body tags of a document with this body."""
    text = serialise(root_of(body)).decode()
    return text.partition('<body epub:type="bodymatter">')[2].rpartition("</body>")[0].strip()


def sample(name: str) -> etree._Element:
    stream = io.BytesIO()
    write_epub(epub_sample.edition(), stream)
    return etree.fromstring(zipfile.ZipFile(stream).read(f"EPUB/text/{name}.xhtml"))


def test_a_document_is_written_so() -> None:
    assert serialise(root_of("<section id='one'><h1>One</h1><p>A<br/>b.</p></section>")).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        'lang="en" xml:lang="en" dir="ltr">\n'
        "<head>\n<title>one</title>\n"
        '<link rel="stylesheet" type="text/css" href="../css/style.css"/>\n</head>\n'
        '<body epub:type="bodymatter">\n<section id="one">\n<h1>One</h1>\n<p>A<br/>b.</p>\n</section>\n</body>\n'
        "</html>\n"
    )


def test_language_and_direction_are_those_of_the_document() -> None:
    arabic = sample("arabic")
    assert (arabic.get("lang"), arabic.get(XML_LANG), arabic.get("dir")) == ("ar", "ar", "rtl")
    assert arabic.findtext(f"{X}head/{X}title") == "الميناء"


@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("doc-noteref", "noteref"),
        ("doc-footnote", "footnote"),
        ("doc-backlink", "backlink"),
        ("doc-pagelist", "page-list"),
        ("doc-chapter", "chapter"),
        ("doc-credits", "credits"),
        ("doc-endnote", None),
        ("note", None),
    ],
)
def test_roles_say_the_epub_type_too(role: str, kind: str | None) -> None:
    assert root_of(f'<div role="{role}">x</div>').find(f".//{X}div").get(EPUB_TYPE) == kind


def test_links_and_images_lead_to_files() -> None:
    harbour = sample("harbour")
    assert [link.get("href") for link in harbour.iter(f"{X}a") if link.get("href")] == [
        "#harbour--fn-1",
        "arabic.xhtml",  # the article as a whole
        "arabic.xhtml#arabic--two",
        "#harbour--part",
        "https://example.org/",
        "#harbour--fnref-1",
    ]
    assert images_of(harbour) == {"0001-harbour.png", "0002-ornament.svg"}
    assert next(harbour.iter(f"{X}img")).get("src") == "../images/0001-harbour.png"


def test_a_link_or_an_image_that_is_nowhere_is_a_wrong_call() -> None:
    with pytest.raises(LookupError, match="nowhere"):
        root_of('<p><a href="#nowhere">x</a></p>')
    with pytest.raises(LookupError, match=r"none\.png"):
        root_of('<p><img src="none.png" alt=""/></p>')


def test_bad_xml_is_a_wrong_call() -> None:
    edition = epub_sample.only("one", "<p>One</p>")
    with pytest.raises(ValueError, match="'harbour' is not good XML"):
        document_root(replace(edition.documents[0], name="harbour", body="<p>One"), Addresses(edition), "Littoral")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p>One <span class="page-number" data-page="x"></span></p>', "<p>One</p>"),
        ('<p>One <b><i><span class="page-number" data-page="x"></span></i></b></p>', "<p>One</p>"),
        ('<p><span class="page-number" data-page="x"></span> One</p>', "<p>One</p>"),
        ('<p>One <span class="page-number" data-page="x"></span> two</p>', "<p>One two</p>"),
        ('<p>One<span class="page-number" data-page="x"></span>, two</p>', "<p>One, two</p>"),
        ('<p><a>One</a> <span class="page-number x" data-page="x"></span> two</p>', "<p><a>One</a> two</p>"),
        (
            '<p>One<span class="page-reference">, page <span class="page-number" data-page="x"></span></span></p>',
            "<p>One</p>",
        ),
        (
            '<p>One<b id="keep"><span class="page-number" data-page="x"></span></b></p>',
            '<p>One<b id="keep"></b></p>',
        ),
        ('<p><span class="page-number" data-page="x"></span></p>', ""),
    ],
)
def test_printed_page_numbers_leave_no_trace(body: str, expected: str) -> None:
    assert inside(body) == expected


def test_only_void_elements_close_themselves() -> None:
    body = '<p><a id="x"/>a<br></br><span/><img src="cover.jpg" alt=""></img></p>'
    assert inside(body) == '<p><a id="x"></a>a<br/><span></span><img src="../images/cover.jpg" alt=""/></p>'


def test_comments_and_instructions_go() -> None:
    assert inside("<p>a<!-- -- b -->c<?php x?>d</p>".replace("-- b", "b")) == "<p>acd</p>"


def test_no_space_is_added_where_it_could_be_seen() -> None:
    body = "<div><p>a</p><p>b <i>c</i><b>d</b></p><figure><img src='cover.jpg' alt=''/><p>e</p></figure></div>"
    figure = '<figure><img src="../images/cover.jpg" alt=""/><p>e</p></figure>'
    assert inside(body) == f"<div>\n<p>a</p>\n<p>b <i>c</i><b>d</b></p>\n{figure}\n</div>"


def test_preformatted_text_keeps_its_lines() -> None:
    body = "<pre>  one\n\n   <code>\n</code>\n</pre>"
    assert inside(body) == body


def test_passages_in_other_languages_say_so_twice() -> None:
    passage = root_of('<p lang="la">a</p>').find(f".//{X}p")
    assert (passage.get("lang"), passage.get(XML_LANG)) == ("la", "la")


def test_properties_are_those_of_the_markup() -> None:
    assert properties_of(sample("harbour")) == ("mathml", "svg")
    assert properties_of(sample("arabic")) == ()


def test_svg_keeps_its_capitals_and_its_namespace() -> None:
    written = serialise(sample("harbour"))
    assert b'viewBox="0 0 40 40"' in written
    assert b"<linearGradient id=" in written
    assert written.count(b"xmlns") == 4  # html, epub, math, svg


def test_an_empty_title_becomes_that_of_the_publication() -> None:
    edition = epub_sample.only("one", "<p>One</p>")
    root = document_root(replace(edition.documents[0], title=" "), Addresses(edition), "Littoral")
    assert root.findtext(f"{X}head/{X}title") == "Littoral"


_WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(_WORDS, min_size=1, max_size=4))
def test_text_comes_out_as_it_went_in(words: list[str]) -> None:
    body = "".join(f"<p>{word.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</p>" for word in words)
    written = etree.fromstring(serialise(root_of(body)))
    assert [paragraph.text or "" for paragraph in written.iter(f"{X}p")] == words
