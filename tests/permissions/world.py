"""Eleven actors and the objects they stand in some relation to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker import tasks
from matchmaker.accounts.models import Account, Scope, StaffRole
from matchmaker.contacts import services as contacts
from matchmaker.contacts.models import ContactRequest, ReportReason
from matchmaker.contacts.services import blocking, evidence, evidence_asks, meetings
from matchmaker.extensions import clock
from matchmaker.home.models import HelpMessage
from matchmaker.jobs import Job, JobState
from matchmaker.organisations.evidence_files import store
from matchmaker.organisations.models import (
    IntroducerLink,
    MembershipRole,
    Need,
    Offer,
    Organisation,
    OrganisationState,
)
from matchmaker.organisations.services import consortium, showroom
from matchmaker.screening.models import PipelinePass, ViewOrder
from matchmaker.screening.services import entry_tasks, pipeline, saved_views
from matchmaker.suggestions.models import Side
from matchmaker.tasks import TaskKind
from tests.factories import (
    AccountFactory,
    FunderFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    ProviderFactory,
    StaffFactory,
)
from tests.organisations.papers import keep, picture, put_in_showroom

MISSING = "zzzzzzzzzzzz"
#: An import of the province of everybody here, of which one organisation waits.
IMPORT = "abcdefghijkm"


#: What the firm and the strange firm can show, each with a file.
EVIDENCE = "registration"
#: The firm's open showroom, its one product, and the photo of that.
SHOWROOM, PRODUCT, PHOTO = "bcdfghjk", "bcdfghjkmnpq", "ab" * 16


@dataclass(frozen=True)
class Things:
    """What one organisation has, by the ids that stand in addresses."""

    organisation: str = MISSING
    need: str = MISSING
    offer: str = MISSING
    request: str = MISSING
    #: A group of firms that it leads.
    group: str = MISSING
    #: The other half of a pair, for pages of a need and an offer.
    pair: tuple[str, str] = (MISSING, MISSING)


@dataclass
class World:
    #: Their accounts' ids: the world outlives the session that it was built in.
    actors: dict[str, int] = field(default_factory=dict)
    #: actor -> relation -> things
    things: dict[str, dict[str, Things]] = field(default_factory=dict)
    #: request -> the file that its asking side shares, and what its asked side asks for
    papers: dict[str, dict[str, str]] = field(default_factory=dict)
    #: organisation -> the group that it leads, and group -> its own place in it
    groups: dict[str, str] = field(default_factory=dict)
    group_firms: dict[str, str] = field(default_factory=dict)
    #: An offering organisation -> a saved view of its desk.
    views: dict[str, str] = field(default_factory=dict)
    #: An offering organisation -> what stands in its pipeline, by the part of an address.
    pipeline: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Ids of single rows that only staff or their owner reach.
    single: dict[str, str] = field(default_factory=dict)


@dataclass
class Desk:
    """An organisation, who owns it, and what it holds."""

    organisation: Organisation
    account: Account
    need: Need
    offer: Offer


def build(session: Session) -> World:
    world = World()
    firm = _side(OrganisationFactory(name="Firm A"), AccountFactory())
    funder = _side(FunderFactory(name="Funder F"), AccountFactory())
    provider = _side(ProviderFactory(name="Provider P"), AccountFactory())
    stranger = _side(OrganisationFactory(name="Firm B"), AccountFactory())
    far = _side(FunderFactory(name="Funder G"), AccountFactory())
    chamber = _side(
        OrganisationFactory(name="Chamber", is_firm=False, is_introducer=True), AccountFactory()
    )
    ours = _accepted(session, firm, funder)
    theirs = _accepted(session, stranger, far)
    _people(session, world, firm, funder, provider, chamber)
    sides = (firm, funder, provider, chamber, stranger, far)
    for leading, fund in ((firm, funder), (stranger, far)):
        _group(session, world, leading, fund)
    _relations(world, sides, ours, theirs)
    for asking, asked, request_id in ((firm, funder, ours), (stranger, far, theirs)):
        _papers(session, world, asking, asked, request_id)
    _single_rows(session, world, firm)
    _set(session, world)
    draft = saved_views.Draft("Coffee", {}, ViewOrder.SCORE, ("amount",))
    view = saved_views.save(session, funder.offer, funder.account.id, draft)
    world.views[funder.organisation.public_id] = view.public_id
    world.pipeline[funder.organisation.public_id] = _pipeline(session, funder, stranger)
    _showroom(session, firm)
    OrganisationFactory(
        name="Firm I", state=OrganisationState.IN_REVIEW, submitted_at=clock.now(), import_id=IMPORT
    )
    session.commit()
    return world


def _side(organisation: Organisation, account: Account) -> Desk:
    organisation.contact_telephone = "+856 20 5551 0001"
    MembershipFactory(account=account, organisation=organisation, role=MembershipRole.OWNER)
    need = NeedFactory(organisation=organisation)
    offer = OfferFactory(organisation=organisation)
    return Desk(organisation, account, need, offer)


def _accepted(session: Session, asking: Desk, asked: Desk) -> str:
    session.flush()
    ask = contacts.Ask(
        need_id=asking.need.id,
        offer_id=asked.offer.id,
        by=contacts.Actor(asking.account.id, Side.NEED),
        message="May we talk?",
        lang="en",
        promised=("name",),
    )
    request = contacts.send(session, ask).request
    by = contacts.Actor(asked.account.id, Side.OFFER)
    contacts.accept(session, request, by, ("contact_telephone",))
    _talk(session, request, ask.by, by)
    return request.public_id


def _pipeline(session: Session, desk: Desk, firm: Desk) -> dict[str, str]:
    """A firm of the desk's pipeline with a task, and a pass that may be taken back."""
    by = desk.account.id
    entry = pipeline.put_in(session, desk.offer, firm.need, by).entry
    todo = entry_tasks.Todo("Call them", clock.today(), None)
    task = entry_tasks.add(session, entry, by, todo)
    passed = PipelinePass(organisation_id=entry.organisation_id, account_id=by, reason="other")
    session.add(passed)
    session.flush()
    return {
        "entry_id": entry.public_id,
        "task_id": task.public_id,
        "pass_id": passed.public_id,
    }


