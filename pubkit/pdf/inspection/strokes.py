"""The graphics state and paths (ISO 32000-1, 8.4 and 8.5)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from pikepdf import Dictionary, Name

from pubkit.pdf.inspection import lettering
from pubkit.pdf.inspection.canvas import Canvas, Path, add_area, add_line, bounds, is_white, painted, resource, shown
from pubkit.pdf.inspection.geometry import MM, Rectangle, common, matrix, moved, number, numbers, stretch, times

Operation = Callable[[Canvas, Sequence[Any]], None]

_MOST_SAVED = 5000  # states; no page needs thousands
_MOST_SEGMENTS = 200
_THIN = 2.0  # pt: a filled bar that is no thicker stands for a line
_SLENDER = 8.0  # … and is so many times as long
_CORNER = 25.0  # mm from the corner of the sheet in which a crop mark lies
_MARK = (2.0, 15.0)  # mm: the length of a crop mark


def save(canvas: Canvas, _: Sequence[Any]) -> None:
    """Keep the state (q)."""
    if len(canvas.stack) > _MOST_SAVED:
        raise ValueError("too many saved states")
    canvas.stack.append(canvas.state.saved())


def restore(canvas: Canvas, _: Sequence[Any]) -> None:
    """Take the last kept state (Q)."""
    if canvas.stack:
        canvas.state = canvas.stack.pop()


def change(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Change the matrix (cm)."""
    canvas.state.ctm = times(matrix(operands), canvas.state.ctm)


def line_width(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Set the width of lines (w)."""
    canvas.state.width = abs(number(operands[0]))


def graphics_state(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Take over a dictionary of graphics state (gs)."""
    found = resource(canvas, "/ExtGState", operands[0])
    if not isinstance(found, Dictionary):
        return
    for key, value in found.items():
        match key:
            case "/LW":
                canvas.state.width = abs(number(value))
            case "/Font" if len(value) == 2 and isinstance(value[0], Dictionary):
                lettering.set_font(canvas, value[0], value[1])
            case "/OP" | "/op" | "/OPM":
                _overprint(canvas, key, value, alone="/op" not in found)
            case "/ca" | "/CA" if number(value) < 1:
                canvas.transparency.setdefault(f"opacity {number(value):g}")
            case "/BM" if (mode := _blend_mode(value)) not in ("Normal", "Compatible"):
                canvas.transparency.setdefault(f"blend mode {mode}")
            case "/SMask" if isinstance(value, Dictionary):
                canvas.transparency.setdefault("soft mask")


def _overprint(canvas: Canvas, key: str, value: Any, *, alone: bool) -> None:
    """OP is of strokes, and of fills too where there is no op (8.6.7)."""
    state = canvas.state
    if key == "/OPM":
        state.overprint_mode = int(number(value))
    elif key == "/op":
        state.overprint_fill = bool(value)
    else:
        state.overprint_stroke = bool(value)
        state.overprint_fill = bool(value) if alone else state.overprint_fill


def _blend_mode(value: Any) -> str:
    first = value if isinstance(value, Name) else value[0] if len(value) else Name.Normal
    return str(first).removeprefix("/")


def _go(canvas: Canvas, point: tuple[float, float], *, line: bool) -> None:
    path, there = canvas.path, moved(point, canvas.state.ctm)
    if line and path.points and len(path.segments) < _MOST_SEGMENTS:
        path.segments.append((path.points[-1], there))
    path.points.append(there)


def move(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Begin a part of a path (m)."""
    x, y = numbers(operands, 2)
    _go(canvas, (x, y), line=False)


def line(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Go straight on (l)."""
    x, y = numbers(operands, 2)
    _go(canvas, (x, y), line=True)


def curve(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Go on in a curve (c, v, y); its control points stand for how far it bulges."""
    found = numbers(operands, len(operands))
    canvas.path.curved = True
    for x, y in zip(found[::2], found[1::2], strict=False):
        _go(canvas, (x, y), line=False)


def rectangle(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Add a rectangle (re)."""
    x, y, width, height = numbers(operands, 4)
    _go(canvas, (x, y), line=False)
    for corner in ((x + width, y), (x + width, y + height), (x, y + height), (x, y)):
        _go(canvas, corner, line=True)


def clip(canvas: Canvas, _: Sequence[Any]) -> None:
    """Let the path clip what comes after it (W, W*)."""
    canvas.path.clips = True


def end_path(*, fill: bool = False, stroke: bool = False) -> Operation:
    """The operators that end a path."""

    def run(canvas: Canvas, _: Sequence[Any]) -> None:
        path, canvas.path = canvas.path, Path()
        around = bounds(path)
        if around is None:
            return
        if fill:
            _fill(canvas, path, around, outlined=stroke)
        if stroke:
            _stroke(canvas, path, around)
        if path.clips:
            canvas.state.clip = common(canvas.state.clip, around) if canvas.state.clip else None

    return run


def _fill(canvas: Canvas, path: Path, around: Rectangle, *, outlined: bool) -> None:
    state = canvas.state
    box = shown(canvas, around)
    if box is None:
        return
    overprint = state.overprint_fill and state.overprint_mode == 1
    painted(canvas, "fill", state.fill, box, overprint=overprint)
    thin, long = sorted((box.width / MM, box.height / MM))
    if thin <= _THIN and long >= _SLENDER * max(thin, 0.1) and len(path.points) <= 5 and not path.curved:
        if not is_white(state.fill) and not outlined:  # else the outline says how thick it is
            add_line(canvas, thin, box)
            _mark(canvas, ((around[0], around[1]), (around[2], around[3])), long * MM)
        return
    add_area(canvas, "fill", box, white=is_white(state.fill))


def _stroke(canvas: Canvas, path: Path, around: Rectangle) -> None:
    state = canvas.state
    width = state.width * stretch(state.ctm)
    half = width / 2
    box = shown(canvas, (around[0] - half, around[1] - half, around[2] + half, around[3] + half))
    if box is None:
        return
    overprint = state.overprint_stroke and state.overprint_mode == 1
    painted(canvas, "stroke", state.stroke, box, overprint=overprint)
    if not is_white(state.stroke):
        add_line(canvas, width, box)
        for segment in path.segments:
            _mark(canvas, segment, math.dist(*segment) * MM)


def _mark(canvas: Canvas, ends: tuple[tuple[float, float], tuple[float, float]], length: float) -> None:
    """Remember a short upright or level line near a corner of the sheet: a crop mark, where all corners have both."""
    across, down = abs(ends[0][0] - ends[1][0]), abs(ends[0][1] - ends[1][1])
    if not _MARK[0] <= length <= _MARK[1] or min(across, down) > 0.1 * max(across, down):
        return
    left, bottom, right, top = canvas.media
    reach = _CORNER / MM
    for corner, (x, y) in enumerate(((left, bottom), (right, bottom), (left, top), (right, top))):
        if all(abs(px - x) <= reach and abs(py - y) <= reach for px, py in ends):
            canvas.corners.add((corner, "level" if across > down else "upright"))
