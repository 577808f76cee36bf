"""The pipelines of those who offer, filled from what they answered: for seeds of any size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, RequestState
from matchmaker.extensions import clock
from matchmaker.extensions.database import new_public_id
from matchmaker.screening.models import PipelineEntry, PipelineStage, StageCode

CHUNK = 10_000
STANDS = {
    RequestState.SENT: StageCode.NEW,
    RequestState.ACCEPTED: StageCode.IN_TALK,
    RequestState.CLOSED: StageCode.AGREED,
    RequestState.DECLINED: StageCode.PASSED,
}
#: Of those in talk one in so many is looked at closely.
DILIGENT = 6


def fill(session: Session, seed: int) -> int:
    """An entry for each need that was asked about, where its newest request stands."""
    rng, now, written = Random(seed), clock.now(), 0
    stages = _stages(session)
    asked = _asked(session)
    while some := list(islice(asked, CHUNK)):
        rows = [
            {
                "public_id": new_public_id(),
                "version": 1,
                "organisation_id": organisation,
                "offer_id": offer,
                "need_id": need,
                "stage_id": stages[organisation, _code(state, rng)],
                "put_in_at": now,
            }
            for organisation, offer, need, state in some
        ]
        session.execute(insert(PipelineEntry), rows)
        written += len(rows)
    return written


def _stages(session: Session) -> dict[tuple[int, StageCode], int]:
    """The first six of everybody who was asked."""
    rows = [
        {
            "public_id": new_public_id(),
            "organisation_id": organisation,
            "code": code,
            "name": "",
            "place": place,
        }
        for organisation in session.scalars(select(ContactRequest.offer_organisation_id).distinct())
        for place, code in enumerate(StageCode)
    ]
    session.execute(insert(PipelineStage), rows)
    key = (PipelineStage.organisation_id, PipelineStage.code)
    found = session.execute(select(*key, PipelineStage.id))
    return {(organisation, StageCode(code)): id_ for organisation, code, id_ in found if code}


def _asked(session: Session) -> Iterator[tuple[int, int, int, RequestState]]:
    """(organisation, offer, need, state) of the newest request of each offer and need."""
    newest = (
        select(func.max(ContactRequest.id))
        .where(ContactRequest.state.in_(list(STANDS)))
        .group_by(ContactRequest.offer_id, ContactRequest.need_id)
    )
    query = select(
        ContactRequest.offer_organisation_id,
        ContactRequest.offer_id,
        ContactRequest.need_id,
        ContactRequest.state,
    ).where(ContactRequest.id.in_(newest))
    for row in session.execute(query).all():
        yield row.offer_organisation_id, row.offer_id, row.need_id, row.state


def _code(state: RequestState, rng: Random) -> StageCode:
    if state is RequestState.ACCEPTED and rng.randrange(DILIGENT) == 0:
        return StageCode.DUE_DILIGENCE
    return STANDS[state]
