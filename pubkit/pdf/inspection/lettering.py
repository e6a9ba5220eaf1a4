"""Text operators (ISO 32000-1, 9.3 and 9.4): where letters come to stand, how large they are, and what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pikepdf import Array, Dictionary, Object, String

from pubkit.pdf.inspection.canvas import FAULTS, MOST_THINGS, Canvas, fault, painted, resource
from pubkit.pdf.inspection.fonts import Face, letters, read_face
from pubkit.pdf.inspection.geometry import IDENTITY, Matrix, Rectangle, common, in_mm, number, numbers, placed, times
from pubkit.pdf.inspection.values import Box, TextRun

# Of the font size: the height of capitals and the depth of descenders in usual typefaces. The font's own numbers
# are no better, for they say how far its tallest accent reaches.
_ABOVE, _BELOW = 0.7, -0.2
_WORDS = 40  # characters of a run that are kept
_TYPE_3 = 0.0


def begin(canvas: Canvas, _: Sequence[Any]) -> None:
    """BT."""
    canvas.text_matrix = canvas.line_matrix = IDENTITY


def font(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Tf."""
    canvas.state.size = number(operands[1])
    written = resource(canvas, "/Font", operands[0])
    canvas.state.face = _face(canvas, written) if isinstance(written, Dictionary) else None
    if canvas.state.face is None:
        fault(canvas, f"there is no font {operands[0]}")


def set_font(canvas: Canvas, written: Object, size: Any) -> None:
    """The font of a graphics state dictionary."""
    canvas.state.face = _face(canvas, written)
    canvas.state.size = number(size)


def _face(canvas: Canvas, written: Object) -> Face | None:
    key = written.objgen
    if key in canvas.shelf.faces:
        return canvas.shelf.faces[key]
    try:
        face = read_face(written)
    except FAULTS:
        return None
    if key != (0, 0):
        canvas.shelf.faces[key] = face
    return face


def put(name: str, factor: float = 1.0) -> Any:
    """An operator that sets one number of the text state."""

    def run(canvas: Canvas, operands: Sequence[Any]) -> None:
        setattr(canvas.state, name, number(operands[0]) * factor)

    return run


