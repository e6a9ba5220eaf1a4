"""The theme's fonts: which of them the text uses, cut down to the characters that it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import cssselect2
import tinycss2
import uharfbuzz
from lxml import etree

from pubkit.model import FontFace

# What readers and style sheets put in by themselves: list numbers, bullets, hyphens, spaces.
_ALWAYS = frozenset(map(ord, "0123456789.,-‐•◦▪ \u00a0"))
# OpenType features by the words of CSS Fonts 4 that ask for them; HarfBuzz keeps kerning and ligatures by itself.
_FEATURES = {
    "all-small-caps": ("smcp", "c2sc"),
    "diagonal-fractions": ("frac", "numr", "dnom"),
    "discretionary-ligatures": ("dlig",),
    "historical-ligatures": ("hlig",),
    "lining-nums": ("lnum",),
    "oldstyle-nums": ("onum",),
    "ordinal": ("ordn",),
    "proportional-nums": ("pnum",),
    "slashed-zero": ("zero",),
    "small-caps": ("smcp",),
    "sub": ("subs",),
    "super": ("sups",),
    "tabular-nums": ("tnum",),
    "titling-caps": ("titl",),
}
_TAG = 4  # bytes of a feature's name
_NAMES = (*range(7), 13, 14)  # of the font, with copyright and licence: the OFL wants both kept


@dataclass(frozen=True, slots=True, kw_only=True)
class FontFile:
    """A font as the EPUB holds it: the theme's face and the file cut from it."""

    face: FontFace
    name: str
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """The core media type (EPUB 3.3, section 3.2)."""
        return f"font/{self.name.rpartition('.')[2]}"


class Usage:
    """Which characters are set in which family of a theme, found by the style sheet's selectors."""

    def __init__(self, css: str, faces: tuple[FontFace, ...]) -> None:
        """Read the style sheet. Raises ValueError for a font that is no OpenType file."""
        self._faces = faces
        self._covered: dict[str, set[int]] = {}
        for face in faces:
            self._covered.setdefault(face.family, set()).update(_readable(face).unicodes)
        rules = list(_rules(css))
        self._generated = _ALWAYS | {ord(c) for c in _generated_text(rules)}
        self._features = _features(rules)
        self._matcher = cssselect2.Matcher()
        for prelude, stack in _stacks(rules, tuple(self._covered)):
            for selector in _selectors(prelude):
                self._matcher.add_selector(selector, stack)

    def of(self, root: etree._Element) -> dict[str, frozenset[int]]:
        """The characters of one document, by the families that they are set in."""
        characters: dict[tuple[str, ...], set[str]] = {}
        for element in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
            for *_, stack in self._matcher.match(element):
                found = characters.setdefault(stack, set())
                found.update(*element.etree_element.itertext())
        used: dict[str, set[int]] = {}
        for stack, found in characters.items():
            for family, its in self._shared_out(stack, {ord(c) for each in found for c in each + each.upper()}):
                used.setdefault(family, set()).update(its)
        return {family: frozenset(its) for family, its in used.items()}

    def files(self, used: Iterable[Mapping[str, frozenset[int]]]) -> tuple[FontFile, ...]:
        """The fonts in use in all documents, in the theme's order, each cut down to its characters."""
        all_: dict[str, set[int]] = {}
        for each in used:
            for family, characters in each.items():
                all_.setdefault(family, set()).update(characters)
        return tuple(
            FontFile(
                face=face,
                name=_file_name(face),
                content=_cut(face, all_[face.family] | self._generated, self._features),
            )
            for face in self._faces
            if face.family in all_
        )

    def _shared_out(self, stack: tuple[str, ...], characters: set[int]) -> Iterator[tuple[str, set[int]]]:
        """Give every family of a stack the text, as soon as it holds a character that no family before it has."""
        left = characters
        for family in stack:
            covered = self._covered[family]
            if left & covered:
                yield family, characters & covered
                left = left - covered


def font_rules(files: tuple[FontFile, ...]) -> str:
    """The `@font-face` rules of the fonts, for a style sheet that lies in a folder beside theirs."""
    return "".join(
        f'@font-face {{ font-family: "{each.face.family}"; font-weight: {each.face.weight}; '
        f"font-style: {each.face.style}; src: url(../fonts/{each.name}); }}\n"
        for each in files
    )


