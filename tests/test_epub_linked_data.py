"""JSON-LD in the head of every article of the EPUB."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import diagnostics
from lxml import etree, html
from publications import png, publication, resolved

from pubkit.check.epubcheck import check_epub
from pubkit.epub import write_epub
from pubkit.epub.variants import READERS, variant
from pubkit.model import Edition
from pubkit.report import Report
from pubkit.stages.typeset import typeset
from pubkit.theme import load_theme

SCRIPT = "{http://www.w3.org/1999/xhtml}script"
ONE = """---
title: The *quay* & &lt;/script> "x"
subtitle: Twice
dek: A town followed its water.
section: "Reports <!-- <script> ]]>"
authors: Ada Lovelace and Reuters
credits:
  Photographs by: Mary Anning
  Translation: Émilie du Châtelet
  editor: Ida Rhodes
date: 2026-03-21
place: Bergen
licence: CC-BY-SA-4.0
rights: © 2026 Ada Lovelace
source: {url: "https://example.org/quay?a=1&b=2", site: The Example Times}
---

Text.

![Fog](fog.png "Fog & mist"){credit="Photo: Mary Anning" licence="CC-BY-NC-4.0"}

![](fog.png){.decorative}
"""
TWO = "---\ntitle: Zwei\nlanguage: de\nauthors: Charles Babbage\n---\n\nText.\n"
MORE = """publisher: Saltmarsh Press
licence: CC-BY-4.0
rights: © 2026 the authors
cover: {src: fog.png, alt: A cover}
people:
  - {name: Ada Lovelace, orcid: 0000-0002-1825-0097, isni: 0000000121032683, url: "https://example.org/ada"}
