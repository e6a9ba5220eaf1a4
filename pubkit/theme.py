"""A folder of templates, style sheets and fonts becomes a Theme; a theme may extend one other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import tinycss2
from jinja2 import Environment, TemplateSyntaxError

from pubkit.cache import MISSING, Cache, Missing, Work, digest
from pubkit.epub_css import lint, sets
from pubkit.model import FontFace, PageGeometry, Theme, ThemeFile
from pubkit.nearest import nearest
from pubkit.report import Diagnostic, Report
from pubkit.settings import PageForm, Settings, ThemeForm, load_yaml, validate
from pubkit.source import Location, SourceRefusedError, SourceText, decode, read_inside

DEFAULT_THEME = "folio"
DOCUMENT_TEMPLATES = ("cover.html", "titlepage.html", "contents.html", "article.html", "credits.html", "colophon.html")
STYLE_SHEETS = ("epub.css", "print.css", "furniture.css", "book-cover.css")
_THEME_FILE = "theme.yaml"
FILE_LIMIT = 2_000_000  # bytes of a template or a style sheet
FONT_LIMIT = 30_000_000  # bytes

_SFNT = (b"\0\1\0\0", b"OTTO", b"true")  # the first bytes of a font file (OpenType, "Table Directory")
_TABLES = frozenset({"cmap", "head", "hhea", "hmtx", "maxp"})
_OUTLINES = frozenset({"glyf", "CFF ", "CFF2"})


def themes_folder() -> Path:
    """The folder of the themes that come with pubkit: in the package, or beside it in a checkout."""
    inside = Path(str(files("pubkit"))) / "themes"
    return inside if inside.is_dir() else Path(str(files("pubkit"))).parent / "themes"


def theme_names() -> tuple[str, ...]:
    """The names of the themes that come with pubkit, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in themes_folder().glob(f"*/{_THEME_FILE}")))


def load_theme(
    name: str,
    report: Report,
    *,
    folder: Path | None = None,
    at: Location | None = None,
    cache: Cache | None = None,
) -> Theme | None:
    """The theme of that name, or in that folder (paths start at `folder`); None where it cannot be used.

    Reports theme-missing at `at`, and what is wrong in the theme's files at their own places. Texts that the `cache`
    knows to be without error are not looked through again.
    """
    name = name or DEFAULT_THEME
    return _load(name, report, folder=folder, at=at or Location("theme"), cache=cache, extended=False)


def _load(
    name: str, report: Report, *, folder: Path | None, at: Location, cache: Cache | None, extended: bool
) -> Theme | None:
    # A path with a theme.yaml in it, else a theme that comes with pubkit.
    candidates = (folder or Path()) / name / _THEME_FILE, themes_folder() / name / _THEME_FILE
    manifest = next((each for each in candidates if each.is_file()), None)
    if manifest is None:
        near = nearest(name, theme_names())
        known = f"built-in themes: {', '.join(theme_names())}; a folder needs a theme.yaml"
        report.add("theme-missing", at, name=name, suggestion=f"did you mean {near!r}?" if near else known)
        return None
    errors = report.errors
    root = manifest.parent
    source = _text(root, _THEME_FILE, report, required=True)
    yaml = load_yaml(source, report) if source else None
    if source is None or yaml is None:
        return None
    settings = validate(ThemeForm, yaml, report)
    parent = None
    if settings.form.extends and extended:
        report.add("theme-invalid", settings.at("extends"), problem="a theme can extend only one that extends none")
        return None
    if settings.form.extends:
        place = settings.at("extends")
        parent = _load(settings.form.extends, report, folder=root.parent, at=place, cache=cache, extended=True)
        if parent is None:
            return None
    page = settings.form.page
    sheets, templates = _style_sheets(root, report), _templates(root, report)
    report.extend(_faults(root.name, {**sheets, **templates}, cache))
    theme = Theme(
        name=settings.form.name or root.name,
        page=PageGeometry(**page.model_dump())
        if page
        else parent.page
        if parent
        else PageGeometry(**PageForm().model_dump()),
        templates={**(parent.templates if parent else {}), **{file: text.text for file, text in templates.items()}},
        epub_css=_joined(parent.epub_css if parent else "", sheets.get("epub.css")),
        print_css=_joined(parent.print_css if parent else "", sheets.get("print.css")),
        furniture_css=_joined(parent.furniture_css if parent else "", sheets.get("furniture.css")),
        cover_css=_joined(parent.cover_css if parent else "", sheets.get("book-cover.css")),
        fonts=(*(parent.fonts if parent else ()), *_fonts(root, settings, report)),
        files=tuple(_files(root, parent)),
        folders=(*(parent.folders if parent else ()), root),
        sought=(*(parent.sought if parent else ()), *candidates[: candidates.index(manifest)]),
    )
    if theme.epub_css and not extended and not sets(theme.epub_css, "img", "max-width", "width"):
        what, reason = "no rule for the width of images", "a wide one leaves the screen; `img { max-width: 100% }`"
        report.add("epub-css-reader", Location(f"{root.name}/epub.css"), what=what, reason=reason)
    for template in DOCUMENT_TEMPLATES if report.errors == errors else ():  # else `extends` may be what is wrong
        if template not in theme.templates:
            report.add("theme-invalid", source, problem=f"there is no templates/{template}")
    return theme if report.errors == errors else None


