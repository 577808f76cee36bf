"""Success stories: only of what both confirmed, with the consent of both, read by staff first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload, selectinload

from matchmaker import audit, tasks
from matchmaker.contacts.models import ContactRequest, Outcome, Story, StoryPart, StoryState
from matchmaker.contacts.services import outcomes, telling
from matchmaker.contacts.services.moves import Actor
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.database import new_public_id
from matchmaker.organisations.models import Organisation, OrganisationState
from matchmaker.suggestions.models import Side
from matchmaker.tasks import TaskKind
from matchmaker.tasks.services import settle

BOTH = len(Side)
#: On the visitor's page.
SHOWN = 3


def may_be_told(said: Sequence[Outcome]) -> bool:
    """Both sides say that they agreed."""
    now = outcomes.present(said)
    return len(now) == BOTH and all(row.code in outcomes.AGREED for row in now.values())


def of_request(session: Session, request: ContactRequest) -> Story | None:
    query = select(Story).where(Story.contact_request_id == request.id)
    return session.scalars(query.options(joinedload(Story.parts))).unique().first()


def give(session: Session, request: ContactRequest, by: Actor, text: str, lang: str) -> None:
    """One side's words and its consent; with both of them staff are asked to read it."""
    _lock(session, request)
    if not may_be_told(outcomes.sayings(session, request)):
        raise WrongState("the two sides do not both say that they agreed")
    dialect = _dialect(session)
    session.execute(
        dialect.insert(Story)
        .values(contact_request_id=request.id, public_id=new_public_id(), state=StoryState.OPEN,
                version=1)
        .on_conflict_do_nothing(index_elements=["contact_request_id"])
    )  # fmt: skip
    story = session.scalars(select(Story).where(Story.contact_request_id == request.id)).one()
    values = {
        "text": text,
        "lang": lang,
        "account_id": by.account_id,
        "consented_at": clock.now(),
    }
    session.execute(
        dialect.insert(StoryPart)
        .values(story_id=story.id, side=by.side, **values)
        .on_conflict_do_update(index_elements=["story_id", "side"], set_=values)
    )
    _after_change(session, request, story, by, "story.given")


def take_back(session: Session, request: ContactRequest, by: Actor) -> None:
    """At any time, by either: from the next page on nobody sees the story."""
    _lock(session, request)
    story = of_request(session, request)
    if story is None or story.part(by.side) is None:
        raise WrongState("there is nothing to take back")
    mine = (StoryPart.story_id == story.id, StoryPart.side == by.side)
    session.execute(delete(StoryPart).where(*mine).execution_options(synchronize_session="fetch"))
    _after_change(session, request, story, by, "story.taken_back")


def _after_change(
    session: Session, request: ContactRequest, story: Story, by: Actor, event: str
) -> None:
    parts = select(func.count()).where(StoryPart.story_id == story.id)
    whole = session.scalar(parts) == BOTH
    story.state = StoryState.IN_REVIEW if whole else StoryState.OPEN
    story.version, story.published_at = story.version + 1, None
    session.flush()
    session.expire(story, ["parts"])
    firm = request.need_organisation
    if whole:
        tasks.open(
            session, TaskKind.STORY, "story", story.id,
            province=firm.province, organisation_id=firm.id, facts={"public_id": story.public_id},
        )  # fmt: skip
    else:
        settle(session, TaskKind.STORY, "story", story.id)
    _record(session, story, event, by.account_id)


def review(session: Session, story: Story, version: int, by_id: int, *, publish: bool) -> None:
    """Staff show it or send it back; WrongState when its words are no longer those they read."""
    request = story.contact_request
    _lock(session, request)
    if publish and not may_be_told(outcomes.sayings(session, request)):
        raise WrongState("the two sides no longer both say that they agreed")
    to = StoryState.PUBLISHED if publish else StoryState.SENT_BACK
    done = session.scalar(
        update(Story)
        .where(Story.id == story.id, Story.state == StoryState.IN_REVIEW, Story.version == version)
        .values(state=to, published_at=clock.now() if publish else None)
        .returning(Story.id)
        .execution_options(synchronize_session="fetch")
    )
    if done is None:
        raise WrongState("the story has changed")
    settle(session, TaskKind.STORY, "story", story.id)
    kind = "story.published" if publish else "story.sent_back"
    _record(session, story, kind, by_id)
    for side in Side:
        telling.tell(session, request, kind, side)


def shown(session: Session, limit: int = SHOWN) -> list[Story]:
    """What visitors see, the newest first: a word changed since takes it away at once."""
    query = (
        select(Story)
        .join(ContactRequest, ContactRequest.id == Story.contact_request_id)
        .where(Story.state == StoryState.PUBLISHED, _still_agreed(), *_both_published())
        .options(
            selectinload(Story.parts),
            joinedload(Story.contact_request).joinedload(ContactRequest.need_organisation),
            joinedload(Story.contact_request).joinedload(ContactRequest.offer_organisation),
        )
        .order_by(Story.published_at.desc(), Story.id.desc())
    )
    return list(session.scalars(query.limit(limit)))


def find(session: Session, public_id: str) -> Story | None:
    query = select(Story).where(Story.public_id == public_id)
    return session.scalars(query.options(joinedload(Story.parts))).unique().first()


def _still_agreed() -> ColumnElement[bool]:
    agreed = select(func.count()).where(
        Outcome.contact_request_id == Story.contact_request_id,
        Outcome.current,
        Outcome.code.in_(outcomes.AGREED),
    )
    return agreed.scalar_subquery() == BOTH


def _both_published() -> list[ColumnElement[bool]]:
    published = Organisation.state == OrganisationState.PUBLISHED
    return [
        ContactRequest.need_organisation.has(published),
        ContactRequest.offer_organisation.has(published),
    ]


def _lock(session: Session, request: ContactRequest) -> None:
    """What is said of the outcome holds the same lock."""
    lock: dict[str, Any] = {"with_for_update": {"key_share": True}, "populate_existing": True}
    session.get(ContactRequest, request.id, **lock)


def _record(session: Session, story: Story, event: str, account_id: int | None) -> None:
    audit.record(session, event, account_id=account_id, subject="story", subject_id=story.id)


def _dialect(session: Session) -> Any:
    return postgresql if session.get_bind().dialect.name == "postgresql" else sqlite


def forget_person(session: Session, account_id: int) -> int:
    """Their words go, and with them the story, until somebody of the side writes it anew."""
    mine = select(StoryPart.story_id).where(StoryPart.account_id == account_id)
    session.execute(
        update(Story)
        .where(Story.id.in_(mine))
        .values(state=StoryState.OPEN, published_at=None, version=Story.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    gone = session.execute(delete(StoryPart).where(StoryPart.account_id == account_id))
    return int(gone.rowcount)  # type: ignore[attr-defined]
