"""Custom properties of the root put in their places, and lengths worked out, once for all boxes of all documents.

WeasyPrint 70 looks every `var()` up, and works every `calc()` out, for each box whose style differs: an eighth of the
time of a layout. What only `:root` or `html` declares is the same on every element (CSS Custom Properties 1, 2), and a
calculation of absolute lengths is one length (CSS Values 4, 10), so both can be written into the style sheet. All else
stays: a property that a rule below the root, a condition or `!important` declares, and lengths of fonts or boxes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import (
    Comment,
    Declaration,
    DimensionToken,
    FunctionBlock,
    Node,
    NumberToken,
    ParenthesesBlock,
    QualifiedRule,
    WhitespaceToken,
)

_ROOTS = {":root": 1, "html": 0}  # with their specificity
_AT = re.compile(r" at (\d+):(\d+)")
_LINE_END = re.compile(r"\r\n?|\f")  # CSS Syntax 3, 3.3
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PIXELS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_MATH = ("calc", "min", "max", "clamp", "round")
_TEXT = re.compile(r"""[^()"'/\\]+|\\.|/\*.*?\*/|/|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StyleSheet:
    """A style sheet with constants in place, and how far that moved what stands after them on their lines."""

    css: str
    moved: Mapping[int, tuple[tuple[int, int], ...]]  # by line: from which column on, by how many

    def told(self, words: str) -> str:
        """What is said of a place in this style sheet, ` at line:column`, said of the one that it was made from."""
        return _AT.sub(lambda found: f" at {found[1]}:{self._column(int(found[1]), int(found[2]))}", words)

    def _column(self, line: int, column: int) -> int:
        return column - sum(by for start, by in self.moved.get(line, ()) if column >= start)


def with_constants(sheets: Sequence[str]) -> tuple[StyleSheet, ...]:
    """Style sheets that are used together, with the constants that they declare put in place."""
    texts = [_LINE_END.sub("\n", css) for css in sheets]
    constants = _constants(texts)
    return tuple(_written(css, constants) for css in texts)


def _constants(sheets: Sequence[str]) -> dict[str, list[Node]]:
    """What the root's custom properties are, as far as that is the same everywhere and known without a layout."""
    declared: dict[str, tuple[int, list[Node]]] = {}
    elsewhere: set[str] = set()
    for css in sheets:
        for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
            of_root = isinstance(rule, QualifiedRule) and _ROOTS.get(tinycss2.serialize(rule.prelude).strip())
            for declaration in _declarations(rule):
                name = declaration.name
                if not isinstance(of_root, int) or isinstance(of_root, bool) or declaration.important:
                    elsewhere.add(name)
                elif name not in declared or declared[name][0] <= of_root:
                    declared[name] = of_root, declaration.value
    waiting = {name: value for name, (_, value) in declared.items() if name not in elsewhere}
    known: dict[str, list[Node]] = {}
    while waiting:
        tried = {name: _replaced(value, known) for name, value in waiting.items()}
        done = {name: value for name, value in tried.items() if not _asks(value)}
        if not done:
            break  # they ask for each other, or for what is not known here
        known |= {name: _trimmed(value) for name, value in done.items()}
        waiting = {name: value for name, value in waiting.items() if name not in done}
    return known


def _declarations(rule: Node) -> Iterator[Declaration]:
    """The declarations of custom properties in a rule, at any depth."""
    content = getattr(rule, "content", None)
    if content is None:
        return
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if isinstance(node, Declaration) and node.name.startswith("--"):
            yield node
        elif not isinstance(node, Declaration):
            yield from _declarations(node)
    if isinstance(rule, QualifiedRule):
        return
    for node in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True):  # of @media and its like
        yield from _declarations(node)


def _asks(nodes: Sequence[Node]) -> bool:
    return any(
        (isinstance(node, FunctionBlock) and node.lower_name == "var") or _asks(_inside(node) or ()) for node in nodes
    )


def _inside(node: Node) -> list[Node] | None:
    inside: list[Node] | None = getattr(node, "arguments", None) or getattr(node, "content", None)
    return inside if isinstance(inside, list) else None


def _trimmed(nodes: list[Node]) -> list[Node]:
    kept = [node for node in nodes if not isinstance(node, Comment)]
    while kept and isinstance(kept[0], WhitespaceToken):
        kept = kept[1:]
    while kept and isinstance(kept[-1], WhitespaceToken):
        kept = kept[:-1]
    return kept


def _replaced(nodes: Sequence[Node], constants: Mapping[str, list[Node]]) -> list[Node]:
    """Component values with constants in place, and with calculations worked out where they can be."""
    new: list[Node] = []
    for node in nodes:
        if isinstance(node, FunctionBlock):
            new.extend(_of_function(node, constants))
        elif isinstance(node, ParenthesesBlock):
            line, column = node.source_line, node.source_column
            new.append(ParenthesesBlock(line, column, _replaced(node.content, constants)))
        else:
            new.append(node)
    return new


def _of_function(node: FunctionBlock, constants: Mapping[str, list[Node]]) -> list[Node]:
    arguments = _trimmed(node.arguments)
    if node.lower_name == "var" and arguments and getattr(arguments[0], "value", None) in constants:
        return constants[arguments[0].value]
    new = FunctionBlock(node.source_line, node.source_column, node.name, _replaced(node.arguments, constants))
    if node.lower_name in _MATH and (length := _worked_out(new)):
        return [length]
    return [new]


