"""What an inspected PDF is made of.

Boxes and sizes in mm from the lower left corner of the page as it is seen; type and line widths in pt; ink in per cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Model = Literal["grey", "rgb", "cmyk", "lab", "spot", "pattern", "unknown"]
Paint = Literal["text", "fill", "stroke", "image", "shading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on a page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A colour space (ISO 32000-1, 8.6): its family, and the model in which it says colours in the end."""

    family: str  # "DeviceRGB", "ICCBased", "Separation", …
    model: Model
    components: int = 0
    base: Space | None = None  # of Indexed and Pattern; the alternate of Separation and DeviceN
    names: tuple[str, ...] = ()  # of the inks of Separation and DeviceN
    default: bool = False  # whether a Default space of the page stands for the device space that was written


@dataclass(frozen=True, slots=True, kw_only=True)
class Colour:
    """A colour that something is painted with; no values for patterns and images."""

    space: Space
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourUse:
    """How often a page paints with a colour, and where it does so first."""

    paint: Paint
    colour: Colour
    overprint: bool = False  # of a device that knocks nothing out: white then vanishes
    count: int
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedImage:
    """An image as it stands on a page."""

    name: str  # in the page's resources: "Im3"
    pixels: tuple[int, int]
    size: tuple[float, float]  # of the whole image, in mm
    box: Box  # what is seen of it
    ppi: float  # across or down, whichever is less
    bits: int  # of a component
    mask: bool  # a stencil, painted in the colour of the moment
    space: Space
    filters: tuple[str, ...] = ()
    ink: float | None = None  # exceeded by less than one pixel in a thousand; None: not measured


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRun:
    """Letters of one font and size on one line."""

    words: str  # what they say, the beginning only; blank where the font does not tell
    letters: int  # that show
    font: str
    size: float  # in pt, as printed; 0: not known (fonts of type 3)
    box: Box  # from the first letter to the last that shows
    colour: Colour
    seen: bool = True  # False for invisible text, which lies under scanned pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Lines of one width: strokes, and filled bars so thin that they stand for one."""

    width: float  # in pt; 0 is the thinnest that the device has
    count: int
    box: Box  # of the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Something painted near the edge of the page: where it ends, and whether paper shows through it."""

    what: str  # "image Im3", "fill", "shading"
    box: Box
    white: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Font:
    """A font that is used."""

    name: str  # without the letters of a subset
    kind: str  # "TrueType", "Type1", "Type3", "CIDFontType2", …
    embedded: bool
    subset: bool = False
    restricted: bool = False  # its own licence bits (OpenType OS/2, fsType) forbid embedding


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Something that lies over the page."""

    kind: str
    box: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and what is on it."""

    number: int  # from 1
    label: str
    media: Box
    crop: Box | None = None
    bleed: Box | None = None
    trim: Box | None = None
    art: Box | None = None
    origin: tuple[float, float] = (0.0, 0.0)  # of the MediaBox, as written, in mm
    turned: int = 0  # degrees clockwise
    images: tuple[PlacedImage, ...] = ()
    text: tuple[TextRun, ...] = ()
    lines: tuple[Line, ...] = ()
    areas: tuple[Area, ...] = ()  # near the edge only
    colours: tuple[ColourUse, ...] = ()
    fonts: tuple[Font, ...] = ()
    missing: tuple[tuple[str, int], ...] = ()  # fonts, and how many characters show .notdef
    transparency: tuple[str, ...] = ()  # "opacity 0.5", "blend mode Multiply", "soft mask"
    annotations: tuple[Annotation, ...] = ()
    blank: bool = False
    corner_marks: bool = False  # short lines at all four corners
    faults: tuple[str, ...] = ()  # what could not be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """A thing in the file that some rule forbids, at the object that has it."""

    kind: str  # "soft mask", "javascript", …: pdf/inspection/features.py has them all
    detail: str = ""
    place: str = ""  # "object 12"
    page: int = 0  # the first that leads to it; 0: the document


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the header of an ICC profile says (ICC.1, 7.2)."""

    kind: str  # device class: "prtr"
    space: str  # "CMYK"
    version: str  # "2.1"
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputIntent:
    """What a file is made to be printed with (ISO 32000-1, 14.11.5)."""

    kind: str  # "GTS_PDFX"
    identifier: str = ""
    condition: str = ""
    registry: str = ""
    info: str = ""
    profile: Profile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What is true of the file as a whole."""

    size: int  # bytes
    pages: int
    version: str  # "1.6"; the higher of the header's and the catalogue's
    header: str
    identified: bool = False  # whether the trailer has an ID
    encrypted: bool = False
    object_streams: bool = False  # or a cross-reference stream: both are of PDF 1.5
    outline: bool = False
    right_to_left: bool = False
    view_boxes: Mapping[str, str]  # of the viewer preferences: {"ViewArea": "CropBox"}
    info: Mapping[str, str]
    xmp: Mapping[str, str]  # by prefix and name: "dc:title"
    output_intents: tuple[OutputIntent, ...] = ()
    features: tuple[Feature, ...] = ()
    faults: tuple[str, ...] = ()  # what the reader had to mend


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A PDF, read. `lost` names ranges of pages that took too much time or memory, with the reason."""

    file: FileFacts
    pages: tuple[Page, ...]
    lost: tuple[tuple[int, int, str], ...] = ()
