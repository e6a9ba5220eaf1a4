"""What a style sheet for e-readers may say: functions, rules and properties that are safe, and what is the reader's.

One function that Adobe's RMSDK does not know makes it call a whole book damaged while EPUBCheck finds nothing, so
functions pass an allow-list. Properties pass one, too: what is not on it, old readers drop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import tinycss2
from tinycss2.ast import Node

from pubkit.report import Report
from pubkit.source import Location, SourceText

_FUNCTIONS = frozenset("attr counter counters rgb rgba url".split())
_SELECTOR_FUNCTIONS = frozenset("lang not nth-child nth-last-child nth-last-of-type nth-of-type".split())
_ABSOLUTE = frozenset("cm in mm pc pt px q".split())
_OLD_UNITS = _ABSOLUTE | {"em", "ex"}
_COLOURS_OF_THE_READER = frozenset("currentcolor inherit initial none transparent unset".split())
_WIDEST = 20  # em; 320 CSS px, the narrowest screen of WCAG 1.4.10

# CSS 2.1, and what e-readers took from CSS 3 Text, Fonts, Backgrounds and Writing Modes.
_PROPERTIES = frozenset(
    """
    background background-color border border-bottom border-bottom-color border-bottom-style border-bottom-width
    border-collapse border-color border-left border-left-color border-left-style border-left-width border-radius
    border-right border-right-color border-right-style border-right-width border-spacing border-style border-top
    border-top-color border-top-style border-top-width border-width bottom box-sizing break-after break-before
    break-inside caption-side clear clip color content counter-increment counter-reset cursor display empty-cells
    float font font-family font-feature-settings font-kerning font-size font-stretch font-style font-variant
    font-variant-caps font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position
    font-weight height hyphenate-character hyphens left letter-spacing line-break line-height list-style
    list-style-image list-style-position list-style-type margin margin-bottom margin-left margin-right margin-top
    max-height max-width min-height min-width opacity orphans outline outline-color outline-offset outline-style
    outline-width overflow overflow-wrap padding padding-bottom padding-left padding-right padding-top page-break-after
    page-break-before page-break-inside position quotes right ruby-align ruby-position speak table-layout
    tab-size text-align text-align-last text-combine-upright text-decoration text-emphasis text-emphasis-color
    text-emphasis-position text-emphasis-style text-indent text-justify text-orientation text-overflow text-transform
    text-underline-position top vertical-align visibility white-space widows width word-break word-spacing word-wrap
    writing-mode z-index
    """.split()
)
_PREFIXES = ("-epub-", "-webkit-", "-moz-", "-ms-", "-adobe-", "-amzn-", "-kindle-")
_FORBIDDEN = {
    "direction": "EPUB 3.3 forbids it; write `dir` into the template",
    "unicode-bidi": "EPUB 3.3 forbids it; use `dir`, `bdi` and `bdo`",
    "columns": "readers lay out columns themselves",
    "column-count": "readers lay out columns themselves",
    "column-width": "readers lay out columns themselves",
    "all": "it resets what the reader has set",
}
_LAYOUT = ("flex", "grid", "align-", "justify-", "place-", "gap", "row-gap", "column-gap", "order")
_VALUES = {
    ("position", "absolute"): "text lies on text as soon as the reader changes size or screen",
    ("position", "fixed"): "EPUB 3.3 advises against it, and paged readers lose what is fixed",
    ("position", "sticky"): "paged readers lose it",
    **{
        ("display", f"{prefix}{kind}"): "old readers set its parts one below the other; use blocks, floats or a table"
        for prefix in ("", "inline-")
        for kind in ("flex", "grid")
    },
}
_AT_RULES = {
    "charset": "",
    "namespace": "",
    "media": "",
    "page": "",
    "font-face": "name the font in theme.yaml; pubkit cuts it down and embeds it",
    "import": "an EPUB has this one style sheet; write the rules into it",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a style sheet for e-readers should not say: code and facts of the diagnostic, and its place."""

    code: str
    line: int
    column: int
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What the declarations of a rule are about."""

    body_text: bool = False  # some of its selectors take in all text
    images: bool = False  # all of its selectors end at images
    night: bool = False  # it stands in @media (prefers-color-scheme)


def lint(source: SourceText, report: Report) -> None:
    """Report what is unsafe, unknown to old readers, or the reader's own choice in a theme's epub.css."""
    for found in findings(source.text):
        report.add(found.code, Location(source.path, found.line, found.column), **found.facts)


def findings(css: str) -> Iterator[Finding]:
    """What a style sheet should not say, in its order; what cannot be parsed is left to the parser's own errors."""
    yield from _rules(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True))


