"""Documents laid out and painted, each by itself: with line_break, marking and surroundings, all that knows WeasyPrint.

It runs in worker processes. `prepare` sets one up, once: WeasyPrint, the theme's fonts and style sheets. Then every
`lay_out` depends on its arguments and on the theme alone. WeasyPrint gets its bytes from pubkit and from
nowhere else: no network, no files, no system fonts.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import hashlib
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from lxml import etree

from pubkit.model import ContentDocument, PageGeometry, Sighting
from pubkit.pdf import cover_page, styles
from pubkit.pdf.columns import quick_columns
from pubkit.pdf.drawings import drawings_apart
from pubkit.pdf.font_files import is_own, joined_later
from pubkit.pdf.glyph_strings import quick_glyphs
from pubkit.pdf.late_styles import late_styles
from pubkit.pdf.line_break import whole_lines
from pubkit.pdf.long_notes import divided_notes, only_notes
from pubkit.pdf.marking import Marking, reading_order
from pubkit.pdf.page_starts import page_starts
from pubkit.pdf.picture_names import named_pictures
from pubkit.pdf.pieces import POINTS_PER_MM, Crash, FontUse, Overheard, Piece, Place, Tag
from pubkit.pdf.plain_boxes import plain_boxes
from pubkit.pdf.plain_lines import plain_lines
from pubkit.pdf.press import page_bleed, sheet_bleed
from pubkit.pdf.print_tree import BASE_URL, print_tree
from pubkit.pdf.root_properties import with_constants
from pubkit.pdf.sightings import sightings
from pubkit.pdf.surroundings import Supplies, fetcher, listening, no_collector, no_system_fonts
from pubkit.pdf.text_cut import cut_texts
from pubkit.pdf.text_layouts import reused_layouts
from pubkit.pdf.used_values import kept_used_values

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration

PANGO = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
PT_PER_PX = 0.75
RUNT = 1 / 6  # of the text block: a last page with less on it looks like a mistake

# What WeasyPrint 70 is known to raise on documents it cannot lay out: none of these is the author's fault, and none
# may end the run. MemoryError is not here: workers turn it into a Failure.
_CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)


class PangoMissingError(OSError):
    """The libraries that WeasyPrint draws text with are not installed; says how to install them."""

    def __init__(self, reason: str) -> None:
        """Keep the loader's words and add the command for Debian."""
        super().__init__(f"PDF needs Pango, which is not installed ({reason}). On Debian or Ubuntu: {PANGO}")


@dataclass(frozen=True, slots=True)
class _Bench:
    supplies: Supplies
    font_config: FontConfiguration
    sheets: Mapping[str, tuple[Any, ...]]
    fittings: tuple[Any, ...]  # style sheets
    overheard: tuple[Overheard, ...]


_FILES = {"print": "print.css", "furniture": "furniture.css", "cover": "book-cover.css"}  # of the theme

_benches: list[_Bench] = []  # one at most. A worker process is set up once and used for many jobs


def load_weasyprint() -> None:
    """Import WeasyPrint. Raises PangoMissingError where the libraries it needs are not installed."""
    with warnings.catch_warnings(), _by_soname():
        warnings.simplefilter("ignore", DeprecationWarning)  # of libraries to come; nothing a reader can do
        try:
            import weasyprint  # noqa: F401
        except OSError as error:
            raise PangoMissingError(str(error).splitlines()[0]) from None


@contextlib.contextmanager
def _by_soname() -> Iterator[None]:
    """On Linux, let libraries be found by their full names only, which WeasyPrint tries, too.

    For the short ones Python runs ldconfig and a compiler twenty times, which is a fifth of a second of every build.
    """
    find = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None  # noqa: ARG005 (called by name, too)
    try:
        yield
    finally:
        ctypes.util.find_library = find


def prepare(supplies: Supplies) -> None:
    """Set this process up: fonts loaded, style sheets parsed. What is set up already stays, also in a fork."""
    if _benches and _benches[0].supplies is supplies:
        return
    load_weasyprint()
    import weasyprint

    theme, said = supplies.theme, list[Overheard]()
    refused: list[str] = []
    fetch = fetcher(supplies, {}, refused)
    with no_system_fonts(supplies.scratch):
        from weasyprint.text.fonts import FontConfiguration

        fonts = FontConfiguration()

        def parsed(**sheets: str) -> tuple[Any, ...]:
            rules = []
            for name, css in zip(sheets, with_constants([*sheets.values()]), strict=True):
                with listening() as words:
                    rules.append(
                        weasyprint.CSS(string=css.css, base_url=BASE_URL, url_fetcher=fetch, font_config=fonts)
                    )
                said.extend(
                    Overheard(about="theme", words=css.told(each), where=_FILES.get(name, name)) for each in words
                )
            return tuple(rules)

        faces = parsed(fonts=styles.font_faces(theme.fonts))
        bleed, beyond, beyond_sheets = _bleed(supplies)
        safe = supplies.printing.safe
        body = styles.page_rule(theme.page, supplies.direction, bleed=bleed, safe=safe)
        least = styles.least(supplies.printing.least_line, supplies.printing.least_type)
        page = parsed(always=styles.PRINT, print=theme.print_css, page=body + least + beyond)
        fittings = *parsed(tighter=styles.FITTINGS[0]), *parsed(looser=styles.FITTINGS[1])
        furniture = parsed(
            page=styles.sheet_rules(theme.page, supplies.direction, bleed=bleed, safe=safe),
            always=styles.FURNITURE + least + beyond_sheets,
            furniture=theme.furniture_css,
        )
        sheets = {
            "": (*faces, *page),
            "cover": (*faces, *page, *parsed(page=styles.COVER)),
            "furniture": (*faces, *furniture),
        }
        if supplies.cover:
            placed = parsed(page=cover_page.rules(supplies.cover), cover=theme.cover_css)
            sheets["book-cover"] = *faces, *placed
    said.extend(Overheard(about="fetch", words=url) for url in refused)
    _benches[:] = [_Bench(supplies, fonts, sheets, fittings, tuple(said))]


