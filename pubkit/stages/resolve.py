"""One namespace: ids unique in the publication, links closed, images loaded into one flat set."""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from lxml import etree

from pubkit.cache import Cache, Work, digest
from pubkit.credits import everybody
from pubkit.file_credits import with_file_credit
from pubkit.images import MAX_BYTES, ImageRefusedError, load_formats, make_picture
from pubkit.index import check_leads
from pubkit.ledger import check_rights, pictures
from pubkit.markup import (
    drop,
    elements,
    escape,
    figcaption,
    is_remote,
    leads_out,
    parse,
    plain,
    serialise,
    set_caption,
)
from pubkit.model import Article, Asset, Figure, KnownPerson, Publication, ScreenLimits
from pubkit.nearest import nearest
from pubkit.people import one_person_each
from pubkit.report import Report
from pubkit.slugs import slug
from pubkit.source import Content, Location, SourceRefusedError, SourceText, read_inside
from pubkit.workers import Failure, Jobs, run_jobs

SECONDS = 30.0  # of wall time for one image


def resolve(
    publication: Publication,
    report: Report,
    *,
    jobs: Jobs = 0,
    store: Path | None = None,
    cache: Cache | None = None,
) -> Publication:
    """The publication with ids `article--id`, links `#id` and images named after its assets.

    A link that nothing answers to is reported and becomes plain text; an image that cannot be used is
    reported and its alternative text stands in its place. `store` is a folder for the images made ready,
    which the caller removes when the outputs are written; without it they are held in memory. With a `cache` they are
    made ready once, and stay there.
    """
    files = _load_images(publication, report, jobs, cache.store if cache else store, cache)
    targets = {
        _file(article.source, posixpath.basename(article.source.path)): (article.id, frozenset(_ids(article)))
        for article in publication.articles
    }
    sections = tuple(
        replace(
            section, articles=tuple(_resolve_article(article, targets, files, report) for article in section.articles)
        )
        for section in publication.sections
    )
    cover = _close_cover(publication, files, report)
    people = tuple(_with_portrait(known, publication.source, files) for known in publication.people)
    resolved = replace(publication, sections=sections, cover=cover, people=people, assets=tuple(files.assets.values()))
    resolved = _without_idle_portraits(one_person_each(resolved, report))
    check_rights(resolved, report)
    if publication.parts.index:
        check_leads(resolved, report)
    return resolved


def _with_portrait(known: KnownPerson, source: SourceText, images: _Images) -> KnownPerson:
    asset = images.of(source, known.person.portrait) if known.person.portrait else None
    return replace(known, person=replace(known.person, portrait=asset.name if asset else ""))


def _without_idle_portraits(publication: Publication) -> Publication:
    """The publication without the portraits of people whom no source names, for nobody would show them."""
    named = {credit.person.name for credit in everybody(publication)}
    people = [known.person for known in publication.people]
    idle = {person.portrait for person in people} - {person.portrait for person in people if person.name in named}
    cover = (publication.cover,) if publication.cover else ()
    idle -= {figure.image for figure in (*cover, *(f for article in publication.articles for f in pictures(article)))}
    return replace(publication, assets=tuple(asset for asset in publication.assets if asset.name not in idle))


@dataclass(slots=True)
class _Images:
    """The assets by the digest of their files, and which file each address leads to."""

    assets: dict[bytes, Asset] = field(default_factory=dict)
    by_address: dict[tuple[str, str], Asset] = field(default_factory=dict)

    def of(self, source: SourceText, src: str) -> Asset | None:
        return self.by_address.get(_address(source, src))


def _address(source: SourceText, src: str) -> tuple[str, str]:
    return str(source.root), posixpath.normpath(posixpath.join(source.base, unquote(src.partition("#")[0])))


def _wanted(publication: Publication) -> Iterable[tuple[SourceText, str, Location]]:
    """Every image that the publication shows: the source that names it, its address, the place."""
    if publication.cover:
        yield publication.source, publication.cover.image, publication.cover.at
    for known in publication.people:
        if known.person.portrait:
            yield publication.source, known.person.portrait, known.at
    for article in publication.articles:
        if article.hero:
            yield article.source, article.hero.image, article.hero.at
        places = {figure.image: figure.at for figure in article.figures}
        for fragment in (article.body, article.notes):
            for image in parse(fragment).iter("img") if "<img" in fragment else ():
                src = image.get("src", "")
                yield article.source, src, places.get(src) or article.source.find(src)


