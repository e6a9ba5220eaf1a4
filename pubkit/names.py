"""Names: lists of them taken apart, names told from prose, and the form to sort by. The words stand in names.toml."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from pubkit.model import Person
from pubkit.word_lists import listed

_TABLE: Mapping[str, str] = tomllib.loads((files("pubkit") / "names.toml").read_text(encoding="utf-8"))
_WORDS: Mapping[str, frozenset[str]] = {key: frozenset(listed(words)) for key, words in _TABLE.items()}
_BODIES = _WORDS["bodies-first"] | _WORDS["bodies-last"]
_AGENCIES = frozenset(agency.replace("-", " ") for agency in _WORDS["agencies"])

_LONGEST = 80  # characters of one name in a credit line
_MOST_WORDS = 8
_LONGEST_UNCASED = 24  # characters of a name in a script without case, all words
_MOST_WORDS_UNCASED = 5
_ONE_UNCASED = range(2, 11)  # characters of a name in one word: 山田太郎
_INITIALISM = range(2, 7)  # letters of AFP, REUTERS is in the list
_COMPOUND = 4  # words at least in a name with "y": "José Ortega y Gasset"

_JOINT = r"(?:(?i:and|und|et|with|avec|mit)|y|e|ed|i|en|и|con|com|met|oraz|och|og|和|与|與|と|و|&|\+)"
_PIECES = re.compile(  # all repeats are bounded, so that time grows with the length only
    r"(?P<closed>\"[^\"]{0,200}\"|“[^”]{0,200}”|„[^“”]{0,200}[“”]|«[^»]{0,200}»|\([^()]{0,200}\))"
    rf"|(?P<separator>\s?[,;、，،•|]\s?(?:{_JOINT}\s)?|\s?/\s?|\s{_JOINT}\s)"
)
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|„([^“”]+)[“”]|«\s?([^»]+?)\s?»")
_THROUGH = r"special to|v[ií]a|(?:on|from)(?=\s(?:Unsplash|Pexels|Flickr|Pixabay|Freepik)\b)"
_FOR = re.compile(rf"\s(?:for|pour|für|para|per|voor|dla|для|{_THROUGH})\s")
_AT = re.compile(r"\s(?:at|chez)\s(?=[A-ZÀ-Þ])")  # "Ada Lovelace at Salon Nine"
_FOR_AT_START = re.compile(r"(?:[Ff]or|[Ss]pecial to|via|pour|für|para|per|voor)\s(?=\S)")
_ARABIC_AND = re.compile(r"(?<=[\u0621-\u064a])\sو(?=[\u0621-\u064a]{2,}\s[\u0621-\u064a])")
_BETWEEN_KANJI = re.compile(  # a phrase, not a name
    "(?<=[\u3400-\u9fff])[の的](?=[\u3400-\u9fff])|[了们這这那你吗呢吧啊它]|[れしいっ]た|ない|です|ます|する"
)
_PAGES = re.compile(r"(?:pages?|pp?|seiten?|s|págs?|pagg?|blz)?\.?\s?\d{1,4}(?:\s?[-–,/+&]\s?\d{1,4}){0,9}")
_DOMAIN = re.compile(r"[^\W_][\w-]{1,40}\.(?:com|org|net|info|eu|de|fr|es|it|pt|br|nl|be|ch|at|pl|ru|uk|io)")
# What says nothing of whether the words are a name: the grade of a rank, the preposition of "Ada in 't Veld".
_ASIDE = re.compile(r"\b(?:(?:1st|2nd|3rd|First|Second|Third) Class |(?:in|op|aan|over|onder) (?=['’]t\s))")
_DASH_LAST = re.compile(r"\s?[—–]\s?([^,;/|—–]{2,40})$")
_NOTE_MARKS = re.compile(r"(?<=\w)[¹²³⁰⁴-⁹*†‡§]{1,6}$")
_DIGIT = re.compile(r"\d")
_SHORTENED = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]{1,2}\.(?:-[A-ZÀ-Þ]\.)?")  # "Ch. Lee"
_HANDLE = re.compile(r"@[\w.]{2,40}")
_FINAL_HAN = re.compile(r"(?<=[\u3400-\u9fff]{2})[和与與](?=[\u3400-\u9fff]{2,4}$)")
_HAN_BETWEEN_LATIN = re.compile(r"(?<=[A-Za-zÀ-ɏ.])[和与與](?=[A-Za-zÀ-ɏ’'])")
_SENTENCE_MARKS = re.compile(r"[()?!:;…“”\"„«»<>{}\[\]=@#%*。！？：；／＝\\]")
_LEADING_ARTICLE = re.compile(r"\A(?:Il|The)\s(?=\S)")
_PREPOSITION = re.compile(rf"\A(?:{_THROUGH}|\S+)\s")
_ARTICLES = re.compile(  # behind "for": "para a Revista Atlântica"
    r"\A(?:the|il|lo|la|l['’]|gli|i|le|les|el|los|las|o|a|os|as|der|die|das|den|dem|de|het)(?:(?<=['’])|\s)(?=\S)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]?\.?")
_ELIDED = re.compile(r"[^\W\d_]{1,4}['’-][^\W\d_]")  # d’Alembert, al-Khwarizmi
_ARTICLE = re.compile(r"al-|el-|ad-|an-|ar-|as-|at-|az-|[’'ʿ]", re.IGNORECASE)  # not counted when names are sorted


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written; `quoted` where quotation marks kept it whole."""

    text: str
    quoted: bool = False
    slashed: bool = False  # behind a slash: "Ada Lovelace/Reuters"
    behalf: str = ""  # for whom or through whom: "for The Tideline", "via Getty Images"


