"""Dated exchange rates against the US dollar: rows to be checked before use, never constants."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from matchmaker.vocabulary.codes import rows
from matchmaker.vocabulary.currencies import from_minor


class UnknownCurrencyError(LookupError):
    """There is no rate for this currency."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of a currency one US dollar cost on a day, and who says so."""

    currency: str
    per_usd: float
    on: date
    source: str
    checked: date | None = None


@cache
def history(currency: str) -> tuple[Rate, ...]:
    """Give the known rates of a currency, oldest first."""
    found = [
        Rate(
            currency,
            float(row["per_usd"]),
            date.fromisoformat(row["on"]),
            row["source"],
            date.fromisoformat(row["checked"]) if row["checked"] else None,
        )
        for row in rows("rates")
        if row["currency"] == currency
    ]
    return tuple(sorted(found, key=lambda rate: rate.on))


def latest(currency: str) -> Rate:
    """Give the newest rate of a currency, or raise UnknownCurrencyError."""
    if not history(currency):
        raise UnknownCurrencyError(currency)
    return history(currency)[-1]


def rate_on(currency: str, on: date) -> Rate:
    """Give the rate in force on a day: the newest one not after it, else the oldest known."""
    known = history(currency)
    if not known:
        raise UnknownCurrencyError(currency)
    return next((rate for rate in reversed(known) if rate.on <= on), known[0])


def usd(minor: int, currency: str, rate: Rate) -> float:
    """Turn stored units of a currency into US dollars at a rate of that same currency."""
    if rate.currency != currency:
        raise ValueError(f"a rate of {rate.currency} cannot turn {currency} into dollars")
    return float(from_minor(minor, currency)) / rate.per_usd
