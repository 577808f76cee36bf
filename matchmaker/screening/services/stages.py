"""The stages of an organisation's pipeline: its own words in its own order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.extensions import transactions
from matchmaker.extensions.database import new_public_id
from matchmaker.organisations.models import Organisation
from matchmaker.screening.errors import (
    StageNeededError,
    StageNotEmptyError,
    TooManyStagesError,
)
from matchmaker.screening.models import MOST_STAGES, PipelineEntry, PipelineStage, StageCode


def stages_of(session: Session, organisation_id: int) -> list[PipelineStage]:
    """From the left; before anybody wrote anything, the first six as they will be."""
    query = (
        select(PipelineStage)
        .where(PipelineStage.organisation_id == organisation_id)
        .order_by(PipelineStage.place, PipelineStage.id)
    )
    return list(session.scalars(query)) or [
        PipelineStage(code=code, name="", place=place, public_id=code.value)
        for place, code in enumerate(StageCode)
    ]


def written(session: Session, organisation_id: int) -> list[PipelineStage]:
    """The stages as rows: what the first firm or the first change brings along."""
    found = stages_of(session, organisation_id)
    if found[0].id is not None:
        return found
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {
            "organisation_id": organisation_id,
            "code": code,
            "name": "",
            "place": place,
            "public_id": new_public_id(),
        }
        for place, code in enumerate(StageCode)
    ]
    # A colleague may write the same six just now.
    added = dialect.insert(PipelineStage).values(rows)
    session.execute(added.on_conflict_do_nothing(index_elements=["organisation_id", "code"]))
    return stages_of(session, organisation_id)


def held(session: Session, organisation_id: int) -> list[PipelineStage]:
    """The stages as rows, none of which a colleague takes away until this is written.

    Before any entry: whoever takes a stage away lets go of the entries that came from it.
    """
    written(session, organisation_id)
    rows = select(PipelineStage.id).where(PipelineStage.organisation_id == organisation_id)
    kept = rows.order_by(PipelineStage.id).with_for_update(read=True, key_share=True)
    session.scalars(kept).all()
    return stages_of(session, organisation_id)


def passed_stage(stages: Sequence[PipelineStage]) -> PipelineStage:
    return next(one for one in stages if one.code is StageCode.PASSED)


def first_stage(stages: Sequence[PipelineStage]) -> PipelineStage:
    """Where firms come in: the first from the left that does not mean "passed"."""
    return next(one for one in stages if one.code is not StageCode.PASSED)


def rename(
    session: Session, organisation: Organisation, by: int, names: Mapping[str, str], added: str
) -> None:
    """Give stages other words, by key; an empty word leaves a stage as it is. May add one,
    once however often it is sent."""
    stages = _locked(session, organisation)
    for stage in stages:
        name = names.get(key_of(stage), "")
        if name and name != stage.name:
            stage.name = name
    if added and added not in {stage.name for stage in stages}:
        if len(stages) >= MOST_STAGES:
            raise TooManyStagesError
        last = max(stage.place for stage in stages)
        session.add(PipelineStage(organisation_id=organisation.id, name=added, place=last + 1))
    _log(session, organisation, by, "pipeline.stages_changed")


def shift(session: Session, organisation: Organisation, by: int, key: str, step: int) -> None:
    """Move a stage one place to the left (-1) or to the right (1)."""
    stages = _locked(session, organisation)
    at = next((n for n, one in enumerate(stages) if key_of(one) == key), None)
    if at is None or not 0 <= at + step < len(stages):
        return
    stages[at], stages[at + step] = stages[at + step], stages[at]
    for place, stage in enumerate(stages):
        stage.place = place
    _log(session, organisation, by, "pipeline.stages_changed")


def remove(session: Session, organisation: Organisation, by: int, key: str) -> None:
    """Take an empty stage away; a firm that comes in at the same moment keeps it."""
    stages = _locked(session, organisation)
    stage = next((one for one in stages if key_of(one) == key), None)
    if stage is None:
        return
    if stage.code is StageCode.PASSED or len(stages) <= 2:
        raise StageNeededError
    firms = exists().where(PipelineEntry.stage_id == stage.id)
    gone = delete(PipelineStage).where(PipelineStage.id == stage.id, ~firms)
    try:
        done = session.execute(gone.execution_options(synchronize_session=False))
    except IntegrityError as error:
        raise StageNotEmptyError from error
    if not done.rowcount:  # type: ignore[attr-defined]
        raise StageNotEmptyError
    session.expunge(stage)
    _log(session, organisation, by, "pipeline.stages_changed")


def key_of(stage: PipelineStage) -> str:
    """What names a stage in forms, also before it is a row."""
    return stage.code.value if stage.code else stage.public_id


def _locked(session: Session, organisation: Organisation) -> list[PipelineStage]:
    """One at a time changes the stages of an organisation."""
    transactions.held(session, Organisation, organisation.id)
    found = written(session, organisation.id)
    for stage in found:
        session.refresh(stage)
    return found


def _log(session: Session, organisation: Organisation, by: int, event: str) -> None:
    session.flush()
    audit.record(
        session,
        event,
        account_id=by,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
    )
