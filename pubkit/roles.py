"""Roles: MARC relator codes and the words that people write for them, in one table (roles.toml).

Words are compared without case, accents, hyphens and gender marks ("Fotograf*innen"), and without the "by", "von"
or "par" that leads on to the names. They are looked up in all label languages at once, for an issue in German may
well hold an article captured in English. The nouns of the label files are known words too.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import filterfalse
from types import MappingProxyType
from typing import Any

from pubkit.labels import LANGUAGES, labels_of
from pubkit.model import Role
from pubkit.nearest import misspelt, nearest
from pubkit.word_lists import listed

_TABLE: Mapping[str, Any] = tomllib.loads((files("pubkit") / "roles.toml").read_text(encoding="utf-8"))

RELATORS: Mapping[str, str] = MappingProxyType(_TABLE["relators"])  # MARC code -> English term of the LoC list

GROUPS_FIRST: tuple[str, ...] = tuple(_TABLE["order"]["first"])  # MARC codes in the order of a credits page
GROUPS_LAST: tuple[str, ...] = tuple(_TABLE["order"]["last"])

_CREDIT_TERMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    slug: (code, terms) for slug, (code, *terms) in ((slug, row) for slug, row in _TABLE["credit"].items())
}
_GRAMMAR: Mapping[str, tuple[str, ...]] = {name: listed(words) for name, words in _TABLE["grammar"].items()}
_LONGEST = 120  # characters of a role; more is prose


def _any_of(*lists: str) -> str:
    words = (word for name in lists for word in _GRAMMAR[name])
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


STRONG_AGENT = rf"(?:{_any_of('strong')})"  # "by": what follows is a name, even a single word
AGENT = rf"(?:{_any_of('strong', 'weak')})"  # "by", "de", "di", …: ends a role and begins the names
OPENER = rf"(?:{_any_of('openers')})"  # "with": may stand before a role
DIRECT = rf"(?:{_any_of('direct')})"  # "Ha collaborato": a role that needs no "by"
COURTESY = rf"(?:{_any_of('courtesy')})"  # "courtesy of": who gave a picture
INDEFINITE = rf"(?:{_any_of('indefinite')})"  # "a", "un", "ein": may stand before a role
OCCASION = "|".join(_GRAMMAR["occasions"])  # "This episode was": may stand before "produced by"
OF_THIS = (  # "contributed to this report", "Ont collaboré à ce numéro"; also without accents
    r"(?:(?:(?:to|for) this|(?:à|a|sur) (?:ce|cet|cette)|an dies\w{1,2}|(?:en|a|con|com|para) est[ea]|nest[ae]"
    r"|a quest\w|aan (?:dit|deze)) \w+\b)"
)
NO_ROLES = frozenset(_GRAMMAR["no-roles"])  # like a role, but the head of other lines: nobody is asked about them
AND = rf"(?:{_any_of('and')})"

# Sentences that say who did what: the pattern with the names, the MARC code or none, and the role's label.
STATEMENTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(row["pattern"].replace("{names}", "(?P<names>.+?)"), re.IGNORECASE), row.get("code", ""), row["label"])
    for row in _TABLE["statements"]
)

_AGENT_AT_END = re.compile(rf"\s+{AGENT}$", re.IGNORECASE)
_OPENER_AT_START = re.compile(rf"\A{OPENER}\s+", re.IGNORECASE)
_GENDER_MARKS = re.compile(r"[:*_/·]-?in(?:nen)?\b|·\w+|\((?:s|in|innen|es|e)\)")
_SURE_LANGUAGE = r"((?:\w+ ){0,2}\w*(?:isch|ischen|deutsch|deutschen|ees|els|ens|rs|ts|ns|ws|ds))"
_LANGUAGE_NAME = r"(\w+(?: \w+){0,2})"  # "brasilianischen Portugiesisch", without an agent
_HAS_AGENT = re.compile(rf"\b{AGENT}\b", re.IGNORECASE)
_HAN = r"(?-i:[\u3040-\u9fff])"  # without case: to look for the case of each takes re 4 ms
_BETWEEN_ROLES = re.compile(
    rf"(\s*[,;/|、・،]\s*(?:{AND}\s+)?|\s*&\s*|\s*\+\s*|\s+{AND}\s+|\s+و(?=\w)|(?<={_HAN})[と和與与](?={_HAN}))",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’](?=s\b)|\.")
_NO_WORD = re.compile(r"[^\w]+|_")
_WAS = re.compile(r" (?:was|were|is|are|has been) ")  # "reporting was contributed by"
_OF_THIS = re.compile(rf"\b{OF_THIS}")
_WHICH = re.compile(  # which of the pictures: "Fotos (2)", "Foto Seite 12", "Photographs, clockwise from top left"
    r"(.{2,60}?\w)(?:"
    r"\s?\((?:\d{1,2}|archiv|m|oben|unten|links|rechts|titel|l|r|o|archivo|archive|cover)\.?\)"
    r"|,?\s(?:s\.|seiten?|pp?\.|pages?|págs?\.|pagg?\.|blz\.)\s?\d[\d\s,–-]{0,12}"
    r"|,?\s(?:clockwise,?\s)?(?:from|starting)\s(?:the\s)?(?:top|left|right|bottom|above)"
    r"(?:\s(?:left|right|to bottom|to right))?"
    r"|,?\s(?:left to right|top to bottom|von (?:links|oben)(?: nach (?:rechts|unten))?"
    r"|de gauche à droite|de haut en bas|de izquierda a derecha))",
    re.IGNORECASE,
)
_MOST_ROLES = 12  # in one phrase; more is prose
_MOST_WORDS = 8  # of one role


@dataclass(frozen=True, slots=True)
class _Known:
    code: str
    group: str = ""  # the name of a role apart; empty for the words that are plain
    opens: bool = False  # may begin a credit line: "Photos: …"
    needs_agent: bool = False  # but only with a "by": "Story by …", never "Story: …"


def load_words() -> None:
    """Fold the words of all tables, which takes a fiftieth of a second: once, before others are forked."""
    _words()


def role_of(words: str) -> Role:
    """The role that the words name: an exact MARC code, else known words, else `ctb` with the words as written.

    "pht" gives the code and no label; "Photographs by:" gives `pht` with the label "Photographs". A code is never
    guessed: words that are not known are a contribution (`ctb`), and a withdrawn code becomes its successor.
    """
    code = words.strip()
    if code in RELATORS:
        return Role(code=code)
    if code in _TABLE["discontinued"]:
        return Role(code=_TABLE["discontinued"][code])
    found = _known(words)
    return Role(code=found.code if found else "ctb", label=_cleaned(words))


def roles_of(words: str) -> tuple[Role, ...]:
    """The roles in a phrase such as "Additional reporting and video"; what is not a list of known roles is one role."""
    return _roles(words) or (role_of(words),)


def line_roles(words: str, *, agent: bool, stated: bool = False) -> tuple[Role, ...]:
    """The roles in words that stand at the head of a credit line; empty where any of them could be prose.

    `agent` says that "by" or its like leads on to the names. Only the curated words may open a line: the MARC list
    has terms such as "Witness" and "Judge", and "Judge: Ann Lee" is more often a transcript than a credit. In a line
    that is `stated` to be a credit all known words open it.
    """
    found = _roles(words) if len(words) <= _LONGEST else ()
    known = [_known(role.label) for role in found]
    opens = all(one and (one.opens or stated) for one in known)
    clear = agent or any(one and not one.needs_agent for one in known)  # "Story and photos: …" is clear
    return found if opens and clear else ()


def group_of(role: Role) -> tuple[str, str]:
    """What tells one group of the credits page from another: the code and, for a role apart, a name for it.

    Plain words for a code ("Photographs", "Fotografie", the code itself) are one group; "Additional reporting" is
    apart from "Reporting"; words unknown to the table are a group by themselves, whatever their case.
    """
    found = _known(role.label) if role.label else None
    if not role.label or (found and found.code == role.code and not found.group):
        return role.code, ""
    if found and found.code == role.code:
        return role.code, found.group
    return role.code, _folded(role.label)


def near_role(words: str) -> str | None:
    """For words that are no known role, the known one most like them, or "" where none is; None for known ones."""
    if words in RELATORS or _known(words) is not None:
        return None
    near = nearest(_folded(_cleaned(words)), sorted(_words()), likeness=80)
    return _spellings().get(near, near)


def misspelt_role(words: str) -> str:
    """The word of a credit line that words which are no role are most like, but for a letter or two; empty if none."""
    parts = [_folded(part) for part in _BETWEEN_ROLES.split(_cleaned(words))[::2]]
    near = [part if _known(part) else misspelt(part, _openers()) for part in parts if part]
    found = [_spellings().get(part, part) for part in near]
    return " / ".join(found) if found and all(found) and not _roles(words) else ""


def languages_of(words: str) -> frozenset[str]:
    """The label languages that have the words, or the first of several roles, in the table."""
    first = _folded(_BETWEEN_ROLES.split(_cleaned(words))[0])
    return _languages().get(first) or _languages().get(first.partition(" ")[0], frozenset())


def role_label(role: Role, labels: Mapping[str, str]) -> str:
    """What to print for a role: the language's noun for plain words, else the label as written, capital first.

    A plain role in a language without a noun for it gives its label, and without that the English MARC term.
    """
    plain = not group_of(role)[1]
    noun = labels.get(f"role-{role.code}", "") if plain else ""
    shown = noun or role.label or RELATORS.get(role.code, role.code)
    return shown[:1].upper() + shown[1:]


def credit_uri(role: Role) -> str:
    """The URI of the CRediT term (ANSI/NISO Z39.104) that the role's label is, or an empty string."""
    slug = _credit_slugs().get(_folded(role.label), "")
    return slug and f"https://credit.niso.org/contributor-roles/{slug}/"


