"""Who leaves a team while something comes into their hands: nothing stays with somebody gone."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from matchmaker.accounts.models import Account
from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import keeping
from matchmaker.extensions import db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import MembershipRole
from matchmaker.organisations.services import leaving, membership
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.test_races import at_once
from tests.factories import AccountFactory, MembershipFactory, NeedFactory

pytestmark = pytest.mark.slow

TOLD = "member.takes_over"


@pytest.fixture
def colleague(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Of both organisations; and whoever acts dawdles before it is written in whose hands it is."""
    person = AccountFactory(name="Colleague Person")
    for organisation in (scene.funder, scene.firm):
        MembershipFactory(account=person, organisation=organisation, role=MembershipRole.OWNER)
    scene.session.commit()
    quick = keeping.kept_by

    def slow(*args: Any) -> Any:
        time.sleep(0.2)
        return quick(*args)

    monkeypatch.setattr(keeping, "kept_by", slow)
    return person


def leave(leaver: int, organisation_id: int, to: int, by: int | None = None) -> None:
    session = db.session()
    row, heir = (membership.membership_of(session, one, organisation_id) for one in (leaver, to))
    assert row is not None
    leaving.leave(session, row, by or leaver, heir)


def told(account_id: int) -> int:
    query = select(Notice).where(Notice.account_id == account_id, Notice.kind == TOLD)
    return len(db.session.scalars(query).all())


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_of_who_leaves_is_handed_over_or_not_given(
    app: Flask, scene: Scene, colleague: Account, answer: str
) -> None:
    request_id = scene.send().id
    bank, funder_id, to = scene.actor(Side.OFFER), scene.funder.id, colleague.id

    def reply() -> None:
        row = db.session.get_one(ContactRequest, request_id)
        if answer == "yes":
            services.accept(db.session(), row, bank, ["contact_email"])
        else:
            services.decline(db.session(), row, bank, "other")

    leaver = scene.banker.id
    found = at_once(app, [reply, lambda: leave(leaver, funder_id, to)])
    assert found[1] == "done"
    assert found[0] in ("done", "NotAllowed")
    row = scene.session.get_one(ContactRequest, request_id)
    scene.session.refresh(row)
    # A no is over: there is nothing in it to look after any more.
    assert answer == "no" or row.offer_keeper_id == (to if found[0] == "done" else None)
    assert answer == "yes" or (row.state == "declined") == (found[0] == "done")
    assert told(to) == 1


def test_a_request_that_who_leaves_sends_is_handed_over_or_not_sent(
    app: Flask, scene: Scene, colleague: Account
) -> None:
    ask, firm_id, leaver, to = scene.ask(), scene.firm.id, scene.owner.id, colleague.id
    found = at_once(
        app,
        [lambda: services.send(db.session(), ask), lambda: leave(leaver, firm_id, to)],
    )
    assert found[1] == "done"
    assert found[0] in ("done", "NotOpenError")
    rows = scene.session.scalars(select(ContactRequest)).all()
    assert [row.need_keeper_id for row in rows] == ([to] if found[0] == "done" else [])
    scene.session.refresh(scene.offer)
    assert scene.offer.used == len(rows)


def test_whoever_takes_over_is_told_once_and_the_log_says_what_went(
    app: Flask, scene: Scene, colleague: Account
) -> None:
    for _ in range(3):
        scene.need = NeedFactory(organisation=scene.firm)
        scene.session.commit()
        scene.send()
    leaver, firm_id, to = scene.owner.id, scene.firm.id, colleague.id
    found = at_once(app, [lambda: leave(leaver, firm_id, to)] * 4)
    assert found.count("done") == 1
    assert set(found) <= {"done", "WrongState", "AssertionError"}
    assert told(to) == 1
    assert told(leaver) == 0
    events = select(AuditEvent.event).where(
        AuditEvent.event.in_(("membership.removed", "request.handed_over"))
    )
    assert (
        sorted(scene.session.scalars(events))
        == ["membership.removed"] + ["request.handed_over"] * 3
    )


def test_two_who_hand_over_to_each_other_do_not_both_go(
    app: Flask, scene: Scene, colleague: Account
) -> None:
    """The second finds that whoever should take over has left, and stays."""
    scene.send()
    one, other, firm_id = scene.owner.id, colleague.id, scene.firm.id
    found = at_once(app, [lambda: leave(one, firm_id, other), lambda: leave(other, firm_id, one)])
    assert found.count("done") == 1
    stays = other if found[0] == "done" else one
    request = scene.session.scalars(select(ContactRequest)).one()
    assert request.need_keeper_id == stays
    assert [row.account_id for row in membership.members(scene.session, scene.firm)] == [stays]


def test_who_ends_a_membership_and_takes_over_is_not_told_of_it(
    scene: Scene, colleague: Account
) -> None:
    leave(scene.owner.id, scene.firm.id, colleague.id, by=colleague.id)
    scene.session.commit()
    assert told(colleague.id) == 0
