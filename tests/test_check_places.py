"""Where printed words stand in the sources."""

from pathlib import Path

import epub_sample
import pytest
from publications import publication, resolved

from pubkit.check.places import Places
from pubkit.report import Report

ARTICLE = """\
---
title: The boat
description: the old boat was painted green again before noon
---

Nobody knew that the old boat was
painted *green* again before noon, and the tide took it away.

In İzmir the quay lay under WATER, and nobody walked there any more.
"""


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("the tide took it away.", "a.md:7:40"),
        ("e tide took it aw", "a.md:7:42"),  # a line of print may begin and end inside a word
        ("the quay lay under water, and nobody", "a.md:9:10"),
        ("the old boat was painted green again before noon", "a.md"),  # twice, once with markup
        ("sea", "a.md"),
        (". . . . . .", "a.md"),
        ("nowhere to be found at all", "a.md"),
    ],
)
def test_printed_words_are_found_where_they_stand_once(words: str, place: str, tmp_path: Path, report: Report) -> None:
    places = Places(epub_sample.edition(), resolved(publication(tmp_path, {"a.md": ARTICLE}), report))
    assert str(places.words("a", words)) == place
