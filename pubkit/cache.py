"""Finished work kept on disk: what equal input gave before is not worked out again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER = ".pubkit"
LIMIT = 2 << 30  # bytes
RECENT = 3600.0  # seconds; what another build may just have found is not removed
_SIGNATURE = 32  # bytes

# What makes articles, pages and pictures; another version of one may make something else of the same input.
_ENGINES = (
    "babel",
    "cssselect2",
    "fonttools",
    "jinja2",
    "latex2mathml",
    "lxml",
    "markdown",
    "nh3",
    "pikepdf",
    "pillow",
    "pydyf",
    "pygments",
    "pymdown-extensions",
    "pyphen",
    "readability-lxml",
    "tinycss2",
    "uharfbuzz",
    "weasyprint",
    "ziamath",
)


class Missing:
    """What `Cache.find` gives where there is nothing."""


MISSING: Final = Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One piece of work: its kind ("layout"), what it is about ("harbour"), and digests of all that it depends on."""

    kind: str
    name: str
    parts: Mapping[str, str]

    @property
    def key(self) -> str:
        """A name for the work that changes with everything it depends on."""
        return digest(self.kind, *sorted(self.parts.items()), engines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a piece of work was come by: found (reason ""), or done, and why: "new", "text", "theme, images"."""

    kind: str
    name: str
    reason: str = ""


def digest(*values: object) -> str:
    """A digest of values that print in full: texts, numbers, bytes, tuples, mappings and frozen values of them."""
    whole = hashlib.blake2b(digest_size=20)
    for value in values:
        content = value if isinstance(value, bytes) else repr(value).encode("utf-8", "surrogatepass")
        whole.update(len(content).to_bytes(8, "big"))
        whole.update(content)
    return whole.hexdigest()


@cache
def engines() -> str:
    """A digest of pubkit's own files and of the versions of the packages that do its work."""
    package = Path(__file__).parent
    own = hashlib.blake2b(digest_size=20)
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".toml", ".icc", ".css", ".html") and path.is_file():
            own.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    installed = _installed()
    return digest(own.digest(), *(installed.get(name) or _version(name) for name in _ENGINES))


def _installed() -> dict[str, str]:
    """Versions by name, from the names of the folders that installers leave: "weasyprint-70.0.dist-info".

    That is where the name and the version stand by the PyPA's "Recording installed projects". To read all that is in
    those folders would be a tenth of a build that has nothing to do.
    """
    found: dict[str, str] = {}
    for folder in sys.path:
        with contextlib.suppress(OSError):
            for entry in os.listdir(folder):  # noqa: PTH208 (a Path for each entry takes longer than the list)
                if entry.endswith(".dist-info"):
                    name, _, version = entry.removesuffix(".dist-info").partition("-")
                    found.setdefault(name.lower().replace("_", "-"), version)
    return found


