"""Who may act for which organisation; a stranger's id and a missing one look the same."""

from __future__ import annotations

import enum
from typing import TypeVar

from flask import abort, g
from flask_login import current_user
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload

from matchmaker.accounts.access import current_account, has_role, scope_of
from matchmaker.accounts.models import Account, StaffRole
from matchmaker.extensions import db
from matchmaker.organisations.models import (
    Consortium,
    IntroducerLink,
    Membership,
    MembershipRole,
    Need,
    Offer,
    Organisation,
    OrganisationState,
)
from matchmaker.organisations.services.consortium_standing import is_group

Listing = TypeVar("Listing", Need, Offer)


class Relation(enum.StrEnum):
    """How an account stands to an organisation, the closest first."""

    OWNER = "owner"
    MEMBER = "member"
    INTRODUCER = "introducer"
    STAFF = "staff"


ACTING = frozenset(Relation)
MEMBERS = frozenset({Relation.OWNER, Relation.MEMBER})
OWNERS = frozenset({Relation.OWNER})
#: Who may say on its behalf that something was agreed on paper: its owner, or staff in scope.
OWNERS_AND_STAFF = frozenset({Relation.OWNER, Relation.STAFF})


def relation_to(
    session: Session, account: Account | None, organisation: Organisation
) -> Relation | None:
    """Give the closest relation through which the account may act for the organisation.

    For a group of firms its coordinator's people act as owners, and who may act for them too.
    """
    if account is None or not account.is_authenticated or not account.active:
        return None
    query = select(Membership.role, Membership.organisation_id).where(
        Membership.account_id == account.id,
        _it_or_coordinator(Membership.organisation_id, organisation),
    )
    roles = {row.organisation_id: row.role for row in session.execute(query)}
    if roles:
        role = roles.get(organisation.id, MembershipRole.OWNER)
        return Relation.OWNER if role is MembershipRole.OWNER else Relation.MEMBER
    introducers = introducer_ids(session, organisation)
    if introducers and introducers & member_ids(session, account):
        return Relation.INTRODUCER
    if has_role(account, StaffRole.OFFICER) and in_scope(session, account, organisation):
        return Relation.STAFF
    return None


def in_scope(session: Session, account: Account, organisation: Organisation) -> bool:
    """Whether staff of any role may look at the organisation."""
    scope = scope_of(account)
    if scope.everything:
        return True
    vouching = introducer_ids(session, organisation) if scope.introducer_ids else frozenset()
    return scope.covers(organisation.province, vouching)


def introducer_ids(session: Session, organisation: Organisation) -> frozenset[int]:
    """Those who act for it under a consent that stands, and are published themselves."""
    query = (
        select(IntroducerLink.introducer_id)
        .join(Organisation, Organisation.id == IntroducerLink.introducer_id)
        .where(
            _it_or_coordinator(IntroducerLink.organisation_id, organisation),
            IntroducerLink.ended_at.is_(None),
            Organisation.state == OrganisationState.PUBLISHED,
            Organisation.is_introducer.is_(True),
        )
    )
    return frozenset(session.scalars(query))


def _it_or_coordinator(
    column: InstrumentedAttribute[int], organisation: Organisation
) -> ColumnElement[bool]:
    """The organisation itself, or the firm that speaks for it where it is a group of firms."""
    coordinator = select(Consortium.coordinator_id).where(
        Consortium.organisation_id == organisation.id
    )
    return or_(column == organisation.id, column.in_(coordinator))


def member_ids(session: Session, account: Account) -> frozenset[int]:
    query = select(Membership.organisation_id).where(Membership.account_id == account.id)
    return frozenset(session.scalars(query))


def my_organisations() -> list[Organisation]:
    """Those the account belongs to, the oldest membership first."""
    query = (
        select(Organisation)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.account_id == current_account().id)
        .order_by(Membership.id)
    )
    return list(db.session.scalars(query))


def own_organisation(public_id: str, allowed: frozenset[Relation] = ACTING) -> Organisation:
    """The organisation, for those who may act for it in one of these relations; else 404."""
    query = select(Organisation).where(Organisation.public_id == public_id)
    return _own(db.session.scalar(query), allowed)


def own_firm(public_id: str, allowed: frozenset[Relation] = ACTING) -> Organisation:
    """Like own_organisation, and 404 for a group of firms, which has no people or needs to add."""
    organisation = own_organisation(public_id, allowed)
    return abort(404) if is_group(db.session(), organisation.id) else organisation


def own_need(public_id: str, allowed: frozenset[Relation] = ACTING, *, whole: bool = False) -> Need:
    """The need of the address; ``whole``: with its organisation's facts, in the same query."""
    query = with_organisation(Need, public_id)
    if whole:
        query = query.options(joinedload(Need.organisation).joinedload(Organisation.facts))
    need = db.session.scalars(query).unique().one_or_none()
    _own(need.organisation if need else None, allowed)
    return need or abort(404)


def own_offer(
    public_id: str, allowed: frozenset[Relation] = ACTING, *, whole: bool = False
) -> Offer:
    """The offer of the address; ``whole``: with its criteria, in the same query."""
    query = with_organisation(Offer, public_id)
    if whole:
        query = query.options(joinedload(Offer.criteria))
    offer = db.session.scalars(query).unique().one_or_none()
    _own(offer.organisation if offer else None, allowed)
    return offer or abort(404)


def with_organisation(model: type[Listing], public_id: str) -> Select[Listing]:
    """A need or an offer and whose it is, in one query."""
    query = select(model).where(model.public_id == public_id)
    return query.options(joinedload(model.organisation))


def viewer() -> Account | None:
    """Whoever reads the page; None for a visitor."""
    return current_account() if current_user.is_authenticated else None


def _own(organisation: Organisation | None, allowed: frozenset[Relation]) -> Organisation:
    if organisation is None:
        abort(404)
    if relation_here(organisation) not in allowed:
        abort(404)
    return organisation


def relation_here(organisation: Organisation) -> Relation | None:
    """The reader's relation, asked once an answer: what a page shows by it costs no more.

    Kept by reader too: where several requests share a context, none answers for another's reader.
    """
    reader = viewer()
    known: dict[tuple[int | None, int], Relation | None] = g.setdefault("relations", {})
    key = (reader.id if reader else None, organisation.id)
    if key not in known:
        known[key] = relation_to(db.session(), reader, organisation)
    return known[key]
