"""Words come from ICU, whole, in every script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.text import fold
from matchmaker.language.words import chargrams, guess_language, prepare, spans, words

SAMPLES = {
    "en": "We produce organic coffee and need a loan.",
    "lo": "ພວກເຮົາຜະລິດກາເຟອິນຊີ ແລະ ຕ້ອງການເງິນກູ້",
    "km": "យើងផលិតកាហ្វេសរីរាង្គ ហើយត្រូវការប្រាក់កម្ចី",
    "my": "ကျွန်ုပ်တို့သည် ကော်ဖီထုတ်လုပ်ပြီး ချေးငွေလိုအပ်သည်",
    "th": "เราผลิตกาแฟออร์แกนิกและต้องการเงินกู้",
    "vi": "Chúng tôi sản xuất cà phê hữu cơ và cần vay vốn",
    "zh": "我们生产有机咖啡，需要贷款。",
}
SCRIPTS = "".join(SAMPLES.values()) + " \u200b\u200d\u200c.,!0၁໒\U0001f33e"
MIXED = st.text(st.sampled_from(SCRIPTS), max_size=80) | st.text(
    st.characters(exclude_categories=())
)


@pytest.mark.parametrize(
    ("lang", "expected"), [("lo", "ກາເຟ"), ("km", "កាហ្វេ"), ("my", "ကော်ဖီ"), ("zh", "咖啡")]
)
def test_coffee_is_found_whole(lang: str, expected: str) -> None:
    assert expected in words(SAMPLES[lang], lang)


@pytest.mark.parametrize("lang", SAMPLES)
def test_the_language_is_guessed_from_the_text(lang: str) -> None:
    assert guess_language(SAMPLES[lang]) == lang


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("chung toi can vay von san xuat", "vi"),
        ("", "en"),
        ("😀😀", "en"),
        ("ບໍລິສັດ Mekong Coffee", "lo"),
        ("café crème", "en"),
    ],
)
def test_the_guess_is_sensible_on_hard_texts(text: str, lang: str) -> None:
    assert guess_language(text) == lang


def test_a_zero_width_space_parts_words() -> None:
    assert words("ກາ\u200bເຟ", "lo") == ["ກາ", "ເຟ"]


def test_punctuation_space_and_emoji_are_no_words() -> None:
    assert words("“Rice”, (dryer) — 😀 … 50%!") == ["rice", "dryer", "50"]


def test_case_width_and_digits_are_folded() -> None:
    assert words("ＡＢＣ Rice ໑໒") == ["abc", "rice", "12"]


def test_vietnamese_without_marks_matches_when_folded() -> None:
    assert words(fold("Cần vay vốn", "vi"), "vi") == words("can vay von", "vi")


@given(MIXED)
def test_words_are_pieces_of_the_text_in_order(text: str) -> None:
    ready = prepare(text)
    at = 0
    for word in words(text):
        at = ready.index(word, at) + len(word)


@given(MIXED)
def test_no_cut_falls_between_a_letter_and_its_mark(text: str) -> None:
    ready = prepare(text)
    for start, end in spans(ready):
        for cut in (start, end):
            if 0 < cut < len(ready) and ready[cut - 1].isalpha():
                assert unicodedata.category(ready[cut])[0] != "M"


@given(MIXED)
def test_composed_and_decomposed_text_give_the_same_words(text: str) -> None:
    plain = prepare(text)
    assert words(unicodedata.normalize("NFD", plain)) == words(plain)


@given(st.text(st.characters(exclude_categories=())), st.sampled_from([None, *SAMPLES]))
def test_any_text_gives_words_with_something_to_read(text: str, lang: str | None) -> None:
    assert all(any(map(str.isalnum, word)) for word in words(text, lang))


def test_grams_stay_inside_words_and_mark_their_ends() -> None:
    assert chargrams(["ab", "rice"]) == [" ab", "ab ", " ri", "ric", "ice", "ce "]
    assert chargrams(["a"], 4) == [" a "]
    assert chargrams([]) == []


@given(st.lists(st.text(min_size=1, max_size=9), max_size=5), st.integers(2, 5))
def test_every_gram_is_part_of_a_padded_word(tokens: list[str], n: int) -> None:
    padded = [f" {token} " for token in tokens]
    assert all(any(gram in word for word in padded) for gram in chargrams(tokens, n))
