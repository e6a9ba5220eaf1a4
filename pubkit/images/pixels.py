"""JPEG, PNG and other files of pixels: decoded within limits, upright, sRGB, without metadata."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pubkit.images.credit import pixels_credit
from pubkit.images.jpeg import segments
from pubkit.images.picture import MAX_SIDE, ImageRefusedError, Picture
from pubkit.model import ImageCredit, ScreenLimits

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

MAX_PIXELS = 50_000_000
JPEG_QUALITY = 88
LESS_QUALITY = (80, 72)  # tried on JPEG files that are too large, before they get fewer pixels
SMALLEST_SIDE = 320  # pixels: CSS px of the narrowest screen; a file that is still too large then stays so

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF")
_COLOURS = (0xE0, 0xEE)  # of JPEG: the segments of JFIF and Adobe, which say what the pixels mean
_TURNS = ("FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_270", "TRANSVERSE", "ROTATE_90")
# What a broken file makes Pillow's decoders raise, besides what they document.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    struct.error,
)


def load_formats() -> None:
    """Import Pillow and the formats that books have most: where workers are forks, none of them need."""
    from PIL import Image as Images
    from PIL import ImageCms  # noqa: F401

    Images.preinit()


def read_pixels(content: bytes, limits: ScreenLimits) -> Picture:
    """The picture in a file of pixels. Raises ImageRefusedError for what is no image, too large or cut off."""
    image, kind, turn, credit = _decode(content)
    if turn is not None:  # Pillow's first turn is 0
        image = image.transpose(turn)
    plain = kind in ("JPEG", "PNG") and image.mode in ("RGB", "L", "RGBA", "P", "1", "LA") and turn is None
    if plain and "icc_profile" not in image.info:
        press, media_type = _without_metadata(content, kind), f"image/{kind.lower()}"
    else:
        press, media_type = _encode(_to_srgb(image), "image/png" if kind in ("PNG", "GIF") else "")
    return Picture(
        media_type=media_type,
        suffix=".jpg" if media_type == "image/jpeg" else ".png",
        screen=_for_screen(image, press, media_type, limits),
        press=press,
        width=image.width,
        height=image.height,
        credit=credit,
    )


def _decode(content: bytes) -> tuple[Image, str, Transpose | None, ImageCredit]:
    """The image, the name of its format, how it must be turned to stand upright, and what it says about itself."""
    from PIL import Image as Images
    from PIL import UnidentifiedImageError

    try:
        with warnings.catch_warnings(), _whole_files_only():
            warnings.simplefilter("ignore")
            image: Image = Images.open(io.BytesIO(content), formats=_FORMATS)
            if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
                raise ImageRefusedError(f"{image.width} × {image.height} pixels are too many")
            turn = _turn(image)
            image.load()
            credit = pixels_credit(image)  # a PNG may have its metadata behind the pixels
    except Images.DecompressionBombError:
        raise ImageRefusedError(f"it has more than {MAX_PIXELS} pixels") from None
    except UnidentifiedImageError:
        raise ImageRefusedError("its format is not known") from None
    except _DECODER_ERRORS as error:
        raise ImageRefusedError(f"it is damaged ({error})") from None
    if _is_srgb(image.info.get("icc_profile")):
        del image.info["icc_profile"]
    return image, image.format or "", turn, credit


@contextmanager
def _whole_files_only() -> Iterator[None]:
    """Inside, Pillow refuses files that are cut off: WeasyPrint, when imported, lets it take them everywhere."""
    from PIL import ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _turn(image: Image) -> Transpose | None:
    """How EXIF says that the image must be turned (EXIF 2.32, tag 0x0112); damaged EXIF says nothing."""
    from PIL.Image import Transpose

    try:
        orientation = image.getexif().get(0x0112, 1)
    except _DECODER_ERRORS:
        return None
    return Transpose[_TURNS[orientation - 2]] if orientation in range(2, 9) else None


def _is_srgb(profile: bytes | None) -> bool:
    """Whether a colour profile is that of sRGB, which an image without a profile is in anyway."""
    from PIL import ImageCms

    if not profile:
        return False
    try:
        return ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(profile))).startswith("sRGB")
    except (ImageCms.PyCMSError, *_DECODER_ERRORS):
        return False


def _without_metadata(content: bytes, kind: str) -> bytes:
    """The file without EXIF (place, camera, thumbnail), XMP, IPTC and profile; every pixel stays.

    WeasyPrint would encode a JPEG with EXIF anew, and visibly worse.
    """
    kept = []
    if kind == "PNG":  # PNG 3rd edition, 5.3: length, type, data, check sum
        at = 8
        while at + 8 <= len(content):
            end = at + 12 + int.from_bytes(content[at : at + 4], "big")
            if content[at + 4 : at + 8] not in (b"eXIf", b"iCCP", b"tEXt", b"zTXt", b"iTXt"):
                kept.append(content[at:end])
            at = end
        return b"".join((content[:8], *kept))
    pixels = 2
    for each in segments(content):
        if each.marker in _COLOURS or not each.is_application:
            kept.append(content[each.start : each.end])
        pixels = each.end
    return b"".join((content[:2], *kept, content[pixels:]))


def _to_srgb(image: Image) -> Image:
    """The image in RGB, grey or RGBA, its own colour profile applied; a broken profile is ignored."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        image = image.point(lambda value: value / 256).convert("L")
    elif image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB", "CMYK"):
        image = image.convert("RGB")
    if profile:
        own = io.BytesIO(profile)
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        try:
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(own), ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None
        image = converted or image
    return image.convert("RGB") if image.mode == "CMYK" else image


def _for_screen(image: Image, press: bytes, media_type: str, limits: ScreenLimits) -> bytes:
    """The file for e-readers: that for print where it is small enough, else with fewer pixels or less quality."""
    side = min(limits.side, max(image.size))
    if side == max(image.size) and len(press) <= limits.size:
        return press
    image = _to_srgb(image)
    qualities = (JPEG_QUALITY, *LESS_QUALITY) if media_type == "image/jpeg" else (JPEG_QUALITY,)
    while True:
        smaller = _shrink(image, side)
        for quality in qualities:
            screen, _ = _encode(smaller, media_type, quality)
            if len(screen) <= limits.size or (side <= SMALLEST_SIDE and quality == qualities[-1]):
                return screen
        side = max(SMALLEST_SIDE, side * 4 // 5)


def _shrink(image: Image, side: int) -> Image:
    from PIL.Image import Resampling

    small = image.copy()
    small.thumbnail((side, side), Resampling.LANCZOS)
    return small


def _encode(image: Image, media_type: str = "", quality: int = JPEG_QUALITY) -> tuple[bytes, str]:
    """The image as JPEG, or as PNG where it is transparent or was lossless; without metadata."""
    stream = io.BytesIO()
    if media_type == "image/png" or image.mode in ("RGBA", "LA"):
        image.save(stream, "PNG", optimize=True, icc_profile=None)
        return stream.getvalue(), "image/png"
    image.save(stream, "JPEG", quality=quality, optimize=True)
    return stream.getvalue(), "image/jpeg"
