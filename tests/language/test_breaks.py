"""Print gets places to break lines in scripts without spaces."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.breaks import break_opportunities
from matchmaker.language.text import normalise

SPACE = "\u200b"


@pytest.mark.parametrize(
    "text",
    ["ພວກເຮົາຜະລິດກາເຟອິນຊີ", "យើងផលិតកាហ្វេសរីរាង្គ", "ကျွန်ုပ်တို့သည်ကော်ဖီ", "เราผลิตกาแฟอินทรีย์"],
)
def test_a_text_without_spaces_can_be_broken(text: str) -> None:
    broken = break_opportunities(text)
    assert broken.count(SPACE) >= 1
    assert broken.replace(SPACE, "") == text


def test_latin_and_chinese_texts_stay_as_they_are() -> None:
    for text in ("well-known words", "我们生产有机咖啡", "Vay vốn"):
        assert break_opportunities(text) == text


@given(st.text(st.sampled_from("ກາເຟິ້ កាហ្វេ ကော်ဖီ abc.\u200b\n"), max_size=60) | st.text())
def test_nothing_but_break_opportunities_is_added(text: str) -> None:
    broken = break_opportunities(text)
    assert broken.replace(SPACE, "") == normalise(text).replace(SPACE, "")


@given(st.text(st.sampled_from("ກາເຟິ້ຫ່ກາແຟคือที่ដាំបន្លែ"), max_size=60))
def test_no_break_parts_a_letter_from_its_mark(text: str) -> None:
    for before, after in pairwise(break_opportunities(text).split(SPACE)):
        assert not before[-1:].isalpha() or unicodedata.category(after[0]) != "Mn"
