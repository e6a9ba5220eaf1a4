import json
import tomllib
from pathlib import Path

import pytest
from conftest import diagnostics

from pubkit.credits import read_stated_line
from pubkit.front_matter import apply_front_matter, split_front_matter
from pubkit.model import Article
from pubkit.readers import read_markdown
from pubkit.report import Report
from pubkit.source import Location, SourceText

CORPORA = tomllib.loads((Path(__file__).parent / "credit_lines" / "corpora.toml").read_text(encoding="utf-8"))


def article_of(text: str, report: Report) -> Article:
    source = SourceText(path="a.md", text=text)
    front, rest = split_front_matter(source, report)
    article = read_markdown(rest, report, language="en", title=front.form.title if front else "")
    return apply_front_matter(article, front, report) if front else article


def test_a_text_without_front_matter_stays_as_it_is(report: Report) -> None:
    source = SourceText(path="a.md", text="Some text.\n\n---\n\ntitle: no\n")
    assert split_front_matter(source, report) == (None, source)
    assert not report.diagnostics


@pytest.mark.parametrize("end", ["---", "...", "---  "])
def test_the_text_keeps_its_places(end: str, report: Report) -> None:
    front, text = split_front_matter(SourceText(path="a.md", text=f"---\ntitle: x\n{end}\nThe *text*.\n"), report)
    assert front is not None
    assert front.form.title == "x"
    assert "title" not in text.text
    assert text.find("The") == Location("a.md", 4, 1)


def test_front_matter_that_does_not_end_is_reported(report: Report) -> None:
    front, text = split_front_matter(SourceText(path="a.md", text="---\ntitle: x\n\nText.\n"), report)
    assert front is None
    assert "Text." in text.text
    assert diagnostics(report) == "a.md:1:1: error [front-matter-open] front matter starts here and does not end\n"


def test_a_rule_at_the_start_is_no_front_matter(report: Report) -> None:
    split_front_matter(SourceText(path="a.md", text="---\n\nText.\n"), report)
    assert not report.diagnostics


def test_front_matter_that_is_not_yaml_is_reported_and_the_text_read(report: Report) -> None:
    article = article_of("---\ntitle: [x\n---\nThe text.\n", report)
    assert article.body == "<p>The text.</p>"
    assert [(found.code, found.at.line) for found in report.diagnostics][:1] == [("yaml-invalid", 3)]


def test_everything_that_front_matter_says_is_in_the_article(report: Report) -> None:
    article = article_of(
        """---
title: The *harbour* & the sea
subtitle: Twice
dek: A town -- and its "water".
section: Reports
authors: Ada Lovelace and Charles Babbage
date: 2026-03-21
place: Bergen
licence: CC-BY-SA-4.0
rights: © 2026 Ada Lovelace
source: {url: "https://example.org/harbour", site: The Example Times, captured: 2026-04}
image:
  src: ../images/harbour.jpg
  alt: Cranes
  caption: The *old* basin
  credit: Photograph by Mary Anning
  licence: CC0-1.0
slug: Harbour News
---
Text.
""",
        report,
    )
    assert article.id == "harbour-news"
    assert article.title == "The <em>harbour</em> &amp; the sea"
    assert article.dek == "A town – and its “water”."
    assert (article.subtitle, article.kicker, article.date, article.place) == (
        "Twice",
        "Reports",
        "2026-03-21",
        "Bergen",
    )
    assert [credit.person.name for credit in article.credits] == ["Ada Lovelace", "Charles Babbage"]
    assert {credit.role.code for credit in article.credits} == {"aut"}
    assert article.rights.licence == "CC-BY-SA-4.0"
    assert (article.origin.site, article.origin.captured) == ("The Example Times", "2026-04")
    assert article.hero is not None
    assert article.hero.image == "../images/harbour.jpg"
    assert article.hero.caption == "The <em>old</em> basin"
    assert article.hero.rights.licence == "CC0-1.0"
    assert article.hero.at.line == 13
    assert article.body == "<p>Text.</p>"
    assert not report.diagnostics


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("credits:\n  Photographs by: Mary Anning", [("pht", "Mary Anning")]),
        (
            "credits:\n  Translation: [Ida Rhodes, Jean Sammet]",
            [("trl", "Ida Rhodes"), ("trl", "Jean Sammet")],
        ),
        ('credits: ["Photographs: Mary Anning and Ida Rhodes"]', [("pht", "Mary Anning"), ("pht", "Ida Rhodes")]),
        ("credits: [{role: translator, name: Émilie du Châtelet}]", [("trl", "Émilie du Châtelet")]),
        ("credits: [{role: pht, names: [A B, C D]}]", [("pht", "A B"), ("pht", "C D")]),
        ("author: {name: Ada Lovelace, role: edt}", [("edt", "Ada Lovelace")]),
        ("byline: [Simon and Schuster]", [("aut", "Simon and Schuster")]),
    ],
)
def test_credits_may_be_written_in_several_ways(written: str, found: list[tuple[str, str]], report: Report) -> None:
    article = article_of(f"---\ntitle: x\n{written}\n---\nText.\n", report)
    assert [(credit.role.code, credit.person.name) for credit in article.credits] == found
    assert {credit.at.line for credit in article.credits} <= {3, 4}
    assert not report.diagnostics


