"""Pictures that say which asset they show, from their layout to the finished file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

PICTURE = "PubkitPicture"  # a key of image XObjects: the address of what they show


@contextlib.contextmanager
def named_pictures(images: Mapping[str, Any]) -> Iterator[None]:
    """Let every picture of pixels that is written meanwhile tell its address by the key PICTURE.

    `images` is the cache of images that a document was laid out with: WeasyPrint keeps them there by their addresses,
    and a picture itself does not know where it is from. SVG drawings are written as lines, and are no objects.
    """
    import pydyf
    from weasyprint.images import RasterImage

    addresses = {id(image): address for address, image in images.items() if isinstance(image, RasterImage)}
    original = RasterImage.get_x_object

    def get_x_object(image: Any, interpolate: bool, ratio: float) -> Any:
        made = original(image, interpolate, ratio)
        if id(image) in addresses:
            made.extra[PICTURE] = pydyf.String(addresses[id(image)])
        return made

    RasterImage.get_x_object = get_x_object
    try:
        yield
    finally:
        RasterImage.get_x_object = original
