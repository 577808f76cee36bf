"""Small made markets: firms, funders and a year of answers that follow a rule, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from matchmaker.extensions import clock
from matchmaker.organisations.models import Need, Offer
from matchmaker.suggestions.models import Feedback, FeedbackKind, Side
from tests.factories import (
    CriterionFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

SECTORS = ("1079", "4711", "6201", "1410")
DAYS = 300
Chooser = Callable[[Need, Sequence[Offer], Random], Offer]


def by_sector(need: Need, offers: Sequence[Offer], random: Random) -> Offer:
    """Whoever serves the firm's sector says yes."""
    return random.choice([one for one in offers if one.title.endswith(need.organisation.sector)])


def by_chance(need: Need, offers: Sequence[Offer], random: Random) -> Offer:
    return random.choice(offers)


def market(session: Any, needs: int, choose: Chooser, offers: int = 16, seed: int = 5) -> None:
    """Needs come day by day over 300 days; each gets one yes and asks one in vain."""
    random = Random(seed)
    # In the morning, whatever the hour of the run: what is asked is answered on the same day.
    start = clock.now().replace(hour=6, minute=0) - timedelta(days=DAYS)
    given = [_offer(at, start) for at in range(offers)]
    for at in range(needs):
        came = start + timedelta(days=DAYS * at / needs)
        firm = OrganisationFactory(sector=random.choice(SECTORS))
        need = NeedFactory(organisation=firm, published_at=came, text="", title="A loan")
        chosen = choose(need, given, random)
        tell(session, need, chosen, FeedbackKind.ASKED, came + timedelta(hours=2), Side.NEED)
        tell(session, need, chosen, FeedbackKind.ACCEPTED, came + timedelta(hours=9))
        other = random.choice([one for one in given if one is not chosen])
        tell(session, need, other, FeedbackKind.ASKED, came + timedelta(hours=3), Side.NEED)
        tell(session, need, other, FeedbackKind.EXPIRED, came + timedelta(hours=12))
    session.commit()


def tell(
    session: Any,
    need: Need,
    offer: Offer,
    kind: FeedbackKind,
    at: Any,
    side: Side = Side.OFFER,
    score: float = 60.0,
) -> None:
    session.add(
        Feedback(need_id=need.id, offer_id=offer.id, kind=kind, side=side, at=at, score=score)
    )


def _offer(at: int, start: Any) -> Offer:
    sector = SECTORS[at % len(SECTORS)]
    offer = OfferFactory(
        title=f"Loan {at} for {sector}", text="", published_at=start - timedelta(days=1)
    )
    CriterionFactory(offer=offer, fact="sector", values=[f"isic4:{sector}"], must=False)
    return offer
