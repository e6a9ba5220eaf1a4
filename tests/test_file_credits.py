import io
from pathlib import Path

import pytest
from conftest import diagnostics
from PIL import Image
from publications import png, publication, resolved
from test_image_credit import exif, field, saved, with_iim

from pubkit.credit_values import credits_values
from pubkit.credits import gather, picture_credits
from pubkit.file_credits import with_file_credit
from pubkit.model import Credit, Figure, ImageCredit, Person, Rights, Role
from pubkit.report import Report
from pubkit.source import Location

AT = Location("a.md", 3, 1)
NONE = Rights()


def credited(
    said: ImageCredit, *, credit: str = "", rights: Rights = NONE, language: str = "en", beside: str = ""
) -> Figure:
    figure = Figure(id="f", image="fog.jpg", alt="Fog", credit=credit, rights=rights, at=AT)
    own = (Credit(person=Person(name="Mary Anning"), role=Role(code=beside, label="Words"), at=AT),) if beside else ()
    return with_file_credit(figure, said, language=language, beside=own, report=Report())


def roles(figure: Figure) -> list[tuple[str, str]]:
    return [(credit.role.code, credit.person.name) for credit in picture_credits([figure])]


@pytest.mark.parametrize(
    ("said", "words", "people"),
    [
        (ImageCredit(), "", []),
        (ImageCredit(creators=("Mary Anning",)), "Credit: Mary Anning", [("ctb", "Mary Anning")]),
        (ImageCredit(creators=("Mary Anning",), camera=True), "Credit: Mary Anning", [("pht", "Mary Anning")]),
        (ImageCredit(creators=("A. B", "C. D")), "Credit: A. B and C. D", [("ctb", "A. B"), ("ctb", "C. D")]),
        (ImageCredit(line="Saltmarsh", creators=("Mary Anning",)), "Saltmarsh", [("ctb", "Mary Anning")]),
        (ImageCredit(line="Map: Ida Rhodes", creators=("Ida Rhodes",)), "Map: Ida Rhodes", [("ctg", "Ida Rhodes")]),
        (ImageCredit(creators=("https://example.org",)), "Credit: https://example.org", []),
        (ImageCredit(line="Courtesy of nobody at all"), "Courtesy of nobody at all", []),
        (ImageCredit(rights=Rights(text="© 2026")), "", []),
    ],
)
def test_the_file_speaks_where_the_source_is_silent(
    said: ImageCredit, words: str, people: list[tuple[str, str]]
) -> None:
    found = credited(said)
    assert found.credit == words
    assert roles(found) == people


def test_the_word_beside_a_creator_is_in_the_articles_language() -> None:
    found = credited(ImageCredit(creators=("Mary Anning", "Ida Rhodes")), language="de")
    assert found.credit == "Bild: Mary Anning und Ida Rhodes"
    assert roles(found) == [("ctb", "Mary Anning"), ("ctb", "Ida Rhodes")]  # not as photographers


@pytest.mark.parametrize(("beside", "code"), [("pht", "pht"), ("ill", "ill"), ("aut", "ctb"), ("", "ctb")])
def test_the_articles_credits_say_what_pictures_a_creator_made(beside: str, code: str) -> None:
    assert roles(credited(ImageCredit(creators=("Mary Anning",)), beside=beside)) == [(code, "Mary Anning")]


def test_what_the_source_says_wins() -> None:
    said = ImageCredit(line="Reuters", rights=Rights(text="© File", licence="CC-BY-NC-4.0", url="https://f.org/"))
    found = credited(said, credit="Photo: Ida Rhodes", rights=Rights(licence="CC-BY-4.0"))
    assert (found.credit, roles(found)) == ("Photo: Ida Rhodes", [("pht", "Ida Rhodes")])
    assert found.rights == Rights(text="© File", licence="CC-BY-4.0")
    assert credited(said, rights=Rights(text="© Mine")).rights == Rights(
        text="© Mine", licence="CC-BY-NC-4.0", url="https://f.org/"
    )


