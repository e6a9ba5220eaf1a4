"""The index: marks in the text, entries in the order of the alphabet, pages in print, links in the EPUB."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from conftest import ROOT, diagnostics, lacking
from lxml import etree
from publications import publication, resolved, write
from test_markup import html, markdown
from test_verapdf import verapdf

import pubkit
from pubkit.check.epubcheck import check_epub
from pubkit.index import Entry, check_leads, index_of
from pubkit.index.collation import alphabet_of
from pubkit.model import Edition, IndexMark, Publication
from pubkit.report import Report
from pubkit.stages.typeset import typeset
from pubkit.theme import load_theme

XHTML = "{http://www.w3.org/1999/xhtml}"
WORDS = "The tide comes in over the office floor, and nobody in the affluent fjord minds. " * 5 + "\n\n"


def entries(marks: tuple[IndexMark, ...]) -> list[tuple[str, ...]]:
    return [mark.entry for mark in marks]


# --- marks ------------------------------------------------------------------------------------------------------


def test_words_that_are_marked_are_shown_and_others_are_not(report: Report) -> None:
    text = markdown("The ((tidal mill)) turned (((mills, tidal))) twice(((weirs))).\n", report)
    assert text.body == (
        '<p>The <span class="index-mark" id="index-mark">tidal mill</span> turned'
        '<span class="index-mark" id="index-mark-2"></span> twice<span class="index-mark" id="index-mark-3"></span>.'
        "</p>"
    )
    assert [(mark.id, mark.entry, str(mark.at)) for mark in text.marks] == [
        ("index-mark", ("tidal mill",), "a.md:1:5"),
        ("index-mark-2", ("mills", "tidal"), "a.md:1:27"),
        ("index-mark-3", ("weirs",), "a.md:1:51"),
    ]


@pytest.mark.parametrize(
    ("written", "entry", "see", "also"),
    [
        ("(((a, b , c)))", ("a", "b", "c"), (), ()),
        ('((("Lovelace, Ada", notes of)))', ("Lovelace, Ada", "notes of"), (), ()),
        ('(((6" pipe)))', ('6" pipe',), (), ()),
        ("(((watermills >> mills, tidal)))", ("watermills",), (("mills", "tidal"),), ()),
        ('(((ebb &> "flow, the" &> tides)))', ("ebb",), (), (("flow, the",), ("tides",))),
        ("((Flash >> HTML 5))", ("Flash",), (("HTML 5",),), ()),
        ("((tides, neap))", ("tides, neap",), (), ()),
        ("((*Fucus* species))", ("*Fucus* species",), (), ()),
        ("(((R&amp;D)))", ("R&D",), (), ()),
        ("((Bergen (Norway)))", ("Bergen (Norway)",), (), ()),
        ("(((Bergen (Norway), port of)))", ("Bergen (Norway)", "port of"), (), ()),
        ("(see ((tide)))", ("tide",), (), ()),
        ("[the ((mill))](https://example.org/)", ("mill",), (), ()),
        ("*see ((mill)) now*", ("mill",), (), ()),
        ("((it's))", ("it’s",), (), ()),
        ("((The Salt House @> Salt House))", ("The Salt House",), (), ()),
        ("(((watermills @> wheels >> mills, tidal)))", ("watermills",), (("mills", "tidal"),), ()),
        ("(((`code` and [link](https://e.org))))", ("code and link",), (), ()),
    ],
)
def test_entries_as_they_are_written(
    written: str,
    entry: tuple[str, ...],
    see: tuple[tuple[str, ...], ...],
    also: tuple[tuple[str, ...], ...],
    report: Report,
) -> None:
    text = markdown(f"Word {written} word.\n", report)
    assert [(mark.entry, mark.see, mark.also) for mark in text.marks] == [(entry, see, also)]
    assert not report.diagnostics


@pytest.mark.parametrize(
    "text",
    [
        "`((code))`",
        "    ((code))",
        "~~~\n((code))\n~~~",
        "$((x))$",
        "$$\n((x))\n$$",
        "[word](https://example.org/((a)))",
        "<https://example.org/((a))>",
        "![((alt))](((a)).png)",
        r"\((text))",
        "((a) or (b))",
        "f(()) and (())",
        '<span title="((a))">b</span>',
    ],
)
def test_code_mathematics_addresses_and_brackets_stay(text: str, report: Report) -> None:
    assert not markdown(f"Before\n\n{text}\n", report).marks


def test_a_mark_at_the_start_of_a_block_is_the_blocks_id(report: Report) -> None:
    text = markdown(
        "(((mills)))\n(((tides)))\nThe *mill*.\n\n((Weirs)) too.\n\n## ((Ebb)) and flow\n\n- (((eels))) swim\n", report
    )
    assert '<p id="index-mark">The <em>mill</em>.</p>' in text.body
    assert '<p id="index-mark-2">Weirs too.</p>' in text.body
    assert '<h2 id="ebb-and-flow">Ebb and flow</h2>' in text.body
    assert '<li id="index-mark-3">swim</li>' in text.body
    assert [(mark.id, mark.entry[0]) for mark in text.marks] == [
        ("index-mark", "mills"),
        ("index-mark", "tides"),
        ("index-mark-2", "Weirs"),
        ("ebb-and-flow", "Ebb"),
        ("index-mark-3", "eels"),
    ]


def test_marks_alone_belong_to_what_follows(report: Report) -> None:
    text = markdown("Text.\n\n(((gauges)))\n\n![A](a.png)(((floats)))\n\n| a |\n|---|\n| b |\n\n(((last)))\n", report)
    assert "<p></p>" not in text.body
    assert '<figure class="figure" id="fig-1"><img src="a.png" alt="A"/></figure>' in text.body
    assert [(mark.id, mark.entry[0]) for mark in text.marks] == [
        ("fig-1", "gauges"),
        ("fig-1", "floats"),
        ("index-mark", "last"),
    ]


def test_one_space_is_left_where_marks_stand_between_words(report: Report) -> None:
    body = markdown("One (((a))) (((b))) two (((c))). Three (((d)))\n", report).body
    assert re.sub("<[^>]+>", "", body) == "One two. Three"


def test_a_mark_that_only_leads_elsewhere_leaves_nothing_in_the_text(report: Report) -> None:
    text = markdown("One (((a >> b))) two ((c >> b)).\n", report)
    assert text.body == "<p>One two c.</p>"
    assert [mark.id for mark in text.marks] == ["", ""]


def test_marks_in_notes_captions_and_titles(report: Report, tmp_path: Path) -> None:
    folder = publication(
        tmp_path,
        {
            "a.md": "---\ntitle: The ((mill))\ndek: Of (((water))) things\n---\n\nText[^1].\n\n"
            '![A](a.png "A ((float)) here")\n\n'
            "[^1]: (((notes))) A note on ((tides)).\n",
            "b.md": "# The ((weir))\n\nText.\n",
            "a.png": b"x",
        },
    )
    first, second = pubkit.read(folder, report).articles
    assert (first.title, first.dek, second.title) == ("The mill", "Of things", "The weir")
    assert [(mark.id, mark.entry[0]) for mark in first.marks] == [
        ("", "mill"),
        ("", "water"),
        ("index-mark", "float"),
        ("fn-1", "notes"),
        ("index-mark-2", "tides"),
    ]
    assert first.figures[0].caption == "A float here"
    assert entries(second.marks) == [("weir",)]
    assert [mark.id for mark in pubkit.resolve(pubkit.read(folder, report), report).articles[1].marks] == ["b"]


def test_the_same_marks_in_html(report: Report) -> None:
    text = html(
        "<p>The <span data-index>tidal <i>mill</i></span> <span data-index='\"a, b\" &gt;&gt; c'></span>and "
        '<span id="own" class="x" data-index="mills, tidal">that</span></p><p data-index="no">x</p>',
        report,
    )
    assert entries(text.marks) == [("tidal *mill*",), ("a, b",), ("mills", "tidal")]
    assert '<span id="own" class="x index-mark">that</span>' in text.body
    assert "data-index" not in text.body


def test_marks_in_a_saved_page_but_not_its_own_numbers(tmp_path: Path, report: Report) -> None:
    words = " ".join(["The tide comes in over the office floor, and nobody in the affluent fjord minds."] * 6)
    page = (
        f"<html><head><title>A page</title></head><body><article><h1>A page</h1><p>{words}</p>"
        f'<p>A <span data-index="mills, tidal">mill</span><span data-index="weirs"></span> here. {words}</p>'
        f'<p>Slide <span data-index="3">three</span>. {words}</p></article></body></html>'
    )
    article = pubkit.read(publication(tmp_path, {"a.html": page}), report).articles[0]
    assert entries(article.marks) == [("mills", "tidal"), ("weirs",)]


def test_a_second_pass_changes_nothing(report: Report) -> None:
    once = markdown("(((a))) One ((two)) (((three))).\n", report).body
    assert html(once, report).body == once


# --- the alphabet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "ordered", "letters"),
    [
        ("en", "1984 Åland apple éclair eclat Œuvre “Rita” sea_wall seafood Zürich", "|A|A|E|E|O|R|S|S|Z"),
        ("de", "Arger Ärger Ofen Öl Strand strasse straße Zebra", "A|A|O|O|S|S|S|Z"),
        ("sv-FI", "apa Zebra åker Ål ärta öl", "A|Z|Å|Å|Ä|Ö"),
        ("da", "zoo æble Ø åre Aarhus", "Z|Æ|Ø|Å|Å"),
        ("es", "llama luz nube nzz ñandú", "L|L|N|N|Ñ"),
        ("pl", "azz ąb las lzz łza zebra źle żaba", "A|Ą|L|L|Ł|Z|Ź|Ż"),
        ("cs", "cz čaj hora chata izba", "C|Č|H|Ch|I"),
        ("tr", "hz ılık Isparta ilik İzmir jale", "H|I|I|İ|İ|J"),
        ("ru", "ёлка ель жук Яма Zebra", "Е|Е|Ж|Я|Z"),
        ("he", "גאות חוף ים Zebra", "ג|ח|י|Z"),
        ("ar", "إمام أمواج بحر تل Zebra", "ا|ا|ب|ت|Z"),
        ("ja", "あめ かき がき さけ 潮 Zebra", "あ|か|か|さ||Z"),
        ("en", "Zebra ساحل 海", "Z|س|"),
    ],
)
def test_the_order_and_the_letters_of_languages(language: str, ordered: str, letters: str) -> None:
    words = [word.replace("_", " ") for word in ordered.split()]
    alphabet = alphabet_of(language)
    if language == "ar":  # of two under one letter, the algorithm looks at the next
        words[:2] = sorted(words[:2], key=alphabet.key)
    assert sorted(set(words), key=alphabet.key) == words
    assert [alphabet.letter(word) for word in words] == letters.split("|")


def test_case_and_accents_count_last() -> None:
    key = alphabet_of("fr").key
    assert sorted(["pechE", "pêche", "péché", "Peche", "peche"], key=key) == [
        "peche",
        "pechE",
        "Peche",
        "péché",
        "pêche",
    ]
    assert key("a") != key("ａ")


@pytest.mark.parametrize(
    ("written", "sorted_by"),
    [
        ("((The Salt House @> Salt House))", ("Salt House",)),
        ("(((水車, 潮力 @> すいしゃ, ちょうりょく)))", ("すいしゃ", "ちょうりょく")),
        ("(((houses, The Salt House @> Salt House)))", ("", "Salt House")),
        ("((The Salt House @> Salt House, The))", ("Salt House, The",)),
        ("((The Salt House &> salt @> Salt House @> House))", ("Salt House",)),
        ('<span data-index="@> Salt House">The Salt House</span>', ("Salt House",)),
        ('<span data-index="The Salt House @> Salt House"></span>', ("Salt House",)),
        ("((The Salt House))", ()),
    ],
)
def test_a_mark_says_what_its_entry_is_sorted_by(written: str, sorted_by: tuple[str, ...], report: Report) -> None:
    text = markdown(f"Word {written} word.\n", report)
    assert [mark.sorted_by for mark in text.marks] == [sorted_by]
    if written.startswith("(("):
        assert (text.marks[0].at.line, text.marks[0].at.column) == (1, 6)
    assert not report.diagnostics


def test_levels_that_become_one_are_sorted_as_one(report: Report) -> None:
    text = markdown("Word (((a, b, The c, the d @> d))) and (((a, b, c, d @> x, , z))) word.\n", report)
    assert [(mark.entry, mark.sorted_by) for mark in text.marks] == [(("a", "b", "The c, the d"), ("", "", "The c, d"))]
    assert [found.code for found in report.diagnostics] == ["index-deep", "index-empty"]


def test_what_an_entry_is_sorted_by_is_shown_nowhere(report: Report) -> None:
    source = """((One @> zza)) and two(((three @> zzb))).

