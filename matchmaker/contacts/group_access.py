"""Who reads the page of a group: those who act for one of its firms, and staff in scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort
from sqlalchemy import select

from matchmaker.accounts.access import current_account
from matchmaker.contacts.access import acting_ids
from matchmaker.extensions import db
from matchmaker.organisations.access import Relation, relation_to
from matchmaker.organisations.models import Consortium, ConsortiumFirm, FirmState, Organisation
from matchmaker.organisations.services import consortium_standing
from matchmaker.organisations.services.consortium_standing import Standing, is_open


@dataclass(frozen=True, slots=True)
class OwnGroup:
    group: Consortium
    standing: Standing
    #: The firms of it that the reader acts for; none of staff.
    mine: Sequence[ConsortiumFirm]
    #: The reader acts for the firm that coordinates it.
    leads: bool
    staff: bool = False

    @property
    def joined(self) -> bool:
        return any(firm.state is FirmState.JOINED for firm in self.mine)

    @property
    def inside(self) -> bool:
        """Whether the reader may see who is in it: in it, leading it, or asked to come in."""
        return self.staff or self.leads or any(_comes(firm) for firm in self.mine)

    @property
    def reads_request(self) -> bool:
        """Whether the words of the request and of its answer are for this reader too."""
        return self.leads or self.joined

    @property
    def started_for(self) -> str:
        """The need of who speaks for the group, before which more firms are proposed."""
        own = self.group.coordinator_id
        found = (one.need.public_id for one in self.standing.joined if one.organisation_id == own)
        return next(found, "")

    def visible(self) -> list[ConsortiumFirm]:
        """Who was asked is known to who asks; the others see those that joined."""
        if not self.inside:
            return []
        return list(self.standing.firms) if self.leads or self.staff else self.standing.joined

    def named(self, firm: ConsortiumFirm) -> bool:
        """Whether this reader reads the firm's name.

        A name let out for the group is for those who joined; the coordinator's also for who is
        invited. A firm that left, or never came in, lets nothing out.
        """
        if self.staff or firm in self.mine:
            return True
        if not firm.shows_name or firm.state is not FirmState.JOINED:
            return False
        return self.joined or self.leads or firm.organisation_id == self.group.coordinator_id


def _comes(firm: ConsortiumFirm) -> bool:
    return firm.state is FirmState.JOINED or is_open(firm)


def own_group(public_id: str) -> OwnGroup:
    """The group of the address; 404 for whoever was never asked into it."""
    account, session = current_account(), db.session()
    organisation = session.scalar(select(Organisation).where(Organisation.public_id == public_id))
    if organisation is None:
        abort(404)
    group = consortium_standing.of_organisation(session, organisation.id)
    if group is None:
        abort(404)
    stands = consortium_standing.standing(session, group)
    acting = acting_ids(session, account)
    mine = [firm for firm in stands.firms if firm.organisation_id in acting]
    if mine:
        return OwnGroup(group, stands, mine, leads=group.coordinator_id in acting)
    if relation_to(session, account, organisation) is not Relation.STAFF:
        abort(404)
    return OwnGroup(group, stands, (), leads=False, staff=True)


def led_group(public_id: str) -> OwnGroup:
    """The group, for those who act for its coordinator."""
    own = own_group(public_id)
    return own if own.leads else abort(404)


def firm_of(own: OwnGroup, firm_id: str) -> ConsortiumFirm:
    found = [firm for firm in own.standing.firms if firm.public_id == firm_id]
    return found[0] if found else abort(404)
