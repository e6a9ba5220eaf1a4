"""The forms of pubkit.yaml, of front matter and of theme.yaml, and the spellings that are accepted."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pubkit.credits import read_byline, split_names
from pubkit.model import Colour, PrintedLinks, WritingMode
from pubkit.nearest import nearest
from pubkit.printing import length, papers, purposes, size
from pubkit.source import Location

LONGEST_LINE = 1000  # characters of a headline: more is a text that lost its way
_W3C_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")  # longer first parts are registered nowhere


def _check_date(value: str) -> str:
    match = _W3C_DATE.fullmatch(value)
    try:
        datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))  # type: ignore[index]
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is no date; write 2026, 2026-11 or 2026-11-22") from None
    return value


def _check_line(value: str) -> str:
    if len(value) > LONGEST_LINE:
        raise ValueError(f"expected at most {LONGEST_LINE} characters")
    return value


def _check_language(value: str) -> str:
    value = value.replace("_", "-")
    if not _LANGUAGE.fullmatch(value):
        raise ValueError(f"{value!r} is no BCP 47 language tag, such as en, de-CH or ar")
    return value


def _as_list(value: Any) -> Any:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _comma_list(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else _as_list(value)


def _text_from(value: Any) -> Any:
    return "" if value is None else value


Text = Annotated[str, BeforeValidator(_text_from)]
Line = Annotated[str, BeforeValidator(_text_from), AfterValidator(_check_line)]
Date = Annotated[str, BeforeValidator(_text_from), AfterValidator(lambda value: value and _check_date(value))]
Language = Annotated[str, BeforeValidator(_text_from), AfterValidator(lambda value: value and _check_language(value))]
Direction = Literal["", "ltr", "rtl"]


class Form(BaseModel):
    """A mapping with known keys; `spellings` are other names for them that people know."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"))


def _check_name(value: str) -> str:
    if not value.strip():
        raise ValueError("a name is missing")
    return value


_NUMBER = re.compile(r"\d{15}[\dX]")


def _person_number(value: str) -> str:
    """Sixteen digits in fours; the last is a check digit (ISO 27729 and ORCID: ISO/IEC 7064, MOD 11-2)."""
    digits = re.sub(r"^https?://(?:www\.)?(?:orcid\.org|isni\.org/isni)/|[\s-]", "", value, flags=re.IGNORECASE).upper()
    if not _NUMBER.fullmatch(digits):
        raise ValueError(f"{value!r} is no such number: it has 16 digits, as in 0000-0002-1825-0097")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    if digits[-1] != "0123456789X"[(12 - total % 11) % 11]:
        raise ValueError(f"{value!r} is no such number: its last digit does not fit")
    return "-".join(digits[start : start + 4] for start in range(0, 16, 4))


PersonNumber = Annotated[
    str, BeforeValidator(_text_from), AfterValidator(lambda value: value and _person_number(value))
]


class PersonForm(Form):
    """A person in a list of authors or contributors."""

    name: Annotated[str, AfterValidator(_check_name)]
    role: Text = ""
    file_as: Text = ""
    url: Text = ""
    orcid: PersonNumber = ""
    isni: PersonNumber = ""


class KnownPersonForm(Form):
    """A person or an organisation of the registry."""

    name: Annotated[str, AfterValidator(_check_name)]
    also: Annotated[list[str], BeforeValidator(_as_list)] = []
    file_as: Text = ""
    url: Text = ""
    orcid: PersonNumber = ""
    isni: PersonNumber = ""
    bio: Text = ""
    portrait: Text = ""
    organisation: bool = False


class RightsForm(Form):
    """The statement of rights of the whole, and how strictly rights are looked at."""

    text: Text = ""
    strict: bool = False
    sold: bool = False


def _rights(value: Any) -> Any:
    return {"strict": True} if value == "strict" else {"text": value} if isinstance(value, str) else value or {}


