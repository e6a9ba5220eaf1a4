"""Running heads and folios: a sheet for every page, laid over it.

What a theme's `furniture_css` finds (one section a page, as large as the page, no margins):

    <section class="sheet article opener right recto" lang="en" dir="ltr">
      <div class="running">The harbour that moved</div>
      <div class="folio">12</div>
    </section>

Classes of a sheet: the document's kind (cover, titlepage, contents, article, credits, index, colophon) or `blank`;
its matter (front, body, back); `opener` on the first page of a document; `left` or `right` by where the page
lies in the open book; `verso` (even) or `recto` (odd), which is the same in books that open to the left.
The running text is the left one of the document on versos, the right one on rectos.

`.running` and `.folio` are positioned absolutely in the sheet, so a theme gives them top or bottom, left, right or
width. Lengths to use: `var(--page-width)`, `--page-height`, `--margin-top`, `--margin-bottom`, `--margin-inside`,
`--margin-outside`, and on a sheet `--margin-left` and `--margin-right`, which are the inside and outside margins of
that side. Nothing shows on covers, title pages and blank pages unless the theme shows it there:
`.sheet.blank > .folio { display: block }`.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from pubkit.model import Edition
from pubkit.pdf.page_map import Leaf, Plan

SHEETS = 64  # pages laid out in one go: enough to spare set-up, few enough to share among processes


def sheets(edition: Edition, plan: Plan) -> Iterator[tuple[range, bytes]]:
    """Documents of SHEETS sheets at most, in the order of the pages, and which pages of the plan they are for.

    They begin anew where the arabic numbers begin, so that what comes before changes none of the others.
    """
    language, direction = edition.metadata.language, edition.metadata.direction
    for begin, end in ((0, plan.body), (plan.body, len(plan.leaves))):
        for first in range(begin, end, SHEETS):
            pages = range(first, min(first + SHEETS, end))
            body = "".join(_sheet(edition, plan.leaves[page]) for page in pages)
            yield pages, f'<html lang="{escape(language)}" dir="{direction}"><body>{body}</body></html>'.encode()


def _sheet(edition: Edition, leaf: Leaf) -> str:
    verso_is_left = edition.metadata.direction == "ltr"
    classes = ["sheet"]
    running, language, direction = "", edition.metadata.language, edition.metadata.direction
    if leaf.document is None:
        classes.append("blank")
    else:
        document = edition.documents[leaf.document]
        classes += [document.kind, document.matter]
        classes += ["opener"] if leaf.page == 0 else []
        language, direction = document.language, document.direction
        running = document.running[0 if leaf.verso else 1]
    classes.append("left" if leaf.verso is verso_is_left else "right")
    classes.append("verso" if leaf.verso else "recto")
    return (
        f'<section class="{" ".join(classes)}" lang="{escape(language)}" dir="{direction}">'
        f'<div class="running">{escape(running)}</div><div class="folio">{leaf.label}</div></section>'
    )
