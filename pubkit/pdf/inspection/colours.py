"""Colour spaces of a PDF (ISO 32000-1, 8.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pikepdf import Array, Name, Object, Stream

from pubkit.pdf.inspection.values import Model, Space

DEEPEST = 8  # a space of a space of a space …

_DEVICE: Mapping[str, tuple[str, Model, int]] = {
    "/DeviceGray": ("DeviceGray", "grey", 1),
    "/G": ("DeviceGray", "grey", 1),
    "/CalGray": ("CalGray", "grey", 1),
    "/DeviceRGB": ("DeviceRGB", "rgb", 3),
    "/RGB": ("DeviceRGB", "rgb", 3),
    "/CalRGB": ("CalRGB", "rgb", 3),
    "/DeviceCMYK": ("DeviceCMYK", "cmyk", 4),
    "/CMYK": ("DeviceCMYK", "cmyk", 4),
    "/CalCMYK": ("DeviceCMYK", "cmyk", 4),
    "/Lab": ("Lab", "lab", 3),
}
_MODELS: Mapping[int, Model] = {1: "grey", 3: "rgb", 4: "cmyk"}
_DEFAULTS = {"DeviceGray": "/DefaultGray", "DeviceRGB": "/DefaultRGB", "DeviceCMYK": "/DefaultCMYK"}

UNKNOWN = Space(family="unknown", model="unknown")
GREY = Space(family="DeviceGray", model="grey", components=1)
PATTERN = Space(family="Pattern", model="pattern")


def space_of(written: Any, named: Any, depth: int = 0) -> Space:
    """The colour space that an object means; `named` are those of the page's resources."""
    if depth > DEEPEST or written is None:
        return UNKNOWN
    if isinstance(written, Array):
        return _of_array(written, named, depth) if len(written) else UNKNOWN
    if not isinstance(written, Name):
        return UNKNOWN
    name = str(written)
    if name == "/Pattern":
        return PATTERN
    if name in _DEVICE:
        return _device(name, named, depth)
    found = _entry(named, name)
    return UNKNOWN if found is None or found == written else space_of(found, named, depth + 1)


def _entry(named: Any, key: str) -> Any:
    try:
        return named.get(key)
    except (AttributeError, TypeError, ValueError):
        return None


def _device(name: str, named: Any, depth: int) -> Space:
    family, model, components = _DEVICE[name]
    default = _entry(named, _DEFAULTS.get(family, "/")) if named is not None else None
    if default is not None:
        other = space_of(default, None, depth + 1)
        return Space(family=other.family, model=other.model, components=components, base=other.base, default=True)
    return Space(family=family, model=model, components=components)


def _of_array(written: Array, named: Any, depth: int) -> Space:
    family = str(written[0])
    if len(written) == 1 or family in ("/CalGray", "/CalRGB", "/Lab"):
        return space_of(written[0], named, depth + 1)
    inside = written[1]
    match family:
        case "/ICCBased" if isinstance(inside, Stream):
            return _of_profile(inside)
        case "/Indexed" | "/I":
            base = space_of(inside, named, depth + 1)
            return Space(family="Indexed", model=base.model, components=1, base=base)
        case "/Pattern":
            return Space(family="Pattern", model="pattern", base=space_of(inside, named, depth + 1))
        case "/Separation" | "/DeviceN" if len(written) > 2:
            inks = tuple(map(_ink, inside)) if isinstance(inside, Array) else (_ink(inside),)
            base = space_of(written[2], named, depth + 1)
            return Space(family=family[1:], model="spot", components=len(inks), base=base, names=inks)
    return UNKNOWN


def _ink(name: Object) -> str:
    return str(name).removeprefix("/")[:60]


def _of_profile(profile: Stream) -> Space:
    written = profile.get("/N")
    components = written if isinstance(written, int) else 0
    return Space(family="ICCBased", model=_MODELS.get(components, "unknown"), components=components)


def ink_of(space: Space, values: tuple[float, ...]) -> float | None:
    """The ink of a colour, in per cent of all plates together; None where the space does not say inks."""
    if not values:
        return None
    match space.model:
        case "grey":
            return 100 * (1 - values[0])
        case "cmyk" if len(values) >= 4:
            return 100 * sum(values[:4])
        case "spot":
            plates = 4 if space.names == ("All",) else 1
            return 100 * plates * sum(values)
    return None
