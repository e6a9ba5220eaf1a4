"""The PDF of a publication folder, with tags as always or without any: what the tags cost. No cache."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pubkit
from pubkit.pdf import layout
from pubkit.report import Report

from .one_document import typeset_folder

JOBS = 2


def main() -> None:
    """Write the PDF. Raises ValueError where a document cannot be laid out."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("source", type=Path)
    arguments.add_argument("target", type=Path)
    arguments.add_argument("--tags", action="store_true")
    asked = arguments.parse_args()
    written = layout._written  # noqa: SLF001 (an option would be one for this alone)

    def untagged(laid_out: Any, root: Any, order: Any, _document: Any, *more: Any) -> Any:
        return written(laid_out, root, order, None, *more)  # as furniture, which has no tags

    report = Report()
    with tempfile.TemporaryDirectory() as store, asked.target.open("wb") as stream:
        edition = typeset_folder(asked.source, Path(store))
        with patch.object(layout, "_written", written if asked.tags else untagged):
            pubkit.write_pdf(edition, stream, report, jobs=JOBS)
    if not report.ok:
        raise ValueError("\n".join(map(str, report.sorted())))


if __name__ == "__main__":
    main()
