"""The last two words of titles, deks and pull quotes kept together: no word stands alone on the last line.

WeasyPrint 70 does not know `text-wrap`. Only paper needs this: an e-reader's lines are its own.
"""

from __future__ import annotations

import re

from lxml import etree

WORDS = 3  # a title of fewer is left as it is
PAIR = 14  # characters of both words; longer ones do not look lost, and might not fit the line together
LARGE_PAIR = 12  # on a title page, whose type is larger
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"

_TITLES = frozenset({"h1", "h2", "h3"})
_SPACE = re.compile(r"[ \t\r\n]+")


def join_last_words(root: etree._Element, *, large: bool = False) -> None:
    """Put a no-break space before the last word of every title, subtitle, dek and pull quote.

    Notes must not be moved to their references yet: their text would count as the title's.
    """
    for element in root.iter(etree.Element):
        if _is_display(element):
            _join(element, LARGE_PAIR if large else PAIR)


def _is_display(element: etree._Element) -> bool:
    if element.tag in _TITLES:
        return True
    if element.tag != "p":
        return False
    if element.get("role") == "doc-subtitle" or "dek" in str(element.get("class", "")).split():
        return True
    return any(above.get("role") == "doc-pullquote" for above in element.iterancestors("aside"))


def _join(element: etree._Element, most: int) -> None:
    words = [word for word in _SPACE.split("".join(str(part) for part in element.itertext())) if word]
    if len(words) < WORDS or len(words[-2]) + 1 + len(words[-1]) > most:
        return
    seen = ""  # of the last word
    for text in reversed(_texts(element)):
        if text is None:  # a line broken by hand
            return
        owner, attribute = text
        content = str(getattr(owner, attribute) or "")
        end = len(content) if seen else len(content.rstrip(" \t\r\n"))
        spaces = list(_SPACE.finditer(content, 0, end))
        if spaces:
            space = spaces[-1]
            setattr(owner, attribute, content[: space.start()] + NO_BREAK_SPACE + content[space.end() :])
            return
        seen += content[:end]


def _texts(element: etree._Element) -> list[tuple[etree._Element, str] | None]:
    """Where the texts of an element are, in order; None for a forced line break."""
    found: list[tuple[etree._Element, str] | None] = [(element, "text")]
    for child in element:
        found += [None] if child.tag == "br" else _texts(child)
        found.append((child, "tail"))
    return found
