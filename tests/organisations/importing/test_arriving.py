"""Many at once come in as they would one by one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent
from matchmaker.extensions.changes import Change
from matchmaker.organisations import services
from matchmaker.organisations.models import (
    BusinessId,
    Criterion,
    IntroducerLink,
    Need,
    Offer,
    Organisation,
    OrganisationFact,
)
from matchmaker.organisations.services import criteria, introducer_link
from matchmaker.organisations.services.arriving import Arrival, Entry, arrive, consented
from matchmaker.organisations.services.need import drafted_need
from matchmaker.organisations.services.offer import drafted_offer
from matchmaker.organisations.services.organisation import drafted
from matchmaker.tasks.models import Task, TaskState
from tests.factories import AccountFactory, OrganisationFactory

FIRM = {
    "is_firm": True, "name": "Nam Khan Coffee", "country": "LA", "province": "LA-LP",
    "plain_sector": "COFFEE_ROASTING", "sector": "1079", "staff": 12, "contact_name": "Mali",
}  # fmt: skip
NEED = {
    "kind": "finance", "code": "TERM_LOAN", "title": "A dryer", "amount_minor": 80_000_000,
    "currency": "LAK", "purpose": "EQUIPMENT", "lang": "en",
}  # fmt: skip
OFFER = {
    "kind": "finance", "code": "TERM_LOAN", "title": "Loan", "amount_min_minor": 5000,
    "amount_max_minor": 9000, "currency": "USD",
}  # fmt: skip
RULES = criteria.to_rules(criteria.to_values(()) | {"places": ["LA-LP"], "age_min": 2})
IDS = [("LA-ERC", "01-00012345"), ("LA-TIN", "123456789012")]
FACTS = {"registration": True, "licence": False}
OWN = ("id", "public_id", "created_at", "updated_at", "published_at", "submitted_at", "expires_at",
       "stated_at", "consent_at", "second_look_at", "version", "organisation_id", "offer_id",
       "name", "name_key", "search_key")  # fmt: skip


def one_by_one(session: Session, introducer: Organisation, by: int, how: Entry) -> Organisation:
    row = services.create_organisation(session, by, owned=False, **FIRM)
    services.set_business_ids(session, row, by, IDS)
    services.state_facts(session, row, by, FACTS)
    services.create_need(session, row, by, **NEED)
    services.create_offer(session, row, by, criteria=RULES, amount_rule="must", **OFFER)
    introducer_link.link(session, introducer, row, by, consent_by="Mali", consent_how="paper")
    services.submit_for_review(session, row, by, publish_first=how.publish_first)
    if how.publish:
        services.approve(session, row, by)
    return row


def at_once(session: Session, introducer: Organisation, by: int, how: Entry) -> Organisation:
    row = drafted(**FIRM)
    need, offer = dict(NEED), dict(OFFER)
    listings = [
        drafted_need(row, need.pop("kind"), True, **need),
        drafted_offer(row, offer.pop("kind"), True, RULES, "must", **offer),
    ]
    link = consented(introducer, row, by, "Mali", "paper")
    arrive(session, by, [Arrival(row, listings, IDS, FACTS, link)], how)
    return row


def picture(session: Session, row: Organisation) -> dict[str, Any]:
    """All that is kept of an organisation but moments and numbers."""
    session.flush()
    session.expire_all()
    mine: dict[str, Any] = {"organisation": [row]}
    for model in (BusinessId, OrganisationFact, IntroducerLink, Need, Offer):
        mine[model.__name__] = session.scalars(
            select(model).where(model.organisation_id == row.id).order_by(model.id)
        ).all()
    offers = [offer.id for offer in mine["Offer"]]
    mine["Criterion"] = session.scalars(select(Criterion).where(Criterion.offer_id.in_(offers)))
    found: dict[str, Any] = {
        name: [
            {c.key: getattr(each, c.key) for c in each.__table__.columns if c.key not in OWN}
            for each in rows
        ]
        for name, rows in mine.items()
    }
    events = session.execute(
        select(AuditEvent.event, AuditEvent.subject, AuditEvent.code, AuditEvent.account_id).where(
            AuditEvent.organisation_id == row.id
        )
    )
    found["events"] = Counter(map(tuple, events))
    found["moments"] = [
        (bool(row.published_at), bool(row.second_look_at), bool(row.submitted_at)),
        [bool(each.expires_at) for each in (*row.needs, *row.offers)],
    ]
    found["tasks"] = Counter(
        session.scalars(
            select(Task.kind).where(Task.organisation_id == row.id, Task.state == TaskState.OPEN)
        )
    )
    return found


@pytest.mark.parametrize("how", [Entry(), Entry(publish=True), Entry(publish_first=True)])
def test_the_outcome_is_that_of_the_services(db_session: Session, how: Entry) -> None:
    chamber, by = OrganisationFactory(is_introducer=True), AccountFactory().id
    first = picture(db_session, one_by_one(db_session, chamber, by, how))
    db_session.commit()
    before = {(row.kind, row.row_id) for row in db_session.scalars(select(Change))}
    row = at_once(db_session, chamber, by, how)
    assert picture(db_session, row) == first
    db_session.commit()
    noted = {(row.kind, row.row_id) for row in db_session.scalars(select(Change))} - before
    assert Counter(kind for kind, _id in noted) == {"organisation": 1, "need": 1, "offer": 1}