def split_names(text: str) -> tuple[str, ...]:
    """The names in a list such as "A, B and C", as written, in order.

    Commas, semicolons, slashes and the words for "and" and "with" part names. A suffix ("Jr."), "for NAME", "via NAME"
    (which `without_behalf` takes off), the second half of a firm ("Hartley & Sons") and that of a Spanish surname
    ("Ortega y Gasset") stay with the name before them. "Simon and Schuster" cannot be told from two people: put such
    names in quotation marks. An Arabic "و" that is written together with a name parts full names, but not where the
    name itself begins with it.
    """
    return tuple(" ".join(filter(None, (name.text, name.behalf))) for name in names_in(text))


def names_in(text: str) -> tuple[Name, ...]:
    """The same as `split_names`, with a mark on names that were quoted, and what they are named on behalf of apart."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if (dash := _DASH_LAST.search(line)) and is_agency(dash[1]):  # "Ada Lovelace — Getty Images"
        line = f"{line[: dash.start()]}/{dash[1]}"
    found: list[str] = []
    slashed: list[bool] = []
    commas = joints = 0
    for separator, piece in _pieces(line):
        word = separator.strip(" ,;、，،•|").casefold()
        listed = bool(commas and not joints)  # "A, B y C": the "y" ends the list
        if found and piece and _FOR_AT_START.match(piece):
            found[-1] += f" {piece[:1].lower()}{piece[1:]}"
        elif found and piece and _belongs(found[-1], separator, word, piece, listed=listed):
            found[-1] += separator + piece
        elif piece:
            found.append(piece)
            slashed.append(word == "/")
            commas += bool(separator and not word)
            joints += bool(word)
    named = (replace(_named(piece), slashed=slash) for piece, slash in zip(found, slashed, strict=True))
    return tuple(name for name in named if name.text)


def looks_like_name(name: Name, *, single: bool) -> bool:
    """True where the text could only be a name: capitalised words, particles, initials, or a script without case.

    A single word counts if `single` allows it, if it is an agency, all capitals, or has a capital inside. Words that
    begin sentences ("This", "Warum") and the marks of sentences make prose of it.
    """
    text = name.text if name.quoted else re.sub(r"\s*\([^()]{1,40}\)$", "", name.text)
    if _HANDLE.fullmatch(text):
        return True
    if not text or len(text) > _LONGEST or _SENTENCE_MARKS.search(text) or _BETWEEN_KANJI.search(text):
        return False
    first, *behind = _FOR.split(text)
    behind += [_PREPOSITION.sub("", name.behalf)] if name.behalf else []
    # Of newspapers the article is part of the name, though it begins sentences, too: "Il Litorale", "A/The Pilot".
    first = _LEADING_ARTICLE.sub("", first) if name.slashed else first
    whole = _plausible(first, single=single or bool(behind))
    return whole and all(
        _plausible(bare, single=True) or _plausible(_ARTICLES.sub("", bare), single=True) for bare in behind
    )


def without_behalf(text: str) -> tuple[str, str]:
    """A name, and for whom or through whom it stands there: "A. Lee for The Tideline" is "A. Lee", "for The Tideline".

    "For" is cut off only behind the name of a person or an agency, for bodies have it in theirs: "Voices for Peace".
    """
    found = _FOR.search(text) or _AT.search(text)
    if not found or "(" in text:
        return text, ""
    name = text[: found.start()]
    body = is_body(name) or not _BODIES.isdisjoint(name.casefold().split())
    person = " " in name and not body and (is_personal(name) or not re.search("[A-Za-z]", name))
    through = re.match(_THROUGH, found[0].strip())
    return (name, text[found.start() :].strip()) if person or through or is_agency(name) else (text, "")


def is_title(text: str) -> bool:
    """True for what a byline says of a person and not who it is: "Staff Writer", "Europe Editor"."""
    words = text.casefold().split()
    ends = {" ".join(words[-count:]) for count in (1, 2)} if words else set()
    return not _WORDS["titles"].isdisjoint(ends | {end.removesuffix("s") for end in ends})


def is_agency(text: str) -> bool:
    """True for a known picture or news agency, also for a part of one: "dpa-Zentralbild"."""
    plain = " ".join(text.casefold().strip(" .").replace("-", " ").split())
    head = re.match(r"[^\W\d_]{2,9}(?=-)", text)
    return plain in _AGENCIES or bool(head and head[0].casefold() in _AGENCIES)


def has_agency(text: str) -> bool:
    """True for an agency, also with the paper it works for: "Divergence pour Le Monde"."""
    return is_agency(_FOR.split(text)[0])


def is_body(text: str) -> bool:
    """True for a name with a word for a body of people in it: "The Canadian Press", "Museum of London"."""
    return not _WORDS["of-bodies"].isdisjoint(text.casefold().split())


def is_personal(text: str) -> bool:
    """True for the name of a person in which no word is one of headlines: not "Contest Winners", but "Noor van Dam"."""
    words = text.split()
    known = any(_is_common(word.casefold()) or word in _WORDS["headline-words"] for word in words)
    known = known and not any(word in _WORDS["moved"] for word in words[1:-1])
    return not known and not is_body(text) and not is_title(text) and sort_name(Person(name=text)) != text


def is_headline(text: str) -> bool:
    """True for words that begin like a sentence, and for those with a word of headlines: "Bishop Blesses Ferry"."""
    words = text.split()
    return not words or _is_headline(words) or any(_is_common(word.casefold()) for word in words)


def is_nobody(text: str) -> bool:
    """True for what stands in the place of a name and names nobody: "private", "Archiv", "DR"."""
    return text.casefold().strip(" .") in _WORDS["nobody"]


def is_remark(text: str) -> bool:
    """True for what a bracket behind a name says of the pictures or the person: "left", "S. 12", "she/her"."""
    plain = text.casefold().strip(" .")
    return bool(_PAGES.fullmatch(plain)) or plain in _WORDS["remarks"] or bool(_HANDLE.fullmatch(plain))


def is_region(text: str) -> bool:
    """True for the short form of a state behind a town: "Ore.", "D.C."."""
    return text.strip() in _WORDS["regions"]


def is_small(word: str) -> bool:
    """True for a small word inside names: "van", "the"."""
    return word in _WORDS["particles"]


def is_inside(word: str) -> bool:
    """True for a small word inside the name of a place: "Rio de Janeiro"."""
    return word in _WORDS["inside-places"]


# Hyphens and apostrophes of many kinds, and signs of direction, which nobody sees.
_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑–", "-"), **dict.fromkeys("’ʼ‘`´", "'"), ".": " ", **dict.fromkeys("\u2068\u2069\u200e\u200f")}
)


@lru_cache(maxsize=10_000)
def name_key(name: str) -> str:
    """What two spellings of one name have in common: case, full stops, kinds of hyphen and apostrophe do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().translate(_ALIKE).split())


