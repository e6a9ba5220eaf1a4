"""The cover for print as a page: back, spine and front side by side, and how large its words may be.

What a theme's template book-cover.html makes, and what this module places, so that no theme need know where the
spine is:

    <section class="book-cover" id="book-cover">
      <div class="book-back">
        <div id="book-back-text">…</div>
        <div class="book-barcode" id="book-barcode">…</div>
      </div>
      <div class="book-spine">
        <div class="book-spine-line">
          <p id="book-spine-start">… <span class="book-spine-names">…</span></p>
          <p class="book-spine-end" id="book-spine-end">…</p>
        </div>
      </div>
      <div class="book-front">
        <p class="book-picture"><img … /></p>
        or <div id="book-front-text">…</div> <div id="book-front-foot">…</div>
      </div>
    </section>

Each of the three reaches into the bleed, and its padding ends at what is safe from the knife. `.book-picture` fills
the front, bleed and all. `.book-spine-line` is as long as the safe part of the spine and turned as the language has
it. `.book-barcode` is a white field in the corner that scanners and printers expect. What must fit is known by its id:
the words get smaller, then fewer, until they do.

Lengths at hand: `--trim-width`, `--trim-height`, `--spine`, `--bleed`, `--safe`, `--barcode-width`, `--barcode-height`,
`--barcode-edge`; sizes that change until all fits: `--spine-size` (a length), `--back-scale` and `--front-scale`
(numbers).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from typing import TYPE_CHECKING

from pubkit.barcodes import BARS, HEIGHT, MODULE, WIDTH
from pubkit.model import Direction, Edition
from pubkit.pdf.pieces import POINTS_PER_MM
from pubkit.printing import spine_of

if TYPE_CHECKING:
    from weasyprint import Document

# The field that KDP keeps free, 2 x 1.2 in at 0.25 in from the edges (help topic G201953020). The symbol at 100 % and
# its ISBN fit into it.
FIELD, FIELD_EDGE = (50.8, 30.48), 6.35
LEAST_LETTERS = 7 / POINTS_PER_MM  # mm: KDP prints nothing smaller (help topic G201857950)
LINE = 1.15  # how much more than its letters' size a line needs, from the top of an l to the foot of a g
LARGEST_LETTERS = 16 / POINTS_PER_MM
GAP = 4.0  # mm between words that must not touch

_PX_PER_MM = 96 / 25.4
_STEPS = tuple(accumulate(repeat(0.92, 8), lambda size, step: round(size * step, 3), initial=1.0))  # down to a half

# Where words on a spine are read from the foot up. Elsewhere they run down, which ISO 6357:1985 asks for, and are
# upright when the book lies on its back. By custom they run up in most of continental Europe and in Latin America, in
# France, Italy, Spain and Russia above all; German books, which used to, run down now.
_UPWARDS = frozenset({"bg", "ca", "cs", "es", "fr", "gl", "hr", "hu", "it", "pl", "pt", "ro", "ru", "sk", "sl", "uk"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPage:
    """The sizes of a cover in mm, without its bleed, and which way its words run."""

    width: float  # of the front, and of the back
    height: float
    spine: float
    bleed: float
    safe: float
    spine_safe: float
    spine_words: bool  # whether the spine may carry words, and has room for them
    direction: Direction
    upwards: bool

    @property
    def whole(self) -> float:
        """The width of back, spine and front together."""
        return round(2 * self.width + self.spine, 3)

    @property
    def folds(self) -> tuple[float, ...]:
        """Where it is folded, from its left edge: at both edges of the spine, or once where it has no width."""
        return tuple(dict.fromkeys((self.width, round(self.width + self.spine, 3))))

    @property
    def room(self) -> float:
        """How much of the spine's width words may take."""
        return max(0.0, self.spine - 2 * self.spine_safe)


def cover_page(edition: Edition, pages: int) -> CoverPage:
    """The cover of an edition that fills so many pages. Of a book that is stitched through its fold, the spine is 0."""
    page, printing, metadata = edition.theme.page, edition.printing, edition.metadata
    spine = spine_of(printing, pages)
    return CoverPage(
        width=page.width,
        height=page.height,
        spine=spine,
        bleed=printing.bleed,
        safe=printing.safe,
        spine_safe=printing.spine_safe,
        spine_words=pages >= printing.spine_text and spine - 2 * printing.spine_safe >= LEAST_LETTERS * LINE,
        direction=metadata.direction,
        upwards=metadata.language.partition("-")[0].lower() in _UPWARDS,
    )


