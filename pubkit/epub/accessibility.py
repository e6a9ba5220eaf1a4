"""Accessibility metadata: what the documents hold is counted, and only what is true is said."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from lxml import etree

from pubkit.epub.claims import claim_holds
from pubkit.epub.content import MATHML, SVG, images_of
from pubkit.epub.pack import Statement
from pubkit.epub.xhtml import XHTML
from pubkit.epub_css import findings
from pubkit.labels import labels_of
from pubkit.model import AccessibilityStatement, Asset, Edition
from pubkit.source import read_content

# schema.org/accessibilityHazard (W3C list of 2026): what there is, and the word for its absence.
_HAZARDS = {
    "flashing": "noFlashingHazard",
    "motionSimulation": "noMotionSimulationHazard",
    "sound": "noSoundHazard",
}
_ALTERNATIVES = ("alt", "aria-label", "aria-labelledby")
_CJK = ("ja", "ko", "zh")  # languages written in columns, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What documents hold, counted."""

    pictures: int = 0  # images that say something, the cover's not counted
    unexplained: int = 0  # images that say something and have no alternative text
    decorated: int = 0
    lettered: int = 0  # drawings inside the text with letters in them
    formulas: int = 0
    drawn_formulas: int = 0  # formulas that are pictures
    headings: int = 0
    unheaded: int = 0  # documents without a heading, the cover's not counted
    roles: int = 0
    ruby: int = 0
    page_breaks: int = 0
    shown: frozenset[str] = frozenset()  # the names of the images outside the cover


def survey_of(root: etree._Element, *, cover: bool = False) -> Survey:
    """What one document holds."""
    telling = [
        image
        for image in root.iter(f"{{{XHTML}}}img", f"{{{SVG}}}svg")
        if image.get("role") not in {"presentation", "none"} and image.get("aria-hidden") != "true"
    ]
    headings = _count(root, *(f"{{{XHTML}}}h{level}" for level in range(1, 7)))
    roles = [role for element in root.iter("*") if (role := element.get("role"))]
    return Survey(
        pictures=0 if cover else len(telling),
        unexplained=sum(not any(image.get(name) for name in _ALTERNATIVES) for image in telling),
        decorated=len(telling) if cover else 0,
        lettered=_count(root, f"{{{SVG}}}text"),
        formulas=_count(root, f"{{{MATHML}}}math"),
        drawn_formulas=sum(bool(re.search(r"\b(math|latex|tex)\b", image.get("class", ""))) for image in telling),
        headings=headings,
        unheaded=int(not headings and not cover),
        roles=len(roles),
        ruby=_count(root, f"{{{XHTML}}}ruby"),
        page_breaks=roles.count("doc-pagebreak"),
        shown=frozenset(() if cover else images_of(root)),
    )


def survey_of_all(surveys: Sequence[Survey]) -> Survey:
    """What several documents hold together."""
    counts = {
        each.name: sum(getattr(survey, each.name) for survey in surveys)
        for each in fields(Survey)
        if each.name != "shown"
    }
    return Survey(**counts, shown=frozenset[str]().union(*(survey.shown for survey in surveys)))


def statements(survey: Survey, assets: tuple[Asset, ...], edition: Edition) -> Iterator[Statement]:
    """The metadata of EPUB Accessibility 1.1, sections 2 and 4: one statement a value.

    Conformance is claimed only where the publisher states it, somebody is named who certifies it, and
    all of pubkit's own checks pass (pubkit.epub.claims).
    """
    stated = edition.metadata.accessibility
    certified = stated.claims and bool(stated.certified_by) and claim_holds(edition)
    lettered = bool(survey.lettered) or any(_has_letters(asset) for asset in assets if asset.name in survey.shown)
    yield from (_schema("accessMode", mode) for mode in ("textual", *(["visual"] if survey.pictures else [])))
    if not survey.unexplained:
        yield _schema("accessModeSufficient", "textual")
    if survey.pictures:
        yield _schema("accessModeSufficient", "textual,visual")
    yield from (_schema("accessibilityFeature", each) for each in _features(survey, edition, lettered=lettered))
    yield from (_schema("accessibilityHazard", each) for each in _hazards(stated, assets))
    yield from _summary(survey, edition, lettered=lettered, certified=certified)
    yield from _conformance(stated, certified=certified)


