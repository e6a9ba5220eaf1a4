"""TeX becomes MathML."""

from __future__ import annotations

import re

from lxml import etree

from pubkit.markup.tree import MATHML, parse
from pubkit.report import Report
from pubkit.source import SourceText

_INLINE = re.compile(r"^\\\((.*)\\\)$", re.DOTALL)
_BLOCK = re.compile(r"^\\\[(.*)\\\]$", re.DOTALL)


def set_mathematics(body: etree._Element, source: SourceText, report: Report) -> None:
    """Put MathML with an `alttext` in the place of TeX that the Markdown stage marked.

    Reports math-invalid where TeX cannot be read; the TeX itself stays, as code.
    """
    for formula in body.iter(f"{{{MATHML}}}math"):
        if not formula.get("alttext"):  # of a source that has MathML itself: its signs, in a row
            formula.set("alttext", " ".join("".join(str(text) for text in formula.itertext()).split()))
    for holder in list(body.iter("span", "div")):
        if "arithmatex" not in (holder.get("class") or "").split():
            continue
        written = "".join(str(text) for text in holder.itertext()).strip()
        match = _BLOCK.match(written) or _INLINE.match(written)
        tex = (match[1] if match else written).strip()
        display = "block" if _BLOCK.match(written) else "inline"
        math = _mathml(tex, display)
        parent = holder.getparent()
        if parent is None:
            continue
        if math is None:
            report.add("math-invalid", source.find(tex), tex=tex)
            math = etree.Element("code")
            math.text = tex
        if display == "block":
            block = etree.Element("div", {"class": "math"})
            block.append(math)
            math = block
        math.tail = holder.tail
        parent.replace(holder, math)


def _mathml(tex: str, display: str) -> etree._Element | None:
    from latex2mathml import converter, exceptions

    unreadable: list[type[Exception]] = [
        kind for kind in vars(exceptions).values() if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    unreadable += [etree.XMLSyntaxError, IndexError, KeyError, ValueError, StopIteration, TypeError]
    try:
        # An unknown command comes out as <mi>\cmd</mi>, and some environments are not well-formed XML.
        math = parse(converter.convert(tex, display=display))[0]
    except tuple(unreadable):
        return None
    if not tex or any((element.text or "").startswith("\\") for element in math.iter(f"{{{MATHML}}}mi")):
        return None
    math.set("alttext", " ".join(tex.split()))
    return math
