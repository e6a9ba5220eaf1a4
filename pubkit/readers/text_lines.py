"""Plain text as blocks of lines, and blocks as paragraphs: hard-wrapped lines are joined, others are not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_NARROW = 40  # columns: nobody wraps prose at fewer, so such lines are verse, addresses, names
_VERSE = 3  # from this many following lines on, their capitals tell verse
_SURE = 200  # columns: a line of this length is prose, however it ends
_LIKELY = 60  # columns: from here on, one that ends with a full stop
_ASKING = 140  # columns: from here on, one that ends with any mark; headlines ask and shout, too
_MANY_WORDS = 10
_HANGUL = range(0xAC00, 0xD7A4)
LONG = 120  # columns: nobody wraps by hand at more, so a longer line is a paragraph of its own
_FULL = 0.6  # of a block's lines must be full before they are taken for wrapped ones
_STARTS_UPPER = 0.8  # from here on lines that start with a capital are verse
_ENDS = tuple('.!?…:"”’»«“。！？」』؟')
_BULLET = re.compile(r"[•‣◦▪*]\s+")
_RULE = re.compile(r"(?:([*·•~—–_=#-])\s*)(?:\1\s*){2,}|⁂")
_JOINING = frozenset("and or to und oder bis et ou y o e en".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that is not blank: its text without outer space, and where it starts in the source."""

    text: str
    offset: int
    indent: int = 0

    @property
    def key(self) -> str:
        """The letters and digits only, for comparing what was written twice in slightly different ways."""
        return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", self.text)).casefold()


Block = tuple[Line, ...]


def blocks_of(text: str) -> tuple[Block, ...]:
    """The runs of lines between blank lines; a section break is a block of its own."""
    blocks: list[Block] = []
    run: list[Line] = []
    offset = 0
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            indent = len(raw.expandtabs(4)) - len(raw.expandtabs(4).lstrip())
            line = Line(text=words, offset=offset + raw.index(words[0]), indent=indent)
            underlines = words[0] in "-=" and len(run) == 1  # the line above: it makes a heading of it
            if is_rule(line) and not underlines:
                blocks.extend(block for block in (tuple(run), (line,)) if block)
                run = []
            else:
                run.append(line)
        elif run:
            blocks.append(tuple(run))
            run = []
        offset += len(raw) + 1
    return (*blocks, tuple(run)) if run else tuple(blocks)


def wrap_width(blocks: Sequence[Block]) -> int:
    """The column at which the file's lines seem to be wrapped; 0 where no block has two lines."""
    lengths = sorted(columns(line.text) for block in blocks for line in block[:-1] if columns(line.text) <= LONG)
    return lengths[len(lengths) * 9 // 10] if lengths else 0  # not the longest: one address would spoil it


def paragraphs_of(block: Block, width: int) -> tuple[Block, ...]:
    """The block's paragraphs, each as its lines: more than one line each only in verse, see `is_wrapped`.

    A block is one paragraph, unless its lines are too long to be wrapped, all end like sentences, or some of
    them are indented as first lines are. A list is one.
    """
    if items_of(block):
        return (block,)
    margin = min(line.indent for line in block)
    firsts = [at for at, line in enumerate(block) if line.indent > margin and at > 0]
    if firsts and len(firsts) <= len(block) // 2:
        return tuple(block[start:end] for start, end in pairwise([0, *firsts, len(block)]))
    if len(block) > 1 and (_has_long(block) or (not is_wrapped(block, width) and _all_end(block))):
        return tuple((line,) for line in block)
    return (block,)


def is_wrapped(block: Block, width: int) -> bool:
    """Whether the lines of a block were broken only because they were full.

    A line was full where the first word of the next would not have gone onto it. Lines that nearly all
    start with a capital are verse, however long they are.
    """
    following = len(block) - 1
    if not following or width < _NARROW or _has_long(block) or len({line.key for line in block}) <= following:
        return False
    full = sum(
        columns(line.text) + 1 + columns(after.text.split(maxsplit=1)[0]) > width for line, after in pairwise(block)
    )
    capitals = sum(after.text[0].isupper() for after in block[1:])
    if following >= _VERSE and capitals >= _STARTS_UPPER * following:
        return False
    return full >= _FULL * following


def joined(block: Block) -> str:
    """The lines as one: by a space, by nothing between Chinese or Japanese characters and after a hyphen in a word."""
    text = block[0].text
    for line in block[1:]:
        text += _between(text, line.text) + line.text
    return text


def items_of(block: Block) -> tuple[Block, ...]:
    """The items of a list whose every item starts with the same bullet; empty where the block is no list."""
    starts = [at for at, line in enumerate(block) if _BULLET.match(line.text)]
    if len(starts) <= 1 or starts[0] != 0 or len({block[at].text[0] for at in starts}) > 1:
        return ()
    return tuple(block[start:end] for start, end in zip(starts, [*starts[1:], len(block)], strict=True))


def without_bullet(text: str) -> str:
    """The text of a list item."""
    return _BULLET.sub("", text, count=1)


def is_rule(line: Line) -> bool:
    """Whether a line is a section break: three or more of one sign and nothing else, or an asterism."""
    return bool(_RULE.fullmatch(line.text))


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, quotation marks and brackets aside."""
    return text.rstrip(")]*").endswith(_ENDS)


def is_prose(block: Block, width: int) -> bool:
    """Whether a block is running text rather than a headline, a name or a date."""
    text = joined(block) if is_wrapped(block, width) else max((line.text for line in block), key=len)
    wide = columns(text)
    stops = text.rstrip('"”’»)]*').endswith((".", "。", "．"))
    return wide > _SURE or (
        _says_much(text) and ((wide > _LIKELY and stops) or (wide > _ASKING and ends_sentence(text)))
    )


def columns(text: str) -> int:
    """How wide a text is on a screen with fixed columns: East Asian characters take two."""
    return (
        len(text)
        if text.isascii()
        else len(text) + sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    )


def lines_of(blocks: Sequence[Block]) -> Iterator[Line]:
    """All lines of some blocks, in order."""
    for block in blocks:
        yield from block


def _says_much(text: str) -> bool:
    return len(text.split()) >= _MANY_WORDS or any(unicodedata.east_asian_width(character) == "W" for character in text)


def _has_long(block: Block) -> bool:
    """A line is long where it would be so without its longest word, which may be an address."""
    return any(columns(line.text) - max(map(columns, line.text.split())) > LONG for line in block) or any(
        columns(line.text) > 2 * LONG and " " not in line.text and not line.text.isascii() for line in block
    )


def _all_end(block: Block) -> bool:
    return all(ends_sentence(line.text) for line in block)


def _between(before: str, after: str) -> str:
    if _is_east_asian(before[-1]) and _is_east_asian(after[0]):
        return ""
    in_a_word = before.endswith("-") and before[-2:-1].isalpha() and after[0].islower()
    if in_a_word and after.split(maxsplit=1)[0].casefold() not in _JOINING:
        return ""  # the hyphen stays: nobody can say whether it belongs to the word
    return " "


def _is_east_asian(character: str) -> bool:
    """Han, kana and their punctuation, which are set without spaces; not Hangul."""
    return unicodedata.east_asian_width(character) in "WF" and ord(character) not in _HANGUL
