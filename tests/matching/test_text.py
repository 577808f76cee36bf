"""Texts in any script become vectors, and emptiness is unknown, not zero."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language import topics
from matchmaker.language.text import nfc
from matchmaker.language.words import guess_language
from matchmaker.matching import topics as topic_space
from matchmaker.matching.codes import chain, key, spread
from matchmaker.matching.postings import Postings, sparse
from matchmaker.matching.terms import fit_idf, weighted
from matchmaker.matching.text import shared_words, vector
from matchmaker.matching.topics import topics_of


def cosine(one: str, other: str, lang: str, other_lang: str | None = None) -> float:
    (a, x), (b, y) = vector(one, lang, {}), vector(other, other_lang or lang, {})
    shared, left, right = np.intersect1d(a, b, return_indices=True)
    return float(x[left] @ y[right]) if len(shared) else 0.0


@pytest.mark.slow
@given(st.text(max_size=200))
def test_every_text_gives_a_vector_of_length_one_at_most_or_none(text: str) -> None:
    ids, weights = vector(text, None, {})
    assert (np.diff(ids) > 0).all()
    assert not len(ids) or Postings.build([(ids, weights)]).row_values.dtype == np.uint16
    assert not len(ids) or 0 < float(weights @ weights) <= 1 + 1e-4


def test_a_long_text_about_everything_resembles_little() -> None:
    told = [text.split(".")[0] for _code, text in topics.articles("en")]
    assert np.linalg.norm(vector(". ".join(told)[:4000], "en", {})[1]) < 0.5
    for plain in ("loan", "loan for a rice mill", told[0]):
        assert np.linalg.norm(vector(plain, "en", {})[1]) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(
    ("lang", "one", "near", "far"),
    [
        ("en", "loan for a rice mill", "rice milling loans", "online shop design"),
        ("lo", "ເງິນກູ້ສຳລັບໂຮງສີເຂົ້າ", "ໃຫ້ເງິນກູ້ແກ່ໂຮງສີ", "ອອກແບບເວັບໄຊ"),
        ("zh", "碾米厂需要贷款", "为碾米厂提供贷款", "网站设计"),
    ],
)
def test_texts_that_share_words_are_nearer(lang: str, one: str, near: str, far: str) -> None:
    assert cosine(one, near, lang) > cosine(one, far, lang) + 0.1


def test_vietnamese_without_marks_is_nearly_the_same_and_marks_tell_words_apart() -> None:
    assert cosine("vay vốn mua máy xay", "vay von mua may xay", "vi") > 0.85
    assert cosine("bán cá", "bạn ca", "vi") < cosine("bán cá", "ban ca", "vi") + 1e-6 < 0.95
    assert cosine("bán cá", "bán cá", "vi") == pytest.approx(1, abs=1e-4)


def test_the_glossary_carries_across_languages() -> None:
    assert cosine("ກະສິກອນ ຕ້ອງການ ເງິນກູ້", "a loan for a farm", "lo", "en") > 0


def test_common_words_weigh_less_under_a_frozen_idf() -> None:
    idf = fit_idf([(f"loan number {word}", "en") for word in ("rice", "silk", "coffee", "tea")])
    found = dict(zip(*weighted("loan silk", "en", idf), strict=True))
    assert found[key("text:w", "loan")] < found[key("text:w", "silk")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("lo", "ລູກຄ້າຈ່າຍຊ້າ ຢາກໄດ້ເງິນສົດລ່ວງໜ້າຈາກໃບບິນ"),
        ("th", "ลูกค้าเครดิต 90 วัน อยากเอาบิลไปแลกเงินสดก่อน"),
        ("zh", "买家三个月后才付款，想先把发票换成现金"),
        ("vi", "khách nợ hoá đơn ba tháng, muốn ứng tiền trước"),
    ],
)
def test_topics_carry_across_languages_where_no_word_does(lang: str, text: str) -> None:
    near = cosine(text, "Advance on unpaid invoices: factoring for suppliers", lang, "en")
    far = cosine(text, "Organic certification for farmer groups", lang, "en")
    assert near > far + 0.1


def test_every_language_tells_of_the_same_topics() -> None:
    codes = [code for code, _text in topics.articles("en")]
    assert len(codes) == len(set(codes)) > 150
    for lang in topics.LANGUAGES:
        told = topics.articles(lang)
        assert [code for code, _text in told] == codes
        for code, text in told:
            assert text == nfc(text), (lang, code)
            assert guess_language(text) == lang, (lang, code)


def test_a_text_of_no_known_language_or_of_signs_alone_has_no_topics() -> None:
    assert not len(topics_of("loan", "fr")[0])
    assert not len(topics_of("😀 😀", "en")[0])


def test_repeating_a_word_adds_little() -> None:
    honest = cosine("rice mill", "loans for a rice mill", "en")
    stuffed = cosine("rice mill", "loans for a rice mill " + "rice mill " * 500, "en")
    assert stuffed < honest + 0.35


def test_shared_words_are_whole_and_few() -> None:
    assert shared_words("a dryer for the mill", "dryer and mill loans", "en") == ("dryer", "mill")
    asked, given = "We want this from each of them with bank", "They give from each with bank"
    assert shared_words(asked, given, "en") == ()
    assert shared_words("ຂ້ອຍ ແລະ ກາເຟ ມີ", "ກາເຟ ແລະ ຊາ ມີ", "lo") == ("ກາເຟ",)


def test_codes_have_ancestors_and_neighbours() -> None:
    assert chain("isic4:1061") == ("isic4:1061", "isic4:106", "isic4:10", "isic4:C")
    assert chain("iso3166-2:LA-LP")[-1] == "iso3166-1:LA"
    assert chain("zip:05602") == ("zip:05602", "zip:0560", "zip:056", "zip:05")
    assert chain("iso3166-1:418") == ("iso3166-1:418",)
    assert chain("city-label:bhopal") == ("city-label:bhopal",)
    assert dict(spread("isic4:10")) == {"isic4:10": 1.0, "isic4:C": 0.5}
    assert dict(spread("size:small"))["size:micro"] == 0.5


def test_postings_sum_and_find_the_greatest() -> None:
    rows = [sparse({1: 1.0, 5: 2.0}), sparse({}), sparse({5: 0.5})]
    postings = Postings.build(rows)
    query = sparse({1: 3.0, 5: 1.0, 9: 4.0})
    assert postings.dot(query).tolist() == [5.0, 0.0, 0.5]
    assert postings.greatest(query).tolist() == [3.0, 0.0, 0.5]
    assert postings.having(np.array([5]), 2.0).tolist() == [True, False, False]


def test_articles_worked_out_once_are_read_by_the_next_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topic_space, "_kept_in", [tmp_path])
    monkeypatch.setattr(topic_space, "_spaces", {})
    first = topics_of("a loan for a rice mill", "en")
    [file] = tmp_path.iterdir()
    monkeypatch.setattr(topic_space, "_spaces", {})
    monkeypatch.setattr(topic_space, "idf_of", None)
    second = topics_of("a loan for a rice mill", "en")
    assert first[0].tolist() == second[0].tolist()
    assert first[1].tolist() == second[1].tolist()
    monkeypatch.undo()
    monkeypatch.setattr(topic_space, "_kept_in", [tmp_path])
    monkeypatch.setattr(topic_space, "_spaces", {})
    file.write_bytes(b"not ours")
    assert topics_of("a loan for a rice mill", "en")[0].tolist() == first[0].tolist()
