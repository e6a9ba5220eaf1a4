import base64
import io
import random
import time
import zlib
from collections.abc import Callable

import pytest
from lxml import etree
from PIL import Image, ImageCms, ImageDraw, ImageFile

from pubkit.images import ImageRefusedError, Picture, make_picture
from pubkit.images import drawing as drawings
from pubkit.model import ScreenLimits

SVG = "http://www.w3.org/2000/svg"

SIDE = ScreenLimits().side


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def quarters(mode: str = "RGB") -> Image.Image:
    """Red, green, blue and white, so that a turned picture is told from one that is not."""
    image = Image.new("RGB", (64, 32), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 31, 15), fill=(220, 20, 20))
    draw.rectangle((32, 0, 63, 15), fill=(20, 200, 20))
    draw.rectangle((0, 16, 31, 31), fill=(20, 20, 220))
    return image.convert(mode)


def exif(orientation: int) -> Image.Exif:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010F] = "Secret Camera"
    return found


def near(found: object, expected: tuple[int, ...], by: int = 12) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) <= by for one, other in zip(found, expected, strict=True))


def swapped() -> bytes:
    """A colour profile in which red and blue have changed places, as no system profile does."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(profile[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(profile[128:132]), 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    at = profile.index("sRGB".encode("utf-16-be"))
    profile[at : at + 8] = "Turn".encode("utf-16-be")
    return bytes(profile)


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1")]
)
def test_jpeg_and_png_pass_as_they_are(kind: str, mode: str) -> None:
    content = encoded(quarters(mode), kind)
    picture = make_picture(content)
    assert picture.press == picture.screen == content
    assert (picture.width, picture.height) == (64, 32)
    assert picture.media_type == f"image/{kind.lower()}"
    assert picture.suffix == (".jpg" if kind == "JPEG" else ".png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(2, 9))
def test_pictures_stand_upright(kind: str, orientation: int) -> None:
    turns = ["FLIP_LEFT_RIGHT", "ROTATE_180", "FLIP_TOP_BOTTOM", "TRANSPOSE", "ROTATE_90", "TRANSVERSE", "ROTATE_270"]
    lying = quarters().transpose(Image.Transpose[turns[orientation - 2]])
    picture = make_picture(encoded(lying, kind, exif=exif(orientation), quality=95))
    assert (picture.width, picture.height) == (64, 32)
    shown = decoded(picture.press).convert("RGB")
    assert near(shown.getpixel((8, 4)), (220, 20, 20))
    assert near(shown.getpixel((56, 4)), (20, 200, 20))
    assert near(shown.getpixel((8, 28)), (20, 20, 220))
    assert b"Secret" not in picture.press


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_metadata_goes_and_every_pixel_stays(kind: str) -> None:
    options = {"comment": "kept"} if kind == "JPEG" else {}
    content = encoded(quarters(), kind, exif=exif(1), **options)
    assert b"Secret" in content
    picture = make_picture(content)
    assert b"Secret" not in picture.press
    assert "exif" not in decoded(picture.press).info  # else WeasyPrint would encode it anew
    assert decoded(picture.press).tobytes() == decoded(content).tobytes()
    assert len(picture.press) < len(content)
    assert make_picture(picture.press).press == picture.press


@pytest.mark.parametrize("filling", [1, 2, 5])
def test_metadata_goes_also_where_markers_have_filling(filling: int) -> None:
    content = encoded(quarters(), "JPEG", exif=exif(1), comment="kept")
    for marker in (b"\xff\xe1", b"\xff\xfe", b"\xff\xdb", b"\xff\xda"):
        content = content.replace(marker, b"\xff" * filling + marker, 1)
    picture = make_picture(content)
    assert b"Secret" not in picture.press
    assert b"kept" in picture.press
    assert decoded(picture.press).tobytes() == decoded(content).tobytes()
    assert make_picture(picture.press).press == picture.press


def test_a_picture_with_broken_exif_is_a_picture() -> None:
    content = encoded(quarters(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x09broken")
    assert make_picture(content).press == encoded(quarters(), "JPEG")


def test_cmyk_becomes_rgb() -> None:
    picture = make_picture(encoded(quarters("CMYK"), "JPEG", quality=95))
    assert decoded(picture.press).mode == "RGB"
    assert near(decoded(picture.press).getpixel((8, 4)), (220, 20, 20), by=20)


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "AVIF", "GIF"])
def test_other_formats_are_converted(kind: str) -> None:
    picture = make_picture(encoded(quarters(), kind))
    assert picture.media_type == ("image/png" if kind == "GIF" else "image/jpeg")
    assert near(decoded(picture.press).convert("RGB").getpixel((56, 4)), (20, 200, 20), by=25)


def test_sixteen_bits_of_grey_become_eight() -> None:
    picture = make_picture(encoded(Image.new("I;16", (4, 4), 40_000), "PNG"))
    assert (decoded(picture.press).mode, decoded(picture.press).getpixel((0, 0))) == ("L", 156)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF"])
def test_transparency_is_kept(kind: str) -> None:
    image = quarters("RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    picture = make_picture(encoded(image, kind))
    assert picture.media_type == "image/png"
    shown = decoded(picture.press)
    assert shown.mode == "RGBA"
    assert [shown.getpixel((x, 0))[3] for x in (0, 40)] == [0, 255]  # type: ignore[index]


def test_a_large_palette_keeps_its_transparency_on_screens() -> None:
    image = Image.new("P", (SIDE * 2, 10), 1)
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.paste(0, (0, 0, SIDE, 10))
    picture = make_picture(encoded(image, "PNG", transparency=0))
    shown = decoded(picture.screen)
    assert (shown.mode, shown.size) == ("RGBA", (SIDE, 5))
    assert [shown.getpixel((x, 2))[3] for x in (5, SIDE - 5)] == [0, 255]  # type: ignore[index]


def test_screens_get_less_and_paper_everything() -> None:
    content = encoded(Image.new("RGB", (3000, 2000), "teal"), "JPEG")
    picture = make_picture(content)
    assert picture.press == content
    assert (picture.width, picture.height) == (3000, 2000)
    assert decoded(picture.screen).size == (SIDE, 1600)
    assert make_picture(encoded(Image.new("RGB", (SIDE, 100)), "JPEG")).screen
    assert max(decoded(make_picture(encoded(Image.new("RGB", (10, 5000)), "PNG")).screen).size) == SIDE


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("TIFF", "RGB")]
)
def test_the_colour_profile_is_applied(kind: str, mode: str) -> None:
    picture = make_picture(encoded(quarters(mode), kind, icc_profile=swapped()))
    shown = decoded(picture.press)
    assert "icc_profile" not in shown.info
    red, _, blue, *_ = shown.getpixel((8, 4))  # type: ignore[misc]
    assert red < 80
    assert blue > 180
    assert picture.media_type == ("image/png" if kind == "PNG" else "image/jpeg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_profile_that_everything_has_costs_no_pixel(kind: str) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(quarters(), kind, icc_profile=srgb)
    picture = make_picture(content)
    assert "icc_profile" not in decoded(picture.press).info
    assert decoded(picture.press).tobytes() == decoded(content).tobytes()


def test_a_broken_profile_is_ignored() -> None:
    picture = make_picture(encoded(quarters(), "PNG", icc_profile=b"no profile at all"))
    assert decoded(picture.press).convert("RGB").getpixel((8, 4)) == (220, 20, 20)
    assert "icc_profile" not in decoded(picture.press).info


def test_too_many_pixels_are_seen_in_the_header() -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4) + name + content + zlib.crc32(name + content).to_bytes(4)

    for width, height in ((20_001, 1), (8000, 8000), (60_000, 60_000)):
        header = chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0")
        bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
        started = time.monotonic()
        with pytest.raises(ImageRefusedError, match="pixels"):
            make_picture(bomb)
        assert time.monotonic() - started < 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("weasyprint_is_there", [False, True])
def test_truncated_files_are_refused(weasyprint_is_there: bool, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", weasyprint_is_there)
    content = encoded(Image.effect_noise((64, 64), 80).convert("RGB"), kind)
    for length in (len(content) // 2, len(content) // 4, 30):
        with pytest.raises(ImageRefusedError):
            make_picture(content[:length])


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"text", b"%PDF-1.7", b"BM" + bytes(60), b"\xff\xd8\xff", b"\x89PNG\r\n"]
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    with pytest.raises(ImageRefusedError):
        make_picture(content)


@pytest.mark.filterwarnings("error")
def test_broken_bytes_never_raise_anything_else() -> None:
    chance = random.Random(7)  # noqa: S311 (the same broken files each time)
    image = Image.effect_noise((24, 16), 60).convert("RGB")
    kinds = [encoded(image, kind, exif=exif(6)) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")]
    seeds = [*kinds, encoded(image, "TIFF", compression="tiff_lzw"), encoded(image.convert("P"), "PNG", transparency=1)]
    refused = 0
    for _ in range(600):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 2, 8))):
            content[chance.randrange(min(len(content), 300))] = chance.choice((0, 1, 127, 128, 255))
        try:
            make_picture(bytes(content))
        except ImageRefusedError:
            refused += 1
    assert refused


@pytest.mark.parametrize("kind", ["TIFF", "PNG", "WEBP"])
def test_equal_files_make_equal_bytes(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(quarters("RGBA"), kind, icc_profile=swapped(), exif=exif(6))
    first = make_picture(content)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert make_picture(content) == first


# Drawings


def drawing(inside: str, root: str = 'width="40" height="20"') -> Picture:
    return make_picture(f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {root}>{inside}</svg>'.encode())


def tags(picture: Picture) -> list[str]:
    return [etree.QName(element).localname for element in etree.fromstring(picture.press).iter()]


@pytest.mark.parametrize(
    "unsafe",
    [
        "<script>alert(1)</script>",
        "<foreignObject><p>words</p></foreignObject>",
        '<rect onload="alert(1)"/>',
        '<rect OnClick="alert(1)"/>',
        '<image href="https://example.org/a.png"/>',
        '<image xlink:href="file:///etc/passwd"/>',
        '<image href="//example.org/a.png"/>',
        '<image href="data:image/svg+xml;base64,PHN2Zy8+"/>',
        '<use href="other.svg#a"/>',
        '<use xml:base="https://example.org/" href="#a"/>',
        '<rect fill="url(https://example.org/a)"/>',
        "<rect style=\"fill: URL( 'https://example.org/a' )\"/>",
        '<rect style="fill: u\\72l(https://example.org/a)"/>',
        "<rect style=\"fill: image-set('https://example.org/a' 1x)\"/>",
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>@\\69mport 'https://example.org/a.css';</style>",
        "<style>a{}<g/>@import 'https://example.org/a.css';</style>",
        "<style>rect { background: url(https://example.org/a) }</style>",
        '<a href="javascript:alert(1)"><rect/></a>',
        '<animate attributeName="href" to="https://example.org/"/>',
        '<metadata xmlns:x="https://example.org/"><x:y/></metadata>',
        '<!-- <a href="https://example.org/"/> --><?php alert(1) ?>',
        '<image href="data:image/png;base64,bm8gcGljdHVyZQ=="/>',
    ],
)
def test_drawings_are_cleaned(unsafe: str) -> None:
    clean = drawing(f'{unsafe}<circle r="3"/>').press.decode()
    for word in ("alert", "example.org", "passwd", "words", "onload", "data:", "import"):
        assert word not in clean.lower().replace(f'xmlns="{SVG}"', ""), clean
    assert "<circle" in clean


def test_what_is_safe_in_drawings_stays() -> None:
    safe = (
        "<title>Facial expression</title><style>.a { fill: url(\"#g\"); stroke: url( '#g') }</style>"
        '<defs><linearGradient id="g"><stop offset="0"/></linearGradient></defs>'
        '<rect class="expression" fill="url(#g)" filter="url(\'#g\')"/><use xlink:href="#g"/>'
    )
    clean = drawing(safe).press.decode()
    for word in ('class="expression"', 'fill="url(#g)"', "filter=\"url('#g')\"", 'url("#g")', 'href="#g"', "Facial"):
        assert word in clean


def test_groups_that_link_or_switch_keep_what_they_draw() -> None:
    picture = drawing("<switch><foreignObject/><g><a href='https://example.org'><path d='M0 0'/></a></g></switch>")
    assert tags(picture) == ["svg", "g", "g", "g", "path"]


def test_words_after_what_is_taken_out_stay() -> None:
    clean = drawing("<text>Low <script>x()</script>water <tspan>mark</tspan><set/> line</text>").press
    assert "".join(etree.fromstring(clean).itertext()) == "Low water mark line"


def test_a_picture_in_a_drawing_is_looked_at_like_any_other() -> None:
    content = encoded(quarters(), "JPEG", exif=exif(1))
    clean = drawing(f'<image href="data:image/jpeg;base64,{base64.b64encode(content).decode()}"/>').press
    href = etree.fromstring(clean)[0].get("href", "")
    assert base64.b64decode(href.partition(",")[2]) == make_picture(content).press


@pytest.mark.parametrize(
    "content",
    [
        f'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="{SVG}" width="1" height="1"><text>&a;</text></svg>',
        f'<!DOCTYPE svg PUBLIC ">" "x" [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="{SVG}"/>',
        f'<svg xmlns="{SVG}" width="1" height="1"><text>&nbsp;</text></svg>',
        f'<svg xmlns="{SVG}"',
        '<svg width="1" height="1"/>',
        "<html><body><svg/></body></html>",
        f'<svg xmlns="{SVG}" width="1" height="1">' + "<g>" * 150 + "</g>" * 150 + "</svg>",
        f'<svg xmlns="{SVG}" width="1" height="1">' + "<g/>" * 10_001 + "</svg>",
        f'<svg xmlns="{SVG}" width="1" height="1"><g id="a"><use href="#a"/></g></svg>',
    ],
)
def test_drawings_that_cannot_be_used_are_refused(content: str) -> None:
    with pytest.raises(ImageRefusedError):
        make_picture(content.encode())


def test_entities_are_found_in_any_encoding() -> None:
    head = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY a "b">]>'
    text = f'{head}<svg xmlns="{SVG}" width="1" height="1"/>'
    with pytest.raises(ImageRefusedError):
        make_picture(text.encode("utf-16-le"))


def test_a_doctype_without_entities_is_nothing_bad() -> None:
    doctype = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    picture = make_picture(f'{doctype}<svg xmlns="{SVG}" width="1" height="1"/>'.encode())
    assert b"DOCTYPE" not in picture.press


@pytest.mark.parametrize(
    "copy",
    [lambda name: f'<use href="#{name}"/>', lambda name: f'<rect fill="url(#{name})"/>'],
    ids=["use", "pattern"],
)
def test_few_elements_must_not_draw_millions(copy: Callable[[str], str]) -> None:
    groups = "".join(f'<g id="g{level}">{copy(f"g{level - 1}") * 10}</g>' for level in range(1, 10))
    with pytest.raises(ImageRefusedError, match="draws more than"):
        drawing(f'<g id="g0"><path/></g>{groups}')
    assert drawing('<path id="p"/>' + '<use href="#p"/>' * 3000)


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('width="30" height="20"', (30, 20)),
        ('viewBox="0 0 300 200"', (300, 200)),
        ('viewBox="0,0,3e2,200.4"', (300, 200)),
        ('width="100%" height="100%" viewBox="-5 -5 30 20"', (30, 20)),
        ('width="1in" height="72pt"', (96, 96)),
        ('width=" 25.4mm " height="6pc"', (96, 96)),
        ('width=".2" height=".2"', (1, 1)),
    ],
)
def test_a_drawing_says_its_size(root: str, size: tuple[int, int]) -> None:
    picture = drawing("", root)
    assert (picture.width, picture.height) == size
    assert (picture.media_type, picture.suffix) == ("image/svg+xml", ".svg")
    shown = etree.fromstring(picture.press)
    assert {"width", "height", "viewBox"} <= set(shown.attrib)


@pytest.mark.parametrize(
    "root",
    ["", 'width="30"', 'viewBox="0 0 0 0"', 'viewBox="0 0 1.2.3 4"', 'width="-3" height="4"', 'width="1e9" height="1"',
     'viewBox="0 0 nan inf"', 'width="20001" height="1"'],
)  # fmt: skip
def test_a_drawing_without_a_size_is_refused(root: str) -> None:
    with pytest.raises(ImageRefusedError, match="size"):
        drawing("", root)


def test_a_drawing_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings, "MAX_SVG_BYTES", 100)
    with pytest.raises(ImageRefusedError, match="100 bytes"):
        drawing("<path/>" * 20)


def test_cleaning_twice_changes_nothing() -> None:
    once = drawing('<defs><path id="p"/></defs><a><use href="#p"/></a><text>a &lt; b</text>').press
    assert make_picture(once).press == once


def test_a_picture_for_the_screen_keeps_both_limits_and_print_gets_every_pixel() -> None:
    noise = Image.effect_noise((1200, 900), 90).convert("RGB")
    stream = io.BytesIO()
    noise.save(stream, "JPEG", quality=95)
    picture = make_picture(stream.getvalue(), ScreenLimits(side=1000, size=150_000))
    assert len(picture.screen) <= 150_000
    assert max(Image.open(io.BytesIO(picture.screen)).size) <= 1000
    assert Image.open(io.BytesIO(picture.press)).size == (1200, 900)


def test_a_file_that_cannot_be_made_small_enough_stops_at_the_narrowest_screen() -> None:
    stream = io.BytesIO()
    Image.effect_noise((800, 800), 90).save(stream, "PNG")
    picture = make_picture(stream.getvalue(), ScreenLimits(side=2400, size=50_000))
    assert Image.open(io.BytesIO(picture.screen)).size == (320, 320)
