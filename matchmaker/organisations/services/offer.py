"""Making and editing offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import (
    Criterion,
    CriterionSource,
    Kind,
    Offer,
    Operator,
    Organisation,
)
from matchmaker.organisations.services import publication
from matchmaker.organisations.services.criteria import (
    MUST,
    PREFER,
    Rule,
    amount_criterion,
    rule_of,
)
from matchmaker.organisations.services.money import band_offer
from matchmaker.organisations.services.organisation import offer_search_key
from matchmaker.organisations.services.values import assign, check_version, one_writer, sent_twice

EDITABLE = frozenset(
    {
        "code",
        "purposes",
        "amount_min_minor",
        "amount_max_minor",
        "currency",
        "price_unit",
        "interest_min",
        "interest_max",
        "fees",
        "interest_counted",
        "fee_percent",
        "fee_fixed_minor",
        "fee_when",
        "months_min",
        "months_max",
        "grace_months",
        "security",
        "free_tier",
        "works_offline",
        "languages",
        "impact",
        "title",
        "text",
        "lang",
        "decision_days",
        "deploying",
        "places",
        "struck_concepts",
    }
)
IMPORTED = frozenset({"source", "source_key", "attributes", "activity", "activity_on"})


def create_offer(
    session: Session,
    organisation: Organisation,
    by: int | None,
    *,
    kind: Kind | str,
    ready: bool = True,
    criteria: Sequence[Rule] = (),
    amount_rule: str = "",
    step: str = "",
    **values: Any,
) -> Offer:
    """Make an offer; when its owner is done with it, it goes out as soon as the organisation is."""
    twice = sent_twice(session, Offer, organisation, kind, values.get("title", ""))
    if twice is not None:
        return twice
    offer = drafted_offer(organisation, kind, ready, criteria, amount_rule, **values)
    offer.steps_done = [step] if step else []
    session.add(offer)
    session.flush()
    _record(session, "offer.created", by, offer)
    if ready:
        publication.publish(session, offer, by)
    return offer


def drafted_offer(
    organisation: Organisation,
    kind: Kind | str,
    ready: bool,
    criteria: Sequence[Rule] = (),
    amount_rule: str = "",
    **values: Any,
) -> Offer:
    """An offer with its criteria that is not in the database yet."""
    offer = Offer(organisation=organisation, kind=Kind(kind), ready=ready, currency="USD")
    _write(offer, values)
    offer.criteria = [_row(rule) for rule in (*criteria, *_amount_rules(offer, amount_rule))]
    return offer


@one_writer
def update_offer(
    session: Session,
    offer: Offer,
    by: int | None,
    *,
    version: int | None = None,
    ready: bool | None = None,
    criteria: Sequence[Rule] | None = None,
    amount_rule: str | None = None,
    step: str = "",
    **values: Any,
) -> Offer:
    """Save what changed; None for criteria leaves them. Raises StaleVersion for an older form."""
    check_version(offer, version)
    changed = _write(offer, values)
    if criteria is not None:
        changed |= _replace_declared(offer, criteria)
    changed |= _follow_range(offer, amount_rule)
    if step and step not in offer.steps_done:
        offer.steps_done = [*offer.steps_done, step]
    if ready is not None:
        offer.ready = ready
    publication.edited(offer)
    if changed:
        # Rules stand in rows of their own: the offer's version must move with them.
        offer.updated_at = clock.now()
    session.flush()
    if changed:
        _record(session, "offer.changed", by, offer)
    if offer.ready:
        publication.publish(session, offer, by)
    return offer


def declared(offer: Offer) -> list[Rule]:
    """What the offerer itself asks for, as plain rules."""
    return [rule_of(row) for row in offer.criteria if row.source is CriterionSource.DECLARED]


def amount_rule_of(offer: Offer) -> str:
    """How strict the offer is about its own range: "must", "prefer", or "" for a guide."""
    rule = _own_amount_rule(offer)
    return "" if rule is None else MUST if rule.must else PREFER


def _own_amount_rule(offer: Offer) -> Rule | None:
    ours = (rule for rule in declared(offer) if rule.fact == "amount_usd")
    return next(ours, None)


def _amount_rules(offer: Offer, weight: str) -> list[Rule]:
    rule = amount_criterion(weight, offer.kind, offer.usd_min, offer.usd_max)
    return [rule] if rule else []


def _follow_range(offer: Offer, weight: str | None) -> set[str]:
    """The rule about the amount says what the range says, in dollars, whichever was edited."""
    weight = amount_rule_of(offer) if weight is None else weight
    others = [rule for rule in declared(offer) if rule.fact != "amount_usd"]
    return _replace_declared(offer, [*others, *_amount_rules(offer, weight)])


def _write(offer: Offer, values: dict[str, Any]) -> set[str]:
    changed = assign(offer, values, EDITABLE | IMPORTED)
    if "currency" in changed and "fee_fixed_minor" not in values:
        # A fixed fee is of the currency it was said in: rather not said than another amount.
        offer.fee_fixed_minor = None
    if changed & {"amount_min_minor", "amount_max_minor", "currency"}:
        band_offer(offer, clock.today())
    if "title" in changed:
        offer.search_key = offer_search_key(offer.organisation, offer.title)
    return changed


def _replace_declared(offer: Offer, rules: Sequence[Rule]) -> set[str]:
    """Rules that stay keep their rows, so that an unchanged form writes nothing."""
    wanted = list(rules)
    changed = False
    for row in list(offer.criteria):
        if row.source is not CriterionSource.DECLARED:
            continue
        if rule_of(row) in wanted:
            wanted.remove(rule_of(row))
        else:
            offer.criteria.remove(row)
            changed = True
    offer.criteria.extend(_row(rule) for rule in wanted)
    return {"criteria"} if changed or wanted else set()


def _row(rule: Rule) -> Criterion:
    return Criterion(
        fact=rule.fact,
        operator=Operator(rule.op),
        values=list(rule.values),
        must=rule.must,
        source=CriterionSource(rule.source),
    )


def _record(session: Session, event: str, by: int | None, offer: Offer) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="offer",
        subject_id=offer.id,
        organisation_id=offer.organisation_id,
    )
    changes.note(session, ChangeKind.OFFER, offer.id)
