"""Pictures of a PDF as pixels, and pixels as pictures of a PDF."""

from __future__ import annotations

from dataclasses import replace

from pikepdf import Dictionary, Name, Object, Pdf

from pubkit.images.separation import Pixels

_CHANNELS = {"/DeviceGray": 1, "/DeviceRGB": 3}
_SPACES = {1: Name.DeviceGray, 4: Name.DeviceCMYK}


def read_picture(picture: Object) -> Pixels | None:
    """The pixels of a grey or RGB picture, as WeasyPrint writes them; None for others, which are left alone."""
    channels = _CHANNELS.get(str(picture.get("/ColorSpace")))
    if channels is None or picture.get("/BitsPerComponent") != 8 or "/Decode" in picture:
        return None
    jpeg = picture.get("/Filter") == Name.DCTDecode
    mask = picture.get("/SMask")
    return Pixels(
        content=picture.read_raw_bytes() if jpeg else picture.read_bytes(),
        form="jpeg" if jpeg else "raw",
        width=int(picture.Width),
        height=int(picture.Height),
        channels=channels,
        alpha=b"" if mask is None else mask.read_bytes(),
    )


def write_picture(target: Pdf, pixels: Pixels, picture: Object | None = None) -> Object:
    """A picture with these pixels, or the one that is given with them; its soft mask goes where they have no alpha."""
    if picture is None:
        picture = target.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Interpolate=False)
    _write(picture, pixels)
    picture.ColorSpace = _SPACES[pixels.channels]
    if "/SMask" in picture and not pixels.alpha:
        del picture["/SMask"]
    if pixels.mask:  # a hole, as PDF 1.3 knows them (ISO 32000-1, 8.9.6.3)
        hole = target.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, ImageMask=True, Interpolate=False)
        _write(hole, replace(pixels, content=pixels.mask, form="deflated", channels=1, bits=1))
        picture.Mask = hole
    return picture


def _write(picture: Object, pixels: Pixels) -> None:
    picture.Width, picture.Height, picture.BitsPerComponent = pixels.width, pixels.height, pixels.bits
    if pixels.form == "jpeg":
        picture.write(pixels.content, filter=Name.DCTDecode)
        return
    rows = Dictionary(Predictor=15, Colors=pixels.channels, BitsPerComponent=pixels.bits, Columns=pixels.width)
    picture.write(pixels.content, filter=Name.FlateDecode, decode_parms=rows)
