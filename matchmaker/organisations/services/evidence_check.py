"""Checking evidence: by an introducer for those it acts for, by staff within their scope."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, update
from sqlalchemy.orm import Session, aliased

from matchmaker import audit, notifications
from matchmaker.accounts.access import scope_of
from matchmaker.accounts.models import Account
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    CheckedAs,
    EvidenceFile,
    IntroducerLink,
    LookedAt,
    Membership,
    Organisation,
    OrganisationFact,
    OrganisationState,
)
from matchmaker.organisations.services import evidence_file, licence, notice
from matchmaker.organisations.services.organisation import touch
from matchmaker.organisations.services.values import one_writer
from matchmaker.vocabulary.places import PROVINCES, current

_Introducer = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class Checker:
    """Whose word a check is: the introducer by its name, staff by their own."""

    account_id: int
    name: str
    checked_as: CheckedAs


@dataclass(frozen=True, slots=True)
class Waiting:
    organisation: Organisation
    file: EvidenceFile


@one_writer
def check(
    session: Session,
    organisation: Organisation,
    by: Checker,
    fact: str,
    seen: str,
    looked_at: LookedAt,
) -> None:
    """Mark a piece as checked; ``seen``: what `seen_of` gave when the checker's page was made.
    Raises WrongState where another was first or the file has changed."""
    organisation = evidence_file.locked(session, organisation)
    values = {
        "checked_on": clock.today(),
        "checked_by": by.name[:120],
        "checked_as": by.checked_as,
        "looked_at": looked_at,
        "returned_note": "",
    }
    _step(session, organisation, fact, seen, values)
    touch(session, organisation, by.account_id, "evidence_checked")
    _tell(session, organisation, by, fact, "evidence.checked", who=by.name)


@one_writer
def send_back(
    session: Session, organisation: Organisation, by: Checker, fact: str, seen: str, note: str
) -> None:
    """Say what is wrong with the file; it waits for a new one."""
    organisation = evidence_file.locked(session, organisation)
    if evidence_file.current(session, organisation.id, fact) is None:
        raise WrongState("there is no file to send back")
    _step(session, organisation, fact, seen, {"returned_note": note})
    _tell(session, organisation, by, fact, "evidence.sent_back", note=note)


def _step(
    session: Session, organisation: Organisation, fact: str, seen: str, values: dict[str, object]
) -> None:
    file = evidence_file.current(session, organisation.id, fact)
    if seen_of(organisation, fact, file) != seen:
        raise WrongState("the file or what it is held against is another one now")
    done = session.scalar(
        update(OrganisationFact)
        .where(
            OrganisationFact.organisation_id == organisation.id,
            OrganisationFact.fact == fact,
            OrganisationFact.value.is_(True),
            OrganisationFact.checked_on.is_(None),
        )
        .values(**values)
        .returning(OrganisationFact.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise WrongState("it was checked already, or is no longer said")
    session.expire(organisation, ["facts"])


def seen_of(organisation: Organisation, fact: str, file: EvidenceFile | None) -> str:
    """What a checker has before them; empty where there is only the word of the organisation."""
    marks = (file.public_id if file else "", licence.seen_mark(organisation, fact))
    return " ".join(mark for mark in marks if mark)


def _tell(
    session: Session, organisation: Organisation, by: Checker, fact: str, event: str, **facts: str
) -> None:
    audit.record(
        session,
        event,
        account_id=by.account_id,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
        code=fact,
    )
    told = {"piece": notifications.label("evidence", fact), **facts}
    path = f"/organisations/{organisation.public_id}/evidence"
    notice.tell_owners(session, organisation, event, path=path, **told)


def waiting(session: Session, account: Account, limit: int, after: int = 0) -> list[Waiting]:
    """Files that nobody checked or sent back, the oldest first, that this account may check."""
    query = (
        select(Organisation, EvidenceFile)
        .join(EvidenceFile, EvidenceFile.organisation_id == Organisation.id)
        .join(
            OrganisationFact,
            and_(
                OrganisationFact.organisation_id == Organisation.id,
                OrganisationFact.fact == EvidenceFile.fact,
            ),
        )
        .where(
            OrganisationFact.checked_on.is_(None),
            OrganisationFact.returned_note == "",
            EvidenceFile.id > after,
            Organisation.id.not_in(_own(account)),
            or_(Organisation.id.in_(_clients(_own(account))), _in_scope(account)),
        )
    )
    rows = session.execute(query.order_by(EvidenceFile.id).limit(limit))
    return [Waiting(organisation, file) for organisation, file in rows]


def introducer_for(
    session: Session, account: Account, organisation: Organisation
) -> Organisation | None:
    """The introducer in whose name the account checks."""
    query = (
        select(Organisation)
        .join(IntroducerLink, IntroducerLink.introducer_id == Organisation.id)
        .where(
            IntroducerLink.organisation_id == organisation.id,
            IntroducerLink.introducer_id.in_(_own(account)),
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
        )
    )
    return session.scalar(query.order_by(Organisation.id).limit(1))


def _own(account: Account) -> Select[int]:
    return select(Membership.organisation_id).where(Membership.account_id == account.id)


def _clients(ids: Select[int] | frozenset[int]) -> Select[int]:
    """Those for whom the published introducers among these act."""
    introducers = select(IntroducerLink.organisation_id).join(
        _Introducer, _Introducer.id == IntroducerLink.introducer_id
    )
    return introducers.where(
        _Introducer.id.in_(ids),
        IntroducerLink.ended_at.is_(None),
        _Introducer.state == OrganisationState.PUBLISHED,
        _Introducer.is_introducer.is_(True),
    )


def _in_scope(account: Account) -> ColumnElement[bool]:
    scope = scope_of(account)
    if scope.everything:
        return Organisation.id.is_not(None)
    provinces = [code for code in PROVINCES.codes() if current(code) in scope.provinces]
    in_province = Organisation.province.in_(provinces) if provinces else false()
    return or_(in_province, Organisation.id.in_(_clients(scope.introducer_ids)))