@cache
def _credit_slugs() -> Mapping[str, str]:
    terms = ((_folded(term), slug) for slug, (_, terms) in _CREDIT_TERMS.items() for term in terms)
    return {folded: slug for folded, slug in reversed(tuple(terms)) if folded}  # the first of several counts


def _roles(words: str) -> tuple[Role, ...]:
    """The known roles in a phrase; empty where one of them is not known."""
    cleaned = _cleaned(words)
    whole = _known(cleaned)
    listed = _BETWEEN_ROLES.search(cleaned)
    if whole and (not listed or _is_written(cleaned)):  # first the whole: "Hair and make-up" is one role
        return (Role(code=whole.code, label=cleaned),)  # not role_of: "art" is a word here, and no code
    split = _split(cleaned)
    return split or ((Role(code=whole.code, label=cleaned),) if whole else ())


def _split(cleaned: str) -> tuple[Role, ...]:
    """The roles of a list: "Photo/Video", "Additional reporting and research"; empty where one is not known."""
    pieces = _BETWEEN_ROLES.split(cleaned)  # roles, and between them what joins them
    if not all(pieces[::2]) or len(pieces) > 2 * _MOST_ROLES:
        return ()
    found: list[Role] = []
    at = 0
    while at < len(pieces):
        # The longest first: "mise en page" is one role, though "en" joins two in Dutch.
        ends = (end for end in range(len(pieces), at + 1, -2) if _is_written("".join(pieces[at:end])))
        end = next(ends, at + 1)
        label = "".join(pieces[at:end])
        label = _completed(label, pieces[-1]) if end == at + 1 else label
        known = _known(label)
        if not known:
            return ()
        found.append(Role(code=known.code, label=label))
        at = end + 1
    return tuple(found)


