from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from matchmaker.vocabulary.codes import Code, CodeList
from matchmaker.vocabulary.impact import IRIS
from matchmaker.vocabulary.places import PROVINCES
from matchmaker.vocabulary.sectors import ISIC4
from matchmaker.vocabulary.services import SERVICES
from matchmaker.vocabulary.sizes import SIZES

sectors = st.sampled_from(ISIC4.codes())
places = st.sampled_from(PROVINCES.codes())


def _three() -> list[Code]:
    return [
        Code("x", "old", {"en": "Old"}, valid_to=date(2025, 6, 30)),
        Code("x", "new", {"en": "New", "lo": "ໃໝ່"}, valid_from=date(2025, 7, 1)),
        Code("x", "leaf", {"en": "Leaf"}, parent="new"),
    ]


def test_an_unknown_code_shows_as_itself() -> None:
    assert SERVICES.label("NOT_YET_KNOWN", "lo") == "NOT_YET_KNOWN"
    assert SERVICES.get("NOT_YET_KNOWN") is None
    assert "NOT_YET_KNOWN" not in SERVICES


def test_a_missing_language_falls_back_to_english_and_regions_do_not_matter() -> None:
    codes = CodeList("x", _three)
    assert codes.label("old", "km") == "Old"
    assert codes.label("new", "lo_LA") == codes.label("new", "lo-LA") == "ໃໝ່"
    assert codes.label("new", "zh_Hans_CN") == "New"


def test_choices_leave_out_what_does_not_hold_on_the_day() -> None:
    codes = CodeList("x", _three)
    assert [code for code, _ in codes.choices("en", date(2025, 6, 30))] == ["old", "leaf"]
    assert [code for code, _ in codes.choices("en", date(2025, 7, 1))] == ["new", "leaf"]
    assert [code for code, _ in codes.choices("en")] == ["new", "leaf"]


def test_a_code_knows_its_family() -> None:
    assert ISIC4.ancestors("1061") == ["106", "10", "C"]
    assert ISIC4.parent("1061") == "106"
    assert "1061" in ISIC4.children("106")
    assert ISIC4.children(None)[0] == "A"
    assert PROVINCES.ancestors("LA-LP") == ["LA"]
    assert IRIS.parent("OI6213") == "OI3160"
    assert [code.full for code in ISIC4 if code.code == "1061"] == ["isic4:1061"]


def test_codes_can_be_put_into_sets() -> None:
    assert len({*ISIC4, *ISIC4}) == len(ISIC4)


@given(sectors, sectors, sectors)
def test_distance_of_sectors_is_a_metric(a: str, b: str, c: str) -> None:
    assert 0.0 <= ISIC4.distance(a, b) <= 1.0
    assert ISIC4.distance(a, b) == ISIC4.distance(b, a)
    assert (ISIC4.distance(a, b) == 0.0) == (a == b)
    assert ISIC4.distance(a, c) <= ISIC4.distance(a, b) + ISIC4.distance(b, c) + 1e-12


@given(places, places)
def test_distance_of_provinces_is_symmetric_and_nearer_within_a_country(a: str, b: str) -> None:
    assert PROVINCES.distance(a, b) == PROVINCES.distance(b, a)
    if a[:2] != b[:2]:
        assert PROVINCES.distance(a, b) == 1.0
    elif a != b:
        assert 0.0 < PROVINCES.distance(a, b) < 1.0


def test_sectors_grow_apart_with_each_level() -> None:
    same_group = ISIC4.distance("1061", "1062")
    same_division = ISIC4.distance("1061", "1071")
    same_section = ISIC4.distance("1061", "1311")
    assert 0 < same_group < same_division < same_section < ISIC4.distance("1061", "0112") == 1.0


def test_ordered_lists_count_the_steps_between() -> None:
    assert SIZES.distance("micro", "small") == SIZES.distance("medium", "small")
    assert SIZES.distance("micro", "large") == 1.0
    assert SIZES.distance("micro", "giant") == 1.0
