"""Photos of products: at most three each, two files a photo, removed with their row.

The files are written before the row that names them, and deleted by a job that commits with the
row's end; what a crash leaves between the two is swept up later.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker import jobs
from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.models import Product, ProductPhoto
from matchmaker.organisations.services.errors import FullError

MOST = 3
#: Names that one statement asks for.
BATCH = 500
REMOVE = "organisations.remove_photos"


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the folder and waits for its row: names of both sizes, pixels of the small."""

    small: str
    large: str
    width: int
    height: int


def keep(session: Session, product: Product, by: int, photos: Sequence[Kept]) -> None:
    """After those that are there; raises FullError where they would be too many."""
    there = of(session, Product.id == product.id)
    if len(there) + len(photos) > MOST:
        raise FullError("photos")
    for one in photos:
        session.add(
            ProductPhoto(
                product_id=product.id,
                organisation_id=product.organisation_id,
                small=one.small,
                large=one.large,
                width=one.width,
                height=one.height,
                sent_by_id=by,
            )
        )
    session.flush()
    session.expire(product, ["photos"])


def of(session: Session, whose: Any) -> list[ProductPhoto]:
    """Photos of the products for which ``whose`` holds."""
    query = select(ProductPhoto).join(Product, Product.id == ProductPhoto.product_id)
    return list(session.scalars(query.where(whose).order_by(ProductPhoto.id)))


def drop(session: Session, rows: Collection[ProductPhoto]) -> None:
    """Rows now, files once this is committed."""
    if not rows:
        return
    jobs.enqueue(session, REMOVE, names=[name for row in rows for name in (row.small, row.large)])
    gone = delete(ProductPhoto).where(ProductPhoto.id.in_([row.id for row in rows]))
    session.execute(gone.execution_options(synchronize_session=False))
    for row in rows:
        session.expunge(row)


def delete_unnamed(session: Session, data: Path, names: Sequence[str]) -> int:
    """Delete those of these files that no row names; gives how many."""
    named: set[str] = set()
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        for column in (ProductPhoto.small, ProductPhoto.large):
            named |= set(session.scalars(select(column).where(column.in_(some))))
    loose = [name for name in names if store.is_name(name) and name not in named]
    for name in loose:
        store.remove(data, name, store.PHOTOS)
    return len(loose)
