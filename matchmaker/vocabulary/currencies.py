"""Currencies and the units amounts are stored in, as people write them: kip have no decimals."""

from decimal import ROUND_HALF_UP, Decimal

from matchmaker.vocabulary.codes import CodeList

CURRENCIES = CodeList("iso4217", "currencies")


def exponent(code: str) -> int:
    """Give the decimals of a currency; a currency that is not in the list has two."""
    found = CURRENCIES.get(code)
    return int(found.extra["exponent"]) if found else 2


def to_minor(amount: Decimal, code: str) -> int:
    """Turn an amount into whole units of the smallest part in use, half rounded up."""
    return int(amount.scaleb(exponent(code)).quantize(Decimal(1), ROUND_HALF_UP))


def from_minor(minor: int, code: str) -> Decimal:
    """Turn stored units back into an amount."""
    return Decimal(minor).scaleb(-exponent(code))
