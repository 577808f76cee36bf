"""A request that was said yes to, and what its two sides do in the conversation."""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.contacts import services
from matchmaker.contacts.models import ContactRequest, Meeting, Message
from matchmaker.contacts.services import meetings, messages
from matchmaker.extensions import clock
from matchmaker.suggestions.models import Side
from tests.contacts.scene import Scene


def accepted(scene: Scene) -> ContactRequest:
    request = scene.send()
    services.accept(scene.session, request, scene.actor(Side.OFFER), ["contact_email"])
    scene.session.commit()
    return request


def say(
    scene: Scene, request: ContactRequest, side: Side, text: str = "Hello", form: str | None = None
) -> Message:
    by = scene.actor(side)
    once = form or f"{text}-{clock.now().timestamp()}"
    row = messages.write(scene.session, request, by, text, "en", once)
    scene.session.commit()
    return row


def in_days(*days: int) -> list[datetime]:
    noon = clock.now().replace(minute=0, second=0, microsecond=0)
    return [noon + timedelta(days=day) for day in days]


def propose(scene: Scene, request: ContactRequest, side: Side, *days: int) -> Meeting:
    made = meetings.Proposal(in_days(*(days or (2, 3))), "Asia/Vientiane", place="Ban Xieng Muan")
    row = meetings.propose(scene.session, request, scene.actor(side), made)
    scene.session.commit()
    return row
