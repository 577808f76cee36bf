"""What the bank waits for in its talk with Noy: a time to meet, and a paper."""

from __future__ import annotations

from datetime import timedelta

from matchmaker.contacts.models import AskState, EvidenceAsk, Meeting, MeetingState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.demo.history import Story
from matchmaker.suggestions.models import Side


def propose_dates(story: Story) -> None:
    """Two times that lie ahead, for Noy to answer."""
    now = story.scene.now
    noon = now.replace(hour=2, minute=0, second=0, microsecond=0)
    proposed = min(story.row["answered_at"] + timedelta(hours=190), now)
    story.scene.sheet.add(
        Meeting,
        public_id=story.scene.id(),
        contact_request_id=story.row["id"],
        side=Side.OFFER,
        asked_organisation_id=story.ask.need.party.id,
        account_id=story.account(Side.OFFER),
        last_at=noon + timedelta(days=7),
        times=[(noon + timedelta(days=days)).isoformat() for days in (5, 7)],
        time_zone="Asia/Vientiane",
        place="Paksong",
        by_telephone=False,
        state=MeetingState.OPEN,
        starts_at=None,
        proposed_at=proposed,
        answered_at=None,
    )
    story.add_event(EventKind.DATES_PROPOSED, Side.OFFER, proposed)


def ask_for_plan(story: Story) -> None:
    """A paper that the bank still waits for."""
    at = min(story.row["answered_at"] + timedelta(hours=191), story.scene.now)
    story.scene.sheet.add(
        EvidenceAsk,
        public_id=story.scene.id(),
        contact_request_id=story.row["id"],
        asked_by=Side.OFFER,
        asked_organisation_id=story.ask.need.party.id,
        fact="business_plan",
        question="",
        why="Our committee reads it before we visit.",
        lang="en",
        account_id=story.account(Side.OFFER),
        asked_at=at,
        state=AskState.OPEN,
        answer="",
        answer_lang="en",
        answered_by_id=None,
        ended_at=None,
    )
    story.add_event(EventKind.ASKED_FOR_MORE, Side.OFFER, at)