def _load_images(
    publication: Publication, report: Report, jobs: Jobs, store: Path | None, cache: Cache | None
) -> _Images:
    places: dict[tuple[str, str], tuple[str, Location]] = {}
    for source, src, at in _wanted(publication):
        if is_remote(src):
            report.add("image-remote", at, name=src)
        else:
            places.setdefault(_address(source, src), (src, at))
    images = _Images()
    tasks = [(root, name, publication.screen_limits, store) for root, name in places]
    results = run_jobs(
        load_picture,
        tasks,
        jobs=jobs,
        seconds=SECONDS,
        prepare=load_formats,
        cache=cache,
        works=[_work(root, name, limits) for root, name, limits, _ in tasks] if cache else (),
        keeps=Loaded,
        whole=lambda loaded: bool(cache and _is_whole(loaded, cache.store)),
    )
    for (address, (src, at)), result in zip(places.items(), results, strict=True):
        if isinstance(result, Loaded):
            stem = slug(PurePosixPath(address[1]).stem)[:40]
            name = f"{len(images.assets) + 1:04d}-{stem}{result.suffix}"
            asset = replace(_in_store(result.asset, store), name=name)
            asset = images.assets.setdefault(result.digest, asset)
            images.by_address[address] = asset
        elif isinstance(result, Failure):
            report.add("image-invalid", at, name=address[1], reason=f"decoding took more than {result.detail}")
        else:
            code, facts = result
            report.add("image-missing" if code == "file-missing" else code, at, **{**facts, "name": src})
    return images


def _work(root: str, name: str, limits: ScreenLimits) -> Work:
    try:
        content = read_inside(Path(root), name, limit=MAX_BYTES)
    except SourceRefusedError:  # reported when it is loaded
        content = b""
    return Work(kind="image", name=name, parts={"file": digest(content), "limits": digest(limits)})


def _in_store(asset: Asset, store: Path | None) -> Asset:
    """The asset with the files of this store: one from the cache may have been made in another folder."""
    if store is None:
        return asset
    screen, press = (store / each.name if isinstance(each, Path) else each for each in (asset.screen, asset.press))
    return replace(asset, screen=screen, press=press)


def _is_whole(loaded: Loaded, store: Path) -> bool:
    asset = _in_store(loaded.asset, store)
    try:
        return all(
            hashlib.sha256(each.read_bytes()).hexdigest() == each.name
            for each in {asset.screen, asset.press}
            if isinstance(each, Path)
        )
    except OSError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """An image file made ready, still without a name; `digest` tells equal files."""

    digest: bytes
    asset: Asset
    suffix: str


def load_picture(
    root: str, name: str, limits: ScreenLimits, store: Path | None
) -> Loaded | tuple[str, dict[str, object]]:
    """The picture in a file, or code and facts of the diagnostic that refuses it; runs in a worker process.

    With a `store`, the folder for pubkit's own files, the picture's bytes are written there and do not travel.
    """
    try:
        content = read_inside(Path(root), name, limit=MAX_BYTES)
        picture = make_picture(content, limits)
    except SourceRefusedError as refused:
        return refused.code, refused.facts
    except ImageRefusedError as refused:
        return "image-invalid", {"reason": str(refused)}
    screen: Content = picture.screen
    press: Content = picture.press
    if store:
        screen, press = (_stored(each, store) for each in (picture.screen, picture.press))
    asset = Asset(
        name="",
        media_type=picture.media_type,
        screen=screen,
        press=press,
        width=picture.width,
        height=picture.height,
        credit=picture.credit,
    )
    return Loaded(digest=hashlib.sha256(content).digest(), asset=asset, suffix=picture.suffix)


def _stored(content: bytes, store: Path) -> Path:
    """The file of the store that holds the content; named after it, so that two workers may write it at once."""
    path = store / hashlib.sha256(content).hexdigest()
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_bytes(content)
        draft.replace(path)
    return path


def _ids(article: Article) -> Iterable[str]:
    for fragment in (article.body, article.notes):
        for element in elements(parse(fragment)):
            if element.get("id"):
                yield element.get("id", "")


