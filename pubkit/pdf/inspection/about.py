"""What a file says about itself: version, ID, document information, XMP, output intents, viewer preferences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from pubkit.pdf.inspection.canvas import FAULTS
from pubkit.pdf.inspection.features import features_of
from pubkit.pdf.inspection.values import FileFacts, OutputIntent, Profile

LARGEST_XMP = 4_000_000  # bytes

_PREFIXES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
    "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/pdfx/1.3/": "pdfx",
    "http://www.npes.org/pdfx/ns/id/": "pdfxid",
    "http://www.aiim.org/pdfa/ns/id/": "pdfaid",
    "http://www.aiim.org/pdfua/ns/id/": "pdfuaid",
}
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_VIEW_BOXES = ("ViewArea", "ViewClip", "PrintArea", "PrintClip")
_HEADER = re.compile(rb"%PDF-(\d\.\d)")


def facts_of(pdf: Pdf, path: Path, pages: int) -> FileFacts:
    """The facts of an opened file, of which so many pages are looked at."""
    root = pdf.Root
    with path.open("rb") as stream:
        written = _HEADER.search(stream.read(1024))
    header = written[1].decode("ascii") if written else ""
    catalogue = str(root.get("/Version", "")).removeprefix("/")
    preferences = root.get("/ViewerPreferences")
    preferences = preferences if isinstance(preferences, Dictionary) else Dictionary()
    info = pdf.trailer.get("/Info")
    return FileFacts(
        size=path.stat().st_size,
        pages=len(pdf.pages),
        version=max(header, catalogue if re.fullmatch(r"\d\.\d", catalogue) else ""),
        header=header,
        identified=isinstance(pdf.trailer.get("/ID"), Array) and len(pdf.trailer.ID) == 2,
        encrypted=pdf.is_encrypted,
        object_streams=pdf.trailer.get("/Type") == "/XRef" or _has_object_streams(pdf),
        outline=_has_outline(root),
        right_to_left=preferences.get("/Direction") == "/R2L",
        view_boxes={key: str(preferences[f"/{key}"])[1:] for key in _VIEW_BOXES if f"/{key}" in preferences},
        info=_info(info),
        xmp=read_xmp(root.get("/Metadata")),
        output_intents=_intents(root.get("/OutputIntents")),
        features=features_of(pdf, list(pdf.pages)[:pages]),
        faults=tuple(dict.fromkeys(_short(each) for each in pdf.get_warnings())),
    )


def _has_object_streams(pdf: Pdf) -> bool:
    return any(entry.type == 2 for entry in pdf.get_xref_table().values())


def _has_outline(root: Object) -> bool:
    outline = root.get("/Outlines")
    return isinstance(outline, Dictionary) and "/First" in outline


def _short(warning: Any) -> str:
    """A warning of qpdf without the file's name."""
    return re.sub(r"^WARNING: |^[^:(]*\.pdf[:,]? ?", "", str(warning))[:160]


def _info(written: Any) -> Mapping[str, str]:
    """The document information (ISO 32000-1, 14.3.3)."""
    found = {}
    for key, value in dict(written).items() if isinstance(written, Dictionary) else ():
        if isinstance(value, String | Name):
            found[key[1:]] = str(value)
    return found


def read_xmp(stream: Any) -> Mapping[str, str]:
    """Properties of an XMP packet by prefix and name, an array's items joined by "; "; none where it is broken."""
    from lxml import etree

    if not isinstance(stream, Stream):
        return {}
    try:
        content = stream.read_bytes()
        if len(content) > LARGEST_XMP:
            return {}
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        tree = etree.fromstring(content.strip(b"\0 \r\n\t"), parser)
    except (*FAULTS, etree.XMLSyntaxError):
        return {}
    found: dict[str, str] = {}
    for description in tree.iter(f"{_RDF}Description"):
        for name, value in description.attrib.items():
            if (key := _key(str(name))) is not None:
                found.setdefault(key, str(value))
        for child in description:
            if isinstance(child.tag, str) and (key := _key(child.tag)) is not None:
                items = [item.text or "" for item in child.iter(f"{_RDF}li")]
                found.setdefault(key, "; ".join(items) if items else (child.text or "").strip())
    return found


def _key(name: str) -> str | None:
    space, _, local = name.removeprefix("{").rpartition("}")
    return f"{_PREFIXES[space]}:{local}" if space in _PREFIXES else None


def _intents(written: Any) -> tuple[OutputIntent, ...]:
    intents = list(written) if isinstance(written, Array) else []
    return tuple(_intent(each) for each in intents if isinstance(each, Dictionary))


def _intent(written: Object) -> OutputIntent:
    return OutputIntent(
        kind=str(written.get("/S", "")).removeprefix("/"),
        identifier=_string(written, "/OutputConditionIdentifier"),
        condition=_string(written, "/OutputCondition"),
        registry=_string(written, "/RegistryName"),
        info=_string(written, "/Info"),
        profile=_profile(written.get("/DestOutputProfile")),
    )


def _string(of: Object, key: str) -> str:
    value = of.get(key)
    return str(value) if isinstance(value, String) else ""


def _profile(stream: Any) -> Profile | None:
    """The header of an ICC profile (ICC.1:2010, 7.2); None where there is none that can be read."""
    if not isinstance(stream, Stream):
        return None
    try:
        content = stream.read_bytes()
    except FAULTS:
        return None
    if len(content) < 128 or content[36:40] != b"acsp":
        return None
    return Profile(
        kind=content[12:16].decode("latin-1").strip(),
        space=content[16:20].decode("latin-1").strip(),
        version=f"{content[8]}.{content[9] >> 4}",
        size=len(content),
    )