def rules(cover: CoverPage) -> str:
    """The style rules that put back, spine and front in their places."""
    bleed, edge = cover.bleed, max(cover.safe, FIELD_EDGE)
    outer, inner = bleed + cover.safe, cover.safe
    first, last = bleed + cover.width, bleed + cover.width + cover.spine  # the folds
    ltr = cover.direction == "ltr"
    left = f"left: 0; width: {_mm(first)}; padding: {_mm(outer)} {_mm(inner)} {_mm(outer)} {_mm(outer)}"
    right = f"left: {_mm(last)}; width: {_mm(first)}; padding: {_mm(outer)} {_mm(outer)} {_mm(outer)} {_mm(inner)}"
    length = cover.height - 2 * cover.safe
    field = min(FIELD[0], cover.width - 2 * edge)
    lengths = {
        "trim-width": cover.width,
        "trim-height": cover.height,
        "spine": cover.spine,
        "bleed": bleed,
        "safe": cover.safe,
        "barcode-width": field,
        "barcode-height": FIELD[1],
        "barcode-edge": edge,
    }
    # The line of the spine is laid out lying, about the middle of the spine, and turned there: words that run down, and
    # words from right to left that do, have their heads towards the front.
    turn = -90 if cover.upwards or not ltr else 90
    return f"""
@page {{ size: {_mm(cover.whole)} {_mm(cover.height)}; margin: 0 }}
:root {{ {"; ".join(f"--{name}: {_mm(value)}" for name, value in lengths.items())} }}
body {{ margin: 0 }}
img {{ image-rendering: crisp-edges }}
.book-cover {{
  position: absolute; overflow: hidden; left: -{_mm(bleed)}; top: -{_mm(bleed)};
  width: {_mm(cover.whole + 2 * bleed)}; height: {_mm(cover.height + 2 * bleed)};
}}
.book-back, .book-spine, .book-front {{
  position: absolute; overflow: hidden; box-sizing: border-box; top: 0; height: {_mm(cover.height + 2 * bleed)};
}}
.book-back {{ {left if ltr else right} }}
.book-front {{ {right if ltr else left} }}
.book-spine {{ left: {_mm(first)}; width: {_mm(cover.spine)} }}
.book-spine-line {{
  position: absolute; margin: 0; white-space: nowrap; font-size: var(--spine-size); line-height: {_mm(cover.room)};
  width: {_mm(length)}; height: {_mm(cover.room)};
  left: {_mm((cover.spine - length) / 2)}; top: {_mm((cover.height - cover.room) / 2 + bleed)};
  transform: rotate({turn}deg);
}}
#book-spine-start, #book-spine-end {{ position: absolute; margin: 0; top: 0; line-height: inherit }}
#book-spine-start {{ inset-inline-start: 0 }}
#book-spine-end {{ inset-inline-end: 0 }}
.book-picture {{ position: absolute; margin: 0; left: 0; top: 0; width: 100%; height: 100% }}
.book-picture img {{ display: block; width: 100%; height: 100%; max-width: none; max-height: none; object-fit: cover }}
.book-barcode {{
  position: absolute; box-sizing: border-box; bottom: {_mm(bleed + edge)}; {"right" if ltr else "left"}: {_mm(edge)};
  width: {_mm(field)}; height: {_mm(FIELD[1])}; padding: 0.6mm 0 0; background: #fff; color: #000; direction: ltr;
}}
.barcode-isbn {{
  margin: 0; height: 3.4mm; font-size: 2.6mm; line-height: 3mm; text-align: center; white-space: nowrap;
}}
.barcode-symbol {{ position: relative; margin: 0 auto; width: {_mm(WIDTH)}; height: {_mm(HEIGHT)} }}
.barcode-symbol svg {{ position: absolute; left: 0; top: 0 }}
.barcode-digit {{
  position: absolute; top: {_mm(BARS + MODULE)}; width: {_mm(7 * MODULE)}; text-align: center;
  font-size: 3.2mm; line-height: 2.75mm; font-variant-numeric: lining-nums tabular-nums;
}}
"""


def _mm(length: float) -> str:
    return f"{round(length, 4):g}mm"


Areas = Mapping[str, tuple[float, float, float, float]]
"""Rectangles of elements by id: left, top, right and bottom in mm, from the upper left corner of the trimmed cover."""


def fitted(render: Callable[[str], Document], cover: CoverPage) -> tuple[Document, tuple[str, ...]]:
    """The cover with its words as large as they may be, and the parts (back, spine, front) whose words do not fit.

    `render` lays it out with more style rules. Words that do not fit at their smallest are cut, or left out.
    """
    ways = {"spine": _ways_of_spine(cover), "back": _scales("back"), "front": _scales("front")}
    tried = dict.fromkeys(ways, 0)
    while True:
        document = render("\n".join(ways[part][number] for part, number in tried.items()))
        areas = {
            identifier: tuple(edge / _PX_PER_MM for edge in rectangle)
            for identifier, rectangle in document.pages[0].anchors.items()
        }
        unfit = [part for part in ways if not _fits(part, areas, cover)]
        smaller = [part for part in unfit if tried[part] + 1 < len(ways[part])]
        if not smaller:
            gone = ["spine"] if cover.spine_words and tried["spine"] + 1 == len(ways["spine"]) else []
            return document, (*gone, *unfit)
        for part in smaller:
            tried[part] += 1


def _ways_of_spine(cover: CoverPage) -> Sequence[str]:
    """Ever smaller letters, then without what stands at the end, then without names, at last without words."""
    blank = ":root { --spine-size: 1mm } .book-spine-line { display: none }"
    if not cover.spine_words:
        return (blank,)
    largest = min(cover.room / LINE, LARGEST_LETTERS)
    sizes = [size for step in _STEPS if (size := largest * step) >= LEAST_LETTERS] or [LEAST_LETTERS]
    smallest = f":root {{ --spine-size: {_mm(sizes[-1])} }} .book-spine-end {{ display: none }}"
    return (
        *(f":root {{ --spine-size: {_mm(size)} }}" for size in sizes),
        smallest,
        f"{smallest} .book-spine-names {{ display: none }}",
        blank,
    )


def _scales(part: str) -> Sequence[str]:
    return tuple(f":root {{ --{part}-scale: {step:g} }}" for step in _STEPS)


def _fits(part: str, areas: Areas, cover: CoverPage) -> bool:
    if part == "spine":
        lengths = [_length(areas, f"book-spine-{end}") for end in ("start", "end")]
        return sum(lengths) + (GAP if all(lengths) else 0) <= cover.height - 2 * cover.safe + 0.01
    text, foot = f"book-{part}-text", "book-barcode" if part == "back" else "book-front-foot"
    if text not in areas:
        return True
    end = areas[foot][1] - GAP if foot in areas else cover.height - cover.safe
    return areas[text][3] <= end


def _length(areas: Areas, identifier: str) -> float:
    """Along the spine."""
    return areas[identifier][3] - areas[identifier][1] if identifier in areas else 0.0
