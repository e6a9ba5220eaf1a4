"""Credit lines, bylines, sort forms, and credits gathered."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import epub_sample
import pytest

from pubkit.credit_values import credit_lines
from pubkit.credits import (
    credits_nobody,
    gather,
    is_byline,
    merged,
    read_byline,
    read_credit_line,
    read_picture_credit,
    read_stated_line,
    sort_name,
    split_names,
    unclear_role,
)
from pubkit.epub.package import describe
from pubkit.labels import labels_of
from pubkit.model import Article, Credit, Person, Role
from pubkit.pdf.metadata import xmp
from pubkit.roles import role_label, role_of
from pubkit.source import Location, SourceText

AT = Location("x.txt", 7)
HERE = Path(__file__).parent
CORPUS = tomllib.loads((HERE / "credit_lines.toml").read_text(encoding="utf-8"))
CORPORA = tomllib.loads((HERE / "credit_lines" / "corpora.toml").read_text(encoding="utf-8"))
UNSEEN = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((HERE / "credit_lines").glob("unseen*.toml"))
}
LINES = [(line, expected) for rows in CORPUS["credits"].values() for line, expected in rows.items()]


def shown(found: tuple[Credit, ...]) -> str:
    roles: dict[str, list[str]] = {}
    for credit in found:
        roles.setdefault(f"{credit.role.code}/{credit.role.label}", []).append(credit.person.name)
    return " + ".join(f"{role}: {'; '.join(names)}" for role, names in roles.items())


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_credit_lines(line: str, expected: str) -> None:
    assert shown(read_credit_line(line, AT)) == expected


@pytest.mark.parametrize("line", CORPUS["prose"]["lines"] + CORPUS["left"]["lines"])
def test_prose_is_no_credit(line: str) -> None:
    assert read_credit_line(line, AT) == ()


def test_the_corpus_is_large_enough() -> None:
    assert len(LINES) >= 200
    assert len(CORPUS["prose"]["lines"]) >= 100


def in_a_text(line: str) -> tuple[Credit, ...]:
    """What the readers of texts make of a line: at the end it may be a credit, at the head a byline."""
    return read_credit_line(line, AT) or (read_byline(line, AT) if is_byline(line) else ())


def as_expected(found: tuple[Credit, ...], expected: str | list[str]) -> bool:
    roles: dict[tuple[str, str], list[str]] = {}
    for each in found:
        roles.setdefault((each.role.code, each.role.label), []).append(each.person.name)
    told = [(code, names) for (code, _), names in roles.items()]
    for reading in [expected] if isinstance(expected, str) else expected:
        parts = [part.partition(": ") for part in reading.split(" + ")] if reading else []
        wanted = [(codes.split("|"), names.split("; ")) for codes, _, names in parts]
        if len(told) == len(wanted) and all(
            code in codes and names == those for (code, names), (codes, those) in zip(told, wanted, strict=True)
        ):
            return True
    return False


def test_of_the_corpora_98_per_cent_are_right_and_the_misses_are_known() -> None:
    lines = {line: expected for rows in CORPORA["credits"].values() for line, expected in rows.items()}
    wrong = [line for line, expected in lines.items() if not as_expected(in_a_text(line), expected)]
    assert sorted(wrong) == sorted(CORPORA["misses"]["lines"])
    assert len(lines) >= 1700
    assert len(lines) - len(wrong) >= 0.98 * len(lines)
    assert set(CORPORA["credits"]) >= {"en", "fr", "de", "es", "it", "pt", "nl"}


@pytest.mark.parametrize("line", CORPORA["misses"]["lines"])
def test_what_is_missed_is_left_whole_and_front_matter_reads_it(line: str) -> None:
    (expected,) = [rows[line] for rows in CORPORA["credits"].values() if line in rows]
    assert in_a_text(line) == ()
    assert as_expected(read_stated_line(line, AT), expected)


@pytest.mark.parametrize("corpus", UNSEEN.values(), ids=UNSEEN)
def test_what_is_missed_of_a_corpus_that_nobody_had_seen_is_known_and_left_whole(corpus: dict[str, Any]) -> None:
    texts = [(line, expected, in_a_text) for rows in corpus["credits"].values() for line, expected in rows.items()]
    stated = [(line, expected, lambda each: read_stated_line(each, AT)) for line, expected in corpus["stated"].items()]
    found = [(line, expected, read(line)) for line, expected, read in texts + stated]
    wrong = {line: credits for line, expected, credits in found if not as_expected(credits, expected)}
    assert list(wrong) == corpus["misses"]["lines"]
    assert set(wrong.values()) <= {()}
    assert [line for line in corpus["prose"]["lines"] if in_a_text(line)] == []


def test_lines_that_somebody_says_are_credits_are_read() -> None:
    assert [
        line for line, expected in CORPORA["stated"].items() if not as_expected(read_stated_line(line, AT), expected)
    ] == []


def test_prose_of_the_corpora_makes_no_credits() -> None:
    assert [line for line in CORPORA["prose"]["lines"] if in_a_text(line)] == []
    assert len(CORPORA["prose"]["lines"]) >= 600


def test_prose_of_the_corpora_is_hardly_asked_about() -> None:
    prose = [line for corpus in (CORPORA, *UNSEEN.values()) for line in corpus["prose"]["lines"]]
    asked = [line for line in prose if unclear_role(line) is not None]
    assert len(asked) <= 0.015 * len(prose)


def test_what_is_missed_is_asked_about() -> None:
    missed = [line for corpus in (CORPORA, *UNSEEN.values()) for line in corpus["misses"]["lines"]]
    asked = [line for line in missed if unclear_role(line) is not None]
    assert [line for line in missed if line not in asked] == ["(avec Rozenn Caradec, à Quimper)"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Photographs by Ada Penrose for The Example Times", [("Ada Penrose", "for The Example Times")]),
        ("Fotos: Ben Oduya/AFP via Getty Images", [("Ben Oduya", ""), ("AFP", "via Getty Images")]),
        ("Foto's: Noor van Dam, voor de Kustbode", [("Noor van Dam", "voor de Kustbode")]),
        ("Fotos: Noor van Dam für Die Küste (links)", [("Noor van Dam", "für Die Küste")]),
        ("Illustration: Zep pour La Vigie", [("Zep pour La Vigie", "")]),
        ("Photos: Voices for Peace", [("Voices for Peace", "")]),
        ("Photos: Center for Tidal Research", [("Center for Tidal Research", "")]),
        ("Фото: Анна Иванова для Газеты", [("Анна Иванова", "для Газеты")]),
        ('Photos: "Ada Penrose for Ever"', [("Ada Penrose for Ever", "")]),
    ],
)
def test_for_whom_and_through_whom_is_no_part_of_a_name(line: str, names: list[tuple[str, str]]) -> None:
    assert [(credit.person.name, credit.behalf) for credit in read_credit_line(line, AT, stated=True)] == names


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Ilustrations by Ada Penrose", "illustrations"),
        ("Photgraphs: Ada Penrose", "photographs"),
        ("Photographs by Ben Oduya and tranlated by Ada Penrose", "translated"),
        ("Aditional reporting by Ada Penrose in Leeds", "additional reporting"),
        ("Translatd from the French by Ada Penrose", "translated"),
        ("Fotogafías de Pablo Núñez", "fotografías"),
        ("Übersetzng von Lea Grün", "übersetzung"),
        ("Director: Ada Penrose", ""),
        ("Tekst Noor van Dam", ""),
        ("Illustrations by Ada Penrose", None),
        ("Musings by Ada Penrose", None),
        ("The tax on boats was paid by Ada Penrose", None),
    ],
)
def test_misspelt_and_unclear_roles_are_asked_about(line: str, meant: str | None) -> None:
    assert unclear_role(line) == meant
    assert meant is None or read_credit_line(line, AT) == ()


def test_credits_know_their_place() -> None:
    assert {credit.at for credit in read_credit_line("Text: Ada Penrose; Fotos: Ben Oduya", AT)} == {AT}


def test_long_lines_are_prose_and_take_no_time() -> None:
    assert read_credit_line("Photos: " + "Ada Penrose, " * 1000, AT) == ()
    assert read_credit_line("Fotos " + "de " * 900, AT) == ()
    assert read_picture_credit("Ada Penrose, " * 100_000, AT, role=Role(code="pht")) == ()
    assert not credits_nobody("Ada Penrose, " * 100_000)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A, B and C", ["A", "B", "C"]),
        ("A, B, & C", ["A", "B", "C"]),
        ("Ada Penrose/Reuters", ["Ada Penrose", "Reuters"]),
        ("Ada Penrose, Jr., and Ben Oduya III", ["Ada Penrose, Jr.", "Ben Oduya III"]),
        ("Ada Penrose, Ph.D., Ben Oduya, M.D.", ["Ada Penrose, Ph.D.", "Ben Oduya, M.D."]),
        ("Ada E. Penrose et Ben Oduya", ["Ada E. Penrose", "Ben Oduya"]),
        ("Ana López y Luis Mora e Inés Sol", ["Ana López", "Luis Mora", "Inés Sol"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Duarte da Costa e Silva, Rita Lima e Banksy", ["Duarte da Costa e Silva", "Rita Lima", "Banksy"]),
        ("Ana y Luis", ["Ana", "Luis"]),
        ("Karl von und zu Aue und Lea Grün", ["Karl von und zu Aue", "Lea Grün"]),
        ("Ada Penrose for Bread and Roses", ["Ada Penrose for Bread and Roses"]),
        ("Ada Penrose for Bread and Ben Oduya via Reuters", ["Ada Penrose for Bread", "Ben Oduya via Reuters"]),
        ("Hartley & Sons, Ada Penrose", ["Hartley & Sons", "Ada Penrose"]),
        ("Saltmarsh Press, Inc., Ada Penrose", ["Saltmarsh Press, Inc.", "Ada Penrose"]),
        ('"Simon and Schuster" and Ada Penrose', ["Simon and Schuster", "Ada Penrose"]),
        ("„Hart und Söhne“, Lea Grün", ["Hart und Söhne", "Lea Grün"]),
        ("Ada “Addie” Penrose and Ben Oduya", ["Ada “Addie” Penrose", "Ben Oduya"]),
        ("Ada Penrose (Leeds, Hull) and Ben Oduya.", ["Ada Penrose (Leeds, Hull)", "Ben Oduya"]),
        ("Andrew E. Kramer.", ["Andrew E. Kramer"]),
        ("Andrew E.", ["Andrew E."]),
        ("Ирина Лебедева и Пётр Волков", ["Ирина Лебедева", "Пётр Волков"]),
        ("山田太郎、佐藤花子", ["山田太郎", "佐藤花子"]),
        ("王小明、李華和陳大文", ["王小明", "李華", "陳大文"]),
        ("山田和子", ["山田和子"]),
        ("سلمى حداد، وليد منصور", ["سلمى حداد", "وليد منصور"]),
        ("Ada\u00a0Penrose;\nBen Oduya", ["Ada Penrose", "Ben Oduya"]),
        ("", []),
        (" , and ", ["and"]),
    ],
)
def test_lists_of_names(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


@pytest.mark.parametrize(
    ("text", "expected", "strict"),
    [
        ("By Ada Penrose and Ben Oduya", "aut/: Ada Penrose; Ben Oduya", True),
        ("BY ADA PENROSE", "aut/: ADA PENROSE", True),
        ("Von Lea Grün", "aut/: Lea Grün", True),
        ("Par : Étienne d’Aubigny", "aut/: Étienne d’Aubigny", True),
        ("Por Duarte Lima e Rita Prates", "aut/: Duarte Lima; Rita Prates", True),
        ("Di Paolo De Santis", "aut/: Paolo De Santis", True),
        ("Door Saskia ’t Hart", "aut/: Saskia ’t Hart", True),
        ("Di Stefano", "aut/: Di Stefano", False),
        ("Von der Aue", "aut/: Von der Aue", False),
        ("bell hooks", "aut/: bell hooks", False),
        ("By Ada Penrose in Hull", "aut/: Ada Penrose", True),
        ("By Ada Penrose, Staff Writer, and Ben Oduya", "aut/: Ada Penrose; Ben Oduya", True),
        ("Ada Penrose <ada@example.org>", "aut/: Ada Penrose", False),
        (
            "By Ada Penrose and Ben Oduya with photographs by Harriet Quill",
            "aut/: Ada Penrose; Ben Oduya + pht/photographs: Harriet Quill",
            True,
        ),
        ("By Ada Penrose. Photographs by Zep.", "aut/: Ada Penrose + pht/Photographs: Zep", True),
        ("Von Lea Grün (Text) und Karl Aue (Fotos)", "aut/Text: Lea Grün + pht/Fotos: Karl Aue", True),
        ("Text und Fotos: Lea Grün", "aut/Text: Lea Grün + pht/Fotos: Lea Grün", False),
        ("By Ada Penrose, Staff Writer, London", "aut/: Ada Penrose", True),
        ("Von Karl von der Aue, Berlin", "aut/: Karl von der Aue", True),
        ("Par Étienne d’Aubigny (à Brest) et Lise Morel, à Bruxelles", "aut/: Étienne d’Aubigny; Lise Morel", True),
        ("Par Étienne d’Aubigny, envoyé spécial à Brest", "aut/: Étienne d’Aubigny", True),
        ("Par Étienne d’Aubigny (avec AFP)", "aut/: Étienne d’Aubigny; AFP", True),
        ("De notre correspondante à Berlin, Lise Morel", "aut/: Lise Morel", True),
        ("Von unserem Redakteur Karl von der Aue", "aut/: Karl von der Aue", True),
        ("Dal nostro inviato Paolo De Santis", "aut/: Paolo De Santis", True),
        ("Van onze verslaggever Noor van Dam", "aut/: Noor van Dam", True),
        ("Por Ana López, corresponsal en Roma", "aut/: Ana López", True),
        ("Di Elena Rossetti, da Londra", "aut/: Elena Rossetti", True),
        ("By Staff Reporter", "aut/: Staff Reporter", False),
        ("Von Beruf Leuchtturmwärter", "aut/: Beruf Leuchtturmwärter", False),
        ("By the sea we sat and wept", "aut/: the sea we sat; wept", False),
        ("", "", False),
    ],
)
def test_bylines(text: str, expected: str, strict: bool) -> None:
    assert shown(read_byline(text, AT)) == expected
    assert is_byline(text) is strict


@pytest.mark.parametrize(
    ("name", "sorted_as"),
    [
        ("Ada Lovelace", "Lovelace, Ada"),
        ("Vincent van Gogh", "Gogh, Vincent van"),
        ("Anna von der Heide", "Heide, Anna von der"),
        ("Erri De Luca", "De Luca, Erri"),
        ("Jean de La Fontaine", "La Fontaine, Jean de"),
        ("Émilie du Châtelet", "du Châtelet, Émilie"),
        ("Carlos de la Torre", "Torre, Carlos de la"),
        ("JEAN DE LA FONTAINE", "FONTAINE, JEAN DE LA"),
        ("Jim al-Khalili", "al-Khalili, Jim"),
        ("José Ortega y Gasset", "Ortega y Gasset, José"),
        ("Martin King, Jr.", "King, Martin, Jr."),
        ("Martin King III", "King, Martin, III"),
        ("Dr. Jane Doe, Ph.D.", "Doe, Jane, Ph.D."),
        ("van der Berg", "Berg, van der"),
        ("Andrew E. Kramer", "Kramer, Andrew E."),
        ("Lovelace, Ada", "Lovelace, Ada"),
        ("The Example Times", "The Example Times"),
        ("Hartley & Sons", "Hartley & Sons"),
        ("Ada Penrose for Reuters", "Ada Penrose for Reuters"),
        ("AFP", "AFP"),
        ("山田太郎", "山田太郎"),
        ("Ирина Лебедева", "Ирина Лебедева"),
        ("", ""),
    ],
)
def test_sort_names(name: str, sorted_as: str) -> None:
    assert sort_name(Person(name=name)) == sorted_as


def test_a_given_sort_form_wins() -> None:
    assert sort_name(Person(name="Gabriel García Márquez", file_as="García Márquez, Gabriel")).startswith("García")


def credit(name: str, role: str, *, url: str = "", file_as: str = "") -> Credit:
    return Credit(person=Person(name=name, url=url, file_as=file_as), role=role_of(role), at=AT)


def article(name: str, *credits_: Credit) -> Article:
    return Article(id=name, title=name, credits=credits_, language="en", body="", source=SourceText(path=name, text=""))


def test_gather() -> None:
    groups = gather(
        [credit("Zoe Young", "editor"), credit("Ada Penrose", "editor")],
        [
            article("one", credit("Ben Oduya", "aut"), credit("Harriet Quill", "Photographs by")),
            article(
                "two",
                credit("Ada Penrose", "aut", url="https://example.org/ada"),
                credit("harriet  quill", "Fotos"),
                credit("Ben Oduya", "Additional Reporting"),
                credit("Carla Ruiz", "ADDITIONAL REPORTING"),
                credit("Mia Abel", "Editing"),
                credit("Ann Lee", "Puppet master"),
                credit("Bob Ray", "Reporter"),
            ),
            article("three", credit("Ben Oduya", "aut")),
        ],
    )
    assert [
        (role_label(group.role, labels_of("en")), [(one.person.name, one.works) for one in group.people])
        for group in groups
    ] == [
        ("Text", [("Ben Oduya", ("one", "three")), ("Ada Penrose", ("two",))]),
        ("Editing", [("Zoe Young", ()), ("Ada Penrose", ()), ("Mia Abel", ("two",))]),
        ("Photography", [("Harriet Quill", ("one", "two"))]),
        ("Reporting", [("Bob Ray", ("two",))]),
        ("Additional Reporting", [("Ben Oduya", ("two",)), ("Carla Ruiz", ("two",))]),
        ("Puppet master", [("Ann Lee", ("two",))]),
    ]
    ada = [one.person for group in groups for one in group.people if one.person.name == "Ada Penrose"]
    assert {person.url for person in ada} == {"https://example.org/ada"}  # known from one credit, shown in both


def test_people_are_sorted_by_family_name_without_accents_and_articles() -> None:
    names = ["Émile Zola", "Ada Åberg", "Jim al-Khalili", "Vincent van Gogh", "Mia Abel", "山田太郎"]
    (group,) = gather([], [article("one", *(credit(name, "pht") for name in names))])
    assert [one.person.name.split()[-1] for one in group.people] == [
        "Abel",
        "Åberg",
        "Gogh",
        "al-Khalili",
        "Zola",
        "山田太郎",
    ]


def test_merged() -> None:
    found = merged(
        [
            credit("J. K. Webb", "aut"),
            credit("Ada Penrose", "Reporting"),
            credit("J.K. Webb", "pht", file_as="Webb, J. K."),
            credit("Ada Penrose", "Additional reporting"),
            credit("J. K. Webb", "Text"),
        ]
    )
    assert [(person.name, person.file_as, [role.code for role in roles]) for person, roles in found] == [
        ("J. K. Webb", "Webb, J. K.", ["aut", "pht"]),
        ("Ada Penrose", "", ["rpt"]),
    ]


@pytest.mark.parametrize(
    ("whole", "articles", "first", "others"),
    [
        (["edt Ida", "aut Ada"], ["aut Ann", "pht Joe"], ["Ada"], ["Ida", "Ann", "Joe"]),
        (["edt Ida", "cre Saltmarsh Press"], ["aut Ann"], ["Saltmarsh Press"], ["Ida", "Ann"]),
        (["edt Ida", "pht Joe"], ["aut Ann", "edt Ida"], ["Ida"], ["Joe", "Ann"]),
        (["pht Joe"], ["aut Ann", "edt Ida", "aut Ann"], ["Ann"], ["Joe", "Ida"]),
        ([], ["edt Ida"], [], ["Ida"]),
    ],
)
def test_epub_and_pdf_name_the_same_creators(
    whole: list[str], articles: list[str], first: list[str], others: list[str]
) -> None:
    own, theirs = ([credit(each.partition(" ")[2], each[:3]) for each in names] for names in (whole, articles))
    sample = epub_sample.only("one", "<p>One.</p>")
    edition = replace(sample, metadata=replace(sample.metadata, credits=tuple(own)), credits=tuple(own) + tuple(theirs))
    told = [(each.name, each.value) for each in describe(edition) if each.name in ("creator", "contributor")]
    packet = xmp(edition, conforms=False)
    for element, names in (("creator", first), ("contributor", others)):
        assert [value for name, value in told if name == element] == names
        found = re.search(rf"<dc:{element}>(.*?)</dc:{element}>", packet)
        assert re.findall(r"<rdf:li>(.*?)</rdf:li>", found[1] if found else "") == names


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        ("en", ["Photography by", "Illustration by"]),
        ("de", ["Fotografie von", "Illustration von"]),
        ("fr", ["Photographie par", "Illustration par"]),
        ("es", ["Fotografía de", "Ilustración de"]),
        ("pl", ["Fotografia:", "Ilustracja:"]),
        ("zh", ["摄影：", "插图："]),
    ],
)
def test_what_leads_on_to_the_names_is_in_the_language_s_grammar(language: str, lead: list[str]) -> None:
    named = read_credit_line("Photos: Ada Penrose; Illustrations: Ben Oduya", AT)
    assert [line["lead"] for line in credit_lines(named, language)] == lead


def test_a_role_that_takes_no_by_sets_the_others_of_its_lines_apart_by_colons() -> None:
    named = read_credit_line("Photos: Ada Penrose; Additional reporting: Ben Oduya for The Tideline", AT)
    assert [(line["lead"], line["names"]) for line in credit_lines(named, "en")] == [
        ("Photography:", "Ada Penrose"),
        ("Additional reporting:", "Ben Oduya for The Tideline"),
    ]
