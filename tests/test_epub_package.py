"""The package document: metadata, people, accessibility."""

import io
import re
import zipfile
from dataclasses import replace

import epub_sample
import pytest
from lxml import etree

from pubkit.epub import write_epub
from pubkit.epub.accessibility import Survey, statements
from pubkit.epub.package import languages
from pubkit.labels import labels_of
from pubkit.model import Asset, Credit, Edition, Identifier, Metadata, Person, Rights, Role

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


def package(edition: Edition) -> etree._Element:
    stream = io.BytesIO()
    write_epub(edition, stream)
    return etree.fromstring(zipfile.ZipFile(stream).read("EPUB/content.opf"))


@pytest.fixture(scope="module")
def opf() -> etree._Element:
    return package(epub_sample.edition())


def said(root: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in root.iter(f"{DC}{name}")]


def meta(root: etree._Element, name: str, refines: str | None = None) -> list[str]:
    return [
        element.text or ""
        for element in root.iter(f"{OPF}meta")
        if element.get("property") == name and element.get("refines") == refines
    ]


def changed(**changes: object) -> etree._Element:
    edition = epub_sample.only("one", "<p>One.</p>")
    return package(replace(edition, metadata=replace(edition.metadata, **changes)))  # type: ignore[arg-type]


def credit(name: str, code: str) -> Credit:
    return Credit(person=Person(name=name), role=Role(code=code), at=epub_sample.AT)


def people(own: tuple[Credit, ...], everybody: tuple[Credit, ...]) -> tuple[list[str], list[str]]:
    edition = epub_sample.only("one", "<p>One.</p>")
    root = package(replace(edition, metadata=replace(edition.metadata, credits=own), credits=(*own, *everybody)))
    return said(root, "creator"), said(root, "contributor")


def test_the_package_says_its_language_and_direction(opf: etree._Element) -> None:
    assert opf.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert (opf.get("dir"), opf.get("version"), opf.get("unique-identifier")) == ("ltr", "3.0", "identifier")
    spine = opf.find(f"{OPF}spine")
    assert (spine.get("toc"), spine.get("page-progression-direction")) == ("ncx", None)


def test_an_arabic_publication_turns_its_pages_the_other_way() -> None:
    root = package(epub_sample.right_to_left())
    assert (root.get("dir"), root.find(f"{OPF}spine").get("page-progression-direction")) == ("rtl", "rtl")


def test_the_identifier_is_that_of_the_epub_and_the_pdf_keeps_its_own(opf: etree._Element) -> None:
    assert said(opf, "identifier") == ["urn:isbn:9780306406157", "https://doi.org/10.1000/182"]
    assert meta(opf, "identifier-type", "#identifier") == ["15"]
    assert meta(opf, "identifier-type", "#identifier-2") == ["06"]


def test_an_identifier_is_derived_where_only_the_pdf_has_one() -> None:
    only_pdf = (Identifier(value="urn:isbn:9780306406164", format="pdf"),)
    first, again = (said(changed(identifiers=only_pdf), "identifier") for _ in range(2))
    assert first == again
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first[0])


def test_titles(opf: etree._Element) -> None:
    assert said(opf, "title") == ["Littoral & Sons", "A magazine of edges"]
    assert meta(opf, "title-type", "#title") == ["main"]
    assert meta(opf, "title-type", "#subtitle") == ["subtitle"]


def test_plain_facts(opf: etree._Element) -> None:
    assert said(opf, "language") == ["en", "ar"]
    assert said(opf, "date") == ["2026-11"]
    assert said(opf, "publisher") == ["Saltmarsh Press"]
    assert said(opf, "description") == ["What happens where land stops."]
    assert said(opf, "subject") == ["Coasts", "Essays"]
    assert meta(opf, "dcterms:modified") == ["2026-11-22T10:20:30Z"]


def test_a_language_is_named_once() -> None:
    edition = epub_sample.edition()
    spoken = zip(edition.documents, ("en", "en-GB", "fr-CA", "fr", "fr-CA", "enm", "en"), strict=True)
    texts = tuple(replace(document, language=language) for document, language in spoken)
    assert languages(replace(edition, documents=texts)) == ("en", "fr-CA", "fr", "enm")


