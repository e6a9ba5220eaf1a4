"""Front matter is put onto the article that a reader made of the text below it."""

from __future__ import annotations

import re
from dataclasses import replace

from pubkit.credits import read_stated_line, states_licence
from pubkit.labels import direction_of
from pubkit.markup import inline, inline_marks, markdown_inline, unmarked
from pubkit.model import Article, Credit, Figure, IndexMark, Origin, Person, Rights
from pubkit.names import without_behalf
from pubkit.report import Report
from pubkit.roles import near_role, role_of, roles_of
from pubkit.settings import FrontMatter, Manifest, PersonForm, Settings, front_matter_end, load_yaml, validate
from pubkit.slugs import slug
from pubkit.source import Location, SourceText


def split_front_matter(source: SourceText, report: Report) -> tuple[Settings[FrontMatter] | None, SourceText]:
    """The front matter of a source, and the source with it blanked out, so that places stay true.

    Reports front-matter-open where it does not end, and what is wrong inside.
    """
    end = front_matter_end(source.text)
    if end is None:
        if re.match(r"---[ \t]*\n[\w-]+:", source.text):
            report.add("front-matter-open", source.at(0))
        return None, source
    start = source.text.index("\n") + 1
    yaml = load_yaml(source, report, start=start, end=end[0])
    rest = re.sub(r"[^\n]", " ", source.text[: end[1]]).replace(" ", "") + source.text[end[1] :]
    text = replace(source, text=rest)
    return (validate(FrontMatter, yaml, report) if yaml else None), text


def apply_front_matter(article: Article, front: Settings[FrontMatter], report: Report) -> Article:
    """The article with everything that its front matter says; what it does not say stays as the text has it."""
    form = front.form
    language = form.language or article.language

    marks: list[IndexMark] = []

    def words(text: str, *key: str) -> str:
        line = inline(markdown_inline(text, language=language), marks=True) if text else ""
        marks.extend(inline_marks(line, front.at(*key), report))
        return unmarked(line)

    named = credits_of(front, report)
    # Where the front matter names the authors, a byline in the text is the same fact in other words.
    authors_known = any(credit.role.code == "aut" for credit in named)
    kept = [credit for credit in article.credits if not (authors_known and credit.role.code == "aut")]
    changed = replace(
        article,
        id=slug(form.slug) if form.slug else article.id,
        title=words(form.title, "title") or article.title,
        subtitle=words(form.subtitle, "subtitle") or article.subtitle,
        dek=words(form.dek, "dek") or article.dek,
        kicker=form.section or article.kicker,
        date=form.date or article.date,
        place=form.place or article.place,
        language=language,
        direction=form.direction or direction_of(language),
        credits=(*named, *kept),
        rights=Rights(text=form.rights or article.rights.text, licence=form.licence or article.rights.licence),
        origin=Origin(
            site=form.source.site or article.origin.site,
            url=form.source.url or article.origin.url,
            captured=form.source.captured or article.origin.captured,
        ),
    )
    if form.image:
        at = front.at("image", "src")
        hero = Figure(
            id="hero",
            image=form.image.src,
            alt=form.image.alt,
            caption=words(form.image.caption, "image", "caption"),
            credit=form.image.credit,
            rights=Rights(text=form.image.rights, licence=form.image.licence),
            decorative=form.image.decorative,
            at=at,
        )
        if not hero.alt and not hero.decorative:
            report.add("alt-missing", at, name=hero.image)
        changed = replace(changed, hero=hero)
    return replace(changed, marks=(*marks, *changed.marks))


def credits_of(settings: Settings[FrontMatter] | Settings[Manifest], report: Report) -> tuple[Credit, ...]:
    """Everybody whom a form names, with role and place, in the order of the form."""
    form = settings.form
    found = [_credit(person, settings, "author", number) for number, person in enumerate(form.author)]
    for key, people in (("author", form.author), ("contributors", getattr(form, "contributors", []))):
        for number, person in enumerate(people):
            if person.role:
                report_role(person.role, settings.at(key, number, "role"), report)
    if isinstance(form, Manifest):
        found += [_credit(person, settings, "contributors", number) for number, person in enumerate(form.contributors)]
        return tuple(found)
    for number, line in enumerate(form.credits):
        at = (
            settings.at("credits", number)
            if ("credits", number) in settings.places
            else settings.at("credits", line.role)
        )
        if line.role:
            report_role(line.role, at, report)
            roles = roles_of(line.role)
            named = [without_behalf(name) for name in line.names]
            found += [
                Credit(person=Person(name=name), role=role, at=at, behalf=behalf)
                for role in roles
                for name, behalf in named
            ]
            continue
        for text in line.names:
            found += _credit_line(text, at, report)
    return tuple(found)


def _credit_line(line: str, at: Location, report: Report) -> tuple[Credit, ...]:
    """The credits of a line of `credits:`. Reports credit-unclear, credit-licence and role-unknown."""
    named = read_stated_line(line, at)
    if not named:
        report.add("credit-unclear", at, line=line, meant="")
    elif states_licence(line):
        report.add("credit-licence", at, line=line)
    for role in dict.fromkeys(credit.role for credit in named if credit.role.code == "ctb"):
        report_role(role.label, at, report)
    return named


def report_role(words: str, at: Location, report: Report) -> None:
    """Report role-unknown for words that are no known role, with those that may be meant."""
    parts = [part for part in re.split(r"\s*(?:,|/|&|\band\b|\bund\b|\bet\b)\s*", words) if part]
    for part in (words,) if near_role(words) is None else parts:
        near = near_role(part)
        if near is not None:
            suggestion = f"did you mean {near!r}?" if near else "a MARC relator code may be given, too"
            report.add("role-unknown", at, role=part, suggestion=suggestion)


def _credit(person: PersonForm, settings: Settings[FrontMatter] | Settings[Manifest], key: str, number: int) -> Credit:
    return Credit(
        person=Person(name=person.name, file_as=person.file_as, url=person.url, orcid=person.orcid, isni=person.isni),
        role=role_of(person.role or "aut"),
        at=settings.at(key, number, "name"),
    )