def test_a_line_that_is_no_credit_is_reported_at_its_place(report: Report) -> None:
    article = article_of("---\ntitle: x\ncredits:\n  - The sea is wide.\n---\nText.\n", report)
    assert not article.credits
    assert diagnostics(report) == (
        "a.md:4:5: warning [credit-unclear] this does not read as a credit: 'The sea is wide.'\n"
    )


def test_every_line_that_is_no_credit_is_reported() -> None:
    lines = [line for line in CORPORA["prose"]["lines"] if not read_stated_line(line, Location(""))]
    assert len(lines) > 400
    for some in (
        lines[at : at + 90] for at in range(0, len(lines), 90)
    ):  # of more than a hundred a report does not show all
        report = Report()
        written = "".join(f"  - {json.dumps(line)}\n" for line in some)
        article = article_of(f"---\ntitle: x\ncredits:\n{written}---\nText.\n", report)
        assert not article.credits
        assert [(found.code, found.at.line) for found in report.diagnostics] == [
            ("credit-unclear", line) for line in range(4, 4 + len(some))
        ]


def test_authors_of_the_front_matter_take_the_place_of_a_byline(report: Report) -> None:
    source = SourceText(path="a.md", text="---\nauthor: Ada Lovelace\n---\n")
    front, _ = split_front_matter(source, report)
    before = article_of("---\nauthor: A. Lovelace\ncredits: {Photographs by: Mary Anning}\n---\nText.\n", report)
    assert front is not None
    after = apply_front_matter(before, front, report)
    assert [credit.person.name for credit in after.credits] == ["Ada Lovelace", "Mary Anning"]


@pytest.mark.parametrize(
    ("written", "language", "direction"),
    [
        ("lang: ar", "ar", "rtl"),
        ("lang: ar\ndir: ltr", "ar", "ltr"),
        ("dir: rtl", "en", "rtl"),
        ("lang: fr", "fr", "ltr"),
    ],
)
def test_the_direction_follows_the_language(written: str, language: str, direction: str, report: Report) -> None:
    article = article_of(f"---\ntitle: x\n{written}\n---\nText.\n", report)
    assert (article.language, article.direction) == (language, direction)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("image: a.png", ["alt-missing"]),
        ("image: {src: a.png, decorative: true}", []),
        ("image: {src: a.png, alt: A crane}", []),
    ],
)
def test_the_opening_picture_needs_words(written: str, codes: list[str], report: Report) -> None:
    assert article_of(f"---\ntitle: x\n{written}\n---\nText.\n", report).hero
    assert [found.code for found in report.diagnostics] == codes


def test_the_roles_of_credits_may_be_any_words_and_any_names(report: Report) -> None:
    article = article_of(
        "---\ntitle: x\ncredits:\n  Tea and biscuits: bell hooks, the crew\n  pht: A. Lee for The Tideline\n"
        "  Text and photos: [Ada and Co]\n---\nThe text.\n",
        report,
    )
    said = [(credit.role.code, credit.role.label, credit.person.name, credit.behalf) for credit in article.credits]
    assert said == [
        ("ctb", "Tea and biscuits", "bell hooks", ""),
        ("ctb", "Tea and biscuits", "the crew", ""),
        ("pht", "", "A. Lee", "for The Tideline"),
        ("aut", "Text", "Ada and Co", ""),
        ("pht", "photos", "Ada and Co", ""),
    ]
