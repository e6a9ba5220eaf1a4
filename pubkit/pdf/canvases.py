"""What a finished file draws on: its pages, and the forms and patterns that they use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf

# WeasyPrint, and pubkit after it, writes every operator with its operands on a line of its own, and texts as
# hexadecimal numbers: so what is written on a line is what is drawn.
_USES = re.compile(rb"^/(\S+) (gs|Do|scn|SCN)$", re.MULTILINE)
_RESOURCE = {b"gs": "/ExtGState", b"Do": "/XObject", b"scn": "/Pattern", b"SCN": "/Pattern"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """A page, a form or a pattern; `luminosity` where only its brightness counts, for it is the mask of another."""

    holder: Object
    streams: tuple[Object, ...]
    luminosity: bool = False

    @property
    def resources(self) -> Object:
        """Its resources; a dictionary of its own where it has none."""
        if "/Resources" not in self.holder:
            self.holder.Resources = Dictionary()
        return self.holder.Resources


def canvas_of(holder: Object, *, luminosity: bool = False) -> Canvas:
    """The canvas that is a page, a form or a pattern."""
    if holder.get("/Type") != Name.Page:
        return Canvas(holder=holder, streams=(holder,), luminosity=luminosity)
    contents = holder.get("/Contents", Array())
    streams = tuple(contents) if isinstance(contents, Array) else (contents,)
    return Canvas(holder=holder, streams=streams)


def canvases(target: Pdf) -> Iterator[Canvas]:
    """Every page, and everything that is drawn on it, once; what draws before what is drawn."""
    seen: set[tuple[int, int]] = set()
    stack = [canvas_of(page.obj) for page in reversed(target.pages)]
    while stack:
        canvas = stack.pop()
        yield canvas
        inner = []
        for resources in _once((canvas.resources,), seen):
            inner += [(each, canvas.luminosity) for each in _forms(resources)]
            inner += [(each, True) for each in _masks(resources)]
        stack += [canvas_of(each, luminosity=mask) for each, mask in reversed(inner) if list(_once((each,), seen))]


def _once(found: tuple[Object, ...], seen: set[tuple[int, int]]) -> Iterator[Object]:
    for each in found:
        if not each.is_indirect:
            yield each
        elif each.objgen not in seen:
            seen.add(each.objgen)
            yield each


def _forms(resources: Object) -> Iterator[Object]:
    for each in dict(resources.get("/XObject", Dictionary())).values():
        if each.get("/Subtype") == Name.Form:
            yield each
    for each in dict(resources.get("/Pattern", Dictionary())).values():
        if each.get("/PatternType") == 1:
            yield each


def _masks(resources: Object) -> Iterator[Object]:
    for state in dict(resources.get("/ExtGState", Dictionary())).values():
        mask = state.get("/SMask")
        if isinstance(mask, Dictionary) and mask.get("/S") == Name.Luminosity:
            yield mask.G


def all_resources(target: Pdf) -> Iterator[tuple[Object, bool]]:
    """The resources of every canvas, once, and whether they are those of a mask."""
    seen: set[tuple[int, int]] = set()
    for canvas in canvases(target):
        for resources in _once((canvas.resources,), seen):
            yield resources, canvas.luminosity


def used(canvas: Canvas) -> Iterator[tuple[str, Object]]:
    """The graphics states ("gs"), forms and images ("Do") and patterns ("scn") that a canvas itself uses."""
    names = dict.fromkeys(found for stream in canvas.streams for found in _USES.findall(stream.read_bytes()))
    for name, operator in names:
        resources = canvas.resources.get(_RESOURCE[operator], Dictionary())
        if "/" + name.decode() in resources:
            yield operator.decode().lower(), resources["/" + name.decode()]
