"""Markdown -> Article."""

from __future__ import annotations

from pathlib import PurePosixPath

from pubkit.labels import direction_of
from pubkit.markup import fragment, inline, markdown_inline, markdown_to_html, plain, report_faults
from pubkit.model import Article
from pubkit.report import Report
from pubkit.slugs import slug
from pubkit.source import SourceText


def read_markdown(source: SourceText, report: Report, *, language: str, title: str = "") -> Article:
    """The article of a Markdown text; `title` is the headline that its front matter gives, or empty.

    Reports what markup.fragment reports, and nesting-too-deep for a text that Markdown cannot follow.
    """
    report_faults(source, report)
    try:
        html = markdown_to_html(source.text, language=language)
    except RecursionError:
        report.add("nesting-too-deep", source, limit=100)
        html = ""
    text = fragment(
        html,
        source,
        report,
        title=plain(inline(markdown_inline(title, language=language))) if title else "",
        caption=lambda words: inline(markdown_inline(words, language=language), marks=True),
    )
    return Article(
        id=slug(PurePosixPath(source.path).stem),
        title=text.title,
        language=language,
        direction=direction_of(language),
        body=text.body,
        notes=text.notes,
        headings=text.headings,
        figures=text.figures,
        links=text.links,
        marks=text.marks,
        source=source,
    )
