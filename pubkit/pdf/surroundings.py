"""What WeasyPrint runs in: bytes through one door, no system fonts, no words printed, no garbage collector."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pubkit.model import Printing, Theme
from pubkit.pdf.cover_page import CoverPage
from pubkit.pdf.print_tree import ASSET, BASE_URL, FONT
from pubkit.source import Content, read_content


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """All that a worker needs for any document: faces and images by name, and a folder for what must be a file."""

    theme: Theme
    printing: Printing
    direction: str  # of the publication: on which side the spine is
    faces: Mapping[str, bytes]  # whole, uncompressed font files
    images: Mapping[str, tuple[str, Content]]  # media type, and the image for print
    cover: CoverPage | None = None  # where the cover for print is to be laid out
    scratch: Path


def fetcher(supplies: Supplies, drawings: Mapping[str, bytes], refused: list[str]) -> Any:
    """The one door through which WeasyPrint gets its bytes; what it refuses is noted in `refused`."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Door(URLFetcher):  # type: ignore[misc]
        """Knows the theme's faces, the edition's images and this document's formulas."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            del headers
            name = unquote(url.removeprefix(BASE_URL + ASSET))
            face = unquote(url.removeprefix(BASE_URL + FONT))
            if url.startswith(BASE_URL + ASSET) and name in supplies.images:
                media_type, image = supplies.images[name]
                content = read_content(image)
            elif url.startswith(BASE_URL + FONT) and face in supplies.faces:
                media_type, content = "font/otf", supplies.faces[face]
            elif url in drawings:
                media_type, content = "image/svg+xml", drawings[url]
            else:
                refused.append(url)
                raise ValueError("not part of the publication")
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return Door(allowed_protocols=())


@contextlib.contextmanager
def listening() -> Iterator[list[str]]:
    """What WeasyPrint says meanwhile, instead of letting it be printed."""
    words: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            words.append(record.getMessage())

    logger, ear = logging.getLogger("weasyprint"), Ear(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(ear)
    try:
        yield words
    finally:
        logger.removeHandler(ear)
        logger.propagate = propagate


@contextlib.contextmanager
def no_collector() -> Iterator[None]:
    """Without Python's garbage collector, which takes a fifth of the time of a layout and finds little.

    It is for whole functions, so that what they made is garbage when the collector sees it first.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def no_system_fonts(scratch: Path) -> Iterator[None]:
    """Fontconfig knows no font but those of the style sheets, and temporary files lie in `scratch`."""
    empty = scratch / "no-fonts"
    empty.mkdir(parents=True, exist_ok=True)
    config = scratch / f"fonts-{os.getpid()}.conf"
    config.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{empty}</dir><cachedir>{scratch / 'cache'}</cachedir></fontconfig>",
        encoding="utf-8",
    )
    before, folder = os.environ.get("FONTCONFIG_FILE"), tempfile.tempdir
    os.environ["FONTCONFIG_FILE"], tempfile.tempdir = str(config), str(scratch)
    try:
        yield
    finally:
        tempfile.tempdir = folder
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before
