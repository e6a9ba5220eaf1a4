"""The list for the rights desk: rows, and the formats in which they are written."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from publications import png, publication, resolved

import pubkit
from pubkit.model import Publication
from pubkit.report import Report
from pubkit.rights_desk import WRITERS, as_csl, as_csv, as_json, as_text, as_yaml, credits_list
from pubkit.settings import dump_yaml
from pubkit.stages.build import FormatUnknownError, OutputError, credits_text

ONE = """---
title: The *tide* & "the quay"
authors: A. Lovelace and Charles Babbage
credits:
  Photographs by: Mary Anning
  Writing – original draft: Ida Rhodes
  Puppet master: Jean Sammet
date: 2026-03-21
licence: CC-BY-SA-4.0
rights: © 2026 Ada Lovelace
source: {url: "https://example.org/quay", site: The Example Times, captured: 2026-04-02}
---

Text.

![Fog](fog.png "The *old* quay"){credit="Photo: Mary Anning" licence="CC-BY-NC-4.0"}

![Fog](fog.png)

![](fog.png){.decorative}
"""
TWO = "---\ntitle: Two\n---\n\nText.\n"
MORE = """licence: CC-BY-4.0
cover: {src: fog.png, alt: A cover, credit: Photograph by Mary Anning}
people:
  - name: Ada Lovelace
    also: [A. Lovelace]
    orcid: 0000-0002-1825-0097
    isni: 0000 0001 2103 2683
    file-as: Lovelace, Ada
  - {name: Saltmarsh Press, organisation: true, url: "https://example.org"}
