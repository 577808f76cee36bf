"""The texts of the demo: complete in seven languages, and in the language they say."""

from __future__ import annotations

import string

import pytest

from matchmaker.demo import library
from matchmaker.language.text import normalise
from matchmaker.language.words import guess_language
from matchmaker.organisations.models import Need
from matchmaker.vocabulary.facts import FACTS
from matchmaker.vocabulary.languages import UI_LANGUAGES
from matchmaker.vocabulary.sectors import PLAIN

SLOTS = {"place", "staff", "years"}


@pytest.mark.parametrize("lang", UI_LANGUAGES)
def test_each_topic_has_at_least_two_wordings_in_each_language(lang: str) -> None:
    for topic in library.topics():
        assert len(library.need_words()[topic.key, lang]) >= 2, topic.key
    for kind in ("closing", "ask", "offer", "about_firm", "note"):
        assert library.sentences(kind, lang)
        assert lang == "en" or library.sentences(kind, lang) != library.sentences(kind, "en")


def test_every_text_is_in_the_language_it_says_and_fits_its_column() -> None:
    for name in ("needs", "product_texts"):
        for row in library.rows(name):
            assert row["title"].strip()
            assert len(row["title"]) <= Need.TITLE_MAX - 40
            assert guess_language(row["text"]) == row["lang"], row
            assert normalise(row["text"]) == row["text"]
            assert {slot for _, slot, _, _ in string.Formatter().parse(row["text"])} <= {
                None,
                *SLOTS,
            }


def test_no_wording_stands_twice() -> None:
    texts = [row["text"] for name in ("needs", "product_texts") for row in library.rows(name)]
    assert len(texts) == len(set(texts))


def test_every_plain_sector_has_a_trade_name_in_each_language() -> None:
    assert set(library.trades()) == set(PLAIN.codes())
    for trade in library.trades().values():
        assert all(trade[lang] for lang in UI_LANGUAGES)


def test_what_is_offered_has_words_and_rules_that_can_be_tested() -> None:
    for key, product in library.products().items():
        assert library.product_words()[key, "en"]
        for fact, operator, _values, _must in product["rules"]:
            assert operator in FACTS.get(fact).extra["operators"].split(), (key, fact)


def test_there_are_sixty_funders_and_eighty_providers_of_different_names() -> None:
    for name, count in (("funders", 60), ("providers", 80)):
        found = library.offerers(name)
        assert len(found) == len({offerer.own for offerer in found}) == count
        assert all(
            product in library.products() for offerer in found for product in offerer.products
        )
