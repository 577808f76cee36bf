"""The region of papers and questions: what each side shares, opened and asked, as one side sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matchmaker.contacts.access import OwnRequest
from matchmaker.contacts.evidence_forms import AnswerForm
from matchmaker.contacts.models import AskState, EvidenceAsk
from matchmaker.contacts.models.contact_request import other
from matchmaker.contacts.services import evidence
from matchmaker.extensions import db
from matchmaker.organisations import evidence_words
from matchmaker.organisations.models import EvidenceFile

#: What `facts` gives as "papers".
Papers = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    row: EvidenceAsk
    form: AnswerForm
    #: The file that would answer it, if there is one that is not shared yet.
    file: EvidenceFile | None

    @property
    def open(self) -> bool:
        return self.row.state is AskState.OPEN


def facts(own: OwnRequest, answering: AnswerForm | None = None) -> dict[str, Any]:
    """For the template; nothing where nothing goes between the two."""
    row, viewer = own.request, own.actor.side
    if not evidence.between(row):
        return {"papers": None}
    mine, theirs = row.organisation_id(viewer), row.organisation_id(other(viewer))
    found, asks = evidence.papers_and_asks(db.session(), row)
    own_papers = [paper for paper in found if paper.file.organisation_id == mine]
    files = {paper.file.fact: paper.file for paper in own_papers if not paper.shared}
    return {
        "papers": {
            "theirs": [p for p in found if p.file.organisation_id == theirs and p.shared],
            "mine": [paper for paper in own_papers if paper.shared],
            "not_shared": [paper for paper in own_papers if not paper.shared],
            "i_asked": [ask for ask in asks if ask.asked_by is viewer],
            "they_asked": [
                Asked(ask, _form(ask, answering), files.get(ask.fact))
                for ask in asks
                if ask.asked_by is not viewer
            ],
            "mine_id": row.organisation(viewer).public_id,
        },
        "words": evidence_words,
    }


def to_send(found: Papers | None) -> list[tuple[str, str]]:
    """One's own papers, for the ticks beside a message."""
    mine = [*found["mine"], *found["not_shared"]] if found else []
    return [(one.file.public_id, evidence_words.label(one.file.fact)) for one in mine]


def may_open(found: Papers | None) -> set[str]:
    """Public ids of the other side's papers that this reader may open now."""
    return {one.file.public_id for one in found["theirs"]} if found else set()


def _form(ask: EvidenceAsk, answering: AnswerForm | None) -> AnswerForm:
    empty = AnswerForm(ask, formdata=None)
    return answering if answering is not None and answering._prefix == empty._prefix else empty
