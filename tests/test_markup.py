import re

import pytest
from conftest import diagnostics

from pubkit.credits import read_picture_credit
from pubkit.markup import Fragment, fragment, inline, markdown_inline, markdown_to_html, plain
from pubkit.model import Role
from pubkit.report import Report
from pubkit.source import SourceText


def markdown(text: str, report: Report, *, language: str = "en", title: str = "") -> Fragment:
    source = SourceText(path="a.md", text=text)
    return fragment(
        markdown_to_html(text, language=language),
        source,
        report,
        title=title,
        caption=lambda words: inline(markdown_inline(words, language=language)),
    )


def html(text: str, report: Report) -> Fragment:
    return fragment(text, SourceText(path="a.html", text=text), report)


def test_a_picture_alone_becomes_a_figure_with_caption_and_credit(report: Report) -> None:
    text = markdown('![A crane](c.jpg "The *old* crane"){credit="Photo by Ada" licence="CC0-1.0" .wide}\n', report)
    assert text.body == (
        '<figure class="figure wide" id="fig-1"><img src="c.jpg" alt="A crane"/><figcaption>'
        '<span class="caption">The <em>old</em> crane</span> <span class="credit">Photo by Ada</span></figcaption>'
        "</figure>"
    )
    figure = text.figures[0]
    assert (figure.id, figure.image, figure.credit, figure.rights.licence) == (
        "fig-1",
        "c.jpg",
        "Photo by Ada",
        "CC0-1.0",
    )
    assert str(figure.at) == "a.md:1:12"


@pytest.mark.parametrize(
    ("written", "caption", "credit", "named"),
    [
        (
            "The *old* crane. Photograph: Mary Anning",
            "The <em>old</em> crane.",
            "Photograph: Mary Anning",
            ["Mary Anning"],
        ),
        ("Photo by Mary Anning", "", "Photo by Mary Anning", ["Mary Anning"]),
        ("At noon (Foto: Mary Anning/dpa)", "At noon", "Foto: Mary Anning/dpa", ["Mary Anning", "dpa"]),
        ("At noon | photo by Mary Anning", "At noon", "photo by Mary Anning", ["Mary Anning"]),
        (
            "At noon. (Mary Anning / The Tideline)",
            "At noon.",
            "Mary Anning / The Tideline",
            ["Mary Anning", "The Tideline"],
        ),
        ("At work (Mary Anning / Ida Rhodes)", "At work (Mary Anning / Ida Rhodes)", "", []),  # who is seen
        ("MARY ANNING/AFP/Getty Images", "", "MARY ANNING/AFP/Getty Images", ["MARY ANNING", "AFP", "Getty Images"]),
        ("Le quai. Photo de *Mary* Anning", "Le quai.", "Photo de Mary Anning", ["Mary Anning"]),
        ("Fotos de Mary Anning", "Fotos de Mary Anning", "", []),  # may show her
        ("Karte: Norderney und Juist", "Karte: Norderney und Juist", "", []),
        ("The quay. (Photo: private)", "The quay. (Photo: private)", "", []),
        ("The crane that Mary Anning drew.", "The crane that Mary Anning drew.", "", []),
        ("Left: the crane. Right: the quay", "Left: the crane. Right: the quay", "", []),
    ],
)
def test_the_credit_at_the_end_of_a_caption(
    written: str, caption: str, credit: str, named: list[str], report: Report
) -> None:
    (figure,) = markdown(f'![A crane](c.jpg "{written}")\n', report).figures
    assert (figure.caption, figure.credit) == (caption, credit)
    found = read_picture_credit(figure.credit, figure.at, role=Role(code="pht")) if credit else ()
    assert [each.person.name for each in found] == named


def test_a_credit_with_a_link_stays_in_the_caption_and_counts(report: Report) -> None:
    text = "![A](a.png)\n\n/// caption\nThe quay. Photo by [Mary Anning](https://example.org)\n///\n"
    (figure,) = markdown(text, report).figures
    assert figure.caption == 'The quay. Photo by <a href="https://example.org">Mary Anning</a>'
    assert (figure.credit, [each.person.name for each in figure.people]) == ("", ["Mary Anning"])


