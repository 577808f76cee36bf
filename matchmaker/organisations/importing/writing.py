"""Writing a plan through the services of the room, so that audit, changes and bands hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from matchmaker import audit, jobs
from matchmaker.extensions.database import new_public_id
from matchmaker.language.words import guess_language
from matchmaker.organisations import services
from matchmaker.organisations.importing.checking import SAY_EVERY, Say, Values
from matchmaker.organisations.importing.importer import Importer
from matchmaker.organisations.importing.listings import ListingStep
from matchmaker.organisations.importing.planning import (
    UNCHANGED,
    Plan,
    Step,
    changes_anything,
    written,
)
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.services.arriving import Arrival, Entry, arrive, consented
from matchmaker.organisations.services.need import drafted_need
from matchmaker.organisations.services.offer import drafted_offer
from matchmaker.organisations.services.organisation import drafted

#: More than a request applies to the index by itself: it then shows with the next snapshot.
MANY = 500
BATCH = 200
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
    #: Texts that look like Zawgyi are turned into Unicode; else they stay as they are.
    to_unicode: bool = False


def write(
    session: Session, importer: Importer, plan: Plan, taking: Taking, say: Say | None = None
) -> None:
    """All of it in the caller's transaction: what changes one by one, what is new in batches."""
    if not changes_anything(plan.counts):
        return
    say = say or (lambda _done: None)
    new = [step for step in plan.steps if step.row is None]
    known = [step for step in plan.steps if step.row is not None]
    for done, step in enumerate(known):
        if step.row is not None:
            _change(session, importer, step.row, step)
        if done % SAY_EVERY == 0:
            say(done)
    introducer = None
    if importer.introducer_id is not None:
        introducer = session.get_one(Organisation, importer.introducer_id)
    publish = taking.publish and importer.may_publish
    entry = Entry(publish, taking.publish_first and not publish)
    import_id = new_public_id()
    for at in range(0, len(new), BATCH):
        arrivals = [_arrival(importer, introducer, taking, s) for s in new[at : at + BATCH]]
        for arrival in arrivals:
            arrival.organisation.import_id = import_id
        arrive(session, importer.account_id, arrivals, entry)
        say(len(known) + at + len(arrivals))
    _tell(session, importer, plan)


def _arrival(
    importer: Importer, introducer: Organisation | None, taking: Taking, step: Step
) -> Arrival:
    values = {"name_lang": guess_language(step.values["name"])} | step.values
    if values.get("about") and not values.get("about_lang"):
        values["about_lang"] = guess_language(values["about"])
    row = drafted(source=importer.source, source_key=step.item.source_key(), **values)
    row.steps_done = ["name", *(s for s, f in STEPS.items() if values.get(f) is not None)]
    made = Arrival(row, ids=step.ids or (), facts=step.item.facts or {})
    made.listings = [_drafted_listing(importer, row, listing) for listing in step.listings]
    if introducer is not None and importer.account_id is not None:
        who, how = row.contact_name, taking.consent_how
        made.link = consented(introducer, row, importer.account_id, who, how)
    return made


def _drafted_listing(importer: Importer, row: Organisation, step: ListingStep) -> Need | Offer:
    values = _guessed(step.values) | {"source": importer.source, "source_key": step.source_key}
    if step.about == "need":
        return drafted_need(row, values.pop("kind"), True, **values)
    rules, amount_rule = step.rules or (), step.amount_rule or ""
    return drafted_offer(row, values.pop("kind"), True, rules, amount_rule, **values)


def _change(session: Session, importer: Importer, row: Organisation, step: Step) -> None:
    by = importer.account_id
    if step.values:
        services.update_organisation(session, row, by, **step.values)
    if step.ids is not None:
        services.set_business_ids(session, row, by, step.ids)
    if step.facts:
        services.state_facts(session, row, by, step.facts)
    for listing in step.listings:
        _listing(session, importer, row, listing)


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
