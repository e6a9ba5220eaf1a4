"""What e-readers and their shops ask for beyond EPUB 3.3: rules as data (readers.toml), each checked by a function."""

from __future__ import annotations

import io
import tempfile
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, BinaryIO

from pubkit.check import file_rules, rules
from pubkit.check.places import Places
from pubkit.check.rules import Found, Subject
from pubkit.epub import write_epub
from pubkit.epub.variants import READERS, variant, variant_pages, wants_pixels
from pubkit.model import Edition, PageMap, Publication
from pubkit.report import Report

Rule = Mapping[str, Any]


@cache
def reader_rules() -> tuple[Rule, ...]:
    """The rules of readers.toml, in their order."""
    table = tomllib.loads((files("pubkit.check") / "readers.toml").read_text(encoding="utf-8"))
    return tuple(MappingProxyType(rule) for rule in table["rule"])


@cache
def reader_names() -> Mapping[str, str]:
    """What every reader is called, by its short name."""
    table = tomllib.loads((files("pubkit.check") / "readers.toml").read_text(encoding="utf-8"))
    return MappingProxyType(table["readers"])


def check_readers(
    edition: Edition,
    publication: Publication,
    report: Report,
    readers: Sequence[str] = READERS,
    *,
    page_map: PageMap | None = None,
) -> None:
    """Check the edition and its EPUB against the rules of some readers, each finding at its source line.

    What the EPUB for one reader alone (variant) no longer has is an info. Raises LookupError for a reader
    that is not known.
    """
    with ExitStack() as opened:
        whole = _subject(edition, publication, page_map, opened)
        for reader in dict.fromkeys(readers):
            own = variant(edition, reader, pixels=_pixels(edition, reader))
            pages = variant_pages(page_map, edition, reader) if page_map else None
            mended = whole if own == edition else _subject(own, publication, pages, opened)
            for rule in reader_rules():
                if reader in rule["readers"]:
                    _check(rule, reader, mended, whole, report)


def _check(rule: Rule, reader: str, mended: Subject, whole: Subject, report: Report) -> None:
    left = _run(rule, mended)
    for found in left:
        _add(report, "reader-rule" if rule["level"] == "must" else "reader-advice", found, rule, reader)
    for found in _run(rule, whole) if mended is not whole else ():
        if found not in left:
            _add(report, "reader-variant", found, rule, reader)


def _run(rule: Rule, subject: Subject) -> list[Found]:
    check = getattr(rules, rule["check"], None) or getattr(file_rules, rule["check"])
    return list(dict.fromkeys(check(subject, rule)))


def _pixels(edition: Edition, reader: str) -> Mapping[str, bytes]:
    """The drawings of the edition as a reader without SVG gets them."""
    if not wants_pixels(reader):
        return {}
    from pubkit.pdf.pixels import draw_pixels

    return draw_pixels(edition, jobs=1)


def _add(report: Report, code: str, found: Found, rule: Rule, reader: str) -> None:
    report.add(
        code,
        found.at,
        what=found.what,
        reader=reader_names()[reader],
        option=reader,
        id=rule["id"],
        words=rule["words"],
        advice=rule["advice"],
        source=rule["source"],
    )


def _subject(edition: Edition, publication: Publication, page_map: PageMap | None, opened: ExitStack) -> Subject:
    """The edition with its EPUB, which lies on the disk until `opened` ends."""
    stream: BinaryIO = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
    write_epub(edition, stream, page_map=page_map)
    size = stream.seek(0, io.SEEK_END)
    return Subject(
        edition=edition,
        publication=publication,
        places=Places(edition, publication),
        archive=opened.enter_context(zipfile.ZipFile(stream)),
        size=size,
        pages=page_map.pages if page_map else None,
    )
