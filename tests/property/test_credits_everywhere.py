"""Laws of credits: whom a source names is once in each role on the page and in all metadata, and nobody else is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from publications import MANIFEST, write

from pubkit.credits import read_credit_line
from pubkit.epub.package import describe
from pubkit.markup import parse, plain
from pubkit.model import Edition, Publication, Theme
from pubkit.names import name_key
from pubkit.pdf.metadata import xmp
from pubkit.report import Report
from pubkit.rights_desk import as_json, credits_list
from pubkit.roles import role_of
from pubkit.source import Location
from pubkit.stages.read import read
from pubkit.stages.resolve import resolve
from pubkit.stages.typeset import typeset
from pubkit.theme import load_theme

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'
# Words with their MARC codes and with what the English credits page calls those who did it.
ROLES = {
    "Photographs by": ("pht", "Photography"),
    "Additional reporting": ("rpt", "Additional reporting"),
    "Translation": ("trl", "Translation"),
    "Puppet master": ("ctb", "Puppet master"),
    "ill": ("ill", "Illustration"),
}
NUMBERS = ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-9079-593X", "0000-0001-2103-2683"]
# Names so far from each other that none is taken for another misspelt; the first of each is the one to be shown.
SPELLINGS = [
    ["Ada Lovelace", "A. Lovelace", "Augusta Ada King"],
    ["Émilie du Châtelet", "E. du Châtelet"],
    ["Mary Anning", "M. Anning & Daughters"],
    ["山田太郎", "Taro Yamada"],
    ["Jean-Luc O’Neill", "JEAN-LUC O'NEILL"],
    ["Saltmarsh Press", "The Saltmarsh Press"],
]


@dataclass(frozen=True)
class Somebody:
    """A person as the sources know them: by the registry, by an ORCID, or by one name alone."""

    spellings: tuple[str, ...]
    registered: bool
    orcid: str
    organisation: bool

    @property
    def name(self) -> str:
        return self.spellings[0]


@dataclass(frozen=True)
class Named:
    """One naming in a source: who, in which spelling, as what; `picture` where the credit of a picture says so."""

    who: Somebody
    spelling: str
    role: str  # "" for an author
    picture: bool


@cache
def reads_as_name(spelling: str) -> bool:
    """Whether the credit of a picture may hold the name as it is: "A & B" would be two."""
    found = read_credit_line(f"Photographs by {spelling}", Location("a.md"))
    return [each.person.name for each in found] == [spelling]


@st.composite
def namings(draw: st.DrawFn, people: Sequence[Somebody], *, pictures: bool) -> Named:
    who = draw(st.sampled_from(people))
    numbered = bool(who.orcid) and not who.registered  # each naming must bring the number, and pictures cannot
    picture = pictures and not numbered and draw(st.booleans())
    same = [each for each in who.spellings if name_key(each) == name_key(who.name)]
    spellings = who.spellings if who.registered or numbered else same
    spelling = draw(st.sampled_from([each for each in spellings if not picture or reads_as_name(each)]))
    role = "Photographs by" if picture else draw(st.sampled_from(["", *ROLES]))
    return Named(who, spelling, role, picture=picture)


@dataclass(frozen=True)
class Issue:
    """A generated publication: people of the registry, whom the manifest, the cover and the articles name."""

    people: tuple[Somebody, ...]
    whole: tuple[Named, ...]
    cover: tuple[Named, ...]  # at most one
    articles: tuple[tuple[Named, ...], ...]

    @property
    def named(self) -> tuple[Named, ...]:
        return (*self.whole, *self.cover, *(each for article in self.articles for each in article))


@st.composite
def issues(draw: st.DrawFn, *, least: int = 1) -> Issue:
    people = []
    for number, spellings in enumerate(SPELLINGS):
        registered = draw(st.booleans())
        orcid = NUMBERS[number] if number < len(NUMBERS) and draw(st.booleans()) else ""
        people.append(
            Somebody(
                spellings=tuple(spellings),
                registered=registered,
                orcid=orcid,
                organisation=registered and spellings[0] == "Saltmarsh Press",
            )
        )
    whole = draw(st.lists(namings(people, pictures=False), max_size=3))
    cover = [each for each in draw(st.lists(namings(people, pictures=True), max_size=1)) if each.picture]
    articles = draw(
        st.lists(st.lists(namings(people, pictures=True), max_size=5).map(tuple), min_size=least, max_size=4)
    )
    return Issue(tuple(people), tuple(whole), tuple(cover), tuple(articles))


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def person(each: Named, role: str = "") -> str:
    """A person of a list, as YAML: with an ORCID where nothing else would tell who it is."""
    orcid = f", orcid: {each.who.orcid}" if each.who.orcid and not each.who.registered else ""
    return f"  - {{name: {quoted(each.spelling)}, role: {quoted(role or 'aut')}{orcid}}}\n"


def sources(issue: Issue, numbers: Sequence[int]) -> dict[str, str]:
    """The files of the publication with these of its articles."""
    registry = "".join(
        f"  - name: {quoted(each.name)}\n    also: [{', '.join(map(quoted, each.spellings[1:]))}]\n"
        f"    organisation: {str(each.organisation).lower()}\n" + (f"    orcid: {each.orcid}\n" if each.orcid else "")
        for each in issue.people
        if each.registered
    )
    manifest = MANIFEST + f"contents: [{', '.join(f'a{number}.md' for number in numbers)}]\n"
    manifest += f"people:\n{registry}" if registry else ""
    manifest += "contributors:\n" + "".join(person(each, each.role) for each in issue.whole) if issue.whole else ""
    for each in issue.cover:
        manifest += f"cover: {{src: p.svg, alt: Fog, credit: {quoted(f'{each.role} {each.spelling}')}}}\n"
    files = {"pubkit.yaml": manifest, "p.svg": SVG}
    for number in numbers:
        told = issue.articles[number]
        authors = "".join(person(each, each.role) for each in told if not each.picture)
        images = "".join(f'![Fog](p.svg){{credit="{each.role} {each.spelling}"}}\n\n' for each in told if each.picture)
        front = "author:\n" + authors if authors else ""
        files[f"a{number}.md"] = f"---\ntitle: Number {number}\n{front}---\n\nText.\n\n{images}"
    return files


def is_picture(each: Named) -> bool:
    return each.picture


@cache
def theme() -> Theme:
    found = load_theme("folio", Report())
    assert found
    return replace(found, fonts=())


def made(issue: Issue, numbers: Sequence[int] | None = None, *, by: str = "role") -> tuple[Publication, Edition]:
    files = sources(issue, range(len(issue.articles)) if numbers is None else numbers)
    files["pubkit.yaml"] += f"parts: {{credits: {{by: {by}}}}}\n"
    with tempfile.TemporaryDirectory() as name:
        report = Report()
        publication = resolve(read(write(Path(name), files), report), report)
        assert report.ok, report.diagnostics
        assert "person-near" not in {found.code for found in report.diagnostics}
        return publication, typeset(publication, theme(), report)


def credits_page(edition: Edition) -> etree._Element | None:
    page = next((each.body for each in edition.documents if each.kind == "credits"), None)
    return None if page is None else parse(page)


def held(element: etree._Element, name: str) -> list[str]:
    return [plain(each) for each in element.iter() if name in each.get("class", "").split()]


def on_the_page(edition: Edition) -> list[tuple[str, str]]:
    """(role, name) of the credits page by role, as they stand there."""
    page = credits_page(edition)
    groups = [] if page is None else [each for each in page.iter("section") if held(each, "credits-people")]
    pairs = []
    for group in groups:
        if group.get("class") == "credits-group":
            pairs += [(held(group, "credits-role")[0], name) for name in held(group, "person-name")]
    return pairs


def in_the_package(edition: Edition) -> list[tuple[str, str]]:
    """(MARC code, name) of the package document."""
    told = list(describe(edition))
    names = {each.attributes["id"]: each.value for each in told if each.name in ("creator", "contributor")}
    return [
        (each.value, names[each.attributes["refines"].removeprefix("#")])
        for each in told
        if each.attributes.get("property") == "role"
    ]


def in_xmp(edition: Edition) -> list[str]:
    packet = xmp(edition, conforms=False)
    found = re.findall(r"<dc:(?:creator|contributor)>.*?</dc:", packet)
    rdf = "".join(re.findall(r"<rdf:li>.*?</rdf:li>", "".join(found)))
    return [each.text or "" for each in etree.fromstring(f'<x xmlns:rdf="x">{rdf}</x>')]


def expected(issue: Issue) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(role, name) as the credits page calls it, and (MARC code, name)."""
    shown = {(ROLES[each.role][1] if each.role else "Text", each.who.name) for each in issue.named}
    codes = {(ROLES[each.role][0] if each.role else "aut", each.who.name) for each in issue.named}
    return shown, codes


