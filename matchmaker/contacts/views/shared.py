"""What one's organisation has shared, with whom, and who looked."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from matchmaker.contacts import fields, words
from matchmaker.contacts.services import reading
from matchmaker.contacts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.organisations.access import MEMBERS, Relation, own_organisation
from matchmaker.organisations.disclosure import unnamed
from matchmaker.organisations.models import Organisation
from matchmaker.web.access import signed_in

READERS = MEMBERS | {Relation.INTRODUCER}


@bp.get("/requests/shared/<string:organisation_id>")
@signed_in
def shared(organisation_id: str) -> ResponseReturnValue:
    organisation = own_organisation(organisation_id, READERS)
    releases = reading.shared_by(db.session(), organisation.id)
    looks = reading.looks_at(db.session(), organisation.id)
    return render_template(
        "contacts/shared.html",
        organisation=organisation,
        releases=[_entry(row.to_organisation, [row.field], row=row) for row in releases],
        looks=[_entry(row.viewer_organisation, row.fields, row=row) for row in looks],
    )


def _entry(other: Organisation, names: list[str], **more: Any) -> dict[str, Any]:
    """The counterpart as it may be known: a firm that hides its name stays hidden here too."""
    named = other.show_name or other.is_funder or other.is_provider
    labels = [str(fields.FIELDS[name].label) for name in names if name in fields.FIELDS]
    return {
        "party": words.in_words(other.name if named else unnamed(other)),
        "lang": other.name_lang if named else None,
        "fields": labels,
        **more,
    }
