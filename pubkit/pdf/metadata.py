"""What the finished file says about itself: document information and XMP, which say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from pubkit.model import Edition

PRODUCER = "pubkit"

_W3C = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


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


def authors(edition: Edition) -> tuple[str, ...]:
    """Names to give as authors: those of the publication as a whole, else those of its articles, once each."""
    for named, roles in (
        (edition.metadata.credits, ("aut", "cre")),
        (edition.credits, ("aut",)),
        (edition.credits, ("cre",)),
    ):
        names = tuple(dict.fromkeys(each.person.name for each in named if each.role.code in roles))
        if names:
            return names
    return ()


def contributors(edition: Edition) -> tuple[str, ...]:
    """Names of everybody else who is credited, once each."""
    named = dict.fromkeys(each.person.name for each in edition.credits)
    return tuple(name for name in named if name not in authors(edition))


def describe(target: Pdf, edition: Edition, *, conforms: bool) -> None:
    """Write the information dictionary, the XMP packet, the language, the colours and how viewers open the file.

    A file that `conforms` says that it is PDF/A-2a and PDF/UA-1.
    """
    metadata = edition.metadata
    fields = {
        "/Title": metadata.title,
        "/Author": ", ".join(authors(edition)),
        "/Subject": metadata.description,
        "/Keywords": ", ".join(metadata.subjects),
        "/Creator": PRODUCER,
        "/Producer": PRODUCER,
        "/CreationDate": pdf_date(metadata.modified),
        "/ModDate": pdf_date(metadata.modified),
    }
    for key, value in fields.items():
        if value:
            target.docinfo[key] = String(value)
    root = target.Root
    root.Metadata = target.make_stream(xmp(edition, conforms=conforms).encode(), Type=Name.Metadata, Subtype=Name.XML)
    root.Lang = String(metadata.language)
    viewer = Dictionary(DisplayDocTitle=True)
    if metadata.direction == "rtl":
        viewer.Direction = Name.R2L
    root.ViewerPreferences = viewer
    root.OutputIntents = Array([_output_intent(target)])


def _output_intent(target: Pdf) -> Object:
    """What the colours mean (ISO 19005-2, 6.2.3): sRGB, by the profile that comes with WeasyPrint."""
    profile = files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes()
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        RegistryName=String("http://www.color.org"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=target.make_indirect(target.make_stream(profile, N=3)),
    )


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
    identifiers = [each.value for each in metadata.identifiers if each.format in ("", "pdf")]
    parts = [
        _language_alternative("dc:title", metadata.title),
        _bag("dc:creator", authors(edition), "Seq"),
        _bag("dc:contributor", contributors(edition), "Bag"),
        _language_alternative("dc:description", metadata.description),
        _bag("dc:subject", metadata.subjects, "Bag"),
        _bag("dc:publisher", (metadata.publisher,), "Bag"),
        _bag("dc:language", (metadata.language,), "Bag"),
        _bag("dc:date", (metadata.date,), "Seq"),
        _simple("dc:identifier", identifiers[0] if identifiers else ""),
        _simple("dc:format", "application/pdf"),
        _language_alternative("dc:rights", rights.text),
        _simple("xmpRights:Marked", "True" if rights.text or rights.licence else ""),
        _simple("xmpRights:WebStatement", rights.url),
        f'<cc:license rdf:resource="{escape(rights.url)}"/>' if rights.licence and rights.url else "",
        _simple("pdf:Keywords", ", ".join(metadata.subjects)),
        _simple("pdf:Producer", PRODUCER),
        _simple("xmp:CreatorTool", PRODUCER),
        _simple("xmp:CreateDate", metadata.modified),
        _simple("xmp:ModifyDate", metadata.modified),
        _simple("xmp:MetadataDate", metadata.modified),
    ]
    body = "\n".join(part for part in parts if part)
    claims = _IDENTIFICATION if conforms else ""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
        'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:cc="http://creativecommons.org/ns#">\n'
        f'{body}\n</rdf:Description>\n{claims}</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
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
