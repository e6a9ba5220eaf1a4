"""Documentation is run: every example works, the README quotes one as it is, every option and code is described."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from pubkit.codes import CODES
from pubkit.rights_desk import WRITERS
from pubkit.settings.forms import (
    CreditsForm,
    Form,
    FrontMatter,
    KnownPersonForm,
    Manifest,
    PersonForm,
    RightsForm,
    ThemeForm,
)
from pubkit.settings.spellings import SPELLINGS
from pubkit.version import __version__

SOURCES = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pubkit.yaml").write_text("title: A case\ndate: 2026-11-22\ncontents: [one.md]\n")
    (tmp_path / "one.md").write_text("---\ntitle: One\nauthors: Ada Lovelace\n---\n\nSome text.\n")
    return tmp_path


def run(example: str, *arguments: object) -> str:
    command = [sys.executable, str(ROOT / "examples" / example), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_build_a_folder(folder: Path) -> None:
    out = run("build_a_folder.py", folder, folder / "a.epub", folder / "a.pdf")
    assert "[identifier-derived]" in out
    assert f"{folder / 'a.epub'}\n{folder / 'a.pdf'}\n" in out
    assert re.search(r"^\d+ printed pages$", out, re.MULTILINE)


def test_compose_stages(folder: Path) -> None:
    out = run("compose_stages.py", folder, folder / "a.epub")
    assert "one, Ada Lovelace (aut)" in out
    assert "error" not in out


def test_own_reader(folder: Path) -> None:
    (folder / "one.json").write_text(json.dumps({"title": "One", "paragraphs": ["Some text."]}))
    (folder / "pubkit.yaml").write_text("title: A case\ndate: 2026-11-22\ncontents: [one.json]\n")
    assert run("own_reader.py", folder, folder / "a.epub") == f"{folder / 'a.epub'}\n"


def test_the_readme_quotes_an_example() -> None:
    quoted = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    examples = [path.read_text(encoding="utf-8") for path in (ROOT / "examples").glob("*.py")]
    assert quoted
    for text in quoted:
        assert any(text.strip() in example for example in examples), text


@pytest.mark.parametrize("form", [Manifest, FrontMatter])
def test_every_key_is_documented(form: type[Manifest] | type[FrontMatter]) -> None:
    for field in form.model_fields.values():
        assert re.search(rf"\b{field.alias}\b", SOURCES), field.alias


def test_every_theme_key_is_documented() -> None:
    themes = (ROOT / "docs" / "themes.md").read_text(encoding="utf-8")
    for field in ThemeForm.model_fields.values():
        assert f"`{field.alias}`" in themes, field.alias


@pytest.mark.parametrize("form", [KnownPersonForm, PersonForm, RightsForm, CreditsForm])
def test_every_key_of_credits_and_rights_is_documented(form: type[Form]) -> None:
    credits_and_rights = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8")
    for field in form.model_fields.values():
        assert re.search(rf"\b{field.alias}\b:", credits_and_rights), field.alias
    for spelling in SPELLINGS.get(form, {}) if form in (KnownPersonForm, RightsForm) else ():
        assert f"`{spelling}`" in credits_and_rights, spelling


def test_every_format_of_the_list_is_documented() -> None:
    credits_and_rights = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in credits_and_rights for name in WRITERS)
    codes = [code for code in CODES if code.startswith(("person-", "rights-", "licence-"))]
    assert all(f"`{code}`" in credits_and_rights for code in codes)


def test_every_command_and_option_is_documented() -> None:
    from typer.main import get_command

    from pubkit.cli import app

    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        assert f"pubkit {name}" in COMMANDS, name
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", None), f"{name}: {parameter.name}"
            for option in [option for option in parameter.opts if option.startswith("--")]:
                assert f"`{option}`" in COMMANDS or option == "--help", f"{name}: {option}"


def test_links_in_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        text = re.sub(r"```.*?```|`[^`]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", changelog, re.MULTILINE)[1] == __version__  # type: ignore[index]


def test_codes_read_well_after_allow() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in CODES)
