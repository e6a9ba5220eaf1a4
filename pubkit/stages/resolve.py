"""One namespace: ids unique in the publication, links closed, images loaded into one flat set."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree
from rapidfuzz import process

from pubkit.images import MAX_BYTES, ImageRefusedError, Picture, make_picture
from pubkit.markup import REMOTE, elements, escape, parse, serialise
from pubkit.model import Article, Asset, Figure, Publication
from pubkit.report import Report
from pubkit.slugs import slug
from pubkit.source import Location, SourceRefusedError, SourceText, read_inside
from pubkit.workers import Failure, run_jobs

SECONDS = 30.0  # of wall time for one image
_OUTSIDE = ("http:", "https:", "mailto:", "tel:")
_NEAR = 60  # per cent of likeness for "did you mean"


def resolve(publication: Publication, report: Report, *, jobs: int = 0) -> Publication:
    """The publication with ids `article--id`, links `#id` and images named after its assets.

    A link that nothing answers to is reported and becomes plain text; an image that cannot be used is
    reported and its alternative text stands in its place.
    """
    files = _load_images(publication, report, jobs)
    targets = {
        article.source.path: (article.id, frozenset(_ids(article)), article.id) for article in publication.articles
    }
    sections = tuple(
        replace(
            section, articles=tuple(_resolve_article(article, targets, files, report) for article in section.articles)
        )
        for section in publication.sections
    )
    cover = publication.cover
    if cover:
        asset = files.of(publication.source, cover.image)
        cover = replace(cover, image=asset.name) if asset else None
    return replace(publication, sections=sections, cover=cover, assets=tuple(files.assets.values()))


@dataclass(slots=True)
class _Images:
    """The assets by content, and which file each address leads to."""

    assets: dict[bytes, Asset] = field(default_factory=dict)
    by_address: dict[tuple[str, str], Asset] = field(default_factory=dict)

    def of(self, source: SourceText, src: str) -> Asset | None:
        return self.by_address.get(_address(source, src))


def _address(source: SourceText, src: str) -> tuple[str, str]:
    return str(source.root), posixpath.normpath(posixpath.join(source.base, unquote(src).partition("#")[0]))


def _wanted(publication: Publication) -> Iterable[tuple[SourceText, str, Location]]:
    """Every image that the publication shows: the source that names it, its address, the place."""
    if publication.cover:
        yield publication.source, publication.cover.image, publication.cover.at
    for article in publication.articles:
        if article.hero:
            yield article.source, article.hero.image, article.hero.at
        places = {figure.image: figure.at for figure in article.figures}
        for fragment in (article.body, article.notes):
            for image in parse(fragment).iter("img"):
                src = image.get("src", "")
                yield article.source, src, places.get(src) or article.source.find(src)


def _load_images(publication: Publication, report: Report, jobs: int) -> _Images:
    contents: dict[bytes, tuple[str, Location]] = {}
    addresses: dict[tuple[str, str], bytes] = {}
    for source, src, at in _wanted(publication):
        if src.startswith(REMOTE):
            report.add("image-remote", at, name=src)
            continue
        address = _address(source, src)
        if address in addresses:
            continue
        try:
            content = read_inside(source.root, address[1], limit=MAX_BYTES)
        except SourceRefusedError as refused:
            code = "image-missing" if refused.code == "file-missing" else refused.code
            report.add(code, at, **{**refused.facts, "name": src})
            continue
        addresses[address] = content
        contents.setdefault(content, (address[1], at))
    images = _Images()
    work = [(content,) for content in contents]
    results = run_jobs(try_picture, work, jobs=jobs if len(work) > 1 else 0, seconds=SECONDS)
    for (content, (name, at)), picture in zip(contents.items(), results, strict=True):
        if isinstance(picture, Picture):
            stem = slug(PurePosixPath(name).stem)[:40]
            images.assets[content] = Asset(
                name=f"{len(images.assets) + 1:04d}-{stem}{picture.suffix}",
                media_type=picture.media_type,
                screen=picture.screen,
                press=picture.press,
                width=picture.width,
                height=picture.height,
            )
        else:
            reason = f"decoding took more than {picture.detail}" if isinstance(picture, Failure) else picture
            report.add("image-invalid", at, name=name, reason=reason)
    for address, content in addresses.items():
        if content in images.assets:
            images.by_address[address] = images.assets[content]
    return images


def try_picture(content: bytes) -> Picture | str:
    """The picture of an image file, or the reason why it is refused; runs in a worker process."""
    try:
        return make_picture(content)
    except ImageRefusedError as refused:
        return str(refused)


def _ids(article: Article) -> Iterable[str]:
    for fragment in (article.body, article.notes):
        for element in elements(parse(fragment)):
            if element.get("id"):
                yield element.get("id", "")


def _resolve_article(
    article: Article, targets: Mapping[str, tuple[str, frozenset[str], str]], images: _Images, report: Report
) -> Article:
    places = {link.href: link.at for link in reversed(article.links)}

    def close(fragment: str) -> str:
        body = parse(fragment)
        for element in list(elements(body)):
            for key in ("id", "aria-labelledby", "headers"):
                if element.get(key):
                    element.set(key, " ".join(f"{article.id}--{name}" for name in element.get(key, "").split()))
            if element.tag == "a" and element.get("href") is not None:
                _close_link(element, article, targets, places, report)
            elif element.tag == "img":
                _close_image(element, article, images)
        return serialise(body).strip()

    body = close(article.body)
    return replace(
        article,
        body=body,
        notes=close(article.notes),
        headings=tuple(replace(heading, id=f"{article.id}--{heading.id}") for heading in article.headings),
        figures=tuple(
            _close_figure(figure, article, images)
            for figure in article.figures
            if images.of(article.source, figure.image)
        ),
        hero=_close_figure(article.hero, article, images)
        if article.hero and images.of(article.source, article.hero.image)
        else None,
    )


def _close_figure(figure: Figure, article: Article, images: _Images) -> Figure:
    asset = images.of(article.source, figure.image)
    return replace(figure, id=f"{article.id}--{figure.id}", image=asset.name if asset else figure.image)


def _close_link(
    anchor: etree._Element,
    article: Article,
    targets: Mapping[str, tuple[str, frozenset[str], str]],
    places: Mapping[str, Location],
    report: Report,
) -> None:
    href = anchor.get("href", "")
    if href.startswith(_OUTSIDE):
        return
    path, _, part = href.partition("#")
    part = unquote(part)
    target_path = posixpath.normpath(posixpath.join(article.source.base, unquote(path))) if path else ""
    own = article.source.path
    found = targets.get(_display(article, target_path)) if path else targets.get(own)
    if found and (not part or part in found[1]):
        anchor.set("href", f"#{found[0]}--{part}" if part else f"#{found[0]}")
        return
    known = sorted(found[1]) if found else sorted(targets)
    near = process.extractOne(part if found else target_path, known, score_cutoff=_NEAR)
    if near and found:
        suggestion = f"did you mean {path}#{near[0]}?"
    elif near:
        suggestion = f"did you mean {near[0]}?"
    else:
        suggestion = "name an article of this publication, or a heading in it after #"
    report.add("link-broken", places.get(href) or article.source.find(href), target=href, suggestion=suggestion)
    anchor.tag = "span"
    del anchor.attrib["href"]


def _display(article: Article, target: str) -> str:
    """The path under which a target is known: articles named on the command line keep the path given there."""
    folder = posixpath.dirname(article.source.path)
    return target if article.source.base not in ("", ".") or not folder else posixpath.join(folder, target)


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
