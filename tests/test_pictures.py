"""Pages of the default theme as pictures: what changes in its look is seen by a person before it is accepted.

Each picture was looked at when it was written. `pytest --save-golden` writes them anew; look at the difference then.
A failure leaves three pictures in the test's folder: what was expected, what was found, and the difference.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from conftest import TESTS, Golden
from folio_sample import folio_edition, on_page
from PIL import Image, ImageChops, ImageStat

from pubkit.model import Edition
from pubkit.pdf import write_pdf
from pubkit.report import Report

PICTURES = TESTS / "pictures"
PPI = 50
GREYS = 17  # the step from grey to grey: sixteen of them keep the files small
MEAN = 0.7  # of 255 levels of grey: a line of text a pixel lower is 2 or more
SHARE = 0.002  # of the pixels may differ by more than STRONG: other versions draw edges a little differently
STRONG = 51

PAGES = {  # by the page's label
    "title-page": "i",
    "contents": "ii",
    "opener": "1",
    "asides": "2",
    "figures": "3",
    "text": "4",
    "table": "6",
    "right-to-left": "7",
    "credits": "9",
}
POCKET = "pocket-opener"  # on a page of 5 by 8 inches


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    return folio_edition(tmp_path_factory.mktemp("folio"))


@pytest.fixture(scope="module")
def pages(edition: Edition) -> dict[str, Image.Image]:
    """The pages to be compared, by name."""
    drawn = dict(_pages(edition))
    found = {name: drawn[label] for name, label in PAGES.items()}
    quay = tuple(document for document in edition.documents if document.name == "quay")
    found[POCKET] = dict(_pages(replace(on_page(edition, 127, 203.2), documents=quay, toc=())))["1"]
    return found


def _pages(edition: Edition) -> Iterator[tuple[str, Image.Image]]:
    stream, report = io.BytesIO(), Report()
    write_pdf(edition, stream, report, jobs=0)
    assert not report.diagnostics
    with pypdfium2.PdfDocument(stream.getvalue()) as pdf:
        for number, page in enumerate(pdf):
            drawn = page.render(scale=2 * PPI / 72, grayscale=True).to_pil().convert("L").reduce(2)
            yield pdf.get_page_label(number), drawn.point([round(level / GREYS) * GREYS for level in range(256)])


def _in_greys(picture: Image.Image) -> Image.Image:
    """The picture with a palette of sixteen greys: half a byte a pixel."""
    numbered = Image.frombytes("P", picture.size, picture.point([level // GREYS for level in range(256)]).tobytes())
    numbered.putpalette([step * GREYS for step in range(16) for _ in "rgb"])
    return numbered


@pytest.mark.parametrize("name", [*PAGES, POCKET])
def test_the_page_looks_as_it_did(name: str, pages: dict[str, Image.Image], golden: Golden, tmp_path: Path) -> None:
    found, expected = pages[name], PICTURES / f"{name}.png"
    if golden.save:
        PICTURES.mkdir(exist_ok=True)
        _in_greys(found).save(expected, optimize=True, bits=4)
    assert expected.exists(), f"{expected} is missing; pytest --save-golden writes it"
    wanted = Image.open(expected).convert("L")
    assert found.size == wanted.size
    difference = ImageChops.difference(found, wanted)
    mean = ImageStat.Stat(difference).mean[0]
    strong = sum(difference.histogram()[STRONG + 1 :]) / (found.width * found.height)
    if mean <= MEAN and strong <= SHARE:
        return
    shown = tmp_path / f"{name}-expected-found-difference.png"
    side_by_side = Image.new("L", (3 * found.width, found.height))
    for number, picture in enumerate((wanted, found, ImageChops.invert(difference))):
        side_by_side.paste(picture, (number * found.width, 0))
    side_by_side.save(shown)
    pytest.fail(f"{name} differs by {mean:.2f} levels, {strong:.2%} of the pixels strongly: see {shown}")


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == {*PAGES, POCKET}
