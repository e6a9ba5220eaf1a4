"""HTML of any quality becomes a strict tree of allowed elements; what is taken out is reported."""

from __future__ import annotations

import re

import nh3
from lxml import etree

from pubkit.markup.tree import MATHML, VOID, elements, parse
from pubkit.report import Report
from pubkit.source import FORBIDDEN, Location, SourceText

# Elements that carry text or structure, and no behaviour.
_HTML = frozenset(
    (
        "a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt "
        "em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre "
        "q rp rt ruby s samp section small span strong sub sup table tbody td tfoot th thead time tr u ul "
        "var wbr"
    ).split()
)
# Presentation MathML Core; no maction, annotation-xml or mglyph, which can hold HTML or addresses.
_MATH = frozenset(
    (
        "math mi mn mo ms mtext mspace mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup "
        "msubsup munder mover munderover mmultiscripts mprescripts mtable mtr mtd"
    ).split()
)
_ANYWHERE = {"id", "class", "lang", "dir", "title", "role", "aria-hidden", "aria-label", "aria-labelledby"}
_ATTRIBUTES: dict[str, set[str]] = {
    "*": _ANYWHERE,
    "a": {"href"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "credit", "licence", "license", "rights", "source"},
    "li": {"value"},
    "ol": {"start", "reversed", "type"},
    "q": {"cite"},
    "span": {"data-index"},
    "td": {"colspan", "rowspan", "align", "headers"},
    "th": {"colspan", "rowspan", "align", "headers", "scope", "abbr"},
    "time": {"datetime"},
    "math": {"display", "alttext"},
    **{
        name: {"mathvariant", "stretchy", "form", "accent", "linethickness", "width", "height", "columnalign", "fence"}
        for name in _MATH - {"math"}
    },
}
_DROPPED_WHOLE = {"script", "style", "template", "noscript", "title", "iframe", "object", "svg"}
_ROLES = frozenset({"doc-pullquote", "doc-tip", "doc-notice", "doc-example", "doc-epigraph", "presentation", "note"})

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>")
_VOID_TAG = re.compile(r"<(" + "|".join(sorted(VOID)) + r")((?:\s[^<>]*)?)>")
_EVENT = re.compile(r"<[a-zA-Z][^<>]*?\s(on[a-z]+)\s*=", re.IGNORECASE)
_UNSAFE_LINK = re.compile(r"""(?:href|src)\s*=\s*["']?\s*((?:javascript|vbscript|data):)""", re.IGNORECASE)
_FILE_ADDRESS = re.compile(r"""(?:href|src)\s*=\s*["']?\s*(file:[^"'\s>]*)""", re.IGNORECASE)
_DRIVE_ADDRESS = re.compile(r"""(?:href|src)\s*=\s*["']?\s*([a-z]:[^"'\s>]*)""", re.IGNORECASE)
MAX_DEPTH = 200


def clean(html: str, source: SourceText, report: Report) -> etree._Element:
    """The `body` tree of an HTML text with nothing in it but allowed elements and attributes.

    Reports markup-removed for each kind of element, event attribute and address that is taken out, and
    nesting-too-deep where the text is so deep that only its words can be kept.
    """
    html = FORBIDDEN.sub("\ufffd", html)
    _report_removed(html, source, report)
    safe = nh3.clean(
        html,
        tags=set(_HTML | _MATH),
        attributes=_ATTRIBUTES,
        clean_content_tags=_DROPPED_WHOLE,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    safe = FORBIDDEN.sub("\ufffd", safe)  # a character reference can name one, too
    if _depth(safe) > MAX_DEPTH:
        report.add("nesting-too-deep", source, limit=MAX_DEPTH)
        words = " ".join(_TAG.sub(" ", safe).split()).replace("&nbsp;", "\u00a0")
        return parse(f"<p>{words}</p>")
    # nh3 escapes < and > in attributes, so that these patterns see tags only.
    safe = _VOID_TAG.sub(r"<\1\2/>", safe).replace("&nbsp;", "\u00a0")
    safe = re.sub(r"<math(?=[\s>])", f'<math xmlns="{MATHML}"', safe)
    body = parse(safe)
    _check_tree(body)
    return body


def _depth(html: str) -> int:
    depth = deepest = 0
    for close, name, _ in _TAG.findall(html):
        if name not in VOID:
            depth += -1 if close else 1
            deepest = max(deepest, depth)
    return deepest


def _check_tree(body: etree._Element) -> None:
    # MathML and HTML mixed in ways that parsers disagree about (RUSTSEC-2026-0193) do not pass this walk:
    # each element must be one of ours in its own namespace.
    for element in list(elements(body)):
        name = etree.QName(element)
        allowed = _MATH if name.namespace == MATHML else _HTML | {"body"}
        if name.namespace not in (None, MATHML) or name.localname not in allowed:
            element.tag = "span"
        if element.get("role") and element.get("role") not in _ROLES:
            del element.attrib["role"]


def _report_removed(html: str, source: SourceText, report: Report) -> None:
    removed: dict[str, str] = {}  # what is shown -> what to look for in the source
    for close, name, _ in _TAG.findall(html):
        if not close and name.lower() not in _HTML | _MATH:
            removed.setdefault(f"<{name.lower()}>", f"<{name}")
    for event in _EVENT.findall(html):
        removed.setdefault(f"the attribute {event.lower()}", f"{event}=")
    for address in _UNSAFE_LINK.findall(html):
        removed.setdefault(f"a {address.lower()} address", address)
    for address in (*_FILE_ADDRESS.findall(html), *_DRIVE_ADDRESS.findall(html)):
        report.add("path-outside", source.find(address), name=address)
    for what, needle in removed.items():
        report.add("markup-removed", source.find(needle), what=what)


def place_of(source: SourceText, needle: str, nth: int, total: int) -> Location:
    """The place of use number `nth` of `total` of an address or a word.

    Exact only where the source holds it as often as the text uses it, or once; else the file as a whole.
    """
    starts = [match.start() for match in re.finditer(re.escape(needle) + r"(?![\w/.#-])", source.text)]
    if len(starts) == total:
        return source.at(starts[nth])
    return source.at(starts[0]) if len(starts) == 1 else source.here


def clean_inline(html: str) -> str:
    """An inline fragment: phrase markup stays, marks for the index too; everything else is unwrapped or dropped."""
    safe = nh3.clean(
        html,
        tags=set("a abbr b bdi cite code em i q s small span strong sub sup u".split()),
        attributes={"*": {"lang", "dir", "class"}, "a": {"href"}, "abbr": {"title"}, "span": {"data-index"}},
        clean_content_tags=_DROPPED_WHOLE,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return " ".join(safe.replace("&nbsp;", "\u00a0").split(" "))
