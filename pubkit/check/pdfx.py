"""Rules of PDF/X: ISO 15930-1 (X-1a:2001), ISO 15930-4 (X-1a:2003) and ISO 15930-7 (X-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.check.finding import Finding, Finished, Rule, size_of
from pubkit.check.ink_rules import painted_words, space_words
from pubkit.pdf.inspection import Box, FileFacts, OutputIntent, Page, Space

SAME = 0.01  # mm: boxes that share an edge are written with a few decimals

_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def claimed(file: FileFacts) -> str:
    """The PDF/X that a file says it is, "PDF/X-4" and the like; "" where it says none."""
    version = file.info.get("GTS_PDFXVersion", "") or file.xmp.get("pdfxid:GTS_PDFXVersion", "")
    version = version or file.xmp.get("pdfx:GTS_PDFXVersion", "")
    conformance = file.info.get("GTS_PDFXConformance", "") or file.xmp.get("pdfx:GTS_PDFXConformance", "")
    if not version:
        return ""
    if version.startswith(("PDF/X-1:2001", "PDF/X-1a:2001")) or conformance == "PDF/X-1a:2001":
        return "PDF/X-1a:2001"
    return version[:40]


# What it says of itself


def identifier(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The file says that it is this PDF/X, in the place and the words of the standard."""
    for key, wanted in rule["info"].items():
        yield from _said("document information", key, subject.file.info.get(key), wanted)
    for key, wanted in rule["xmp"].items():
        yield from _said("XMP", key, subject.file.xmp.get(key), wanted)


def _said(where: str, key: str, found: str | None, wanted: str) -> Iterator[Finding]:
    if found != wanted:
        yield Finding(what=f"{key} in the {where} is {found!r}" if found else f"there is no {key} in the {where}")


