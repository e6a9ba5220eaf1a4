"""A YAML mapping against a form: spellings brought to one name, every fault reported, the good part kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from pubkit.nearest import nearest
from pubkit.report import Report
from pubkit.settings.forms import Form
from pubkit.settings.spellings import SPELLINGS
from pubkit.settings.yaml_text import YamlText
from pubkit.source import Location

AnyForm = TypeVar("AnyForm", bound=Form)

_FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Generic[AnyForm]):
    """A validated form and the places of its values, by canonical key."""

    form: AnyForm
    places: dict[tuple[str | int, ...], Location]
    here: Location

    def at(self, *path: str | int) -> Location:
        """Where the value of a path of canonical keys is written, or what holds it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, self.here)


def front_matter_end(text: str) -> tuple[int, int] | None:
    """Where the YAML of front matter ends and where the text after it starts; None where there is none.

    Front matter is opened by a first line `---` and closed by a line `---` or `...` (as in Pandoc).
    """
    if not re.match(r"---[ \t]*\n", text):
        return None
    closing = _FRONT_MATTER_END.search(text, text.index("\n") + 1)
    return (closing.start(), closing.end()) if closing else None


def validate(form: type[AnyForm], yaml: YamlText, report: Report) -> Settings[AnyForm]:
    """The form filled from a YAML mapping; what is wrong in it is reported and left out."""
    places: dict[tuple[str | int, ...], Location] = {}
    content = _canonical(yaml.content, form, (), (), yaml, places, report)
    while True:
        try:
            filled = form.model_validate(content)
            break
        except ValidationError as error:
            dropped = False
            for fault in error.errors(include_url=False):
                path = tuple(fault["loc"])
                _report(fault, path, form, yaml, places, report)
                if path and path[0] in content:
                    del content[path[0]]
                    dropped = True
            if not dropped:
                filled = form.model_construct()
                break
    return Settings(form=filled, places=places, here=yaml.source.here)


def _canonical(
    value: Any,
    form: type[BaseModel] | None,
    path: tuple[str | int, ...],
    written: tuple[str | int, ...],
    yaml: YamlText,
    places: dict[tuple[str | int, ...], Location],
    report: Report,
) -> Any:
    """The value with keys brought to their canonical names, and their places noted under these."""
    places[path] = yaml.at(*written)
    if isinstance(value, list):
        return [
            _canonical(part, form, (*path, number), (*written, number), yaml, places, report)
            for number, part in enumerate(value)
        ]
    if not isinstance(value, dict):
        return value
    known = {str(field.alias): field for field in form.model_fields.values()} if form else {}
    spellings = SPELLINGS.get(form, {}) if form and issubclass(form, Form) else {}
    result: dict[str, Any] = {}
    names: dict[str, str] = {}
    for key, part in value.items():
        name = key
        if form:
            usual = key.strip().lower().replace("_", "-")
            name = spellings.get(usual, usual) if spellings.get(usual, usual) in known else key
        if name in result:
            report.add("yaml-key-twice", yaml.at(*written, key), key=key, first=names[name])
            continue
        names[name] = key
        field = known.get(name)
        inner = _form_of(field.annotation, [*field.metadata]) if field else None
        result[name] = _canonical(part, inner, (*path, name), (*written, key), yaml, places, report)
    return result


def _form_of(annotation: Any, _metadata: list[Any]) -> type[BaseModel] | None:
    """The form inside an annotation such as `list[PersonForm]` or `ImageForm | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _form_of(part, [])
        if found:
            return found
    return None


def _report(
    fault: Any,
    path: tuple[str | int, ...],
    form: type[Form],
    yaml: YamlText,
    places: dict[tuple[str | int, ...], Location],
    report: Report,
) -> None:
    shown = path
    while shown and shown not in places:
        shown = shown[:-1]
    at = places.get(shown, yaml.source.here)
    key = ".".join(str(part) for part in path)
    if fault["type"] == "extra_forbidden":
        owner: type[BaseModel] | None = form
        for part in path[:-1]:
            field = next((f for f in owner.model_fields.values() if f.alias == part), None) if owner else None
            owner = _form_of(field.annotation, []) if field else owner
        known = sorted(str(field.alias) for field in owner.model_fields.values()) if owner else []
        near = nearest(str(path[-1]).lower(), known)
        report.add(
            "key-unknown",
            at,
            key=str(path[-1]),
            suggestion=f"did you mean {near!r}?" if near else f"known here: {', '.join(known)}",
        )
    elif fault["type"] == "missing":
        report.add("key-missing", at, key=key, last=str(path[-1]))
    else:
        words = str(fault["msg"]).removeprefix("Value error, ")
        reason = words.replace("Input should be", "expected").replace("Input", "the value")
        report.add("value-invalid", at, key=key, reason=reason[:1].lower() + reason[1:])
