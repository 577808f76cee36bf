"""Rows to matching records: only what both sides may see before acceptance gets through here.

Exact amounts, turnover, capital, names of people, telephone numbers, addresses and business ids
have no way into a record; a need's own words only where the firm shows its name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from matchmaker.language.glossary import without
from matchmaker.language.masking import mask_contacts
from matchmaker.matching.eligibility import compile_criterion
from matchmaker.matching.records import (
    Activity,
    Band,
    Criterion,
    FactValue,
    NeedRecord,
    OfferRecord,
    Value,
)
from matchmaker.organisations.models import (
    Criterion as CriterionRow,
)
from matchmaker.organisations.models import (
    Kind,
    Need,
    Offer,
    Organisation,
)
from matchmaker.organisations.services.capacity import places_left
from matchmaker.organisations.services.reply_time import median_hours
from matchmaker.suggestions.codes import full_code, merge, unique
from matchmaker.suggestions.firm_facts import firm_attrs, firm_evidence, firm_facts
from matchmaker.suggestions.pace import activity_of
from matchmaker.vocabulary.evidence import EVIDENCE

#: Facts whose wanted codes say what an offer serves or seeks, and the facet they belong to.
SERVED = {
    "country": "place",
    "province": "place",
    "sector": "sector",
    "stage": "stage",
    "size": "size",
    "legal_form": "legal_form",
    "language": "language",
    "ownership": "ownership",
    "impact": "impact",
}


def need_facts(need: Need, today: date) -> dict[str, FactValue]:
    """What offers ask about, of the firm and of this need."""
    facts = firm_facts(need.organisation, today)
    facts["amount_usd"] = need_band(need)
    facts["purpose"] = (f"purpose:{need.purpose}",) if need.purpose else None
    return facts


def need_record(need: Need, today: date) -> NeedRecord:
    firm = need.organisation
    evidence, verified = firm_evidence(firm)
    return NeedRecord(
        id=need.id,
        organisation_id=need.organisation_id,
        kind=need.kind.value,
        code=_own_code(need.kind, need.code),
        purpose=f"purpose:{need.purpose}" if need.purpose else None,
        amount=need_band(need),
        currency=need.currency,
        attrs=firm_attrs(firm, need.attributes),
        facts=need_facts(need, today),
        text=_shown_text(need),
        lang=need.lang,
        evidence=evidence,
        last_active=_day(firm),
        activity=Activity(days_since=_days_since(firm, today), unanswered=firm.missed or 0),
        needed_by=need.needed_by,
        verified=verified,
    )


def need_band(need: Need) -> Band | None:
    """What others may know of the amount; no rate or no amount, no band."""
    return None if need.band_low is None else Band(need.band_low, need.band_high)


def offer_record(offer: Offer, today: date) -> OfferRecord:
    prices = _range(offer)
    finance = offer.kind is Kind.FINANCE
    return OfferRecord(
        id=offer.id,
        organisation_id=offer.organisation_id,
        kind=offer.kind.value,
        codes=_given_codes(offer),
        range=prices if finance else None,
        price=None if finance else prices,
        purposes=tuple(f"purpose:{code}" for code in offer.purposes),
        attrs=_served(offer),
        criteria=_criteria(offer),
        text=_counted((offer.title, offer.text), offer),
        lang=offer.lang,
        evidence=_asked_evidence(offer.criteria),
        last_active=_day(offer.organisation),
        activity=activity_of(offer, today),
        places_left=places_left(offer, datetime.combine(today, time(), UTC)),
        median_reply_hours=median_hours(offer.organisation.reply_bins),
        deploying=offer.deploying,
    )


def _own_code(kind: Kind, code: str) -> str | None:
    if not code or ":" in code:
        return code or None
    return f"{'instrument' if kind is Kind.FINANCE else 'service'}:{code}"


def _given_codes(offer: Offer) -> tuple[str, ...]:
    own = _own_code(offer.kind, offer.code)
    facet = "instrument" if offer.kind is Kind.FINANCE else "service"
    return unique([*([own] if own else []), *offer.attributes.get(facet, ())])


def _shown_text(need: Need) -> str:
    """The title, which everybody sees, and the words of a firm that shows its name."""
    parts = [need.title]
    if need.organisation.show_name:
        parts += [need.text, need.organisation.about]
    return mask_contacts(_counted(parts, need))


def _counted(parts: Iterable[str], said: Need | Offer) -> str:
    """What counts of texts: all but the words that their owner says were misunderstood."""
    return without("\n".join(filter(None, parts)), said.lang, said.struck_concepts)


def _day(organisation: Organisation) -> date | None:
    moment = organisation.last_active_at
    return moment.date() if moment else None


def _days_since(organisation: Organisation, today: date) -> int | None:
    day = _day(organisation)
    return None if day is None else max((today - day).days, 0)


def _range(offer: Offer) -> Band | None:
    """Its range in USD; both ends belong to it, while a band ends before its high."""
    if offer.usd_min is None and offer.usd_max is None:
        return None
    high = None if offer.usd_max is None else math.nextafter(offer.usd_max, math.inf)
    return Band(offer.usd_min or 0.0, high)


def _served(offer: Offer) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for row in offer.criteria:
        facet = SERVED.get(row.fact)
        if facet and row.operator.value == "one_of":
            found.setdefault(facet, []).extend(full_code(str(code)) for code in row.values)
    found.setdefault("language", []).extend(f"language:{code}" for code in offer.languages)
    found.setdefault("impact", []).extend(offer.impact)
    merge(found, offer.attributes)
    return {facet: unique(codes) for facet, codes in found.items() if codes}


def _criteria(offer: Offer) -> tuple[Criterion, ...]:
    made = (_criterion(row) for row in offer.criteria)
    return tuple(rule for rule in made if _can_be_tested(rule))


def _criterion(row: CriterionRow) -> Criterion:
    return Criterion(
        fact=row.fact.removeprefix("evidence:"),
        op=row.operator.value,
        values=tuple(_value(value) for value in row.values),
        must=row.must,
        source=row.source.value,
    )


def _can_be_tested(rule: Criterion) -> bool:
    """A stored rule whose values have left their list is kept in its row, but tests nothing."""
    try:
        compile_criterion(rule)
    except ValueError:
        return False
    return True


def _value(value: Value) -> Value:
    return full_code(value) if isinstance(value, str) else value


def _asked_evidence(criteria: Iterable[CriterionRow]) -> frozenset[str]:
    asked = (row.fact.removeprefix("evidence:") for row in criteria)
    return frozenset(f"evidence:{fact}" for fact in asked if fact in EVIDENCE)
