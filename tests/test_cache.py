"""The cache: what equal input gave before is found again, and nothing else is."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publications import png, publication, write
from typer.testing import CliRunner

import pubkit
from pubkit.cache import FOLDER, MISSING, RECENT, Cache, Work, digest, engines, open_cache, remove_cache
from pubkit.cli import app
from pubkit.model import Theme
from pubkit.report import Report
from pubkit.theme import load_theme

ARTICLES: dict[str, str | bytes] = {
    "a.md": "# Harbour\n\nThe tide[^1] goes out. See [the other](b.md).\n\n![A chart](map.png)\n\n[^1]: Twice a day.\n",
    "b.md": "# Island\n\nThe tide comes in.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
    "c.md": "---\ntitle: Pilot\nauthor: Ada Lovelace\n---\n\nHe went ashore.\n",
    "map.png": png(size=(200, 100)),
}


@pytest.fixture(autouse=True)
def _with_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def work(**parts: str) -> Work:
    return Work(kind="layout", name="harbour", parts=parts)


@pytest.fixture
def kept(tmp_path: Path) -> Cache:
    cache = open_cache(tmp_path)
    assert cache
    return cache


def test_equal_work_is_found_and_other_work_is_not(kept: Cache) -> None:
    kept.keep(work(text="1"), ("a", b"b", 3))
    assert kept.find(work(text="1")) == ("a", b"b", 3)
    assert kept.find(work(text="2")) is MISSING
    assert kept.find(Work(kind="page", name="harbour", parts={"text": "1"})) is MISSING


def test_it_says_why_something_was_done_again(kept: Cache) -> None:
    for parts in ({"text": "1", "theme": "1"}, {"text": "2", "theme": "1"}, {"text": "3", "theme": "2"}):
        kept.keep(work(**parts), "x")
    kept.find(work(text="3", theme="2"))
    assert [each.reason for each in kept.done] == ["new", "text", "text, theme", ""]


def test_what_is_damaged_or_not_ours_is_not_read(kept: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep(work(text="1"), "x")
    (entry,) = [path for path in kept.folder.glob("layout/*/*") if path.is_file()]
    whole = entry.read_bytes()
    for damaged in (whole[:-1], b"", whole[:40] + b"\xff" + whole[41:], whole + b"x"):
        entry.write_bytes(damaged)
        assert kept.find(work(text="1")) is MISSING
    entry.write_bytes(whole)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "of-somebody-else"))
    foreign = open_cache(tmp_path)
    assert foreign
    assert not foreign.has(work(text="1"))  # else each would be found to be another's one by one, and done alone
    theirs = foreign._path(work(text="1"))  # noqa: SLF001
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(whole)
    assert foreign.find(work(text="1")) is MISSING
    assert kept.find(work(text="1")) == "x"


def test_a_result_is_not_taken_for_that_of_other_work(kept: Cache) -> None:
    kept.keep(work(text="1"), "x")
    kept.keep(work(text="2"), "y")
    first, second = (kept._path(work(text=text)) for text in "12")  # noqa: SLF001
    shutil.copy(first, second)
    assert kept.find(work(text="2")) is MISSING


def test_the_oldest_goes_when_the_cache_is_full(kept: Cache) -> None:
    for number in range(4):
        kept.keep(work(text=str(number)), b"x" * 1000)
        entry = kept._path(work(text=str(number)))  # noqa: SLF001
        old = time.time() - RECENT - 100 + number
        os.utime(entry, (old, old))
    kept.prune(limit=3000)
    assert [kept.has(work(text=str(number))) for number in range(4)] == [False, False, True, True]


def test_what_was_used_just_now_stays(kept: Cache) -> None:
    kept.keep(work(text="1"), b"x" * 1000)
    kept.prune(limit=10)
    assert kept.has(work(text="1"))


def test_the_folder_ignores_itself_and_goes_at_once(tmp_path: Path, kept: Cache) -> None:
    assert (tmp_path / FOLDER / ".gitignore").read_text() == "*\n"
    assert (kept.folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert remove_cache(tmp_path)
    assert not (tmp_path / FOLDER).exists()
    assert not remove_cache(tmp_path)


def test_a_link_leads_nobody_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / FOLDER).symlink_to(tmp_path / "elsewhere")
    assert open_cache(tmp_path / "book") is None
    assert not remove_cache(tmp_path / "book")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_without_a_home_there_is_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert open_cache(tmp_path) is None


def test_another_version_of_an_engine_does_other_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(tmp_path), *sys.path])
    now = engines.__wrapped__()
    for name, other in (("numpy-1.0.dist-info", False), ("readability_lxml-0.1.dist-info", True)):
        (tmp_path / name).mkdir()
        assert (engines.__wrapped__() != now) == other


def test_digests_tell_values_apart() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest(b"1") != digest(1, "")
    assert digest({"a": 1}) == digest({"a": 1})


def fresh(built: pubkit.Built) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.reason) for each in built.done if each.reason and each.kind != "build"]


def test_an_unchanged_build_writes_nothing(tmp_path: Path) -> None:
    folder = publication(tmp_path, ARTICLES)
    first = pubkit.build(folder, jobs=0)
    assert len(first.outputs) == 2
    before = [path.stat().st_mtime_ns for path in first.outputs]
    second = pubkit.build(folder, jobs=0)
    assert [each.kind for each in second.done] == ["build"]
    assert second.pages == first.pages
    assert second.report.diagnostics == first.report.diagnostics
    assert [path.resolve() for path in second.outputs] == [path.resolve() for path in first.outputs]
    assert [path.stat().st_mtime_ns for path in second.outputs] == before


def test_a_check_is_done_once(tmp_path: Path) -> None:
    folder = publication(tmp_path, ARTICLES)
    told: list[str] = []

    def check(*ereaders: str, theme: str = "") -> list[str]:
        told.clear()
        report = pubkit.check_sources(
            folder, jobs=0, ereaders=ereaders, theme=theme, progress=lambda stage, *_: told.append(stage)
        )
        return [str(each) for each in report.diagnostics]

    first = check()
    assert first
    assert "assembly" in told
    assert check() == first
    assert not told
    assert check("kindle")[: len(first)] == first
    assert "e-readers" in told
    (folder / "c.md").write_text("# Pilot\n\nAshore, [nowhere](d.md).\n")
    faulty = check()
    assert faulty != first
    assert check() == faulty
    assert "read" in told  # what stops a build is looked at again


def test_text_that_looks_like_a_link_is_text(tmp_path: Path) -> None:
    article = '# Links\n\nA link is written `href="#nowhere"`.\n\n```html\n<a href="#elsewhere">x</a>\n```\n'
    built = pubkit.build(publication(tmp_path, {"a.md": article}), formats=("epub",), jobs=0)
    assert built.outputs


@pytest.mark.parametrize("name", [".img/map.png", ".map.png", "img/map.png", "__pycache__x/map.png"])
def test_every_picture_is_looked_at_before_nothing_is_done(tmp_path: Path, name: str) -> None:
    folder = publication(tmp_path, {"a.md": f"# Harbour\n\n![A chart]({name})\n", ".real/map.png": png("teal")})
    if name.startswith("img/"):
        (folder / "img").symlink_to(folder / ".real")
    else:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / ".real" / "map.png").rename(folder / name)
    assert not missing(pubkit.check_sources(folder, jobs=0))
    pubkit.build(folder, formats=("epub",), jobs=0)
    (folder / name).unlink()
    assert missing(pubkit.check_sources(folder, jobs=0))
    assert missing(pubkit.build(folder, formats=("epub",), jobs=0).report)


def missing(report: pubkit.Report) -> bool:
    return "image-missing" in [each.code for each in report.diagnostics]


def test_a_theme_by_its_name_is_that_of_the_folder_where_pubkit_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = publication(tmp_path / "publication", ARTICLES)
    broken = tmp_path / "elsewhere" / "folio"
    broken.mkdir(parents=True)
    (broken / "theme.yaml").write_text("extends: nothing\n")
    monkeypatch.chdir(tmp_path)
    assert pubkit.check_sources(folder, theme="folio", jobs=0).ok
    monkeypatch.chdir(broken.parent)
    assert not pubkit.check_sources(folder, theme="folio", jobs=0).ok


@pytest.mark.parametrize("name", ["folio", "mine"])
def test_a_theme_that_comes_to_stand_before_another_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    folder = publication(tmp_path / "publication", ARTICLES)
    themes = write(tmp_path / "themes", {"mine/theme.yaml": "extends: folio\n"})
    monkeypatch.chdir(themes)
    assert pubkit.check_sources(folder, theme=name, jobs=0).ok
    write(themes / "folio", {"theme.yaml": "extends: nothing\n"})
    assert not pubkit.check_sources(folder, theme=name, jobs=0).ok


@pytest.mark.parametrize("loss", ["changed", "removed"])
def test_a_lost_output_is_written_again(tmp_path: Path, loss: str) -> None:
    folder = publication(tmp_path, ARTICLES)
    first = pubkit.build(folder, formats=("epub",), jobs=0)
    content = first.outputs[0].read_bytes()
    if loss == "changed":
        first.outputs[0].write_bytes(content[:-1] + b"x")
    else:
        first.outputs[0].unlink()
    second = pubkit.build(folder, formats=("epub",), jobs=0)
    assert second.outputs[0].read_bytes() == content
    assert fresh(second) == []


def test_one_edited_article_is_all_that_is_done_again(tmp_path: Path) -> None:
    folder = publication(tmp_path, ARTICLES)
    pubkit.build(folder, jobs=0)
    (folder / "c.md").write_text("---\ntitle: Pilot\nauthor: Ada Lovelace\n---\n\nHe went ashore again.\n")
    again = pubkit.build(folder, jobs=0)
    work = [("article", "c.md", "text"), ("page", "c", "values"), ("layout", "c", "text")]
    assert fresh(again) == [*work, ("content document", "c", "text")]
    assert again.done


def test_a_theme_is_looked_through_once(tmp_path: Path, kept: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    def load() -> tuple[Theme | None, list[str]]:
        report = Report()
        return load_theme("mine", report, folder=tmp_path, cache=kept), [each.code for each in report.diagnostics]

    write(tmp_path / "mine", {"theme.yaml": "extends: folio\n", "epub.css": "p { text-align: justify }\n"})
    first = load()
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("pubkit.theme.tinycss2", None)
        meanwhile.setattr("pubkit.theme.Environment", None)
        assert load() == first
    assert first[1]  # a warning; it is said again
    (tmp_path / "mine" / "epub.css").write_text("p { color }\n")
    assert load() == load() == (None, ["theme-invalid"])
    reasons = [(each.name, each.reason) for each in kept.done]
    assert reasons == [("folio", "new"), ("mine", "new"), ("folio", ""), ("mine", ""), ("folio", ""), ("folio", "")]


def changed_text(folder: Path) -> None:
    (folder / "b.md").write_text("# Island\n\nThe tide comes in *late*, with [the other](a.md).\n")


def changed_title(folder: Path) -> None:
    (folder / "a.md").write_text(str(ARTICLES["a.md"]).replace("# Harbour", "# The harbour"))


def changed_identity(folder: Path) -> None:
    path = folder / "pubkit.yaml"
    path.write_text(re.sub(r"(?m)^identifier: .*$", "identifier: urn:isbn:9783161484100", path.read_text()))


def linked_elsewhere(folder: Path) -> None:
    (folder / "a.md").write_text("# Harbour\n\n## Mole\n\nStone.\n")
    (folder / "b.md").write_text("# Island\n\nAs [there](a.md#mole).\n")


def changed_picture(folder: Path) -> None:
    (folder / "map.png").write_bytes(png("red", size=(300, 100)))


def changed_manifest(folder: Path) -> None:
    path = folder / "pubkit.yaml"
    path.write_text(path.read_text().replace("Tide tables", "Tables of tides"))


def new_article(folder: Path) -> None:
    path = folder / "pubkit.yaml"
    (folder / "d.md").write_text("# Quay\n\nStone.\n")
    path.write_text(path.read_text().replace('"c.md"', '"d.md", "c.md"'))


def many_pages(folder: Path) -> None:
    (folder / "a.md").write_text("# Harbour\n\n" + "The tide goes out, and comes in, and goes out.\n\n" * 300)


CHANGES: list[Callable[[Path], None]] = [
    changed_text,
    changed_title,
    changed_identity,
    linked_elsewhere,
    changed_picture,
    changed_manifest,
    new_article,
    many_pages,
]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3))
def test_a_cached_build_equals_a_cold_one(
    changes: list[Callable[[Path], None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = publication(tmp_path_factory.mktemp("warm"), ARTICLES)
    pubkit.build(folder, jobs=0)
    for change in changes:
        change(folder)
        warm = pubkit.build(folder, jobs=0)
    cold_folder = tmp_path_factory.mktemp("cold") / folder.name
    shutil.copytree(folder, cold_folder, ignore=shutil.ignore_patterns(FOLDER, "build"))
    cold = pubkit.build(cold_folder, jobs=0, cached=False)
    assert not (cold_folder / FOLDER).exists()
    for one, other in zip(warm.outputs, cold.outputs, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.suffix
    assert [str(each) for each in warm.report.sorted()] == [str(each) for each in cold.report.sorted()]


def test_a_moved_folder_finds_its_work_again(tmp_path: Path) -> None:
    folder = publication(tmp_path / "old", ARTICLES)
    content = [path.read_bytes() for path in pubkit.build(folder, jobs=0).outputs]
    moved = folder.rename(tmp_path / "new")
    shutil.rmtree(moved / "build")
    (moved / "pubkit.yaml").write_text((moved / "pubkit.yaml").read_text() + "slug: old\n")
    again = pubkit.build(moved, jobs=0)
    assert fresh(again) == []
    assert [path.read_bytes() for path in again.outputs] == content


def test_an_executor_does_the_work(tmp_path: Path) -> None:
    folder = publication(tmp_path, ARTICLES)
    alone = pubkit.build(folder, jobs=0, cached=False)
    content = [path.read_bytes() for path in alone.outputs]
    with ProcessPoolExecutor(max_workers=1) as executor:
        built = pubkit.build(folder, jobs=executor, cached=False)
    assert [path.read_bytes() for path in built.outputs] == content


def test_the_command_line_tells_what_was_reused_and_cleans(tmp_path: Path) -> None:
    folder = publication(tmp_path, ARTICLES)
    runner = CliRunner()
    arguments = ["build", str(folder), "-j0", "-f", "epub"]
    assert "article: 0 of 3 from the cache" in runner.invoke(app, [*arguments, "-v"]).output
    assert "build: 1 of 1 from the cache" in runner.invoke(app, [*arguments, "-v"]).output
    (folder / "c.md").write_text("# Pilot\n\nAshore.\n")
    said = runner.invoke(app, [*arguments, "-v"]).output
    assert "article: 2 of 3 from the cache" in said
    assert "c.md: text" in said
    assert "from the cache" not in runner.invoke(app, [*arguments, "-v", "--no-cache"]).output
    assert (folder / FOLDER).is_dir()
    assert runner.invoke(app, ["clean", str(folder)]).exit_code == 0
    assert not (folder / FOLDER).exists()