## ((Four @> zzc)) and five

![A ((mill @> zzd)) and(((more @> zzd))) ((weirs))](a.png "A ((wheel @> zze)).")

| ((six @> zzf)) |
|---|
| (((seven @> zzg))) eight[^1] |

[^1]: ((Nine @> zzh)).
"""
    text = markdown(source, report)
    assert len(text.marks) == 6
    whole = html('<h1>T <span data-index="@> zzi">U</span></h1><p>V <span data-index="w @> zzj">V</span></p>', report)
    assert "T U" in whole.title
    for fragment in (text, whole):
        shown = "".join((fragment.title, fragment.body, fragment.notes, *(str(each) for each in fragment.headings)))
        shown += "".join(each.alt + each.caption for each in fragment.figures)
        assert "zz" not in shown
        assert "@" not in shown
    assert text.figures[0].alt == "A mill and weirs"


# --- entries ----------------------------------------------------------------------------------------------------


def made(folder: Path, report: Report, *texts: str, more: str = "") -> Publication:
    articles = {f"{name}.md": f"# {name.upper()}\n\n{text}\n" for name, text in zip("abcdef", texts, strict=False)}
    return resolved(publication(folder, articles, more=more), report)


def japanese(folder: Path, report: Report, text: str) -> Publication:
    source = publication(folder, {"a.md": f"# A\n\n{text}\n"})
    manifest = source / "pubkit.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("language: en\n", "language: ja\n"), "utf-8")
    found = resolved(source, report)
    assert found.metadata.language == "ja"
    return found


def lines(found: tuple[Entry, ...], depth: int = 0) -> list[str]:
    """Entries as text: two spaces a level, places, and what they lead to."""
    shown: list[str] = []
    for entry in found:
        leads = [f"{word} {', '.join(lead.entry)}" for word in ("see", "also") for lead in getattr(entry, word)]
        shown.append("  " * depth + "; ".join([entry.words, *(place.target for place in entry.places), *leads]))
        shown += lines(entry.below, depth + 1)
    return shown


def test_entries_of_all_articles_are_gathered(tmp_path: Path, report: Report) -> None:
    found = index_of(
        made(
            tmp_path,
            report,
            "x ((Tidal mills)) y (((mills, wind))) (((mills, tidal &> tides)))",
            "x ((tidal mills)) y (((Mills, Tidal, of Bergen))) ((tides)) (((watermills >> mills, tidal)))",
        )
    )
    assert [(group.letter, lines(group.entries)) for group in found] == [
        (
            "M",
            [
                "mills",
                "  tidal; a--index-mark-3; also tides",
                "    of Bergen; b--index-mark-2",
                "  wind; a--index-mark-2",
            ],
        ),
        ("T", ["tidal mills; a--index-mark; b--index-mark", "tides; b--index-mark-3"]),
        ("W", ["watermills; see mills, tidal"]),
    ]
    assert not report.diagnostics


def test_an_entry_with_places_leads_on_with_see_also(tmp_path: Path, report: Report) -> None:
    found = index_of(made(tmp_path, report, "x ((ebb)) y (((ebb >> tides))) z ((tides))"))
    assert lines(found[0].entries) == ["ebb; a--index-mark; also tides"]


def test_entries_stand_where_a_mark_files_them(tmp_path: Path, report: Report) -> None:
    found = index_of(
        made(
            tmp_path,
            report,
            "x ((The Salt House)) y ((tides)) z (((houses, The Salt House @> Salt House))) (((houses, Quay House)))",
            "x ((The Salt House @> Salt House)) y ((reeds)) z ((1984 @> nineteen)) ((The Salt House @> Zzz))",
        )
    )
    assert [(group.letter, [entry.words for entry in group.entries]) for group in found] == [
        ("H", ["houses"]),
        ("N", ["1984"]),
        ("R", ["reeds"]),
        ("S", ["The Salt House"]),
        ("T", ["tides"]),
    ]
    assert [entry.words for entry in found[0].entries[0].below] == ["Quay House", "The Salt House"]
    assert len(found[3].entries[0].places) == 3
    assert not report.diagnostics


def test_japanese_words_stand_under_their_readings(tmp_path: Path, report: Report) -> None:
    text = "x ((東京 @> とうきょう)) ((京都 @> きょうと)) ((塩 @> しお)) ((潮 @> しお)) ((あさり)) ((大阪 @> オオサカ))"
    found = index_of(japanese(tmp_path, report, text))
    assert not report.diagnostics
    assert [(group.letter, [entry.words for entry in group.entries]) for group in found] == [
        ("あ", ["あさり"]),
        ("お", ["大阪"]),
        ("き", ["京都"]),
        ("し", ["塩", "潮"]),
        ("と", ["東京"]),
    ]


def test_a_lead_finds_words_with_a_comma(tmp_path: Path, report: Report) -> None:
    found = index_of(made(tmp_path, report, 'x ((("Lovelace, Ada"))) y (((Countess >> Lovelace, Ada)))'))
    (lead,) = found[0].entries[0].see
    assert lead.target == found[1].entries[0].id
    assert not report.diagnostics


def test_leads_to_nothing_are_reported_where_they_are_written(tmp_path: Path, report: Report) -> None:
    made(tmp_path, report, "x ((tidal mill)) y (((watermills >> tidal mils))) (((weirs &> weirs)))")
    assert [str(found) for found in report.diagnostics] == [
        "a.md:3:20: warning [index-see] the index has no entry 'tidal mils' with a place of its own",
        "a.md:3:51: warning [index-see] the index has no entry 'weirs' with a place of its own",
    ]
    assert report.diagnostics[0].hint == "did you mean 'tidal mill'?"


def test_without_an_index_nobody_looks_where_entries_lead(tmp_path: Path, report: Report) -> None:
    one = made(tmp_path, report, "x (((a >> b)))", more="parts: {index: false}\n")
    assert not report.diagnostics
    check_leads(one, report)
    assert [found.code for found in report.diagnostics] == ["index-see"]


# --- the page of the index --------------------------------------------------------------------------------------


def typeset_in_folio(one: Publication, report: Report) -> Edition:
    theme = load_theme("folio", report)
    assert theme
    return typeset(one, theme, report)


def test_it_stands_after_the_credits_and_before_the_colophon(tmp_path: Path, report: Report) -> None:
    edition = typeset_in_folio(made(tmp_path, report, "x ((ebb))", more="author: Ada\n"), report)
    assert [document.kind for document in edition.documents[-3:]] == ["credits", "index", "colophon"]
    assert [entry.target for entry in edition.toc] == ["a", "credits", "index", "colophon"]
    assert ("index", "index", "Index") in edition.landmarks
    assert 'role="doc-index"' in edition.documents[-2].body


@pytest.mark.parametrize(("text", "more"), [("no mark", ""), ("x ((ebb))", "parts: {index: false}\n")])
def test_without_marks_or_wish_there_is_none(text: str, more: str, tmp_path: Path, report: Report) -> None:
    edition = typeset_in_folio(made(tmp_path, report, text, more=more), report)
    assert "index" not in {document.kind for document in edition.documents} | {entry.target for entry in edition.toc}


def test_a_theme_without_a_template_for_it_is_told(tmp_path: Path, report: Report) -> None:
    theme = load_theme("folio", report)
    assert theme
    templates = {name: text for name, text in theme.templates.items() if name != "index.html"}
    bare = pubkit.Theme(**{**{name: getattr(theme, name) for name in theme.__slots__}, "templates": templates})
    typeset(made(tmp_path, report, "x ((ebb))"), bare, report)
    assert "there is no templates/index.html for the index (a.md:3:3)" in diagnostics(report)


def test_an_article_called_index_keeps_out_of_its_way(tmp_path: Path, report: Report) -> None:
    one = resolved(publication(tmp_path, {"index.md": "# One\n\nx ((ebb))\n"}), report)
    edition = typeset_in_folio(one, report)
    assert [document.name for document in edition.documents][-2:] == ["index", "colophon"]
    assert one.articles[0].id == "article-index"
    assert not report.errors


# --- finished files ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Book:
    """A built book: the pages of its PDF as text by label, the XHTML of its EPUB by name."""

    epub: Path
    pdf: Path
    pages: Mapping[str, str]
    documents: Mapping[str, etree._Element]


def words_of(path: Path, page: int) -> str:
    if not shutil.which("pdftotext"):
        lacking("pdftotext (poppler-utils)")
    command = ["pdftotext", "-f", str(page), "-l", str(page), str(path), "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout.decode()


def built(folder: Path, articles: Mapping[str, str | bytes], *, more: str = "") -> Book:
    source = publication(folder / "source", articles, more=more)
    outputs = pubkit.build(source, outputs=[folder / "book.epub", folder / "book.pdf"], jobs=0)
    assert len(outputs.outputs) == 2, diagnostics(outputs.report)
    assert not outputs.report.warnings, diagnostics(outputs.report)
    document = pypdfium2.PdfDocument(folder / "book.pdf")
    labels = [document.get_page_label(number) for number in range(len(document))]
    document.close()
    with zipfile.ZipFile(folder / "book.epub") as archive:
        documents = {
            Path(name).stem: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.startswith("EPUB/text/")
        }
    return Book(
        epub=folder / "book.epub",
        pdf=folder / "book.pdf",
        pages={label: words_of(folder / "book.pdf", number) for number, label in enumerate(labels, 1)},
        documents=documents,
    )


# Every entry is marked right behind a word that stands nowhere else: E1a, E1b, … for the entry "entry1".
PLACES = {"entry1": "aaabc", "entry2": "cdef", "entry3": "h", "entry4": "adgh", "entry5": "bdf"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    spots = dict.fromkeys("abcdefgh", "")
    for entry, where in PLACES.items():
        for number, spot in enumerate(where):
            spots[spot] += f" {entry.title()}{spot}{number}((({entry}))) word"
    text = {spot: WORDS * 5 + WORDS.strip() + words + ".\n\n" for spot, words in spots.items()}
    tail = "\n(((seen &> entry1))) (((blind >> entry2))) Last ((entry3, with a comma)).[^1]\n\n"
    tail += "[^1]: A note on ((entry6)).\n"
    return built(
        tmp_path_factory.mktemp("book"),
        {
            "one.md": "# One\n\n" + text["a"] + text["b"] + text["c"] + text["d"],
            "two.md": "# Two & more\n\n" + text["e"] + text["f"] + text["g"] + text["h"] + tail,
        },
    )


def index_lines(book: Book) -> dict[str, str]:
    """What the printed index says of every entry."""
    printed = "\n".join(text for text in book.pages.values() if re.search(r"^Index$", text, re.MULTILINE))
    return dict(re.findall(r"^([\w ]+?(?:, with a comma)?), (.*)$", printed, re.MULTILINE))


def covered(locators: str) -> set[int]:
    pages: set[int] = set()
    for part in locators.split(", "):
        first, _, last = part.partition("–")
        pages |= set(range(int(first), int(last or first) + 1))
    return pages


def test_the_pages_printed_are_those_on_which_the_words_stand(book: Book) -> None:
    found = index_lines(book)
    for entry in PLACES:
        stands = {int(label) for label, text in book.pages.items() if re.search(rf"{entry.title()}[a-h]\d", text)}
        assert covered(found[entry]) == stands, entry
    assert any("–" in found[entry] for entry in PLACES)
    assert any(", " in found[entry] for entry in PLACES)
    note = next(label for label, text in book.pages.items() if "A note on entry6" in text)
    assert found["entry6"] == note
    assert found["blind"] == "see entry2"
    assert re.fullmatch(r"\d+; see also entry1", found["seen"])


def test_the_numbers_are_links_to_the_marks(book: Book) -> None:
    import pikepdf

    with pikepdf.open(book.pdf) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        names = list(pdf.Root.Names.Dests.Names)
        leads = {
            bytes(name).decode(): numbers[place[0].objgen] for name, place in zip(names[::2], names[1::2], strict=True)
        }
        labels = list(book.pages)
        page = next(n for n, text in enumerate(book.pages.values()) if re.search(r"^Index$", text, re.MULTILINE))
        links = [(str(link.Contents), bytes(link.Dest).decode()) for link in pdf.pages[page].Annots if "/Dest" in link]
    numbered = [(words, target) for words, target in links if words.isdigit()]
    assert len(numbered) > 8
    for words, target in numbered:
        assert labels[leads[target]] == words
    assert ("entry2", next(target for words, target in links if words == "entry2")) in links


def test_every_link_of_the_epub_leads_to_a_mark(book: Book) -> None:
    index = book.documents["index"]
    ids = {
        (name, each.get("id")): each
        for name, root in book.documents.items()
        for each in root.iter("*")
        if each.get("id")
    }
    section = index.find(f".//{XHTML}section[@role='doc-index']")
    assert section is not None
    assert section.get("{http://www.idpf.org/2007/ops}type") == "index"
    found: dict[str, list[tuple[str, str]]] = {}
    for item in index.iter(f"{XHTML}p"):
        if item.get("class") == "index-entry":
            links = [(each.get("href", ""), "".join(map(str, each.itertext()))) for each in item.iter(f"{XHTML}a")]
            found["".join(map(str, item[1].itertext()))] = links
    for entry, where in PLACES.items():
        assert len(found[entry]) == len(where)
        for href, _ in found[entry]:
            file, _, target = href.partition("#")
            mark = ids[file.removesuffix(".xhtml"), target]
            before, parent = mark.getprevious(), mark.getparent()
            assert parent is not None
            words = parent.text if before is None else before.tail
            assert re.search(rf"{entry.title()}[a-h]\d$", str(words))
    assert [words for _, words in found["entry5"]] == ["One", "2", "Two & more"]
    labels = [each.get("aria-label") for each in index.iter(f"{XHTML}a") if each.get("aria-label")]
    assert "One, 2" in labels
    assert found["blind"][0][1] == "entry2"
    assert not any("page-number" in each.get("class", "") for each in index.iter("*"))


@pytest.mark.slow
def test_the_files_conform(book: Book, report: Report) -> None:
    check_epub(book.epub, report)
    assert not diagnostics(report)
    assert verapdf(book.pdf) == {"book.pdf": []}


def test_a_long_index_stands_in_two_columns(tmp_path: Path) -> None:
    words = [f"{letter}{number:02d}" for letter in "ABCDEF" for number in range(12)]
    text = " ".join(f"The tide comes in over the office floor (({word}))." for word in words)
    book = built(tmp_path, {"one.md": f"# One\n\n{text}\n"})
    start = next(n for n, text in enumerate(book.pages.values(), 1) if re.search(r"^Index$", text, re.MULTILINE))
    command = ["pdftotext", "-bbox", "-f", str(start), "-l", str(start), str(book.pdf), "-"]
    boxes = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    lefts = {round(float(left)) for left in re.findall(r'xMin="([\d.]+)"[^>]*>[A-F]\d\d,?<', boxes)}
    assert len(lefts) == 2
    printed = " ".join(" ".join(text.split()) for text in list(book.pages.values())[start - 1 :])
    for word in words:
        page = next(label for label, text in book.pages.items() if f"{word}." in " ".join(text.split()))
        assert f"{word}, {page}" in printed


def test_equal_input_gives_an_equal_index(tmp_path: Path, report: Report) -> None:
    texts = ("x ((b)) (((é))) ((a))", "y ((c)) (((b &> a)))")
    one, two = (typeset_in_folio(made(tmp_path / name, report, *texts), report) for name in ("x", "y"))
    assert [document.body for document in one.documents] == [document.body for document in two.documents]


def test_the_writing_of_a_folder_is_needed_for_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, {"a.md": "# A\n\nThe ((mill)).\n"})
    built_files = pubkit.build([folder / "a.md"], outputs=[tmp_path / "a.epub"], jobs=0)
    with zipfile.ZipFile(built_files.outputs[0]) as archive:
        assert "EPUB/text/index.xhtml" in archive.namelist()


def test_what_the_documents_say_of_sorting_is_so(tmp_path: Path, report: Report) -> None:
    rows = re.findall(r"^\| `(\(\(.*?@>.*?\)\))` \|", (ROOT / "docs" / "sources.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) == 2
    found = index_of(japanese(tmp_path, report, "x " + " ".join(rows)))
    assert [(group.letter, group.entries[0].words) for group in found] == [("す", "水車"), ("S", "The Salt House")]
    assert not report.diagnostics


def test_both_formats_sort_by_it_and_show_it_nowhere(tmp_path: Path) -> None:
    text = "((Reeds)) grow. ((The Salt House @> Szalt House)) stands. ((Tides)) come.\n"
    book = built(tmp_path, {"one.md": f"# One\n\n{text}"})
    (printed,) = (text for text in book.pages.values() if re.search(r"^Index$", text, re.MULTILINE))
    shown = "\n".join("".join(map(str, each.itertext())) for each in book.documents["index"].iter(f"{XHTML}p"))
    assert re.search(r"^S\s+The Salt House, 1$", printed, re.MULTILINE)
    places = [shown.index(words) for words in ("Reeds", "The Salt House", "Tides")]
    assert places == sorted(places)
    with zipfile.ZipFile(book.epub) as archive:
        files = [archive.read(name).decode() for name in archive.namelist() if name.endswith(("html", "opf", "ncx"))]
    assert not any("Szalt" in text or "@>" in text or "@&gt;" in text for text in (*files, *book.pages.values()))