class RoleForm(Form):
    """One role and those who had it."""

    role: str
    names: Annotated[list[str], BeforeValidator(_as_list)]


def _people(value: Any) -> Any:
    """Names in any of the ways people write them: "A, B and C", a list of names, a list of mappings.

    A name in a list is taken whole: that is how "Simon and Schuster" stays one.
    """
    if isinstance(value, str):
        return [{"name": credit.person.name} for credit in read_byline(value, Location(""))]
    return [{"name": person} if isinstance(person, str) else person for person in _as_list(value)]


def _roles(value: Any) -> Any:
    """Roles as `role: names` lines, as text lines, or as {role, name} mappings."""
    if isinstance(value, dict) and not set(value) <= {"role", "name", "names"}:
        return [{"role": role, "names": _names(names)} for role, names in value.items()]
    return [
        {"role": "", "names": line}
        if isinstance(line, str)
        else {("names" if key in ("name", "names") else key): part for key, part in line.items()}
        if isinstance(line, dict)
        else line
        for line in _as_list(value)
    ]


def _names(value: Any) -> Any:
    return list(split_names(value)) if isinstance(value, str) else value


People = Annotated[list[PersonForm], BeforeValidator(_people)]
Roles = Annotated[list[RoleForm], BeforeValidator(_roles)]


class ImageForm(Form):
    """The picture of a cover or at the head of an article."""

    src: str
    alt: Text = ""
    caption: Text = ""
    credit: Text = ""
    licence: Text = ""
    rights: Text = ""
    decorative: bool = False


Image = Annotated[ImageForm | None, BeforeValidator(lambda value: {"src": value} if isinstance(value, str) else value)]


class OriginForm(Form):
    """Where a captured article was first published."""

    url: Text = ""
    site: Text = ""
    captured: Date = ""


class SeriesForm(Form):
    """A series and the publication's place in it."""

    title: Text = ""
    number: Text = ""


class ImagesForm(Form):
    """How large an image of the EPUB may be: pixels of its longest side, kilobytes of its file."""

    longest_side: Annotated[int, Field(ge=320, le=10_000)] = 2400
    kilobytes: Annotated[int, Field(ge=50, le=100_000)] = 2000


class ContentsForm(Form):
    """The contents page: whether it is made, and how deep it goes."""

    depth: Annotated[int, Field(ge=1, le=3)] = 1


def _contents_switch(value: Any) -> Any:
    return {} if value in ("true", True) else None if value in ("false", False) else value


class CreditsForm(Form):
    """The credits page: whether it is made, and how it is ordered."""

    by: Literal["role", "article", "person"] = "role"


def _credits_switch(value: Any) -> Any:
    return {"by": value} if value in ("role", "article", "person") else _contents_switch(value)


class PartsForm(Form):
    """What is made around the articles."""

    cover: bool = True
    title_page: bool = True
    contents: Annotated[ContentsForm | None, BeforeValidator(_contents_switch)] = ContentsForm()
    credits: Annotated[CreditsForm | None, BeforeValidator(_credits_switch)] = CreditsForm()
    permissions: bool = True
    index: bool = True
    colophon: bool = True


class SectionForm(Form):
    """A named group of articles."""

    section: Text = ""
    articles: Annotated[list[str], BeforeValidator(_as_list)]


def _sections(value: Any) -> Any:
    return [{"articles": [entry]} if isinstance(entry, str) else entry for entry in _as_list(value)]


def isbn_digits(identifier: str) -> str:
    """An identifier without the prefix, spaces and hyphens that an ISBN may be written with."""
    return re.sub(r"[\s-]|^(urn:)?isbn:?", "", identifier, flags=re.IGNORECASE)