@pytest.mark.parametrize(
    ("written", "said", "same"),
    [
        ("Photograph by Mary Anning", ImageCredit(creators=("Mary Anning",)), True),
        ("Photo: M. Anning", ImageCredit(creators=("Mary Anning",)), True),
        ("mary anning", ImageCredit(creators=("ANNING, Mary",)), True),
        ("Photos: Ida Rhodes and Mary Anning", ImageCredit(creators=("Mary Anning",)), True),
        ("Photo: Mary Anning / Reuters", ImageCredit(line="Reuters"), True),
        ("Reuters", ImageCredit(line="Mary Anning / REUTERS", creators=("Mary Anning",)), True),
        ("Foto: Mary Anning", ImageCredit(line="Photo: Mary Anning"), True),
        ("Photo: Ida Rhodes", ImageCredit(line="Photo: Mary Anning"), False),
        ("Photograph by Ida Rhodes", ImageCredit(creators=("Mary Anning",)), False),
        ("Courtesy of the museum", ImageCredit(creators=("Mary Anning",)), False),
        ("Photo: Mary Anningham", ImageCredit(creators=("Mary Anning",)), False),
        ("写真：山田太郎", ImageCredit(creators=("山田太郎",)), True),
        ("Photo: Ida Rhodes", ImageCredit(rights=Rights(text="© Mary Anning")), True),
    ],
)
def test_another_name_is_told(written: str, said: ImageCredit, same: bool) -> None:
    report = Report()
    figure = Figure(id="f", image="fog.jpg", alt="Fog", credit=written, at=AT)
    assert with_file_credit(figure, said, language="en", beside=(), report=report).credit == written
    assert [found.code for found in report.diagnostics] == ([] if same else ["credit-differs"])


@pytest.mark.parametrize(
    ("written", "camera", "beside", "people"),
    [
        ("Mary Anning", False, "", [("ctb", "Mary Anning")]),
        ("Mary Anning", True, "", [("pht", "Mary Anning")]),
        ("Mary Anning", False, "ill", [("ill", "Mary Anning")]),
        ("Mary Anning and Ida Rhodes", False, "", [("ctb", "Mary Anning"), ("ctb", "Ida Rhodes")]),
        ("Ida Rhodes/AFP via Getty Images", False, "", [("pht", "Ida Rhodes"), ("pht", "AFP")]),
        ("Drawing by Mary Anning for The Tideline", False, "", [("ill", "Mary Anning")]),
        ("Zep", False, "", [("ctb", "Zep")]),
        ("private", False, "", []),
        ("Photo: Archive", False, "", []),
        ("CC BY 4.0", False, "", []),
        ("Courtesy of the museum", False, "", []),
    ],
)
def test_whom_the_credit_of_a_picture_names(
    written: str, camera: bool, beside: str, people: list[tuple[str, str]], report: Report
) -> None:
    figure = Figure(id="f", image="fog.jpg", alt="Fog", credit=written, at=AT)
    own = (Credit(person=Person(name="Mary Anning"), role=Role(code=beside, label="Words"), at=AT),) if beside else ()
    said = ImageCredit(camera=camera)
    assert roles(with_file_credit(figure, said, language="en", beside=own, report=report)) == people
    assert not report.diagnostics


def test_a_picture_s_credit_that_cannot_be_read_is_told_and_stays(report: Report) -> None:
    figure = Figure(id="f", image="fog.jpg", alt="Fog", credit="The fog, Which lifts 2 times", at=AT)
    found = with_file_credit(figure, ImageCredit(), language="en", beside=(), report=report)
    assert (found.credit, found.people) == (figure.credit, ())
    assert diagnostics(report) == (
        "a.md:3:1: warning [credit-unclear] this does not read as a credit: 'The fog, Which lifts 2 times'\n"
    )


# In a publication


def fog(**options: object) -> bytes:
    return saved("JPEG", exif=exif("Mary Anning", "© 2026 Mary Anning", **options))


