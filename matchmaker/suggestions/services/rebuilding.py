"""A new snapshot for every worker of this host, and model versions frozen to the pool."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.extensions import changes, clock, db
from matchmaker.matching.learning.calibration import calibrate
from matchmaker.matching.programme import programme_model
from matchmaker.suggestions import versions
from matchmaker.suggestions.models import ModelState, ModelVersion
from matchmaker.suggestions.resident import building, holder, loading

#: A pool smaller than this says nothing about how common words and codes are.
LEAST_NEEDS = 20
#: Frozen anew once there are so many times the needs it was frozen to.
GROWTH = 4
CALIBRATED_ON = "calibrated_on"


def rebuild(session: Session) -> bool:
    """Build anew; False when another process is at it. The one before serves meanwhile.

    The change that is noted here sends every worker to the new folder.
    """
    freeze_to_pool(session)
    if not holder.rebuild():
        return False
    changes.note(session, changes.ChangeKind.MODEL, versions.number_in_force(session))
    return True


def freeze_to_pool(session: Session) -> ModelVersion | None:
    """Publish the programme's weights with idf and scales of this pool, if those are missing.

    A version that staff or the learning job published is never replaced here.
    """
    # Reading and fitting take long: on SQLite a transaction of the job's own would hold its lock.
    with building.own_reading_session(db.engine) as reading:
        published = reading.scalar(
            select(ModelVersion).where(ModelVersion.state == ModelState.PUBLISHED)
        )
        if published is not None and CALIBRATED_ON not in published.figures:
            return None
        needs = list(loading.all_needs(reading, clock.today()))
        frozen_to = published.figures[CALIBRATED_ON] if published is not None else 0
        if len(needs) < max(LEAST_NEEDS, GROWTH * frozen_to):
            return None
        offers = list(loading.all_offers(reading, clock.today()))
        version = str(versions.next_number(reading))
    model = calibrate(programme_model(version), needs, offers, version)
    row = versions.draft(
        session,
        model.to_json(),
        figures={CALIBRATED_ON: len(needs)},
        note="programme weights, frozen to the pool",
    )
    versions.publish(session, row, None, "frozen")
    # The new snapshot is built under it, by a session of its own.
    session.commit()
    return row
