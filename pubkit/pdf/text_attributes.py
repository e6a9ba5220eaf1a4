"""Lists of text attributes freed with their layouts: WeasyPrint 70.0 keeps them, some 40 kB a page.

The fault, in `weasyprint.text.line_break.Layout.setup`: where a text has font features, such as old-style figures, its
Pango layout gets an attribute list that nobody unrefs, and whose attribute, kept for all lists, no list may free. So a
process that lays out many articles grows with each.

The cure: every list gets an attribute of its own, which it owns, as Pango wants it (pango_attr_list_insert: "takes
ownership"), and its first reference goes when the layout has taken its own (pango_layout_set_attributes).

Only this one version is mended, and only while a document is laid out. tests/test_pdf_text_attributes.py fails as soon
as another version is installed or the version no longer needs this: delete this module and its call in layout.py then.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from pubkit.pdf.replaced import replaced


def freed_attributes(font_config: Any) -> AbstractContextManager[None]:
    """Let WeasyPrint 70.0 free the attributes of texts meanwhile; other versions are left alone."""
    from weasyprint.text.line_break import Layout

    return replaced((Layout, "setup", _that_frees), (font_config, "font_features", lambda _kept: _NothingKept()))


def _that_frees(setup: Any) -> Any:
    from weasyprint.text import ffi

    def setup_and_unref(self: Any, style: Any) -> None:
        setup(self, style)
        attributes = ffi.pango.pango_layout_get_attributes(self.layout)
        if attributes != ffi.ffi.NULL:
            ffi.pango.pango_attr_list_unref(attributes)

    return setup_and_unref


class _NothingKept(dict[bytes, Any]):
    """Where WeasyPrint looks for the attribute of earlier lists: there is none, so it takes the new one."""

    def setdefault(self, _key: bytes, default: Any = None) -> Any:
        return default
