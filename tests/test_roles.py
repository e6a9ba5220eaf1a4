"""Roles: codes and words."""

from __future__ import annotations

import pytest

from pubkit.labels import LANGUAGES, labels_of
from pubkit.model import Role
from pubkit.roles import RELATORS, credit_uri, group_of, line_roles, role_label, role_of, roles_of

EN = labels_of("en")


def test_every_relator_code_is_known_and_gives_no_label() -> None:
    assert len(RELATORS) == 306
    assert all(len(code) == 3 and code.islower() for code in RELATORS)
    assert all(role_of(code) == Role(code=code) for code in RELATORS)


def test_every_english_term_gives_a_code_of_the_list() -> None:
    known = [role_of(term).code for term in RELATORS.values()]
    assert all(code in RELATORS for code in known)
    assert "ctb" not in {role_of(term).code for code, term in RELATORS.items() if code != "ctb"}


@pytest.mark.parametrize(
    ("words", "code", "label"),
    [
        ("Photographs by", "pht", "Photographs"),
        ("Photography:", "pht", "Photography"),
        ("PHOTO", "pht", "PHOTO"),
        ("Text von", "aut", "Text"),
        ("By", "aut", ""),
        ("Traduction", "trl", "Traduction"),
        ("Illustrationen", "ill", "Illustrationen"),
        ("Additional reporting", "rpt", "Additional reporting"),
        ("With additional reporting by:", "rpt", "additional reporting"),
        ("Video production", "vdg", "Video production"),
        ("Graphics", "ill", "Graphics"),
        ("fact checking", "res", "fact checking"),
        ("Edited by", "edt", "Edited"),
        ("editor", "edt", "editor"),
        ("Fotograf*innen", "pht", "Fotograf*innen"),
        ("Übersetzer:in", "trl", "Übersetzer:in"),
        ("traducteur·rice", "trl", "traducteur·rice"),
        ("Foto's door", "pht", "Foto's"),
        ("Senior picture editor", "edt", "Senior picture editor"),
        ("A cura di", "edt", "A cura"),
        ("Traduit de l’anglais par", "trl", "Traduit de l’anglais"),
        ("Aus dem brasilianischen Portugiesisch von", "trl", "Aus dem brasilianischen Portugiesisch"),
        ("Woodcutter", "wdc", "Woodcutter"),
        ("Puppet master", "ctb", "Puppet master"),
        ("Séance de tarot", "ctb", "Séance de tarot"),
        ("zzz", "ctb", "zzz"),
        ("Writing – review & editing", "edt", "Writing – review & editing"),
    ],
)
def test_words(words: str, code: str, label: str) -> None:
    assert role_of(words) == Role(code=code, label=label)


@pytest.mark.parametrize(("withdrawn", "now"), [("clb", "ctb"), ("grt", "art"), ("voc", "sng")])
def test_withdrawn_codes_become_their_successors(withdrawn: str, now: str) -> None:
    assert role_of(withdrawn) == Role(code=now)
    assert withdrawn not in RELATORS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_noun_is_understood_as_its_own_plain_role(language: str) -> None:
    nouns = {
        key[5:]: noun for key, noun in labels_of(language).items() if key.startswith("role-") and key[5:] in RELATORS
    }
    assert {code: (role_of(noun).code, group_of(role_of(noun))[1]) for code, noun in nouns.items()} == {
        code: (code, "") for code in nouns
    }


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("Additional Reporting and Video Production", ["Additional Reporting", "Video Production"]),
        ("Texte et photos", ["Texte", "photos"]),
        ("Reporting, writing, and photography", ["Reporting", "writing", "photography"]),
        ("Hair and make-up", ["Hair and make-up"]),
        ("Foto- und Videoredaktion", ["Fotoredaktion", "Videoredaktion"]),
        ("Photo and video editing", ["Photo editing", "video editing"]),
        ("Photography and video editing", ["Photography", "video editing"]),
        ("Salt and pepper", ["Salt and pepper"]),
    ],
)
def test_lists_of_roles(words: str, labels: list[str]) -> None:
    assert [role.label for role in roles_of(words)] == labels


def test_only_curated_words_open_a_line() -> None:
    assert line_roles("Photos", agent=False)
    assert not line_roles("Witness", agent=True)
    assert not line_roles("Story", agent=False)
    assert line_roles("Story", agent=True)
    assert line_roles("Story and photos", agent=False)
    assert not line_roles("pht", agent=True)
    assert not line_roles("Photos " * 50, agent=True)


def test_groups() -> None:
    same = [role_of(words) for words in ("Photographs by", "Photography", "pht", "Fotos", "PHOTO")]
    assert len({group_of(role) for role in same}) == 1
    apart = [role_of(words) for words in ("Reporter", "Additional Reporting", "rpt")]
    assert len({group_of(role) for role in apart}) == 2
    assert group_of(role_of("ADDITIONAL REPORTING")) == group_of(role_of("contributed reporting"))
    assert group_of(role_of("Puppet master")) == group_of(role_of("puppet Master")) != group_of(role_of("ctb"))
    assert group_of(role_of("Fact-checking")) == group_of(role_of("Faktencheck")) != group_of(role_of("Research"))
    assert group_of(Role(code="pht", label="Text")) != group_of(Role(code="pht"))  # the code says otherwise


def test_labels_to_show() -> None:
    de = labels_of("de")
    assert role_label(role_of("Photographs by"), EN) == "Photography"
    assert role_label(role_of("Photographs by"), de) == "Fotografie"
    assert role_label(role_of("additional reporting by"), EN) == "Additional reporting"
    assert role_label(role_of("Additional Reporting"), de) == "Additional Reporting"
    assert role_label(role_of("puppet master"), EN) == "Puppet master"
    assert role_label(role_of("wdc"), EN) == "Woodcutter"
    assert role_label(role_of("pht"), {}) == "Photographer"


def test_credit_terms() -> None:
    assert credit_uri(role_of("Data curation")) == "https://credit.niso.org/contributor-roles/data-curation/"
    assert credit_uri(role_of("Writing - Review & Editing")).endswith("/writing-review-editing/")
    for words in ("Analisi formale", "Formele analyse", "Analiza formalna", "Формальный анализ", "形式分析"):
        assert credit_uri(role_of(words)).endswith("/formal-analysis/")
    assert credit_uri(role_of("Photographs")) == ""
    assert credit_uri(role_of("pht")) == ""
    assert role_of("Data curation").code == "dtm"