def test_one_element_a_person_with_all_roles(opf: etree._Element) -> None:
    assert said(opf, "creator") == ["Ida Rhodes"]
    assert said(opf, "contributor") == ["Ada Lovelace", "Mary Anning"]
    assert meta(opf, "role", "#creator-1") == ["edt", "pht"]
    assert meta(opf, "role", "#contributor-1") == ["aut", "pht"]
    assert meta(opf, "role", "#contributor-2") == ["pht"]
    assert meta(opf, "file-as", "#contributor-1") == ["Lovelace, Ada"]
    assert meta(opf, "file-as", "#contributor-2") == []
    assert meta(opf, "display-seq", "#contributor-2") == ["2"]
    schemes = {element.get("property"): element.get("scheme") for element in opf.iter(f"{OPF}meta")}
    assert (schemes["role"], schemes["file-as"]) == ("marc:relators", None)


def test_a_person_is_told_by_orcid_and_isni() -> None:
    ada = Person(name="Ada Lovelace", orcid="0000-0002-1825-0097", isni="0000-0001-2103-2683")
    roles = tuple(Credit(person=ada, role=Role(code=code), at=epub_sample.AT) for code in ("aut", "pht", "aut"))
    root = package(replace(epub_sample.only("one", "<p>One.</p>"), credits=(*roles, credit("Ida Rhodes", "edt"))))
    assert (said(root, "creator"), said(root, "contributor")) == (["Ida Rhodes"], ["Ada Lovelace"])
    assert meta(root, "role", "#contributor-1") == ["aut", "pht"]
    assert meta(root, "dcterms:identifier", "#creator-1") == []
    assert meta(root, "dcterms:identifier", "#contributor-1") == [
        "https://orcid.org/0000-0002-1825-0097",
        "https://isni.org/isni/0000000121032683",
    ]
    assert meta(root, "dcterms:identifier") == []  # of the publication itself there is none but dc:identifier


def test_creators_are_authors_of_the_whole_else_editors_else_the_articles_authors() -> None:
    ada, ida, ann, joe = credit("Ada", "aut"), credit("Ida", "edt"), credit("Ann", "aut"), credit("Joe", "pht")
    assert people((ida, ada), (ann, joe)) == (["Ada"], ["Ida", "Ann", "Joe"])
    assert people((ida,), (ann, joe)) == (["Ida"], ["Ann", "Joe"])
    assert people((joe,), (ann, ada, ann)) == (["Ann", "Ada"], ["Joe"])
    assert people((), (joe,)) == ([], ["Joe"])


def test_a_role_without_a_code_is_that_of_a_contributor() -> None:
    edition = epub_sample.only("one", "<p>One.</p>")
    assert meta(package(replace(edition, credits=(credit("Joe", ""),))), "role", "#contributor-1") == ["ctb"]


def test_rights_and_licence(opf: etree._Element) -> None:
    assert said(opf, "rights") == ["© 2026 the authors"]
    assert [(link.get("rel"), link.get("href")) for link in opf.iter(f"{OPF}link")] == [
        ("dcterms:license", "https://creativecommons.org/licenses/by/4.0/")
    ]
    root = changed(rights=Rights(licence="CC0-1.0"))
    assert (said(root, "rights"), meta(root, "dcterms:license")) == (["CC0-1.0"], ["CC0-1.0"])
    assert said(changed(rights=Rights()), "rights") == []


def test_series(opf: etree._Element) -> None:
    assert meta(opf, "belongs-to-collection") == ["Littoral"]
    assert meta(opf, "collection-type", "#series") == ["series"]
    assert meta(opf, "group-position", "#series") == ["4"]
    assert meta(changed(number="98.4"), "group-position", "#series") == ["98.4"]
    assert meta(changed(number="Spring"), "group-position", "#series") == []


def test_the_cover_is_found_by_old_readers_and_new(opf: etree._Element) -> None:
    covers = [element.attrib for element in opf.iter(f"{OPF}meta") if element.get("name") == "cover"]
    assert [list(cover.items()) for cover in covers] == [[("name", "cover"), ("content", "image-cover.jpg")]]
    images = [item.get("id") for item in opf.iter(f"{OPF}item") if item.get("properties") == "cover-image"]
    assert images == ["image-cover.jpg"]


def test_nobody_is_named_who_did_not_make_the_book(opf: etree._Element) -> None:
    assert b"Ebook-lib" not in etree.tostring(opf)


def test_prefixes_in_use_are_declared_once(opf: etree._Element) -> None:
    names = opf.get("prefix", "").split()[::2]
    assert names == ["dcterms:", "ibooks:", "marc:", "onix:", "schema:"]
    small = changed(identifiers=(Identifier(value="urn:x:1"),), credits=(), rights=Rights())
    assert "ibooks" not in small.get("prefix", "")


