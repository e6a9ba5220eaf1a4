"""Maps from character codes: to CIDs (ISO 32000-1, 9.7.5) and to Unicode (9.10.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

LONGEST = 2_000_000  # bytes that are read of a map
MOST = 70_000  # codes that are kept: a font has at most 65,536 glyphs

_SECTION = re.compile(rb"begin(codespacerange|cidrange|cidchar|bfrange|bfchar)\b(.*?)end\1\b", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|(\d+)")


Token = bytes | int | list[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMap:
    """What a CMap says; keys are codes with their length in bytes."""

    lengths: tuple[tuple[int, int, int], ...] = ()  # bytes of a code, from, to
    numbers: Mapping[tuple[int, int], int]
    texts: Mapping[int, str]


def read_map(content: bytes) -> CodeMap:
    """The map that a stream holds; what is not understood is left out."""
    lengths: list[tuple[int, int, int]] = []
    numbers: dict[tuple[int, int], int] = {}
    texts: dict[int, str] = {}
    left = MOST  # of all sections together: a few bytes can name very many codes
    for section in _SECTION.finditer(content[:LONGEST]):
        kind, tokens = section[1], list(_tokens(section[2]))
        if kind == b"codespacerange":
            lengths += [(len(low), _int(low), _int(high)) for low, high in _pairs(tokens) if 0 < len(low) <= 4]
        elif kind.startswith(b"cid"):
            codes = list(islice(_numbers(tokens, ranges=kind == b"cidrange"), left))
            numbers.update(codes)
            left -= len(codes)
        else:
            words = list(islice(_texts(tokens, ranges=kind == b"bfrange"), left))
            texts.update(words)
            left -= len(words)
    return CodeMap(lengths=tuple(lengths[:100]), numbers=numbers, texts=texts)


def _tokens(content: bytes) -> Iterator[Token]:
    """Hexadecimal strings as bytes, numbers, and arrays of strings."""
    array: list[bytes] | None = None
    for found in _TOKEN.finditer(content):
        if found[2]:
            array = []
        elif found[3]:
            if array is not None:
                yield array
            array = None
        elif found[4]:
            if array is None:
                yield int(found[4][:9])
        else:
            digits = b"".join(found[1].split())
            value = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
            if array is None:
                yield value
            else:
                array.append(value)


def _pairs(tokens: list[Token]) -> Iterator[tuple[bytes, bytes]]:
    for low, high in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(low, bytes) and isinstance(high, bytes):
            yield low, high


def _numbers(tokens: list[Token], *, ranges: bool) -> Iterator[tuple[tuple[int, int], int]]:
    """Codes with their CIDs."""
    if not ranges:
        for code, cid in zip(tokens[::2], tokens[1::2], strict=False):
            if isinstance(code, bytes) and isinstance(cid, int):
                yield (len(code), _int(code)), cid
        return
    for low, high, cid in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=False):
        if isinstance(low, bytes) and isinstance(high, bytes) and isinstance(cid, int):
            for step in range(_int(high) - _int(low) + 1):
                yield (len(low), _int(low) + step), cid + step


def _texts(tokens: list[Token], *, ranges: bool) -> Iterator[tuple[int, str]]:
    """Codes with what they say."""
    if not ranges:
        yield from ((_int(code), _text(text)) for code, text in _pairs(tokens))
        return
    for low, high, said in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=False):
        if not (isinstance(low, bytes) and isinstance(high, bytes)):
            continue
        codes = range(_int(low), _int(high) + 1)
        if isinstance(said, list):
            yield from ((code, _text(text)) for code, text in zip(codes, said, strict=False))
        elif isinstance(said, bytes) and said:
            stem, last = said[:-2], _int(said[-2:])
            for step, code in enumerate(codes):
                yield code, _text(stem + ((last + step) & 0xFFFF).to_bytes(2, "big"))


def _int(code: bytes) -> int:
    return int.from_bytes(code, "big")


def _text(code: bytes) -> str:
    return code.decode("utf-16-be", "ignore") if len(code) > 1 else code.decode("latin-1")
