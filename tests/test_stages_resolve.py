from pathlib import Path

import pytest
from conftest import diagnostics
from publications import png, publication, resolved, write

from pubkit.report import Report
from pubkit.stages import resolve as stage
from pubkit.stages.read import read, read_files
from pubkit.stages.resolve import resolve


def body(folder: Path, report: Report, number: int = 0) -> str:
    return resolved(folder, report).articles[number].body


@pytest.mark.parametrize(
    ("written", "href"),
    [
        ("b.md", "#b"),
        ("./b.md", "#b"),
        ("../articles/b.md", "#b"),
        ("b.md#the-deep-sea", "#b--the-deep-sea"),
        ("../more/c%20d.md", "#c-d"),
        ("<../more/c d.md>", "#c-d"),
        ("../more/%C3%A9t%C3%A9.md#%C3%A9t%C3%A9", "#ete--été"),
        ("../more/été.md#été", "#ete--été"),
        ("#here", "#a--here"),
        ("#", "#a"),
        ("a.md", "#a"),
        ("https://example.org/b.md#x", "https://example.org/b.md#x"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG"),
    ],
)
def test_links_are_closed(written: str, href: str, tmp_path: Path, report: Report) -> None:
    folder = publication(
        tmp_path,
        {
            "articles/a.md": f"# A\n\n## Here\n\n[link]({written})\n",
            "articles/b.md": "# B\n\n## The deep sea\n\nText.\n",
            "more/c d.md": "# C\n\nText.\n",
            "more/été.md": "# E\n\n## Été {#été}\n\nText.\n",
        },
    )
    assert f'<a href="{href}">link</a>' in body(folder, report)
    assert not report.diagnostics


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("bb.md", "did you mean b.md?"),
        ("b.md#the-sae", "did you mean b.md#the-sea?"),
        ("#heer", "did you mean #here?"),
        ("/b.md", "did you mean b.md?"),
        ("../b.md", "did you mean b.md?"),
        ("b.md?x=1", "did you mean b.md?"),
        ("xyz", "name an article of this publication, or a heading in it after #"),
    ],
)
def test_a_link_that_nothing_answers_to_is_reported(written: str, hint: str, tmp_path: Path, report: Report) -> None:
    text = f"# A\n\n## Here\n\nSee [the *link*]({written}).\n"
    folder = publication(tmp_path, {"a.md": text, "b.md": "# B\n\n## The sea\n\nText.\n"})
    assert "<p>See <span>the <em>link</em></span>.</p>" in body(folder, report)
    assert diagnostics(report) == (
        f"a.md:5:18: error [link-broken] nothing in this publication answers to {written!r}\n"
    )
    assert report.diagnostics[0].hint == hint


def test_a_suggestion_starts_at_the_articles_folder(tmp_path: Path, report: Report) -> None:
    resolved(publication(tmp_path, {"x/a.md": "# A\n\n[b](harbor.md)\n", "y/harbour.md": "# B\n\nText.\n"}), report)
    assert report.diagnostics[0].hint == "did you mean ../y/harbour.md?"


def test_every_broken_link_has_its_own_place(tmp_path: Path, report: Report) -> None:
    resolved(publication(tmp_path, {"a.md": "# A\n\n[one](x.md)\n\n[two](y.md)\n"}), report)
    assert [str(found.at) for found in report.diagnostics] == ["a.md:3:7", "a.md:5:7"]


def test_a_path_in_the_manifest_may_start_with_a_dot(tmp_path: Path, report: Report) -> None:
    texts = {"x/a.md": "# A\n\n[b](b.md)\n", "x/b.md": "# B\n\n[a](../x/a.md)\n"}
    folder = publication(tmp_path, texts, more="contents: [./x/a.md, x/../x/b.md]\n")
    found = resolved(folder, report)
    assert ['href="#b"' in found.articles[0].body, 'href="#a"' in found.articles[1].body] == [True, True]
    assert not report.diagnostics


def test_files_from_different_folders_link_to_each_other(tmp_path: Path, report: Report) -> None:
    write(tmp_path, {"one/a.md": "# A\n\n[b](../two/b.md#deep)\n", "two/b.md": "# B\n\n## Deep\n\n[a](../one/a.md)\n"})
    found = resolve(read_files([tmp_path / "one/a.md", tmp_path / "two/b.md"], report), report)
    assert 'href="#b--deep"' in found.articles[0].body
    assert 'href="#a"' in found.articles[1].body
    assert report.ok


