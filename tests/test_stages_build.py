import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pikepdf
import pytest
from publications import png, publication, write

import pubkit
from pubkit.model import Edition
from pubkit.stages.build import OutputError, build, check_sources

TEXT = (
    "---\nauthor: Ada Lovelace\n---\n# The sea\n\nText.[^1] $e^{i\\pi} = -1$\n\n"
    '![Fog](fog.png "Fog"){credit="Photograph by Mary Anning"}\n\n[^1]: A note.\n'
)
ONE: dict[str, str | bytes] = {"a.md": "# A\n\nText.\n"}
WARNED: dict[str, str | bytes] = {"a.md": "# A\n\nText.<script>x</script>\n"}
BROKEN: dict[str, str | bytes] = {"a.md": "# A\n\n[link](nowhere.md)\n"}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> pubkit.Built:
    """A publication with a note, a formula and a picture, built in its own folder in the folio theme."""
    folder = tmp_path_factory.mktemp("tiny") / "Tide Tables"
    return build(publication(folder, {"a.md": TEXT, "b.md": "# B\n\nText.\n", "fog.png": png()}), jobs=1)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def epub(folder: Path, articles: dict[str, str | bytes] | None = None, **options: Any) -> pubkit.Built:
    """Build an EPUB alone: it takes no time."""
    return build(publication(folder, articles or ONE), formats=["epub"], jobs=0, **options)


def test_outputs_stand_in_the_build_folder(tiny: pubkit.Built) -> None:
    assert [path.name for path in tiny.outputs] == ["tide-tables.epub", "tide-tables.pdf"]
    assert {path.parent.name for path in tiny.outputs} == {"build"}
    assert tiny.report.ok
    assert zipfile.ZipFile(tiny.outputs[0]).testzip() is None
    with pikepdf.open(tiny.outputs[1]) as pdf:
        assert len(pdf.pages) == tiny.pages
    assert files(tiny.outputs[0].parent.parent) == {
        "pubkit.yaml", "a.md", "b.md", "fog.png", "build/tide-tables.epub", "build/tide-tables.pdf",
    }  # fmt: skip