def test_a_rich_caption_block_and_an_ornament(report: Report) -> None:
    text = markdown(
        "![A](a.png){credit=Ada}\n\n/// caption\nWith a [link](https://example.org).\n///\n\n![](o.svg){.decorative}\n",
        report,
    )
    assert (
        '<span class="caption">With a <a href="https://example.org">link</a>.</span> <span class="credit">Ada</span>'
        in text.body
    )
    assert '<img src="o.svg" alt="" role="presentation"/>' in text.body
    assert not report.diagnostics


def test_a_picture_in_a_sentence_stays_there(report: Report) -> None:
    text = markdown("See ![a sign](s.png) here.\n", report)
    assert text.body == '<p>See <img src="s.png" alt="a sign"/> here.</p>'
    assert not text.figures


def test_tables_have_scope_alignment_and_caption(report: Report) -> None:
    body = markdown("| A | B |\n|---|--:|\n| x | 1 |\n\n/// table-caption\nTwo *columns*\n///\n", report).body
    assert body.startswith('<figure class="table" id="fig-1">')
    assert '<th scope="col">A</th>' in body
    assert '<td class="right">1</td>' in body
    assert '<figcaption><span class="caption">Two <em>columns</em></span></figcaption>' in body


def test_notes_are_references_and_notes_with_ways_back(report: Report) -> None:
    text = markdown("One[^1] and again[^1].\n\n[^1]: The note.\n\n    Its second paragraph.\n", report)
    assert text.body == (
        '<p>One<a class="noteref" href="#fn-1" role="doc-noteref" id="fnref-1">1</a> and again'
        '<a class="noteref" href="#fn-1" role="doc-noteref" id="fnref2-1">1</a>.</p>'
    )
    assert text.notes.count('role="doc-backlink"') == 2
    assert plain(text.notes) == "1 b The note. Its second paragraph."
    assert not text.links


def test_notes_after_a_note_with_a_list_are_found(report: Report) -> None:
    text = markdown("One[^1] and two[^2].\n\n[^1]: First.\n\n    - a\n    - b\n\n[^2]: Second.\n", report)
    assert text.notes.count('role="doc-footnote"') == 2
    assert "<ul>" in text.notes


def test_boxes(report: Report) -> None:
    body = markdown("/// pullquote | Ada\nSaid she.\n///\n\n/// aside | Box\n- one\n///\n\n* * *\n", report).body
    assert '<aside class="pullquote" role="doc-pullquote">\n<p>Said she.</p>\n<p class="speaker">Ada</p>' in body
    assert '<aside class="sidebar" aria-labelledby="box-1">\n<p class="sidebar-title" id="box-1">Box</p>' in body
    assert '<hr class="break"/>' in body


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ c” – d — it’s the ’90s…"),
        ("de", "„a ‚b‘ c“ – d — it’s the ’90s…"),
        ("fr", "«\u202fa ‹\u202fb\u202f› c\u202f» – d — it’s the ’90s…"),
    ],
)
def test_punctuation_follows_the_language(language: str, expected: str, report: Report) -> None:
    body = markdown("\"a 'b' c\" -- d --- it's the '90s...", report, language=language).body
    if language == "fr":  # which inner quotation marks French has is the label file's matter
        assert body.startswith("<p>«\u202fa ")
    else:
        assert body == f"<p>{expected}</p>"


def test_code_is_left_alone(report: Report) -> None:
    body = markdown('`"--"` and\n\n```python\nprint("--")\n```\n', report).body
    assert '<code>"--"</code>' in body
    assert plain(body) == '"--" and print("--")'
    assert 'class="nb">print<' in body


def test_tex_becomes_mathml(report: Report) -> None:
    body = markdown("$x^2$\n\n$$\\frac{a}{b}$$\n", report).body
    assert 'display="inline" alttext="x^2"' in body
    assert '<div class="math"><math' in body
    assert "<mfrac>" in body


