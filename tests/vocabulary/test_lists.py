import unicodedata
from pathlib import Path

import pytest

from matchmaker.vocabulary import schemes
from matchmaker.vocabulary.codes import DATA, LANGUAGES, CodeList, rows
from matchmaker.vocabulary.places import COUNTRIES
from matchmaker.vocabulary.services import SERVICE_GROUPS
from matchmaker.vocabulary.sizes import RULES

LISTS = [*schemes.LISTS.values(), RULES]
DEEP_ISIC = {"isic4"}


@pytest.fixture(params=LISTS, ids=lambda codes: codes.scheme)
def codes(request: pytest.FixtureRequest) -> CodeList:
    return request.param


def test_every_code_has_words_in_english_and_lao(codes: CodeList) -> None:
    for code in codes:
        assert code.labels.get("en"), code
        if codes.scheme not in DEEP_ISIC or len(code.code) <= 2:
            assert code.labels.get("lo"), code


def test_labels_are_tidy_text(codes: CodeList) -> None:
    for code in codes:
        for language, label in code.labels.items():
            assert language in LANGUAGES
            assert label == unicodedata.normalize("NFC", label.strip()), code
            assert not any(unicodedata.category(sign).startswith("C") for sign in label), code


def test_lao_labels_hold_no_letters_of_a_neighbour_script(codes: CodeList) -> None:
    for code in codes:
        for sign in code.labels.get("lo", ""):
            assert sign.isascii() or "LAO" in unicodedata.name(sign), (code.code, sign)


def test_parents_exist(codes: CodeList) -> None:
    for code in codes:
        outer = code.parent in COUNTRIES or code.parent in SERVICE_GROUPS
        known = code.parent in codes or outer or _is_group(code.parent)
        assert code.parent is None or known, code


def _is_group(parent: str | None) -> bool:
    return parent in schemes.LISTS["instrument-group"]


def test_labels_within_a_list_differ(codes: CodeList) -> None:
    for language in ("en", "lo"):
        levels = {"isic4"}
        labels = [code.label(language) for code in codes if code.in_force(None)]
        if codes.scheme not in levels:
            assert len(labels) == len(set(labels)), language


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.stem)
def test_no_line_of_a_data_file_repeats_a_code_and_each_names_its_source(path: Path) -> None:
    lines = rows(path.stem)
    keys = [tuple(line[name] for name in _key(line)) for line in lines]
    assert len(keys) == len(set(keys))
    assert all(line["source"] for line in lines)


def _key(line: dict[str, str]) -> tuple[str, ...]:
    if "code" in line:
        return ("code",)
    if line.keys() >= {"limit", "valid_from"}:
        return ("limit", "valid_from")
    return ("currency", "on") if "currency" in line else ("rule", "criterion", "size")


def test_the_lists_of_other_languages_are_as_long_as_promised() -> None:
    for name in ("instrument", "service", "plain-sector", "purpose", "size", "stage"):
        for language in ("th", "vi", "zh"):
            assert all(language in code.labels for code in schemes.LISTS[name]), (name, language)


def test_scheme_and_code_together_find_words_and_distance() -> None:
    assert schemes.label("iso3166-2:LA-VT", "en") == "Vientiane Capital"
    assert schemes.label("naics:722511", "en") == "722511"
    assert schemes.distance("naics:1", "naics:1") == 0.0
    assert schemes.distance("naics:1", "naics:2") == 1.0
    assert schemes.distance("iso3166-2:VN-03", "iso3166-2:VN-07") == 0.0
    assert 0 < schemes.distance("iso3166-1:LA", "iso3166-2:LA-LP") < 1
    assert schemes.split("plain") == ("", "plain")
