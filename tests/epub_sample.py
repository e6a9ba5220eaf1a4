"""A small edition made by hand, with everything in it that an EPUB may hold."""

import io
from dataclasses import replace
from functools import cache
from pathlib import Path

from lxml import etree
from PIL import Image

from pubkit.model import (
    Asset,
    ContentDocument,
    Credit,
    Edition,
    FontFace,
    Identifier,
    Metadata,
    PageGeometry,
    Person,
    Rights,
    Role,
    Theme,
    TocEntry,
)
from pubkit.source import Location

FONTS = Path(__file__).parent.parent / "themes" / "folio" / "fonts"
AT = Location("pubkit.yaml")

CSS = """
body { font-family: "EB Garamond", "Noto Naskh Arabic", serif; margin: 0 }
h1, h2, figcaption { font-family: "Inter", sans-serif; text-align: left }
code { font-family: "JetBrains Mono", monospace }
h1::after { content: "\\2766" }
img { max-width: 100% }
.wide { page-break-inside: avoid }
"""


def _picture(format_: str, colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(stream, format_)
    return stream.getvalue()


@cache
def assets() -> tuple[Asset, ...]:
    cover, harbour = _picture("JPEG", (20, 60, 90)), _picture("PNG", (200, 190, 170))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><path d="M0 0h40v40z"/></svg>'
    unused = _picture("PNG", (0, 0, 0))
    kinds = (
        ("cover.jpg", "image/jpeg", cover),
        ("0001-harbour.png", "image/png", harbour),
        ("0002-ornament.svg", "image/svg+xml", svg),
        ("0003-unused.png", "image/png", unused),
    )
    return tuple(
        Asset(name=name, media_type=kind, screen=content, press=content, width=640, height=480)
        for name, kind, content in kinds
    )


@cache
def fonts() -> tuple[FontFace, ...]:
    faces = (
        ("EB Garamond", "EBGaramond-Regular.ttf", 400, "normal"),
        ("EB Garamond", "EBGaramond-Italic.ttf", 400, "italic"),
        ("Inter", "Inter-SemiBold.otf", 600, "normal"),
        ("JetBrains Mono", "JetBrainsMono-Regular.ttf", 400, "normal"),
        ("Noto Naskh Arabic", "NotoNaskhArabic-Regular.ttf", 400, "normal"),
        ("Noto Serif Hebrew", "NotoSerifHebrew-Regular.ttf", 400, "normal"),
    )
    return tuple(
        FontFace(
            family=family,
            name=name,
            weight=weight,
            style="italic" if style == "italic" else "normal",
            content=(FONTS / name).read_bytes(),
            licence="OFL-1.1",
        )
        for family, name, weight, style in faces
    )


COVER = """<section id="cover" class="cover"><img src="cover.jpg" alt="Littoral, number 4. A tide gauge in fog."
 role="doc-cover"/></section>"""

TITLE_PAGE = """<section id="titlepage" class="titlepage" aria-labelledby="titlepage-title">
<h1 id="titlepage-title">Littoral</h1><p role="doc-subtitle">A magazine of edges</p>
<p>Saltmarsh Press</p></section>"""

CONTENTS = """<section id="contents" class="contents"><h1 id="contents-title">Contents</h1>
<nav role="doc-toc" aria-labelledby="contents-title"><ol>
<li><span class="section">Reports</span><ol>
<li><a href="#harbour">The harbour that moved</a> <span class="authors">Ada Lovelace</span>
 <span class="page-number" data-page="harbour"></span></li>
<li><a href="#arabic">الميناء</a> <b><span class="page-number" data-page="arabic"></span></b></li></ol></li>
<li><a href="#credits">Credits</a><span
 class="page-reference">, page <span class="page-number" data-page="credits"></span></span></li>
</ol></nav></section>"""

HARBOUR = """<section id="harbour" role="doc-chapter" aria-labelledby="harbour-title">
<header><h1 id="harbour-title">The harbour that moved</h1><p role="doc-subtitle">Twice</p>
<p class="byline">By Ada Lovelace</p></header>
<!-- a comment -->
<p>A town followed its water.<a role="doc-noteref" class="noteref" id="harbour--fnref-1" href="#harbour--fn-1">1</a>
See <a href="#arabic">the Arabic text</a>,
<a href="#arabic--two">its second part</a>, <a href="#harbour--part">below</a>
and <a href="https://example.org/">the web</a>. <i lang="la">Mare nostrum</i>, <code>tide --high</code>.</p>
<h2 id="harbour--part">A part</h2>
<figure id="harbour--fig-1" class="wide"><img src="0001-harbour.png" alt="Cranes in fog"/>
<figcaption>The <em>old</em> basin. <span class="credit">Photograph by Mary Anning</span></figcaption></figure>
<p class="break"><img src="0002-ornament.svg" alt="" role="presentation"/></p>
<table><caption>Tides</caption><thead><tr><th scope="col">Day</th><th scope="col">m</th></tr></thead>
<tbody><tr><td>1</td><td>4.2</td></tr></tbody></table>
<p>So
<math xmlns="http://www.w3.org/1998/Math/MathML" alttext="x^2" display="inline"
><msup><mi>x</mi><mn>2</mn></msup></math>.
<a id="harbour--spot"></a>Here.</p>
<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="A square" viewBox="0 0 40 40" width="40" height="40">
<linearGradient id="harbour--grad">
<stop offset="0" stop-color="#000"/></linearGradient><rect width="40" height="40"/></svg>
<aside role="doc-pullquote" aria-label="Pull quote"><p>It moved twice.</p></aside>
<pre><code>one
  two</code></pre>
<section class="notes"><h2 class="notes-title">Notes</h2>
<aside role="doc-footnote" id="harbour--fn-1" class="note"><p><a role="doc-backlink" class="backlink"
 href="#harbour--fnref-1" aria-label="Back to the text">1</a>
As the parish book says.</p></aside></section></section>"""

ARABIC = """<section id="arabic" role="doc-chapter" aria-labelledby="arabic-title"><h1 id="arabic-title">الميناء</h1>
<p>انتقلت المدينة مع مائها.</p><h2 id="arabic--two">الجزء الثاني</h2><p>Text with <bdi>Latin</bdi>.</p></section>"""

CREDITS = """
<section id="credits" role="doc-credits" aria-labelledby="credits-title"><h1 id="credits-title">Credits</h1>
<section role="doc-credit" aria-label="Photographs"><h2>Photographs</h2><p>Mary Anning</p></section></section>"""

COLOPHON = """<section id="colophon" role="doc-colophon" aria-labelledby="colophon-title">
<h1 id="colophon-title">Colophon</h1><p>Set in EB Garamond and Inter.</p></section>"""


def _credit(name: str, code: str, file_as: str = "") -> Credit:
    return Credit(person=Person(name=name, file_as=file_as), role=Role(code=code), at=AT)


def documents() -> tuple[ContentDocument, ...]:
    texts = (
        ("cover", "cover", "front", "Cover", COVER),
        ("titlepage", "titlepage", "front", "Title page", TITLE_PAGE),
        ("contents", "contents", "front", "Contents", CONTENTS),
        ("harbour", "article", "body", "The harbour that moved", HARBOUR),
        ("arabic", "article", "body", "الميناء", ARABIC),
        ("credits", "credits", "back", "Credits", CREDITS),
        ("colophon", "colophon", "back", "Colophon", COLOPHON),
    )
    return tuple(
        ContentDocument(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            matter=matter,  # type: ignore[arg-type]
            title=title,
            body=body,
            language="ar" if name == "arabic" else "en",
            direction="rtl" if name == "arabic" else "ltr",
            at=AT,
        )
        for name, kind, matter, title, body in texts
    )


def homes(texts: tuple[ContentDocument, ...]) -> dict[str, str]:
    return {
        element.get("id"): document.name
        for document in texts
        for element in etree.fromstring(f"<body>{document.body}</body>").iter()
        if isinstance(element.tag, str) and element.get("id")
    }


def edition() -> Edition:
    texts = documents()
    return Edition(
        slug="littoral",
        metadata=Metadata(
            title="Littoral & Sons",
            subtitle="A magazine of edges",
            identifiers=(
                Identifier(value="urn:isbn:9780306406164", format="pdf"),
                Identifier(value="https://doi.org/10.1000/182"),
                Identifier(value="urn:isbn:9780306406157", format="epub"),
            ),
            date="2026-11",
            modified="2026-11-22T10:20:30Z",
            publisher="Saltmarsh Press",
            description="What happens where land stops.",
            subjects=("Coasts", "Essays"),
            series="Littoral",
            number="4",
            rights=Rights(
                text="© 2026 the authors",
                licence="CC-BY-4.0",
                url="https://creativecommons.org/licenses/by/4.0/",
            ),
            credits=(_credit("Ida Rhodes", "edt", "Rhodes, Ida"), _credit("Ida Rhodes", "pht")),
        ),
        documents=texts,
        toc=(
            TocEntry(
                title="Reports",
                target="harbour",
                kind="section",
                children=(
                    TocEntry(
                        title="The harbour that moved",
                        target="harbour",
                        authors="Ada Lovelace",
                        kind="document",
                        children=(TocEntry(title="A part", target="harbour--part", kind="heading"),),
                    ),
                    TocEntry(title="الميناء", target="arabic", kind="document"),
                ),
            ),
            TocEntry(title="Credits", target="credits", kind="document"),
            TocEntry(title="Colophon", target="colophon", kind="document"),
        ),
        landmarks=(
            ("cover", "cover", "Cover"),
            ("titlepage", "titlepage", "Title page"),
            ("toc", "contents", "Contents"),
            ("bodymatter", "harbour", "Start of the text"),
            ("credits", "credits", "Credits"),
        ),
        labels={"contents": "Contents"},
        credits=(
            _credit("Ida Rhodes", "edt", "Rhodes, Ida"),
            _credit("Ida Rhodes", "pht"),
            _credit("Ada Lovelace", "aut", "Lovelace, Ada"),
            _credit("Mary Anning", "pht"),
            _credit("Ada Lovelace", "pht"),
            _credit("Mary Anning", "pht"),
        ),
        assets=assets(),
        cover="cover.jpg",
        theme=Theme(
            name="sample",
            page=PageGeometry(width=170, height=240, top=18, bottom=24, inside=18, outside=22),
            templates={},
            epub_css=CSS,
            print_css="",
            furniture_css="",
            fonts=fonts(),
        ),
        home_of=homes(texts),
    )


def only(name: str, body: str) -> Edition:
    """An edition with one document, of this body, and no contents, fonts or images but those of the sample."""
    whole = edition()
    texts = (replace(whole.documents[3], name=name, title=name, body=body),)
    return replace(
        whole,
        documents=texts,
        home_of=homes(texts),
        toc=(),
        landmarks=(),
        cover="",
        theme=replace(whole.theme, fonts=()),
    )


def right_to_left() -> Edition:
    """The sample as an Arabic publication."""
    whole = edition()
    return replace(whole, metadata=replace(whole.metadata, language="ar", direction="rtl"))
