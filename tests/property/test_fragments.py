"""Laws of fragments: always good XML, stable under a second pass, ids unique, nothing dangerous, words kept."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pubkit.markup import Fragment, elements, fragment, parse, plain
from pubkit.report import Report
from pubkit.source import SourceText

TAGS = (
    "p div b em a span h1 h2 h4 ul li table tr td th figure figcaption img math mi script svg style br hr blockquote"
).split()
ATTRIBUTES = [
    'id="x"',
    'id="1 2"',
    'href="#x"',
    'href="javascript:x"',
    'onclick="y"',
    'src="a.png"',
    'class="c"',
    "title='<'",
    "data-index",
    'data-index="a, b &> c"',
    'data-index="a >> c"',
]
WORDS = ["word", "a & b", "<", "&nbsp;", "\u0000", "é", "<!--", "]]>", "&#x1;", "\ufffe"]


@st.composite
def html_soup(draw: st.DrawFn) -> str:
    pieces = st.one_of(
        st.builds(
            lambda tag, attributes: f"<{' '.join([tag, *attributes])}>",
            st.sampled_from(TAGS),
            st.lists(st.sampled_from(ATTRIBUTES), max_size=2),
        ),
        st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(WORDS),
        st.text(max_size=5),
    )
    return "".join(draw(st.lists(pieces, max_size=25)))


def convert(html: str) -> Fragment:
    return fragment(html, SourceText(path="a.html", text=html), Report())


@settings(max_examples=200, deadline=None)
@given(html_soup())
def test_a_fragment_is_good_xml_safe_and_has_unique_ids(soup: str) -> None:
    once = convert(soup)
    body = parse(once.body)
    ids = [element.get("id") for element in elements(body) if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in elements(body):
        assert not any(name.startswith("on") for name in element.attrib)
        assert not re.match(r"\s*javascript:", element.get("href") or "")
        assert str(element.tag).rpartition("}")[2] not in ("script", "style", "svg")


@settings(max_examples=200, deadline=None)
@given(html_soup())
@example("<h1><p><img>")
def test_a_second_pass_changes_nothing(soup: str) -> None:
    once = convert(soup).body
    assert convert(once).body == once


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["alpha", "beta", "gamma"]), min_size=1, max_size=8),
    st.sampled_from(["p", "div", "blockquote", "li"]),
)
def test_no_word_is_lost(words: list[str], tag: str) -> None:
    html = "".join(f"<{tag}>{word}</{tag}>" for word in words)
    assert plain(convert(html).body).split() == words
