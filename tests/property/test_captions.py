"""Laws of captions: of what a caption says nothing is lost, wherever its credit is found."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from pubkit.markup import parse, plain, set_caption
from pubkit.markup.captions import people_of
from pubkit.source import Location

PIECES = st.sampled_from(
    [
        "The quay at noon",
        "Photo",
        "Photograph by",
        "Foto:",
        "(Foto:",
        "Mary Anning",
        "<em>Ida</em> Rhodes",
        "MARY ANNING/AFP",
        "Getty Images)",
        '<a href="https://example.org">Hedy Lamarr</a>',
        "for The Tideline",
        "&amp;",
        "and",
        "<strong>At <em>night</em></strong>",
        ".",
        "|",
        "—",
        "(",
        ")",
        "©",
        "写真：山田太郎",
        "تصوير: سلمى الناصري",
    ]
)
CAPTIONS = st.lists(PIECES, min_size=1, max_size=8).map(" ".join)


def letters(text: str) -> str:
    return "".join(re.findall(r"\w", text))


@settings(max_examples=200, deadline=None)
@given(CAPTIONS)
def test_every_letter_of_a_caption_is_in_the_caption_or_the_credit(written: str) -> None:
    figure = parse("<figure><img src='x.png'/></figure>")[0]
    words, credit = set_caption(figure, written, "")
    assert letters(plain(words) + credit) == letters(plain(written))
    assert letters(plain(figure)) == letters(plain(written))


@settings(max_examples=200, deadline=None)
@given(CAPTIONS)
def test_whom_a_caption_credits_stands_in_it(written: str) -> None:
    text = " ".join(plain(written).split())
    assert all(credit.person.name in text for credit in people_of(written, Location("a.md")))
