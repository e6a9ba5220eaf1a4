"""The publications that `make bench` measures with: equal sizes are equal, and pubkit has nothing to say about them."""

from itertools import pairwise
from pathlib import Path

from bench.corpus import Size, edit, write_corpus

import pubkit

SMALL = Size(articles=1, words=300)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_equal_sizes_give_equal_publications(tmp_path: Path) -> None:
    size = Size(articles=2, words=1500)
    for name in ("one", "two"):
        write_corpus(tmp_path / name, size)
    files = _files(tmp_path / "one")
    assert files == _files(tmp_path / "two")
    assert len(files["articles/article-0001.md"].split()) >= size.words
    assert files["articles/article-0001.md"] != files["articles/article-0002.md"]


def test_more_articles_leave_the_first_as_they_are(tmp_path: Path) -> None:
    one, *_ = write_corpus(tmp_path / "few", Size(articles=12, words=300))
    same, *_ = write_corpus(tmp_path / "many", Size(articles=13, words=300))
    assert one.read_bytes() == same.read_bytes()


def test_every_edit_changes_one_word_and_another_one(tmp_path: Path) -> None:
    (article,) = write_corpus(tmp_path, Size(articles=1, words=1500))
    versions = [article.read_text(encoding="utf-8")]
    for _ in range(3):
        edit(article)
        versions.append(article.read_text(encoding="utf-8"))
    for before, after in pairwise(versions):
        pairs = zip(before.split(), after.split(), strict=True)
        assert len([pair for pair in pairs if pair[0] != pair[1]]) == 1
    assert len(set(versions)) == len(versions)


def test_a_small_one_builds_without_a_word(tmp_path: Path) -> None:
    write_corpus(tmp_path, SMALL)
    built = pubkit.build(tmp_path, outputs=[tmp_path / "out.epub", tmp_path / "out.pdf"], jobs=0)
    assert len(built.outputs) == 2
    assert not built.report.diagnostics
