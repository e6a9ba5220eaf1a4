"""docs/performance.md: the figures of the last runs in the words of performance.md, which a person wrote."""

from __future__ import annotations

import math
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import peers
from .corpus import SIZES
from .measure import Run

MEMORY = 600.0  # MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What was measured together: medians by row, None for what is not installed or failed; and stages, in seconds."""

    date: str
    times: int
    others: float  # processors that were busy with other work just before
    runs: Mapping[str, Run | None]
    why: Mapping[str, str]  # of what was not measured
    stages: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A ratio that must be reached: of a row to another row of its group."""

    work: str
    against: str
    group: str
    row: str
    other: str = ""
    measure: Literal["wall", "cpu", "speed", "memory"] = "wall"
    limit: float

    @property
    def least(self) -> bool:
        """Whether more is better."""
        return self.measure == "speed"


def _beside_peers() -> Iterator[Target]:
    for size in ("M", "L"):
        for other in (peers.ONE, peers.PANDOC_WEASYPRINT):
            yield Target(
                work=f"PDF, {size}, cold, `-j 2`",
                against=f"{other} (wall)",
                group=size,
                row=peers.COLD,
                other=other,
                limit=0.40,
            )


TARGETS = (
    *_beside_peers(),
    Target(
        work="PDF, M, cold, `-j 1`",
        against=f"{peers.ONE} (CPU)",
        group="M",
        row=peers.COLD_ONE,
        other=peers.ONE,
        measure="cpu",
        limit=0.65,
    ),
    Target(
        work="PDF, M, one article edited",
        against=f"{peers.ONE}, cold (wall)",
        group="M",
        row=peers.EDITED,
        other=peers.ONE,
        limit=0.07,
    ),
    Target(
        work="PDF, XL, one article edited",
        against="its own cold build (wall)",
        group="XL",
        row=peers.EDITED,
        other=peers.COLD,
        limit=0.03,
    ),
    Target(
        work="PDF, M, nothing changed",
        against="its own cold build (wall)",
        group="M",
        row=peers.UNCHANGED,
        other=peers.COLD,
        limit=0.02,
    ),
    Target(
        work="tagged PDF/UA, M",
        against="the same without tags (CPU)",
        group="M",
        row=peers.TAGGED,
        other=peers.UNTAGGED,
        measure="cpu",
        limit=1.25,
    ),
    *(
        Target(
            work=f"EPUB, {size}, cold, `-j 2`",
            against="Pandoc to EPUB (wall)",
            group=size,
            row=peers.EPUB,
            other=peers.PANDOC_EPUB,
            limit=1.0,
        )
        for size in ("M", "L")
    ),
    Target(
        work="pages a second, 1,500 pages",
        against="the same, 150 pages",
        group="pages",
        row=peers.MANY_PAGES,
        other=peers.FEW_PAGES,
        measure="speed",
        limit=0.9,
    ),
    Target(
        work="memory of 1,000 articles, both formats, `-j 2`",
        against=f"{MEMORY:.0f} MB",
        group="XL",
        row=peers.BOTH,
        measure="memory",
        limit=1.0,
    ),
)
_PAGE = Path(__file__).parent / "performance.md"  # what a person wrote; the figures take their places in it


def page(groups: Mapping[str, Group]) -> str:
    """The whole page in Markdown."""
    return _PAGE.read_text(encoding="utf-8").format(
        targets=_targets(groups),
        sizes="; ".join(_size(name) for name in ("S", "M", "L", "XL")),
        stages=_stages(groups),
        figures="\n\n".join(_figures(name, groups[name]) for name in peers.GROUPS if name in groups),
        machine=_machine(),
    )


def console(groups: Mapping[str, Group]) -> str:
    """The figures and the targets, for whoever watches."""
    figures = "\n\n".join(_figures(name, groups[name]) for name in peers.GROUPS if name in groups)
    return f"{figures}\n\n{_targets(groups)}\n"


def _targets(groups: Mapping[str, Group]) -> str:
    lines = []
    for target in TARGETS:
        sign = "≥" if target.least else "≤"
        limit = f"{MEMORY:.0f} MB" if target.measure == "memory" else f"{target.limit:.2f}"
        value = _value(target, groups)
        if value is None:
            found, verdict = "", "not measured"
        else:
            found = f"{value * MEMORY:.0f} MB" if target.measure == "memory" else f"{value:.3f}"
            verdict = "met" if (value >= target.limit if target.least else value <= target.limit) else "**missed**"
        lines.append([target.work, target.against, f"{sign} {limit}", found, verdict])
    return _table(["work", "against", "target", "measured", ""], lines, words=2)


def _value(target: Target, groups: Mapping[str, Group]) -> float | None:
    runs = groups[target.group].runs if target.group in groups else {}
    run, other = runs.get(target.row), runs.get(target.other)
    if target.measure == "memory":
        return run.memory / MEMORY if run else None
    if not run or not other:
        return None
    if target.measure == "cpu":
        return run.cpu / other.cpu
    if target.measure == "speed":
        return (run.pages / run.wall) / (other.pages / other.wall)
    return run.wall / other.wall


def _figures(name: str, group: Group) -> str:
    """The table of a group; rows that were not measured say why."""
    lines = []
    for row in peers.ROWS:
        run = group.runs.get(row)
        if run:
            base = group.runs.get(_base(row, group))
            ratio = f"{run.wall / base.wall:.2f}" if base else ""
            pages = f"{run.pages:,}" if run.pages else ""
            lines.append([row, _seconds(run.wall), _seconds(run.cpu), f"{run.memory:,.0f}", pages, ratio])
        elif row in group.why:
            lines.append([row, group.why[row], "", "", "", ""])
    title = "Few and many pages" if name == "pages" else _size(name)
    facts = f"runs of each: {group.times}, processors busy with other work before: {group.others:.1f}"
    table = _table(["", "wall s", "CPU s", "peak MB", "pages", "ratio"], lines)
    return f"### {title}\n\n{group.date}, {facts}.\n\n{table}"


def _base(row: str, group: Group) -> str:
    if row in (peers.EPUB, peers.PANDOC_EPUB):
        return peers.PANDOC_EPUB
    known = (peers.ONE, peers.COLD, peers.FEW_PAGES)
    return next((each for each in known if group.runs.get(each)), "")


def _stages(groups: Mapping[str, Group]) -> str:
    stages = groups["M"].stages if "M" in groups else {}
    if not stages:
        return ""
    whole = sum(stages.values())
    lines = [
        [stage, f"{seconds:.2f}", f"{seconds / whole:.0%}"] for stage, seconds in stages.items() if seconds >= 0.005
    ]
    return f"M, both formats, `-j 1`, cold, stage by stage:\n\n{_table(['stage', 'wall s', 'of all'], lines)}"


def _size(name: str) -> str:
    size = SIZES[name]
    articles = f"{size.articles:,} article{'s' if size.articles > 1 else ''}"
    return f"{name}: {articles} of {size.words:,} words{' each' if size.articles > 1 else ''}"


def _seconds(value: float) -> str:
    return f"{value:.{max(0, 2 - int(math.log10(max(value, 1))))}f}"


def _table(head: Sequence[str], lines: Sequence[Sequence[str]], *, words: int = 1) -> str:
    """A Markdown table whose first columns have words; the others have figures."""
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def _machine() -> str:
    cpu = _line("/proc/cpuinfo", "model name")
    memory = int(_line("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)
    cores = len(os.sched_getaffinity(0))
    lines = [
        f"- {cpu}, {cores} cores, {memory:.0f} GB of memory; {platform.system()} {platform.release().split('-')[0]}",
        f"- Python {platform.python_version()}",
        *(f"- {name} {version or 'not installed'}" for name, version in peers.tools().items()),
    ]
    return "\n".join(lines)


def _line(path: str, name: str) -> str:
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if line.startswith(name):
            return line.partition(":")[2].strip()
    return "?"