def names_shown(issue: Issue) -> Issue:
    """The issue with the names that must be shown: of somebody who is not registered the first that is written."""
    seen: dict[tuple[str, ...], str] = {}
    order = [
        *issue.whole,
        *issue.cover,
        *(each for article in issue.articles for each in sorted(article, key=is_picture)),
    ]
    for each in order:
        seen.setdefault(each.who.spellings, each.who.name if each.who.registered else each.spelling)

    def renamed(each: Named) -> Named:
        first = seen[each.who.spellings]
        rest = tuple(spelling for spelling in each.who.spellings if spelling != first)
        return replace(each, who=replace(each.who, spellings=(first, *rest)))

    return replace(
        issue,
        whole=tuple(map(renamed, issue.whole)),
        cover=tuple(map(renamed, issue.cover)),
        articles=tuple(tuple(map(renamed, article)) for article in issue.articles),
    )


@settings(max_examples=30)
@given(issues())
def test_everybody_is_everywhere_once_a_role_and_nobody_else_is(issue: Issue) -> None:
    _, edition = made(issue)
    shown, codes = expected(names_shown(issue))
    page, package, packet = on_the_page(edition), in_the_package(edition), in_xmp(edition)
    assert (set(page), len(page)) == (shown, len(shown))
    assert (set(package), len(package)) == (codes, len(codes))
    assert (set(packet), len(packet)) == ({name for _, name in codes}, len({name for _, name in codes}))


