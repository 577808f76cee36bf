"""Reading the pipeline: the board, the table, one entry; and how its request stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker.accounts.models import Account
from matchmaker.contacts.models import ContactRequest
from matchmaker.contacts.services import reading
from matchmaker.contacts.services.releases import IN_TOUCH
from matchmaker.organisations.models import Membership, Need, Offer
from matchmaker.screening.models import EntryEvent, EntryTag, PipelineEntry, PipelineStage

#: So many firms of a stage stand on the board; the table has them all.
ON_BOARD = 8
PAGE = 20
#: The newest lines of a history; older ones by key.
HISTORY = 30
COLLEAGUES = 100


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which entries are wanted."""

    stage_id: int | None = None
    assignee_id: int | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest request between the organisation and the firm about that need."""

    request: ContactRequest
    name_released: bool


def board(
    session: Session, organisation_id: int, stages: Sequence[PipelineStage], narrowed: Narrowed
) -> dict[int, list[PipelineEntry]]:
    """The newest of each stage, one more than the board shows; one query however long they are."""
    parts = []
    for stage in stages:
        if stage.id is not None:
            ids = _ids(organisation_id, Narrowed(stage.id, narrowed.assignee_id, narrowed.tag))
            some = ids.limit(ON_BOARD + 1)
            parts.append(select(some.subquery().c.id))
    if not parts:
        return {}
    wanted = union_all(*parts).subquery()
    query = _whole().where(PipelineEntry.id.in_(select(wanted.c.id)))
    found: dict[int, list[PipelineEntry]] = {}
    for entry in session.scalars(query.order_by(PipelineEntry.id.desc())):
        found.setdefault(entry.stage_id, []).append(entry)
    return found


def table(
    session: Session, organisation_id: int, narrowed: Narrowed, before: int | None
) -> list[PipelineEntry]:
    """The newest first, one more than a page shows."""
    query = _whole().where(PipelineEntry.id.in_(_ids(organisation_id, narrowed, before)))
    return list(session.scalars(query.order_by(PipelineEntry.id.desc())))


def _ids(organisation_id: int, narrowed: Narrowed, before: int | None = None) -> Select[int]:
    query = select(PipelineEntry.id).where(PipelineEntry.organisation_id == organisation_id)
    if narrowed.stage_id is not None:
        query = query.where(PipelineEntry.stage_id == narrowed.stage_id)
    if narrowed.assignee_id is not None:
        query = query.where(PipelineEntry.assignee_id == narrowed.assignee_id)
    if narrowed.tag:
        tagged = (EntryTag.organisation_id == organisation_id) & (EntryTag.tag == narrowed.tag)
        query = query.where(PipelineEntry.id.in_(select(EntryTag.entry_id).where(tagged)))
    if before is not None:
        query = query.where(PipelineEntry.id < before)
    return query.order_by(PipelineEntry.id.desc()).limit(PAGE + 1)


def _whole(tags: Any = selectinload) -> Select[PipelineEntry]:
    return select(PipelineEntry).options(
        joinedload(PipelineEntry.need).joinedload(Need.organisation),
        joinedload(PipelineEntry.offer),
        joinedload(PipelineEntry.assignee),
        joinedload(PipelineEntry.passed),
        tags(PipelineEntry.tags),
    )


def entry_of(session: Session, organisation_id: int, public_id: str) -> PipelineEntry | None:
    query = _whole(joinedload).where(
        PipelineEntry.public_id == public_id, PipelineEntry.organisation_id == organisation_id
    )
    return session.scalars(query).unique().one_or_none()


def entry_id_of(session: Session, organisation_id: int, public_id: str) -> int | None:
    """The key that a page goes on from."""
    query = select(PipelineEntry.id).where(
        PipelineEntry.public_id == public_id, PipelineEntry.organisation_id == organisation_id
    )
    return session.scalar(query)


def pairs_of(
    session: Session, organisation_id: int, public_ids: Collection[str]
) -> list[tuple[str, str]]:
    """Public ids of offer and need of these entries, the newest first."""
    query = (
        select(Offer.public_id, Need.public_id)
        .select_from(PipelineEntry)
        .join(Offer, Offer.id == PipelineEntry.offer_id)
        .join(Need, Need.id == PipelineEntry.need_id)
        .where(
            PipelineEntry.organisation_id == organisation_id,
            PipelineEntry.public_id.in_(public_ids),
        )
        .order_by(PipelineEntry.id.desc())
        .limit(PAGE)
    )
    return [(offer, need) for offer, need in session.execute(query)]


def standings(
    session: Session, organisation_id: int, entries: Collection[PipelineEntry]
) -> Mapping[int, Standing]:
    """Need -> how its newest request stands, in two queries."""
    if not entries:
        return {}
    query = select(ContactRequest).where(
        ContactRequest.offer_organisation_id + 0 == organisation_id,
        ContactRequest.need_id.in_({one.need_id for one in entries}),
        # By the firms' own requests, which are few: the organisation's are many, hence + 0.
        ContactRequest.need_organisation_id.in_({one.need.organisation_id for one in entries}),
    )
    # Sorted here: asked for in order, they would be read from the organisation's end.
    newest = {row.need_id: row for row in sorted(session.scalars(query), key=lambda row: row.id)}
    in_touch = [row.id for row in newest.values() if row.state in IN_TOUCH]
    named = reading.names_released(session, in_touch) if in_touch else set()
    return {
        need_id: Standing(row, row.id in named and not row.blocked_by)
        for need_id, row in newest.items()
    }


def history(session: Session, entry: PipelineEntry, before: int | None) -> list[EntryEvent]:
    """The newest first, one more than a page shows."""
    query = (
        select(EntryEvent)
        .where(EntryEvent.entry_id == entry.id)
        .options(joinedload(EntryEvent.account), joinedload(EntryEvent.stage))
        .order_by(EntryEvent.id.desc())
        .limit(HISTORY + 1)
    )
    if before is not None:
        query = query.where(EntryEvent.id < before)
    return list(session.scalars(query))


def colleagues(session: Session, organisation_id: int) -> list[Account]:
    """Who may see to a firm: the members, the oldest first."""
    query = (
        select(Account)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.organisation_id == organisation_id, Account.active.is_(True))
        .order_by(Membership.id)
        .limit(COLLEAGUES)
    )
    return list(session.scalars(query))
