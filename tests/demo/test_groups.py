"""The group that the demo's Noy speaks for: nearest firms, all joined, one request out."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.demo.groups import ask_together
from matchmaker.organisations.models import Consortium, FirmState, Membership
from tests.contacts.grouping import make_crowd

pytestmark = pytest.mark.once


def test_firms_of_her_country_ask_together_and_one_request_is_out(db_session: Session) -> None:
    crowd = make_crowd(db_session)
    crowd.needs[1].organisation.country = "KH"
    db_session.commit()
    mine = Membership.account_id == crowd.owners[0].id
    noy = db_session.scalars(select(Membership).where(mine)).one()
    ask_together(db_session, noy)
    db_session.commit()
    group = db_session.scalars(select(Consortium)).one()
    expected = {crowd.needs[at].organisation_id for at in (0, 2, 3)}
    assert {one.organisation_id for one in group.firms} == expected
    assert {one.state for one in group.firms} == {FirmState.JOINED}
    assert [one.shows_name for one in group.firms] == [True, True, False]
    request = db_session.scalars(select(ContactRequest)).one()
    assert (request.need_id, request.state) == (group.need_id, RequestState.SENT)


def test_without_a_ticket_out_of_reach_there_is_no_group(db_session: Session) -> None:
    crowd = make_crowd(db_session, firms=1)
    noy = db_session.scalars(
        select(Membership).where(Membership.account_id == crowd.owners[0].id)
    ).one()
    ask_together(db_session, noy)
    assert db_session.scalars(select(Consortium)).all() == []
