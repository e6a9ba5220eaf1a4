"""Edition -> PDF: documents laid out one by one, then one assembly; and the cover for print."""

from pubkit.pdf.book_cover import write_book_cover
from pubkit.pdf.layout import PangoMissingError
from pubkit.pdf.writer import write_pdf

__all__ = ["PangoMissingError", "write_book_cover", "write_pdf"]
