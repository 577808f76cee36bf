"""The learning job: fit on earlier outcomes, compare on later ones, publish only what is better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import structlog
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from matchmaker.matching.comparison import compare
from matchmaker.matching.learning.fitting import Fitted, fit
from matchmaker.matching.learning.history import Outcome
from matchmaker.matching.lines import Line
from matchmaker.matching.metrics import Estimate, paired
from matchmaker.matching.model import DIRECTIONS, FACETS, Model
from matchmaker.matching.programme import programme_model
from matchmaker.matching.records import Kind, NeedRecord, OfferRecord
from matchmaker.suggestions import versions
from matchmaker.suggestions.models import ModelState, ModelVersion
from matchmaker.suggestions.resident import building
from matchmaker.suggestions.services.evaluation import too_few
from matchmaker.suggestions.services.outcomes import Parts, parts_of
from matchmaker.suggestions.services.verdicts import CANDIDATE, IN_FORCE, LEARNED, NOTES, Verdict

log = structlog.get_logger()

KINDS: tuple[Kind, ...] = ("finance", "service")
#: Changed weights that a version remembers.
MOST_MOVED = 8
#: Drafts whose content is kept, so that staff may publish one after all.
KEPT_DRAFTS = 6


@dataclass(frozen=True)
class Study:
    """What was found out, before anything is written."""

    verdict: Verdict
    parts: Parts
    against: int
    model: Model | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def note(self) -> str:
        if self.verdict is Verdict.TOO_FEW:
            return too_few(self.parts)
        return NOTES[self.verdict].format(against=self.against)


def study(engine: Engine, today: date) -> Study:
    """Read, fit and compare; holds no transaction while it works."""
    with building.own_reading_session(engine) as session:
        version = versions.in_force(session)
        number = versions.next_number(session)
        parts = parts_of(session, today)
    if parts.later is None:
        return Study(Verdict.TOO_FEW, parts, version.number)
    later = parts.later
    model, fits = fit_kinds(later.needs, later.offers, parts.outcomes, str(number))
    models = {CANDIDATE: model, IN_FORCE: version.model()}
    lines = compare(later, models, parts.outcomes)
    better = pooled(lines)
    verdict = judge(lines, better)
    found = figures(lines, better, fits, parts, version.number, verdict)
    found[LEARNED]["moved"] = moved(version.model(), model)
    return Study(verdict, parts, version.number, model, found)


def fit_kinds(
    needs: Sequence[NeedRecord],
    offers: Sequence[OfferRecord],
    outcomes: Sequence[Outcome],
    version: str,
) -> tuple[Model, list[Fitted]]:
    """Finance and services learn apart; a kind without outcomes keeps the programme's weights.

    Pages show offers without history (what an offerer took is known to it alone), so they are
    fitted without it.
    """
    fits = [
        fit(programme_model(version), needs, offers, outcomes, version, kind=kind, history=False)
        for kind in KINDS
    ]
    model = replace(
        fits[0].model,
        scales={one.kind: one.model.scales[one.kind] for one in fits},
        weights={one.kind: one.model.weights[one.kind] for one in fits},
    )
    return model, fits


def pooled(lines: Sequence[Line]) -> Estimate:
    """How far the candidate is ahead of the version in force, over the queries of both sides."""
    gains = {
        method: [gain for line in lines if line.method == method for gain in line.gains]
        for method in (CANDIDATE, IN_FORCE)
    }
    return paired(gains[CANDIDATE], gains[IN_FORCE])


def judge(lines: Sequence[Line], better: Estimate) -> Verdict:
    """Better is what the interval shows, with coverage falling on neither side."""
    if not better.low > 0:
        return Verdict.NO_BETTER
    covered = {(line.method, line.direction): line.coverage for line in lines}
    falls = [
        covered[CANDIDATE, direction] < share
        for (method, direction), share in covered.items()
        if method == IN_FORCE
    ]
    return Verdict.COVERAGE_FALLS if any(falls) else Verdict.BETTER


def figures(
    lines: Sequence[Line],
    better: Estimate,
    fits: Sequence[Fitted],
    parts: Parts,
    against: int,
    verdict: Verdict,
) -> dict[str, Any]:
    """What the version keeps of its comparison, as plain values."""
    return {
        LEARNED: {
            "verdict": verdict.value,
            "against": against,
            "cut": parts.cut.isoformat() if parts.cut else None,
            "yes_before": parts.yes_before,
            "yes_after": parts.yes_after,
            "better": _estimate(better),
            "kinds": [
                {"kind": one.kind, "outcomes": one.outcomes, "trust": round(one.trust, 3)}
                for one in fits
            ],
            "lines": [_line(one) for one in lines],
        }
    }


def moved(before: Model, after: Model) -> list[dict[str, Any]]:
    """The weights, in per cent, that differ most between two versions, greatest change first."""
    found: list[dict[str, Any]] = [
        {"kind": kind, "direction": direction, "facet": facet, "was": was, "now": now}
        for kind in KINDS
        for direction in DIRECTIONS
        for facet in FACETS
        if (was := before.weights[kind][direction].get(facet, 0))
        != (now := after.weights[kind][direction].get(facet, 0))
    ]
    return sorted(found, key=lambda one: -abs(one["now"] - one["was"]))[:MOST_MOVED]


def _line(line: Line) -> dict[str, Any]:
    return {
        "method": line.method,
        "direction": line.direction,
        "queries": line.queries,
        "ndcg": _estimate(line.measures["nDCG@10"]),
        "recall": _estimate(line.measures["recall@10"]),
        "coverage": round(line.coverage, 4),
        "behind": _estimate(line.ahead) if line.ahead else None,
    }


def _estimate(found: Estimate) -> list[float]:
    return [round(value, 4) for value in (found.mean, found.low, found.high)]


def keep(session: Session, found: Study) -> ModelVersion | None:
    """Write the candidate down, and put it in force if it is better than what is in force now."""
    if found.model is None:
        return None
    content = found.model.to_json()
    overtaken = versions.lock_in_force(session) != found.against
    if overtaken:
        found = replace(found, verdict=Verdict.OVERTAKEN)
        found.figures[LEARNED]["verdict"] = Verdict.OVERTAKEN.value
    row = versions.draft(session, content, figures=found.figures, note=found.note)
    _empty_old_drafts(session)
    if found.verdict is Verdict.BETTER:
        versions.publish(session, row, None, "learned")
    return row


def _empty_old_drafts(session: Session) -> None:
    """What nobody published stays in the history with its figures; its content is large."""
    drafts = select(ModelVersion.id).where(ModelVersion.state == ModelState.DRAFT)
    newest = session.scalars(drafts.order_by(ModelVersion.number.desc()).limit(KEPT_DRAFTS))
    session.execute(
        update(ModelVersion)
        .where(ModelVersion.state == ModelState.DRAFT, ModelVersion.id.not_in(newest.all()))
        .values(content="")
        .execution_options(synchronize_session=False)
    )


def learn(session: Session, engine: Engine, today: date) -> Study:
    """The whole of it; the caller commits. Only the last step writes."""
    found = study(engine, today)
    row = keep(session, found)
    log.info(
        "learned", verdict=found.verdict.value, version=row.number if row else None, note=found.note
    )
    return found
