"""What the organisations room does, for its own views and for the rooms above it."""

from matchmaker.organisations.services.business_id import set_business_ids
from matchmaker.organisations.services.capacity import give_back, places_left, take_place
from matchmaker.organisations.services.evidence import state_facts, stated
from matchmaker.organisations.services.need import create_need, update_need
from matchmaker.organisations.services.offer import (
    amount_rule_of,
    create_offer,
    declared,
    update_offer,
)
from matchmaker.organisations.services.organisation import create_organisation, update_organisation
from matchmaker.organisations.services.publication import close, pause, publish, renew
from matchmaker.organisations.services.reply_time import median_hours, note_reply, seen_active
from matchmaker.organisations.services.review import (
    approve,
    reinstate,
    second_look_done,
    send_back,
    submit_for_review,
    suspend,
)
from matchmaker.organisations.services.twin import find_twins, twins_of

publish_need = publish_offer = publish

__all__ = [
    "amount_rule_of",
    "approve",
    "close",
    "create_need",
    "create_offer",
    "create_organisation",
    "declared",
    "find_twins",
    "give_back",
    "median_hours",
    "note_reply",
    "pause",
    "places_left",
    "publish",
    "publish_need",
    "publish_offer",
    "reinstate",
    "renew",
    "second_look_done",
    "seen_active",
    "send_back",
    "set_business_ids",
    "state_facts",
    "stated",
    "submit_for_review",
    "suspend",
    "take_place",
    "twins_of",
    "update_need",
    "update_offer",
    "update_organisation",
]
