"""Pictures of the PDF say whose they are, in XMP of their own."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import etree
from pdf_sample import Printed, document, edition, paragraphs
from PIL import Image
from test_verapdf import verapdf

from pubkit.model import Article, Asset, Credit, Edition, Figure, Person, Printing, Rights, Role
from pubkit.pdf.metadata import picture_packets, xmp
from pubkit.source import Location, SourceText

AT = Location("one.md")
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "cc": "http://creativecommons.org/ns#",
}


def asset(name: str, mode: str = "RGB", format_: str = "PNG") -> Asset:
    stream = io.BytesIO()
    Image.new(mode, (64, 48), (20, 60, 90, 120)[: len(mode)]).save(stream, format_)
    content = stream.getvalue()
    kind = f"image/{format_.lower()}"
    return Asset(name=name, media_type=kind, screen=content, press=content, width=64, height=48)


def figure(image: str, credit: str = "", *names: str, licence: str = "", text: str = "") -> Figure:
    people = tuple(Credit(person=Person(name=name), role=Role(code="pht"), at=AT) for name in names)
    rights = Rights(text=text, licence=licence)
    return Figure(id=image, image=image, alt="Fog", credit=credit, people=people, rights=rights, at=AT)


def article(name: str, *figures: Figure) -> Article:
    source = SourceText(path=f"{name}.md", text="")
    return Article(id=name, title=name, language="en", body="", figures=figures, source=source)


def body(name: str, *images: str) -> str:
    shown = "".join(f'<figure><img src="{image}" alt="Fog" width="64" height="48"/></figure>' for image in images)
    return f'<h1 id="{name}">{name}</h1>{paragraphs(1)}{shown}'


def whole(**changes: Any) -> Edition:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"><path d="M0 0h64v48z"/></svg>'
    svg = Asset(name="5-line.svg", media_type="image/svg+xml", screen=drawing, press=drawing, width=64, height=48)
    images = ("1-fog.jpg", "2-sea é.png", "3-twin.png", "4-plain.png", "5-line.svg")
    made = edition(
        document("one", body("one", *images)),
        document("two", body("two", *images[:1])),
        assets=(
            asset(images[0], format_="JPEG"),
            asset(images[1], "RGBA"),
            asset(images[2]),
            asset(images[3]),
            svg,
        ),
        articles=(
            article(
                "one",
                figure(images[0], "Photo: Mary Anning", "Mary Anning", licence="CC-BY-SA-4.0"),
                figure(images[1], "Photos: A & B <Press>", "Ada Lovelace", "Ida Rhodes", text="© 2026 A & B"),
                figure(images[2], licence="CC0-1.0"),
                figure(images[4], "Drawing by Ada Lovelace", "Ada Lovelace"),
            ),
            article("two", figure(images[0], "Photo: M. Anning for Example", "Mary Anning")),
        ),
    )
    return replace(made, **changes)


def pictures(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    masks = {each.SMask.objgen for each in pdf.objects if isinstance(each, pikepdf.Stream) and "/SMask" in each}
    streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
    return [each for each in streams if each.objgen not in masks]


def said(packet: bytes) -> dict[str, list[str]]:
    """The properties of an XMP packet with their values."""
    (description,) = etree.fromstring(packet).iter(f"{{{NAMESPACES['rdf']}}}Description")
    short = {address: prefix for prefix, address in NAMESPACES.items()}
    return {
        f"{short[etree.QName(each).namespace or '']}:{etree.QName(each).localname}": [
            item.text or "" for item in each.iter(f"{{{NAMESPACES['rdf']}}}li")
        ]
        or [each.text or ""]
        for each in description
    }


@pytest.fixture(scope="module")
def printed() -> Printed:
    return Printed(whole())


def test_a_picture_says_whose_it_is(printed: Printed) -> None:
    found = [said(each.Metadata.read_bytes()) for each in pictures(printed.pdf) if "/Metadata" in each]
    assert sorted(found, key=lambda each: each["xmpRights:Marked"] + each.get("photoshop:Credit", [])) == [
        {
            "xmpRights:Marked": ["False"],
            "xmpRights:WebStatement": ["https://creativecommons.org/publicdomain/zero/1.0/"],
            "xmpRights:UsageTerms": ["CC0-1.0"],
        },
        {
            "dc:creator": ["Mary Anning"],
            "photoshop:Credit": ["Photo: Mary Anning · Photo: M. Anning for Example"],
            "xmpRights:Marked": ["True"],
            "xmpRights:WebStatement": ["https://creativecommons.org/licenses/by-sa/4.0/"],
            "xmpRights:UsageTerms": ["CC-BY-SA-4.0"],
        },
        {
            "dc:creator": ["Ada Lovelace", "Ida Rhodes"],
            "dc:rights": ["© 2026 A & B"],
            "photoshop:Credit": ["Photos: A & B <Press>"],
            "xmpRights:Marked": ["True"],
        },
    ]


def test_equal_pixels_of_two_files_are_two_pictures(printed: Printed) -> None:
    """Their makers may differ, and here do: of one nothing is known."""
    found = pictures(printed.pdf)
    assert len(found) == 4
    assert sum("/Metadata" in each for each in found) == 3


def test_a_picture_on_two_pages_is_one_object(printed: Printed) -> None:
    shown = [image.objgen for page in printed.pdf.pages for image in page.get_images().values()]
    assert len([each for each in pictures(printed.pdf) if each.get("/Filter") == "/DCTDecode"]) == 1
    assert len(set(shown)) == 4


def test_how_pictures_are_known_inside_stays_inside(printed: Printed) -> None:
    for pdf in (printed.pdf, Printed(whole(articles=())).pdf):
        assert not any("/PubkitPicture" in each for each in pictures(pdf))


def test_equal_editions_give_equal_bytes(printed: Printed) -> None:
    assert Printed(whole(), jobs=2).bytes == printed.bytes


@pytest.mark.parametrize("standard", ["PDF/X-4", "PDF/X-1a:2001"])
def test_what_is_printed_with_ink_says_nothing(standard: Any) -> None:
    press = Printed(whole(printing=Printing(purpose="press", standard=standard, condition="FOGRA39")))
    assert pictures(press.pdf)
    assert not any("/Metadata" in each or "/PubkitPicture" in each for each in pictures(press.pdf))


def test_the_cover_is_credited() -> None:
    cover = figure("1-fog.jpg", "Photo: Grace Hopper", "Grace Hopper")
    found = said(picture_packets(whole(cover_picture=cover, articles=()))["1-fog.jpg"].encode())
    assert found == {"dc:creator": ["Grace Hopper"], "photoshop:Credit": ["Photo: Grace Hopper"]}


def test_two_licences_of_one_picture_have_no_common_address() -> None:
    two = article("x", figure("1-fog.jpg", licence="CC-BY-4.0"), figure("1-fog.jpg", licence="CC0-1.0"))
    found = said(picture_packets(whole(articles=(two,)))["1-fog.jpg"].encode())
    assert found == {"xmpRights:Marked": ["True"], "xmpRights:UsageTerms": ["CC-BY-4.0, CC0-1.0"]}


def test_a_licence_leads_to_its_text_where_nobody_gave_the_address() -> None:
    made = whole()
    rights = Rights(licence="CC-BY-4.0")
    packet = xmp(replace(made, metadata=replace(made.metadata, rights=rights)), conforms=False)
    address = "https://creativecommons.org/licenses/by/4.0/"
    assert f"<xmpRights:WebStatement>{address}<" in packet
    assert f'<cc:license rdf:resource="{address}"/>' in packet
    silent = xmp(replace(made, metadata=replace(made.metadata, rights=Rights(text="© 2026"))), conforms=False)
    assert "cc:license" not in silent


@pytest.mark.slow
def test_the_file_conforms(printed: Printed, tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(printed.bytes)
    assert verapdf(tmp_path / "x.pdf") == {"x.pdf": []}
