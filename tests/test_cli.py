import gc
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from publications import MANIFEST, png, publication, write
from typer.testing import CliRunner

from pubkit import cli
from pubkit.codes import CODES
from pubkit.stages import read as read_stage
from pubkit.theme import theme_names
from pubkit.version import __version__

ONE: dict[str, str | bytes] = {"a.md": "# A\n\nText.\n"}
WARNED: dict[str, str | bytes] = {"a.md": "# A\n\nText.<script>x</script>\n"}
BROKEN: dict[str, str | bytes] = {"a.md": "# A\n\n[link](nowhere.md)\n\n<script>x</script>\n"}
COMMAND = Path(sys.executable).with_name("pubkit")


@dataclass(frozen=True)
class Done:
    status: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run the command line in this process, through the same door as the command."""
    before = signal.getsignal(signal.SIGTERM)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "PUBKIT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["pubkit", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        shown = capsys.readouterr()
        status = left.value.code
        return Done(int(status) if isinstance(status, int) else 0, shown.out, shown.err)

    yield call
    signal.signal(signal.SIGTERM, before)
    gc.unfreeze()  # the command freezes what is there when it ends; the tests go on


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


# The command itself


def test_the_command_builds(tmp_path: Path) -> None:
    folder = publication(tmp_path / "issue", WARNED)
    done = subprocess.run(
        [COMMAND, "build", "issue", "-f", "epub", "-j", "0"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "issue/build/issue.epub\n")
    lines = done.stderr.splitlines()
    assert lines[:4] == ["pubkit: read", "pubkit: resolve", "pubkit: typeset", "pubkit: epub"]
    assert lines[4].startswith("a.md:3:6: warning [markup-removed] ")
    assert lines[5:] == ["pubkit: 1 warning"]
    assert (folder / "build/issue.epub").exists()


def test_help_and_version_load_nothing_slow() -> None:
    code = (
        "import sys; from pubkit.cli import app\n"
        "for word in ('--version', '--help'):\n"
        "    try: app([word])\n"
        "    except SystemExit as left: assert not left.code\n"
        "slow = {'weasyprint', 'pydantic', 'markdown', 'lxml', 'jinja2', 'babel', 'PIL', 'pikepdf', 'ebooklib'}\n"
        "print('loaded:', sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"pubkit {__version__}\n")
    assert done.stdout.endswith("loaded: []\n")


def test_rules_for_editions_load_nothing_that_reads_finished_files() -> None:
    code = "import sys, pubkit.check.print_rules; print([name for name in sys.modules if 'pdf.inspection' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_python_m_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "pubkit", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"pubkit {__version__}\n"


def test_no_words_show_the_help() -> None:
    found = CliRunner().invoke(cli.app, [])
    assert "Usage" in found.output
    for command in ("build", "check", "credits", "explain", "schema", "themes"):
        assert command in found.output


# Building


def test_stdout_has_the_paths_and_nothing_else(run: Run, tmp_path: Path) -> None:
    folder = publication(tmp_path, WARNED)
    done = run("build", folder, "-j", "0", "-o", tmp_path / "x.epub", "-o", tmp_path / "y.epub")
    assert (done.status, done.stdout) == (0, f"{tmp_path}/x.epub\n{tmp_path}/y.epub\n")
    assert "[markup-removed]" in done.stderr


def test_the_folder_where_one_stands_is_built(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(publication(tmp_path / "issue", ONE))
    assert run("build", "-f", "epub", "-j", "0").stdout == "build/issue.epub\n"
    assert run("build", "pubkit.yaml", "-f", "epub", "-j", "0").stdout == "build/issue.epub\n"
    assert run("build", "a.md", "-f", "epub", "-j", "0").stdout == "build/a.epub\n"


def test_errors_come_with_hints_and_status_1(run: Run, tmp_path: Path) -> None:
    done = run("build", publication(tmp_path, BROKEN), "-f", "epub", "-j", "0")
    assert (done.status, done.stdout) == (1, "")
    assert "a.md:3:8: error [link-broken] nothing in this publication answers to 'nowhere.md'\n  hint: " in done.stderr
    assert "a.md:5:1: warning [markup-removed]" in done.stderr
    assert done.stderr.endswith("pubkit: 1 error, 1 warning\n")
    assert files(tmp_path) == {"a.md", "pubkit.yaml"}


def test_quiet_prints_errors_only(run: Run, tmp_path: Path) -> None:
    done = run("build", publication(tmp_path / "x", WARNED), "-q", "-f", "epub", "-j", "0")
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout
    done = run("build", publication(tmp_path / "y", BROKEN), "-q", "-f", "epub", "-j", "0")
    assert [line.partition(" [")[0] for line in done.stderr.splitlines()][:1] == ["a.md:3:8: error"]
    assert "warning [" not in done.stderr


def test_verbose_prints_infos_and_all_hints(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path, {"pubkit.yaml": "title: x\ndate: 2026\n", **WARNED})
    quiet = run("build", folder, "-f", "epub", "-j", "0").stderr
    assert "info" not in quiet
    assert "hint" not in quiet
    full = run("build", folder, "-v", "-f", "epub", "-j", "0").stderr
    assert "info [identifier-derived]" in full
    assert full.count("  hint: ") == 2


def test_strict_lets_warnings_stop_the_output(run: Run, tmp_path: Path) -> None:
    done = run("build", publication(tmp_path, WARNED), "--strict", "-f", "epub", "-j", "0")
    assert (done.status, done.stdout) == (1, "")
    assert "nothing was written, because --strict counts warnings as errors" in done.stderr
    assert run("check", tmp_path, "--strict", "-j", "0").status == 1
    assert run("check", tmp_path, "-j", "0").status == 0


def test_a_limit_has_its_own_status(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_stage, "SECONDS", 1.5)
    folder = publication(tmp_path, {"a.md": "[" * 100_000, "b.md": "# B\n\nText.\n"})
    done = run("build", folder, "-f", "epub", "-j", "1")
    assert (done.status, done.stdout) == (4, "")
    assert "error [conversion-stopped]" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["build", "nowhere"], "there is no file or folder 'nowhere'"),
        (["build", "a.md", "nowhere.md"], "there is no file or folder 'nowhere.md'"),
        (["check", "nowhere"], "there is no file or folder 'nowhere'"),
        (["check", "nowhere.epub"], "there is no file or folder 'nowhere.epub'"),
        (["build", ".", "a.md"], "give one publication folder, or article files, not both"),
        (["build", ".", "."], "give one publication folder, or article files, not both"),
        (["check", "a.md", "x.epub"], "give finished .epub and .pdf files, or sources, not both"),
        (["build", "-f", "mobi"], "no such format: 'mobi'; there are epub, pdf"),
        (["build", "-o", "x.docx"], "the end of 'x.docx' names no format; use .epub or .pdf"),
        (["build", "-j", "-1"], "Invalid value"),
        (["build", "--nonsense"], "No such option"),
        (["bulid"], "No such command"),
        (["explain", "link-borken"], "there is no code 'link-borken'; did you mean 'link-broken'?"),
        (["explain", "zzzzzzzz"], "there is no code 'zzzzzzzz'\n"),
    ],
)
def test_a_wrong_call_is_status_2(
    words: list[str], told: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(publication(tmp_path, ONE))
    done = run(*words)
    assert (done.status, done.stdout) == (2, "")
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path) == {"a.md", "pubkit.yaml"}


def test_what_cannot_be_written_is_status_3(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.epub").mkdir()
    done = run("build", publication(tmp_path, ONE), "-j", "0", "-q", "-o", tmp_path / "x.epub")
    assert (done.status, done.stdout, done.stderr) == (3, "", f"pubkit: {tmp_path}/x.epub is a folder\n")


def test_a_library_that_is_missing_is_status_3(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pubkit.pdf import PangoMissingError

    def miss(*_: object, **__: object) -> NoReturn:
        raise PangoMissingError("libpango")

    monkeypatch.setattr("pubkit.pdf.write_pdf", miss)
    done = run("build", publication(tmp_path, ONE), "-j", "0", "-q", "-f", "pdf")
    assert (done.status, done.stdout) == (3, "")
    assert done.stderr == f"pubkit: {PangoMissingError('libpango')}\n"
    assert files(tmp_path) == {"a.md", "pubkit.yaml"}


@pytest.mark.parametrize("error", [ValueError("odd"), FileNotFoundError("odd"), KeyError("odd"), MemoryError("odd")])
def test_a_fault_of_pubkit_is_no_fault_of_the_caller(
    error: Exception, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr("pubkit.stages.typeset.typeset", fail)
    done = run("build", publication(tmp_path, ONE), "-j", "0", "-f", "epub")
    assert (done.status, done.stdout) == (70, "")
    assert "this is a fault of pubkit, not of your sources" in done.stderr
    assert "Traceback" not in done.stderr
    monkeypatch.setenv("PUBKIT_TRACEBACK", "1")
    assert "Traceback" in run("build", tmp_path, "-j", "0", "-f", "epub").stderr


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 0)])
def test_interrupted(error: BaseException, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr(sys, "stdout", (tmp_path / "out").open("w"))  # its descriptor is closed by BrokenPipeError
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as left:
        cli.main()
    signal.signal(signal.SIGTERM, before)
    sys.stdout.close()
    assert left.value.code == status


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("folder.md", None, "file-unreadable"),
        ("empty.md", b"", "article-empty"),
        ("blank.txt", b" \n\n ", "article-empty"),
        ("empty.html", b"", "article-empty"),
        ("binary.md", bytes(range(256)) * 40, "encoding-invalid"),
        ("nul.md", b"# A\n\nText\0\n", "character-forbidden"),
        ("picture.md", b"# A\n\n![x](empty.png)\n", "image-invalid"),
        ("cut.md", b"# A\n\n![x](cut.png)\n", "image-invalid"),
        ("front.md", b"---\n- a\n- b\n---\nText.\n", "yaml-invalid"),
        ("front.md", b"---\n\ttitle: x\n---\nText.\n", "yaml-tab"),
        ("deep.md", b">" * 3000 + b" Text.\n", "nesting-too-deep"),
        ("picture.png", png(), "format-unknown"),
    ],
)
def test_strange_files_are_reported_without_a_traceback(
    name: str, content: bytes | None, code: str, run: Run, tmp_path: Path
) -> None:
    write(tmp_path, {"empty.png": b"", "cut.png": png()[:50]})
    if content is None:
        (tmp_path / name).mkdir()
        (tmp_path / "pubkit.yaml").write_text(MANIFEST + f"contents: [{name}]\n")
        done = run("check", tmp_path, "-j", "0")
    else:
        (tmp_path / name).write_bytes(content)
        done = run("check", tmp_path / name, "-j", "0")
    assert done.status == 1, done.stderr
    assert done.stdout == ""
    assert f"error [{code}]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "manifest", [b"", b"- a\n", b"title\n", b"\xff", b"{", b"a: &a [*a]\n", b"contents: {a: 1}\n", b"[" * 5000]
)
def test_strange_manifests_are_reported_without_a_traceback(manifest: bytes, run: Run, tmp_path: Path) -> None:
    done = run("check", write(tmp_path, {"pubkit.yaml": manifest, **ONE}), "-j", "0")
    assert (done.status, done.stdout) == (1, "")
    assert "pubkit.yaml" in done.stderr
    assert "Traceback" not in done.stderr


def test_checking_a_folder_writes_nothing(run: Run, tmp_path: Path) -> None:
    done = run("check", publication(tmp_path, ONE), "-j", "0", "-q")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    assert files(tmp_path) == {"a.md", "pubkit.yaml"}


# Colours

ESCAPE = re.compile(r"\x1b\[")


def test_colours_are_for_terminals_that_want_them(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = publication(tmp_path, BROKEN)
    words = ("build", folder, "-q", "-j", "0", "-f", "epub")
    assert not ESCAPE.search(run(*words).stderr)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert ESCAPE.search(run(*words).stderr)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not ESCAPE.search(run(*words).stderr)


def test_square_brackets_are_not_taken_for_styles(run: Run, tmp_path: Path) -> None:
    done = run("build", publication(tmp_path, {"a.md": "# A\n\n[x]([bold]y.md)\n"}), "-q", "-j", "0", "-f", "epub")
    assert "'[bold]y.md'" in done.stderr


# Credits


def test_credits_go_to_stdout_and_everything_else_to_stderr(run: Run, tmp_path: Path) -> None:
    folder = publication(tmp_path, {"a.md": "---\ntitle: Ä\nauthors: Émilie Noir\n---\n\nText.<script>x</script>\n"})
    done = run("credits", folder, "-j", "0")
    assert (done.status, done.stdout.splitlines()[:2]) == (
        0,
        ["Text", "  Émilie Noir  article      Ä            –  a.md:3:1"],
    )
    assert "[markup-removed]" in done.stderr
    assert json.loads(run("credits", folder, "-j", "0", "--format", "json").stdout)[1]["work"]["title"] == "Ä"
    assert run("credits", folder / "a.md", "-j", "0", "-f", "csl").stdout == "[]\n"
    assert files(tmp_path) == {"a.md", "pubkit.yaml"}


def test_credits_go_to_a_file(run: Run, tmp_path: Path) -> None:
    folder = publication(tmp_path / "x", ONE)
    done = run("credits", folder, "-j", "0", "-f", "yaml", "-o", tmp_path / "out.yaml")
    assert (done.status, done.stdout) == (0, f"{tmp_path}/out.yaml\n")
    assert (tmp_path / "out.yaml").read_text(encoding="utf-8").startswith("- person:\n")


def test_credits_have_the_exit_statuses_of_a_build(run: Run, tmp_path: Path) -> None:
    broken, warned = publication(tmp_path / "x", BROKEN), publication(tmp_path / "y", WARNED)
    done = run("credits", broken, "-j", "0")
    assert (done.status, done.stdout) == (1, "")
    assert "[link-broken]" in done.stderr
    assert run("credits", warned, "-j", "0", "--strict").status == 1
    assert run("credits", warned, "-j", "0", "-f", "xlsx").status == 2
    assert run("credits", tmp_path / "nowhere").status == 2
    assert run("credits", warned, "-j", "0", "-o", warned / "a.md").status == 3


# The small commands


def test_the_version(run: Run) -> None:
    assert run("--version") == Done(0, f"pubkit {__version__}\n", "")


@pytest.mark.parametrize("code", ["link-broken", "[link-broken]"])
def test_a_code_is_explained(code: str, run: Run) -> None:
    done = run("explain", code)
    row = CODES["link-broken"]
    assert done.status == 0
    assert done.stdout.startswith("link-broken (error)\n")
    assert row.explanation in done.stdout
    assert "{{" not in done.stdout


def test_all_codes_are_listed(run: Run) -> None:
    done = run("explain")
    assert [line.split()[0] for line in done.stdout.splitlines()] == sorted(CODES)


def test_the_themes_are_listed(run: Run) -> None:
    assert run("themes") == Done(0, "".join(f"{name}\n" for name in theme_names()), "")


def test_the_schema_is_json(run: Run) -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["title"] == "pubkit.yaml"
    assert {"title", "contents", "licence", "license"} <= set(schema["properties"])
