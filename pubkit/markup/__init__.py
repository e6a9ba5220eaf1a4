"""Markdown or HTML becomes a clean fragment: good XML and good HTML at once, allow-listed."""

from pubkit.markup.figures import REMOTE
from pubkit.markup.fragment import Fragment, fragment, inline
from pubkit.markup.markdown import markdown_inline, markdown_to_html
from pubkit.markup.tree import elements, escape, parse, plain, serialise

__all__ = [
    "REMOTE",
    "Fragment",
    "elements",
    "escape",
    "fragment",
    "inline",
    "markdown_inline",
    "markdown_to_html",
    "parse",
    "plain",
    "serialise",
]
