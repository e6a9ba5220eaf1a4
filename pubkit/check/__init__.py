"""Finished files looked at: EPUB by a judge from outside, PDF by rules of print."""

from __future__ import annotations

from pubkit.check.epubcheck import check_epub, check_epubs
from pubkit.check.preflight import check_pdf
from pubkit.check.tools import ToolFailedError, ToolMissingError

__all__ = ["ToolFailedError", "ToolMissingError", "check_epub", "check_epubs", "check_pdf"]
