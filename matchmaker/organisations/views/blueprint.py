"""The blueprint, and what several views of the room share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, request
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms.fields import Field

from matchmaker.accounts.access import current_account
from matchmaker.extensions import db
from matchmaker.organisations.access import Relation, relation_to, viewer
from matchmaker.organisations.forms.base import RoomForm
from matchmaker.organisations.models import Need, Offer, Organisation
from matchmaker.organisations.services import publication
from matchmaker.organisations.services.understood import struck_now

bp = Blueprint("organisations", __name__)

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422


@dataclass(frozen=True, slots=True)
class Difference:
    """A question where what is saved now differs from what was just typed."""

    label: Any
    field_id: str
    saved: str


def status_of(form: RoomForm) -> int:
    """422 for a form that came back with something to mend."""
    return UNPROCESSABLE if form.errors else OK


def overtaken(form: RoomForm, saved: RoomForm) -> list[Difference]:
    """After StaleVersion: keep what was typed, say what is saved, let the next save win."""
    form.version.show(saved.version.data)
    return [
        Difference(field.label.text, field.id, _words(field))
        for field in saved.shown()
        if field.name in form and field.data != form[field.name].data
    ]


def consent_wanted(organisation: Organisation) -> str:
    """Empty where it may be matched; else who has to agree: "own" reader or "others"."""
    if not publication.lacks_consent(db.session(), organisation):
        return ""
    owner = relation_to(db.session(), viewer(), organisation) is Relation.OWNER
    return "own" if owner else "others"


def start_again() -> None:
    """Forget the failed transaction, so that the page shows what is saved."""
    db.session.rollback()
    db.session.expire_all()


def say_saved(row: Need | Offer, published: str) -> None:
    """What saving led to; `published` for a row that others see from now on."""
    if row.state == "published":
        flash(published, "success")
    elif row.ready and row.organisation.is_published:
        flash(_("Saved."), "success")
    elif row.ready:
        flash(_("Saved. It is published together with your organisation."), "success")
    else:
        flash(_("Saved as a draft. Only you see it."), "success")


def keep_understood(row: Need | Offer, update: Callable[..., Any]) -> None:
    """Keep what was understood rightly; what is not ticked is struck."""
    struck = struck_now(row, request.form.getlist("concept"))
    update(db.session(), row, current_account().id, struck_concepts=struck)
    db.session.commit()
    flash(_("Thank you. Matches use it from now on."), "success")


def _words(field: Field) -> str:
    """A saved answer in words."""
    if hasattr(field, "iter_choices"):
        return ", ".join(str(one.label) for one in _chosen(field))
    value = field._value() if hasattr(field, "_value") else field.data
    return str(Markup.escape(value)) if isinstance(value, Markup) else str(value)


def _chosen(field: Field) -> Iterable[Any]:
    return (one for one in field.iter_choices() if one.selected and one.value)
