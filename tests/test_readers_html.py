from __future__ import annotations

import json
import logging
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pubkit.markup import parse, plain
from pubkit.model import Article
from pubkit.readers.html import read_html
from pubkit.report import Report
from pubkit.source import SourceText

CAPTURES = Path(__file__).parent / "captures"
PARAGRAPH = (
    "<p>On the morning the gauge at the old quay read nothing at all, and the keeper, who had written a number into "
    "the same book every day for years, wrote a dash, and nothing else.</p>"
)
TEXT = PARAGRAPH * 4


def read(html: str, *, title: str = "", root: Path = Path("/nowhere")) -> tuple[Article, Report]:
    report = Report()
    source = SourceText(path="a-page.html", text=html, root=root)
    article = read_html(source, report, language="en", title=title)
    parse(article.body)
    return article, report


def page(head: str = "", body: str = "", *, text: str = TEXT) -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}<article>{text}</article></body></html>"


def data(**facts: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **facts})}</script>'


def names(article: Article) -> list[str]:
    return [credit.person.name for credit in article.credits]


def codes(report: Report) -> list[str]:
    return [found.code for found in report.diagnostics]


@pytest.fixture(scope="module")
def capture() -> tuple[Article, Report]:
    return read((CAPTURES / "page.html").read_text(encoding="utf-8"))


def test_the_facts_of_a_page(capture: tuple[Article, Report]) -> None:
    article, _ = capture
    assert article.title == "The Harbour That Walked"
    assert article.dek == "A town followed its water, and found it again twelve miles on."
    assert (article.kicker, article.date) == ("Coast", "2026-05-04")
    assert (article.language, article.direction) == ("en-GB", "ltr")
    assert (article.origin.site, article.origin.url) == ("The Tide Gazette", "https://tide.example/2026/harbour")


def test_authors_are_persons_and_not_the_site(capture: tuple[Article, Report]) -> None:
    article, _ = capture
    assert names(article) == ["Ada Lovelace", "Charles Babbage"]
    assert article.credits[0].person.url == "https://tide.example/people/ada"
    assert article.credits[0].role.code == "aut"
    assert article.credits[0].at.line == 18


def test_headline_byline_and_standfirst_are_not_said_again(capture: tuple[Article, Report]) -> None:
    article, report = capture
    text = plain(article.body)
    assert text.startswith("On the morning of 4 May the gauge")
    assert "found it again" not in text
    assert "By Ada Lovelace" not in text
    assert [found.code for found in report.diagnostics] == ["page-furniture", "page-repeats"]


def test_what_readability_drops_by_class_comes_back(capture: tuple[Article, Report]) -> None:
    article, _ = capture
    assert [heading.title for heading in article.headings] == ["What came after"]
    assert "<li>the ferry company</li>" in article.body
    assert "<figcaption" in article.body
    assert "level = None\nprint(level)" in plain(article.body).replace(" print", "\nprint")
    assert 'class="language-python"' in article.body
    assert "1. The book is in the museum" in plain(article.body)


def test_furniture_stays_outside(capture: tuple[Article, Report]) -> None:
    article, report = capture
    for words in ("Home", "Imprint", "Ferry That", "Sign up", "track", "color: red"):
        assert words not in article.body
    assert "page-furniture" in codes(report)


def test_links_get_whole_addresses_or_go(capture: tuple[Article, Report]) -> None:
    article, _ = capture
    hrefs = re.findall(r'href="([^"]*)"', article.body)
    assert "https://tide.example/tag/boats" in hrefs
    assert "#n1" in hrefs
    assert 'id="n1"' in article.body
    assert not any("nowhere" in href for href in hrefs)
    assert "but see elsewhere" in plain(article.body)


def test_images_beside_the_page_keep_their_path(tmp_path: Path) -> None:
    html = (CAPTURES / "page.html").read_text(encoding="utf-8")
    assert read(html)[0].figures[0].image == "https://tide.example/2026/quay.jpg"
    Image.new("RGB", (9, 9)).save(tmp_path / "quay.jpg")
    article, _ = read(html, root=tmp_path)
    assert [figure.image for figure in article.figures] == ["quay.jpg"]
    assert article.hero is None


def test_lead_image_only_when_it_was_saved_too(tmp_path: Path) -> None:
    head = '<meta property="og:image" content="lead.jpg"><meta property="og:image:alt" content="Cranes">'
    assert read(page(head), root=tmp_path)[0].hero is None
    Image.new("RGB", (9, 9)).save(tmp_path / "lead.jpg")
    hero = read(page(head), root=tmp_path)[0].hero
    assert hero is not None
    assert (hero.image, hero.alt, hero.id) == ("lead.jpg", "Cranes", "hero")