def mode(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Tr."""
    canvas.state.mode = int(number(operands[0]))


def step(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Td."""
    x, y = numbers(operands, 2)
    _to(canvas, times((1, 0, 0, 1, x, y), canvas.line_matrix))


def step_leading(canvas: Canvas, operands: Sequence[Any]) -> None:
    """TD."""
    canvas.state.leading = -number(operands[1])
    step(canvas, operands)


def place(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Tm."""
    a, b, c, d, e, f = numbers(operands, 6)
    _to(canvas, (a, b, c, d, e, f))


def next_line(canvas: Canvas, _: Sequence[Any]) -> None:
    """T*."""
    _to(canvas, times((1, 0, 0, 1, 0, -canvas.state.leading), canvas.line_matrix))


def _to(canvas: Canvas, where: Matrix) -> None:
    canvas.text_matrix = canvas.line_matrix = where


def show(canvas: Canvas, operands: Sequence[Any]) -> None:
    """Tj."""
    _show(canvas, [operands[0]])


def show_spaced(canvas: Canvas, operands: Sequence[Any]) -> None:
    """TJ."""
    if isinstance(operands[0], Array):
        _show(canvas, list(operands[0]))


def show_next(canvas: Canvas, operands: Sequence[Any]) -> None:
    """'."""
    next_line(canvas, operands)
    show(canvas, operands)


def show_next_spaced(canvas: Canvas, operands: Sequence[Any]) -> None:
    """The operator written as a double quotation mark."""
    canvas.state.word_spacing, canvas.state.spacing = numbers(operands, 2)
    next_line(canvas, operands)
    show(canvas, operands[2:])


def _show(canvas: Canvas, parts: Sequence[Any]) -> None:
    """Show strings, moved against each other by numbers."""
    state, face = canvas.state, canvas.state.face
    if face is None:
        return
    at = 0.0  # along the line, in text space
    first, last = math.inf, -math.inf
    words: list[str] = []
    seen = 0
    for part in parts:
        if not isinstance(part, String):
            at -= number(part) / 1000 * state.size * (1 if face.vertical else state.scaling)
            continue
        for letter in letters(face, bytes(part)):
            wide = letter.width * state.size
            if not letter.blank:
                first, last = min(first, at), max(last, at + wide * state.scaling)
                seen += 1
                if letter.missing and state.mode not in (3, 7):
                    canvas.missing[face.font.name] = canvas.missing.get(face.font.name, 0) + 1
            if len(words) < _WORDS:
                words.append(letter.text)
            extra = state.spacing + (state.word_spacing if letter.space else 0.0)
            at += state.size + extra if face.vertical else (wide + extra) * state.scaling
    if first < last:
        _add(canvas, face, (first, last), "".join(words), seen)
    move = (1.0, 0.0, 0.0, 1.0, 0.0, -at) if face.vertical else (1.0, 0.0, 0.0, 1.0, at, 0.0)
    canvas.text_matrix = times(move, canvas.text_matrix)


def _add(canvas: Canvas, face: Face, span: tuple[float, float], words: str, number: int) -> None:
    """Keep what was shown: a run of its own, or the end of the one before."""
    state = canvas.state
    canvas.fonts.setdefault(face.font)
    letter_to_page = times(canvas.text_matrix, state.ctm)
    rectangle = placed(_rectangle(canvas, face, span), letter_to_page)
    box = in_mm(rectangle)
    seen = state.mode not in (3, 7)
    hidden = state.clip is None or common(rectangle, state.clip) is None
    if box is None or hidden:
        return
    colour = state.stroke if state.mode in (1, 5) else state.fill
    if seen:
        overprint = state.overprint_stroke if state.mode in (1, 5) else state.overprint_fill
        painted(canvas, "text", colour, box, overprint=overprint and state.overprint_mode == 1)
    if canvas.in_pattern or len(canvas.text) >= MOST_THINGS:
        return
    size = _TYPE_3 if face.font.kind == "Type3" else _size(state.size, letter_to_page)
    run = TextRun(words=words, letters=number, font=face.font.name, size=size, box=box, colour=colour, seen=seen)
    if canvas.text and (longer := _joined(canvas.text[-1], run)):
        canvas.text[-1] = longer
    else:
        canvas.text.append(run)


def _rectangle(canvas: Canvas, face: Face, span: tuple[float, float]) -> Rectangle:
    """Around what was shown, in text space."""
    size, rise = canvas.state.size, canvas.state.rise
    if face.vertical:  # letters hang centred below their origin (9.7.4.3)
        return -size / 2, -max(span), size / 2, -min(span)
    low, high = sorted((rise + _BELOW * size, rise + _ABOVE * size))
    return span[0], low, span[1], high


def _size(size: float, to_page: Matrix) -> float:
    _, _, c, d, _, _ = to_page
    return round(abs(size) * math.hypot(c, d), 2)


def _joined(one: TextRun, other: TextRun) -> TextRun | None:
    """Both runs as one, where the other goes on in the same line."""
    same = (one.font, one.size, one.seen, one.colour) == (other.font, other.size, other.seen, other.colour)
    level = abs(one.box.bottom - other.box.bottom) < 0.05 and abs(one.box.top - other.box.top) < 0.05
    if not same or not level or not -1.0 < other.box.left - one.box.right < max(1.0, one.box.height):
        return None
    gap = " " if other.box.left - one.box.right > one.box.height / 6 and not one.words.endswith(" ") else ""
    box = Box(
        left=one.box.left,
        bottom=min(one.box.bottom, other.box.bottom),
        right=max(one.box.right, other.box.right),
        top=max(one.box.top, other.box.top),
    )
    words = (one.words + gap + other.words)[:_WORDS]
    return replace(one, words=words, letters=one.letters + other.letters, box=box)
