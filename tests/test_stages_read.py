import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import diagnostics
from publications import MANIFEST, publication, write

from pubkit.model import Article, Publication
from pubkit.readers import READERS, Reader, read_markdown
from pubkit.report import Report
from pubkit.source import SourceText
from pubkit.stages import read as stage
from pubkit.stages.read import read, read_files

BARE = "title: Tide tables\nlanguage: en\n"


def codes(report: Report) -> list[str]:
    return [found.code for found in report.sorted()]


def identifier(found: Publication) -> str:
    return found.metadata.identifiers[-1].value


def test_articles_stand_in_their_sections_in_order(tmp_path: Path, report: Report) -> None:
    names = ["z.md", "b.md", "c.md", "a.txt", "d.html"]
    bodies: dict[str, str | bytes] = {name: f"# {name[0].upper()}\n\nText of {name}.\n" for name in names}
    bodies["d.html"] = "<h1>D</h1><p>Text.</p>"
    folder = publication(
        tmp_path,
        bodies,
        more=(
            "contents:\n  - z.md\n  - section: Reports\n    articles: [c.md, b.md]\n  - a.txt\n"
            "  - section: Reports\n    articles: d.html\n"
        ),
    )
    found = read(folder, report)
    assert [(section.title, [article.id for article in section.articles]) for section in found.sections] == [
        ("", ["z"]),
        ("Reports", ["c", "b"]),
        ("", ["a"]),
        ("Reports", ["d"]),
    ]
    assert [article.id for article in found.articles] == ["z", "c", "b", "a", "d"]
    assert report.ok


def test_without_contents_all_articles_are_taken_in_the_order_of_their_names(tmp_path: Path, report: Report) -> None:
    text = "Text.\n"
    names = ("2.md", "10.md", "b.txt", "a.html", "_draft.md", ".hidden.md", "README.md", "notes.pdf", "c.MD")
    write(tmp_path, {"pubkit.yaml": MANIFEST, **dict.fromkeys(names, text)})
    assert [article.source.path for article in read(tmp_path, report).articles] == [
        "10.md",
        "2.md",
        "a.html",
        "b.txt",
        "c.MD",
    ]


def test_the_articles_folder_goes_before_the_folder_itself(tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"pubkit.yaml": MANIFEST, "stray.md": "Text.\n", "articles/a.md": "# A\n\nText.\n"})
    assert [article.source.path for article in read(tmp_path, report).articles] == ["articles/a.md"]
    assert not report.diagnostics


def test_one_can_pass_a_reader(tmp_path: Path, report: Report) -> None:
    def read_upper(source: SourceText, report: Report, *, language: str, title: str) -> Article:
        return read_markdown(replace(source, text=source.text.upper()), report, language=language, title=title)

    readers: Mapping[str, Reader] = {**READERS, ".up": read_upper}
    write(tmp_path, {"pubkit.yaml": MANIFEST, "a.up": "# A\n\nText.\n", "b.md": "# B\n\nText.\n"})
    assert [article.body for article in read(tmp_path, report, readers=readers).articles] == [
        "<p>TEXT.</p>",
        "<p>Text.</p>",
    ]
    assert [article.id for article in read_files([tmp_path / "a.up"], report, readers=readers).articles] == ["a"]
    assert report.ok


def test_there_must_be_a_folder(tmp_path: Path, report: Report) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        read(tmp_path / "nowhere", report)


@pytest.mark.parametrize("name", ["pubkit.yaml", "pubkit.yml"])
def test_the_slug_is_that_of_the_folder(name: str, tmp_path: Path, report: Report) -> None:
    folder = write(tmp_path / "Été No. 4", {name: MANIFEST, "a.md": "# A\n\nText.\n"})
    assert read(folder, report).slug == "ete-no-4"
    write(folder, {name: MANIFEST + "slug: My Issue\n"})
    assert read(folder, report).slug == "my-issue"


def test_one_run_shows_every_fault_and_keeps_what_is_good(tmp_path: Path, report: Report) -> None:
    folder = publication(
        tmp_path,
        {"a.md": "---\nlanguage: 3\n---\n# A\n\nText.\n", "b.md": "", "c.md": b"\xff", "d.md": "# D\n\nText.\n"},
        more="contents: [a.md, b.md, missing.md, c.md, d.md, e.pdf]\ndaet: 3\n",
    )
    found = read(folder, report)
    assert [article.id for article in found.articles] == ["a", "b", "d"]
    assert {
        "value-invalid",
        "article-empty",
        "file-missing",
        "encoding-invalid",
        "format-unknown",
        "key-unknown",
    } <= set(codes(report))


