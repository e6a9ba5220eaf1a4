"""Credit lines and bylines read: which roles a line names, and whom. The words stand in roles.toml and names.toml."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from pubkit.model import Credit, Person, Role
from pubkit.names import (
    Name,
    has_agency,
    is_agency,
    is_body,
    is_headline,
    is_inside,
    is_nobody,
    is_personal,
    is_region,
    is_remark,
    is_small,
    is_title,
    looks_like_name,
    names_in,
    sort_name,
    without_behalf,
)
from pubkit.roles import (
    AGENT,
    AND,
    COURTESY,
    DIRECT,
    INDEFINITE,
    NO_ROLES,
    OCCASION,
    OF_THIS,
    OPENER,
    STATEMENTS,
    STRONG_AGENT,
    credit_uri,
    languages_of,
    line_roles,
    misspelt_role,
    role_of,
    roles_of,
)
from pubkit.source import Location

_LONGEST = 3000  # characters of a credit line: more than a hundred names
_MOST_WORDS = 6  # of a role that begins in the middle of a line: "Text: A Fotos: B"
_MOST_MARKS = 40  # colons and "by" in the middle of a line
_MOST_ASKED = 300  # characters of a line that is looked at for misspelt roles
_MOST_STATED = 5  # words of a name without capitals
_MOSTLY = 0.5  # of the words of a list of names
_LISTED = 3  # names: no headline has so many between commas
_PLACE_WORDS = 5
_MADE_BY = frozenset({"by", "par", "por", "door"})
_TEAMS = frozenset({"equipe", "équipe", "equipo"})  # before "de" not a role: "Equipe de Dados"
_STAFF_WORDS = frozenset({"staff", "senior", "chief", "contributing", "special", "freelance"})
_SEVERAL = 2  # from here on a form that prose has, too, is sure: "Ada Lovelace, editor; Ida Rhodes, designer"
_AUTHOR = Role(code="aut")
_PHOTOGRAPHER = Role(code="pht")
_DRAWN = frozenset({"ill", "ctg", "trl"})  # work that people sign with one name: "Illustration: Zep"
_ALONE = frozenset({"pht", "ill"})  # may stand before a name without a colon: "Photo Ada Lovelace"
_PICTURES = frozenset({"pht", "ill", "art", "vdg", "ctg", "cov", "anm", "prv", "cph"})

_EMPHASIS = re.compile(r"(?<!\w)[*_]+|[*_]+(?!\w)")  # Markdown's, but not the star in "Fotograf*innen"
_HAN = "[\u3040-\u30ff\u3400-\u9fff]"
_BETWEEN_HAN = re.compile(  # between two credits
    f"\\s+(?=(?P<words>{_HAN}[・{_HAN[1:-1]}]{{0,7}}?)\\s?(?:[：:／/丨｜＝=|]|・{_HAN}{{2}}))"
)
_AGENCY_FIRST = re.compile(
    r"\A(?P<agency>[A-Z][\w.-]{1,12}(?:\s[A-Z]\w+)?)\s(?P<role>(?i:photos?|images?|illustration|graphic|fotos?))(?:\s?[/:]\s?|\sby\s)"
)
_UNLESS = re.compile(
    r"[,.(\s]+(?:unless|except where|sauf (?:mention|indication)|sofern nicht|soweit nicht|wenn nicht"
    r"|salvo (?:donde|indica|que se)|se non diversamente|tenzij|exceto)\s[^:]{3,60}$",
    re.IGNORECASE,
)
_BULLET = re.compile(r"(?:[•▪◦■▶►/|>–—]+|-(?=\s))\s*")
_WIDE_GAP = re.compile(f"(?<![^\\s；])({_HAN}{{1,8}})\u3000(?={_HAN}{{2}})")  # "撮影　山田太郎"
_BREAK = re.compile(rf"\s?[;|•·▪,/–—、，；。؛،]\s?|\.\s|\s-\s|\s(?:{AND}|{OPENER})\s", re.IGNORECASE)
_WITH_THE = re.compile(
    rf"{OPENER}\s(?:le|la|les|las|los|el|gli|i|il|lo|the|die|den|dem|der|as|os|o|de|het)\s", re.IGNORECASE
)
_OPENED = re.compile(rf"\A{OPENER}\s", re.IGNORECASE)
_JOINT = re.compile(rf"(?:{AND}|{OPENER})\s", re.IGNORECASE)
_COLON = re.compile(rf"(.{{1,120}}?)\s?:(?=\s)|([^\s:：]{{1,40}}?)\s?(?:[：＝／丨｜]|(?<={_HAN})[=/:])")
_ROLE_AT_PLACE = re.compile(  # "Corresponsal en Londres: Ada Lovelace"
    r"(?P<words>.{3,40}?) (?:in|en|em|à|a|te) [A-ZÀ-Þ][^\s,]+(?: [A-ZÀ-Þ][^\s,]+)?"
)
_DASH = re.compile(r"(.{1,60}?)\s?\s[-–—|>](?=\s)")  # "Photos – Ada Lovelace"
_TIGHT = re.compile(r"([^:：]{2,60}?):(?=[^\W\d_])")  # "Foto:Ada Lovelace"
_DOT = re.compile(f"({_HAN}{{1,8}})・(?={_HAN}{{2}})")  # "写真・山田太郎"
_SLASH = re.compile(r"([^:：/]{2,40}?)\s/(?=\s)")  # "Text / Ada Lovelace"
_LATER_COLON = re.compile(r"\s?:(?=\s)|：|\s[-–—](?=\s)")
_PARTED = re.compile(r"[;|]")
_LATER_BY = re.compile(rf"\s{STRONG_AGENT}(?=\s)", re.IGNORECASE)
_BEFORE_TITLE = r"(?:del|della|dell|do|da|du|des|van de)(?=\s(?:dra?|profa?|dott|ing|sra?|rev|mons|mgr)\.)"
_AGENTS = re.compile(rf"\s(?P<agent>{AGENT}|{_BEFORE_TITLE})(?=\s)|\s(?-i:d)['’](?=\w)", re.IGNORECASE)
_ENDS_IN_AGENT = re.compile(rf"\s{AGENT}$", re.IGNORECASE)
_DIRECTLY = re.compile(rf"{DIRECT}(?:\s{OF_THIS})?(?=\s)", re.IGNORECASE)  # also "Colaboraram nesta reportagem A"
_STRONG = re.compile(rf"(?:.*\s)?{STRONG_AGENT}", re.IGNORECASE)
_INDEFINITE = re.compile(rf"(?:{INDEFINITE})\s|un['’]\s?", re.IGNORECASE)
_OCCASION = re.compile(rf"(?:{OCCASION})\s", re.IGNORECASE)
_COURTESY = re.compile(rf"(?P<what>[^:;,.|]{{0,40}}?)[\s:,–-]*\b{COURTESY}(?=\s)", re.IGNORECASE)
_YEARS = r"(?:(?:19|20)\d\d(?:\s?[-–/]\s?\d{2,4})?)"
_MARK = r"(?:©|Ⓒ|\(c\)|\bcopyright\b(?!\s\w+:))"
_OWNED = re.compile(
    rf"(?P<what>[^:;,.|©]{{0,40}}?)[\s,–-]*(?P<mark>{_MARK}(?:\s?©)?(?:\s?{_YEARS})?)[\s,]*(?:by\s)?(?=\S)",
    re.IGNORECASE,
)
_OWNED_NAME = re.compile(rf"{_MARK}\s*(?:{_YEARS}\s?,?\s*)?(?:by\s)?", re.IGNORECASE)
_YEAR = re.compile(_YEARS)
_YEAR_BEHIND = re.compile(r",?\s(?:19|20)\d\d$")  # "© Ada Lovelace 2024"
_LICENCE = re.compile(
    r"[\s,;/|(–—-]*(?:licen[cs]ed? (?:under )?|lizenz:? |sous licence |bajo licencia |sob licença |licenza )?"
    r"(?<!\w)(?:CC[ -]?(?:0|BY(?:[ -](?:NC|ND|SA))*)(?:[ -]\d\.\d)?(?:[ -][A-Z]{2}(?![\w.]))?|"
    r"Creative Commons"
    r"(?:[ -](?:Attribution|Zero|BY|Share ?Alike|Non-?Commercial|No ?Deriv\w{1,9}|licen[cs]e|SA|NC|ND|\d\.\d))*|"
    r"public domain|domaine public|dominio público|domínio público|pubblico dominio|gemeinfrei|publiek domein)"
    r"(?=[\s,;/|).]|$)\)?",
    re.IGNORECASE,
)
_FROM_LANGUAGE = re.compile(  # "Translated by A from the French"; in these Romance languages with a small letter
    rf"(?P<done>\S+)\s(?P<agent>{AGENT})\s(?P<names>.+?)\s"
    r"(?P<source>(?:(?:from(?:\sthe)?|aus\sdem|uit\shet)\s|(?:de\sl['’]|dall['’]|(?:du|del|dallo|dal|do)\s)(?=[a-zà-ÿ]))"
    r"[^\W\d_]+(?:\s[^\W\d_]+)?)\.?"
)

_NO_ROLE = re.compile(
    r"\d|[?!…]|\.\s|//|\b(?:from|left|right|top|bottom|above|below|links|oben|gauche|haut)\b", re.IGNORECASE
)
_WITH_ROLE = re.compile(r"(.+\S)\s?[(（]([^()（）]{1,40})[)）]")  # "Ada Lovelace (text)"
_LAST_WITH_ROLE = re.compile(
    rf"(?P<before>.+?)(?:,\s(?:(?:{AND}|{OPENER})\s)?|\s(?:{AND}|{OPENER})\s)(?P<name>(?:(?!\s(?:{AND}|{OPENER})\s)[^,;()])+?)\s"
    r"\((?P<words>[^()]{1,40})\)\.?",
    re.IGNORECASE,
)
_BOTH_WITH_ROLE = re.compile(  # "Ada Lovelace and Mary Anning (eds.)"
    r"(?P<names>.+?)\s\((?P<words>eds|éds|hrsg|hg|coords)\.?\)\.?", re.IGNORECASE
)
_ROLE_AFTER = re.compile(r"(?P<name>[^,:;–—]{3,60}?)(?:,\s|\s[–—-]\s)(?P<words>[^:;|]{3,60})")  # "Ada Lovelace, editor"
_STAFF_AFTER = re.compile(  # "Ada Lovelace/Staff Photographer"
    r"(?P<name>[^/,:;–—\s]+\s[^/,:;–—]{2,60}?)\s?/\s?(?P<words>[^/:;|]{3,60})"
)
_HAN_ROLE_AFTER = re.compile("(?P<name>[\u3400-\u9fff]{2,5})[/／](?P<words>[\u3400-\u9fff]{1,4})")  # "王小明/文"
_NAME_BEFORE = re.compile(r"(?P<name>[^:;|]{3,60}?):\s(?P<words>[^:]{3,400})")  # "Ada Lovelace: Software, Validation"
_PERSONS = re.compile(r"[;|.]\s(?=[^:;|]{3,60}:)")
_PLACES = r"\S+(?:\s\S+){0,3}"
_STATES = re.compile(
    r"(?P<names>.+?)\s(?:also\s)?(?P<words>contributed(?:\s(?!from\b|in\b)\S+){1,6}|reported)"
    rf"(?:\s(?:from|in)\s(?P<place>{_PLACES}))?"
)
_ELLIPSIS = re.compile(rf"(?P<names>.+?)\sfrom\s(?P<place>{_PLACES})")
_CLAUSES = re.compile(r"[,;]?\s(?:and|while)\s|[,;]\s|(?<=[a-z]{2})\.\s")
_STAFF = re.compile(
    r"(?:\S+\s){0,4}?(?i:writers?|reporters?|journalists?|correspondents?|photographers?|editors?|researchers?)\s(?=[A-ZÀ-Þ])"
)

_BY = re.compile(r"(?:by|von|par|por|door|di|da|автор|бy|文|文・|מאת|بقلم)(?:\s?[:：]\s?|\s)", re.IGNORECASE)
_OURS = re.compile(
    r"(?:by|from|de|von|vom|par|por|di|da|dal|dalla|dai|dalle|do|dos|das|van|door)\s"
    r"(?:our|notre|nos|unser(?:e[mnr]?)?|nostr[oaie]|nuestr[oa]s?|noss[oa]s?|onze|ons)\s",
    re.IGNORECASE,
)
_AT_PLACE = re.compile(r" (?:à|in|a|en|em|aus|au|aux|im|uit|de|nach|für|for|pour|per|para|voor) (?=[A-ZÀ-Þ])")
_FROM_PLACE = re.compile(r"(?:from|da|dal|dalla|de|desde|depuis) [A-ZÀ-Þ]\S+(?: [A-ZÀ-Þ]\S+)?")
_FROM_BEHIND = re.compile(  # "Por Ada Lovelace — de Belém"
    r"\s[—–-]\s(?:(?:from|in|de|da|do|en|em|desde|à|a|aus|uit) |(?=(?:São|Santa|Santo|San|Rio|New|Los|Las|Buenos)\s))"
    r"[A-ZÀ-Þ][^\s,]+(?: [A-ZÀ-Þ][^\s,]+)?$"
)
_DUTCH_BY = re.compile(r"(?:door|van)\s", re.IGNORECASE)
_BY_WITH_TEXT = re.compile(r"(?i:di|da|von)\s")
_ADDRESS = re.compile(r"\s*<[^<>]*>")
_IN = frozenset("in à au aux em a w we в во from aus desde depuis".split())
_ONLY_IN = _IN | {"en", "de", "te"}
_SPANISH_PLACE = re.compile(r"(?<=\w)\sen\s(?=[A-ZÀ-Þ])")
_AT_NAME = re.compile(r"\s?(?:(?:van|von|de|di|da|del|der|la|le|el|al)\s){0,2}[A-ZÀ-Þ]")
_BEFORE_PLACE = re.compile(r"(?:the\s|['’]s-|l['’])")


@dataclass(frozen=True, slots=True)
class _Start:
    roles: tuple[Role, ...]
    names_from: int
    single: bool = False  # a single word may be a name here
    clear: bool = True  # the words are a role and nothing else; False for "Story:"
    colon: bool = False
    spanish: bool = False  # "en" before a capital leads to a place, and is not the Dutch "and"


def read_credit_line(line: str, at: Location, *, stated: bool = False) -> tuple[Credit, ...]:
    """The credits in a line that is nothing but credits: "Additional reporting and video: A, B and C".

    A line may hold several ("Text: A; Fotos: B", "Words by A, photographs by B"), put the role behind the name
    ("A (Text), B (Fotos)") or say that "A contributed reporting". All of a role must be words of the role table, and
    all of what follows must look like names; otherwise the line is prose and the answer is empty. Being strict
    costs a credit now and then, which stays in the text; being lax would take a sentence out of it. Places ("A in
    Leeds"), titles ("staff photographer"), licences and remarks ("private", "left") are no names and are left out.

    `stated` says that somebody gave the line as credits (front matter). Then words that mostly stand at the head of
    other lines ("Director: A") are roles, too, and single words and words without a capital can be names.
    """
    if not line.strip() or len(line) > _LONGEST:
        return ()
    text = _bare(_plain(line))
    return (
        _headed(text, at, stated=stated)
        or _unheaded(text, at, stated=stated)
        or _roles_behind(text, at, stated=stated)
        or _with_byline(text, at, stated=stated)
        or _clauses(text, at)
        or _statement(text, at)
        or _names_before(text, at)
        or _with_agency(text, at)
    )


def read_stated_line(line: str, at: Location) -> tuple[Credit, ...]:
    """The credits in a line that somebody gave as credits; a role that nobody knows ("Key grip: A") is a contribution.

    Only the form "Role: Names" tells such a role. Empty where the line does not read as credits even so.
    """
    byline = read_byline(line, at) if is_byline(line) else ()
    if found := read_credit_line(line, at) or byline or read_credit_line(line, at, stated=True):
        return found
    words, names = _parted(line)
    if not words or len(words.split()) > _MOST_WORDS or _NO_ROLE.search(words):
        return ()
    role = role_of(words)
    return _credits((role,), _people(names, _Start((role,), 0, single=True, colon=True), stated=True), at)


def read_picture_credit(text: str, at: Location, *, role: Role) -> tuple[Credit, ...]:
    """The credits in what stands as the credit of a picture: a credit line, or names alone: "Ada Lovelace/Reuters".

    Those of names alone have the given role, or are of photographers where an agency is among them.
    """
    found = read_credit_line(text, at, stated=True)
    if found or len(text) > _LONGEST:
        return found
    names = _people(_bare(_plain(text)), _Start((role,), 0, single=not is_headline(text)), stated=False)
    return _credits((_PHOTOGRAPHER if any(is_agency(name.text) for name in names) else role,), names, at)


def credits_nobody(text: str) -> bool:
    """True for a picture's credit that names nobody, and need not: "private", "Photo: Archive", "CC0", "the museum"."""
    if len(text) > _LONGEST:
        return False
    line = _bare(_plain(text))
    start = next((start for begin, start in _starts(line, stated=True) if not begin), None)
    said = _LICENCE.sub("", line[start.names_from :] if start else line)
    return said == said.lower() or _names_nobody(names_in(said))


def states_licence(line: str) -> bool:
    """True for a credit line that also says under what licence something is: "Photo: A, CC BY 4.0"."""
    return bool(_LICENCE.search(line))


def unclear_role(line: str) -> str | None:
    """What to ask about a line that has the form of a credit and does not read as one; None for any other line.

    The answer is the known role that a misspelt one is most like ("Photgraphs: A"), or an empty string for words that
    are a role and may be something else ("Director: A").
    """
    words, names = _parted(line)
    if words.casefold() in NO_ROLES:
        return None
    if not words:
        meant = _misspelt_before_by(line) or _unclear_without_colon(line)
        return "" if meant is None and _has_form(line) else meant
    known = line_roles(words, agent=True) if words else ()
    near = "" if known or not words else misspelt_role(words)
    if not (known or near) or read_credit_line(line, Location("")):
        return None
    people = _people(names, _Start(known or roles_of(near), 0), stated=False)
    personal = [sort_name(Person(name=name.text)) != name.text for name in people]  # not "Film: The Last Ferry"
    return near if people and (near or all(personal)) else "" if _has_form(line) else None


def _has_form(line: str) -> bool:
    """True for a line in the form of a credit that does not read as one: a sure role, then mostly words like names."""
    text = _bare(_plain(line)) if len(line) <= _MOST_ASKED else ""
    by = len(text) - len(_without_by(text))
    first = next((start for begin, start in _starts(text) if not begin), None) if text else None
    start = first or (_Start((_AUTHOR,), by) if by else None)
    if start is None or not start.clear or read_credit_line(text, Location("")) or is_byline(text):
        return False
    listed = names_in(text[start.names_from :])
    names = [name.text for name in listed]
    said = [word for name in names for word in name.split() if not (is_small(word) or is_inside(word) or word in _IN)]
    owned = any(role.code == "cph" for role in start.roles)
    mostly = sum(map(_has_capital, said)) > _MOSTLY * len(said)
    headline = len(names) < _LISTED and any(map(is_headline, names))
    return mostly and not (owned or headline or _names_nobody(listed))


def _names_nobody(names: Iterable[Name]) -> bool:
    """True where all names stand in the place of one: "private", "Staff Photographer", "left"."""
    return all(is_nobody(name.text) or is_title(name.text) or is_remark(name.text) for name in names)


def _misspelt_before_by(line: str) -> str:
    """The known role for a misspelt one before "by", if the line is a credit with it: "Photgraphs by A"; else empty."""
    text = _bare(_plain(line)) if len(line) <= _MOST_ASKED else ""
    if not text or read_credit_line(text, Location("")):
        return ""
    for begin in sorted({0, *(gap.end() for gap in _BREAK.finditer(text))}):
        for agent in islice(_AGENTS.finditer(text, begin, begin + 60), 2):
            said = text[begin : agent.start()]
            first = said.partition(" ")[0]
            if said.count(" ") > _MOST_WORDS or not _AT_NAME.match(text, agent.end()):
                continue
            for words in dict.fromkeys((said, first)):  # "Translatd from the French by A"
                near = misspelt_role(words)
                if near and read_credit_line(text[:begin] + near + text[begin + len(words) :], Location("")):
                    return near
    return ""


def _unclear_without_colon(line: str) -> str | None:
    """What to ask about "Tekst Ada Lovelace", which may be a caption, too."""
    nowhere = Location("")
    if len(line) > _LONGEST or read_credit_line(line, nowhere):
        return None
    text = _bare(_plain(line))
    found = _unheaded(text, nowhere, stated=True)
    return "" if found and all(is_personal(credit.person.name) for credit in found) else None


def read_byline(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits in a byline: authors, and what else it says ("By A with photographs by B", "A (Text), B (Fotos)").

    The text is taken to be a byline, so any name is taken as written. "By", "Von", "Par" …, mail addresses, the place
    of an English byline ("in London") and titles after a comma ("Staff Writer") are left out.
    """
    text = _plain(_ADDRESS.sub("", text))
    line = _FROM_BEHIND.sub("", _without_by(text))
    if line != text and not _DUTCH_BY.match(text):  # "Por Ada Lovelace, corresponsal en Londres"
        line = _SPANISH_PLACE.sub(" in ", line)
    if found := read_credit_line(line, at):
        return found
    starts = [start for start in _starts(line) if start[0] > 0] if len(line) <= _LONGEST else []
    more = _read(line, starts, at) if starts else ()
    part = _trimmed(line[: starts[0][0]]) if more else line
    first, *others = names_in(part if line == text else _without_town(part)) or (Name(""),)
    kept = (name for name in others if name.quoted or not _is_aside_of_byline(name.text))
    return tuple(credit for name in (first, *kept) if name.text for credit in _author(name, at)) + more


def _is_aside_of_byline(text: str) -> bool:
    """True for what a byline says of the name before: "Staff Writer", "envoyé spécial à Brest", "da Londra"."""
    return is_title(_AT_PLACE.split(text)[0]) or _is_only_place(text) or bool(_FROM_PLACE.fullmatch(text))


def is_byline(line: str) -> bool:
    """True for a line of text that says "By" (in any label language) and then nothing but names, roles and titles."""
    text = _plain(line) if len(line) <= _LONGEST else ""
    if _without_by(text) == text:
        return False
    names = [Name(credit.person.name) for credit in read_byline(text, Location(""))]
    nobody = any(is_title(name.text) or is_nobody(name.text) for name in names)  # "By Staff Reporter"
    return bool(names) and not nobody and all(looks_like_name(name, single=True) for name in names)


def _plain(line: str) -> str:
    text = unicodedata.normalize("NFC", line).strip().replace(" // ", " | ")
    text = _WIDE_GAP.sub(lambda gap: f"{gap[1]}：" if line_roles(gap[1], agent=False) else gap[0], text)
    text = _BETWEEN_HAN.sub(lambda gap: "；" if line_roles(gap["words"], agent=True) else gap[0], text)
    return _EMPHASIS.sub("", " ".join(text.split()))


def _bare(text: str) -> str:
    """The text without the bullet before it and the brackets around it: "(Photo: Ada Lovelace)"."""
    text = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
    for first, last in ("()", "[]", "（）"):
        if text.startswith(first) and text.endswith(last) and _closes_last(text, first, last):
            text = text[1:-1].strip()
    return text


def _closes_last(text: str, first: str, last: str) -> bool:
    """True where the bracket that opens the text is the one that closes it."""
    depth = 0
    for at, character in enumerate(text):
        depth += (character == first) - (character == last)
        if not depth:
            return at == len(text) - 1
    return False


def _parted(line: str) -> tuple[str, str]:
    """What stands before and behind the first colon of a line; empty where there is none."""
    text = _bare(_plain(line)) if len(line) <= _LONGEST else ""
    colon = re.match(r"(?P<words>[^:：]{2,80}?)\s?[:：]\s?(?=\S)", text)
    return (colon["words"], text[colon.end() :]) if colon else ("", "")


def _headed(text: str, at: Location, *, stated: bool) -> tuple[Credit, ...]:
    """The credits of a line that begins with a role: "Text: A; Fotos: B", also "This episode was produced by A"."""
    text = _UNLESS.sub("", _AGENCY_FIRST.sub(_agency_behind, text))
    text = _language_first(_OCCASION.sub("", text, count=1) if _OCCASION.match(text) else text)
    starts = _starts(text, stated=stated)
    if not starts or starts[0][0]:
        return ()
    clear = stated or any(start.clear for _, start in starts)
    codes = {role.code for _, start in starts for role in start.roles}
    found = _read(text, starts, at, stated=stated) if clear or codes <= _PICTURES else ()
    agencies = "/" in text or any(has_agency(credit.person.name) for credit in found)  # "Image: A/Wellcome Collection"
    return found if clear or agencies else ()


def _agency_behind(found: re.Match[str]) -> str:
    """The agency where other lines have it: not "AP Photo/Ada Lovelace"."""
    return f"{found['role']}: {found['agency']}/" if is_agency(found["agency"]) else found[0]


def _starts(text: str, *, stated: bool = False) -> list[tuple[int, _Start]]:
    """Where credits begin: at the start of the text, behind a separator, or in front of a colon or a "by"."""
    found: list[tuple[int, _Start]] = []
    reached = 0
    for begin in sorted({0, *(gap.end() for gap in _BREAK.finditer(text)), *_later(text)}):
        if begin < reached:
            continue
        start = _start(text, begin, stated=stated)
        # "Fotos: © A, © B": the second sign is as the first.
        again = start and found and _OWNED_NAME.match(text, begin) and _OWNED_NAME.match(text, found[-1][1].names_from)
        if start and not again:
            found.append((begin, start))
            reached = start.names_from
    return found


def _later(text: str) -> Iterator[int]:
    """Where a role begins that only its colon or its "by" sets apart from the names before: "Text: A Fotos: B"."""
    for mark in islice(chain(_LATER_COLON.finditer(text), _LATER_BY.finditer(text)), _MOST_MARKS):
        spaces = [gap.end() for gap in re.finditer(r"\s", text[max(0, mark.start() - 120) : mark.start()])]
        begins = [max(0, mark.start() - 120) + space for space in spaces[-_MOST_WORDS:]]
        words = ((at, text[at : mark.start()]) for at in begins if text[at].isalpha())
        good = (at for at, said in words if not _PARTED.search(said) and line_roles(said, agent=True))
        yield from islice(good, 1)


def _start(text: str, begin: int, *, stated: bool) -> _Start | None:
    joint = _JOINT.match(text, begin)
    if joint and (direct := _direct(text, begin)):  # "With reporting from"
        return direct
    begin = joint.end() if joint else begin
    with_the = _WITH_THE.match(text, joint.start()) if joint else None
    return (
        _courtesy(text, begin)
        or _colon(text, begin, stated=stated)
        or _owned(text, begin)
        or _direct(text, begin)
        or _agent(text, begin)
        or (_agent(text, with_the.end()) if with_the else None)  # "con le foto di A"
    )


def _courtesy(text: str, begin: int) -> _Start | None:
    """Who gave a picture, and need not have made it: "Photo courtesy of A", "Image: Courtesy of A"."""
    found = _COURTESY.match(text, begin)
    if not found or not _of_picture(found["what"]):
        return None
    words = re.sub(r"[:,–-]\s?(?=\w)", " ", found[0]).strip()
    return _Start((Role(code="prv", label=" ".join(words.split())),), found.end())


def _colon(text: str, begin: int, *, stated: bool) -> _Start | None:
    for pattern in (_COLON, _DASH, _TIGHT, _DOT, _SLASH):
        colon = pattern.match(text, begin)
        words = next((group for group in colon.groups() if group), "") if colon else ""
        roles = line_roles(words, agent=True, stated=stated) if words else ()
        if words and not roles and (placed := _ROLE_AT_PLACE.fullmatch(words)):
            words = placed["words"]
            roles = line_roles(words, agent=True, stated=stated)
        if colon and roles:
            by = bool(_ENDS_IN_AGENT.search(words))
            return _Start(
                roles,
                colon.end(),
                single=bool(_STRONG.fullmatch(words)) or all(role.code in _DRAWN for role in roles),
                clear=bool(line_roles(words, agent=by)),
                colon=True,
                spanish=_is_spanish(words),
            )
    return None


def _owned(text: str, begin: int) -> _Start | None:
    """The role before a copyright sign ("Photo © A"); by itself the sign names the owner: "© 2024 A"."""
    found = _OWNED.match(text, begin)
    if not found or (found["what"].strip() and not line_roles(found["what"], agent=True)):
        return None
    owner = Role(code="cph", label=" ".join(found["mark"].strip(" :").split()))
    return _Start(line_roles(found["what"], agent=True) or (owner,), found.end())


def _of_picture(words: str) -> bool:
    return not words.strip() or bool({role.code for role in line_roles(words, agent=True)} & _PICTURES)


def _direct(text: str, begin: int) -> _Start | None:
    found = _DIRECTLY.match(text, begin)
    return _Start(roles_of(found[0]), found.end(), spanish=_is_spanish(found[0])) if found else None


def _agent(text: str, begin: int) -> _Start | None:
    """A role and its "by", of which the last counts: "Photographs by A", "Traduit de l’anglais par A"."""
    article = _INDEFINITE.match(text, begin)
    longest = None
    for agent in _AGENTS.finditer(text, begin, begin + 140):
        words = text[begin : agent.start()]
        if _ENDS_IN_AGENT.search(words):  # "Photos by de la Torre"
            continue
        roles = line_roles(words, agent=True)
        by = (agent["agent"] or "").casefold()
        if not roles and article:  # "une photo de A" may show her
            roles = line_roles(text[article.end() : agent.start()], agent=True)
            roles = () if by not in _MADE_BY and any(role.code in _PICTURES for role in roles) else roles
        if roles and not (words.casefold() in _TEAMS and by not in _MADE_BY):
            names_from = agent.end() + bool(agent["agent"])
            longest = _Start(roles, names_from, single=bool(_STRONG.fullmatch(by)), spanish=_is_spanish(words))
    return longest


def _is_spanish(words: str) -> bool:
    spoken = languages_of(words)
    return "es" in spoken and "nl" not in spoken


def _language_first(text: str) -> str:
    """The text with the language where other lines have it: not "Translated by A from the French"."""
    found = _FROM_LANGUAGE.fullmatch(text)
    if not found or not line_roles(f"{found['done']} {found['source']}", agent=True):
        return text
    return f"{found['done']} {found['source']} {found['agent']} {found['names']}"


def _read(text: str, starts: Sequence[tuple[int, _Start]], at: Location, *, stated: bool = False) -> tuple[Credit, ...]:
    """The credits from the first start on; empty where anything behind a role does not look like a name."""
    found: list[Credit] = []
    ends = [begin for begin, _ in starts[1:]] + [len(text)]
    several = len(starts) > 1 and all(start.colon and start.clear for _, start in starts)
    for (_, start), end in zip(starts, ends, strict=True):
        part = text[start.names_from : end]
        part, own = _own_roles(part if end == len(text) else _trimmed(part))
        names = _people(part, replace(start, single=start.single or several), stated=stated)
        others = [_people(name, _Start(roles, 0), stated=stated) for roles, name in own]
        if not names or not all(others):
            return ()
        found += _credits(start.roles, names, at)
        for (roles, _), people in zip(own, others, strict=True):
            found += _credits(roles, people, at)
    return tuple(found)


def _own_roles(part: str) -> tuple[str, list[tuple[tuple[Role, ...], str]]]:
    """The part without the names at its end that say another role, and these: "A, with B (photographs)"."""
    own: list[tuple[tuple[Role, ...], str]] = []
    while found := _LAST_WITH_ROLE.fullmatch(part):
        roles = line_roles(found["words"], agent=True)
        if not roles:
            break
        own.insert(0, (roles, found["name"]))
        part = found["before"]
    return part, own


def _people(part: str, start: _Start, *, stated: bool) -> tuple[Name, ...]:
    """The names in what follows a role, without places, titles, licences and remarks; none if any is no name."""
    text = _LICENCE.sub("", part)
    text = _SPANISH_PLACE.sub(" in ", text) if start.spanish else text
    pictures = any(role.code in _PICTURES for role in start.roles)
    groups: list[list[Name]] = []
    in_place = False
    for name in chain.from_iterable(_without_remarks(one, pictures=pictures) for one in names_in(text)):
        told, here = (name.text, False) if name.quoted else _placed(name.text)
        place = in_place and not name.slashed and _may_be_place(told)
        if groups and not name.quoted and (place or _is_aside(told)):
            in_place = in_place or _is_only_place(told)
        elif name.quoted or not (is_nobody(told) or _is_staff(told) or (groups and _YEAR.fullmatch(told))):
            in_place = here
            if not name.slashed or not groups:
                groups.append([])
            groups[-1].append(replace(name, text=told))
    if not stated and [len(group) for group in groups] == [1] and _may_be_title(groups[0][0], pictures=pictures):
        return ()
    lower = stated and start.colon
    ones = {_is_one_word(name) for group in groups for name in group if not name.slashed}
    if len(ones) > 1 or any(line_roles(_inside(name), agent=True) for group in groups for name in group):
        return ()  # "Ada Lovelace, Leeds"; "A (Fotos)" behind another role
    good = all(_credible(group, single=start.single or stated, lower=lower) for group in groups)
    return tuple(name for group in groups for name in group) if good else ()


def _may_be_title(name: Name, *, pictures: bool) -> bool:
    """True for what is as much a headline as a newspaper: "The Chair"; newspapers have pictures, and not interviews."""
    loose = name.text.startswith("The ") and not name.quoted and not is_body(name.text)
    return loose and (not pictures or name.text.count(" ") == 1)


def _credible(group: Sequence[Name], *, single: bool, lower: bool) -> bool:
    """True where all look like names; beside a full name or an agency ("A/Reuters") a single word is one, too."""
    sure = len(group) > 1 and any(looks_like_name(name, single=False) for name in group)
    return all(looks_like_name(name, single=single or sure) or (lower and _may_be_stated(name)) for name in group)


def _may_be_stated(name: Name) -> bool:
    """True for lower-case words that are a name if a line of credits says so: "bell hooks"."""
    words = name.text.replace(".", "").split()
    plain = name.text == name.text.lower() and all(map(str.isalpha, words)) and not any(map(is_small, words))
    return plain and len(words) <= _MOST_STATED and looks_like_name(Name(name.text.title()), single=True)


def _without_remarks(name: Name, *, pictures: bool) -> tuple[Name, ...]:
    """The name without its copyright sign and a bracket that says where, which or who: "(left)", "(in Leeds)"."""
    if name.quoted:
        return (name,)
    owned = _OWNED_NAME.match(name.text)
    text = _YEAR_BEHIND.sub("", name.text[owned.end() :] if owned else name.text)
    behind = _WITH_ROLE.fullmatch(text)
    if not behind:
        return (replace(name, text=text),)
    text, behalf = without_behalf(behind[1])  # "A for The Tideline (left)"
    base, inside = replace(name, text=text, behalf=behalf or name.behalf), behind[2]
    aside = is_remark(inside) or is_nobody(inside) or _is_only_place(inside) or _is_source_language(inside)
    place = not pictures and _is_place(inside.split()) and not line_roles(inside, agent=True)
    if aside or place:
        return (base,)
    if is_agency(inside):
        return (base, Name(inside, slashed=True))
    return (replace(name, text=behind[0]),)


def _is_one_word(name: Name) -> bool:
    """True for one capitalised word that is no agency: among full names it is as likely a place."""
    return " " not in name.text and not name.quoted and not looks_like_name(name, single=False)


def _inside(name: Name) -> str:
    """What stands in the bracket behind a name."""
    behind = None if name.quoted else _WITH_ROLE.fullmatch(name.text)
    return behind[2] if behind else ""


def _is_source_language(text: str) -> bool:
    """True for "from the French", "aus dem Ukrainischen"."""
    return {role.code for role in line_roles(f"translated {text}", agent=True) + line_roles(text, agent=True)} == {
        "trl"
    }


def _placed(text: str) -> tuple[str, bool]:
    """A name without the place behind it ("Ada Lovelace in New York"), and whether there was one."""
    words = text.split()
    for at in range(max(1, len(words) - _PLACE_WORDS - 1), len(words) - 1):
        if words[at] in _IN and (at > 1 or words[at - 1].isupper()) and _is_place(words[at + 1 :]):
            return " ".join(words[:at]), True
    return text, False


def _is_place(words: Sequence[str]) -> bool:
    """True for capitalised words, with small ones between them: "Rio de Janeiro", "’s-Hertogenbosch"."""
    if len(words) > 1 and words[0] in {"the", "'s", "’s", "La", "Le"}:
        words = words[1:]
    bare = [word.strip(",.()") for word in words]
    capital = [bool(re.match(r"(?:[’']s-|[lL]['’])?[^\W\d_]", word)) and _has_capital(word) for word in bare]
    inside = (yes or is_inside(word) for yes, word in zip(capital, bare, strict=True))
    return 0 < len(bare) <= _PLACE_WORDS and capital[0] and capital[-1] and all(inside)


def _has_capital(word: str) -> bool:
    start = _BEFORE_PLACE.match(word)
    return word[start.end() if start else 0 :][:1].isupper()


def _is_only_place(text: str) -> bool:
    words = text.split()
    return len(words) > 1 and words[0] in _ONLY_IN and _is_place(words[1:])


def _may_be_place(text: str) -> bool:
    """True for what goes on with a place: "A in London and Paris", "A in Portland, Ore."."""
    return is_region(text) or (" " not in text and text[:1].isupper() and not is_agency(text) and not text.isupper())


def _is_aside(text: str) -> bool:
    """True for what a list of names says of the one before: "à Brest", "staff photographer"."""
    return _is_only_place(text) or (is_title(text) and text == text.lower()) or _is_staff(text)


def _is_staff(text: str) -> bool:
    """True for a title that names nobody: "Staff Photographer"."""
    return text.split(" ", 1)[0].casefold() in _STAFF_WORDS and is_title(text)


def _trimmed(part: str) -> str:
    """The part before a separator, without the separator, also where it is ", and"."""
    while gap := next((gap for gap in _BREAK.finditer(part) if gap.end() == len(part)), None):
        part = part[: gap.start()]
    return part.strip(" ,;|•·/–—")


def _credits(roles: Iterable[Role], names: Iterable[Name], at: Location) -> tuple[Credit, ...]:
    named = tuple(names)
    return tuple(
        Credit(person=Person(name=name.text), role=role, at=at, behalf=name.behalf) for role in roles for name in named
    )


def _unheaded(text: str, at: Location, *, stated: bool) -> tuple[Credit, ...]:
    """The credits of a line without colons: "Words Ada Lovelace | Photos Mary Anning", "Photo Mary Anning/Reuters".

    Sure only where there are two roles or more, or one for pictures with an agency among the names, or one for
    photographs or drawings with names of persons.
    """
    shouted = text.isupper()
    begins = {0, *(gap.end() for gap in _BREAK.finditer(text))}
    spaces = {gap.end() for gap in re.finditer(r"\s(?=\w)", text)}
    by = len(text) - len(_without_by(text))  # "Par A. Photos B."
    starts = [(0, _Start((_AUTHOR,), by))] if by else []
    reached = by
    for begin in sorted(begins | spaces) if len(text) <= _LONGEST // 3 else ():
        if begin < reached or (not starts and begin) or (begin not in begins and text[begin].islower()):
            continue
        if start := _role_without_colon(text, begin, words=_MOST_WORDS if begin in begins else 1):
            starts.append((begin, start))
            reached = start.names_from + 1
    roles = [role for _, start in starts for role in start.roles]
    found = _read(text, starts, at) if starts and any(start.clear for _, start in starts) else ()
    pictures = {role.code for role in roles} <= _PICTURES
    agencies = pictures and any(has_agency(credit.person.name) for credit in found)
    persons = {role.code for role in roles} <= _ALONE and all(is_personal(credit.person.name) for credit in found)
    alone = persons and (stated or not shouted)
    return found if len(roles) >= _SEVERAL or agencies or alone or (stated and roles and not shouted) else ()


def _role_without_colon(text: str, begin: int, *, words: int) -> _Start | None:
    """The longest role of so many words that a capital follows."""
    ends = [gap.start() for gap in islice(re.finditer(r"\s(?=\S)", text[begin : begin + 120]), words)]
    for end in reversed(ends):
        said = text[begin : begin + end]
        if roles := line_roles(said, agent=True):
            return _Start(roles, begin + end + 1, clear=bool(line_roles(said, agent=False)))
    return None


def _with_byline(text: str, at: Location, *, stated: bool) -> tuple[Credit, ...]:
    """The credits of "By A; photographs by B": a byline that says more than who wrote, or that is given as a credit."""
    line = _without_by(text)
    if line == text:
        return ()
    starts = [start for start in _starts(line) if start[0] > 0]
    more = _read(line, starts, at) if starts else ()
    part = _trimmed(line[: starts[0][0]]) if more else line
    own = [_author(name, at) for name in names_in(_without_town(part))]
    people = [_people(credit.person.name, _Start((_AUTHOR,), 0, single=True), stated=False) for credit in chain(*own)]
    told = more or stated or any(credit.role != _AUTHOR for credit in chain(*own))
    return (*chain(*own), *more) if told and people and all(people) else ()


def _statement(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a sentence of the table: "Mit Ada Lovelace sprach Ida Rhodes"."""
    for pattern, code, label in STATEMENTS:
        found = pattern.fullmatch(text.rstrip("."))
        if not found:
            continue
        words = found.groupdict().get("words") or label
        roles = (Role(code=code, label=words),) if code else line_roles(words, agent=True)
        listed = re.sub(f"(?<={_HAN}) (?={_HAN})", "、", _STAFF.sub("", found["names"], count=1))
        names = _people(listed, _Start(roles, 0, spanish=True), stated=False) if roles else ()
        if names:
            return _credits(roles, names, at)
    return ()


def _clauses(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits of "A and B contributed reporting from Bergen, and C contributed research."."""
    if "contributed" not in text and "reported" not in text:
        return ()
    found: list[Credit] = []
    waiting: list[str] = []  # names before their verb, or places behind the one before
    roles: tuple[Role, ...] = ()
    named: tuple[Name, ...] = ()
    placed = False
    for piece in _CLAUSES.split(text.rstrip(". ")):
        clause = _clause(piece, roles)
        further = line_roles(piece, agent=True) if roles and not waiting and not clause else ()
        if clause:
            roles, names, place = clause
            listed = _STAFF.sub("", ", ".join((*waiting, names)), count=1)
            named = _people(listed, _Start(roles, 0, single=bool(waiting)), stated=False)
            placed, waiting = bool(place), []
            if not named:
                return ()
            found += _credits(roles, named, at)
        elif further:  # "contributed reporting and research"
            roles = further
            found += _credits(roles, named, at)
        else:
            waiting.append(piece)
    places = placed and all(_is_place(piece.split()) for piece in waiting)
    return tuple(found) if places or not waiting else ()


def _clause(piece: str, before: tuple[Role, ...]) -> tuple[tuple[Role, ...], str, str] | None:
    """The roles, names and place of "A contributed reporting from Hull", or, behind such a clause, of "B from York"."""
    states = _STATES.fullmatch(piece)
    found = states or (_ELLIPSIS.fullmatch(piece) if before else None)
    if not found:
        return None
    roles = line_roles(states["words"], agent=True) if states else before
    place = found["place"] or ""
    known = _is_place(place.split()) if place else not states or states["words"] != "reported"
    return (roles, found["names"], place) if roles and known else None


def _author(name: Name, at: Location) -> tuple[Credit, ...]:
    behind = None if name.quoted else _WITH_ROLE.fullmatch(name.text)
    roles = line_roles(behind[2], agent=True) if behind else ()
    if behind and roles:
        return _credits(roles, (Name(behind[1]),), at)
    beside = _OPENED.sub("", behind[2]) if behind else ""
    others = names_in(beside) if behind and beside != behind[2] else ()  # "Ada Lovelace (avec Mary Anning)"
    if behind and others and all(looks_like_name(other, single=False) for other in others):
        return _credits((_AUTHOR,), (Name(behind[1]), *others), at)
    if behind and is_agency(beside):
        return _credits((_AUTHOR,), (Name(behind[1]), Name(beside)), at)
    if behind and (_is_only_place(behind[2]) or is_remark(behind[2])):
        return _credits((_AUTHOR,), (Name(behind[1]),), at)
    return _credits((_AUTHOR,), (name if name.quoted else replace(name, text=_placed(name.text)[0]),), at)


def _roles_behind(text: str, at: Location, *, stated: bool) -> tuple[Credit, ...]:
    """The credits of a line in which every name has its role behind it: "A (text), B (photographs)"."""
    together = _BOTH_WITH_ROLE.fullmatch(text)
    if together and (named := _people(together["names"], _Start(roles_of(together["words"]), 0), stated=stated)):
        return _credits(roles_of(together["words"]), named, at)
    names = [name.text for name in names_in(_without_by(text))]
    segments = re.split(r"\s?[;|]\s", text)
    for pieces, pattern, least in (
        (names, _WITH_ROLE, 1),
        (segments, _ROLE_AFTER, 1 if stated else _SEVERAL),
        (segments, _STAFF_AFTER, 1),
        (re.split(r"[\s；、，]+", text), _HAN_ROLE_AFTER, 1),
    ):
        matches = [pattern.fullmatch(piece) for piece in pieces]
        found: list[Credit] = []
        for match in matches:
            roles = line_roles(match[2], agent=True, stated=stated) if match else ()
            named = _people(match[1], _Start(roles, 0, single=True), stated=stated) if match and roles else ()
            if not named:
                break
            found += _credits(roles, named, at)
        else:
            if len(pieces) >= least:
                return tuple(found)
    return ()


def _names_before(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a CRediT statement, as journals print it: "A: Software, Validation. B: Supervision."."""
    found: list[Credit] = []
    pieces = _PERSONS.split(text.rstrip("."))
    for piece in pieces:
        match = _NAME_BEFORE.fullmatch(piece.strip())
        roles = roles_of(match["words"]) if match else ()
        if not match or not all(credit_uri(role) for role in roles):
            return ()
        names = _people(match["name"], _Start(roles, 0, single=True), stated=False)
        if not names:
            return ()
        found += _credits(roles, names, at)
    return tuple(found) if len({credit.role for credit in found}) >= _SEVERAL else ()


def _with_agency(text: str, at: Location) -> tuple[Credit, ...]:
    """The credits of a line of names with an agency and no role, which is a picture's: "Ada Lovelace/AFP"."""
    names = _people(text, _Start((_PHOTOGRAPHER,), 0), stated=False) if "/" in text else ()
    person = len(names) > 1 and (is_personal(names[0].text) or names[0].text.isupper())
    return _credits((_PHOTOGRAPHER,), names, at) if person and any(is_agency(name.text) for name in names) else ()


def _without_town(part: str) -> str:
    """The names of a byline without the town behind them: "Ada Lovelace, London"; "and Zep" is a name."""
    *before, last = part.split(", ")
    names = names_in(", ".join(before))
    town = bool(re.fullmatch(r"[A-ZÀ-Þ][a-zà-ÿ]+(?:-[A-ZÀ-Þ]?[a-zà-ÿ]+)*", last)) and not is_agency(last)
    return ", ".join(before) if town and names and not any(map(_is_one_word, names)) else part


def _without_ours(line: str) -> str:
    """A byline without what it says of the person: "De notre correspondante à Berlin, Ada Lovelace"."""
    ours = _OURS.match(line)
    words = line[ours.end() :].split() if ours else []
    for at in range(1, min(len(words) - 1, _MOST_WORDS)):
        said = _AT_PLACE.split(" ".join(words[:at]))
        closed = len(said) == 1 or words[at - 1].endswith((",", ":"))
        ends = closed and is_title(said[0].rstrip(",:")) and not is_title(words[at].rstrip(",:"))
        if ends and _has_capital(words[at]):
            return " ".join(words[at:])
    return line


def _without_by(line: str) -> str:
    if (rest := _without_ours(line)) != line:
        return rest
    by = _BY.match(line)
    if not by:
        return line
    rest = line[by.end() :].strip()
    # "Di Stefano" and "von der Leyen" are names: after these words there must be a capital and two words.
    if _BY_WITH_TEXT.match(line) and (" " not in rest or rest[:1].islower()):
        return line
    return rest or line
