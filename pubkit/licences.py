"""Licence identifiers and the addresses of their texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CREATIVE_COMMONS = re.compile(r"CC[- ]BY((?:-NC)?(?:-ND|-SA)?)[- ](\d\.\d)(?:-[A-Z]{2,3})?", re.IGNORECASE)
_CREATIVE_COMMONS_ADDRESS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:publicdomain/zero/1\.0|licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\d\.\d))(?![\w.])",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*\d[A-Za-z0-9.+-]*|MIT|ISC|Unlicense|WTFPL|Zlib")


def licence_url(licence: str) -> str:
    """The address of a licence's text for an SPDX or Creative Commons identifier; empty for other words."""
    if re.fullmatch(r"CC0(?:-1\.0)?", licence, re.IGNORECASE):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _CREATIVE_COMMONS.fullmatch(licence)
    if found:
        return f"https://creativecommons.org/licenses/by{found[1].lower()}/{found[2]}/"
    return f"https://spdx.org/licenses/{licence}.html" if _IDENTIFIER.fullmatch(licence) else ""


def licence_at(address: str) -> str:
    """The identifier of the Creative Commons licence that an address leads to ("CC-BY-4.0"); empty for any other."""
    found = _CREATIVE_COMMONS_ADDRESS.match(address)
    if not found:
        return ""
    return f"CC-{found[1].upper()}-{found[2]}" if found[1] else "CC0-1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a licence forbids or asks for (Creative Commons, sections 2 and 3 of the legal codes)."""

    credit: bool = False  # the maker must be named
    no_sale: bool = False  # NC
    no_change: bool = False  # ND
    alike: bool = False  # SA: what is made of it stays under the same licence


def terms_of(licence: str) -> Terms | None:
    """The terms of a Creative Commons licence or of CC0, by its identifier; None for all others."""
    if re.fullmatch(r"CC0(?:-1\.0)?", licence, re.IGNORECASE):
        return Terms()
    found = _CREATIVE_COMMONS.fullmatch(licence)
    if not found:
        return None
    conditions = found[1].upper()
    return Terms(credit=True, no_sale="-NC" in conditions, no_change="-ND" in conditions, alike="-SA" in conditions)