def _bleed(supplies: Supplies) -> tuple[float, str, str]:
    """How far pictures that bleed reach, in mm, and the rules by which pages and furniture may reach into the bleed."""
    printing = supplies.printing
    if not printing.press:
        return styles.BLEED, "", ""
    farthest = max(styles.BLEED, printing.bleed + 1)  # that no white shows where the knife errs
    return farthest, page_bleed(supplies.theme.page, printing, supplies.direction), sheet_bleed(printing)


def put_away() -> None:
    """Forget what `prepare` made; its folder may then be removed."""
    _benches.clear()


@no_collector()
def lay_out(document: ContentDocument, numbers: Mapping[str, str]) -> Piece | Crash:
    """One document as finished pages; `numbers` gives the page labels that it prints."""
    try:
        tree = print_tree(document, numbers, _benches[0].supplies.printing)
    except etree.XMLSyntaxError as error:
        return Crash(reason=f"not well-formed: {error.msg}")
    undrawn = tuple(Overheard(about="math", words=tex) for tex in tree.undrawn)
    sheets = "cover" if document.kind == "cover" else ""
    return _typeset(tree.xhtml, tree.drawings, sheets, undrawn, document=document, texts=tree.texts)


@no_collector()
def lay_out_book_cover(document: ContentDocument, cover: cover_page.CoverPage) -> Piece | Crash:
    """The cover for print, one page without its bleed; what `prepare` was given must have been this cover."""
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError

    bench = _benches[0]
    try:
        tree = print_tree(document, {})
    except etree.XMLSyntaxError as error:
        return Crash(reason=f"not well-formed: {error.msg}")
    refused: list[str] = []
    with listening() as words, _mended(bench):
        try:
            html = _html(tree.xhtml, fetcher(bench.supplies, tree.drawings, refused))

            def render(rules: str) -> Document:
                sheets = [*bench.sheets["book-cover"], weasyprint.CSS(string=rules)]
                return html.render(font_config=bench.font_config, stylesheets=sheets)

            laid_out, unfit = cover_page.fitted(render, cover)
            pdf, fonts, tags = _written(laid_out, html.etree_element, {}, None, {})
        except (*_CRASHES, FatalURLFetchingError) as error:
            return Crash(reason=f"{type(error).__name__}: {error}", overheard=bench.overheard)
    heard = (*bench.overheard, *_sorted_out(words, refused), *(Overheard(about="unfit", words=part) for part in unfit))
    return Piece(pdf=pdf, pages=len(laid_out.pages), places=_places(laid_out), fonts=fonts, tags=tags, overheard=heard)


@no_collector()
def lay_out_sheets(xhtml: bytes) -> Piece | Crash:
    """A document of furniture, one page a sheet."""
    return _typeset(xhtml, {}, "furniture", ())


def _typeset(
    xhtml: bytes,
    drawings: Mapping[str, bytes],
    sheets: str,
    overheard: tuple[Overheard, ...],
    *,
    document: ContentDocument | None = None,  # of furniture none: it is not part of the text, and has no tags
    texts: Sequence[str] = (),
) -> Piece | Crash:
    from weasyprint.urls import FatalURLFetchingError

    bench = _benches[0]
    refused: list[str] = []
    fetch = fetcher(bench.supplies, drawings, refused)
    with listening() as words, _mended(bench), divided_notes(), reading_order() as order:
        try:
            html = _html(xhtml, fetch)
            images: dict[str, Any] = {}
            laid_out = _render(html, bench, sheets, images, fit=document is not None and document.kind == "article")
            pdf, fonts, tags = _written(laid_out, html.etree_element, order, document, images)
            seen = _seen(laid_out, bench.supplies, document)
        except (*_CRASHES, FatalURLFetchingError) as error:
            return Crash(reason=f"{type(error).__name__}: {error}", overheard=bench.overheard + overheard)
    cut = tuple(Overheard(about="cut", words=text) for text in cut_texts(laid_out.pages, html.etree_element))
    heard = (*bench.overheard, *overheard, *_sorted_out(words, refused), *(cut if document else ()))
    return Piece(
        pdf=pdf,
        pages=len(laid_out.pages),
        places=_places(laid_out),
        starts=page_starts(laid_out.pages, texts) if texts else (),
        fonts=fonts,
        tags=tags,
        overheard=heard,
        seen=seen,
    )