def test_image_without_any_address_is_reported() -> None:
    article, report = read(page(text=TEXT + '<figure><img src="lost.png" alt="A"></figure>' + PARAGRAPH))
    assert article.figures == ()
    assert codes(report) == ["page-image-unknown"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (data(headline="A &amp; B"), "A & B"),
        (data(headline="From the data") + '<meta property="og:title" content="From meta">', "From the data"),
        ('<title>The wall – The Gazette</title><meta property="og:title" content="The wall">', "The wall"),
        ('<meta property="og:site_name" content="Gazette"><meta property="og:title" content="Wall - Gazette">', "Wall"),
        ("<title>The long old wall by the sea | Gazette</title>", "The long old wall by the sea"),
        ("<title>Wall: a history</title>", "Wall: a history"),
        ("<title>Wall &amp; &lt;sea&gt;</title>", "Wall & <sea>"),
        ('<script type="application/ld+json">{broken</script><title>The wall</title>', "The wall"),
    ],
)
def test_titles(head: str, expected: str) -> None:
    assert plain(read(page(head))[0].title) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (data(author="Ada Lovelace and Charles Babbage"), "", ["Ada Lovelace", "Charles Babbage"]),
        (data(author={"name": "By Ada Lovelace"}), "", ["Ada Lovelace"]),
        (data(author=[{"@type": "Person", "name": "Sammy Davis, Jr."}]), "", ["Sammy Davis, Jr."]),
        ('<meta name="author" content="@ada">', "", []),
        ('<meta name="author" content="https://example.org/ada">', "", []),
        ('<meta property="og:site_name" content="Mac &amp; i"><meta name="author" content="Mac &amp; i">', "", []),
        ('<meta name="author" content="admin">', '<p class="byline">By Ada Lovelace</p>', ["Ada Lovelace"]),
        (
            "",
            '<p class="byline">By <b>Ada Lovelace</b>, <b>Ida Rhodes</b> <i>4 May 2026</i> <i>12</i></p>',
            ["Ada Lovelace", "Ida Rhodes"],
        ),
        (
            "",
            '<p class="byline"><span itemprop="author"><b itemprop="name">Ada Lovelace</b></span> Staff</p>',
            ["Ada Lovelace"],
        ),
        ("", '<p class="byline">4 May 2026</p>', []),
        ("", '<div class="comments"><p class="author">Ida Rhodes</p></div>', []),
    ],
)
def test_authors(head: str, body: str, expected: list[str]) -> None:
    assert names(read(page(head, body))[0]) == expected


def test_a_byline_that_says_more_is_kept() -> None:
    more = "By Ada Lovelace, who has walked the whole wall twice in winter"
    article, _ = read(page(data(author="Ada Lovelace"), text=f'<p class="byline">{more}</p>' + TEXT))
    assert more in plain(article.body)


def test_a_date_in_a_sentence_stays_there() -> None:
    text = '<p>On <time datetime="2026-05-04">May 4, 2026</time> the water went, and nobody said a word about it.</p>'
    article, _ = read(page(data(datePublished="2026-05-04"), text=text + TEXT))
    assert plain(article.body).startswith("On May 4, 2026 the water went")


def test_a_description_that_repeats_the_text_is_no_standfirst() -> None:
    start = plain(PARAGRAPH)[:90]
    article, _ = read(page(f'<meta property="og:description" content="{start}">'))
    assert article.dek == ""
    assert read(page('<meta property="og:description" content="All about walls, on our great site.">'))[0].dek == ""


def test_direction_and_language() -> None:
    rtl = f'<html lang="he" dir="rtl"><body><article>{TEXT}</article></body></html>'
    assert (read(rtl)[0].language, read(rtl)[0].direction) == ("he", "rtl")
    assert read(page())[0].language == "en"
    assert read(page().replace("<html>", '<html lang="!!">'))[0].language == "en"


def test_boxes_become_paragraphs() -> None:
    text = (
        "<div><div>One line of words, and more of them, that is long enough.<br><br>Two <b>bold</b> words.</div></div>"
    )
    article, _ = read(page(text=TEXT + text + TEXT))
    assert "<p>One line of words, and more of them, that is long enough.</p>" in article.body
    assert "<p>Two <b>bold</b> words.</p>" in article.body
    assert "<div" not in article.body