def _features(survey: Survey, edition: Edition, *, lettered: bool) -> Iterator[str]:
    if survey.roles:
        yield "ARIA"
    if survey.formulas and not survey.drawn_formulas:
        yield "MathML"
    if (survey.pictures or survey.decorated) and not survey.unexplained:
        yield "alternativeText"
    fixed = (found for found in findings(edition.theme.epub_css) if found.code == "epub-css-reader")
    if not lettered and next(fixed, None) is None:
        yield "displayTransformability"
    styled = re.search(r"writing-mode\s*:\s*(vertical|tb)", edition.theme.epub_css)
    vertical = edition.metadata.writing_mode != "horizontal-tb" or styled
    if vertical or edition.metadata.language.lower().startswith(_CJK):
        yield "verticalWriting" if vertical else "horizontalWriting"
    if survey.page_breaks:
        yield "pageBreakMarkers"
        yield "pageNavigation"
    yield "readingOrder"
    if survey.ruby:
        yield "rubyAnnotations"
    if survey.headings and not survey.unheaded:
        yield "structuralNavigation"
    yield "tableOfContents"


def _hazards(stated: AccessibilityStatement, assets: tuple[Asset, ...]) -> Iterator[str]:
    """What the publisher states, complete with what there is not; else "unknown" where something moves."""
    if not stated.hazards:
        yield "unknown" if any(_moves(asset) for asset in assets) else "none"
    elif stated.hazards == ("none",):
        yield "none"
    else:
        yield from (name if name in stated.hazards else absence for name, absence in _HAZARDS.items())


def _moves(asset: Asset) -> bool:
    """Whether an image is animated, and so might flash: GIF frames, APNG, animated WebP, SMIL in SVG."""
    content = b"" if asset.media_type == "image/jpeg" else read_content(asset.screen)
    if asset.media_type == "image/gif":
        return content.count(b"\x21\xf9\x04") > 1
    if asset.media_type == "image/png":
        return b"acTL" in content.partition(b"IDAT")[0]
    if asset.media_type == "image/webp":
        return b"ANIM" in content[:64]
    return asset.media_type == "image/svg+xml" and re.search(rb"<(\w+:)?(animate|set)\b", content) is not None


def _has_letters(asset: Asset) -> bool:
    """Whether an image is a drawing with text in it; what a photograph shows nobody can tell."""
    return asset.media_type == "image/svg+xml" and re.search(rb"<(\w+:)?text\b", read_content(asset.screen)) is not None


def _summary(survey: Survey, edition: Edition, *, lettered: bool, certified: bool) -> Iterator[Statement]:
    """What the values above do not say, in sentences of the publication's language, then the publisher's own."""
    stated = edition.metadata.accessibility
    sentences = {
        "text": True,
        "images": survey.pictures and not survey.unexplained,
        "images-missing": survey.unexplained,
        "images-text": lettered,
        "formulas": survey.formulas and not survey.drawn_formulas,
        "pages": survey.page_breaks,
        "certified": certified,
        "uncertified": not certified,
    }
    facts = {
        "count": str(survey.unexplained),
        "format": "MathML",
        "name": stated.certified_by,
        "standard": stated.conforms_to,
    }
    keys = [f"accessibility-{key}" for key, is_true in sentences.items() if is_true]
    english = labels_of("en")
    labels = edition.labels if all(key in edition.labels for key in keys) else english
    computed = " ".join(labels[key].format(**facts) for key in keys)
    foreign = labels[keys[0]] == english[keys[0]] and not edition.metadata.language.lower().startswith("en")
    if foreign:
        yield _schema("accessibilitySummary", computed, lang="en", dir="ltr")
        if stated.summary:
            yield _schema("accessibilitySummary", stated.summary)
    else:
        yield _schema("accessibilitySummary", " ".join(part for part in (computed, stated.summary) if part))


def _conformance(stated: AccessibilityStatement, *, certified: bool) -> Iterator[Statement]:
    """The claim and who makes it (EPUB Accessibility 1.1, section 4), and an exemption (W3C Note, 2024)."""
    if stated.conforms_to == "none":
        yield _meta("dcterms:conformsTo", "none")
    if stated.exemption:
        yield _meta("a11y:exemption", stated.exemption)
    if not certified:
        return
    yield _meta("dcterms:conformsTo", stated.conforms_to, id="conformance")
    yield _meta("a11y:certifiedBy", stated.certified_by, refines="#conformance", id="certifier")
    if stated.credential:
        yield _meta("a11y:certifierCredential", stated.credential, refines="#certifier")
    if stated.report:
        link = {"rel": "a11y:certifierReport", "refines": "#certifier", "href": stated.report}
        yield Statement(name="link", attributes=link)
    if stated.date:
        yield _meta("dcterms:date", stated.date, refines="#certifier")


def _schema(name: str, value: str, **attributes: str) -> Statement:
    lang = attributes.pop("lang", None)
    spoken = {"{http://www.w3.org/XML/1998/namespace}lang": lang} if lang else {}
    return Statement(name="meta", value=value, attributes={"property": f"schema:{name}", **spoken, **attributes})


def _meta(name: str, value: str, **attributes: str) -> Statement:
    return Statement(name="meta", value=value, attributes={**attributes, "property": name})


def _count(root: etree._Element, *names: str) -> int:
    return sum(1 for _ in root.iter(*names))
