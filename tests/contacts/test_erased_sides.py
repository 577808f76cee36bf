"""With an erased organisation end the requests that nobody answered yet; the other side goes on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from matchmaker.accounts.services import privacy
from matchmaker.contacts.models import RequestState
from matchmaker.notifications.models import Notice
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene
from tests.contacts.talking import accepted
from tests.factories import MembershipFactory


def told(scene: Scene) -> list[str]:
    query = select(Notice.kind).where(Notice.account_id == scene.banker.id)
    return list(scene.session.scalars(query.order_by(Notice.id)))


def erase_owner(scene: Scene) -> None:
    privacy.erase(scene.session, scene.owner, by_id=None)
    scene.session.commit()
    scene.session.expire_all()


def test_nobody_is_asked_to_answer_a_firm_that_is_gone(scene: Scene) -> None:
    request = scene.send()
    erase_owner(scene)
    assert request.state is RequestState.WITHDRAWN
    assert told(scene) == ["request.received", "request.withdrawn"]
    assert scene.offer.used == 0


def test_nobody_waits_for_a_firm_that_is_gone(scene: Scene) -> None:
    request = scene.send(Side.OFFER)
    erase_owner(scene)
    assert request.state is RequestState.EXPIRED
    assert told(scene) == ["request.expired"]
    assert scene.firm.missed == 0


@pytest.mark.parametrize("with_colleague", [True, False])
def test_what_colleagues_look_after_and_what_was_said_yes_to_stays(
    scene: Scene, with_colleague: bool
) -> None:
    if with_colleague:
        MembershipFactory(organisation=scene.firm)
    request = scene.send() if with_colleague else accepted(scene)
    before = request.state
    erase_owner(scene)
    assert request.state is before
