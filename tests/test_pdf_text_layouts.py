"""Pango layouts are used again, and a process that lays out many documents does not grow with them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import weasyprint
from pdf_sample import PRINT_CSS, document, edition, paragraphs, theme
from weasyprint.layout import inline
from weasyprint.text.line_break import Layout

from pubkit.pdf import layout, writer
from pubkit.pdf.replaced import VERSION
from pubkit.pdf.text_layouts import reused_layouts

CSS = PRINT_CSS + "body { font-variant-numeric: oldstyle-nums } p { word-spacing: 0.01em }"
ROUNDS = 6
LEAST = 1500  # kB: what WeasyPrint 70.0 loses in so many rounds is several times that


def resident() -> int:
    """The memory of this process that is its own, in kB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon"))


def growth(folder: Path) -> int:
    """By how many kB this process grows while it lays out the same document again and again."""
    of = edition(
        document("one", f'<section id="one"><h1>One</h1>{paragraphs(40)}</section>'), theme=theme(print_css=CSS)
    )
    layout.prepare(writer.supplies_of(of, folder))
    try:
        for _ in range(3):
            layout.lay_out(of.documents[0], {})
        before = resident()
        for _ in range(ROUNDS):
            layout.lay_out(of.documents[0], {})
        return resident() - before
    finally:
        layout.put_away()


def growth_of_a_new_process(folder: Path, *, mended: bool) -> int:
    """A new one, for what other tests have left free would be used first."""
    script = f"""
import contextlib, pathlib
import test_pdf_text_layouts as test
if not {mended}:
    test.layout.reused_layouts = lambda _: contextlib.nullcontext()
print(test.growth(pathlib.Path({str(folder)!r})))
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True, timeout=120)
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_documents_leave_nothing_behind(tmp_path: Path) -> None:
    assert growth_of_a_new_process(tmp_path, mended=True) < LEAST


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_weasyprint_still_keeps_them(tmp_path: Path) -> None:
    """Where this fails, pubkit/pdf/text_layouts.py can be deleted, or must be looked at again."""
    assert weasyprint.__version__ == VERSION
    assert growth_of_a_new_process(tmp_path, mended=False) > LEAST


def set_up(monkeypatch: pytest.MonkeyPatch, folder: Path) -> tuple[int, int]:
    """How many Pango layouts a document of forty lines makes, and how often it shapes a text."""
    made, shaped = Layout.setup, Layout.get_first_line
    counts = {"made": 0, "shaped": 0}

    def counted(name: str, original: Any) -> Any:
        def count(self: Any, *arguments: Any) -> Any:
            counts[name] += 1
            return original(self, *arguments)

        return count

    monkeypatch.setattr(Layout, "setup", counted("made", made))
    monkeypatch.setattr(Layout, "get_first_line", counted("shaped", shaped))
    body = f'<section id="one"><h1>One</h1>{paragraphs(3)}<pre>{"word = other " * 8}</pre></section>'
    of = edition(document("one", body), theme=theme(print_css=CSS))
    layout.prepare(writer.supplies_of(of, folder))
    try:
        layout.lay_out(of.documents[0], {})
    finally:
        layout.put_away()
        monkeypatch.undo()
    return counts["made"], counts["shaped"]


def test_layouts_are_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = set_up(monkeypatch, tmp_path)
    with monkeypatch.context() as without:
        without.setattr(layout, "reused_layouts", lambda _: contextlib.nullcontext())
        made_without, _ = set_up(without, tmp_path)
    assert made * 4 < made_without


def test_weasyprint_is_changed_only_meanwhile_and_only_in_this_version(monkeypatch: pytest.MonkeyPatch) -> None:
    config, before = SimpleNamespace(font_features={}), (Layout.setup, inline.split_first_line, inline.strut)
    with reused_layouts(config):
        assert Layout.setup is not before[0]
        assert config.font_features.setdefault(b"onum", 1) == 1
        assert config.font_features.setdefault(b"onum", 2) == 2
    assert (Layout.setup, inline.split_first_line, inline.strut) == before
    assert config.font_features == {}
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with reused_layouts(config):
        assert (Layout.setup, inline.split_first_line, inline.strut) == before
