"""Small publications, written where a test wants them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from pubkit.model import Publication
from pubkit.report import Report
from pubkit.stages.read import read
from pubkit.stages.resolve import resolve

MANIFEST = """\
title: Tide tables
language: en
identifier: urn:uuid:00000000-0000-4000-8000-000000000000
date: 2026-11-22
"""


def png(colour: str = "teal", size: tuple[int, int] = (20, 10)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, "PNG")
    return stream.getvalue()


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below a folder, and give the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def publication(folder: Path, articles: Mapping[str, str | bytes], *, more: str = "") -> Path:
    """A publication of these articles (and images) in this order; `more` is added to its manifest."""
    names = [name for name in articles if name.endswith((".md", ".txt", ".html"))]
    contents = "" if "contents:" in more else "contents: [" + ", ".join(f'"{name}"' for name in names) + "]\n"
    return write(folder, {"pubkit.yaml": MANIFEST + contents + more, **articles})


def resolved(folder: Path, report: Report) -> Publication:
    return resolve(read(folder, report), report)
