"""The glossary finds the same concept in seven languages, by whole words."""

import unicodedata
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.glossary import codes_of, concepts, may_begin, terms
from matchmaker.language.text import normalise, without_latin_marks
from matchmaker.vocabulary import schemes

LANGUAGES = {"en", "lo", "km", "my", "th", "vi", "zh"}
# A vegetable farm that needs a loan for a cold room and a dryer, bookkeeping and a Facebook page.
SAME_STORY = {
    "en": "We grow vegetables and need cold-storage, loans to buy dryers, a Facebook page and"
    " bookkeeping.",
    "lo": "ພວກເຮົາປູກຜັກ ແລະ ຕ້ອງການຫ້ອງເຢັນ. ຕ້ອງການເງິນກູ້ຊື້ເຄື່ອງອົບແຫ້ງ, ເພຈເຟສບຸກ ແລະ ການບັນຊີ",
    "km": "យើងដាំបន្លែ ហើយត្រូវការឃ្លាំងត្រជាក់ និងប្រាក់កម្ចីដើម្បីទិញម៉ាស៊ីនសម្ងួត។ យើងចង់បានផេកហ្វេសប៊ុក និងគណនេយ្យ",
    "my": "ကျွန်ုပ်တို့သည် ဟင်းသီးဟင်းရွက်စိုက်ပြီး အအေးခန်းလိုအပ်သည်။ ချေးငွေဖြင့် အခြောက်ခံစက်ဝယ်လိုသည်။ ဖေ့စ်ဘုတ် နှင့် စာရင်းကိုင် လိုသည်။",
    "th": "เราปลูกผักและต้องการห้องเย็น ต้องการเงินกู้ซื้อเครื่องอบแห้ง ทำเพจเฟซบุ๊กและทำบัญชี",
    "vi": "Chúng tôi trồng rau và cần kho lạnh, vay vốn mua máy sấy, trang facebook và kế toán",
    "zh": "我们种菜，需要冷库和贷款购买烘干机，还要脸书主页和记账",
}
STORY_CODES = {
    "isic4:0113",
    "isic4:5210",
    "isic4:1030",
    "instrument:TERM_LOAN",
    "purpose:EQUIPMENT",
    "service:DIGITAL_MARKETING",
    "service:ACCOUNTING",
}


def codes(text: str, lang: str | None = None) -> set[str]:
    return {concept.code for concept in concepts(text, lang)}


def test_every_code_of_the_glossary_is_in_the_vocabulary() -> None:
    assert {term.code for term in terms() if schemes.find(term.code) is None} == set()


def test_every_concept_has_terms_in_all_seven_languages() -> None:
    languages = defaultdict(set)
    for term in terms():
        languages[term.code].add(term.lang)
    assert len(languages) >= 100
    assert {code for code, known in languages.items() if known != LANGUAGES} == set()


def test_every_instrument_service_and_purpose_can_be_recognised() -> None:
    known = {term.code for term in terms()}
    for scheme in ("instrument", "service", "purpose"):
        assert {code.full for code in schemes.LISTS[scheme]} <= known


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_every_term_is_found_where_it_stands_alone(lang: str) -> None:
    for term in terms():
        if term.lang == lang:
            found = [(c.code, c.start, c.end) for c in concepts(term.term, lang)]
            assert (term.code, 0, len(term.term)) in found, term


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_the_same_story_gives_the_same_codes_in_every_language(lang: str) -> None:
    assert codes(SAME_STORY[lang], lang) == STORY_CODES
    named = [concept.code for concept in concepts(SAME_STORY[lang], lang)]
    assert codes_of(SAME_STORY[lang], lang) == named


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_the_language_need_not_be_told(lang: str) -> None:
    assert codes(SAME_STORY[lang]) == STORY_CODES


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_composed_and_decomposed_texts_give_the_same_codes(lang: str) -> None:
    assert codes(unicodedata.normalize("NFD", SAME_STORY[lang]), lang) == STORY_CODES


def test_vietnamese_typed_without_marks_is_understood() -> None:
    assert codes(without_latin_marks(SAME_STORY["vi"]), "vi") == STORY_CODES


def test_marks_tell_vietnamese_words_apart_where_they_are_typed() -> None:
    assert codes("Chúng tôi nuôi gà", "vi") == {"isic4:0146"}
    assert "isic4:0146" not in codes("Gần ga tàu của chúng tôi", "vi")


@pytest.mark.parametrize(
    ("text", "lang", "unwanted"),
    [
        ("ชาวนาในหมู่บ้าน", "th", "isic4:0127"),
        ("The teacher is here", "en", "isic4:0127"),
        ("A price guaranteed by nobody", "en", "instrument:GUARANTEE"),
        ("We keep bees. Wax is sold.", "en", "isic4:1520"),
    ],
)
def test_a_term_inside_a_longer_word_is_no_concept(text: str, lang: str, unwanted: str) -> None:
    assert unwanted not in codes(text, lang)


def test_the_longest_term_wins() -> None:
    found = concepts("working capital loan", "en")
    assert {c.term for c in found} == {"working capital loan"}


def test_punctuation_ends_a_term() -> None:
    assert codes("It was cold. Storage is full", "en") == codes("storage", "en")
    assert "purpose:WORKING_CAPITAL" not in codes("working, capital", "en")


def test_english_terms_count_in_every_language() -> None:
    assert "service:POS_PAYMENTS" in codes("ຕ້ອງການ QR payment ສຳລັບຮ້ານ", "lo")


def test_case_plural_and_apostrophe_make_no_difference() -> None:
    assert codes("LOANS for WOMEN’S GROUPS") == codes("loan for women's group")


@given(
    st.text(st.characters(exclude_categories=())) | st.text(st.sampled_from("ກາເຟcoffee vay vốn"))
)
def test_concepts_of_any_text_stand_where_they_say(text: str) -> None:
    kept = normalise(text)
    found = concepts(text)
    assert all(kept[c.start : c.end] == c.term for c in found)
    assert [c.start for c in found] == sorted(c.start for c in found)
    for lang in ("en", "vi", "lo"):
        assert codes_of(text, lang) == [concept.code for concept in concepts(text, lang)]
        if not any(may_begin(chunk, lang) for chunk in text.split(" ")):
            assert not codes_of(text, lang)


def test_every_term_may_begin_where_it_stands_whatever_language_the_text_is_said_to_be_in():
    for term in terms():
        for lang in {term.lang, "en"}:
            for written in (term.term, without_latin_marks(term.term)):
                if codes_of(written, lang):
                    assert any(may_begin(chunk, lang) for chunk in written.split(" ")), term
    assert not may_begin("zqxj", "en")
