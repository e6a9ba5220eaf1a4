"""Things in a file that some rule forbids, found in every object that a page or the catalogue leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Stream, String

from pubkit.pdf.inspection.canvas import FAULTS
from pubkit.pdf.inspection.pictures import filters_of
from pubkit.pdf.inspection.values import Feature

MOST_OBJECTS = 1_500_000
MOST_FEATURES = 2_000

# Ways that lead to other pages, or to what no rule is about.
_ELSEWHERE = frozenset(
    "/Parent /P /Pg /Pages /Prev /Dest /Dests /D /PageLabels /StructTreeRoot /StructParent /Popup /IRT /Metadata "
    "/DestOutputProfile /FontFile /FontFile2 /FontFile3 /ToUnicode /CIDToGIDMap /Widths /W /Threads /B".split()
)
_PLAIN_BLENDS = ("Normal", "Compatible")

Found = tuple[str, str]


def features_of(pdf: Pdf, pages: list[Page]) -> tuple[Feature, ...]:
    """All features, each with the first page that leads to it; then those of the catalogue."""
    seen: set[tuple[int, int]] = {page.obj.objgen for page in pages}
    found: dict[Feature, None] = {}
    roots: list[tuple[int, Object]] = [(number, page.obj) for number, page in enumerate(pages, 1)]
    roots.append((0, pdf.Root))
    for number, root in roots:
        for place, kind, detail in _below(root, seen):
            found.setdefault(Feature(kind=kind, detail=detail[:80], place=place, page=number))
            if len(found) >= MOST_FEATURES:
                return tuple(found)
    return tuple(found)


def _below(root: Object, seen: set[tuple[int, int]]) -> Iterator[tuple[str, str, str]]:
    """Place, kind and detail of what the objects below a page or the catalogue have."""
    waiting: list[tuple[Any, str, str]] = [(root, f"object {root.objgen[0]}", "")]
    while waiting and len(seen) < MOST_OBJECTS:
        thing, place, role = waiting.pop()
        try:
            for kind, detail in _of(thing, role):
                yield place, kind, detail
            waiting.extend(_inside(thing, place, role, seen))
        except FAULTS:  # an object of a damaged file: what it would have said stands in the file's faults
            continue


def _inside(thing: Any, place: str, role: str, seen: set[tuple[int, int]]) -> Iterator[tuple[Any, str, str]]:
    """What an object holds, with its place and its role: a graphics state is known by where it stands."""
    inner = [("", value) for value in thing] if isinstance(thing, Array) else list(thing.items())
    for key, value in reversed(inner):
        if key in _ELSEWHERE or not isinstance(value, Dictionary | Array | Stream):
            continue
        part = "state" if role == "states" else "states" if key == "/ExtGState" else ""
        number = value.objgen
        if number == (0, 0):
            yield value, place, part
        elif number not in seen:
            seen.add(number)
            yield value, f"object {number[0]}", part


def _of(thing: Any, role: str) -> Iterator[Found]:
    if isinstance(thing, Array):
        return
    if isinstance(thing, Stream):
        yield from _of_stream(thing)
    yield from _of_dictionary(thing)
    if role == "state":
        yield from _of_state(thing)


def _of_stream(stream: Stream) -> Iterator[Found]:
    for name in filters_of(stream):
        if name in ("LZW", "JPX", "JBIG2", "Crypt"):
            yield name.lower(), ""
    if "/F" in stream and "/Length" in stream and not isinstance(stream.F, Name | Array):
        yield "external stream", ""
    if stream.get("/Subtype") == "/PS" or stream.get("/Subtype2") == "/PS":
        yield "postscript", ""
    if "/SMask" in stream and isinstance(stream.SMask, Stream):
        yield "soft mask", "of an image"
    if stream.get("/SMaskInData", 0) not in (0, None):
        yield "soft mask", "in JPEG 2000 data"
    if stream.get("/Subtype") == "/Image" and "/Alternates" in stream:
        yield "alternate image", ""
    if stream.get("/Subtype") == "/Form" and "/Ref" in stream:
        yield "reference", ""


def _of_dictionary(thing: Object) -> Iterator[Found]:
    if "/OPI" in thing:
        yield "opi", ""
    group = thing.get("/Group")
    if isinstance(group, Dictionary) and group.get("/S") == "/Transparency":
        yield "transparency group", str(group.get("/CS", "")).removeprefix("/") if _named(group.get("/CS")) else ""
    for key in ("/A", "/OpenAction", "/Next"):
        yield from _of_action(thing.get(key))
    more = thing.get("/AA")
    for action in dict(more).values() if isinstance(more, Dictionary) else ():
        yield from _of_action(action)
    if isinstance(thing.get("/EF"), Dictionary):
        yield "embedded file", str(thing.get("/UF", thing.get("/F", "")))
    elif thing.get("/Type") in ("/Filespec", "/F"):
        yield "file specification", str(thing.get("/UF", thing.get("/F", "")))
    for key, kind in (("/PieceInfo", "private data"), ("/Thumb", "thumbnail"), ("/SeparationInfo", "preseparated")):
        if key in thing:
            yield kind, ""
    if thing.get("/Type") == "/Catalog":
        yield from _of_catalogue(thing)


def _named(value: Any) -> bool:
    return isinstance(value, Name)


def _of_action(action: Any) -> Iterator[Found]:
    if not isinstance(action, Dictionary) or "/S" not in action:
        return
    kind = str(action.S).removeprefix("/")
    yield ("javascript" if kind == "JavaScript" else "action"), kind


def _of_catalogue(root: Object) -> Iterator[Found]:
    names = root.get("/Names")
    if isinstance(names, Dictionary):
        if "/JavaScript" in names:
            yield "javascript", "of the document"
        if "/EmbeddedFiles" in names:
            yield "attachments", ""
    form = root.get("/AcroForm")
    if isinstance(form, Dictionary) and (len(form.get("/Fields", Array())) or "/XFA" in form):
        yield "form", "XFA" if "/XFA" in form else ""
    layers = root.get("/OCProperties")
    if isinstance(layers, Dictionary):
        yield "layers", ""
        others = layers.get("/Configs")
        settings = [layers.get("/D"), *(list(others) if isinstance(others, Array) else [])]
        if any(isinstance(each, Dictionary) and "/AS" in each for each in settings):
            yield "layers change", ""
        if any(isinstance(each, Dictionary) and not isinstance(each.get("/Name"), String) for each in settings):
            yield "layers unnamed", ""


def _of_state(state: Any) -> Iterator[Found]:
    """A graphics state dictionary (ISO 32000-1, 8.4.5)."""
    if isinstance(state.get("/SMask"), Dictionary):
        yield "soft mask", "in a graphics state"
    for key in ("/ca", "/CA"):
        if key in state and float(state[key]) < 1:
            yield "opacity", f"{float(state[key]):g}"
    mode = state.get("/BM")
    first = mode[0] if isinstance(mode, Array) and len(mode) else mode
    if first is not None and (name := str(first).removeprefix("/")) not in _PLAIN_BLENDS:
        yield "blend mode", name
    if "/TR" in state or ("/TR2" in state and state.get("/TR2") != "/Default"):
        yield "transfer function", ""
    if "/HTP" in state:
        yield "halftone phase", ""
    yield from _of_halftone(state.get("/HT"))


def _of_halftone(halftone: Any) -> Iterator[Found]:
    if not isinstance(halftone, Dictionary | Stream):
        return
    if halftone.get("/HalftoneType") not in (1, 5):
        yield "halftone", f"of type {halftone.get('/HalftoneType')}"
    if "/HalftoneName" in halftone:
        yield "halftone", "with a name"