# Codes that no publication folder can show


def test_a_text_that_takes_for_ever_is_stopped(tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "SECONDS", 1.5)
    folder = publication(tmp_path, {"a.md": "[" * 100_000, "b.md": "# B\n\nText.\n"})
    found = read(folder, report, jobs=1)
    assert diagnostics(report) == "a.md: error [conversion-stopped] reading the article took more than 1.5 seconds\n"
    assert [article.id for article in found.articles] == ["b"]


@pytest.mark.parametrize("name", ["../secret.md", "articles/../../secret.md", "link.md", "there/secret.md"])
def test_nothing_outside_the_folder_is_read(name: str, tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"secret.md": "# Secret\n\nText.\n"})
    folder = publication(tmp_path / "issue", {"articles/a.md": "# A\n\nText.\n"}, more=f"contents: [{name}]\n")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    (folder / "there").symlink_to(tmp_path)
    assert not read(folder, report).articles
    assert [(found.code, str(found.at)) for found in report.diagnostics] == [("path-outside", "pubkit.yaml:5:12")]


def test_an_absolute_path_is_outside(tmp_path: Path, report: Report) -> None:
    folder = publication(tmp_path, {"a.md": "# A\n\nText.\n"}, more=f"contents: ['{tmp_path}/a.md', '/etc/b.md']\n")
    assert not read(folder, report).articles
    assert codes(report) == ["path-outside", "path-outside"]


@pytest.mark.parametrize("kind", ["folder", "pipe", "loop"])
def test_what_is_no_file_is_unreadable(kind: str, tmp_path: Path, report: Report) -> None:
    folder = publication(tmp_path, {"a.md": "# A\n\nText.\n"}, more="contents: [a.md, b.md]\n")
    if kind == "folder":
        (folder / "b.md").mkdir()
    elif kind == "pipe":
        os.mkfifo(folder / "b.md")
    else:
        (folder / "b.md").symlink_to(folder / "b.md")
    assert [article.id for article in read(folder, report).articles] == ["a"]
    assert codes(report) == ["file-unreadable"]
    assert str(report.diagnostics[0].at) == "pubkit.yaml:5:18"


def test_a_manifest_that_is_a_folder_is_unreadable(tmp_path: Path, report: Report) -> None:
    (tmp_path / "pubkit.yaml").mkdir()
    assert not read(tmp_path, report).articles
    assert codes(report) == ["file-unreadable"]


@pytest.mark.parametrize(("name", "limit"), [("a.md", "ARTICLE_LIMIT"), ("a.html", "PAGE_LIMIT")])
def test_a_file_over_the_limit_is_refused(
    name: str, limit: str, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, limit, 20)
    read(publication(tmp_path, {name: "x" * 21}), report)
    assert diagnostics(report) == f"pubkit.yaml:5:12: error [file-too-large] '{name}' is larger than 20 bytes\n"


def test_the_place_of_a_byte_that_is_not_utf_8_is_exact(tmp_path: Path, report: Report) -> None:
    read(publication(tmp_path, {"a.md": "# É\n\nÅst ".encode() + b"\xe5\x01"}), report)
    assert diagnostics(report) == "a.md:3:5: error [encoding-invalid] byte 0xe5 is not UTF-8\n"


def test_the_manifest_must_be_utf_8_too(tmp_path: Path, report: Report) -> None:
    read(write(tmp_path, {"pubkit.yaml": "title: Été\n".encode("latin-1")}), report)
    assert diagnostics(report) == "pubkit.yaml:1:8: error [encoding-invalid] byte 0xc9 is not UTF-8\n"


