"""The command line: translates and prints, decides nothing. Exit statuses: docs/command-line.md."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from pubkit.version import __version__

if TYPE_CHECKING:
    from rich.console import Console

    from pubkit.cache import Done
    from pubkit.report import Report
    from pubkit.workers import Progress

SHOWN = 20  # of a kind, of what was not in the cache


class Exit(IntEnum):
    """What the exit status says."""

    BUILT = 0
    CONTENT = 1
    USAGE = 2
    ENVIRONMENT = 3
    LIMIT = 4
    INTERNAL = 70  # EX_SOFTWARE of sysexits.h
    INTERRUPTED = 130


app = typer.Typer(
    name="pubkit",
    help="Structured article sources in; an EPUB 3.3 and a print-ready PDF with a credits page out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # a plain help page: Rich alone would take as long as all the rest
)

SourcesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[DIR | FILE...]", help="A publication folder (default: here), or article files in order."),
]
OutputOption = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", metavar="FILE", help="A file to write; the extension is the format. Repeatable."),
]
FormatOption = Annotated[
    list[str] | None, typer.Option("--format", "-f", metavar="epub|pdf", help="Write this format only. Repeatable.")
]
ThemeOption = Annotated[str, typer.Option("--theme", "-T", metavar="NAME|DIR", help="The theme; else the manifest's.")]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=0, help="Worker processes; 0 works in this process. Default: all cores."),
]
EpubOption = Annotated[
    str,
    typer.Option("--epub", metavar="READER", help="The EPUB for apple, google, kindle, kobo or rmsdk alone."),
]
PdfOption = Annotated[
    str,
    typer.Option(
        "--pdf",
        metavar="PURPOSE",
        help="What the PDF is for: screen, archive, press, or a printer (kdp, ingramspark, lulu, blurb, offset-a5, …).",
    ),
]
ReaderOption = Annotated[
    list[str] | None,
    typer.Option(
        "--reader",
        metavar="READER",
        help="Ask for its rules, too: apple, google, kindle, kobo, rmsdk, all. Repeatable.",
    ),
]
TableOption = Annotated[
    str, typer.Option("--format", "-f", metavar="text|json|csv|yaml|csl", help="The format; csl is CSL-JSON.")
]
FileOption = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write it to this file.")]
CacheOption = Annotated[
    bool, typer.Option("--cache/--no-cache", help="Use what was done before on equal input (.pubkit/cache).")
]
StrictOption = Annotated[bool, typer.Option("--strict", help="Warnings stop the output, too.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Print infos and hints for everything.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pubkit {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Structured article sources in; an EPUB 3.3 and a print-ready PDF with a credits page out."""


