"""Of how many tones a picture is: two, as line art; greys; or colours."""

from __future__ import annotations

import io
from dataclasses import dataclass

_NEAR = 8  # of 255: what JPEG makes of a grey
_SMALL = (1024, 1024)  # pixels: a JPEG is looked at about this size, which is faster by far


@dataclass(frozen=True, slots=True, kw_only=True)
class Tones:
    """Whether a picture has two colours at most, and whether all of them are grey."""

    line: bool
    gray: bool


def tones(content: bytes) -> Tones:
    """The tones of a finished picture, the `press` file of an asset; a drawing is taken to have colours."""
    from PIL import Image, ImageChops

    if content[:2] != b"\xff\xd8" and content[:4] != b"\x89PNG":
        return Tones(line=False, gray=False)
    with Image.open(io.BytesIO(content)) as image:
        is_jpeg = image.format == "JPEG"
        image.draft("RGB" if image.mode == "RGB" else None, _SMALL)
        line = not is_jpeg and image.getcolors(2) is not None
        if image.mode in ("1", "L", "LA"):
            return Tones(line=line, gray=True)
        red, green, blue = image.convert("RGB").split()
        away = (ImageChops.difference(red, other).histogram() for other in (green, blue))
        return Tones(line=line, gray=not any(any(counts[_NEAR + 1 :]) for counts in away))
