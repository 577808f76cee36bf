"""A contact request from its first day to where it stands now, as the services write it."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from matchmaker.audit.models import AuditEvent
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services.asking import DAYS_TO_ANSWER
from matchmaker.contacts.services.ending import REMIND_AFTER
from matchmaker.demo import draw, library
from matchmaker.demo.listings import Listing
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.suggestions.models import Feedback, FeedbackKind, Side
from matchmaker.suggestions.versions import FIRST

#: Points at which every second answer is a yes, and how steeply more points help.
EVEN, SLOPE = 55.0, 9.0
TAKEN_BACK = 0.2


class Fate(enum.Enum):
    YES = "yes"
    NO = "no"
    SILENCE = "silence"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True)
class Ask:
    need: Listing
    offer: Listing
    side: Side
    sent_at: datetime
    score: float
    reasons: Mapping[str, Any] = field(default_factory=dict)
    #: Empty: drawn by the temper of who is asked.
    fate: Fate | None = None
    #: Hours until the answer; empty: drawn too.
    hours: float | None = None
    #: What both say came of a yes; empty: drawn, and whether they say it.
    came_of: str = ""

    def party(self, side: Side) -> Party:
        return self.need.party if side is Side.NEED else self.offer.party


@dataclass(slots=True)
class Story:
    """One request while it is told; keeps row, events, feedback and audit log in step."""

    scene: Scene
    ask: Ask
    row: Row
    log: bool = True
    events: list[Row] = field(default_factory=list)

    @property
    def asked(self) -> Side:
        return other(self.ask.side)

    def account(self, side: Side | None) -> int | None:
        return self.ask.party(side).account_id if side else None

    def note(self, kind: EventKind, side: Side | None, at: datetime, code: str = "") -> None:
        self.events.append({"kind": kind, "side": side, "at": at, "code": code})

    def keep(self, side: Side) -> None:
        """Whoever acted for a side looks after it."""
        self.row["need_keeper_id" if side is Side.NEED else "offer_keeper_id"] = self.account(side)

    def write_events(self) -> None:
        """In the order in which they happened, which is how the page lists them."""
        for event in sorted(self.events, key=lambda event: event["at"]):
            by = self.account(event["side"])
            values = {"account_id": by, "code": event["code"], "at": event["at"]}
            request_id = self.row["id"]
            self.scene.sheet.add(
                ContactEvent,
                contact_request_id=request_id,
                kind=event["kind"],
                side=event["side"],
                **values,
            )
            if self.log:
                self.scene.sheet.add(
                    AuditEvent,
                    event=f"request.{event['kind']}",
                    subject="contact_request",
                    subject_id=request_id,
                    organisation_id=self.ask.party(event["side"]).id if event["side"] else None,
                    **values,
                )

    def add_event(self, kind: EventKind, side: Side, at: datetime, code: str = "") -> None:
        """One more after the others were written."""
        self.events = []
        self.note(kind, side, at, code)
        self.write_events()

    def move(
        self, to: RequestState, side: Side | None, at: datetime, code: str = "", **values: Any
    ) -> None:
        self.row |= {"state": to, "version": self.row["version"] + 1, **values}
        self.note(EventKind(to.value), side, at, code)

    def feed_back(
        self, kind: FeedbackKind, side: Side, at: datetime, reason: str = "", by: bool = True
    ) -> None:
        self.scene.sheet.add(
            Feedback,
            need_id=self.row["need_id"],
            offer_id=self.row["offer_id"],
            kind=kind,
            side=side,
            reason=reason,
            account_id=self.account(side) if by else None,
            at=at,
            model_version=FIRST,
            score=self.row["score"],
        )


def begin(scene: Scene, ask: Ask, log: bool = True) -> Story:
    """The request on the day it is sent."""
    sender = ask.party(ask.side)
    lang = sender.lang
    kind = "ask" if ask.side is Side.NEED else "offer"
    row = scene.sheet.add(
        ContactRequest,
        public_id=scene.id(),
        version=1,
        need_id=ask.need.id,
        offer_id=ask.offer.id,
        need_organisation_id=ask.need.party.id,
        offer_organisation_id=ask.offer.party.id,
        asked_by=ask.side,
        sender_id=sender.account_id,
        message=scene.rng.choice(library.sentences(kind, lang)),
        lang=lang,
        promised=[],
        state=RequestState.SENT,
        decline_reason="",
        decline_note="",
        score=ask.score,
        reasons=dict(ask.reasons),
        model_version=FIRST,
        sent_at=ask.sent_at,
        expires_at=ask.sent_at + timedelta(days=DAYS_TO_ANSWER),
        seen_at=None,
        answered_at=None,
        answered_by_id=None,
        need_keeper_id=None,
        offer_keeper_id=None,
        reminders=0,
        closed_at=None,
        quiet_at=None,
    )
    story = Story(scene, ask, row, log)
    story.keep(ask.side)
    story.note(EventKind.SENT, ask.side, ask.sent_at)
    story.feed_back(FeedbackKind.ASKED, ask.side, ask.sent_at)
    sender.seen(ask.sent_at)
    return story


def fate_of(scene: Scene, ask: Ask) -> Fate:
    asked = ask.party(other(ask.side))
    if ask.fate is not None:
        return ask.fate
    if asked.account_id is None or not draw.chance(scene.rng, asked.temper.replies):
        return Fate.TAKEN_BACK if draw.chance(scene.rng, TAKEN_BACK) else Fate.SILENCE
    likely = 1 / (1 + math.exp((EVEN - ask.score - asked.temper.kindness) / SLOPE))
    return Fate.YES if draw.chance(scene.rng, likely) else Fate.NO


def answer_time(scene: Scene, ask: Ask) -> datetime:
    """Some answer within the hour, some on the last day: log-normal around the temper's hours."""
    asked = ask.party(other(ask.side))
    hours = ask.hours
    if hours is None:
        hours = min(scene.rng.lognormvariate(math.log(asked.temper.hours), 0.9), 20 * 24)
    return ask.sent_at + timedelta(minutes=max(int(hours * 60), 4))


def see(story: Story, at: datetime) -> None:
    if story.account(story.asked) is not None and at <= story.scene.now:
        story.row["seen_at"] = at
        story.note(EventKind.SEEN, story.asked, at)


def remind(story: Story, until: datetime) -> None:
    """Each reminder that fell due before it was answered, withdrawn or over."""
    for after in REMIND_AFTER:
        at = story.ask.sent_at + after
        if at < min(until, story.scene.now):
            story.row["reminders"] += 1
            story.note(EventKind.REMINDED, None, at + timedelta(minutes=20))
