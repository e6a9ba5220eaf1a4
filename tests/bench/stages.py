"""Where the time of a build goes: seconds of wall time by stage, one worker process, no cache; printed as JSON."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pubkit
from pubkit.report import Report

JOBS = 1


def seconds_of(source: Path) -> dict[str, float]:
    """Build both formats of a folder, stage by stage. Raises ValueError where that fails."""
    seconds: dict[str, float] = defaultdict(float)
    lap = _lap(seconds)
    report = Report()
    with tempfile.TemporaryDirectory() as store:
        publication = pubkit.read(source, report, jobs=JOBS)
        lap("read", 1, 1)
        publication = pubkit.resolve(publication, report, jobs=JOBS, store=Path(store))
        lap("resolve", 1, 1)
        theme = pubkit.load_theme(publication.theme, report)
        if theme is None:
            raise ValueError("\n".join(map(str, report.sorted())))
        edition = pubkit.typeset(publication, theme, report, jobs=JOBS)
        lap("typeset", 1, 1)
        with tempfile.TemporaryFile() as stream:
            page_map = pubkit.write_pdf(edition, stream, report, jobs=JOBS, progress=lap)
        with tempfile.TemporaryFile() as stream:
            pubkit.write_epub(edition, stream, page_map=page_map, jobs=JOBS)
        lap("epub", 1, 1)
    if not report.ok:
        raise ValueError("\n".join(map(str, report.sorted())))
    return dict(seconds)


def _lap(seconds: dict[str, float]) -> Callable[[str, int, int], None]:
    """A function that books the time since it was last called on a stage; the writers tell what they have done."""
    since = time.perf_counter()

    def lap(stage: str, _done: int, _total: int) -> None:
        nonlocal since
        now = time.perf_counter()
        seconds[stage] += now - since
        since = now

    return lap


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seconds_of(Path(sys.argv[1]))))
