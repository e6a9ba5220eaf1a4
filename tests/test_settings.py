import json
from typing import Any

import pytest
from conftest import diagnostics

from pubkit.report import Report
from pubkit.settings import FrontMatter, Manifest, Settings, front_matter_end, load_yaml, manifest_schema, validate
from pubkit.settings.forms import Form
from pubkit.source import SourceText


def settings_of(text: str, report: Report, form: type[Form] = Manifest) -> Settings[Any]:
    yaml = load_yaml(SourceText(path="pubkit.yaml", text=text), report)
    assert yaml is not None
    return validate(form, yaml, report)


def test_yaml_1_1_does_not_turn_texts_into_other_things(report: Report) -> None:
    form = settings_of("title: no\nnumber: 1.10\ndate: 2026-11\nplace: 012\n", report).form
    assert (form.title, form.number, form.date, form.place) == ("no", "1.10", "2026-11", "012")
    assert not report.diagnostics


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("lang: fr", "language"),
        ("Language: fr", "language"),
        ("license: MIT", "licence"),
        ("creator: Ada Lovelace", "author"),
        ("authors: [Ada Lovelace]", "author"),
        ("keywords: a, b", "subjects"),
        ("contributor: [{name: Ada, file_as: Lovelace}]", "contributors"),
    ],
)
def test_spellings_that_people_know_are_taken(written: str, key: str, report: Report) -> None:
    form = settings_of(f"title: x\n{written}\n", report).form
    assert getattr(form, key)
    assert not report.diagnostics


def test_two_spellings_of_one_key_are_the_same_key_twice(report: Report) -> None:
    settings_of("title: x\nlang: en\nlanguage: fr\n", report)
    assert (
        diagnostics(report)
        == "pubkit.yaml:3:1: error [yaml-key-twice] the key 'language' was already given, as 'lang'\n"
    )


def test_an_unknown_key_gets_a_suggestion_and_its_place(report: Report) -> None:
    settings_of("title: x\ncontributors:\n  - name: Ada\n    rol: editor\n", report)
    assert diagnostics(report) == "pubkit.yaml:4:5: error [key-unknown] there is no key 'rol'\n"
    assert report.diagnostics[0].hint == "did you mean 'role'?"


def test_what_is_right_is_kept_beside_what_is_wrong(report: Report) -> None:
    form = settings_of("title: x\ndate: 2026-13\nparts: 3\npublisher: Saltmarsh\n", report).form
    assert (form.title, form.date, form.publisher) == ("x", "", "Saltmarsh")
    assert [str(found.at) for found in report.diagnostics] == ["pubkit.yaml:2:1", "pubkit.yaml:3:1"]


@pytest.mark.parametrize(
    "text",
    ["a: &x [1]\nb: *x\n", "a: !!python/object:os.system x\n", "a: " + "[" * 30 + "]" * 30 + "\n", "- a\n", "a: 'b\n"],
)
def test_unsafe_and_broken_yaml_is_refused_with_a_place(text: str, report: Report) -> None:
    assert load_yaml(SourceText(path="pubkit.yaml", text=text), report) is None
    assert [found.code for found in report.diagnostics] == ["yaml-invalid"]
    assert report.diagnostics[0].at.line is not None


def test_deep_nesting_does_not_break_the_parser(report: Report) -> None:
    assert load_yaml(SourceText(path="a", text="[" * 60_000), report) is None
    assert report.diagnostics[0].code == "yaml-invalid"


def test_a_tab_has_its_own_code(report: Report) -> None:
    assert load_yaml(SourceText(path="pubkit.yaml", text="contents:\n\t- a.md\n"), report) is None
    assert diagnostics(report) == "pubkit.yaml:2:1: error [yaml-tab] a tab cannot indent YAML\n"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("---\ntitle: x\n---\ntext", (13, 16)),
        ("---\na: b\n...\ntext", (9, 12)),
        ("text\n---\n", None),
        ("---\nopen", None),
    ],
)
def test_front_matter_is_found(text: str, end: tuple[int, int] | None) -> None:
    assert front_matter_end(text) == end


def test_people_and_roles_in_all_their_forms(report: Report) -> None:
    form = settings_of(
        "authors: By Ada Lovelace and Charles Babbage\n"
        "credits:\n  Photographs by: Mary Anning\n  Reporting: [Ida Rhodes, Simon and Schuster]\n",
        report,
        FrontMatter,
    ).form
    assert [person.name for person in form.author] == ["Ada Lovelace", "Charles Babbage"]
    assert [(line.role, line.names) for line in form.credits] == [
        ("Photographs by", ["Mary Anning"]),
        ("Reporting", ["Ida Rhodes", "Simon and Schuster"]),
    ]
    assert not report.diagnostics


def test_the_schema_knows_keys_and_spellings() -> None:
    schema = manifest_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert {"title", "title-page", "lang", "authors"} & set(schema["properties"]) == {"title", "lang", "authors"}
    assert schema["additionalProperties"] is False
