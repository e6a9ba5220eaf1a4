"""Slugs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.slugs import slug


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The harbour that moved", "the-harbour-that-moved"),
        ("  A -- b__c  ", "a-b-c"),
        ("Straße nach Łódź", "strasse-nach-lodz"),
        ("Ærø, Þingvellir & Đakovo", "aero-thingvellir-and-dakovo"),
        ("L’été à Œuvres", "lete-a-oeuvres"),
        ("ﬁne ½ Ⅳ", "fine-1-2-iv"),
        ("Йод и щука", "yod-i-shchuka"),
        ("Φιλοσοφία", "filosofia"),
        ("İstanbul", "istanbul"),
        ("2026", "2026"),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_composed_and_decomposed_are_the_same() -> None:
    assert slug("Йе\u0301") == slug("И\u0306é") == "ye"


def test_what_leaves_nothing_is_a_hash_of_its_own() -> None:
    assert re.fullmatch("x[0-9a-f]{12}", slug("港が動いた"))
    assert slug("港が動いた") != slug("港が動いた町")
    assert slug("港が動いた") == slug("港が動いた")
    assert re.fullmatch("x[0-9a-f]{12}", slug(""))


@given(st.text())
def test_a_slug_is_ascii_and_stays_as_it_is(text: str) -> None:
    once = slug(text)
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", once)
    assert slug(once) == once
