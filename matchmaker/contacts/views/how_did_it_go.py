"""What came of it, said from a mail without signing in: the signed link is the proof."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from matchmaker.accounts.models import Account
from matchmaker.contacts import outcome_links, outcome_words
from matchmaker.contacts.forms import TapForm
from matchmaker.contacts.models import ContactRequest, OutcomeQuestion
from matchmaker.contacts.services import Actor, outcomes, questions
from matchmaker.contacts.views.blueprint import bp
from matchmaker.extensions import csrf, db
from matchmaker.language.masking import mask_contacts
from matchmaker.organisations.services.acting import acting_for
from matchmaker.vocabulary.reasons import OUTCOMES
from matchmaker.web.access import public
from matchmaker.web.htmx import redirect, render
from matchmaker.web.locale import locale_code

PAGE, REGION = "contacts/how_did_it_go.html", "contacts/_how_did_it_go.html"


@dataclass(frozen=True, slots=True)
class Tap:
    request: ContactRequest
    actor: Actor
    question: OutcomeQuestion


@bp.route("/how-did-it-go/<string:token>", methods=["GET", "POST"])
@public
# Nothing of a session is used: whoever has the link may speak, and nobody else.
@csrf.exempt
def how_did_it_go(token: str) -> ResponseReturnValue:
    """Looking changes nothing: programs open the links of a mail before its reader does."""
    tap, posted = _tap(token), request.method == "POST"
    form = TapForm(meta={"csrf": False})
    if tap is None or not posted or not form.validate():
        return _page(tap, token, form, 422 if posted else 200)
    code = form.outcome.data or ""
    questions.answer(db.session(), tap.request, tap.actor, tap.question, code)
    db.session.commit()
    return redirect(url_for("contacts.how_did_it_go", token=token))


def _tap(token: str) -> Tap | None:
    """Nothing for a link that has ended, or whose reader is gone or no longer acts for the side."""
    named = outcome_links.read(token)
    if named is None:
        return None
    account = db.session.scalar(
        select(Account).where(Account.public_id == named.reader, Account.active)
    )
    found = db.session.scalar(
        select(ContactRequest)
        .where(
            ContactRequest.public_id == named.request,
            ContactRequest.state.in_(outcomes.IN_TOUCH),
        )
        .options(joinedload(ContactRequest.need), joinedload(ContactRequest.offer))
    )
    if account is None or found is None:
        return None
    if found.organisation_id(named.side) not in set(db.session.scalars(acting_for(account.id))):
        return None
    question = questions.find(db.session(), found, named.side, named.months)
    return Tap(found, Actor(account.id, named.side), question) if question else None


def _page(tap: Tap | None, token: str, form: TapForm, status: int = 200) -> Response:
    """The titles of the pair and nothing else about it; one plain page for every dead link."""
    if tap is None:
        return render(PAGE, REGION, 404, tap=None)
    said = outcomes.present(outcomes.sayings(db.session(), tap.request)).get(tap.actor.side)
    answered = said is not None and tap.question.answered_at is not None
    return render(
        PAGE,
        REGION,
        status,
        tap=tap,
        token=token,
        form=form,
        need=mask_contacts(tap.request.need.title),
        offer=mask_contacts(tap.request.offer.title),
        choices=OUTCOMES.choices(locale_code()),
        said=outcome_words.outcome_word(said.code) if said and answered else "",
    )
