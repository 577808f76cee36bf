"""What two write to each other after a yes: mostly a few lines, sometimes hundreds."""

from __future__ import annotations

from datetime import datetime, timedelta

from matchmaker.contacts.models import Message, MessageMark, RequestState
from matchmaker.contacts.services.messages import QUIET
from matchmaker.demo import draw, library
from matchmaker.demo.history import Story
from matchmaker.demo.sheet import Row
from matchmaker.suggestions.models import Side

#: How steep the power law of their number is, and the most that two write.
STEEP, MOST = 1.2, 300
#: One conversation in five has a last message that nobody has read.
UNREAD = 0.2
SENTENCES = {Side.NEED: "ask", Side.OFFER: "offer"}


def talk(story: Story) -> None:
    """Write the messages of a request that was accepted, and who has read how far."""
    scene, row = story.scene, story.row
    if row["answered_at"] is None or row["state"] is RequestState.DECLINED:
        return
    at, last = row["answered_at"], dict[Side, Row]()
    for number in range(min(int(scene.rng.paretovariate(STEEP)), MOST)):
        at += draw.days(scene.rng, 0.02, 3)
        if at > scene.now:
            break
        side = (story.ask.side, story.asked)[number % 2]
        last[side] = _message(story, side, at)
        row["quiet_at"] = at + QUIET
    for writer, message in last.items():
        _mark(story, story.asked if writer is story.ask.side else story.ask.side, message)


def _message(story: Story, side: Side, at: datetime) -> Row:
    party, sheet = story.ask.party(side), story.scene.sheet
    message = sheet.add(
        Message,
        public_id=story.scene.id(),
        contact_request_id=story.row["id"],
        side=side,
        account_id=party.account_id,
        text=story.scene.rng.choice(library.sentences(SENTENCES[side], party.lang)),
        lang=party.lang,
        at=at,
    )
    message["key"] = str(message["id"])
    return message


def _mark(story: Story, reader: Side, message: Row) -> None:
    account = story.account(reader)
    if account is None:
        return
    read = not draw.chance(story.scene.rng, UNREAD)
    story.scene.sheet.add(
        MessageMark,
        account_id=account,
        contact_request_id=story.row["id"],
        newest_id=message["id"],
        read_id=message["id"] if read else 0,
        read_at=message["at"] + timedelta(hours=2) if read else None,
    )
