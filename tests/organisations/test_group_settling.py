"""What a group asks is its sum of now, whatever happens to its firms, and its people are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Purpose
from matchmaker.accounts.services import consents
from matchmaker.audit import privacy
from matchmaker.extensions import clock
from matchmaker.notifications.models import Notice
from matchmaker.organisations.models import (
    Consortium,
    Criterion,
    FirmState,
    Need,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import (
    consortium,
    consortium_parting,
    expiry,
    publication,
    review,
)
from matchmaker.organisations.services.need import update_need
from tests.contacts.grouping import Crowd, make_crowd
from tests.factories import AccountFactory

pytestmark = pytest.mark.once

State = PublicationState


@pytest.fixture
def crowd(db_session: Session) -> Crowd:
    return make_crowd(db_session)


def asking(crowd: Crowd) -> Consortium:
    """Three firms from 20,000 to 50,000 each, before a ticket from 60,000: it reaches just so."""
    group = crowd.start(1, 2)
    crowd.join(group, 1, 2)
    consortium.publish(crowd.session, group, crowd.owners[0].id)
    crowd.session.commit()
    assert group.need.state is State.PUBLISHED
    return group


def told(crowd: Crowd, kind: str) -> list[int | None]:
    query = select(Notice.account_id).where(Notice.kind == kind)
    return list(crowd.session.scalars(query.order_by(Notice.account_id)))


def closes(crowd: Crowd) -> None:
    publication.close(crowd.session, crowd.needs[2], crowd.owners[2].id, "given_up")


def edits(crowd: Crowd) -> None:
    update_need(crowd.session, crowd.needs[2], crowd.owners[2].id, amount_minor=500_000)


def expires(crowd: Crowd) -> None:
    crowd.needs[2].expires_at = clock.now() - timedelta(hours=1)
    assert expiry.expire_due(crowd.session) == 1


def is_suspended(crowd: Crowd) -> None:
    review.suspend(crowd.session, crowd.needs[2].organisation, AccountFactory().id)


def is_suspended_who_leads(crowd: Crowd) -> None:
    review.suspend(crowd.session, crowd.needs[0].organisation, AccountFactory().id)


def takes_consent_back(crowd: Crowd) -> None:
    consents.withdraw(crowd.session, crowd.owners[2].id, Purpose.MATCHING)


def who_leads_takes_consent_back(crowd: Crowd) -> None:
    consents.withdraw(crowd.session, crowd.owners[0].id, Purpose.MATCHING)


STEPS = (closes, edits, expires, is_suspended, is_suspended_who_leads, takes_consent_back,
         who_leads_takes_consent_back)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_the_groups_need_rests_where_it_may_ask_no_longer(
    crowd: Crowd, step: Callable[[Crowd], None]
) -> None:
    group = asking(crowd)
    step(crowd)
    crowd.session.commit()
    assert group.need.state is State.PAUSED
    assert crowd.owners[0].id in told(crowd, "group.paused") + told(crowd, "group.left")
    # The amount of whoever counts no longer is out of the sum; who leads brings theirs back.
    assert (group.need.band_low or 0) < 60_000 or step is who_leads_takes_consent_back


def test_who_takes_consent_back_has_left(crowd: Crowd) -> None:
    group = asking(crowd)
    takes_consent_back(crowd)
    crowd.session.commit()
    assert crowd.firm(group, 2).state is FirmState.LEFT
    assert crowd.firm(group, 1).state is FirmState.JOINED


def test_without_the_coordinators_consent_it_does_not_go_out_again(crowd: Crowd) -> None:
    group = asking(crowd)
    who_leads_takes_consent_back(crowd)
    crowd.session.commit()
    with pytest.raises(publication.NoConsentError):
        publication.renew(crowd.session, group.need, crowd.owners[0].id)


def test_a_join_that_passes_the_top_of_the_ticket_lets_it_rest(crowd: Crowd) -> None:
    group = asking(crowd)
    consortium.invite(crowd.session, group, crowd.owners[0].id, [crowd.needs[3]])
    top = update(Criterion).where(Criterion.fact == "amount_usd")
    crowd.session.execute(top.values(values=[60_000.0, 160_000.0]))
    crowd.session.commit()
    crowd.session.expire_all()
    crowd.join(group, 3)
    assert group.need.state is State.PAUSED
    assert told(crowd, "group.paused") == [crowd.owners[0].id]


def test_the_job_finds_what_no_step_told_it_and_only_once(crowd: Crowd) -> None:
    group = asking(crowd)
    crowd.session.execute(
        update(Need).where(Need.id == crowd.needs[2].id).values(state=State.CLOSED)
    )
    crowd.session.commit()
    for _run in range(2):
        assert consortium_parting.settle_after(crowd.session, 0) is None
        crowd.session.commit()
    assert (group.need.state, group.need.band_low) == (State.PAUSED, 40_000.0)
    assert told(crowd, "group.paused") == [crowd.owners[0].id]


def test_erased_who_led_leaves_no_word_and_the_group_ends(crowd: Crowd) -> None:
    group = asking(crowd)
    privacy.erase_account(crowd.session, crowd.owners[0].id)
    crowd.session.commit()
    crowd.session.expire_all()
    assert group.ended_at is not None
    assert group.organisation.state is OrganisationState.DRAFT
    assert (group.need.state, group.need.band_low) == (State.CLOSED, None)
    said = f"{group.organisation.name}{group.organisation.name_latin}{group.need.title}"
    assert said == f"{group.organisation.public_id}{group.need.public_id}"
    assert group.need.text == ""
    assert told(crowd, "group.ended") == [crowd.owners[1].id, crowd.owners[2].id]


def test_erased_who_joined_is_out_and_out_of_the_sum(crowd: Crowd) -> None:
    group = asking(crowd)
    privacy.erase_account(crowd.session, crowd.owners[2].id)
    crowd.session.commit()
    crowd.session.expire_all()
    assert crowd.firm(group, 2).state is FirmState.LEFT
    assert (group.need.state, group.need.band_low) == (State.PAUSED, 40_000.0)


def test_who_leads_is_told_what_happens_to_the_groups_need(crowd: Crowd) -> None:
    group = asking(crowd)
    group.need.expires_at = clock.now() + timedelta(days=2)
    assert expiry.notify_expiring(crowd.session) == 1
    crowd.session.commit()
    assert told(crowd, "publication.expiring") == [crowd.owners[0].id]
