"""How an organisation comes to be published: submitted, approved or sent back, suspended."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.language.text import normalise
from matchmaker.organisations.models import Membership, Organisation, OrganisationState
from matchmaker.organisations.services import notice, parting, publication
from matchmaker.organisations.services.errors import IncompleteError, OwnCaseError
from matchmaker.organisations.services.organisation import note_all
from matchmaker.organisations.services.values import check_version
from matchmaker.tasks import TaskKind
from matchmaker.vocabulary import places

State = OrganisationState


def missing(organisation: Organisation) -> list[str]:
    """What must be said before anybody reviews it; a firm is found by place and sector."""
    wanted = ["name", "country"]
    if organisation.is_firm:
        wanted.append("sector")
        # Of some countries no provinces are listed to choose from.
        wanted += ["province"] if places.provinces_of(organisation.country) else []
    found = [name for name in wanted if not getattr(organisation, name)]
    return found if organisation.roles else ["roles", *found]


def submit_for_review(
    session: Session, organisation: Organisation, by: int | None, *, publish_first: bool = False
) -> None:
    """Ask for the first publication; a programme may publish first and look afterwards."""
    lacking = missing(organisation)
    if lacking:
        raise IncompleteError(lacking)
    now = clock.now()
    waiting = (State.DRAFT, State.SENT_BACK)
    if publish_first:
        _move(session, organisation, by, waiting, State.PUBLISHED, submitted_at=now,
              published_at=now, second_look_at=now, review_note="")  # fmt: skip
        publication.publish_waiting(session, organisation, by)
        notice.open_task(session, organisation, TaskKind.SECOND_LOOK)
        return
    _move(session, organisation, by, waiting, State.IN_REVIEW, submitted_at=now)
    notice.open_task(session, organisation, TaskKind.REVIEW)


def approve(
    session: Session, organisation: Organisation, by: int | None, *, version: int | None = None
) -> None:
    """Publish it, with what its owner has finished writing.

    Raises StaleVersion when it was edited after the reviewer opened it at `version`.
    """
    _not_own(session, organisation, by)
    check_version(organisation, version)
    values: dict[str, Any] = {"review_note": "", "second_look_at": None}
    if organisation.published_at is None:
        values["published_at"] = clock.now()
    _move(session, organisation, by, (State.IN_REVIEW,), State.PUBLISHED, **values)
    publication.publish_waiting(session, organisation, by)
    notice.settle_task(session, organisation, TaskKind.REVIEW)
    notice.tell_owners(session, organisation, "organisation.published")


def send_back(session: Session, organisation: Organisation, by: int, note: str) -> None:
    """Return it with the reviewer's words; its owner puts it right and submits again."""
    _not_own(session, organisation, by)
    note = normalise(note).strip()
    _move(session, organisation, by, (State.IN_REVIEW,), State.SENT_BACK, review_note=note)
    notice.settle_task(session, organisation, TaskKind.REVIEW)
    notice.tell_owners(session, organisation, "organisation.sent_back")


def take_back(session: Session, organisation: Organisation, by: int | None) -> None:
    """Out of sight for good, where what it was made for is over: nobody has to look at it."""
    _move(session, organisation, by, (State.PUBLISHED, State.IN_REVIEW), State.DRAFT,
          second_look_at=None)  # fmt: skip
    for kind in (TaskKind.REVIEW, TaskKind.SECOND_LOOK):
        notice.settle_task(session, organisation, kind)


def suspend(session: Session, organisation: Organisation, by: int, note: str = "") -> None:
    """Take it, its needs and its offers out of sight at once; it acts for nobody any more."""
    _not_own(session, organisation, by)
    note = normalise(note).strip()
    _move(session, organisation, by, (State.PUBLISHED,), State.SUSPENDED, review_note=note)
    publication.settle_of(session, organisation, by)
    parting.part(session, organisation.id, organisation.id)
    notice.tell_owners(session, organisation, "organisation.suspended")


def reinstate(session: Session, organisation: Organisation, by: int) -> None:
    _not_own(session, organisation, by)
    _move(session, organisation, by, (State.SUSPENDED,), State.PUBLISHED, review_note="")
    publication.settle_of(session, organisation, by)
    notice.tell_owners(session, organisation, "organisation.published")


def second_look_done(session: Session, organisation: Organisation, by: int) -> None:
    """The reviewer has seen what was edited after publication."""
    _not_own(session, organisation, by)
    _move(session, organisation, by, (State.PUBLISHED,), State.PUBLISHED, second_look_at=None)
    notice.settle_task(session, organisation, TaskKind.SECOND_LOOK)


def _not_own(session: Session, organisation: Organisation, by: int | None) -> None:
    mine = select(Membership.id).where(
        Membership.account_id == by, Membership.organisation_id == organisation.id
    )
    if session.scalar(mine) is not None:
        raise OwnCaseError


def _move(
    session: Session,
    organisation: Organisation,
    by: int | None,
    allowed: Collection[State],
    to: State,
    **values: Any,
) -> None:
    done = session.scalar(
        update(Organisation)
        .where(Organisation.id == organisation.id, Organisation.state.in_(allowed))
        .values(state=to, **values)
        .returning(Organisation.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(organisation)
    if done is None:
        raise WrongState
    audit.record(
        session,
        f"organisation.{to}",
        account_id=by,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
    )
    note_all(session, organisation)
