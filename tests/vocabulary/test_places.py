from datetime import date

import pytest

from matchmaker.vocabulary import places
from matchmaker.vocabulary.codes import rows
from matchmaker.vocabulary.places import COUNTRIES, PROVINCES

UNITS = {"LA": 18, "KH": 25, "MM": 15, "TH": 78, "VN": 34, "CN": 2}


@pytest.mark.parametrize(("country", "units"), UNITS.items())
def test_each_country_has_its_provinces_and_a_square_for_each(country: str, units: int) -> None:
    provinces = places.provinces_of(country)
    tiles = places.tiles(country)
    assert len(provinces) == units
    assert set(tiles) == set(provinces)
    assert len(set(tiles.values())) == units


def test_the_lao_tile_map_is_the_drawn_one() -> None:
    tiles = places.tiles("LA")
    assert tiles["LA-PH"] == (2, 0)
    assert tiles["LA-VI"] == (1, 3)
    assert tiles["LA-VT"] == (1, 4)
    assert tiles["LA-KH"] == (3, 4)
    assert tiles["LA-AT"] == (4, 8)


def test_vientiane_is_never_said_without_province_or_capital() -> None:
    assert places.label("LA-VI", "en") == "Vientiane Province"
    assert places.label("LA-VT", "en") == "Vientiane Capital"
    for language in ("lo", "th", "vi", "zh"):
        assert places.label("LA-VI", language) != places.label("LA-VT", language)


def test_all_63_old_provinces_of_viet_nam_lead_to_the_34_of_today() -> None:
    old = [code.code for code in PROVINCES if code.parent == "VN"]
    assert len(old) == 63
    today = {places.current(code) for code in old}
    assert today == set(places.provinces_of("VN"))
    assert len(today) == 34


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("VN-03", "VN-07"),
        ("VN-27", "VN-DN"),
        ("VN-57", "VN-SG"),
        ("VN-43", "VN-SG"),
        ("VN-47", "VN-44"),
        ("VN-HN", "VN-HN"),
        ("LA-LP", "LA-LP"),
        ("XX-1", "XX-1"),
    ],
)
def test_an_old_code_leads_to_the_one_in_force(old: str, new: str) -> None:
    assert places.current(old) == new


def test_merged_provinces_ended_on_the_last_day_of_june_2025() -> None:
    ha_giang = PROVINCES.get("VN-03")
    assert ha_giang is not None
    assert ha_giang.in_force(date(2025, 6, 30))
    assert not ha_giang.in_force(date(2025, 7, 1))
    assert ha_giang.label("vi") == "Hà Giang"


def test_a_corridor_passes_through_provinces_of_several_countries_that_are_in_force() -> None:
    today = {code for country in UNITS for code in places.provinces_of(country)}
    passed = {code for row in rows("corridors") for code in row["provinces"].split()}
    assert passed <= today
    assert places.corridors("LA-SV") & places.corridors("TH-49") == {"east-west"}
    # Vung Tau is a part of Ho Chi Minh City since July 2025.
    assert places.corridors("VN-43") == {"south-centre"}
    assert not places.corridors("LA")
    assert not places.corridors("XX-1")


def test_an_old_address_is_where_its_new_province_is() -> None:
    assert places.distance("VN-03", "VN-07") == 0.0
    assert 0.0 < places.distance("VN-03", "VN-HN") < 1.0
    assert places.distance("LA-KH", "KH-12") == 1.0


def test_a_province_knows_its_country_and_a_country_itself() -> None:
    assert places.country_of("LA-KH") == "LA"
    assert places.country_of("KH") == "KH"
    assert all(places.country_of(code.code) in COUNTRIES for code in PROVINCES)


@pytest.mark.parametrize(
    ("language", "country"), [("lo", "LA"), ("km", "KH"), ("my", "MM"), ("th", "TH"), ("vi", "VN")]
)
def test_provinces_are_named_in_the_script_of_their_country(language: str, country: str) -> None:
    for code in places.provinces_of(country):
        found = PROVINCES.get(code)
        assert found is not None
        assert language in found.labels, code
