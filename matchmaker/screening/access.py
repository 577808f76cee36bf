"""Whose desk it is: members of the organisation that offers, and nobody else."""

from __future__ import annotations

from flask import abort, g
from flask_login import current_user

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.organisations.access import MEMBERS, own_organisation, relation_to
from matchmaker.organisations.models import Organisation


def own_desk(public_id: str) -> Organisation:
    """The offering organisation of the address, for its members; 404 for all others."""
    organisation = own_organisation(public_id, MEMBERS)
    if not (organisation.is_funder or organisation.is_provider):
        abort(404)
    return organisation


def has_desk(organisation: Organisation) -> bool:
    """For links to the desk on pages of lower rooms, where others act for it too."""
    if not (organisation.is_funder or organisation.is_provider):
        return False
    if not current_user.is_authenticated:
        return False
    known: dict[int, bool] = g.setdefault("has_desk", {})
    if organisation.id not in known:
        relation = relation_to(db.session(), current_account(), organisation)
        known[organisation.id] = relation in MEMBERS
    return known[organisation.id]