contributors: [{name: Saltmarsh Press, role: publisher}]
"""
FILES: dict[str, str | bytes] = {"one.md": ONE, "two.md": TWO, "fog.png": png()}


@pytest.fixture(scope="module")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Publication:
    return resolved(publication(tmp_path_factory.mktemp("issue"), FILES, more=MORE), Report())


def mappings(issue: Publication) -> list[dict[str, dict[str, Any]]]:
    found: list[dict[str, dict[str, Any]]] = json.loads(as_json(issue))
    return found


def test_a_row_for_each_person_role_and_work(issue: Publication) -> None:
    rows = [
        (row.person.name if row.person else "", row.role.code if row.role else "", row.kind, row.title, row.id)
        for row in credits_list(issue)
    ]
    title = "The tide & “the quay”"
    assert rows == [
        ("Saltmarsh Press", "pbl", "publication", "Tide tables", ""),
        ("Mary Anning", "pht", "image", "A cover", "cover"),
        ("Ada Lovelace", "aut", "article", title, "one"),
        ("Charles Babbage", "aut", "article", title, "one"),
        ("Mary Anning", "pht", "article", title, "one"),
        ("Ida Rhodes", "aut", "article", title, "one"),
        ("Jean Sammet", "ctb", "article", title, "one"),
        ("Mary Anning", "pht", "image", "The old quay", "one--fig-1"),
        ("", "", "image", "Fog", "one--fig-2"),
        ("", "", "article", "Two", "two"),
    ]
    assert pubkit.credits_list is credits_list


def test_a_row_says_who_it_is(issue: Publication) -> None:
    people = {row["person"]["name"]: row["person"] for row in mappings(issue)}
    assert people["Ada Lovelace"] == {
        "name": "Ada Lovelace",
        "file-as": "Lovelace, Ada",
        "organisation": False,
        "orcid": "0000-0002-1825-0097",
        "isni": "0000-0001-2103-2683",
        "url": "",
    }
    assert people["Saltmarsh Press"]["organisation"] is True
    assert people["Saltmarsh Press"]["url"] == "https://example.org"


def test_a_row_says_what_they_did(issue: Publication) -> None:
    roles = {row["person"]["name"]: row["role"] for row in mappings(issue)}
    assert roles["Ida Rhodes"] == {
        "code": "aut",
        "label": "Writing – original draft",
        "term": "Author",
        "credit-uri": "https://credit.niso.org/contributor-roles/writing-original-draft/",
        "behalf": "",
    }
    assert (roles["Jean Sammet"]["code"], roles["Jean Sammet"]["label"]) == ("ctb", "Puppet master")
    assert roles[""] == {"code": "", "label": "", "term": "", "credit-uri": "", "behalf": ""}


def test_a_row_says_under_what_terms_and_where_it_is_from(issue: Publication) -> None:
    rows = {row["work"]["id"]: row for row in mappings(issue)}
    assert rows["one"]["rights"] == {
        "credit": "",
        "licence": "CC-BY-SA-4.0",
        "url": "https://creativecommons.org/licenses/by-sa/4.0/",
        "text": "© 2026 Ada Lovelace",
        "inherited": False,
    }
    assert rows["one--fig-1"]["rights"]["credit"] == "Photo: Mary Anning"
    assert rows["one--fig-1"]["work"]["article"] == "one"
    assert rows["one--fig-1"]["rights"]["licence"] == "CC-BY-NC-4.0"
    assert (rows["two"]["rights"]["licence"], rows["two"]["rights"]["inherited"]) == ("CC-BY-4.0", True)
    origin = {"site": "The Example Times", "url": "https://example.org/quay", "captured": "2026-04-02"}
    assert rows["one"]["origin"] == rows["one--fig-2"]["origin"] == origin
    assert set(rows["two"]["origin"].values()) == {""}


def test_a_row_knows_its_place(issue: Publication) -> None:
    places = {(row["person"]["name"], row["work"]["id"]): row["work"]["place"] for row in mappings(issue)}
    assert places["Mary Anning", "one"] == "one.md:5:3"
    assert places["Saltmarsh Press", ""] == "pubkit.yaml:15:17"
    assert places["", "two"] == "two.md"
    assert places["", "one--fig-2"] == "one.md:18:8"


def test_json_yaml_and_csv_say_the_same(issue: Publication) -> None:
    plain = mappings(issue)
    assert yaml.safe_load(as_yaml(issue)) == plain
    words = {True: "yes", False: "no"}
    flat = [
        {f"{part}-{key}": words.get(value, value) for part, values in row.items() for key, value in values.items()}
        for row in plain
    ]
    assert list(csv.DictReader(io.StringIO(as_csv(issue), newline=""))) == flat
    assert as_csv(issue).startswith('"person-name","person-file-as",')


def test_equal_publications_give_equal_texts(tmp_path: Path) -> None:
    one, two = (resolved(publication(tmp_path / name, FILES, more=MORE), Report()) for name in "ab")
    for name, write in WRITERS.items():
        assert write(one) == write(two), name


def test_the_text_is_by_role_in_columns(issue: Publication) -> None:
    parts = as_text(issue).split("\n\n")
    heads = [part.splitlines()[0] for part in parts]
    assert heads == ["Text", "Writing – original draft", "Photography", "Publishing", "Puppet master", "–"]
    assert parts[0].splitlines()[1:] == [
        "  Ada Lovelace     article      The tide & “the quay”  CC-BY-SA-4.0  one.md:3:1",
        "  Charles Babbage  article      The tide & “the quay”  CC-BY-SA-4.0  one.md:3:1",
    ]
    assert parts[-1].splitlines()[0] == "–"
    assert parts[-1].splitlines()[-1].split() == ["–", "article", "Two", "(CC-BY-4.0)", "two.md"]
    assert sum(len(part.splitlines()) - 1 for part in parts) == len(credits_list(issue))


def test_wide_letters_keep_the_columns(tmp_path: Path) -> None:
    articles: dict[str, str | bytes] = {
        "a.md": "---\ntitle: 海\nauthors: [山田太郎, Émilie, e\u0301t\u00e9 Noir]\n---\n\nText.\n"
    }
    lines = as_text(resolved(publication(tmp_path, articles), Report())).splitlines()
    assert lines[1].startswith("  山田太郎  article")
    assert lines[2].startswith("  Émilie    article")


def test_a_cell_is_never_a_formula(tmp_path: Path) -> None:
    articles: dict[str, str | bytes] = {"a.md": '---\ntitle: "=1+1"\nauthors: ["@ada", "+Ada"]\n---\n\nText.\n'}
    made = resolved(publication(tmp_path, articles), Report())
    rows = list(csv.DictReader(io.StringIO(as_csv(made), newline="")))
    named = [row for row in rows if row["work-kind"] == "article"]
    assert [(row["person-name"], row["work-title"]) for row in named] == [("'@ada", "'=1+1"), ("'+Ada", "'=1+1")]


# CSL-JSON


def test_captured_articles_can_be_cited(issue: Publication) -> None:
    assert json.loads(as_csl(issue)) == [
        {
            "id": "one",
            "type": "article-newspaper",
            "title": "The tide & “the quay”",
            "author": [
                {"family": "Lovelace", "given": "Ada"},
                {"family": "Babbage", "given": "Charles"},
                {"family": "Rhodes", "given": "Ida"},
            ],
            "container-title": "The Example Times",
            "URL": "https://example.org/quay",
            "language": "en",
            "issued": {"date-parts": [[2026, 3, 21]]},
            "accessed": {"date-parts": [[2026, 4, 2]]},
        }
    ]


def test_names_in_citations(tmp_path: Path) -> None:
    text = """---
