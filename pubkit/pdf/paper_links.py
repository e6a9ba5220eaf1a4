"""Links to the web that survive paper: addresses as footnotes, or as a list at the article's end, with QR codes.

An address may be divided before each of its signs, never after a hyphen and with none added (Chicago Manual of Style
14.18): it is made of inline blocks, so that nothing is in the copied text that is not in the address.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping

from lxml import etree

from pubkit.labels import labels_of
from pubkit.model import ContentDocument, PrintedLinks

LARGEST = 11  # version of a QR code: 61 modules, which at 18 mm are a quarter of a millimetre each
MODULE, LEAST, MOST = 0.42, 14.0, 18.0  # mm of one module and of a code with its white border
WORD, PART = 20, 8  # letters: what is longer is no word, and is divided into parts
BORDER = 4  # modules (ISO/IEC 18004, 6.3.8)

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SIGNS = "!#$%&'()*+,-./:;=?@[]_~"  # RFC 3986, 2.2 and 2.3, and the per cent sign
_PIECE = re.compile(rf"[{re.escape(_SIGNS)}]+[^{re.escape(_SIGNS)}]*|[^{re.escape(_SIGNS)}]+")
_NOT_IN = ("header", "footer", "nav")


def add_links(root: etree._Element, document: ContentDocument, how: PrintedLinks, base: str) -> Mapping[str, bytes]:
    """Write the addresses of an article's links; gives the QR codes as SVG by URL, which begins with `base`.

    Notes are written as the article's own are in the source: `a[role=doc-noteref]` and `aside[role=doc-footnote]`.
    """
    if how == "none" or document.kind != "article":
        return {}
    links = list(_links(root))
    if how == "notes":
        _add_notes(root, document, links)
        return {}
    return _add_list(root, document, links, base if how == "qr" else "")


def shown(address: str) -> str:
    """An address as it is printed: without its scheme, and without a slash that is all of its path."""
    words = _WEB.sub("", address, count=1)
    return words[:-1] if words.endswith("/") and words.count("/") == 1 else words


def _links(root: etree._Element) -> Iterator[etree._Element]:
    """The links to the web whose words do not say where they lead."""
    for link in root.iter("a"):
        href = str(link.get("href", ""))
        words = "".join(str(part) for part in link.itertext())
        if _WEB.match(href) and _plain(words) != _plain(href) and next(link.iterancestors(*_NOT_IN), None) is None:
            yield link


def _plain(address: str) -> str:
    words = re.sub("[\\s\u00ad\u200b\u2060]", "", address).casefold()
    return re.sub(r"^(https?://)?(www\.)?", "", words).rstrip("/")


def _add_notes(root: etree._Element, document: ContentDocument, links: list[etree._Element]) -> None:
    known: dict[str, str] = {}
    taken = {element.get("id") for element in root.iter("*")}
    for link in links:
        href = str(link.get("href"))
        if any(above.get("role") == "doc-footnote" for above in link.iterancestors("aside")):
            _add_in_brackets(link, href)  # a note has no notes
            continue
        if href not in known:
            known[href] = _free(f"{document.name}--address-{len(known) + 1}", taken)
            note = etree.SubElement(root[0], "aside", {"role": "doc-footnote", "class": "note", "id": known[href]})
            etree.SubElement(note, "p").append(address_element(href))
        reference = etree.Element("a", {"role": "doc-noteref", "class": "noteref", "href": f"#{known[href]}"})
        _put_after(link, reference)
        following = reference.getnext()
        if not reference.tail and following is not None and following.get("role") == "doc-noteref":
            comma = etree.Element("span", {"class": "noteref"})  # or 1 and 2 would be 12
            comma.text = ","
            _put_after(reference, comma)


def _add_in_brackets(link: etree._Element, href: str) -> None:
    address = address_element(href)
    _put_after(link, address)
    link.tail = " ("
    address.tail = ")" + (address.tail or "")


def _add_list(
    root: etree._Element, document: ContentDocument, links: list[etree._Element], base: str
) -> Mapping[str, bytes]:
    codes: dict[str, bytes] = {}
    known: dict[str, int] = {}
    items: list[etree._Element] = []
    taken = {element.get("id") for element in root.iter("*")}
    labels = labels_of(document.language)
    for link in links:
        href = str(link.get("href"))
        if href not in known:
            known[href] = len(known) + 1
            item = etree.Element("li", {"id": _free(f"{document.name}--address-{known[href]}", taken)})
            code = qr_code(href) if base else None
            if code:
                svg, size = code
                url = f"{base}{known[href]}.svg"
                codes[url] = svg
                alt = labels["qr-code"].format(address=shown(href))
                style = f"width:{size:.2f}mm;height:{size:.2f}mm"
                etree.SubElement(item, "img", {"class": "qr-code", "src": url, "alt": alt, "style": style})
            item.append(address_element(href))
            items.append(item)
        number = etree.Element("sup", {"class": "address-number"})
        etree.SubElement(number, "a", {"href": f"#{items[known[href] - 1].get('id')}"}).text = f"[{known[href]}]"
        _put_after(link, number)
    if items:
        _put_at_end(root, _section(items, labels["links"], "addresses with-codes" if codes else "addresses"))
    return codes


def _section(items: list[etree._Element], title: str, name: str) -> etree._Element:
    section = etree.Element("section", {"class": name})
    etree.SubElement(section, "h2", {"class": "addresses-title"}).text = title
    etree.SubElement(section, "ol").extend(items)
    return section


def _put_at_end(root: etree._Element, section: etree._Element) -> None:
    """Put the list at the end of the article, before its foot."""
    body = root[0]
    article = body[0] if len(body) == 1 else body
    last = article[-1] if len(article) else None
    if last is not None and last.tag == "footer":
        article.insert(len(article) - 1, section)
    else:
        article.append(section)


def _put_after(element: etree._Element, new: etree._Element) -> None:
    new.tail, element.tail = element.tail, None
    element.addnext(new)


def _free(name: str, taken: set[str | None]) -> str:
    while name in taken:
        name += "-x"
    taken.add(name)
    return name


def address_element(href: str) -> etree._Element:
    """The address as a link to itself, in pieces between which lines may end."""
    link = etree.Element("a", {"class": "address", "href": href, "dir": "ltr"})
    for piece in pieces(shown(href)):
        etree.SubElement(link, "span", {"class": "piece"}).text = piece
    return link


def pieces(address: str) -> list[str]:
    """An address in parts that begin with a sign; what is too long for a word is divided as well."""
    found: list[str] = []
    for piece in _PIECE.findall(address):
        word = piece.lstrip(_SIGNS)
        step = PART if len(word) > WORD else len(word)
        parts = [word[start : start + step] for start in range(0, len(word), step or 1)]
        found += [piece[: len(piece) - len(word)] + "".join(parts[:1]), *parts[1:]]
    return found


def qr_code(address: str) -> tuple[bytes, float] | None:
    """The QR code of an address as SVG, and its size in mm; None where its modules would be too small to be read."""
    import segno

    try:
        code = segno.make_qr(address, error="l")  # or better, where that does not make it larger
    except segno.DataOverflowError:
        return None
    if int(code.version) > LARGEST:
        return None
    stream = io.BytesIO()
    code.save(stream, kind="svg", border=BORDER, xmldecl=False, svgclass=None, lineclass=None, omitsize=True, nl=False)
    modules = code.symbol_size(border=BORDER)[0]
    return stream.getvalue(), min(max(modules * MODULE, LEAST), MOST)
