"""Where the firm can answer what is not known, and where help with it is to be found."""

from __future__ import annotations

from flask import url_for

from matchmaker.organisations.models import Need
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
#: Service categories that help to get the evidence of a group.
_HELPS = {
    "accounts": "ACCOUNTING",
    "plans": "ADVICE",
    "papers": "ADVICE",
    "market": "EXPORT_SUPPORT",
    "impact": "ADVICE",
}


def answer_url(fact: str, need: Need) -> str | None:
    """The page of the owner where this fact is told; None where no page asks it."""
    if fact in _OF_THE_NEED:
        return url_for("organisations.need_edit", public_id=need.public_id)
    step = "evidence" if fact in EVIDENCE else _STEPS.get(fact)
    if step is None:
        return None
    firm = need.organisation.public_id
    return url_for("organisations.profile_step", public_id=firm, step_key=step)


def helping_service(fact: str) -> str | None:
    """The service category whose providers help with this fact."""
    if fact == "readiness":
        return "TRAINING"
    code = EVIDENCE.get(fact)
    return _HELPS.get(code.extra.get("group", "")) if code else None
