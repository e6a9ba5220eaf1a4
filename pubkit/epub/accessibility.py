"""Accessibility metadata: what the documents hold is counted, and only what is true is said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from pubkit.epub.content import MATHML
from pubkit.epub.pack import Statement
from pubkit.epub.xhtml import XHTML
from pubkit.model import Asset, Edition

_SUMMARY = (
    "The text can be read aloud and reflowed; headings and a table of contents lead through it. "
    "Nobody has certified this publication against an accessibility standard."
)


class Survey:
    """What an edition's documents hold, counted document by document."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.pictures = 0  # images that say something, the cover's not counted
        self.unexplained = 0  # images that say something and have no alternative text
        self.decorated = 0
        self.formulas = 0
        self.headings = 0
        self.roles = 0

    def add(self, root: etree._Element, *, cover: bool = False) -> None:
        """Count what one document holds."""
        for image in root.iter(f"{{{XHTML}}}img", "{http://www.w3.org/2000/svg}svg"):
            if image.get("role") in {"presentation", "none"} or image.get("aria-hidden") == "true":
                continue
            self.pictures += not cover
            self.decorated += cover
            self.unexplained += not (image.get("alt") or image.get("aria-label") or image.get("aria-labelledby"))
        self.formulas += sum(1 for _ in root.iter(f"{{{MATHML}}}math"))
        self.headings += sum(1 for _ in root.iter(*(f"{{{XHTML}}}h{level}" for level in range(1, 7))))
        self.roles += sum(1 for element in root.iter("*") if element.get("role"))


def statements(survey: Survey, assets: tuple[Asset, ...], edition: Edition) -> Iterator[Statement]:
    """The schema.org metadata of EPUB Accessibility 1.1, section 2: one statement a value.

    No conformance is claimed: that takes somebody who has looked (section 3.6).
    """
    yield from (_schema("accessMode", mode) for mode in ("textual", *(["visual"] if survey.pictures else [])))
    if not survey.unexplained:
        yield _schema("accessModeSufficient", "textual")
    if survey.pictures:
        yield _schema("accessModeSufficient", "textual,visual")
    yield from (_schema("accessibilityFeature", feature) for feature in _features(survey))
    yield _schema("accessibilityHazard", "unknown" if any(_moves(asset) for asset in assets) else "none")
    yield _summary(edition)


def _features(survey: Survey) -> Iterator[str]:
    if survey.roles:
        yield "ARIA"
    if survey.formulas:
        yield "MathML"
    if (survey.pictures or survey.decorated) and not survey.unexplained:
        yield "alternativeText"
    yield "displayTransformability"
    yield "readingOrder"
    if survey.headings:
        yield "structuralNavigation"
    yield "tableOfContents"


def _moves(asset: Asset) -> bool:
    """Whether an image is animated, and so might flash: GIF frames, APNG, animated WebP, SMIL in SVG."""
    if asset.media_type == "image/gif":
        return asset.screen.count(b"\x21\xf9\x04") > 1
    if asset.media_type == "image/png":
        return b"acTL" in asset.screen.partition(b"IDAT")[0]
    if asset.media_type == "image/webp":
        return b"ANIM" in asset.screen[:64]
    return asset.media_type == "image/svg+xml" and re.search(rb"<(\w+:)?(animate|set)\b", asset.screen) is not None


def _summary(edition: Edition) -> Statement:
    words = edition.labels.get("accessibility-summary")
    language = {} if words or edition.metadata.language.startswith("en") else {"lang": "en", "dir": "ltr"}
    return _schema("accessibilitySummary", words or _SUMMARY, **language)


def _schema(name: str, value: str, **attributes: str) -> Statement:
    lang = attributes.pop("lang", None)
    spoken = {"{http://www.w3.org/XML/1998/namespace}lang": lang} if lang else {}
    return Statement(name="meta", value=value, attributes={"property": f"schema:{name}", **spoken, **attributes})
