"""Credits in image files, all of them made here: EXIF by Pillow, IIM and XMP byte by byte."""

import io
import struct
import zlib

import pytest
from PIL import Image

from pubkit.images import make_picture
from pubkit.licences import licence_at, licence_url
from pubkit.model import ImageCredit, Rights

UTF_8 = b"\x1b%G"
NAMESPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
    'xmlns:cc="http://creativecommons.org/ns#" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'
)
ADA = "<dc:creator><rdf:Seq><rdf:li>Ada Lovelace</rdf:li></rdf:Seq></dc:creator>"


def saved(kind: str = "JPEG", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (16, 8), "teal").save(stream, kind, **options)
    return stream.getvalue()


def exif(artist: str | bytes = "", copyright_: str | bytes = "", *, exposed: bool = False) -> Image.Exif:
    found = Image.Exif()
    if artist:
        found[0x013B] = artist
    if copyright_:
        found[0x8298] = copyright_
    if exposed:
        found.get_ifd(0x8769)[0x829A] = (1, 250)
    return found


def field(record: int, number: int, value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, record, number, len(value)) + value


def with_iim(content: bytes, block: bytes) -> bytes:
    """A JPEG with IIM in Photoshop's resource 0x0404 of an APP13 segment."""
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    segment = b"Photoshop 3.0\0" + resource
    return content[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + content[2:]


def packet(properties: str, attributes: str = "") -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {NAMESPACES}><rdf:Description rdf:about="" {attributes}>{properties}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def with_xmp(content: bytes, xmp: bytes) -> bytes:
    """A JPEG with XMP in an APP1 segment, or a PNG with XMP in an iTXt chunk at its end."""
    if content.startswith(b"\xff\xd8"):
        segment = b"http://ns.adobe.com/xap/1.0/\0" + xmp
        return content[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + content[2:]
    chunk = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + xmp
    whole = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    end = content.rindex(b"IEND") - 4
    return content[:end] + whole + content[end:]


def credit(content: bytes) -> ImageCredit:
    return make_picture(content).credit


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_exif_names_artist_and_copyright(kind: str) -> None:
    found = credit(saved(kind, exif=exif("Ada Lovelace; Mary Anning;", "© 2026 Ada Lovelace".encode())))
    assert found.creators == ("Ada Lovelace", "Mary Anning")
    assert found.rights.text == "© 2026 Ada Lovelace"
    assert not found.camera


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_exposure_makes_a_photograph(kind: str) -> None:
    assert credit(saved(kind, exif=exif("Ada Lovelace", exposed=True))).camera
    assert not credit(saved(kind)).camera


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Émilie".encode(), "Émilie"),
        ("Émilie".encode("latin-1"), "Émilie"),
        (b"Ada\0Saltmarsh Press", "Ada; Saltmarsh Press"),
        (b" \0Saltmarsh Press", "Saltmarsh Press"),
        (b"        ", ""),
    ],
)
def test_copyright_of_exif(written: bytes, read: str) -> None:
    assert credit(saved(exif=exif(copyright_=written))).rights.text == read


@pytest.mark.parametrize(("marker", "encoding"), [(field(1, 90, UTF_8), "utf-8"), (b"", "latin-1")])
def test_iim(marker: bytes, encoding: str) -> None:
    block = marker + b"".join(
        [
            field(2, 80, "Émilie du Châtelet".encode(encoding)),
            field(2, 80, b"Mary Anning"),
            field(2, 110, "Anning / Café".encode(encoding)),
            field(2, 116, "© Café".encode(encoding)),
        ]
    )
    assert credit(with_iim(saved(), block)) == ImageCredit(
        line="Anning / Café", creators=("Émilie du Châtelet", "Mary Anning"), rights=Rights(text="© Café")
    )


