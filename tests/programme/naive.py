"""The counts again, row by row and without any thought for speed: what roll-ups must equal."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.contacts.models import ContactRequest, Outcome
from matchmaker.organisations.models import IntroducerLink, Need, Offer, Organisation
from matchmaker.suggestions.models import Shown, Side
from matchmaker.vocabulary import places, sectors
from matchmaker.vocabulary.ownership import women_band


def needs(session: Session) -> list[Need]:
    return list(session.scalars(select(Need).where(Need.published_at.is_not(None))))


def introducers(session: Session, organisation_id: int) -> set[int]:
    links = session.scalars(
        select(IntroducerLink).where(IntroducerLink.organisation_id == organisation_id)
    )
    found = set()
    for link in links:
        introducer = session.get_one(Organisation, link.introducer_id)
        if link.ended_at is None and introducer.is_published and introducer.is_introducer:
            found.add(introducer.id)
    return found


def dimensions(session: Session, need: Need) -> dict[str, Any]:
    firm = session.get_one(Organisation, need.organisation_id)
    scheme = "instrument" if need.kind.value == "finance" else "service"
    return {
        "country": firm.country,
        "province": places.current(firm.province),
        "section": sectors.section_of(firm.sector) or "",
        "size": firm.size_class,
        "women": "" if firm.women_share is None else women_band(firm.women_share),
        "code": f"{scheme}:{need.code}",
        "lang": need.lang,
        "kind": need.kind.value,
        "introducer": introducers(session, firm.id),
    }


def requests(session: Session, need: Need) -> list[ContactRequest]:
    query = select(ContactRequest).where(ContactRequest.need_id == need.id)
    return list(session.scalars(query))


def is_agreed(session: Session, request: ContactRequest) -> bool:
    query = select(Outcome.code).where(Outcome.contact_request_id == request.id, Outcome.current)
    codes = set(session.scalars(query))
    return bool(codes & {"agreed", "part_agreed"}) and not codes & {"not_agreed", "no_contact"}


def is_met(session: Session, request: ContactRequest) -> bool:
    query = select(Outcome).where(Outcome.contact_request_id == request.id, Outcome.current)
    said = list(session.scalars(query))
    return any(row.met_at for row in said) and "no_contact" not in {row.code for row in said}


def count(session: Session, need: Need) -> Counter[str]:
    asked = requests(session, need)
    shown = list(session.scalars(select(Shown).where(Shown.need_id == need.id)))
    on_their_list = {
        session.get_one(Offer, row.offer_id).organisation_id
        for row in shown
        if row.side is Side.OFFER
    }
    states = Counter(row.state.value for row in asked)
    yes = [row for row in asked if row.state.value in ("accepted", "closed")]
    agreed = [row for row in asked if is_agreed(session, row)]
    met = [row for row in asked if is_met(session, row)]
    answered = [row for row in asked if row.answered_at]
    return Counter(
        needs=1,
        shown=bool(shown or asked),
        asked=bool(asked),
        answered=bool(answered),
        accepted=bool(yes),
        met=bool(met),
        agreed=bool(agreed),
        requests=len(asked),
        replies=len(answered),
        yes=len(yes),
        meetings=len(met),
        agreements=len(agreed),
        declined=states["declined"],
        expired=states["expired"],
        withdrawn=states["withdrawn"],
        seen_by=len(on_their_list),
    )


def reply_hours(session: Session, need: Need) -> list[float]:
    return [
        (row.answered_at - row.sent_at).total_seconds() / 3600
        for row in requests(session, need)
        if row.answered_at
    ]


def wait_until_asked(session: Session, need: Need) -> float | None:
    """Hours from when it was first shown, or published, to the first request."""
    sent = min((row.sent_at for row in requests(session, need)), default=None)
    if sent is None or need.published_at is None:
        return None
    days = session.scalars(select(Shown.day).where(Shown.need_id == need.id)).all()
    shown = min((datetime.combine(day, time(), UTC) for day in days), default=sent)
    before = max(need.published_at, min(shown, sent))
    return max((sent - before).total_seconds() / 3600, 0.0)
