"""The fonts of all pieces made one: of each face one subset, with every glyph that any piece uses."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf

from pubkit.model import FontFace
from pubkit.pdf.pieces import FontUse

# OpenType tables that a PDF viewer has no use for: layout is done, and the text is in ToUnicode.
_DROPPED = ("BASE", "DSIG", "EBDT", "EBLC", "EBSC", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "SVG ")


def whole_faces(fonts: Sequence[FontFace]) -> dict[str, bytes]:
    """The font files by name, WOFF and WOFF2 unpacked."""
    return {face.name: _unpacked(face.content) for face in fonts}


def _unpacked(content: bytes) -> bytes:
    if content[:3] != b"wOF":
        return content
    from fontTools.ttLib import TTFont

    unpacked = io.BytesIO()
    font = TTFont(io.BytesIO(content), recalcTimestamp=False)
    font.flavor = None
    font.save(unpacked)
    return unpacked.getvalue()


@dataclass(slots=True)
class _Joined:
    font: Any  # the font dictionary that all pages share
    widths: dict[int, float] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)


class JoinedFonts:
    """Font dictionaries of the finished file, shared by all pieces; `finish` fills them in."""

    def __init__(self, target: Pdf, faces: Mapping[str, bytes]) -> None:
        """Start with the whole font files of a theme."""
        self._target = target
        self._faces = {hashlib.sha256(content).hexdigest(): content for content in faces.values()}
        self._joined: dict[tuple[str, str], _Joined] = {}

    def detach(self, source: Pdf, uses: Sequence[FontUse]) -> dict[str, Object]:
        """Take the joined fonts out of a piece's resources; gives what to put there once it is copied."""
        fonts = source.pages[0].obj.Resources.Font
        shared: dict[str, Object] = {}
        for use in uses:
            name = "/" + use.resource
            if use.face not in self._faces or (name not in fonts and name not in shared):
                continue
            key = (use.resource, use.face)
            if key not in self._joined:
                self._joined[key] = _Joined(self._copy(source, fonts[name]))
            joined = self._joined[key]
            joined.widths.update(use.widths)
            for glyph, text in use.texts.items():
                joined.texts[glyph] = joined.texts.get(glyph) or text
            shared[name] = joined.font
        for name in shared:
            del fonts[name]
        return shared

    def _copy(self, source: Pdf, font: Object) -> Object:
        descendant = font.DescendantFonts[0]
        for key in ("/FontFile2", "/FontFile3"):
            if key in descendant.FontDescriptor:
                del descendant.FontDescriptor[key]
        del font.ToUnicode
        return self._target.copy_foreign(font if font.is_indirect else source.make_indirect(font))

    def finish(self) -> None:
        """Embed the subsets and write widths and text of every glyph used."""
        files: dict[str, tuple[str, Object]] = {}
        for face, content in self._faces.items():
            glyphs = {g for (_, used), joined in self._joined.items() if used == face for g in joined.texts}
            if glyphs:
                files[face] = self._embed(content, glyphs)
        for (_, face), joined in self._joined.items():
            descendant = joined.font.DescendantFonts[0]
            key, stream = files[face]
            descendant.FontDescriptor[key] = stream
            descendant.W = _widths(joined.widths)
            joined.font.ToUnicode = self._target.make_stream(_to_unicode(joined.texts))

    def _embed(self, content: bytes, glyphs: set[int]) -> tuple[str, Object]:
        small = subset(content, glyphs)
        if small[:4] == b"OTTO":
            return "/FontFile3", self._target.make_stream(small, Subtype=Name.OpenType)
        return "/FontFile2", self._target.make_stream(small, Length1=len(small))


def subset(content: bytes, glyphs: set[int]) -> bytes:
    """The font with only these glyphs, at the numbers they had."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    flags = uharfbuzz.SubsetFlags
    wanted.flags = flags.RETAIN_GIDS | flags.DESUBROUTINIZE | flags.NO_HINTING | flags.NO_LAYOUT_CLOSURE
    wanted.glyph_set.update(glyphs)
    dropped = wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG)
    dropped.update(int.from_bytes(tag.encode(), "big") for tag in _DROPPED)
    face = uharfbuzz.subset(uharfbuzz.Face(content), wanted)
    result: bytes = face.blob.data
    return result


def _widths(widths: Mapping[int, float]) -> Array:
    """ISO 32000-2, 9.7.4.3: runs of glyph numbers, each with the widths of the run."""
    array = Array()
    for _, run in groupby(enumerate(sorted(widths)), key=lambda pair: pair[1] - pair[0]):
        glyphs = [glyph for _, glyph in run]
        array.append(glyphs[0])
        array.append(Array([round(widths[glyph]) for glyph in glyphs]))
    return array


def _to_unicode(texts: Mapping[int, str]) -> bytes:
    """ISO 32000-2, 9.10.3: what each glyph stands for, a hundred in a block at most."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <ffff>",
        "endcodespacerange",
    ]
    pairs = sorted(texts.items())
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>" for glyph, text in block]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines).encode("ascii")


def share(resources: Object, fonts: Mapping[str, Object]) -> None:
    """Put the joined fonts into the resources of a copied piece."""
    if "/Font" not in resources:
        resources.Font = Dictionary()
    for name, font in fonts.items():
        resources.Font[name] = font


def bare_cff(target: Pdf) -> None:
    """Embed CFF outlines without the OpenType file around them, which only PDF 1.6 knows (ISO 32000-1, table 126)."""
    for each in target.objects:
        if not isinstance(each, Dictionary):
            continue
        if "/FontFile3" in each and each.FontFile3.Subtype == Name.OpenType:
            each.FontFile3.write(_by_number(each.FontFile3.read_bytes()))
            each.FontFile3.Subtype = Name.CIDFontType0C
        if each.get("/Subtype") == Name.CIDFontType0 and "/CIDToGIDMap" in each:
            del each["/CIDToGIDMap"]  # of CIDFontType2 alone


def _by_number(content: bytes) -> bytes:
    """The CFF of an OpenType file, its glyphs by number and not by name (Technical Note 5176, 18), as old RIPs want."""
    from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content), recalcBBoxes=False, recalcTimestamp=False)
    table = font["CFF "]
    top = table.cff.topDictIndex[0]
    if not hasattr(top, "ROS"):
        outlines, part, parts, choice = top.CharStrings, FontDict(), FDArrayIndex(), FDSelect()
        names = [".notdef", *(f"cid{number:05d}" for number in range(1, len(top.charset)))]
        numbers = zip(top.charset, names, strict=True)
        outlines.charStrings = {new: outlines.charStrings[old] for old, new in numbers}
        part.setCFF2(False)
        part.Private = top.Private
        parts.append(part)
        choice.format, choice.gidArray = 3, [0] * len(names)
        for key in ("Private", "Encoding"):
            top.rawDict.pop(key, None)
            if hasattr(top, key):
                delattr(top, key)
        top.ROS, top.CIDCount, top.charset = ("Adobe", "Identity", 0), len(names), names
        top.FDArray, top.FDSelect = parts, choice
    compiled: bytes = table.compile(font)
    return compiled
