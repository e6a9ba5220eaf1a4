"""Plain text -> Article: above all the text of a web page as somebody copied it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from pubkit.labels import direction_of
from pubkit.markup import escape, plain
from pubkit.model import Article, Heading, Origin
from pubkit.readers.text_head import read_head
from pubkit.readers.text_lines import (
    Block,
    blocks_of,
    ends_sentence,
    is_prose,
    is_rule,
    is_wrapped,
    items_of,
    joined,
    paragraphs_of,
    without_bullet,
    wrap_width,
)
from pubkit.readers.text_tail import split_tail, take_credits
from pubkit.report import Report
from pubkit.slugs import slug
from pubkit.source import SourceText

_WITH_UNDERLINE = 2  # lines
_MIN_SHOUT = 4  # letters
_MAX_SHOUT = 60  # characters of a sub-heading in capitals


def read_text(source: SourceText, report: Report, *, language: str, title: str = "") -> Article:
    """The article of a plain text; `title` is the headline that its front matter gives, or empty.

    Every paragraph is kept, whole and in order. What is left out is reported: repeated lines, navigation before
    the headline, and a tail of other articles' headlines.
    """
    blocks = blocks_of(source.text)
    width = wrap_width(blocks)
    blocks = split_tail(blocks, width, source, report)
    head = read_head(blocks, width, source, report, title=plain(title) if "<" in title else title)
    rest, people, rights = take_credits(head.rest, source, report)
    body, headings = _body(rest, width)
    return Article(
        id=slug(PurePosixPath(source.path).stem),
        title=escape(head.title),
        dek=escape(head.dek),
        kicker=head.kicker,
        credits=(*head.credits, *people),
        date=head.date,
        language=language,
        direction=direction_of(language),
        rights=rights,
        origin=Origin(site=head.site),
        body=body,
        headings=headings,
        source=source,
    )


def _body(blocks: Sequence[Block], width: int) -> tuple[str, tuple[Heading, ...]]:
    """The body as a fragment, and its headings."""
    shouts = _shouts(blocks, width)
    parts: list[str] = []
    headings: list[Heading] = []
    taken: set[str] = set()
    for at, block in enumerate(blocks):
        heading = joined(block) if at in shouts else _underlined(block)
        if heading:
            name = _apart(slug(heading), taken)
            headings.append(Heading(level=2, id=name, title=heading))
            parts.append(f'<h2 id="{name}">{escape(heading)}</h2>')
            continue
        if is_rule(block[0]) and len(block) == 1:
            if parts and at < len(blocks) - 1 and not parts[-1].startswith("<hr"):
                parts.append('<hr class="break"/>')
            continue
        parts.extend(_markup(part, width) for part in paragraphs_of(block, width))
    return "\n".join(parts), tuple(headings)


def _markup(block: Block, width: int) -> str:
    """A paragraph: wrapped lines as one, a list as a list, other lines with breaks between them."""
    if items := items_of(block):
        words = "".join(f"<li>{escape(without_bullet(joined(item)))}</li>" for item in items)
        return f"<ul>{words}</ul>"
    if len(block) > 1 and not is_wrapped(block, width):
        return "<p>" + "<br/>".join(escape(line.text) for line in block) + "</p>"
    return f"<p>{escape(joined(block))}</p>"


def _underlined(block: Block) -> str:
    """The words of a heading that is underlined with hyphens or equals signs."""
    if len(block) == _WITH_UNDERLINE and is_rule(block[1]) and set(block[1].text) in ({"-"}, {"="}):
        return block[0].text
    return ""


def _shouts(blocks: Sequence[Block], width: int) -> frozenset[int]:
    """The numbers of the blocks that are sub-headings in capitals.

    Clear only where there are two or more, each alone above running text; a single shouted line may be speech.
    """
    found = {
        at
        for at, block in enumerate(blocks[:-1])
        if len(block) == 1 and _is_shout(block[0].text) and is_prose(blocks[at + 1], width)
    }
    return frozenset(found) if len(found) > 1 else frozenset()


def _is_shout(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= _MIN_SHOUT and len(text) <= _MAX_SHOUT and text.isupper() and not ends_sentence(text)


def _apart(name: str, taken: set[str]) -> str:
    """The name, or with a number after it where it is taken already."""
    unique, number = name, 2
    while unique in taken:
        unique, number = f"{name}-{number}", number + 1
    taken.add(unique)
    return unique
