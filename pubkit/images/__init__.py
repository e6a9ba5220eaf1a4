"""Image files become assets: decoded within limits, upright, sRGB, in a form that e-readers and printers take."""

from __future__ import annotations

from pubkit.images.drawing import read_drawing
from pubkit.images.picture import ImageRefusedError, Picture
from pubkit.images.pixels import load_formats, read_pixels
from pubkit.images.tones import Tones, tones
from pubkit.model import ScreenLimits

MAX_BYTES = 64_000_000

__all__ = ["MAX_BYTES", "ImageRefusedError", "Picture", "Tones", "load_formats", "make_picture", "tones"]


def make_picture(content: bytes, limits: ScreenLimits | None = None) -> Picture:
    """The picture in an image file of at most MAX_BYTES bytes.

    `limits` are those of the EPUB's images; print gets every pixel.
    Raises ImageRefusedError for what is no image, too large, cut off, or an SVG that is not safe.
    JPEG and PNG files that need no change keep their pixels as they are, and lose only their metadata;
    what that says about the maker and the terms of use stands in the picture's `credit`.
    """
    if content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b"<svg" in content[:4096]:
        return read_drawing(content)
    return read_pixels(content, limits or ScreenLimits())
