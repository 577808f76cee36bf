"""A funder's desk with colleagues, and firms that stand in its pipeline."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from matchmaker.accounts.models import Account
from matchmaker.organisations.models import Need
from matchmaker.screening.models import PipelineEntry
from matchmaker.screening.services import pipeline
from matchmaker.screening.services.stages import key_of, stages_of
from tests.contacts.scene import Scene, make_scene
from tests.factories import AccountFactory, MembershipFactory, NeedFactory, OrganisationFactory


@dataclass
class Desk:
    session: Session
    scene: Scene
    #: A second person of the funder.
    colleague: Account

    @property
    def url(self) -> str:
        return f"/desk/{self.scene.funder.public_id}"

    @property
    def by(self) -> int:
        return self.scene.banker.id

    def put_in(self, need: Need | None = None) -> PipelineEntry:
        need = need or self.scene.need
        entry = pipeline.put_in(self.session, self.scene.offer, need, self.by).entry
        self.session.commit()
        return entry

    def put_in_many(self, number: int) -> list[PipelineEntry]:
        firm = OrganisationFactory(show_name=False)
        return [self.put_in(NeedFactory(organisation=firm)) for _ in range(number)]

    def page(self, entry: PipelineEntry) -> str:
        return f"{self.url}/pipeline/{entry.public_id}"

    def stage_of(self, entry: PipelineEntry) -> str:
        self.session.refresh(entry)
        stages = {one.id: key_of(one) for one in stages_of(self.session, entry.organisation_id)}
        return stages[entry.stage_id]


def make_desk(session: Session) -> Desk:
    scene = make_scene(session)
    colleague = AccountFactory(name="Colleague Noy")
    MembershipFactory(account=colleague, organisation=scene.funder)
    session.commit()
    return Desk(session, scene, colleague)
