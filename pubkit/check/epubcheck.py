"""EPUBCheck, the conformance checker of the W3C, run over finished EPUB files."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from pubkit.check.tools import ToolFailedError, find_epubcheck, find_java
from pubkit.report import Report
from pubkit.source import Location

SECONDS = 600.0  # a book of a thousand articles takes less than one minute

# A short run gains nothing from the optimising compiler, and a small heap nothing from the parallel collector.
_JVM = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true")
_CODES = {
    "FATAL": "epub-invalid",
    "ERROR": "epub-invalid",
    "WARNING": "epub-warning",
    "USAGE": "epub-usage",
    "INFO": "epub-usage",
}
_NO_PROBLEM = frozenset({"CSS-028"})  # "Use of Font-face declaration": it tells that there are fonts, nothing else


def check_epub(path: Path, report: Report, *, seconds: float = SECONDS) -> None:
    """Add what EPUBCheck says about the file at `path` to `report`, usage messages too.

    Raises ToolMissingError without Java or EPUBCheck, ToolFailedError where no verdict comes within
    `seconds`, and FileNotFoundError.
    """
    check_epubs([path], report, seconds=seconds)


def check_epubs(paths: Sequence[Path], report: Report, *, jobs: int = 0, seconds: float = SECONDS) -> None:
    """Check several files, `jobs` at once (0: one a processor); the report keeps their order. Raises as check_epub."""
    command = [find_java(), *_JVM, "-jar", str(find_epubcheck())]
    with ThreadPoolExecutor(max_workers=jobs or os.cpu_count() or 1) as threads:
        for path, verdict in zip(paths, threads.map(lambda path: _verdict(command, path, seconds), paths), strict=True):
            for code, at, facts in _findings(path, verdict):
                report.add(code, at, **facts)


def _verdict(command: Sequence[str], path: Path, seconds: float) -> Mapping[str, Any]:
    """What EPUBCheck writes about one file, from its JSON."""
    if not path.is_file():
        raise FileNotFoundError(path)
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        answer = Path(folder) / "verdict.json"
        words = [*command, str(path.resolve()), "--quiet", "--usage", "--locale", "en", "--json", str(answer)]
        try:
            done = subprocess.run(  # noqa: S603 - a list of words, no shell
                words, check=False, capture_output=True, stdin=subprocess.DEVNULL, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            raise ToolFailedError("EPUBCheck", f"it took longer than {seconds:g} seconds for {path}") from None
        except OSError as error:
            raise ToolFailedError("EPUBCheck", f"Java does not start: {error.strerror}") from error
        try:
            verdict = json.loads(answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
            raise ToolFailedError("EPUBCheck", f"exit status {done.returncode}: {said[0]}") from None
    if not isinstance(verdict, dict) or not isinstance(verdict.get("messages"), list):
        raise ToolFailedError("EPUBCheck", "its answer is not in the form of version 5")
    return verdict


def _findings(path: Path, verdict: Mapping[str, Any]) -> Iterator[tuple[str, Location, dict[str, str]]]:
    """Code, place and facts of every message, once for each of its places."""
    for message in verdict["messages"]:
        code = _CODES.get(message["severity"])
        if code is None or message["ID"] in _NO_PROBLEM:
            continue
        facts = {"id": message["ID"], "text": message["message"].strip().rstrip(".")}
        for place in message["locations"] or [{}]:
            yield code, _location(path, place), facts


def _location(path: Path, place: Mapping[str, Any]) -> Location:
    """`out/issue.epub/EPUB/text/one.xhtml:3:14`; EPUBCheck says -1 where it does not know."""
    inside, whole = str(place.get("path") or ""), path.as_posix()
    at = f"{whole}/{inside.lstrip('/')}" if inside and Path(inside).name != path.name else whole
    line, column = (number if (number := place.get(key, -1)) > 0 else None for key in ("line", "column"))
    return Location(at, line, column if line else None)
