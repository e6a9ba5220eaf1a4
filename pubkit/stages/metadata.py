"""What is known about the publication as a whole: the manifest's words, an identifier, the time of the last change."""

from __future__ import annotations

import calendar
import datetime
import json
import os
import re
import uuid
from collections.abc import Sequence
from dataclasses import replace

from pubkit.front_matter import credits_of
from pubkit.labels import direction_of
from pubkit.markup import plain
from pubkit.model import AccessibilityStatement, Article, Identifier, Metadata, Rights
from pubkit.report import Report
from pubkit.settings import Manifest, Settings, isbn_digits
from pubkit.source import Location

EARLIEST = "1980-01-01"  # the first date that a zip file can carry


def metadata_of(
    settings: Settings[Manifest], articles: Sequence[Article], report: Report, *, titled_by: Article | None = None
) -> Metadata:
    """The metadata that a manifest states, complete: what it leaves out is derived, and never from the clock.

    Without a title, that of the article `titled_by` is taken. Reports identifier-derived, modified-unknown,
    epoch-invalid, and a claim of accessibility without somebody who makes it.
    """
    metadata = _with_identifier(_stated(settings, titled_by, report), articles, settings.here, report)
    return _with_modified(metadata, settings.form.modified, articles, settings.here, report)


def _stated(settings: Settings[Manifest], titled_by: Article | None, report: Report) -> Metadata:
    form = settings.form
    language = form.language or (titled_by.language if titled_by else "en")
    return Metadata(
        title=form.title or (plain(titled_by.title) if titled_by else "") or "Untitled",
        subtitle=form.subtitle,
        language=language,
        direction=form.direction or direction_of(language),
        writing_mode=form.writing_mode,
        identifiers=tuple(
            Identifier(value=_urn(value), format=name if name in ("epub", "pdf") else "")
            for name, value in form.identifier.items()
        ),
        date=form.date or (titled_by.date if titled_by else ""),
        publisher=form.publisher,
        place=form.place,
        description=form.description,
        subjects=tuple(form.subjects),
        series=form.series.title,
        number=form.number or form.series.number,
        rights=Rights(text=form.rights.text, licence=form.licence),
        edition=form.edition,
        printer=form.printer,
        paper=form.paper,
        credits=credits_of(settings, report),
        accessibility=_accessibility(settings, report),
    )


def _accessibility(settings: Settings[Manifest], report: Report) -> AccessibilityStatement:
    """What is stated; a claim without somebody who made it is reported (EPUB Accessibility 1.1, section 4.4)."""
    form = settings.form.accessibility
    at = settings.at("accessibility", "conforms-to")
    statement = AccessibilityStatement(
        conforms_to=form.conforms_to,
        certified_by=form.certified_by,
        credential=form.certifier_credential,
        report=form.certifier_report,
        date=form.date,
        exemption=form.exemption,
        summary=form.summary,
        hazards=tuple("motionSimulation" if hazard == "motion-simulation" else hazard for hazard in form.hazards),
        at=at,
    )
    if statement.claims and not form.certified_by:
        report.add("key-missing", at, key="accessibility.certified-by", last="certified-by")
    if not statement.claims and (form.certified_by or form.certifier_credential or form.certifier_report or form.date):
        report.add("key-missing", settings.at("accessibility"), key="accessibility.conforms-to", last="conforms-to")
    return statement


def _urn(identifier: str) -> str:
    """The identifier as a URN where it is an ISBN or a UUID, else as written (EPUB 3.3, dc:identifier)."""
    digits = isbn_digits(identifier)
    if re.fullmatch(r"97[89]\d{10}|\d{9}[\dXx]", digits):
        return f"urn:isbn:{digits.upper()}"
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", identifier):
        return f"urn:uuid:{identifier.lower()}"
    return identifier


def _with_identifier(metadata: Metadata, articles: Sequence[Article], at: Location, report: Report) -> Metadata:
    """The metadata with an identifier: the given one, else a UUIDv5 of what identifies the work."""
    if any(identifier.format in ("", "epub") for identifier in metadata.identifiers):
        return metadata
    people = metadata.credits or tuple(credit for article in articles for credit in article.credits)
    named = [
        metadata.title,
        metadata.subtitle,
        metadata.language,
        [[credit.role.code, credit.person.name] for credit in people],
        metadata.publisher,
        metadata.series,
        metadata.number,
        [identifier.value for identifier in metadata.identifiers],
    ]
    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, 'pubkit:' + json.dumps(named, ensure_ascii=True))}"
    if report.ok:  # what pubkit.yaml says may be what could not be read
        report.add("identifier-derived", at, identifier=identifier)
    return replace(metadata, identifiers=(*metadata.identifiers, Identifier(value=identifier)))


def _with_modified(
    metadata: Metadata, given: str, articles: Sequence[Article], at: Location, report: Report
) -> Metadata:
    """The metadata with the time of the last change: from the manifest, SOURCE_DATE_EPOCH, or the newest date."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given and epoch:
        if re.fullmatch(r"\d{1,11}", epoch):
            moment = datetime.datetime.fromtimestamp(
                min(int(epoch), calendar.timegm((2107, 12, 31, 0, 0, 0))), datetime.UTC
            )
            return replace(metadata, modified=moment.strftime("%Y-%m-%dT%H:%M:%SZ"))
        report.add("epoch-invalid", at, value=epoch)
    dates = [given] if given else [metadata.date, *(date for a in articles for date in (a.date, a.origin.captured))]
    newest = max((date + "-01" * (2 - date.count("-")) for date in dates if date), default="")
    if not newest and report.ok:
        report.add("modified-unknown", at, date=EARLIEST)
    return replace(metadata, modified=f"{max(newest, EARLIEST)}T00:00:00Z")
