"""What the first bytes of an image file say about it."""

from __future__ import annotations

from pubkit.images.jpeg import segments


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height that a PNG or JPEG file says; zeros for other files (PNG 11.2.1; ITU-T T.81, B.2.2)."""
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    frame = next((content[each.start : each.end] for each in segments(content) if each.is_frame), b"")
    return int.from_bytes(frame[7:9], "big"), int.from_bytes(frame[5:7], "big")


def is_transparent(content: bytes) -> bool:
    """Whether a PNG file has an alpha channel or a transparent colour (PNG 11.2.1 and 11.3.1.1)."""
    png = content[:8] == b"\x89PNG\r\n\x1a\n"
    return png and (content[25:26] in (b"\x04", b"\x06") or b"tRNS" in content.partition(b"IDAT")[0])
