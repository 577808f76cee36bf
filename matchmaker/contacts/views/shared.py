"""What one's organisation has shared, with whom, and who looked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from matchmaker.contacts import fields, words
from matchmaker.contacts.models import ContactView, Release
from matchmaker.contacts.services import reading
from matchmaker.contacts.views.blueprint import bp
from matchmaker.extensions import db
from matchmaker.organisations.access import MEMBERS, Relation, own_organisation
from matchmaker.organisations.disclosure import unnamed
from matchmaker.organisations.models import Organisation
from matchmaker.web.access import signed_in

PAGE_SIZE = 20
READERS = MEMBERS | {Relation.INTRODUCER}


@bp.get("/requests/shared/<string:organisation_id>")
@signed_in
def shared(organisation_id: str) -> ResponseReturnValue:
    organisation = own_organisation(organisation_id, READERS)
    session, key = db.session(), organisation.id
    releases = reading.shared_by(session, key, PAGE_SIZE + 1, _before("before"))
    looks = reading.looks_at(session, key, PAGE_SIZE + 1, _before("looked"))
    return render_template(
        "contacts/shared.html",
        organisation=organisation,
        releases=[
            _entry(one.to_organisation, [one.field], row=one) for one in releases[:PAGE_SIZE]
        ],
        older_url=_older("before", releases),
        looks=[_entry(it.viewer_organisation, it.fields, row=it) for it in looks[:PAGE_SIZE]],
        older_looks_url=_older("looked", looks),
    )


def _before(name: str) -> int | None:
    """Whatever no page of ours has written starts at the top."""
    key = request.args.get(name, "")
    return int(key) if re.fullmatch(r"[0-9]{1,15}", key, re.ASCII) else None


def _older(name: str, rows: Sequence[Release] | Sequence[ContactView]) -> str | None:
    """The other of the two lists stays where it is."""
    if len(rows) <= PAGE_SIZE:
        return None
    at: dict[str, Any] = {one: before for one in ("before", "looked") if (before := _before(one))}
    at[name] = rows[PAGE_SIZE - 1].id
    return url_for(".shared", **(request.view_args or {}), **at)


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