def _files(root: Path, parent: Theme | None) -> Iterator[ThemeFile]:
    """The files of a theme, after those of the theme that it extends."""
    before = dict.fromkeys(STYLE_SHEETS, "")
    if parent:
        yield from parent.files
        before = {
            "epub.css": parent.epub_css,
            "print.css": parent.print_css,
            "furniture.css": parent.furniture_css,
            "book-cover.css": parent.cover_css,
        }
    for sheet, text in before.items():
        first = text.count("\n") + 2 if text else 1
        yield ThemeFile(name=sheet, first=first, path=f"{root.name}/{sheet}")
    yield ThemeFile(name=_THEME_FILE, first=1, path=f"{root.name}/{_THEME_FILE}")
    for path in sorted((root / "templates").glob("*.html")):
        yield ThemeFile(name=f"templates/{path.name}", first=1, path=f"{root.name}/templates/{path.name}")


def place_in(theme: Theme, name: str, line: int | None = None, column: int | None = None) -> Location:
    """The place of a line of a theme's style sheet or template, in the file in which it is written."""
    files = [file for file in theme.files if file.name == name and file.first <= (line or 10**9)]
    if not files:
        return Location(f"{theme.name}/{name}", line, column)
    return Location(files[-1].path, line - files[-1].first + 1 if line else None, column)


def _joined(parent: str, own: SourceText | None) -> str:
    return "\n".join(part for part in (parent, own.text if own else "") if part)


def _text(root: Path, name: str, report: Report, *, required: bool = False) -> SourceText | None:
    shown = f"{root.name}/{name}"
    try:
        text = decode(read_inside(root, name, limit=FILE_LIMIT))
    except SourceRefusedError as refused:
        if refused.code == "encoding-invalid":
            place = Location(shown, int(str(refused.facts["line"])), int(str(refused.facts["column"])))
            report.add("encoding-invalid", place, byte=refused.facts["byte"])
        elif required or refused.code != "file-missing":
            report.add(refused.code, Location(shown), **{**refused.facts, "name": name})
        return None
    return SourceText(path=shown, text=text, root=root)


def _style_sheets(root: Path, report: Report) -> dict[str, SourceText]:
    found = {name: _text(root, name, report) for name in STYLE_SHEETS}
    return {name: source for name, source in found.items() if source}


def _templates(root: Path, report: Report) -> dict[str, SourceText]:
    paths = sorted((root / "templates").glob("*.html"))
    found = {path.name: _text(root, f"templates/{path.name}", report) for path in paths}
    return {name: source for name, source in found.items() if source}


def _faults(name: str, sources: Mapping[str, SourceText], cache: Cache | None) -> Sequence[Diagnostic]:
    """What is wrong in the texts of a theme, by what they say alone."""
    parts = {source.path: digest(source.text) for source in sources.values()}
    work = Work(kind="theme", name=name, parts=parts)
    found: Sequence[Diagnostic] | Missing = cache.find(work) if cache else MISSING
    if not isinstance(found, Missing):
        return found
    report = Report()
    environment = Environment(autoescape=True)
    for file, source in sources.items():
        if file in STYLE_SHEETS:
            _check_style_sheet(source, report)
            if file == "epub.css":
                lint(source, report)
        else:
            _check_template(environment, source, report)
    if cache and report.ok:
        cache.keep(work, report.diagnostics)
    return report.diagnostics