title: One
author:
  - Ludwig van Beethoven
  - Martin Luther King, Jr.
  - Reuters
  - {name: Gabriel García Márquez, file-as: "García Márquez, Gabriel"}
  - 山田太郎
  - Saltmarsh Press
credits: [{role: Translation, name: Émilie du Châtelet}]
date: 2026-03
section: Reports
source: https://example.org/one
---

Text.
"""
    more = "people: [{name: Saltmarsh Press, organisation: true}]\n"
    made = resolved(publication(tmp_path, {"a.md": text}, more=more), Report())
    (found,) = json.loads(as_csl(made))
    assert found["type"] == "webpage"
    assert found["issued"] == {"date-parts": [[2026, 3]]}
    assert found["section"] == "Reports"
    assert "accessed" not in found
    assert found["author"] == [
        {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van"},
        {"family": "King", "given": "Martin Luther", "suffix": "Jr."},
        {"literal": "Reuters"},
        {"family": "García Márquez", "given": "Gabriel"},
        {"literal": "山田太郎"},
        {"literal": "Saltmarsh Press"},
    ]
    assert found["translator"] == [{"family": "du Châtelet", "given": "Émilie"}]


def test_nothing_captured_is_an_empty_list(tmp_path: Path) -> None:
    assert as_csl(resolved(publication(tmp_path, {"a.md": TWO}), Report())) == "[]\n"


# The stage


def test_faults_in_the_sources_leave_nothing_to_print(tmp_path: Path) -> None:
    folder = publication(tmp_path, {"a.md": "# A\n\n[link](nowhere.md)\n"})
    text, report = credits_text(folder, jobs=0, cached=False, output=tmp_path / "x.txt")
    assert (text, report.errors) == ("", 1)
    assert not (tmp_path / "x.txt").exists()


def test_the_list_is_written_whole(tmp_path: Path) -> None:
    folder = publication(tmp_path, FILES, more=MORE)
    text, _ = credits_text(folder, "csv", jobs=0, cached=False, output=tmp_path / "out" / "x.csv")
    assert (tmp_path / "out" / "x.csv").read_bytes() == text.encode()
    with pytest.raises(OutputError):
        credits_text(folder, jobs=0, cached=False, output=folder / "one.md")
    with pytest.raises(FormatUnknownError, match="text, json, csv, yaml, csl"):
        credits_text(folder, "xlsx", jobs=0, cached=False)


values = st.recursive(
    st.booleans() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_yaml_reads_back_equal(value: object) -> None:
    assert yaml.safe_load(dump_yaml(value)) == value
    assert yaml.load(dump_yaml(value), yaml.CSafeLoader) == value
