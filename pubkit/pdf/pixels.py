"""SVG drawings made pixels, for e-readers that take none: laid out as pages by WeasyPrint, drawn by PDFium."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pubkit.model import Asset, ContentDocument, Edition, PageGeometry
from pubkit.pdf.writer import write_pdf
from pubkit.report import Report
from pubkit.source import Location
from pubkit.workers import Jobs

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 1600  # pixels of the longer side (standards for e-readers advise 1600 to 2400)
_MM = 400  # of the square page that a drawing is laid on
_CSS = """
p { margin: 0 }
img { display: block; width: 400mm; height: auto; max-width: none; max-height: none }
img.tall { width: auto; height: 400mm }
"""


def draw_pixels(edition: Edition, *, jobs: Jobs) -> Mapping[str, bytes]:
    """The SVG images of an edition as PNG files, SIDE pixels on the longer side, on white, by the assets' names.

    Letters are set in the theme's fonts; a drawing that cannot be laid out is left out. Raises PangoMissingError where
    WeasyPrint cannot run.
    """
    import pypdfium2

    drawings = [asset for asset in edition.assets if asset.media_type == "image/svg+xml"]
    if not drawings:
        return {}
    page = PageGeometry(width=_MM, height=_MM, top=0, bottom=0, inside=0, outside=0)
    sheet = replace(
        edition,
        documents=tuple(_document(asset, edition.metadata.language) for asset in drawings),
        toc=(),
        landmarks=(),
        home_of={f"drawing-{asset.name}": f"drawing-{asset.name}" for asset in drawings},
        theme=replace(edition.theme, page=page, print_css=_CSS),
    )
    stream = io.BytesIO()
    pages = dict(write_pdf(sheet, stream, Report(), jobs=jobs).labels)
    found = {}
    pdf = pypdfium2.PdfDocument(stream)
    numbers = {pdf.get_page_label(number): number for number in range(len(pdf))}
    for asset in drawings:
        label = pages.get(f"drawing-{asset.name}")
        if label in numbers:
            image = pdf[numbers[label]].render(scale=SIDE / (_MM / 25.4 * 72)).to_pil()
            found[asset.name] = _png(image.crop((0, 0, *_size(asset))))
    pdf.close()
    return found


def _document(asset: Asset, language: str) -> ContentDocument:
    name = f"drawing-{asset.name}"
    tall = ' class="tall"' if asset.height > asset.width else ""
    return ContentDocument(
        name=name,
        kind="cover",  # a page without margins
        matter="front",
        title=asset.name,
        body=f'<p id="{name}"><img{tall} src="{asset.name}" alt="{asset.name}"/></p>',
        language=language,
        at=Location(asset.name),
    )


def _size(asset: Asset) -> tuple[int, int]:
    longer = max(asset.width, asset.height)
    return max(1, round(SIDE * asset.width / longer)), max(1, round(SIDE * asset.height / longer))


def _png(image: Image) -> bytes:
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "PNG", optimize=True)
    return stream.getvalue()
