"""Answering a request: yes, with what is shared; or no, with a reason and a way on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matchmaker import notifications
from matchmaker.contacts import fields
from matchmaker.contacts.errors import BadAnswerError
from matchmaker.contacts.models import ANSWERABLE, ContactRequest, RequestState
from matchmaker.contacts.services import keeping, releases, telling
from matchmaker.contacts.services.messages import QUIET
from matchmaker.contacts.services.moves import Actor, feed_back, move, must_be
from matchmaker.errors import WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.transactions import held
from matchmaker.organisations.models import Need, Organisation
from matchmaker.organisations.services import reply_time, silence
from matchmaker.suggestions.models import FeedbackKind, Side
from matchmaker.suggestions.services import pairs
from matchmaker.tasks import TaskKind
from matchmaker.vocabulary.reasons import DECLINE_REASONS

#: So long after a no the two are not suggested to each other for this need.
FREEZE = timedelta(days=183)


def accept(session: Session, request: ContactRequest, by: Actor, chosen: Collection[str]) -> None:
    """Say yes and share the chosen fields; what the asker promised is shared with it."""
    must_be(request, by, request.asked)
    if request.asker_is_suspended:
        raise WrongState("who asked is suspended")
    keeping.hold(session, by, request.organisation_id(by.side))
    releases.check_choice(request, by.side, chosen)
    _answer(session, request, RequestState.ACCEPTED, by)
    releases.release(session, request, by.side, chosen, by.account_id)
    request.quiet_at = clock.now() + QUIET
    asker = request.organisation(request.asked_by)
    have = {field.name for field in fields.available(asker, request.asked_by)}
    promised = [name for name in request.promised if name in have]
    releases.release(session, request, request.asked_by, promised, request.sender_id)
    feed_back(session, request, FeedbackKind.ACCEPTED, by.side, by)
    telling.tell(session, request, "request.accepted", request.asked_by)


def decline(
    session: Session,
    request: ContactRequest,
    by: Actor,
    reason: str,
    note: str = "",
    *,
    block: bool = False,
) -> None:
    """Say no with a reason: the pair rests for six months, and an adviser looks for a way on.

    With ``block`` the two organisations rest, whatever else they look for or offer.
    """
    must_be(request, by, request.asked)
    if reason not in DECLINE_REASONS:
        raise BadAnswerError("reason")
    keeping.hold(session, by, request.organisation_id(by.side))
    # Asking holds the same lock: whoever asks next finds the freeze.
    held(session, Need, request.need_id)
    if block:
        # Before the organisations, as a yes and the calendar do: else two wait for each other.
        held(session, ContactRequest, request.id)
        for one in sorted({request.need_organisation_id, request.offer_organisation_id}):
            held(session, Organisation, one)
    _answer(session, request, RequestState.DECLINED, by, decline_reason=reason, decline_note=note)
    until = clock.now() + FREEZE
    pairs.close_pair(
        session, request.need, request.offer, reason=reason, until=until, whole_organisations=block
    )
    feed_back(session, request, FeedbackKind.DECLINED, by.side, by, reason)
    telling.open_task(session, request, TaskKind.AFTER_DECLINE, request.asked_by)
    facts: dict[str, Any] = {"reason": notifications.label("decline", reason)}
    if request.asked_by is Side.NEED:
        facts["way"] = notifications.label("decline_way", reason)
    telling.tell(session, request, "request.declined", request.asked_by, **facts)


def _answer(
    session: Session,
    request: ContactRequest,
    to: RequestState,
    by: Actor,
    **values: str,
) -> None:
    now: datetime = clock.now()
    move(
        session,
        request,
        ANSWERABLE,
        to,
        by,
        ContactRequest.expires_at > now,
        code=values.get("decline_reason", ""),
        answered_at=now,
        answered_by_id=by.account_id,
        **keeping.kept_by(by),
        **values,
    )
    waited = now - request.sent_at
    reply_time.note_reply(session, request.organisation_id(by.side), waited, now)
    silence.come_back(session, request.organisation_id(by.side), by.account_id)
