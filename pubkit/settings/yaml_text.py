"""YAML that knows where each of its values is written, the safe part of YAML only; and plain values as YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from pubkit.report import Report
from pubkit.source import Location, SourceText

_BREAKS = re.compile("[\r\n\x85\u2028\u2029\ufeff]")

MAX_DEPTH = 20
MAX_CHARACTERS = 256_000

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlText:
    """A YAML mapping: scalars are text (`yes` is "yes", 1.10 is "1.10"), an empty value is None."""

    content: dict[str, Any]
    places: Mapping[Path, Location]
    source: SourceText

    def at(self, *path: str | int) -> Location:
        """Where the value of a path is written, or what holds it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, self.source.here)


def no_yaml(source: SourceText) -> YamlText:
    """An empty mapping, for a source that has none or whose YAML cannot be read."""
    return YamlText(content={}, places={}, source=source)


def load_yaml(  # noqa: PLR0911 (each refusal is a way out)
    source: SourceText, report: Report, *, start: int = 0, end: int | None = None
) -> YamlText | None:
    """The YAML mapping in `source.text[start:end]`; None where it cannot be read, which is reported.

    Values are taken as they are written: the types come from the form that they are validated with, so
    that the country `no` does not become False. Aliases and tags are refused: nobody needs them here, and
    they make small files large.
    """
    text = source.text[start:end]
    before = source.text.count("\n", 0, start)

    def place(mark: yaml.Mark | None) -> Location:
        return source.here if mark is None else Location(source.path, before + mark.line + 1, mark.column + 1)

    if len(text) > MAX_CHARACTERS:
        report.add("yaml-invalid", source.at(start), problem=f"it is longer than {MAX_CHARACTERS} characters")
        return None
    try:
        if not _is_safe(text, place, report):
            return None
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "\\t" in (error.problem or "") or _is_tab(text, mark):
            report.add("yaml-tab", place(mark))
        else:
            problem = error.problem or "it cannot be read"
            if problem.startswith("mapping values are not allowed"):
                problem = "a text with a colon in it must stand in quotation marks"
            report.add("yaml-invalid", place(mark), problem=problem)
        return None
    except yaml.reader.ReaderError as error:
        report.add("character-forbidden", source.at(start + int(error.position)), number=_number(error.character))
        return None
    if root is None:
        return no_yaml(source)
    if not isinstance(root, yaml.MappingNode):
        report.add("yaml-invalid", place(root.start_mark), problem="expected `key: value` lines")
        return None
    places: dict[Path, Location] = {}
    content = _build(root, (), places, place, report)
    return YamlText(content=content, places=places, source=source)


def _number(character: object) -> int:
    return character if isinstance(character, int) else ord(str(character)[:1] or "\0")


def _is_tab(text: str, mark: yaml.Mark | None) -> bool:
    if mark is None:
        return False
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return "\t" in line[: mark.column + 1]


def _is_safe(text: str, place: Any, report: Report) -> bool:
    """Whether the events hold no alias, no tag and no deep nesting; parsing events does not recurse."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            report.add("yaml-invalid", place(event.start_mark), problem="aliases and tags are not allowed here")
            return False
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                report.add("yaml-invalid", place(event.start_mark), problem=f"nested deeper than {MAX_DEPTH} levels")
                return False
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return True


def _build(node: yaml.Node, path: Path, places: dict[Path, Location], place: Any, report: Report) -> Any:
    places.setdefault(path, place(node.start_mark))
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            if key in result:
                report.add("yaml-key-twice", place(key_node.start_mark), key=key, first=key)
                continue
            places[(*path, key)] = place(key_node.start_mark)
            result[key] = _build(value_node, (*path, key), places, place, report)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, number), places, place, report) for number, child in enumerate(node.value)]
    if node.value in ("", "~", "null") and getattr(node, "style", None) is None:
        return None
    return str(node.value)


def dump_yaml(content: Any) -> str:
    """Lists, mappings, texts, numbers and truth values as YAML that reads back equal, keys in their order."""
    return str(yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000))


class _Dumper(yaml.SafeDumper):
    """Writes texts with odd line breaks in quotation marks, for in any other form they come back as spaces."""

    def represent_text(self, text: str) -> yaml.ScalarNode:
        """A text as a node."""
        return self.represent_scalar("tag:yaml.org,2002:str", text, style='"' if _BREAKS.search(text) else None)


_Dumper.add_representer(str, _Dumper.represent_text)