@pytest.mark.parametrize(
    ("caption", "words", "credit"),
    [
        ('<figcaption>The quay <span class="photo-credit">Mary Anning</span></figcaption>', "The quay", "Mary Anning"),
        ('<figcaption>The quay <i itemprop="copyrightHolder">Reuters</i></figcaption>', "The quay", "Reuters"),
        (
            "<figcaption>The quay <span><span>Credit</span>Mary Anning for The Tideline</span></figcaption>",
            "The quay",
            "Mary Anning for The Tideline",
        ),
        ('<figcaption class="image-credit">Mary Anning/AP</figcaption>', "", "Mary Anning/AP"),
        ('<div class="media-credit">Mary Anning</div>', "", "Mary Anning"),
        (
            '<figcaption>The quay <i class="credit">Mary Anning</i> <i class="media-credit">Reuters</i></figcaption>',
            "The quay",
            "Mary Anning / Reuters",
        ),
        ('<figcaption class="with-credit">The quay at noon</figcaption>', "The quay at noon", ""),
        ('<div class="words">The quay <span class="photographer">Mary Anning</span></div>', "The quay", "Mary Anning"),
        (
            '<figcaption><div class="credit-box">The quay <span class="credit">Mary Anning</span></div></figcaption>',
            "The quay",
            "Mary Anning",
        ),
        ("<figcaption>The quay. (AP Photo/Mary Anning)</figcaption>", "The quay.", "AP Photo/Mary Anning"),
        (
            '<figcaption><span class="credit"><a href="https://e.org/m">Mary</a></span></figcaption>',
            '<a href="https://e.org/m">Mary</a>',
            "",
        ),
    ],
)
def test_the_credit_of_a_pages_picture(caption: str, words: str, credit: str) -> None:
    picture = f'<figure><img src="https://e.org/x.jpg" alt="X">{caption}</figure>'
    article, _ = read(page(text=PARAGRAPH * 2 + picture + PARAGRAPH * 2))
    assert [(figure.caption, figure.credit) for figure in article.figures] == [(words, credit)]


def test_each_picture_of_a_group_keeps_its_credit_and_what_is_no_picture_its_words() -> None:
    one = '<figure><img src="https://e.org/{0}.jpg" alt="X"><figcaption class="credit">{1}</figcaption></figure>'
    group = f"<figure>{one.format('a', 'Mary Anning')}{one.format('b', 'Ida Rhodes')}</figure>"
    quotation = '<figure><blockquote><p class="credit">To be or not</p></blockquote></figure>'
    article, _ = read(page(text=PARAGRAPH * 2 + group + quotation + PARAGRAPH * 2))
    assert [figure.credit for figure in article.figures] == ["Mary Anning", "Ida Rhodes"]
    assert "<blockquote><p>To be or not</p></blockquote>" in article.body


def test_credit_lines_at_the_head_and_the_end_of_a_page_are_credits() -> None:
    lines = "<p>(Reporting by Mary Anning; editing by Ida Rhodes)</p><p>Share this story</p>"
    article, report = read(page(text="<p>Photographs by Hedy Lamarr</p>" + TEXT * 3 + lines))
    assert [(credit.role.code, credit.person.name) for credit in article.credits] == [
        ("pht", "Hedy Lamarr"),
        ("rpt", "Mary Anning"),
        ("edt", "Ida Rhodes"),
    ]
    assert "Lamarr" not in article.body
    assert "Rhodes" not in article.body
    assert "page-text-lost" not in codes(report)


def test_a_credit_line_in_the_middle_or_with_a_licence_stays_in_the_text() -> None:
    middle = "<p>Photographs by Hedy Lamarr</p>"
    article, _ = read(page(text=TEXT * 3 + middle + TEXT * 3 + "<p>Photos: Mary Anning, CC BY 4.0</p>"))
    assert names(article) == ["Mary Anning"]
    assert "Hedy Lamarr" in article.body
    assert "CC BY 4.0" in article.body


def test_a_line_at_the_end_of_a_page_that_may_be_a_credit_is_told() -> None:
    article, report = read(page(text=TEXT + "<p>Photgraphs: Mary Anning</p>"))
    assert "credit-unclear" in codes(report)
    assert "Photgraphs" in article.body


def test_captioned_box_becomes_a_figure() -> None:
    image = '<a href="https://e.org/x"><img src="https://e.org/x.jpg" alt="X"></a>'
    box = f'<div class="wp-caption">{image}<p class="wp-caption-text">The quay</p></div>'
    article, _ = read(page(text=TEXT + box + TEXT))
    assert [(figure.image, figure.caption) for figure in article.figures] == [("https://e.org/x.jpg", "The quay")]


