import os
from pathlib import Path

import pytest

from pubkit.source import Location, SourceRefusedError, SourceText, decode, read_inside


def test_a_place_reads_like_a_compilers() -> None:
    assert str(Location("a.md", 4, 30)) == "a.md:4:30"
    assert str(Location("a.md")) == "a.md"


def test_at_counts_lines_and_columns_from_one() -> None:
    source = SourceText(path="a.md", text="one\ntwo\n\nfour")
    assert source.at(0) == Location("a.md", 1, 1)
    assert source.at(5) == Location("a.md", 2, 2)
    assert source.at(8) == Location("a.md", 3, 1)
    assert source.at(99) == Location("a.md", 4, 5)


def test_find_takes_the_nth_and_guesses_nothing() -> None:
    source = SourceText(path="a.md", text="x y\nx")
    assert source.find("x", 1) == Location("a.md", 2, 1)
    assert source.find("x", 2) == Location("a.md")
    assert source.find("z") == Location("a.md")


@pytest.mark.parametrize("name", ["../secret", "a/../../secret", "/etc/passwd", "C:\\secret", "a\0b", "link"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("secret")
    (root / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(SourceRefusedError) as refused:
        read_inside(root, name, limit=100)
    assert refused.value.code in ("path-outside", "file-missing")
    assert refused.value.code == "path-outside" or name.startswith("C:")


def test_a_path_may_go_up_and_down_inside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "a.txt").write_text("text")
    assert read_inside(tmp_path, "articles/../a.txt", limit=100) == b"text"


def test_size_pipes_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"x" * 11)
    os.mkfifo(tmp_path / "pipe")
    for name, code in (("long", "file-too-large"), ("pipe", "file-unreadable"), (".", "file-unreadable")):
        with pytest.raises(SourceRefusedError) as refused:
            read_inside(tmp_path, name, limit=10)
        assert refused.value.code == code


def test_decode_drops_the_mark_and_makes_lines_one_kind() -> None:
    assert decode(b"\xef\xbb\xbfa\r\nb\rc") == "a\nb\nc"


def test_decode_names_the_first_bad_byte() -> None:
    with pytest.raises(SourceRefusedError) as refused:
        decode("é\nab".encode() + b"\xff")
    assert refused.value.facts == {"line": 2, "column": 3, "byte": "0xff"}
