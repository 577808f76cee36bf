"""The notices that those who sign in find: of their own requests in the last weeks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from matchmaker import notifications
from matchmaker.contacts.models import RequestState
from matchmaker.contacts.models.contact_request import other
from matchmaker.demo.history import Story
from matchmaker.demo.parties import Party
from matchmaker.demo.world import World
from matchmaker.notifications.models import Notice
from matchmaker.suggestions.models import Side

LATELY = timedelta(days=30)
#: After so long it has been read.
READ_AFTER = timedelta(days=5)
ANSWERS = {
    RequestState.ACCEPTED: "request.accepted",
    RequestState.CLOSED: "request.accepted",
    RequestState.DECLINED: "request.declined",
    RequestState.EXPIRED: "request.expired",
}


def tell_people(world: World, stories: Iterable[Story]) -> None:
    """Received by the asked side, answered to the side that asked."""
    members = _members(world)
    for story in stories:
        row, asked = story.row, story.asked
        until = notifications.day(row["expires_at"].date())
        _tell(world, members, story, "request.received", asked, row["sent_at"], until=until)
        kind = ANSWERS.get(row["state"])
        if kind is None:
            continue
        at = row["answered_at"] or row["closed_at"]
        reason = notifications.label("decline", row["decline_reason"])
        facts = {"reason": reason} if row["decline_reason"] else {}
        _tell(world, members, story, kind, other(asked), at, **facts)


def _members(world: World) -> dict[int, list[int]]:
    """Those of the ten who act for an organisation, by its id."""
    found: dict[int, list[int]] = {}
    ids = {row["id"] for row in world.people.values()}
    for party in (*world.offerers, *world.firms):
        if party.account_id in ids:
            found[party.id] = [int(party.account_id or 0)]
            if party.account_id == world.people["noy"]["id"]:
                found[party.id].append(world.people["kham"]["id"])
    return found


def _tell(
    world: World,
    members: dict[int, list[int]],
    story: Story,
    kind: str,
    side: Side,
    at: datetime,
    **facts: Any,
) -> None:
    scene = world.scene
    if scene.now - at > LATELY:
        return
    about = story.ask.offer if story.asked is Side.OFFER else story.ask.need
    for account_id in members.get(story.ask.party(side).id, ()):
        scene.sheet.add(
            Notice,
            public_id=scene.id(),
            account_id=account_id,
            kind=kind,
            facts={
                "title": about.row["title"],
                "party": _party(story.ask.party(other(side)), other(side)),
                "path": f"/requests/{story.row['public_id']}",
                **facts,
            },
            created_at=at,
            read_at=at + READ_AFTER if scene.now - at > READ_AFTER else None,
        )


def _party(party: Party, side: Side) -> str | dict[str, str]:
    """A firm that does not show its name is told by its place."""
    if side is Side.OFFER or party.row["show_name"]:
        return str(party.row["name"])
    return notifications.firm_in(party.row["province"])
