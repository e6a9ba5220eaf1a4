"""A finished PDF's structure tree, walked by hand; and an edition with one of everything that has a tag."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf
from pdf_sample import document, edition, paragraphs
from pikepdf import Name

SHOWS = frozenset(
    {"Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "BI", "INLINE IMAGE"}
)

EVERYTHING = edition(
    document(
        "contents",
        '<nav id="contents" role="doc-toc"><h1>Contents</h1><ol style="list-style: none"><li><p>'
        '<span class="page-number" data-page="one" style="float: left"></span> '
        '<a href="#one">First <em>of two</em></a></p>'
        '<ol><li><a href="#one--deep">Deep</a></li></ol></li></ol></nav>',
        kind="contents",
        matter="front",
    ),
    document(
        "one",
        '<section id="one" role="doc-chapter"><header><h1>First</h1><p role="doc-subtitle">Below</p></header><div>'
        '<p><span class="dropcap" style="float: left; font-size: 30pt">W</span>ord<a role="doc-noteref" '
        'id="one--fnref-1" href="#one--fn-1">1</a>, <abbr title="high water">HW</abbr>, <code>x = 1</code>, '
        '<span lang="fr">la laisse</span>, <a href="https://example.org/x">the <em>web</em></a>, '
        '<a href="#nowhere">nowhere</a>, again<a role="doc-noteref" href="#one--fn-1">1</a>.</p>'
        '<h3 id="one--deep">Deephead</h3><p>Formula <math xmlns="http://www.w3.org/1998/Math/MathML" alttext="y^2">'
        "<msup><mi>y</mi><mn>2</mn></msup></math> here.</p><h4>Deeper</h4><h2>Up again</h2>"
        '<figure id="one--fig-1"><img src="0001-sea.jpg" alt="Sea" style="width: 30mm"/> <figcaption>Grey</figcaption>'
        '</figure><p><img src="0001-sea.jpg" alt="" style="width: 5mm"/> Ornament.</p>'
        '<ul lang="de"><li>eins<ol><li>zwei</li></ol></li><li><p>drei</p><p>vier</p></li></ul>'
        "<dl><div><dt>Term</dt> <dd>Meaning</dd> <dd>Other</dd></div><dt>Two</dt><dd>Words</dd></dl>"
        "<blockquote>Quoted<p>twice</p></blockquote><pre><code>code();</code></pre><hr/>"
        '<aside role="doc-pullquote"><p>Pulled</p></aside><div style="opacity: 0.5"><p>Halflight</p></div>'
        '<div style="columns: 2"><p>Left column</p><p>Right column</p></div>'
        '<p lang="he" dir="rtl">Right to left</p>'
        '<figure class="table"><table style="width: 100%"><thead>'
        '<tr><th rowspan="2">Day</th><th colspan="2">Tide</th></tr>'
        "<tr><th>High</th><th>Low</th></tr></thead><tbody>"
        + '<tr><th scope="row">Monday</th><td>2.5</td><td>0.4</td></tr><tr><td rowspan="9">Short</td></tr>'
        * 18
        + f"</tbody></table><figcaption>Tides</figcaption></figure>{paragraphs(4)}</div>"
        '<section class="notes"><h2>Notes</h2><aside role="doc-footnote" id="one--fn-1" class="note">'
        '<p><a role="doc-backlink" href="#one--fnref-1">1</a> Thenote.</p><p>More of it.</p></aside>'
        "</section></section>",
        running=("Verso", "Recto"),
    ),
    document("two", f'<h2 id="two">Zweites</h2>{paragraphs(7)}', language="de", running=("Verso", "Recto")),
)

# What people write: uneven tables, lists without words, skipped headings, text beside blocks, notes in odd places.
_ODD = """
<section id="odd"><h1>One<a role="doc-noteref" id="odd--r" href="#odd--n">1</a></h1>
<ul><li><a href="https://example.org"><img src="0001-sea.jpg" alt="Sea" style="width: 1cm"/></a></li>
<li><a href="https://example.org/2"><img src="0001-sea.jpg" alt="" style="width: 1cm"/></a></li><li></li></ul>
<table><tr><td>a</td></tr><tr><td>b</td><td colspan="3">c</td></tr><tr><th></th></tr><tr><td colspan="0" rowspan="99">
<table><tr><td>in<a role="doc-noteref" id="odd--r2" href="#odd--n2">2</a></td></tr></table></td></tr></table>
<table><caption>Empty</caption><tbody></tbody></table><dl><dd>only</dd></dl><dl><dt>lonely</dt></dl>
<blockquote>x<blockquote>y</blockquote><ul><li>z</li></ul></blockquote><p>a<br/>b <q>quoted</q> <sub>1</sub></p>
<div>bare <em>em</em> <a href="#odd">link</a></div><p><abbr title="">AB</abbr><abbr title="x" lang="fr">CD</abbr></p>
<details><summary>Sum</summary><p>Det</p></details><figure><figcaption>only</figcaption></figure>
<figure><table><tr><th>h</th></tr></table><figcaption>c</figcaption></figure>
<figure><blockquote><p>q</p></blockquote><figcaption>who</figcaption></figure>
<h5>Five</h5><h6>Six</h6><h2>Two</h2><p style="visibility: hidden">hid</p><p style="display: none">gone</p>
<p style="position: absolute; top: 0">abs</p><p><span class="dropcap">A</span> <em>x</em></p>
<p><span class="dropcap">B</span><em>x</em></p>
<ol><li style="display: inline">i</li> <li style="display: inline">j</li></ol>
<div style="display: flex"><p>f1</p>text<p>f2</p></div><div style="display: grid"><p>g1</p><p>g2</p></div>
<p style="overflow: hidden; height: 5px">clipped words</p><p style="transform: rotate(5deg)">turned</p>
<aside role="doc-footnote" id="odd--n" class="note"><p>N1</p></aside>
<aside role="doc-footnote" id="odd--n2" class="note"><p>N2 <a href="https://example.org/n">x</a></p></aside>
<aside role="doc-footnote" id="odd--n3"><p>unreferenced</p></aside></section>
"""
ODD = edition(
    document("odd", _ODD, language="en-GB"),
    document("empty", '<p id="empty"> </p>'),
    document("bare", 'plain <em id="bare">text</em>'),
)


@dataclass
class Element:
    """An element of the structure tree, its children in order; content are (page or form, mark)."""

    kind: str
    kids: list[Element] = field(default_factory=list)
    content: list[tuple[Any, int]] = field(default_factory=list)
    annotations: list[Any] = field(default_factory=list)
    entry: Any = None

    def all(self, *kinds: str) -> Iterator[Element]:
        if not kinds or self.kind in kinds:
            yield self
        for kid in self.kids:
            yield from kid.all(*kinds)


class Tree:
    """The tree of a file, with what is marked on its pages."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.Root.StructTreeRoot
        self.streams: dict[tuple[int, int], Any] = {}
        self.document = self._element(self.root.K[0], None)
        self.reached = Counter((owner.objgen, mark) for each in self.document.all() for owner, mark in each.content)

    def _element(self, entry: Any, page: Any) -> Element:
        page = entry.get("/Pg", page)
        element = Element(kind=str(entry.S)[1:], entry=entry)
        kids = entry.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                element.content.append((page, kid))
            elif kid.get("/Type") == Name.MCR:
                element.content.append((kid.get("/Stm", kid.get("/Pg")), int(kid.MCID)))
            elif kid.get("/Type") == Name.OBJR:
                element.annotations.append(kid.Obj)
            else:
                assert kid.P.objgen == entry.objgen
                element.kids.append(self._element(kid, page))
        return element

    def parents(self) -> dict[int, Any]:
        """The parent tree."""
        nums = list(self.root.ParentTree.Nums)
        return dict(zip(map(int, nums[::2]), nums[1::2], strict=True))


@dataclass
class Marked:
    """What a content stream shows: marks with their operators counted, and operators outside all marks."""

    marks: list[int] = field(default_factory=list)
    artifacts: int = 0
    bare: list[str] = field(default_factory=list)
    forms: list[Any] = field(default_factory=list)
    nested: bool = False


def marked(thing: Any) -> Marked:
    """Read a page or form; marks must be balanced."""
    found = Marked()
    stack: list[bool] = []
    for operands, operator in pikepdf.parse_content_stream(thing):
        word = str(operator)
        if word in ("BDC", "BMC"):
            found.nested |= any(stack)
            stack.append(True)
            if str(operands[0]) == "/Artifact":
                found.artifacts += 1
            else:
                found.marks.append(int(operands[1].MCID))
        elif word == "EMC":
            stack.pop()
        elif word == "Do" and thing.Resources.XObject[operands[0]].Subtype == Name.Form:
            form = thing.Resources.XObject[operands[0]]
            if not stack:
                found.forms.append(form)
        elif word in SHOWS and not stack:
            found.bare.append(word)
    assert not stack
    return found