def test_files_named_from_where_one_stands(tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"here/a.md": "# A\n\n[b](../b.md)\n", "b.md": "# B\n\n[a](here/a.md)\n"})
    monkeypatch.chdir(tmp_path / "here")
    found = resolve(read_files(["./a.md", "../b.md"], report), report)
    assert 'href="#b"' in found.articles[0].body
    assert 'href="#a"' in found.articles[1].body


def test_files_of_the_same_name_keep_their_own_pictures(tmp_path: Path, report: Report) -> None:
    text = "# A\n\n![Sea](sea.png)\n\n[self](a.md)\n"
    write(tmp_path, {"one/a.md": text, "one/sea.png": png("teal"), "two/a.md": text, "two/sea.png": png("navy")})
    found = resolve(read_files([tmp_path / "one/a.md", tmp_path / "two/a.md"], report), report)
    assert [asset.name for asset in found.assets] == ["0001-sea.png", "0002-sea.png"]
    assert [figure.image for article in found.articles for figure in article.figures] == [
        "0001-sea.png",
        "0002-sea.png",
    ]
    assert [asset.press for asset in found.assets] == [png("teal"), png("navy")]
    assert [f'href="#{article.id}"' in article.body for article in found.articles] == [True, True]
    assert [each.code for each in report.diagnostics if each.severity == "error"] == ["article-twice"]


def test_ids_and_what_refers_to_them_get_the_articles_name(tmp_path: Path, report: Report) -> None:
    text = "# A\n\n## Sea\n\nText.[^1]\n\n/// aside | Box\nWords.\n///\n\n[^1]: Note, see [sea](#sea).\n"
    found = resolved(publication(tmp_path, {"a.md": text}), report).articles[0]
    assert [heading.id for heading in found.headings] == ["a--sea"]
    assert 'id="a--sea"' in found.body
    assert 'aria-labelledby="a--box-1"' in found.body
    assert 'id="a--box-1"' in found.body
    assert 'href="#a--fn-1"' in found.body
    assert 'id="a--fn-1"' in found.notes
    assert 'href="#a--fnref-1"' in found.notes
    assert 'href="#a--sea"' in found.notes
    assert not report.diagnostics


# Images


def test_equal_pictures_are_kept_once(tmp_path: Path, report: Report) -> None:
    files: dict[str, str | bytes] = {
        "x/a.md": "# A\n\n![Sea](one.png)\n\n![Sea](two.png)\n\n![Sea](../x/one.png)\n",
        "x/one.png": png(),
        "x/two.png": png(),
        "cover.png": png(),
    }
    found = resolved(publication(tmp_path, files, more="cover: {image: cover.png, alt: Sea}\n"), report)
    assert [asset.name for asset in found.assets] == ["0001-cover.png"]
    assert {figure.image for figure in found.articles[0].figures} == {"0001-cover.png"}
    assert found.cover is not None
    assert found.cover.image == "0001-cover.png"
    assert found.articles[0].body.count('src="0001-cover.png"') == 3
    assert 'width="20" height="10"' in found.articles[0].body
    assert {each.code for each in report.diagnostics} == {"rights-unstated"}


def test_pictures_of_the_same_name_are_told_apart(tmp_path: Path, report: Report) -> None:
    files: dict[str, str | bytes] = {"a.md": "# A\n\n![x](one/p.png)\n\n![y](two/p.png)\n"}
    found = resolved(publication(tmp_path, {**files, "one/p.png": png("red"), "two/p.png": png("blue")}), report)
    assert [asset.name for asset in found.assets] == ["0001-p.png", "0002-p.png"]
    assert [figure.image for figure in found.articles[0].figures] == ["0001-p.png", "0002-p.png"]


@pytest.mark.parametrize(
    ("file", "written", "name"),
    [
        ("Прилив № 1.png", "<Прилив № 1.png>", "0001-priliv-no-1.png"),
        ("Прилив.png", "%D0%9F%D1%80%D0%B8%D0%BB%D0%B8%D0%B2.png", "0001-priliv.png"),
        ("潮.png", "潮.png", "0001-x"),
        ("a#b.png", "a%23b.png", "0001-a-b.png"),
        ("100%.png", "100%.png", "0001-100.png"),
        ("a?b.png", "a%3Fb.png", "0001-a-b.png"),
        ("sea.PNG", "sea.PNG#part", "0001-sea.png"),
        (f"{'long' * 30}.png", f"{'long' * 30}.png", f"0001-{'long' * 10}.png"),
    ],
)
def test_names_of_assets_are_plain(file: str, written: str, name: str, tmp_path: Path, report: Report) -> None:
    found = resolved(publication(tmp_path, {"a.md": f"# A\n\n![Sea]({written})\n", file: png()}), report)
    assert found.assets[0].name.startswith(name)
    assert found.assets[0].name.isascii()
    assert {each.code for each in report.diagnostics} <= {"rights-unstated"}


