"""Firms that ask together: a group is begun, firms are invited, join, leave, and ask once for all.

Whatever changes who is in a group holds the group's row: of two that join when one place is left
one is told that it is full. Each step is an UPDATE on the state it starts from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.matching.consortia import GROUP_FORM
from matchmaker.organisations.models import (
    Consortium,
    ConsortiumFirm,
    FirmState,
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import publication, review
from matchmaker.organisations.services.consortium_limits import (
    hold_firms,
    hold_people,
    may_be_asked,
)
from matchmaker.organisations.services.consortium_moves import (
    CoordinatorStaysError,
    GroupFullError,
    NotReachedError,
    add_up,
    change,
    lock,
    not_in_another,
    published,
    record,
    step,
    take_papers_back,
)
from matchmaker.organisations.services.consortium_standing import MOST_FIRMS, going_on, standing
from matchmaker.organisations.services.consortium_telling import tell, tell_firms
from matchmaker.organisations.services.need import create_need
from matchmaker.organisations.services.organisation import CONTACT, create_organisation

#: So long an invitation can be answered.
OPEN_FOR = timedelta(days=30)
#: What the group takes over from the firm that coordinates it.
_PROFILE = ("country", "province", "plain_sector", "sector", "name_lang")
#: A group that was never published.
_UNSEEN = (OrganisationState.DRAFT, OrganisationState.SENT_BACK)
_SEEN = (OrganisationState.PUBLISHED, OrganisationState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the firm that begins a group says of it."""

    name: str
    title: str
    text: str
    lang: str
    #: Those invited read the name of the firm that begins.
    shows_name: bool = False


def start(
    session: Session, need: Need, offer: Offer, by: int, plan: Plan, others: Sequence[Need]
) -> Consortium:
    """Begin a group and invite firms; a second press gives the one that was just begun."""
    hold_people(session, [by])
    # The need before its firm, as asking locks them: of two groups that it would count in, one is
    # told so.
    held(session, Need, need.id)
    hold_firms(session, [need.organisation_id, *(one.organisation_id for one in others)])
    firm = session.get_one(Organisation, need.organisation_id)
    found = going_on(session, need.id, offer.id)
    if found is not None:
        return found
    if need.state is not PublicationState.PUBLISHED or not firm.is_published:
        raise WrongState("only a published need of a published firm")
    not_in_another(session, need.id)
    organisation = _organisation(session, firm, by, plan)
    common = create_need(
        session, organisation, by, kind=need.kind, ready=False, code=need.code,
        purpose=need.purpose, currency="USD", title=plan.title, text=plan.text, lang=plan.lang,
    )  # fmt: skip
    group = Consortium(
        organisation=organisation,
        coordinator=firm,
        need=common,
        started_for_id=need.id,
        offer=offer,
        started_by_id=by,
    )
    session.add(group)
    session.flush()
    now = clock.now()
    session.add(
        ConsortiumFirm(
            consortium_id=group.id, organisation_id=firm.id, need_id=need.id,
            state=FirmState.JOINED, shows_name=plan.shows_name, expires_at=now, answered_at=now,
            answered_by_id=by,
        )
    )  # fmt: skip
    record(session, "started", by, group)
    invite(session, group, by, others)
    return group


def _organisation(session: Session, firm: Organisation, by: int, plan: Plan) -> Organisation:
    copied = {name: getattr(firm, name) for name in (*_PROFILE, *CONTACT)}
    form = GROUP_FORM.partition(":")[2]
    values = copied | {"name": plan.name, "is_firm": True, "legal_form": form}
    made = create_organisation(session, by, owned=False, **values)
    made.steps_done = ["name", "sector", "contact"]
    return made


def invite(session: Session, group: Consortium, by: int, needs: Sequence[Need]) -> int:
    """Ask the firms of these needs; who was asked before is not asked again. Gives how many.

    InvitedEnoughError where others are left to ask, and none of them may be asked now.
    """
    coordinator_id = group.coordinator_id
    hold_people(session, [by, group.started_by_id])
    hold_firms(session, [coordinator_id, *(need.organisation_id for need in needs)])
    if lock(session, group).coordinator_id != coordinator_id:
        raise WrongState("another firm speaks for the group")
    published(session, group.coordinator_id)
    some = may_be_asked(session, group, by, needs)
    now = clock.now()
    for need in some:
        session.add(
            ConsortiumFirm(
                consortium_id=group.id,
                organisation_id=need.organisation_id,
                need_id=need.id,
                invited_at=now,
                expires_at=now + OPEN_FOR,
            )
        )
    session.flush()
    add_up(session, group)
    for need in some:
        record(session, "invited", by, group, need.organisation_id)
    tell(session, group, "group.invited", [need.organisation_id for need in some])
    return len(some)