def sort_name(person: Person) -> str:
    """The form to sort a person by: `file_as`, else "Lovelace, Ada" for a Latin personal name, else the name.

    Lower-case particles go behind the given name ("Gogh, Vincent van"), capitalised and Arabic ones stay before the
    family name ("De Luca, Erri", "al-Khalili, Jim"), and so do French articles ("La Fontaine, Jean de"). Suffixes come
    last. Two Spanish or Portuguese surnames cannot be told from a middle name: say `file-as` for them.
    """
    if person.file_as:
        return person.file_as
    parts = name_parts(person)
    if parts is None:
        return person.name
    turned = f"{parts.family}, {' '.join(part for part in (parts.given, parts.particle) if part)}"
    return f"{turned}, {parts.suffix}" if parts.suffix else turned


@dataclass(frozen=True, slots=True, kw_only=True)
class NameParts:
    """What a Latin personal name is made of; `particle` is what goes behind the given name when names are sorted."""

    family: str
    given: str
    particle: str = ""
    suffix: str = ""


def name_parts(person: Person) -> NameParts | None:
    """The parts of a person's name; None for an organisation, another script, and what cannot be taken apart."""
    base, comma, suffix = person.name.partition(", ")
    if person.organisation or (comma and not _is_suffix(suffix)):
        return None  # turned round already, or a list
    words = [word for word in base.split() if word.casefold().rstrip(".") not in _WORDS["honorifics"]] or base.split()
    if not comma and len(words[:-1]) > 1 and _is_suffix(words[-1]):
        suffix = words.pop()
    if len(words) < 2 or not _personal(base, words):
        return None
    given, particles, family = _parted(words)
    return NameParts(family=" ".join(family), given=" ".join(given), particle=" ".join(particles), suffix=suffix)


