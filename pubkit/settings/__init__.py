"""pubkit.yaml and front matter become validated settings; every error knows its line and column."""

from pubkit.settings.forms import (
    LONGEST_LINE,
    FrontMatter,
    Manifest,
    PageForm,
    PersonForm,
    RoleForm,
    ThemeForm,
    isbn_digits,
)
from pubkit.settings.spellings import manifest_schema
from pubkit.settings.validate import Settings, front_matter_end, validate
from pubkit.settings.yaml_text import YamlText, dump_yaml, load_yaml, no_yaml

__all__ = [
    "LONGEST_LINE",
    "FrontMatter",
    "Manifest",
    "PageForm",
    "PersonForm",
    "RoleForm",
    "Settings",
    "ThemeForm",
    "YamlText",
    "dump_yaml",
    "front_matter_end",
    "isbn_digits",
    "load_yaml",
    "manifest_schema",
    "no_yaml",
    "validate",
]
