"""A folder, or a list of files, becomes a Publication."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from pubkit.cache import Cache, Work, digest
from pubkit.front_matter import apply_front_matter, split_front_matter
from pubkit.images.separation import ProfileRefusedError, profile_name
from pubkit.markup import escape, inline, markdown_inline, plain
from pubkit.model import (
    Article,
    Figure,
    KnownPerson,
    Parts,
    Person,
    PrintSettings,
    Publication,
    Rights,
    RightsPolicy,
    ScreenLimits,
    Section,
)
from pubkit.printing import length, size
from pubkit.readers import READERS, Reader
from pubkit.report import Diagnostic, Report
from pubkit.roles import load_words
from pubkit.settings import LONGEST_LINE, Manifest, Settings, load_yaml, no_yaml, validate
from pubkit.slugs import slug
from pubkit.source import FORBIDDEN, Location, SourceRefusedError, SourceText, decode, read_inside
from pubkit.stages.metadata import metadata_of
from pubkit.workers import Failure, Jobs, run_jobs

MANIFEST_NAMES = ("pubkit.yaml", "pubkit.yml")
MANIFEST_LIMIT = 1_000_000  # bytes
PROFILE_LIMIT = 10_000_000  # bytes of an ICC profile: those of printers have some 2 MB
ARTICLE_LIMIT = 4_000_000  # bytes of Markdown or text
PAGE_LIMIT = 10_000_000  # bytes of HTML: lxml drops longer texts without a word
SECONDS = 20.0  # of wall time for one article
MADE_PAGES = frozenset({"cover", "titlepage", "contents", "credits", "permissions", "index", "colophon", "nav", "toc"})


def read(
    folder: Path | str,
    report: Report,
    *,
    readers: Mapping[str, Reader] = READERS,
    jobs: Jobs = 0,
    cache: Cache | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Publication:
    """The publication in `folder`, as its pubkit.yaml says.

    Every fault of the sources is in `report`, and what is good is read all the same. Raises
    FileNotFoundError where there is no such folder. `jobs` processes read articles at once; 0 reads here. An
    article that is in the `cache` is not read again. `meanwhile` is called here while other processes read.
    """
    root = Path(folder)
    if not root.is_dir():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}")
    name = next((name for name in MANIFEST_NAMES if (root / name).exists()), MANIFEST_NAMES[0])
    source = _source(root, name, Location(name), report, MANIFEST_LIMIT, missing="manifest-missing")
    yaml = load_yaml(source, report) if source else None
    if source is None or yaml is None:
        source = source or SourceText(path=name, text="", root=root)
        return _publication(validate(Manifest, no_yaml(source), report), source, (), report, slug(root.resolve().name))
    settings = validate(Manifest, yaml, report)
    if not settings.form.title:
        report.add("key-missing", source.at(0), key="title", last="title")
    named = _named_articles(settings, root, readers)
    texts = [_article_source(root, path, at, report, readers) for _, path, at in named]
    language = settings.form.language
    articles = _read_articles([text for text in texts if text], language, readers, report, jobs, cache, meanwhile)
    by_path = {article.source.path: article for article in articles}
    sections: list[Section] = []
    for title, path, _ in named:
        article = by_path.pop(path, None)
        if article is None:
            continue
        if sections and title and sections[-1].title == title:
            sections[-1] = replace(sections[-1], articles=(*sections[-1].articles, article))
        else:
            sections.append(Section(title=title, articles=(article,)))
    return _publication(settings, source, sections, report, slug(settings.form.slug or root.resolve().name))


def read_files(
    files: Sequence[Path | str],
    report: Report,
    *,
    readers: Mapping[str, Reader] = READERS,
    jobs: Jobs = 0,
    meanwhile: Callable[[], None] | None = None,
) -> Publication:
    """A publication of these article files in this order, without a manifest.

    Title and language are those of the first article. A file may name images below the folder in which pubkit
    runs, or, where it lies elsewhere, below its own. `jobs` and `meanwhile` are as in `read`.
    """
    texts = []
    here = Path.cwd()
    for file in files:
        path = Path(file)
        inside = path.resolve().is_relative_to(here)
        root, name = (here, path.resolve().relative_to(here).as_posix()) if inside else (path.parent, path.name)
        text = _article_source(root, name, Location(str(file)), report, readers)
        if text:
            texts.append(replace(text, path=posixpath.normpath(path.as_posix())))
    articles = _read_articles(texts, "", readers, report, jobs, meanwhile=meanwhile)
    first = articles[0] if articles else None
    source = SourceText(path=str(files[0]) if files else "pubkit.yaml", text="", root=Path())
    settings = validate(Manifest, no_yaml(source), report)
    stem = slug(Path(files[0]).stem) if files else "publication"
    publication = _publication(settings, source, (Section(articles=tuple(articles)),), report, stem, titled_by=first)
    return replace(publication, parts=replace(publication.parts, cover=False))


def _source(
    root: Path, name: str, at: Location, report: Report, limit: int, *, missing: str = "file-missing"
) -> SourceText | None:
    """The text of a file below `root`; None where it cannot be used, which is reported."""
    try:
        content = read_inside(root, name, limit=limit)
    except SourceRefusedError as refused:
        code = missing if refused.code == "file-missing" else refused.code
        facts = {**refused.facts, "name": root.resolve().name} if code == "manifest-missing" else refused.facts
        report.add(code, at, **facts)
        return None
    try:
        text = decode(content)
    except SourceRefusedError as refused:
        place = Location(name, int(str(refused.facts["line"])), int(str(refused.facts["column"])))
        report.add("encoding-invalid", place, byte=refused.facts["byte"])
        return None
    source = SourceText(path=name, text=text, root=root, base=str(PurePosixPath(name).parent))
    bad = FORBIDDEN.search(text)
    if bad:
        report.add("character-forbidden", source.at(bad.start()), number=ord(bad[0]))
        return None
    return source


def _article_source(
    root: Path, path: str, at: Location, report: Report, readers: Mapping[str, Reader]
) -> SourceText | None:
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in readers:
        report.add("format-unknown", at, suffix=suffix)
        return None
    return _source(root, path, at, report, PAGE_LIMIT if "html" in suffix or suffix == ".htm" else ARTICLE_LIMIT)


def _named_articles(
    settings: Settings[Manifest], root: Path, readers: Mapping[str, Reader]
) -> list[tuple[str, str, Location]]:
    """(section, path, place) of every article in order; all files of `articles/` where the manifest names none."""
    if settings.form.contents:
        return [
            (section.section, _normal(path), settings.at("contents", number, "articles", position))
            for number, section in enumerate(settings.form.contents)
            for position, path in enumerate(section.articles)
        ]
    folder = root / "articles" if (root / "articles").is_dir() else root
    found = sorted(
        (path for path in folder.iterdir() if path.suffix.lower() in readers and not path.name.startswith((".", "_"))),
        key=lambda path: path.name,
    )
    readme = {"readme.md", "license.md", "licence.md", "changelog.md", "readme.txt"}
    return [("", path.relative_to(root).as_posix(), settings.here) for path in found if path.name.lower() not in readme]


def _normal(path: str) -> str:
    """The path in its shortest form, with forward slashes: links are compared with it."""
    return posixpath.normpath(path.replace("\\", "/"))


def _read_articles(
    sources: Sequence[SourceText],
    language: str,
    readers: Mapping[str, Reader],
    report: Report,
    jobs: Jobs,
    cache: Cache | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> list[Article]:
    tasks = [(source, language or "en", readers[PurePosixPath(source.path).suffix.lower()]) for source in sources]
    articles: list[Article] = []
    if any(reader not in READERS.values() for *_, reader in tasks):  # nobody knows what somebody's own depends on
        cache = None
    results = run_jobs(
        read_article,
        tasks,
        jobs=jobs,
        seconds=SECONDS,
        prepare=load_words,
        cache=cache,
        works=[_work(*task) for task in tasks],
        meanwhile=meanwhile,
    )
    for source, result in zip(sources, results, strict=True):
        if isinstance(result, Failure):
            report.add("conversion-stopped", source, limit=result.detail)
            continue
        article, found = result
        article = replace(article, source=source)  # one from the cache may have been read in another folder
        report.extend(found)
        articles.append(_apart(article, articles, report))
    return articles


def _work(source: SourceText, language: str, _reader: Reader) -> Work:
    parts = {
        "text": digest(source.path, source.base, source.text),
        "language": language,
        "format": PurePosixPath(source.path).suffix.lower(),
    }
    return Work(kind="article", name=source.path, parts=parts)


def read_article(source: SourceText, language: str, reader: Reader) -> tuple[Article, tuple[Diagnostic, ...]]:
    """One article with its front matter, and what was found wrong; runs in a worker process."""
    report = Report()
    front, text = split_front_matter(source, report)
    given = front.form.title if front else ""
    article = reader(text, report, language=(front.form.language if front else "") or language, title=given)
    article = replace(article, source=source)
    if front:
        article = apply_front_matter(article, front, report)
    if not article.title:
        stem = PurePosixPath(source.path).stem
        if report.ok:  # else the title may stand in front matter that could not be read
            report.add("title-missing", source.at(0))
        article = replace(article, title=stem.replace("-", " ").replace("_", " ").capitalize())
    if len(article.title) > LONGEST_LINE:
        report.add("value-invalid", source.at(0), key="title", reason=f"it is longer than {LONGEST_LINE} characters")
        article = replace(article, title=escape(plain(article.title)[:LONGEST_LINE]))
    if not article.body.strip():
        report.add("article-empty", source.at(0))
    if not article.id[:1].isalpha() or article.id in MADE_PAGES:  # an XML id starts with a letter
        article = replace(article, id=f"article-{article.id}")
    return article, tuple(report.diagnostics)


def _apart(article: Article, others: Iterable[Article], report: Report) -> Article:
    """The article with a slug of its own; two articles with one slug are reported."""
    twin = next((other for other in others if other.id == article.id), None)
    if twin is None:
        return article
    report.add(
        "article-twice", article.source.at(0), first=twin.source.path, second=article.source.path, slug=article.id
    )
    taken = {other.id for other in others}
    number = 2
    while f"{article.id}-{number}" in taken:
        number += 1
    return replace(article, id=f"{article.id}-{number}")


def _publication(
    settings: Settings[Manifest],
    source: SourceText,
    sections: Sequence[Section],
    report: Report,
    stem: str,
    *,
    titled_by: Article | None = None,
) -> Publication:
    form = settings.form
    articles = [article for section in sections for article in section.articles]
    metadata = metadata_of(settings, articles, report, titled_by=titled_by)
    publication = Publication(
        slug=stem,
        metadata=metadata,
        sections=tuple(sections),
        cover=_cover(settings, metadata.language, report),
        parts=Parts(
            cover=form.parts.cover,
            title_page=form.parts.title_page,
            contents=form.parts.contents is not None,
            credits=form.parts.credits is not None,
            credits_by=form.parts.credits.by if form.parts.credits else "role",
            permissions=form.parts.permissions,
            index=form.parts.index,
            colophon=form.parts.colophon,
            depth=form.parts.contents.depth if form.parts.contents else 1,
        ),
        theme=form.theme,
        screen_limits=ScreenLimits(side=form.images.longest_side, size=form.images.kilobytes * 1000),
        printing=_print_settings(settings, source, report),
        policy=RightsPolicy(strict=form.rights.strict, sold=form.rights.sold),
        people=_known_people(settings, metadata.language),
        source=source,
    )
    if not publication.articles and report.ok:
        report.add("publication-empty", source.at(0))
    return publication


def _known_people(settings: Settings[Manifest], language: str) -> tuple[KnownPerson, ...]:
    return tuple(
        KnownPerson(
            person=Person(
                name=known.name,
                file_as=known.file_as,
                url=known.url,
                orcid=known.orcid,
                isni=known.isni,
                bio=inline(markdown_inline(known.bio, language=language)) if known.bio else "",
                portrait=known.portrait,
                organisation=known.organisation,
            ),
            also=tuple(known.also),
            at=settings.at("people", number, "name"),
        )
        for number, known in enumerate(settings.form.people)
    )


def _print_settings(settings: Settings[Manifest], source: SourceText, report: Report) -> PrintSettings:
    form = settings.form.print
    profile = b""
    if form.profile:
        at = settings.at("print", "profile")
        try:
            profile = read_inside(source.root, form.profile, limit=PROFILE_LIMIT)
            profile_name(profile)
        except SourceRefusedError as refused:
            report.add(refused.code, at, **refused.facts)
        except ProfileRefusedError as refused:
            report.add("profile-invalid", at, reason=str(refused))
            profile = b""
    return PrintSettings(
        purpose=form.purpose,
        trim=size(form.trim) if form.trim else None,
        bleed=None if form.bleed is None else length(form.bleed),
        marks=form.marks,
        colour=form.colour,
        ink_limit=form.ink_limit,
        profile=profile,
        condition=form.condition,
        paper=form.paper,
        leaf=None if form.leaf is None else length(form.leaf),
        multiple=form.page_multiple,
        recto=form.recto,
        links=form.links,
        page_references=form.page_references,
        at=settings.at("print") if ("print",) in settings.places else None,
    )


def _cover(settings: Settings[Manifest], language: str, report: Report) -> Figure | None:
    form = settings.form.cover
    if form is None:
        return None
    at = settings.at("cover", "src")
    if not form.alt:
        report.add("alt-missing", at, name=form.src)
    return Figure(
        id="cover-image",
        image=form.src,
        alt=form.alt,
        caption=inline(markdown_inline(form.caption, language=language)) if form.caption else "",
        credit=form.credit,
        rights=Rights(text=form.rights, licence=form.licence),
        at=at,
    )