@pytest.mark.parametrize(("kind", "size"), [(7, 1), (4, 4)])
def test_iim_of_a_tiff(kind: int, size: int) -> None:
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    block = field(2, 80, b"Mary Anning")
    tags = ImageFileDirectory_v2()
    tags.tagtype[33723] = 7
    tags[33723] = block
    content = saved("TIFF", tiffinfo=tags)
    entry = struct.pack("<HHI", 33723, 7, len(block))
    assert len(block) % 4 == 0
    assert entry in content
    content = content.replace(entry, struct.pack("<HHI", 33723, kind, len(block) // size))  # undefined, or long
    assert credit(content).creators == ("Mary Anning",)


def test_of_damaged_iim_the_whole_fields_count() -> None:
    good = field(2, 80, b"Mary Anning")
    for bad in (b"\x1c\x02\x74\xff\xff\0\0", b"\x1c\x02", b"junk", field(2, 116, b"x")[:-1]):
        assert credit(with_iim(saved(), good + bad)) == ImageCredit(creators=("Mary Anning",))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_xmp(kind: str) -> None:
    xmp = packet(
        "<dc:creator><rdf:Seq><rdf:li>Ada Lovelace</rdf:li><rdf:li>Mary  Anning</rdf:li></rdf:Seq></dc:creator>"
        '<dc:rights><rdf:Alt><rdf:li xml:lang="de">© Salz</rdf:li><rdf:li xml:lang="x-default">© Salt</rdf:li>'
        "</rdf:Alt></dc:rights><xmpRights:WebStatement>"
        "https://creativecommons.org/licenses/by-sa/4.0/</xmpRights:WebStatement>",
        'photoshop:Credit="Anning &amp; Lovelace"',
    )
    content = with_xmp(saved(kind), xmp)
    assert credit(content) == ImageCredit(
        line="Anning & Lovelace",
        creators=("Ada Lovelace", "Mary Anning"),
        rights=Rights(text="© Salt", licence="CC-BY-SA-4.0", url="https://creativecommons.org/licenses/by-sa/4.0/"),
    )
    assert b"Lovelace" not in make_picture(content).press


@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_xmp_of_other_formats(kind: str) -> None:
    assert credit(saved(kind, xmp=packet(ADA))).creators == ("Ada Lovelace",)


def test_xmp_stands_over_iim_and_iim_over_exif() -> None:
    plain = saved(exif=exif("E", "(c) E"))
    iim = with_iim(plain, field(2, 80, b"I") + field(2, 110, b"I line") + field(2, 116, b"I rights"))
    assert credit(plain) == ImageCredit(creators=("E",), rights=Rights(text="(c) E"))
    assert credit(iim) == ImageCredit(line="I line", creators=("I",), rights=Rights(text="I rights"))
    both = credit(with_xmp(iim, packet("<photoshop:Credit>X line</photoshop:Credit>" + ADA)))
    assert both == ImageCredit(line="X line", creators=("Ada Lovelace",), rights=Rights(text="I rights"))


def test_xmp_speaks_of_this_picture_only() -> None:
    other = f'<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description rdf:about="">{ADA}</rdf:Description></rdf:li></rdf:Bag>'
    assert credit(with_xmp(saved(), packet(other + "</xmpMM:Pantry>"))) == ImageCredit()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "example.org", "https://a b", 'https://a.org/"x', ""])
def test_only_addresses_of_the_web_count(address: str) -> None:
    xmp = packet(f"<xmpRights:WebStatement>{address}</xmpRights:WebStatement>")
    assert credit(with_xmp(saved(), xmp)).rights == Rights()


@pytest.mark.parametrize(
    "xmp",
    [
        b"",
        b"\xff\xfe",
        b"<rdf:RDF>",
        packet(ADA)[:-40],
        packet(ADA).replace(b"</x:xmpmeta>", b""),
        b'<!DOCTYPE x [<!ENTITY a "Ada">]><x>&a;</x>',
        b"<!DOCTYPE x>" + packet(ADA),
        packet(ADA).decode().encode("utf-16"),
        packet(ADA.replace("Ada Lovelace", "&ada;")),
        packet("<a>" * 5000 + "</a>" * 5000),
    ],
)
def test_broken_xmp_says_nothing(xmp: bytes) -> None:
    assert credit(with_xmp(saved(), xmp)) == ImageCredit()


@pytest.mark.parametrize(
    "bad",
    [b"Exif\0\0MM\0*\0\0\0\x08\0\x09broken", b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0" + b"\xff" * 99],
)
def test_broken_exif_says_nothing(bad: bytes) -> None:
    assert credit(saved(exif=bad)) == ImageCredit()


def test_what_is_no_name_is_left_out() -> None:
    names = ["x" * 121, " ", "Ada\u202eLovelace\x07", *(f"N{number}" for number in range(30))]
    items = "".join(f"<rdf:li>{name}</rdf:li>" for name in names if "\x07" not in name)
    found = credit(with_xmp(saved("PNG"), packet(f"<dc:creator><rdf:Seq>{items}</rdf:Seq></dc:creator>")))
    assert found.creators == tuple(f"N{number}" for number in range(12))
    assert credit(saved(exif=exif("Ada\u202eLovelace\x07\x1b".encode()))).creators == ("AdaLovelace",)
    assert credit(saved(exif=exif(copyright_="x" * 501))).rights.text == ""


def test_too_much_xmp_is_not_read() -> None:
    assert credit(with_xmp(saved("PNG"), packet(ADA) + b" " * 900_000)).creators == ("Ada Lovelace",)
    assert credit(with_xmp(saved("PNG"), packet(ADA) + b" " * 1_000_000)).creators == ()


def test_an_svg_says_it_in_rdf() -> None:
    work = (
        '<cc:Work rdf:about=""><dc:creator><cc:Agent><dc:title> Ida\nRhodes </dc:title></cc:Agent></dc:creator>'
        '<cc:license rdf:resource="http://creativecommons.org/publicdomain/zero/1.0/"/></cc:Work>'
    )
    picture = make_picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><metadata><rdf:RDF {NAMESPACES}>{work}</rdf:RDF>'
        '</metadata><rect width="9" height="9"/></svg>'.encode()
    )
    assert picture.credit.creators == ("Ida Rhodes",)
    assert picture.credit.rights.licence == "CC0-1.0"
    assert b"Ida" not in picture.press


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "CC-BY-NC-SA-3.0", "CC-BY-ND-2.5", "CC0-1.0"])
def test_licences_are_known_by_their_addresses(licence: str) -> None:
    assert licence_at(licence_url(licence)) == licence
    assert licence_at(licence_url(licence) + "deed.fr") == licence


def test_other_addresses_are_no_licence() -> None:
    for address in ("https://example.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by/4.0.1/", ""):
        assert licence_at(address) == ""
