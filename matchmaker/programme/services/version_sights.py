"""Who was seen under each model version, by groups of firms: counted by a job, read by a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.matching.parity import LEAST_FIRMS, NOT_SAID, REST, owner_group, script_of
from matchmaker.organisations.models import Need, Organisation
from matchmaker.suggestions.firm_facts import age_band, ownership, ownership_fact
from matchmaker.suggestions.models import Shown, Side
from matchmaker.vocabulary import places

VALUE_MAX = 20
#: Letters of a text that tell its script.
ENOUGH = 200
BATCH = 1000

Groups = Mapping[str, str]


@dataclass(slots=True)
class Sum:
    firms: int = 0
    seen: int = 0
    places: int = 0

    def add(self, other: Sum) -> None:
        self.firms += other.firms
        self.seen += other.seen
        self.places += other.places


def _province(firm: Organisation, _today: date) -> str:
    return places.current(firm.province)


def _size(firm: Organisation, _today: date) -> str:
    return firm.size_class


def _age(firm: Organisation, today: date) -> str:
    band = age_band(firm.founded_year, today)
    return "" if band is None else f"{band.low:.0f}"


def _owner(firm: Organisation, _today: date) -> str:
    return owner_group(ownership(firm), asked=ownership_fact(firm) is not None)


def _script(firm: Organisation, _today: date) -> str:
    return script_of((firm.about or firm.name)[:ENOUGH])


#: What the firms of a group have in common; a firm that has not said is in none.
DIMENSIONS: Mapping[str, Callable[[Organisation, date], str]] = {
    "province": _province,
    "size": _size,
    "owner": _owner,
    "script": _script,
    "age": _age,
}


def counted(reading: Session) -> list[dict[str, Any]]:
    """The rows of `VersionSight`, from all that was shown to offerers."""
    groups = _groups(reading)
    sums: dict[tuple[int, str], dict[str, Sum]] = defaultdict(lambda: defaultdict(Sum))
    for version, firm_id, seen, summed in _sights(reading):
        for dimension, value in groups.get(firm_id, {}).items():
            sums[version, dimension][value].add(Sum(1, int(seen), int(summed)))
    return [
        {"version": version, "dimension": dimension, "value": value,
         "firms": one.firms, "seen": one.seen, "places": one.places}
        for (version, dimension), found in sorted(sums.items())
        for value, one in sorted(folded(found).items())
    ]  # fmt: skip


def folded(found: Mapping[str, Sum]) -> dict[str, Sum]:
    """Groups of too few firms as one, with the next larger where they are too few together.

    Shares add up to the whole, so that a group left out by itself could be worked out.
    """
    rest, kept = Sum(), dict(found)
    for value, one in sorted(found.items(), key=lambda item: (item[1].firms, item[0])):
        if one.firms >= LEAST_FIRMS and (not rest.firms or rest.firms >= LEAST_FIRMS):
            break
        rest.add(kept.pop(value))
    return kept | ({REST: rest} if rest.firms else {})


def _groups(reading: Session) -> dict[int, Groups]:
    """The groups of each firm that was ever shown."""
    shown = select(Need.organisation_id).join(Shown, Shown.need_id == Need.id)
    query = select(Organisation).where(Organisation.id.in_(shown.where(Shown.side == Side.OFFER)))
    today = clock.today()
    found: dict[int, Groups] = {}
    for firm in reading.scalars(query.execution_options(yield_per=BATCH)):
        every = {name: of(firm, today)[:VALUE_MAX] for name, of in DIMENSIONS.items()}
        found[firm.id] = {name: one for name, one in every.items() if one not in ("", NOT_SAID)}
        reading.expunge(firm)
    return found


def _sights(reading: Session) -> Iterable[Any]:
    """Version, firm, times its needs stood on a list, and the places they had, summed up."""
    return reading.execute(
        select(
            Shown.model_version,
            Need.organisation_id,
            func.sum(Shown.count),
            func.sum(Shown.count * Shown.position),
        )
        .join(Need, Need.id == Shown.need_id)
        .where(Shown.side == Side.OFFER)
        .group_by(Shown.model_version, Need.organisation_id)
        .execution_options(yield_per=BATCH)
    )
