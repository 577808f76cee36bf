"""Evidence between the two sides of a request: shared file by file, taken back, opened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from matchmaker.contacts.models import AskState, ContactRequest, EvidenceAsk, EvidenceShare
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import telling
from matchmaker.contacts.services.moves import Actor, note
from matchmaker.contacts.services.releases import IN_TOUCH
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    EvidenceFile,
    EvidenceOpening,
    OrganisationFact,
    OrganisationState,
)
from matchmaker.organisations.services.evidence import Piece
from matchmaker.suggestions.models import Side


def between(request: ContactRequest) -> bool:
    """Whether anything goes from one side to the other now."""
    states = [request.organisation(side).state for side in Side]
    return (
        request.state in IN_TOUCH
        and request.blocked_by is None
        and OrganisationState.SUSPENDED not in states
    )


def lock(session: Session, request: ContactRequest) -> None:
    """Hold the request, so that what is written stands on the state it was read in."""
    session.refresh(request, with_for_update={"key_share": True})
    if not between(request):
        raise WrongState(f"the request is {request.state}")


def share(session: Session, request: ContactRequest, by: Actor, ids: Collection[str]) -> int:
    """Let the other side open these files of one's own; gives how many are new to it.

    Whatever was asked for and comes with them is answered.
    """
    lock(session, request)
    owner = request.organisation_id(by.side)
    query = select(EvidenceFile).where(
        EvidenceFile.public_id.in_(ids), EvidenceFile.organisation_id == owner
    )
    shared = set(session.scalars(standing(request)))
    fresh = [file for file in session.scalars(query) if file.id not in shared]
    for file in fresh:
        _write(session, request, by, file)
        note(session, request, EventKind.RELEASED, by, file.fact)
    if fresh:
        _answer_asks(session, request, by, [file.fact for file in fresh])
        telling.tell(session, request, "evidence.shared", other(by.side))
    return len(fresh)


def _write(session: Session, request: ContactRequest, by: Actor, file: EvidenceFile) -> None:
    """One that was taken back before is given anew."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values: dict[str, Any] = {
        "contact_request_id": request.id,
        "evidence_file_id": file.id,
        "organisation_id": file.organisation_id,
        "fact": file.fact,
        "shared_by_id": by.account_id,
        "shared_at": clock.now(),
        "revoked_at": None,
        "revoked_by_id": None,
    }
    statement = dialect.insert(EvidenceShare).values(**values)
    key = ["contact_request_id", "evidence_file_id"]
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=values))


