"""What the finished file says about itself: document information and XMP, which say the same."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from html import escape

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pubkit.credits import contributors, creators
from pubkit.ledger import pictures
from pubkit.licences import Terms, licence_url, terms_of
from pubkit.model import Edition, Figure, Printing, Rights
from pubkit.pdf.colour import srgb_profile
from pubkit.pdf.prepress import condition_of, may_embed, profile_of
from pubkit.stages.metadata import EARLIEST

PRODUCER = "pubkit"

_W3C = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


_DC, _RIGHTS = "http://purl.org/dc/elements/1.1/", "http://ns.adobe.com/xap/1.0/rights/"
_PDFA, _PDFUA = "http://www.aiim.org/pdfa/ns", "http://www.aiim.org/pdfua/ns/id/"


def _schema(name: str, uri: str, prefix: str, properties: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>{name}</pdfaSchema:schema>'
        f"<pdfaSchema:namespaceURI>{uri}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _property(name: str, kind: str, category: str, description: str) -> str:
    return (
        f'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>{name}</pdfaProperty:name>'
        f"<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{description}</pdfaProperty:description></rdf:li>"
    )


# PDF/A-2a (ISO 19005-2, 6.6.4) and PDF/UA-1 (ISO 14289-1, 5). PDF/A wants every property that it does not know itself
# described (6.6.2.3), in the same rdf:RDF.
_IDENTIFICATION = (
    f'<rdf:Description rdf:about="" xmlns:pdfaid="{_PDFA}/id/" xmlns:pdfuaid="{_PDFUA}">\n'
    "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>A</pdfaid:conformance>\n<pdfuaid:part>1</pdfuaid:part>\n"
    "</rdf:Description>\n"
    f'<rdf:Description rdf:about="" xmlns:pdfaExtension="{_PDFA}/extension/" xmlns:pdfaSchema="{_PDFA}/schema#" '
    f'xmlns:pdfaProperty="{_PDFA}/property#">\n<pdfaExtension:schemas><rdf:Bag>\n'
    + _schema(
        "PDF/UA identification schema",
        _PDFUA,
        "pdfuaid",
        _property("part", "Integer", "internal", "The part of ISO 14289 to which the file conforms"),
    )
    + "\n"
    + _schema(
        "Creative Commons schema",
        "http://creativecommons.org/ns#",
        "cc",
        _property("license", "URL", "external", "The licence under which the work may be used"),
    )
    + "\n</rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n"
)


_PDFX_1A = {"/GTS_PDFXVersion": "PDF/X-1:2001", "/GTS_PDFXConformance": "PDF/X-1a:2001"}  # ISO 15930-1, 6.5


def _pdfx_4(edition: Edition) -> str:
    """What says that a file is PDF/X-4 (ISO 15930-7, 6.13), and which document it is; the same for equal editions."""
    metadata = edition.metadata
    named = [metadata.title, *(each.value for each in metadata.identifiers), metadata.number, edition.printing.purpose]
    document = uuid.uuid5(uuid.NAMESPACE_URL, f"pubkit:{named!r}")
    return (
        '<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" '
        'xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">\n'
        "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n<pdf:Trapped>False</pdf:Trapped>\n"
        f"<xmpMM:DocumentID>uuid:{document}</xmpMM:DocumentID>\n<xmpMM:VersionID>1</xmpMM:VersionID>\n"
        "<xmpMM:RenditionClass>default</xmpMM:RenditionClass>\n</rdf:Description>\n"
    )


def describe(target: Pdf, edition: Edition, *, conforms: bool) -> None:
    """Write the information dictionary, the XMP packet, the language, the colours and how viewers open the file.

    A file that `conforms` says that it is PDF/A-2a and PDF/UA-1; one for the press says which PDF/X it is. PDF/X-1a is
    PDF 1.3, which knows neither XMP nor languages.
    """
    metadata, printing = edition.metadata, edition.printing
    modified = last_change(edition)
    fields = {
        "/Title": metadata.title,
        "/Author": ", ".join(creators(metadata.credits, edition.credits)),
        "/Subject": metadata.description,
        "/Keywords": ", ".join(metadata.subjects),
        "/Creator": PRODUCER,
        "/Producer": PRODUCER,
        "/CreationDate": pdf_date(modified),
        "/ModDate": pdf_date(modified),
        **(_PDFX_1A if printing.standard == "PDF/X-1a:2001" else {}),
    }
    for key, value in fields.items():
        if value:
            target.docinfo[key] = String(value)
    root, viewer = target.Root, Dictionary()
    if printing.standard != "PDF/X-1a:2001":
        packet = xmp(edition, conforms=conforms).encode()
        root.Metadata = target.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
        root.Lang = String(metadata.language)
        viewer.DisplayDocTitle = True
    if metadata.direction == "rtl":
        viewer.Direction = Name.R2L
    if viewer:
        root.ViewerPreferences = viewer
    if printing.press:
        target.docinfo["/Trapped"] = Name("/False")
    root.OutputIntents = Array([_printing_condition(target, printing) if printing.press else _output_intent(target)])


def last_change(edition: Edition) -> str:
    """When the publication was last changed. PDF/X must say so: what nobody said is the earliest date there is."""
    metadata = edition.metadata
    return metadata.modified or (metadata.date or f"{EARLIEST}T00:00:00Z" if edition.printing.press else "")


def _output_intent(target: Pdf) -> Object:
    """What the colours mean (ISO 19005-2, 6.2.3): sRGB, by the profile that comes with WeasyPrint."""
    profile = srgb_profile()
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        RegistryName=String("http://www.color.org"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=target.make_indirect(target.make_stream(profile, N=3)),
    )


def _printing_condition(target: Pdf, printing: Printing) -> Object:
    """What the colours are meant for (ISO 32000-1, 14.11.5): a printing condition, registered where it has a name."""
    name, description = condition_of(printing)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=String(name or "Custom"),
        Info=String(description or "Custom"),
    )
    if name:
        intent.RegistryName = String("http://www.color.org")
    if may_embed(printing):
        intent.DestOutputProfile = target.make_indirect(target.make_stream(profile_of(printing), N=4))
    return intent


def pdf_date(w3cdtf: str) -> str:
    """A date as ISO 32000-2, 7.9.4 writes it; empty for what is not a W3C-DTF date."""
    found = _W3C.fullmatch(w3cdtf)
    if not found:
        return ""
    year, month, day, hour, minute, second, zone = found.groups()
    date = f"D:{year}{month or ''}{day or ''}"
    if not hour:
        return date
    return f"{date}{hour}{minute}{second or '00'}" + ("Z" if zone in (None, "Z") else f"{zone[:3]}'{zone[4:]}'")


def xmp(edition: Edition, *, conforms: bool) -> str:
    """The XMP packet (ISO 16684-1); written by hand, for its bytes must depend on the edition alone."""
    metadata, rights = edition.metadata, edition.metadata.rights
    address = rights.url or licence_url(rights.licence)
    modified = last_change(edition)
    identifiers = [each.value for each in metadata.identifiers if each.format in ("", "pdf")]
    parts = [
        _language_alternative("dc:title", metadata.title),
        _bag("dc:creator", creators(metadata.credits, edition.credits), "Seq"),
        _bag("dc:contributor", contributors(metadata.credits, edition.credits), "Bag"),
        _language_alternative("dc:description", metadata.description),
        _bag("dc:subject", metadata.subjects, "Bag"),
        _bag("dc:publisher", (metadata.publisher,), "Bag"),
        _bag("dc:language", (metadata.language,), "Bag"),
        _bag("dc:date", (metadata.date,), "Seq"),
        _simple("dc:identifier", identifiers[0] if identifiers else ""),
        _simple("dc:format", "application/pdf"),
        _language_alternative("dc:rights", rights.text),
        _simple("xmpRights:Marked", "True" if rights.text or rights.licence else ""),
        _simple("xmpRights:WebStatement", address),
        f'<cc:license rdf:resource="{escape(address)}"/>' if rights.licence and address else "",
        _simple("pdf:Keywords", ", ".join(metadata.subjects)),
        _simple("pdf:Producer", PRODUCER),
        _simple("xmp:CreatorTool", PRODUCER),
        _simple("xmp:CreateDate", modified),
        _simple("xmp:ModifyDate", modified),
        _simple("xmp:MetadataDate", modified),
    ]
    claims = _pdfx_4(edition) if edition.printing.press else _IDENTIFICATION if conforms else ""
    namespaces = {
        "dc": _DC,
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "xmpRights": _RIGHTS,
        "pdf": "http://ns.adobe.com/pdf/1.3/",
        "cc": "http://creativecommons.org/ns#",
    }
    return _packet(_description("\n".join(part for part in parts if part), namespaces) + claims)


def picture_packets(edition: Edition) -> dict[str, str]:
    """The XMP packets of the pictures of which something is known, by the names of their assets.

    All properties are among those that PDF/A-2 knows (ISO 19005-2, 6.6.2.3.1, and XMP 2005). A picture that is shown
    twice is credited to all whom any place names. What is printed with ink says nothing of the kind.
    """
    if edition.printing.press:
        return {}
    shown: dict[str, list[Figure]] = {}
    cover = (edition.cover_picture,) if edition.cover_picture else ()
    for figure in (*cover, *(each for article in edition.articles for each in pictures(article))):
        shown.setdefault(figure.image, []).append(figure)
    packets = {name: _picture_xmp(figures) for name, figures in shown.items()}
    return {name: packet for name, packet in packets.items() if packet}


def _picture_xmp(figures: Sequence[Figure]) -> str:
    people = dict.fromkeys(credit.person.name for figure in figures for credit in figure.people)
    credits_ = dict.fromkeys(figure.credit for figure in figures if figure.credit)
    stated = dict.fromkeys(figure.rights for figure in figures if figure.rights != Rights())
    addresses = {rights.url or licence_url(rights.licence) for rights in stated}
    licences = dict.fromkeys(rights.licence for rights in stated if rights.licence)
    free = bool(licences) and all(terms_of(licence) == Terms() for licence in licences)
    parts = [
        _bag("dc:creator", tuple(people), "Seq"),
        _language_alternative("dc:rights", " · ".join(dict.fromkeys(rights.text for rights in stated if rights.text))),
        _simple("photoshop:Credit", " · ".join(credits_)),
        _simple("xmpRights:Marked", ("False" if free else "True") if stated else ""),
        _simple("xmpRights:WebStatement", addresses.pop() if len(addresses) == 1 else ""),
        _language_alternative("xmpRights:UsageTerms", ", ".join(licences)),
    ]
    body = "\n".join(part for part in parts if part)
    namespaces = {"dc": _DC, "photoshop": "http://ns.adobe.com/photoshop/1.0/", "xmpRights": _RIGHTS}
    return _packet(_description(body, namespaces)) if body else ""


def _description(body: str, namespaces: Mapping[str, str]) -> str:
    named = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in namespaces.items())
    return f'<rdf:Description rdf:about="" {named}>\n{body}\n</rdf:Description>\n'


def _packet(descriptions: str) -> str:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'{descriptions}</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
    )


def _simple(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else ""


def _bag(name: str, values: Sequence[str], kind: str) -> str:
    items = "".join(f"<rdf:li>{escape(value)}</rdf:li>" for value in values if value)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>" if items else ""


def _language_alternative(name: str, value: str) -> str:
    if not value:
        return ""
    return f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li></rdf:Alt></{name}>'
