"""The short steps of a profile: which there are for whom, how each opens and what it saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from matchmaker.organisations import services
from matchmaker.organisations.forms import answers, profile
from matchmaker.organisations.forms.base import RoomForm
from matchmaker.organisations.forms.loan import LicenceForm
from matchmaker.organisations.forms.organisation import NameForm
from matchmaker.organisations.models import Organisation
from matchmaker.organisations.services import introducer_link, licence, review, twin

#: What nobody is published without, where it is not asked in the step of its name.
_ASKED_IN = dict.fromkeys(("country", "province", "roles"), "name")

#: (organisation, formdata): `POSTED` reads the request, None shows what is saved.
Opener = Callable[[Organisation, Any], RoomForm]
Saver = Callable[[Session, Organisation, int, RoomForm], None]


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    #: Worded when it is read.
    label: Any
    open: Opener
    save: Saver
    firms_only: bool = True
    funders_only: bool = False

    def asked_of(self, organisation: Organisation) -> bool:
        if self.funders_only:
            return organisation.is_funder
        return organisation.is_firm or not self.firms_only


def steps_for(organisation: Organisation) -> list[Step]:
    """A funder or provider is asked less than a firm; a funder who lets it lend."""
    return [step for step in STEPS.values() if step.asked_of(organisation)]


def next_step(organisation: Organisation, key: str) -> Step | None:
    """The step after this one; None after the last."""
    steps = steps_for(organisation)
    keys = [step.key for step in steps]
    at = keys.index(key) if key in keys else -1
    return steps[at + 1] if at + 1 < len(steps) else None


def left(organisation: Organisation) -> list[Step]:
    """Steps never saved, or saved without what nobody is published without."""
    lacking = {_ASKED_IN.get(name, name) for name in review.missing(organisation)}
    done = set(organisation.steps_done) - lacking
    return [step for step in steps_for(organisation) if step.key not in done]


def _plain(form_class: type[RoomForm]) -> Opener:
    def open_form(organisation: Organisation, formdata: Any) -> RoomForm:
        form: RoomForm = form_class(formdata, obj=organisation)
        return form

    return open_form


def _open_name(organisation: Organisation, formdata: Any) -> RoomForm:
    form: RoomForm = NameForm(formdata, obj=organisation, data={"roles": list(organisation.roles)})
    return form


def _open_people(organisation: Organisation, formdata: Any) -> RoomForm:
    form: RoomForm = profile.PeopleForm(formdata, obj=organisation)
    if organisation.is_group:
        # By its form others know it for several firms.
        del form.legal_form
    return form


def _open_words(organisation: Organisation, formdata: Any) -> RoomForm:
    form = profile.WordsForm(formdata, obj=organisation)
    if not (organisation.is_firm or organisation.is_provider):
        form.ask_who_gives()
    return form


def _open_contact(organisation: Organisation, formdata: Any) -> RoomForm:
    form: RoomForm = profile.ContactForm(formdata, obj=organisation)
    if not (organisation.is_firm or organisation.is_provider):
        # Who only gives is known by name wherever it stands.
        del form.show_name
    return form


def _save_plain(key: str) -> Saver:
    def save(session: Session, organisation: Organisation, by: int, form: RoomForm) -> None:
        version = form.version.data
        services.update_organisation(
            session, organisation, by, version=version, step=key, **form.values()
        )

    return save


def _save_name(session: Session, organisation: Organisation, by: int, form: RoomForm) -> None:
    if organisation.is_introducer and not form.values()["is_introducer"]:
        introducer_link.give_up_role(session, organisation)
    _save_plain("name")(session, organisation, by, form)


def _save_ids(session: Session, organisation: Organisation, by: int, form: RoomForm) -> None:
    version = form.version.data
    services.update_organisation(session, organisation, by, version=version, step="ids")
    services.set_business_ids(session, organisation, by, answers.ids_of(form))
    twin.point_out(session, organisation)


def _save_licence(session: Session, organisation: Organisation, by: int, form: RoomForm) -> None:
    said = form.values()
    licence.set_licence(
        session,
        organisation,
        by,
        version=form.version.data,
        authority=said["licence_authority"],
        number=said["licence_number"],
        until=said["licence_until"],
    )


def _save_evidence(session: Session, organisation: Organisation, by: int, form: RoomForm) -> None:
    version = form.version.data
    services.update_organisation(session, organisation, by, version=version, step="evidence")
    services.state_facts(session, organisation, by, form.values())


def _save_digital(session: Session, organisation: Organisation, by: int, form: RoomForm) -> None:
    services.update_organisation(
        session,
        organisation,
        by,
        version=form.version.data,
        step="digital",
        readiness_answers=answers.readiness_of(form),
    )


def _open_evidence(organisation: Organisation, formdata: Any) -> RoomForm:
    return answers.evidence_form(organisation, services.stated(organisation), formdata)


def _step(key: str, label: Any, form_class: type[RoomForm]) -> Step:
    return Step(key, label, _plain(form_class), _save_plain(key))


STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step("name", _l("Name and place"), _open_name, _save_name, False),
        _step("sector", _l("What you do"), profile.SectorForm),
        _step("size", _l("Size and age"), profile.SizeForm),
        Step("people", _l("People and ownership"), _open_people, _save_plain("people")),
        Step("ids", _l("Business numbers"), answers.ids_form, _save_ids, False),
        Step("licence", _l("Licence to lend"), _plain(LicenceForm), _save_licence, False, True),
        _step("certificates", _l("Certificates"), profile.CertificateForm),
        _step("exports", _l("Languages and exports"), profile.ExportForm),
        Step("evidence", _l("What you can show"), _open_evidence, _save_evidence),
        Step("digital", _l("Digital self-check"), answers.readiness_form, _save_digital),
        Step("words", _l("In your own words"), _open_words, _save_plain("words"), False),
        Step("contact", _l("How to reach you"), _open_contact, _save_plain("contact"), False),
    )
}
