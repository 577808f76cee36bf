"""Bands: how an exact amount exists for others, with the rate and date that made it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matchmaker.organisations.models import Need, Offer
from matchmaker.vocabulary import bands, rates


@dataclass(frozen=True, slots=True)
class Banded:
    """An amount in US dollars at a dated rate."""

    usd: float
    rate: rates.Rate


def in_usd(minor: int, currency: str, on: date) -> Banded | None:
    """Give None for a currency without a rate: the amount is then not shared, nor compared."""
    try:
        rate = rates.rate_on(currency, on)
    except rates.UnknownCurrencyError:
        return None
    return Banded(rates.usd(minor, currency, rate), rate)


def band_need(need: Need, on: date) -> None:
    """Put the 1-2-5 band of the need's amount beside it."""
    found = None if need.amount_minor is None else in_usd(need.amount_minor, need.currency, on)
    if found is None:
        need.rate = need.rate_on = need.band_low = need.band_high = None
        return
    band = bands.usd_band(found.usd)
    need.rate, need.rate_on = found.rate.per_usd, found.rate.on
    need.band_low, need.band_high = band.low, band.high


def band_offer(offer: Offer, on: date) -> None:
    """Put the offer's public range in US dollars beside it; a range needs no coarser band."""
    low, high = (
        None if minor is None else in_usd(minor, offer.currency, on)
        for minor in (offer.amount_min_minor, offer.amount_max_minor)
    )
    known = low or high
    offer.rate = known.rate.per_usd if known else None
    offer.rate_on = known.rate.on if known else None
    offer.usd_min = low.usd if low else None
    offer.usd_max = high.usd if high else None