@settings(max_examples=15)
@given(issues(), st.sampled_from(["person", "article"]))
def test_the_other_orders_of_the_credits_page_hold_the_same(issue: Issue, by: str) -> None:
    _, edition = made(issue, by=by)
    shown, _ = expected(names_shown(issue))
    page = credits_page(edition)
    names = {name for _, name in shown}
    if page is None:
        assert not shown
    elif by == "person":
        assert sorted(held(page, "person-name")) == sorted(names)
        assert sorted(held(page, "person-role")) == sorted(role for role, _ in shown)
    else:
        lines = [plain(each) for each in page.iter("p") if "credits-line" in each.get("class", "")]
        assert {name for name in names if any(name in line for line in lines)} == names


@settings(max_examples=15)
@given(issues())
def test_the_order_is_stable(issue: Issue) -> None:
    one, other = made(issue), made(issue)
    assert on_the_page(one[1]) == on_the_page(other[1])
    assert list(describe(one[1])) == list(describe(other[1]))
    assert xmp(one[1], conforms=True) == xmp(other[1], conforms=True)
    assert as_json(one[0]) == as_json(other[0])


@settings(max_examples=20)
@given(issues(least=2), st.data())
def test_an_article_that_goes_takes_its_credits_with_it_and_no_others(issue: Issue, data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(issue.articles) - 1))
    left = [number for number in range(len(issue.articles)) if number != gone]
    whole, _ = made(issue)
    rest, edition = made(issue, left)
    less = replace(issue, articles=tuple(issue.articles[number] for number in left))
    shown, codes = expected(names_shown(less))
    assert set(on_the_page(edition)) == shown
    assert set(in_the_package(edition)) == codes
    assert set(in_xmp(edition)) == {name for _, name in codes}
    kept = [(row.kind, row.id, row.role) for row in credits_list(whole) if row.id.partition("--")[0] != f"a{gone}"]
    assert [(row.kind, row.id, row.role) for row in credits_list(rest)] == kept


@settings(max_examples=20)
@given(issues())
def test_the_list_for_the_rights_desk_has_a_row_for_each(issue: Issue) -> None:
    publication, _ = made(issue)
    rows = [(row.id.partition("--")[0], row.role, row.person) for row in credits_list(publication) if row.role]
    known = names_shown(issue)
    told = {("", role_of(each.role or "aut").code, each.who.name) for each in known.whole}
    told |= {("cover", "pht", each.who.name) for each in known.cover}
    told |= {
        (f"a{number}", role_of(each.role or "aut").code, each.who.name)
        for number, article in enumerate(known.articles)
        for each in article
    }
    assert {(work, role.code, person.name) for work, role, person in rows if role and person} == told
