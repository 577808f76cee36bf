"""Which service, or which instrument, helps with a fact that a firm does not have yet."""

from __future__ import annotations

from typing import NamedTuple

from matchmaker.organisations.models import Kind
from matchmaker.vocabulary.evidence import EVIDENCE

_SECURITY = frozenset({"collateral_land", "collateral_movable", "guarantor"})
#: Service categories that help to get the evidence of a group.
_HELPS = {
    "accounts": "ACCOUNTING",
    "plans": "ADVICE",
    "papers": "ADVICE",
    "market": "EXPORT_SUPPORT",
    "impact": "ADVICE",
}


class Category(NamedTuple):
    """A category of the catalogue."""

    kind: Kind
    code: str


def helping(fact: str) -> Category | None:
    """The category of offers that help with it; None where an adviser has to."""
    service = helping_service(fact)
    if service is not None:
        return Category(Kind.SERVICE, service)
    return Category(Kind.FINANCE, "GUARANTEE") if gives_security(fact) else None


def helping_service(fact: str) -> str | None:
    """The service category whose providers help with this fact."""
    if fact == "readiness":
        return "TRAINING"
    code = EVIDENCE.get(fact)
    return _HELPS.get(code.extra.get("group", "")) if code else None


def gives_security(fact: str) -> bool:
    """Whether a guarantee may stand in for it: a title, things of value, somebody who vouches."""
    return fact in _SECURITY


def helping_code(fact: str) -> str | None:
    """The same as a code of the matching engine, ``service:ACCOUNTING``."""
    category = helping(fact)
    if category is None:
        return None
    scheme = "service" if category.kind is Kind.SERVICE else "instrument"
    return f"{scheme}:{category.code}"