def _readable(face: FontFace) -> uharfbuzz.Face:
    if face.content[:4] not in {b"OTTO", b"\0\1\0\0", b"true"}:
        raise ValueError(f"{face.name!r} is no OpenType font")
    return uharfbuzz.Face(uharfbuzz.Blob(face.content))


def _file_name(face: FontFace) -> str:
    return PurePosixPath(face.name).stem + (".otf" if face.content[:4] == b"OTTO" else ".ttf")


def _cut(face: FontFace, characters: set[int], features: frozenset[str]) -> bytes:
    """An OpenType file with these characters and their forms in `features`: all readers take it, the oldest too.

    Hinting is for coarse screens, which e-readers no longer have, and makes half of some files.
    """
    wanted = uharfbuzz.SubsetInput()
    wanted.unicode_set.update(characters)
    wanted.layout_feature_tag_set.update(int.from_bytes(tag.encode(), "big") for tag in features)
    wanted.name_id_set.update(_NAMES)
    wanted.flags = uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    return bytes(uharfbuzz.subset(_readable(face), wanted).blob.data)


def _rules(css: str) -> Iterator[tinycss2.ast.QualifiedRule]:
    waiting = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    while waiting:
        rule = waiting.pop(0)
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports"} and rule.content:
            waiting[:0] = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)


def _declarations(rule: tinycss2.ast.QualifiedRule, *names: str) -> Iterator[tinycss2.ast.Declaration]:
    for found in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True):
        if found.type == "declaration" and found.lower_name in names:
            yield found


def _stacks(
    rules: list[tinycss2.ast.QualifiedRule], families: tuple[str, ...]
) -> Iterator[tuple[list[tinycss2.ast.Node], tuple[str, ...]]]:
    """For every rule that sets a font the selector and the theme's families that it names, in order."""
    known = {family.casefold(): family for family in families}
    for rule in rules:
        for declaration in _declarations(rule, "font", "font-family"):
            parts = [part.strip() for part in _words(declaration.value).casefold().split(",")]
            # `font` has size and style before its first family
            stack = [family for part in parts for name, family in known.items() if f" {part}".endswith(f" {name}")]
            if stack:
                yield rule.prelude, tuple(dict.fromkeys(stack))


def _words(tokens: list[tinycss2.ast.Node]) -> str:
    return " ".join(
        "".join(token.value if token.type in {"ident", "string", "literal"} else " " for token in tokens).split()
    )


def _selectors(prelude: list[tinycss2.ast.Node]) -> list[cssselect2.CompiledSelector]:
    """The selectors of a rule; every element where they are beyond us, for a letter too many does no harm."""
    try:
        return list(cssselect2.compile_selector_list(prelude))
    except cssselect2.SelectorError:
        return list(cssselect2.compile_selector_list("*"))


def _features(rules: list[tinycss2.ast.QualifiedRule]) -> frozenset[str]:
    """The OpenType features that the style sheet asks for."""
    names = ("font", "font-variant", "font-variant-caps", "font-variant-ligatures", "font-variant-numeric")
    words = {
        token.lower_value
        for rule in rules
        for declaration in _declarations(rule, *names, "font-variant-position")
        for token in declaration.value
        if token.type == "ident"
    }
    tags = {
        token.value
        for rule in rules
        for declaration in _declarations(rule, "font-feature-settings", "-webkit-font-feature-settings")
        for token in declaration.value
        if token.type == "string" and len(token.value.encode()) == _TAG
    }
    return frozenset(tags).union(*(_FEATURES[word] for word in words if word in _FEATURES))


def _generated_text(rules: list[tinycss2.ast.QualifiedRule]) -> str:
    """What the style sheet itself writes: the strings of `content`, `quotes` and list markers."""
    return "".join(
        token.value
        for rule in rules
        for declaration in _declarations(rule, "content", "quotes", "list-style", "list-style-type")
        for token in declaration.value
        if token.type == "string"
    )
