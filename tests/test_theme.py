import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import diagnostics
from publications import write

from pubkit.model import Theme
from pubkit.report import Report
from pubkit.theme import DOCUMENT_TEMPLATES, load_theme, place_in, theme_names, themes_folder

LICENCE = "OFL-1.1"


def templates(body: str = "<section id='{{ x }}'></section>") -> dict[str, str | bytes]:
    return {f"templates/{name}": body for name in DOCUMENT_TEMPLATES}


def theme(folder: Path, files: dict[str, str | bytes], *, yaml: str = "name: Mine\n") -> Path:
    return write(folder / "mine", {"theme.yaml": yaml, **files})


def loaded(folder: Path, report: Report, name: str = "mine") -> Theme:
    found = load_theme(name, report, folder=folder)
    assert not report.diagnostics, diagnostics(report)
    assert found is not None
    return found


@pytest.mark.parametrize("name", theme_names())
def test_the_built_in_themes_are_complete(name: str, report: Report) -> None:
    found = load_theme(name, report)
    assert not report.diagnostics
    assert found is not None
    assert set(DOCUMENT_TEMPLATES) <= set(found.templates)
    assert found.epub_css
    assert found.print_css
    assert found.furniture_css
    assert found.page.width > found.page.inside + found.page.outside
    assert len({font.name for font in found.fonts}) == len(found.fonts)
    assert all((themes_folder() / name).rglob(font.name) and font.licence for font in found.fonts)


def test_no_name_means_folio(report: Report) -> None:
    found = load_theme("", report)
    assert found is not None
    assert found.name == "folio"
    assert "folio" in theme_names()


def test_a_theme_by_itself(tmp_path: Path, report: Report) -> None:
    theme(tmp_path, {**templates(), "print.css": "p { color: red }\n"}, yaml="page: {width: 120, height: 200}\n")
    found = loaded(tmp_path, report)
    assert found.name == "mine"
    assert (found.page.width, found.page.height, found.page.inside) == (120, 200, 20)
    assert found.print_css == "p { color: red }\n"
    assert (found.epub_css, found.fonts) == ("", ())


def test_a_theme_may_be_named_by_its_path(tmp_path: Path, report: Report) -> None:
    theme(tmp_path / "deep", templates())
    assert loaded(tmp_path, report, "deep/mine").name == "Mine"
    assert load_theme(str(tmp_path / "deep/mine"), report) is not None
    assert report.ok


def test_a_theme_extends_another_and_overrides_it(tmp_path: Path, report: Report) -> None:
    theme(
        tmp_path,
        {"templates/article.html": "mine", "templates/_own.html": "own", "print.css": "h1 { color: red }\n"},
        yaml="extends: folio\n",
    )
    folio = load_theme("folio", report)
    assert folio is not None
    found = loaded(tmp_path, report)
    assert found.templates["article.html"] == "mine"
    assert found.templates["_own.html"] == "own"
    assert found.templates["credits.html"] == folio.templates["credits.html"]
    assert found.print_css.startswith(folio.print_css)
    assert found.print_css.endswith("h1 { color: red }\n")
    assert found.epub_css == folio.epub_css
    assert found.fonts == folio.fonts
    assert found.page == folio.page


def test_a_theme_may_extend_its_neighbour_and_have_its_own_page_and_fonts(tmp_path: Path, report: Report) -> None:
    font = themes_folder() / "folio/fonts/Inter-Regular.otf"
    theme(tmp_path, {**templates("<p id='a'></p>"), "epub.css": "img { max-width: 100% }"})
    write(
        tmp_path / "child",
        {
            "theme.yaml": "extends: mine\npage: {width: 100}\n"
            f"fonts: [{{family: Inter, file: f/Inter.otf, licence: {LICENCE}}}]\n",
            "f/Inter.otf": font.read_bytes(),
        },
    )
    found = loaded(tmp_path, report, "child")
    assert found.templates["article.html"] == "<p id='a'></p>"
    assert found.page.width == 100
    assert [(face.family, face.name, face.weight) for face in found.fonts] == [("Inter", "Inter.otf", 400)]


