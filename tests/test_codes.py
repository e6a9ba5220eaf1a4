"""One folder a diagnostic code: the smallest publication that shows it, and the complete list of what is reported."""

from pathlib import Path

import pytest
from conftest import TESTS, Golden, diagnostics, folders

import pubkit
from pubkit.codes import CODES

# Codes that no publication folder can show; each has a test of its own, named here.
ELSEWHERE = {
    "capture-head": "test_readers_text.py",
    "conversion-stopped": "test_stages_read.py",
    "cover-template-missing": "test_book_cover.py",
    "encoding-invalid": "test_stages_read.py",
    "epoch-invalid": "test_stages_read.py",
    "epub-invalid": "test_check_epubcheck.py",
    "epub-usage": "test_check_epubcheck.py",
    "epub-warning": "test_check_epubcheck.py",
    "file-too-large": "test_stages_read.py",
    "file-unreadable": "test_stages_read.py",
    "furniture-overflows": "test_pdf.py",
    "layout-died": "test_pdf_reports.py",
    "layout-failed": "test_pdf.py",
    "layout-memory": "test_pdf_reports.py",
    "layout-time": "test_pdf_reports.py",
    "licence-no-change": "test_ledger.py",
    "more-of-the-same": "test_report.py",
    "preflight-advice": "test_check_preflight.py",
    "preflight-info": "test_check_preflight.py",
    "preflight-rule": "test_check_preflight.py",
    "preflight-stopped": "test_check_preflight.py",
    "preflight-unreadable": "test_check_preflight.py",
    "reader-advice": "test_check_readers.py",
    "reader-rule": "test_check_readers.py",
    "reader-variant": "test_check_readers.py",
    "page-no-article": "test_readers_html.py",
    "page-numbers-unsettled": "test_pdf_reports.py",
    "page-text-lost": "test_readers_html.py",
    "path-outside": "test_stages_read.py",
    "print-text-cut": "test_pdf_long_notes.py",
}


@pytest.mark.parametrize("case", folders("codes"), ids=lambda path: path.name)
def test_code(case: Path, golden: Golden) -> None:
    report = pubkit.check_sources(case, jobs=0)
    golden.check(case / "expected.txt", diagnostics(report))
    assert case.name in {found.code for found in report.diagnostics}


def test_every_code_has_a_case_and_every_case_a_code() -> None:
    cases = {path.name for path in folders("codes")}
    assert cases <= set(CODES)
    assert set(CODES) - cases == set(ELSEWHERE)
    for code, name in ELSEWHERE.items():
        text = (TESTS / name).read_text(encoding="utf-8")
        assert code in text or code.replace("layout-", "layout-{") in text or f'"{code.partition("-")[2]}"' in text


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_is_explained(code: str) -> None:
    row = CODES[code]
    assert row.explanation.endswith(".")
    assert not row.message.endswith(".")
    assert row.hint
