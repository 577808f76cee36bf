"""The market that the bench draws: offers with three rules each, of which one in 25 fits a need."""

from __future__ import annotations

import random
from collections.abc import Sequence

from matchmaker.matching.records import Activity, Band, Criterion, NeedRecord, OfferRecord
from matchmaker.vocabulary.bands import BANDS

_WORDS = 4000
#: Offers are of other organisations than needs.
_MOST_NEEDS = 1_000_000
_SECTORS = ("isic4:1061", "isic4:1311", "isic4:0112", "isic4:4711", "isic4:6201", "isic4:5510")
_PLACES = ("LA-VT", "LA-LP", "LA-SV", "LA-CH", "KH-12", "TH-10", "VN-SG", "MM-06")


def vocabulary(chance: random.Random) -> list[str]:
    """Return words of three to ten letters."""
    letters = "abcdefghijklmnoprstuvwy"
    return ["".join(chance.choices(letters, k=chance.randint(3, 10))) for _ in range(_WORDS)]


def _text(chance: random.Random, words: Sequence[str], length: int) -> str:
    """Draw words with the skew of real text: rank r about as often as 1 / r."""
    return " ".join(words[int(len(words) ** chance.random()) - 1] for _ in range(length))


def need(at: int, chance: random.Random, words: Sequence[str]) -> NeedRecord:
    """Return a need by number: a sector, a province, a band and thirty words drawn."""
    band = chance.choice(BANDS[6:14])
    return NeedRecord(
        id=at,
        organisation_id=at,
        kind="finance",
        code="instrument:TERM_LOAN",
        amount=Band(band.low, band.high),
        attrs={
            "sector": (chance.choice(_SECTORS),),
            "place": (f"iso3166-2:{chance.choice(_PLACES)}",),
        },
        facts={"age_years": chance.randint(0, 20)},
        text=_text(chance, words, 30),
    )


def offer(at: int, chance: random.Random, words: Sequence[str]) -> OfferRecord:
    """Return an offer by number: a range of its own, three rules, thirty words, a past drawn."""
    low = 10.0 ** chance.uniform(2.5, 5)
    return OfferRecord(
        id=at,
        organisation_id=_MOST_NEEDS + at,
        kind="finance",
        codes=("instrument:TERM_LOAN",),
        range=Band(low, low * 20),
        attrs={
            "sector": (chance.choice(_SECTORS),),
            "place": (f"iso3166-2:{chance.choice(_PLACES)}",),
        },
        criteria=(
            Criterion("age_years", "at_least", (chance.randint(0, 8),), must=True),
            Criterion("province", "one_of", (f"iso3166-2:{chance.choice(_PLACES)}",), must=True),
            Criterion("sector", "one_of", tuple(chance.sample(_SECTORS, 2)), must=True),
        ),
        text=_text(chance, words, 30),
        activity=Activity.of_ages([chance.randint(1, 700) for _ in range(chance.randint(0, 5))]),
    )
