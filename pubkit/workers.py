"""Worker processes with limits: work on somebody's bytes is done here, and killed when it takes too much."""

from __future__ import annotations

import gc
import itertools
import multiprocessing
import os
import pickle
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from pubkit.cache import MISSING, Cache, Missing, Work

MEGABYTES = 4096  # of address space that a worker may take
_TICK = 0.01  # seconds until a pool sees what has happened; pebble's own 0.1 is lost at the end of each stage

Result = TypeVar("Result")
Jobs = int | Executor
"""How many worker processes, 0 for none; or the caller's own executor, of processes."""

Progress = Callable[[str, int, int], None]
"""Called with a stage ("read", "resolve", "typeset", "epub", "layout", …), how much of it is done, and of how much.

With "pages" it is told how many pages are laid out; of how many nobody knows yet: 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A job that gave no result: it ran out of time or memory, or its process died."""

    cause: Literal["time", "memory", "died"]
    detail: str = ""


def run_jobs(
    function: Callable[..., Result],
    arguments: Sequence[tuple[Any, ...]],
    *,
    jobs: Jobs,
    seconds: float,
    prepare: Callable[..., None] | None = None,
    prepare_with: tuple[Any, ...] = (),
    cache: Cache | None = None,
    works: Sequence[Work] = (),
    keeps: type = object,
    whole: Callable[[Any], bool] = lambda _result: True,
    meanwhile: Callable[[], None] | None = None,
) -> Iterator[Result | Failure]:
    """Call `function(*arguments[i])` for every i; results come in order, a Failure for what was killed.

    `jobs` processes run at once, each call at most `seconds` of wall time and MEGABYTES of memory.
    `prepare(*prepare_with)` runs first in each process; where processes are forks, it runs in this one, and they find
    it done. `meanwhile` is called in this one as soon as the others are at work; not where there are none, or nothing
    is to be done. With `jobs=0` everything runs in this process, without limits: for tests and debuggers. An executor
    takes the calls as they are; it is waited for as long, but pubkit cannot kill its processes. Exceptions of
    `function` are raised here.

    With a `cache`, `works` says what each call depends on: a result that is there, and is `whole`, is not worked out
    again, and a new one is kept where it is of the type `keeps`.
    """
    run = _runner(function, jobs=jobs, seconds=seconds, prepare=prepare, prepare_with=prepare_with, meanwhile=meanwhile)
    if cache is None:
        yield from run(arguments)
        return
    there = [cache.has(work) for work in works]
    fresh = run([each for each, known in zip(arguments, there, strict=True) if not known])
    for each, known, work in zip(arguments, there, works, strict=True):
        found = cache.find(work, whole) if known else MISSING
        if not isinstance(found, Missing):
            yield found
            continue
        result = next(run([each])) if known else next(fresh)
        if isinstance(result, keeps) and not isinstance(result, Failure):
            cache.keep(work, result)
        yield result


def _runner(
    function: Callable[..., Result],
    *,
    jobs: Jobs,
    seconds: float,
    prepare: Callable[..., None] | None,
    prepare_with: tuple[Any, ...],
    meanwhile: Callable[[], None] | None,
) -> Callable[[Sequence[tuple[Any, ...]]], Iterator[Result | Failure]]:
    def run(arguments: Sequence[tuple[Any, ...]]) -> Iterator[Result | Failure]:
        if not arguments:
            return
        if isinstance(jobs, Executor):
            yield from _on_executor(jobs, function, arguments, seconds, prepare, prepare_with)
        elif jobs == 0:
            if prepare:
                prepare(*prepare_with)
            for each in arguments:
                yield function(*each)
        else:
            yield from _in_pool(jobs, function, arguments, seconds, prepare, prepare_with, meanwhile)

    return run


