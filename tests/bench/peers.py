"""What is timed: pubkit and its peers on the same content, each a command, so that its start counts."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .corpus import SIZES, edit, write_corpus
from .measure import Command

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
BIN = Path(sys.executable).parent

COLD, COLD_ONE = "pubkit PDF, `-j 2`", "pubkit PDF, `-j 1`"
EDITED, UNCHANGED = "pubkit PDF, one article edited", "pubkit PDF, nothing changed"
UNTAGGED, TAGGED = "pubkit PDF from Python, without tags", "pubkit PDF from Python, tagged"
ONE, ONE_TAGGED = "one-document WeasyPrint", "one-document WeasyPrint, tagged"
PANDOC_WEASYPRINT, PANDOC_TYPST = "Pandoc + WeasyPrint", "Pandoc + Typst"
VIVLIOSTYLE, CALIBRE = "Vivliostyle", "calibre, from pubkit's EPUB"
EPUB, PANDOC_EPUB = "pubkit EPUB, `-j 2`", "Pandoc EPUB"
BOTH = "pubkit, both formats, `-j 2`"
FEW_PAGES, MANY_PAGES = "pubkit PDF, some 150 pages", "pubkit PDF, some 1,500 pages"

# In which groups a row is measured, and the tools that it needs; in the order in which they run and are shown.
ROWS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    COLD: (("S", "M", "L", "XL"), ()),
    COLD_ONE: (("S", "M", "L"), ()),
    EDITED: (("S", "M", "L", "XL"), ()),
    UNCHANGED: (("S", "M", "L", "XL"), ()),
    ONE: (("S", "M", "L"), ("weasyprint",)),
    ONE_TAGGED: (("S", "M"), ("weasyprint",)),
    PANDOC_WEASYPRINT: (("S", "M", "L"), ("pandoc", "weasyprint")),
    PANDOC_TYPST: (("S", "M", "L"), ("pandoc", "typst")),
    VIVLIOSTYLE: (("M",), ("vivliostyle", "chromium")),
    CALIBRE: (("S", "M"), ("calibre",)),
    TAGGED: (("M",), ()),
    UNTAGGED: (("M",), ()),
    EPUB: (("S", "M", "L", "XL"), ()),
    PANDOC_EPUB: (("S", "M", "L", "XL"), ("pandoc",)),
    BOTH: (("XL",), ()),
    FEW_PAGES: (("pages",), ()),
    MANY_PAGES: (("pages",), ()),
}
_CALIBRE_OPTIONS = (
    *("--custom-size", "170x240", "--unit", "millimeter", "--pdf-default-font-size", "15", "--pdf-page-numbers"),
    *("--pdf-page-margin-left", "85", "--pdf-page-margin-right", "85"),  # pt
    *("--pdf-page-margin-top", "51", "--pdf-page-margin-bottom", "69", "--pdf-hyphenate"),
)
GROUPS = ("S", "M", "L", "XL", "pages")
PEERS = ("weasyprint", "pandoc", "typst", "calibre", "vivliostyle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A folder in which one publication lies as everybody wants it."""

    folder: Path
    state: Path  # for the key of pubkit's cache, which is else in the user's home

    @property
    def sources(self) -> Path:
        """The publication for cold builds."""
        return self.folder / "sources"

    @property
    def warm(self) -> Path:
        """A copy of which everything has been built."""
        return self.folder / "warm"

    @property
    def edited(self) -> Path:
        """A copy in which an article is edited before each run."""
        return self.folder / "edited"

    @property
    def one(self) -> Path:
        """The edition as one HTML document."""
        return self.folder / "one"

    @property
    def plain(self) -> Path:
        """Markdown without pubkit's front matter and figures, and style sheets for it."""
        return self.folder / "plain"

    @property
    def epub(self) -> Path:
        """The publication as pubkit's EPUB."""
        return self.folder / "publication.epub"


