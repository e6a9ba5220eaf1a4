"""Worker processes with limits: work on somebody's bytes is done here, and killed when it takes too much."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pebble import ProcessExpired, ProcessPool

MEGABYTES = 4096  # of address space that a worker may take

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A job that gave no result: it ran out of time or memory, or its process died."""

    cause: Literal["time", "memory", "died"]
    detail: str = ""


def run_jobs(
    function: Callable[..., Result],
    arguments: Sequence[tuple[Any, ...]],
    *,
    jobs: int,
    seconds: float,
    prepare: Callable[..., None] | None = None,
    prepare_with: tuple[Any, ...] = (),
) -> Iterator[Result | Failure]:
    """Call `function(*arguments[i])` for every i; results come in order, a Failure for what was killed.

    `jobs` processes run at once, each call at most `seconds` of wall time and MEGABYTES of memory.
    `prepare(*prepare_with)` runs once in each process first. With `jobs=0` everything runs in this
    process, without limits: for tests and debuggers. Exceptions of `function` are raised here.
    """
    if not arguments:
        return
    if jobs == 0:
        if prepare:
            prepare(*prepare_with)
        for each in arguments:
            yield function(*each)
        return
    # A fork of this process needs no imports of its own; elsewhere than on Linux it is not safe.
    method = "fork" if sys.platform == "linux" else "spawn"
    with ProcessPool(
        max_workers=max(1, min(jobs, len(arguments))),
        initializer=_start,
        initargs=(prepare, prepare_with),
        context=multiprocessing.get_context(method),
    ) as pool:
        futures = [pool.schedule(function, args=list(each), timeout=seconds) for each in arguments]
        try:
            for future in futures:
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
