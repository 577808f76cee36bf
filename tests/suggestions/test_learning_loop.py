"""The programme learns from its own outcomes, and publishes only what later outcomes bear out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from matchmaker import jobs
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import clock, db, transactions
from matchmaker.jobs.runner import Runner
from matchmaker.matching.lines import Line
from matchmaker.matching.metrics import Estimate
from matchmaker.matching.programme import programme_model
from matchmaker.organisations.models import Kind, OrganisationState
from matchmaker.suggestions import versions
from matchmaker.suggestions.models import FeedbackKind, ModelState, ModelVersion, PointsBin
from matchmaker.suggestions.resident.holder import resident
from matchmaker.suggestions.services import calibration, learning, outcomes
from matchmaker.suggestions.services.outcomes import Said, labels
from matchmaker.suggestions.services.verdicts import CANDIDATE, IN_FORCE, LEARNED, Verdict
from tests.factories import NeedFactory, OfferFactory
from tests.suggestions.markets import by_chance, by_sector, market, tell
from tests.suggestions.scene import make_scene

pytestmark = [pytest.mark.slow, pytest.mark.both]

UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def blind(number: int) -> str:
    """A model that looks at nothing but the amount, which all of a market have in common."""
    model = programme_model(str(number))
    weights = {"forward": {"ticket": 100}, "backward": {"ticket": 100}}
    return replace(model, weights={**model.weights, "finance": weights}).to_json()


def put_in_force(session: Any) -> ModelVersion:
    number = versions.next_number(session)
    row = versions.draft(session, blind(number), figures={}, note="by hand")
    versions.publish(session, row, None)
    session.commit()
    return row


def run(app: Any, *arguments: str) -> str:
    found = app.test_cli_runner().invoke(args=["matches", *arguments])
    assert found.exit_code == 0, found.output
    return str(found.output)


def said(kind: FeedbackKind, days: float, pair: tuple[int, int] = (1, 1), **values: Any) -> Said:
    at = UNTIL - timedelta(days=days)
    return Said(pair, values.get("firms", pair), kind, at)


# --- labels ---------------------------------------------------------------------------------


def test_the_last_word_about_a_pair_counts_on_the_day_of_the_first() -> None:
    (label,) = labels([said(FeedbackKind.ASKED, 9), said(FeedbackKind.ACCEPTED, 0)], UNTIL)
    assert label.on == date(2026, 5, 23)
    assert label.weight == pytest.approx(outcomes.WEIGHTS[FeedbackKind.ACCEPTED])


def test_kinds_weigh_as_much_as_they_show() -> None:
    weights = [
        labels([said(kind, 0)], UNTIL)[0].weight
        for kind in (
            FeedbackKind.AGREED, FeedbackKind.MET, FeedbackKind.ACCEPTED, FeedbackKind.NOT_AGREED,
            FeedbackKind.ASKED, FeedbackKind.EXPIRED, FeedbackKind.DECLINED,
            FeedbackKind.NOT_FOR_ME,
        )
    ]  # fmt: skip
    assert weights == sorted(weights, reverse=True)
    assert weights[5] > 0 > weights[6]


def test_a_meeting_told_of_late_does_not_take_back_what_came_of_it() -> None:
    met, agreed = said(FeedbackKind.MET, 1), said(FeedbackKind.AGREED, 0)
    for order in ([met, agreed], [agreed, met]):
        assert labels(order, UNTIL)[0].weight == outcomes.WEIGHTS[FeedbackKind.AGREED]


def test_recent_outcomes_weigh_more() -> None:
    old, new = labels(
        [said(FeedbackKind.AGREED, 180, (1, 1)), said(FeedbackKind.AGREED, 0, (2, 2))], UNTIL
    )
    assert old.weight == pytest.approx(new.weight / 2)


def test_what_is_taken_back_is_no_label() -> None:
    hidden = [said(FeedbackKind.NOT_FOR_ME, 3), said(FeedbackKind.TAKEN_BACK, 2)]
    assert labels(hidden, UNTIL) == []


def test_two_organisations_speak_with_one_voice_however_many_needs_they_have() -> None:
    friends = [said(FeedbackKind.AGREED, 0, (need, 1), firms=(7, 8)) for need in range(20)]
    assert sum(label.weight for label in labels(friends, UNTIL)) == pytest.approx(1.0)


# --- the two parts --------------------------------------------------------------------------


@pytest.mark.once
def test_nothing_of_the_later_part_is_learned_from(db_session: Any) -> None:
    market(db_session, 100, by_sector)
    parts = outcomes.parts_of(db_session, clock.today())
    assert parts.enough
    assert parts.later is not None
    assert parts.cut is not None
    known = {(one.need_id, one.offer_id) for one in parts.outcomes}
    assert max(one.on for one in parts.outcomes) < parts.cut
    assert not known & set(parts.later.yes)
    assert known <= set(parts.later.closed)
    assert (parts.yes_before, parts.yes_after) == (70, 30)


@pytest.mark.once
def test_no_need_is_ranked_before_it_came(db_session: Any) -> None:
    market(db_session, 100, by_sector)
    parts = outcomes.parts_of(db_session, clock.today())
    assert parts.later is not None
    newest = max(need.id for need in parts.later.needs)
    (chosen,) = [offer for need, offer in parts.later.yes if need == newest]
    others = {offer for _, offer in parts.later.yes} - {chosen}
    assert {(newest, offer) for offer in others} <= set(parts.later.closed)


@pytest.mark.once
def test_what_suspended_organisations_said_is_not_read(db_session: Any) -> None:
    need, offer = NeedFactory(), OfferFactory()
    tell(db_session, need, offer, FeedbackKind.ACCEPTED, clock.now())
    db_session.commit()
    assert outcomes.parts_of(db_session, clock.today()).yes_after == 1
    need.organisation.state = OrganisationState.SUSPENDED
    db_session.commit()
    assert outcomes.parts_of(db_session, clock.today()).yes_after == 0


# --- publishing -----------------------------------------------------------------------------


def test_what_later_outcomes_bear_out_is_published_by_the_job(db_session: Any) -> None:
    market(db_session, 100, by_sector)
    before = put_in_force(db_session)
    jobs.enqueue(db_session, versions.LEARN, key=versions.LEARN)
    db_session.commit()
    Runner().run_all()
    row = db_session.scalars(select(ModelVersion).order_by(ModelVersion.number.desc())).first()
    told = row.figures[LEARNED]
    assert (row.state, told["verdict"], told["against"]) == (
        ModelState.PUBLISHED, Verdict.BETTER, before.number,
    )  # fmt: skip
    assert told["better"][1] > 0
    assert told["moved"][0]["facet"] == "ticket"
    assert told["moved"][0]["was"] == 100 > told["moved"][0]["now"]
    assert versions.in_force(db_session).model().weights["finance"]["forward"]["sector"] > 0
    # And pages are answered from it: the index was built anew under it.
    assert resident(db_session).version == row.number
    states = select(ModelVersion.state).where(ModelVersion.id == before.id)
    assert db_session.scalar(states) is ModelState.RETIRED
    published = select(AuditEvent).where(AuditEvent.event == "model.published")
    events = db_session.scalars(published.order_by(AuditEvent.id))
    assert [(one.subject_id, one.account_id, one.code) for one in events] == [
        (before.id, None, ""),
        (row.id, None, "learned"),
    ]


@pytest.mark.once
def test_where_answers_follow_nothing_the_candidate_stays_a_draft(
    app: Any, db_session: Any
) -> None:
    market(db_session, 100, by_chance)
    assert "no better than version 1" in run(app, "learn")
    row = db_session.scalars(select(ModelVersion)).one()
    assert (row.state, row.published_at) == (ModelState.DRAFT, None)
    assert versions.number_in_force(db_session) == versions.FIRST
    methods = {line["method"] for line in row.figures[LEARNED]["lines"]}
    assert methods == {CANDIDATE, IN_FORCE, "words", "activity", "logistic"}


def test_with_too_few_outcomes_both_commands_say_so_in_one_line(app: Any, db_session: Any) -> None:
    market(db_session, 12, by_sector)
    for command in ("learn", "evaluate"):
        told = [line for line in run(app, command).splitlines() if "too few" in line]
        assert told[-1].startswith("too few outcomes: 8 pairs answered yes")
    assert db_session.scalars(select(ModelVersion)).all() == []


@pytest.mark.once
def test_evaluate_prints_the_model_beside_words_and_activity(app: Any, db_session: Any) -> None:
    market(db_session, 100, by_sector)
    told = run(app, "evaluate")
    for method in ("version 1", "words", "activity", "logistic"):
        assert f"need -> offer           {method}" in told
        assert f"offer -> need           {method}" in told
    assert "ahead by" in told


def test_others_can_write_while_the_job_works(
    db_session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    market(db_session, 100, by_sector)
    wrote: list[bool] = []
    fit_kinds = learning.fit_kinds

    def meanwhile(*arguments: Any) -> Any:
        with transactions.writing_session(db.engine, lock_ms=200) as other:
            other.execute(text("UPDATE need SET title = 'changed meanwhile'"))
        wrote.append(True)
        return fit_kinds(*arguments)

    monkeypatch.setattr(learning, "fit_kinds", meanwhile)
    jobs.enqueue(db_session, versions.LEARN)
    db_session.commit()
    Runner().run_all()
    assert wrote == [True]
    assert db_session.scalars(select(ModelVersion.state)).first() is not None


def test_a_candidate_gives_way_to_what_was_published_meanwhile(db_session: Any) -> None:
    market(db_session, 100, by_sector)
    put_in_force(db_session)
    found = learning.study(db.engine, clock.today())
    assert found.verdict is Verdict.BETTER
    newer = put_in_force(db_session)
    row = learning.keep(db_session, found)
    assert row is not None
    assert (row.state, row.figures[LEARNED]["verdict"]) == (ModelState.DRAFT, Verdict.OVERTAKEN)
    assert versions.number_in_force(db_session) == newer.number


@pytest.mark.once
def test_old_drafts_keep_their_figures_and_lose_their_content(db_session: Any) -> None:
    market(db_session, 100, by_chance)
    found = learning.study(db.engine, clock.today())
    for _ in range(learning.KEPT_DRAFTS + 2):
        learning.keep(db_session, found)
    db_session.commit()
    rows = db_session.scalars(select(ModelVersion).order_by(ModelVersion.number)).all()
    assert [bool(row.content) for row in rows] == [False, False] + [True] * learning.KEPT_DRAFTS
    assert all(LEARNED in row.figures for row in rows)


def line(method: str, direction: str, covered: float) -> Line:
    return Line(method, direction, 30, {}, covered)


@pytest.mark.parametrize(
    ("better", "both", "verdict"),
    [
        (Estimate(0.04, 0.01, 0.08), (0.5, 0.5), Verdict.BETTER),
        (Estimate(0.04, 0.0, 0.08), (0.9, 0.5), Verdict.NO_BETTER),
        (Estimate(-0.04, -0.09, -0.01), (0.9, 0.5), Verdict.NO_BETTER),
        (Estimate(0.04, 0.01, 0.08), (0.49, 0.5), Verdict.COVERAGE_FALLS),
        (Estimate(float("nan"), float("nan"), float("nan")), (0.5, 0.5), Verdict.NO_BETTER),
    ],
)
def test_better_means_the_interval_and_coverage_on_both_sides(
    better: Estimate, both: tuple[float, float], verdict: Verdict
) -> None:
    ours, theirs = both
    lines = [
        line(method, direction, covered)
        for direction, shares in (("need -> offer", (0.7, 0.7)), ("offer -> need", (ours, theirs)))
        for method, covered in zip((CANDIDATE, IN_FORCE), shares, strict=True)
    ]
    assert learning.judge(lines, better) is verdict


# --- what points were worth -----------------------------------------------------------------


def test_bins_count_ended_requests_by_their_points(db_session: Any) -> None:
    at = clock.now()
    stories = (
        (95.4, (FeedbackKind.ACCEPTED, FeedbackKind.AGREED)),
        (100.0, (FeedbackKind.ACCEPTED, FeedbackKind.AGREED, FeedbackKind.NOT_AGREED)),
        (89.6, (FeedbackKind.DECLINED,)),
        (91.0, (FeedbackKind.ACCEPTED, FeedbackKind.MET)),
        (12.0, (FeedbackKind.EXPIRED,)),
        (12.0, ()),
    )
    for score, kinds in stories:
        need, offer = NeedFactory(), OfferFactory()
        for kind in (FeedbackKind.ASKED, *kinds):
            tell(db_session, need, offer, kind, at, score=score)
    calibration.write_bins(db_session, calibration.read_bins(db_session))
    rows = db_session.scalars(select(PointsBin).order_by(PointsBin.least)).all()
    found = [(row.least, row.asked, row.replied, row.accepted, row.met, row.agreed) for row in rows]
    # 89.6 stood as 90 on the page; the request that still waits is not counted.
    assert found == [(10, 1, 0, 0, 0, 0), (90, 4, 4, 3, 3, 1)]
    top = calibration.bands(rows)[-1]
    assert (top.least, top.most, top.asked) == (80, 100, 4)


def bins(session: Any, asked: int, accepted: int, kind: Kind = Kind.FINANCE) -> None:
    rows = [
        {"kind": kind.value, "least": least, "asked": asked, "replied": asked,
         "accepted": accepted, "met": accepted // 2, "agreed": 0}
        for least in range(0, 100, 20)
    ]  # fmt: skip
    calibration.write_bins(session, rows)
    session.commit()


def test_a_match_says_what_points_like_its_own_were_worth(page: Any, db_session: Any) -> None:
    scene = make_scene(db_session)
    bins(db_session, 43, 22)
    shown = page.sign_in(scene.owner).get(scene.match_url)
    assert "Of about 45 requests for money at" in shown.text
    # All from counts rounded to 5: 22 yeses of 43 stand as 20 of 45, and so does their interval.
    assert "45 were answered, 20 with a yes (a share between 31% and 59%)" in shown.text
    # 11 meetings stand as 10.
    assert "in 10 the two met (a share between 13% and 36%)" in shown.text
    assert "and 0 ended in an agreement (a share between 0% and 8%)." in shown.text


def test_a_match_says_nothing_of_points_that_few_were_asked_at(page: Any, db_session: Any) -> None:
    scene = make_scene(db_session)
    page.sign_in(scene.owner)
    bins(db_session, calibration.LEAST_TOLD - 1, 9)
    assert "with a yes" not in page.get(scene.match_url).text
    bins(db_session, 500, 300, Kind.SERVICE)
    assert "with a yes" not in page.get(scene.match_url).text