def _talk(
    session: Session, request: ContactRequest, asking: contacts.Actor, asked: contacts.Actor
) -> None:
    """They agreed on a date, and one of them reported the other."""
    at = clock.now() + timedelta(days=2)
    made = meetings.Proposal([at], "Asia/Vientiane", by_telephone=True)
    meeting = meetings.propose(session, request, asking, made)
    meetings.take(session, request, asked, meeting.public_id, meeting.times[0])
    blocking.report(session, request, asking, ReportReason.OTHER)


def _papers(session: Session, world: World, asking: Desk, asked: Desk, request_id: str) -> None:
    """The asking side shares a file; the asked side waits for an answer to a question."""
    file = keep(asking.organisation, asking.account.id, EVIDENCE)
    request = session.scalars(select(ContactRequest).filter_by(public_id=request_id)).one()
    mine, theirs = (
        contacts.Actor(asking.account.id, Side.NEED),
        contacts.Actor(asked.account.id, Side.OFFER),
    )
    evidence.share(session, request, mine, [file.public_id])
    wanted = evidence_asks.Wanted("", "Who keeps your books?", "Our committee asks it.")
    ask = evidence_asks.ask(session, request, theirs, wanted)
    session.flush()
    world.papers[request_id] = {"file_id": file.public_id, "ask_id": ask.public_id}


def _showroom(session: Session, firm: Desk) -> None:
    product = put_in_showroom(firm.organisation, firm.account.id)
    product.public_id = PRODUCT
    product.showroom.code = SHOWROOM
    store.put_as(Path(current_app.config["DATA"]), PHOTO, picture("WEBP"), store.PHOTOS)
    product.photos[0].large = PHOTO
    showroom.open_to_all(session, firm.organisation, firm.account.id)


def _group(session: Session, world: World, leading: Desk, fund: Desk) -> None:
    """It begins to ask together with others, and has invited nobody yet."""
    plan = consortium.Plan("Together", "One hall for all", "", "en")
    made = consortium.start(session, leading.need, fund.offer, leading.account.id, plan, ())
    public_id = made.organisation.public_id
    world.groups[leading.organisation.public_id] = public_id
    world.group_firms[public_id] = made.firms[0].public_id


