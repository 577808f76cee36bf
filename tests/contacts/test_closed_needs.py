"""With a need that is closed end the requests about it that nobody answered yet."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent
from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.extensions import db
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import Need, PublicationState
from matchmaker.organisations.services import consortium, publication
from matchmaker.suggestions.models import Side
from tests.contacts.grouping import make_crowd
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted
from tests.contacts.test_races import at_once
from tests.page import PageClient


def told(session: Session, account_id: int) -> list[str]:
    query = select(Notice.kind).where(Notice.account_id == account_id)
    return list(session.scalars(query.order_by(Notice.id)))


def test_what_the_firm_asked_for_is_taken_back(page: PageClient, scene: Scene) -> None:
    request = scene.send()
    step = page.sign_in(scene.owner).get(f"/needs/{scene.need.public_id}")
    assert "nobody has answered end with it" in step.text
    page.submit(step, "form[action$=close]", reason="answered_elsewhere")
    scene.session.expire_all()
    assert scene.need.state is PublicationState.CLOSED
    assert request.state is RequestState.WITHDRAWN
    assert told(scene.session, scene.banker.id) == ["request.received", "request.withdrawn"]
    assert scene.offer.used == 0
    event = scene.session.scalars(
        select(AuditEvent).where(AuditEvent.event == "request.withdrawn")
    ).one()
    assert event.account_id == scene.owner.id


def test_who_asked_the_firm_waits_no_longer_and_the_firm_is_not_called_silent(
    scene: Scene,
) -> None:
    request = scene.send(Side.OFFER)
    publication.close(scene.session, scene.need, scene.owner.id, "answered_elsewhere")
    scene.session.commit()
    assert request.state is RequestState.EXPIRED
    assert told(scene.session, scene.banker.id) == ["request.need_closed"]
    assert scene.firm.missed == 0


def test_a_conversation_goes_on_and_a_closed_offer_still_answers(scene: Scene) -> None:
    talk = accepted(scene)
    publication.close(scene.session, scene.need, scene.owner.id, "answered_here")
    assert talk.state is RequestState.ACCEPTED


def test_a_closed_offer_still_answers_who_waits(scene: Scene) -> None:
    request = scene.send()
    publication.close(scene.session, scene.offer, scene.banker.id, "given_up")
    services.accept(scene.session, request, scene.actor(Side.OFFER), [])
    assert request.state is RequestState.ACCEPTED


def test_a_group_that_is_given_up_takes_its_request_back(db_session: Session) -> None:
    crowd = make_crowd(db_session)
    group, by = crowd.start(1, 2), crowd.owners[0].id
    crowd.join(group, 1, 2)
    consortium.publish(db_session, group, by)
    ask = services.Ask(group.need_id, crowd.offer.id, services.Actor(by, Side.NEED), "Hello", "en")
    request = services.send(db_session, ask).request
    consortium.end(db_session, group, by)
    db_session.commit()
    assert request.state is RequestState.WITHDRAWN
    assert told(db_session, crowd.banker.id)[-1] == "request.withdrawn"


@pytest.mark.slow
def test_of_a_yes_and_a_closed_need_whichever_comes_first(app: Flask, scene: Scene) -> None:
    request_id, need_id = scene.send().id, scene.need.id
    bank, owner_id = scene.actor(Side.OFFER), scene.owner.id

    def accept() -> None:
        row = db.session.get_one(ContactRequest, request_id)
        services.accept(db.session(), row, bank, [])

    def close() -> None:
        publication.close(
            db.session(), db.session.get_one(Need, need_id), owner_id, "answered_elsewhere"
        )

    answered, closed = at_once(app, [accept, close])
    assert closed == "done"
    state = db.session.get_one(ContactRequest, request_id).state
    assert state is (RequestState.ACCEPTED if answered == "done" else RequestState.WITHDRAWN)
