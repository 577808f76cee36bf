"""Who must not appear, as the database puts it together, beside going through every row."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select

from matchmaker.extensions import clock
from matchmaker.organisations.models import Need
from matchmaker.suggestions.models import ClosedPair, Hidden, Side
from matchmaker.suggestions.services.closed import closed_for
from tests.factories import NeedFactory, OfferFactory

SOON, PAST = timedelta(days=1), timedelta(days=-1)


@pytest.fixture
def rows(db_session):
    """Two firms and two funders, two needs or offers each, closed in every way."""
    needs = [NeedFactory(), NeedFactory()]
    offers = [OfferFactory(), OfferFactory()]
    needs += [NeedFactory(organisation=one.organisation) for one in needs]
    offers += [OfferFactory(organisation=one.organisation) for one in offers]
    db_session.flush()
    asked = [(need.organisation_id, need.id) for need in needs[:3]] + [
        (needs[1].organisation_id, None)
    ]
    given = [(offer.organisation_id, offer.id) for offer in offers[1:]] + [
        (offers[0].organisation_id, None)
    ]
    ends = (None, clock.now() + SOON, clock.now() + PAST)
    for at, (need, offer) in enumerate(product(asked, given)):
        if at % 5:
            db_session.add(
                ClosedPair(
                    need_organisation_id=need[0], need_id=need[1], until=ends[at % 3],
                    offer_organisation_id=offer[0], offer_id=offer[1],
                )
            )  # fmt: skip
    for need, offer, side in zip(needs, offers, (*Side, *Side), strict=True):
        db_session.add(Hidden(need_id=need.id, offer_id=offer.id, side=side))
    db_session.commit()
    return needs, offers


def expected(session, row):
    """Row by row, as it is told."""
    own, other = ("need", "offer") if isinstance(row, Need) else ("offer", "need")
    ids = {
        getattr(one, f"{other}_id")
        for one in session.scalars(select(Hidden))
        if getattr(one, f"{own}_id") == row.id and one.side.value == own
    }
    organisations = set()
    for one in session.scalars(select(ClosedPair)):
        mine = getattr(one, f"{own}_organisation_id") == row.organisation_id
        open_again = one.until is not None and one.until <= clock.now()
        if mine and not open_again and getattr(one, f"{own}_id") in (None, row.id):
            whole = getattr(one, f"{other}_id") is None
            (organisations if whole else ids).add(
                getattr(one, f"{other}_organisation_id" if whole else f"{other}_id")
            )
    return ids, organisations


def test_closed_and_hidden_are_those_that_each_row_says(rows, db_session):
    needs, offers = rows
    asked = [*needs, *offers]
    told = [(set(one.ids.tolist()), set(one.organisations.tolist()))
            for one in closed_for(db_session, asked)]  # fmt: skip
    assert told == [expected(db_session, row) for row in asked]
    assert any(ids for ids, _ in told)
    assert any(organisations for _, organisations in told)
    assert closed_for(db_session, []) == []


def test_nothing_closed_is_nobody(db_session):
    need = NeedFactory()
    db_session.commit()
    [closed] = closed_for(db_session, [need])
    assert (closed.ids.tolist(), closed.organisations.tolist()) == ([], [])
