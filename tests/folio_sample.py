"""A small publication that shows what folio can do: articles of made-up words, and the pages it is laid out on."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from PIL import Image
from publications import publication, resolved

from pubkit import load_theme, typeset
from pubkit.model import Edition, PageGeometry, Theme
from pubkit.report import Report

WORDS = (
    "The tide comes in over the office floor, and nobody in the fjord minds. Every morning and every evening the water "
    "draws a mark along the harbour wall, and each time it thinks better of it. "
)
MORE = "A gauge made of brass keeps the record; nobody has ever known it to be wrong, only early. "
ARABIC = (
    "البحر يعود كل مساء إلى الرصيف، ولا أحد يسأله أين كان. يكتب الماء خطًّا على الحجر ثم يمحوه، وفي الصباح يبدأ من جديد. "
)

QUAY = f"""\
---
title: The *quay* at low water
subtitle: A line and what it means
dek: Every day the sea measures the town. For a hundred years the town has measured back.
section: Report
authors: Mary Anning and Ada Lovelace
credits: {{Photographs by: Ida Rhodes}}
date: 2026-03-21
place: Bergen
image: {{src: sea.jpg, alt: The sea, caption: The *sea* from the quay., credit: Photograph by Ida Rhodes}}
---

{WORDS * 3}

## What the water says

{MORE * 4}

/// pullquote | Mary Anning
The water has never been wrong, only early.
///

{WORDS}

/// aside | What to take along
{MORE}

- a staff of two metres
- a lamp, and *somebody* to hold it
///

{MORE * 2}

```python
def height(hours: float) -> float:
    \"""Metres above the mark.\"""
    return 0.17 + 1.62 * cos(hours / 12.42)  # the moon's part
```

{WORDS}

![A chart of the harbour](chart.png "The harbour from above."){{.wide credit="Map by Grace Hopper"}}

{MORE}

![The gauge](gauge.png "The gauge, cleaned."){{.small credit="Drawing by Grace Hopper"}}

{WORDS}
"""
ROWS = "".join(
    f"| Station {number} | {number * 37 % 100} | {number * 73 % 1000 / 100:.2f} |\n" for number in range(1, 41)
)
COUNT = f"""\
---
title: Forty stations
section: Essay
authors: Grace Hopper
---

{WORDS}{MORE}{WORDS}There is more to it.[^1] {MORE}

{WORDS * 2}

{MORE * 3}

## The table

| Station | Steps | Height (m) |
| --- | --: | --: |
{ROWS}
/// table-caption
What was *measured* on one day.
///

{WORDS}

[^1]: {MORE}It was cleaned *once*, and was late for a week.
"""
SAHIL = f"""\
---
title: الخطّ على الحجر
dek: يقيس البحر المدينة كل يوم.
section: مقالة
authors: [سلمى]
language: ar
direction: rtl
---

{ARABIC * 3}

## ما يقوله الماء

{ARABIC * 4}

/// pullquote
الماء لا يخطئ.
///

{ARABIC * 2}
"""
MORE_MANIFEST = """\
subtitle: A yearbook
publisher: Saltmarsh Press
place: Bergen
series: {title: Yearbooks, number: 7}
theme: folio
contributors: [{name: Ida Rhodes, role: editor}, {name: Jean Sammet, role: translator}]
parts: {title-page: true, contents: {depth: 2}, credits: true, colophon: false}
contents: [{section: Reports, articles: [quay.md, count.md]}, {section: Essays, articles: [sahil.md]}]
"""


def gradient(size: tuple[int, int], form: str) -> bytes:
    """A picture from dark to light, with a dark frame: its edges are to be seen, and where it was cut."""
    image = Image.new("L", size, 40)
    inner = (size[0] - 40, size[1] - 40)
    image.paste(
        Image.linear_gradient("L").resize(inner).point([level // 16 * 12 + 60 for level in range(256)]), (20, 20)
    )
    stream = io.BytesIO()
    image.convert("RGB").save(stream, form)
    return stream.getvalue()


def folio_edition(folder: Path) -> Edition:
    """The sample, typeset with folio on its own page."""
    files: dict[str, str | bytes] = {
        "quay.md": QUAY,
        "count.md": COUNT,
        "sahil.md": SAHIL,
        "sea.jpg": gradient((900, 600), "JPEG"),
        "chart.png": gradient((800, 300), "PNG"),
        "gauge.png": gradient((300, 240), "PNG"),
    }
    report = Report()
    found = resolved(publication(folder, files, more=MORE_MANIFEST), report)
    theme = load_theme("folio", report)
    assert theme is not None
    edition = typeset(found, theme, report, jobs=0)
    assert report.ok, report.diagnostics
    return edition


def on_page(edition: Edition, width: float, height: float, inside: float | None = None) -> Edition:
    """The edition on another page, in mm, with the theme's margins in proportion."""
    return replace(edition, theme=with_page(edition.theme, width, height, inside))


def with_page(theme: Theme, width: float, height: float, inside: float | None = None) -> Theme:
    page = theme.page
    across, down = width / page.width, height / page.height
    scaled = PageGeometry(
        width=width,
        height=height,
        top=page.top * down,
        bottom=page.bottom * down,
        inside=page.inside * across if inside is None else inside,
        outside=page.outside * across,
    )
    return replace(theme, page=scaled)
