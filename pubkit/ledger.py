"""The rights ledger: under what terms everything in a publication may be used, and whether these terms go together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from pubkit.licences import Terms, terms_of
from pubkit.markup import escape, plain
from pubkit.model import Article, Credit, Figure, Metadata, Publication, Rights
from pubkit.report import Report
from pubkit.source import Location

Kind = Literal["publication", "article", "image", "font"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One thing and the terms for it; `of` is its article, `target` the id that leads to it ("" for fonts)."""

    kind: Kind
    name: str  # an XHTML fragment: an article's title, an image's caption or alternative text; "" for a silent one
    image: str = ""  # the name of its asset
    target: str = ""
    of: Article | None = None
    credit: str = ""  # as shown
    people: tuple[Credit, ...] = ()  # whom it is credited to
    rights: Rights
    inherited: bool = False  # whether the terms are the publication's, for the thing has none of its own
    at: Location

    @property
    def stated(self) -> bool:
        """Whether terms are stated for this thing itself."""
        return bool(self.rights.text or self.rights.licence) and not self.inherited


def ledger_of(publication: Publication) -> tuple[Holding, ...]:
    """The publication, its articles and its pictures, in reading order; ornaments that say nothing are left out."""
    own = publication.metadata.rights
    found = [
        Holding(
            kind="publication",
            name=escape(publication.metadata.title),
            people=publication.metadata.credits,
            rights=own,
            at=publication.source.here,
        )
    ]
    if publication.cover and publication.parts.cover:
        found.append(_picture(publication.cover, None, own))
    for article in publication.articles:
        stated = bool(article.rights.text or article.rights.licence)
        found.append(
            Holding(
                kind="article",
                name=article.title,
                target=article.id,
                of=article,
                people=article.credits,
                rights=article.rights if stated else own,
                inherited=not stated,
                at=article.source.here,
            )
        )
        found += [_picture(figure, article, own) for figure in pictures(article) if not is_silent(figure)]
    return tuple(found)


def check_rights(publication: Publication, report: Report) -> None:
    """Report pictures without a statement of rights, and terms that do not go with those of the whole."""
    policy = publication.policy
    for holding in ledger_of(publication):
        terms = terms_of(holding.rights.licence)
        if holding.kind == "image" and not holding.stated:
            if policy.strict:
                report.add("rights-missing", holding.at, name=_shown(holding))
            elif not holding.credit and not holding.people:
                report.add("rights-unstated", holding.at, name=_shown(holding))
        if holding.stated and holding.kind != "publication":
            _compare(holding, terms, publication.metadata, report)
        # A licence binds those who take it, so a publisher may sell what they themselves offer under NC.
        if policy.sold and terms and terms.no_sale and not holding.inherited and holding.kind != "publication":
            report.add("licence-not-for-sale", holding.at, name=_shown(holding), licence=holding.rights.licence)


def report_cropped(publication: Publication, images: Iterable[str], report: Report) -> None:
    """Report pictures that may not be changed (ND) and of which a part is cut off; `images` are names of assets."""
    cropped = frozenset(images)
    for article in publication.articles:
        for figure in pictures(article):
            _report_cut(figure, cropped, report)
    if publication.cover and publication.parts.cover:
        _report_cut(publication.cover, cropped, report)


def _report_cut(figure: Figure, cropped: frozenset[str], report: Report) -> None:
    terms = terms_of(figure.rights.licence)
    if figure.image in cropped and terms and terms.no_change:
        report.add("licence-no-change", figure.at, name=figure.alt or figure.image, licence=figure.rights.licence)


def _compare(holding: Holding, terms: Terms | None, whole: Metadata, report: Report) -> None:
    """Tell where the whole is offered under freer terms than one of its parts allows."""
    offered = terms_of(whole.rights.licence)
    if not offered or holding.rights.licence == whole.rights.licence:
        return
    if terms is None:
        reason = f"{holding.rights.licence or holding.rights.text} is not among the licences that can be compared"
    elif terms.no_sale and not offered.no_sale:
        reason = "it may not be sold"
    elif terms.no_change and not offered.no_change:
        reason = "it may not be changed"
    elif terms.alike and offered != terms:  # BY-SA and BY-NC-SA do not go together either
        reason = "what is made of it must stay under its own licence"
    else:
        return
    facts = {"name": _shown(holding), "whole": whole.rights.licence, "reason": reason}
    report.add("licence-narrower", holding.at, **facts)


def pictures(article: Article) -> Iterator[Figure]:
    """The pictures of an article, that at its head first."""
    if article.hero:
        yield article.hero
    yield from article.figures


def is_silent(figure: Figure) -> bool:
    """Whether a picture is an ornament of which nobody says whose it is."""
    return figure.decorative and not (figure.credit or figure.people or figure.rights.text or figure.rights.licence)


def _picture(figure: Figure, article: Article | None, own: Rights) -> Holding:
    stated = bool(figure.rights.text or figure.rights.licence)
    return Holding(
        kind="image",
        name=figure.caption or escape(figure.alt),
        image=figure.image,
        target=figure.id if article else "cover",
        of=article,
        credit=figure.credit,
        people=figure.people,
        rights=figure.rights if stated else own,
        inherited=not stated,
        at=figure.at,
    )


def _shown(holding: Holding) -> str:
    return plain(holding.name) or holding.image
