"""Dates as people write them, in English, French and German, and as machines do: read where they are clear."""

from __future__ import annotations

import datetime
import re

# Full names and usual short forms; no month of one language is another month in the others.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier janv",
            "february feb februar februari février févr fév fevrier",
            "march mar märz mrz mars",
            "april apr avril avr",
            "may mai",
            "june jun juni juin",
            "july jul juli juillet juil",
            "august aug août aout",
            "september sept sep septembre",
            "october oct oktober okt octobre",
            "november nov novembre",
            "december dec dezember dez décembre déc decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun|"
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_LEAD = re.compile(
    rf"^(?:(?:first )?(?:published|posted)(?: on)?|date|veröffentlicht(?: am)?|vom|publié(?: le)?|le)?\s*:?\s*"
    rf"(?:(?:{_WEEKDAYS})\.?,?\s+)?(?:(?:le|den|der)\s+)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"[,\s]+(?:at |um |à )?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?\s*(?:uhr|[ap]\.?m\.?)?(?:\s*[A-Z]{2,4})?$", re.IGNORECASE
)
_MAX_DATE = 80  # characters
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
_MONTH_FIRST = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?(?:\s+of)?\s+([^\W\d]+)\.?,?\s+(\d{4})")


def read_date(text: str) -> str:
    """The W3C-DTF date that the text is, and nothing but: "Published March 21, 2026" gives "2026-03-21".

    Empty where the text is anything else, also for 03/04/2026, which is two dates.
    """
    text = " ".join(text.split())
    if len(text) > _MAX_DATE:
        return ""
    words = _CLOCK.sub("", _LEAD.sub("", text))
    if match := _ISO.fullmatch(words):
        return _checked(match[1], match[2], match[3] or "")
    if match := _MONTH_FIRST.fullmatch(words):
        return _checked(match[3], _month(match[1]), match[2])
    if match := _DAY_FIRST.fullmatch(words):
        return _checked(match[3], _month(match[2]), match[1])
    return ""


def read_timestamp(text: str) -> str:
    """The day of a machine's date or time: "2016-12-22T10:43:37-08:00", "20170113"; else what read_date gives."""
    text = text.strip()
    if match := re.match(r"(\d{4})-(\d{2})-(\d{2})(?![\d-])", text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        return _checked(match[1], match[2], match[3])
    return read_date(text)


def _month(name: str) -> str:
    return str(_MONTHS.get(name.casefold(), ""))


def _checked(year: str, month: str, day: str) -> str:
    try:
        date = datetime.date(int(year), int(month), int(day or 1))
    except ValueError:
        return ""
    return date.isoformat() if day else date.isoformat()[:7]
