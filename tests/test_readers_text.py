from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pubkit.markup import parse, plain
from pubkit.model import Article
from pubkit.readers.text import read_text
from pubkit.readers.written_dates import read_date, read_timestamp
from pubkit.report import Report
from pubkit.source import SourceText

CAPTURES = Path(__file__).parent / "captures"
PROSE = (
    "The wall begins where the last street ends, behind a shed that has been for sale since anybody can remember, "
    "and it runs, with two gaps, for eleven miles."
)


def read(text: str, *, language: str = "en", title: str = "") -> tuple[Article, Report]:
    report = Report()
    article = read_text(SourceText(path="an-article.txt", text=text), report, language=language, title=title)
    parse(article.body)
    return article, report


def test_a_misspelt_role_at_the_end_is_reported_with_what_may_be_meant() -> None:
    end = "Text that ends here.\n\nPhotographs by Harriet Quill\n\nIlustrations by Ada Penrose\n"
    article, report = read(f"The harbour\n\n{PROSE}\n\n{end}")
    assert people(article) == [("Photographs", "Harriet Quill")]
    assert paragraphs(article)[-1] == "Ilustrations by Ada Penrose"
    (found,) = [each for each in report.diagnostics if each.code == "credit-unclear"]
    assert "'Ilustrations by Ada Penrose'; did you mean 'illustrations'?" in found.message
    assert found.at.line == 9


def paragraphs(article: Article) -> list[str]:
    return [plain(str(found)) for found in re.findall(r"<p>.*?</p>", article.body)]


def people(article: Article) -> list[tuple[str, str]]:
    return [(credit.role.label, credit.person.name) for credit in article.credits]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_a_captured_page_keeps_its_text_and_says_its_head_once() -> None:
    article, report = read((CAPTURES / "harbour.txt").read_text(encoding="utf-8"))
    assert article.title == "The Harbour That Walked: How a Town Followed Its Water"
    assert (article.kicker, article.origin.site) == ("Coast", "The Tide Gazette")
    assert len(paragraphs(article)) == 6
    assert paragraphs(article)[0].startswith("On the morning of 4 May")
    assert paragraphs(article)[-1] == "“It was never ours,” the mayor said. “We only had it on loan.”"
    assert people(article) == [
        ("Additional Reporting", "Grace Hopper"),
        ("Video Production", "Grace Hopper"),
        ("Graphics", "Mary Somerville"),
        ("Photographs", "Ida Rhodes"),
        ("Photographs", "Jean Sammet"),
    ]
    assert [(found.code, found.at.line) for found in report.diagnostics] == [
        ("capture-tail", 28),
        ("capture-repeats", 6),
    ]
    assert "5 lines from 'Related posts' on" in report.diagnostics[0].message
    assert "2 lines that repeat" in report.diagnostics[1].message


def test_no_word_of_a_capture_is_lost() -> None:
    text = (CAPTURES / "harbour.txt").read_text(encoding="utf-8")
    article, _ = read(text)
    tail = text[text.index("Related posts") :]
    said = [plain(article.title), article.kicker, article.origin.site, plain(article.body), tail]
    said += [plain(article.title)] * 2  # the repeats that were reported
    said += ["Additional Reporting and Video Production Grace Hopper", "Graphics Mary Somerville"]
    said += ["Photographs by Ida Rhodes and Jean Sammet"]
    assert sorted(words(" ".join(said))) == sorted(words(text))


def test_credits_know_their_line() -> None:
    article, _ = read((CAPTURES / "harbour.txt").read_text(encoding="utf-8"))
    assert [credit.at.line for credit in article.credits] == [22, 22, 24, 26, 26]


def test_hard_wrapped_text_with_headings_verse_and_a_break() -> None:
    article, report = read((CAPTURES / "wrapped.txt").read_text(encoding="utf-8"))
    assert article.title == "A Walk Along the Old Sea Wall"
    assert article.date == "2026-03-21"
    assert [name for _, name in people(article)] == [
        "Ada Lovelace",
        "Charles Babbage",
        "Mary Anning",
        "Ida Rhodes",
        "Jean Sammet",
    ]
    assert article.rights.text == "© 2026 Ada Lovelace"
    assert [heading.title for heading in article.headings] == ["THE FIRST GAP", "THE SECOND GAP"]
    assert [heading.id for heading in article.headings] == ["the-first-gap", "the-second-gap"]
    assert paragraphs(article)[0].startswith("The wall begins where the last street ends, behind a shed that has been")
    assert paragraphs(article)[1].endswith("who must wait on a well-known flat stone.")
    assert "<p>Stone on stone<br/>and salt on salt,<br/>what the sea lends<br/>it also halts.</p>" in article.body
    assert article.body.count('<hr class="break"/>') == 1
    assert report.diagnostics == []


def test_title_and_paragraphs_only() -> None:
    article, report = read(f"The old wall\n\n{PROSE}\n\n{PROSE} Again.\n")
    assert (article.title, article.kicker, article.origin.site) == ("The old wall", "", "")
    assert len(paragraphs(article)) == 2
    assert report.diagnostics == []


