"""Finished files looked at by judges from outside."""

from __future__ import annotations

from pubkit.check.epubcheck import check_epub, check_epubs
from pubkit.check.tools import ToolFailedError, ToolMissingError

__all__ = ["ToolFailedError", "ToolMissingError", "check_epub", "check_epubs"]
