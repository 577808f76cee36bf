"""Model versions: which one is in force, and publishing another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, undefer

from matchmaker import audit, jobs
from matchmaker.extensions import changes, clock
from matchmaker.matching.model import Model
from matchmaker.matching.programme import programme_model
from matchmaker.suggestions.models import ModelState, ModelVersion

REBUILD = "suggestions.rebuild"
LEARN = "suggestions.learn"
PUBLISHED = "model.published"
#: The number of the programme's own weights, in force until a version is published.
FIRST = 1


@dataclass(frozen=True, slots=True)
class Version:
    """The version in force: its number, and its model as text."""

    number: int
    text: str

    def model(self) -> Model:
        return Model.from_json(self.text)


def in_force(session: Session) -> Version:
    row = session.scalars(
        select(ModelVersion)
        .where(ModelVersion.state == ModelState.PUBLISHED)
        .options(undefer(ModelVersion.content))
        .order_by(ModelVersion.number.desc())
        .limit(1)
    ).first()
    if row is None:
        return Version(FIRST, programme_model(str(FIRST)).to_json())
    return Version(row.number, row.content)


def number_in_force(session: Session) -> int:
    query = select(func.max(ModelVersion.number)).where(ModelVersion.state == ModelState.PUBLISHED)
    return session.scalar(query) or FIRST


def lock_in_force(session: Session) -> int:
    """The number in force, held until the end: of two who publish at once the second sees it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(ModelVersion.id).order_by(ModelVersion.id).with_for_update())
    return number_in_force(session)


def next_number(session: Session) -> int:
    return max(session.scalar(select(func.max(ModelVersion.number))) or 0, FIRST) + 1


def draft(session: Session, content: str, *, figures: dict[str, Any], note: str) -> ModelVersion:
    """Keep a model for staff to look at; nothing changes for anybody."""
    row = ModelVersion(
        number=next_number(session), content=content, figures=figures, note=note[:200]
    )
    session.add(row)
    session.flush()
    return row


def publish(session: Session, row: ModelVersion, by: int | None, code: str = "") -> None:
    """Put a version in force: workers change over, all together, when its index is built.

    ``code`` says in the audit log how it came to that, beside who and when.
    """
    session.execute(
        update(ModelVersion)
        .where(ModelVersion.state == ModelState.PUBLISHED, ModelVersion.id != row.id)
        .values(state=ModelState.RETIRED)
    )
    row.state, row.published_at, row.published_by_id = ModelState.PUBLISHED, clock.now(), by
    session.flush()
    audit.record(
        session,
        PUBLISHED,
        account_id=by,
        subject=ModelVersion.__tablename__,
        subject_id=row.id,
        code=code,
    )
    changes.note(session, changes.ChangeKind.MODEL, row.id)
    jobs.enqueue(session, REBUILD, key=REBUILD)