def _version(name: str) -> str:
    """The version of what is installed in another way."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@dataclass(slots=True)
class Cache:
    """A folder of finished work, safe for several builds at once; `done` tells what this build found in it.

    Entries are signed with a key of the user's own, so that a folder from a stranger brings no work of theirs: what
    was kept is read with pickle, which could otherwise run their code.
    """

    folder: Path
    signing_key: bytes = field(repr=False)
    done: list[Done] = field(default_factory=list)
    kept: bool = False

    @property
    def store(self) -> Path:
        """The folder for pictures made ready; their files are named after their SHA-256."""
        return self.folder / "images"

    def has(self, work: Work) -> bool:
        """Whether there seems to be a result."""
        return self._path(work).is_file()

    def find(self, work: Work, whole: Callable[[Any], bool] = lambda _value: True) -> Any:
        """The result that equal work gave before; MISSING where there is none that is this user's and `whole`."""
        path = self._path(work)
        try:
            content = path.read_bytes()
        except OSError:
            return MISSING
        if not secrets.compare_digest(self._signature(content[_SIGNATURE:], work), content[:_SIGNATURE]):
            return MISSING
        with contextlib.suppress(OSError):
            os.utime(path)  # the least used go first
        try:
            value = pickle.loads(content[_SIGNATURE:])  # noqa: S301 (signed by this user)
        except Exception:  # noqa: BLE001 (a class that another version had)
            return MISSING
        if not whole(value):
            return MISSING
        self.done.append(Done(kind=work.kind, name=work.name))
        return value

    def keep(self, work: Work, value: object) -> None:
        """Keep a result; where the disk does not take it, it is not kept."""
        self.done.append(Done(kind=work.kind, name=work.name, reason=self._reason(work)))
        content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        self.kept = True
        write_whole(self._path(work), self._signature(content, work) + content)
        write_whole(self._last(work), json.dumps(dict(work.parts)).encode())

    def _reason(self, work: Work) -> str:
        """What differs from the last work of this kind and name."""
        try:
            last = json.loads(self._last(work).read_bytes())
        except (OSError, ValueError):
            return "new"
        changed = [name for name, value in work.parts.items() if last.get(name) != value]
        return ", ".join(changed) or "another version of pubkit"

    def prune(self, limit: int = LIMIT) -> None:
        """Remove what was used least lately until the rest is smaller than the limit, in bytes."""
        if not self.kept:
            return
        files = sorted(_files(self.folder), key=lambda each: each[1])
        size = sum(each[2] for each in files)
        for path, used, bytes_ in files:
            if size <= limit or used > time.time() - RECENT:
                break
            path.unlink(missing_ok=True)
            size -= bytes_

    def _path(self, work: Work) -> Path:
        name = self._own(work.key)
        return self.folder / work.kind / name[:2] / name[2:]

    def _last(self, work: Work) -> Path:
        return self.folder / "last" / work.kind / self._own(work.name)

    def _own(self, name: str) -> str:
        """The name of this user's file: those of others are then not there, and not found to be no good one by one."""
        return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), key=self.signing_key, digest_size=20).hexdigest()

    def _signature(self, content: bytes, work: Work) -> bytes:
        keyed = hashlib.blake2b(key=self.signing_key, digest_size=_SIGNATURE)
        keyed.update(work.key.encode())
        keyed.update(content)
        return keyed.digest()


def _files(folder: Path) -> Iterator[tuple[Path, float, int]]:
    """Path, time of last use and size of every file below."""
    for parent, _, names in os.walk(folder):
        for name in names:
            path = Path(parent, name)
            with contextlib.suppress(OSError):  # another build may have removed it
                status = path.stat()
                yield path, status.st_mtime, status.st_size


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; where it cannot be written, nothing happens."""
    draft = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
        Path(draft).replace(path)
    except OSError:
        if draft:
            Path(draft).unlink(missing_ok=True)


def open_cache(folder: Path) -> Cache | None:
    """The cache of a publication's folder, in `.pubkit/cache`; None where files cannot be kept there."""
    key = _signing_key()
    home = folder / FOLDER
    place = home / "cache"
    try:
        if key is None or home.is_symlink() or place.is_symlink():  # not to be led out of the folder
            return None
        (place / "images").mkdir(parents=True, exist_ok=True)
        if not (home / ".gitignore").exists():
            (home / ".gitignore").write_text("*\n", encoding="utf-8")
            (place / "CACHEDIR.TAG").write_text("Signature: 8a477f597d28d172789f06886806bc55\n", encoding="utf-8")
    except OSError:
        return None
    return Cache(folder=place, signing_key=key)


def remove_cache(folder: Path) -> bool:
    """Remove the cache of a publication's folder; False where there was none."""
    home = folder / FOLDER
    if home.is_symlink() or not home.is_dir():
        return False
    shutil.rmtree(home)
    return True


def _signing_key() -> bytes | None:
    """The user's own key, made where there is none yet; None for a user without a home to keep it in."""
    state = os.environ.get("XDG_STATE_HOME")
    try:
        path = (Path(state) if state else Path.home() / ".local" / "state") / "pubkit" / "cache-key"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, draft = tempfile.mkstemp(prefix=".new-", dir=path.parent)  # readable by its owner alone
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(secrets.token_bytes(32))
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)  # of two that start at once, one key wins
            Path(draft).unlink()
        key = path.read_bytes()
    except (OSError, RuntimeError):
        return None
    return key if len(key) == _SIGNATURE else None
