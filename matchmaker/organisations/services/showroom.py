"""A showroom: made with its first product, opened to everybody and closed by its organisation."""

from __future__ import annotations

from sqlalchemy import Select, exists, select, update
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from matchmaker import audit
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import (
    Need,
    Offer,
    Organisation,
    OrganisationState,
    Product,
    ProductPhoto,
    PublicationState,
    Showroom,
)
from matchmaker.organisations.services import notice
from matchmaker.tasks import TaskKind


def of(session: Session, organisation: Organisation) -> Showroom | None:
    """With its products and photos, in three queries."""
    return session.scalar(_whole().where(Showroom.organisation_id == organisation.id))


def public(session: Session, code: str) -> Showroom | None:
    """For anybody: None unless it is open and its organisation is published now."""
    query = _whole().where(Showroom.code == code).options(joinedload(Showroom.organisation))
    found = session.scalar(query)
    return found if found is not None and found.is_public else None


def open_code(session: Session, organisation: Organisation) -> str | None:
    """What the address of its showroom ends in, while it is open."""
    query = select(Showroom.code).where(
        Showroom.organisation_id == organisation.id, Showroom.open_since.is_not(None)
    )
    return session.scalar(query)


def photo(session: Session, code: str, name: str) -> Showroom | None:
    """Whose photo this is, open or not; None where no row names it."""
    query = (
        select(Showroom)
        .join(Showroom.organisation)
        .join(Product, Product.showroom_id == Showroom.id)
        .join(ProductPhoto, ProductPhoto.product_id == Product.id)
        .where(Showroom.code == code, (ProductPhoto.small == name) | (ProductPhoto.large == name))
        .options(contains_eager(Showroom.organisation))
    )
    return session.scalar(query)


def locked(session: Session, organisation: Organisation) -> Showroom:
    """Made where there is none; those who change one showroom go one by one."""
    held = select(Organisation.id).where(Organisation.id == organisation.id)
    session.execute(held.with_for_update(key_share=True))
    query = select(Showroom).where(Showroom.organisation_id == organisation.id)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        found = Showroom(organisation_id=organisation.id)
        session.add(found)
        session.flush()
    return found


def open_to_all(session: Session, organisation: Organisation, by: int) -> None:
    """Show it with the organisation's name; a second press changes nothing.

    Raises WrongState where there is nothing to show, or the organisation is not published.
    """
    showroom = locked(session, organisation)
    opened = (
        update(Showroom)
        .where(
            Showroom.id == showroom.id,
            exists().where(Product.showroom_id == showroom.id),
            exists().where(
                Organisation.id == organisation.id,
                Organisation.state == OrganisationState.PUBLISHED,
            ),
        )
        .values(open_since=clock.now(), opened_by_id=by)
        .returning(Showroom.id)
    )
    if showroom.open_since is not None:
        return
    if session.scalar(opened) is None:
        raise WrongState("nothing to show, or not published")
    session.refresh(showroom)
    record(session, "showroom.opened", by, organisation)
    look_again(session, organisation, showroom)


def close(session: Session, organisation: Organisation, by: int | None) -> None:
    """Nobody else sees it from this commit on; a second press changes nothing."""
    closed = (
        update(Showroom)
        .where(Showroom.organisation_id == organisation.id, Showroom.open_since.is_not(None))
        .values(open_since=None, opened_by_id=None)
        .returning(Showroom.id)
    )
    if session.scalar(closed) is not None:
        record(session, "showroom.closed", by, organisation)


def let_search(session: Session, organisation: Organisation, by: int, *, searchable: bool) -> None:
    """Whether search engines may list it; a second press changes nothing."""
    changed = (
        update(Showroom)
        .where(Showroom.organisation_id == organisation.id, Showroom.searchable.is_not(searchable))
        .values(searchable=searchable)
        .returning(Showroom.id)
    )
    if session.scalar(changed) is not None:
        code = "searchable" if searchable else "not_searchable"
        record(session, "showroom.search_changed", by, organisation, code)


def pair_to_ask(session: Session, showroom: Showroom, asking: list[int]) -> tuple[str, str] | None:
    """Public ids of a need of this firm and of an offer of these organisations, the newest.

    Only of a firm that shows its name to those who offer: by any other, a need would be known as
    this firm's.
    """
    firm = showroom.organisation
    if not firm.show_name or firm.id in asking or not asking:
        return None
    query = (
        select(Need.public_id, Offer.public_id)
        .join(Offer, Offer.kind == Need.kind)
        .join(Organisation, Organisation.id == Offer.organisation_id)
        .where(
            Need.organisation_id == firm.id,
            Need.state == PublicationState.PUBLISHED,
            Offer.organisation_id.in_(asking),
            Offer.state == PublicationState.PUBLISHED,
            Organisation.state == OrganisationState.PUBLISHED,
        )
        .order_by(Need.id.desc(), Offer.id.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1])


def look_again(session: Session, organisation: Organisation, showroom: Showroom) -> None:
    """What everybody sees gets a second look of the programme; nothing that is ranked changed."""
    if showroom.open_since is None or not organisation.is_published:
        return
    # Not through the row's version: nobody who edits the profile is overtaken by it.
    due = update(Organisation).where(Organisation.id == organisation.id)
    session.execute(due.values(second_look_at=clock.now(), updated_at=Organisation.updated_at))
    notice.open_task(session, organisation, TaskKind.SECOND_LOOK)


def record(
    session: Session, event: str, by: int | None, organisation: Organisation, code: str = ""
) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
        code=code,
    )


def _whole() -> Select[Showroom]:
    """Read afresh: positions are written past the rows."""
    products = selectinload(Showroom.products).selectinload(Product.photos)
    return select(Showroom).options(products).execution_options(populate_existing=True)
