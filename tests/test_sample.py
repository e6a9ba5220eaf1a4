"""The sample magazine as it is built: finished files opened and read."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from conftest import ROOT, SAMPLE, diagnostics

import pubkit
from pubkit.check.epubcheck import check_epub
from pubkit.report import Report


def test_nothing_is_wrong_with_it(sample: pubkit.Built) -> None:
    assert sample.report.errors == sample.report.warnings == 0, diagnostics(sample.report)
    assert [path.suffix for path in sample.outputs] == [".epub", ".pdf"]


@pytest.mark.slow
def test_epubcheck_has_nothing_to_say(sample: pubkit.Built) -> None:
    report = Report()
    check_epub(sample.outputs[0], report)
    assert not diagnostics(report)


def test_the_epub_begins_as_it_must(sample: pubkit.Built) -> None:
    with zipfile.ZipFile(sample.outputs[0]) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first)) == (
            "mimetype",
            zipfile.ZIP_STORED,
            b"application/epub+zip",
        )
        assert archive.testzip() is None


def test_fonts_are_the_themes_and_embedded_once(sample: pubkit.Built) -> None:
    with pikepdf.open(sample.outputs[1]) as pdf:
        names = [str(found["/FontName"]).partition("+")[2] for found in pdf.objects if _is_descriptor(found)]
        embedded = [found for found in pdf.objects if _is_descriptor(found) and _has_file(found)]
    assert len(names) == len(set(names)) == len(embedded)
    families = ("EB-Garamond", "Inter", "JetBrains-Mono", "Noto-Naskh-Arabic", "Noto-Sans-Arabic")
    assert all(name.startswith(families) for name in names), names


def _is_descriptor(found: pikepdf.Object) -> bool:
    return isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor"


def _has_file(found: pikepdf.Object) -> bool:
    return any(key in found for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_the_contents_tell_the_true_pages(sample: pubkit.Built) -> None:
    document = pypdfium2.PdfDocument(sample.outputs[1])
    texts = [page.get_textpage().get_text_range() for page in document]
    labels = [document.get_page_label(number) for number in range(len(document))]
    document.close()
    report = Report()
    publication = pubkit.read(SAMPLE, report)
    contents = "\n".join(text for text, label in zip(texts, labels, strict=True) if label in ("iii", "iv"))
    for article in publication.articles:
        heading = re.sub(r"<[^>]+>", "", article.title)[:18]
        if article.direction == "rtl":
            continue  # copied in visual order
        first = next(n for n, text in enumerate(texts) if labels[n].isdigit() and heading in " ".join(text.split()))
        assert re.search(rf"^{labels[first]}\s*$", contents, re.MULTILINE), (heading, labels[first])


def test_the_outline_leads_to_the_articles(sample: pubkit.Built) -> None:
    document = pypdfium2.PdfDocument(sample.outputs[1])
    titles = [item.get_title() for item in document.get_toc()]
    document.close()
    for title in ("Reports", "The number on the quay", "La laisse", "Credits", "Colophon"):
        assert title in titles


def test_everybody_stands_on_the_credits_page(sample: pubkit.Built) -> None:
    publication = pubkit.resolve(pubkit.read(SAMPLE, Report()), Report())
    names = {credit.person.name for credit in publication.metadata.credits}
    names |= {credit.person.name for article in publication.articles for credit in article.credits}
    with zipfile.ZipFile(sample.outputs[0]) as archive:
        page = archive.read("EPUB/text/credits.xhtml").decode()
        package = archive.read("EPUB/content.opf").decode()
    for name in names:
        assert f">{name}<" in page
        assert f">{name}<" in package


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_elsewhere(sample: pubkit.Built, tmp_path: Path) -> None:
    """From another folder, in another time zone, with another hash seed, locale and number of workers."""
    folder = tmp_path / "elsewhere" / "littoral"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("build"))
    environment = {
        **os.environ,
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
    }
    code = f"import pubkit; pubkit.build({str(folder)!r}, jobs=1)"
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True)
    for path in sample.outputs:
        again = folder / "build" / path.name
        assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(path.read_bytes()).digest(), path.name