def info_keys(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The document information has these entries."""
    missing = [key for key in rule["keys"] if not subject.file.info.get(key, "").strip()]
    if missing:
        yield Finding(what=f"there is no {', '.join(missing)} in the document information")


def xmp_keys(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """XMP has these properties."""
    missing = [key for key in rule["keys"] if not subject.file.xmp.get(key, "").strip()]
    if missing:
        yield Finding(what=f"there is no {', '.join(missing)} in XMP")


def trapped(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The file says whether it has been trapped."""
    said = subject.file.info.get("Trapped") or subject.file.xmp.get("pdf:Trapped", "")
    if said.removeprefix("/") not in ("True", "False"):
        yield Finding(what=f"Trapped is {said.removeprefix('/')!r}" if said else "there is no Trapped")


def same_metadata(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Where XMP and the document information say the same thing, they say it in the same words."""
    info, xmp = subject.file.info, subject.file.xmp
    for key, other in rule["pairs"].items():
        if info.get(key) and xmp.get(other) and _plain(info[key]) != _plain(xmp[other]):
            yield Finding(what=f"{key} in the document information and {other} in XMP differ")


def _plain(value: str) -> str:
    """A value without what only one of the two forms has: a date to the minute, names in any separator."""
    date = _DATE.match(value)
    if date:
        return "".join(part or "" for part in date.groups()[:5])
    if re.match(r"\d{4}(-\d\d){2}T", value):
        return re.sub(r"\D", "", value[:16])
    return re.sub(r"[\s;,/]+", " ", value).strip()


def version(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The file is of no later PDF than that of the standard."""
    if subject.file.version > rule["highest"]:
        yield Finding(what=f"the file is PDF {subject.file.version}")


def object_streams(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Objects and their table are not packed, for that came with PDF 1.5."""
    if subject.file.object_streams:
        yield Finding(what="the file has object streams or a cross-reference stream")


def identified(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The trailer has an ID."""
    if not subject.file.identified:
        yield Finding(what="there is no ID in the trailer")


def encrypted(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The file is not encrypted, not even with an empty password."""
    if subject.file.encrypted:
        yield Finding(what="the file is encrypted")


def outline(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """There are no bookmarks."""
    if subject.file.outline:
        yield Finding(what="the file has bookmarks")


def view_boxes(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """What viewers are told to show and print is the sheet or the bleed."""
    for key, box in subject.file.view_boxes.items():
        if box not in ("MediaBox", "BleedBox"):
            yield Finding(what=f"{key} is {box}")


# Output intent


def output_intent(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """There is one output intent for PDF/X."""
    number = len(_intents(subject))
    if number != 1:
        yield Finding(what=f"there are {number} output intents for PDF/X" if number else "there is no output intent")


def output_identifier(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The output intent names its printing condition."""
    for intent in _intents(subject):
        if not intent.identifier.strip():
            yield Finding(what="the output intent has no OutputConditionIdentifier")


def output_info(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """A printing condition that is in no registry is described."""
    for intent in _intents(subject):
        if not intent.registry.strip() and not intent.info.strip():
            yield Finding(what="the output intent has neither RegistryName nor Info")


def output_profile(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The output intent has its ICC profile, or (X-1a) a name in the registry of the ICC."""
    for intent in _intents(subject):
        registered = "color.org" in intent.registry
        if intent.profile is None and not (registered and rule["registered"]):
            yield Finding(what="the output intent has no ICC profile that can be read")


def profile_kind(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The profile is of a printing device, in a colour space of this standard."""
    for intent in _intents(subject):
        profile = intent.profile
        if profile and (profile.kind != "prtr" or profile.space not in rule["spaces"]):
            yield Finding(what=f"the profile is of class {profile.kind!r} and colour space {profile.space!r}")


def profile_version(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """The profile is of a version that this PDF knows."""
    for intent in _intents(subject):
        if intent.profile and intent.profile.version.partition(".")[0] not in rule["versions"]:
            yield Finding(what=f"the profile is of version {intent.profile.version}")


def _intents(subject: Finished) -> list[OutputIntent]:
    return [intent for intent in subject.file.output_intents if intent.kind == "GTS_PDFX"]


# Boxes


def trim_box(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Every page says where it is cut."""
    for page in subject.pages:
        if page.trim is None and page.art is None:
            yield Finding(what="there is no TrimBox", page=page.number)


def one_trim_box(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """A page has a TrimBox or an ArtBox, never both."""
    for page in subject.pages:
        if page.trim is not None and page.art is not None:
            yield Finding(what="there are a TrimBox and an ArtBox", page=page.number)


def bleed_box(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The BleedBox lies inside the MediaBox."""
    for page in subject.pages:
        if page.bleed and not _inside(page.bleed, page.media):
            what = f"the BleedBox ({size_of(page.bleed)}) leaves the MediaBox ({size_of(page.media)})"
            yield Finding(what=what, page=page.number)


def trim_inside(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The TrimBox lies inside the BleedBox, and inside the MediaBox."""
    for page in subject.pages:
        trim = page.trim or page.art
        for name, outer in (("BleedBox", page.bleed), ("MediaBox", page.media)):
            if trim and outer and not _inside(trim, outer):
                yield Finding(
                    what=f"the TrimBox ({size_of(trim)}) leaves the {name} ({size_of(outer)})", page=page.number
                )
                break


def media_origin(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The MediaBox begins at 0, 0."""
    for page in subject.pages:
        if max(map(abs, page.origin)) > SAME:
            what = f"the MediaBox begins at {page.origin[0]:.1f}, {page.origin[1]:.1f} mm"
            yield Finding(what=what, page=page.number)


def _inside(inner: Box, outer: Box) -> bool:
    return (
        inner.left >= outer.left - SAME
        and inner.bottom >= outer.bottom - SAME
        and inner.right <= outer.right + SAME
        and inner.top <= outer.top + SAME
    )


def annotated(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Nothing but printers' marks and traps lies over the page and its bleed; with `anywhere`, nothing on the sheet."""
    for page in subject.pages:
        area = page.media if rule.get("anywhere") else page.bleed or page.trim or page.art or page.media
        for each in page.annotations:
            if each.kind not in rule.get("allowed", ()) and (each.box is None or _overlap(each.box, area)):
                yield Finding(what=f"an annotation ({each.kind})", page=page.number)


def _overlap(one: Box, other: Box) -> bool:
    return one.left < other.right and one.right > other.left and one.bottom < other.top and one.top > other.bottom


# Colours


def colours(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """What is painted in these ways is grey, CMYK or a spot colour, or a pattern or an index of them (X-1a)."""
    for page, paint, space in _uses(subject, rule):
        wrong = next((each for each in _chain(space) if each.family not in rule["spaces"]), None)
        if wrong is not None and wrong.family != "unknown":
            yield Finding(what=f"{paint} in {space_words(wrong)}", page=page.number)


def device_colours(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Colours of a device are those of the device that the output intent describes (X-4)."""
    spaces = {intent.profile.space for intent in _intents(subject) if intent.profile} or {"CMYK"}
    foreign = {"DeviceRGB": "RGB", "DeviceCMYK": "CMYK"}
    for page, paint, space in _uses(subject, rule):
        for each in _chain(space):
            if each.family in foreign and foreign[each.family] not in spaces and not each.default:
                yield Finding(what=f"{paint} in {each.family}", page=page.number)
                break


def _uses(subject: Finished, rule: Rule) -> Iterator[tuple[Page, str, Space]]:
    for page in subject.pages:
        for use in page.colours:
            if use.paint in rule["paints"]:
                yield page, painted_words(use), use.colour.space


def _chain(space: Space) -> Iterator[Space]:
    """A colour space and those that it is made of."""
    each: Space | None = space
    while each is not None:
        yield each
        each = each.base


def group_spaces(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Transparent groups are blended in the colours of the output intent, or in calibrated ones (X-4)."""
    spaces = {intent.profile.space for intent in _intents(subject) if intent.profile} or {"CMYK"}
    for feature in subject.file.features:
        if feature.kind == "transparency group" and feature.detail == "DeviceRGB" and "RGB" not in spaces:
            yield Finding(what="a group blended in DeviceRGB", page=feature.page)


# Things that are forbidden wherever they are


def features(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """None of these things is in the file."""
    for feature in subject.file.features:
        if feature.kind in rule["kinds"]:
            detail = f" {feature.detail}" if feature.detail else ""
            place = "" if feature.page else f" ({feature.place})"
            yield Finding(what=f"{rule.get('called', feature.kind)}{detail}{place}", page=feature.page)
