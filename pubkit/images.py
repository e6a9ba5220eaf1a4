"""Image files become assets: decoded within limits, upright, sRGB, in a form that e-readers and printers take."""

from __future__ import annotations

import io
import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 64_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE = 20_000  # pixels
MAX_SVG_BYTES = 2_000_000
MAX_SVG_ELEMENTS = 10_000
SCREEN_SIDE = 1600  # pixels of the long edge that an e-reader can show (R-45: 1600 to 2400)
JPEG_QUALITY = 88

_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF")
_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_SVG_ELEMENTS = frozenset(
    (
        "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan "
        "textPath style linearGradient radialGradient stop clipPath mask pattern marker image filter "
        "feGaussianBlur feOffset feBlend feColorMatrix feMerge feMergeNode feFlood feComposite "
        "feTurbulence feDisplacementMap"
    ).split()
)
_UNSAFE_CSS = re.compile(r"expression|javascript:|@import|url\s*\(\s*[\"']?(?!#)", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:image/(png|jpeg|gif|webp);base64,")


class ImageRefusedError(Exception):
    """A file that is not used as an image; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image file made ready: what e-readers get and what print gets, and its size in pixels."""

    media_type: str
    suffix: str
    screen: bytes
    press: bytes
    width: int
    height: int


def make_picture(content: bytes) -> Picture:
    """The picture in an image file of at most MAX_BYTES bytes.

    Raises ImageRefusedError for what is no image, too large, cut off, or an SVG that is not safe.
    JPEG and PNG files that need no change pass as they are.
    """
    if content[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or b"<svg" in content[:4096]:
        return _svg(content)
    return _raster(content)


def _raster(content: bytes) -> Picture:
    from PIL import Image as Images
    from PIL import ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image: Image = Images.open(io.BytesIO(content), formats=_FORMATS)
            kind = image.format or ""
            if image.width * image.height > MAX_PIXELS or max(image.size) > MAX_SIDE:
                raise ImageRefusedError(f"{image.width} × {image.height} pixels are too many")
            turned = image.getexif().get(0x0112, 1) != 1
            image.load()
    except (UnidentifiedImageError, Images.DecompressionBombError):
        raise ImageRefusedError("its format is not known") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ImageRefusedError(f"it is damaged ({error})") from None
    plain = kind in ("JPEG", "PNG") and image.mode in ("RGB", "L", "RGBA", "P", "1", "LA") and not turned
    if turned:
        image = ImageOps.exif_transpose(image)
    if plain and "icc_profile" not in image.info:
        press, media_type = content, f"image/{kind.lower()}"
    else:
        press, media_type = _encode(_to_srgb(image))
    small = max(image.size) <= SCREEN_SIDE
    screen = press if small else _encode(_shrink(_to_srgb(image)), media_type)[0]
    return Picture(
        media_type=media_type,
        suffix=".jpg" if media_type == "image/jpeg" else ".png",
        screen=screen,
        press=press,
        width=image.width,
        height=image.height,
    )


def _to_srgb(image: Image) -> Image:
    """The image in RGB, grey or RGBA, its own colour profile applied; a broken profile is ignored."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if profile and image.mode in ("RGB", "CMYK", "L"):
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB",
            )
        except (ImageCms.PyCMSError, OSError):
            converted = None
        if converted is not None:
            return converted
    if image.mode in ("L", "RGB", "RGBA"):
        return image
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        return image.point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if transparent else "RGB")


def _shrink(image: Image) -> Image:
    from PIL.Image import Resampling

    small = image.copy()
    small.thumbnail((SCREEN_SIDE, SCREEN_SIDE), Resampling.LANCZOS)
    return small


def _encode(image: Image, media_type: str = "") -> tuple[bytes, str]:
    """The image as JPEG, or as PNG where it is transparent or was PNG; without metadata."""
    stream = io.BytesIO()
    if media_type == "image/png" or image.mode in ("RGBA", "LA"):
        image.save(stream, "PNG", optimize=True)
        return stream.getvalue(), "image/png"
    image.save(stream, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return stream.getvalue(), "image/jpeg"


def _svg(content: bytes) -> Picture:
    if len(content) > MAX_SVG_BYTES:
        raise ImageRefusedError(f"an SVG may have {MAX_SVG_BYTES} bytes")
    if b"<!DOCTYPE" in content and b"[" in content.split(b"<!DOCTYPE", 1)[1].split(b">", 1)[0]:
        raise ImageRefusedError("an SVG must not declare entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ImageRefusedError(f"it is not well-formed ({error.msg})") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise ImageRefusedError("its root is not an svg element")
    _clean_svg(root)
    width, height = _svg_size(root)
    drawn = sum(1 for _ in root.iter(etree.Element))
    copies = sum(1 for _ in root.iter(f"{{{_SVG}}}use"))
    if drawn + copies * drawn // 10 > MAX_SVG_ELEMENTS:
        raise ImageRefusedError(f"it draws more than {MAX_SVG_ELEMENTS} elements")
    clean = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return Picture(media_type="image/svg+xml", suffix=".svg", screen=clean, press=clean, width=width, height=height)


def _clean_svg(root: etree._Element) -> None:
    for element in list(root.iter()):
        parent = element.getparent()
        if not isinstance(element.tag, str):
            if parent is not None:
                parent.remove(element)
            continue
        name = etree.QName(element)
        if name.namespace != _SVG or name.localname not in _SVG_ELEMENTS or _UNSAFE_CSS.search(_own_css(element)):
            if parent is not None:
                parent.remove(element)
            continue
        for key, value in list(element.attrib.items()):
            attribute = etree.QName(key).localname
            if (
                attribute.lower().startswith("on")
                or (attribute == "href" and not (str(value).startswith("#") or _EMBEDDED.match(str(value))))
                or (attribute != "href" and _UNSAFE_CSS.search(str(value)))
            ):
                del element.attrib[key]
    etree.cleanup_namespaces(root)


def _own_css(element: etree._Element) -> str:
    return (element.text or "") if etree.QName(element).localname == "style" else ""


def _svg_size(root: etree._Element) -> tuple[int, int]:
    """Width and height in CSS px; what is missing comes from the viewBox, which is added where it is missing."""
    box = [float(part) for part in re.findall(r"-?[\d.]+(?:e-?\d+)?", root.get("viewBox") or "")]
    width = _length(root.get("width"))
    height = _length(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        width, height = width or box[2], height or box[3]
    elif width and height:
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    if not width or not height or max(width, height) > MAX_SIDE:
        raise ImageRefusedError("it has no usable size: give width and height, or a viewBox")
    root.set("width", f"{width:g}")
    root.set("height", f"{height:g}")
    return round(width), round(height)


def _length(text: str | None) -> float:
    """An SVG length in CSS px; 0 for none and for what depends on the page (%)."""
    match = re.fullmatch(r"\s*([\d.]+)(px|pt|mm|cm|in|pc)?\s*", text or "")
    if not match or match[1].count(".") > 1 or match[1] == ".":
        return 0
    scale = {"pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "pc": 16}
    return float(match[1]) * scale.get(match[2] or "px", 1)
