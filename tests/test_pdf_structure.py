"""The structure tree of finished PDFs: all that is shown is told, once, in order, and named for what it is."""

from __future__ import annotations

import inspect
from itertools import pairwise

import pikepdf
import pytest
from pdf_sample import Printed, document, edition, font, paragraphs, theme
from pikepdf import Name
from tagged import EVERYTHING, ODD, Element, Tree, marked

from pubkit.model import Edition
from pubkit.pdf.pieces import POINTS_PER_MM


@pytest.fixture(scope="module")
def printed() -> Printed:
    return Printed(EVERYTHING)


@pytest.fixture(scope="module")
def tree(printed: Printed) -> Tree:
    return Tree(printed.pdf)


def told(element: Element) -> str:
    """What a reader says of an element: its alternative, or the text of its marks in the order of the tree."""
    entry = element.entry
    if "/ActualText" in entry or "/Alt" in entry:
        return str(entry.get("/ActualText", entry.get("/Alt")))
    order = [str(kid.S)[1:] if isinstance(kid, pikepdf.Dictionary) and "/S" in kid else "" for kid in kids_of(entry)]
    kids = iter(element.kids)
    content = iter(element.content)
    parts = []
    for kid, kind in zip(kids_of(entry), order, strict=True):
        if kind:
            parts.append(told(next(kids)))
        elif isinstance(kid, int) or kid.get("/Type") == Name.MCR:
            parts.append(text_of(*next(content)))
    return "".join(parts)


def kids_of(entry: pikepdf.Object) -> list[pikepdf.Object]:
    kids = entry.get("/K", pikepdf.Array())
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def text_of(owner: pikepdf.Object, mark: int) -> str:
    """The text of a mark on a page or form, by the fonts' ToUnicode."""
    found, inside, font = "", False, None
    for operands, operator in pikepdf.parse_content_stream(owner):
        word = str(operator)
        if word == "Tf":
            font = unicode_of(owner.Resources.Font[operands[0]])
        elif word == "BDC" and "/MCID" in operands[1]:
            inside = int(operands[1].MCID) == mark
        elif word == "EMC":
            inside = False
        elif word in ("TJ", "Tj") and inside and font is not None:
            shown = operands[0] if word == "TJ" else [operands[0]]
            for part in shown:
                if isinstance(part, pikepdf.String):
                    codes = bytes(part)
                    found += "".join(font[int.from_bytes(codes[n : n + 2], "big")] for n in range(0, len(codes), 2))
    return found


