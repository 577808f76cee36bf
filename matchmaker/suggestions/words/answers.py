"""Where the firm can answer what is not known, and where help with it is to be found."""

from __future__ import annotations

from flask import url_for

from matchmaker.matching.eligibility import Rule, State
from matchmaker.matching.records import Band, FactValue
from matchmaker.organisations.models import Need
from matchmaker.suggestions.models import Side
from matchmaker.vocabulary.evidence import EVIDENCE

_STEPS = {
    "country": "name",
    "province": "name",
    "sector": "sector",
    "size": "size",
    "stage": "size",
    "staff": "size",
    "age_years": "size",
    "legal_form": "people",
    "ownership": "people",
    "women_share": "people",
    "language": "exports",
    "export": "exports",
    "export_share": "exports",
    "certificate": "certificates",
    "readiness": "digital",
    "impact": "words",
}
_OF_THE_NEED = ("amount_usd", "purpose")


def to_tell(rule: Rule, value: FactValue, need: Need, side: Side) -> str | None:
    """Where this reader tells what is not known of a rule.

    A band that lies across the edge of a rule stays unknown though the firm has told its amount:
    no form can change that, so nothing is asked.
    """
    told = isinstance(value, Band)
    if rule.state is not State.UNKNOWN or side is not Side.NEED or told:
        return None
    return answer_url(rule.criterion.fact, need)


def answer_url(fact: str, need: Need) -> str | None:
    """The page of the owner where this fact is told; None where no page asks it."""
    if fact in _OF_THE_NEED:
        return url_for("organisations.need_edit", public_id=need.public_id)
    firm = need.organisation.public_id
    if fact in EVIDENCE:
        # The one among 26 questions that was asked; its field is named by the fact.
        return url_for(
            "organisations.profile_step", public_id=firm, step_key="evidence", _anchor=fact
        )
    step = _STEPS.get(fact)
    return step and url_for("organisations.profile_step", public_id=firm, step_key=step)
