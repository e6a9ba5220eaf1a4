import pytest

from pubkit.codes import Severity
from pubkit.report import MESSAGES_PER_FILE, Report
from pubkit.source import Location

HERE = Location("a.md", 2, 3)


def test_a_diagnostic_reads_like_a_compilers_message(report: Report) -> None:
    report.add("file-missing", HERE, name="b.md", suggestion="look again")
    assert str(report.diagnostics[0]) == "a.md:2:3: error [file-missing] there is no file 'b.md'"
    assert report.diagnostics[0].hint


def test_only_errors_make_a_report_not_ok(report: Report) -> None:
    report.add("alt-missing", HERE, name="a.png")
    assert report.ok
    assert (report.errors, report.warnings) == (0, 1)
    report.add("article-empty", HERE)
    assert not report.ok


def test_an_unknown_code_is_a_wrong_call(report: Report) -> None:
    with pytest.raises(LookupError):
        report.add("no-such-code", HERE)


def test_the_same_problem_is_told_once(report: Report) -> None:
    for _ in range(3):
        report.add("article-empty", HERE)
    assert len(report.diagnostics) == 1


def test_words_from_sources_stay_on_one_line(report: Report) -> None:
    report.add("file-missing", HERE, name="a\n\x1b[31mb" + "x" * 500, suggestion="look again")
    message = report.diagnostics[0].message
    assert "\n" not in message
    assert "\x1b" not in message
    assert len(message) < 300


def test_one_bad_file_does_not_bury_the_others(report: Report) -> None:
    for line in range(MESSAGES_PER_FILE + 50):
        report.add("file-missing", Location("a.md", line + 1), name="b.md", suggestion="look again")
    assert len(report.diagnostics) == MESSAGES_PER_FILE + 1
    assert report.diagnostics[-1].code == "more-of-the-same"
    assert report.diagnostics[-1].severity is Severity.INFO


def test_people_read_a_report_by_place(report: Report) -> None:
    report.add("article-empty", Location("b.md", 1, 1))
    report.add("article-empty", Location("a.md", 9, 1))
    report.add("article-empty", Location("a.md", 2, 1))
    assert [str(found.at) for found in report.sorted()] == ["a.md:2:1", "a.md:9:1", "b.md:1:1"]
