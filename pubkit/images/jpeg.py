"""What stands in a JPEG file before its pixels: segments, each with a marker (ITU-T T.81, B.1.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_FILLING, _START_OF_SCAN = 0xFF, 0xDA
_NO_FRAMES = (0xC4, 0xC8, 0xCC)  # tables, among the numbers of frame headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The number of a marker, and where in the file its segment starts and ends, in bytes."""

    marker: int
    start: int
    end: int

    @property
    def is_frame(self) -> bool:
        """Whether it says how large the image is (B.2.2)."""
        return self.marker in range(0xC0, 0xD0) and self.marker not in _NO_FRAMES

    @property
    def is_application(self) -> bool:
        """Whether it is an application's own, such as JFIF, EXIF or Adobe's (B.2.4.6)."""
        return self.marker in range(0xE0, 0xF0)


def segments(content: bytes) -> Iterator[Segment]:
    """The segments before the first scan, in order; none for what is no JPEG file, and no more where it is broken."""
    at = 2 if content[:2] == b"\xff\xd8" else len(content)
    while content[at : at + 1] == b"\xff" and at + 1 < len(content) and content[at + 1] != _START_OF_SCAN:
        if content[at + 1] == _FILLING:  # before a marker there may be any number of these bytes (B.1.1.2)
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        yield Segment(marker=content[at + 1], start=at, end=end)
        at = end