def _check_identifiers(value: dict[str, str]) -> dict[str, str]:
    for identifier in value.values():
        digits = isbn_digits(identifier)
        if re.fullmatch(r"97[89]\d{10}", digits) and sum(int(d) * (1, 3)[n % 2] for n, d in enumerate(digits)) % 10:
            raise ValueError(f"{identifier!r} is no ISBN: its last digit does not fit")  # ISO 2108, check digit
    return value


def _identifiers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: part for key, part in value.items() if part is not None}
    if isinstance(value, list):
        return {("" if number == 0 else f"other-{number}"): part for number, part in enumerate(value)}
    return {"": value} if value else {}


# EPUB Accessibility 1.1, section 4.3: no other wording is a claim, and Ace calls any other a fault.
Conformance = Literal[
    "",
    "none",
    "EPUB Accessibility 1.1 - WCAG 2.0 Level A",
    "EPUB Accessibility 1.1 - WCAG 2.0 Level AA",
    "EPUB Accessibility 1.1 - WCAG 2.0 Level AAA",
    "EPUB Accessibility 1.1 - WCAG 2.1 Level A",
    "EPUB Accessibility 1.1 - WCAG 2.1 Level AA",
    "EPUB Accessibility 1.1 - WCAG 2.1 Level AAA",
    "EPUB Accessibility 1.1 - WCAG 2.2 Level A",
    "EPUB Accessibility 1.1 - WCAG 2.2 Level AA",
    "EPUB Accessibility 1.1 - WCAG 2.2 Level AAA",
]
Exemption = Literal["", "eaa-microenterprise", "eaa-disproportionate-burden", "eaa-fundamental-alteration"]
Hazard = Literal["none", "flashing", "motion-simulation", "sound"]


def _check_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s\"<>]+", value):
        raise ValueError("expected an address that starts with https://")
    return value


def _check_hazards(value: list[Hazard]) -> list[Hazard]:
    if "none" in value and len(value) > 1:
        raise ValueError("`none` stands alone")
    return value


class AccessibilityForm(Form):
    """What the publisher states about accessibility."""

    conforms_to: Annotated[Conformance, BeforeValidator(_text_from)] = ""
    certified_by: Text = ""
    certifier_credential: Text = ""
    certifier_report: Annotated[
        str, BeforeValidator(_text_from), AfterValidator(lambda value: value and _check_address(value))
    ] = ""
    date: Date = ""
    exemption: Annotated[Exemption, BeforeValidator(_text_from)] = ""
    summary: Text = ""
    hazards: Annotated[list[Hazard], BeforeValidator(_comma_list), AfterValidator(_check_hazards)] = []


def _check_purpose(value: str) -> str:
    value = value.strip().lower()
    if value not in purposes():
        near = nearest(value, purposes())
        raise ValueError(f"there is no purpose {value!r}" + (f"; did you mean {near!r}?" if near else f"; {PURPOSES}"))
    return value


def _check_size(value: str) -> str:
    width, height = size(value)
    if not (MIN_PAGE <= width <= MAX_PAGE and MIN_PAGE <= height <= MAX_PAGE):
        raise ValueError(f"{value!r} is no size of a page that can be set; from {MIN_PAGE:g} to {MAX_PAGE:g} mm")
    return value


def _check_length(value: str) -> str:
    if length(value) > MAX_BLEED:
        raise ValueError(f"{value!r} is more than {MAX_BLEED:g} mm")
    return value


PURPOSES = "known are " + ", ".join(purposes())
MIN_PAGE, MAX_PAGE, MAX_BLEED = 60.0, 1000.0, 20.0  # mm
_Length = Annotated[str | None, AfterValidator(lambda value: value and _check_length(value))]


