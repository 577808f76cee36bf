"""Writing a plan through the services of the room, so that audit, changes and bands hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matchmaker import audit, jobs
from matchmaker.language.words import guess_language
from matchmaker.organisations import services
from matchmaker.organisations.importing.checking import SAY_EVERY, Say, Values
from matchmaker.organisations.importing.importer import Importer
from matchmaker.organisations.importing.listings import ListingStep
from matchmaker.organisations.importing.planning import (
    NEW,
    UNCHANGED,
    Plan,
    Step,
    changes_anything,
    written,
)
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.services import introducer_link, review

#: More than a request applies to the index by itself: it then shows with the next snapshot.
MANY = 500
#: Steps of the profile -> a column that shows that the file took them.
STEPS = {
    "sector": "sector",
    "size": "staff",
    "people": "legal_form",
    "words": "about",
    "contact": "contact_name",
    "exports": "exports",
    "certificates": "certificates",
}


@dataclass(frozen=True, slots=True)
class Taking:
    """How new organisations come in: published at once, or for review; with which consent."""

    publish: bool = False
    publish_first: bool = False
    consent_how: str = ""


def write(
    session: Session, importer: Importer, plan: Plan, taking: Taking, say: Say | None = None
) -> None:
    """All of it in the caller's transaction."""
    if not changes_anything(plan.counts):
        return
    introducer = None
    if importer.introducer_id is not None:
        introducer = session.get_one(Organisation, importer.introducer_id)
    for done, step in enumerate(plan.steps, 1):
        row = step.row
        if row is None:
            row = _make(session, importer, step)
        elif step.what != UNCHANGED:
            _change(session, importer, row, step)
        for listing in step.listings:
            _listing(session, importer, row, listing)
        if step.what == NEW:
            _bring_in(session, importer, introducer, row, taking)
        if say is not None and done % SAY_EVERY == 0:
            say(done)
    _tell(session, importer, plan)


def _make(session: Session, importer: Importer, step: Step) -> Organisation:
    by, values = importer.account_id, step.values
    values = {"name_lang": guess_language(values["name"])} | values
    if values.get("about") and not values.get("about_lang"):
        values["about_lang"] = guess_language(values["about"])
    key = step.item.source_key()
    row = services.create_organisation(
        session, by, owned=False, source=importer.source, source_key=key, **values
    )
    row.steps_done = ["name", *(s for s, f in STEPS.items() if values.get(f) is not None)]
    if step.ids:
        services.set_business_ids(session, row, by, step.ids)
    if step.facts:
        services.state_facts(session, row, by, step.facts)
    return row


def _change(session: Session, importer: Importer, row: Organisation, step: Step) -> None:
    by = importer.account_id
    if step.values:
        services.update_organisation(session, row, by, **step.values)
    if step.ids is not None:
        services.set_business_ids(session, row, by, step.ids)
    if step.facts:
        services.state_facts(session, row, by, step.facts)


def _listing(
    session: Session, importer: Importer, organisation: Organisation, step: ListingStep
) -> None:
    if step.what == UNCHANGED:
        return
    by = importer.account_id
    more: Values = {}
    if step.about == "offer":
        more = {"criteria": step.rules or () if step.row is None else step.rules}
        if step.amount_rule is not None:
            more["amount_rule"] = step.amount_rule
    if isinstance(step.row, Need):
        services.update_need(session, step.row, by, **step.values)
    elif isinstance(step.row, Offer):
        services.update_offer(session, step.row, by, **step.values, **more)
    else:
        values = _guessed(step.values) | {"source": importer.source, "source_key": step.source_key}
        make: Any = services.create_need if step.about == "need" else services.create_offer
        make(session, organisation, by, **values, **more)


def _guessed(values: Values) -> Values:
    if values.get("lang"):
        return values
    return values | {"lang": guess_language(f"{values['title']}\n{values.get('text', '')}")}


def _bring_in(
    session: Session,
    importer: Importer,
    introducer: Organisation | None,
    row: Organisation,
    taking: Taking,
) -> None:
    """In review, or published by an admin who has looked at the file."""
    by = importer.account_id
    if introducer is not None and by is not None:
        introducer_link.link(
            session,
            introducer,
            row,
            by,
            consent_by=row.contact_name,
            consent_how=taking.consent_how,
        )
    publish_first = taking.publish_first and not taking.publish
    review.submit_for_review(session, row, by, publish_first=publish_first)
    if taking.publish and importer.may_publish:
        review.approve(session, row, by)


def _tell(session: Session, importer: Importer, plan: Plan) -> None:
    audit.record(
        session,
        "import.organisations",
        account_id=importer.account_id,
        subject="import",
        subject_id=None,
        organisation_id=importer.introducer_id,
    )
    if written(plan.counts, ("organisation", "need", "offer")) > MANY:
        jobs.enqueue(session, "suggestions.rebuild", key="suggestions.rebuild")
