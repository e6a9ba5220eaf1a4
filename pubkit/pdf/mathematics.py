"""MathML drawn as SVG, for WeasyPrint knows no MathML."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from xml.etree import ElementTree as ET

SIZE = 24.0  # px an em: any number does, as the lengths given back are in em

# ziamath has no error class of its own: these are what bad or unusual MathML makes it raise.
_REFUSALS = (
    AssertionError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
    RecursionError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A formula as SVG; lengths in em of the text around it, `depth` is that below the baseline."""

    svg: bytes
    width: float
    height: float
    depth: float
    bearing: float  # the white before the first glyph, which the drawing does not have


def draw(mathml: str) -> Drawing | None:
    """The drawing of a `<math>` element, with STIX Two glyphs as outlines; None for what cannot be drawn."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # ziamath reads its font in a way that Python deprecates
        from ziamath.zmath import Math

        try:
            formula = Math(mathml, size=SIZE, margin=0)
            svg = formula.svgxml()
            width, height = formula.getsize()
            depth = -formula.getyofst()
            bearing = max(0.0, formula.node.bbox.xmin)
        except (*_REFUSALS, ET.ParseError):
            return None
    if not (width > 0 and height > 0):
        return None
    return Drawing(
        svg=ET.tostring(svg), width=width / SIZE, height=height / SIZE, depth=depth / SIZE, bearing=bearing / SIZE
    )