def unicode_of(font: pikepdf.Object) -> dict[int, str]:
    texts = {}
    for line in font.ToUnicode.read_bytes().decode().splitlines():
        if line.startswith("<") and line.count("<") == 2:
            glyph, text = (part.strip("<>") for part in line.split("> <"))
            if len(glyph) == 4 and "ffff" not in (glyph, text):
                texts[int(glyph, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return texts


def find(tree: Tree, kind: str, text: str) -> Element:
    return next(each for each in tree.document.all(kind) if text in told(each))


@pytest.mark.parametrize("of", [EVERYTHING, ODD], ids=["everything", "odd"])
def test_everything_shown_is_reached_once_or_an_artifact(of: Edition) -> None:
    printed = Printed(of)
    tree = Tree(printed.pdf)
    parents = tree.parents()
    shown = 0
    for page in printed.pdf.pages:
        things = [page.obj]
        for thing in things:
            found = marked(thing)
            things += [form for form in found.forms if "/StructParents" in form]
            assert found.bare == []
            assert not found.nested
            assert found.marks == sorted(set(found.marks))
            assert all(tree.reached[thing.objgen, mark] == 1 for mark in found.marks)
            if found.marks:
                entries = list(parents[int(thing.StructParents)])
                assert len(entries) == len(found.marks)
                for mark, entry in zip(found.marks, entries, strict=True):
                    owner = next(each for each in tree.document.all() if each.entry.objgen == entry.objgen)
                    assert mark in [number for _, number in owner.content]
            shown += len(found.marks)
    assert shown == tree.reached.total()


def test_running_heads_are_artifacts(printed: Printed, tree: Tree) -> None:
    assert all(marked(page.obj).artifacts >= 1 for page in printed.pdf.pages if page.label not in ("i", "ii"))
    assert "Verso" in printed.text(6)
    assert "Verso" not in told(tree.document)


def test_the_text_is_told_in_the_order_of_the_source(tree: Tree) -> None:
    words = " ".join(told(tree.document.kids[1]).split())
    order = ["First", "Below", "Word", "Thenote", "la laisse", "the web", "Deephead", "y^2", "Sea", "Grey", "Ornament"]
    order += ["eins", "zwei", "drei", "Term", "Meaning", "Quoted", "code();", "Pulled", "Halflight", "Left", "Right"]
    places = [words.index(word) for word in order]
    assert places == sorted(places)
    assert words.startswith("FirstBelowWord")


def test_headings_skip_no_level(tree: Tree) -> None:
    heads = [(each.kind, told(each)) for each in tree.document.all("H1", "H2", "H3", "H4")]
    assert heads == [
        ("H1", "Contents"),
        ("H1", "First"),
        ("H2", "Deephead"),
        ("H3", "Deeper"),
        ("H2", "Up again"),
        ("H1", "Zweites"),
    ]


def test_a_drop_cap_is_part_of_its_word(tree: Tree) -> None:
    number, word = (each for each in tree.document.all("Span") if "/ActualText" in each.entry)
    assert str(number.entry.ActualText) == "1 "
    assert str(word.entry.ActualText) == "Word"
    assert [text_of(*mark) for mark in word.content] == ["W", "ord"]


def test_pictures_have_alternatives_and_ornaments_are_artifacts(printed: Printed, tree: Tree) -> None:
    assert [str(each.entry.Alt) for each in tree.document.all("Figure")] == ["Sea"]
    assert [str(each.entry.Alt) for each in tree.document.all("Formula")] == ["y^2"]
    (figure,) = tree.document.all("Figure")
    left, bottom, right, top = (float(edge) for edge in figure.entry.A.BBox)
    assert right - left == pytest.approx(30 * POINTS_PER_MM, abs=0.1)
    assert top - bottom == pytest.approx(right - left, abs=0.1)
    images = [each for each in printed.pdf.objects if isinstance(each, pikepdf.Stream) and "/Interpolate" in each]
    assert not any(bool(image.Interpolate) for image in images)


def test_boxes_move_with_a_verso() -> None:
    body = '<h1 id="{0}">{0}</h1><p><img src="0001-sea.jpg" alt="{0}" style="width: 30mm"/></p>'
    pages = Printed(edition(document("a", body.format("a")), document("b", body.format("b"))))
    recto, verso = (float(each.entry.A.BBox[0]) for each in Tree(pages.pdf).document.all("Figure"))
    assert (recto, verso) == pytest.approx((14 * POINTS_PER_MM, 24 * POINTS_PER_MM), abs=0.1)


def test_lists_have_labels_and_bodies(tree: Tree) -> None:
    lists = list(tree.document.all("L"))
    assert [str(each.entry.A.ListNumbering) if "/A" in each.entry else "" for each in lists] == [
        "/Disc",
        "/Decimal",
        "",
    ]
    for each in lists:
        assert {kid.kind for kid in each.kids} == {"LI"}
        for item in each.kids:
            assert [kid.kind for kid in item.kids][:2] == ["Lbl", "LBody"]
    assert [told(kid) for kid in lists[2].kids[0].kids] == ["Term", "Meaning", "Other"]


def test_notes_follow_their_reference_and_have_names(tree: Tree) -> None:
    (note,) = tree.document.all("Note")
    paragraph = next(each for each in tree.document.all("P") if note in each.kids)
    reference = paragraph.kids[paragraph.kids.index(note) - 1]
    assert (reference.kind, told(reference)) == ("Reference", "1")
    assert [kid.kind for kid in note.kids] == ["Lbl", "P"]
    names = list(tree.root.IDTree.Names)
    assert names[::2] == sorted(names[::2], key=bytes)
    assert note.entry.ID in names


def test_links_have_annotations_with_words(printed: Printed, tree: Tree) -> None:
    parents = tree.parents()
    links = list(tree.document.all("Link"))
    assert [" ".join(told(each).split()) for each in links] == ["First of two", "Deep", "the web", "1"]
    annotations = [annotation for page in printed.pdf.pages for annotation in page.obj.get("/Annots", ())]
    assert len(annotations) == 4  # the link to nowhere is gone, and so is the one that is inside another
    for each in links:
        (annotation,) = each.annotations
        assert str(annotation.Contents) == " ".join(told(each).split())
        assert int(annotation.F) == 4
        assert parents[int(annotation.StructParent)].objgen == each.entry.objgen
    assert "nowhere" in told(find(tree, "Span", "nowhere"))
    assert all(page.obj.Tabs == Name.S for page in printed.pdf.pages if "/Annots" in page.obj)


def test_contents_are_contents(tree: Tree) -> None:
    outer, inner = tree.document.all("TOC")
    assert [kid.kind for kid in outer.kids] == ["TOCI"]
    assert inner in outer.kids[0].kids
    assert told(outer).split() == ["1", "First", "of", "two1.", "Deep"]  # the number is floated, so its space was lost


def test_tables_tell_their_headers(tree: Tree) -> None:
    (table,) = tree.document.all("Table")
    assert [kid.kind for kid in table.kids] == ["THead", "TBody", "Caption"]
    heads = {told(each): each for each in table.kids[0].all("TH")}  # repeated on the next page, told once
    assert {text: str(each.entry.A.Scope) for text, each in heads.items()} == dict.fromkeys(
        ("Day", "Tide", "High", "Low"), "/Column"
    )
    assert int(heads["Tide"].entry.A.ColSpan) == 2
    row = table.kids[1].kids[0]
    assert str(row.kids[0].entry.A.Scope) == "/Row"
    wanted = [row.kids[0].entry.ID, heads["Tide"].entry.ID, heads["High"].entry.ID]
    assert list(row.kids[1].entry.A.Headers) == wanted
    widths = [0] * 40  # every row is as wide as the others, cells of rows above counted
    for place, line in enumerate(table.kids[1].kids):
        for cell in line.kids:
            down = int(cell.entry.get("/A", {}).get("/RowSpan", 1))
            assert place + down <= len(table.kids[1].kids)
            for below in range(place, place + down):
                widths[below] += int(cell.entry.get("/A", {}).get("/ColSpan", 1))
    assert len(set(widths[: len(table.kids[1].kids)])) == 1


def test_other_languages_are_marked(printed: Printed, tree: Tree) -> None:
    assert str(printed.pdf.Root.Lang) == "en"
    found = [(each.kind, str(each.entry.Lang)) for each in tree.document.all() if "/Lang" in each.entry]
    assert found == [("Span", "fr"), ("L", "de"), ("P", "he"), ("Art", "de")]


def test_a_paragraph_on_two_pages_is_one(tree: Tree) -> None:
    split = [each for each in tree.document.all("P") if len({page.objgen for page, _ in each.content}) == 2]
    assert split
    assert all(told(each).count("The tide comes in") == 5 for each in split)


def test_words_at_the_ends_of_lines_stay_apart() -> None:
    words = "one <em>two three</em> four <b>five</b> well-known six <a href='https://example.org'>seven eight</a> "
    body = f'<h1 id="one">One</h1><p lang="en" style="hyphens: auto; width: 40mm">{words * 9}extraordinarily</p>'
    printed = Printed(edition(document("one", body)))
    (paragraph,) = Tree(printed.pdf).document.all("P")
    said = " ".join(told(paragraph).replace("\u2010", "").split())
    assert said == "one two three four five well-known six seven eight " * 9 + "extraordinarily"


def test_text_that_runs_to_the_left_is_said_in_order() -> None:
    faces = (*theme().fonts, font("Noto Serif Hebrew", "NotoSerifHebrew-Regular.ttf"))
    hebrew = theme(fonts=faces, print_css='html { font: 10pt "EB Garamond", "Noto Serif Hebrew" }')
    body = '<h1 id="one">שלום עולם</h1><p>English, שלום, <em>עולם</em> again</p>'
    pages = Printed(edition(document("one", body), theme=hebrew))
    assert pages.codes == []
    said = Tree(pages.pdf).document
    assert [told(each) for each in said.all("H1")] == ["שלום עולם"]
    assert [told(each) for each in said.all("P")] == ["English, שלום, עולם again"]


def test_half_transparent_text_is_reached_in_its_form(tree: Tree) -> None:
    light = find(tree, "P", "Halflight")
    ((form, mark),) = light.content
    assert form.get("/Subtype") == Name.Form
    assert tree.parents()[int(form.StructParents)][mark].objgen == light.entry.objgen


def test_the_file_says_what_it_is(printed: Printed) -> None:
    root = printed.pdf.Root
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    (intent,) = root.OutputIntents
    assert intent.S == Name.GTS_PDFA1
    profile = intent.DestOutputProfile.read_bytes()
    assert (profile[16:20], profile[36:40], int(intent.DestOutputProfile.N)) == (b"RGB ", b"acsp", 3)
    with printed.pdf.open_metadata() as xmp:
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")
        assert xmp["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert xmp["dc:title"] == str(printed.pdf.docinfo.Title)
    assert b"pdfaExtension:schemas" in root.Metadata.read_bytes()
    assert "/ID" in printed.pdf.trailer


def test_a_file_with_missing_characters_claims_nothing() -> None:
    incomplete = Printed(edition(document("one", '<h1 id="one">A 漢</h1>')))
    assert incomplete.codes == ["glyph-missing"]
    assert b"pdfaid" not in incomplete.pdf.Root.Metadata.read_bytes()
    assert Tree(incomplete.pdf).document.kids


def test_documents_without_text_and_blank_pages() -> None:
    bodies = (document("a", '<p id="a"></p>', matter="front"), document("b", f'<h1 id="b">B</h1>{paragraphs(2)}'))
    pages = Printed(edition(*bodies))
    assert [kid.kind for kid in Tree(pages.pdf).document.kids] == ["Art"]
    numbers = [int(page.obj.StructParents) for page in pages.pdf.pages if "/StructParents" in page.obj]
    assert len(set(numbers)) == len(numbers)


def test_numbers_of_pieces_follow_each_other(tree: Tree) -> None:
    numbers = [int(number) for number in list(tree.root.ParentTree.Nums)[::2]]
    assert all(before < after for before, after in pairwise(numbers))
    assert int(tree.root.ParentTreeNextKey) > numbers[-1]


def test_the_parts_of_weasyprint_that_marking_replaces_are_there() -> None:
    import weasyprint.document
    import weasyprint.pdf
    from weasyprint.pdf.stream import Stream

    assert list(inspect.signature(Stream.marked).parameters) == ["self", "box", "tag"]
    wanted = ["pdf", "document", "pdf_version", "page_streams"]
    assert list(inspect.signature(weasyprint.pdf.add_tags).parameters) == wanted
    assert "footnotes" in inspect.signature(weasyprint.document.build_formatting_structure).parameters


def test_equal_input_gives_equal_bytes(printed: Printed) -> None:
    assert Printed(EVERYTHING, jobs=2).bytes == printed.bytes
