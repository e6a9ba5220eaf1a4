"""What can go wrong in layout becomes a diagnostic, with stand-ins for what a test cannot bring about quickly."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pdf_sample
import pytest

from pubkit.model import ContentDocument, Edition
from pubkit.pdf import writer
from pubkit.report import Report
from pubkit.workers import Failure


def edition() -> Edition:
    """A document with text, and one that prints the other's page number."""
    number = '<p>One <span class="page-number" data-page="one"></span></p>'
    return pdf_sample.edition(
        pdf_sample.document("contents", f'<section id="contents">{number}</section>', kind="contents", matter="front"),
        pdf_sample.document("one", '<section id="one"><p>Some text.</p></section>'),
    )


def codes(report: Report) -> list[str]:
    return [found.code for found in report.diagnostics]


@pytest.mark.parametrize("cause", ["time", "memory", "died"])
def test_a_killed_layout_names_its_document_and_the_rest_goes_on(cause: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = writer.run_jobs

    def first_is_killed(*arguments: Any, **settings: Any) -> Iterator[Any]:
        for number, result in enumerate(honest(*arguments, **settings)):
            killed = number == 0 and isinstance(arguments[1][0][0], ContentDocument)
            yield Failure(cause=cause, detail="so much") if killed else result

    monkeypatch.setattr(writer, "run_jobs", first_is_killed)
    report, stream = Report(), BytesIO()
    writer.write_pdf(edition(), stream, report, jobs=0)
    assert f"layout-{cause}" in codes(report)
    found = next(each for each in report.diagnostics if each.code == f"layout-{cause}")
    assert "so much" in found.message
    assert found.at.path
    assert stream.getvalue().startswith(b"%PDF")


def test_page_numbers_that_never_settle_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    restless = iter(range(10_000))

    def page_map(self: Any, plan: Any) -> Any:
        found = honest(self, plan)
        number = next(restless)
        return type(found)(
            **{name: getattr(found, name) for name in found.__slots__ if name != "labels"},
            labels={identifier: f"{label}{number}" for identifier, label in found.labels.items()},
        )

    honest = writer._Shop.page_map  # noqa: SLF001
    monkeypatch.setattr(writer._Shop, "page_map", page_map)  # noqa: SLF001
    report = Report()
    writer.write_pdf(edition(), BytesIO(), report, jobs=0)
    assert "page-numbers-unsettled" in codes(report)
