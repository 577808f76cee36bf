"""Who lets a funder lend: what it says of its licence, and the check that this stands under."""

from __future__ import annotations

import enum
from datetime import date

from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation, OrganisationFact
from matchmaker.organisations.services import evidence_file
from matchmaker.organisations.services.evidence import state_facts
from matchmaker.organisations.services.organisation import update_organisation
from matchmaker.organisations.services.values import one_writer

#: The piece of evidence whose check is the licence's.
FACT = "licence"


class Licence(enum.StrEnum):
    NOT_SAID = "not_said"
    ENDED = "ended"
    #: Nobody has checked it.
    SAID = "said"
    CHECKED = "checked"


@one_writer
def set_licence(
    session: Session,
    organisation: Organisation,
    by: int,
    *,
    version: int | None = None,
    authority: str,
    number: str,
    until: date | None,
) -> None:
    """Keep what the funder says; a check of what it said before ends. Raises StaleVersion."""
    before = _details(organisation)
    update_organisation(
        session,
        organisation,
        by,
        version=version,
        step=FACT,
        licence_authority=authority,
        licence_number=number,
        licence_until=until,
    )
    if _details(organisation) == before:
        return
    if number:
        evidence_file.said(session, organisation, FACT)
    else:
        state_facts(session, organisation, by, {FACT: None})


def licence_of(organisation: Organisation, on: date) -> Licence:
    if not organisation.licence_number:
        return Licence.NOT_SAID
    if organisation.licence_until is not None and organisation.licence_until < on:
        return Licence.ENDED
    checked = check_of(organisation)
    return Licence.SAID if checked is None else Licence.CHECKED


def check_of(organisation: Organisation) -> OrganisationFact | None:
    """The row that says who checked the licence and when; None: nobody has."""
    said = (row for row in organisation.facts if row.fact == FACT and row.value)
    return next((row for row in said if row.checked_on is not None), None)


def seen_mark(organisation: Organisation, fact: str) -> str:
    """What a checker looked at besides the file: a check holds for no other words."""
    if fact != FACT or not organisation.licence_number:
        return ""
    return "|".join(_details(organisation))


def _details(organisation: Organisation) -> tuple[str, str, str]:
    until = organisation.licence_until
    return (
        organisation.licence_authority,
        organisation.licence_number,
        until.isoformat() if until else "",
    )
