"""`flask matches evaluate`: the backtest's measures on what became of the programme's own pairs."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from matchmaker.matching.comparison import compare
from matchmaker.suggestions import versions
from matchmaker.suggestions.resident import building
from matchmaker.suggestions.services.outcomes import LEAST_EARLIER, LEAST_LATER, Parts, parts_of


def evaluate(engine: Engine, today: date) -> str:
    """The figures of the version in force, of words, activity and the yardstick, as text."""
    with building.own_reading_session(engine) as session:
        version = versions.in_force(session)
        parts = parts_of(session, today)
    if parts.later is None:
        return too_few(parts)
    models = {f"version {version.number}": version.model()}
    lines = compare(parts.later, models, parts.outcomes)
    head = (
        f"from {parts.cut}: {parts.yes_after} pairs answered yes, among {len(parts.later.needs)} "
        f"needs x {len(parts.later.offers)} offers"
    )
    return "\n".join([head, *(line.told() for line in lines)])


def too_few(parts: Parts) -> str:
    return (
        f"too few outcomes: {parts.yes_before} pairs answered yes in the first part of the time "
        f"and {parts.yes_after} in the last, {LEAST_EARLIER} and {LEAST_LATER} are needed."
    )
