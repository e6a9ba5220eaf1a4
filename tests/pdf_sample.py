"""Small editions made by hand, for the tests of print."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
from conftest import lacking
from PIL import Image

from pubkit.model import (
    Asset,
    ContentDocument,
    Credit,
    Edition,
    FontFace,
    Metadata,
    PageGeometry,
    PageMap,
    Person,
    Rights,
    Role,
    Theme,
    TocEntry,
)
from pubkit.pdf import write_pdf
from pubkit.report import Report
from pubkit.source import Location

FONTS = Path(__file__).parent.parent / "themes" / "folio" / "fonts"
PAGE = PageGeometry(width=120, height=180, top=18, bottom=22, inside=14, outside=24)
PRINT_CSS = """
html { font: 10pt/1.4 "EB Garamond" } h1, h2 { font-family: Inter; font-weight: 600 }
pre { font-family: "JetBrains Mono" }
.footnote { font-size: 8pt } .cover { margin: 0 } .cover img { width: 120mm; height: 180mm; display: block }
"""
FURNITURE_CSS = """
.sheet { font: 8pt Inter; font-weight: 600 }
.running { top: 8mm; left: var(--margin-left) } .folio { bottom: 8mm }
.left .folio { left: var(--margin-left) } .right .folio { right: var(--margin-right) }
.opener .running { display: none }
"""
WORDS = "The tide comes in over the office floor, and nobody in the affluent fjord minds. "


def font(family: str, name: str, weight: int = 400, style: Any = "normal") -> FontFace:
    return FontFace(
        family=family, weight=weight, style=style, name=name, content=(FONTS / name).read_bytes(), licence="OFL-1.1"
    )


def theme(**changes: Any) -> Theme:
    fonts = (
        font("EB Garamond", "EBGaramond-Regular.ttf"),
        font("EB Garamond", "EBGaramond-Italic.ttf", style="italic"),
        font("Inter", "Inter-SemiBold.otf", 600),
        font("JetBrains Mono", "JetBrainsMono-Regular.ttf"),
    )
    plain = Theme(
        name="plain",
        page=PAGE,
        templates={},
        epub_css="",
        print_css=PRINT_CSS,
        furniture_css=FURNITURE_CSS,
        fonts=fonts,
    )
    return replace(plain, **changes)


def document(name: str, body: str, **changes: Any) -> ContentDocument:
    plain = ContentDocument(
        name=name, kind="article", matter="body", title=name, body=body, language="en", at=Location(f"{name}.md")
    )
    return replace(plain, **changes)


def paragraphs(count: int) -> str:
    return f"<p>{WORDS * 5}</p>" * count


def picture() -> Asset:
    image = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(image, "JPEG")
    content = image.getvalue()
    return Asset(name="0001-sea.jpg", media_type="image/jpeg", screen=content, press=content, width=256, height=256)


def edition(*documents: ContentDocument, **changes: Any) -> Edition:
    author = Credit(person=Person(name="Ada Lovelace"), role=Role(code="aut"), at=Location("pubkit.yaml"))
    metadata = Metadata(
        title="Littoral & more",
        modified="2026-11-22T10:20:30Z",
        publisher="Saltmarsh Press",
        description="Where land stops",
        subjects=("Coasts", "Essays"),
        rights=Rights(text="© 2026", licence="CC-BY-4.0", url="https://creativecommons.org/licenses/by/4.0/"),
        credits=(author,),
    )
    ids = {}
    for each in documents:
        ids |= {part.split('"')[0]: each.name for part in each.body.split(' id="')[1:]}
    plain = Edition(
        slug="littoral",
        metadata=metadata,
        documents=documents,
        toc=tuple(
            TocEntry(title=each.title, target=each.name, kind="document") for each in documents if each.name in ids
        ),
        landmarks=(),
        labels={},
        credits=(author,),
        assets=(picture(),),
        theme=theme(),
        home_of=ids,
    )
    return replace(plain, **changes)


class Printed:
    """A finished PDF, its page map and its report."""

    def __init__(self, of: Edition, jobs: int = 0) -> None:
        stream = io.BytesIO()
        self.report = Report()
        self.map: PageMap = write_pdf(of, stream, self.report, jobs=jobs)
        self.bytes = stream.getvalue()
        self.pdf = pikepdf.open(io.BytesIO(self.bytes))

    @property
    def codes(self) -> list[str]:
        return [found.code for found in self.report.diagnostics]

    def text(self, page: int, *options: str) -> str:
        """The text of a page, from 1."""
        if not shutil.which("pdftotext"):
            lacking("pdftotext (poppler-utils)")
        command = ["pdftotext", "-f", str(page), "-l", str(page), *options, "-", "-"]
        return subprocess.run(command, input=self.bytes, capture_output=True, check=True).stdout.decode()

    def words(self, page: int) -> list[tuple[str, float, float]]:
        """The words of a page with left and top in pt."""
        found = []
        for line in self.text(page, "-bbox").splitlines():
            if "<word" in line:
                parts = line.split('"')
                found.append((line.split(">")[1].split("<")[0], float(parts[1]), float(parts[3])))
        return found

    def at(self, page: int, word: str) -> tuple[float, float]:
        """Left and top of a word in pt."""
        return next((x, y) for text, x, y in self.words(page) if text == word)

    def destinations(self) -> dict[str, tuple[int, float, float]]:
        """Page (from 1), x and y of every named destination."""
        pages = {page.obj.objgen: number for number, page in enumerate(self.pdf.pages, 1)}
        names = list(self.pdf.Root.Names.Dests.Names)
        return {
            bytes(name).decode(): (pages[place[0].objgen], float(place[2]), float(place[3]))
            for name, place in zip(names[::2], names[1::2], strict=True)
        }
