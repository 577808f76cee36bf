"""Probing (TRUST section 7): forty edits of one's own offer tell no more than the card does.

Two firms whose cards are alike and whose exact figures are not are probed with the same edits,
through the pages: lists, tabs, counts, points, arithmetic, rules, reasons and levers read alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sqlalchemy.orm import Session

from matchmaker.extensions import changes, clock
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import Criterion, Operator
from tests.page import PageClient
from tests.suggestions.scene import Scene, make_scene

FIGURES: tuple[dict[str, Any], dict[str, Any]] = (
    {"staff": 11, "women_share": 51, "export_share": 2, "readiness": 27,
     "turnover_minor": 111_000_000, "capital_minor": 99_000_000, "about": "We roast."},
    {"staff": 19, "women_share": 98, "export_share": 24, "readiness": 49,
     "turnover_minor": 999_000_000, "capital_minor": 11_000_000, "about": "We dry and sell."},
)  # fmt: skip
YEARS_IN_BUSINESS = (5, 9)
AMOUNTS = (215_000_000, 429_000_000)


def numbers(low: float, high: float, steps: int) -> list[float]:
    return [round(float(at)) for at in np.linspace(low, high, steps)]


#: Ends that close in on each figure: forty edits in all.
PROBES = [
    *(("amount_usd", at) for at in numbers(9_000, 21_000, 8)),
    *(("age_years", at) for at in numbers(6, 9, 4)),
    *(("staff", at) for at in numbers(9, 21, 7)),
    *(("women_share", at) for at in numbers(40, 100, 7)),
    *(("export_share", at) for at in numbers(1, 26, 5)),
    *(("readiness", at) for at in numbers(25, 52, 5)),
    *(("revenue_usd", at) for at in (1_000, 8_000, 30_000, 60_000)),
]


def set_figures(session: Session, scene: Scene, which: int) -> None:
    for name, value in FIGURES[which].items():
        setattr(scene.need.organisation, name, value)
    began = clock.today().year - YEARS_IN_BUSINESS[which]
    scene.need.organisation.founded_year = began
    scene.need.amount_minor = AMOUNTS[which]
    scene.need.text = f"Words of ours, number {which}."
    changes.note(session, ChangeKind.ORGANISATION, scene.need.organisation_id)
    session.commit()


def edit(session: Session, rule: Criterion, fact: str, end: float, must: bool) -> None:
    rule.fact, rule.operator, rule.values, rule.must = fact, Operator.AT_LEAST, [end], must
    changes.note(session, ChangeKind.OFFER, rule.offer_id)
    session.commit()


def all_that_is_read(
    page: PageClient, session: Session, scene: Scene, edits: int = len(PROBES)
) -> list[str]:
    """What the offerer's pages say, the match or a tab of its list, at each edit of a rule."""
    rule = scene.offer.criteria[0]
    tabs = [scene.offer_url + tab for tab in ("", "?tab=near", "?tab=out")]
    read = []
    for at, (fact, end) in enumerate(PROBES[:edits]):
        edit(session, rule, fact, end, must=at % 2 == 0)
        url = tabs[at // 4 % 3] if at % 4 == 0 else f"{scene.match_url}?side=offer"
        read.append(page.get(url).one("main").get_text(" "))
    return read


@pytest.fixture
def scene(db_session: Session) -> Scene:
    return make_scene(db_session)


@pytest.mark.once
@pytest.mark.slow
def test_forty_edits_read_alike_for_firms_whose_cards_are_alike(
    page: PageClient, db_session: Session, scene: Scene
) -> None:
    assert len(PROBES) == 40
    page.sign_in(scene.banker)
    transcripts = []
    for which in range(2):
        set_figures(db_session, scene, which)
        transcripts.append(all_that_is_read(page, db_session, scene))
    assert transcripts[0] == transcripts[1]
    # The probes do tell firms apart that differ in what the card shows.
    need = scene.need
    need.band_low, need.band_high = 20_000.0, 50_000.0
    changes.note(db_session, ChangeKind.NEED, need.id)
    db_session.commit()
    other = all_that_is_read(page, db_session, scene, edits=12)
    assert sum(one != two for one, two in zip(transcripts[0], other, strict=False)) >= 10
