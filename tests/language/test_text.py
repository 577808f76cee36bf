"""Every text has one form, and what could deceive or break a database is refused or dropped."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchmaker.language.text import (
    TextError,
    ascii_digits,
    clean_line,
    fold,
    nfc,
    normalise,
    without_latin_marks,
)

ANY_TEXT = st.text(st.characters(exclude_categories=()))
MARK_HEAVY = st.text(st.sampled_from("ae\u0300\u0316\u0344\u0f73\u0323\u0e31\u0e49ก"), max_size=200)


@given(ANY_TEXT | MARK_HEAVY)
def test_normalise_is_idempotent(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(ANY_TEXT)
def test_normalised_text_can_be_stored(text: str) -> None:
    kept = normalise(text)
    kept.encode("utf-8")
    controls = {c for c in kept if unicodedata.category(c) == "Cc"}
    assert controls <= {"\n", "\t"}


def test_line_ends_become_newlines() -> None:
    assert normalise("a\r\nb\rc\u2028d\x85e\x0bf") == "a\nb\nc\nd\nef"


def test_word_separators_and_joiners_stay_in_long_texts() -> None:
    text = "ຂ້ອຍ\u200bຮັກ ක්\u200dෂ می\u200cخواهم"
    assert normalise(text) == text


def test_directional_overrides_leave_long_texts() -> None:
    assert normalise("pay \u202e001\u202c kip") == "pay 001 kip"


@given(st.text(max_size=60))
def test_nfc_agrees_with_the_standard_on_ordinary_text(text: str) -> None:
    assert nfc(text[:30]) == unicodedata.normalize("NFC", text[:30])


def test_five_hundred_stacked_thai_marks_are_kept() -> None:
    text = "ก" + "\u0e49" * 500
    assert nfc(text).replace("\u034f", "") == text


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Lao\x00Farm", "nul"),
        ("Lao\ud800Farm", "surrogate"),
        ("Lao\u202eFarm", "bidi_control"),
        ("Lao\u2066Farm", "bidi_control"),
        ("Lao\u200fFarm", "bidi_control"),
        ("Lao\nFarm", "control_character"),
        ("Lao\tFarm", "control_character"),
        ("Lao\x9bFarm", "control_character"),
        ("Lao\u2029Farm", "control_character"),
    ],
)
def test_a_deceiving_line_is_refused_with_a_code(line: str, code: str) -> None:
    with pytest.raises(TextError) as caught:
        clean_line(line)
    assert caught.value.code == code


def test_a_line_is_trimmed_and_its_spaces_are_single() -> None:
    assert clean_line("\ufeff\u200b  ບໍລິສັດ \u00a0\u3000 ກາເຟ \r\n") == "ບໍລິສັດ ກາເຟ"


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000", "\u2003", "\u2800", "\u3164", "\u200b"])
def test_a_line_of_blanks_is_empty(blank: str) -> None:
    assert clean_line(blank * 20) == ""


@given(ANY_TEXT)
def test_a_line_is_clean_or_refused_and_clean_lines_stay(text: str) -> None:
    try:
        line = clean_line(text)
    except TextError:
        return
    assert clean_line(line) == line


@pytest.mark.parametrize(
    "digits",
    ["๐๑๒๓๔๕๖๗๘๙", "໐໑໒໓໔໕໖໗໘໙", "០១២៣៤៥៦៧៨៩", "၀၁၂၃၄၅၆၇၈၉", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩"],
)
def test_digits_of_each_script_become_ascii(digits: str) -> None:
    assert ascii_digits(f"x{digits}y") == "x0123456789y"


@given(st.text())
def test_ascii_digits_keep_the_value_of_every_digit(text: str) -> None:
    changed = ascii_digits(text)
    assert len(changed) == len(text)
    assert [unicodedata.decimal(c, c) for c in text] == [unicodedata.decimal(c, c) for c in changed]


def test_vietnamese_folds_to_what_is_typed_without_marks() -> None:
    assert fold("Đường sắt Việt Nam", "vi") == "duong sat viet nam"
    assert fold(unicodedata.normalize("NFD", "Đường"), "vi") == "duong"


def test_marks_of_other_scripts_survive_folding() -> None:
    for text in ("ກາເຟອິນຊີ", "កាហ្វេ", "กาแฟ", "ကော်ဖီ"):
        assert fold(text) == text
        assert without_latin_marks(text) == text


@given(ANY_TEXT)
def test_folding_is_the_same_for_composed_and_decomposed_text(text: str) -> None:
    plain = normalise(text)
    assert fold(unicodedata.normalize("NFD", plain)) == fold(plain)
