"""What waits on the programme's desk: reviews, second looks, tasks; and what it did before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from matchmaker.audit.models import AuditEvent
from matchmaker.contacts.models import RequestState
from matchmaker.demo import draw
from matchmaker.demo.history import Story
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.organisations.models import OrganisationState
from matchmaker.tasks import Task, TaskKind, TaskState

State = OrganisationState
#: How many firms are not published (yet).
UNPUBLISHED = (
    *(State.IN_REVIEW,) * 11,
    *(State.SENT_BACK,) * 4,
    *(State.DRAFT,) * 5,
    *(State.SUSPENDED,) * 2,
)
SECOND_LOOKS = 9
#: A task younger than this may still be open.
FRESH = timedelta(days=21)
NOTES = (
    "Please tell us what you make: the page only says “trade”.",
    "The registration number has a digit too few. Please look at your paper and write it again.",
    "Is this the same firm as the one in the next village? Then one page is enough.",
    "Please write the name in your own script as well.",
)


def unpublish(scene: Scene, firms: Sequence[Party]) -> None:
    """Take some firms back to the days before their publication."""
    for state, firm in zip(UNPUBLISHED, scene.rng.sample(firms, len(UNPUBLISHED)), strict=True):
        submitted = scene.now - draw.days(scene.rng, 0.3, 11)
        if state is State.SUSPENDED:
            firm.row |= {"state": state, "review_note": "Asked firms for money in advance."}
            continue
        firm.row |= {
            "state": state,
            "created_at": submitted - timedelta(days=1),
            "submitted_at": None if state is State.DRAFT else submitted,
            "published_at": None,
            "last_active_at": submitted,
            "updated_at": submitted,
            "review_note": scene.rng.choice(NOTES) if state is State.SENT_BACK else "",
        }
        if state is State.DRAFT:
            firm.row["steps_done"] = ["name", "sector"]
        if state is State.IN_REVIEW:
            open_task(scene, TaskKind.REVIEW, "organisation", firm.id, firm, submitted)


def ask_second_looks(scene: Scene, firms: Iterable[Party]) -> None:
    published = [firm for firm in firms if firm.row["state"] is State.PUBLISHED]
    for firm in scene.rng.sample(published, SECOND_LOOKS):
        at = max(scene.now - draw.days(scene.rng, 0.1, 6), firm.row["published_at"])
        firm.row |= {"second_look_at": at, "updated_at": at, "version": 3}
        firm.seen(at)
        open_task(scene, TaskKind.SECOND_LOOK, "organisation", firm.id, firm, at)


def look_after(scene: Scene, story: Story, officer_id: int) -> None:
    """What a request leaves to do, done meanwhile or not."""
    row, ask = story.row, story.ask
    asker, asked = ask.party(ask.side), ask.party(story.asked)
    if asked.account_id is None:
        kind, firm, at = TaskKind.NOBODY_HOME, asked, row["sent_at"]
        _task(scene, kind, story, firm, at, officer_id)
    if row["state"] is RequestState.DECLINED:
        _task(scene, TaskKind.AFTER_DECLINE, story, asker, row["answered_at"], officer_id)
    if row["state"] is RequestState.EXPIRED:
        _task(scene, TaskKind.AFTER_SILENCE, story, asker, row["closed_at"], officer_id)


def _task(
    scene: Scene, kind: TaskKind, story: Story, firm: Party, at: datetime, officer_id: int
) -> None:
    waits = scene.now - at < FRESH and draw.chance(scene.rng, 0.7)
    task = open_task(scene, kind, "contact_request", story.row["id"], firm, at)
    task["facts"] = {
        "reason": story.row["decline_reason"],
        "province": firm.row["province"],
        "public_id": story.row["public_id"],
    }
    if not waits:
        done = min(at + draw.days(scene.rng, 0.5, 12), scene.now)
        task |= {"state": TaskState.DONE, "done_at": done, "done_by_id": officer_id}
    elif draw.chance(scene.rng, 0.25):
        task["assigned_to_id"] = officer_id
    if task["state"] is TaskState.OPEN and firm.adviser_id is not None:
        task["assigned_to_id"] = firm.adviser_id


def open_task(
    scene: Scene, kind: TaskKind, subject: str, subject_id: int, firm: Party, at: datetime
) -> Row:
    return scene.sheet.add(
        Task,
        public_id=scene.id(),
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        province=firm.row["province"] or None,
        organisation_id=firm.id,
        facts={},
        state=TaskState.OPEN,
        assigned_to_id=None,
        opened_at=at,
        done_at=None,
        done_by_id=None,
    )


def log_publications(scene: Scene, parties: Iterable[Party], officer_id: int) -> None:
    """The audit log begins with who was published, and by whom."""
    for party in parties:
        if party.row["published_at"] is None:
            continue
        scene.sheet.add(
            AuditEvent,
            event="organisation.published",
            subject="organisation",
            subject_id=party.id,
            organisation_id=party.id,
            account_id=officer_id,
            code="",
            at=party.row["published_at"],
        )
