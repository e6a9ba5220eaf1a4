"""What an image file says about who made it and under what terms: read from XMP, IPTC-IIM and EXIF.

The order of the three is that of the IPTC Photo Metadata mapping guidelines: XMP, then IIM, then EXIF. All of it is
somebody's bytes: bounded in size, and what cannot be read says nothing.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lxml import etree

from pubkit.licences import licence_at
from pubkit.model import ImageCredit, Rights

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_XMP = 1_000_000  # bytes; a packet in a JPEG has 65 kB at most (XMP part 3, section 1.1.3)
MAX_IIM_FIELDS = 1000
LONGEST_NAME = 120  # characters; what is longer is a text and no name
LONGEST_TEXT = 500  # characters of a credit line or of a statement of rights
MOST_NAMES = 12

# What broken EXIF makes Pillow raise.
_EXIF_ERRORS = (OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, struct.error)

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CREDIT = "{http://ns.adobe.com/photoshop/1.0/}Credit"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_RIGHTS = "{http://purl.org/dc/elements/1.1/}rights"
_LICENCES = ("{http://ns.adobe.com/xap/1.0/rights/}WebStatement", "{http://creativecommons.org/ns#}license")

_BYLINE, _CREDIT_LINE, _COPYRIGHT = (2, 80), (2, 110), (2, 116)  # IPTC-IIM 4.2, record and data set
_CHARACTERS, _UTF_8 = (1, 90), b"\x1b%G"

_ARTIST, _COPYRIGHT_TAG, _EXIF_IFD = 0x013B, 0x8298, 0x8769  # EXIF 2.32
_EXPOSURE = (0x829A, 0x829D)  # exposure time and f-number: what a camera writes, and no scanner or drawing program
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # would turn the text around them


def pixels_credit(image: Image) -> ImageCredit:
    """What a file of pixels, loaded, says in XMP, else in IIM, else in EXIF, fact by fact. Raises nothing."""
    xmp = _xmp(image.info.get("xmp"))
    iim = _iim(_iim_block(image))
    exif, camera = _exif(image)
    return ImageCredit(
        line=xmp.line or iim.line,
        creators=xmp.creators or iim.creators or exif.creators,
        rights=Rights(
            text=xmp.rights.text or iim.rights.text or exif.rights.text,
            licence=xmp.rights.licence,
            url=xmp.rights.url,
        ),
        camera=camera,
    )


def tree_credit(tree: etree._Element) -> ImageCredit:
    """What RDF somewhere in a tree says: an XMP packet, or the metadata of an SVG.

    Only the descriptions right inside it are read: those further down are about pictures that went into this one.
    """
    rdf = next(tree.iter(f"{_RDF}RDF"), None)
    found: dict[str, list[tuple[str, str]]] = {}
    for description in rdf if rdf is not None else ():
        for key, value in description.attrib.items():
            found.setdefault(str(key), []).append(("", str(value)))
        for element in description:
            if isinstance(element.tag, str):
                found.setdefault(element.tag, []).extend(_values(element))
    url = _first(_address(value) for key in _LICENCES for _, value in found.get(key, ()))
    rights = sorted(found.get(_RIGHTS, ()), key=lambda value: value[0] != "x-default")
    return ImageCredit(
        line=_first(_text(value) for _, value in found.get(_CREDIT, ())),
        creators=_names(value for _, value in found.get(_CREATOR, ())),
        rights=Rights(text=_first(_text(value) for _, value in rights), licence=licence_at(url), url=url),
    )


def _xmp(packet: object) -> ImageCredit:
    if isinstance(packet, str):
        packet = packet.encode("utf-8", "replace")
    if not isinstance(packet, bytes) or len(packet) > MAX_XMP:
        return ImageCredit()
    # In a file of another format than JPEG the packet may end in zeros. No XMP has a document type.
    packet = packet.strip(b"\0 \t\r\n")
    if b"\0" in packet or b"<!DOCTYPE" in packet:
        return ImageCredit()
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return tree_credit(etree.fromstring(packet, parser))
    except etree.XMLSyntaxError:
        return ImageCredit()


def _values(element: etree._Element) -> list[tuple[str, str]]:
    """(language, text) of a property: of the items of its array (Seq, Bag, Alt), else of the property itself."""
    items = [item for array in element for item in array if item.tag == f"{_RDF}li"] or [element]
    return [(item.get(_LANG, ""), item.get(f"{_RDF}resource") or "".join(map(str, item.itertext()))) for item in items]


def _iim_block(image: Image) -> bytes:
    """The bytes of IPTC-IIM in a JPEG (Photoshop's resource 0x0404) or a TIFF (tag 33723); empty without them."""
    photoshop = image.info.get("photoshop")
    block = photoshop.get(0x0404) if isinstance(photoshop, Mapping) else None
    tags = getattr(image, "tag_v2", None)
    if tags is not None:
        # Photoshop says that the bytes are numbers, and Pillow gives the first of them only.
        block = getattr(tags, "_tagdata", {}).get(33723)
    return block if isinstance(block, bytes) else b""


def _iim(block: bytes) -> ImageCredit:
    """What a block of IIM says; reading ends where it is damaged (IPTC-IIM 4.2, section 1.5: 0x1C, record, number)."""
    found: dict[tuple[int, int], list[bytes]] = {}
    at = 0
    for _ in range(MAX_IIM_FIELDS):
        size = int.from_bytes(block[at + 3 : at + 5], "big")
        if block[at : at + 1] != b"\x1c" or at + 5 + size > len(block):  # an extended size has its highest bit set
            break
        found.setdefault((block[at + 1], block[at + 2]), []).append(block[at + 5 : at + 5 + size])
        at += 5 + size
    decode = _utf_8 if found.get(_CHARACTERS) == [_UTF_8] else _latin_1
    texts = {key: [decode(value) for value in values] for key, values in found.items()}
    return ImageCredit(
        line=_first(map(_text, texts.get(_CREDIT_LINE, ()))),
        creators=_names(texts.get(_BYLINE, ())),
        rights=Rights(text=_first(map(_text, texts.get(_COPYRIGHT, ())))),
    )


def _exif(image: Image) -> tuple[ImageCredit, bool]:
    """What EXIF says, and whether a camera wrote it."""
    try:
        exif = image.getexif()
        artist, copyright_ = _ascii(exif.get(_ARTIST)), _ascii(exif.get(_COPYRIGHT_TAG))
        own = exif.get_ifd(_EXIF_IFD)
        camera = any(tag in own for tag in _EXPOSURE)
    except _EXIF_ERRORS:
        return ImageCredit(), False
    # EXIF 2.32, tag 0x8298: the photographer's copyright, a zero byte, the editor's.
    holders = [part for part in map(_text, copyright_.split("\0")) if part]
    return ImageCredit(creators=_names([artist]), rights=Rights(text="; ".join(holders))), camera


def _ascii(value: object) -> str:
    """A text of EXIF: ASCII by the standard, UTF-8 in fact; Pillow gives it as Latin-1."""
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def _utf_8(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _latin_1(value: bytes) -> str:
    return value.decode("latin-1")


def _names(values: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the file, each once; one value may hold several, parted by semicolons."""
    names = (_text(name, LONGEST_NAME) for value in values if len(value) <= LONGEST_TEXT for name in value.split(";"))
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_NAMES]


def _text(value: str, longest: int = LONGEST_TEXT) -> str:
    """A text on one line, without control characters and direction marks; empty for one that is too long."""
    if len(value) > 4 * LONGEST_TEXT:
        return ""
    kept = (
        character if character.isspace() or unicodedata.category(character) not in ("Cc", "Cs", "Co", "Cn") else ""
        for character in value
        if character not in _TURNING and character != "\ufffd"
    )
    text = " ".join(unicodedata.normalize("NFC", "".join(kept)).split())
    return text if len(text) <= longest else ""


def _address(value: str) -> str:
    """An address of the web; empty for anything else."""
    text = _text(value)
    return text if re.fullmatch(r"https?://[^\s<>\"]+", text, re.IGNORECASE) else ""


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")
