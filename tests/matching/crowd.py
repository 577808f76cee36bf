"""A market of several hundred plausible needs and offers, to measure attacks on rankings in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

import numpy as np

from matchmaker.matching.encoding import encode
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Activity, Band, NeedRecord, OfferRecord, Record
from matchmaker.matching.scoring import score_rows
from matchmaker.matching.side import KINDS, Pairing, Side
from matchmaker.vocabulary import instruments, places, purposes, sectors, services
from matchmaker.vocabulary.bands import BANDS
from tests.matching import text_set

LANGUAGES = ("en", "th")
PROVINCES = tuple(
    f"iso3166-2:{code.code}" for code in places.PROVINCES if code.code.startswith("LA-")
)
SECTIONS = tuple(f"isic4:{code}" for code in sectors.ISIC4.codes() if len(code) == 1)
DIVISIONS = tuple(f"isic4:{code}" for code in sectors.ISIC4.codes() if len(code) == 2)
STAGES = ("stage:startup", "stage:early", "stage:growth", "stage:mature")
SIZES = ("size:micro", "size:small", "size:medium", "size:large")
PURPOSES = tuple(f"purpose:{code}" for code in purposes.PURPOSES.codes())
CODES = {
    "finance": tuple(f"instrument:{code}" for code in instruments.INSTRUMENTS.codes()),
    "service": tuple(f"service:{code}" for code in services.SERVICES.codes()),
}
EVIDENCE = ("evidence:accounts_1y", "evidence:business_plan", "evidence:tax_id")
TOP = 10


class _Topic:
    """What needs and offers of one topic have in common."""

    def __init__(self, name: str, kind: str) -> None:
        chance = Random(name)
        self.kind = kind
        self.code = chance.choice(CODES[kind])
        self.purpose = chance.choice(PURPOSES)
        self.sectors = chance.sample(DIVISIONS, 4)


@cache
def _topics() -> dict[str, _Topic]:
    return {row["topic"]: _Topic(row["topic"], row["kind"]) for row in text_set.rows("offers-en")}


@cache
def needs() -> tuple[NeedRecord, ...]:
    rows = [row for lang in LANGUAGES for row in text_set.rows(f"needs-{lang}")]
    return tuple(_need(at, row) for at, row in enumerate(rows))


@cache
def offers() -> tuple[OfferRecord, ...]:
    rows = [row for lang in LANGUAGES for row in text_set.rows(f"offers-{lang}")]
    return tuple(_offer(at, row) for at, row in enumerate(rows))


@cache
def model() -> Model:
    return calibrate(programme_model(), needs(), offers(), "crowd")


def _need(at: int, row: dict[str, str]) -> NeedRecord:
    topic, chance = _topics()[row["topic"]], Random(at)
    band = chance.choice(BANDS[2:9])
    usual = chance.random() < 0.6
    return NeedRecord(
        id=at,
        organisation_id=at,
        kind=topic.kind,  # type: ignore[arg-type]
        code=topic.code if chance.random() < 0.8 else None,
        purpose=topic.purpose if topic.kind == "finance" else None,
        amount=Band(band.low, band.high),
        attrs={
            "sector": (chance.choice(topic.sectors if usual else DIVISIONS),),
            "place": (chance.choice(PROVINCES), "iso3166-1:LA"),
            "stage": (chance.choice(STAGES),),
            "size": (chance.choice(SIZES),),
            "language": ("language:lo", "language:en")[: chance.randrange(1, 3)],
        },
        text=row["text"],
        lang=row["lang"],
        evidence=frozenset(chance.sample(EVIDENCE, chance.randrange(4))),
        activity=Activity.of_ages([chance.randrange(60)]),
    )


def _offer(at: int, row: dict[str, str]) -> OfferRecord:
    topic, chance = _topics()[row["topic"]], Random(-at - 1)
    low = 10 ** chance.uniform(2.5, 4.5)
    money = Band(low, low * chance.choice((5, 10, 30)))
    finance = topic.kind == "finance"
    deals = chance.choice((0, 0, 1, 3, 10, 30))
    national = chance.random() < 0.5
    return OfferRecord(
        id=at,
        organisation_id=100_000 + at,
        kind=topic.kind,  # type: ignore[arg-type]
        codes=(topic.code,),
        range=money if finance else None,
        price=None if finance else Band(low / 10, low),
        purposes=(topic.purpose,) if finance and chance.random() < 0.6 else (),
        attrs={
            "sector": tuple(chance.sample(topic.sectors, chance.randrange(1, 4))),
            "place": ("iso3166-1:LA",) if national else tuple(chance.sample(PROVINCES, 4)),
            "stage": tuple(chance.sample(STAGES, 2)),
            "language": ("language:lo", "language:en")[: chance.randrange(1, 3)],
            "impact": ("sdg:8",) if chance.random() < 0.5 else (),
        },
        text=row["text"],
        lang=row["lang"],
        evidence=frozenset(chance.sample(EVIDENCE, chance.randrange(3))),
        activity=Activity.of_ages([chance.randrange(700) for _ in range(deals)]),
    )


def scores(queries: Sequence[Record], pool: Sequence[Record]) -> np.ndarray:
    """Return the score of every query with every row, (queries, pool); -1 for another kind."""
    side = Side.build([encode(record, model()) for record in pool])
    found = []
    for query in queries:
        pairing = Pairing(encode(query, model()), side, asks=isinstance(query, NeedRecord))
        same = side.kinds == KINDS.index(query.kind)
        found.append(np.where(same, score_rows(pairing, model()).score, -1.0))
    return np.stack(found)


@cache
def honest_scores(of_offers: bool) -> np.ndarray:
    """Return the scores of all needs with all offers, or of all offers with all needs."""
    return scores(needs(), offers()) if of_offers else scores(offers(), needs())


def shares(attackers: Sequence[Record]) -> np.ndarray:
    """Return in which share of the top tens of its kind each attacker stands, (attackers,).

    An attacker takes the place of the honest record of its id.
    """
    of_offers = isinstance(attackers[0], OfferRecord)
    asking: Sequence[Record] = needs() if of_offers else offers()
    honest, mine = honest_scores(of_offers), scores(asking, attackers)
    found = []
    for at, attacker in enumerate(attackers):
        lists = np.array([record.kind == attacker.kind for record in asking])
        others = np.delete(honest[lists], attacker.id, axis=1)
        ahead = (others > mine[lists, at][:, None]).sum(axis=1)
        found.append(float((ahead < TOP).mean()))
    return np.array(found)