def sets(css: str, element: str, *properties: str) -> bool:
    """Whether any rule sets one of the properties for an element such as `img`."""
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule" or not any(_subject(each) == element for each in _selectors(rule.prelude)):
            continue
        inside = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
        if any(each.type == "declaration" and each.lower_name in properties for each in inside):
            return True
    return False


def _rules(nodes: Iterable[Node], *, night: bool = False, nested: bool = False) -> Iterator[Finding]:
    for node in nodes:
        if node.type == "at-rule" and nested:
            reason = "old readers know no at-rules inside at-rules; write it out"
            yield _finding("epub-css-rule", node, name=f"a nested @{node.lower_at_keyword}", reason=reason)
        elif node.type == "at-rule":
            yield from _at_rule(node)
        elif node.type == "qualified-rule":
            yield from _selector_functions(node.prelude)
            selectors = _selectors(node.prelude)
            about = _Rule(
                body_text=any(_is_body_text(each) for each in selectors),
                images=bool(selectors) and all(_subject(each) in ("img", "svg", "picture") for each in selectors),
                night=night,
            )
            yield from _block(node.content, about)


def _at_rule(node: Node) -> Iterator[Finding]:
    name = node.lower_at_keyword
    refused = _AT_RULES.get(name, "old readers may drop the whole style sheet")
    if refused:
        yield _finding("epub-css-rule", node, name=f"@{name}", reason=refused)
    elif name == "media" and node.content is not None:
        inside = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        features = [part for token in node.prelude if token.type == "() block" for part in token.content]
        night = any(part.type == "ident" and part.lower_value == "prefers-color-scheme" for part in features)
        yield from _rules(inside, night=night, nested=True)
    elif name == "page" and node.content is not None:
        for found in tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True):
            if found.type == "declaration" and not found.lower_name.startswith("margin"):
                reason = "a page of an e-reader has no more than margins"
                yield _finding("epub-css-property", found, name=found.name, reason=reason)


def _block(content: Sequence[Node], about: _Rule) -> Iterator[Finding]:
    parts = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    names = {part.lower_name for part in parts if part.type == "declaration"}
    for part in parts:
        if part.type == "declaration":
            yield from _functions(part.value)
            yield from _property(part, names)
            if not part.lower_name.startswith("--"):
                yield from _units(part, about)
                yield from _readers_choice(part, about)
        elif part.type in ("qualified-rule", "at-rule"):
            reason = "old readers know no rules inside rules; write it out"
            yield _finding("epub-css-rule", part, name="a nested rule", reason=reason)


def _property(declaration: Node, names: set[str]) -> Iterator[Finding]:
    name = declaration.lower_name
    words = {token.lower_value for token in declaration.value if token.type == "ident"}
    plain = next((name.removeprefix(prefix) for prefix in _PREFIXES if name.startswith(prefix)), name)
    if name.startswith("--"):
        yield _finding("epub-css-property", declaration, name=name, reason="old readers know no custom properties")
    elif plain in _FORBIDDEN:
        yield _finding("epub-css-property", declaration, name=name, reason=_FORBIDDEN[plain])
    elif plain.startswith(_LAYOUT):
        reason = "old readers know neither grid nor flexible boxes"
        yield _finding("epub-css-property", declaration, name=name, reason=reason)
    elif plain not in _PROPERTIES:
        yield _finding("epub-css-old", declaration, what=f"the property {name!r}", reason="old readers do not know it")
    for word in sorted(words):
        if (plain, word) in _VALUES:
            yield _finding("epub-css-property", declaration, name=f"{name}: {word}", reason=_VALUES[plain, word])
    if name.startswith("break-") and f"page-{name}" not in names:
        what, reason = f"{name!r} without 'page-{name}'", "RMSDK and Kindle know the old name only"
        yield _finding("epub-css-old", declaration, what=what, reason=reason)


