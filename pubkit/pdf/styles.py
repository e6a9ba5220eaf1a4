"""The style rules that pubkit writes itself: page boxes, font faces, and what print needs under any theme."""

from __future__ import annotations

from urllib.parse import quote

from pubkit.model import FontFace, PageGeometry
from pubkit.pdf.print_tree import BASE_URL, FONT

THIN = 0.5  # pt; a line that themes draw over notes
BLEED = 4.0  # mm: 3 are asked for by most printers; one more, that no white shows where the knife errs

PRINT = """
body { margin: 0 }
h1, h2, h3, h4, h5, h6 { bookmark-level: none } /* the outline is made from the table of contents */
img { image-rendering: crisp-edges } /* else every image is marked /Interpolate, which PDF/A forbids (6.2.8) */
img:not([role=doc-cover]) { max-width: 100%; max-height: calc(var(--text-height) * 0.66) }
.footnote {
  float: footnote; font-style: normal; font-weight: 400; font-variant: normal; text-transform: none;
  letter-spacing: normal; text-indent: 0; text-align: start; white-space: normal;
}
:is(a[role=doc-noteref], span.noteref) { vertical-align: super; font-size: smaller; line-height: inherit }
.math.display { display: block; text-align: center; margin: 1em 0 }
.page-reference { white-space: nowrap }
.page-reference .page-number { color: inherit; text-decoration: none }
.address { hyphens: none; letter-spacing: normal; overflow-wrap: anywhere }
.address .piece { display: inline-block; max-width: 100%; text-indent: 0 }
.address-number { font-size: 65%; line-height: 0 }
.addresses li { break-inside: avoid }
.addresses .qr-code { display: block; max-width: none; max-height: none }
.index-columns { columns: 2 }
.index-list, .index-below { list-style: none; margin: 0; padding: 0 }
.index-below { padding-inline-start: 1em }
/* overflow-wrap: break-word is right for the text of a block only: WeasyPrint 70 takes every text in the first inline
   element of a line for the line's start, and breaks its first word where it should move to the next line. */
:is(abbr, b, cite, dfn, em, i, mark, q, s, small, span, strong, sub, sup, u):not(.footnote) { overflow-wrap: normal }
"""

_RUNNING = ":is(p, li, dd):not(header *, footer *, td *, th *)"

# Tried in this order where the last page of an article would be nearly empty. Only spaces and letters move, by less
# than an eye sees, so the theme's grid of lines stays; letters that join are never spaced. Not in cells, nor in
# heads and feet, which may hold inline blocks: WeasyPrint 70 makes a box as wide as its text too narrow for tight text.
FITTINGS = (
    f"""
{_RUNNING} {{ word-spacing: -0.03em; letter-spacing: -0.005em }}
[dir=rtl], [dir=rtl] p, [dir=rtl] li, [dir=rtl] dd {{ letter-spacing: normal }}
""",
    f"{_RUNNING} {{ word-spacing: 0.04em }}",
)

COVER = "@page { margin: 0; padding: 0 }"  # beside the page rule

FURNITURE = """
body { margin: 0 }
.sheet {
  position: relative; box-sizing: border-box; overflow: hidden; break-inside: avoid; break-after: page;
  width: var(--page-width); height: var(--page-height);
}
.sheet:last-child { break-after: auto }
.sheet > * { position: absolute; margin: 0 }
.sheet.cover > *, .sheet.titlepage > *, .sheet.blank > * { display: none }
"""


def page_rule(page: PageGeometry, direction: str, *, bleed: float = BLEED, safe: float = 0.0) -> str:
    """The page box of a document, as a recto, and its lengths as custom properties of the root.

    `bleed` in mm is how far a picture that bleeds must reach beyond the trim, `safe` how far
    from it words must stay.
    """
    size = f"size: {page.width:g}mm {page.height:g}mm"
    left, right = (page.outside, page.inside) if direction == "rtl" else (page.inside, page.outside)
    box = f"@page {{ {size}; margin: {page.top:g}mm {right:g}mm {page.bottom:g}mm {left:g}mm }}"
    return f"{box}\n{_lengths(page, bleed, safe)}"


def sheet_rules(page: PageGeometry, direction: str, *, bleed: float = BLEED, safe: float = 0.0) -> str:
    """The page box of furniture, and the text block's place as custom properties."""
    left, right = ("outside", "inside") if direction == "rtl" else ("inside", "outside")  # of a recto
    return (
        f"@page {{ size: {page.width:g}mm {page.height:g}mm; margin: 0 }}\n{_lengths(page, bleed, safe)}"
        f".recto {{ --margin-left: var(--margin-{left}); --margin-right: var(--margin-{right}) }}\n"
        f".verso {{ --margin-left: var(--margin-{right}); --margin-right: var(--margin-{left}) }}\n"
    )


def _lengths(page: PageGeometry, bleed: float, safe: float) -> str:
    lengths = {
        "page-width": page.width,
        "page-height": page.height,
        "margin-top": page.top,
        "margin-bottom": page.bottom,
        "margin-inside": page.inside,
        "margin-outside": page.outside,
        "text-width": page.width - page.inside - page.outside,
        "text-height": page.height - page.top - page.bottom,
        "bleed": bleed,
        "safe": safe,
    }
    return ":root { " + "; ".join(f"--{name}: {length:g}mm" for name, length in lengths.items()) + " }\n"


def least(line: float, size: float) -> str:
    """How thin a line and how small a letter may be, in pt, as custom properties; and the line over the notes."""
    notes = f"@page {{ @footnote {{ border-top-width: {line:g}pt }} }}\n" if line > THIN else ""
    return f":root {{ --least-line: {line:g}pt; --least-type: {size:g}pt }}\n{notes}"


def font_faces(fonts: tuple[FontFace, ...]) -> str:
    """An @font-face rule for every face of the theme."""
    return "\n".join(
        f"@font-face {{ font-family: {_string(face.family)}; font-weight: {face.weight}; font-style: {face.style}; "
        f"src: url({BASE_URL}{FONT}{quote(face.name, safe='')}) }}"
        for face in fonts
    )


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ")
    return f'"{escaped}"'
