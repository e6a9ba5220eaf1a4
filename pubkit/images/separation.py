"""Colours and pictures made ink: sRGB through the profile of a printing condition, or grey."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from PIL.Image import Image

NODES = 33  # of the table, along each of red, green and blue; between them it is wrong by 1 % of ink at most
PRESS_QUALITY = 95  # of JPEG files
_MARGINS = (4.0, 10.0, 20.0)  # per cent of ink by which tables stay below the limit, for JPEG adds some


class ProfileRefusedError(ValueError):
    """A file that is no profile of a CMYK printing condition; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inks:
    """How colours become ink: by a profile, of which `limit` is the total ink in per cent, 0 for its own; or grey."""

    profile: bytes = b""
    limit: int = 0

    @property
    def gray(self) -> bool:
        """Whether there is black ink alone."""
        return not self.profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Pixels:
    """A picture as a PDF holds it: a JPEG file, or deflated rows of a PNG file (ISO 32000-1, 7.4.4.4, predictor 15).

    Those that go in may also be `raw` samples. `alpha` are raw samples of a byte, which is the soft mask; `mask` is
    deflated, a bit a pixel, 1 where nothing is printed.
    """

    content: bytes
    form: Literal["jpeg", "deflated", "raw"]
    width: int
    height: int
    channels: int
    bits: int = 8
    alpha: bytes = b""
    mask: bytes = b""


def profile_name(profile: bytes) -> str:
    """The description in a profile. Raises ProfileRefusedError for what is no CMYK output profile (ICC.1, 7.2)."""
    from PIL import ImageCms

    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (OSError, ImageCms.PyCMSError):
        raise ProfileRefusedError("it is no ICC profile") from None
    space, kind = found.profile.xcolor_space.strip(), found.profile.device_class.strip()
    if space != "CMYK" or kind != "prtr":
        raise ProfileRefusedError(f"it is a profile of {space} ({kind}), not of CMYK printing (prtr)")
    try:
        _transform(profile)
    except (OSError, ImageCms.PyCMSError):
        raise ProfileRefusedError("it is damaged") from None
    return " ".join(str(found.profile.profile_description or "").split())


def profile_version(profile: bytes) -> int:
    """The major version of the ICC specification that a profile follows (ICC.1, 7.2.4)."""
    return profile[8]


def make_inks(profile: bytes, limit: int) -> Inks:
    """The inks of a printing condition; `limit` is the total of the four inks in per cent, 0 for the profile's own.

    Colours are those that paper can show, white is the paper and black the darkest ink (relative colorimetric intent
    with black point compensation, ISO 18619). Raises ProfileRefusedError for what is no CMYK output profile.
    """
    profile_name(profile)
    return Inks(profile=profile, limit=limit)


@lru_cache(maxsize=4)
def _table(inks: Inks, margin: float = _MARGINS[0]) -> Any:
    """The table from sRGB to CMYK, a PIL.ImageFilter.Color3DLUT."""
    from PIL import Image as Images
    from PIL import ImageCms, ImageFilter

    levels = [round(number * 255 / (NODES - 1)) for number in range(NODES)]
    nodes = bytes(part for blue in levels for green in levels for red in levels for part in (red, green, blue))
    separated = ImageCms.applyTransform(Images.frombytes("RGB", (NODES**3, 1), nodes), _transform(inks.profile))
    content = separated.tobytes() if separated else b""
    most = _most(inks, margin) * 255
    table = [ink for four in zip(*[iter(content)] * 4, strict=True) for ink in _limited(four, most)]
    return ImageFilter.Color3DLUT(NODES, [ink / 255 for ink in table], channels=4, target_mode="CMYK")


def _most(inks: Inks, margin: float) -> float:
    return (inks.limit - margin) / 100 if inks.limit else 4.0


def _transform(profile: bytes) -> Any:
    from PIL import ImageCms

    return ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"),
        ImageCms.ImageCmsProfile(io.BytesIO(profile)),
        "RGB",
        "CMYK",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _limited(inks: tuple[float, ...], most: float) -> tuple[float, ...]:
    """Four inks of no more than `most` in all: what is too much is taken from the three colours."""
    *colours, black = inks
    total = sum(colours)
    if total + black <= most or not total:
        return inks
    share = max(0.0, most - black) / total
    return (*(ink * share for ink in colours), black)


def limited(inks: Inks, cmyk: tuple[float, ...]) -> tuple[float, ...]:
    """A colour that was given in inks, 0 to 1, within the limit; for grey printing one number, 1 for white."""
    if inks.gray:
        return (max(0.0, 1 - _luma(*cmyk[:3]) - cmyk[3]),)
    return _limited(cmyk, _most(inks, 0))


