import pytest

from matchmaker.vocabulary.business_ids import SCHEMES, Scheme, scheme, schemes_for


def _scheme(code: str) -> Scheme:
    found = scheme(code)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("TH-MOA", "0 99 4 000 61772 1"),
        ("VN-MST", "0100233488"),
        ("VN-MST", "0314409058-002"),
        ("CN-USCC", "91110000600037341l"),
        ("LEI", "213800KUD8LAJWSQ9D15"),
    ],
)
def test_numbers_with_a_check_digit_are_verified(code: str, number: str) -> None:
    assert _scheme(code).verified
    assert _scheme(code).check(number) is True


@pytest.mark.parametrize(
    ("code", "number"),
    [("TH-MOA", "0994000617722"), ("VN-MST", "0100233480"), ("LEI", "123"), ("CN-USCC", "9")],
)
def test_wrong_numbers_are_told(code: str, number: str) -> None:
    assert _scheme(code).check(number) is False


def test_a_number_known_by_its_shape_alone_is_neither_right_nor_wrong() -> None:
    laos = _scheme("LA-ERC")
    assert not laos.verified
    assert laos.check("01-00012345") is None
    assert laos.check("hello") is False


def test_each_country_offers_its_own_schemes_and_the_worldwide_one() -> None:
    for country in ("LA", "KH", "TH", "VN", "MM", "CN"):
        assert len(schemes_for(country)) >= 2
    assert [one.code.code for one in schemes_for("SG")] == ["LEI"]
    assert scheme("XX") is None


def test_schemes_have_words() -> None:
    assert all(_scheme(code).label("lo") for code in SCHEMES.codes())
