"""What an image's file says about itself, put onto the figure that shows it; what the sources say wins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pubkit.credits import credits_nobody, read_credit_line, read_picture_credit
from pubkit.labels import join_names, labels_of
from pubkit.model import Credit, Figure, ImageCredit, Person, Rights, Role
from pubkit.names import Name, looks_like_name, name_key
from pubkit.report import Report
from pubkit.source import Location

_PICTURES = frozenset({"pht", "ill", "art", "ctg", "gra", "drm", "ltg", "prm"})  # MARC: who makes pictures


def with_file_credit(
    figure: Figure, said: ImageCredit, *, language: str, beside: Sequence[Credit], report: Report
) -> Figure:
    """The figure with everybody whom its credit names, and credit, people and rights of its file where it has none.

    `beside` are the article's own credits. Reports credit-differs where the source credits somebody else than the file,
    and credit-unclear where nobody can be told from the source's credit.
    """
    rights = _rights(figure.rights, said.rights)
    named = said.line or _joined(said.creators, language)
    if figure.credit:
        if named and not _agree(figure, said):
            report.add("credit-differs", figure.at, name=figure.image, written=figure.credit, embedded=named)
        people = figure.people or _in_source(figure, said, beside)
        if not people and not credits_nobody(figure.credit):
            report.add("credit-unclear", figure.at, line=figure.credit, meant="")
        return replace(figure, people=people, rights=rights)
    if not named or figure.people:
        return replace(figure, rights=rights)
    # A creator alone needs a word beside it, and the file does not say "photograph".
    words = said.line or labels_of(language)["image-credit"].format(credit=named)
    return replace(figure, credit=words, people=_people(said, beside, figure.at), rights=rights)


def _rights(own: Rights, file: Rights) -> Rights:
    """The source's rights, completed; of two licences that may differ only the source's is kept."""
    licensed = own.licence or own.url
    return Rights(
        text=own.text or file.text,
        licence=own.licence if licensed else file.licence,
        url=own.url if licensed else file.url,
    )


def _joined(creators: Sequence[str], language: str) -> str:
    return join_names(creators, language) if creators else ""


def _people(said: ImageCredit, beside: Sequence[Credit], at: Location) -> tuple[Credit, ...]:
    """Whom the file names: the people of its credit line, then the creators that are not among them.

    A creator is a photographer where a camera wrote the file. Otherwise nobody knows how the picture was made: the
    article's own credits may say what pictures the creator made, else it is a contribution.
    """
    found = read_credit_line(said.line, at, stated=True)
    known = {name_key(credit.person.name) for credit in found}
    creators = [
        Credit(person=Person(name=name), role=_usual(said), at=at)
        for name in said.creators
        if name_key(name) not in known and looks_like_name(Name(name), single=True)
    ]
    return (*found, *_as_beside(creators, beside))


def _in_source(figure: Figure, said: ImageCredit, beside: Sequence[Credit]) -> tuple[Credit, ...]:
    """Whom the source's credit names; who stands there without a role made the picture as a creator did."""
    return _as_beside(read_picture_credit(figure.credit, figure.at, role=_usual(said)), beside)


def _usual(said: ImageCredit) -> Role:
    return Role(code="pht" if said.camera else "ctb")


def _as_beside(found: Sequence[Credit], beside: Sequence[Credit]) -> tuple[Credit, ...]:
    """The credits, those without words for their role with that which the article's own credits give."""
    made = {name_key(credit.person.name): credit.role for credit in reversed(beside) if credit.role.code in _PICTURES}
    return tuple(
        credit if credit.role.label else replace(credit, role=made.get(name_key(credit.person.name), credit.role))
        for credit in found
    )


def _agree(figure: Figure, said: ImageCredit) -> bool:
    """Whether source and file name at least one person or agency in common; the order of words does not count."""
    in_source = [credit.person.name for credit in read_credit_line(figure.credit, figure.at, stated=True)] or [
        figure.credit
    ]
    in_line = [credit.person.name for credit in read_credit_line(said.line, figure.at, stated=True)] or [said.line]
    in_file = [*said.creators, *in_line]
    of_file = " ".join((said.line, *said.creators))
    return any(_holds(of_file, name) for name in in_source) or any(_holds(figure.credit, name) for name in in_file)


def _holds(text: str, name: str) -> bool:
    """Whether all words of a name stand in a text; an initial is any word that begins with it."""
    words = _words(text)
    return bool(_words(name)) and all(
        word in words or (len(word) == 1 and any(other.startswith(word) for other in words)) for word in _words(name)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", name_key(text))
