"""Images of a PDF (ISO 32000-1, 8.9): their pixels, colours and ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Name, Object, PikepdfError, Stream, StreamDecodeLevel

from pubkit.images.ink import heaviest, heaviest_of_palette
from pubkit.pdf.inspection.colours import UNKNOWN, ink_of, space_of
from pubkit.pdf.inspection.unpacking import unpacking
from pubkit.pdf.inspection.values import Model, Space

MAX_PIXELS = 120_000_000  # that are decoded to measure ink; A3 at 600 ppi has 70 million

_SHORT = {"/AHx": "ASCIIHex", "/A85": "ASCII85", "/LZW": "LZW", "/Fl": "Flate", "/RL": "RunLength"}
_SHORTER = {"/CCF": "CCITTFax", "/DCT": "DCT"}
_COMPONENTS: dict[int, Model] = {1: "grey", 3: "rgb", 4: "cmyk"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image XObject or an inline image, wherever it is placed."""

    pixels: tuple[int, int]
    bits: int
    mask: bool
    space: Space
    filters: tuple[str, ...]
    ink: float | None = None


def filters_of(stream: Object) -> tuple[str, ...]:
    """The names of a stream's filters without "Decode": "Flate", "DCT"."""
    written = stream.get("/Filter", stream.get("/F"))
    names = [written] if isinstance(written, Name) else list(written) if isinstance(written, Array) else []
    return tuple(_filter(str(name)) for name in names)


def _filter(name: str) -> str:
    return _SHORT.get(name) or _SHORTER.get(name) or name.removeprefix("/").removesuffix("Decode")


def read_picture(stream: Stream, named: Any) -> Picture:
    """The facts of an image XObject. Raises ValueError or TypeError for one without pixels."""
    width, height = int(stream.Width), int(stream.Height)
    if width < 1 or height < 1:
        raise ValueError("an image without pixels")
    mask = bool(stream.get("/ImageMask", False))
    filters = filters_of(stream)
    space = UNKNOWN if mask else space_of(stream.get("/ColorSpace"), named)
    if space == UNKNOWN and "JPX" in filters:
        space = _of_jpeg_2000(stream)
    bits = 1 if mask else int(stream.get("/BitsPerComponent", 8))
    return Picture(
        pixels=(width, height),
        bits=bits,
        mask=mask,
        space=space,
        filters=filters,
        ink=None if mask else _ink(stream, space, bits, (width, height)),
    )


def _of_jpeg_2000(stream: Stream) -> Space:
    """What the image header box of JPEG 2000 says (ISO 15444-1, I.5.3.1): its number of components."""
    content = stream.read_raw_bytes()[:4096]
    at = content.find(b"ihdr")
    components = int.from_bytes(content[at + 12 : at + 14], "big") if at >= 0 else 0
    return Space(family="JPX", model=_COMPONENTS.get(components, "unknown"), components=components)


def _ink(stream: Stream, space: Space, bits: int, pixels: tuple[int, int]) -> float | None:
    """The ink of process colours; None where the image is in none, or cannot be measured."""
    width, height = pixels
    if space.model != "cmyk" or width * height > MAX_PIXELS or bits not in (1, 2, 4, 8, 16):
        return None
    try:
        with unpacking(MAX_PIXELS * 5):
            samples = stream.read_bytes(StreamDecodeLevel.all)
        if space.family == "Indexed":
            flat = _widened(samples, bits, width, height, full=False)
            return heaviest_of_palette(flat, _palette(stream.ColorSpace, space))
        channels = space.components
        inverted = _is_inverted(stream.get("/Decode"), channels)
        if inverted is None:
            return None
        flat = _widened(samples, bits, width * channels, height, full=True)
        if inverted:
            flat = flat.translate(bytes(range(255, -1, -1)))
        return heaviest(flat, width, height, channels)
    except (PikepdfError, ValueError, TypeError, LookupError):
        return None


def _is_inverted(decode: Any, channels: int) -> bool | None:
    """Whether full ink is written as 0; None for a range of which neither is true."""
    if not isinstance(decode, Array):
        return False
    written = [float(each) for each in decode]
    if written == [0.0, 1.0] * channels:
        return False
    return True if written == [1.0, 0.0] * channels else None


def _widened(samples: bytes, bits: int, row: int, rows: int, *, full: bool) -> bytes:
    """The samples in 8 bits each; `full` stretches them to the whole range. Rows begin on bytes (8.9.3)."""
    if bits == 8:
        return samples
    if bits == 16:
        return samples[::2]
    each = 8 // bits
    most = (1 << bits) - 1
    scale = 255 // most if full else 1
    table = [bytes(((byte >> (8 - bits * (place + 1))) & most) * scale for place in range(each)) for byte in range(256)]
    wide = -(-row // each)  # bytes a row
    parts = (samples[line * wide : (line + 1) * wide] for line in range(rows))
    return b"".join(b"".join(map(table.__getitem__, part))[:row] for part in parts)


def _palette(written: Object, space: Space) -> Sequence[float]:
    """The ink of each colour of an Indexed space."""
    table = written[3]
    content = table.read_bytes() if isinstance(table, Stream) else bytes(table)
    base = space.base or UNKNOWN
    step = base.components or 4
    colours = (content[at : at + step] for at in range(0, min(len(content), 256 * step), step))
    return [ink_of(base, tuple(value / 255 for value in colour)) or 0.0 for colour in colours if len(colour) == step]