"""
FILES: dict[str, str | bytes] = {"one.md": ONE, "two.md": TWO, "fog.png": png()}


def edition(folder: Path, files: dict[str, str | bytes] = FILES, more: str = MORE) -> Edition:
    report = Report()
    theme = load_theme("folio", report)
    assert theme
    return typeset(resolved(publication(folder, files, more=more), report), theme, report)


def documents(edition: Edition) -> dict[str, bytes]:
    stream = io.BytesIO()
    write_epub(edition, stream)
    with zipfile.ZipFile(stream) as archive:
        return {Path(name).stem: archive.read(name) for name in archive.namelist() if "/text/" in name}


def block(document: bytes) -> dict[str, Any]:
    (found,) = etree.fromstring(document).iter(SCRIPT)
    assert found.get("type") == "application/ld+json"
    assert [str(above.tag).partition("}")[2] for above in found.iterancestors()] == ["head", "html"]
    data: dict[str, Any] = json.loads(found.text or "")
    return data


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return edition(tmp_path_factory.mktemp("issue"))


@pytest.fixture(scope="module")
def texts(whole: Edition) -> dict[str, bytes]:
    return documents(whole)


def test_articles_have_a_block_and_nothing_else_has(texts: dict[str, bytes]) -> None:
    assert {name for name, text in texts.items() if b"<script" in text} == {"one", "two"}


def test_what_an_article_says(texts: dict[str, bytes]) -> None:
    relators = "http://id.loc.gov/vocabulary/relators"
    ada = {
        "@type": "Person",
        "name": "Ada Lovelace",
        "url": "https://example.org/ada",
        "sameAs": ["https://orcid.org/0000-0002-1825-0097", "https://isni.org/isni/0000000121032683"],
    }
    assert block(texts["one"]) == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "The quay & </script> “x”",
        "alternativeHeadline": "Twice",
        "description": "A town followed its water.",
        "articleSection": "Reports <!-- <script> ]]>",
        "dateline": "Bergen",
        "author": [ada, {"@type": "Organization", "name": "Reuters"}],
        "editor": [{"@type": "Person", "name": "Ida Rhodes"}],
        "translator": [{"@type": "Person", "name": "Émilie du Châtelet"}],
        "contributor": [
            {
                "@type": "Role",
                "roleName": "Photographs",
                "additionalType": f"{relators}/pht",
                "contributor": {"@type": "Person", "name": "Mary Anning"},
            }
        ],
        "datePublished": "2026-03-21",
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by-sa/4.0/",
        "copyrightNotice": "© 2026 Ada Lovelace",
        "creditText": "By Ada Lovelace and Reuters",
        "isPartOf": {
            "@type": "CreativeWork",
            "@id": "urn:uuid:00000000-0000-4000-8000-000000000000",
            "name": "Tide tables",
            "datePublished": "2026-11-22",
            "publisher": {"@type": "Organization", "name": "Saltmarsh Press"},
        },
        "isBasedOn": {
            "@type": "WebPage",
            "url": "https://example.org/quay?a=1&b=2",
            "isPartOf": {"@type": "WebSite", "name": "The Example Times"},
        },
        "image": [
            {
                "@type": "ImageObject",
                "contentUrl": "../images/0001-fog.png",
                "caption": "Fog & mist",
                "creator": [{"@type": "Person", "name": "Mary Anning"}],
                "creditText": "Photo: Mary Anning",
                "license": "https://creativecommons.org/licenses/by-nc/4.0/",
            }
        ],
    }


def test_an_article_without_terms_of_its_own_is_under_those_of_the_whole(texts: dict[str, bytes]) -> None:
    found = block(texts["two"])
    assert (found["@type"], found["inLanguage"]) == ("Article", "de")
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["copyrightNotice"] == "© 2026 the authors"
    assert found["creditText"] == "Von Charles Babbage"
    assert not {"isBasedOn", "image", "editor", "contributor"} & set(found)


def test_nothing_in_a_block_ends_it(texts: dict[str, bytes]) -> None:
    """Neither for what reads XHTML nor for what takes it for HTML."""
    text = texts["one"]
    inside = text.partition(b'<script type="application/ld+json">')[2].partition(b"</script>")[0]
    assert not set(b"<>&") & set(inside)
    assert json.loads(inside)["headline"] == "The quay & </script> “x”"
    (script,) = html.fromstring(text.partition(b"?>")[2].decode()).iter("script")
    assert json.loads(script.text or "") == block(text)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ("series: Littoral\nnumber: 4\n", {"@type": "PublicationIssue", "issueNumber": "4"}),
        ("identifier: 978-0-306-40615-7\n", {"@type": "Book", "isbn": "9780306406157"}),
        (
            "series: Littoral\n",
            {"@type": "CreativeWork", "isPartOf": {"@type": "CreativeWorkSeries", "name": "Littoral"}},
        ),
    ],
)
def test_what_the_whole_is(tmp_path: Path, more: str, kind: dict[str, Any]) -> None:
    folder = publication(tmp_path, {"two.md": TWO}, more=more)
    manifest = (folder / "pubkit.yaml").read_text(encoding="utf-8")
    if "identifier" in more:
        manifest = manifest.replace("identifier: urn:uuid:00000000-0000-4000-8000-000000000000\n", "")
        (folder / "pubkit.yaml").write_text(manifest, encoding="utf-8")
    report = Report()
    theme = load_theme("folio", report)
    assert theme
    whole = block(documents(typeset(resolved(folder, report), theme, report))["two"])["isPartOf"]
    assert whole.items() >= kind.items()


def test_a_long_article_says_it_once(tmp_path: Path) -> None:
    long = "---\ntitle: Long\n---\n\n" + "\n\n".join(f"## Part {n}\n\n{'Words and words. ' * 400}" for n in range(60))
    found = documents(edition(tmp_path, {"long.md": long}, more=""))
    assert [name for name, text in found.items() if b"<script" in text] == ["long"]
    assert "long-2" in found


def test_kindle_gets_none(whole: Edition) -> None:
    for reader in READERS:
        held = any(b"<script" in text for text in documents(variant(whole, reader)).values())
        assert held is (reader != "kindle"), reader


def test_equal_editions_give_equal_blocks(tmp_path: Path, texts: dict[str, bytes]) -> None:
    assert documents(edition(tmp_path)) == texts


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(whole: Edition, tmp_path: Path) -> None:
    with (tmp_path / "x.epub").open("wb") as stream:
        write_epub(whole, stream)
    report = Report()
    check_epub(tmp_path / "x.epub", report)
    assert not diagnostics(report)
