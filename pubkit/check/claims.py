"""The publisher's claim of accessibility against what the edition holds, each failure at its source line."""

from __future__ import annotations

from collections import Counter

from pubkit.check.places import Places
from pubkit.epub.claims import CRITERIA, faults
from pubkit.model import Edition, Publication
from pubkit.report import Report


def check_claims(edition: Edition, publication: Publication, report: Report) -> None:
    """Report every check that fails although conformance is claimed: once at the claim, and at each place.

    Nothing is reported where nothing is claimed: EPUB Accessibility 1.1, section 4, asks for no claim.
    """
    stated = edition.metadata.accessibility
    if not stated.claims:
        return
    places = Places(edition, publication)
    failed = tuple(faults(edition))
    at = stated.at or publication.source.here
    for check, count in Counter(fault.check for fault in failed).items():
        number = "one place" if count == 1 else f"{count} places"
        report.add(
            "accessibility-claim", at, claim=stated.conforms_to, check=check, rule=CRITERIA[check], number=number
        )
    for fault in failed:
        counted = (fault.nth, fault.total)
        place = places.of(fault.document, image=fault.image, needle=fault.needle, counted=counted, otherwise=at)
        report.add("accessibility-fault", place, what=fault.words, check=fault.check, rule=CRITERIA[fault.check])