def test_only_one_level_of_extends(tmp_path: Path, report: Report) -> None:
    theme(tmp_path, {}, yaml="extends: folio\n")
    write(tmp_path, {"child/theme.yaml": "extends: mine\n", "self/theme.yaml": "extends: self\n"})
    for name in ("child", "self"):
        report.diagnostics.clear()
        assert load_theme(name, report, folder=tmp_path) is None
        assert [(found.code, found.at.line) for found in report.diagnostics] == [("theme-invalid", 1)]
        assert "extend only one that extends none" in report.diagnostics[0].message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("foliu", "did you mean 'folio'?"),
        ("xyz", "built-in themes: "),
        ("../mine/nowhere", "built-in themes: "),
    ],
)
def test_a_theme_that_is_not_there(name: str, hint: str, tmp_path: Path, report: Report) -> None:
    assert load_theme(name, report, folder=tmp_path) is None
    assert [found.code for found in report.diagnostics] == ["theme-missing"]
    assert report.diagnostics[0].hint.startswith(hint)


def test_the_extended_theme_must_be_there(tmp_path: Path, report: Report) -> None:
    theme(tmp_path, {}, yaml="name: x\nextends: nowhere\n")
    assert load_theme("mine", report, folder=tmp_path) is None
    assert diagnostics(report) == "mine/theme.yaml:2:1: error [theme-missing] there is no theme 'nowhere'\n"


WRONG = "error [theme-invalid] the theme does not work here: "


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"templates/article.html": None}, f"mine/theme.yaml: {WRONG}there is no templates/article.html\n"),
        (
            {"templates/article.html": "one\n{% if x %}\n\n{{ y }}\n"},
            f"mine/templates/article.html:4:1: {WRONG}Unexpected end of template.",
        ),
        ({"templates/_x.html": "a\nb {{ c }\n"}, f"mine/templates/_x.html:2:1: {WRONG}unexpected '}}'\n"),
        ({"templates/_x.html": b"a\n\xff"}, "mine/templates/_x.html:2:1: error [encoding-invalid] byte 0xff"),
        ({"templates/_x.html": "{{" + "(" * 5000}, f"mine/templates/_x.html: {WRONG}it is nested too deep\n"),
        ({"print.css": "p { color: red }\n} h1 {}\n"}, f"mine/print.css:2:1: {WRONG}Unmatched }}\n"),
        ({"print.css": "@media print {\n p { color }\n}"}, f"mine/print.css:2:11: {WRONG}"),
        ({"print.css": "p { color: red; }\n\n  h1"}, f"mine/print.css:3:3: {WRONG}"),
        ({"furniture.css": "a { content: 'x\n }\n"}, "mine/furniture.css:1:"),
    ],
)  # fmt: skip
def test_faults_have_their_places(
    files: dict[str, str | bytes | None], expected: str, tmp_path: Path, report: Report
) -> None:
    everything = {**templates(), **files}
    theme(tmp_path, {name: content for name, content in everything.items() if content is not None})
    assert load_theme("mine", report, folder=tmp_path) is None
    assert diagnostics(report).startswith(expected)
    assert len(report.diagnostics) == 1


def test_a_theme_stays_in_its_folder(tmp_path: Path, report: Report) -> None:
    face = "{{family: X, file: {file}, licence: OFL-1.1}}"
    fonts = ", ".join(face.format(file=file) for file in ("../x.otf", "missing.otf", "link.otf"))
    folder = theme(tmp_path, templates(), yaml=f"fonts: [{fonts}]\n")
    write(tmp_path, {"x.otf": b"x", "secret.html": "secret"})
    (folder / "link.otf").symlink_to(tmp_path / "x.otf")
    (folder / "templates/_secret.html").symlink_to(tmp_path / "secret.html")
    assert load_theme("mine", report, folder=tmp_path) is None
    assert [(found.code, found.at.path) for found in report.diagnostics] == [
        ("path-outside", "mine/templates/_secret.html"),
        ("path-outside", "mine/theme.yaml"),
        ("file-missing", "mine/theme.yaml"),
        ("path-outside", "mine/theme.yaml"),
    ]


def test_faults_of_theme_yaml_are_reported(tmp_path: Path, report: Report) -> None:
    theme(tmp_path, templates(), yaml="nmae: x\npage: {width: 1}\n")
    assert load_theme("mine", report, folder=tmp_path) is None
    assert [found.code for found in report.sorted()] == ["key-unknown", "value-invalid"]


