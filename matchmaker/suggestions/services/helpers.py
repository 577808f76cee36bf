"""Published offers that help a firm to open a door."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from matchmaker.matching.match import Match
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.services import catalogue
from matchmaker.suggestions.helping import Category, helping

#: Offers named beside a lever.
MOST = 2

Helpers = Mapping[Category, Sequence[Offer]]


def helpers_for(session: Session, need: Need, matches: Iterable[Match]) -> Helpers:
    """Up to two offers for each category that levers of these matches ask for; at most one query.

    Only such as serve the firm's place and take requests now.
    """
    facts = {change.fact for match in matches for one in match.levers for change in one.changes}
    return helpers_of(session, need.organisation, facts)


def helpers_of(session: Session, firm: Organisation, facts: Iterable[str]) -> Helpers:
    """The same for facts that a firm lacks."""
    wanted = {category for fact in facts if (category := helping(fact)) is not None}
    return offers_in(session, firm, wanted)


def offers_in(session: Session, firm: Organisation, wanted: Collection[Category]) -> Helpers:
    """The same for categories."""
    if not wanted:
        return {}
    place = firm.province or firm.country
    codes = {category.code for category in wanted}
    found: dict[Category, list[Offer]] = defaultdict(list)
    for offer in catalogue.some_of_each(session, codes, place, MOST, but=firm.id):
        found[Category(offer.kind, offer.code)].append(offer)
    return found