def _people(
    session: Session, world: World, firm: Desk, funder: Desk, provider: Desk, chamber: Desk
) -> None:
    member, suspended = AccountFactory(), AccountFactory(active=False)
    MembershipFactory(account=member, organisation=firm.organisation, role=MembershipRole.MEMBER)
    MembershipFactory(account=suspended, organisation=firm.organisation)
    people = {
        "owner": firm.account,
        "member": member,
        "introducer": chamber.account,
        "funder": funder.account,
        "provider": provider.account,
        "viewer": StaffFactory(staff_role=StaffRole.VIEWER),
        "officer": StaffFactory(staff_role=StaffRole.OFFICER),
        "admin": StaffFactory(staff_role=StaffRole.ADMIN),
        "elsewhere": StaffFactory(
            staff_role=StaffRole.OFFICER, scope=Scope.PROVINCE, scope_values=["TH-10"]
        ),
        "suspended": suspended,
    }
    session.add(
        IntroducerLink(
            introducer_id=chamber.organisation.id,
            organisation_id=firm.organisation.id,
            consent_by="Owner",
            consent_how="paper",
            consent_version="1",
        )
    )
    session.flush()
    world.actors = {name: account.id for name, account in people.items()}
    world.single |= {"staff": people["viewer"].public_id, "person": member.public_id}


def _relations(world: World, sides: tuple[Desk, ...], ours: str, theirs: str) -> None:
    firm, funder, provider, chamber, stranger, far = sides

    def things(side: Desk, request: str, pair: tuple[Desk, Desk]) -> Things:
        return Things(
            side.organisation.public_id,
            side.need.public_id,
            side.offer.public_id,
            request,
            world.groups.get(side.organisation.public_id, MISSING),
            (pair[0].need.public_id, pair[1].offer.public_id),
        )

    of_firm = things(firm, ours, (firm, provider))
    of_funder = things(funder, ours, (stranger, funder))
    of_provider = things(provider, MISSING, (stranger, provider))
    of_stranger = things(stranger, theirs, (stranger, far))
    nothing = Things()
    for actor in ("owner", "member"):
        world.things[actor] = {
            "own": of_firm, "counterparty": of_funder, "stranger": of_stranger, "missing": nothing,
        }  # fmt: skip
    world.things["introducer"] = {
        "own": things(chamber, MISSING, (chamber, provider)),
        "client": of_firm, "stranger": of_stranger, "missing": nothing,
    }  # fmt: skip
    world.things["funder"] = {
        "own": of_funder, "counterparty": of_firm, "stranger": of_stranger, "missing": nothing,
    }  # fmt: skip
    world.things["provider"] = {"own": of_provider, "stranger": of_stranger, "missing": nothing}
    for actor in ("viewer", "officer", "admin"):
        world.things[actor] = {"scope": of_firm, "missing": nothing}
    world.things["elsewhere"] = {"outside": of_firm, "missing": nothing}
    world.things["suspended"] = {"own": of_firm}
    world.things["anonymous"] = {"any": of_firm}


def _single_rows(session: Session, world: World, firm: Desk) -> None:
    message = HelpMessage(message="Help", lang="en")
    session.add(message)
    session.flush()
    tasks.open(
        session, TaskKind.SECOND_LOOK, "organisation", firm.organisation.id,
        province=firm.organisation.province, organisation_id=firm.organisation.id,
    )  # fmt: skip
    task = tasks.waiting(session)[0]
    job = Job(name="test.broken", state=JobState.FAILED)
    session.add(job)
    session.flush()
    world.single |= {
        "help_message": message.public_id,
        "task": task.public_id,
        "job": job.public_id,
    }


def _set(session: Session, world: World) -> None:
    """A grant and a loan of others, which together answer any of the needs."""
    parts = [
        OfferFactory(organisation=FunderFactory(name=name), code=code, usd_max=12_000.0)
        for name, code in (("Funder S", "GRANT"), ("Funder T", "TERM_LOAN"))
    ]
    session.flush()
    world.single["set"] = "+".join(one.public_id for one in parts)
