"""Who speaks for a group: one firm at a time, which may let another of them do so."""

from __future__ import annotations

from sqlalchemy.orm import Session

from matchmaker.errors import WrongState
from matchmaker.organisations.models import Consortium, ConsortiumFirm, FirmState
from matchmaker.organisations.services import evidence_file
from matchmaker.organisations.services.consortium_moves import (
    change,
    handed_over,
    lock,
    published,
    record,
    take_papers_back,
)
from matchmaker.organisations.services.consortium_telling import tell
from matchmaker.organisations.services.organisation import CONTACT


def hand_over(session: Session, group: Consortium, firm: ConsortiumFirm, by: int) -> None:
    """Let another firm of the group speak for it."""
    before = group.coordinator_id
    lock(session, group)
    for organisation_id in (before, firm.organisation_id):
        published(session, organisation_id)
    session.refresh(firm)
    if firm.state is not FirmState.JOINED or firm.consortium_id != group.id:
        raise WrongState("only a firm that has joined")
    change(
        session,
        group,
        Consortium.coordinator_id == before,
        coordinator_id=firm.organisation_id,
        # From here on more firms are looked for beside this need; the first one may begin anew.
        started_for_id=firm.need_id,
    )
    # How to reach the next one is theirs to write; what was let out is let out by name.
    for name in CONTACT:
        setattr(group.organisation, name, "")
    group.organisation.steps_done = [
        step for step in group.organisation.steps_done if step != "contact"
    ]
    session.flush()
    # The next one would open them: they were put here by the firm that spoke, and are its own.
    take_papers_back(session, group, by)
    evidence_file.drop(session, evidence_file.of(session, [group.organisation_id]))
    for hand_on in handed_over:
        hand_on(session, group, by)
    record(session, "handed_over", by, group, firm.organisation_id)
    tell(session, group, "group.yours", [firm.organisation_id])
