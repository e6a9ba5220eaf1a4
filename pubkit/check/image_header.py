"""What the first bytes of an image file say about it."""

from __future__ import annotations


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height that a PNG or JPEG file says; zeros for other files (PNG 11.2.1; ITU-T T.81, B.2.2)."""
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
    at = 2 if content[:2] == b"\xff\xd8" else len(content)
    while content[at : at + 1] == b"\xff" and at + 1 < len(content):
        marker = content[at + 1]
        if marker == 0xFF:  # filling before a marker (ITU-T T.81, B.1.1.2)
            at += 1
            continue
        if marker in range(0xC0, 0xD0) and marker not in (0xC4, 0xC8, 0xCC):  # frame headers; not tables
            return int.from_bytes(content[at + 7 : at + 9], "big"), int.from_bytes(content[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return 0, 0


def is_transparent(content: bytes) -> bool:
    """Whether a PNG file has an alpha channel or a transparent colour (PNG 11.2.1 and 11.3.1.1)."""
    png = content[:8] == b"\x89PNG\r\n\x1a\n"
    return png and (content[25:26] in (b"\x04", b"\x06") or b"tRNS" in content.partition(b"IDAT")[0])
