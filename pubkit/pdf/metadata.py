"""What the finished file says about itself: document information and XMP, which say the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from pikepdf import Dictionary, Name, Pdf, String

from pubkit.model import Edition

PRODUCER = "pubkit"

_W3C = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?)?")


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


def describe(target: Pdf, edition: Edition) -> None:
    """Write the information dictionary, the XMP packet, the language and how viewers are to open the file."""
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
    root.Metadata = target.make_stream(xmp(edition).encode(), Type=Name.Metadata, Subtype=Name.XML)
    root.Lang = String(metadata.language)
    viewer = Dictionary(DisplayDocTitle=True)
    if metadata.direction == "rtl":
        viewer.Direction = Name.R2L
    root.ViewerPreferences = viewer


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


def xmp(edition: Edition) -> str:
    """The XMP packet (ISO 16684-1); written by hand, for its bytes must depend on the edition alone."""
    metadata, rights = edition.metadata, edition.metadata.rights
    identifiers = [each.value for each in metadata.identifiers if each.format in ("", "pdf")]
    parts = [
        _language_alternative("dc:title", metadata.title),
        _bag("dc:creator", authors(edition), "Seq"),
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
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" '
        'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:cc="http://creativecommons.org/ns#">\n'
        f'{body}\n</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
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
