import os
import subprocess
import sys
import time

import pytest

from pubkit import workers
from pubkit.workers import Failure, run_jobs

STATE: list[int] = []


def double(number: int) -> int:
    return number * 2


def slow_first(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)
    return number


def sleep_for_ever() -> None:
    time.sleep(3600)


def take(size: int) -> int:
    return len(bytearray(size))


def die(status: int) -> None:
    os._exit(status)


def fail(words: str) -> None:
    raise LookupError(words)


def do(what: str) -> str:
    if what == "sleep":
        sleep_for_ever()
    if what == "die":
        die(7)
    return what


def now(what: str) -> float:
    do(what)
    return time.monotonic()


def remember(number: int) -> None:
    STATE.append(number)


def recall() -> tuple[int, list[int]]:
    return os.getpid(), STATE[:]


@pytest.mark.parametrize("jobs", [0, 1, 2])
def test_results_keep_the_order_of_the_calls(jobs: int) -> None:
    assert list(run_jobs(slow_first, [(0,), (1,), (2,), (3,)], jobs=jobs, seconds=20)) == [0, 1, 2, 3]


@pytest.mark.parametrize("jobs", [0, 2])
def test_no_calls_no_results(jobs: int) -> None:
    assert list(run_jobs(double, [], jobs=jobs, seconds=20)) == []


def test_what_takes_too_long_or_dies_is_a_failure_and_the_rest_goes_on() -> None:
    found = list(run_jobs(do, [("a",), ("sleep",), ("b",), ("die",), ("c",)], jobs=1, seconds=1.5))
    assert found == [
        "a",
        Failure(cause="time", detail="1.5 seconds"),
        "b",
        Failure(cause="died", detail="exit status 7"),
        "c",
    ]


def test_what_takes_too_much_memory_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MEGABYTES", 2048)
    found = list(run_jobs(take, [(10,), (3 << 30,), (20,)], jobs=1, seconds=20))
    assert found == [10, Failure(cause="memory", detail="2048 MB"), 20]


@pytest.mark.parametrize("jobs", [0, 1])
def test_exceptions_of_the_function_come_back(jobs: int) -> None:
    with pytest.raises(LookupError, match="nothing here"):
        list(run_jobs(fail, [("nothing here",)], jobs=jobs, seconds=20))


def test_zero_jobs_work_in_this_process() -> None:
    STATE.clear()
    found = list(run_jobs(recall, [()], jobs=0, seconds=20, prepare=remember, prepare_with=(3,)))
    assert found == [(os.getpid(), [3])]
    STATE.clear()


def test_each_process_is_prepared_once() -> None:
    STATE.clear()
    found = list(run_jobs(recall, [(), (), ()], jobs=1, seconds=20, prepare=remember, prepare_with=(5,)))
    assert {tuple(state) for _, state in found if not isinstance(state, Failure)} == {(5,)}
    assert os.getpid() not in {pid for pid, _ in found}
    expected = [5] if sys.platform == "linux" else []
    assert expected == STATE  # forks find done what was done here
    STATE.clear()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are not forks, and share no clock")
def test_meanwhile_others_work_and_no_process_is_forked() -> None:
    times: list[float] = []

    def meanwhile() -> None:
        times.append(time.monotonic())
        time.sleep(0.8)
        times.append(time.monotonic())

    first, died, last = run_jobs(now, [("a",), ("die",), ("b",)], jobs=1, seconds=20, meanwhile=meanwhile)
    began, ended = times
    assert isinstance(first, float)
    assert began - 0.5 < first < ended
    assert died == Failure(cause="died", detail="exit status 7")
    assert isinstance(last, float)
    assert last > ended  # in a process of its own


def test_without_others_there_is_no_meanwhile() -> None:
    assert list(run_jobs(double, [(1,)], jobs=0, seconds=20, meanwhile=sleep_for_ever)) == [2]
    assert list(run_jobs(double, [], jobs=1, seconds=20, meanwhile=sleep_for_ever)) == []


def test_who_stops_asking_does_not_wait_for_the_rest() -> None:
    started = time.monotonic()
    results = run_jobs(do, [("a",), ("sleep",)], jobs=1, seconds=60)
    assert next(results) == "a"
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 20


def test_a_lower_limit_of_the_machine_is_respected() -> None:
    code = "from pubkit.workers import run_jobs; print(list(run_jobs(abs, [(-3,)], jobs=1, seconds=20)))"
    command = f'ulimit -v 3000000; exec "{sys.executable}" -c "{code}"'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[3]\n"
