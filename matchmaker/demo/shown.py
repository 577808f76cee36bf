"""Which pairs were on somebody's page on which day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from matchmaker.demo import draw
from matchmaker.demo.pairing import Pair
from matchmaker.demo.parties import Scene
from matchmaker.matching.exposure import LIST
from matchmaker.suggestions.models import (
    Exposure,
    Feedback,
    FeedbackKind,
    Hidden,
    Shown,
    Side,
)
from matchmaker.suggestions.services.shown import LATELY
from matchmaker.suggestions.versions import FIRST

NOT_FOR_ME = 0.03
FIRMS_SAY = ("wrong_amount", "too_expensive", "too_far", "rules", "language", "known", "not_now")
OFFERERS_SAY = ("wrong_kind", "too_far", "known", "not_now")

#: By side, what was looked at, day, and whether in a top ten.
Seen = Counter[tuple[Side, int, date, bool]]


def show(scene: Scene, pairs: Sequence[Pair], exposure: Seen) -> list[datetime]:
    """Its owner looks once or more often, some offerers look too; gives when the owner looked."""
    need = pairs[0].need
    # Of an open need the end is in the future; nobody has looked later than now.
    last = min(need.ends_at, scene.now)
    visits = [need.published_at + timedelta(minutes=scene.rng.randrange(5, 120))]
    visits += [
        draw.between(scene.rng, need.published_at, last) for _ in range(scene.rng.choice((0, 1, 3)))
    ]
    visits = [at for at in visits if at <= last] or [last]
    for day, looks in sorted(Counter(at.date() for at in visits).items()):
        for pair in pairs:
            _row(scene, pair, Side.NEED, day, looks, exposure)
    for pair in pairs[:4]:
        if pair.offer.party.account_id is not None and draw.chance(scene.rng, 0.5):
            day = draw.between(scene.rng, need.published_at, last).date()
            _row(scene, pair, Side.OFFER, day, 1, exposure)
    return visits


def _row(scene: Scene, pair: Pair, side: Side, day: date, looks: int, exposure: Seen) -> None:
    position = pair.position if side is Side.NEED else scene.rng.randint(1, 20)
    scene.sheet.add(
        Shown,
        need_id=pair.need.id,
        offer_id=pair.offer.id,
        side=side,
        day=day,
        model_version=FIRST,
        position=position,
        count=looks,
    )
    if day >= scene.today - LATELY:
        looked_at = pair.offer.id if side is Side.NEED else pair.need.id
        exposure[side, looked_at, day, position <= LIST] += looks


def write_exposure(scene: Scene, exposure: Seen) -> None:
    for side, row_id, day in sorted({key[:3] for key in exposure}):
        tops = exposure[side, row_id, day, True]
        count = tops + exposure[side, row_id, day, False]
        scene.sheet.add(Exposure, side=side, row_id=row_id, day=day, count=count, top_tens=tops)


def hide_some(scene: Scene, pairs: Iterable[Pair], asked: set[tuple[int, int]]) -> None:
    """'Not for me' to what was shown and not asked about."""
    for pair in pairs:
        if (pair.need.id, pair.offer.id) in asked or not draw.chance(scene.rng, NOT_FOR_ME):
            continue
        side = Side.NEED if draw.chance(scene.rng, 0.75) else Side.OFFER
        party = pair.need.party if side is Side.NEED else pair.offer.party
        if party.account_id is None:
            continue
        values = {
            "need_id": pair.need.id,
            "offer_id": pair.offer.id,
            "side": side,
            "reason": scene.rng.choice(FIRMS_SAY if side is Side.NEED else OFFERERS_SAY),
            "account_id": party.account_id,
            "at": draw.between(
                scene.rng, pair.need.published_at, min(pair.need.ends_at, scene.now)
            ),
        }
        scene.sheet.add(Hidden, **values)
        scene.sheet.add(
            Feedback,
            **values,
            kind=FeedbackKind.NOT_FOR_ME,
            model_version=FIRST,
            score=pair.score,
        )