def test_without_a_title_nothing_is_taken() -> None:
    article, _ = read(f"{PROSE}\n\nIt was dark.\n")
    assert article.title == ""
    assert paragraphs(article) == [PROSE, "It was dark."]


def test_a_single_line_is_text() -> None:
    article, _ = read("Just one line\n")
    assert (article.title, paragraphs(article)) == ("", ["Just one line"])


def test_empty_and_blank_files() -> None:
    for text in ("", "\n \n\t\n"):
        article, report = read(text)
        assert (article.title, article.body, report.diagnostics) == ("", "", [])


def test_a_title_from_elsewhere_leaves_the_first_line_alone() -> None:
    article, _ = read(f"A short line\n\n{PROSE}\n", title="Something else")
    assert paragraphs(article) == ["A short line", PROSE]
    article, report = read(f"The <Wall>\n\nThe <Wall>\n\n{PROSE}\n", title="The &lt;Wall&gt;")
    assert paragraphs(article) == [PROSE]
    assert [found.code for found in report.diagnostics] == ["capture-repeats"]


def test_headline_with_the_sites_name_after_it() -> None:
    article, _ = read(f"The Old Wall | The Tide Gazette\n\nThe Old Wall\n\n{PROSE}\n")
    assert (article.title, article.origin.site) == ("The Old Wall", "The Tide Gazette")
    assert paragraphs(article) == [PROSE]


def test_navigation_before_the_headline_is_reported() -> None:
    article, report = read(f"The Tide Gazette\nHome\nSport\nCoast\n\nThe Old Wall\n\nThe Old Wall\n\n{PROSE}\n")
    assert (article.origin.site, article.kicker, article.title) == ("", "Coast", "The Old Wall")
    assert [(found.code, found.at.line) for found in report.diagnostics] == [
        ("capture-head", 1),
        ("capture-repeats", 8),
    ]
    assert "3 lines before the headline" in report.diagnostics[0].message
    article, report = read(f"Menu\nSign in\nThe Tide Gazette\nCoast\n\nThe Old Wall Beside the Sea\n\n{PROSE}\n")
    assert (article.kicker, article.title) == ("Coast", "The Old Wall Beside the Sea")
    assert [found.code for found in report.diagnostics] == ["capture-head"]


def test_a_long_headline_may_ask_and_may_run_over_two_lines() -> None:
    asks = "What Happens to a Town When the Water That It Was Built Beside Decides to Leave?"
    article, _ = read(f"The Gazette\nCoast\n\n{asks}\n{asks}\n\n{PROSE}\n")
    assert (article.title, paragraphs(article)) == (asks, [PROSE])
    article, _ = read(f"A headline that is so long that somebody wrapped\nit onto a second line\n\n{PROSE}\n")
    assert article.title == "A headline that is so long that somebody wrapped it onto a second line"


@pytest.mark.parametrize(
    ("byline", "date"),
    [
        ("By Ada Lovelace", "2026-03-21"),
        ("By Ada Lovelace", "March 21, 2026"),
        ("By Ada Lovelace", "Published Saturday, March 21, 2026 at 8:30 a.m."),
        ("Von Ada Lovelace", "21. März 2026"),
        ("Par Ada Lovelace", "le 21 mars 2026"),
    ],
)
def test_byline_and_date(byline: str, date: str) -> None:
    article, _ = read(f"The old wall\n\n{byline}\n{date}\n\n{PROSE}\n")
    assert [credit.person.name for credit in article.credits] == ["Ada Lovelace"]
    assert [credit.role.code for credit in article.credits] == ["aut"]
    assert article.date == "2026-03-21"
    assert paragraphs(article) == [PROSE]


def test_byline_and_date_on_one_line_below_a_standfirst() -> None:
    article, _ = read(f"The old wall\n\nA walk in two days\n\nBy Ada Lovelace | 21 March 2026\n\n{PROSE}\n")
    assert (article.dek, article.date, len(article.credits)) == ("A walk in two days", "2026-03-21", 1)


def test_a_line_that_only_begins_like_a_byline_stays() -> None:
    article, _ = read(f"The old wall\n\nBy the time we came it was gone\n\n03/04/2026\n\n{PROSE}\n")
    assert paragraphs(article) == ["By the time we came it was gone", "03/04/2026", PROSE]
    assert article.date == ""


@pytest.mark.parametrize(
    "heading",
    ["Related posts", "Related articles:", "Read more", "More from The Gazette", "Articles liés", "Verwandte Beiträge"],
)
def test_tails(heading: str) -> None:
    article, report = read(f"The old wall\n\n{PROSE}\n\n{heading}\n\nThe Ferry\n\nThe Boat\n")
    assert paragraphs(article) == [PROSE]
    assert [(found.code, found.at.line) for found in report.diagnostics] == [("capture-tail", 5)]
    assert "3 lines" in report.diagnostics[0].message


