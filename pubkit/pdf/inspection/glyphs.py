"""Embedded font programs: whether a character has a glyph in them, and whether they may be embedded at all."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, PikepdfError, Stream

_NOTHING = ".notdef"
LARGEST = 40_000_000  # bytes of a font program that is looked into

_FS_TYPE = re.compile(rb"/FSType\s+(\d{1,5})\s+def")
# What damaged fonts make fontTools raise, besides its own TTLibError.
_FAULTS = (
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OverflowError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GlyphsOf:
    """What is known about the glyphs of a font program; nothing where there is none that can be read."""

    restricted: bool = False
    count: int | None = None  # of glyphs
    names: frozenset[str] | None = None  # of glyphs, in CFF programs that have names
    cids: frozenset[int] | None = None  # in CFF programs that have CIDs
    unicode: Mapping[int, str] | None = None  # glyphs of characters, by TrueType's table for Unicode
    codes: Mapping[int, str] | None = None  # glyphs of codes, by TrueType's other tables
    posted: frozenset[str] | None = None  # names of TrueType glyphs
    true_type: bool = False

    def of_cids(self, to_glyphs: Any) -> Callable[[int], bool]:
        """Whether a CID shows .notdef, which is glyph 0 (ISO 32000-1, 9.7.4.2)."""
        if self.cids is not None:
            known = self.cids
            return lambda cid: cid not in known
        if self.count is None:
            return _never
        count = self.count
        if isinstance(to_glyphs, Stream) and self.true_type:
            table = to_glyphs.read_bytes()
            return lambda cid: not 0 < int.from_bytes(table[2 * cid : 2 * cid + 2], "big") < count
        return lambda cid: not 0 < cid < count

    def of_codes(self, encoding: Any, symbolic: bool) -> Callable[[int], bool]:
        """Whether a code of a simple font shows .notdef: no way that a viewer tries finds a glyph (9.6.6)."""
        written = _names(encoding)
        if self.names is not None:
            if not written:  # the program's own encoding decides
                return _never
            known = self.names
            return lambda code: (name := written.get(code)) is not None and name not in known
        if not self.true_type or self.unicode is None:
            return _never
        return lambda code: not _shows(self, code, written, symbolic)


def _shows(of: GlyphsOf, code: int, written: Mapping[int, str], symbolic: bool) -> bool:
    """Whether a code of a TrueType font has a glyph, by its own tables or by its name (9.6.6.4)."""
    unicode = of.unicode or {}
    if any((of.codes or {}).get(each, _NOTHING) != _NOTHING for each in (code, 0xF000 + code)):
        return True
    if symbolic and not written:
        return unicode.get(code, _NOTHING) != _NOTHING
    name = written.get(code)
    if name is None:
        latin = bytes((code,)).decode("cp1252", "ignore")
        return not latin or unicode.get(ord(latin), _NOTHING) != _NOTHING
    letter = _character(name)
    if letter is None:  # a name of the program's own: its tables may be taken out
        return True
    return unicode.get(letter, _NOTHING) != _NOTHING or name in (of.posted or ())


def _character(name: str) -> int | None:
    from fontTools.agl import AGL2UV

    uni = re.fullmatch(r"uni([0-9A-F]{4})", name)
    return int(uni[1], 16) if uni else AGL2UV.get(name)


def _never(_code: int) -> bool:
    return False


def _names(encoding: Any) -> dict[int, str]:
    """The glyph names of an encoding's differences (9.6.6.1)."""
    differences = encoding.get("/Differences") if isinstance(encoding, Dictionary) else None
    found: dict[int, str] = {}
    code = 0
    for part in differences if isinstance(differences, Array) else ():
        if isinstance(part, Name):
            found[code] = str(part)[1:]
            code += 1
        elif isinstance(part, int):
            code = part
    return found


def read_program(stream: Stream) -> GlyphsOf:
    """What a font program tells; a damaged one tells nothing, and is no fault of the reader's."""
    from fontTools.ttLib import TTLibError

    try:
        content = stream.read_bytes()
        if len(content) > LARGEST:
            return GlyphsOf()
        if content[:4] in (b"\0\1\0\0", b"true", b"OTTO"):
            return _of_open_type(content)
        if stream.get("/Subtype") in ("/Type1C", "/CIDFontType0C"):
            return _of_cff(content)
        return GlyphsOf(restricted=_says_restricted(content[:20_000]))
    except (*_FAULTS, PikepdfError, TTLibError):
        return GlyphsOf()


def _says_restricted(program: bytes) -> bool:
    """What the PostScript of a font says of fsType (Adobe Technical Note 5147)."""
    said = _FS_TYPE.search(program)
    return said is not None and _restricts(int(said[1]))


def _restricts(fs_type: int) -> bool:
    """Restricted licence embedding and no other right, or bitmaps only (OpenType 1.9, OS/2, fsType)."""
    return fs_type & 0xF == 2 or bool(fs_type & 0x200)


def _of_open_type(content: bytes) -> GlyphsOf:
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content), lazy=True, recalcBBoxes=False)
    restricted = "OS/2" in font and _restricts(font["OS/2"].fsType)
    if "CFF " in font:
        found = _of_cff(font.getTableData("CFF "))
        return GlyphsOf(restricted=restricted, count=found.count, names=found.names, cids=found.cids)
    count = font["maxp"].numGlyphs
    unicode: dict[int, str] = {}
    codes: dict[int, str] = {}
    for table in font["cmap"].tables if "cmap" in font else ():
        (unicode if table.isUnicode() and not table.isSymbol() else codes).update(table.cmap)
    posted = (
        frozenset(font["post"].glyphOrder or ()) if "post" in font and hasattr(font["post"], "glyphOrder") else None
    )
    return GlyphsOf(
        restricted=restricted,
        count=count,
        unicode=unicode if "cmap" in font else None,
        codes=codes if "cmap" in font else None,
        posted=posted,
        true_type=True,
    )


def _of_cff(content: bytes) -> GlyphsOf:
    from fontTools.cffLib import CFFFontSet

    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(content), None)
    top = fonts[0]
    restricted = _says_restricted(getattr(top, "PostScript", "").encode("latin-1", "ignore"))
    if hasattr(top, "ROS"):
        cids = frozenset(int(name[3:]) for name in top.charset if name.startswith("cid") and name != "cid00000")
        return GlyphsOf(restricted=restricted, count=len(top.charset), cids=cids)
    return GlyphsOf(restricted=restricted, count=len(top.charset), names=frozenset(top.charset))
