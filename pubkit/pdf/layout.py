"""Documents laid out and painted, each by itself: the only module that knows WeasyPrint.

It runs in worker processes. `prepare` sets one up, once: WeasyPrint, the theme's fonts and style sheets. Then every
`lay_out` depends on its arguments and on the theme alone. WeasyPrint gets its bytes from this module and from
nowhere else: no network, no files, no system fonts.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import logging
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from lxml import etree

from pubkit.model import ContentDocument, Theme
from pubkit.pdf import styles
from pubkit.pdf.pieces import Crash, FontUse, Overheard, Piece, Place
from pubkit.pdf.print_tree import ASSET, BASE_URL, FONT, print_tree

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration

PANGO = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
PT_PER_PX = 0.75

# What WeasyPrint 70 is known to raise on documents it cannot lay out: none of these is the author's fault, and none
# may end the run. MemoryError is not here: workers turn it into a Failure.
_CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)


class PangoMissingError(OSError):
    """The libraries that WeasyPrint draws text with are not installed; says how to install them."""

    def __init__(self, reason: str) -> None:
        """Keep the loader's words and add the command for Debian."""
        super().__init__(f"PDF needs Pango, which is not installed ({reason}). On Debian or Ubuntu: {PANGO}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """All that a worker needs for any document: faces and images by name, and a folder for what must be a file."""

    theme: Theme
    direction: str  # of the publication: on which side the spine is
    faces: Mapping[str, bytes]  # whole, uncompressed font files
    images: Mapping[str, tuple[str, bytes]]  # media type and press bytes
    scratch: Path


@dataclass(frozen=True, slots=True)
class _Bench:
    supplies: Supplies
    font_config: FontConfiguration
    sheets: Mapping[str, tuple[Any, ...]]
    overheard: tuple[Overheard, ...]


_benches: list[_Bench] = []  # one at most. A worker process is set up once and used for many jobs


def load_weasyprint() -> None:
    """Import WeasyPrint. Raises PangoMissingError where the libraries it needs are not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of libraries to come; nothing a reader can do
        try:
            import weasyprint  # noqa: F401
        except OSError as error:
            raise PangoMissingError(str(error).splitlines()[0]) from None


def prepare(supplies: Supplies) -> None:
    """Set this process up: fonts loaded, style sheets parsed."""
    load_weasyprint()
    import weasyprint

    theme, said = supplies.theme, list[Overheard]()
    refused: list[str] = []
    fetch = _fetcher(supplies, {}, refused)
    with _no_system_fonts(supplies.scratch):
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()

        def sheet(css: str, name: str) -> Any:
            with _listening() as words:
                rules = weasyprint.CSS(string=css, base_url=BASE_URL, url_fetcher=fetch, font_config=fonts)
            said.extend(Overheard(about="theme", words=each, where=name) for each in words)
            return rules

        faces = sheet(styles.font_faces(theme.fonts), "fonts")
        common = faces, sheet(styles.PRINT, ""), sheet(theme.print_css, "print.css")
        cover = sheet(styles.page_rule(theme.page, "cover", supplies.direction), "page")
        page = sheet(styles.page_rule(theme.page, "article", supplies.direction), "page")
        furniture = (
            faces,
            sheet(styles.sheet_rules(theme.page, supplies.direction) + styles.FURNITURE, "page"),
            sheet(theme.furniture_css, "furniture.css"),
        )
    said.extend(Overheard(about="fetch", words=url) for url in refused)
    sheets = {"": (*common, page), "cover": (*common, cover), "furniture": furniture}
    _benches[:] = [_Bench(supplies, fonts, sheets, tuple(said))]


def put_away() -> None:
    """Forget what `prepare` made; its folder may then be removed."""
    _benches.clear()


def lay_out(document: ContentDocument, numbers: Mapping[str, str]) -> Piece | Crash:
    """One document as finished pages; `numbers` gives the page labels that it prints."""
    try:
        tree = print_tree(document, numbers)
    except etree.XMLSyntaxError as error:
        return Crash(reason=f"not well-formed: {error.msg}")
    undrawn = tuple(Overheard(about="math", words=tex) for tex in tree.undrawn)
    return _typeset(tree.xhtml, tree.drawings, "cover" if document.kind == "cover" else "", undrawn)


def lay_out_sheets(xhtml: bytes) -> Piece | Crash:
    """A document of furniture, one page a sheet."""
    return _typeset(xhtml, {}, "furniture", ())


def _typeset(
    xhtml: bytes, drawings: Mapping[str, bytes], sheets: str, overheard: tuple[Overheard, ...]
) -> Piece | Crash:
    from weasyprint.urls import FatalURLFetchingError

    bench = _benches[0]
    refused: list[str] = []
    fetch = _fetcher(bench.supplies, drawings, refused)
    with _listening() as words, _no_collector():
        try:
            laid_out = _html(xhtml, fetch).render(font_config=bench.font_config, stylesheets=bench.sheets[sheets])
            fonts: list[FontUse] = []
            pdf = laid_out.write_pdf(finisher=lambda document, _: fonts.extend(_fonts_of(document)))
        except (*_CRASHES, FatalURLFetchingError) as error:
            return Crash(reason=f"{type(error).__name__}: {error}", overheard=bench.overheard + overheard)
    heard = (*bench.overheard, *overheard, *_sorted_out(words, refused))
    return Piece(pdf=pdf, pages=len(laid_out.pages), places=_places(laid_out), fonts=tuple(fonts), overheard=heard)


def _html(xhtml: bytes, fetch: Any) -> Any:
    """A WeasyPrint HTML of our own tree.

    WeasyPrint can only parse HTML, whose rules would move a paragraph out of the footnote of a paragraph. Ours is
    good XML, so its tree is taken as it is (which also takes a fiftieth of the time).
    """
    import cssselect2
    import weasyprint

    html = weasyprint.HTML(string="<html/>", base_url=BASE_URL, url_fetcher=fetch)
    root = ET.fromstring(xhtml)  # noqa: S314 - written by print_tree and furniture, not by a stranger
    html.wrapper_element = cssselect2.ElementWrapper.from_html_root(root, content_language=None)
    html.etree_element = html.wrapper_element.etree_element
    return html


def _places(document: Document) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for number, page in enumerate(document.pages):
        for identifier, (x, y, *_) in page.anchors.items():
            if identifier not in places:
                places[identifier] = Place(page=number, x=x * PT_PER_PX, y=(page.height - y) * PT_PER_PX)
    return places


def _fonts_of(document: Document) -> Iterator[FontUse]:
    from weasyprint.text.fonts import get_hb_object_data

    fonts = document.fonts.values()
    own = {font.hash for font in fonts if font.missing or font.bitmap or "fvar" in font.tables}
    for font in fonts:
        if font.hash in own:
            continue  # its glyph numbers mean something in this piece only, so the piece keeps its own font
        whole = get_hb_object_data(font.hb_face)
        face = hashlib.sha256(whole).hexdigest()
        yield FontUse(resource=font.hash, face=face, widths=dict(font.widths), texts=dict(font.to_unicode))


def _fetcher(supplies: Supplies, drawings: Mapping[str, bytes], refused: list[str]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Door(URLFetcher):  # type: ignore[misc]
        """Knows the theme's faces, the edition's images and this document's formulas."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            del headers
            name = unquote(url.removeprefix(BASE_URL + ASSET))
            face = unquote(url.removeprefix(BASE_URL + FONT))
            if url.startswith(BASE_URL + ASSET) and name in supplies.images:
                media_type, content = supplies.images[name]
            elif url.startswith(BASE_URL + FONT) and face in supplies.faces:
                media_type, content = "font/otf", supplies.faces[face]
            elif url in drawings:
                media_type, content = "image/svg+xml", drawings[url]
            else:
                refused.append(url)
                raise ValueError("not part of the publication")
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return Door(allowed_protocols=())


def _sorted_out(words: list[str], refused: list[str]) -> Iterator[Overheard]:
    yield from (Overheard(about="fetch", words=unquote(url.removeprefix(BASE_URL))) for url in dict.fromkeys(refused))
    for each in dict.fromkeys(words):
        if each.startswith(".notdef glyph rendered"):
            yield Overheard(about="glyph", words=each[each.find('"') + 1 : each.rfind('"')])
        elif not any(url in each for url in refused):
            yield Overheard(about="document", words=each)


@contextlib.contextmanager
def _listening() -> Iterator[list[str]]:
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
def _no_collector() -> Iterator[None]:
    """Without Python's garbage collector, which takes a fifth of the time of a layout and finds little."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def _no_system_fonts(scratch: Path) -> Iterator[None]:
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
