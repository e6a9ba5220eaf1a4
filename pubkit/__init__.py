"""Structured article sources in; an EPUB 3.3 and a print-ready PDF with a credits page out.

    built = pubkit.build("sources/littoral")

The five stages are public: read, resolve, typeset, write_epub and write_pdf, and check_epub and check_pdf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pubkit.version import __version__

if TYPE_CHECKING:
    from pubkit.check.epubcheck import check_epub
    from pubkit.check.preflight import check_pdf
    from pubkit.codes import CODES, Severity
    from pubkit.epub import write_epub
    from pubkit.model import Article, Edition, PageMap, Publication, Theme
    from pubkit.pdf import write_pdf
    from pubkit.readers import READERS
    from pubkit.report import Diagnostic, Report
    from pubkit.rights_desk import credits_list
    from pubkit.source import Location, SourceText
    from pubkit.stages.build import Built, OutputError, build, check_sources
    from pubkit.stages.read import read, read_files
    from pubkit.stages.resolve import resolve
    from pubkit.stages.typeset import typeset
    from pubkit.theme import load_theme, theme_names

_HOMES = {
    "Article": "model",
    "Built": "stages.build",
    "CODES": "codes",
    "Diagnostic": "report",
    "Edition": "model",
    "Location": "source",
    "OutputError": "stages.build",
    "PageMap": "model",
    "Publication": "model",
    "READERS": "readers",
    "Report": "report",
    "Severity": "codes",
    "SourceText": "source",
    "Theme": "model",
    "build": "stages.build",
    "check_epub": "check.epubcheck",
    "check_pdf": "check.preflight",
    "check_sources": "stages.build",
    "credits_list": "rights_desk",
    "load_theme": "theme",
    "read": "stages.read",
    "read_files": "stages.read",
    "resolve": "stages.resolve",
    "theme_names": "theme",
    "typeset": "stages.typeset",
    "write_epub": "epub",
    "write_pdf": "pdf",
}

__all__ = [
    "CODES",
    "READERS",
    "Article",
    "Built",
    "Diagnostic",
    "Edition",
    "Location",
    "OutputError",
    "PageMap",
    "Publication",
    "Report",
    "Severity",
    "SourceText",
    "Theme",
    "__version__",
    "build",
    "check_epub",
    "check_pdf",
    "check_sources",
    "credits_list",
    "load_theme",
    "read",
    "read_files",
    "resolve",
    "theme_names",
    "typeset",
    "write_epub",
    "write_pdf",
]


def __getattr__(name: str) -> Any:
    # Importing pubkit costs nothing; a stage brings its own packages when it is first asked for.
    if name not in _HOMES:
        raise AttributeError(f"module 'pubkit' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(f"pubkit.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
