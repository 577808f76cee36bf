"""Business ids: a number of a scheme, and who checked it when."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.language.text import ascii_digits
from matchmaker.organisations.models import BusinessId, Organisation
from matchmaker.organisations.services.organisation import touch
from matchmaker.organisations.services.values import one_writer


def number_key(number: str) -> str:
    """Letters and digits only, large: the same number typed otherwise is the same."""
    return "".join(c for c in ascii_digits(number).upper() if c.isascii() and c.isalnum())[:60]


@one_writer
def set_business_ids(
    session: Session,
    organisation: Organisation,
    by: int | None,
    ids: Iterable[tuple[str, str]],
) -> None:
    """Keep these (scheme, number) pairs; one that stays keeps its check, a new one has none."""
    wanted = dict.fromkeys((scheme, number_key(number), number) for scheme, number in ids if number)
    kept = {(row.scheme, row.number_key): row for row in organisation.business_ids}
    keys = {(scheme, key) for scheme, key, _ in wanted}
    gone = [row for at, row in kept.items() if at not in keys]
    new = [one for one in wanted if one[:2] not in kept]
    for row in gone:
        organisation.business_ids.remove(row)
    for scheme, key, number in new:
        organisation.business_ids.append(BusinessId(scheme=scheme, number=number, number_key=key))
    if gone or new:
        touch(session, organisation, by, "ids")


def check_business_id(
    session: Session, organisation: Organisation, by: int, business_id: BusinessId, checker: str
) -> None:
    """Record that somebody of the programme held this number against the register."""
    business_id.checked_on, business_id.checked_by = clock.today(), checker
    touch(session, organisation, by, "id_checked")
