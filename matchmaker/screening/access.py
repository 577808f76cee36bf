"""Whose desk it is: members of the organisation that offers, and nobody else."""

from __future__ import annotations

from flask import abort, request

from matchmaker.organisations.access import MEMBERS, own_organisation, relation_here
from matchmaker.organisations.models import Organisation, OrganisationState
from matchmaker.suggestions.looked_enough import not_published


def own_desk(public_id: str) -> Organisation:
    """The offering organisation of the address, for its members; 404 for all others.

    While it is suspended the desk is closed: its pages show firms, and what is in it stays in it.
    """
    organisation = own_organisation(public_id, MEMBERS)
    if not (organisation.is_funder or organisation.is_provider):
        abort(404)
    if organisation.state is OrganisationState.SUSPENDED:
        closed = not_published(organisation)
        closed.status_code = 200 if request.method == "GET" else 403
        abort(closed)
    return organisation


def has_desk(organisation: Organisation) -> bool:
    """For links to the desk on pages of lower rooms, where others act for it too."""
    if not (organisation.is_funder or organisation.is_provider):
        return False
    return relation_here(organisation) in MEMBERS
