"""Text that can say where each of its characters is, and the one door through which files come in."""

from __future__ import annotations

import bisect
import os
import re
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from pubkit.nearest import nearest


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source file; line and column count from 1, None where only the file is known."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        """Give `path:line:column`, as compilers and editors write it."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


@dataclass(frozen=True, kw_only=True)
class SourceText:
    """The text of one source file.

    `path` is what messages show: relative to the publication's folder, with forward slashes.
    Files that the text refers to are looked for in `base` inside `root`, and never outside `root`.
    """

    path: str
    text: str = field(repr=False)
    root: Path = Path()
    base: str = ""

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    @property
    def here(self) -> Location:
        """The file as a whole, for what has no better place."""
        return Location(self.path)

    def at(self, offset: int) -> Location:
        """The place of the character at `offset` (counted from 0)."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect.bisect_right(self._line_starts, offset)
        return Location(self.path, line, offset - self._line_starts[line - 1] + 1)

    def find(self, needle: str, nth: int = 0) -> Location:
        """The place of occurrence number `nth` of `needle`; the file as a whole where it is not found.

        A wrong line is worse than none, so nothing is guessed.
        """
        at = -1
        for _ in range(nth + 1):
            at = self.text.find(needle, at + 1) if needle else -1
            if at < 0:
                return self.here
        return self.at(at)


class SourceRefusedError(Exception):
    """A file that is not read; `code` and `facts` are those of the diagnostic to report."""

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the diagnostic's code and facts."""
        super().__init__(code)
        self.code = code
        self.facts = facts


def read_inside(root: Path, name: str, *, limit: int) -> bytes:
    """The bytes of the file `name` below the folder `root`, at most `limit` bytes.

    Raises SourceRefusedError for a path that leaves `root` (also through a symbolic link), for what is
    missing or not a regular file, and for a file over the limit.
    """
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or "\0" in name or name[1:2] == ":" or _climbs_out(parts):
        raise SourceRefusedError("path-outside", name=name)
    real_root = Path(os.path.realpath(root))
    real = Path(os.path.realpath(real_root / parts))
    if not real.is_relative_to(real_root):
        raise SourceRefusedError("path-outside", name=name)
    try:
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK)  # a named pipe must not hang the build
    except FileNotFoundError:
        raise SourceRefusedError("file-missing", name=name, suggestion=_suggestion(real_root, parts)) from None
    except OSError as error:
        raise SourceRefusedError("file-unreadable", name=name, reason=error.strerror or str(error)) from None
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceRefusedError("file-unreadable", name=name, reason="not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as stream:
            content = stream.read(limit + 1)
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise SourceRefusedError("file-too-large", name=name, limit=limit)
    return content


def _suggestion(root: Path, wanted: PurePosixPath) -> str:
    """What the writer of a path may have meant: a file of a like name in the same folder."""
    folder = Path(os.path.realpath(root / wanted.parent))
    names = sorted(path.name for path in folder.iterdir()) if folder.is_relative_to(root) and folder.is_dir() else []
    near = nearest(wanted.name, names, likeness=75)
    if near:
        return f"did you mean {near!r}?"
    return "check the spelling, upper and lower case, and the folder at which the path starts"


def _climbs_out(path: PurePosixPath) -> bool:
    depth = 0
    for part in path.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""The characters that no XML document may hold (XML 1.0, section 2.2)."""

Content = bytes | Path
"""What a file holds: its bytes, or the path of a file of pubkit's own that holds them, so that memory need not."""


def read_content(content: Content) -> bytes:
    """The bytes of a Content."""
    return content if isinstance(content, bytes) else content.read_bytes()


def decode(content: bytes) -> str:
    """The text of UTF-8 bytes: line ends made LF, a byte order mark dropped.

    Raises SourceRefusedError for bytes that are not UTF-8, for NUL and for other control characters
    that XML 1.0 section 2.2 forbids.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        raise SourceRefusedError(
            "encoding-invalid",
            line=before.count(b"\n") + 1,
            column=len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1,
            byte=f"0x{content[error.start]:02x}",
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
