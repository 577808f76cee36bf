"""The steps of an offer, one more for a loan: how each opens and what it saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from matchmaker.organisations import services
from matchmaker.organisations.forms.base import RoomForm
from matchmaker.organisations.forms.loan import LoanTermsForm
from matchmaker.organisations.forms.offer import (
    AimsForm,
    EvidenceAskedForm,
    FinanceOfferForm,
    ServiceOfferForm,
    WhoForm,
)
from matchmaker.organisations.models import Kind, Offer
from matchmaker.organisations.services import criteria
from matchmaker.vocabulary.instruments import is_loan


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    #: Worded when it is read.
    label: Any
    open: Callable[[Offer, Any], RoomForm]
    save: Callable[[Session, Offer, int, RoomForm, bool | None], None]
    loans_only: bool = False


def steps_for(code: str | None) -> list[Step]:
    """What is asked of an offer of this instrument or service; None: it is not chosen yet."""
    loan = code is not None and is_loan(code)
    return [step for step in STEPS.values() if loan or not step.loans_only]


def next_step(code: str, key: str) -> Step | None:
    steps = steps_for(code)
    keys = [step.key for step in steps]
    at = keys.index(key) + 1
    return steps[at] if at < len(steps) else None


def what_form(kind: str, formdata: Any, offer: Offer | None = None, **data: Any) -> RoomForm:
    form_class = FinanceOfferForm if kind == Kind.FINANCE else ServiceOfferForm
    form: RoomForm = form_class(formdata, obj=offer, data=data)
    return form


def _open_what(offer: Offer, formdata: Any) -> RoomForm:
    rule = services.amount_rule_of(offer)
    return what_form(offer.kind, formdata, offer, amount_rule=rule)


def _open_terms(offer: Offer, formdata: Any) -> RoomForm:
    form = LoanTermsForm(formdata, obj=offer)
    form.in_currency(offer.currency)
    return form


def _open_rules(form_class: type[RoomForm]) -> Callable[[Offer, Any], RoomForm]:
    """These forms have names of their own: what an offer is called alike must not slip in."""

    def open_form(offer: Offer, formdata: Any) -> RoomForm:
        answers = criteria.to_values(services.declared(offer))
        form: RoomForm = form_class(formdata, data={**answers, "version": offer.version})
        return form

    return open_form


def _open_aims(offer: Offer, formdata: Any) -> RoomForm:
    form: RoomForm = AimsForm(formdata, obj=offer)
    return form


def _save_plain(key: str) -> Callable[[Session, Offer, int, RoomForm, bool | None], None]:
    def save(session: Session, offer: Offer, by: int, form: RoomForm, ready: bool | None) -> None:
        version = form.version.data
        values = form.values()
        services.update_offer(session, offer, by, version=version, ready=ready, step=key, **values)

    return save


def _save_rules(key: str) -> Callable[[Session, Offer, int, RoomForm, bool | None], None]:
    """The form's answers over those of the other steps; rules that no form shows are kept."""

    def save(session: Session, offer: Offer, by: int, form: RoomForm, ready: bool | None) -> None:
        declared = services.declared(offer)
        answers = criteria.to_values(declared) | form.values()
        rules = criteria.to_rules(answers) + criteria.unshown(declared)
        version = form.version.data
        services.update_offer(
            session, offer, by, version=version, ready=ready, step=key, criteria=rules
        )

    return save


STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step("what", _l("What you give"), _open_what, _save_plain("what")),
        Step("terms", _l("What the loan costs"), _open_terms, _save_plain("terms"), True),
        Step("who", _l("Whom it is for"), _open_rules(WhoForm), _save_rules("who")),
        Step(
            "evidence",
            _l("What they must show"),
            _open_rules(EvidenceAskedForm),
            _save_rules("evidence"),
        ),
        Step("aims", _l("Aims and words"), _open_aims, _save_plain("aims")),
    )
}
