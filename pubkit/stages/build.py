"""The stages in order, the gate between them and the files, and the atomic replacement of outputs."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pubkit.cache import Cache, Done, open_cache
from pubkit.report import Report
from pubkit.source import Location
from pubkit.stages.record import Record, Survey, recall, remember, survey

if TYPE_CHECKING:
    from pubkit.model import Edition, PageMap, Publication
    from pubkit.readers import Reader
    from pubkit.workers import Jobs, Progress

FORMATS = ("epub", "pdf")


class FormatUnknownError(ValueError):
    """A format, purpose, e-reader or end of an output's name that pubkit does not know; the text says which it does."""


class OutputError(Exception):
    """An output path that cannot be written; the text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did: the files it wrote (none after an error), the report, and the pages of the PDF."""

    outputs: tuple[Path, ...]
    report: Report
    pages: int | None = None
    done: tuple[Done, ...] = ()  # what was found in the cache, and what was not, and why; () without a cache


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


def build(
    source: Path | str | Sequence[Path | str],
    *,
    outputs: Sequence[Path | str] = (),
    formats: Sequence[str] = FORMATS,
    theme: str = "",
    strict: bool = False,
    jobs: Jobs | None = None,
    progress: Progress = _silent,
    readers: Mapping[str, Reader] | None = None,
    ereader: str = "",
    purpose: str = "",
    cached: bool = True,
) -> Built:
    """Build the EPUB and the PDF of a publication folder, or of a list of article files.

    `outputs` are paths, the format known by the extension; without them `build/<slug>.epub` and `.pdf` are
    written in the publication's folder, for each of `formats`. `strict` lets warnings stop the output, too.
    `jobs` worker processes are used, all processors by default; 0 works in this process; where an executor of
    processes is given, it does the work. Nothing is written unless the report is clean, and a file is replaced whole
    or not at all. `ereader` makes the EPUB for one family of e-readers (apple, google, kindle, kobo, rmsdk),
    `build/<slug>-<ereader>.epub` without `outputs`.
    `purpose` is what the PDF is made for (screen, archive, press or a printer's name), instead of pubkit.yaml's
    `print: purpose:`; any other than screen is part of the file's name: `build/<slug>-kdp.pdf`. What is printed with
    ink has a cover of its own beside it, `build/<slug>-kdp-cover.pdf`. What was done before
    on equal input is taken from `.pubkit/cache` in the publication's folder, unless `cached` is False.

    Raises FileNotFoundError for a folder that does not exist, FormatUnknownError for a format, e-reader or purpose
    that is not known, OutputError for a path that cannot be written, and pubkit.pdf.PangoMissingError where the PDF
    engine's system libraries are missing.
    """
    _check_call(outputs, formats, ereader, purpose)
    with contextlib.ExitStack() as stack:
        means = stack.enter_context(_means(source, jobs, progress, readers, cached=cached))
        asked = [str(Path(each).resolve()) for each in outputs], tuple(formats)
        call = _call("build", source, asked, theme, strict, ereader, purpose)
        known = recall(means.cache, call) if means.cache else None
        if known:
            return _built_before(known)
        before = survey([_folder(source)]) if means.cache else None
        report = Report()
        paged = any(name == "pdf" for name in (map(_format_of, map(Path, outputs)) if outputs else formats))
        publication, edition = _typeset(source, theme, report, means, purpose, paged=paged)
        targets = list(dict.fromkeys(Path(output) for output in outputs)) or [
            _folder(source) / "build" / _file_name(publication, name, ereader) for name in dict.fromkeys(formats)
        ]
        if any(_format_of(target) == "pdf" for target in targets):
            _report_vertical(publication, report)
        covers = _covers(targets, edition)
        page_map: PageMap | None = None
        drafts: list[tuple[Path, Path]] = []
        # The PDF first: the EPUB marks its pages, and it finds faults (missing glyphs) that must stop the EPUB, too.
        for target in sorted(targets, key=lambda path: path.suffix.lower() != ".pdf"):
            if edition is None or not _clean(report, strict=strict):
                break
            draft = stack.enter_context(_draft(target, _inputs(publication)))
            with draft.open("wb") as stream:
                page_map = _write(edition, _format_of(target), stream, report, means, page_map, ereader)
                stream.flush()
                os.fsync(stream.fileno())
            if page_map and _format_of(target) == "pdf":
                _check_pages(edition, publication, page_map, report)
            drafts.append((draft, target))
            if page_map and target in covers:
                draft = stack.enter_context(_draft(covers[target], _inputs(publication)))
                with draft.open("wb") as stream:
                    _write_cover(edition, stream, report, means, page_map)
                    stream.flush()
                    os.fsync(stream.fileno())
                drafts.append((draft, covers[target]))
        done = tuple(means.cache.done) if means.cache else ()
        if edition is None or not _clean(report, strict=strict):
            return Built(outputs=(), report=report, done=done)
        for draft, target in drafts:
            _replace(draft, target)
        written = (*targets, *covers.values())
        built = Built(outputs=written, report=report, pages=page_map.pages if page_map else None, done=done)
        if means.cache and before:
            _remember(means.cache, call, before, edition, built)
    return built