def record_addresses(person: Person) -> tuple[str, ...]:
    """The addresses of somebody's records at ORCID and ISNI, as far as their numbers are known."""
    orcid = f"https://orcid.org/{person.orcid}" if person.orcid else ""
    isni = f"https://isni.org/isni/{person.isni.replace('-', '')}" if person.isni else ""
    return tuple(address for address in (orcid, isni) if address)


def sort_key(person: Person) -> tuple[str, str]:
    """A key that orders people by `sort_name`, without case, accents, apostrophes and Arabic articles; no locale."""
    shown = sort_name(person)
    apart = unicodedata.normalize("NFKD", _ARTICLE.sub("", shown, count=1) if _ARTICLE.match(shown) else shown)
    return "".join(character for character in apart.casefold() if not unicodedata.combining(character)), shown


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Each piece between separators with the separator before it."""
    line = _HAN_BETWEEN_LATIN.sub("、", line)
    line = _ARABIC_AND.sub(_parted_and, line)
    if "、" in line:
        line = _FINAL_HAN.sub("、", line)
    start, separator = 0, ""
    for found in _PIECES.finditer(line):
        if found["separator"]:
            yield separator, line[start : found.start()].strip()
            start, separator = found.end(), found["separator"]
    yield separator, line[start:].strip()


def _parted_and(found: re.Match[str]) -> str:
    """An Arabic "and" as a comma, where what goes on is a full name and does not begin with the letter itself."""
    word = re.match(r"[\u0621-\u064a]+", found.string[found.end() - 1 :])
    before = re.split("[،,;]", found.string[: found.start()])[-1].split()
    apart = len(before) > 1 and word and word[0] not in _WORDS["arabic-with-waw"]
    return "، " if apart else found[0]


def _belongs(left: str, separator: str, word: str, right: str, *, listed: bool) -> bool:
    """True where the piece after a separator goes on with the name before it."""
    first = right.split(maxsplit=1)[0].casefold().rstrip(".")
    if not word:
        return separator.strip() == "," and _is_suffix(right)
    firm = word == "&" and " " not in left and right.rpartition(" ")[2].casefold() in _WORDS["bodies-last"]
    if firm or first in _WORDS["partners"] or left.rpartition(" ")[2] in _WORDS["moved"]:  # "von und zu"
        return True
    if " " in right or is_agency(right):
        return False
    if word in {"y", "e", "i"}:
        return " " in left and not listed
    return bool(_FOR.search(left)) and word in {"and", "und", "et", "&"} and " " not in _FOR.split(left).pop()


def _named(piece: str) -> Name:
    quoted = _QUOTED.fullmatch(piece)
    if quoted:
        return Name(next(inner for inner in quoted.groups() if inner).strip(), quoted=True)
    text = re.sub(r"\s?\(\d+\)$", "", piece.strip(" ,;"))  # "(2)": how many of the pictures
    text = _NOTE_MARKS.sub("", text)
    last = text.rsplit(" ", 1)[-1]
    if last.endswith(".") and not _keeps_stop(last):
        text = text.rstrip(".").rstrip()
    name, behalf = without_behalf(text)
    return Name(name, behalf=behalf)


def _keeps_stop(word: str) -> bool:
    plain = word[:-1].casefold()
    return bool(_INITIALS.fullmatch(word)) or "." in plain or plain in _WORDS["abbreviations"]


def _is_suffix(text: str) -> bool:
    parts = [part.casefold().replace(".", "").replace(" ", "") for part in text.split(",")]
    return all(part in _WORDS["suffixes"] or part in _WORDS["firms"] for part in parts)


def _plausible(text: str, *, single: bool) -> bool:
    words = _ASIDE.sub("", text).replace(",", " ").split()
    if len(words) > 1 and words[0] == "the" and words[-1].casefold() in _BODIES:  # "the Data Team"
        words = words[1:]
    if len(words) > 2 and words[-1].rstrip(".") in _WORDS["suffixes"]:  # "H. J. Schimmel jr."
        words = words[:-1]
    if is_agency(text):
        return True
    if not words or len(words) > _MOST_WORDS or _is_headline(words):
        return False
    kinds = [_kind(word) for word in words]
    if len(words) > 1 and "capital" in kinds:  # "collectif Marée Basse", "imago images"
        kinds[0] = "capital" if words[0] in _WORDS["bodies-first"] else kinds[0]
        kinds[-1] = "capital" if words[-1] in _WORDS["bodies-last"] else kinds[-1]
    if "other" in kinds or kinds[-1] == "small" or kinds[0] == "number" or not {"capital", "uncased"} & set(kinds):
        return False
    if "uncased" in kinds:
        one = len(text) in _ONE_UNCASED if len(words) == 1 else len(words) <= _MOST_WORDS_UNCASED
        return one and len(text) <= _LONGEST_UNCASED
    one = len(words) == 1 or (len(words) == kinds.count("small") + 1 and kinds[0] == "small")  # "zu Streit"
    return not one or single or _is_mark(words[0])


def _is_headline(words: list[str]) -> bool:
    """True for words that begin sentences, that only headlines have, or that are held together by "of"."""
    first = words[0].casefold()
    begins = first in _WORDS["sentence-words"] or (first == "an" and words[-1][:1].casefold() in set("aeiou"))
    folded = {word.casefold() for word in words}
    body = is_body(" ".join(words)) or bool(folded & _BODIES)
    loose = not body and ("of" in folded or "the" in words[1:] or any(map(_DIGIT.search, words)))
    team = words[-1] in {"Team", "Desk", "Staff"}  # "Data Team"
    plain = not team and all(_is_common(word) for word in folded - {"the", "of", "and", "&"})
    headline = not body and not _WORDS["headline-words"].isdisjoint(words)
    return begins or loose or headline or (plain and len(words) > 1)


def _is_common(word: str) -> bool:
    """True for a word of headlines, also with an ending: "rescues", "saved"."""
    stems = (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ed"), word.removesuffix("d"))
    return not _WORDS["common"].isdisjoint(stems) or word.removesuffix("ing") in _WORDS["common"]


def _kind(word: str) -> str:
    """What a word is inside a name: "capital", "uncased" (Han, Arabic …), "small" (a particle), "number" or "other"."""
    bare = word.strip("'’‘")
    title = word.endswith(".") and word[:-1] in _WORDS["honorifics"]  # "prof. Ada Lovelace"
    if title or word in _WORDS["particles"] or word in {"&", "y", "e", "i"}:
        return "small"
    if word.isdigit():
        return "number"
    if _DOMAIN.fullmatch(word):
        return "capital"
    stop = "." in word and not _INITIALS.fullmatch(word) and not _SHORTENED.fullmatch(word)
    if not bare[:1].isalpha() or (stop and not _is_abbreviation(word)):
        return "other"
    if not bare[0].islower() and not bare[0].isupper() and not bare[0].istitle():
        return "uncased"
    inner = _ELIDED.match(bare)
    capital = bare[0].isupper() or (inner and bare[inner.end() - 1].isupper()) or _inner_capital(bare)
    return "capital" if capital else "other"


def _is_abbreviation(word: str) -> bool:
    plain = word.casefold().replace(".", "")
    lists = ("abbreviations", "honorifics", "suffixes", "firms")
    return any(plain in _WORDS[key] for key in lists)


def _is_mark(word: str) -> bool:
    """True for a single word that is a name by its looks: AFP, BuzzFeed, iStock."""
    return (word.isupper() and len(word) in _INITIALISM) or _inner_capital(word) or bool(_DOMAIN.fullmatch(word))


def _inner_capital(word: str) -> bool:
    return bool(re.match(r"[^\W\d_]{1,12}(?<=[a-zà-ÿ])[A-ZÀ-Þ]", word)) and not word.isupper()


def _personal(base: str, words: Iterable[str]) -> bool:
    """True for a Latin personal name; False for an organisation and for other scripts."""
    latin = all(unicodedata.name(character, "").startswith("LATIN") for character in base if character.isalpha())
    listed = {word.casefold().rstrip(".,") for word in words}
    corporate = listed & (_WORDS["firms"] - {"sa", "ag", "co"} | {"the", "of", "and", "&", "for", "via", "et", "und"})
    return latin and not corporate and not re.search(r"[()/&@\d]", base) and not is_agency(base)


def _parted(words: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Given names, particles to move behind them, and the family name."""
    shouted = " ".join(words).isupper()  # "JEAN DE LA FONTAINE": no telling which particles are capitalised
    probe = [word.casefold() if shouted else word for word in words]
    at = len(words) - 1
    if len(words) >= _COMPOUND and probe[at - 1] in {"y", "i"}:  # "José Ortega y Gasset"
        at -= 2
    while at > 1 and _stays(probe[at - 1]):
        at -= 1
    start = at
    while start > 0 and probe[start - 1] in _WORDS["moved"]:
        start -= 1
    return words[:start], words[start:at], words[at:]


def _stays(particle: str) -> bool:
    low = particle.casefold().rstrip(".")
    capital = particle[:1].isupper() and low in _WORDS["moved"]
    return capital or low in _WORDS["kept"]