def test_outputs_are_for_everybody_whom_the_umask_lets(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        built = epub(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(built.outputs[0].stat().st_mode) == 0o640


def test_equal_input_gives_equal_bytes(tiny: pubkit.Built, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "Tide Tables"
    shutil.copytree(tiny.outputs[0].parent.parent, folder, ignore=shutil.ignore_patterns("build"))
    code = "import pubkit, sys; pubkit.build(sys.argv[1], jobs=2)"
    world = {"PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "HOME": str(tmp_path)}
    subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        env={"PATH": os.environ["PATH"], **world},
        cwd=tmp_path,
        check=True,
        timeout=120,
    )
    for path in tiny.outputs:
        assert (folder / "build" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize(
    ("outputs", "formats", "expected"),
    [
        ([], ["epub"], ["build/issue.epub"]),
        ([], ["epub", "epub"], ["build/issue.epub"]),
        (["x/y/new.EPUB"], ["pdf"], ["x/y/new.EPUB"]),
        (["one.epub", "two.epub"], ["pdf"], ["one.epub", "two.epub"]),
        (["one.epub", "./one.epub"], ["epub"], ["one.epub"]),
    ],
)
def test_one_says_what_is_written(
    outputs: list[str], formats: Sequence[str], expected: list[str], tmp_path: Path
) -> None:
    folder = publication(tmp_path / "issue", ONE)
    built = build(folder, outputs=[folder / name for name in outputs], formats=formats, jobs=0)
    assert [path.relative_to(folder).as_posix() for path in built.outputs] == expected
    assert files(folder) == {"a.md", "pubkit.yaml", *expected}
    assert built.pages is None


def test_files_are_built_without_a_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, ONE)
    monkeypatch.chdir(tmp_path)
    assert build(["a.md"], formats=["epub"], jobs=0).outputs == (Path("build/a.epub"),)
    assert build([Path("a.md")], outputs=["x.epub"], jobs=0).outputs == (Path("x.epub"),)


@pytest.mark.parametrize("wrong", [{"formats": ["mobi"]}, {"outputs": ["a.docx"]}, {"outputs": ["epub"]}])
def test_a_format_that_is_not_known_is_a_wrong_call(wrong: dict[str, Any], tmp_path: Path) -> None:
    folder = publication(tmp_path, ONE)
    with pytest.raises(ValueError, match="format"):
        build(folder, jobs=0, **wrong)
    assert files(folder) == {"a.md", "pubkit.yaml"}


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        build(tmp_path / "nowhere", jobs=0)


@pytest.mark.parametrize(
    ("articles", "more", "strict"),
    [
        (BROKEN, "", False),
        (ONE, "theme: nowhere\n", False),
        (ONE, "theme: mine\n", False),
        (WARNED, "", True),
        (BROKEN, "", True),
    ],
    ids=["link", "no theme", "theme", "strict", "both"],
)
@pytest.mark.parametrize("name", ["epub", "pdf"])
def test_after_an_error_the_old_file_is_untouched(
    articles: dict[str, str | bytes], more: str, strict: bool, name: str, tmp_path: Path
) -> None:
    folder = publication(tmp_path, articles, more=more)
    write(folder, {f"build/old.{name}": "old", "mine/theme.yaml": "extends: folio\n", "mine/print.css": "}"})
    before = files(folder)
    built = build(folder, outputs=[folder / "build" / f"old.{name}"], strict=strict, jobs=0)
    assert built.outputs == ()
    assert built.report.diagnostics
    assert (folder / f"build/old.{name}").read_text() == "old"
    assert files(folder) == before


def test_warnings_alone_stop_nothing(tmp_path: Path) -> None:
    built = epub(tmp_path, WARNED)
    assert built.report.warnings == 1
    assert built.outputs


def test_what_print_finds_stops_the_epub_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def find_fault(edition: Edition, _stream: BinaryIO, report: pubkit.Report, **_: object) -> pubkit.PageMap:
        report.add("layout-failed", edition.documents[0].at, title="A", reason="no reason")
        return pubkit.PageMap(labels={}, pages=0)

    monkeypatch.setattr("pubkit.pdf.write_pdf", find_fault)
    folder = publication(tmp_path, ONE)
    built = build(folder, jobs=0)
    assert built.outputs == ()
    assert files(folder) == {"a.md", "pubkit.yaml"}


def test_an_output_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out.epub").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        epub(tmp_path, outputs=[tmp_path / "out.epub"])


def test_an_output_that_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "out.epub").symlink_to(tmp_path / "a.md")
    with pytest.raises(OutputError, match="is one of the sources"):
        epub(tmp_path, outputs=[tmp_path / "out.epub"])
    assert (tmp_path / "a.md").read_text() == ONE["a.md"]


def test_an_output_below_a_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        epub(tmp_path, outputs=[tmp_path / "a.md" / "out.epub"])


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:  # root may write everywhere, so the mode alone shows nothing
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(OutputError, match=r"cannot write .*issue\.epub: Permission denied"):
        epub(tmp_path / "issue")


@pytest.mark.parametrize(
    ("error", "raised"),
    [(OSError(28, "No space left on device"), OutputError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_an_interrupted_write_leaves_the_old_file(
    error: BaseException, raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_half(_edition: Edition, stream: BinaryIO, **_: object) -> None:
        stream.write(b"half")
        raise error

    monkeypatch.setattr("pubkit.epub.write_epub", write_half)
    write(tmp_path, {"build/old.epub": "old"})
    with pytest.raises(raised):
        epub(tmp_path, outputs=[tmp_path / "build/old.epub"])
    assert files(tmp_path) == {"a.md", "pubkit.yaml", "build/old.epub"}
    assert (tmp_path / "build/old.epub").read_text() == "old"


def test_a_replacement_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_draft: Path, _target: Path) -> NoReturn:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="Operation not permitted"):
        epub(tmp_path)
    assert files(tmp_path) == {"a.md", "pubkit.yaml"}


def test_the_stages_tell_how_far_they_are(tmp_path: Path) -> None:
    told: list[str] = []
    epub(tmp_path, progress=lambda stage, _done, _total: told.append(stage))
    assert list(dict.fromkeys(told)) == ["read", "resolve", "typeset", "epub"]


def test_checking_writes_nothing(tmp_path: Path) -> None:
    folder = publication(tmp_path, WARNED)
    report = check_sources(folder, jobs=0)
    assert [found.code for found in report.diagnostics] == ["markup-removed"]
    assert files(folder) == {"a.md", "pubkit.yaml"}


@pytest.mark.parametrize("theme", ["mine", ""])
def test_the_theme_asked_for_goes_before_the_manifests(
    theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publication(tmp_path, ONE, more="theme: theirs\n")
    write(tmp_path, {"mine/theme.yaml": "extends: folio\n", "theirs/theme.yaml": "extends: folio\n"})
    for name in ("mine", "theirs"):
        write(tmp_path, {f"{name}/epub.css": f".{name} {{ margin: 0 }}\n"})
    monkeypatch.chdir(tmp_path)
    built = build(folder, formats=["epub"], theme=theme, jobs=0)
    with zipfile.ZipFile(built.outputs[0]) as book:
        styles = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".css"))
    assert (".mine" in styles, ".theirs" in styles) == (theme == "mine", theme == "")
