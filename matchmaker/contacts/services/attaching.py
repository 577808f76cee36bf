"""Papers that go with a message: shared, taken back and logged as any other of the request."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import evidence
from matchmaker.contacts.services.moves import Actor
from matchmaker.organisations.models import EvidenceFile


def attach(
    session: Session, request: ContactRequest, by: Actor, files: Collection[str]
) -> dict[str, str]:
    """The papers that the other side may open from now on, with which paper each is."""
    if not files:
        return {}
    evidence.share(session, request, by, files)
    query = select(EvidenceFile.public_id, EvidenceFile.fact).where(
        EvidenceFile.public_id.in_(files),
        EvidenceFile.organisation_id == request.organisation_id(by.side),
        EvidenceFile.id.in_(evidence.standing(request)),
    )
    rows = session.execute(query.order_by(EvidenceFile.id))
    return {row.public_id: row.fact for row in rows}
