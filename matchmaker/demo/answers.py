"""How requests of the demo go on: yes, no, silence, taken back, and what came of a yes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from matchmaker.contacts import fields
from matchmaker.contacts.models import ContactView, Outcome, Release, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services.answering import FREEZE
from matchmaker.contacts.services.outcomes import FINAL, MET
from matchmaker.demo import draw, library
from matchmaker.demo.history import Ask, Fate, Story, answer_time, begin, fate_of, remind, see
from matchmaker.demo.parties import Party, Scene
from matchmaker.organisations.models import Kind, Organisation, PublicationState
from matchmaker.organisations.services.reply_time import bin_of
from matchmaker.suggestions.models import ClosedPair, FeedbackKind, Side
from matchmaker.vocabulary.bands import usd_band
from matchmaker.vocabulary.reasons import NO_CONTACT

#: Decline reasons by how often they are given, for money and for services.
REASONS = {
    Kind.FINANCE: ("papers_missing", "too_early", "too_small", "not_now", "full", "not_sector"),
    Kind.SERVICE: ("full", "price", "cannot_do", "not_now", "not_place", "more_detail"),
}
FIRMS_SAY = ("not_now", "price", "already_served", "other")
#: (outcome, of a hundred) three weeks to four months after a yes.
OUTCOMES = (("agreed", 38), ("part_agreed", 12), ("met", 8), ("talking", 10),
            ("not_agreed", 22), ("no_contact", 10))  # fmt: skip
CLOSES_NEED = 0.5
#: When the two meet, as a part of the time until one says what came of it.
MET_BY = 0.4


def tell(scene: Scene, ask: Ask, log: bool = True) -> Story:
    """The whole life of a request up to now."""
    story = begin(scene, ask, log)
    fate = fate_of(scene, ask)
    if fate is Fate.YES or fate is Fate.NO:
        _answer(story, fate)
    elif fate is Fate.TAKEN_BACK:
        _take_back(story)
    else:
        _silence(story)
    story.write_events()
    return story


def _answer(story: Story, fate: Fate) -> None:
    ask, scene = story.ask, story.scene
    at = answer_time(scene, ask)
    see(story, ask.sent_at + (at - ask.sent_at) * scene.rng.uniform(0.3, 0.95))
    remind(story, at)
    if fate is Fate.YES:
        story.row["promised"] = [field for field, _ in _shareable(ask.party(ask.side), ask.side)]
    if at > scene.now:
        return
    asked = ask.party(story.asked)
    asked.bins[bin_of((at - ask.sent_at).total_seconds() / 3600)] += 1
    asked.seen(at)
    story.keep(story.asked)
    answered: dict[str, Any] = {"answered_at": at, "answered_by_id": asked.account_id}
    if fate is Fate.NO:
        _decline(story, at, **answered)
        return
    story.move(RequestState.ACCEPTED, story.asked, at, **answered)
    story.feed_back(FeedbackKind.ACCEPTED, story.asked, at)
    _release(story, at)
    _afterwards(story, at)


def _decline(story: Story, at: datetime, **answered: Any) -> None:
    rng, ask = story.scene.rng, story.ask
    choices = REASONS[ask.need.kind] if story.asked is Side.OFFER else FIRMS_SAY
    reason = rng.choices(choices, range(len(choices) + 1, 1, -1))[0]
    lang = ask.party(story.asked).lang
    note = rng.choice(library.sentences("note", lang)) if draw.chance(rng, 0.3) else ""
    story.move(
        RequestState.DECLINED, story.asked, at, reason,
        decline_reason=reason, decline_note=note, **answered,
    )  # fmt: skip
    story.scene.sheet.add(
        ClosedPair,
        need_organisation_id=ask.need.party.id,
        offer_organisation_id=ask.offer.party.id,
        need_id=ask.need.id,
        offer_id=None,
        until=at + FREEZE,
        reason=reason,
        created_at=at,
    )
    story.feed_back(FeedbackKind.DECLINED, story.asked, at, reason)


def _take_back(story: Story) -> None:
    ask, rng = story.ask, story.scene.rng
    at = ask.sent_at + draw.days(rng, 1, 18)
    if draw.chance(rng, 0.4):
        see(story, ask.sent_at + (at - ask.sent_at) * rng.random())
    remind(story, at)
    if at <= story.scene.now:
        story.move(RequestState.WITHDRAWN, ask.side, at, closed_at=at)
        story.feed_back(FeedbackKind.WITHDRAWN, ask.side, at)


def _silence(story: Story) -> None:
    rng, end = story.scene.rng, story.row["expires_at"]
    if draw.chance(rng, 0.45):
        see(story, story.ask.sent_at + draw.days(rng, 0.1, 20))
    remind(story, end)
    if end <= story.scene.now:
        at = end + timedelta(minutes=rng.randrange(60))
        story.move(RequestState.EXPIRED, None, at, closed_at=at)
        story.feed_back(FeedbackKind.EXPIRED, story.asked, at, by=False)


def _shareable(party: Party, side: Side) -> Sequence[tuple[str, str]]:
    """What most people tick, with what it says: enough to call back, not where they live."""
    organisation = cast(Organisation, SimpleNamespace(**party.row))
    found = fields.available(organisation, side)
    return [
        (field.name, fields.value(organisation, field.name))
        for field in found
        if field.name != "contact_address"
    ]


def _release(story: Story, at: datetime) -> None:
    """What the one who said yes shares, and what the asker promised; each looks at it."""
    for side in (story.asked, story.ask.side):
        owner, reader = story.ask.party(side), story.ask.party(other(side))
        names = [name for name, _ in _shareable(owner, side)]
        for name in names:
            story.scene.sheet.add(
                Release,
                contact_request_id=story.row["id"],
                organisation_id=owner.id,
                to_organisation_id=reader.id,
                field=name,
                released_by_id=owner.account_id,
                released_at=at,
                revoked_at=None,
                revoked_by_id=None,
            )
        if names and reader.account_id is not None and draw.chance(story.scene.rng, 0.85):
            _look(story, owner, reader, sorted(names), at)


def _look(story: Story, owner: Party, reader: Party, names: list[str], at: datetime) -> None:
    seen = min(at + draw.days(story.scene.rng, 0, 4), story.scene.now)
    story.scene.sheet.add(
        ContactView,
        contact_request_id=story.row["id"],
        organisation_id=owner.id,
        viewer_organisation_id=reader.id,
        account_id=reader.account_id,
        fields=names,
        fields_key=",".join(names),
        day=seen.date(),
        first_at=seen,
        last_at=seen,
        times=story.scene.rng.randint(1, 4),
    )


def _afterwards(story: Story, accepted: datetime) -> None:
    """Each side may say what came of it; mostly they say the same."""
    rng = story.scene.rng
    drawn = rng.choices([code for code, _ in OUTCOMES], [share for _, share in OUTCOMES])[0]
    sure = story.ask.came_of
    code = sure or drawn
    at = accepted + draw.days(rng, 20, 110)
    for side, says in ((story.ask.side, 0.75), (story.asked, 0.55)):
        tells = draw.chance(rng, says) or sure
        if at > story.scene.now or story.account(side) is None or not tells:
            continue
        _say(story, side, code, at, accepted + MET_BY * (at - accepted))
        at += draw.days(rng, 0.5, 12)


def _say(story: Story, side: Side, code: str, at: datetime, met: datetime) -> None:
    """Every other pair that came to an end tells first that it met."""
    tells = code in FINAL and code != NO_CONTACT and story.row["id"] % 2 == 0
    met_at = met if tells else at if code in MET else None
    if tells:
        _keep(story, side, "met", met, met, current=False)
    _keep(story, side, code, at, met_at)
    if tells or code == "met":
        story.feed_back(FeedbackKind.MET, side, met if tells else at, "met")
    if tells:
        story.note(EventKind.OUTCOME, side, met, "met")
    story.note(EventKind.OUTCOME, side, at, code)
    if code not in FINAL:
        return
    story.feed_back(FINAL[code], side, at, code)
    if story.row["state"] is RequestState.ACCEPTED:
        story.move(RequestState.CLOSED, side, at, closed_at=at)
    if side is Side.NEED and code == "agreed":
        _close_need(story, at + timedelta(hours=1))


def _keep(
    story: Story, side: Side, code: str, at: datetime, met: datetime | None, current: bool = True
) -> None:
    """Who agreed in full names the range that was asked for, or in a third the amount itself."""
    need = story.ask.need.row
    known = code == "agreed" and need["band_low"] is not None
    exact = known and story.row["id"] % 3 == 0
    story.scene.sheet.add(
        Outcome,
        contact_request_id=story.row["id"],
        side=side,
        current=current,
        code=code,
        amount_band=usd_band(need["band_low"]).key if known else "",
        amount_minor=need["amount_minor"] if exact else None,
        currency=need["currency"] if exact else "",
        account_id=story.account(side),
        at=at,
        met_at=met,
    )


def _close_need(story: Story, at: datetime) -> None:
    """Who has what it looked for often says so."""
    need, scene = story.ask.need, story.scene
    is_open = need.row["state"] is PublicationState.PUBLISHED and at < scene.now
    if is_open and draw.chance(scene.rng, CLOSES_NEED):
        need.close(at, "answered_here")
