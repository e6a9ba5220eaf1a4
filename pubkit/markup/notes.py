"""Footnotes of Python-Markdown become DPUB-ARIA note references and notes."""

from __future__ import annotations

import re

from lxml import etree

from pubkit.markup.sanitise import place_of
from pubkit.markup.tree import parse, plain
from pubkit.report import Report
from pubkit.source import SourceText

_UNANSWERED = re.compile(r"\[\^([^\]\s]+)\]")


def take_notes(body: etree._Element, source: SourceText, report: Report) -> etree._Element:
    """Move the notes out of `body`: a tree of `aside[role=doc-footnote]`, each with links back to its references.

    Reports note-missing for a reference without a note and note-unused for a note without a reference.
    """
    notes = parse("")
    references: dict[str, list[etree._Element]] = {}
    for anchor in list(body.iter("a")):
        if "footnote-ref" in (anchor.get("class") or "").split():
            _set_reference(anchor)
            references.setdefault(anchor.get("href", "")[1:], []).append(anchor)
    for block in list(body.iter("div")):
        if block.get("class") == "footnote":
            for item in list(block.iter("li")):  # a note takes its own lists with it
                if item.get("id", "").startswith("fn-"):
                    notes.append(_note(item, references.get(item.get("id", ""), []), source, report))
            parent = block.getparent()
            if parent is not None:
                parent.remove(block)
    _report_unanswered(body, source, report)
    return notes


def _set_reference(anchor: etree._Element) -> None:
    holder = anchor.getparent()
    anchor.attrib.pop("title", "")
    anchor.set("class", "noteref")
    anchor.set("role", "doc-noteref")
    if holder is not None and holder.tag == "sup":
        anchor.set("id", holder.get("id", ""))
        grandparent = holder.getparent()
        if grandparent is not None:
            anchor.tail = holder.tail
            grandparent.replace(holder, anchor)


def _note(item: etree._Element, references: list[etree._Element], source: SourceText, report: Report) -> etree._Element:
    for back in list(item.iter("a")):
        if "footnote-backref" in (back.get("class") or "").split():
            parent = back.getparent()
            if parent is not None:
                parent.remove(back)
    note = etree.Element("aside", {"id": item.get("id", ""), "role": "doc-footnote", "class": "note"})
    if (item.text or "").strip():
        etree.SubElement(note, "p").text = item.text
    note.extend(list(item))
    paragraphs = [child for child in note if child.tag == "p"]
    for paragraph in paragraphs:
        _trim_end(paragraph)
        if not plain(paragraph):
            note.remove(paragraph)
    first = note[0] if len(note) and note[0].tag == "p" else None
    if first is None:
        first = etree.Element("p")
        note.insert(0, first)
    text, first.text = first.text, None
    if not references:
        report.add("note-unused", place_of(source, f"[^{item.get('id', '')[3:]}]", 0, 1), name=item.get("id", "")[3:])
        first.text = text
        return note
    for number, reference in enumerate(references):
        back = etree.Element("a", {"role": "doc-backlink", "class": "backlink", "href": "#" + reference.get("id", "")})
        back.text = (reference.text or "") if number == 0 else chr(ord("a") + number % 26)
        back.tail = " "
        first.insert(number, back)
    first[len(references) - 1].tail = " " + (text or "").lstrip()
    return note


def _trim_end(paragraph: etree._Element) -> None:
    last = paragraph[-1] if len(paragraph) else None
    if last is not None:
        last.tail = (last.tail or "").rstrip() or None
    else:
        paragraph.text = (paragraph.text or "").rstrip()


def _report_unanswered(body: etree._Element, source: SourceText, report: Report) -> None:
    for element in body.iter(etree.Element):
        if element.tag in ("code", "pre") or any(True for _ in element.iterancestors("code", "pre")):
            continue
        words = [element.text or "", *(child.tail or "" for child in element)]
        for name in _UNANSWERED.findall(" ".join(words)):
            report.add("note-missing", source.find(f"[^{name}]"), name=name)