def test_a_copy_of_the_default_theme_works(tmp_path: Path, report: Report) -> None:
    shutil.copytree(themes_folder() / "folio", tmp_path / "copy")
    copy, folio = loaded(tmp_path, report, "copy"), load_theme("folio", report)
    assert folio
    assert copy
    assert replace(copy, files=(), folders=(), sought=()) == replace(folio, files=(), folders=(), sought=())
    assert {file.path.partition("/")[0] for file in copy.files} == {"copy"}


def test_a_place_in_a_joined_style_sheet_is_that_of_the_file(tmp_path: Path, report: Report) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "theme.yaml").write_text("name: Mine\nextends: folio\n")
    (tmp_path / "mine" / "print.css").write_text("p { color: teal }\nh1 { color: navy }\n")
    theme = loaded(tmp_path, report, "mine")
    assert theme
    line = theme.print_css[: theme.print_css.index("h1 { color: navy }")].count("\n") + 1
    assert str(place_in(theme, "print.css", line, 3)) == "mine/print.css:2:3"
    assert str(place_in(theme, "print.css", 5)) == "folio/print.css:5"
    assert str(place_in(theme, "templates/article.html", 5)) == "folio/templates/article.html:5"


def font(licence_bits: int, *, without: str = "") -> bytes:
    """A font of one square letter, drawn here; `without` is a table that is taken out."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for corner in ((0, 500), (500, 500), (500, 0)):
        pen.lineTo(corner)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "a"])
    builder.setupCharacterMap({ord("a"): "a"})
    builder.setupGlyf({".notdef": square, "a": square})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "a": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Square", "styleName": "Regular"})
    builder.setupOS2(fsType=licence_bits)
    builder.setupPost()
    if without:
        del builder.font[without]
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def font_faults(folder: Path, content: bytes, report: Report) -> str:
    faces = "fonts:\n  - family: Square\n    licence: CC0-1.0\n    file: square.ttf\n"
    write(folder / "mine", {"theme.yaml": f"name: Mine\n{faces}", "square.ttf": content, **templates()})
    assert (load_theme("mine", report, folder=folder) is None) == bool(report.diagnostics)
    return diagnostics(report)


@pytest.mark.parametrize("bits", [0x0000, 0x0004, 0x0008, 0x0006, 0x000A])
def test_a_font_that_may_be_embedded_is_taken(bits: int, tmp_path: Path, report: Report) -> None:
    assert font_faults(tmp_path, font(bits), report) == ""


@pytest.mark.parametrize(
    ("bits", "reason"),
    [
        (0x0002, "it forbids embedding"),
        (0x0102, "it forbids embedding"),
        (0x0100, "it forbids embedding a part of it"),
        (0x0108, "it forbids embedding a part of it"),
        (0x0200, "it allows embedding bitmaps only"),
        (0x0204, "it allows embedding bitmaps only"),
    ],
)
def test_a_font_that_must_not_be_embedded_is_refused(bits: int, reason: str, tmp_path: Path, report: Report) -> None:
    words = f"the font 'square.ttf' must not be used in a publication: {reason}"
    assert font_faults(tmp_path, font(bits), report) == f"mine/theme.yaml:5:5: error [font-restricted] {words}\n"


def test_a_font_without_licence_bits_is_taken(tmp_path: Path, report: Report) -> None:
    assert font_faults(tmp_path, font(0, without="OS/2"), report) == ""


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no OpenType or TrueType font"),
        (b"<svg/>", "is no OpenType or TrueType font"),
        (b"wOF2" + b"\0" * 60, "is no OpenType or TrueType font"),
        (b"ttcf\0\1\0\0", "is a collection of fonts; give each font a file of its own"),
        (b"OTTO" + b"\xff" * 100, "is a damaged font: it has no table 'cmap'"),
        (font(0, without="glyf"), "is a damaged font: it has no table 'glyf'"),
        (font(0)[:300], "is a damaged font: it has no characters"),
    ],
)
def test_what_is_no_font_is_refused(content: bytes, problem: str, tmp_path: Path, report: Report) -> None:
    assert font_faults(tmp_path, content, report) == f"mine/theme.yaml:5:5: {WRONG}'square.ttf' {problem}\n"