def _is_written(words: str) -> bool:
    """True for words that stand in the table as they are, or in a pattern for a translation."""
    return _folded(words) in _words() or bool(_patterned(_folded(words)))


def _completed(part: str, last: str) -> str:
    """A part with the end that it shares with the last: "Foto-" of "Videoredaktion", "Photo" of "video editing"."""
    if part.endswith("-"):
        ends = (part[:-1] + last[cut:].lower() for cut in range(1, len(last)))
        return next((whole for whole in ends if _known(whole)), part)
    rest = last.partition(" ")[2]
    whole = f"{part} {rest}"
    # Only where both are roles apart: "Photo and video editing" is not photography.
    found = _known(whole) if rest and part != last and " " not in part else None
    return whole if found and found.group and _folded(whole) in _words() else part


def _cleaned(words: str) -> str:
    """The words as written, without the colon, "with" and "by" around them; a lone "By" leaves nothing."""
    text = " ".join(unicodedata.normalize("NFC", words).split()).strip(" ,;:：–—|•=＝")
    text = _OPENER_AT_START.sub("", text, count=1)
    text = _AGENT_AT_END.sub("", text).strip(" :：–—|•")
    return "" if re.fullmatch(STRONG_AGENT, text, re.IGNORECASE) else text


@lru_cache(maxsize=16_384)  # twice the table, of which several views are made
def _folded(words: str) -> str:
    """The words as they are compared: see the module's first lines."""
    text = words.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", words).casefold())
        text = "".join(filterfalse(unicodedata.combining, text))
    if text.isalpha():
        return text
    text = _GENDER_MARKS.sub(lambda mark: mark[0].strip("()") if mark[0][0] == "(" else "", text)
    text = _POSSESSIVE.sub("", text).replace("&", " and ").replace("+", " and ")
    return " ".join(_NO_WORD.sub(" ", text).split())


@lru_cache(maxsize=1024)
def _known(words: str) -> _Known | None:
    """What the table says of the words; None where it does not know them."""
    cleaned = _cleaned(words)
    if not cleaned:
        return _Known("aut") if words.strip() else None
    folded = _folded(cleaned)
    if len(folded) > _LONGEST:
        return None
    if behind := _WHICH.fullmatch(cleaned):
        return _known(behind[1])
    folded = _OF_THIS.sub("", _WAS.sub(" ", folded)).strip() or folded
    return _words().get(folded) or _patterned(folded) or _qualified(folded)