def test_lazy_images_get_the_address_they_would_load() -> None:
    lazy = '<p><img src="data:image/gif;base64,R0" data-src="https://e.org/a.jpg" alt="A"></p>'
    lazy += (
        '<p><img class="ph" src="/blank.gif" alt=""><noscript><img src="https://e.org/b.jpg" alt="B"></noscript></p>'
    )
    article, _ = read(page(text=TEXT + lazy + TEXT))
    assert [figure.image for figure in article.figures] == ["https://e.org/a.jpg", "https://e.org/b.jpg"]


def test_a_given_title_drops_its_heading_too() -> None:
    article, _ = read(page("<title>Other</title>", text="<h1>The wall</h1>" + TEXT), title="The wall")
    assert "The wall" not in article.body


def test_without_metadata_the_first_heading_is_the_title() -> None:
    article, _ = read(page(text="<h1>The <em>old</em> wall</h1>" + TEXT))
    assert article.title == "The <em>old</em> wall"
    assert "<h1" not in article.body


@pytest.mark.parametrize("html", ["", "   \n", "<!-- nothing -->", "<html></html>", "<html><body></body></html>"])
def test_empty_pages(html: str) -> None:
    article, _ = read(html)
    assert (article.title, article.body.strip()) == ("", "")


def test_text_without_markup_is_kept() -> None:
    assert plain(read("Just words, & more.")[0].body) == "Just words, & more."


@pytest.mark.parametrize("depth", [300, 1900])
def test_deep_nesting_loses_no_text(depth: int) -> None:
    article, report = read("<div>" * depth + TEXT + "<p>The end.</p>" + "</div>" * depth)
    assert plain(article.body).endswith("The end.")
    assert article.body.count("<p>") == 5
    assert "page-flattened" in codes(report)
    assert report.ok


def test_text_in_deep_lists_keeps_every_word() -> None:
    article, report = read(TEXT + "<ul><li>item " * 300 + "</li></ul>" * 300)
    assert plain(article.body).count("item") == 300
    assert "page-text-lost" not in codes(report)


def test_words_that_the_markup_drops_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from pubkit.readers import html

    kept = html.fragment(TEXT, SourceText(path="x", text=""), Report())
    monkeypatch.setattr(html, "fragment", lambda *_, **__: kept)
    _, report = read(page(text=TEXT + PARAGRAPH))
    assert [found.message for found in report.diagnostics] == [
        "35 of the article's 175 words did not pass into the publication"
    ]


def test_a_page_of_links_only_is_kept_and_reported() -> None:
    article, report = read("<ul>" + "<li><a href='https://e.org/x'>Some words</a></li>" * 40 + "</ul>")
    assert article.body.count("<li>") == 40
    assert codes(report) == ["page-no-article"]


def test_nesting_beyond_the_parsers_limit_is_an_error() -> None:
    _, report = read("<p>Start</p>\n" + "<div>" * 3000 + TEXT + "</div>" * 3000)
    assert "page-cut" in codes(report)
    assert not report.ok


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("readability.readability").disabled = False
    read("<html><body><table><tr><td>x</table></body>")
    read(page())
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("readability.readability").disabled is False


_TAGS = [
    "p",
    "div",
    "b",
    "a href='#x'",
    "ul",
    "li",
    "table",
    "td",
    "h2",
    "span id='x'",
    "figure",
    "blockquote",
    "pre",
    "br",
    "section",
]


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.sampled_from([f"<{tag}>" for tag in _TAGS])
        | st.sampled_from([f"</{tag.split()[0]}>" for tag in _TAGS])
        | st.sampled_from(["word ", "more, words ", "&amp;", "<", "&#1;", PARAGRAPH, "<img src=x>", "<!--", "-->"]),
        max_size=40,
    )
)
def test_any_page_gives_good_xml_and_equal_pages_equal_articles(parts: list[str]) -> None:
    html = "<html><body>" + "".join(parts)
    article, report = read(html)
    assert "page-text-lost" not in codes(report)
    assert read(html)[0] == article


def test_links_to_what_was_left_out_become_words(report: Report) -> None:
    words = "It was a long walk to the end of the pier, and nobody came back with dry shoes. " * 6
    text = (
        "<html><head><title>A crane</title></head><body><article><h1>A crane</h1>"
        f'<p>{words}</p><p>See <a href="#ad">the advert</a> and <a href="#part">the part</a>.</p>'
        f'<h2 id="part">Part</h2><p>{words}</p></article><div id="ad">An advert</div></body></html>'
    )
    article = read_html(SourceText(path="a.html", text=text), report, language="en")
    assert 'href="#part"' in article.body
    assert "#ad" not in article.body
    assert "the advert" in article.body
