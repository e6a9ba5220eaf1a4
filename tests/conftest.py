"""What all tests share: golden files, the cases that are folders, and a built sample."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

import pubkit
from pubkit.report import Report

# The same examples every time in CI; a slow machine is no failure anywhere.
settings.register_profile("pubkit", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("pubkit")

# No cache, but where a test is about it: what was done before must not stand in for what is tested.
os.environ["XDG_STATE_HOME"] = __file__  # a file, in which no folder can be made

TESTS = Path(__file__).parent
ROOT = TESTS.parent
READERS = TESTS / "readers"
SAMPLE = ROOT / "sources" / "littoral"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--save-golden", action="store_true", help="write the expected files anew; then read the diff")


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


class Golden:
    """Compares what was made with a file that a person has read."""

    def __init__(self, save: bool) -> None:
        self.save = save

    def check(self, expected: Path, found: str) -> None:
        if self.save:
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(found, encoding="utf-8")
        assert expected.exists(), f"{expected} is missing; pytest --save-golden writes it"
        assert found == expected.read_text(encoding="utf-8")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    return Golden(request.config.getoption("--save-golden"))


@pytest.fixture
def report() -> Report:
    return Report()


def folders(name: str) -> list[Path]:
    """The cases of a kind: the folders below tests/<name>/."""
    return sorted(path for path in (TESTS / name).iterdir() if path.is_dir() and not path.name.startswith("."))


def diagnostics(report: Report) -> str:
    """A report as text, a line a diagnostic."""
    return "".join(f"{found}\n" for found in report.sorted())


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> pubkit.Built:
    """The sample publication, built once a test process."""
    os.environ.pop("SOURCE_DATE_EPOCH", None)
    folder = tmp_path_factory.mktemp("sample")
    return pubkit.build(SAMPLE, outputs=[folder / "littoral.epub", folder / "littoral.pdf"])


def lacking(what: str) -> NoReturn:
    """Skip the test for want of reading software; fail it where .ci/run has just installed all of it."""
    reason = f"{what} is missing; this installs all reading software that the tests use: sh .ci/reader-tools"
    if os.environ.get("PUBKIT_READERS") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


def node(program: str, *arguments: object) -> Any:
    """What a program of tests/readers prints, as values; it finds Chromium through the environment."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not shutil.which("node"):
        lacking("Node.js")
    if not (READERS / "node_modules" / "puppeteer-core").is_dir():
        lacking("the npm packages of tests/readers")
    if not chromium:
        lacking("Chromium")
    own = {name: value for name, value in os.environ.items() if name != "XDG_STATE_HOME"}  # Ace keeps a log there
    done = subprocess.run(
        ["node", READERS / program, *map(str, arguments)],
        env={**own, "PUPPETEER_EXECUTABLE_PATH": chromium},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{program}: {done.stderr}"
    return json.loads(done.stdout)
