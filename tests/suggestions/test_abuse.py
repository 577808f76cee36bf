"""Fake accepts: colluding accounts lift nobody in the lists of strangers (TRUST, section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.index import Index
from matchmaker.matching.learning.history import Outcome
from matchmaker.organisations.models import Need, Offer, OrganisationState
from matchmaker.suggestions.models import Feedback, FeedbackKind, Side
from matchmaker.suggestions.resident import loading
from matchmaker.suggestions.services.learning import fit_kinds
from matchmaker.suggestions.services.outcomes import parts_of
from tests.factories import (
    CriterionFactory,
    FunderFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)

pytestmark = [pytest.mark.once, pytest.mark.slow]

STAGES = ("idea", "startup", "growth", "established")
SECTORS = ("1079", "4711", "6201", "1410")
OFFERS, NEEDS, STRANGERS = 24, 90, 30
DAYS = 300
#: New colluding accounts, the most places their target may gain for strangers, and whether a
#: reviewer has looked at them.
LIMITS = [(1, 1, True), (5, 1, True), (50, 3, True), (50, 0, False)]


def honest_market(session: Session) -> tuple[Offer, Offer]:
    """A year of yeses to whoever serves the stage; gives a target that few ask, and a rival."""
    random, start = Random(5), clock.now() - timedelta(days=DAYS)
    offers = [_offer(at, random) for at in range(OFFERS)]
    for at in range(NEEDS):
        need = _need(random)
        fitting = [one for one in offers if one.title.endswith(need.organisation.stage)]
        day = start + timedelta(days=DAYS * at / NEEDS)
        tell(session, need, random.choice(fitting), FeedbackKind.ACCEPTED, day)
        tell(session, need, random.choice(offers), FeedbackKind.DECLINED, day)
    session.commit()
    return offers[0], offers[4]


def _offer(at: int, random: Random) -> Offer:
    stage = STAGES[at % len(STAGES)]
    offer = OfferFactory(organisation=FunderFactory(), title=f"Loan {at} {stage}")
    CriterionFactory(offer=offer, fact="stage", values=[f"stage:{stage}"], must=False)
    CriterionFactory(
        offer=offer, fact="sector", values=[f"isic4:{random.choice(SECTORS)}"], must=False
    )
    return offer


def _need(random: Random) -> Need:
    firm = OrganisationFactory(stage=random.choice(STAGES), sector=random.choice(SECTORS))
    return NeedFactory(organisation=firm)


def tell(session: Session, need: Need, offer: Offer, kind: FeedbackKind, at: datetime) -> None:
    row = Feedback(need_id=need.id, offer_id=offer.id, kind=kind, side=Side.OFFER, at=at, score=60)
    session.add(row)


def collude(session: Session, n: int, target: Offer, rival: Offer, *, reviewed: bool) -> None:
    """New firms, unlike those the target serves, that it accepts and that turn the rival down."""
    day = clock.now() - timedelta(days=DAYS - 1)
    waiting = None if reviewed else clock.now()
    for at in range(n):
        firm = OrganisationFactory(
            stage=STAGES[1 + at % 3], sector="0111", second_look_at=waiting, province="LA-PH"
        )
        need = NeedFactory(organisation=firm)
        tell(session, need, target, FeedbackKind.ACCEPTED, day)
        tell(session, need, rival, FeedbackKind.DECLINED, day)
    session.commit()


def learned_from(session: Session) -> Sequence[Outcome]:
    return parts_of(session, clock.today()).outcomes


def heard(session: Session) -> int:
    """Pairs that somebody said yes to, to learn from or to measure on."""
    parts = parts_of(session, clock.today())
    return parts.yes_before + parts.yes_after


def places_of(session: Session, target: Offer, outcomes: Sequence[Outcome]) -> list[int]:
    """The target's place in the list of each stranger, under a model learned from the outcomes."""
    today = clock.today()
    needs = list(loading.all_needs(session, today))
    offers = list(loading.all_offers(session, today))
    model, _ = fit_kinds(needs, offers, outcomes, "2")
    index = Index.of([], offers, model)
    found = []
    for need in needs[:STRANGERS]:
        listed = [id_ for _, id_ in index.top(need, n=OFFERS).best]
        found.append(listed.index(target.id))
    return found


def test_what_nobody_has_looked_at_weighs_nothing(db_session: Session) -> None:
    target, rival = honest_market(db_session)
    target_id = target.id
    before = learned_from(db_session)
    collude(db_session, 5, target, rival, reviewed=False)
    assert learned_from(db_session) == before
    collude(db_session, 5, target, rival, reviewed=True)
    lifted = [one for one in learned_from(db_session) if one.offer_id == target_id]
    assert len(lifted) == len([one for one in before if one.offer_id == target_id]) + 5


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("state", [None, *OrganisationState])
def test_of_either_side_only_what_is_published_and_was_looked_at_counts(
    db_session: Session, side: Side, state: OrganisationState | None
) -> None:
    """None: published, and changed since somebody looked."""
    need, offer = NeedFactory(), OfferFactory(organisation=FunderFactory())
    db_session.flush()
    tell(db_session, need, offer, FeedbackKind.ACCEPTED, clock.now() - timedelta(days=2))
    db_session.commit()
    assert heard(db_session) == 1
    liar = need.organisation if side is Side.NEED else offer.organisation
    liar.state = state or OrganisationState.PUBLISHED
    liar.second_look_at = None if state else clock.now()
    db_session.commit()
    assert heard(db_session) == (state is OrganisationState.PUBLISHED)


@pytest.mark.parametrize(("n", "limit", "reviewed"), LIMITS)
def test_colluding_accounts_lift_their_target_by_no_more_than_the_limit(
    db_session: Session, n: int, limit: int, reviewed: bool
) -> None:
    target, rival = honest_market(db_session)
    honest = learned_from(db_session)
    collude(db_session, n, target, rival, reviewed=reviewed)
    learned = learned_from(db_session)
    if not reviewed:
        assert learned == honest, "what is learned from is the same, so every place is"
        return
    before = places_of(db_session, target, honest)
    after = places_of(db_session, target, learned)
    gained = [one - other for one, other in zip(before, after, strict=True)]
    assert max(gained) <= limit