def _resolve_article(
    article: Article, targets: Mapping[str, tuple[str, frozenset[str]]], images: _Images, report: Report
) -> Article:
    places = {link.href: link.at for link in reversed(article.links)}
    figures = tuple(_with_credit(figure, article, images, report) for figure in article.figures)
    # Two pictures in one frame have one figcaption.
    credits_ = {
        figure.id: " · ".join(dict.fromkeys(each.credit for each in figures if each.id == figure.id and each.credit))
        for figure, before in zip(figures, article.figures, strict=True)
        if figure.credit != before.credit
    }

    def close(fragment: str) -> str:
        body = parse(fragment)
        for element in list(elements(body)):
            if element.tag == "figure" and element.get("id") in credits_:
                set_caption(element, "", credits_[element.get("id", "")])
            for key in ("id", "aria-labelledby", "headers"):
                if element.get(key):
                    element.set(key, " ".join(f"{article.id}--{name}" for name in element.get(key, "").split()))
            if element.tag == "a" and element.get("href") is not None:
                _close_link(element, article, targets, places, report)
            elif element.tag == "img":
                _close_image(element, article, images)
        _drop_bare_credits(body)
        return serialise(body).strip()

    hero, body = article.hero, close(article.body)
    if hero:
        caption = close(hero.caption)
        hero = _with_credit(hero, article, images, report)
        hero = (
            _close_figure(replace(hero, caption=caption), article, images)
            if images.of(article.source, hero.image)
            else None
        )
        if not hero and article.hero:  # what is said about the picture stays, as with any other
            body = _in_words(article.hero, caption) + body
    return replace(
        article,
        title=close(article.title),
        subtitle=close(article.subtitle),
        dek=close(article.dek),
        body=body,
        notes=close(article.notes),
        headings=tuple(replace(heading, id=f"{article.id}--{heading.id}") for heading in article.headings),
        figures=tuple(
            _close_figure(figure, article, images) for figure in figures if images.of(article.source, figure.image)
        ),
        hero=hero,
        marks=tuple(replace(mark, id=f"{article.id}--{mark.id}" if mark.id else article.id) for mark in article.marks),
    )


def _in_words(figure: Figure, caption: str) -> str:
    """A figure whose image cannot be used, as a fragment: its alternative text, caption and credit; no credit alone."""
    words = f'<p><span class="image-text">{escape(figure.alt)}</span></p>' if figure.alt else ""
    said = figcaption(caption, figure.credit if caption or words else "")
    return f'<figure class="figure">{words}{said}</figure>' if words or said else ""


def _drop_bare_credits(body: etree._Element) -> None:
    """Take out the figures of which nothing is left but the credit of a picture that cannot be used."""
    for figure in list(body.iter("figure")):
        credit = figure.find("figcaption/span[@class='credit']")
        if credit is not None and figure.find(".//img") is None and plain(figure) == plain(credit):
            drop(figure)


def _with_credit(figure: Figure, article: Article, images: _Images, report: Report) -> Figure:
    asset = images.of(article.source, figure.image)
    if asset is None:
        return figure
    return with_file_credit(figure, asset.credit, language=article.language, beside=article.credits, report=report)


def _close_cover(publication: Publication, images: _Images, report: Report) -> Figure | None:
    cover, own = publication.cover, publication.metadata
    asset = images.of(publication.source, cover.image) if cover else None
    if cover is None or asset is None:
        return None
    cover = with_file_credit(cover, asset.credit, language=own.language, beside=own.credits, report=report)
    return replace(cover, image=asset.name)


def _close_figure(figure: Figure, article: Article, images: _Images) -> Figure:
    asset = images.of(article.source, figure.image)
    return replace(figure, id=f"{article.id}--{figure.id}", image=asset.name if asset else figure.image)


def _close_link(
    anchor: etree._Element,
    article: Article,
    targets: Mapping[str, tuple[str, frozenset[str]]],
    places: Mapping[str, Location],
    report: Report,
) -> None:
    href = anchor.get("href", "")
    if leads_out(href):
        return
    path, _, part = href.partition("#")
    part = unquote(part)
    here = posixpath.basename(article.source.path)
    # An absolute path would be right on one machine only.
    found = None if path.startswith("/") else targets.get(_file(article.source, unquote(path) or here))
    if found and (not part or part in found[1]):
        anchor.set("href", f"#{found[0]}--{part}" if part else f"#{found[0]}")
        return
    folder = _file(article.source, "")
    known = sorted(found[1]) if found else sorted(posixpath.relpath(target, folder) for target in targets)
    near = nearest(part if found else unquote(path), known)
    if near and found:
        suggestion = f"did you mean {path}#{near}?"
    elif near:
        suggestion = f"did you mean {near}?"
    else:
        suggestion = "name an article of this publication, or a heading in it after #"
    report.add("link-broken", places.get(href) or article.source.find(href), target=href, suggestion=suggestion)
    anchor.tag = "span"
    del anchor.attrib["href"]


def _file(source: SourceText, path: str) -> str:
    """The absolute path of what a source calls `path`; it is compared and never opened."""
    return posixpath.normpath(posixpath.join(source.root.absolute().as_posix(), source.base, path))


def _close_image(image: etree._Element, article: Article, images: _Images) -> None:
    asset = images.of(article.source, image.get("src", ""))
    if asset:
        image.set("src", asset.name)
        image.set("width", str(asset.width))
        image.set("height", str(asset.height))
        return
    words = parse(f'<span class="image-text">{escape(image.get("alt", ""))}</span>')[0]
    words.tail = image.tail
    parent = image.getparent()
    if parent is not None:
        parent.replace(image, words)
