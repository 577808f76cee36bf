"""Possible twins: the same business id, or a name that looks the same in the same province."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from matchmaker.language.keys import name_key
from matchmaker.organisations.models import BusinessId, Organisation, OrganisationState
from matchmaker.organisations.services import notice
from matchmaker.organisations.services.business_id import number_key
from matchmaker.tasks import TaskKind

MOST = 5


def twins_of(session: Session, organisation: Organisation) -> list[Organisation]:
    """Give organisations that may be this one: for a reviewer to look at."""
    ids = [(row.scheme, row.number) for row in organisation.business_ids]
    return find_twins(
        session,
        name=organisation.name,
        province=organisation.province,
        ids=ids,
        but=organisation.id,
    )


def point_out(session: Session, organisation: Organisation) -> None:
    """A number that another one bears too is for the programme to look into."""
    session.flush()
    ids = [(row.scheme, row.number) for row in organisation.business_ids]
    if find_twins(session, ids=ids, but=organisation.id):
        notice.open_task(session, organisation, TaskKind.OTHER)


def has_twin() -> ColumnElement[bool]:
    """What `twins_of` asks of one organisation, as a condition on many."""
    other, mine, theirs = aliased(Organisation), aliased(BusinessId), aliased(BusinessId)
    another = (other.id != Organisation.id, other.state != OrganisationState.SUSPENDED)
    same_name = exists().where(
        Organisation.name_key != "",
        Organisation.province != "",
        other.name_key == Organisation.name_key,
        other.province == Organisation.province,
        *another,
    )
    same_id = exists().where(
        mine.organisation_id == Organisation.id,
        mine.number_key != "",
        theirs.scheme == mine.scheme,
        theirs.number_key == mine.number_key,
        other.id == theirs.organisation_id,
        *another,
    )
    return or_(same_name, same_id)


def find_twins(
    session: Session,
    *,
    name: str = "",
    province: str = "",
    ids: Iterable[tuple[str, str]] = (),
    but: int | None = None,
) -> list[Organisation]:
    """Give organisations that may be this one, but not the one with the id `but`.

    Whose they are, and anything else of them, is not for the page that asks.
    """
    keys = [(scheme, number_key(number)) for scheme, number in ids if number_key(number)]
    same_id = select(BusinessId.organisation_id).where(
        tuple_(BusinessId.scheme, BusinessId.number_key).in_(keys)
    )
    key = name_key(name)
    alike: list[ColumnElement[bool]] = []
    if keys:
        alike.append(Organisation.id.in_(same_id))
    if key and province:
        alike.append(and_(Organisation.name_key == key, Organisation.province == province))
    if not alike:
        return []
    query = (
        select(Organisation)
        .where(or_(*alike), Organisation.state != OrganisationState.SUSPENDED)
        .order_by(Organisation.id)
        .limit(MOST)
    )
    return list(session.scalars(query if but is None else query.where(Organisation.id != but)))
