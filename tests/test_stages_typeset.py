from dataclasses import replace
from pathlib import Path

import pytest
from conftest import diagnostics
from publications import png, publication, resolved

from pubkit.markup import parse, plain
from pubkit.model import Edition, PageGeometry, Theme, TocEntry
from pubkit.report import Report
from pubkit.stages import typeset as stage
from pubkit.stages.typeset import SHORTEST_DROP_CAP, typeset
from pubkit.theme import DOCUMENT_TEMPLATES, load_theme

LONG = " and the tide goes out over the flats" * 6
PAGE = PageGeometry(width=170, height=240, top=20, bottom=24, inside=20, outside=16)


@pytest.fixture(scope="module")
def folio() -> Theme:
    found = load_theme("folio", Report())
    assert found is not None
    return found


def small(**templates: str) -> Theme:
    """A theme of the smallest templates that work, some of them replaced; `_` stands for the dot."""
    usual = {name: f'<section id="{name.partition(".")[0]}"></section>' for name in DOCUMENT_TEMPLATES}
    usual["article.html"] = '<section id="{{ article.id }}">{{ article.body }}</section>'
    named = {f"{name.lstrip('_') if name == '_' else name}.html": text for name, text in templates.items()}
    return Theme(name="small", page=PAGE, templates={**usual, **named}, epub_css="", print_css="", furniture_css="")


def edition_of(
    folder: Path, report: Report, theme: Theme, articles: dict[str, str | bytes] | None = None, more: str = ""
) -> Edition:
    folder = publication(folder, articles or {"a.md": "# A\n\nText.\n"}, more=more)
    return typeset(resolved(folder, report), theme, report)


FULL: dict[str, str | bytes] = {
    "a.md": (
        "---\nauthor: Ada Lovelace and Charles Babbage\ncredits: {Photographs by: Mary Anning}\n---\n"
        "# The *sea*\n\n## Low\n\nText.\n\n### Lower\n\nText.\n\n## High\n\nText.\n"
    ),
    "b.md": '# B\n\n![Fog](fog.png "Fog *over* water"){credit="Photograph by Mary Anning" licence="CC0-1.0"}\n',
    "c.md": "---\nimage: {src: fog.png, alt: A fog, credit: By Ida Rhodes}\n---\n# C\n\nText.\n\n### Deep\n\nText.\n",
    "fog.png": png(),
    "cover.png": png("red", (30, 40)),
}
MORE = (
    "contents:\n  - a.md\n  - section: Reports\n    articles: [b.md, c.md]\n"
    "cover: {image: cover.png, alt: Red, credit: Drawing by Ida Rhodes}\n"
)


def test_documents_come_in_reading_order(tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio, FULL, MORE)
    assert [(document.name, document.kind, document.matter) for document in edition.documents] == [
        ("cover", "cover", "front"),
        ("titlepage", "titlepage", "front"),
        ("contents", "contents", "front"),
        ("a", "article", "body"),
        ("b", "article", "body"),
        ("c", "article", "body"),
        ("credits", "credits", "back"),
        ("permissions", "permissions", "back"),
        ("colophon", "colophon", "back"),
    ]
    assert edition.documents[3].title == "The sea"
    assert edition.documents[3].running == ("Tide tables", "The sea")
    assert edition.cover == "0001-cover.png"
    assert edition.landmarks == (
        ("cover", "cover", "Cover"),
        ("titlepage", "titlepage", "Tide tables"),
        ("toc", "contents", "Contents"),
        ("bodymatter", "a", "The sea"),
        ("credits", "credits", "Credits"),
        ("loi", "credits--images", "Image credits"),
        ("colophon", "colophon", "Colophon"),
    )
    assert report.ok


@pytest.mark.parametrize("part", ["cover", "title-page", "contents", "credits", "permissions", "colophon"])
def test_each_part_can_be_left_out(part: str, tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio, FULL, MORE + f"parts: {{{part}: false}}\n")
    name = part.replace("-", "")
    assert name not in [document.name for document in edition.documents]
    assert name not in [entry.target for entry in edition.toc]
    assert name not in [target for _, target, _ in edition.landmarks]
    assert name not in edition.home_of
    assert len(edition.documents) == 8
    assert bool(edition.cover) == (part != "cover")
    assert report.ok


def test_nobody_named_no_credits_page(tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio)
    assert [document.name for document in edition.documents] == ["titlepage", "contents", "a", "colophon"]
    assert [entry.target for entry in edition.toc] == ["a", "colophon"]


