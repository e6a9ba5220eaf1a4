"""Rules of print about what is painted: images, colours and ink, lines, letters and their fonts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pubkit.check.finding import Finding, Finished, Rule, count, mm
from pubkit.pdf.inspection import Colour, ColourUse, PlacedImage, Space
from pubkit.pdf.inspection.colours import ink_of

_FLAT = 4  # pixels across or down: a gradient or a ground, drawn as an image
_TOLERANCE = 0.995  # of a resolution: sizes in pt are rounded


def resolution(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Photographs and drawings in tones have enough pixels at their printed size."""
    for number, image in _images(subject):
        if image.bits > 1:
            yield from _coarse(number, image, subject.printing.resolution)


def line_resolution(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Images in black and white alone have enough pixels at their printed size."""
    for number, image in _images(subject):
        if image.bits == 1:
            yield from _coarse(number, image, subject.printing.line_resolution)


def _images(subject: Finished) -> Iterator[tuple[int, PlacedImage]]:
    for page in subject.pages:
        yield from ((page.number, image) for image in page.images if min(image.pixels) > _FLAT)


def _coarse(number: int, image: PlacedImage, needed: int) -> Iterator[Finding]:
    if image.ppi < needed * _TOLERANCE:
        what = f"image {image.name} prints at {image.ppi:.0f} ppi, {mm(image.size[0])} wide"
        yield Finding(what=what, page=number, weight=needed - image.ppi)


def rgb(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Nothing is in the colours of screens."""
    for page in subject.pages:
        for use in page.colours:
            if use.colour.space.model in ("rgb", "lab"):
                what = f"{painted_words(use)} in {space_words(use.colour.space)}"
                yield Finding(what=what, page=page.number, weight=use.count)


def painted_words(use: ColourUse) -> str:
    """What is painted: "text", "an area", "an image"."""
    return {"fill": "an area", "stroke": "a line", "image": "an image", "shading": "a shading"}.get(
        use.paint, use.paint
    )


def space_words(space: Space) -> str:
    """A colour space in words: "DeviceRGB", "Indexed DeviceRGB", "ICCBased RGB"."""
    base = f" {space_words(space.base)}" if space.family == "Indexed" and space.base else ""
    own = f" {space.model.upper()}" if space.family == "ICCBased" and space.model in ("rgb", "cmyk") else ""
    return f"{space.family}{own}{base}"


def spot(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """There are no inks besides the four of the press."""
    for page in subject.pages:
        for use in page.colours:
            for name in use.colour.space.names:
                if name not in ("Cyan", "Magenta", "Yellow", "Black", "All", "None"):
                    yield Finding(what=f"the ink {name}", page=page.number)


def registration(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """The colour of all plates is kept for marks outside the page."""
    for page in subject.pages:
        trim = subject.edges[page.number].trim
        for use in page.colours:
            box = use.box
            outside = box is None or box.right <= trim.left or box.left >= trim.right
            outside = outside or box is None or box.top <= trim.bottom or box.bottom >= trim.top
            if use.colour.space.names == ("All",) and not outside:
                yield Finding(what=f"{painted_words(use)} in registration colour", page=page.number)


def image_ink(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Images take no more ink than the paper bears; a pixel in a thousand may."""
    limit = subject.printing.ink_limit
    for number, image in _images(subject):
        if limit and image.ink is not None and image.ink > limit + rule["tolerance"]:
            yield Finding(what=f"image {image.name} takes {image.ink:.0f} % of ink", page=number, weight=image.ink)


def ink(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Areas, lines and text take no more ink than the paper bears."""
    limit = subject.printing.ink_limit
    for page in subject.pages:
        for use in page.colours:
            found = ink_of(use.colour.space, use.colour.values)
            if limit and found is not None and found > limit + rule["tolerance"] and use.colour.space.names != ("All",):
                yield Finding(what=f"{painted_words(use)} takes {found:.0f} % of ink", page=page.number, weight=found)


def black_text(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Small black text is printed with black alone: four plates never lie exactly on each other."""
    for page in subject.pages:
        found = Counter(
            _tint(run.colour)
            for run in page.text
            if run.seen and run.size < rule["largest"] and _is_mixed_black(run.colour)
        )
        for tint, lines in found.items():
            yield Finding(what=f"{count(lines, 'line')} in black of {tint}", page=page.number, weight=lines)


def _is_mixed_black(colour: Colour) -> bool:
    if colour.space.model != "cmyk" or len(colour.values) < 4:
        return False
    cyan, magenta, yellow, black = colour.values[:4]
    dark = black >= 0.85 or min(cyan, magenta, yellow) >= 0.6
    return dark and cyan + magenta + yellow > 0.05


def _tint(colour: Colour) -> str:
    return "C{:.0f} M{:.0f} Y{:.0f} K{:.0f}".format(*(100 * value for value in colour.values[:4]))


def light_fills(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """Grey areas are dark enough to be seen."""
    for page in subject.pages:
        for use in page.colours:
            tone = ink_of(use.colour.space, use.colour.values)
            if use.paint == "fill" and tone is not None and 0.5 < tone < rule["least"] - 0.5:
                yield Finding(what=f"an area of {tone:.0f} % of ink", page=page.number, weight=-tone)


def white_overprint(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """White is not set to overprint, for it would vanish."""
    for page in subject.pages:
        for use in page.colours:
            white = ink_of(use.colour.space, use.colour.values) == 0
            if use.overprint and white and use.colour.space.model in ("cmyk", "grey"):
                yield Finding(what=f"{painted_words(use)} in white that overprints", page=page.number)


def lines(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """No line is too thin to print."""
    for page in subject.pages:
        for line in page.lines:
            if line.width < rule["least"] - 0.01:
                what = f"{count(line.count, 'line')} of {line.width:.2f} pt"
                yield Finding(what=what, page=page.number, weight=-line.width)


def type_size(subject: Finished, rule: Rule) -> Iterator[Finding]:
    """No words are too small to read."""
    for page in subject.pages:
        runs = (run for run in page.text if run.seen and run.letters >= rule["shortest"])
        small = [run for run in runs if 0 < run.size < rule["least"] - 0.05]
        sizes = Counter(run.size for run in small)
        for size, number in sizes.items():
            words = next((run.words.strip()[:20] for run in small if run.size == size and run.words.strip()), "…")
            what = f"{count(number, 'line')} of {size:g} pt (‘{words}’)"
            yield Finding(what=what, page=page.number, weight=-size)


def fonts_embedded(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Every font that is used is in the file."""
    for page in subject.pages:
        for font in page.fonts:
            if not font.embedded:
                yield Finding(what=f"the font {font.name} ({font.kind}) is not embedded", page=page.number)


def fonts_allowed(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """No font forbids to be embedded."""
    for page in subject.pages:
        for font in page.fonts:
            if font.restricted:
                yield Finding(what=f"the font {font.name} says that it may not be embedded", page=page.number)


def type_3(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Letters are outlines, not drawings of any kind."""
    for page in subject.pages:
        number = sum(font.kind == "Type3" for font in page.fonts)
        if number:
            yield Finding(what=f"{count(number, 'font')} of type 3", page=page.number)


def missing_glyphs(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Every character has a glyph."""
    for page in subject.pages:
        for name, number in page.missing:
            what = f"{count(number, 'character')} without a glyph in {name}"
            yield Finding(what=what, page=page.number, weight=number)


def transparency(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """Nothing shines through anything."""
    for page in subject.pages:
        for words in page.transparency:
            yield Finding(what=words, page=page.number)


def invisible(subject: Finished, _rule: Rule) -> Iterator[Finding]:
    """There is no invisible text."""
    for page in subject.pages:
        hidden = sum(not run.seen for run in page.text)
        if hidden:
            yield Finding(what=f"{count(hidden, 'line')} of invisible text", page=page.number, weight=hidden)
