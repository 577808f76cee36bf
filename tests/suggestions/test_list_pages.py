"""The lists of matches, as their owners see them."""

from __future__ import annotations

from tests.factories import (
    CriterionFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
)


def test_a_need_shows_the_offers_that_fit(page, db_session):
    need = NeedFactory()
    owner = MembershipFactory(organisation=need.organisation).account
    offer = OfferFactory()
    CriterionFactory(offer=offer)
    db_session.commit()
    found = page.sign_in(owner).get(f"/matches/needs/{need.public_id}")
    print(found.soup.select("main")[0].prettify())
    assert offer.title in found.text
    assert offer.organisation.name in found.text
