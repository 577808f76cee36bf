"""Roll-ups equal a count over the raw rows, whatever the world and however they came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median_low

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matchmaker.accounts.access import StaffScope
from matchmaker.contacts.models import ContactEvent, ContactRequest, RequestState
from matchmaker.contacts.models.contact_event import EventKind
from matchmaker.extensions import changes, clock, db
from matchmaker.extensions.changes import ChangeKind
from matchmaker.organisations.models import IntroducerLink, Need, Offer, Organisation
from matchmaker.organisations.services import update_organisation
from matchmaker.organisations.services.reply_time import EDGES, bin_of
from matchmaker.programme.models import (
    COUNTS,
    REPLY_COLUMNS,
    CountState,
    Rollup,
    RollupAmount,
    RollupMonth,
    RollupPoints,
    RollupSum,
    RollupWait,
)
from matchmaker.programme.services.rollups import touched, writing
from matchmaker.programme.services.rollups.cells import band_of
from matchmaker.programme.services.rollups.rolling import roll_up
from matchmaker.programme.services.statistics import totals
from matchmaker.programme.services.statistics.selection import Selection
from matchmaker.suggestions.models import Shown, Side
from matchmaker.suggestions.services.shown import prune
from tests.factories import AccountFactory, NeedFactory, OfferFactory, OrganisationFactory
from tests.programme import naive
from tests.programme.worlds import fill, make_request, show

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL = StaffScope(everything=True)
DIMENSIONS = ("country", "province", "section", "size", "women", "code", "lang", "introducer")

worlds = settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def selections() -> st.SearchStrategy[Selection]:
    scopes = st.sampled_from(
        [ALL, StaffScope(False, frozenset({"LA-SV", "LA-VT"})), StaffScope(False)]
    )
    months = st.sampled_from([None, date(2026, 3, 1), date(2026, 9, 1)])
    return st.builds(
        Selection,
        scope=scopes,
        first=months,
        last=st.sampled_from([None, date(2026, 10, 1)]),
        province=st.sampled_from(["", "LA-SV", "KH-12"]),
        kind=st.sampled_from(["", "finance", "service"]),
        women=st.booleans(),
    )


def empty(session: Session) -> None:
    for table in (CountState, RollupMonth, Rollup, RollupSum, RollupWait, RollupPoints):
        session.execute(delete(table))
    session.execute(delete(IntroducerLink))
    session.execute(delete(ContactRequest))
    session.execute(delete(Need))
    session.execute(delete(Offer))
    session.execute(delete(Organisation))
    session.commit()
    session.expire_all()


def vouch(session: Session, random: Random, at: datetime) -> None:
    """Three introducers, one of them suspended, for some of the firms, some of it ended."""
    firms = list(session.scalars(select(Organisation.id)))
    made = [OrganisationFactory(is_introducer=True, is_firm=False) for _ in range(3)]
    made[2].is_introducer = False
    for firm in random.sample(firms, len(firms) // 2):
        for introducer in random.sample(made, random.randrange(1, 4)):
            ended = random.choice((None, None, at))
            session.add(
                IntroducerLink(
                    introducer_id=introducer.id,
                    organisation_id=firm,
                    consent_by="owner",
                    consent_how="paper",
                    consent_version="1",
                    consent_at=at,
                    ended_at=ended,
                )
            )
    session.commit()


def in_selection(chosen: Selection, need: Need, of: dict[str, object]) -> bool:
    month = need.published_at.date().replace(day=1)
    return (
        (chosen.scope.everything or of["province"] in chosen.scope.provinces)
        and (chosen.first is None or month >= chosen.first)
        and (chosen.last is None or month <= chosen.last)
        and chosen.province in ("", of["province"])
        and chosen.kind in ("", of["kind"])
        and (not chosen.women or of["women"] in ("half", "all"))
    )


def assert_counts_equal(session: Session, chosen: Selection) -> None:
    """The whole, and each value of each dimension."""
    session.expire_all()
    whole: Counter[str] = Counter()
    by: dict[tuple[str, str], Counter[str]] = {}
    for need in naive.needs(session):
        of = naive.dimensions(session, need)
        if not in_selection(chosen, need, of):
            continue
        counted = naive.count(session, need)
        whole.update(counted)
        for dimension in DIMENSIONS:
            value = of[dimension]
            for one in map(str, value) if isinstance(value, set) else [value]:
                by.setdefault((dimension, one), Counter()).update(counted)
    found = totals.totals(session, chosen)
    assert {name: found.all[name] for name in COUNTS} == {name: whole[name] for name in COUNTS}
    read = {
        (dimension, value): {name: counts[name] for name in COUNTS}
        for dimension, values in found.by.items()
        for value, counts in values.items()
    }
    assert read == {key: {name: one[name] for name in COUNTS} for key, one in by.items()}


def chosen_needs(session: Session, chosen: Selection) -> list[Need]:
    session.expire_all()
    return [
        need
        for need in naive.needs(session)
        if in_selection(chosen, need, naive.dimensions(session, need))
    ]


def assert_times_equal(session: Session, chosen: Selection) -> None:
    """Each reply in its bin; the median that is read within one bin of the raw one."""
    mine = chosen_needs(session, chosen)
    hours = [each for need in mine for each in naive.reply_hours(session, need)]
    found = totals.totals(session, chosen).all
    bins = Counter(bin_of(each) for each in hours)
    assert [found[name] for name in REPLY_COLUMNS] == [bins[at] for at in range(24)]
    asked = [naive.wait_until_asked(session, need) for need in mine]
    waits = [each for each in asked if each is not None]
    medians = totals.median_waits(session, chosen)
    for read, raw in ((found.median_reply, hours), (medians["asked"], waits)):
        assert (read is None) == (not raw)
        if read is not None:
            # "Half took at most" is the lower of two middle ones, never a time nobody took.
            assert abs(bin_of(read) - bin_of(median_low(raw))) <= 1


def assert_points_equal(session: Session, chosen: Selection) -> None:
    expected: dict[int, Counter[str]] = {}
    for need in chosen_needs(session, chosen):
        for row in naive.requests(session, need):
            counted = expected.setdefault(band_of(row.score), Counter())
            counted["requests"] += 1
            counted["replies"] += row.answered_at is not None
            counted["yes"] += row.state.value in ("accepted", "closed")
            counted["meetings"] += naive.is_met(session, row)
            counted["agreements"] += naive.is_agreed(session, row)
    found = totals.points(session, chosen)
    names = ("requests", "replies", "yes", "meetings", "agreements")
    assert {band: [counts[name] for name in names] for band, counts in found.items()} == {
        band: [counts[name] for name in names] for band, counts in expected.items()
    }


@pytest.mark.slow
@worlds
@given(seed=st.integers(0, 10_000), needs=st.integers(0, 20), chosen=selections())
def test_any_world_counts_as_its_rows_do(
    db_session: Session, seed: int, needs: int, chosen: Selection
) -> None:
    empty(db_session)
    fill(needs, now=NOW, offerers=5, seed=seed)
    vouch(db_session, Random(seed), NOW)
    roll_up(db_session, db.engine)
    for each in (chosen, Selection(ALL)):
        assert_counts_equal(db_session, each)
        assert_times_equal(db_session, each)
        assert_points_equal(db_session, each)


def test_bands_of_points_are_those_of_the_page() -> None:
    assert [band_of(score) for score in (None, 0, 39.4, 39.6, 59.4, 79.6, 100)] == [
        -1, 0, 0, 40, 40, 80, 80,
    ]  # fmt: skip


def noted(request: ContactRequest, kind: EventKind) -> None:
    db.session.add(ContactEvent(contact_request_id=request.id, kind=kind))


def ask(session: Session) -> None:
    asked = select(ContactRequest.need_id)
    need = session.scalars(select(Need).where(Need.id.not_in(asked)).order_by(Need.id)).first()
    offer = session.scalars(select(Offer).order_by(Offer.id)).first()
    noted(make_request(need, offer, sent=NOW), EventKind.SENT)


def decline(session: Session) -> None:
    row = session.scalars(
        select(ContactRequest)
        .where(ContactRequest.state == RequestState.SENT)
        .order_by(ContactRequest.id)
    ).first()
    row.state, row.answered_at = RequestState.DECLINED, NOW + timedelta(days=1)
    noted(row, EventKind.DECLINED)


def move_a_firm(session: Session) -> None:
    there = select(Organisation).where(Organisation.province == "LA-SV")
    firm = session.scalars(there.order_by(Organisation.id)).first()
    update_organisation(session, firm, None, province="LA-AT", women_share=100)


def show_one(session: Session) -> None:
    seen = set(session.scalars(select(ContactRequest.need_id)))
    need = next(need for need in naive.needs(session) if need.id not in seen)
    offer = OfferFactory()
    show(need, offer, days=(clock.today() - need.published_at.date()).days)


def begin_to_vouch(session: Session) -> None:
    vouch(session, Random(1), clock.now())


def close_an_introducer(session: Session) -> None:
    vouch(session, Random(1), clock.now() - timedelta(days=50))
    # No consent is dated back in life: what was vouched for so is not noticed as new.
    roll_up(session, db.engine, everything=True)
    query = select(Organisation).where(Organisation.is_introducer).order_by(Organisation.id)
    row = session.scalars(query).first()
    row.is_introducer = False
    changes.note(session, ChangeKind.ORGANISATION, row.id)


def publish_one(session: Session) -> None:
    need = NeedFactory(published_at=NOW)
    changes.note(session, ChangeKind.NEED, need.id)


def delete_one(session: Session) -> None:
    asked = set(session.scalars(select(ContactRequest.need_id)))
    need = next(need for need in naive.needs(session) if need.id not in asked)
    session.delete(need)
    changes.note(session, ChangeKind.NEED, need.id)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        ask,
        decline,
        move_a_firm,
        show_one,
        begin_to_vouch,
        close_an_introducer,
        publish_one,
        delete_one,
    ],
)
def test_whatever_happens_is_in_the_next_count(
    db_session: Session, change: Callable[[Session], None]
) -> None:
    AccountFactory()
    fill(40, now=NOW, offerers=6)
    roll_up(db_session, db.engine)
    change(db_session)
    db_session.commit()
    assert roll_up(db_session, db.engine) > 0
    assert_counts_equal(db_session, Selection(ALL))
    assert_counts_equal(db_session, Selection(StaffScope(False, frozenset({"LA-AT", "LA-SV"}))))


def test_counting_again_changes_nothing(db_session: Session) -> None:
    fill(40, now=NOW, offerers=6)
    roll_up(db_session, db.engine)
    before = db_session.execute(select(Rollup.__table__)).all()
    roll_up(db_session, db.engine, everything=True)
    assert sorted(db_session.execute(select(Rollup.__table__)).all()) == sorted(before)


def test_a_quiet_time_counts_only_what_may_have_been_under_way(db_session: Session) -> None:
    fill(40, now=NOW, offerers=6)
    roll_up(db_session, db.engine)
    assert roll_up(db_session, db.engine) <= 1


def test_a_whole_programme_reads_the_same_from_sums_and_from_cells(db_session: Session) -> None:
    fill(60, now=NOW, offerers=6)
    vouch(db_session, Random(3), NOW)
    roll_up(db_session, db.engine)
    everywhere = Selection(ALL)
    every = frozenset(db_session.scalars(select(Rollup.province).distinct()))
    cells = Selection(StaffScope(False, every))
    from_sums, from_cells = totals.totals(db_session, everywhere), totals.totals(db_session, cells)
    assert from_sums.all.of == from_cells.all.of
    assert from_sums.by == from_cells.by
    assert totals.median_waits(db_session, everywhere) == totals.median_waits(db_session, cells)
    assert totals.points(db_session, everywhere) == totals.points(db_session, cells)


def test_the_scope_of_an_introducer_counts_its_own_members_once(db_session: Session) -> None:
    fill(30, now=NOW, offerers=4)
    vouch(db_session, Random(5), NOW)
    roll_up(db_session, db.engine)
    one, two = db_session.scalars(
        select(Organisation.id).where(Organisation.is_introducer).limit(2)
    ).all()
    scope = StaffScope(False, introducer_ids=frozenset({one, two}))
    expected = sum(
        bool(naive.introducers(db_session, need.organisation_id) & {one, two})
        for need in naive.needs(db_session)
    )
    assert totals.totals(db_session, Selection(scope)).all["needs"] == expected > 0


def test_edges_of_the_bins_are_the_organisation_rooms_own() -> None:
    assert len(EDGES) + 1 == len(REPLY_COLUMNS) == 24


def test_what_was_shown_long_ago_stays_counted_when_its_rows_are_gone(db_session: Session) -> None:
    need = NeedFactory(published_at=clock.now() - timedelta(days=390))
    show(need, OfferFactory(), Side.OFFER)
    db_session.commit()
    roll_up(db_session, db.engine)
    prune(db_session, clock.today() + timedelta(days=30))
    db_session.commit()
    assert db_session.scalars(select(Shown)).all() == []
    roll_up(db_session, db.engine, everything=True)
    counts = totals.totals(db_session, Selection(ALL)).all
    assert (counts["shown"], counts["seen_by"]) == (1, 1)


def test_a_count_of_what_changed_leaves_the_rows_of_a_whole_count(db_session: Session) -> None:
    """Cells that nothing is left in are gone, those of another month are begun."""
    fill(40, now=NOW, offerers=6)
    roll_up(db_session, db.engine)
    for change in (ask, decline, move_a_firm, publish_one, delete_one, begin_to_vouch):
        change(db_session)
    need = naive.needs(db_session)[0]
    need.published_at = NOW - timedelta(days=400)
    changes.note(db_session, ChangeKind.NEED, need.id)
    db_session.commit()
    roll_up(db_session, db.engine)
    changed = rows_of_counts(db_session)
    roll_up(db_session, db.engine, everything=True)
    assert changed == rows_of_counts(db_session)


def rows_of_counts(session: Session) -> list[list[tuple[object, ...]]]:
    session.expire_all()
    return [
        sorted(map(tuple, session.execute(select(table.__table__))))
        for table in (Rollup, RollupSum, RollupWait, RollupPoints, RollupAmount)
    ]


def test_a_few_changed_needs_do_not_have_whole_months_read(
    db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(40, now=NOW, offerers=6)
    roll_up(db_session, db.engine)
    monkeypatch.setattr(writing, "recount", None)
    ask(db_session)
    db_session.commit()
    assert roll_up(db_session, db.engine) > 0
    assert_counts_equal(db_session, Selection(ALL))


def test_of_very_many_changed_needs_months_are_counted_whole(
    db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(40, now=NOW, offerers=6)
    roll_up(db_session, db.engine)
    monkeypatch.setattr(touched, "MOST_NEEDS", 0)
    monkeypatch.setattr(writing, "recount_needs", None)
    ask(db_session)
    db_session.commit()
    assert roll_up(db_session, db.engine) > 1
    assert_counts_equal(db_session, Selection(ALL))
