"""One person however the sources spell the name."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import diagnostics
from publications import publication, resolved

from pubkit.credits import everybody, read_credit_line
from pubkit.model import Article, Credit, Figure, KnownPerson, Metadata, Person, Publication, Role, Section
from pubkit.names import NameParts, name_parts, record_addresses, sort_name
from pubkit.nearest import alike
from pubkit.people import one_person_each
from pubkit.report import Report
from pubkit.source import Location, SourceText

ADA, GRACE, IDA = "0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-9079-593X"
ISNI = "0000-0001-2103-2683"


def known(name: str, *also: str, line: int = 1, **more: str | bool) -> KnownPerson:
    person = Person(name=name, **more)  # type: ignore[arg-type]
    return KnownPerson(person=person, also=also, at=Location("pubkit.yaml", line))


def credit(name: str, code: str = "aut", *, line: int = 1, **more: str) -> Credit:
    return Credit(person=Person(name=name, **more), role=Role(code=code), at=Location("a.md", line))  # type: ignore[arg-type]


def merged(*credits_: Credit, people: tuple[KnownPerson, ...] = (), photo: str = "") -> tuple[list[Person], list[str]]:
    """Who stands in the credits after all, and what was reported."""
    named = read_credit_line(photo, Location("a.md", 99))
    figure = Figure(id="f", image="f.png", alt="Fog", credit=photo, people=named, at=Location("a.md", 99))
    article = Article(
        id="a",
        title="A",
        credits=credits_,
        language="en",
        body="",
        figures=(figure,),
        source=SourceText(path="a.md", text=""),
    )
    report = Report()
    made = Publication(
        slug="x",
        metadata=Metadata(title="X"),
        sections=(Section(articles=(article,)),),
        people=people,
        source=SourceText(path="pubkit.yaml", text=""),
    )
    found = [each.person for each in everybody(one_person_each(made, report))]
    return found, diagnostics(report).splitlines()


def test_a_spelling_of_the_registry_is_the_registered_person() -> None:
    ada = known("Ada Lovelace", "A. Lovelace", "Augusta Ada King", url="https://example.org/ada", bio="Writes.")
    found, said = merged(credit("A LOVELACE"), credit("Augusta Ada King", "ill"), people=(ada,))
    assert found == [ada.person, ada.person]
    assert not said


def test_pictures_are_credited_to_the_registered_person_too() -> None:
    ada = known("Ada Lovelace", "A. Lovelace", orcid=ADA)
    found, said = merged(people=(ada,), photo="Photo: A. Lovelace")
    assert found == [ada.person]
    assert not said


def test_one_number_is_one_person_in_whatever_order() -> None:
    three = (credit("A. Lovelace"), credit("Ada Lovelace", "edt", orcid=ADA), credit("A. Lovelace", "trl", orcid=ADA))
    for credits_ in (three, three[::-1], (three[1], three[2], three[0])):
        found, said = merged(*credits_)
        assert len(set(found)) == 1
        assert found[0].orcid == ADA
        assert not said


def test_two_numbers_join_three_names() -> None:
    one, two = credit("Ada Lovelace", orcid=ADA), credit("Augusta King", "edt", isni=ISNI)
    both = credit("Countess of Lovelace", "trl", orcid=ADA, isni=ISNI)
    for credits_ in ((one, two, both), (both, two, one), (one, both, two)):
        found, said = merged(*credits_)
        assert {(each.orcid, each.isni) for each in found} == {(ADA, ISNI)}
        assert len(set(found)) == 1
        assert not said


def test_a_number_leads_to_the_registered_person() -> None:
    ada = known("Ada Lovelace", orcid=ADA)
    found, _ = merged(credit("A. King", orcid=ADA), credit("A. King", "edt"), people=(ada,))
    assert found == [ada.person, ada.person]


def test_what_any_credit_says_of_somebody_is_known() -> None:
    found, _ = merged(
        credit("Ada Lovelace", file_as="Lovelace, Ada"), credit("ada lovelace", "edt", url="https://example.org")
    )
    assert set(found) == {Person(name="Ada Lovelace", file_as="Lovelace, Ada", url="https://example.org")}


def test_the_registry_says_more_than_a_credit() -> None:
    ada = known("Ada Lovelace", file_as="Lovelace")
    found, _ = merged(credit("Ada Lovelace", file_as="Ada", url="https://example.org"), people=(ada,))
    assert (found[0].file_as, found[0].url) == ("Lovelace", "https://example.org")


def test_a_role_counts_once() -> None:
    ada = known("Ada Lovelace", "A. Lovelace")
    found, _ = merged(credit("Ada Lovelace"), credit("A. Lovelace"), photo="Text: A. Lovelace", people=(ada,))
    assert len(found) == 1


def test_two_people_of_one_name_are_told_of_and_never_taken_for_a_third() -> None:
    credits_ = (credit("J. Smith", orcid=ADA), credit("J. Smith", "edt", line=2, orcid=GRACE))
    found, said = merged(*credits_, credit("Jack Smith", "trl", orcid=GRACE))
    assert [each.name for each in found] == ["J. Smith", "J. Smith", "Jack Smith"]
    assert [each.orcid for each in found] == [ADA, ADA, GRACE]
    assert said == [
        f"a.md:2: warning [person-differs] 'J. Smith' has the ORCID {ADA} in one place and {GRACE} in another"
    ]


def test_people_with_numbers_of_their_own_are_not_joined() -> None:
    one, two = credit("Ada Lovelace", orcid=ADA, isni=ISNI), credit("Grace Hopper", "edt", orcid=GRACE)
    found, said = merged(one, two, credit("Grace Hopper", "trl", line=3, isni=ISNI))
    assert [each.name for each in found] == ["Ada Lovelace", "Grace Hopper", "Grace Hopper"]
    assert [line.partition("]")[0] for line in said] == ["a.md:3: warning [person-differs"]


def test_a_spelling_belongs_to_one_person_of_the_registry() -> None:
    for people in (
        (known("Ada Lovelace", "A. L."), known("Anna Lind", "A. L.", line=2)),
        (known("Ada Lovelace", "Anna Lind"), known("Anna Lind", line=2)),
    ):
        _, said = merged(credit("Ada Lovelace"), people=people)
        assert (
            sum("[person-twice]" in line and line.endswith("belongs to 'Ada Lovelace' already") for line in said) == 1
        )


def test_a_number_belongs_to_one_person_of_the_registry() -> None:
    ada, grace = known("Ada Lovelace", orcid=ADA), known("Grace Hopper", line=2)
    _, said = merged(credit("Ada Lovelace"), people=(ada, known("Grace Hopper", line=2, orcid=ADA)))
    assert f"pubkit.yaml:2: error [person-twice] '{ADA}' belongs to 'Ada Lovelace' already" in said
    found, said = merged(credit("Grace Hopper", line=7, orcid=ADA), credit("Ada Lovelace"), people=(ada, grace))
    assert [each.name for each in found] == ["Grace Hopper", "Ada Lovelace"]
    assert said == [f"a.md:7: error [person-twice] '{ADA}' belongs to 'Ada Lovelace' already"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Lovelace", "Ada Lovelase"),
        ("Ada Lovelace", "Ada Lovelacce"),
        ("Émilie du Châtelet", "Emilie du Châtelet"),
        ("Jean-Luc Brel", "Jean Luc Brel"),
        ("Bartholomew Featherstone", "Bartholemew Fetherstone"),
    ],
)
def test_near_names_warn_and_are_never_merged(one: str, other: str) -> None:
    found, said = merged(credit(one), credit(other, "edt", line=2))
    assert [each.name for each in found] == [one, other]
    assert said == [f"a.md:2: warning [person-near] {other!r} is nearly {one!r}; here they are two people"]


@pytest.mark.parametrize(
    ("one", "other"), [("Ada Lovelace", "Ida Rhodes"), ("Li Na", "Li Ma"), ("Ann Lee", "Anna Leeds"), ("王芳", "王方")]
)
def test_other_names_do_not(one: str, other: str) -> None:
    assert not merged(credit(one), credit(other, "edt"))[1]


def test_a_name_near_to_a_registered_one_warns_though_nobody_is_named_so() -> None:
    _, said = merged(credit("Ada Lovelce"), people=(known("Ada Lovelace"),))
    assert said[0] == "a.md:1: warning [person-near] 'Ada Lovelce' is nearly 'Ada Lovelace'; here they are two people"
    _, said = merged(credit("Augusta Kinge"), people=(known("Ada Lovelace", "Augusta King"),))
    assert "'Augusta Kinge' is nearly 'Augusta King'" in said[0]


def test_near_names_that_are_known_to_be_two_do_not_warn() -> None:
    people = (known("Anna Bergen"), known("Anne Bergen"))
    assert not merged(credit("Anna Bergen"), credit("Anne Bergen"), people=people)[1]
    assert not merged(credit("Anna Bergen", orcid=ADA), credit("Anne Bergen", orcid=GRACE))[1]
    assert not merged(credit("Anna Bergen", orcid=ADA), credit("Anne Bergen", orcid=ADA))[1]  # known to be one


def test_whom_no_source_names_appears_nowhere() -> None:
    found, said = merged(credit("Ada Lovelace"), people=(known("Grace Hopper", line=4),))
    assert [each.name for each in found] == ["Ada Lovelace"]
    assert said == ["pubkit.yaml:4: info [person-unused] no source names 'Grace Hopper'"]


def test_organisations_are_filed_under_their_names() -> None:
    press = known("Saltmarsh Press", organisation=True)
    found, _ = merged(credit("Saltmarsh Press", "pbl"), people=(press,))
    assert found == [press.person]
    assert sort_name(found[0]) == "Saltmarsh Press"
    assert name_parts(found[0]) is None


def test_a_name_is_taken_apart_where_it_can_be() -> None:
    assert name_parts(Person(name="Ludwig van Beethoven")) == NameParts(
        family="Beethoven", given="Ludwig", particle="van"
    )
    assert name_parts(Person(name="Dr. Martin Luther King, Jr.")) == NameParts(
        family="King", given="Martin Luther", suffix="Jr."
    )
    assert name_parts(Person(name="山田太郎")) is None
    assert name_parts(Person(name="Reuters")) is None


def test_numbers_lead_to_records() -> None:
    assert record_addresses(Person(name="Ada", orcid=ADA, isni=ISNI)) == (
        "https://orcid.org/0000-0002-1825-0097",
        "https://isni.org/isni/0000000121032683",
    )
    assert record_addresses(Person(name="Ada")) == ()


def test_names_without_letters_are_not_alike() -> None:
    assert list(alike(["!!!", "???", "Ada Lovelace"])) == []


def test_the_registry_of_a_manifest(tmp_path: Path, report: Report) -> None:
    more = f"""people:
  - name: Ada Lovelace
    aliases: [A. Lovelace]
    sort: Lovelace, Ada
    orcid: https://orcid.org/{ADA}
    biography: Writes *programs*.
  - {{name: Saltmarsh Press, organization: true, isni: {ISNI.replace("-", " ")}}}
contributors: [{{name: Saltmarsh Press, role: publisher}}]
"""
    article = f"---\ntitle: One\nauthor: [{{name: A. Lovelace}}, {{name: A. King, orcid: {ADA}}}]\n---\n\nText.\n"
    made = resolved(publication(tmp_path, {"a.md": article}, more=more), report)
    assert not diagnostics(report)
    ada = made.articles[0].credits[0].person
    assert (ada.name, ada.file_as, ada.orcid) == ("Ada Lovelace", "Lovelace, Ada", ADA)
    assert ada.bio == "Writes <em>programs</em>."
    assert len(made.articles[0].credits) == 1
    press = made.metadata.credits[0].person
    assert (press.organisation, press.isni) == (True, ISNI)


@pytest.mark.parametrize("number", ["0000-0002-1825-0098", "0000-0002-1825", "Ada"])
def test_a_number_that_is_none_is_reported(tmp_path: Path, report: Report, number: str) -> None:
    more = f"people: [{{name: Ada Lovelace, orcid: {number}}}]\n"
    resolved(publication(tmp_path, {"a.md": "# One\n\nText.\n"}, more=more), report)
    assert "[value-invalid]" in diagnostics(report)
