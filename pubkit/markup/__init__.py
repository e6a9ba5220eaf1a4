"""Markdown or HTML becomes a clean fragment: good XML and good HTML at once, allow-listed."""

from pubkit.markup.captions import figcaption, set_caption
from pubkit.markup.figures import is_remote
from pubkit.markup.fragment import Fragment, fragment, inline
from pubkit.markup.index_marks import inline_marks, unmarked
from pubkit.markup.markdown import markdown_inline, markdown_to_html
from pubkit.markup.markdown_faults import report_faults
from pubkit.markup.tree import drop, elements, escape, leads_out, parse, plain, serialise

__all__ = [
    "Fragment",
    "drop",
    "elements",
    "escape",
    "figcaption",
    "fragment",
    "inline",
    "inline_marks",
    "is_remote",
    "leads_out",
    "markdown_inline",
    "markdown_to_html",
    "parse",
    "plain",
    "report_faults",
    "serialise",
    "set_caption",
    "unmarked",
]
