"""What to do next: the first page after signing in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import brotli
import pytest
from sqlalchemy.orm import Session

from matchmaker import tasks
from matchmaker.contacts import services as contacts
from matchmaker.contacts.services import Actor
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import (
    IntroducerLink,
    Kind,
    Operator,
    OrganisationFact,
    OrganisationState,
    PublicationState,
    SelfCheck,
)
from matchmaker.suggestions.models import Shown, Side
from matchmaker.tasks import TaskKind, TaskState
from tests.contacts.scene import Scene, make_scene
from tests.contacts.test_queries import counted
from tests.factories import (
    AccountFactory,
    CriterionFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.page import Page, PageClient

MOST = 12
#: Bytes of the page as it goes over the wire.
LARGEST = 12 * 1024


@pytest.fixture
def scene(db_session: Session) -> Scene:
    return make_scene(db_session)


def lines(page: Page) -> list[str]:
    return [" ".join(line.get_text(" ").split()) for line in page.all("#next-lines > li")]


def line_of(page: Page, words: str) -> str:
    [found] = [line for line in lines(page) if words in line]
    return found


def test_signing_in_leads_here_and_staff_to_the_numbers(
    scene: Scene, page: PageClient, new_page: Callable[[], PageClient]
) -> None:
    staff = StaffFactory()
    scene.session.commit()
    assert page.sign_in(scene.owner).get("/", status=303).location == "/start"
    assert page.get("/start").one("h1").text == "What to do next"
    worker = new_page().sign_in(staff)
    assert worker.get("/start", status=303).location == "/programme"


def test_a_newcomer_reads_three_steps_and_one_way_to_begin(
    page: PageClient, db_session: Session
) -> None:
    account = AccountFactory()
    db_session.commit()
    found = page.sign_in(account).get("/start")
    assert len(found.all(".steps > li")) == 3
    assert found.one(".acts a.btn:first-of-type")["href"] == "/organisations/new"


def test_an_account_without_needs_is_told_to_say_one(page: PageClient, db_session: Session) -> None:
    member = MembershipFactory()
    db_session.commit()
    found = page.sign_in(member.account).get("/start")
    assert "Say what you look for" in lines(found)[0]
    button = found.one("#next-lines a.btn")["href"]
    assert str(button).endswith("/needs/new/finance")


def test_a_draft_goes_on_with_its_next_step(page: PageClient, db_session: Session) -> None:
    firm = OrganisationFactory(state=OrganisationState.DRAFT, steps_done=["name"])
    member = MembershipFactory(organisation=firm)
    db_session.commit()
    found = page.sign_in(member.account).get("/start")
    assert "What you do" in lines(found)[0]
    assert "10 short steps are left." in lines(found)[0]


def test_who_is_in_review_reads_so_whatever_else_there_is_to_do(
    page: PageClient, db_session: Session
) -> None:
    member = MembershipFactory(organisation=FunderFactory(state=OrganisationState.IN_REVIEW))
    db_session.commit()
    page.sign_in(member.account)
    assert page.get("/start").text.count("A reviewer is looking at your organisation.") == 1
    OfferFactory(organisation=member.organisation, state=PublicationState.DRAFT)
    db_session.commit()
    found = page.get("/start")
    assert "Not published yet" in lines(found)[0]
    assert found.text.count("A reviewer is looking at your organisation.") == 1


def test_what_is_ready_waits_for_the_reviewer_and_asks_nothing_of_who_wrote_it(
    page: PageClient, db_session: Session
) -> None:
    told = ["name", "ids", "licence", "words", "contact"]
    fund = FunderFactory(state=OrganisationState.IN_REVIEW, steps_done=told)
    member = MembershipFactory(organisation=fund)
    OfferFactory(organisation=fund, state=PublicationState.DRAFT, ready=True)
    db_session.commit()
    found = page.sign_in(member.account).get("/start")
    assert not lines(found)
    assert found.text.count("A reviewer is looking at your organisation.") == 1


def test_only_a_firm_reads_of_its_business_in_the_bar(
    page: PageClient, db_session: Session
) -> None:
    fund, firm = FunderFactory(), OrganisationFactory()
    account = MembershipFactory(organisation=fund).account
    db_session.commit()
    page.sign_in(account)
    own = ".tabs a[href='/my-business']"
    assert page.get("/start").one(own).get_text(strip=True) == "My profile"
    MembershipFactory(organisation=firm, account=account)
    db_session.commit()
    assert page.get("/start").one(own).get_text(strip=True) == "My business"
    assert page.get("/my-business").one("h1").text == "My organisations"


def test_a_request_that_waits_comes_first_with_its_days(scene: Scene, page: PageClient) -> None:
    request = scene.send()
    found = page.sign_in(scene.banker).get("/start")
    assert "Waits for your answer · 20 days left" in lines(found)[0]
    assert scene.offer.title in lines(found)[0]
    opened = page.get(str(found.all("#next-lines li a.btn")[0]["href"]))
    assert opened.one("#accept form")
    request.expires_at = clock.now() + timedelta(hours=3)
    scene.session.commit()
    assert "ends today" in lines(page.get("/start"))[0]
    request.expires_at = clock.now() - timedelta(hours=3)
    scene.session.commit()
    assert not any("Waits for your answer" in line for line in lines(page.get("/start")))


def test_several_requests_that_wait_are_one_line(scene: Scene, page: PageClient) -> None:
    for _ in range(2):
        member = MembershipFactory()
        need = NeedFactory(organisation=member.organisation)
        scene.banker_seen(scene.send(need_id=need.id, by=Actor(member.account.id, Side.NEED)))
    found = page.sign_in(scene.banker).get("/start")
    assert "2 requests wait for your answer" in lines(found)[0]
    assert "The first runs out: 20 days left." in lines(found)[0]


def test_new_matches_stand_with_points_and_a_reason_until_they_were_seen(
    scene: Scene, page: PageClient
) -> None:
    page.sign_in(scene.owner)
    found = page.get("/start")
    line = line_of(found, scene.offer.title)
    assert "of 100" in line
    assert f"New: {scene.funder.name}" in line
    assert "Gives $5,000" in line
    again = page.get("/start")
    assert line_of(again, scene.offer.title)
    # What was shown is written down once the answer has gone.
    scene.session.rollback()
    again.response.close()
    shown = scene.session.query(Shown).one()
    assert (shown.need_id, shown.offer_id, shown.side) == (scene.need.id, scene.offer.id, Side.NEED)
    shown.day -= timedelta(days=1)
    scene.session.commit()
    assert not any(scene.offer.title in one for one in lines(page.get("/start")))


def test_what_was_asked_is_not_new(scene: Scene, page: PageClient) -> None:
    scene.send()
    found = page.sign_in(scene.owner).get("/start")
    assert not any("New:" in line for line in lines(found))


def test_a_funder_sees_firms_without_their_names(scene: Scene, page: PageClient) -> None:
    found = page.sign_in(scene.banker).get("/start")
    assert "A firm" in line_of(found, scene.need.title)
    assert scene.firm.name not in found.soup.decode()


def test_what_is_not_told_is_counted_by_the_offers_that_ask_for_it(
    scene: Scene, page: PageClient
) -> None:
    for fact in ("accounts_1y", "accounts_1y", "registration"):
        CriterionFactory(offer=OfferFactory(), fact=fact, operator=Operator.HAS, values=[])
    scene.session.commit()
    found = page.sign_in(scene.owner).get("/start")
    line = line_of(found, "Your profile")
    assert "3 offers ask for what you have not told" in line
    assert "Business registration" in line or "business registration" in line
    [button] = [a for a in found.all("#next-lines a.btn") if "Tell us" in a.get_text()]
    assert str(button["href"]).endswith("/profile/evidence")
    for fact in ("accounts_1y", "registration"):
        row = OrganisationFact(organisation_id=scene.firm.id, fact=fact, value=True)
        scene.session.add(row)
    scene.firm.steps_done = ["evidence"]
    scene.session.commit()
    assert "offers ask for" not in page.get("/start").text


def test_a_door_almost_open_says_how_many_and_who_helps(scene: Scene, page: PageClient) -> None:
    for _ in range(2):
        CriterionFactory(offer=OfferFactory(), fact="accounts_1y", operator="has", values=[])
    out_of_reach = OfferFactory()
    CriterionFactory(offer=out_of_reach, fact="age_years", operator="at_least", values=[50])
    OfferFactory(title="Books kept", kind=Kind.SERVICE, code="ACCOUNTING")
    scene.session.add(
        OrganisationFact(organisation_id=scene.firm.id, fact="accounts_1y", value=False)
    )
    NeedFactory(organisation=scene.firm, title="A second need")
    scene.session.commit()
    found = page.sign_in(scene.owner).get("/start")
    line = line_of(found, "A door almost open")
    assert "would open 2 offers" in line
    assert "Who can help: Mekong Upland Fund" in line
    assert "(Accounting" in line


def test_a_no_leads_to_the_next_best_until_one_goes_on(scene: Scene, page: PageClient) -> None:
    request = scene.send()
    other = OfferFactory(title="Another loan for machines")
    contacts.decline(scene.session, request, scene.actor(Side.OFFER), "too_early")
    scene.session.commit()
    found = page.sign_in(scene.owner).get("/start")
    line = line_of(found, "They said no")
    assert "Next best: Another loan for machines (" in line
    scene.send(offer_id=other.id)
    assert "They said no" not in page.get("/start").text


def test_next_best_of_one_title_are_told_apart_by_who_makes_them(
    scene: Scene, page: PageClient
) -> None:
    request = scene.send()
    for bank in ("First Bank", "Second Bank"):
        OfferFactory(title="Seasonal loan", organisation=FunderFactory(name=bank))
    contacts.decline(scene.session, request, scene.actor(Side.OFFER), "too_early")
    scene.session.commit()
    line = line_of(page.sign_in(scene.owner).get("/start"), "They said no")
    assert "First Bank (" in line
    assert "Second Bank (" in line
    assert "Seasonal loan" not in line


@pytest.mark.both
def test_a_no_to_any_of_many_needs_or_to_a_client_names_the_next_best(
    scene: Scene, new_page: Callable[[], PageClient]
) -> None:
    request = scene.send()
    OfferFactory(title="Another loan for machines")
    for at in range(4):
        NeedFactory(organisation=scene.firm, title=f"Newer need {at}")
    contacts.decline(scene.session, request, scene.actor(Side.OFFER), "too_early")
    adviser = introducer_of(scene).account
    scene.session.commit()
    for account in (scene.owner, adviser):
        browser = new_page().sign_in(account)
        browser.get("/start")
        with counted() as seen:
            found = browser.get("/start")
        assert len(seen) <= MOST, "\n".join(seen)
        assert "Next best: Another loan for machines (" in line_of(found, "They said no")
    # Of a client nothing else is told: what is new to it is for its own people.
    assert "New:" not in found.text
    scene.need.state = PublicationState.PAUSED
    scene.session.commit()
    assert "Next best" not in new_page().sign_in(adviser).get("/start").text


def test_an_outcome_that_was_not_said_is_asked_for(scene: Scene, page: PageClient) -> None:
    request = scene.send()
    contacts.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    page.sign_in(scene.owner)
    assert "Say it" not in page.get("/start").text
    request.answered_at = clock.now() - timedelta(days=20)
    scene.session.commit()
    assert scene.offer.title in line_of(page.get("/start"), "What came of it?")


def introducer_of(scene: Scene) -> MembershipFactory:
    done = ["name", "ids", "words", "contact"]
    chamber = OrganisationFactory(
        name="Chamber", is_firm=False, is_introducer=True, steps_done=done
    )
    member = MembershipFactory(organisation=chamber)
    link = IntroducerLink(
        introducer_id=chamber.id, organisation_id=scene.firm.id,
        consent_by="Owner", consent_how="paper", consent_version="1",
    )  # fmt: skip
    scene.session.add(link)
    scene.session.commit()
    return member


def test_a_task_of_an_introducer_stands_for_all_its_people_until_done(
    scene: Scene, page: PageClient, new_page: Callable[[], PageClient]
) -> None:
    member = introducer_of(scene)
    colleague = MembershipFactory(organisation=member.organisation).account
    tasks.open(
        scene.session, TaskKind.NO_MATCH, "need", scene.need.id, province="LA-LP",
        organisation_id=scene.firm.id, assigned_to_id=member.account_id,
        facts={"public_id": scene.need.public_id},
    )  # fmt: skip
    scene.session.commit()
    found = page.sign_in(colleague).get("/start")
    assert "Help a firm for which nothing fits" in lines(found)[0]
    assert "Luang Prabang" in lines(found)[0]
    page.get(str(found.all("#next-lines a.btn")[0]["href"]))
    [task] = scene.session.query(tasks.Task)
    stranger = new_page().sign_in(scene.owner)
    stranger.post(f"/start/tasks/{task.public_id}/done", status=404)
    page.submit(found, "#next-lines form")
    scene.session.refresh(task)
    assert (task.state, task.done_by_id) == (TaskState.DONE, colleague.id)
    again = page.follow(page.post(f"/start/tasks/{task.public_id}/done"))
    assert "Somebody else has done it." in again.text
    assert "Nothing waits for you" in again.text


@pytest.mark.slow
@pytest.mark.both
def test_the_page_takes_the_same_queries_whatever_is_on_it_and_stays_small(
    scene: Scene, page: PageClient
) -> None:
    page.sign_in(scene.owner).get("/start")
    with counted() as few:
        page.get("/start")
    for at in range(12):
        need = NeedFactory(organisation=scene.firm, title=f"Need {at}")
        rule = CriterionFactory(offer=OfferFactory(), fact="accounts_1y", operator="has", values=[])
        OfferFactory(title=f"Loan {at}")
        changes.note(scene.session, ChangeKind.NEED, need.id)
        for offer_id in (rule.offer_id, rule.offer_id + 1):
            changes.note(scene.session, ChangeKind.OFFER, offer_id)
    scene.session.add(
        OrganisationFact(organisation_id=scene.firm.id, fact="accounts_1y", value=False)
    )
    request = scene.send()
    contacts.decline(scene.session, request, scene.actor(Side.OFFER), "too_early")
    scene.session.commit()
    page.get("/start")
    with counted() as many:
        found = page.get("/start")
    assert len(lines(found)) >= 5
    # Who can help is asked only where something stands between.
    assert len(few) <= len(many) <= MOST, "\n".join(many)
    assert len(brotli.compress(found.response.data, quality=5)) <= LARGEST


def test_new_matches_give_way_but_for_the_best(scene: Scene, page: PageClient) -> None:
    for at in range(4):
        OfferFactory(title=f"Loan {at}")
        CriterionFactory(offer=OfferFactory(), fact="accounts_1y", operator="has", values=[])
    scene.session.commit()
    page.sign_in(scene.owner)
    assert sum("New:" in line for line in lines(page.get("/start"))) == 3
    scene.session.add(
        OrganisationFact(organisation_id=scene.firm.id, fact="accounts_1y", value=False)
    )
    needs = [NeedFactory(organisation=scene.firm) for _ in range(2)]
    for request in [scene.send(need_id=need.id) for need in needs]:
        contacts.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
        request.answered_at = clock.now() - timedelta(days=20)
    changes.note(scene.session, ChangeKind.NEED, scene.need.id)
    scene.session.commit()
    found = lines(page.get("/start"))
    assert len(found) == 5
    assert sum("New:" in line for line in found) == 2


def test_a_firm_that_never_checked_itself_is_led_to_it_once(scene: Scene, page: PageClient) -> None:
    page.sign_in(scene.owner)
    assert "who helps with what is missing" in line_of(page.get("/start"), "how ready")
    rule = CriterionFactory(
        offer=OfferFactory(), fact="readiness", operator="at_least", values=[40]
    )
    changes.note(scene.session, ChangeKind.OFFER, rule.offer_id)
    scene.session.commit()
    assert "1 offer that may fit asks for it" in line_of(page.get("/start"), "how ready")
    row = SelfCheck(organisation_id=scene.firm.id, edition="1", answers={}, day=clock.today())
    scene.session.add(row)
    scene.session.commit()
    assert not any("how ready" in line for line in lines(page.get("/start")))
    assert not any("how ready" in line for line in lines(page.sign_in(scene.banker).get("/start")))


def test_a_firm_that_gives_something_too_sees_both(scene: Scene, page: PageClient) -> None:
    scene.firm.is_provider = True
    first, second = (
        OfferFactory(organisation=scene.firm, title=title) for title in ("Transport", "Storage")
    )
    scene.session.commit()
    assert first.id < second.id
    found = page.sign_in(scene.owner).get("/start")
    assert "1 more offer is open." in line_of(found, "Storage")
    assert any("New:" in line for line in lines(found))
    with counted() as seen:
        page.get("/start")
    assert len(seen) <= MOST