def _answer_asks(
    session: Session, request: ContactRequest, by: Actor, facts: Collection[str]
) -> None:
    session.execute(
        update(EvidenceAsk)
        .where(
            EvidenceAsk.contact_request_id == request.id,
            EvidenceAsk.asked_by == other(by.side),
            EvidenceAsk.fact.in_(facts),
            EvidenceAsk.state == AskState.OPEN,
        )
        .values(state=AskState.ANSWERED, answered_by_id=by.account_id, ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def take_back(session: Session, request: ContactRequest, by: Actor, ids: Collection[str]) -> None:
    """From the next request on the other side no longer opens them; in whatever state the
    request is."""
    files = select(EvidenceFile.id).where(EvidenceFile.public_id.in_(ids))
    own = EvidenceShare.organisation_id == request.organisation_id(by.side)
    revoke(session, request, by, and_(own, EvidenceShare.evidence_file_id.in_(files)))


def revoke(session: Session, request: ContactRequest, by: Actor, which: ColumnElement[bool]) -> int:
    """End these shares of a request, and tell the side that could open them; gives how many."""
    gone = session.scalars(
        update(EvidenceShare)
        .where(
            EvidenceShare.contact_request_id == request.id,
            which,
            EvidenceShare.revoked_at.is_(None),
        )
        .values(revoked_at=clock.now(), revoked_by_id=by.account_id)
        .returning(EvidenceShare.fact)
        .execution_options(synchronize_session=False)
    ).all()
    for fact in gone:
        note(session, request, EventKind.REVOKED, by, fact)
    if gone:
        telling.tell(session, request, "evidence.taken_back", other(by.side))
    return len(gone)


@dataclass(frozen=True, slots=True)
class Paper:
    """A piece with its file, as it stands between the two."""

    piece: Piece
    file: EvidenceFile
    shared: bool
    #: When the other side last opened it.
    opened_at: datetime | None


def papers_and_asks(
    session: Session, request: ContactRequest
) -> tuple[list[Paper], list[EvidenceAsk]]:
    """Files of both sides and what is asked for, the oldest first, in one query: the page of a
    request asks for much else. An ask stands beside the files of its piece, else alone."""
    ids = [request.organisation_id(side) for side in Side]
    asked = EvidenceAsk.contact_request_id == request.id, EvidenceAsk.state != AskState.WITHDRAWN
    ask = aliased(EvidenceAsk, select(EvidenceAsk).where(*asked).subquery())
    of_both = select(EvidenceFile).where(EvidenceFile.organisation_id.in_(ids))
    file = aliased(EvidenceFile, of_both.subquery())
    same = and_(
        file.organisation_id == OrganisationFact.organisation_id,
        file.fact == OrganisationFact.fact,
    )
    shared = and_(
        EvidenceShare.evidence_file_id == file.id,
        EvidenceShare.contact_request_id == request.id,
        EvidenceShare.revoked_at.is_(None),
    )
    opened = (
        select(func.max(EvidenceOpening.at))
        .where(
            EvidenceOpening.organisation_id == file.organisation_id,
            EvidenceOpening.fact == file.fact,
            EvidenceOpening.viewer_organisation_id.in_(ids),
        )
        .correlate(file)
        .scalar_subquery()
    )
    query = (
        select(ask, file, OrganisationFact, EvidenceShare.id, opened)
        .select_from(ask)
        .join(file, ask.fact == file.fact, full=True)
        .outerjoin(OrganisationFact, same)
        .outerjoin(EvidenceShare, shared)
    )
    asks: dict[int, EvidenceAsk] = {}
    papers: dict[int, Paper] = {}
    for one, its, fact, share, at in session.execute(query):
        if one is not None:
            asks[one.id] = one
        if its is not None:
            papers[its.id] = Paper(Piece(fact, its), its, share is not None, at)
    return [papers[id] for id in sorted(papers)], [asks[id] for id in sorted(asks)]


def standing(request: ContactRequest) -> Select[int | None]:
    """The files that are shared in this request now, of both sides."""
    return select(EvidenceShare.evidence_file_id).where(
        EvidenceShare.contact_request_id == request.id, EvidenceShare.revoked_at.is_(None)
    )


def let_out(session: Session, request: ContactRequest, side: Side) -> list[EvidenceShare]:
    """What this side lets the other open now, the oldest first."""
    query = select(EvidenceShare).where(
        EvidenceShare.organisation_id == request.organisation_id(side),
        EvidenceShare.evidence_file_id.in_(standing(request)),
        EvidenceShare.contact_request_id == request.id,
    )
    return list(session.scalars(query.order_by(EvidenceShare.id))) if between(request) else []


def file_for(
    session: Session, request: ContactRequest, viewer: Side, public_id: str
) -> EvidenceFile | None:
    """The other side's file, if the viewer may open it now."""
    if not between(request):
        return None
    return session.scalar(
        select(EvidenceFile).where(
            EvidenceFile.public_id == public_id,
            EvidenceFile.organisation_id == request.organisation_id(other(viewer)),
            EvidenceFile.id.in_(standing(request)),
        )
    )


def still_shared(session: Session, request_id: int, file_id: int) -> bool:
    """Asked once more as the opening is written: whoever takes the file back comes before it or
    waits until it is written."""
    request = session.get_one(ContactRequest, request_id, with_for_update={"read": True})
    share = standing(request).where(EvidenceShare.evidence_file_id == file_id)
    return session.scalar(share.with_for_update(read=True)) is not None and between(request)
