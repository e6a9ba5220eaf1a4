"""Used values taken from the style they stand in, where WeasyPrint 70.0 works each out again for every box.

Margins, padding, borders and sizes of a box are percentages of the block around it, or they are not (CSS 2.2 section
6.1.3, used values). WeasyPrint asks that of twenty properties for every box, and for the box of every text again for
each of its lines. Where a style has no percentage its used values are the same every time, so they are kept with it.

Grids and flexible boxes change the sizes in a style while they lay it out. So a kept value counts only as long as the
style has the sizes that it was worked out from.

Only this one version is changed, and only while a document is laid out. tests/test_pdf_same_pages.py fails as soon as
another version is installed: look whether that still works them out for every box.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from pubkit.pdf.replaced import replaced

_EDGES = tuple(f"{kind}_{side}" for kind in ("margin", "padding") for side in ("left", "right", "top", "bottom"))
_SIZES = ("width", "min_width", "max_width", "height", "min_height", "max_height")
_BORDERS = tuple(f"border_{side}_width" for side in ("top", "right", "bottom", "left"))
_LEAST = frozenset(("min_width", "min_height"))  # of which "auto" is 0


def kept_used_values() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 work out used values once a style meanwhile; other versions are left alone."""
    from weasyprint.layout import absolute, block, column, float, inline, page, table  # noqa: A004 (it is called so)

    modules = (absolute, block, column, float, inline, page, table)
    return replaced(*((module, "resolve_percentages", _that_keeps) for module in modules))


def _that_keeps(resolve: Any) -> Any:
    from weasyprint.formatting_structure.boxes import Box

    equal: dict[tuple[Any, ...], dict[str, Any]] = {}  # one for all styles that come to the same: a page has hundreds

    def resolve_once(box: Any, containing_block: Any) -> None:
        if not isinstance(box, Box):  # what stands for a box that is placed absolutely hands its attributes on
            resolve(box, containing_block)
            return
        style = box.style
        try:
            used, sizes = style.used
        except AttributeError:
            used, sizes = _used(style)
            if used is not None:
                used = equal.setdefault(tuple(used.values()), used)
            style.used = used, sizes
        get = style.get
        for name, size in sizes:
            if get(name, size) is not size:
                break
        else:
            if used is not None:
                box.__dict__.update(used)
                return
        resolve(box, containing_block)

    return resolve_once


def _used(style: Any) -> tuple[dict[str, Any] | None, tuple[tuple[str, Any], ...]]:
    """The used values of a style, None where they depend on the block around it, and the sizes they come from."""
    from weasyprint.css import AnonymousStyle
    from weasyprint.css.properties import INITIAL_VALUES, Dimension

    if type(style) is AnonymousStyle:  # says nothing of boxes, unless it was told to
        said = {name: style.get(name, INITIAL_VALUES[name]) for name in (*_EDGES, *_SIZES)}
    else:
        said = {name: style[name] for name in (*_EDGES, *_SIZES)}
    if style["box_sizing"] != "content-box" or style["border_collapse"] == "collapse":
        return None, ()
    used: dict[str, Any] = {name: style[name] for name in _BORDERS}
    for name, value in said.items():
        if isinstance(value, Dimension) and value.unit == "px":
            used[name] = value.value
        elif value == "auto" or value is None:
            used[name] = 0 if name in _LEAST else value
        else:
            return None, ()
    return used, tuple((name, said[name]) for name in _SIZES)
