"""Wall time, CPU time and memory of a command and of all processes below it."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pikepdf

SECONDS = 3600.0  # after which a command is killed
_PR_SET_CHILD_SUBREAPER = 36  # prctl(2)


class FailedError(Exception):
    """A command that failed, with the end of what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds of wall and of CPU time, the largest memory of the process tree in MB (PSS), pages of a PDF."""

    wall: float
    cpu: float
    memory: float
    pages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What is timed, and the file that it writes; `before` makes the state that it starts from and is not timed."""

    name: str
    arguments: Sequence[str | Path]
    folder: Path
    output: Path
    before: Callable[[], None] = lambda: None
    environment: Mapping[str, str] | None = None


def run(command: Command) -> Run:
    """Run a command once. Raises FailedError where it fails, takes SECONDS, or writes nothing."""
    command.before()
    # Browsers leave processes behind whose time nobody counts: they become children of this one.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        [*command.arguments],
        cwd=command.folder,
        env={**os.environ, **(command.environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    peak = _Peak(os.getpid())
    try:
        said, _ = process.communicate(timeout=SECONDS)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)  # its session is its own, so this is the command and what it started
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise FailedError(f"{command.name}: not done after {SECONDS:.0f} seconds") from error
        raise
    finally:
        wall = time.perf_counter() - start
        memory = peak.stop()
        _collect_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode or not command.output.is_file():
        raise FailedError(f"{command.name}: exit status {process.returncode}\n{said.decode(errors='replace')[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall=wall, cpu=cpu, memory=memory, pages=_pages(command.output))


def busy_cores(seconds: float = 5.0) -> float:
    """How many processors are at work on average, while this process waits: 0 on an idle machine."""
    before = _ticks()
    time.sleep(seconds)
    return (_ticks() - before) / os.sysconf("SC_CLK_TCK") / seconds


def in_turn(commands: Sequence[Command], times: int, tell: Callable[[str, Run | str], None]) -> dict[str, Run | None]:
    """The medians of several runs of each command, in turn (A B A B), so that a slow minute slows all alike.

    The memory is the largest of all runs. `tell` hears every run, or why there is none: None stands for a command
    that failed, and it is not run again.
    """
    runs: dict[str, list[Run]] = {command.name: [] for command in commands}
    failed: set[str] = set()
    for _ in range(times):
        for command in commands:
            if command.name in failed:
                continue
            try:
                made = run(command)
            except FailedError as error:
                failed.add(command.name)
                tell(command.name, str(error))
            else:
                runs[command.name].append(made)
                tell(command.name, made)
    return {name: None if name in failed else _median(made) for name, made in runs.items()}


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        wall=median(each.wall for each in runs),
        cpu=median(each.cpu for each in runs),
        memory=max(each.memory for each in runs),
        pages=runs[-1].pages,
    )


def _collect_orphans() -> None:
    """Take note of what has ended of the processes that a command left behind; give the rest five seconds."""
    with contextlib.suppress(ChildProcessError):  # there is none left
        for _ in range(50):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
            time.sleep(0.1)


def _ticks() -> int:
    """Clock ticks that all processors have worked: user, nice, system, irq, softirq and steal of proc(5)."""
    fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]
    return sum(int(fields[position]) for position in (0, 1, 2, 5, 6, 7))


def _pages(output: Path) -> int:
    if output.suffix != ".pdf":
        return 0
    with pikepdf.open(output) as pdf:
        return len(pdf.pages)


class _Peak:
    """Looks at the memory of all processes below one ten times a second, or in a fiftieth of the time.

    A look takes the longer the more processes there are and the larger they are, and they wait for it.
    """

    def __init__(self, pid: int) -> None:
        self._pid, self._most, self._over = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        pause = 0.1
        while not self._over.wait(pause):
            start = time.perf_counter()
            self._most = max(self._most, sum(_memory(pid) for pid in _tree(self._pid)))
            pause = max(0.1, 50 * (time.perf_counter() - start))

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._most


def _tree(pid: int) -> list[int]:
    """The processes below one."""
    found = [pid]
    for each in found:
        try:
            tasks = list(Path(f"/proc/{each}/task").iterdir())
        except OSError:
            continue
        for task in tasks:  # a process belongs to the thread that started it
            with contextlib.suppress(OSError):
                found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return found[1:]


def _memory(pid: int) -> float:
    """MB, memory that is shared counted by its share."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
