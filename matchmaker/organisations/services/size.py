"""The size class of a firm by its country's law, with the rule that gave it."""

from __future__ import annotations

from matchmaker.organisations.models import Organisation
from matchmaker.vocabulary import sizes

#: What the size class is worked out from.
INPUTS = frozenset({"country", "sector", "staff", "turnover_minor", "capital_minor", "currency"})


def size_of(organisation: Organisation) -> sizes.SizeResult:
    return sizes.size_class(
        organisation.country,
        organisation.sector or None,
        organisation.staff,
        organisation.turnover_minor,
        organisation.capital_minor,
        organisation.currency,
    )


def classify(organisation: Organisation) -> None:
    """Keep class and rule on the row; what cannot be told yet stays empty."""
    found = size_of(organisation)
    organisation.size_class = found.code or ""
    organisation.size_rule = found.rule or ""
