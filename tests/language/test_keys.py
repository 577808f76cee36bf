"""Names that a person would take for one another share a key."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.keys import name_key, search_key

TWINS = [
    ("Lao Farm Co., Ltd.", "ＬＡＯ　ＦＡＲＭ Company Limited"),
    ("Lao Farm", "L\u0430o F\u0430rm"),
    ("Lao\u200bFarm", "LAO-FARM"),
    ("Sun Rise Sole Co., Ltd", "Sunrise"),
    ("ບໍລິສັດ ສຸກສະຫວັນ ຈຳກັດ", "ສຸກ\u200bສະຫວັນ"),
    ("ບໍລິສັດສຸກສະຫວັນ ຈໍາກັດຜູ້ດຽວ", "ສຸກສະຫວັນ"),
    ("ເເພງ", "ແພງ"),
    ("บริษัท น้ำใส จำกัด (มหาชน)", "นํ้าใส"),
    ("ក្រុមហ៊ុន អង្គរ ឯ.ក", "អង្គរ"),
    ("ကုမ္ပဏီလီမိတက် ရွှေ", "ရွှေ"),
    ("Công ty TNHH MTV Phúc Lộc", "CONG TY TNHH PHUC LOC"),
    ("CTCP Phúc Lộc", "Phúc Lộc"),
    ("昆明绿色食品有限公司", "昆明绿色食品"),
    ("Farm １２", "Farm ໑໒"),
]


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_look_alike_names_share_a_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ກາເຟ", "ກາເຟດີ"), ("Lao Farm", "Lao Firm"), ("ໄຂ່", "ໄຂ້"), ("北方公司", "南方公司")],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["Company", "ບໍລິສັດ", "有限公司", "Công ty TNHH", "Co Ltd"])
def test_a_name_of_legal_words_only_keeps_them(name: str) -> None:
    assert name_key(name)


def test_legal_words_inside_latin_words_stay() -> None:
    assert name_key("Coltd Incense") == "coltdincense"


@given(st.text(st.characters(exclude_categories=())))
def test_keys_exist_for_any_text_and_do_not_depend_on_composition(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert search_key(text) == search_key(decomposed)
    assert name_key(text[:50]) == name_key(unicodedata.normalize("NFD", text[:50]))
    assert " " not in name_key(text)


def test_searches_compare_folded_words() -> None:
    assert search_key("  Công ty  CÀ-PHÊ (Đắk Lắk) ") == "cong ty ca phe dak lak"
    assert search_key("ກາ\u200bເຟ") == search_key("ກາເຟ")