def _functions(tokens: Iterable[Node]) -> Iterator[Finding]:
    waiting = list(tokens)[::-1]  # a list of our own: blocks may be nested deeper than Python's stack
    while waiting:
        token = waiting.pop()
        if token.type == "function" and token.lower_name not in _FUNCTIONS:
            reason = "a reader with Adobe's RMSDK may call the whole book damaged"
            yield _finding("epub-css-function", token, name=token.name, reason=reason)
        address = _address(token)
        if address is not None and not address.lower().startswith("data:"):
            reason = f"{address!r} will not be in the EPUB; only data: addresses work here"
            yield _finding("epub-css-function", token, name="url", reason=reason)
        waiting += reversed(getattr(token, "arguments", None) or getattr(token, "content", None) or ())


def _address(token: Node) -> str | None:
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        return next((str(part.value) for part in token.arguments if part.type == "string"), "")
    return None


def _selector_functions(prelude: Iterable[Node]) -> Iterator[Finding]:
    for token in prelude:
        if token.type == "function" and token.lower_name not in _SELECTOR_FUNCTIONS:
            reason = "old readers drop the whole rule"
            yield _finding("epub-css-old", token, what=f"the selector ':{token.name}()'", reason=reason)


def _units(declaration: Node, about: _Rule) -> Iterator[Finding]:
    bounded = about.images and declaration.lower_name == "max-height"  # no older unit means the screen's height
    for token in declaration.value:
        if token.type == "dimension" and token.lower_unit not in _OLD_UNITS and not bounded:
            reason = "RMSDK and early Kindles do not know it; use em or %"
            yield _finding("epub-css-old", token, what=f"the unit {token.unit!r}", reason=reason)


def _readers_choice(declaration: Node, about: _Rule) -> Iterator[Finding]:
    """What belongs to the reader: KDP's guidelines for body text, Kobo's and Readium's for the rest."""
    name, lengths = declaration.lower_name, list(_lengths(declaration.value))
    for what, reason in (
        *_importance(declaration),
        *_colour(declaration, about),
        *_type(name, declaration, lengths, about),
        *_size(name, lengths, about),
    ):
        yield _finding("epub-css-reader", declaration, what=what, reason=reason)


def _importance(declaration: Node) -> Iterator[tuple[str, str]]:
    if declaration.important:
        yield "!important", "it beats the reader's own settings"


def _colour(declaration: Node, about: _Rule) -> Iterator[tuple[str, str]]:
    name = declaration.lower_name
    ground = name in ("background", "background-color")
    if about.night or (ground and about.images):  # a plate under line art is what keeps it visible at night
        return
    border = name.startswith(("border", "outline"))
    if (name == "color" or ground or border) and any(_is_colour(token) for token in declaration.value):
        kind = "a border" if border else "a ground" if ground else "text"
        yield f"the colour of {kind}", "it may vanish at night and on sepia; borders take the text's own colour"


def _type(
    name: str, declaration: Node, lengths: Sequence[tuple[float, str]], about: _Rule
) -> Iterator[tuple[str, str]]:
    absolute = any(unit in _ABSOLUTE and value for value, unit in lengths)
    own = {getattr(token, "lower_value", "") for token in declaration.value} & {"inherit", "initial", "normal", "start"}
    same = [length for length in lengths if length not in ((1.0, "em"), (100.0, "%"))]
    if name in ("font-size", "font", "line-height") and absolute:
        yield f"{name!r} in absolute units", "the reader can no longer change the size; use em"
    elif about.body_text and name == "font-size" and (same or not lengths) and not own:
        yield "the size of all text", "it is what the reader has set"
    elif about.body_text and name in ("line-height", "text-align") and not own:
        yield f"{name!r} of all text", "it is what the reader has set"
    if name == "text-indent" and any(value > 4 and unit == "em" for value, unit in lengths):
        yield "'text-indent' over 4em", "Kindle cuts it"


