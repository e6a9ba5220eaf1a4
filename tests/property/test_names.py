"""Laws of names and credits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.credits import gather, merged, read_byline, read_credit_line, sort_name, split_names
from pubkit.labels import join_names, labels_of
from pubkit.model import Article, Credit, Person
from pubkit.names import name_key
from pubkit.roles import group_of, role_label, role_of
from pubkit.source import Location, SourceText

GIVEN = ["Ada", "Jean-Luc", "Émilie", "J. K.", "Mary Ann", "Øystein", "Íñigo", "Łucja", "D’Arcy", "K."]
FAMILY = [
    "Lovelace",
    "van der Berg",
    "O’Neill",
    "St. John",
    "de la Torre",
    "McRae",
    "Żuk",
    "al-Khalili",
    "Ng",
    "Webb, Jr.",
]
PLAIN = st.builds("{} {}".format, st.sampled_from(GIVEN), st.sampled_from(FAMILY))
NAMES = st.lists(PLAIN, min_size=1, max_size=8, unique=True)
JOINING = ["en", "en-GB", "fr", "de", "es", "it", "pt", "nl", "pl", "ru", "ja", "zh"]  # not ar, he: "and" is a prefix
ROLES = ["aut", "Photographs by", "Additional reporting", "Puppet master", "edt", "Fotos", "Grafik", "oth"]
AT = Location("x.md")


def article(name: str, credits_: list[Credit]) -> Article:
    source = SourceText(path=f"{name}.md", text="")
    return Article(id=name, title=name, credits=tuple(credits_), language="en", body="", source=source)


@st.composite
def some_credits(draw: st.DrawFn) -> list[Credit]:
    pairs = draw(st.lists(st.tuples(PLAIN | st.text(min_size=1).filter(name_key), st.sampled_from(ROLES)), max_size=8))
    return [Credit(person=Person(name=name), role=role_of(role), at=AT) for name, role in pairs]


@pytest.mark.parametrize("language", JOINING)
@given(names=NAMES)
def test_what_is_joined_can_be_split(language: str, names: list[str]) -> None:
    assert list(split_names(join_names(names, language))) == names


@given(
    names=NAMES, words=st.sampled_from(["Photographs by", "Text von", "Traduction :", "Fotos:", "Video:", "Graphics:"])
)
def test_a_line_of_credits_gives_its_names(names: list[str], words: str) -> None:
    read = read_credit_line(f"{words} {join_names(names, 'en')}", AT)
    assert [credit.person.name for credit in read] == names
    assert {credit.role for credit in read} == {role_of(words)}


@given(names=NAMES)
def test_a_byline_gives_its_names(names: list[str]) -> None:
    assert [credit.person.name for credit in read_byline(f"By {join_names(names, 'en')}", AT)] == names


@given(st.text())
def test_nothing_breaks_the_parsers(text: str) -> None:
    assert all(name.strip() for name in split_names(text))
    read = read_credit_line(text, AT) + read_byline(text, AT)
    assert all(credit.person.name and role_label(credit.role, labels_of("en")) for credit in read)


@given(st.text(alphabet='Text Photos:by;,. AndBeck()“”"', max_size=60))
def test_nothing_like_a_credit_breaks_the_parsers(text: str) -> None:
    read = read_credit_line(text, AT)
    assert all(credit.person.name in text for credit in read)


@given(some_credits(), st.lists(some_credits(), max_size=4))
def test_gather_neither_loses_nor_invents_a_name(own: list[Credit], rest: list[list[Credit]]) -> None:
    articles = [article(f"a{number}", credits_) for number, credits_ in enumerate(rest)]
    everyone = own + [credit for credits_ in rest for credit in credits_]
    groups = gather(own, articles)
    assert {name_key(one.person.name) for group in groups for one in group.people} == {
        name_key(credit.person.name) for credit in everyone
    }
    for group in groups:
        keys = [name_key(one.person.name) for one in group.people]
        assert len(keys) == len(set(keys))
    assert {name_key(person.name) for person, _ in merged(everyone)} == {
        name_key(credit.person.name) for credit in everyone
    }


@given(st.lists(some_credits(), min_size=1, max_size=4))
def test_removing_an_article_removes_exactly_its_credits(rest: list[list[Credit]]) -> None:
    articles = [article(f"a{number}", credits_) for number, credits_ in enumerate(rest)]

    def facts(chosen: list[Article]) -> set[tuple[str, str, str]]:
        return {
            (role_label(group.role, labels_of("en")).casefold(), name_key(one.person.name), work)
            for group in gather([], chosen)
            for one in group.people
            for work in one.works
        }

    assert facts(articles[1:]) == {fact for fact in facts(articles) if fact[2] != "a0"}


@given(st.lists(st.tuples(PLAIN, st.sampled_from(ROLES)), max_size=8))
def test_order_does_not_depend_on_the_order_of_articles(pairs: list[tuple[str, str]]) -> None:
    credits_ = [Credit(person=Person(name=name), role=role_of(role), at=AT) for name, role in pairs]
    articles = [article(f"a{number}", [credit]) for number, credit in enumerate(credits_)]
    forth, back = (
        [(group_of(group.role), [one.person for one in group.people]) for group in gather([], way)]
        for way in (articles, articles[::-1])
    )
    assert forth == back


@given(PLAIN)
def test_a_sort_form_holds_every_word_of_the_name(name: str) -> None:
    shown = sort_name(Person(name=name))
    assert sorted(shown.replace(",", "").split()) == sorted(name.replace(",", "").split())