def _check_call(outputs: Sequence[Path | str], formats: Sequence[str], ereader: str, purpose: str) -> None:
    for output in outputs:
        _format_of(Path(output))
    for name in formats:
        if name not in FORMATS:
            raise FormatUnknownError(f"no such format: {name!r}; there are {', '.join(FORMATS)}")
    _known_ereaders([ereader] if ereader else [])
    _known_purpose(purpose)


def _call(
    kind: str, source: Path | str | Sequence[Path | str], asked: object, theme: str, *options: object
) -> dict[str, str]:
    """What a whole build or check depends on besides its files; a theme's name may be a path from where pubkit runs."""
    return {
        "kind": kind,
        "source": str(_folder(source).resolve()),
        "asked": repr(asked),
        "options": repr((theme, Path.cwd() if theme else "", *options, os.environ.get("SOURCE_DATE_EPOCH"))),
    }


def _built_before(record: Record) -> Built:
    report = Report()
    report.extend(record.diagnostics)
    outputs = tuple(Path(each.path) for each in record.outputs)
    return Built(outputs=outputs, report=report, pages=record.pages, done=(Done(kind="build", name="the whole build"),))


def _remember(cache: Cache, call: Mapping[str, str], before: Survey, edition: Edition, built: Built) -> None:
    themes = survey((*edition.theme.folders, *edition.theme.sought))
    if themes and not themes.touched_since(before.at):
        remember(
            cache,
            call,
            (before, themes),
            outputs=built.outputs,
            diagnostics=built.report.diagnostics,
            pages=built.pages,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Means:
    """What a build works with: processes, a folder for pictures, the cache where there is one, whom to tell."""

    jobs: Jobs
    progress: Progress
    readers: Mapping[str, Reader] | None  # None: pubkit's own
    store: Path
    cache: Cache | None


@contextlib.contextmanager
def _means(
    source: Path | str | Sequence[Path | str],
    jobs: Jobs | None,
    progress: Progress,
    readers: Mapping[str, Reader] | None,
    *,
    cached: bool,
) -> Iterator[_Means]:
    """Articles that lie anywhere have no cache, for no folder is theirs."""
    kept = cached and readers is None and isinstance(source, (str, Path)) and Path(source).is_dir()
    cache = open_cache(Path(source)) if kept and isinstance(source, (str, Path)) else None
    with tempfile.TemporaryDirectory(prefix="pubkit-") as store:
        yield _Means(
            jobs=os.cpu_count() or 1 if jobs is None else jobs,
            progress=progress,
            readers=readers,
            store=Path(store),
            cache=cache,
        )
    if cache:
        cache.prune()


def check_sources(
    source: Path | str | Sequence[Path | str],
    *,
    theme: str = "",
    jobs: Jobs | None = None,
    progress: Progress = _silent,
    readers: Mapping[str, Reader] | None = None,
    ereaders: Sequence[str] = (),
    purpose: str = "",
    cached: bool = True,
) -> Report:
    """Read, resolve, typeset and lay out without writing a file; give the report.

    `ereaders` adds the rules of e-readers: apple, google, kindle, kobo, rmsdk; `purpose` is what the PDF is made for,
    and `cached` whether the cache is used, as in `build`; where nothing has changed since an equal check, it has its
    report. Raises FormatUnknownError for another.
    """
    report = Report()
    _known_ereaders(ereaders)
    _known_purpose(purpose)
    with _means(source, jobs, progress, readers, cached=cached) as means:
        call = _call("check", source, tuple(ereaders), theme, purpose)
        known = recall(means.cache, call) if means.cache else None
        if known:
            return _built_before(known).report
        before = survey([_folder(source)]) if means.cache else None
        publication, edition = _typeset(source, theme, report, means, purpose, paged=True)
        _report_vertical(publication, report)
        if edition is not None and report.ok:
            with tempfile.TemporaryFile() as stream:
                page_map = _write(edition, "pdf", stream, report, means, None)
            if page_map:
                _check_pages(edition, publication, page_map, report)
                with tempfile.TemporaryFile() as stream:
                    _write_cover(edition, stream, report, means, page_map)
            if ereaders and report.ok:
                from pubkit.check.readers import check_readers

                progress("e-readers", 0, 1)
                check_readers(edition, publication, report, ereaders, page_map=page_map)
        if means.cache and before and edition and report.ok:  # an error may be of this machine: no time, no memory
            _remember(means.cache, call, before, edition, Built(outputs=(), report=report))
    return report


def credits_text(
    source: Path | str | Sequence[Path | str],
    name: str = "text",
    *,
    output: Path | str = "",
    strict: bool = False,
    jobs: Jobs | None = None,
    progress: Progress = _silent,
    readers: Mapping[str, Reader] | None = None,
    cached: bool = True,
) -> tuple[str, Report]:
    """Everybody and everything with its terms, in a format of rights_desk.WRITERS, and the report; nothing is laid out.

    The text is empty unless the report is clean. It is written to `output`, where one is given; `strict`, `jobs`,
    `readers` and `cached` are as in `build`. Raises FileNotFoundError for a folder that does not exist,
    FormatUnknownError for a format that is not known, OutputError for a path that cannot be written.
    """
    from pubkit.rights_desk import WRITERS

    if name not in WRITERS:
        raise FormatUnknownError(f"no such format: {name!r}; there are {', '.join(WRITERS)}")
    report = Report()
    with _means(source, jobs, progress, readers, cached=cached) as means:
        publication = _resolved(source, report, means)
    if not _clean(report, strict=strict):
        return "", report
    text = WRITERS[name](publication)
    if output:
        target = Path(output)
        with _draft(target, _inputs(publication)) as draft:
            draft.write_bytes(text.encode())
            _replace(draft, target)
    return text, report


def _typeset(
    source: Path | str | Sequence[Path | str],
    theme_name: str,
    report: Report,
    means: _Means,
    purpose: str,
    *,
    paged: bool,
) -> tuple[Publication, Edition | None]:
    """The publication, resolved, and its edition, `paged` where a PDF is to follow; no edition without a theme."""
    # Imported here, because a build that was done before needs none of them.
    from pubkit.stages.typeset import typeset
    from pubkit.theme import load_theme

    publication = _resolved(source, report, means, meanwhile=_load_engine if paged else None)
    if purpose:
        at = publication.printing.at or Location("--pdf")
        publication = replace(publication, printing=replace(publication.printing, purpose=purpose, at=at))
    asked = theme_name or publication.theme
    at = publication.source.find(f"theme: {publication.theme}") if not theme_name else Location("--theme")
    folder = None if theme_name else publication.source.root
    theme = load_theme(asked, report, folder=folder, at=at, cache=means.cache)
    if theme is None:
        return publication, None
    means.progress("typeset", 0, 1)
    edition = typeset(publication, theme, report, jobs=means.jobs, cache=means.cache)
    if edition.metadata.accessibility.claims:
        from pubkit.check.claims import check_claims

        check_claims(edition, publication, report)
    return publication, edition


def _load_engine() -> None:
    """Import what makes the PDF, a third of a second, while others read. Where it is missing, `write_pdf` says so."""
    from pubkit.pdf.layout import PangoMissingError, load_weasyprint

    with contextlib.suppress(PangoMissingError):
        load_weasyprint()


def _resolved(
    source: Path | str | Sequence[Path | str],
    report: Report,
    means: _Means,
    meanwhile: Callable[[], None] | None = None,
) -> Publication:
    """The publication, read and resolved; `meanwhile` is called while other processes read."""
    from pubkit.readers import READERS
    from pubkit.stages.read import read, read_files
    from pubkit.stages.resolve import resolve

    jobs, cache, readers = means.jobs, means.cache, means.readers or READERS
    means.progress("read", 0, 1)
    if isinstance(source, (str, Path)):
        publication = read(source, report, readers=readers, jobs=jobs, cache=cache, meanwhile=meanwhile)
    else:
        publication = read_files(source, report, readers=readers, jobs=jobs, meanwhile=meanwhile)
    means.progress("resolve", 0, 1)
    return resolve(publication, report, jobs=jobs, store=means.store, cache=cache)


def _check_pages(edition: Edition, publication: Publication, page_map: PageMap, report: Report) -> None:
    from pubkit.check.print_rules import check_print

    check_print(edition, publication, page_map, report)


def _write(
    edition: Edition,
    name: str,
    stream: BinaryIO,
    report: Report,
    means: _Means,
    page_map: PageMap | None,
    ereader: str = "",
) -> PageMap | None:
    """Write one format; gives the page map, as it is known then."""
    # Each engine is imported only for its own format: WeasyPrint alone takes a second.
    if name == "pdf":
        from pubkit.pdf import write_pdf

        return write_pdf(edition, stream, report, jobs=means.jobs, progress=means.progress, cache=means.cache)
    from pubkit.epub import write_epub

    means.progress("epub", 0, 1)
    if ereader:
        from pubkit.epub.variants import variant, variant_pages, wants_pixels

        pages = variant_pages(page_map, edition, ereader) if page_map else None
        pixels: Mapping[str, bytes] = {}
        if wants_pixels(ereader):
            from pubkit.pdf.pixels import draw_pixels

            pixels = draw_pixels(edition, jobs=means.jobs)
        edition = variant(edition, ereader, pixels=pixels)
    else:
        pages = page_map
    write_epub(edition, stream, page_map=pages, jobs=means.jobs, progress=means.progress, cache=means.cache)
    return page_map


def _covers(targets: Sequence[Path], edition: Edition | None) -> dict[Path, Path]:
    """Where the covers for print go, beside their PDFs: "x-cover.pdf". Raises OutputError where another output goes."""
    if edition is None or edition.book_cover is None:
        return {}
    covers = {path: path.with_name(f"{path.stem}-cover{path.suffix}") for path in targets if _format_of(path) == "pdf"}
    for path, cover in covers.items():
        if cover in targets:
            raise OutputError(f"{cover} is where the cover of {path} goes")
    return covers


def _write_cover(edition: Edition, stream: BinaryIO, report: Report, means: _Means, page_map: PageMap) -> None:
    """Write the cover for print, where there is one and the pages are good."""
    if edition.book_cover is None or not report.ok:
        return
    from pubkit.pdf import write_book_cover

    means.progress("cover", 0, 1)
    write_book_cover(edition, stream, report, pages=page_map.pages, jobs=means.jobs)


def _file_name(publication: Publication, name: str, ereader: str) -> str:
    variant = ereader if name == "epub" else publication.printing.purpose.removeprefix("screen")
    return f"{publication.slug}-{variant}.{name}" if variant else f"{publication.slug}.{name}"


def _known_purpose(name: str) -> None:
    if not name:
        return
    from pubkit.printing import purposes

    if name not in purposes():
        raise FormatUnknownError(f"no such purpose of a PDF: {name!r}; there are {', '.join(purposes())}")


def _known_ereaders(names: Sequence[str]) -> None:
    if not names:
        return
    from pubkit.epub.variants import READERS as EREADERS

    for name in names:
        if name not in EREADERS:
            raise FormatUnknownError(f"no such e-reader: {name!r}; there are {', '.join(EREADERS)}")


def _report_vertical(publication: Publication, report: Report) -> None:
    """Say that WeasyPrint, which knows no vertical lines, prints a vertical publication with horizontal ones."""
    mode = publication.metadata.writing_mode
    if mode != "horizontal-tb":
        report.add("print-horizontal", publication.source.find(mode), mode=mode)


def _clean(report: Report, *, strict: bool) -> bool:
    return report.ok and not (strict and report.warnings)


def _folder(source: Path | str | Sequence[Path | str]) -> Path:
    return Path(source) if isinstance(source, (str, Path)) else Path()


def _format_of(path: Path) -> str:
    name = path.suffix.lower().removeprefix(".")
    if name not in FORMATS:
        raise FormatUnknownError(f"the end of {path.name!r} names no format; use .epub or .pdf")
    return name


def _inputs(publication: Publication) -> frozenset[Path]:
    names = [publication.source, *(article.source for article in publication.articles)]
    return frozenset((source.root / source.path).resolve() for source in names)


@contextlib.contextmanager
def _draft(target: Path, inputs: frozenset[Path]) -> Iterator[Path]:
    """A file of our own beside the target, removed at the end where it has not taken the target's place."""
    if target.is_dir():
        raise OutputError(f"{target} is a folder")
    if target.resolve() in inputs:
        raise OutputError(f"{target} is one of the sources")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
    os.close(descriptor)
    try:
        yield Path(name)
    except OSError as error:
        if error.errno is None:  # not the disk: the PDF engine misses a library
            raise
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        Path(name).unlink(missing_ok=True)


def _replace(draft: Path, target: Path) -> None:
    umask = os.umask(0)
    os.umask(umask)
    try:
        draft.chmod(0o666 & ~umask)
        draft.replace(target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
