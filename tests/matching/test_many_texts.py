"""Texts read many at a time give what each gives alone, and what the formulas say."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language import topics as language_topics
from matchmaker.language.glossary import concepts
from matchmaker.language.text import without_latin_marks
from matchmaker.language.words import chargrams, words
from matchmaker.matching import said, terms
from matchmaker.matching.codes import key
from matchmaker.matching.encoding import encode, encode_all
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import NeedRecord, OfferRecord, Record
from matchmaker.matching.terms import Idf, fit_idf, weighted
from matchmaker.matching.text import vector, vectors
from matchmaker.matching.topics import topics_of
from tests.matching import text_set
from tests.matching.text_set import LANGUAGES

ODD = ["", "😀 😀", "\n\n", "loan " * 400, "x" * 13_000, "don't pay 1,000.50 USD / month. It's 5%"]


def texts(lang: str) -> list[str]:
    rows = text_set.rows(f"needs-{lang}")[::10] + text_set.rows(f"offers-{lang}")[::10]
    return [row["text"] for row in rows] + ODD


def plainly(text: str, lang: str, idf: Idf) -> dict[int, float]:
    """Weigh a text term by term, as the docstring of ``weighted`` has it."""
    told: Counter[int] = Counter()
    kinds: dict[int, float] = {}
    for sentence in said.SENTENCE_END.split(text[: said.LONGEST]):
        said_so = words(sentence, lang)
        found = [without_latin_marks(word) if lang == "vi" else word for word in said_so]
        spaces = {
            ("w", "v" if lang == "vi" else "w"): found,
            ("m", "w"): [word for word in said_so if lang == "vi" and word not in found],
            ("g", "g"): chargrams(found),
            ("c", "c"): [concept.code for concept in concepts(sentence, lang)],
        }
        for (space, kind), tokens in spaces.items():
            ids = [key(f"text:{space}", token) for token in tokens]
            told.update(ids)
            kinds |= dict.fromkeys(ids, terms.KIND_WEIGHT[kind])
    most = max(terms.MOST_TOLD, told.total() / terms.ONE_IN)
    known = dict(zip(idf.ids.tolist(), idf.values.tolist(), strict=True))
    weights = {
        term: kinds[term] * (1.0 + log(min(n, most))) * known.get(term, idf.unseen)
        for term, n in told.items()
    }
    length = sqrt(sum(weight**2 for weight in weights.values()))
    return {term: weight / length for term, weight in weights.items()}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_terms_and_weights_are_those_of_the_formula(lang: str) -> None:
    idf = fit_idf([(text, lang) for text in texts(lang)[::2]])
    for text in texts(lang):
        ids, weights = weighted(text, lang, idf)
        plain = plainly(text, lang, idf[lang])
        assert ids.tolist() == sorted(plain)
        assert weights == pytest.approx([plain[term] for term in ids.tolist()], rel=1e-6)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pairs_are_neighbours_within_a_sentence(lang: str) -> None:
    for text in texts(lang):
        sentences = said.SENTENCE_END.split(text[: said.LONGEST])
        bare = [without_latin_marks(one) if lang == "vi" else one for one in sentences]
        wanted = Counter(pair for one in bare for pair in pairwise(words(one, lang)))
        counts = terms.count([text], lang)
        found = counts.told[counts.paired[counts.terms]]
        assert sorted(found.tolist()) == sorted(wanted.values())


@given(st.text(st.sampled_from("a .!?/。！？။។\n\u200b\u3000é")) | st.text())
def test_sentences_end_where_a_sign_says_so(text: str) -> None:
    assert said.sentences(text) == said.SENTENCE_END.split(text)


@pytest.mark.slow
def test_texts_read_together_are_as_each_alone_to_the_bit() -> None:
    every = [(text, lang) for lang in LANGUAGES for text in texts(lang)]
    every += [("a loan for a rice mill", "fr"), ("vay vốn lưu động cho cửa hàng", None)]
    idf = fit_idf([(text, lang) for text, lang in every[::3] if lang])
    for (text, lang), (keys, weights) in zip(every, vectors(every, idf), strict=True):
        alone = vector(text, lang, idf)
        assert np.array_equal(keys, alone[0])
        assert np.array_equal(weights, alone[1])


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_article_is_nearest_to_its_own_topic(lang: str) -> None:
    for code, text in language_topics.articles(lang)[::20]:
        keys, weights = topics_of(text, lang)
        assert key("text:t", code) == keys[np.argmax(weights)]
        assert weights @ weights == pytest.approx(1.0)


def test_records_encoded_together_are_as_each_alone() -> None:
    model = programme_model()
    records: list[Record] = [
        NeedRecord(1, 1, "finance", "instrument:TERM_LOAN", text="a loan for a mill"),
        OfferRecord(2, 2, "finance", ("instrument:TERM_LOAN",), text="a loan for a mill"),
        OfferRecord(3, 3, "service", ("service:ERP",), text="ສິນເຊື່ອ", lang="lo"),
    ]
    known = encode(records[2], model)
    kept = {known.text_key: known.features["text"]}
    for row, record in zip(encode_all(records, model, kept.get), records, strict=True):
        alone = encode(record, model)
        assert (row.id, row.text_key, row.rules) == (alone.id, alone.text_key, alone.rules)
        assert row.numbers == pytest.approx(alone.numbers, nan_ok=True)
        assert row.features.keys() == alone.features.keys()
        for family, (keys, values) in row.features.items():
            assert np.array_equal(keys, alone.features[family][0])
            assert np.array_equal(values, alone.features[family][1])


def test_a_lexicon_that_is_full_gives_way_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [(text, lang) for lang in ("en", "lo") for text in texts(lang)]
    idf = fit_idf([(text, lang) for text, lang in every[::3]])
    monkeypatch.setattr(terms, "_MOST_TEXTS", 5)
    held = vectors(every, idf)
    monkeypatch.setattr(said, "_MOST_HELD", 0)
    for one, other in zip(vectors(every, idf), held, strict=True):
        assert np.array_equal(one[0], other[0])
        assert np.array_equal(one[1], other[1])
