"""Checks of reader rules that look at the finished EPUB: its files, their sizes and their images."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from pubkit.check.image_header import is_transparent, pixels
from pubkit.check.rules import Found, Rule, Subject
from pubkit.source import read_content

_MEGABYTE = 1_000_000
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'
_DATA_BLOCK = re.compile(rb'<script type="application/ld\+json">')  # it never runs (HTML, 4.12.1)
_ACTIVE = re.compile(rb"<(script|form|input|button|iframe|object|embed)\b")


def xml_declaration(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """Every XHTML, OPF and NCX file starts with one XML declaration that says UTF-8."""
    for name in subject.archive.namelist():
        if name.endswith((".xhtml", ".opf", ".ncx")):
            content = subject.archive.read(name)
            if not content.lower().startswith(_DECLARATION) or content.count(b"<?xml ") != 1:
                yield subject.found(f"{name} does not start with one XML declaration", PurePosixPath(name).stem)


def kindle_faults(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """What Send to Kindle stumbles over: ids on body, images without a source, double hyphens in comments."""
    for name in _texts(subject):
        content, document = subject.archive.read(name), PurePosixPath(name).stem
        if re.search(rb"<body\b[^>]*\sid=", content):
            yield subject.found("the body has an id", document)
        if any(b"src=" not in image for image in re.findall(rb"<img\b[^>]*>", content)):
            yield subject.found("an image has no source", document)
        if any(b"--" in comment for comment in re.findall(rb"<!--(.*?)-->", content, re.DOTALL)):
            yield subject.found("a comment holds two hyphens", document)


def active_content(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """Scripts, forms and players."""
    for name in _texts(subject):
        content = _DATA_BLOCK.sub(b"", subject.archive.read(name))
        for element in sorted(set(_ACTIVE.findall(content))):
            yield subject.found(f"it holds <{element.decode()}>", PurePosixPath(name).stem)


def size(subject: Subject, rule: Rule) -> Iterator[Found]:
    """The whole file is no larger than so many megabytes."""
    if subject.size > rule["megabytes"] * _MEGABYTE:
        yield subject.found(f"the EPUB has {subject.size / _MEGABYTE:.0f} MB", "")


def image_bytes(subject: Subject, rule: Rule) -> Iterator[Found]:
    """No image is larger than so many megabytes."""
    for document, asset in subject.images():
        length = len(read_content(asset.screen))
        if length > rule["megabytes"] * _MEGABYTE:
            words = f"the image {asset.name!r} has {length / _MEGABYTE:.1f} MB"
            yield subject.found(words, document, image=asset.name)


def image_formats(subject: Subject, rule: Rule) -> Iterator[Found]:
    """All images are in one of these formats."""
    for document, asset in subject.images():
        if asset.media_type not in rule["formats"]:
            words = f"the image {asset.name!r} is {asset.media_type.removeprefix('image/')}"
            yield subject.found(words, document, image=asset.name)


def image_pixels(subject: Subject, rule: Rule) -> Iterator[Found]:
    """No image but the cover has more than so many million pixels."""
    for document, asset in subject.images():
        width, height = pixels(read_content(asset.screen))
        if asset.name != subject.edition.cover and width * height > rule["megapixels"] * 1_000_000:
            words = f"the image {asset.name!r} has {width} × {height} pixels"
            yield subject.found(words, document, image=asset.name)


def transparency(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """No PNG has a transparent ground."""
    for document, asset in subject.images():
        if is_transparent(read_content(asset.screen)):
            yield subject.found(f"the image {asset.name!r} has a transparent ground", document, image=asset.name)


def cover_there(subject: Subject, _rule: Rule) -> Iterator[Found]:
    """There is a cover image."""
    if not subject.edition.cover:
        yield subject.found("there is no cover", "")


def cover_size(subject: Subject, rule: Rule) -> Iterator[Found]:
    """The cover's pixels: `least_height`, `least_width`, `least_short` and `most` of the rule."""
    asset = subject.cover()
    width, height = pixels(read_content(asset.screen)) if asset else (0, 0)
    if asset is None or not width:
        return
    too_small = (
        height < rule.get("least_height", 0)
        or width < rule.get("least_width", 0)
        or min(width, height) < rule.get("least_short", 0)
    )
    if too_small or max(width, height) > rule.get("most", width + height):
        words = f"the cover has {width} × {height} pixels in the EPUB"
        if asset.width > width:
            words += f" ({asset.width} × {asset.height} in its file)"
        yield subject.found(words, "cover", image=asset.name)


def cover_ratio(subject: Subject, rule: Rule) -> Iterator[Found]:
    """The cover's width is so much of its height."""
    asset = subject.cover()
    if asset and abs(asset.width / asset.height - rule["ratio"]) > rule["tolerance"]:
        yield subject.found(f"the cover is {asset.width} wide and {asset.height} high", "cover", image=asset.name)


def _texts(subject: Subject) -> Iterator[str]:
    return (name for name in subject.archive.namelist() if "/text/" in name and name.endswith(".xhtml"))
