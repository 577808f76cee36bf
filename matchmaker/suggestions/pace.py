"""Signs of life of an offer, by age."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from matchmaker.matching.records import Activity
from matchmaker.organisations.models import Offer


def activity_of(offer: Offer, today: date) -> Activity:
    """Past deals by age today, and how many requests in a row its organisation left unanswered."""
    return replace(_deals(offer, today), unanswered=offer.organisation.missed or 0)


def _deals(offer: Offer, today: date) -> Activity:
    """They were counted by age on `activity_on`."""
    if not offer.activity or offer.activity_on is None:
        return Activity()
    since = max((today - offer.activity_on.date()).days, 0)
    aged = [(int(age) + since, int(count)) for age, count in offer.activity if count]
    if not aged:
        return Activity()

    def within(days: int) -> int:
        return sum(count for age, count in aged if age <= days)

    older = sum(count for age, count in aged if age > 365)
    return Activity(within(30), within(90), within(365), older, min(age for age, _ in aged))
