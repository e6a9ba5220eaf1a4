"""A line break of WeasyPrint 70.0 mended: a text that fits its line but for its last space.

The fault, in `weasyprint.text.line_break.split_first_line`: at the end of a text, as in `a text <em>with</em> an
element`, Pango lets a space hang over the edge, and the function counts it. It then thinks that Pango could not break
the text at all, and breaks it after its first word, or inside its first long one. The rest of the line stays empty, in
the middle of a paragraph, at about one inline element in a hundred.

The cure: a text that fits without its last space is given back whole, with the space, as if there were room for it.
WeasyPrint's own callers expect that: `split_inline_box` lets a line be too wide by its last space
(`trailing_whitespace_size`), sees by that space that it may break there, and `remove_last_whitespace` takes it away.
A no-break space must stay, so a text that ends in one is broken as in a line narrower by that space.

Beside a float that is not all. `get_next_linebox` asks for the room of a finished line with the width it had before its
last space was taken away. A line that fits but for that space seems too wide to stand beside the float, gets the room
below it, and is justified over the edge. So the width without the space is asked with.

Only this one version is mended, and only while a document is laid out. tests/test_pdf_line_break.py fails as soon as
another version is installed or the version no longer needs this: delete this module and its call in layout.py then.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from pubkit.pdf.replaced import replaced

# WeasyPrint's own rule (split_first_line, step 1): a text of more characters for each em of width is never one line.
_CHARACTERS_PER_EM = 4

_LENGTH, _RESUME_AT, _WIDTH = 1, 2, 3  # in what split_first_line gives back

_Stripped = list[tuple[float, float]]
"""The widths of the line just stripped of its last space, before and after; empty when they were asked for."""


def whole_lines() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 break lines rightly meanwhile; other versions are left alone."""
    from weasyprint.layout import inline

    stripped: _Stripped = []
    return replaced(
        (inline, "split_first_line", _that_splits_later),
        (inline, "remove_last_whitespace", partial(_that_tells, stripped)),
        (inline, "avoid_collisions", partial(_that_hears, stripped)),
    )


def _that_splits_later(split: Any) -> Any:
    def split_later(text: str, style: Any, context: Any, width: float | None, *rest: Any, **more: Any) -> Any:
        line = split(text, style, context, width, *rest, **more)
        kept = text.rstrip(" ")  # what stays at the end of a line
        bare = kept.rstrip()
        if line[_RESUME_AT] is None or width is None or bare in ("", text) or style["white_space"] != "normal":
            return line
        if len(text) * style["font_size"] > width * _CHARACTERS_PER_EM:
            return line
        needed = split(kept, style, context, None, *rest, **more)[_WIDTH]
        if needed <= width:
            whole = split(text, style, context, None, *rest, **more)
            whole[0].max_width = width  # an ellipsis, where there is one, is drawn within it
            return whole
        excess = needed - split(bare, style, context, None, *rest, **more)[_WIDTH]
        if needed - excess <= width:
            narrower = split(text, style, context, width - excess, *rest, **more)
            if narrower[_RESUME_AT] is not None and narrower[_LENGTH] > line[_LENGTH]:
                narrower[0].max_width = width
                return narrower
        return line

    return split_later


def _that_tells(stripped: _Stripped, strip: Any) -> Any:
    def strip_and_tell(context: Any, line: Any) -> Any:
        before = line.width
        given = strip(context, line)
        stripped[:] = [(before, line.width)]
        return given

    return strip_and_tell


def _that_hears(stripped: _Stripped, avoid: Any) -> Any:
    """The same with the width that a line has without its last space."""
    from weasyprint.formatting_structure.boxes import LineBox

    def avoid_stripped(context: Any, box: Any, *rest: Any, **more: Any) -> Any:
        if stripped:
            before, after = stripped.pop()
            if isinstance(box, LineBox) and box.width == before:
                box.width = after
        return avoid(context, box, *rest, **more)

    return avoid_stripped
