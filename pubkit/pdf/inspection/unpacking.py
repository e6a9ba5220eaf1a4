"""How much a stream may become when it is unpacked: a few kilobytes of a PDF can stand for gigabytes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf

USUAL = 64_000_000  # bytes; only images are larger
_JPEG = 20  # qpdf refuses a JPEG that becomes larger than its limit divided by this
_HIGHEST = 2**32 - 1  # limit that qpdf takes
_SCANS = 200  # of a progressive JPEG
_WARNINGS = 1000


@contextmanager
def unpacking(most: int = USUAL) -> Iterator[None]:
    """Inside, qpdf refuses a stream that becomes larger than `most` bytes. The limit is one of the whole process."""
    limits: dict[str, Any] = {
        "flate_max_memory": most,
        "png_max_memory": most,
        "tiff_max_memory": most,
        "run_length_max_memory": most,
        "dct_max_memory": min(_JPEG * most, _HIGHEST),
        "dct_max_progressive_scans": _SCANS,
        "doc_max_warnings": _WARNINGS,
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pikepdf remarks stands in the file's faults
        yield from _limited(limits)


def _limited(limits: dict[str, Any]) -> Iterator[None]:
    before: dict[str, Any] = pikepdf.settings.set_qpdf_limits(**limits)
    try:
        yield
    finally:
        pikepdf.settings.set_qpdf_limits(**before)
