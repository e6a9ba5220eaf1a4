"""An ISBN as text and as bars."""

import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from pubkit import barcodes
from pubkit.markup import parse

ISBN = "9783161484100"
_BAR = re.compile(r"M([\d.]+) 0h([\d.]+)v([\d.]+)h-([\d.]+)z")


def bars(symbol: str) -> list[tuple[float, float, float]]:
    """Left, width and height of every bar in mm."""
    path = next(iter(parse(f"<div>{symbol}</div>").iter("{http://www.w3.org/2000/svg}path"))).get("d", "")
    found = _BAR.findall(path)
    assert "".join(f"M{left} 0h{width}v{height}h-{back}z" for left, width, height, back in found) == path
    return [(float(left), float(width), float(height)) for left, width, height, _ in found]


def scanned(symbol: str) -> list[str]:
    """What a scanner reads off the bars."""
    scale = 3 / barcodes.MODULE
    image = Image.new("L", (round(barcodes.WIDTH * scale), 200), 255)
    draw = ImageDraw.Draw(image)
    for left, width, _ in bars(symbol):
        draw.rectangle((round(left * scale), 0, round((left + width) * scale) - 1, 200), fill=0)
    return [each.text for each in zxingcpp.read_barcodes(image) if each.format == zxingcpp.BarcodeFormat.EAN13]


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("urn:isbn:9783161484100", ISBN),
        ("978-3-16-148410-0", ISBN),
        ("ISBN 978 3 16 148410 0", ISBN),
        ("3-16-148410-X", ISBN),
        ("9783161484101", ""),
        ("316148410X1", ""),
        ("3161484101", ""),
        ("urn:uuid:5b0c6f0e-6f0b-5c53-9d0e-4c1770a10041", ""),
        ("9773161484103", ""),
        ("", ""),
    ],
)
def test_an_isbn_with_the_right_check_digit_alone_counts(written: str, digits: str) -> None:
    assert barcodes.isbn_of(written) == digits


def test_an_isbn_is_printed_in_its_parts() -> None:
    assert barcodes.written(ISBN) == "ISBN 978-3-16-148410-0"
    assert barcodes.written("9780306406157") == "ISBN 978-0-306-40615-7"


def test_the_symbol_has_the_nominal_size() -> None:
    assert (barcodes.WIDTH, barcodes.HEIGHT) == (37.29, 25.93)
    found = bars(barcodes.symbol(ISBN))
    assert found[0][0] == pytest.approx(11 * 0.33)
    assert found[-1][0] + found[-1][1] == pytest.approx((11 + 95) * 0.33)
    assert min(width for _, width, _ in found) == pytest.approx(0.33)
    assert len(found) == 2 + 12 + 2 + 12 + 2
    assert {height for _, _, height in found} == {22.85, 24.5}
    assert [number for number, (*_, height) in enumerate(found) if height == 24.5] == [0, 1, 14, 15, 28, 29]


def test_every_digit_stands_under_its_own_bars() -> None:
    digits = list(parse(f"<div>{barcodes.symbol(ISBN)}</div>").iter("span"))
    assert "".join(each.text or "" for each in digits) == ISBN
    places = [float(re.findall(r"[\d.]+", each.get("style", ""))[0]) / 0.33 for each in digits]
    assert places == pytest.approx([2, 14, 21, 28, 35, 42, 49, 61, 68, 75, 82, 89, 96])


@given(st.sampled_from(["978", "9791", "9798"]), st.integers(0, 10**9 - 1))
def test_a_scanner_reads_every_isbn(prefix: str, number: int) -> None:
    digits = (prefix + f"{number:09}")[:12]
    check = -sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10
    isbn = barcodes.isbn_of(f"{digits}{check}")
    if isbn:
        assert scanned(barcodes.symbol(isbn)) == [isbn]


@pytest.mark.parametrize("wrong", ["", "9783161484101", "316148410X", "97831614841000"])
def test_no_bars_without_an_isbn(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no ISBN"):
        barcodes.symbol(wrong)
