"""Styles that WeasyPrint 70.0 works out for everything, worked out for what asks for them.

Its own style sheet has rules for the marker, the call and the note of every element, and for the sixteen margin boxes
of every page: six computed styles an element and sixteen a page, of which a text uses one in a thousand. The pages also
look through the declarations of all pages before them, so that long documents take longer a page, and lay out margin
boxes that have no content. Here a style of these is kept as it was declared until WeasyPrint asks for it, the
declarations of a page go when it has its style, and margin boxes are made where one has content.

Of the hundred properties of a box that are asked for, its own rules say a handful. What they do not say is inherited
or initial; WeasyPrint looks at every case there is before it comes to that, and here it is looked at first.

Only this one version is changed, and only while a document is laid out. tests/test_pdf_late_styles.py fails as soon as
another version is installed: look whether that still computes them all.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from typing import Any

from pubkit.pdf.replaced import replaced

# What `element_to_box` makes of few elements; ::before and ::after have rules of their own, not for every element.
_SELDOM = frozenset("marker footnote-call footnote-marker note-call note-marker note-callback".split())
_AREAS = frozenset(("@footnote", "@note-area"))  # every page has these


def late_styles() -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 work out fewer styles meanwhile; other versions are left alone."""
    from weasyprint import css, layout

    return replaced(
        (css, "StyleFor", lambda style_for: type("StyleFor", (_Late, style_for), {})),
        (layout, "make_margin_boxes", _that_have_content),
        (css.ComputedStyle, "__missing__", _that_knows_the_unsaid),
    )


class _Late:
    """Put before WeasyPrint's own `StyleFor`."""

    _waiting: dict[tuple[Any, str | None], tuple[dict[str, Any], tuple[Any, ...], dict[str, Any]]]
    with_margin_boxes: set[Any]  # the pages that have one with content

    def __init__(self, *arguments: Any) -> None:
        self._waiting, self.with_margin_boxes = {}, set()
        super().__init__(*arguments)

    def set_computed_styles(self, element: Any, *arguments: Any, **named: Any) -> None:
        """Work a style out, or let it wait until it is asked for."""
        kind = named.get("pseudo_type")
        in_margin = kind is not None and kind.startswith("@") and kind not in _AREAS
        if kind not in _SELDOM and not in_margin:
            super().set_computed_styles(element, *arguments, **named)  # type: ignore[misc]
            return
        cascaded = self._cascaded_styles.get((element, kind), {})  # type: ignore[attr-defined]
        self._waiting[element, kind] = cascaded, arguments, named
        if in_margin and "content" in cascaded:
            self.with_margin_boxes.add(element)

    def add_page_declarations(self, page_type: Any) -> None:
        """Collect what style sheets say of a page; those of the pages before have their styles."""
        self._cascaded_styles.clear()  # type: ignore[attr-defined]
        super().add_page_declarations(page_type)  # type: ignore[misc]

    def __call__(self, element: Any, pseudo_type: str | None = None) -> Any:
        if pseudo_type is not None and (waiting := self._waiting.pop((element, pseudo_type), None)):
            cascaded, arguments, named = waiting
            styles = self._cascaded_styles  # type: ignore[attr-defined]
            styles[element, pseudo_type] = cascaded
            super().set_computed_styles(element, *arguments, **named)  # type: ignore[misc]
            del styles[element, pseudo_type]
        return super().__call__(element, pseudo_type)  # type: ignore[misc]


def _that_have_content(original: Any) -> Any:
    def make_margin_boxes(context: Any, page: Any, state: Any) -> Iterable[Any]:
        if page.page_type not in context.style_for.with_margin_boxes:
            return ()
        boxes: Iterable[Any] = original(context, page, state)
        return boxes

    return make_margin_boxes


def _that_knows_the_unsaid(original: Any) -> Any:
    from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
    from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

    logical = {
        name: {function(block="ttb", inline=direction) for direction in ("ltr", "rtl")}
        for name, function in PHYSICAL_FUNCTIONS.items()
    }
    own_rules = {"page", "position", "float", "display"}  # computed from one another, or from the elements around
    known = INITIAL_VALUES.keys() - own_rules - {name for name in INITIAL_VALUES if name.startswith("text_decoration")}
    inherited = frozenset(known & INHERITED)
    initial = {
        name: (INITIAL_VALUES[name], logical.get(name, set()))
        for name in known - INHERITED
        if name not in INITIAL_NOT_COMPUTED
    }

    def missing(self: Any, name: str) -> Any:
        cascaded = self.cascaded
        if name not in cascaded:
            if name in inherited and self.parent_style is not None and name not in logical:
                value = self[name] = self.parent_style[name]
                return value
            if name in initial:
                value, other_names = initial[name]
                if not other_names or cascaded.keys().isdisjoint(other_names):
                    self[name] = value
                    return value
        return original(self, name)

    return missing