@app.command()
def build(
    sources: SourcesArgument = None,
    output: OutputOption = None,
    format: FormatOption = None,
    theme: ThemeOption = "",
    epub: EpubOption = "",
    pdf: PdfOption = "",
    jobs: JobsOption = None,
    cache: CacheOption = True,
    strict: StrictOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Build the EPUB and the PDF of a publication."""
    from pubkit.stages import build as stage

    with _progress(quiet=quiet) as progress:
        built = stage.build(
            _source(sources),
            outputs=output or (),
            formats=format or stage.FORMATS,
            theme=theme,
            strict=strict,
            jobs=jobs,
            progress=progress,
            ereader=epub,
            purpose=pdf.lower(),
            cached=cache,
        )
    _show(built.report, quiet=quiet, verbose=verbose)
    if verbose:
        _show_done(built.done)
    if not built.outputs:
        _refuse(built.report, strict=strict)
    for path in built.outputs:
        typer.echo(str(path))


@app.command()
def check(
    sources: SourcesArgument = None,
    theme: ThemeOption = "",
    reader: ReaderOption = None,
    pdf: PdfOption = "",
    jobs: JobsOption = None,
    cache: CacheOption = True,
    strict: StrictOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """Check sources (nothing is written), or finished files: .epub with EPUBCheck, .pdf for print."""
    finished = [path for path in sources or () if path.suffix.lower() in (".epub", ".pdf")]
    if finished and len(finished) < len(sources or ()):
        _fail("give finished .epub and .pdf files, or sources, not both", Exit.USAGE)
    if finished and reader:
        _fail("--reader needs the sources: its findings name their lines", Exit.USAGE)
    if finished:
        report = _check_finished(finished, pdf.lower(), jobs)
    else:
        from pubkit.stages import build as stage

        with _progress(quiet=quiet) as progress:
            report = stage.check_sources(
                _source(sources),
                theme=theme,
                jobs=jobs,
                progress=progress,
                ereaders=_ereaders(reader),
                purpose=pdf.lower(),
                cached=cache,
            )
    _show(report, quiet=quiet, verbose=verbose)
    if not report.ok or (strict and report.warnings):
        raise typer.Exit(Exit.CONTENT)


def _check_finished(paths: Sequence[Path], purpose: str, jobs: int | None) -> Report:
    """What is wrong with finished files of both kinds, in the order in which they are named."""
    from pubkit.check.epubcheck import check_epub
    from pubkit.check.preflight import check_pdf
    from pubkit.printing import purposes
    from pubkit.report import Report

    _must_exist(paths)
    if purpose and purpose not in purposes():
        _fail(f"no such purpose of a PDF: {purpose!r}; there are {', '.join(purposes())}", Exit.USAGE)
    if purpose and not any(path.suffix.lower() == ".pdf" for path in paths):
        _fail("--pdf needs a .pdf file, or sources", Exit.USAGE)
    report = Report()
    for path in paths:
        if path.suffix.lower() == ".pdf":
            check_pdf(path, report, purpose=purpose, jobs=jobs)
        else:
            check_epub(path, report)
    return report


@app.command("credits")
def list_credits(
    sources: SourcesArgument = None,
    format: TableOption = "text",
    output: FileOption = None,
    jobs: JobsOption = None,
    cache: CacheOption = True,
    strict: StrictOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
) -> None:
    """List everybody, what they did, and under what terms everything may be used; csl lists captured articles."""
    from pubkit.stages import build as stage

    text, report = stage.credits_text(
        _source(sources), format, output=output or "", strict=strict, jobs=jobs, cached=cache
    )
    _show(report, quiet=quiet, verbose=verbose)
    if not text:
        _refuse(report, strict=strict)
    if output:
        typer.echo(str(output))
    else:
        typer.echo(text.encode(), nl=False)  # bytes: UTF-8, whatever the terminal's language


@app.command()
def clean(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="A publication folder (default: here).")] = Path(),
) -> None:
    """Remove the cache of a publication (.pubkit); what was built stays."""
    from pubkit.cache import remove_cache

    _must_exist([folder])
    typer.echo("removed" if remove_cache(folder) else "there is no cache", err=True)


@app.command()
def explain(code: Annotated[str, typer.Argument(help="A code from a message, such as link-broken.")] = "") -> None:
    """Explain a diagnostic code, or list all of them."""
    from pubkit.codes import CODES

    if not code:
        for name, row in sorted(CODES.items()):
            typer.echo(f"{name:24} {row.severity:8} {_in_words(row.message)}")
        return
    if code.strip("[]") not in CODES:
        from pubkit.nearest import nearest

        near = nearest(code, sorted(CODES))
        _fail(f"there is no code {code!r}" + (f"; did you mean {near!r}?" if near else ""), Exit.USAGE)
    row = CODES[code.strip("[]")]
    typer.echo(f"{code.strip('[]')} ({row.severity})\n\n  {_in_words(row.message)}\n\n{row.explanation}")
    if not row.hint.startswith("{"):  # else the hint is made of the facts alone
        typer.echo(f"\nWhat to do: {_in_words(row.hint)}")


def _in_words(message: str) -> str:
    """A message of the table with names for what its call sites fill in: ‹target›."""
    return re.sub(r"\{(\w+)[^}]*\}", r"‹\1›", message).replace("{{", "{").replace("}}", "}")


@app.command()
def themes() -> None:
    """List the themes that come with pubkit."""
    from pubkit.theme import theme_names

    for name in theme_names():
        typer.echo(name)


@app.command()
def schema() -> None:
    """Print the JSON Schema of pubkit.yaml."""
    import json

    from pubkit.settings import manifest_schema

    typer.echo(json.dumps(manifest_schema(), indent=2, ensure_ascii=False))


def _source(sources: Sequence[Path] | None) -> Path | list[Path]:
    """The one folder, or the files; mixing them, or naming what is not there, is a wrong call."""
    if not sources:
        return Path()
    _must_exist(sources)
    folders = [path for path in sources if path.is_dir()]
    if len(folders) == 1 and len(sources) == 1:
        return folders[0]
    if folders:
        _fail("give one publication folder, or article files, not both", Exit.USAGE)
    if len(sources) == 1 and sources[0].name in ("pubkit.yaml", "pubkit.yml"):
        return sources[0].parent
    return list(sources)


def _ereaders(names: Sequence[str] | None) -> tuple[str, ...]:
    if "all" not in (names or ()):
        return tuple(names or ())
    from pubkit.epub.variants import READERS

    return READERS


def _must_exist(paths: Sequence[Path]) -> None:
    for path in paths:
        if not os.path.lexists(path):
            _fail(f"there is no file or folder {str(path)!r}", Exit.USAGE)


def _console() -> Console:
    from rich.console import Console

    # NO_COLOR (no-color.org): Rich alone would keep bold and dim.
    colours: Literal["auto"] | None = None if os.environ.get("NO_COLOR") else "auto"
    return Console(stderr=True, highlight=False, soft_wrap=True, color_system=colours)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress]:
    """A bar on a terminal, plain lines elsewhere, nothing when quiet."""
    if quiet:
        yield lambda _stage, _done, _total: None
        return
    if not sys.stderr.isatty():
        last = ""

        def line(stage: str, _done: int, _total: int) -> None:
            nonlocal last
            if stage not in (last, "pages"):
                last = stage
                typer.echo(f"pubkit: {stage}", err=True)

        yield line
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pages]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_console(), transient=True) as bar:
        task = bar.add_task("read", total=None, pages="")
        stage_now, start = "", 0.0

        def update(stage: str, done: int, total: int) -> None:
            nonlocal stage_now, start
            if stage == "pages":
                seconds = max(bar.get_time() - start, 0.1)
                bar.update(task, pages=f"{done} pages, {done / seconds:.0f} a second")
                return
            if stage != stage_now:
                stage_now, start = stage, bar.get_time()
                bar.reset(task, description=stage, pages="")
            bar.update(task, description=stage, completed=done, total=total if total > 1 else None)

        yield update


def _show(report: Report, *, quiet: bool, verbose: bool) -> None:
    from pubkit.codes import Severity

    shown = [
        found
        for found in report.sorted()
        if found.severity is Severity.ERROR or (not quiet and (verbose or found.severity is Severity.WARNING))
    ]
    if not shown:  # Rich takes a tenth of a second
        return
    from rich.text import Text

    console = _console()
    styles = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
    for found in shown:
        line = Text(f"{found.at}: ")
        line.append(found.severity, style=styles[found.severity])
        line.append(f" [{found.code}] {found.message}")
        console.print(line)
        if found.severity is Severity.ERROR or verbose:
            console.print(Text(f"  hint: {found.hint}", style="dim"))
    if report.errors or (report.warnings and not quiet):
        counts = (("error", report.errors), ("warning", report.warnings))
        words = [f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts if count]
        console.print(Text(f"pubkit: {', '.join(words)}"))


def _show_done(done: Sequence[Done]) -> None:
    """How much was found in the cache, and for what was not, why."""
    for kind in dict.fromkeys(each.kind for each in done):
        fresh = [each for each in done if each.kind == kind and each.reason]
        total = sum(each.kind == kind for each in done)
        typer.echo(f"pubkit: {kind}: {total - len(fresh)} of {total} from the cache", err=True)
        for each in fresh[:SHOWN]:
            typer.echo(f"pubkit:   {each.name}: {each.reason}", err=True)
        if len(fresh) > SHOWN:
            typer.echo(f"pubkit:   and {len(fresh) - SHOWN} more", err=True)


def _refuse(report: Report, *, strict: bool) -> NoReturn:
    if report.ok and strict:
        typer.echo("pubkit: nothing was written, because --strict counts warnings as errors", err=True)
    limits = {"conversion-stopped", "layout-time", "layout-memory"}
    errors = {found.code for found in report.diagnostics if found.severity == "error"}
    raise typer.Exit(Exit.LIMIT if errors and errors <= limits else Exit.CONTENT)


def _fail(message: str, status: Exit) -> NoReturn:
    typer.echo(f"pubkit: {message}", err=True)
    raise typer.Exit(status)


def main() -> None:
    """Run the command line; every way out has its exit status, and none shows a traceback."""
    import gc
    import signal

    # A build makes much and throws little away: by Python's own thresholds the collector takes a twelfth of the time.
    gc.set_threshold(20_000, 20, 50)

    def terminate(number: int, _frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, terminate)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.BUILT)
    except Exception as error:  # noqa: BLE001 (the last door: no traceback reaches a user)
        sys.exit(_status_of(error))
    finally:
        gc.freeze()  # else Python looks through all that was made once more before it ends: a twelfth of a short build


def _status_of(error: Exception) -> Exit:
    from pubkit.check.tools import ToolFailedError, ToolMissingError
    from pubkit.pdf import PangoMissingError
    from pubkit.stages.build import FormatUnknownError, OutputError

    if isinstance(error, (OutputError, PangoMissingError, ToolFailedError, ToolMissingError)):
        typer.echo(f"pubkit: {error}", err=True)
        return Exit.ENVIRONMENT
    if isinstance(error, FormatUnknownError):
        typer.echo(f"pubkit: {error}", err=True)
        return Exit.USAGE
    if os.environ.get("PUBKIT_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    typer.echo(
        f"pubkit: this is a fault of pubkit, not of your sources: {type(error).__name__}: {error}\n"
        "pubkit: nothing was written. Set PUBKIT_TRACEBACK=1 to see where, and please report it.",
        err=True,
    )
    return Exit.INTERNAL
