"""One reader a source format: SourceText -> Article. A reader is a value; pass your own to `read`."""

from collections.abc import Mapping
from typing import Protocol

from pubkit.model import Article
from pubkit.readers.html import read_html
from pubkit.readers.markdown import read_markdown
from pubkit.readers.text import read_text
from pubkit.report import Report
from pubkit.source import SourceText


class Reader(Protocol):
    """A function that understands one source format."""

    def __call__(self, source: SourceText, report: Report, *, language: str, title: str) -> Article:
        """The article of a source; front matter is blanked out of its text, and `title` is what it says."""


READERS: Mapping[str, Reader] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
}

__all__ = ["READERS", "Reader", "read_html", "read_markdown", "read_text"]