def outline(entries: tuple[TocEntry, ...]) -> list[object]:
    return [[entry.target, outline(entry.children)] if entry.children else entry.target for entry in entries]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (1, ["a", ["b", ["b", "c"]], "credits", "permissions", "colophon"]),
        (2, [["a", ["a--low", "a--high"]], ["b", ["b", ["c", ["c--deep"]]]], "credits", "permissions", "colophon"]),
        (
            3,
            [
                ["a", [["a--low", ["a--lower"]], "a--high"]],
                ["b", ["b", ["c", ["c--deep"]]]],
                "credits",
                "permissions",
                "colophon",
            ],
        ),
    ],
)
def test_the_contents_are_as_deep_as_is_asked(
    depth: int, expected: list[object], tmp_path: Path, report: Report, folio: Theme
) -> None:
    edition = edition_of(tmp_path, report, folio, FULL, MORE + f"parts: {{contents: {{depth: {depth}}}}}\n")
    assert outline(edition.toc) == expected
    assert edition.toc[1].title == "Reports"
    assert edition.toc[0].authors == "Ada Lovelace and Charles Babbage"
    page = parse(next(document.body for document in edition.documents if document.kind == "contents"))
    printed = [link.get("href", "")[1:] for link in page.iter("a")]

    def told(entries: tuple[TocEntry, ...]) -> list[str]:
        return [
            name for entry in entries for name in ([entry.target] * (entry.kind != "section") + told(entry.children))
        ]

    assert printed == [name for name in told(edition.toc) if name not in ("credits", "permissions", "colophon")]
    numbered = {span.get("data-page") for span in page.iter("span") if span.get("class") == "page-number"}
    assert numbered == set(printed)


def test_every_link_and_every_number_leads_somewhere(tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio, FULL, MORE + "parts: {contents: {depth: 3}}\n")
    for document in edition.documents:
        for element in parse(document.body).iter():
            href = element.get("href", "")
            assert not href.startswith("#") or href[1:] in edition.home_of
            assert element.get("data-page", "a") in edition.home_of
            assert edition.home_of.get(element.get("id", ""), document.name) == document.name


def test_the_credits_page_names_everybody_and_every_picture(tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio, FULL, MORE)
    words = plain(next(document.body for document in edition.documents if document.kind == "credits"))
    for name in ("Ada Lovelace", "Charles Babbage", "Mary Anning", "The sea"):
        assert name in words
    assert "Red" in words
    assert "Drawing by Ida Rhodes" in words
    assert "Fog over water" in words
    assert "Photograph by Mary Anning, CC0-1.0" in words
    assert "A fog" in words
    assert "By Ida Rhodes" in words
    assert {credit.person.name for credit in edition.credits} == {
        "Ada Lovelace",
        "Charles Babbage",
        "Mary Anning",
        "Ida Rhodes",
    }


def test_without_a_cover_page_its_picture_is_not_credited(tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio, FULL, MORE + "parts: {cover: false}\n")
    assert "Drawing by" not in "".join(document.body for document in edition.documents)


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        (f"The sea{LONG}", "T"),
        (f'"The sea"{LONG}', "“T"),
        (f"'The sea'{LONG}", "‘T"),
        (f"« Le{LONG}", "« L"),
        (f"„Das Meer{LONG}", "„D"),
        (f"¿Qué{LONG}", "¿Q"),
        (f"(The{LONG}", "(T"),
        (f"Été{LONG}", "É"),
        (f"E\u0301te\u0301{LONG}", "E\u0301"),
        (f"Прилив{LONG}", "П"),
        (f"Θάλασσα{LONG}", "Θ"),
        (f"The *sea*{LONG}", "T"),
    ],
)
def test_a_long_first_paragraph_gets_a_drop_cap(
    text: str, cap: str, tmp_path: Path, report: Report, folio: Theme
) -> None:
    edition = edition_of(tmp_path, report, folio, {"a.md": f"# A\n\n{text}\n\n{text}\n"})
    body = next(document.body for document in edition.documents if document.kind == "article")
    assert f'<p><span class="dropcap">{cap}</span>' in body
    assert body.count('class="dropcap"') == 1
    assert "with-dropcap" in body


@pytest.mark.parametrize(
    "text",
    [
        "The sea.",
        "T" * (SHORTEST_DROP_CAP - 1),
        f"بحر{LONG}",
        f"海{LONG}",
        f"שלום{LONG}",
        f"1855{LONG}",
        f"*The* sea{LONG}",
        f"— The sea{LONG}",
        f"...and{LONG}",
        f"## The sea\n\nThe sea{LONG}",
        f"> The sea{LONG}",
        f"- The sea{LONG}",
        f"![The]( fog.png){LONG}",
    ],
)
def test_no_drop_cap(text: str, tmp_path: Path, report: Report, folio: Theme) -> None:
    edition = edition_of(tmp_path, report, folio, {"a.md": f"# A\n\n{text}\n", "fog.png": png()})
    assert "dropcap" not in "".join(document.body for document in edition.documents)