def _size(name: str, lengths: Sequence[tuple[float, str]], about: _Rule) -> Iterator[tuple[str, str]]:
    if about.body_text and (name.startswith(("margin", "padding"))) and _sideways(name, lengths):
        yield f"{name!r} at the sides of all text", "the reader sets the margins of the page"
    if name in ("width", "min-width") and any(_too_wide(*length) for length in lengths):
        yield f"{name!r} wider than a small screen", f"at most {_WIDEST}em, or per cent: nobody should scroll sideways"
    if name in ("height", "min-height") and not about.images and any(unit in _ABSOLUTE for _, unit in lengths):
        yield f"a fixed {name!r}", "larger letters no longer fit in"


def _sideways(name: str, lengths: Sequence[tuple[float, str]]) -> bool:
    """Whether a margin or padding is more than nothing at the left or at the right."""
    if name.endswith(("-left", "-right")):
        return any(value for value, _ in lengths)
    if "-" in name or not lengths:
        return False
    return bool(lengths[1 % len(lengths)][0] or lengths[-1 if len(lengths) == 4 else 1 % len(lengths)][0])


def _too_wide(value: float, unit: str) -> bool:
    pixels = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 3.78, "cm": 37.8, "in": 96.0, "q": 0.945, "em": 16.0, "ex": 8.0}
    return value > 100 if unit == "%" else value * pixels.get(unit, 0) > _WIDEST * 16


def _lengths(tokens: Iterable[Node]) -> Iterator[tuple[float, str]]:
    for token in tokens:
        if token.type in ("number", "percentage"):
            yield float(token.value), "%" if token.type == "percentage" else ""
        elif token.type == "dimension":
            yield float(token.value), str(token.lower_unit)
        elif token.type == "ident" and token.lower_value == "auto":
            yield 0.0, ""


def _is_colour(token: Node) -> bool:
    if token.type == "hash" or (token.type == "function" and token.lower_name in ("rgb", "rgba", "hsl", "hsla")):
        return True
    if token.type != "ident" or token.lower_value in _COLOURS_OF_THE_READER:
        return False
    from tinycss2.color3 import parse_color

    return parse_color(token) is not None


def _selectors(prelude: Iterable[Node]) -> list[list[Node]]:
    """The selectors of a list, each as its tokens."""
    selectors: list[list[Node]] = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            selectors.append([])
        elif token.type != "comment":
            selectors[-1].append(token)
    return [trimmed for each in selectors if (trimmed := _trimmed(each))]


def _trimmed(tokens: Sequence[Node]) -> list[Node]:
    kept = [number for number, token in enumerate(tokens) if token.type != "whitespace"]
    return list(tokens[kept[0] : kept[-1] + 1]) if kept else []


def _subject(selector: Sequence[Node]) -> str:
    """The name of the element that a selector ends at: "img" for `.figure > img.wide`; "" where it names none."""
    name = ""
    before = ""
    for token in selector:
        if token.type == "whitespace" or (token.type == "literal" and token.value in ">+~"):
            name = ""
        elif token.type == "ident" and before not in (".", ":"):
            name = str(token.lower_value)
        before = token.value if token.type == "literal" else ""
    return name


def _is_body_text(selector: Sequence[Node]) -> bool:
    """Whether a selector takes in all running text: `body`, `html`, `p`, `*`, without a class or an id."""
    if any(token.type in ("hash", "[] block") or _is(token, ".") or _is(token, ":") for token in selector):
        return False
    around = {token.lower_value for token in selector[:-1] if token.type == "ident"}
    return around <= {"html", "body"} and (_subject(selector) in ("html", "body", "p") or _is(selector[-1], "*"))


def _is(token: Node, sign: str) -> bool:
    return bool(token.type == "literal" and token.value == sign)


def _finding(code: str, node: Any, **facts: str) -> Finding:
    return Finding(code=code, line=node.source_line, column=node.source_column, facts=facts)
