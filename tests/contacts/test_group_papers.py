"""Papers that a group shared end with those who let them out, or stood behind them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts import services as contacts
from matchmaker.contacts.models import ContactEvent, ContactRequest, EvidenceShare
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.services import evidence
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import Consortium, EvidenceFile
from matchmaker.organisations.services import consortium, consortium_lead, evidence_file
from matchmaker.suggestions.models import Side
from tests.contacts.grouping import Crowd, make_crowd
from tests.organisations.papers import keep

pytestmark = pytest.mark.once


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session, firms=5)


def in_touch(crowd: Crowd) -> tuple[Consortium, ContactRequest]:
    """Four firms asked together, and the funder said yes."""
    group, by = crowd.start(1, 2, 3), crowd.owners[0].id
    crowd.join(group, 1, 2, 3)
    consortium.publish(crowd.session, group, by)
    actor = contacts.Actor(by, Side.NEED)
    ask = contacts.Ask(group.need_id, crowd.offer.id, actor, "Hello", "en")
    request = contacts.send(crowd.session, ask).request
    crowd.offer.organisation.contact_email = "fund@example.org"
    banker = contacts.Actor(crowd.banker.id, Side.OFFER)
    contacts.accept(crowd.session, request, banker, ["contact_email"])
    crowd.session.commit()
    return group, request


def share(crowd: Crowd, group: Consortium, request: ContactRequest, fact: str) -> EvidenceFile:
    by = crowd.owners[0].id
    file = keep(group.organisation, by, fact)
    evidence.share(crowd.session, request, contacts.Actor(by, Side.NEED), [file.public_id])
    crowd.session.commit()
    return file


def opens(crowd: Crowd, request: ContactRequest, file_id: str) -> bool:
    crowd.session.expire_all()
    return evidence.file_for(crowd.session, request, Side.OFFER, file_id) is not None


def told(crowd: Crowd, kind: str) -> list[int | None]:
    return list(crowd.session.scalars(select(Notice.account_id).where(Notice.kind == kind)))


def test_who_leaves_takes_its_word_back_for_what_was_shared_while_it_was_in(crowd: Crowd) -> None:
    group, request = in_touch(crowd)
    before = share(crowd, group, request, "business_plan").public_id
    consortium.invite(crowd.session, group, crowd.owners[0].id, [crowd.needs[4]])
    crowd.session.commit()
    crowd.join(group, 4)
    after = share(crowd, group, request, "licence").public_id
    assert opens(crowd, request, before)
    assert opens(crowd, request, after)
    consortium.leave(crowd.session, crowd.firm(group, 4), crowd.owners[4].id)
    crowd.session.commit()
    assert opens(crowd, request, before)
    assert not opens(crowd, request, after)
    assert told(crowd, "group.papers") == [crowd.owners[0].id]
    assert told(crowd, "evidence.taken_back") == [crowd.banker.id]
    revoked = select(ContactEvent.account_id, ContactEvent.code).where(
        ContactEvent.kind == EventKind.REVOKED
    )
    assert [tuple(row) for row in crowd.session.execute(revoked)] == [
        (crowd.owners[4].id, "licence")
    ]
    # Who speaks for the group looked at it, and lets it out again.
    by = contacts.Actor(crowd.owners[0].id, Side.NEED)
    evidence.share(crowd.session, request, by, [after])
    crowd.session.commit()
    assert opens(crowd, request, after)


def test_who_is_in_the_group_reads_which_papers_it_lets_out(page: Any, crowd: Crowd) -> None:
    group, request = in_touch(crowd)
    file_id = share(crowd, group, request, "business_plan").public_id
    page.sign_in(crowd.owners[2])
    url = f"/groups/{group.organisation.public_id}"
    assert "Business plan" in page.get(url).text
    evidence.take_back(crowd.session, request, contacts.Actor(None, Side.NEED), [file_id])
    crowd.session.commit()
    assert "Business plan" not in page.get(url).text


def test_nothing_shared_nobody_is_told_of_papers(crowd: Crowd) -> None:
    group, _request = in_touch(crowd)
    consortium.leave(crowd.session, crowd.firm(group, 3), crowd.owners[3].id)
    crowd.session.commit()
    assert told(crowd, "group.left") == [crowd.owners[0].id]
    assert told(crowd, "group.papers") + told(crowd, "evidence.taken_back") == []


def test_handed_on_the_papers_of_who_spoke_are_shared_and_kept_no_longer(crowd: Crowd) -> None:
    group, request = in_touch(crowd)
    file_id = share(crowd, group, request, "business_plan").public_id
    consortium_lead.hand_over(crowd.session, group, crowd.firm(group, 1), crowd.owners[0].id)
    crowd.session.commit()
    assert not opens(crowd, request, file_id)
    assert evidence_file.of(crowd.session, [group.organisation_id]) == []
    standing = select(EvidenceShare.id).where(EvidenceShare.revoked_at.is_(None))
    assert crowd.session.scalars(standing).all() == []
    assert told(crowd, "evidence.taken_back") == [crowd.banker.id]
    assert told(crowd, "group.yours") == [crowd.owners[1].id]


def test_given_up_it_shares_nothing(crowd: Crowd) -> None:
    group, request = in_touch(crowd)
    file_id = share(crowd, group, request, "business_plan").public_id
    consortium.end(crowd.session, group, crowd.owners[0].id)
    crowd.session.commit()
    assert not opens(crowd, request, file_id)
    assert told(crowd, "evidence.taken_back") == [crowd.banker.id]
