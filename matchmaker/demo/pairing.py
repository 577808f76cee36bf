"""Who would have been shown to whom: the product's own index over the demo's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from matchmaker.demo.listings import Listing
from matchmaker.demo.parties import Party, Scene
from matchmaker.demo.sheet import Row
from matchmaker.matching.index import Index
from matchmaker.matching.match import Match
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import OfferRecord
from matchmaker.organisations.models import (
    Criterion,
    Need,
    Offer,
    Organisation,
    OrganisationFact,
)
from matchmaker.suggestions.records import need_record, offer_record
from matchmaker.suggestions.versions import FIRST


@dataclass(frozen=True, slots=True)
class Pair:
    """A need and an offer as they stood on a page."""

    need: Listing
    offer: Listing
    position: int
    score: float
    #: What a contact request keeps of that moment.
    reasons: Mapping[str, Any]


class Matchmaker:
    """Ranks the demo's offers for the demo's needs without a database."""

    def __init__(self, scene: Scene, offers: Sequence[Listing]) -> None:
        self._today = scene.today
        self._offers = {offer.id: offer for offer in offers}
        self._organisations: dict[int, Organisation] = {}
        self._facts = _by(scene.sheet.rows(OrganisationFact), "organisation_id")
        rules = _by(scene.sheet.rows(Criterion), "offer_id")
        records = [_offer_record(offer, rules.get(offer.id, ()), self._today) for offer in offers]
        self._index = Index.of([], records, programme_model(str(FIRST)))

    def pairs(self, need: Listing, n: int) -> list[Pair]:
        """The best n that are open to it, the best first."""
        row = Need(attributes={}, **need.row)
        row.organisation = self._organisation(need.party)
        record = need_record(row, self._today)
        found = self._index.top(record, n=n).matches
        return [
            _pair(need, self._offers[match.offer_id], place, match)
            for place, match in enumerate(found, 1)
        ]

    def _organisation(self, party: Party) -> Organisation:
        found = self._organisations.get(party.id)
        if found is None:
            found = Organisation(attributes={}, **party.row)
            found.facts = [OrganisationFact(**row) for row in self._facts.get(party.id, ())]
            self._organisations[party.id] = found
        return found


def _pair(need: Listing, offer: Listing, place: int, match: Match) -> Pair:
    reasons = {
        "forward": match.forward,
        "backward": match.backward,
        "reasons": [{"code": one.code, "side": one.side} for one in match.reasons],
    }
    return Pair(need, offer, place, match.score, reasons)


def _offer_record(offer: Listing, rules: Iterable[Row], today: date) -> OfferRecord:
    organisation = Organisation(attributes={}, **offer.party.row)
    row = Offer(attributes={}, activity=[], **offer.row, organisation=organisation)
    row.criteria = [Criterion(**rule) for rule in rules]
    return offer_record(row, today)


def _by(rows: Iterable[Row], column: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found
