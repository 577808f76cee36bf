"""Who was not looked at, or was suspended, is shown no firm: an account is made in a minute, and a
day's budget of firms for each of a hundred would be all of them (TRUST, section 7: scraping)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Need, Offer, OrganisationState, PublicationState
from matchmaker.screening.models import PipelineEntry, SavedView, ViewOrder
from matchmaker.screening.services import saved_views
from matchmaker.suggestions.models import Shown
from tests.factories import FunderFactory, MembershipFactory, NeedFactory, OfferFactory
from tests.page import PageClient

pytestmark = pytest.mark.once
unpublished = pytest.mark.parametrize(
    "state", [OrganisationState.IN_REVIEW, OrganisationState.SUSPENDED]
)

CANARY = "A dryer for the mill of Ban Canary"


class Funder:
    """One that firms fit, with a kept view from the time when it was published."""

    def __init__(self, session: Session) -> None:
        self.offer: Offer = OfferFactory(organisation=FunderFactory())
        self.banker = MembershipFactory(organisation=self.offer.organisation).account
        self.need: Need = NeedFactory(title=CANARY)
        session.commit()
        draft = saved_views.Draft("All", {}, ViewOrder.SCORE, ("amount",))
        self.view: SavedView = saved_views.save(session, self.offer, self.banker.id, draft)
        session.commit()

    @property
    def doors(self) -> list[tuple[str, int]]:
        """Each page that shows firms, and what it answers to who may see none."""
        desk, offer = f"/desk/{self.offer.organisation.public_id}", self.offer.public_id
        need = self.need.public_id
        return [
            (f"/matches/offers/{offer}", 200),
            (f"/matches/offers/{offer}?tab=near", 200),
            (f"/matches/{need}/{offer}?side=offer", 404),
            (f"/requests/new/{need}/{offer}", 404),
            (f"{desk}/firms?offer={offer}", 200),
            (f"{desk}/views/{self.view.public_id}", 200),
            (f"{desk}/views/{self.view.public_id}/sheet", 200),
            (f"{desk}/compare?offer={offer}&need={need}", 404),
            (f"{desk}/brief/{offer}/{need}", 404),
            ("/start", 200),
        ]


@pytest.fixture
def funder(db_session: Session) -> Funder:
    return Funder(db_session)


@pytest.mark.slow
@unpublished
def test_no_page_shows_a_firm_to_who_is_not_published(
    page: PageClient, db_session: Session, funder: Funder, state: OrganisationState
) -> None:
    page.sign_in(funder.banker)
    open_to_it = [url for url, _ in funder.doors if CANARY in page.get(url).text]
    assert len(open_to_it) >= 7, "while it is published they do show it"
    db_session.execute(Shown.__table__.delete())
    funder.offer.organisation.state = state
    db_session.commit()
    suspended = state is OrganisationState.SUSPENDED
    for url, status in funder.doors:
        # Its desk, which it knows, says why it is closed.
        told_so = suspended and url.startswith("/desk/")
        assert CANARY not in page.get(url, status=200 if told_so else status).text, url
    assert db_session.scalar(select(func.count()).select_from(Shown)) == 0
    told = "Firms are shown once your organisation is published"
    assert told in page.get(f"/matches/offers/{funder.offer.public_id}").text


def test_the_matches_of_several_offers_lead_to_no_list_before_the_review(
    page: PageClient, db_session: Session, funder: Funder
) -> None:
    OfferFactory(organisation=funder.offer.organisation)
    db_session.commit()
    page.sign_in(funder.banker)
    assert len(page.get("/matches").all("main .acts a")) == 2
    funder.offer.organisation.state = OrganisationState.IN_REVIEW
    db_session.commit()
    before = page.get("/matches")
    assert not before.all("main .acts a")
    assert "once your organisation is published" in before.text


def test_a_draft_offer_of_who_is_published_has_its_list(
    page: PageClient, db_session: Session, funder: Funder
) -> None:
    """The review is about the organisation: its next offer may be tried before it is out."""
    funder.offer.state = PublicationState.DRAFT
    db_session.commit()
    url = f"/matches/offers/{funder.offer.public_id}"
    assert CANARY in page.sign_in(funder.banker).get(url).text


@unpublished
def test_it_puts_no_firm_in_its_pipeline(
    page: PageClient, db_session: Session, funder: Funder, state: OrganisationState
) -> None:
    funder.offer.organisation.state = state
    db_session.commit()
    pair = {"offer": funder.offer.public_id, "need": funder.need.public_id}
    url = f"/desk/{funder.offer.organisation.public_id}/pipeline"
    status = 403 if state is OrganisationState.SUSPENDED else 404
    page.sign_in(funder.banker).post(url, pair, status=status)
    db_session.rollback()
    assert db_session.scalar(select(func.count()).select_from(PipelineEntry)) == 0


@pytest.mark.parametrize(
    ("state", "told", "way_on"),
    [
        (OrganisationState.DRAFT, "not sent in yet", "Send in for publication"),
        (OrganisationState.IN_REVIEW, "A reviewer is looking at", "My profile"),
        (OrganisationState.SENT_BACK, "sent it back with a note", "Read the note"),
        (OrganisationState.SUSPENDED, "has suspended this organisation", "Help and contact"),
    ],
)
def test_it_is_told_whose_turn_it_is(
    page: PageClient,
    db_session: Session,
    funder: Funder,
    state: OrganisationState,
    told: str,
    way_on: str,
) -> None:
    """One that never sent itself in would wait for ever for a reviewer who was never asked."""
    funder.offer.organisation.state = state
    db_session.commit()
    here = page.sign_in(funder.banker).get(f"/matches/offers/{funder.offer.public_id}")
    assert told in here.text
    assert here.all("main .acts a")[0].get_text() == way_on
