"""Markdown to HTML: Python-Markdown with the additions that docs/sources.md lists. Not yet clean."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from pubkit.labels import quotes_of
from pubkit.markup.index_written import IndexMarks
from pubkit.slugs import slug

_PARAGRAPH = re.compile(r"^<p>(.*)</p>$", re.DOTALL)


def markdown_to_html(text: str, *, language: str) -> str:
    """The HTML of a Markdown text; smart punctuation follows `language`.

    Raises RecursionError for a text nested too deep. Headings, notes and figures have local ids.
    """
    converter = _converter(language)
    converter.reset()
    return _set_single_quotes(converter.convert(text), language)


def markdown_inline(text: str, *, language: str) -> str:
    """The HTML of one line of Markdown (a title, a caption), without a paragraph around it."""
    html = markdown_to_html(" ".join(text.split()), language=language)
    paragraph = _PARAGRAPH.match(html)
    return paragraph[1] if paragraph and "<p>" not in paragraph[1] else html


# Smarty has one sign for the closing single quotation mark and the apostrophe; in German they differ. So it sets
# signs of ours (noncharacters, which no text has), and what each of them is is decided here.
_SINGLE_OPENING, _SINGLE_CLOSING = "\ufdd0", "\ufdd1"
_APOSTROPHE = "\u2019"
_SINGLE = re.compile(
    f"(?P<letter>(?<=\\w){_SINGLE_CLOSING}(?=\\w))|(?P<year>{_SINGLE_CLOSING}(?=\\d\\d))"
    f"|(?P<opening>{_SINGLE_OPENING})|(?P<closing>{_SINGLE_CLOSING})|(?P<end></(?:p|li|td|th|h[1-6]|dd|dt)>)"
)


def _set_single_quotes(html: str, language: str) -> str:
    _, _, opening, closing = quotes_of(language)
    is_open = False

    def sign(found: re.Match[str]) -> str:
        nonlocal is_open
        if found.lastgroup == "end":
            is_open = False
            return found[0]
        if found.lastgroup == "opening":
            is_open = True
            return opening
        if found.lastgroup == "closing" and is_open:
            is_open = False
            return closing
        return _APOSTROPHE

    return _SINGLE.sub(sign, html)


@lru_cache(maxsize=16)  # making one costs ten times as much as converting a short text
def _converter(language: str) -> Markdown:
    opening, closing, _, _ = quotes_of(language)
    return Markdown(
        output_format="html",
        extensions=[
            "abbr",
            "attr_list",
            "def_list",
            "footnotes",
            "md_in_html",
            "sane_lists",
            "smarty",
            "tables",
            "toc",
            "pymdownx.arithmatex",
            "pymdownx.blocks.caption",
            "pymdownx.caret",
            "pymdownx.highlight",
            "pymdownx.superfences",
            "pymdownx.tilde",
            _BoxesExtension(),
            IndexMarks(),
        ],
        extension_configs={
            "footnotes": {"SEPARATOR": "-", "BACKLINK_TEXT": "", "BACKLINK_TITLE": ""},
            "smarty": {
                "substitutions": {
                    "left-double-quote": opening,
                    "right-double-quote": closing,
                    "left-single-quote": _SINGLE_OPENING,
                    "right-single-quote": _SINGLE_CLOSING,
                }
            },
            "tables": {"use_align_attribute": True},
            "toc": {"slugify": lambda value, _separator: slug(value)},
            "pymdownx.arithmatex": {"generic": True},
            "pymdownx.blocks.caption": {"types": ["caption", "figure-caption", "table-caption"], "auto": False},
            "pymdownx.caret": {"insert": False},
            "pymdownx.highlight": {"guess_lang": False},
        },
    )


class _PullQuote(Block):  # type: ignore[misc]
    """`/// pullquote | Speaker`: an aside with its text and, where given, who says it."""

    NAME = "pullquote"
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        return SubElement(parent, "aside", {"class": "pullquote", "role": "doc-pullquote"})

    def on_end(self, block: Element) -> None:
        if self.argument:
            SubElement(block, "p", {"class": "speaker"}).text = self.argument


class _Sidebar(Block):  # type: ignore[misc]
    """`/// aside | Title`: a box beside the text."""

    NAME = "aside"
    ARGUMENT = None

    def on_create(self, parent: Element) -> Element:
        aside = SubElement(parent, "aside", {"class": "sidebar"})
        if self.argument:
            SubElement(aside, "p", {"class": "sidebar-title"}).text = self.argument
        return aside


class _BoxesExtension(BlocksExtension):  # type: ignore[misc]
    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: ARG002, N802 (the name is theirs)
        block_mgr.register(_PullQuote, self.getConfigs())
        block_mgr.register(_Sidebar, self.getConfigs())
