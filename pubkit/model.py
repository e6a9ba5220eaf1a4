"""The frozen values that travel from stage to stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pubkit.source import Content, Location, SourceText

Direction = Literal["ltr", "rtl"]
WritingMode = Literal["horizontal-tb", "vertical-rl", "vertical-lr"]  # as in CSS Writing Modes, section 3.1
Matter = Literal["front", "body", "back"]
DocumentKind = Literal[
    "cover", "titlepage", "contents", "article", "credits", "permissions", "index", "colophon", "book-cover"
]
PdfStandard = Literal["PDF/A-2a", "PDF/X-4", "PDF/X-1a:2001"]  # the first is PDF/UA-1 in the same file
Colour = Literal["keep", "cmyk", "gray"]
PrintedLinks = Literal["none", "notes", "list", "qr"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody, or an organisation, who is named in a credit."""

    name: str
    file_as: str = ""  # the form to sort by: "Lovelace, Ada"; empty where nobody said it
    url: str = ""
    orcid: str = ""  # "0000-0002-1825-0097"
    isni: str = ""  # "0000 0001 2103 2683"
    bio: str = ""  # an inline XHTML fragment
    portrait: str = ""  # before resolve: the address as written; after: the name of an asset
    organisation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """A person of the registry, under all spellings, and where the registry says so."""

    person: Person
    also: tuple[str, ...] = ()
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What somebody did: a MARC relator code ("pht") and the words that were written ("Photographs by")."""

    code: str
    label: str = ""  # as written in the source; empty where only the code was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One person in one role, and the place where a source says so."""

    person: Person
    role: Role
    at: Location
    behalf: str = ""  # for whom or through whom, as written: "for The Tideline", "via Getty Images"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Under what terms something may be used."""

    text: str = ""  # the statement in words
    licence: str = ""  # SPDX or Creative Commons identifier: "CC-BY-4.0"
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsPolicy:
    """How strictly rights are looked at: every picture needs a statement; the publication is sold."""

    strict: bool = False
    sold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a captured article was first published."""

    site: str = ""
    url: str = ""
    captured: str = ""  # a W3C-DTF date: "2026-11-22", "2026-11" or "2026"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageCredit:
    """What an image's file says about itself."""

    line: str = ""  # how it wants to be credited: "Mary Anning / Saltmarsh Press"
    creators: tuple[str, ...] = ()
    rights: Rights = Rights()
    camera: bool = False  # whether a camera wrote how it was exposed: it is a photograph


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One image as an article shows it. `caption` is an inline XHTML fragment; `id` is its element's id."""

    id: str
    image: str  # before resolve: the address as written; after: the name of an asset
    alt: str
    caption: str = ""
    credit: str = ""  # as shown; after resolve that of the image's file where the source gives none
    people: tuple[Credit, ...] = ()  # whom the credit names; before resolve only where a caption does
    rights: Rights = Rights()
    decorative: bool = False
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """An image, ready for both formats: `screen` for e-readers, `press` for paper (both whole files)."""

    name: str  # unique in the publication: "0001-harbour.jpg"
    media_type: str
    screen: Content
    press: Content
    width: int  # pixels, or CSS px for SVG
    height: int
    credit: ImageCredit = ImageCredit()  # what the file said; the bytes above no longer do


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenLimits:
    """How large an image of an EPUB may be: pixels of its longest side, and bytes of its file."""

    side: int = 2400  # what tablets show (Readium and the shops advise 1600 to 2400)
    size: int = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSettings:
    """What a publication says about its PDF, lengths in mm; None and "" where the purpose decides."""

    purpose: str = "screen"  # a name of printing.PURPOSES
    trim: tuple[float, float] | None = None  # width and height
    bleed: float | None = None
    marks: bool | None = None
    colour: Colour | None = None
    ink_limit: int | None = None  # total, in per cent
    profile: bytes = b""  # an ICC profile of the printer's
    condition: str = ""  # its name in the ICC's registry: "FOGRA39"
    paper: str = ""  # a paper of the printer's, by name
    leaf: float | None = None  # thickness of one leaf of paper
    multiple: int | None = None  # of pages
    recto: bool = False  # whether every article starts on a right-hand page
    links: PrintedLinks = "none"
    page_references: bool = False
    at: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """What a PDF is made for, and what whoever takes it asks of it. Lengths in mm, measured from the trimmed edge."""

    purpose: str = "screen"
    printer: str = ""  # its name in messages: "KDP"
    standard: PdfStandard = "PDF/A-2a"
    demands: bool = False  # whether a file that does not conform may not be written
    bleed: float = 0.0
    bleed_inside: bool = True  # whether there is bleed at the spine, too
    marks: bool = False  # crop marks, outside the bleed
    colour: Colour = "keep"
    ink_limit: int = 0  # total, in per cent; 0: none
    profile: bytes = b""  # of the printing condition; empty: the one that comes with pubkit
    condition: str = ""
    gutters: tuple[tuple[int, float], ...] = ()  # (up to so many pages, least inside margin)
    safe: float = 0.0  # nothing that matters is nearer to the trimmed edge
    multiple: int = 1
    least_pages: int = 0
    most_pages: int = 0  # 0: any number
    last_blank: bool = False  # whether the last page must be blank
    resolution: int = 0  # ppi a photograph needs at its printed size; 0: not asked
    line_resolution: int = 0  # ppi a picture in black and white alone needs
    least_line: float = 0.0  # pt: thinner lines break up
    least_type: float = 0.0  # pt: smaller letters fill in
    paper: str = ""  # its name at this printer's: "cream"
    leaf: float = 0.0  # thickness of one leaf of the paper
    spine_extra: float = 0.0  # what the cover's own paper adds to the spine
    spine_text: int = 0  # the least number of pages with which the spine carries words
    spine_safe: float = 0.0  # no word is nearer to the folds of the spine
    recto: bool = False
    links: PrintedLinks = "none"
    page_references: bool = False
    at: Location | None = None  # of the setting

    @property
    def press(self) -> bool:
        """Whether it is printed with ink: PDF/X, without links, outline, tags and the cover."""
        return self.standard.startswith("PDF/X")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading inside an article; `level` counts from 2, for the article's title is level 1."""

    level: int
    id: str
    title: str  # plain text


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that an article's text links to, as written, and its place."""

    href: str
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexMark:
    """A place in an article that the index names; `id` is that of an element, before resolve "" for the article's own.

    With `see`, the entry only leads to others, and its place does not count; `also` are entries to look at, too.
    """

    id: str
    entry: tuple[str, ...]  # one to three levels; *italics* between asterisks
    sorted_by: tuple[str, ...] = ()  # a part for each level, "" for its words; () where the mark says nothing of it
    see: tuple[tuple[str, ...], ...] = ()
    also: tuple[tuple[str, ...], ...] = ()
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One source file, understood.

    `title`, `subtitle` and `dek` are inline XHTML fragments; `body` and `notes` are XHTML fragments
    (good XML and good HTML at once) whose ids, before resolve, are unique in this article only.
    """

    id: str
    title: str
    subtitle: str = ""
    dek: str = ""
    kicker: str = ""  # the small line over the headline: the section's or column's name
    byline: str = ""  # the names as the source writes them, where it says more than the credits do
    credits: tuple[Credit, ...] = ()
    date: str = ""  # W3C-DTF
    place: str = ""
    language: str
    direction: Direction = "ltr"
    rights: Rights = Rights()
    origin: Origin = Origin()
    hero: Figure | None = None
    body: str
    notes: str = ""  # <aside role="doc-footnote" id="fn-…"> elements, one a note
    headings: tuple[Heading, ...] = ()
    figures: tuple[Figure, ...] = ()  # those of the body, in order; the hero is not among them
    links: tuple[Link, ...] = ()
    marks: tuple[IndexMark, ...] = ()  # those of the text, then those of the notes
    source: SourceText


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Articles under one name; `title` is empty for articles that stand in no section."""

    title: str = ""
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A name for the work or for one edition of it: value `urn:isbn:…`, format "epub", "pdf" or "" for all."""

    value: str
    format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessibilityStatement:
    """What the publisher states about accessibility, in the words of the EPUB; "" where nothing is stated."""

    conforms_to: str = ""  # "EPUB Accessibility 1.1 - WCAG 2.2 Level AA", or "none"
    certified_by: str = ""
    credential: str = ""
    report: str = ""  # an address
    date: str = ""  # of the certification, W3C-DTF
    exemption: str = ""  # "eaa-microenterprise" and the like
    summary: str = ""  # own words, in the publication's language
    hazards: tuple[str, ...] = ()  # "flashing", "motionSimulation", "sound"; ("none",); () where nobody said
    at: Location | None = None  # of the claim

    @property
    def claims(self) -> bool:
        """Whether conformance to a standard is claimed."""
        return self.conforms_to not in ("", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What is known about the publication as a whole."""

    title: str
    subtitle: str = ""
    language: str = "en"
    direction: Direction = "ltr"
    writing_mode: WritingMode = "horizontal-tb"
    identifiers: tuple[Identifier, ...] = ()  # at least one after read
    date: str = ""  # of publication, W3C-DTF
    modified: str = ""  # "2026-11-22T00:00:00Z"; never the clock
    publisher: str = ""
    place: str = ""
    description: str = ""
    subjects: tuple[str, ...] = ()
    series: str = ""
    number: str = ""  # position in the series, "12" or "98.4"
    edition: str = ""  # "Second, revised edition"
    printer: str = ""
    paper: str = ""
    rights: Rights = Rights()
    credits: tuple[Credit, ...] = ()  # of the publication as a whole
    accessibility: AccessibilityStatement = AccessibilityStatement()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which pages are made around the articles, and how deep the contents go (1: articles, 2: headings too)."""

    cover: bool = True
    title_page: bool = True
    contents: bool = True
    credits: bool = True
    credits_by: Literal["role", "article", "person"] = "role"
    permissions: bool = True
    index: bool = True  # where at least one mark is in the text
    colophon: bool = True
    depth: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """All sources of one publication, read; after resolve its ids are unique and its links are closed."""

    slug: str  # the file name of what is built
    metadata: Metadata
    sections: tuple[Section, ...]
    cover: Figure | None = None
    parts: Parts = Parts()
    theme: str = ""  # the name or folder that the manifest asks for
    screen_limits: ScreenLimits = ScreenLimits()
    printing: PrintSettings = PrintSettings()
    policy: RightsPolicy = RightsPolicy()
    people: tuple[KnownPerson, ...] = ()  # the registry: who is who, whether or not a source names them
    source: SourceText
    assets: tuple[Asset, ...] = ()

    @property
    def articles(self) -> tuple[Article, ...]:
        """All articles in reading order."""
        return tuple(article for section in self.sections for article in section.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentDocument:
    """One document of the edition, in DPUB-ARIA HTML.

    `body` is the inside of `<body>`. Ids are unique in the edition and internal links are `#id`.
    A `<span class="page-number" data-page="ID"></span>` stands for the printed page of an id: print
    fills it, the EPUB drops it. `running` is what the running heads say: (left page, right page).
    """

    name: str  # the file stem: "article-one"
    kind: DocumentKind
    matter: Matter
    title: str  # plain text
    body: str
    language: str
    direction: Direction = "ltr"
    running: tuple[str, str] = ("", "")
    at: Location


@dataclass(frozen=True, slots=True, kw_only=True)
class TocEntry:
    """An entry of the contents; a section's entry has children and the target of its first article."""

    title: str  # plain text
    target: str  # an id
    authors: str = ""  # names, joined in the publication's language
    kind: Literal["section", "document", "heading"]
    children: tuple[TocEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFace:
    """A font file of a theme: one family, weight (100 to 900) and style a file."""

    family: str
    weight: int = 400
    style: Literal["normal", "italic"] = "normal"
    name: str  # file name, unique in the theme
    content: bytes
    licence: str  # SPDX identifier: "OFL-1.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageGeometry:
    """The printed page in mm; `inside` is the margin at the spine."""

    width: float
    height: float
    top: float
    bottom: float
    inside: float
    outside: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A design: templates, style sheets and fonts, as text and bytes; never code."""

    name: str
    page: PageGeometry
    templates: Mapping[str, str]  # Jinja text by file name: one a document kind, and what they include
    epub_css: str
    print_css: str  # of the text block; no margin boxes
    furniture_css: str  # of running heads and folios
    cover_css: str = ""  # of the cover for print: front, spine and back
    fonts: tuple[FontFace, ...] = ()
    files: tuple[ThemeFile, ...] = ()
    folders: tuple[Path, ...] = ()  # from which it was loaded
    sought: tuple[Path, ...] = ()  # files that were not there, and would have made it another theme


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeFile:
    """Where a part of a theme is written: a theme that extends another has style sheets of two files each."""

    name: str  # "print.css", "templates/article.html"
    first: int  # the line, from 1, with which the file begins in the theme's text
    path: str  # as messages show it: "my-theme/print.css"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A publication typeset with a theme: what both writers take."""

    slug: str
    metadata: Metadata
    documents: tuple[ContentDocument, ...]
    toc: tuple[TocEntry, ...]
    landmarks: tuple[tuple[str, str, str], ...]  # (epub:type, target id, label)
    labels: Mapping[str, str]  # words of the publication's language, by key
    credits: tuple[Credit, ...]  # everybody, publication first, then articles in order
    assets: tuple[Asset, ...]
    cover: str = ""  # the name of the cover's asset
    cover_picture: Figure | None = None
    articles: tuple[Article, ...] = ()  # what the article documents, which are named after their ids, are made of
    book_cover: ContentDocument | None = None  # front, spine and back in one; of what is printed with ink
    theme: Theme  # its page has the size of the paper after trimming
    home_of: Mapping[str, str]  # for every id the name of the document that holds it
    printing: Printing = Printing()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStart:
    """Where a printed page begins in a content document's body.

    `element` counts the body's elements in document order, the body itself being 0. The page begins before that
    element; or, with `text`, inside it, after so many characters of its own text (that of its children not counted).
    """

    label: str  # of the page: "iv", "12"
    document: str  # its name
    element: int
    text: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A rectangle on a printed page, in mm from the upper left corner of the paper after trimming."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSeen:
    """A picture as it is printed: the part of it that shows, and its pixels an inch at that size (0: a drawing)."""

    image: str  # the name of its asset
    near: str  # the id of the innermost element around it that has one
    area: Area
    ppi: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSeen:
    """A line of text that stands outside the text block, or of a running head or folio."""

    words: str
    near: str
    area: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class OverflowSeen:
    """What is wider than the text block, the column or the box that holds it, and by how many mm."""

    what: Literal["line", "code", "table", "picture", "formula"]
    words: str  # of the line that sticks out, or of the table's first row; of a picture the name of its asset
    near: str
    by: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesSeen:
    """Lines that were divided badly; `count` is of lines, of the last page for "ending"."""

    fault: Literal["widow", "orphan", "short", "hyphens", "heading", "ending"]
    words: str  # of the line, or of the first of them
    near: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HairlineSeen:
    """A drawn line that is thinner than a press prints reliably: its width in pt, and what it belongs to ("td")."""

    width: float
    element: str
    near: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundSeen:
    """A coloured ground or a border that reaches an edge of the trimmed page, and what it belongs to ("div.band")."""

    element: str
    near: str
    area: Area


Sighting = PictureSeen | TextSeen | OverflowSeen | LinesSeen | HairlineSeen | GroundSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPage:
    """What is seen on one page of the PDF that matters to a printer or to a reader's eye."""

    label: str  # "iv", "12"
    document: str  # the name of the document on it; "" for a page that was added
    verso: bool
    blank: bool
    seen: tuple[Sighting, ...] = ()  # in the order of the text
    furniture: tuple[Sighting, ...] = ()  # the same of running heads and folios


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMap:
    """On which printed page every id stands: label ("iv", "12") by id, the number of pages, and where they begin."""

    labels: Mapping[str, str]
    pages: int
    starts: tuple[PageStart, ...] = ()  # in order; blank pages have none
    printed: tuple[PrintedPage, ...] = ()  # all pages in order, and what is seen on them