def _check_template(environment: Environment, source: SourceText, report: Report) -> None:
    try:
        environment.parse(source.text)
    except TemplateSyntaxError as error:
        report.add("theme-invalid", Location(source.path, error.lineno, 1), problem=str(error.message))
    except RecursionError:
        report.add("theme-invalid", source, problem="it is nested too deep")


def _check_style_sheet(source: SourceText, report: Report) -> None:
    for fault in _css_faults(tinycss2.parse_stylesheet(source.text, skip_comments=True, skip_whitespace=True)):
        place = Location(source.path, fault.source_line, fault.source_column)
        report.add("theme-invalid", place, problem=fault.message)


def _css_faults(nodes: Sequence[tinycss2.ast.Node]) -> list[tinycss2.ast.ParseError]:
    faults = [node for node in nodes if isinstance(node, tinycss2.ast.ParseError)]
    for node in nodes:
        content = getattr(node, "content", None)
        if content and isinstance(node, (tinycss2.ast.QualifiedRule, tinycss2.ast.AtRule)):
            faults += _css_faults(tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True))
        tokens = getattr(node, "value", None) if isinstance(node, tinycss2.ast.Declaration) else None
        faults += [
            token
            for token in tokens or getattr(node, "prelude", None) or ()
            if isinstance(token, tinycss2.ast.ParseError)
        ]
    return faults


def _fonts(root: Path, settings: Settings[ThemeForm], report: Report) -> list[FontFace]:
    fonts = []
    for number, font in enumerate(settings.form.fonts):
        try:
            content = read_inside(root, font.file, limit=FONT_LIMIT)
        except SourceRefusedError as refused:
            report.add(refused.code, settings.at("fonts", number, "file"), **{**refused.facts, "name": font.file})
            continue
        at = settings.at("fonts", number, "file")
        problem = _no_font(content)
        restriction = "" if problem else _restriction(content)
        if problem:
            report.add("theme-invalid", at, problem=f"{font.file!r} {problem}")
        if restriction:
            report.add("font-restricted", at, name=font.file, reason=restriction)
        if problem or restriction:
            continue
        fonts.append(
            FontFace(
                family=font.family,
                weight=font.weight,
                style=font.style,
                name=Path(font.file).name,
                content=content,
                licence=font.licence,
            )
        )
    return fonts


def _no_font(content: bytes) -> str:
    """Why a file cannot be used as an OpenType or TrueType font; empty where it can (OpenType, "Required Tables")."""
    import uharfbuzz

    if content.startswith(b"ttcf"):
        return "is a collection of fonts; give each font a file of its own"
    if not content.startswith(_SFNT):
        return "is no OpenType or TrueType font"
    face = uharfbuzz.Face(content)
    tables = set(face.table_tags)
    missing = sorted(_TABLES - tables) or ([] if tables & _OUTLINES else ["glyf"])
    if missing:
        return f"is a damaged font: it has no table {missing[0]!r}"
    return "" if face.glyph_count and face.unicodes else "is a damaged font: it has no characters"


def _restriction(content: bytes) -> str:
    """What the licence bits of a font forbid that pubkit does; empty where they allow it, or where there are none.

    OpenType specification, table OS/2, fsType: of several usage permissions the least restrictive counts.
    """
    import uharfbuzz

    table = uharfbuzz.Face(content).reference_table("OS/2").data or b""
    allowed = int.from_bytes(table[8:10], "big")
    if allowed & 0x000F == 0x0002:
        return "it forbids embedding"
    if allowed & 0x0100:
        return "it forbids embedding a part of it"
    return "it allows embedding bitmaps only" if allowed & 0x0200 else ""


def faces_digest(fonts: Sequence[FontFace]) -> str:
    """A digest of typefaces, by which to tell whether work that was done with them is still good."""
    return digest(*((font.family, font.weight, font.style, font.name, digest(font.content)) for font in fonts))


def families_in_use(fonts: Sequence[FontFace], text: str) -> tuple[str, ...]:
    """The families that a text is set in, in the theme's order.

    A family for Latin is taken to be in use, for style sheets choose among those; one for another script where it
    has a letter of the text that those for Latin lack.
    """
    import uharfbuzz

    characters = {font.family: set(uharfbuzz.Face(font.content).unicodes) for font in reversed(fonts)}
    latin = {family for family, signs in characters.items() if ord("a") in signs}
    rest = {ord(sign) for sign in set(text) if sign.isalpha()}.difference(*(characters[family] for family in latin))
    families = dict.fromkeys(font.family for font in fonts)
    return tuple(family for family in families if family in latin or characters[family] & rest)
