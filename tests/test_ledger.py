"""Under what terms everything may be used, and whether the terms go together."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import diagnostics
from publications import png, publication, resolved

from pubkit.codes import CODES
from pubkit.credit_values import permissions_values
from pubkit.ledger import check_rights, ledger_of, report_cropped
from pubkit.model import Article, Figure, Metadata, Publication, Rights, RightsPolicy, Section
from pubkit.report import Report
from pubkit.source import Location, SourceText
from pubkit.theme import load_theme


def figure(licence: str = "", *, text: str = "", credit: str = "", decorative: bool = False, name: str = "f") -> Figure:
    rights = Rights(text=text, licence=licence)
    return Figure(
        id=name,
        image=f"{name}.png",
        alt="Fog",
        credit=credit,
        rights=rights,
        decorative=decorative,
        at=Location("a.md", 5, 1),
    )


def made(
    *figures: Figure,
    licence: str = "",
    article: str = "",
    strict: bool = False,
    sold: bool = False,
    cover: Figure | None = None,
) -> Publication:
    """A publication under a licence, with one article under another and these pictures."""
    one = Article(
        id="a",
        title="An <em>article</em>",
        language="en",
        body="",
        rights=Rights(licence=article),
        figures=figures,
        source=SourceText(path="a.md", text=""),
    )
    return Publication(
        slug="x",
        metadata=Metadata(title="Fish & Chips", rights=Rights(licence=licence)),
        sections=(Section(articles=(one,)),),
        cover=cover,
        policy=RightsPolicy(strict=strict, sold=sold),
        source=SourceText(path="pubkit.yaml", text=""),
    )


def said(made: Publication) -> list[str]:
    report = Report()
    check_rights(made, report)
    return diagnostics(report).splitlines()


def codes(made: Publication) -> list[str]:
    return [line.partition("[")[2].partition("]")[0] for line in said(made)]


# A statement of rights


def test_a_picture_of_which_nobody_says_whose_it_is_is_a_warning() -> None:
    assert said(made(figure())) == ["a.md:5:1: warning [rights-unstated] nothing says whose the picture 'Fog' is"]
    assert said(made(cover=figure(name="c"))) == [
        "a.md:5:1: warning [rights-unstated] nothing says whose the picture 'Fog' is"
    ]


@pytest.mark.parametrize(
    "good", [figure("CC0-1.0"), figure(text="© Ada"), figure(credit="Photo: Ada"), figure(decorative=True)]
)
def test_any_word_will_do(good: Figure) -> None:
    assert said(made(good)) == []


def test_the_publications_own_licence_does_not_speak_for_its_pictures() -> None:
    assert codes(made(figure(), licence="CC-BY-4.0")) == ["rights-unstated"]


def test_strictly_a_credit_is_not_enough() -> None:
    missing = "a.md:5:1: error [rights-missing] the picture 'Fog' has neither a licence nor a statement of rights"
    assert said(made(figure(credit="Photo: Ada"), strict=True)) == [missing]
    assert said(made(figure(), strict=True)) == [missing]
    assert said(made(figure("CC0-1.0"), figure(text="© Ada"), figure(decorative=True), strict=True)) == []


def test_an_ornament_with_a_maker_is_a_picture() -> None:
    assert codes(made(figure(credit="Photo: Ada", decorative=True), strict=True)) == ["rights-missing"]


# Terms that do not go together


def test_nc_in_a_sold_edition() -> None:
    assert codes(made(figure("CC-BY-NC-4.0"), sold=True)) == ["licence-not-for-sale"]
    assert codes(made(article="CC-BY-NC-SA-4.0", sold=True)) == ["licence-not-for-sale"]
    assert CODES["licence-not-for-sale"].severity == "error"
    assert codes(made(figure("CC-BY-SA-4.0"), article="CC-BY-ND-4.0", sold=True)) == []
    assert codes(made(figure("CC-BY-NC-4.0"))) == []


def test_a_publisher_may_sell_what_they_offer_under_nc() -> None:
    assert codes(made(licence="CC-BY-NC-4.0", sold=True)) == []


@pytest.mark.parametrize(
    ("part", "whole", "reason"),
    [
        ("CC-BY-NC-4.0", "CC-BY-4.0", "it may not be sold"),
        ("CC-BY-ND-4.0", "CC-BY-4.0", "it may not be changed"),
        ("CC-BY-SA-4.0", "CC-BY-4.0", "what is made of it must stay under its own licence"),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", "what is made of it must stay under its own licence"),
        ("CC-BY-NC-ND-4.0", "CC0-1.0", "it may not be sold"),
        ("Unsplash", "CC-BY-4.0", "Unsplash is not among the licences that can be compared"),
    ],
)
def test_a_part_under_narrower_terms_than_the_whole(part: str, whole: str, reason: str) -> None:
    line = f"[licence-narrower] the publication is offered under {whole}, {{!r}} is not: {reason}"
    assert said(made(figure(part), licence=whole)) == [f"a.md:5:1: info {line.format('Fog')}"]
    assert said(made(article=part, licence=whole)) == [f"a.md: info {line.format('An article')}"]


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("CC0-1.0", "CC-BY-4.0"),
        ("CC-BY-4.0", "CC-BY-SA-4.0"),
        ("CC-BY-SA-3.0", "CC BY-SA 4.0"),
        ("CC-BY-NC-4.0", ""),
        ("CC-BY-NC-4.0", "All rights reserved"),
    ],
)
def test_terms_that_go_together(part: str, whole: str) -> None:
    assert codes(made(figure(part), licence=whole)) == []


def test_nd_and_a_page_that_cuts() -> None:
    whole = made(
        figure("CC-BY-ND-4.0", name="one"), figure("CC-BY-4.0", name="two"), cover=figure("CC-BY-ND-2.0", name="cover")
    )
    report = Report()
    report_cropped(whole, ["one.png", "two.png", "cover.png"], report)
    assert [found.code for found in report.diagnostics] == ["licence-no-change"] * 2
    assert "'Fog' is under CC-BY-ND-4.0, which forbids changes" in diagnostics(report)
    untouched = Report()
    report_cropped(whole, ["two.png"], untouched)
    assert not untouched.diagnostics


# The ledger, and the page of permissions


def test_the_ledger_holds_everything_in_reading_order() -> None:
    found = ledger_of(
        made(
            figure(name="one"),
            figure(decorative=True, name="two"),
            figure("CC0-1.0", name="three", decorative=True),
            licence="CC-BY-4.0",
            cover=figure(text="© Ada", name="cover"),
        )
    )
    assert [(each.kind, each.image, each.rights.licence or each.rights.text, each.inherited) for each in found] == [
        ("publication", "", "CC-BY-4.0", False),
        ("image", "cover.png", "© Ada", False),
        ("article", "", "CC-BY-4.0", True),
        ("image", "one.png", "CC-BY-4.0", True),
        ("image", "three.png", "CC0-1.0", False),
    ]
    assert found[0].name == "Fish &amp; Chips"


def test_permissions_by_terms(report: Report) -> None:
    theme = load_theme("folio", report)
    assert theme
    values = permissions_values(
        made(
            figure("CC-BY-SA-4.0", name="one"),
            figure("CC-BY-SA-4.0", name="two", decorative=True),
            figure(name="three"),
            licence="CC-BY-4.0",
            article="CC-BY-NC-4.0",
        ),
        theme,
    )
    terms = [
        (str(group["line"]).partition(">")[2], [item["name"] for item in group["items"]]) for group in values["groups"]
    ]
    assert [(line.removesuffix("</a>"), names) for line, names in terms] == [
        ("CC-BY-NC-4.0", ["An article"]),
        ("CC-BY-SA-4.0", ["Fog", "Fog"]),
    ]
    assert "CC-BY-4.0" in values["own_line"]


def test_a_picture_without_words_has_a_name_on_the_pages_all_the_same(tmp_path: Path, report: Report) -> None:
    text = '# One\n\nText.\n\n![](f.png){.decorative credit="Photo: Ada Lovelace" licence="CC-BY-4.0"}\n'
    made = resolved(publication(tmp_path, {"a.md": text, "f.png": png()}), report)
    theme = load_theme("folio", report)
    assert theme
    assert [item["name"] for group in permissions_values(made, theme)["groups"] for item in group["items"]] == [
        "Figure"
    ]


def test_a_cover_may_have_a_caption_with_any_sign_in_it(tmp_path: Path, report: Report) -> None:
    more = "cover: {src: f.png, alt: Fog, caption: Fog & *mist*, licence: CC-BY-4.0}\n"
    made = resolved(publication(tmp_path, {"a.md": "# One\n\nText.\n", "f.png": png()}, more=more), report)
    assert [each.name for each in ledger_of(made) if each.kind == "image"] == ["Fog &amp; <em>mist</em>"]
