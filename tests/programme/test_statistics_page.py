"""The statistics page as staff see it."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.contacts.models import RequestState
from matchmaker.extensions import clock, db
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.suggestions.models import Side
from tests.factories import NeedFactory, OfferFactory, OrganisationFactory, StaffFactory
from tests.page import PageClient
from tests.programme.worlds import make_request, show


def a_small_world() -> None:
    offer = OfferFactory()
    ago = clock.now() - timedelta(days=40)
    for province, count in (("LA-SV", 3), ("LA-VT", 2)):
        for _ in range(count):
            firm = OrganisationFactory(province=province)
            show(NeedFactory(organisation=firm, published_at=ago), offer)
    agreed = NeedFactory(published_at=ago)
    make_request(
        agreed,
        offer,
        RequestState.CLOSED,
        answer_after=timedelta(days=5),
        outcomes={Side.NEED: "agreed"},
    )
    db.session.commit()
    roll_up(db.session(), db.engine)


def test_the_page_says_what_came_of_the_needs(page: PageClient) -> None:
    a_small_world()
    staff = StaffFactory()
    db.session.commit()
    seen = page.sign_in(staff).get("/programme")
    assert "1 agreement from 6 needs" in seen.text
    assert "5 needs that nobody asked about" in seen.text
    assert seen.all("#province-LA-SV td.num")[0].text == "3"
