"""Products of a showroom: at most twelve, in the order that their organisation gives them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.organisations.models import Organisation, Product, Showroom
from matchmaker.organisations.services import product_photo, showroom
from matchmaker.organisations.services.errors import FullError
from matchmaker.organisations.services.product_photo import Kept
from matchmaker.organisations.services.values import (
    TWICE_WITHIN,
    assign,
    check_version,
    one_writer,
)

#: What fits one sheet of paper, and what a visitor looks through.
MOST = 12
EDITABLE = frozenset(
    {
        "name",
        "words",
        "lang",
        "sector",
        "price_min_minor",
        "price_max_minor",
        "currency",
        "unit",
        "certificates",
        "languages",
    }
)


@one_writer
def add(
    session: Session, organisation: Organisation, by: int, photos: Sequence[Kept], **values: Any
) -> Product:
    """Put it last; an impatient second press makes no second one.

    Raises FullError where twelve are there, WrongState without a photo.
    """
    held = showroom.locked(session, organisation)
    there = _in_order(session, held)
    again = _sent_just_now(session, held, values.get("name", ""))
    if again is not None:
        return again
    if len(there) >= MOST:
        raise FullError("products")
    if not photos:
        raise WrongState("a product has a photo")
    row = Product(
        showroom_id=held.id, organisation_id=organisation.id, position=len(there) + 1, version=1
    )
    assign(row, values, EDITABLE)
    session.add(row)
    session.flush()
    product_photo.keep(session, row, by, photos)
    _said(session, organisation, held, by, "product.added")
    return row


@one_writer
def change(
    session: Session,
    organisation: Organisation,
    product: Product,
    by: int,
    *,
    photos: Sequence[Kept] = (),
    removed: Collection[str] = (),
    version: int | None = None,
    **values: Any,
) -> None:
    """Save what was edited; ``removed`` names photos by their small file.

    Raises StaleVersion, FullError where too many photos would be there, WrongState where none.
    """
    held = showroom.locked(session, organisation)
    product = _afresh(session, product)
    check_version(product, version)
    changed = assign(product, values, EDITABLE)
    product_photo.drop(session, [one for one in product.photos if one.small in removed])
    session.expire(product, ["photos"])
    product_photo.keep(session, product, by, photos)
    if not product.photos:
        raise WrongState("a product has a photo")
    if changed or photos or removed:
        product.updated_at = clock.now()
        session.flush()
        _said(session, organisation, held, by, "product.changed")


def move(session: Session, organisation: Organisation, product: Product, by: int, to: int) -> None:
    """By so many places, -1 = one up; past either end it stays where it is."""
    held = showroom.locked(session, organisation)
    order = _in_order(session, held)
    if product.id not in order:
        raise WrongState("the product is gone")
    at = order.index(product.id)
    order.insert(min(max(at + to, 0), len(order) - 1), order.pop(at))
    _write_order(session, order)
    showroom.record(session, "product.moved", by, organisation)


def remove(session: Session, organisation: Organisation, product: Product, by: int) -> None:
    """With its photos; the last one takes the showroom off the page that everybody sees."""
    held = showroom.locked(session, organisation)
    product_photo.drop(session, product_photo.of(session, Product.id == product.id))
    gone = delete(Product).where(Product.id == product.id).returning(Product.id)
    if session.scalar(gone) is None:
        raise WrongState("the product is gone")
    session.expunge(product)
    left = _in_order(session, held)
    _write_order(session, left)
    showroom.record(session, "product.removed", by, organisation)
    if not left:
        showroom.close(session, organisation, by)


def drop_all(session: Session, organisation: Organisation) -> None:
    """Forget the showroom with the organisation's other answers."""
    mine = Product.organisation_id == organisation.id
    product_photo.drop(session, product_photo.of(session, mine))
    session.execute(delete(Product).where(mine))
    session.execute(delete(Showroom).where(Showroom.organisation_id == organisation.id))


def find(session: Session, organisation: Organisation, public_id: str) -> Product | None:
    query = select(Product).where(
        Product.public_id == public_id, Product.organisation_id == organisation.id
    )
    return session.scalar(query)


def _afresh(session: Session, product: Product) -> Product:
    """As it is under the lock."""
    query = select(Product).where(Product.id == product.id)
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise WrongState("the product is gone")
    return found


def _in_order(session: Session, held: Showroom) -> list[int]:
    query = select(Product.id).where(Product.showroom_id == held.id)
    return list(session.scalars(query.order_by(Product.position, Product.id)))


def _write_order(session: Session, order: Sequence[int]) -> None:
    """Past the row's version: a form that is open meanwhile is not overtaken by it."""
    for position, product_id in enumerate(order, start=1):
        placed = update(Product).where(Product.id == product_id, Product.position != position)
        session.execute(placed.values(position=position, updated_at=Product.updated_at))


def _sent_just_now(session: Session, held: Showroom, name: str) -> Product | None:
    query = select(Product).where(
        Product.showroom_id == held.id,
        Product.name == name,
        Product.created_at > clock.now() - TWICE_WITHIN,
    )
    return session.scalar(query.limit(1))


def _said(
    session: Session, organisation: Organisation, held: Showroom, by: int, event: str
) -> None:
    showroom.record(session, event, by, organisation)
    showroom.look_again(session, organisation, held)