@contextlib.contextmanager
def _mended(bench: _Bench) -> Iterator[None]:
    """WeasyPrint without what this one version does wrong, or does in vain."""
    boxes = late_styles(), kept_used_values(), plain_boxes(), quick_columns()
    texts = plain_lines(), reused_layouts(bench.font_config), whole_lines()
    with contextlib.ExitStack() as meanwhile:
        for each in (*boxes, *texts):
            meanwhile.enter_context(each)
        yield


def _seen(laid_out: Document, supplies: Supplies, document: ContentDocument | None) -> tuple[tuple[Sighting, ...], ...]:
    running = document is not None and document.kind == "article"
    page, direction = supplies.theme.page, supplies.direction
    return sightings(laid_out.pages, page, direction, running=running, furniture=document is None)


def _written(
    laid_out: Document,
    root: ET.Element,
    order: Mapping[int, str],
    document: ContentDocument | None,
    images: Mapping[str, Any],
) -> tuple[bytes, tuple[FontUse, ...], Tag | None]:
    """The PDF of a laid-out document, the fonts it uses, and its tags; what is printed with ink has none.

    `images` are those that it was laid out with, by address.
    """
    fonts: list[FontUse] = []
    printing = _benches[0].supplies.printing

    def write(*, tags: bool) -> bytes:
        with joined_later(), quick_glyphs():
            pdf: bytes = laid_out.write_pdf(finisher=lambda done, _: fonts.extend(_fonts_of(done)), pdf_tags=tags)
        return pdf

    if document is None or printing.press:
        with drawings_apart() if printing.standard == "PDF/X-1a:2001" else contextlib.nullcontext():
            return write(tags=False), tuple(fonts), None
    kind = "Art" if document.kind == "article" else "Sect"
    marking = Marking(laid_out, root, order, kind=kind, language=document.language)
    with marking.drawing(), named_pictures(images):
        pdf = write(tags=True)
    return pdf, tuple(fonts), marking.tags


def _render(html: Any, bench: _Bench, sheets: str, images: dict[str, Any], *, fit: bool) -> Document:
    """The document laid out; one to `fit` a little tighter or looser where its last page would be nearly empty.

    WeasyPrint keeps in `images` what it has decoded.
    """

    def render(*more: Any) -> Document:
        return html.render(font_config=bench.font_config, stylesheets=[*bench.sheets[sheets], *more], cache=images)

    plain = render()
    if not fit or not _ends_in_runt(plain, bench.supplies.theme.page):
        return plain
    for fitting in bench.fittings:
        other = render(fitting)
        if len(other.pages) <= len(plain.pages) and not _ends_in_runt(other, bench.supplies.theme.page):
            return other
    return plain


def _ends_in_runt(document: Document, page: PageGeometry) -> bool:
    """True where there is little on the last of several pages; known from what has an id, as every article has."""
    if len(document.pages) < 2:
        return False
    last, least = document.pages[-1], RUNT * (page.height - page.top - page.bottom)
    if (notes := only_notes(last)) is not None:  # at the foot of the page
        return notes * PT_PER_PX / POINTS_PER_MM < least
    bottoms = [bottom * PT_PER_PX / POINTS_PER_MM for *_, bottom in last.anchors.values()]
    return max(bottoms, default=page.height) - page.top < least


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
    own = {font.hash for font in fonts if is_own(font)}
    for font in fonts:
        if font.hash in own:
            continue  # its glyph numbers mean something in this piece only, so the piece keeps its own font
        whole = get_hb_object_data(font.hb_face)
        face = hashlib.sha256(whole).hexdigest()
        # Fonts may draw both spaces with one glyph; a plain one is what readers search for and copy.
        texts = {glyph: text.replace("\N{NO-BREAK SPACE}", " ") for glyph, text in font.to_unicode.items()}
        yield FontUse(resource=font.hash, face=face, widths=dict(font.widths), texts=texts)


def _sorted_out(words: list[str], refused: list[str]) -> Iterator[Overheard]:
    yield from (Overheard(about="fetch", words=unquote(url.removeprefix(BASE_URL))) for url in dict.fromkeys(refused))
    for each in dict.fromkeys(words):
        if each.startswith(".notdef glyph rendered"):
            yield Overheard(about="glyph", words=each[each.find('"') + 1 : each.rfind('"')])
        elif not any(url in each for url in refused):
            yield Overheard(about="document", words=each)
