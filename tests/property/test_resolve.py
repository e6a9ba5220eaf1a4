"""Laws of resolve: ids are unique in the publication, every internal link has a target, every image an asset."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pubkit.markup import elements, parse
from pubkit.report import Report
from pubkit.stages.read import read
from pubkit.stages.resolve import resolve

NAMES = ["a.md", "b/a-b.md", "b/été.md", "a--b.html"]
HEADINGS = ["## Sea", "## Sea {#sea}", "### Été {#b--sea}", '<h2 id="a">Sea</h2>', '<h3 id="1 2">x</h3>', "# Top"]
TARGETS = [
    "a.md",
    "../a.md",
    "b/a-b.md",
    "a-b.md#sea",
    "#sea",
    "#b--sea",
    "#sea-2",
    "",
    "#",
    "b/%C3%A9t%C3%A9.md",
    "x.md",
]
BLOCKS = [
    "Text.[^1]\n\n[^1]: A note, [see](#fn-1).",
    "![Fog](sea.svg)",
    "![Fog](missing.png)",
    '<div id="sea" aria-labelledby="sea a">x</div>',
    "/// aside | Sea\nWords.\n///",
    '<table><tr><th id="h">a</th><td headers="h">b</td></tr></table>',
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'

block = st.one_of(
    st.sampled_from(HEADINGS), st.sampled_from(BLOCKS), st.sampled_from(TARGETS).map(lambda target: f"[link]({target})")
)
texts = st.lists(block, min_size=1, max_size=8).map("\n\n".join)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), texts, min_size=1))
def test_one_namespace(articles: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "b").mkdir()
        for path, text in articles.items():
            (folder / path).write_text(text, encoding="utf-8")
        (folder / "sea.svg").write_text(SVG, encoding="utf-8")
        contents = ", ".join(f'"{path}"' for path in articles)
        (folder / "pubkit.yaml").write_text(f"title: x\ncontents: [{contents}]\n", encoding="utf-8")
        report = Report()
        found = resolve(read(folder, report), report)
    trees = [parse(text) for article in found.articles for text in (article.body, article.notes)]
    inside = [element for tree in trees for element in elements(tree)]
    ids = [article.id for article in found.articles]
    ids += [element.get("id", "") for element in inside if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in inside:
        href = element.get("href", "")
        assert href[1:] in ids if href.startswith("#") else not href
        assert all(name in ids for name in element.get("aria-labelledby", "").split())
    assert {element.get("src") for element in inside if element.tag == "img"} <= {a.name for a in found.assets}
    for article in found.articles:
        assert all(heading.id in ids for heading in article.headings)
        assert all(figure.id in ids for figure in article.figures)
