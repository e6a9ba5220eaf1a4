"""Publications of a given size, made from a seed: text, headings, notes, tables, code and pictures."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

_WORDS = (
    "the of and a to in is was it for on that by this with they are from have an be at or which not all were when "
    "there can more if no out so said what up its about into than them only other new some could time these two may "
    "then do first any my now such like our over man me even most made after also did many before must through back "
    "years where much your way well down should because each just those people how too little state good very make "
    "world still own see men work long get here between both life being under never day same another know while last "
    "might us great old year off come since against go came right used take three harbour tide water shore island "
    "pilot channel sand chart gauge breakwater estuary lantern keeper rigging ballast mooring quay current sounding "
    "anchorage lighthouse survey meridian datum storm weather barometer signal passage vessel schooner timber cordage "
    "merchant fishery dredger reclamation embankment"
).split()
_CODE = '''\
def height(hour: float, parts: list[tuple[float, float, float]]) -> float:
    """Height of the tide at an hour, as a sum of cosines."""
    return sum(a * cos(radians(speed * hour - phase)) for a, speed, phase in parts)


for hour in range(24):
    print(f"{hour:02}:00  {height(hour, PARTS):6.2f} m")
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many articles, and how many words each has."""

    articles: int
    words: int


SIZES: Mapping[str, Size] = {
    "S": Size(articles=1, words=5000),
    "M": Size(articles=20, words=3000),
    "L": Size(articles=100, words=3000),
    "XL": Size(articles=1000, words=1000),
    "150": Size(articles=12, words=3000),  # pages, about
    "1500": Size(articles=119, words=3000),
}


def write_corpus(folder: Path, size: Size) -> tuple[Path, ...]:
    """A publication of this size in `folder`; gives its article files in order. Equal sizes give equal files."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    for number in range(min(size.articles, 12)):
        (folder / "articles" / f"picture-{number}.jpg").write_bytes(_picture(number))
    paths = []
    for number in range(size.articles):
        path = folder / "articles" / f"article-{number + 1:04d}.md"
        path.write_text("\n".join(_article(number, size)), encoding="utf-8")
        paths.append(path)
    manifest = (
        "title: Soundings\nlanguage: en\nidentifier: urn:uuid:00000000-0000-4000-8000-00000000beac\ndate: 2026-11-22\n"
        "modified: 2026-11-22\nparts: {cover: false}\n"
    )
    (folder / "pubkit.yaml").write_text(manifest, encoding="utf-8")
    return tuple(paths)


def edit(path: Path) -> None:
    """Change one word of an article; every time another."""
    text = path.read_text(encoding="utf-8")
    at = text.index("harbour") if "harbour" in text else len(text)
    path.write_text(f"{text[:at]}anchorage{text[at + 7 :]}", encoding="utf-8")


def _article(number: int, size: Size) -> Iterator[str]:
    chance = random.Random(number)  # noqa: S311 (not for secrets: the same text every time)
    yield f"---\ntitle: {_title(chance)}\nauthor: {_name(chance)}\ncredits:\n  Photographs by: {_name(chance)}\n---\n"
    written, block, notes = 0, 0, 0
    while written < size.words:
        block += 1
        words = chance.randint(50, 130)
        text = _prose(chance, words)
        written += words
        if block % 5 == 0:
            notes += 1
            text += f"[^{notes}]"
        yield text + "\n"
        if block % 6 == 0:
            yield f"## {_title(chance)}\n"
        if block % 9 == 4:
            picture = f"picture-{(number + block) % min(size.articles, 12)}.jpg"
            alt, caption, photographer = _title(chance), _title(chance), _name(chance)
            yield f'![{alt}]({picture} "{caption}"){{credit="Photograph by {photographer}"}}\n'
        if block % 17 == 7:
            yield from _table(chance)
        if block % 23 == 11:
            yield f"```python\n{_CODE}```\n"
        if block % 13 == 8:
            yield "".join(f"- {_prose(chance, 12)}\n" for _ in range(4))
    for note in range(1, notes + 1):
        yield f"[^{note}]: {_prose(chance, 25)}\n"


def _prose(chance: random.Random, words: int) -> str:
    sentences = []
    while words > 0:
        length = min(words, chance.randint(6, 22))
        picked = [chance.choice(_WORDS) for _ in range(length)]
        if chance.random() < 0.2:
            place = chance.randrange(length)
            picked[place] = f"*{picked[place]}*"
        sentence = " ".join(picked)
        sentences.append(sentence[:1].upper() + sentence[1:] + ".")
        words -= length
    return " ".join(sentences)


def _title(chance: random.Random) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randint(2, 5))).capitalize()


def _name(chance: random.Random) -> str:
    first = chance.choice(("Ada", "Bram", "Cosmo", "Dora", "Edda", "Finn", "Greta", "Henk", "Ines", "Jan"))
    return f"{first} {chance.choice(('Abara', 'Birk', 'Calder', 'Dunmore', 'Ekberg', 'Fane', 'Grell', 'Holt'))}"


def _table(chance: random.Random) -> Iterator[str]:
    rows = [f"| {chance.choice(_WORDS)} | {chance.random():.2f} | {chance.randint(1, 999)} |" for _ in range(8)]
    yield "\n".join(("| Place | Height | Ships |", "| --- | ---: | ---: |", *rows)) + "\n"


def _picture(number: int) -> bytes:
    chance = random.Random(1000 + number)  # noqa: S311
    image = Image.new("RGB", (1200, 800))
    pen = ImageDraw.Draw(image)
    for row in range(800):
        pen.line([(0, row), (1200, row)], fill=(40 + row // 8, 90 + row // 10, 140 + number * 5))
    for _ in range(60):
        x, y, r = chance.randrange(1200), chance.randrange(800), chance.randrange(4, 60)
        pen.ellipse([x - r, y - r, x + r, y + r], fill=(chance.randrange(255), chance.randrange(255), 90))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=88)
    return stream.getvalue()
