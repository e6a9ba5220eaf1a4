"""What a build or a check was made from and what it wrote, so that the same need not be done again."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pubkit.cache import Cache, Work, digest
from pubkit.report import Diagnostic

MOST_FILES = 50_000  # in a folder of sources; with more, nothing is remembered
LARGEST = 64 << 20  # bytes of a file that is compared by its content
JUST_NOW = 2_000_000_000  # ns: some file systems tell no finer time, so a younger file may change unseen
_OUTPUTS = (".epub", ".pdf")
_TOOLS = frozenset({".git", ".hg", ".jj", ".pubkit", ".svn", ".venv", "__pycache__"})  # folders that hold no sources


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """A file as it was: size in bytes, times of change in ns, a digest of its content; "" where it is too large."""

    path: str
    size: int
    times: tuple[int, int]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One build: all files below the folders it was made from, as they were at the time, and what it wrote."""

    folders: tuple[str, ...]
    at: int  # ns; when the files were looked at
    sources: tuple[FileState, ...]
    outputs: tuple[FileState, ...]
    diagnostics: tuple[Diagnostic, ...]
    pages: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The files of some folders, looked at before a build reads them."""

    folders: tuple[str, ...]
    at: int
    sources: tuple[FileState, ...]

    def touched_since(self, at: int) -> bool:
        """Whether a file was written after a time in ns, so that a build may have read what stood there before."""
        return any(max(state.times) >= at for state in self.sources)


def survey(folders: Sequence[Path]) -> Survey | None:
    """The files below these folders as they are now; None where they are too many.

    One may also be a file, or what is not there: then the record holds as long as nothing is.
    """
    at = time.time_ns()  # compared with the times of files alone; no output depends on it
    found = list(_paths(folders))
    if len(found) > MOST_FILES:
        return None
    return Survey(folders=tuple(map(str, folders)), at=at, sources=tuple(map(_state, found)))


def remember(
    cache: Cache,
    call: Mapping[str, str],
    surveyed: Iterable[Survey],
    *,
    outputs: Sequence[Path],
    diagnostics: Iterable[Diagnostic],
    pages: int | None,
) -> None:
    """Keep the record of a build that wrote `outputs`."""
    surveys = list(surveyed)
    record = Record(
        folders=tuple(folder for each in surveys for folder in each.folders),
        at=min(each.at for each in surveys),
        sources=tuple(state for each in surveys for state in each.sources),
        outputs=tuple(_state(str(path)) for path in outputs),
        diagnostics=tuple(diagnostics),
        pages=pages,
    )
    cache.keep(_work(call), record)


def recall(cache: Cache, call: Mapping[str, str]) -> Record | None:
    """The record of an equal build, where all that it was made from and all that it wrote is as it was then."""
    record = cache.find(_work(call), _is_current)
    return record if isinstance(record, Record) else None


def _is_current(record: Record) -> bool:
    now = list(_paths([Path(folder) for folder in record.folders]))
    return [state.path for state in record.sources] == now and all(
        _is_same(state, record.at) for state in (*record.sources, *record.outputs)
    )


def _work(call: Mapping[str, str]) -> Work:
    return Work(kind=call["kind"], name=call["source"], parts={name: digest(value) for name, value in call.items()})


def _paths(folders: Iterable[Path]) -> Iterator[str]:
    """Every file below the folders that may be a source, in order: hidden ones, too, but no EPUB and PDF.

    A link to a folder stands for itself: what it leads to is a source only below these folders, and found there.
    """
    for folder in folders:
        if folder.is_file():
            yield str(folder)
        for parent, below, names in os.walk(folder):
            links = [name for name in below if os.path.islink(os.path.join(parent, name))]  # noqa: PTH114, PTH118
            below[:] = sorted(set(below) - _TOOLS)
            for name in sorted((*names, *links)):
                if not name.lower().endswith(_OUTPUTS):
                    yield os.path.join(parent, name)  # noqa: PTH118 (a Path for each file takes longer than its stat)


def _state(path: str) -> FileState:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:  # a link to nothing
        return FileState(path=path, size=-1, times=(0, 0), content="")
    plain = stat.S_ISREG(status.st_mode)  # reading a pipe would wait for ever
    content = _digest(path) if plain and status.st_size <= LARGEST else ""
    return FileState(path=path, size=status.st_size, times=(status.st_mtime_ns, status.st_ctime_ns), content=content)


def _is_same(state: FileState, at: int) -> bool:
    try:
        status = os.stat(state.path)  # noqa: PTH116
    except OSError:
        return state.size < 0
    if status.st_size != state.size:
        return False
    times = (status.st_mtime_ns, status.st_ctime_ns)
    if times == state.times and max(times) < at - JUST_NOW:
        return True
    return bool(state.content) and _digest(state.path) == state.content


def _digest(path: str) -> str:
    try:
        return digest(Path(path).read_bytes())
    except OSError:
        return ""