def join(session: Session, firm: ConsortiumFirm, by: int, *, shows_name: bool = False) -> None:
    """Say yes to an invitation, while it is open and a place is left."""
    group = lock(session, firm.consortium)
    published(session, firm.organisation_id)
    joined = ConsortiumFirm.state == FirmState.JOINED
    here = ConsortiumFirm.consortium_id == group.id
    taken = session.scalar(select(func.count(ConsortiumFirm.id)).where(here, joined)) or 0
    if taken >= MOST_FIRMS:
        raise GroupFullError
    held(session, Need, firm.need_id)
    not_in_another(session, firm.need_id)
    in_time = ConsortiumFirm.expires_at > clock.now()
    step(session, firm, (FirmState.INVITED,), FirmState.JOINED, by, in_time, shows_name=shows_name)
    publication.settle(session, firm.need, by)
    tell(session, group, "group.joined", [group.coordinator_id])


def decline(session: Session, firm: ConsortiumFirm, by: int) -> None:
    """Say no; nobody is told, and to the others it reads as not joined."""
    step(session, firm, (FirmState.INVITED,), FirmState.DECLINED, by)


def withdraw(session: Session, firm: ConsortiumFirm, by: int) -> None:
    """Take an invitation back; the same whether or not the firm has said no to it."""
    open_states = (FirmState.INVITED, FirmState.DECLINED)
    step(session, firm, open_states, FirmState.WITHDRAWN, None, by_coordinator=by)


def leave(session: Session, firm: ConsortiumFirm, by: int | None) -> None:
    """Go out again; where the ticket is then out of reach, the group's need rests."""
    group = lock(session, firm.consortium)
    if firm.organisation_id == group.coordinator_id:
        raise CoordinatorStaysError
    joined_at = firm.answered_at
    step(session, firm, (FirmState.JOINED,), FirmState.LEFT, by)
    publication.settle_group(session, group, by)
    tell(session, group, "group.left", [group.coordinator_id])
    if take_papers_back(session, group, by, joined_at):
        tell(session, group, "group.papers", [group.coordinator_id])


def end(session: Session, group: Consortium, by: int | None) -> None:
    """Give it up: what the group looked for is closed, and each need is free for another."""
    lock(session, group)
    change(session, group, ended_at=clock.now())
    tell_firms(session, group, "group.ended", group.coordinator_id)
    take_papers_back(session, group, by)
    for of, to in ((FirmState.JOINED, FirmState.LEFT), (FirmState.INVITED, FirmState.WITHDRAWN)):
        session.execute(
            update(ConsortiumFirm)
            .where(ConsortiumFirm.consortium_id == group.id, ConsortiumFirm.state == of)
            .values(state=to)
        )
    if group.need.state is not PublicationState.CLOSED:
        publication.close(session, group.need, by, "given_up")
    if group.organisation.state in _SEEN:
        review.take_back(session, group.organisation, by)
    record(session, "ended", by, group)


def publish(session: Session, group: Consortium, by: int) -> None:
    """Let the group's need out once its firms reach the ticket; NotReachedError before.

    All its firms were reviewed, so it goes out at once, and gets a second look for its new words.
    """
    lock(session, group)
    published(session, group.coordinator_id)
    add_up(session, group)
    if not standing(session, group).reached:
        raise NotReachedError
    # Not before: however the organisation comes to be published, its need waits for the ticket.
    group.need.ready = True
    if group.organisation.state in _UNSEEN:
        review.submit_for_review(session, group.organisation, by, publish_first=True)
    publication.publish(session, group.need, by)
    if group.need.state in (PublicationState.PAUSED, PublicationState.EXPIRED):
        publication.renew(session, group.need, by)
    if group.need.state is not PublicationState.PUBLISHED:
        raise WrongState("it did not go out")