def separated(inks: Inks, rgb: tuple[float, ...]) -> tuple[float, ...]:
    """An sRGB colour, 0 to 1, as four inks; for grey printing as one number, 1 for white."""
    from PIL import Image as Images

    if inks.gray:
        return (_luma(*rgb),)
    colour = tuple(min(255, max(0, round(part * 255))) for part in rgb)
    found = Images.new("RGB", (1, 1), colour).filter(_table(inks)).tobytes()
    return tuple(ink / 255 for ink in found)


def _luma(red: float, green: float, blue: float) -> float:
    return 0.299 * red + 0.587 * green + 0.114 * blue  # as Pillow weighs them (ITU-R BT.601)


def print_pixels(pixels: Pixels, inks: Inks, *, opaque: bool, drawn: bool = False) -> Pixels:
    """A grey or sRGB picture in inks. What has no colour stays grey, and what is black and white alone a bit a pixel.

    An `opaque` one is laid on white, and gets a mask where it has pixels that do not show at all. What has no colour in
    a picture that was `drawn` is black ink alone, as letters are. JPEG files stay JPEG files.
    """
    from PIL import Image as Images

    image, left, mask = _image(pixels), pixels.alpha, b""
    if opaque and pixels.alpha:
        left = b""
        alpha = Images.frombytes("L", (pixels.width, pixels.height), pixels.alpha)
        image = Images.composite(image, Images.new(image.mode, image.size, "white"), alpha)
        hidden = alpha.point([255] + [0] * 255)  # 255 where it is 0
        mask = _deflated(hidden.convert("1")) if hidden.getbbox() else b""
    if image.mode == "RGB" and (inks.gray or _has_no_colour(image)):
        image = image.convert("L")
    content, bits, channels = b"", 8, 4 if image.mode == "RGB" else 1
    if pixels.form == "jpeg":
        content = _jpeg(image, inks)
    jpeg = bool(content)
    if not jpeg:
        if image.mode == "RGB":
            ink = image.filter(_table(inks))
            image = _with_black_alone(ink, image) if drawn else ink
        elif not any(image.histogram()[1:255]):
            image, bits = image.convert("1"), 1
        content = _deflated(image)
    return Pixels(
        content=content,
        form="jpeg" if jpeg else "deflated",
        width=image.width,
        height=image.height,
        channels=channels,
        bits=bits,
        alpha=left,
        mask=mask,
    )


def _image(pixels: Pixels) -> Image:
    from PIL import Image as Images

    if pixels.form == "jpeg":
        image: Image = Images.open(io.BytesIO(pixels.content), formats=("JPEG",))
        image.load()
        return image
    return Images.frombytes("RGB" if pixels.channels == 3 else "L", (pixels.width, pixels.height), pixels.content)


def _has_no_colour(image: Image) -> bool:
    from PIL import ImageChops

    red, green, blue = image.split()
    return not (ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox())


def _with_black_alone(ink: Image, rgb: Image) -> Image:
    from PIL import Image as Images
    from PIL import ImageChops

    red, green, blue = rgb.split()
    apart = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))
    none = Images.new("L", rgb.size)
    black = Images.merge("CMYK", (none, none, none, ImageChops.invert(green)))
    return Images.composite(black, ink, apart.point([255] * 3 + [0] * 253))  # 2 of 255 are rounding


def _jpeg(image: Image, inks: Inks) -> bytes:
    """A JPEG file of a picture in grey or sRGB; empty where none keeps within the limit of ink."""
    from PIL import Image as Images
    from PIL import ImageChops

    if image.mode == "L":
        return _saved(image)
    for margin in _MARGINS:
        # Pillow writes CMYK upside down, as Adobe does; a PDF would have to say so.
        content = _saved(ImageChops.invert(image.filter(_table(inks, margin))))
        if not inks.limit or _total(ImageChops.invert(Images.open(io.BytesIO(content)))) <= inks.limit:
            return content
    return b""


def _saved(image: Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=PRESS_QUALITY, subsampling=0, optimize=True)
    return stream.getvalue()


def _total(image: Image) -> float:
    """The most ink that a pixel of a CMYK picture has, in per cent; 1.6 too much at most, for means are rounded."""
    from PIL import ImageChops

    cyan, magenta, yellow, black = image.split()
    first, second = ImageChops.add(cyan, magenta, scale=2), ImageChops.add(yellow, black, scale=2)
    most: Any = ImageChops.add(first, second, scale=2).getextrema()[1]
    return float(4 * most + 4) / 2.55


def _deflated(image: Image) -> bytes:
    """The rows as a PNG file holds them; it has no CMYK, but four channels."""
    from PIL import Image as Images

    if image.mode == "CMYK":
        image = Images.frombytes("RGBA", image.size, image.tobytes())
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return b"".join(_data_chunks(stream.getvalue()))


def _data_chunks(png: bytes) -> Iterator[bytes]:
    at = 8
    while at < len(png):  # PNG 3rd edition, 5.3: length, type, data, check sum
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            yield png[at + 8 : at + 8 + length]
        at += 12 + length
