"""Edition -> PDF: documents laid out one by one, then one assembly."""

from pubkit.pdf.layout import PangoMissingError
from pubkit.pdf.writer import write_pdf

__all__ = ["PangoMissingError", "write_pdf"]