def make_site(folder: Path, size: str, rows: Sequence[str]) -> Site:
    """Write a publication of a size, and all that these rows need beside it."""
    shutil.rmtree(folder, ignore_errors=True)
    site = Site(folder=folder, state=folder.parent / "state")
    write_corpus(site.sources, SIZES[size])
    (folder / "out").mkdir()
    if {EDITED, UNCHANGED} & {*rows}:
        shutil.copytree(site.sources, site.warm)
        shutil.copytree(site.sources, site.edited)
    if {ONE, ONE_TAGGED} & {*rows}:
        _do([sys.executable, "-m", "tests.bench.one_document", site.sources, site.one], ROOT)
    if {PANDOC_WEASYPRINT, PANDOC_TYPST, PANDOC_EPUB, VIVLIOSTYLE} & {*rows}:
        _write_plain(site)
    if CALIBRE in rows:
        _do([BIN / "pubkit", "build", "-q", site.sources, "-o", site.epub], folder, _own(site))
    return site


def commands(site: Site, rows: Sequence[str]) -> Iterator[Command]:
    """The command of each of these rows, of those that are measured on a site of their own size."""
    for row in rows:
        output = site.folder / "out" / f"{_slug(row)}.{'epub' if row in (EPUB, PANDOC_EPUB) else 'pdf'}"
        if row in (COLD, COLD_ONE, EPUB, BOTH, FEW_PAGES, MANY_PAGES):
            yield _cold(site, row, output)
        elif row in (EDITED, UNCHANGED):
            yield _again(site, row, output)
        elif row in (TAGGED, UNTAGGED):
            yield _from_python(site, row, output)
        else:
            yield _peer(site, row, output)


def tools() -> dict[str, str]:
    """The version of every peer; "" for one that is not installed."""
    return {
        "weasyprint": _package("weasyprint"),
        "pandoc": _said([_pandoc(), "--version"]),
        "typst": _package("typst"),
        "calibre": _said(["ebook-convert", "--version"]),
        "vivliostyle": _said([_vivliostyle(), "--version"]),
        "chromium": _said(["chromium", "--version"]),
    }


def _cold(site: Site, row: str, output: Path) -> Command:
    def forget() -> None:
        shutil.rmtree(site.sources / ".pubkit", ignore_errors=True)
        output.unlink(missing_ok=True)

    also: list[str | Path] = ["-o", output.with_suffix(".epub")] if row == BOTH else []
    command = _pubkit(site, row, site.sources, output, "1" if row == COLD_ONE else "2")
    return replace(command, arguments=[*command.arguments, *also], before=forget)


