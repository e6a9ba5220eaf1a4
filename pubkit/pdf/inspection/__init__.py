"""A finished PDF, made by any tool, read into frozen values: its pages, its fonts, what it says of itself.

Nothing here judges: the rules stand in `pubkit.check`.
"""

from __future__ import annotations

from pubkit.pdf.inspection.reading import MAX_PAGES, Unreadable, inspect_pdf
from pubkit.pdf.inspection.values import (
    Area,
    Box,
    Colour,
    ColourUse,
    Feature,
    FileFacts,
    Font,
    Inspected,
    Line,
    OutputIntent,
    Page,
    PlacedImage,
    Profile,
    Space,
    TextRun,
)

__all__ = [
    "MAX_PAGES",
    "Area",
    "Box",
    "Colour",
    "ColourUse",
    "Feature",
    "FileFacts",
    "Font",
    "Inspected",
    "Line",
    "OutputIntent",
    "Page",
    "PlacedImage",
    "Profile",
    "Space",
    "TextRun",
    "Unreadable",
    "inspect_pdf",
]
