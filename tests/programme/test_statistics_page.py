"""The statistics page as staff see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Scope, StaffRole
from matchmaker.contacts.models import RequestState
from matchmaker.extensions import clock, db
from matchmaker.organisations.models import IntroducerLink
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.suggestions.models import Reach, Side
from tests.factories import NeedFactory, OfferFactory, OrganisationFactory, StaffFactory
from tests.page import Page, PageClient
from tests.programme.worlds import fill, make_request, show

pytestmark = pytest.mark.both


@pytest.fixture
def small_world(db_session: Session) -> None:
    """Five quiet needs and one that came to an agreement after five days."""
    offer = OfferFactory()
    ago = clock.now() - timedelta(days=40)
    for province, count in (("LA-SV", 3), ("LA-VT", 2)):
        for _ in range(count):
            firm = OrganisationFactory(province=province, women_share=10)
            show(NeedFactory(organisation=firm, published_at=ago), offer)
    make_request(
        NeedFactory(published_at=ago),
        offer,
        RequestState.CLOSED,
        answer_after=timedelta(days=5),
        outcomes={Side.NEED: "agreed"},
    )
    db_session.commit()
    roll_up(db_session, db.engine)


def funnel(page: Page) -> list[int]:
    return [int(row.select("td")[0].text) for row in page.all("#funnel tbody tr")]


@pytest.mark.usefixtures("small_world")
def test_the_page_says_what_came_of_the_needs(page: PageClient) -> None:
    seen = page.sign_in(StaffFactory()).get("/programme")
    assert "Last 12 months: 1 agreement from 6 needs." in seen.text
    assert "5 needs that were shown but that nobody asked about" in seen.text
    assert funnel(seen) == [6, 6, 1, 1, 1, 1, 1]
    assert seen.all("#province-LA-SV td.num")[0].text == "3"
    tile = next(each for each in seen.all("svg.map a") if each["href"] == "#province-LA-SV")
    assert tile["aria-label"] == "Savannakhet: 3"
    assert seen.all(str(tile["href"]))


@pytest.mark.usefixtures("small_world")
def test_groups_by_the_language_of_their_text_say_so(page: PageClient) -> None:
    seen = page.sign_in(StaffFactory()).get("/programme")
    assert "Text in English" in [row.get_text() for row in seen.all("#seen tbody th")]


def test_a_meeting_counts_as_a_step_of_its_own(page: PageClient, db_session: Session) -> None:
    offer, ago = OfferFactory(), clock.now() - timedelta(days=40)
    words = (
        {Side.NEED: "met"},
        {Side.NEED: "agreed"},
        {Side.NEED: "agreed", Side.OFFER: "not_agreed"},
        {Side.NEED: "met", Side.OFFER: "no_contact"},
        {Side.NEED: "talking"},
    )
    for outcomes in words:
        make_request(
            NeedFactory(published_at=ago),
            offer,
            RequestState.ACCEPTED,
            answer_after=timedelta(days=5),
            outcomes=outcomes,
        )
    db_session.commit()
    roll_up(db_session, db.engine)
    seen = page.sign_in(StaffFactory()).get("/programme")
    assert funnel(seen) == [5, 5, 5, 5, 5, 3, 1]
    heads = [head.get_text(strip=True) for head in seen.all("#points thead th")]
    assert heads[1:6] == ["Asked", "Answered", "Accepted", "Met each other", "Agreed"]


@pytest.mark.slow
@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("narrowed", "needs"),
    [
        ("province=LA-SV", 3),
        ("province=LA-CH", 6),
        ("women=women", 1),
        ("kind=service", 0),
        ("kind=finance&period=all", 6),
        ("period=never&kind=x&members=1&women='", 6),
    ],
)
def test_filters_narrow_what_they_name_and_nothing_else(
    page: PageClient, narrowed: str, needs: int
) -> None:
    page.sign_in(StaffFactory())
    whole, part = (page.get(f"/programme?{narrowed}", htmx=htmx) for htmx in (False, True))
    for seen in (whole, part):
        assert (funnel(seen) if needs else []) == funnel(seen)
        assert (funnel(seen)[0] if needs else 0) == needs
    assert part.one("#numbers").text == whole.one("#numbers").text


@pytest.mark.usefixtures("small_world")
def test_a_viewer_counts_only_what_is_in_scope(page: PageClient) -> None:
    viewer = {"staff_role": StaffRole.VIEWER, "scope": Scope.PROVINCE}
    seen = page.sign_in(StaffFactory(**viewer, scope_values=["LA-SV"])).get("/programme")
    assert funnel(seen)[0] == 3
    assert "Vientiane Capital" not in seen.one("#by-province").text
    other = page.get("/programme?province=LA-VT")
    assert funnel(other)[0] == 3
    page.sign_in(StaffFactory(**viewer, scope_values=["LA-CH"]))
    assert "No need was published here" in page.get("/programme").text


def test_a_chamber_counts_its_own_members(page: PageClient, db_session: Session) -> None:
    chamber = OrganisationFactory(is_introducer=True, is_firm=False)
    member = OrganisationFactory()
    NeedFactory(organisation=member)
    NeedFactory()
    db_session.add(
        IntroducerLink(
            introducer_id=chamber.id,
            organisation_id=member.id,
            consent_by="owner",
            consent_how="paper",
            consent_version="1",
        )
    )
    db_session.commit()
    roll_up(db_session, db.engine)
    staff = StaffFactory(scope=Scope.MEMBERS, scope_values=[chamber.id])
    assert funnel(page.sign_in(staff).get("/programme"))[0] == 1
    everything = page.sign_in(StaffFactory())
    assert funnel(everything.get(f"/programme?members={chamber.id}"))[0] == 1
    assert chamber.name in everything.get("/programme").one("#by-introducer").text


def test_before_the_first_count_the_page_says_so(page: PageClient) -> None:
    seen = page.sign_in(StaffFactory()).get("/programme")
    assert "Nothing was counted yet" in seen.text


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.parametrize("language", ["en", "lo", "km", "my", "th", "vi", "zh"])
def test_the_page_stands_in_every_language(page: PageClient, language: str) -> None:
    fill(40, now=clock.now(), offerers=5)
    roll_up(db.session(), db.engine)
    assert page.sign_in(StaffFactory()).get(f"/programme?lang={language}").all("#funnel")


def test_long_lists_add_up_in_a_last_row(page: PageClient, db_session: Session) -> None:
    for number in range(25):
        NeedFactory(code=f"CODE_{number}")
    db_session.commit()
    roll_up(db_session, db.engine)
    rows = page.sign_in(StaffFactory()).get("/programme").all("#by-code tbody tr")
    assert len(rows) == 20
    assert rows[-1].select("th")[0].text == "6 more together"
    assert sum(int(row.select("td")[0].text) for row in rows) == 25


@pytest.mark.usefixtures("small_world")
@pytest.mark.parametrize(
    ("places", "said"),
    [
        (0, "Demand is too thin: at this pace each firm gets 0 turns this month; 3 are promised."),
        (900, "Lists are opened often enough to give each firm the 3 turns a month"),
    ],
)
def test_the_page_says_how_many_firms_were_seen(
    page: PageClient, db_session: Session, places: int, said: str
) -> None:
    page.sign_in(StaffFactory())
    assert "a top ten" not in page.get("/programme").text
    month = clock.today().replace(day=1)
    db_session.add(Reach(month=month, eligible=60, seen=41, as_promised=7, places=places))
    db_session.commit()
    seen = page.get("/programme").text
    assert "41 of 60" in seen
    assert said in seen
