"""A team: who leaves hands over in one step, and colleagues read who did what."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import notifications, tasks
from matchmaker.accounts.models import Account
from matchmaker.audit import privacy
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactEvent, ContactRequest
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import team_log
from matchmaker.errors import WrongState
from matchmaker.extensions import db
from matchmaker.extensions.database import new_public_id
from matchmaker.notifications.models import MailState, Notice, OutboxMail
from matchmaker.organisations.models import FormerMember, IntroducerLink, Membership, MembershipRole
from matchmaker.organisations.services import (
    consortium,
    leaving,
    membership,
    self_check,
    showroom,
)
from matchmaker.organisations.services.errors import LastOwnerError
from matchmaker.suggestions.models import Side
from matchmaker.tasks import Task, TaskKind
from tests.contacts.grouping import make_crowd
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted, say
from tests.contacts.test_queries import MOST, counted
from tests.contacts.test_races import at_once
from tests.factories import AccountFactory, MembershipFactory, OrganisationFactory
from tests.organisations.papers import put_in_showroom
from tests.page import PageClient


@pytest.fixture
def colleague(scene: Scene) -> Account:
    person = AccountFactory(name="Colleague Person")
    MembershipFactory(account=person, organisation=scene.funder, role=MembershipRole.MEMBER)
    scene.session.commit()
    return person


def row_of(scene: Scene, person: Account) -> Membership:
    found = membership.membership_of(scene.session, person.id, scene.funder.id)
    assert found is not None
    return found


def leave(scene: Scene, colleague: Account | None) -> None:
    to = row_of(scene, colleague) if colleague else None
    leaving.leave(scene.session, row_of(scene, scene.banker), scene.banker.id, to)
    scene.session.commit()


def test_what_is_open_goes_to_a_colleague_in_one_step(scene: Scene, colleague: Account) -> None:
    request = accepted(scene)
    tasks.open(
        scene.session, TaskKind.OTHER, "offer", scene.offer.id,
        organisation_id=scene.funder.id, assigned_to_id=scene.banker.id,
    )  # fmt: skip
    assert request.offer_keeper_id == scene.banker.id
    assert request.need_keeper_id == scene.owner.id
    leave(scene, colleague)
    scene.session.expire_all()
    assert request.offer_keeper_id == colleague.id
    assert request.need_keeper_id == scene.owner.id
    assert scene.session.scalars(select(Task.assigned_to_id)).one() == colleague.id
    # The last owner went: the one who took over is the owner now.
    assert row_of(scene, colleague).role is MembershipRole.OWNER
    gone = scene.session.scalars(select(FormerMember)).one()
    assert (gone.account_id, gone.handed_to_id) == (scene.banker.id, colleague.id)
    steps = select(ContactEvent.account_id).where(ContactEvent.kind == EventKind.HANDED_OVER)
    assert scene.session.scalars(steps).all() == [colleague.id]


def test_the_last_owner_names_somebody_of_the_same_organisation(
    scene: Scene, colleague: Account
) -> None:
    with pytest.raises(LastOwnerError):
        leave(scene, None)
    stranger = membership.membership_of(scene.session, scene.owner.id, scene.firm.id)
    with pytest.raises(ValueError, match="colleague"):
        leaving.leave(scene.session, row_of(scene, scene.banker), scene.banker.id, stranger)
    assert row_of(scene, scene.banker).role is MembershipRole.OWNER


def test_who_left_is_told_no_more_and_opens_nothing(
    scene: Scene, colleague: Account, page: PageClient
) -> None:
    request = accepted(scene)
    say(scene, request, Side.NEED)
    path = f"/requests/{request.public_id}"
    page.sign_in(scene.banker).get(path)
    theirs = notifications.unread_paths(scene.session, scene.banker.id)
    assert path in theirs
    leave(scene, colleague)
    # The session goes on, the organisation is closed to it.
    page.get(path, status=404)
    page.get(f"/organisations/{scene.funder.public_id}/members", status=404)
    page.get(f"/offers/{scene.offer.public_id}", status=404)
    page.get("/start")
    assert path not in notifications.unread_paths(scene.session, scene.banker.id)
    waiting = OutboxMail.state.in_((MailState.QUEUED, MailState.HELD))
    mails = select(OutboxMail.facts).where(OutboxMail.account_id == scene.banker.id, waiting)
    assert all(facts.get("path") != path for facts in scene.session.scalars(mails))
    before = Counter(scene.session.scalars(select(Notice.account_id)))
    say(scene, request, Side.NEED, "Are you there?")
    added = Counter(scene.session.scalars(select(Notice.account_id))) - before
    assert set(added) <= {colleague.id}
    assert scene.session.get(ContactRequest, request.id) is not None


@pytest.mark.once
def test_the_groups_that_a_firm_leads_are_handed_over_with_it(db_session: Session) -> None:
    crowd = make_crowd(db_session)
    group, owner = crowd.start(1, 2), crowd.owners[0]
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, owner.id)
    by = services.Actor(owner.id, Side.NEED)
    ask = services.Ask(group.need_id, crowd.offer.id, by, "Hello", "en")
    request = services.send(crowd.session, ask).request
    firm = group.coordinator
    to = MembershipFactory(organisation=firm, role=MembershipRole.MEMBER)
    paths = {
        f"/groups/{group.organisation.public_id}",
        f"/requests/{request.public_id}",
        f"/desk/{firm.public_id}/views",
        f"/needs/{crowd.needs[0].public_id}",
    }
    of_others = {f"/requests/{new_public_id()}", f"/organisations/{new_public_id()}/invitation"}
    for path in paths | of_others:
        queue_for(crowd.session, owner, path)
    row = membership.membership_of(crowd.session, owner.id, firm.id)
    assert row is not None
    leaving.leave(crowd.session, row, owner.id, to)
    crowd.session.commit()
    crowd.session.refresh(request)
    assert request.need_keeper_id == to.account_id
    assert notifications.unread_paths(crowd.session, owner.id) == of_others


@pytest.mark.once
def test_who_still_acts_as_an_introducer_goes_on_being_told(
    scene: Scene, colleague: Account
) -> None:
    introducer = OrganisationFactory(is_introducer=True)
    MembershipFactory(account=scene.banker, organisation=introducer)
    link = IntroducerLink(
        introducer=introducer, organisation=scene.funder,
        consent_by="Somsy", consent_how="on_paper", consent_version="1",
    )  # fmt: skip
    scene.session.add(link)
    path = f"/requests/{scene.send().public_id}"
    assert path in notifications.unread_paths(scene.session, scene.banker.id)
    leave(scene, colleague)
    assert path in notifications.unread_paths(scene.session, scene.banker.id)


def queue_for(session: Session, person: Account, path: str) -> None:
    reader = notifications.Recipient(person.id, person.email, person.language)
    notifications.queue(session, reader, "task.assigned", {"path": path})


def test_an_owner_ends_a_membership_on_its_page(
    scene: Scene, colleague: Account, page: PageClient
) -> None:
    people = page.sign_in(scene.banker).get(f"/organisations/{scene.funder.public_id}/members")
    form = page.get(str(people.all("a[href$=leave]")[1]["href"]))
    assert "Colleague Person leaves" in form.text
    done = page.follow(page.submit(form, successor=scene.banker.public_id))
    assert "in good hands" in done.text
    assert "Colleague Person" not in done.one("main ul").get_text()
    mine = page.get(str(people.all("a[href$=leave]")[0]["href"]))
    assert "You are the only one here" in mine.text


def test_the_last_owner_must_choose_on_the_page_and_goes(
    scene: Scene, colleague: Account, page: PageClient
) -> None:
    url = f"/organisations/{scene.funder.public_id}/members/{scene.banker.public_id}/leave"
    form = page.sign_in(scene.banker).get(url)
    refused = page.submit(form, status=422)
    assert "Name a colleague who takes over" in refused.text
    after = page.submit(refused, successor=colleague.public_id)
    assert after.location.endswith("/my-business")
    page.get(url, status=404)


@pytest.mark.slow
def test_two_who_end_one_membership_end_it_once(
    app: Flask, scene: Scene, colleague: Account
) -> None:
    row_id = row_of(scene, colleague).id
    scene.session.commit()

    def end() -> None:
        row = db.session.get(Membership, row_id)
        if row is None:
            raise WrongState
        leaving.leave(db.session(), row, scene_banker)

    scene_banker = scene.banker.id
    found = Counter(at_once(app, [end] * 4))
    assert found["done"] == 1
    assert len(scene.session.scalars(select(FormerMember)).all()) == 1


def test_colleagues_read_who_did_what_without_its_content(
    scene: Scene, colleague: Account, page: PageClient
) -> None:
    request = accepted(scene)
    say(scene, request, Side.OFFER, "Canary words of the banker")
    say(scene, request, Side.NEED, "Canary words of the firm")
    url = f"/organisations/{scene.funder.public_id}/who-did-what"
    shown = page.sign_in(colleague).get(url)
    assert "Banker Person" in shown.text
    assert "Wrote a message" in shown.text
    assert "Said yes" in shown.text
    assert "Canary" not in shown.text
    # What the other side did is not of this team.
    assert "Owner Person" not in shown.text
    assert "Asked" not in shown.text
    leave(scene, colleague)
    assert "Banker Person" in page.get(url).text
    page.sign_in(scene.banker).get(url, status=404)
    page.sign_in(scene.owner).get(url, status=404)


def test_what_a_colleague_lets_out_is_in_the_log(scene: Scene, page: PageClient) -> None:
    firm, by = scene.firm, scene.owner.id
    put_in_showroom(firm, by)
    showroom.open_to_all(scene.session, firm, by)
    showroom.close(scene.session, firm, by)
    self_check.share(scene.session, firm, by)
    self_check.stop_sharing(scene.session, firm, by)
    scene.session.commit()
    crowd = make_crowd(scene.session)
    crowd.join(crowd.start(), 1)
    shown = page.sign_in(scene.owner).get(f"/organisations/{firm.public_id}/who-did-what").text
    for words in ("Showed the showroom", "Closed the showroom", "Let matches", "Stopped matches"):
        assert words in shown
    joined = crowd.needs[1].organisation.public_id
    shown = page.sign_in(crowd.owners[1]).get(f"/organisations/{joined}/who-did-what").text
    assert "Joined a group" in shown


@pytest.mark.slow
@pytest.mark.both
def test_the_log_is_paged_by_key_in_the_same_number_of_queries(
    scene: Scene, page: PageClient
) -> None:
    request = accepted(scene)
    by = scene.actor(Side.OFFER)
    page.sign_in(scene.banker)
    url = f"/organisations/{scene.funder.public_id}/who-did-what"
    page.get(url)
    with counted() as few:
        page.get(url)
    for n in range(45):
        services.revoke(scene.session, request, by, [])
        say(scene, request, Side.OFFER, f"Message {n}")
    with counted() as many:
        shown = page.get(url)
    assert len(many) == len(few) <= MOST
    seen, more = len(shown.all("#team-lines li")), shown.all("#team-lines .more-row a")
    while more:
        shown = page.get(str(more[0]["href"]))
        seen, more = seen + len(shown.all("#team-lines li")), shown.all("#team-lines .more-row a")
    first = team_log.page(scene.session, scene.funder.id)
    assert len(first.rows) == team_log.PAGE_SIZE
    assert seen == 45 + 1
    page.get(f"{url}?before=nonsense")
    page.get(f"{url}?before=9999-12-31T23:59-14:00")
    page.get(f"{url}?before=0001-01-01T00:00%2B14:00")


def test_the_person_goes_from_what_they_kept_and_left(scene: Scene, colleague: Account) -> None:
    request = accepted(scene)
    leave(scene, colleague)
    kept = privacy.exports["request_keeper"](scene.session, colleague.id)
    assert [row["public_id"] for row in kept] == [request.public_id]
    assert privacy.exports["former_member"](scene.session, scene.banker.id)
    for table in ("request_keeper", "former_member"):
        for person in (colleague, scene.banker):
            privacy.erasures[table](scene.session, person.id)
    scene.session.commit()
    scene.session.expire_all()
    assert request.offer_keeper_id is None
    gone = scene.session.scalars(select(FormerMember)).one()
    assert (gone.account_id, gone.ended_by_id, gone.handed_to_id) == (None, None, None)
