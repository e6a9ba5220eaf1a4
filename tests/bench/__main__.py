"""`python -m tests.bench`: measure, print the tables, write docs/performance.md.

What was measured is kept in build/bench/figures.json, group by group, so that one group can be measured anew alone.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from . import peers, report
from .measure import Command, Run, busy_cores, in_turn

FOLDER = peers.ROOT / "build" / "bench"
FIGURES = FOLDER / "figures.json"
DOCUMENT = peers.ROOT / "docs" / "performance.md"
BUSY = 0.2  # processors: with more of them at other work, the figures say little


def main() -> None:
    """Measure the groups that are asked for, and write the report of all that are known."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--size",
        nargs="*",
        choices=peers.GROUPS,
        default=peers.GROUPS,
        help="what to measure; nothing: write the page only",
    )
    parser.add_argument("--times", type=int, default=3, help="runs of each command")
    parser.add_argument("--peers", nargs="*", choices=peers.PEERS, default=peers.PEERS, help="beside whom")
    parser.add_argument("--dry", action="store_true", help="write neither figures nor docs/performance.md")
    asked = parser.parse_args()
    groups = {} if asked.dry else _known()
    for name in asked.size:
        groups[name] = _measure(name, asked.times, asked.peers)
        if not asked.dry:
            FIGURES.write_text(json.dumps({each: asdict(group) for each, group in groups.items()}, indent=1))
    _say(report.console(groups))
    if not asked.dry:
        DOCUMENT.write_text(report.page(groups), encoding="utf-8")


def _measure(name: str, times: int, wanted: Sequence[str]) -> report.Group:
    others = busy_cores()
    if others > BUSY:
        _say(f"{name}: {others:.1f} processors are busy with other work; these figures will be too high\n")
    known = peers.tools()
    rows = [row for row, (groups, needs) in peers.ROWS.items() if name in groups and _is_wanted(needs, wanted)]
    why = {row: "not installed" for row in rows if not all(known[tool] for tool in peers.ROWS[row][1])}
    rows = [row for row in rows if row not in why]
    commands = _commands(name, rows)

    def tell(row: str, made: Run | str) -> None:
        if isinstance(made, str):
            why[row] = "failed"
        words = made if isinstance(made, str) else f"{made.wall:.2f} s, CPU {made.cpu:.2f} s, {made.memory:.0f} MB"
        _say(f"{name}: {row}: {words}\n")

    runs = in_turn(commands, times, tell)
    stages = _stages(times) if name == "M" else {}
    date = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    return report.Group(date=date, times=times, others=others, runs=runs, why=why, stages=stages)


def _is_wanted(needs: Sequence[str], wanted: Sequence[str]) -> bool:
    return all(tool in wanted for tool in needs if tool in peers.PEERS)


def _commands(name: str, rows: Sequence[str]) -> list[Command]:
    pages = {"150": [peers.FEW_PAGES], "1500": [peers.MANY_PAGES]}
    sizes = pages if name == "pages" else {name: list(rows)}
    return [
        command
        for size, each in sizes.items()
        for command in peers.commands(peers.make_site(FOLDER / size, size, each), each)
    ]


def _stages(times: int) -> dict[str, float]:
    """Medians of the seconds of each stage of M."""
    command = [sys.executable, "-m", "tests.bench.stages", str(FOLDER / "M" / "sources")]
    made = [json.loads(subprocess.check_output(command, cwd=peers.ROOT)) for _ in range(times)]
    return {stage: median(each[stage] for each in made) for stage in made[0]}


def _known() -> dict[str, report.Group]:
    """The groups that were measured before, in the order of the report."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not FIGURES.is_file():
        return {}
    return {name: _group(group) for name, group in json.loads(FIGURES.read_text(encoding="utf-8")).items()}


def _group(group: Mapping[str, Any]) -> report.Group:
    runs = {row: Run(**run) if run else None for row, run in group["runs"].items()}
    return report.Group(**{**group, "runs": runs})


def _say(words: str) -> None:
    sys.stdout.write(words)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
