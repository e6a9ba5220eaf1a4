"""The spellings of keys that people know from other tools, and the JSON Schema of pubkit.yaml with them."""

from __future__ import annotations

from typing import Any

from pubkit.settings.forms import (
    AccessibilityForm,
    ContentsForm,
    FontForm,
    Form,
    FrontMatter,
    ImageForm,
    KnownPersonForm,
    Manifest,
    OriginForm,
    PartsForm,
    PersonForm,
    PrintForm,
    RightsForm,
    SectionForm,
    SeriesForm,
)

# Names that people know from Pandoc, Quarto, Quire and the web, in both spellings of - and _.
SPELLINGS: dict[type[Form], dict[str, str]] = {
    Manifest: {
        "lang": "language",
        "dir": "direction",
        "identifiers": "identifier",
        "isbn": "identifier",
        "keywords": "subjects",
        "subject": "subjects",
        "license": "licence",
        "copyright": "rights",
        "cover-image": "cover",
        "contributor": "contributors",
        "authors": "author",
        "creator": "author",
        "creators": "author",
        "articles": "contents",
        "chapters": "contents",
        "abstract": "description",
        "issue": "number",
    },
    FrontMatter: {
        "lang": "language",
        "dir": "direction",
        "description": "dek",
        "standfirst": "dek",
        "summary": "dek",
        "kicker": "section",
        "authors": "author",
        "byline": "author",
        "creator": "author",
        "contributors": "credits",
        "dateline": "place",
        "license": "licence",
        "copyright": "rights",
        "origin": "source",
        "hero": "image",
    },
    ImageForm: {
        "image": "src",
        "file": "src",
        "path": "src",
        "alt-text": "alt",
        "license": "licence",
        "copyright": "rights",
    },
    SectionForm: {
        "part": "section",
        "title": "section",
        "name": "section",
        "chapters": "articles",
        "contents": "articles",
    },
    PersonForm: {"sort": "file-as", "website": "url"},
    KnownPersonForm: {
        "sort": "file-as",
        "website": "url",
        "aliases": "also",
        "organization": "organisation",
        "biography": "bio",
        "photo": "portrait",
    },
    RightsForm: {"statement": "text"},
    OriginForm: {"name": "site", "link": "url", "accessed": "captured"},
    SeriesForm: {"name": "title", "position": "number"},
    AccessibilityForm: {"conformance": "conforms-to", "certifier": "certified-by", "hazard": "hazards"},
    PrintForm: {
        "for": "purpose",
        "printer": "purpose",
        "color": "colour",
        "size": "trim",
        "ink": "ink-limit",
        "crop-marks": "marks",
        "multiple": "page-multiple",
    },
    PartsForm: {"titlepage": "title-page", "toc": "contents"},
    ContentsForm: {"toc-depth": "depth"},
    FontForm: {"license": "licence"},
}


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of pubkit.yaml, with every accepted spelling."""
    schema = Manifest.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "pubkit.yaml"
    forms = {form.__name__: names for form, names in SPELLINGS.items()}
    for name, form in [("Manifest", schema), *schema.get("$defs", {}).items()]:
        properties = form.get("properties", {})
        for spelling, key in forms.get(name, {}).items():
            if key in properties:
                properties[spelling] = properties[key]
    _loosen(schema)
    return schema


def _loosen(schema: Any) -> None:
    """Let the schema take what the forms take: a text for a list or a mapping, a number for a text."""
    if isinstance(schema, list):
        for part in schema:
            _loosen(part)
    elif isinstance(schema, dict):
        for part in list(schema.values()):
            _loosen(part)
        kind = schema.get("type")
        if kind == "string" and "enum" not in schema:
            schema["type"] = ["string", "number", "null"]
        elif kind in ("array", "object") and "default" in schema:
            plain = {
                key: schema.pop(key)
                for key in [key for key in schema if key not in ("default", "title", "description")]
            }
            schema["anyOf"] = [plain, {"type": ["string", "object", "array", "null"]}]
