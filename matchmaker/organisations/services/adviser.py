"""Who advises a firm: an introducer that vouches for it or works in its province, or staff."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from matchmaker.accounts.models import ACTING, Account, Scope
from matchmaker.organisations.models import (
    Consortium,
    IntroducerLink,
    Membership,
    Organisation,
    OrganisationState,
)
from matchmaker.tasks import Task, TaskState


@dataclass(frozen=True, slots=True)
class Adviser:
    """An introducer by name; without one, the programme's own staff for the province."""

    name: str = ""
    name_lang: str = ""
    #: It acts for the firm already, with its consent.
    vouches: bool = False


def adviser_for(session: Session, firm: Organisation) -> Adviser | None:
    """The nearest there is, in one query; None: only the programme as a whole."""
    vouches = exists().where(
        IntroducerLink.introducer_id == Organisation.id,
        _acts_for(firm.id),
        IntroducerLink.ended_at.is_(None),
    )
    serves = (Organisation.province == firm.province) & (Organisation.province != "")
    introducers = (
        select(Organisation.id, Organisation.name, Organisation.name_lang, vouches.label("near"))
        .where(
            Organisation.is_introducer.is_(True),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.id != firm.id,
            vouches | serves,
        )
        .order_by(vouches.desc(), Organisation.id)
        .limit(1)
        .subquery()
    )
    staff = _staff_of(firm.province).limit(1).subquery()
    found = session.execute(
        union_all(
            select(introducers.c.name, introducers.c.name_lang, introducers.c.near),
            select(literal(""), literal(""), literal(False)).select_from(staff),
        )
    ).all()
    named = [row for row in found if row[0]]
    for name, lang, near in named or found:
        return Adviser(name, lang, bool(near))
    return None


def _staff_of(province: str) -> Select[int]:
    return select(Account.id).where(
        Account.active,
        Account.staff_role.in_(ACTING),
        Account.scope == Scope.PROVINCE,
        cast(Account.scope_values, String).contains(f'"{province}"', autoescape=True),
    )


def person_for(session: Session, firm: Organisation) -> int | None:
    """Whose task it is to help a firm on: of who acts for it, else of the programme's staff for its
    province whoever has fewest open; None: the task is for the programme as a whole.

    An introducer that only works in the province may not read what is the firm's.
    """
    person = vouching_person(session, firm.id)
    if person is not None or not firm.province:
        return person
    given = select(func.count(Task.id)).where(
        Task.assigned_to_id == Account.id, Task.state == TaskState.OPEN
    )
    staff = _staff_of(firm.province).order_by(given.scalar_subquery(), Account.id)
    return session.scalar(staff.limit(1))


def _acts_for(firm_id: int) -> ColumnElement[bool]:
    """Who acts for the firm that speaks for a group acts for the group too."""
    speaks = select(Consortium.coordinator_id).where(Consortium.organisation_id == firm_id)
    its_own = IntroducerLink.organisation_id == firm_id
    return its_own | IntroducerLink.organisation_id.in_(speaks)


def vouching_person(session: Session, firm_id: int) -> int | None:
    """Somebody of an introducer that acts for the firm: whose task it is to help it on."""
    return session.scalar(
        select(Membership.account_id)
        .join(Account, Account.id == Membership.account_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(IntroducerLink, IntroducerLink.introducer_id == Organisation.id)
        .where(
            _acts_for(firm_id),
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
            Account.active,
        )
        .order_by(IntroducerLink.id, Membership.id)
        .limit(1)
    )