@pytest.mark.parametrize("epoch", ["yesterday", "-1", "1.5", "0x10", " ", "123456789012"])
def test_an_epoch_that_is_no_number_is_an_error(
    epoch: str, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    read(publication(tmp_path, {"a.md": "# A\n\nText.\n"}), report)
    assert codes(report) == ["epoch-invalid"]


# Dates and identifiers


@pytest.mark.parametrize(
    ("more", "epoch", "modified"),
    [
        ("date: 2026-11\n", "", "2026-11-01T00:00:00Z"),
        ("date: 2026\n", "", "2026-01-01T00:00:00Z"),
        ("date: 2026-11\nmodified: 2027-01-02\n", "", "2027-01-02T00:00:00Z"),
        ("date: 2026-11\nmodified: 2027-01-02\n", "86400", "2027-01-02T00:00:00Z"),
        ("date: 2026-11\n", "1700000000", "2023-11-14T22:13:20Z"),
        ("date: 2026-11\n", "99999999999", "2107-12-31T00:00:00Z"),
        ("date: 1855\n", "", "1980-01-01T00:00:00Z"),
        ("", "", "2026-12-03T00:00:00Z"),
    ],
)
def test_when_it_was_last_changed(
    more: str, epoch: str, modified: str, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    if epoch:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    article = "# A\n\nText.\n" if more else "---\ndate: 2026-12-03\n---\n# A\n\nText.\n"
    write(tmp_path, {"pubkit.yaml": f"{BARE}identifier: x\n{more}", "a.md": article})
    assert read(tmp_path, report).metadata.modified == modified
    assert not report.diagnostics


def test_where_nothing_says_when_that_is_told(tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"pubkit.yaml": f"{BARE}identifier: x\n", "a.md": "# A\n\nText.\n"})
    assert read(tmp_path, report).metadata.modified == "1980-01-01T00:00:00Z"
    assert codes(report) == ["modified-unknown"]


def test_a_derived_identifier_follows_the_work_and_not_its_text_or_place(tmp_path: Path, report: Report) -> None:
    def derived(place: str, manifest: str, text: str) -> str:
        folder = write(tmp_path / place, {"pubkit.yaml": manifest, "a.md": text})
        return identifier(read(folder, report))

    first = derived("one", BARE + "date: 2026\n", "# A\n\nText.\n")
    assert first.startswith("urn:uuid:")
    assert first == derived("two", BARE + "date: 2027\ntheme: folio\n", "# B\n\nOther words.\n")
    assert first != derived("three", BARE + "number: 4\n", "# A\n\nText.\n")
    assert first != derived("four", BARE + "author: Ada Lovelace\n", "# A\n\nText.\n")
    assert "identifier-derived" in codes(report)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("978-0-306-40615-7", "urn:isbn:9780306406157"),
        ("978 0 306 40615 7", "urn:isbn:9780306406157"),
        ("9780306406157", "urn:isbn:9780306406157"),
        ("ISBN 978-0-306-40615-7", "urn:isbn:9780306406157"),
        ("isbn:9780306406157", "urn:isbn:9780306406157"),
        ("urn:isbn:978-0-306-40615-7", "urn:isbn:9780306406157"),
        ("0-8044-2957-x", "urn:isbn:080442957X"),
        ("5B0C6F0E-6f0b-5c53-9d0e-4c1770a10041", "urn:uuid:5b0c6f0e-6f0b-5c53-9d0e-4c1770a10041"),
        ("https://doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ("1234567", "1234567"),
    ],
)
def test_identifiers_become_names(written: str, value: str, tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"pubkit.yaml": f"{BARE}date: 2026\nidentifier: '{written}'\n", "a.md": "# A\n\nText.\n"})
    assert [found.value for found in read(tmp_path, report).metadata.identifiers] == [value]
    assert not report.diagnostics


def test_each_format_may_have_an_isbn(tmp_path: Path, report: Report) -> None:
    both = "identifier: {epub: 9780306406157, pdf: 9780306406164}\n"
    write(tmp_path, {"pubkit.yaml": f"{BARE}date: 2026\n{both}", "a.md": "# A\n\nText.\n"})
    found = read(tmp_path, report).metadata.identifiers
    assert [(each.format, each.value[-1]) for each in found] == [("epub", "7"), ("pdf", "4")]
    assert not report.diagnostics
    write(tmp_path, {"pubkit.yaml": f"{BARE}date: 2026\nidentifier: {{pdf: 9780306406164}}\n"})
    assert [each.format for each in read(tmp_path, report).metadata.identifiers] == ["pdf", ""]
    assert codes(report) == ["identifier-derived"]


# Titles, languages, slugs


def test_an_article_without_a_title_takes_its_files_name(tmp_path: Path, report: Report) -> None:
    found = read(publication(tmp_path, {"low-water_mark.md": "Text.\n"}), report).articles[0]
    assert (found.id, found.title) == ("low-water-mark", "Low water mark")
    assert codes(report) == ["title-missing"]