def test_the_first_heading_is_the_title_where_there_is_none(report: Report) -> None:
    assert markdown("# The *title*\n\nText.\n", report).title == "The <em>title</em>"
    again = markdown("# A title\n\nText.\n", report, title="A Title")
    assert (again.title, again.body) == ("", "<p>Text.</p>")
    other = markdown("# Another\n\nText.\n", report, title="A title")
    assert other.body.startswith('<h2 id="another">Another</h2>')


def test_headings_skip_no_level_and_are_never_empty(report: Report) -> None:
    text = html("<h3>A</h3><h6>B</h6><h4></h4><h2>C</h2>", report)
    assert re.findall(r"<(h\d)", text.body) == ["h2", "h3", "h2"]
    assert [(heading.level, heading.title) for heading in text.headings] == [(2, "A"), (3, "B"), (2, "C")]


def test_a_heading_that_is_only_a_picture_becomes_a_figure(report: Report) -> None:
    text = markdown('# ![The quay](quay.jpg)\n\nText.\n\n## Next\n\n### ![Tide](tide.jpg "High water")\n', report)
    assert (text.title, [heading.title for heading in text.headings]) == ("", ["Next"])
    assert [(figure.image, figure.alt) for figure in text.figures] == [("quay.jpg", "The quay"), ("tide.jpg", "Tide")]
    assert text.body.startswith('<figure class="figure" id="fig-1"><img src="quay.jpg" alt="The quay"/></figure>')
    linked = html('<h2 id="map"><a href="https://example.org/"><img src="map.png" alt="Map"></a></h2><p>x</p>', report)
    assert [(figure.id, figure.image) for figure in linked.figures] == [("map", "map.png")]
    assert not linked.headings


def test_ids_are_unique_and_links_follow_them(report: Report) -> None:
    text = html('<h2 id="a b">One</h2><h2 id="x">Two</h2><p id="x">p</p><p><a href="#a b">l</a></p>', report)
    assert re.findall(r'id="([^"]+)"', text.body) == ["a-b", "x", "x-2"]
    assert 'href="#a-b"' in text.body
    assert "[id-duplicate]" in diagnostics(report)


def test_what_is_taken_out_is_reported_once_and_with_its_place(report: Report) -> None:
    text = html('<p onclick="x()">a<script>b</script></p>\n<iframe src="https://x"></iframe><iframe></iframe>', report)
    assert text.body == "<p>a</p>"
    assert diagnostics(report) == (
        "a.html:1:4: warning [markup-removed] the attribute onclick was taken out\n"
        "a.html:1:19: warning [markup-removed] <script> was taken out\n"
        "a.html:2:1: warning [markup-removed] <iframe> was taken out\n"
    )


def test_a_place_is_given_only_where_it_is_certain(report: Report) -> None:
    text = markdown("[a][x] and [b][x] and `nowhere.md`\n\n[x]: other.md\n", report)
    assert [str(link.at) for link in text.links] == ["a.md:3:6", "a.md:3:6"]
    text = markdown("`other.md` and [b](other.md)\n", Report())
    assert [str(link.at) for link in text.links] == ["a.md"]


@pytest.mark.parametrize("depth", [100, 220, 5000])
def test_deep_nesting_keeps_the_words(depth: int, report: Report) -> None:
    text = html("<div>" * depth + "deep" + "</div>" * depth, report)
    assert plain(text.body) == "deep"
    assert ("nesting-too-deep" in diagnostics(report)) == (depth > 200)


def test_captions_stand_only_where_they_may(report: Report) -> None:
    body = html(
        "<figure><p>a</p><figcaption>one</figcaption><figcaption>two</figcaption></figure>"
        "<div><figcaption>three</figcaption></div>"
        "<figure><p>b</p><figcaption>four</figcaption></figure>",
        report,
    ).body
    assert re.findall(r"<figcaption>(\w+)", body) == ["two", "four"]
    assert "<div>one</div>" in body
    assert "<div>three</div>" in body


def test_mathml_of_the_source_gets_words(report: Report) -> None:
    body = html("<p><math><mi>a</mi><mo>+</mo><mi>b</mi></math></p>", report).body
    assert 'alttext="a+b"' in body