def test_a_publication_with_the_least_metadata_is_good() -> None:
    edition = epub_sample.only("one", "<p>One.</p>")
    root = package(
        replace(edition, credits=(), metadata=Metadata(title="T", modified="2026-01-01T00:00:00Z"), labels={})
    )
    assert said(root, "title") == ["T"]
    assert said(root, "identifier")[0].startswith("urn:uuid:")


def test_accessibility_of_the_sample(opf: etree._Element) -> None:
    assert meta(opf, "schema:accessMode") == ["textual", "visual"]
    assert meta(opf, "schema:accessModeSufficient") == ["textual", "textual,visual"]
    assert meta(opf, "schema:accessibilityFeature") == [
        *("ARIA", "MathML", "alternativeText", "displayTransformability"),
        *("readingOrder", "structuralNavigation", "tableOfContents"),
    ]
    assert meta(opf, "schema:accessibilityHazard") == ["none"]
    assert len(meta(opf, "schema:accessibilitySummary")) == 1
    assert meta(opf, "dcterms:conformsTo") == []


@pytest.mark.parametrize(
    ("body", "modes", "sufficient", "features"),
    [
        ("<p>Text</p>", ["textual"], ["textual"], set()),
        ("<h1>T</h1>", ["textual"], ["textual"], {"structuralNavigation"}),
        (
            '<p><img src="cover.jpg" alt="A"/></p>',
            ["textual", "visual"],
            ["textual", "textual,visual"],
            {"alternativeText"},
        ),
        ('<p><img src="cover.jpg" alt=""/></p>', ["textual", "visual"], ["textual,visual"], set()),
        ('<p><img src="cover.jpg" alt="" role="presentation"/></p>', ["textual"], ["textual"], {"ARIA"}),
    ],
)
def test_only_what_is_true_is_said(body: str, modes: list[str], sufficient: list[str], features: set[str]) -> None:
    root = package(epub_sample.only("one", body))
    assert meta(root, "schema:accessMode") == modes
    assert meta(root, "schema:accessModeSufficient") == sufficient
    assert set(meta(root, "schema:accessibilityFeature")) == features | {
        *("displayTransformability", "readingOrder", "tableOfContents")
    }


@pytest.mark.parametrize(
    ("kind", "content", "hazard"),
    [
        ("image/gif", b"GIF89a" + b"\x21\xf9\x04" * 2, "unknown"),
        ("image/gif", b"GIF89a\x21\xf9\x04", "none"),
        ("image/png", b"\x89PNG acTL IDAT", "unknown"),
        ("image/png", b"\x89PNG IDAT acTL", "none"),
        ("image/webp", b"RIFF....WEBPVP8X..........ANIM", "unknown"),
        ("image/svg+xml", b"<svg><animate/></svg>", "unknown"),
        ("image/svg+xml", b"<svg><path/></svg>", "none"),
    ],
)
def test_what_moves_may_be_a_hazard(kind: str, content: bytes, hazard: str) -> None:
    asset = Asset(name="a", media_type=kind, screen=content, press=content, width=1, height=1)
    found = [each.value for each in statements(Survey(), (asset,), epub_sample.edition()) if "Hazard" in str(each)]
    assert found == [hazard]


def test_the_summary_says_its_language_where_it_is_not_that_of_the_publication() -> None:
    found = [e for e in package(epub_sample.right_to_left()).iter(f"{OPF}meta") if "Summary" in e.get("property", "")]
    assert dict(found[0].attrib)["{http://www.w3.org/XML/1998/namespace}lang"] == "en"
    edition = replace(epub_sample.right_to_left(), labels=dict(labels_of("ar")))
    found = [e for e in package(edition).iter(f"{OPF}meta") if "Summary" in e.get("property", "")]
    assert (found[0].text or "").startswith(labels_of("ar")["accessibility-text"])
    assert len(found[0].attrib) == 1


def test_a_vertical_publication_turns_its_pages_to_the_left_and_says_so() -> None:
    plain = epub_sample.edition()
    edition = replace(plain, metadata=replace(plain.metadata, language="ja", writing_mode="vertical-rl"))
    stream = io.BytesIO()
    write_epub(edition, stream)
    with zipfile.ZipFile(stream) as archive:
        package = archive.read("EPUB/content.opf").decode()
        style = archive.read("EPUB/css/style.css").decode()
    assert 'page-progression-direction="rtl"' in package
    assert ">verticalWriting<" in package
    assert "html { -epub-writing-mode: vertical-rl; writing-mode: vertical-rl; }" in style