@pytest.mark.parametrize(
    ("name", "slug"), [("contents.md", "article-contents"), ("1855.md", "article-1855"), ("Été.md", "ete")]
)
def test_article_ids_are_good_xml_and_nobody_elses(name: str, slug: str, tmp_path: Path, report: Report) -> None:
    assert read(publication(tmp_path, {name: "# A\n\nText.\n"}), report).articles[0].id == slug


def test_two_articles_with_one_slug_are_told_apart_and_reported(tmp_path: Path, report: Report) -> None:
    text = "# A\n\nText.\n"
    found = read(publication(tmp_path, {"one/a.md": text, "two/a.md": text, "a.txt": text}), report)
    assert [article.id for article in found.articles] == ["a", "a-2", "a-3"]
    assert codes(report) == ["article-twice", "article-twice"]


def test_an_article_may_speak_another_language(tmp_path: Path, report: Report) -> None:
    arabic = '---\nlanguage: ar\n---\n# بحر\n\n"بحر".\n'
    found = read(publication(tmp_path, {"a.md": '# A\n\n"Sea".\n', "b.md": arabic}), report)
    assert [(article.language, article.direction) for article in found.articles] == [("en", "ltr"), ("ar", "rtl")]
    assert "“Sea”" in found.articles[0].body


def test_a_path_may_be_written_in_several_ways(tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"articles/a.md": "# A\n\nText.\n", "articles/b.md": "# B\n\nText.\n"})
    write(tmp_path, {"pubkit.yaml": MANIFEST + "contents: [./articles/a.md, 'articles\\x\\..\\b.md']\n"})
    assert [article.source.path for article in read(tmp_path, report).articles] == ["articles/a.md", "articles/b.md"]


def test_jobs_change_nothing(tmp_path: Path) -> None:
    texts: dict[str, str | bytes] = {f"{number}.md": f"# {number}\n\n<script></script>Text.\n" for number in range(5)}
    folder = publication(tmp_path, texts)
    here, there = Report(), Report()
    assert read(folder, here, jobs=0) == read(folder, there, jobs=2)
    assert here.diagnostics == there.diagnostics
    assert len(here.diagnostics) == 5


# Files without a manifest


def test_files_make_a_publication_without_a_manifest(tmp_path: Path, report: Report) -> None:
    first = "---\nlanguage: de\ndate: 2026-03-21\n---\n# Der *Hafen*\n\nText.\n"
    write(tmp_path, {"x/b.md": first, "y/a.txt": "A headline\n\nA text of some words that says something.\n"})
    found = read_files([tmp_path / "x/b.md", str(tmp_path / "y/a.txt")], report)
    assert [article.id for article in found.articles] == ["b", "a"]
    assert (found.slug, found.metadata.title, found.metadata.language) == ("b", "Der Hafen", "de")
    assert found.metadata.modified == "2026-03-21T00:00:00Z"
    assert not found.parts.cover
    assert [article.source.root for article in found.articles] == [tmp_path / "x", tmp_path / "y"]
    assert codes(report) == ["identifier-derived"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "publication-empty"),
        ("a.pdf", "format-unknown"),
        ("missing.md", "file-missing"),
        ("folder.md", "file-unreadable"),
        ("empty.md", "article-empty"),
        ("binary.md", "encoding-invalid"),
        ("nul.md", "character-forbidden"),
    ],
)
def test_files_that_cannot_be_read_are_reported(name: str, code: str, tmp_path: Path, report: Report) -> None:
    (tmp_path / "folder.md").mkdir()
    write(tmp_path, {"a.pdf": b"%PDF", "empty.md": b"", "binary.md": bytes(range(256)), "nul.md": b"# A\n\n\0"})
    read_files([tmp_path / name] if name else [], report)
    assert [found.code for found in report.diagnostics if found.severity == "error"] == [code]


def test_what_identifies_the_work_does_not_depend_on_the_path(tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"x/a.md": "# A\n\nText.\n", "y/a.md": "# A\n\nText.\n"})
    one, two = (read_files([tmp_path / name], report) for name in ("x/a.md", "y/a.md"))
    assert json.dumps([each.value for each in one.metadata.identifiers]) == json.dumps([identifier(two)])