class PrintForm(Form):
    """What the PDF is made for, and what differs from what the purpose asks."""

    purpose: Annotated[str, AfterValidator(_check_purpose)] = "screen"
    trim: Annotated[Text, AfterValidator(lambda value: value and _check_size(value))] = ""
    bleed: _Length = None
    marks: bool | None = None
    colour: Colour | None = None
    ink_limit: Annotated[int | None, Field(ge=100, le=400)] = None
    profile: Text = ""
    condition: Line = ""
    paper: Text = ""
    leaf: _Length = None
    page_multiple: Annotated[int | None, Field(ge=1, le=64)] = None
    recto: bool = False
    links: PrintedLinks = "none"
    page_references: bool = False

    @model_validator(mode="after")
    def _known_paper(self) -> PrintForm:
        known = papers(self.purpose)
        if self.paper and self.paper not in known:
            there = f"there are {', '.join(known)}" if known else "it has no papers; write leaf: 0.1mm"
            raise ValueError(f"{self.purpose} has no paper {self.paper!r}; {there}")
        return self

    @model_validator(mode="after")
    def _profile_of_the_condition(self) -> PrintForm:
        if self.condition and not self.profile:
            raise ValueError(f"condition is the name of a profile; write profile:, the file of {self.condition!r}, too")
        return self


class Manifest(Form):
    """What pubkit.yaml may say."""

    title: Line = ""
    subtitle: Line = ""
    language: Language = ""
    direction: Direction = ""
    writing_mode: WritingMode = "horizontal-tb"
    identifier: Annotated[dict[str, str], BeforeValidator(_identifiers), AfterValidator(_check_identifiers)] = {}
    date: Date = ""
    modified: Date = ""
    publisher: Line = ""
    place: Line = ""
    description: Text = ""
    subjects: Annotated[list[str], BeforeValidator(_comma_list)] = []
    series: Annotated[
        SeriesForm, BeforeValidator(lambda value: {"title": value} if isinstance(value, str) else value)
    ] = SeriesForm()
    number: Text = ""
    rights: Annotated[RightsForm, BeforeValidator(_rights)] = RightsForm()
    licence: Text = ""
    edition: Line = ""
    printer: Line = ""
    paper: Line = ""
    cover: Image = None
    people: list[KnownPersonForm] = []
    contributors: People = []
    author: People = []
    accessibility: AccessibilityForm = AccessibilityForm()
    theme: Text = ""
    images: ImagesForm = ImagesForm()
    parts: PartsForm = PartsForm()
    print: Annotated[
        PrintForm, BeforeValidator(lambda value: {"purpose": value} if isinstance(value, str) else value)
    ] = PrintForm()
    contents: Annotated[list[SectionForm], BeforeValidator(_sections)] = []
    slug: Text = ""


class FrontMatter(Form):
    """What the front matter of an article may say."""

    title: Line = ""
    subtitle: Line = ""
    dek: Text = ""
    section: Line = ""
    author: People = []
    credits: Roles = []
    date: Date = ""
    place: Line = ""
    language: Language = ""
    direction: Direction = ""
    licence: Text = ""
    rights: Text = ""
    source: Annotated[
        OriginForm, BeforeValidator(lambda value: {"url": value} if isinstance(value, str) else value)
    ] = OriginForm()
    image: Image = None
    slug: Text = ""


class FontForm(Form):
    """A font file of a theme."""

    family: str
    file: str
    weight: Annotated[int, Field(ge=1, le=1000)] = 400
    style: Literal["normal", "italic"] = "normal"
    licence: str


class PageForm(Form):
    """The printed page in mm."""

    width: Annotated[float, Field(gt=20, lt=2000)] = 170
    height: Annotated[float, Field(gt=20, lt=2000)] = 240
    top: Annotated[float, Field(ge=0, lt=500)] = 20
    bottom: Annotated[float, Field(ge=0, lt=500)] = 24
    inside: Annotated[float, Field(ge=0, lt=500)] = 20
    outside: Annotated[float, Field(ge=0, lt=500)] = 16


class ThemeForm(Form):
    """What theme.yaml may say."""

    name: str = ""
    extends: Text = ""
    description: Text = ""
    page: PageForm | None = None
    fonts: list[FontForm] = []
