"""Fonts of a PDF (ISO 32000-1, 9.5 to 9.10): what they are, and of each letter its width, its text, and a glyph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Stream

from pubkit.pdf.inspection.cmaps import MOST, CodeMap, read_map
from pubkit.pdf.inspection.geometry import number
from pubkit.pdf.inspection.glyphs import GlyphsOf, read_program
from pubkit.pdf.inspection.values import Font

_SUBSET = re.compile(r"[A-Z]{6}\+")
_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")
_UNSEEN = ("\u00ad", "\u200b", "\u2060", "\ufeff")  # characters that need no glyph
_UNKNOWN_WIDTH = 500.0  # thousandths: of a font that is not embedded and does not say its widths


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A font as the text of a page uses it."""

    font: Font
    composite: bool = False
    vertical: bool = False
    scale: float = 0.001  # of a width; fonts of type 3 have their own
    lengths: tuple[tuple[int, int, int], ...] = ()  # of codes: bytes, from, to; else as the encoding's name says
    mixed: bool = False  # one byte or two, as in the older encodings of East Asia
    numbers: Mapping[tuple[int, int], int] | None = None  # CIDs of codes; None: the same number
    widths: Mapping[int, float]
    width: float = 0.0  # of all others
    texts: Mapping[int, str]
    is_missing: Callable[[int], bool]  # of a code, or of a CID in composite fonts
    seen: dict[tuple[int, int], Letter] = field(default_factory=dict, compare=False)  # letters that were looked up


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter that is shown."""

    width: float  # of the font size
    text: str  # "" where the font does not tell
    blank: bool
    space: bool  # a single byte 32, which word spacing widens
    missing: bool


def read_face(written: Object) -> Face:
    """The font that a dictionary describes. Raises what pikepdf raises for values of a wrong type."""
    subtype = str(written.get("/Subtype", "")).removeprefix("/")
    name = str(written.get("/BaseFont", written.get("/Name", ""))).removeprefix("/")[:80]
    if subtype == "Type0":
        return _composite(written, name)
    descriptor = written.get("/FontDescriptor")
    font, glyphs = _font(name, subtype, descriptor)
    if subtype == "Type3":
        font = replace(font, embedded=True)
    encoding = written.get("/Encoding")
    return Face(
        font=font,
        scale=abs(number(written.FontMatrix[0])) if subtype == "Type3" else 0.001,
        widths=_simple_widths(written),
        width=_missing_width(descriptor, written),
        texts=_texts(written) or _latin(encoding),
        is_missing=glyphs.of_codes(encoding, _is_symbolic(descriptor)),
    )


def letters(face: Face, shown: bytes) -> Iterator[Letter]:
    """The letters that a string shows."""
    for key in _codes(face, shown):
        if key not in face.seen:
            face.seen[key] = _letter(face, *key)
        yield face.seen[key]


def _letter(face: Face, code: int, length: int) -> Letter:
    cid = code if face.numbers is None else face.numbers.get((length, code), 0)
    text = face.texts.get(code, "")
    blank = text.isspace() if text else (not face.composite and code == 32)
    return Letter(
        width=face.widths.get(cid, face.width) * face.scale,
        text=text,
        blank=blank,
        space=length == 1 and code == 32,
        missing=not blank and text not in _UNSEEN and face.is_missing(cid),
    )


def _codes(face: Face, shown: bytes) -> Iterator[tuple[int, int]]:
    """Codes with their lengths in bytes."""
    if not face.composite:
        yield from ((code, 1) for code in shown)
        return
    at = 0
    while at < len(shown):
        length = _length(face, shown, at)
        yield int.from_bytes(shown[at : at + length], "big"), length
        at += length


def _length(face: Face, shown: bytes, at: int) -> int:
    if not face.lengths:
        return 1 if face.mixed and shown[at] <= 0x80 else 2
    for length, low, high in face.lengths:
        code = shown[at : at + length]
        each = zip(code, low.to_bytes(length, "big"), high.to_bytes(length, "big"), strict=False)
        if len(code) == length and all(least <= byte <= most for byte, least, most in each):
            return length
    return max(1, min(length for length, _, _ in face.lengths))


def _font(name: str, kind: str, descriptor: Any) -> tuple[Font, GlyphsOf]:
    program = next(
        (
            found
            for key in _PROGRAMS
            if isinstance(descriptor, Dictionary) and (found := descriptor.get(key)) is not None
        ),
        None,
    )
    glyphs = read_program(program) if isinstance(program, Stream) else GlyphsOf()
    font = Font(
        name=_SUBSET.sub("", name, count=1),
        kind=kind,
        embedded=isinstance(program, Stream),
        subset=bool(_SUBSET.match(name)),
        restricted=glyphs.restricted,
    )
    return font, glyphs


def _composite(written: Object, name: str) -> Face:
    below = written.get("/DescendantFonts")
    inner = below[0] if isinstance(below, Array) and len(below) else Dictionary()
    kind = str(inner.get("/Subtype", "/Type0")).removeprefix("/")
    font, glyphs = _font(name, kind, inner.get("/FontDescriptor"))
    encoding = written.get("/Encoding")
    codes = read_map(encoding.read_bytes()) if isinstance(encoding, Stream) else None
    called = str(encoding).removeprefix("/") if isinstance(encoding, Name) else ""
    known = called.startswith(("Identity", "Uni")) or not called
    return Face(
        font=font,
        composite=True,
        vertical=called.endswith("V") if called else bool(encoding is not None and encoding.get("/WMode") == 1),
        lengths=codes.lengths if codes else (),
        mixed=not known,
        numbers=_cids(codes, called),
        widths=_cid_widths(inner.get("/W")),
        width=number(inner.get("/DW", 1000)),
        texts=_texts(written),
        is_missing=glyphs.of_cids(inner.get("/CIDToGIDMap")) if not called or called.startswith("Identity") else _never,
    )


def _never(_code: int) -> bool:
    return False


def _cids(codes: CodeMap | None, called: str) -> Mapping[tuple[int, int], int] | None:
    """CIDs of codes; the maps that come with readers are not read, so all their letters have the usual width."""
    if codes is not None and codes.numbers:
        return codes.numbers
    return None if codes is not None or not called or called.startswith("Identity") else {}


def _cid_widths(written: Any) -> dict[int, float]:
    """The array W: `first [w w w]` or `first last w` (9.7.4.3)."""
    found: dict[int, float] = {}
    parts = list(written) if isinstance(written, Array) else []
    at = 0
    while at + 1 < len(parts) and len(found) < MOST:
        first = int(parts[at])
        if isinstance(parts[at + 1], Array):
            found |= {first + step: number(width) for step, width in enumerate(parts[at + 1])}
            at += 2
        elif at + 2 < len(parts):
            width = number(parts[at + 2])
            found |= dict.fromkeys(range(first, min(int(parts[at + 1]) + 1, first + MOST)), width)
            at += 3
        else:
            break
    return found


def _simple_widths(written: Object) -> dict[int, float]:
    widths, first = written.get("/Widths"), written.get("/FirstChar", 0)
    if not isinstance(widths, Array):
        return {}
    return {int(first) + step: number(width) for step, width in zip(range(256), widths, strict=False)}


def _missing_width(descriptor: Any, written: Object) -> float:
    if isinstance(descriptor, Dictionary) and "/MissingWidth" in descriptor:
        return number(descriptor.MissingWidth)
    if "/Widths" in written:
        return 0.0
    return 600.0 if "Courier" in str(written.get("/BaseFont", "")) else _UNKNOWN_WIDTH


def _is_symbolic(descriptor: Any) -> bool:
    flags = descriptor.get("/Flags", 0) if isinstance(descriptor, Dictionary) else 0
    return isinstance(flags, int) and bool(flags & 4)


def _texts(written: Object) -> Mapping[int, str]:
    to_unicode = written.get("/ToUnicode")
    return read_map(to_unicode.read_bytes()).texts if isinstance(to_unicode, Stream) else {}


def _latin(encoding: Any) -> Mapping[int, str]:
    """What the codes of a plain encoding say; nothing where it is the font's own or has differences."""
    if isinstance(encoding, Name) and str(encoding) in ("/WinAnsiEncoding", "/StandardEncoding", "/MacRomanEncoding"):
        table = "mac-roman" if "Mac" in str(encoding) else "cp1252"
        return {code: bytes((code,)).decode(table, "ignore") for code in range(32, 256)}
    return {}