def test_an_article_speaks_its_own_language(tmp_path: Path, report: Report, folio: Theme) -> None:
    german = "---\nlanguage: de\nauthor: Ada Lovelace und Emmy Noether\n---\n# Meer\n\nText.[^1]\n\n[^1]: Note.\n"
    edition = edition_of(tmp_path, report, folio, {"a.md": german})
    article = next(document for document in edition.documents if document.kind == "article")
    assert article.language == "de"
    assert "Ada Lovelace und Emmy Noether" in article.body
    assert "Anmerkungen" in article.body
    assert edition.toc[0].authors == "Ada Lovelace and Emmy Noether"
    assert edition.labels["contents"] == "Contents"


# Templates are somebody else's program

WRONG = "error [theme-invalid] the theme does not work here: "
LINE_1, NOWHERE = f":1: {WRONG}", f": {WRONG}"


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("one\n{{ ''.__class__ }}", ":2: " + WRONG + "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ article.titel }}", LINE_1 + "'dict object' has no attribute 'titel'"),
        ("\n\n{{ nothing }}", ":3: " + WRONG + "'nothing' is undefined"),
        ("{{ labels.update(x=1) }}", LINE_1),
        ("{% include 'other.html' %}", LINE_1),
        ("{{ 1 / 0 }}", LINE_1 + "division by zero"),
        ("{{ 'x' + 1 }}", LINE_1),
        ("{{ '{a}'.format() }}", LINE_1),
        ("{{ 'x'|nofilter }}", LINE_1 + "No filter named 'nofilter'"),
        ("{% for i in range(10**9) %}{% endfor %}", LINE_1 + "Range too big"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", ""),
        ("{% for i in [1] %}" * 30 + "{% endfor %}" * 30, ""),
        ("{% extends 'article.html' %}", ""),
        ("<p>\n<b></p>", NOWHERE + "what it makes is not well-formed: "),
        ("<p>&nbsp;</p>", NOWHERE + "what it makes is not well-formed: "),
        ("<p id='{{ article.id }}'><a href='#nowhere'>x</a></p>", NOWHERE + "it refers to '#nowhere'"),
        ("<p id='{{ article.id }}'><img src='x.png'/></p>", NOWHERE + "it refers to 'x.png'"),
        ("<p id='{{ article.id }}'><b id='contents'/></p>", NOWHERE + "it gives the id 'contents' for the second time"),
        ("<p>x</p>", NOWHERE + "no element of 'a' has that id"),
    ],
)  # fmt: skip
def test_a_template_that_does_not_work_is_reported(
    template: str, expected: str, tmp_path: Path, report: Report
) -> None:
    edition_of(tmp_path, report, small(article=template))
    assert [found.code for found in report.diagnostics] == ["theme-invalid"]
    assert diagnostics(report).startswith(f"small/templates/article.html{expected}")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "took 1.5 seconds"),
        ("{% for i in range(9000) %}{{ 'x' * 999999 }}{% endfor %}", "took"),
        ("{% set n = 9 %}{{ n ** (n ** n) }}", "took 1.5 seconds"),
    ],
)
def test_a_template_that_takes_too_much_is_stopped(
    template: str, words: str, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "SECONDS", 1.5)
    monkeypatch.setattr("pubkit.workers.MEGABYTES", 2048)
    folder = publication(tmp_path, {"a.md": "# A\n\nText.\n", "b.md": "# B\n\nText.\n"})
    only_a = "{% if article.id == 'a' %}" + template + "{% endif %}<p id='{{ article.id }}'></p>"
    edition = typeset(resolved(folder, report), small(article=only_a), report, jobs=1)
    assert [document.name for document in edition.documents] == ["titlepage", "contents", "b", "colophon"]
    assert diagnostics(report).startswith(f"small/templates/article.html: {WRONG}rendering a took")
    assert words in diagnostics(report)


def test_texts_are_escaped_and_fragments_are_not(tmp_path: Path, report: Report) -> None:
    title = "<p id='titlepage'>{{ publication.title }}</p>"
    article = "<p id='{{ article.id }}' title='{{ article.kicker }}'>{{ article.title }}</p>"
    text = "---\nsection: \"a < 'b'\"\n---\n# A *b* & c\n\nText.\n"
    folder = publication(tmp_path, {"a.md": text})
    read = resolved(folder, report)
    read = replace(read, metadata=replace(read.metadata, title="<script>&"))
    edition = typeset(read, small(titlepage=title, article=article), report)
    assert edition.documents[0].body == "<p id='titlepage'>&lt;script&gt;&amp;</p>"
    assert edition.documents[2].body == "<p id='a' title='a &lt; &#39;b&#39;'>A <em>b</em> &amp; c</p>"
    assert report.ok


def test_jobs_change_nothing(tmp_path: Path, report: Report, folio: Theme) -> None:
    read = resolved(publication(tmp_path, FULL, more=MORE), report)
    assert typeset(read, folio, report) == typeset(read, folio, report, jobs=2)
