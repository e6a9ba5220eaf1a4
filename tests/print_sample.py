"""Small PDF/X files made by hand, each good until a test breaks something, and what the preflight says of a file."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from conftest import ROOT
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image

from pubkit.check.preflight import check_pdf
from pubkit.report import Report

FONT = ROOT / "themes" / "folio" / "fonts" / "EBGaramond-Regular.ttf"
MM = 72 / 25.4
X1A, X4 = "PDF/X-1a:2001", "PDF/X-4"
PAGES = 4
TRIM = (148.0, 210.0)
BLEED = 3.0

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" xmp:CreateDate="2026-11-22T10:20:30Z">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Tide lines</rdf:li></rdf:Alt></dc:title>
<xmp:ModifyDate>2026-11-22T10:20:30Z</xmp:ModifyDate><xmp:MetadataDate>2026-11-22T10:20:30Z</xmp:MetadataDate>
<xmpMM:DocumentID>uuid:1</xmpMM:DocumentID><xmpMM:VersionID>1</xmpMM:VersionID>
<xmpMM:RenditionClass>default</xmpMM:RenditionClass>
<pdf:Trapped>False</pdf:Trapped><pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def profile(kind: bytes = b"prtr", space: bytes = b"CMYK", major: int = 2) -> bytes:
    """The header of an ICC profile and no more: that is all that is read of it."""
    header = bytearray(132)
    header[0:4] = (132).to_bytes(4, "big")
    header[8:10] = bytes((major, 0x10))
    header[12:16], header[16:20], header[36:40] = kind, space, b"acsp"
    return bytes(header)


def box(left: float, bottom: float, right: float, top: float) -> Array:
    """A box in mm."""
    return Array([round(side * MM, 4) for side in (left, bottom, right, top)])


def font(pdf: Pdf) -> Any:
    """A TrueType font, embedded whole, for WinAnsi text."""
    program = pdf.make_stream(FONT.read_bytes())
    program.Length1 = FONT.stat().st_size
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/EBGaramond-Regular"),
        Flags=32,
        FontBBox=Array([0, -300, 1000, 900]),
        ItalicAngle=0,
        Ascent=900,
        Descent=-300,
        CapHeight=650,
        StemV=80,
        FontFile2=program,
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.TrueType,
            BaseFont=Name("/EBGaramond-Regular"),
            FirstChar=32,
            LastChar=255,
            Widths=Array([450] * 224),
            Encoding=Name.WinAnsiEncoding,
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )


def image(pdf: Pdf, width: int = 600, height: int = 400, ink: tuple[int, ...] = (60, 40, 40, 20)) -> Stream:
    """An image of one colour, in CMYK, its ink in per cent."""
    pixel = bytes(round(each * 255 / 100) for each in ink)
    stream = pdf.make_stream(zlib.compress(pixel * (width * height)), Filter=Name.FlateDecode)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = width, height, 8
    stream.ColorSpace = Name.DeviceCMYK
    return stream


def jpeg(mode: str = "RGB") -> bytes:
    """A small JPEG file."""
    stream = io.BytesIO()
    Image.new(mode, (600, 400)).save(stream, "JPEG")
    return stream.getvalue()


def content(number: int) -> bytes:
    """Two lines in black, a photograph at 300 ppi, a rule of half a point, and a ground that bleeds on all sides."""
    wide, high = TRIM[0] + 2 * BLEED, TRIM[1] + 2 * BLEED
    return (
        f"q 0.1 0 0.1 0 k 0 0 {wide * MM:.3f} {high * MM:.3f} re f Q\n"
        f"0 0 0 1 k 0 0 0 1 K BT /F1 10 Tf {30 * MM:.3f} {150 * MM:.3f} Td (Page {number}, and words.) Tj "
        "0 -14 Td [(More) -250 (words)] TJ ET\n"
        f"q 144 0 0 96 {40 * MM:.3f} {60 * MM:.3f} cm /Im1 Do Q\n"
        f"0.5 w {30 * MM:.3f} {50 * MM:.3f} m {90 * MM:.3f} {50 * MM:.3f} l S\n"
    ).encode("ascii")


def good(standard: str = X4, pages: int = PAGES) -> Pdf:
    """A file in which nothing is wrong."""
    pdf = Pdf.new()
    shared, picture = font(pdf), image(pdf)
    for number in range(1, pages + 1):
        pdf.add_blank_page(page_size=((TRIM[0] + 2 * BLEED) * MM, (TRIM[1] + 2 * BLEED) * MM))
        page = pdf.pages[-1].obj
        page.MediaBox = box(0, 0, TRIM[0] + 2 * BLEED, TRIM[1] + 2 * BLEED)
        page.BleedBox = box(0, 0, TRIM[0] + 2 * BLEED, TRIM[1] + 2 * BLEED)
        page.TrimBox = box(BLEED, BLEED, TRIM[0] + BLEED, TRIM[1] + BLEED)
        page.Resources = Dictionary(Font=Dictionary(F1=shared), XObject=Dictionary(Im1=picture))
        page.Contents = pdf.make_stream(content(number))
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String("FOGRA39"),
        RegistryName=String("http://www.color.org"),
        Info=String("Coated FOGRA39"),
        DestOutputProfile=pdf.make_stream(profile(), N=4),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String("Tide lines"),
            CreationDate=String("D:20261122102030Z"),
            ModDate=String("D:20261122102030Z"),
            Trapped=Name("/False"),
        )
    )
    if standard == X1A:
        pdf.trailer.Info.GTS_PDFXVersion = String("PDF/X-1:2001")
        pdf.trailer.Info.GTS_PDFXConformance = String("PDF/X-1a:2001")
    else:
        pdf.Root.Metadata = pdf.make_stream(XMP.encode("utf-8"), Type=Name.Metadata, Subtype=Name.XML)
    return pdf


def written(pdf: Pdf, path: Path, standard: str = X4, change: Callable[[bytes], bytes] = bytes, **options: Any) -> Path:
    """The file on the disk, in the version of its standard; `change` may break its bytes."""
    options.setdefault("force_version", "1.3" if standard == X1A else "1.6")
    options.setdefault("object_stream_mode", pikepdf.ObjectStreamMode.disable)
    if "encryption" not in options:  # filters stay as they are
        options |= {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "compress_streams": False}
    stream = io.BytesIO()
    pdf.save(stream, deterministic_id="encryption" not in options, fix_metadata_version=False, **options)
    path.write_bytes(change(stream.getvalue()))
    return path


def report_of(path: Path, purpose: str = "") -> Report:
    report = Report()
    check_pdf(path, report, purpose=purpose, jobs=0)
    return report


def found(path: Path, purpose: str = "") -> list[tuple[str, str]]:
    """The rules that found something, with their severity; not infos."""
    diagnostics = report_of(path, purpose).diagnostics
    told = [(rule_of(each.message), str(each.severity)) for each in diagnostics if each.severity != "info"]
    return list(dict.fromkeys(told))


def rule_of(message: str) -> str:
    return message.partition(": ")[0].partition(", ")[2]


def ids(path: Path, purpose: str = "") -> set[str]:
    return {rule for rule, _ in found(path, purpose)}


def messages(path: Path, rule: str, purpose: str = "") -> list[str]:
    """What a rule says of a file."""
    return [each.message for each in report_of(path, purpose).diagnostics if rule_of(each.message) == rule]
