"""What is missing as of now: counted by a job with the index, equal to asking for each need."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.access import StaffScope
from matchmaker.contacts.models import RequestState
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import Kind, OrganisationFact, PublicationState
from matchmaker.programme.models import CountState, LeverDoor, UnaskedOffer, UnmetNeed
from matchmaker.programme.services import gaps, public_figures
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.programme.services.statistics import missing
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.suggestions.models import Side
from tests.factories import (
    CriterionFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.page import PageClient
from tests.programme.worlds import make_request, show

ALL = Selection(StaffScope(everything=True))
LONG_AGO = timedelta(days=60)


def count(session: Session) -> None:
    session.commit()
    gaps.count(session, db.engine)


def test_a_need_is_unmet_while_no_offer_is_open_to_it(db_session: Session) -> None:
    offer = OfferFactory()
    CriterionFactory(offer=offer, fact="province", values=["iso3166-2:LA-LP"])
    NeedFactory(organisation=OrganisationFactory(province="LA-LP"))
    for _ in range(2):
        NeedFactory(organisation=OrganisationFactory(province="LA-SV"))
    NeedFactory(organisation=OrganisationFactory(province="LA-SV"), state=PublicationState.CLOSED)
    count(db_session)
    [found] = missing.gaps(db_session, ALL)
    assert (found.province, found.code) == ("LA-SV", "instrument:TERM_LOAN")
    assert (found.needs, found.offers, found.gate) == (2, 1, "province")


def test_the_gate_that_stops_most_offers_is_named(db_session: Session) -> None:
    for _ in range(2):
        CriterionFactory(fact="sector", values=["isic4:A"])
    CriterionFactory(fact="province", values=["iso3166-2:LA-LP"])
    NeedFactory(organisation=OrganisationFactory(province="LA-SV", sector="1410"))
    count(db_session)
    assert [gap.gate for gap in missing.gaps(db_session, ALL)] == ["sector"]


def test_offers_of_other_services_stop_no_need_of_one_that_is_given(db_session: Session) -> None:
    for code in ("ERP", "ERP", "CRM"):
        offer = OfferFactory(kind=Kind.SERVICE, code=code, purposes=[])
        CriterionFactory(offer=offer, fact="province", values=["iso3166-2:LA-LP"])
    for code in ("CRM", "WEBSITE"):
        firm = OrganisationFactory(province="LA-SV")
        NeedFactory(organisation=firm, kind=Kind.SERVICE, code=code, purpose="")
    count(db_session)
    gates = {gap.code: gap.gate for gap in missing.gaps(db_session, ALL)}
    assert gates == {"service:CRM": "province", "service:WEBSITE": "service"}


def test_without_any_offer_of_its_kind_that_is_the_reason(db_session: Session) -> None:
    NeedFactory()
    count(db_session)
    assert [gap.gate for gap in missing.gaps(db_session, ALL)] == [gaps.NO_OFFER]


def test_gaps_end_at_the_scope(db_session: Session) -> None:
    NeedFactory(organisation=OrganisationFactory(province="LA-SV"))
    NeedFactory(organisation=OrganisationFactory(province="LA-VT"))
    count(db_session)
    scope = StaffScope(False, frozenset({"LA-VT"}))
    assert [gap.province for gap in missing.gaps(db_session, Selection(scope))] == ["LA-VT"]
    assert not missing.gaps(db_session, Selection(StaffScope(everything=False)))


def test_offers_nobody_asked_for_are_old_open_and_shown(db_session: Session) -> None:
    old = {"published_at": clock.now() - LONG_AGO}
    asked, quiet = OfferFactory(**old), OfferFactory(**old)
    OfferFactory()
    OfferFactory(state=PublicationState.PAUSED, **old)
    need = NeedFactory()
    make_request(need, asked, RequestState.WITHDRAWN)
    show(need, quiet)
    show(need, quiet, Side.OFFER)
    count(db_session)
    [found] = missing.unasked(db_session, ALL)
    assert (found.offer.id, found.shown) == (quiet.id, 1)


def test_counting_again_replaces_what_was_counted(db_session: Session) -> None:
    need = NeedFactory()
    OfferFactory(
        published_at=clock.now() - LONG_AGO, kind="service", code="ACCOUNTING", purposes=[]
    )
    count(db_session)
    assert db_session.scalars(select(UnmetNeed.needs)).all() == [1]
    assert len(db_session.scalars(select(UnaskedOffer.offer_id)).all()) == 1
    need.state = PublicationState.CLOSED
    count(db_session)
    count(db_session)
    assert db_session.scalars(select(UnmetNeed)).all() == []


def test_a_count_that_began_earlier_does_not_overwrite_a_later_one(db_session: Session) -> None:
    NeedFactory()
    count(db_session)
    state = db_session.get_one(CountState, 1)
    state.gaps_at = clock.now() + timedelta(minutes=5)
    NeedFactory()
    count(db_session)
    assert sum(db_session.scalars(select(UnmetNeed.needs))) == 1


def test_the_change_that_opens_most_doors_is_found_for_each_province(db_session: Session) -> None:
    young = {"fact": "age_years", "operator": "at_least", "values": [50]}
    papers = {"fact": "business_plan", "operator": "has", "values": []}
    for _ in range(2):
        CriterionFactory(**papers)
    CriterionFactory(fact="amount_usd", operator="at_most", values=[5_000])
    for _ in range(3):
        CriterionFactory(**young)
    shut = OfferFactory(deploying=False)
    CriterionFactory(offer=shut, **papers)
    twice = CriterionFactory(**papers).offer
    CriterionFactory(offer=twice, fact="export", operator="has", values=[])
    firms = [OrganisationFactory(province=code) for code in ("LA-SV", "LA-SV", "LA-VT")]
    for firm in firms:
        NeedFactory(organisation=firm)
        for fact in ("business_plan", "export"):
            db_session.add(OrganisationFact(organisation_id=firm.id, fact=fact, value=False))
    count(db_session)
    found = missing.lacking(db_session, ALL).levers
    assert [(one.province, one.fact, one.doors, one.needs) for one in found] == [
        ("LA-SV", "business_plan", 4, 2),
        ("LA-VT", "business_plan", 2, 1),
    ]
    scope = Selection(StaffScope(False, frozenset({"LA-VT"})))
    assert [one.province for one in missing.lacking(db_session, scope).levers] == ["LA-VT"]
    assert not missing.lacking(db_session, Selection(StaffScope(everything=False))).levers


def test_counting_again_replaces_the_doors(db_session: Session) -> None:
    need = NeedFactory()
    CriterionFactory(fact="amount_usd", operator="at_most", values=[5_000])
    count(db_session)
    assert [one.doors for one in missing.lacking(db_session, ALL).levers] == [1]
    need.state = PublicationState.CLOSED
    count(db_session)
    assert db_session.scalars(select(LeverDoor)).all() == []


def test_the_page_says_what_would_open_most_doors_and_who_can_help(
    page: PageClient, db_session: Session
) -> None:
    firm = OrganisationFactory(province="LA-SV")
    NeedFactory(organisation=firm)
    db_session.add(OrganisationFact(organisation_id=firm.id, fact="accounts_2y", value=False))
    CriterionFactory(fact="accounts_2y", operator="has", values=[])
    count(db_session)
    roll_up(db_session, db.engine)
    staff = page.sign_in(StaffFactory())
    row = staff.get("/programme").one("#levers tbody tr").get_text(" ")
    assert "Savannakhet" in row
    assert "Accounts for two years" in row
    assert "Accounting and bookkeeping" in row
    taken = staff.get("/programme/numbers.csv").response.get_data(as_text=True)
    assert "Savannakhet,Accounts for two years,0,0,Accounting and bookkeeping" in taken


def test_the_page_names_the_largest_gap_and_the_quiet_offers(
    page: PageClient, db_session: Session
) -> None:
    NeedFactory(organisation=OrganisationFactory(province="LA-SV"))
    quiet = OfferFactory(
        published_at=clock.now() - LONG_AGO,
        title="Cold store lease",
        kind="service",
        code="ACCOUNTING",
    )
    count(db_session)
    roll_up(db_session, db.engine)
    seen = page.sign_in(StaffFactory()).get("/programme")
    assert "The largest gap: Term loan in Savannakhet." in seen.text
    assert "There is no offer of this kind" in seen.one("#gaps").text
    assert quiet.title in seen.one("#unasked").text


@pytest.mark.parametrize(("needs", "told"), [(2, None), (7, 5)])
def test_a_visitor_reads_rounded_figures_once_there_are_enough(
    page: PageClient, db_session: Session, needs: int, told: int | None
) -> None:
    for _ in range(needs):
        NeedFactory(organisation=OrganisationFactory(province="LA-SV"))
    count(db_session)
    roll_up(db_session, db.engine)
    found = public_figures(db_session)
    assert (found and found.needs) == told
    text = page.get("/").text
    assert ("The programme in numbers" in text) == (told is not None)
    assert ("in Savannakhet 5 firms look for Term loan" in text) == (told is not None)
