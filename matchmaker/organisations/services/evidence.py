"""What an organisation says it can show; no answer means not known."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.organisations.models import Organisation, OrganisationFact
from matchmaker.organisations.services.organisation import touch
from matchmaker.organisations.services.values import one_writer
from matchmaker.vocabulary.evidence import EVIDENCE


@one_writer
def state_facts(
    session: Session,
    organisation: Organisation,
    by: int | None,
    answers: Mapping[str, bool | None],
) -> None:
    """Keep yes and no, forget what is answered with None; an answer that turns loses its check."""
    unknown = set(answers) - set(EVIDENCE.codes())
    if unknown:
        raise ValueError(f"no evidence codes: {', '.join(sorted(unknown))}")
    rows = {row.fact: row for row in organisation.facts}
    changed = False
    for fact, value in answers.items():
        row = rows.get(fact)
        if (None if row is None else row.value) is value:
            continue
        changed = True
        if row is not None:
            organisation.facts.remove(row)
            session.flush()
        if value is not None:
            organisation.facts.append(OrganisationFact(fact=fact, value=value))
    if changed:
        touch(session, organisation, by, "evidence")


def check_fact(
    session: Session, organisation: Organisation, by: int, fact: OrganisationFact, checker: str
) -> None:
    """Verified is evidence, not a state: who checked it, and when."""
    fact.checked_on, fact.checked_by = clock.today(), checker
    touch(session, organisation, by, "evidence_checked")


def stated(organisation: Organisation) -> dict[str, bool]:
    return {row.fact: row.value for row in organisation.facts}
