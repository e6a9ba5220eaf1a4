"""SVG files: cleaned through an allow-list, measured, and refused where they draw without end."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from lxml import etree

from pubkit.images.credit import tree_credit
from pubkit.images.picture import MAX_SIDE, ImageRefusedError, Picture
from pubkit.images.pixels import read_pixels
from pubkit.markup import drop
from pubkit.model import ScreenLimits

MAX_SVG_BYTES = 2_000_000
MAX_SVG_ELEMENTS = 10_000

_SVG = "http://www.w3.org/2000/svg"
_SVG_ELEMENTS = frozenset(
    (
        "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan "
        "textPath style linearGradient radialGradient stop clipPath mask pattern marker image filter "
        "feGaussianBlur feOffset feBlend feColorMatrix feMerge feMergeNode feFlood feComposite "
        "feTurbulence feDisplacementMap"
    ).split()
)
# A backslash can spell any of the other words ("u\72l"), so it counts as one of them.
_UNSAFE_CSS = re.compile(
    r"""expression\s*\(|javascript:|@import|image-set|\bsrc\s*\(|\\|url\s*\((?!\s*["']?\s*#)""", re.IGNORECASE
)
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,")
_REFERENCE = re.compile(r"""^#([^\s]+)$|url\s*\(\s*["']?\s*#([^\s"')]+)""")
_DEEPEST = 100  # levels of elements and of what they refer to


def read_drawing(content: bytes) -> Picture:
    """The picture in an SVG file. Raises ImageRefusedError for what is not SVG, too large, or draws too much."""
    if len(content) > MAX_SVG_BYTES:
        raise ImageRefusedError(f"an SVG may have {MAX_SVG_BYTES} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise ImageRefusedError(f"it is not well-formed ({error.msg})") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and declared.entities():  # type: ignore[union-attr]  # unknown to the stubs
        raise ImageRefusedError("an SVG must not declare entities")
    if root.tag != f"{{{_SVG}}}svg":
        raise ImageRefusedError("its root is not an svg element")
    credit = tree_credit(root)
    _clean_svg(root)
    width, height = _svg_size(root)
    if sum(1 for _ in root.iter(etree.Element)) > MAX_SVG_ELEMENTS or _drawn(root) > MAX_SVG_ELEMENTS:
        raise ImageRefusedError(f"it draws more than {MAX_SVG_ELEMENTS} elements")
    clean = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return Picture(
        media_type="image/svg+xml", suffix=".svg", screen=clean, press=clean, width=width, height=height, credit=credit
    )


def _clean_svg(root: etree._Element) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            drop(element)
            continue
        name = etree.QName(element)
        if name.namespace == _SVG and name.localname in ("a", "switch"):
            element.tag = f"{{{_SVG}}}g"  # what they hold is a drawing
        elif name.namespace != _SVG or name.localname not in _SVG_ELEMENTS or _UNSAFE_CSS.search(_own_css(element)):
            drop(element)
            continue
        for key, value in list(element.attrib.items()):
            _clean_attribute(element, str(key), str(value))
    etree.cleanup_namespaces(root)


def _clean_attribute(element: etree._Element, key: str, value: str) -> None:
    attribute = etree.QName(key).localname.lower()
    if attribute == "href" and _EMBEDDED.match(value):
        picture = _embedded(value.partition(",")[2])
        if picture:
            element.set(key, f"data:{picture.media_type};base64,{base64.b64encode(picture.press).decode('ascii')}")
            return
    unsafe = not value.startswith("#") if attribute == "href" else _UNSAFE_CSS.search(value)
    if attribute.startswith("on") or attribute == "base" or unsafe:
        del element.attrib[key]


def _embedded(encoded: str) -> Picture | None:
    """The image inside an SVG, looked at as closely as any other; None where it cannot be used."""
    try:
        return read_pixels(base64.b64decode("".join(encoded.split()), validate=True), ScreenLimits())
    except (ImageRefusedError, ValueError):
        return None


def _own_css(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())) if etree.QName(element).localname == "style" else ""


def _drawn(root: etree._Element) -> int:
    """How many elements are drawn when every `use`, pattern, mask and the like is followed.

    Ten groups that use one another ten times each draw ten thousand million.
    """
    named = {str(element.get("id")): element for element in root.iter(etree.Element) if element.get("id")}
    known: dict[etree._Element, int] = {}

    def count(element: etree._Element, depth: int) -> int:
        if depth > _DEEPEST:
            raise ImageRefusedError("it is nested too deep, or refers to itself")
        if element not in known:
            inner = [*element, *(named[name] for name in _references(element) if name in named)]
            known[element] = 1 + sum(count(each, depth + 1) for each in inner)
        return known[element]

    return count(root, 0)


def _references(element: etree._Element) -> Iterator[str]:
    for value in element.attrib.values():
        for found in _REFERENCE.finditer(str(value)):
            yield found[1] or found[2]


def _svg_size(root: etree._Element) -> tuple[int, int]:
    """Width and height in CSS px; what is missing comes from the viewBox, which is added where it is missing."""
    box = [_number(part) for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())]
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
    return max(1, round(width)), max(1, round(height))


def _number(text: str) -> float:
    """An SVG number; 0 for what is none."""
    return float(text) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text, re.ASCII) else 0


def _length(text: str | None) -> float:
    """An SVG length in CSS px; 0 for none and for what depends on the page (%)."""
    match = re.fullmatch(r"\s*(\S+?)(px|pt|mm|cm|in|pc)?\s*", text or "")
    scale = {"pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "pc": 16}
    return max(0, _number(match[1])) * scale.get(match[2] or "px", 1) if match else 0
