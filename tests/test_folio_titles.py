"""Titles of any length stand on their pages in whole words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import lacking
from publications import MANIFEST, write

import pubkit

TITLES = (
    "United States to Lift Sudan Sanctions",
    "Extraordinary",
    "On Internationalism",
    "Littoral",
    "Verantwortungslosigkeit und was daraus folgt",
    "The Communications of Representatives",
)


@pytest.mark.parametrize("title", TITLES)
def test_no_word_of_a_title_is_broken(title: str, tmp_path: Path) -> None:
    if not shutil.which("pdftotext"):
        lacking("pdftotext (poppler-utils)")
    manifest = MANIFEST.replace("Tide tables", title)
    folder = write(tmp_path, {"pubkit.yaml": manifest, "a.md": f"# {title}\n\nText.\n", "b.md": "# B\n\nText.\n"})
    (output,) = pubkit.build(folder, outputs=[tmp_path / "a.pdf"], jobs=0).outputs
    for page in ("1", "3"):
        command = ["pdftotext", "-f", page, "-l", page, output, "-"]
        shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert title.split() == shown.replace("\N{NO-BREAK SPACE}", " ").split()[: len(title.split())]
