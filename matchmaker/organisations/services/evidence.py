"""What an organisation says it can show; no answer means not known."""

from __future__ import annotations

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import EvidenceFile, Organisation, OrganisationFact
from matchmaker.organisations.services import evidence_file
from matchmaker.organisations.services.organisation import touch
from matchmaker.organisations.services.values import one_writer
from matchmaker.vocabulary.evidence import EVIDENCE


class Standing(enum.StrEnum):
    """How far a piece of evidence goes."""

    SAID = "said"
    UPLOADED = "uploaded"
    #: By an introducer or by staff; a change of the file ends it.
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Piece:
    fact: OrganisationFact
    file: EvidenceFile | None

    @property
    def standing(self) -> Standing:
        if self.fact.checked_on is not None:
            return Standing.CHECKED
        return Standing.SAID if self.file is None else Standing.UPLOADED


def pieces(session: Session, organisation_ids: Collection[int]) -> list[Piece]:
    """What these organisations say they can show, with the files that show it, in one query."""
    query = (
        select(OrganisationFact, EvidenceFile)
        .outerjoin(
            EvidenceFile,
            and_(
                EvidenceFile.organisation_id == OrganisationFact.organisation_id,
                EvidenceFile.fact == OrganisationFact.fact,
            ),
        )
        .where(
            OrganisationFact.organisation_id.in_(organisation_ids),
            OrganisationFact.value.is_(True),
        )
    )
    order = {code: at for at, code in enumerate(EVIDENCE.codes())}
    found = [Piece(fact, file) for fact, file in session.execute(query)]
    return sorted(found, key=lambda piece: (order.get(piece.fact.fact, 99), piece.fact.fact))


@one_writer
def state_facts(
    session: Session,
    organisation: Organisation,
    by: int | None,
    answers: Mapping[str, bool | None],
) -> None:
    """Keep yes and no, forget what is answered with None; an answer that turns loses its check.

    What is no longer said has no file either.
    """
    unknown = set(answers) - set(EVIDENCE.codes())
    if unknown:
        raise ValueError(f"no evidence codes: {', '.join(sorted(unknown))}")
    rows = {row.fact: row for row in organisation.facts}
    changed = False
    gone: list[str] = []
    for fact, value in answers.items():
        row = rows.get(fact)
        if (None if row is None else row.value) is value:
            continue
        changed = True
        gone += [] if value else [fact]
        if row is not None:
            organisation.facts.remove(row)
            session.flush()
        if value is not None:
            organisation.facts.append(OrganisationFact(fact=fact, value=value))
    if gone:
        files = evidence_file.of(session, [organisation.id])
        evidence_file.drop(session, [file for file in files if file.fact in gone])
    if changed:
        touch(session, organisation, by, "evidence")


def stated(organisation: Organisation) -> dict[str, bool]:
    return {row.fact: row.value for row in organisation.facts}