def test_a_tail_needs_short_lines_below_it() -> None:
    article, report = read(f"The old wall\n\n{PROSE}\n\nRead more\n\n{PROSE} {PROSE}\n")
    assert len(paragraphs(article)) == 3
    article, _ = read(f"The old wall\n\n{PROSE}\n\nRead more\n")
    assert paragraphs(article) == [PROSE, "Read more"]
    assert report.diagnostics == []


def test_prose_with_a_colon_is_no_credit() -> None:
    colon = "One thing was clear: Ada Lovelace would not come back to the quay, and Charles would."
    article, _ = read(f"The old wall\n\nPhotographs: Ida Rhodes\n\n{PROSE}\n\n{colon}\n")
    assert paragraphs(article) == ["Photographs: Ida Rhodes", PROSE, colon]
    assert article.credits == ()


def test_lines_without_blank_lines_between_are_paragraphs_when_they_are_long() -> None:
    article, _ = read(f"The old wall\n{PROSE}\n“No,” she said.\n{PROSE} Again.\n")
    assert article.title == "The old wall"
    assert paragraphs(article) == [PROSE, "“No,” she said.", f"{PROSE} Again."]


def test_indented_first_lines_part_paragraphs() -> None:
    article, _ = read(
        "Wall\n\n  One line that is as long as the others are, or nearly so it\nseems to me. The end.\n  Two.\n"
    )
    assert len(paragraphs(article)) == 2


def test_one_shouted_line_is_speech() -> None:
    article, _ = read(f"The old wall\n\n{PROSE}\n\nNO ENTRY\n\n{PROSE}\n")
    assert article.headings == ()
    assert "<p>NO ENTRY</p>" in article.body


def test_underlined_line_is_a_heading_and_bullets_are_a_list() -> None:
    article, _ = read(f"The old wall\n\n{PROSE}\n\nThe gap\n-------\n\n• stone\n• salt\n  and water\n\n{PROSE}\n")
    assert [heading.title for heading in article.headings] == ["The gap"]
    assert "<ul><li>stone</li><li>salt and water</li></ul>" in article.body


def test_quotes_and_angle_brackets_stay_as_they_are() -> None:
    article, _ = read(f'The "old" <wall>\n\n"A" & \'B\' <b>not bold</b> {PROSE}\n')
    assert plain(article.title) == 'The "old" <wall>'
    assert plain(article.body).startswith("\"A\" & 'B' <b>not bold</b> The wall")


def test_chinese_lines_are_joined_without_spaces_and_hebrew_runs_from_the_right() -> None:
    line = "水位计的读数在那天早上什么也没有显示出来而守护人在本子上画了一道横线"
    article, _ = read(f"海港\n\n{line}\n{line[:30]}的。\n", language="zh")
    assert f"{line}{line[:30]}的。" in article.body
    assert read("שלום\n", language="he")[0].direction == "rtl"


def test_front_matter_blanked_out_keeps_places() -> None:
    text = "   \n      \n   \n" + (CAPTURES / "harbour.txt").read_text(encoding="utf-8")
    article, report = read(text, title="Another title")
    assert article.credits[0].at.line == 25
    assert report.diagnostics[0].at.line == 31


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.sampled_from("abcXYZ äß,.:-*=•\n“”<&1#"), max_size=120)
        | st.sampled_from(["By Ada Lovelace", "Related posts", "Graphics: Mary Anning", "2026-03-21", PROSE, "* * *"]),
        max_size=12,
    )
)
def test_every_word_comes_out_or_is_reported(blocks: list[str]) -> None:
    text = "\n\n".join(blocks)
    article, report = read(text)
    out = [plain(article.title), plain(article.dek), article.kicker, article.origin.site, plain(article.body)]
    out += [article.rights.text, article.date.replace("-", " "), *(credit.person.name for credit in article.credits)]
    out += [credit.role.label for credit in article.credits] + ["By"] * len(article.credits)
    lines = text.split("\n")
    for found in report.diagnostics:
        out += lines[(found.at.line or 1) - 1 :]  # what was dropped stands from there on
    assert set(words(text.replace("-", " "))) <= set(words(" ".join(out).replace("-", " ")))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026-03-21", "2026-03-21"),
        ("2026-03", "2026-03"),
        ("1er août 2025", "2025-08-01"),
        ("Freitag, den 3. Oktober 2025", "2025-10-03"),
        ("3rd of October 2025", "2025-10-03"),
        ("31 February 2026", ""),
        ("03/04/2026", ""),
        ("In March 21, 2026 words", ""),
        ("Marsh 21, 2026", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert read_date(text) == date


def test_timestamps() -> None:
    assert read_timestamp("2016-12-22T10:43:37-08:00") == "2016-12-22"
    assert read_timestamp("2019-04-28 06:01:07") == "2019-04-28"
    assert read_timestamp("20170113") == "2017-01-13"
    assert read_timestamp("20171313") == ""
