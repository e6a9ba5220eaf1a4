"""What the operators of a page work on: the graphics state (ISO 32000-1, 8.4), and what has been painted so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pikepdf import Dictionary, Name, Object, PikepdfError

from pubkit.pdf.inspection.colours import GREY, space_of
from pubkit.pdf.inspection.fonts import Face
from pubkit.pdf.inspection.geometry import IDENTITY, Matrix, Rectangle, around, common, in_mm
from pubkit.pdf.inspection.pictures import Picture
from pubkit.pdf.inspection.values import (
    Area,
    Box,
    Colour,
    ColourUse,
    Font,
    Line,
    Paint,
    PlacedImage,
    Space,
    TextRun,
)

# What values of a wrong type or size make pikepdf and Python raise.
FAULTS = (PikepdfError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RuntimeError)

EVERYWHERE: Rectangle = (-1e6, -1e6, 1e6, 1e6)
BLACK = Colour(space=GREY, values=(0.0,))

MOST_OPERATORS = 3_000_000  # of one page, forms counted as often as they are painted
MOST_THINGS = 20_000  # of one kind on one page
EDGE = 5.0  # mm: areas that come nearer to the edge of the page are kept
_SMALLEST_AREA = 3.0  # mm


@dataclass(slots=True)
class State:
    """The graphics state."""

    ctm: Matrix
    clip: Rectangle | None = EVERYWHERE  # the rectangle around the clipping path; None: nothing shows
    fill: Colour = BLACK
    stroke: Colour = BLACK
    width: float = 1.0
    overprint_fill: bool = False
    overprint_stroke: bool = False
    overprint_mode: int = 0
    face: Face | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scaling: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0

    def saved(self) -> State:
        """A copy."""
        return State(
            self.ctm,
            self.clip,
            self.fill,
            self.stroke,
            self.width,
            self.overprint_fill,
            self.overprint_stroke,
            self.overprint_mode,
            self.face,
            self.size,
            self.spacing,
            self.word_spacing,
            self.scaling,
            self.leading,
            self.rise,
            self.mode,
        )


@dataclass(slots=True)
class Path:
    """The path under construction, in the space of the page."""

    points: list[tuple[float, float]] = field(default_factory=list)
    segments: list[tuple[tuple[float, float], tuple[float, float]]] = field(default_factory=list)
    curved: bool = False
    clips: bool = False


@dataclass(slots=True)
class Shelf:
    """What is read once a file and used on many pages, by the objects' numbers."""

    faces: dict[tuple[int, int], Face] = field(default_factory=dict)
    pictures: dict[tuple[int, int], Picture] = field(default_factory=dict)
    contents: dict[tuple[int, int], list[Any]] = field(default_factory=dict)


@dataclass(slots=True)
class Canvas:
    """A page while its operators run."""

    shelf: Shelf
    base: Matrix  # of the page
    media: Rectangle  # as it is seen
    trim: Box  # in mm; the MediaBox where there is no TrimBox
    state: State
    resources: Object
    stack: list[State] = field(default_factory=list)
    path: Path = field(default_factory=Path)
    text_matrix: Matrix = IDENTITY
    line_matrix: Matrix = IDENTITY
    spaces: dict[str, Space] = field(default_factory=dict)
    depth: int = 0
    operators: int = 0
    in_pattern: bool = False
    patterns: set[tuple[int, int]] = field(default_factory=set)
    images: list[PlacedImage] = field(default_factory=list)
    text: list[TextRun] = field(default_factory=list)
    lines: dict[float, Line] = field(default_factory=dict)
    areas: list[Area] = field(default_factory=list)
    colours: dict[tuple[Paint, Colour, bool], ColourUse] = field(default_factory=dict)
    fonts: dict[Font, None] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    transparency: dict[str, None] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    corners: set[tuple[int, str]] = field(default_factory=set)
    marked: bool = False


def resource(canvas: Canvas, kind: str, name: Any) -> Any:
    """A named resource; None where there is none of that name."""
    table = canvas.resources.get(kind)
    return table.get(str(name)) if isinstance(table, Dictionary) else None


def device_space(canvas: Canvas, name: str) -> Space:
    """What a device's colour space means with these resources."""
    if name not in canvas.spaces:
        named = canvas.resources.get("/ColorSpace")
        canvas.spaces[name] = space_of(Name(name), named if isinstance(named, Dictionary) else None)
    return canvas.spaces[name]


def fault(canvas: Canvas, words: str) -> None:
    """Count something that cannot be read."""
    canvas.faults[words] = canvas.faults.get(words, 0) + 1


def painted(canvas: Canvas, paint: Paint, colour: Colour, box: Box | None, *, overprint: bool = False) -> None:
    """Count a use of a colour, and remember that the page is not blank."""
    key = (paint, colour, overprint)
    known = canvas.colours.get(key)
    if known is None and len(canvas.colours) >= MOST_THINGS:
        return
    count = known.count + 1 if known else 1
    canvas.colours[key] = ColourUse(
        paint=paint, colour=colour, overprint=overprint, count=count, box=known.box if known and known.box else box
    )
    if box is not None and not is_white(colour):
        canvas.marked = True


def is_white(colour: Colour) -> bool:
    """Whether paper and this look alike."""
    match colour.space.model:
        case "grey" | "rgb":
            return bool(colour.values) and all(value >= 1 for value in colour.values)
        case "cmyk":
            return bool(colour.values) and not any(colour.values)
    return False


def shown(canvas: Canvas, of: Rectangle) -> Box | None:
    """What is seen of a rectangle, in mm; None where it is clipped away."""
    clip = canvas.state.clip
    rest = common(of, clip) if clip else None
    return in_mm(rest) if rest else None


def add_area(canvas: Canvas, what: str, box: Box, *, white: bool) -> None:
    """Keep something that comes near the edge of the page, or goes over it."""
    if canvas.in_pattern or len(canvas.areas) >= MOST_THINGS or max(box.width, box.height) < _SMALLEST_AREA:
        return
    trim = canvas.trim
    near = (box.left - trim.left, box.bottom - trim.bottom, trim.right - box.right, trim.top - box.top)
    if min(near) < EDGE:
        canvas.areas.append(Area(what=what, box=box, white=white))


def add_line(canvas: Canvas, width: float, box: Box) -> None:
    """Count a line of a width."""
    if canvas.in_pattern:
        return
    width = round(width, 3)
    known = canvas.lines.get(width)
    if known is None and len(canvas.lines) >= MOST_THINGS:
        return
    count = known.count + 1 if known else 1
    canvas.lines[width] = Line(width=width, count=count, box=known.box if known else box)


def bounds(path: Path) -> Rectangle | None:
    """The rectangle around a path."""
    return around(path.points) if path.points else None
