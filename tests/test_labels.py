"""Labels, lists of names, dates and quotation marks."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from pubkit.labels import LANGUAGES, direction_of, format_date, join_names, labels_of, quotes_of

ENGLISH = tomllib.loads((files("pubkit.labels") / "en.toml").read_text(encoding="utf-8"))


def test_the_languages_are_the_files() -> None:
    found = {entry.name for entry in files("pubkit.labels").iterdir() if entry.name.endswith(".toml")}
    assert found == {f"{language}.toml" for language in LANGUAGES} | {"quotes.toml"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_missing_in_any_language(language: str) -> None:
    table = tomllib.loads((files("pubkit.labels") / f"{language}.toml").read_text(encoding="utf-8"))
    assert table.keys() == ENGLISH.keys()
    assert table["roles"].keys() == ENGLISH["roles"].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_say_something_and_ask_for_the_same_facts(language: str) -> None:
    for key, label in labels_of(language).items():
        assert label == label.strip() != "", key
        assert sorted(re.findall(r"\{\w+\}", label)) == sorted(re.findall(r"\{\w+\}", labels_of("en")[key])), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_roles_have_the_same_noun(language: str) -> None:
    nouns = [label.casefold() for key, label in labels_of(language).items() if key.startswith("role-")]
    assert len(nouns) == len(set(nouns))


@pytest.mark.parametrize("language", ["ar", "he", "ja", "ru", "zh", "zh-hant"])
def test_no_latin_letter_in_other_scripts(language: str) -> None:
    shown = {re.sub(r"\{\w+\}", "", label) for label in labels_of(language).values()}
    assert not [label for label in shown if re.search("[A-Za-z]", label)]


def test_the_nearest_language_is_chosen() -> None:
    assert labels_of("de-AT") is labels_of("de")
    assert labels_of("PT_br") is labels_of("pt")
    assert labels_of("xx-Latn") is labels_of("en")
    assert labels_of("zh-TW") is labels_of("zh-Hant-HK") is labels_of("zh-hant")
    assert labels_of("zh-Hans-TW") is labels_of("zh-CN") is labels_of("zh")
    assert labels_of("") is labels_of("en")
    assert labels_of("iw")["contents"] == labels_of("he")["contents"]


def test_labels_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        labels_of("en")["contents"] = "x"  # type: ignore[index]


@pytest.mark.parametrize(
    ("language", "joined"),
    [
        ("en", "A, B, and C"),
        ("en-GB", "A, B and C"),
        ("fr", "A, B et C"),
        ("de", "A, B und C"),
        ("es", "A, B y C"),
        ("pl", "A, B i C"),
        ("ru", "A, B и C"),
        ("ja", "A、B、C"),
        ("zh", "A、B和C"),
        ("xx", "A, B, and C"),
    ],
)
def test_names_are_joined(language: str, joined: str) -> None:
    assert join_names(["A", "B", "C"], language) == joined
    assert join_names(["A"], language) == "A"
    assert join_names([], language) == ""


def test_names_of_the_other_direction_are_isolated() -> None:
    assert join_names(["Ada", "سلمى"], "en") == "Ada and \u2068سلمى\u2069"
    assert join_names(["سلمى", "Ada"], "ar") == "سلمى و\u2068Ada\u2069"


@pytest.mark.parametrize(
    ("date", "language", "shown"),
    [
        ("2026", "en", "2026"),
        ("2026-03", "en", "March 2026"),
        ("2026-03-21", "en", "March 21, 2026"),
        ("2026-03-21", "en-GB", "21 March 2026"),
        ("2026-03-21T10:00:00Z", "de", "21. März 2026"),
        ("2026-03", "fr", "mars 2026"),
        ("2026-03-21", "es-MX", "21 de marzo de 2026"),
        ("2026-03-21", "ja", "2026年3月21日"),
        ("2026", "ja", "2026年"),
        ("2026-03", "zh-TW", "2026年3月"),
        ("2026-03", "xx", "March 2026"),
        ("2026-13", "en", "2026-13"),
        ("2026-02-30", "en", "2026-02-30"),
        ("0000", "en", "0000"),
        ("in spring", "en", "in spring"),
        ("", "en", ""),
    ],
)
def test_dates(date: str, language: str, shown: str) -> None:
    assert format_date(date, language) == shown


def test_quotes() -> None:
    assert quotes_of("en") == ("“", "”", "‘", "’")
    assert quotes_of("de-DE") == ("„", "“", "‚", "‘")
    assert quotes_of("de-CH")[0] == "«"
    assert quotes_of("fr")[:2] == ("«\u202f", "\u202f»")
    assert quotes_of("zh-TW")[0] == "「"
    assert quotes_of("tlh") == quotes_of("en")
    assert all(len(quotes_of(language)) == 4 for language in LANGUAGES)


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("en", "ltr"),
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("az-Arab", "rtl"),
        ("ar-Latn", "ltr"),
        ("ur", "rtl"),
        ("", "ltr"),
    ],
)
def test_direction(language: str, direction: str) -> None:
    assert direction_of(language) == direction
