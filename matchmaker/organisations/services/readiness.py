"""Digital readiness as matches read it: from the profile, or, shared, from the self-check."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Organisation, SelfCheck, SelfCheckSharing
from matchmaker.organisations.services.self_check_points import result
from matchmaker.vocabulary.readiness import DIMENSIONS
from matchmaker.vocabulary.self_check import EDITIONS

#: "not yet", "a little", "mostly", "fully".
MOST = 3
#: The dimension of the self-check that says what offers call digital readiness.
DIGITAL = "digital"


def score(answers: Mapping[str, int]) -> int | None:
    """Give 0..100, or None while a dimension has no answer."""
    known = DIMENSIONS.codes()
    if any(code not in answers for code in known):
        return None
    return round(100 * sum(answers[code] for code in known) / (MOST * len(known)))


def counted(session: Session, organisation: Organisation) -> int | None:
    """Give what matches may read: the shared self-check first, else the profile's own answers."""
    shared = exists().where(
        SelfCheckSharing.organisation_id == organisation.id, SelfCheckSharing.ended_at.is_(None)
    )
    latest = session.scalar(
        select(SelfCheck)
        .where(SelfCheck.organisation_id == organisation.id, SelfCheck.day.is_not(None), shared)
        .order_by(SelfCheck.day.desc())
        .limit(1)
    )
    found = digital(latest) if latest else None
    return score(organisation.readiness_answers) if found is None else found


def digital(check: SelfCheck) -> int | None:
    """Give 0..100 for its digital answers, None while less than half of them is there."""
    edition = EDITIONS.get(check.edition)
    return result(edition, check.answers).share_of(DIGITAL) if edition else None