def _again(site: Site, row: str, output: Path) -> Command:
    source = site.edited if row == EDITED else site.warm
    command = _pubkit(site, row, source, output, "2")
    articles = sorted((source / "articles").glob("*.md"))

    def warm_up() -> None:
        if not output.is_file():
            _do(command.arguments, site.folder, command.environment)
        if row == EDITED:
            edit(articles[len(articles) // 2])

    return replace(command, before=warm_up)


def _from_python(site: Site, row: str, output: Path) -> Command:
    arguments: list[str | Path] = [sys.executable, "-m", "tests.bench.untagged", site.sources, output]
    return Command(name=row, arguments=[*arguments, *(["--tags"] * (row == TAGGED))], folder=ROOT, output=output)


def _pubkit(site: Site, row: str, source: Path, output: Path, jobs: str) -> Command:
    arguments: list[str | Path] = [BIN / "pubkit", "build", "--quiet", source, "-o", output, "-j", jobs]
    return Command(name=row, arguments=arguments, folder=site.folder, output=output, environment=_own(site))


def _own(site: Site) -> dict[str, str]:
    return {"XDG_STATE_HOME": str(site.state)}


def _peer(site: Site, row: str, output: Path) -> Command:
    steps: list[list[str | Path]]
    if row in (ONE, ONE_TAGGED):
        steps = [[*_weasyprint(*["--pdf-variant", "pdf/ua-1"] * (row == ONE_TAGGED)), "edition.html", output]]
        folder = site.one
    elif row == CALIBRE:
        steps = [["ebook-convert", site.epub, output, *_CALIBRE_OPTIONS]]
        folder = site.folder
    elif row == VIVLIOSTYLE:
        options: list[str | Path] = [
            "--executable-browser",
            shutil.which("chromium") or "",
            "--timeout",
            "3000",
            "--log-level",
            "silent",
        ]
        steps = [[_vivliostyle(), "build", *options, "-o", output]]
        folder = site.plain
    else:
        steps = list(_pandoc_steps(site, row, output))
        folder = site.plain
    script = " && ".join(shlex.join(map(str, step)) for step in steps)
    return Command(
        name=row,
        arguments=["sh", "-c", script],
        folder=folder,
        output=output,
        before=lambda: output.unlink(missing_ok=True),
        environment={"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1"},  # of calibre
    )


def _pandoc_steps(site: Site, row: str, output: Path) -> Iterator[list[str | Path]]:
    articles = sorted(path.name for path in site.plain.glob("*.md"))
    pandoc = [_pandoc(), "--from", "markdown", "--file-scope", "--metadata-file", "meta.yaml", "--toc"]
    if row == PANDOC_EPUB:
        yield [*pandoc, *articles, "-o", output]
    elif row == PANDOC_WEASYPRINT:
        yield [*pandoc, "--toc-depth", "1", "--standalone", "--css", "peer.css", *articles, "-o", "plain.html"]
        yield [*_weasyprint(), "plain.html", output]
    else:
        yield [*pandoc, "--standalone", "--template", "peer.typ", *articles, "-o", "plain.typ"]
        compile_ = (
            "import sys, typst; typst.compile('plain.typ', sys.argv[1], font_paths=['fonts'], ignore_system_fonts=True)"
        )
        yield [sys.executable, "-c", compile_, output]


def _weasyprint(*options: str) -> list[str | Path]:
    return [BIN / "weasyprint", "--quiet", *options]


def _write_plain(site: Site) -> None:
    """The articles in the Markdown that all know, beside the same pictures and typefaces."""
    shutil.copytree(ROOT / "themes" / "folio" / "fonts", site.plain / "fonts")
    for path in (HERE / "peer.css", HERE / "peer.typ", *(site.sources / "articles").glob("*.jpg")):
        shutil.copy(path, site.plain)
    for path in (site.sources / "articles").glob("*.md"):
        (site.plain / path.name).write_text(_plain(path.read_text(encoding="utf-8")), encoding="utf-8")
    (site.plain / "meta.yaml").write_text("title: Soundings\nlang: en\n", encoding="utf-8")
    articles = sorted(path.name for path in site.plain.glob("*.md"))
    settings = {"title": "Soundings", "language": "en", "size": "170mm,240mm", "theme": "./peer.css", "toc": True}
    (site.plain / "vivliostyle.config.json").write_text(json.dumps({**settings, "entry": articles}), encoding="utf-8")


def _plain(text: str) -> str:
    _, head, body = text.split("---\n", 2)
    facts = dict(line.strip().split(": ", 1) for line in head.splitlines() if ": " in line)
    body = re.sub(r'!\[.*?\]\((.*?) "(.*?)"\)\{credit="(.*?)"\}', r"![\2. \3](\1)", body)
    return f"# {facts['title']}\n\nBy *{facts['author']}*. Photographs by {facts['Photographs by']}.\n\n{body}"


def _pandoc() -> str:
    found = importlib.util.find_spec("pypandoc")
    inside = Path(found.origin).parent / "files" / "pandoc" if found and found.origin else Path("pandoc")
    return str(inside) if inside.is_file() else "pandoc"


def _vivliostyle() -> str:
    own = ROOT / "build" / "bench" / "node" / "node_modules" / ".bin" / "vivliostyle"
    return str(own) if own.is_file() else "vivliostyle"


def _package(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _said(command: Sequence[str]) -> str:
    """The version that a program says; "" where there is no such program."""
    if not shutil.which(command[0]):
        return ""
    said = subprocess.run([*command], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+(\.\d+)+", said)
    return found[0] if found else "?"


def _do(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run([*command], cwd=folder, env={**os.environ, **(environment or {})}, stdout=quiet, check=True)


def _slug(row: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", row.lower()).strip("-")
