"""Reasons as codes with facts: at most three for a pair and two against it, nothing private."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from matchmaker.matching.codes import chain
from matchmaker.matching.eligibility import Rule, State
from matchmaker.matching.match import Facet, Reason
from matchmaker.matching.model import FACETS
from matchmaker.matching.records import Band, NeedRecord, OfferRecord
from matchmaker.matching.text import shared_words

#: Points from which a facet speaks for a pair, and up to which it speaks against it.
GOOD, POOR = 60, 35
MOST_FOR, MOST_AGAINST = 3, 2
#: Every code a page needs words for: ``<facet>_fits``, ``<facet>_weak`` and the rules' own.
REASONS = (
    *(f"{name}_fits" for name in FACETS),
    *(f"{name}_weak" for name in FACETS),
    "rule_unmet",
    "preference_unmet",
    "rule_unknown",
)


def reasons_of(facets: Iterable[Facet], rules: Iterable[Rule]) -> tuple[Reason, ...]:
    """Return up to three reasons for and two against, the weightiest first.

    For: known facets with at least 60 points. Against: unmet rules, then known facets with at most
    35 points, then gating rules not known. All are ordered by what they move in the score.
    """
    listed = [facet for facet in facets if facet.known]
    good = sorted(
        (facet for facet in listed if facet.points >= GOOD),
        key=lambda facet: -_weight(facet) * facet.points,
    )
    poor = sorted(
        (facet for facet in listed if facet.points <= POOR and _weight(facet)),
        key=lambda facet: -_weight(facet) * (100 - facet.points),
    )
    against = [
        *(_of_rule(rule) for rule in sorted(rules, key=_urgency) if _speaks(rule)),
        *(Reason(f"{facet.name}_weak", "against", facet.facts) for facet in poor),
        *(_of_rule(rule) for rule in rules if rule.criterion.gates and not _speaks(rule)
          and rule.state is State.UNKNOWN),
    ]  # fmt: skip
    return (
        *(Reason(f"{facet.name}_fits", "for", facet.facts) for facet in good[:MOST_FOR]),
        *against[:MOST_AGAINST],
    )


def _weight(facet: Facet) -> int:
    return facet.forward_weight + facet.backward_weight


def _speaks(rule: Rule) -> bool:
    return rule.state is State.UNMET and rule.criterion.source == "declared"


def _urgency(rule: Rule) -> bool:
    return not rule.criterion.gates


def _of_rule(rule: Rule) -> Reason:
    code = "rule_unknown"
    if rule.state is State.UNMET:
        code = "rule_unmet" if rule.criterion.gates else "preference_unmet"
    criterion = rule.criterion
    facts = {"fact": criterion.fact, "op": criterion.op, "values": criterion.values}
    return Reason(code, "against", facts)


def facts_of(facet: str, need: NeedRecord, offer: OfferRecord) -> Mapping[str, Any]:
    """Return the public facts behind a facet: codes both sides show, bands, dates."""
    found = _FACTS.get(facet)
    return found(need, offer) if found else {}


def _evidence(need: NeedRecord, offer: OfferRecord) -> dict[str, Any]:
    has = need.evidence or frozenset()
    return {"has": _sorted(offer.evidence & has), "missing": _sorted(offer.evidence - has)}


def _text(need: NeedRecord, offer: OfferRecord) -> dict[str, Any]:
    same = need.lang == offer.lang
    return {"words": shared_words(need.text, offer.text, need.lang) if same else ()}


def _service(need: NeedRecord, offer: OfferRecord) -> dict[str, Any]:
    return {"need": need.code, "offer": offer.codes, "purpose": need.purpose}


def _sorted(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes))


def _codes(attr: str, need: NeedRecord, offer: OfferRecord) -> dict[str, tuple[str, ...]]:
    mine, theirs = need.attrs.get(attr, ()), offer.attrs.get(attr, ())
    own = _with_wholes(mine)
    shared = tuple(code for code in theirs if chain(code)[0] in own)
    return {"need": mine, "shared": shared, "offer": theirs[:5]}


@lru_cache(maxsize=4096)
def _with_wholes(codes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(above for code in codes for above in chain(code))


def _merged(
    attrs: Iterable[str], need: NeedRecord, offer: OfferRecord
) -> dict[str, tuple[str, ...]]:
    merged: dict[str, tuple[str, ...]] = {}
    for attr in attrs:
        for name, codes in _codes(attr, need, offer).items():
            merged[name] = merged.get(name, ()) + codes
    return merged


def _bands(amount: Band | None, offered: Band | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"amount": amount, "offer": offered}
    if amount is None or offered is None:
        return facts
    if offered.high is not None and amount.low > offered.high:
        return facts | {"position": "above"}
    if amount.high is not None and amount.high <= offered.low:
        return facts | {"position": "below"}
    return facts | {"position": "within"}


def _alive(record: NeedRecord | OfferRecord) -> dict[str, Any]:
    facts: dict[str, Any] = {"last_active": record.last_active}
    silent = record.activity.unanswered
    return facts | {"unanswered": silent} if silent else facts


_FACTS: Mapping[str, Callable[[NeedRecord, OfferRecord], dict[str, Any]]] = {
    "service": _service,
    "sector": lambda need, offer: _merged(("sector",), need, offer),
    "place": lambda need, offer: _merged(("place", "area"), need, offer),
    "language": lambda need, offer: _merged(("language",), need, offer),
    "stage": lambda need, offer: _merged(("stage", "size", "legal_form"), need, offer),
    "impact": lambda need, offer: _merged(("impact", "ownership"), need, offer),
    "ticket": lambda need, offer: _bands(need.amount, offer.range),
    "price": lambda need, offer: _bands(need.amount, offer.price),
    "evidence": _evidence,
    "text": _text,
    "activity": lambda _, offer: _alive(offer),
    "freshness": lambda need, _: _alive(need),
}
