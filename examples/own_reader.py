"""A reader of one's own: articles in a small JSON form. Extending is passing a value."""

import json
import sys

import pubkit
from pubkit.markup import escape


def read_json(source: pubkit.SourceText, report: pubkit.Report, *, language: str, title: str) -> pubkit.Article:
    """The article in a JSON file: {"title": …, "paragraphs": [...]}."""
    content = json.loads(source.text)
    if not content["paragraphs"]:
        report.add("article-empty", source)
    return pubkit.Article(
        id="from-json",
        title=escape(title or content["title"]),
        language=language,
        body="".join(f"<p>{escape(text)}</p>" for text in content["paragraphs"]),
        source=source,
    )


built = pubkit.build(sys.argv[1], outputs=sys.argv[2:], readers={**pubkit.READERS, ".json": read_json})
print(*built.outputs)
