"""Taking back the last consent to matching takes needs and offers out of the rankings."""

from __future__ import annotations

import pytest

from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents, privacy
from matchmaker.extensions import changes, db
from matchmaker.organisations.models import Need, PublicationState
from tests.accounts.people import person
from tests.factories import MembershipFactory, NeedFactory


def owner_with_need():
    noy = person()
    consents.give(db.session(), noy.id, [Purpose.MATCHING], language="en")
    membership = MembershipFactory(account=noy)
    need = NeedFactory(organisation=membership.organisation)
    db.session.commit()
    return noy, need


@pytest.mark.parametrize("erase", [False, True])
def test_needs_of_the_only_owner_are_paused(app, erase):
    noy, need = owner_with_need()
    before = changes.latest(db.session())
    if erase:
        privacy.erase(db.session(), noy, by_id=noy.id)
    else:
        consents.withdraw(db.session(), noy.id, Purpose.MATCHING)
    db.session.commit()
    held = db.session.get(Need, need.id)
    assert held is None or held.state is not PublicationState.PUBLISHED
    assert changes.latest(db.session()) > before


def test_needs_stay_while_another_owner_is_there(app):
    noy, need = owner_with_need()
    MembershipFactory(account=person(), organisation=need.organisation)
    db.session.commit()
    consents.withdraw(db.session(), noy.id, Purpose.MATCHING)
    db.session.commit()
    assert db.session.get(Need, need.id).state is PublicationState.PUBLISHED
