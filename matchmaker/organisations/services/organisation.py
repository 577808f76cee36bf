"""Making and editing an organisation's profile."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from matchmaker import audit
from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.language.keys import name_key, search_key
from matchmaker.organisations.models import Membership, MembershipRole, Need, Offer, Organisation
from matchmaker.organisations.services import notice, readiness, size
from matchmaker.organisations.services.values import assign, check_version, one_writer
from matchmaker.tasks import TaskKind
from matchmaker.vocabulary import places, sectors

ROLES = frozenset({"is_firm", "is_funder", "is_provider", "is_introducer"})
CONTACT = frozenset({"contact_name", "contact_email", "contact_telephone", "contact_address"})
#: What a person may write of an organisation; all else is worked out or belongs to the programme.
EDITABLE = (
    ROLES
    | CONTACT
    | frozenset(
        {
            "name",
            "name_lang",
            "name_latin",
            "show_name",
            "country",
            "province",
            "district",
            "plain_sector",
            "sector",
            "stage",
            "legal_form",
            "founded_year",
            "staff",
            "turnover_minor",
            "capital_minor",
            "currency",
            "languages",
            "women_share",
            "women_decide",
            "ownership",
            "exports",
            "export_share",
            "export_countries",
            "certificates",
            "impact",
            "readiness_answers",
            "about",
            "about_lang",
            "website",
            "licence_authority",
            "licence_number",
            "licence_until",
        }
    )
)
#: What only an import may say besides.
IMPORTED = frozenset({"source", "source_key", "attributes", "size_class", "last_active_at"})


def create_organisation(
    session: Session, by: int | None, *, owned: bool = True, **values: Any
) -> Organisation:
    """Make a draft; its maker becomes its owner unless it is made for somebody else."""
    organisation = drafted(**values)
    session.add(organisation)
    session.flush()
    if by is not None and owned:
        role = MembershipRole.OWNER
        session.add(Membership(account_id=by, organisation_id=organisation.id, role=role))
    _record(session, "organisation.created", by, organisation)
    return organisation


def drafted(**values: Any) -> Organisation:
    """A draft that is not in the database yet."""
    organisation = Organisation(name="", version=1)
    _write(organisation, values, EDITABLE | IMPORTED)
    return organisation


@one_writer
def update_organisation(
    session: Session,
    organisation: Organisation,
    by: int | None,
    *,
    version: int | None = None,
    step: str = "",
    **values: Any,
) -> Organisation:
    """Save what changed; of a published organisation it shows at once and gets a second look.

    Raises StaleVersion when the form is older than the row.
    """
    check_version(organisation, version)
    changed = _write(
        organisation, values, EDITABLE | (IMPORTED if step == "import" else frozenset())
    )
    if step and step not in organisation.steps_done:
        organisation.steps_done = [*organisation.steps_done, step]
    if not changed:
        session.flush()
        return organisation
    if "readiness_answers" in changed:
        # A shared self-check goes before what this step works out.
        organisation.readiness = readiness.counted(session, organisation)
    if changed - CONTACT:
        _ask_second_look(session, organisation)
    if changed & {"name", "name_latin"}:
        _rename_offers(session, organisation)
    session.flush()
    _record(session, "organisation.changed", by, organisation, code=step)
    return organisation


@one_writer
def touch(session: Session, organisation: Organisation, by: int | None, code: str) -> None:
    """What belongs to the profile but stands in its own table changed: ids, evidence."""
    _ask_second_look(session, organisation)
    organisation.updated_at = clock.now()
    session.flush()
    _record(session, "organisation.changed", by, organisation, code=code)


def note_all(session: Session, organisation: Organisation) -> None:
    """Whatever of this organisation can be ranked may now rank otherwise."""
    changes.note(session, ChangeKind.ORGANISATION, organisation.id)
    for model, kind in ((Need, ChangeKind.NEED), (Offer, ChangeKind.OFFER)):
        for row_id in session.scalars(
            select(model.id).where(model.organisation_id == organisation.id)
        ):
            changes.note(session, kind, row_id)


def offer_search_key(organisation: Organisation, title: str) -> str:
    """What the catalogue's search by name compares."""
    return search_key(f"{title} {organisation.name} {organisation.name_latin}")[:600]


def _write(
    organisation: Organisation, values: dict[str, Any], editable: frozenset[str]
) -> set[str]:
    changed = assign(organisation, values, editable)
    if changed & {"name", "name_latin"}:
        organisation.name_key = name_key(organisation.name)[: Organisation.NAME_MAX]
    if "province" in changed and organisation.province:
        organisation.country = places.country_of(organisation.province)
    if "plain_sector" in changed and "sector" not in values:
        organisation.sector = sectors.isic_of(organisation.plain_sector) or organisation.sector
    if "readiness_answers" in changed:
        organisation.readiness = readiness.score(organisation.readiness_answers)
    if (changed & size.INPUTS or "plain_sector" in changed) and "size_class" not in values:
        size.classify(organisation)
    return changed


def _ask_second_look(session: Session, organisation: Organisation) -> None:
    if organisation.is_published:
        organisation.second_look_at = clock.now()
        notice.open_task(session, organisation, TaskKind.SECOND_LOOK)


def _rename_offers(session: Session, organisation: Organisation) -> None:
    rows = session.execute(
        select(Offer.id, Offer.title).where(Offer.organisation_id == organisation.id)
    )
    for offer_id, title in rows:
        session.execute(
            update(Offer)
            .where(Offer.id == offer_id)
            .values(search_key=offer_search_key(organisation, title))
        )


def _record(
    session: Session, event: str, by: int | None, organisation: Organisation, code: str = ""
) -> None:
    audit.record(
        session,
        event,
        account_id=by,
        subject="organisation",
        subject_id=organisation.id,
        organisation_id=organisation.id,
        code=code,
    )
    note_all(session, organisation)
