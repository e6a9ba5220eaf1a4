"""What comes out of an image file, and why a file is refused."""

from __future__ import annotations

from dataclasses import dataclass

from pubkit.model import ImageCredit

MAX_SIDE = 20_000  # pixels


class ImageRefusedError(Exception):
    """A file that is not used as an image; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image file made ready: what e-readers get and what print gets, its size in pixels, and its credit."""

    media_type: str
    suffix: str
    screen: bytes
    press: bytes
    width: int
    height: int
    credit: ImageCredit