def _worked_out(function: FunctionBlock) -> Node | None:
    """One number, or one length in px, where a function of numbers and absolute lengths is that."""
    try:
        value = _call(function)
    except (_UnknownError, ArithmeticError):
        return None
    text = repr(value.number)
    if "e" in text:
        return None
    line, column = function.source_line, function.source_column
    if value.is_length:
        return DimensionToken(line, column, float(text), None, text, "px")
    return NumberToken(line, column, float(text), None, text)


class _UnknownError(Exception):
    """The value depends on what only a layout knows, or is none."""


@dataclass(frozen=True, slots=True)
class _Value:
    number: float
    is_length: bool  # in px

    def __post_init__(self) -> None:
        if not math.isfinite(self.number):
            raise _UnknownError


def _call(function: FunctionBlock) -> _Value:
    parts: list[list[Node]] = [[]]
    for node in function.arguments:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    if function.lower_name == "round":
        return _rounded(parts)
    values = [_Sum(part).value() for part in parts]
    if len({value.is_length for value in values}) != 1:
        raise _UnknownError
    numbers = [value.number for value in values]
    if function.lower_name == "calc" and len(numbers) == 1:
        return values[0]
    if function.lower_name == "clamp" and len(numbers) == 3:
        least, number, most = numbers
        return _Value(max(least, min(number, most)), values[0].is_length)
    if function.lower_name in ("min", "max"):
        return _Value((min if function.lower_name == "min" else max)(numbers), values[0].is_length)
    raise _UnknownError


_ROUNDINGS: Mapping[str, Callable[[float], float]] = {
    "nearest": lambda number: math.floor(number + 0.5),
    "up": math.ceil,
    "down": math.floor,
    "to-zero": math.trunc,
}


def _rounded(parts: list[list[Node]]) -> _Value:
    how = "nearest"
    words = [node.lower_value for node in parts[0] if node.type == "ident"]
    if words:
        (how,), parts = words, parts[1:]
    if how not in _ROUNDINGS or len(parts) != 2:
        raise _UnknownError
    value, step = (_Sum(part).value() for part in parts)
    if value.is_length != step.is_length:
        raise _UnknownError
    return _Value(_ROUNDINGS[how](value.number / step.number) * step.number, value.is_length)


class _Sum:
    """A calculation of CSS Values 4 (10.8), read from the left."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = [node for node in nodes if not isinstance(node, WhitespaceToken | Comment)]

    def value(self) -> _Value:
        value = self._sum()
        if self._nodes:
            raise _UnknownError
        return value

    def _next_is(self, *signs: str) -> str | None:
        sign = self._nodes[0].value if self._nodes and self._nodes[0].type == "literal" else None
        if sign not in signs:
            return None
        del self._nodes[0]
        return str(sign)

    def _sum(self) -> _Value:
        value = self._product()
        while sign := self._next_is("+", "-"):
            other = self._product()
            if other.is_length != value.is_length:
                raise _UnknownError
            number = value.number + other.number if sign == "+" else value.number - other.number
            value = _Value(number, value.is_length)
        return value

    def _product(self) -> _Value:
        value = self._one()
        while sign := self._next_is("*", "/"):
            other = self._one()
            if other.is_length and (sign == "/" or value.is_length):
                raise _UnknownError
            number = value.number * other.number if sign == "*" else value.number / other.number
            value = _Value(number, value.is_length or other.is_length)
        return value

    def _one(self) -> _Value:
        if not self._nodes:
            raise _UnknownError
        node = self._nodes.pop(0)
        if isinstance(node, NumberToken):
            return _Value(node.value, is_length=False)
        if isinstance(node, DimensionToken) and node.lower_unit in _PIXELS:
            return _Value(node.value * _PIXELS[node.lower_unit], is_length=True)
        if isinstance(node, ParenthesesBlock):
            return _Sum(node.content).value()
        if isinstance(node, FunctionBlock) and node.lower_name in _MATH:
            return _call(node)
        raise _UnknownError


def _written(css: str, constants: Mapping[str, list[Node]]) -> StyleSheet:
    """A style sheet written again: the same text, but for what is replaced."""
    starts = [0]
    for line in css.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    written, done, moved = "", 0, dict[int, tuple[tuple[int, int], ...]]()
    for node, text in _replacements(tinycss2.parse_component_value_list(css), constants):
        start = starts[node.source_line - 1] + node.source_column - 1
        old = css[start : start + _length(css, start)]
        written += css[done:start] + text
        done = start + len(old)
        if "\n" in old:  # what follows stays where it is
            written += "\n" * old.count("\n") + " " * (len(old) - old.rindex("\n") - 1)
            continue
        before = moved.get(node.source_line, ())
        end = node.source_column + sum(by for _, by in before) + len(text)
        moved[node.source_line] = (*before, (end, len(text) - len(old)))
    return StyleSheet(written + css[done:], moved)


def _replacements(nodes: Sequence[Node], constants: Mapping[str, list[Node]]) -> Iterator[tuple[FunctionBlock, str]]:
    for node in nodes:
        if isinstance(node, FunctionBlock) and (node.lower_name == "var" or node.lower_name in _MATH):
            new = tinycss2.serialize(_of_function(node, constants))
            if new != tinycss2.serialize([node]):
                yield node, " ".join(_COMMENT.sub(" ", new).split("\n"))
        elif inside := _inside(node):
            yield from _replacements(inside, constants)


def _length(css: str, start: int) -> int:
    """How many characters a function is long, with its arguments; strings and comments may hold brackets."""
    at, depth = css.index("(", start), 0
    while at < len(css):
        if css[at] == "(":
            depth += 1
        elif css[at] == ")":
            depth -= 1
            if not depth:
                return at + 1 - start
        elif found := _TEXT.match(css, at):
            at = found.end()
            continue
        at += 1
    return len(css) - start  # the end of the style sheet closes what is open