def _in_pool(
    jobs: int,
    function: Callable[..., Result],
    arguments: Sequence[tuple[Any, ...]],
    seconds: float,
    prepare: Callable[..., None] | None,
    prepare_with: tuple[Any, ...],
    meanwhile: Callable[[], None] | None,
) -> Iterator[Result | Failure]:
    from pebble import ProcessExpired, ProcessPool
    from pebble.common.types import CONSTS

    CONSTS.sleep_unit = _TICK
    # A fork of this process needs no imports of its own; elsewhere than on Linux it is not safe.
    method = "fork" if sys.platform == "linux" else "spawn"
    if method == "fork" and prepare:  # once for all: forks find it done
        prepare(*prepare_with)
    with ProcessPool(
        max_workers=max(1, min(jobs, len(arguments))),
        max_tasks=1 if 1 < len(arguments) <= jobs else 0,  # none keeps its memory while the others are still at work
        initializer=_start,
        initargs=(None if method == "fork" else prepare, prepare_with),
        context=multiprocessing.get_context(method),
    ) as pool:
        futures = deque(pool.schedule(function, args=list(each), timeout=seconds) for each in arguments)
        try:
            if meanwhile:
                with _no_forks:
                    meanwhile()
            while futures:
                future = futures.popleft()  # a result that is given is not kept here, too
                try:
                    yield future.result()
                except FutureTimeoutError:
                    yield Failure(cause="time", detail=f"{seconds:g} seconds")
                except MemoryError:
                    yield Failure(cause="memory", detail=f"{MEGABYTES} MB")
                except ProcessExpired as error:
                    yield Failure(cause="died", detail=f"exit status {error.exitcode}")
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]  # the caller has gone or been interrupted: nobody waits for the rest
            raise


# A worker in place of one that died is a fork made by a thread of the pool. Made in the middle of an import, it could
# wait for ever for a module that nobody there goes on to load; so such a fork waits.
_no_forks = threading.RLock()
if sys.platform != "win32":
    os.register_at_fork(before=_no_forks.acquire, after_in_parent=_no_forks.release, after_in_child=_no_forks.release)

_runs = itertools.count()
_prepared: list[str] = []  # the run that this process of an executor was last prepared for


def _on_executor(
    executor: Executor,
    function: Callable[..., Result],
    arguments: Sequence[tuple[Any, ...]],
    seconds: float,
    prepare: Callable[..., None] | None,
    prepare_with: tuple[Any, ...],
) -> Iterator[Result | Failure]:
    # What prepares a process is large, fonts and all: it travels once, as a file, and not with every call.
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        setup = Path(folder, f"{os.getpid()}-{next(_runs)}")
        setup.write_bytes(pickle.dumps((prepare, prepare_with)))
        futures = [executor.submit(_prepared_call, str(setup), function, each) for each in arguments]
        try:
            for future in futures:
                try:
                    yield future.result(timeout=seconds)
                except FutureTimeoutError:
                    yield Failure(cause="time", detail=f"{seconds:g} seconds")
                except MemoryError:
                    yield Failure(cause="memory", detail="what the executor's process may take")
                except BrokenExecutor as error:
                    yield Failure(cause="died", detail=str(error))
        finally:
            for future in futures:
                future.cancel()


def _prepared_call(setup: str, function: Callable[..., Result], arguments: tuple[Any, ...]) -> Result:
    if _prepared != [setup]:
        prepare, prepare_with = pickle.loads(Path(setup).read_bytes())  # noqa: S301 (written by this run)
        if prepare:
            prepare(*prepare_with)
        _prepared[:] = [setup]
    return function(*arguments)


def _start(prepare: Callable[..., None] | None, prepare_with: tuple[Any, ...]) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        pass
    else:
        # The hard limit is the machine's (ulimit -v, a batch system); nobody but root may raise it.
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = MEGABYTES << 20
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    if prepare:
        prepare(*prepare_with)
    gc.freeze()  # what is there now stays to the end: nothing the collector need look through after every job