def _qualified(folded: str) -> _Known | None:
    """A known word between qualifiers: "senior editor"; it is apart, with the code of the known word."""
    words = folded.split()
    if not 1 < len(words) <= _MOST_WORDS:
        return None
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length, -1, -1):  # from the end: "photo editor" is an editor
            inner = " ".join(words[start : start + length])
            found = None if inner in _GRAMMAR["seconds"] else _words().get(inner) or _patterned(inner)
            after = words[start + length :]
            heads = any(word in _words() and word not in _GRAMMAR["seconds"] for word in after)  # an "author photo"
            if found and not heads and _only_qualifiers(words[:start]) and _only_qualifiers(after):
                return _Known(found.code, folded, found.opens, found.needs_agent)
    return None


def _only_qualifiers(words: list[str]) -> bool:
    """True where the words are qualifiers one after the other, some of two or three words: "de couverture"."""
    if not words:
        return True
    ends = (end for end in range(1, min(len(words), 3) + 1) if " ".join(words[:end]) in _qualifiers())
    return any(_only_qualifiers(words[end:]) for end in ends)


def _patterned(folded: str) -> _Known | None:
    for code, pattern in _patterns():
        found = pattern.fullmatch(folded)
        if found and not any(map(_has_more, found.groups())):
            return _Known(code, folded, opens=True)
    return None


def _has_more(words: str) -> bool:
    """True where the words for a language hold a "by", or go on with another role: "French and edited"."""
    last = re.split(rf" {AND} ", words)[-1]
    return bool(_HAS_AGENT.search(words)) or (last != words and last in _words())


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(_folded(word) for word in _GRAMMAR["qualifiers"])


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((code, re.compile(_pattern(row))) for code, rows in _TABLE["patterns"].items() for row in rows)


def _pattern(row: str) -> str:
    folded = _folded(row.replace("*", " 0 ").replace("~", " 1 "))
    return folded.replace("0", _LANGUAGE_NAME).replace("1", _SURE_LANGUAGE)


@cache
def _words() -> Mapping[str, _Known]:
    """All known words, folded. Where two rows give the same word, the earlier one counts."""
    found: dict[str, _Known] = {}
    for _, folded, known in _rows():
        found.setdefault(folded, known)
    return found


@cache
def _spellings() -> Mapping[str, str]:
    """The words of the table as they are written there, by the folded ones that differ: "traducción"."""
    return {folded: word for word, folded, _ in reversed(_rows()) if folded != word.casefold()}


@cache
def _languages() -> Mapping[str, frozenset[str]]:
    """The languages of each word in the table, folded."""
    found: dict[str, set[str]] = {}
    for row in (*_TABLE["words"].values(), *_TABLE["apart"].values()):
        for language, words in row.items():
            for word in listed(words) if language != "code" else ():
                found.setdefault(_folded(word), set()).add(language)
    return {word: frozenset(languages) for word, languages in found.items()}


@cache
def _openers() -> tuple[str, ...]:
    """The words that may begin a credit line without "by"."""
    return tuple(sorted(word for word, known in _words().items() if known.opens and not known.needs_agent))


@cache
def _rows() -> tuple[tuple[str, str, _Known], ...]:
    """Every known word as it is written, and folded, and what is known of it."""
    spoken_for = {_folded(word) for word in _GRAMMAR["spoken-for"]}
    rows: list[tuple[str, str, _Known]] = []
    for row, code, group in _table_rows():
        spoken, silent = (_Known(code, group, opens=True, needs_agent=needed) for needed in (True, False))
        words = [(word, _folded(word)) for word in row]
        rows.extend((word, folded, spoken if folded in spoken_for else silent) for word, folded in words)
    for language in LANGUAGES:
        for key, noun in labels_of(language).items():
            if key.startswith("role-") and (code := key[5:]) in RELATORS:
                folded, opens = _folded(noun), code in _TABLE["words"]
                rows.append((noun, folded, _Known(code, opens=opens, needs_agent=folded in spoken_for)))
    rows.extend((term, _folded(term), _Known(code)) for code, term in RELATORS.items())
    return tuple(rows)


def _table_rows() -> Iterator[tuple[Sequence[str], str, str]]:
    """The words of the table that may open a line, by code and, for a role apart, by group."""
    for group, row in _TABLE["apart"].items():
        yield from ((listed(words), row["code"], group) for key, words in row.items() if key != "code")
    for code, row in _TABLE["words"].items():
        yield from ((listed(words), code, "") for words in row.values())
    for code, terms in _CREDIT_TERMS.values():
        yield terms, code, _folded(terms[0])
