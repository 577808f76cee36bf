"""What a self-check shows to be missing, in the order of what closing it would open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.organisations.models import Offer, Organisation, OrganisationFact
from matchmaker.organisations.services import catalogue
from matchmaker.organisations.services.readiness import DIGITAL
from matchmaker.organisations.services.self_check_points import QuestionLine, Result
from matchmaker.vocabulary import self_check
from matchmaker.vocabulary.self_check import MOST

#: Offers whose rules are read: a page never counts a table that grows.
NEWEST = 300
#: Offers named beside a gap.
HELPERS = 2
#: The fact that is a number of points; all others are papers one has or not.
READINESS = "readiness"


@dataclass(frozen=True, slots=True)
class Gap:
    line: QuestionLine
    #: What offers ask for that the organisation has not said it has.
    facts: Sequence[str]
    #: Of the newest offers, those that insist on one of them.
    opens: int
    #: A service category, and offers in it; empty where an adviser has to help.
    service: str
    helpers: Sequence[Offer]


@dataclass(frozen=True, slots=True)
class Gaps:
    gaps: Sequence[Gap]
    #: How many offers were looked at.
    offers: int


def gaps(session: Session, organisation: Organisation, result: Result) -> Gaps:
    """In three queries, whatever is missing."""
    lines = [line for one in result.dimensions for line in one.counted if (line.got or 0) < MOST]
    said = _said(session, organisation)
    missing = {
        line.question.code: [fact for fact in self_check.facts(line.question) if fact not in said]
        for line in lines
    }
    place = organisation.province or organisation.country
    wanted = {fact for several in missing.values() for fact in several}
    asked = catalogue.asked_by_newest(session, wanted, place, NEWEST, organisation.id)
    asking = _asking(asked, result.share_of(DIGITAL) or 0)
    helpers = _helpers(session, organisation, place, lines)
    found = [_gap(line, missing[line.question.code], asking, helpers) for line in lines]
    # The sort is stable: of equals the first question stands first.
    found.sort(key=lambda gap: (-gap.opens, gap.line.got))
    return Gaps(found, len({offer for offer, _fact, _values in asked}))


def _said(session: Session, organisation: Organisation) -> set[str]:
    query = select(OrganisationFact.fact).where(
        OrganisationFact.organisation_id == organisation.id, OrganisationFact.value.is_(True)
    )
    return set(session.scalars(query))


def _asking(
    rows: Collection[tuple[int, str | None, tuple[Any, ...]]], digital: int
) -> Mapping[str, set[int]]:
    """Fact -> offers that insist on it and are not met."""
    found: dict[str, set[int]] = defaultdict(set)
    for offer, fact, values in rows:
        if fact == READINESS and not (values and float(values[0]) > digital):
            continue
        if fact is not None:
            found[fact].add(offer)
    return found


def _helpers(
    session: Session, organisation: Organisation, place: str, lines: Sequence[QuestionLine]
) -> Mapping[str, list[Offer]]:
    codes = {self_check.service(line.question) for line in lines} - {""}
    found: dict[str, list[Offer]] = defaultdict(list)
    for offer in catalogue.some_of_each(session, codes, place, HELPERS, organisation.id):
        found[offer.code].append(offer)
    return found


def _gap(
    line: QuestionLine,
    facts: Sequence[str],
    asking: Mapping[str, set[int]],
    helpers: Mapping[str, list[Offer]],
) -> Gap:
    opens: set[int] = set().union(*(asking.get(fact, set()) for fact in facts))
    service = self_check.service(line.question)
    return Gap(line, facts, len(opens), service, helpers.get(service, ()))