@pytest.mark.parametrize("address", ["https://example.org/sea.png", "//example.org/sea.png"])
def test_of_a_remote_picture_the_words_stay(address: str, tmp_path: Path, report: Report) -> None:
    text = f"# A\n\nBefore ![Fog & sea]({address}) after.\n"
    found = resolved(publication(tmp_path, {"a.md": text}), report)
    assert '<span class="image-text">Fog &amp; sea</span> after.' in found.articles[0].body
    assert not found.assets
    assert not found.articles[0].figures
    assert [each.code for each in report.diagnostics] == ["image-remote"]


@pytest.mark.parametrize("caption", ["", "Fog at noon."])
def test_the_credit_of_a_picture_that_is_not_there_stays_with_its_caption_only(
    caption: str, tmp_path: Path, report: Report
) -> None:
    text = f'# A\n\nText.\n\n![](https://example.org/sea.png "{caption}"){{credit="Photo: Mary Anning"}}\n'
    found = resolved(publication(tmp_path, {"a.md": text}), report)
    assert ("Photo: Mary Anning" in found.articles[0].body) is bool(caption)
    assert ("figure" in found.articles[0].body) is bool(caption)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("missing.png", "image-missing"),
        ("folder.png", "file-unreadable"),
        ("../secret.png", "path-outside"),
        ("link.png", "path-outside"),
        ("empty.png", "image-invalid"),
        ("text.png", "image-invalid"),
        ("half.png", "image-invalid"),
    ],
)
@pytest.mark.parametrize("shown_as", ["figure", "hero", "cover"])
def test_a_picture_that_cannot_be_used_is_reported(
    shown_as: str, name: str, code: str, tmp_path: Path, report: Report
) -> None:
    write(tmp_path, {"secret.png": png()})
    front = f"---\nimage: {{src: {name}, alt: Fog}}\n---\n" if shown_as == "hero" else ""
    text = f"{front}# A\n\nText.\n\n" + (f"![Fog]({name})\n" if shown_as == "figure" else "")
    files: dict[str, str | bytes] = {"a.md": text, "empty.png": b"", "text.png": "Text", "half.png": png()[:50]}
    cover = f"cover: {{image: {name}, alt: Fog}}\n" if shown_as == "cover" else ""
    folder = publication(tmp_path / "issue", files, more=cover)
    (folder / "folder.png").mkdir()
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    found = resolved(folder, report)
    assert [each.code for each in report.diagnostics] == [code]
    assert report.diagnostics[0].at.line is not None
    assert found.cover is None
    assert found.articles[0].hero is None
    assert not found.assets
    assert ("Fog" in found.articles[0].body) == (shown_as != "cover")


def test_a_picture_over_the_limit_is_refused(tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "MAX_BYTES", 10)
    resolved(publication(tmp_path, {"a.md": "# A\n\n![Sea](sea.png)\n", "sea.png": png()}), report)
    assert diagnostics(report) == "a.md:3:8: error [file-too-large] 'sea.png' is larger than 10 bytes\n"


def test_a_picture_that_takes_for_ever_is_stopped(
    tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(stage, "make_picture", never)
    monkeypatch.setattr(stage, "SECONDS", 0.3)
    folder = publication(tmp_path, {"a.md": "# A\n\n![Sea](sea.png)\n", "sea.png": png()})
    resolve(read(folder, report), report, jobs=1)
    assert diagnostics(report) == (
        "a.md:3:8: error [image-invalid] 'sea.png' is not an image that can be used: "
        "decoding took more than 0.3 seconds\n"
    )


def test_jobs_change_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}.png": png(size=(10 + n, 10)) for n in range(4)}
    text = "# A\n\n" + "".join(f"![Sea]({n}.png)\n\n" for n in range(4))
    folder = publication(tmp_path, {**files, "a.md": text})
    publication_read = read(folder, Report())
    assert resolve(publication_read, Report()) == resolve(publication_read, Report(), jobs=2)