def test_figures_hero_and_cover(tmp_path: Path, report: Report) -> None:
    text = (
        "---\ntitle: A\nlanguage: de\nimage: {src: hero.jpg, alt: Nebel}\n---\n\nText.\n\n"
        '![Nebel](fog.jpg "Ein *dichter* Nebel")\n\n![Nebel](fog.jpg)\n\n![Meer](sea.png)\n'
    )
    files: dict[str, str | bytes] = {
        "a.md": text,
        "fog.jpg": fog(exposed=True),
        "hero.jpg": with_iim(saved(), field(2, 110, b"Ida & Co <b>")),
        "cover.png": saved("PNG", exif=exif("Ada Lovelace")),
        "sea.png": png(),
    }
    found = resolved(publication(tmp_path, files, more="cover: {image: cover.png, alt: Sea}\n"), report)
    article = found.articles[0]
    credit = '<span class="credit">Bild: Mary Anning</span></figcaption>'
    assert f'<figcaption><span class="caption">Ein <em>dichter</em> Nebel</span> {credit}' in article.body
    assert f"<figcaption>{credit}" in article.body
    assert article.body.count("<figcaption>") == 2
    assert article.hero is not None
    assert article.hero.credit == "Ida & Co <b>"
    assert found.cover is not None
    assert found.cover.credit == "Credit: Ada Lovelace"
    groups = {group.role.code: group.people for group in gather((), found.articles)}
    assert [(person.person.name, person.works) for person in groups["pht"]] == [("Mary Anning", ("a",))]
    values = credits_values(found)
    assert [line["credit"] for line in values["images"]] == [
        "Credit: Ada Lovelace",
        "Ida & Co <b>",
        "Bild: Mary Anning",
        "Bild: Mary Anning",
    ]
    assert ["Ada Lovelace"] in [[person["name"] for person in group["people"]] for group in values["groups"]]
    assert [each.code for each in report.diagnostics] == ["rights-unstated"]  # of the sea


def test_two_pictures_in_one_frame_have_one_caption(tmp_path: Path, report: Report) -> None:
    html = '<figure><img src="{}" alt="x"><img src="{}" alt="y"><figcaption>Words</figcaption></figure>'
    files: dict[str, str | bytes] = {
        "a.md": f"# A\n\n{html.format('fog.jpg', 'sea.jpg')}\n\n{html.format('sea.jpg', 'plain.png')}\n",
        "fog.jpg": fog(),
        "sea.jpg": saved(exif=exif("Ida Rhodes")),
        "plain.png": png(),
    }
    body = resolved(publication(tmp_path, files), report).articles[0].body
    assert '<span class="credit">Credit: Mary Anning · Credit: Ida Rhodes</span>' in body
    assert '<span class="caption">Words</span> <span class="credit">Credit: Ida Rhodes</span>' in body


def test_a_copyright_alone_stands_on_the_credits_page(tmp_path: Path, report: Report) -> None:
    files: dict[str, str | bytes] = {"a.md": "# A\n\n![Fog](fog.jpg)\n", "fog.jpg": saved(exif=exif("", "(c) Salt"))}
    found = resolved(publication(tmp_path, files), report)
    assert "figcaption" not in found.articles[0].body
    assert [line["credit"] for line in credits_values(found)["images"]] == ["(c) Salt"]


def test_a_difference_has_its_place(tmp_path: Path, report: Report) -> None:
    text = '---\ntitle: A\nimage: {src: fog.jpg, alt: Fog, credit: Ida}\n---\n\n![F](fog.jpg){credit="Ida"}\n'
    resolved(publication(tmp_path, {"a.md": text, "fog.jpg": fog()}), report)
    words = "info [credit-differs] 'fog.jpg' is credited with 'Ida'; the file itself says 'Mary Anning'\n"
    assert diagnostics(report) == f"a.md:3:9: {words}a.md:6:6: {words}"


def test_equal_pixels_may_have_two_makers(tmp_path: Path, report: Report) -> None:
    one, two = saved(exif=exif("Ida Rhodes")), saved(exif=exif("Mary Anning"))
    assert Image.open(io.BytesIO(one)).tobytes() == Image.open(io.BytesIO(two)).tobytes()
    files: dict[str, str | bytes] = {"a.md": "# A\n\n![x](1.jpg)\n\n![y](2.jpg)\n", "1.jpg": one, "2.jpg": two}
    found = resolved(publication(tmp_path, files), report)
    assert [figure.credit for figure in found.articles[0].figures] == ["Credit: Ida Rhodes", "Credit: Mary Anning"]
