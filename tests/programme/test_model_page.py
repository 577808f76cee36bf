"""The model page: staff of the whole programme look, administrators put a version in force."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.accounts.models import Scope, StaffRole
from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import clock, db
from matchmaker.jobs.models import Job
from matchmaker.matching.parity import LEAST_FIRMS, REST
from matchmaker.matching.programme import programme_model
from matchmaker.programme.models import VersionSight
from matchmaker.programme.services import model_history
from matchmaker.programme.services.version_sights import Sum, folded
from matchmaker.suggestions import versions
from matchmaker.suggestions.models import (
    Exposure,
    FeedbackKind,
    ModelState,
    ModelVersion,
    PointsBin,
    Shown,
    Side,
)
from matchmaker.suggestions.services.parity import PARITY
from matchmaker.suggestions.services.verdicts import LEARNED
from tests.contacts.test_queries import counted
from tests.factories import (
    AccountFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.page import PageClient
from tests.suggestions.markets import tell

URL = "/programme/model"
COMPARED: dict[str, Any] = {
    LEARNED: {
        "verdict": "no_better",
        "against": 2,
        "cut": "2026-08-01",
        "yes_before": 140,
        "yes_after": 61,
        "better": [-0.0151, -0.0442, 0.0114],
        "kinds": [],
        "moved": [
            {"kind": "finance", "direction": "forward", "facet": "text", "was": 12, "now": 17}
        ],
        "lines": [
            {
                "method": method,
                "direction": direction,
                "queries": 61,
                "ndcg": [0.4, 0.3, 0.5],
                "recall": [0.6, 0.5, 0.7],
                "coverage": 0.61,
                "behind": None,
            }
            for direction in ("need -> offer", "offer -> need")
            for method in ("candidate", "in force", "words", "activity")
        ],
    }
}

PARITY_ROWS = [
    {"dimension": "size", "group": "size:micro", "needs": 9, "seen": [1.0, 0.5, 1.5], "ratio": 1.0,
     "quality": None, "measured": 0}
]  # fmt: skip


def version(session: Session, *, published: bool = False, **figures: Any) -> ModelVersion:
    number = versions.next_number(session)
    content = programme_model(str(number)).to_json()
    row = versions.draft(session, content, figures=figures, note="made for a test")
    if published:
        versions.publish(session, row, None)
    session.commit()
    return row


def admin() -> Any:
    return StaffFactory(staff_role=StaffRole.ADMIN, name="Ada Admin")


def buttons(found: Any) -> list[str]:
    return [form["action"] for form in found.all("form.one") if URL in form["action"]]


def test_staff_see_which_version_holds_and_why_the_other_does_not(
    page: PageClient, db_session: Session
) -> None:
    version(db_session, published=True, calibrated_on=483)
    version(db_session, **COMPARED)
    found = page.sign_in(StaffFactory()).get(URL)
    assert "Version 2 is in force" in found.text
    assert "The programme's own weights, scaled to 483 needs" in found.text
    assert "no better than version 2, so not published" in found.text
    assert "140 pairs answered yes before 1 August 2026" in found.text
    assert "\N{MINUS SIGN}0.015 against those of version 2" in found.text
    (row,) = [" ".join(row.get_text(" ").split()) for row in found.all("#weights tbody tr")]
    assert row == "Words Money For the firm 12% 17%"
    assert buttons(found) == []


def test_an_administrator_puts_a_draft_in_force(page: PageClient, db_session: Session) -> None:
    before = version(db_session, published=True)
    draft = version(db_session, **COMPARED)
    who = admin()
    shown = page.sign_in(who).get(URL)
    after = page.follow(page.submit(shown, "form[action$=publish]"))
    assert "Version 3 is in force" in after.text
    (row,) = [one.get_text(" ") for one in after.all("#versions tbody tr") if "Ada" in str(one)]
    assert "put in force by hand, though the job advised against it" in row
    assert "not published" not in after.one("#versions").get_text()
    db_session.expire_all()
    assert (before.state, draft.state) == (ModelState.RETIRED, ModelState.PUBLISHED)
    published = select(AuditEvent).where(AuditEvent.event == "model.published")
    events = db_session.scalars(published.order_by(AuditEvent.id))
    assert [(one.account_id, one.subject_id, one.code) for one in events] == [
        (None, before.id, ""),
        (who.id, draft.id, ""),
    ]


def test_an_administrator_goes_back_to_an_earlier_version(
    page: PageClient, db_session: Session
) -> None:
    earlier = version(db_session, published=True, parity=PARITY_ROWS)
    version(db_session, published=True)
    shown = page.sign_in(admin()).get(URL)
    after = page.follow(page.submit(shown, "form[action$=publish]"))
    assert "Version 2 is in force" in after.text
    # It was counted in its first time.
    assert after.all("#parity-size") == []
    db_session.expire_all()
    assert earlier.state is ModelState.PUBLISHED
    assert versions.number_in_force(db_session) == 2
    assert db_session.scalar(select(AuditEvent.code).order_by(AuditEvent.id.desc())) == "back"


def test_the_page_keeps_who_put_a_version_in_force_before(
    page: PageClient, db_session: Session
) -> None:
    first = version(db_session, published=True)
    version(db_session, published=True)
    assert "before:" not in page.sign_in(admin()).get(URL).text
    for name in ("Bounmy", "Khamla"):
        versions.publish(db_session, first, AccountFactory(name=name).id)
    db_session.commit()
    found = page.get(URL)
    (row,) = [one.get_text("  ") for one in found.all("#versions tbody tr") if "Khamla" in str(one)]
    before = [line for line in row.split("  ") if "before:" in line]
    assert [line.rpartition(", ")[2] for line in before] == ["The programme's start", "Bounmy"]


def test_who_read_an_older_page_does_not_undo_what_was_published_since(
    page: PageClient, db_session: Session
) -> None:
    version(db_session, published=True)
    draft = version(db_session)
    shown = page.sign_in(admin()).get(URL)
    newest = version(db_session, published=True)
    after = page.follow(page.submit(shown, "form[action$=publish]"))
    assert "Another version is in force by now" in after.text
    db_session.expire_all()
    assert (newest.state, draft.state) == (ModelState.PUBLISHED, ModelState.DRAFT)


def test_a_version_whose_content_was_let_go_cannot_be_published(
    page: PageClient, db_session: Session
) -> None:
    version(db_session, published=True)
    empty = version(db_session)
    empty.content = ""
    db_session.commit()
    found = page.sign_in(admin()).get(URL)
    assert buttons(found) == [f"{URL}/learn"]
    page.post(f"{URL}/publish", {"number": empty.number, "in_force": 2})
    db_session.expire_all()
    assert empty.state is ModelState.DRAFT
    page.post(f"{URL}/publish", {"number": 99, "in_force": 2}, status=404)
    for number in ("x", -1, 2**31, 10**30):
        page.post(f"{URL}/publish", {"number": number, "in_force": 2}, status=422)


@pytest.mark.parametrize("role", list(StaffRole))
def test_a_part_of_the_programme_is_not_shown_the_whole(
    page: PageClient, db_session: Session, role: StaffRole
) -> None:
    version(db_session, published=True)
    part = StaffFactory(staff_role=role, scope=Scope.PROVINCE, scope_values=["LA-CH"])
    page.sign_in(part)
    page.get(URL, status=404)
    assert not [link for link in page.get("/programme").all("a") if link.get("href") == URL]


def test_all_of_the_programme_finds_the_page_beside_the_numbers(
    page: PageClient, db_session: Session
) -> None:
    page.sign_in(StaffFactory(staff_role=StaffRole.VIEWER))
    assert [link for link in page.get("/programme").all("a") if link.get("href") == URL]


def test_learning_now_waits_as_one_job(page: PageClient, db_session: Session) -> None:
    page.sign_in(admin())
    for _ in range(2):
        after = page.follow(page.submit(page.get(URL), "form[action$=learn]"))
        assert "A job learns from the answers so far." in after.text
    names = db_session.scalars(select(Job.name).where(Job.name == versions.LEARN)).all()
    assert len(names) == 1


def see(session: Session, province: str, number: int, times: int, position: int) -> None:
    """So many sights, spread over five firms alike."""
    for _ in range(LEAST_FIRMS):
        see_firm(session, number, times // LEAST_FIRMS, position, province=province)


def see_firm(session: Session, number: int, times: int, position: int, **firm: Any) -> None:
    need = NeedFactory(organisation=OrganisationFactory(**firm))
    session.add(
        Shown(
            need_id=need.id, offer_id=OfferFactory().id, side=Side.OFFER, day=clock.today(),
            model_version=number, position=position, count=times,
        )
    )  # fmt: skip


def test_groups_are_told_in_every_respect_that_firms_differ_in(
    page: PageClient, db_session: Session
) -> None:
    today = clock.today()
    women = {"women_share": 60, "about": "ພວກເຮົາຄົ້ວກາເຟ", "founded_year": today.year - 4}
    others = {
        "women_share": 0, "women_decide": False, "ownership": ["family"],
        "about": "We dry fruit.", "founded_year": today.year - 12,
    }  # fmt: skip
    for number, counts in ((2, (8, 12)), (3, (12, 8))):
        for of, times in zip((women, others), counts, strict=True):
            for _ in range(LEAST_FIRMS):
                see_firm(db_session, number, times, 3, size_class="small", **of)
    db_session.commit()
    model_history.count(db_session, db.engine)
    found = page.sign_in(StaffFactory()).get(URL)
    shares = "40% 60% 3 3", "60% 40% 3 3"
    expected = {
        "owner": ("Women own half or more, or lead", "Others"),
        "script": ("Lao", "Latin"),
        "age": ("3 to 4 years in business", "10 to 19 years in business"),
    }
    for name, labels in expected.items():
        rows = found.all(f"#moved-{name} tbody tr")
        told = [" ".join(row.get_text(" ").split()) for row in rows]
        assert told == [f"{label} {share}" for label, share in zip(labels, shares, strict=True)]


def test_a_group_of_few_firms_is_neither_shown_nor_to_be_worked_out(
    page: PageClient, db_session: Session
) -> None:
    for number in (2, 3):
        see(db_session, "LA-LP", number, 60, 2)
        see(db_session, "LA-CH", number, 80, 2)
        for _ in range(2):
            see_firm(db_session, number, 50, 1, province="LA-SV")
    db_session.commit()
    model_history.count(db_session, db.engine)
    kept = db_session.scalars(select(VersionSight).where(VersionSight.dimension == "province"))
    # The two of Savannakhet go with the next larger group: their share is nowhere the rest.
    assert {row.value: row.firms for row in kept if row.version == 2} == {"LA-LP": 5, REST: 7}
    found = page.sign_in(StaffFactory()).get(URL)
    rows = [row.get_text(" ") for row in found.all("#moved-province tbody tr")]
    assert len(rows) == 1
    assert "Luang Prabang" in rows[0]


@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(1, 12), max_size=8))
def test_no_group_that_is_kept_has_few_firms(firms: dict[str, int]) -> None:
    found = folded({value: Sum(count, 10 * count, count) for value, count in firms.items()})
    assert sum(one.firms for one in found.values()) == sum(firms.values())
    assert sum(one.seen for one in found.values()) == 10 * sum(firms.values())
    if sum(firms.values()) >= LEAST_FIRMS:
        assert min(one.firms for one in found.values()) >= LEAST_FIRMS
    else:
        assert set(found) <= {REST}


def test_who_gained_and_lost_is_told_by_share_and_place(
    page: PageClient, db_session: Session
) -> None:
    for number, counts in ((2, (60, 40)), (3, (30, 70))):
        see(db_session, "LA-LP", number, counts[0], 2)
        see(db_session, "LA-CH", number, counts[1], 5)
        see(db_session, "LA-SV", number, 5, 1)
    db_session.commit()
    model_history.count(db_session, db.engine)
    pair, moves = model_history.moves(db_session)
    assert pair == (2, 3)
    gained, lost = moves["province"]
    assert (gained.value, lost.value) == ("LA-CH", "LA-LP")
    assert lost.share == pytest.approx((60 / 105, 30 / 105))
    assert (lost.place, gained.place) == ((2.0, 2.0), (5.0, 5.0))
    found = page.sign_in(StaffFactory()).get(URL)
    rows = [row.get_text(" ") for row in found.all("#moved-province tbody tr")]
    assert rows[0].startswith("Champasak")
    assert rows[1].startswith("Luang Prabang")


def test_after_going_back_those_two_are_compared_that_were_last_in_force(
    page: PageClient, db_session: Session
) -> None:
    second, third, fourth = (version(db_session, published=True) for _ in range(3))
    for number in (2, 3, 4):
        see(db_session, "LA-LP", number, 60, 2)
        see(db_session, "LA-CH", number, 10 * number + 20, 2)
    db_session.commit()
    model_history.count(db_session, db.engine)
    for at, row in enumerate((third, fourth, second)):
        row.published_at = clock.now() + timedelta(minutes=at)
    db_session.commit()
    pair, moves = model_history.moves(db_session)
    assert pair == (4, 2)
    shares = {move.value: move.share for move in moves["province"]}
    assert shares["LA-LP"] == pytest.approx((60 / 120, 60 / 100))


def test_the_version_in_force_stays_on_the_page_after_years_of_drafts(
    page: PageClient, db_session: Session
) -> None:
    version(db_session, published=True)
    holds = version(db_session, published=True)
    holds.figures = {PARITY: PARITY_ROWS}
    for _ in range(model_history.LISTED + 2):
        version(db_session, **COMPARED)
    found = page.sign_in(admin()).get(URL)
    told = [row.get_text(" ").split()[:2] for row in found.all("#versions tbody tr")]
    assert told[-2:] == [["3", "In"], ["2", "Earlier"]]
    assert len(told) == model_history.LISTED + 2
    assert found.all("#parity-size tbody tr")


def test_what_the_need_s_owner_looks_at_is_not_how_needs_were_seen(db_session: Session) -> None:
    need, offer = NeedFactory(), OfferFactory()
    for side, times in ((Side.NEED, 90), (Side.OFFER, 3)):
        db_session.add(
            Shown(need_id=need.id, offer_id=offer.id, side=side, day=clock.today(),
                  model_version=2, position=1, count=times)
        )  # fmt: skip
    db_session.commit()
    model_history.count(db_session, db.engine)
    assert {row.seen for row in db_session.scalars(select(VersionSight))} == {3}


def test_bands_show_what_became_of_requests_with_their_interval(
    page: PageClient, db_session: Session
) -> None:
    for at in range(20):
        need, offer = NeedFactory(), OfferFactory()
        ends = FeedbackKind.ACCEPTED if at < 15 else FeedbackKind.EXPIRED
        for kind in (FeedbackKind.ASKED, ends):
            tell(db_session, need, offer, kind, clock.now() - timedelta(days=1), score=85.0)
    db_session.commit()
    model_history.count(db_session, db.engine)
    found = page.sign_in(StaffFactory()).get(URL)
    rows = [" ".join(row.get_text(" ").split()) for row in found.all("#bands-finance tbody tr")]
    assert rows[0] == "80 to 100 20 75% (53% to 89%) 75% (53% to 89%) 0% (0% to 16%) 0% (0% to 16%)"
    assert len(rows) == 5
    drawn = found.one("#curve-1 tbody tr rect.v")
    assert drawn["width"] == "75.0"
    assert found.all("#bands-service") == []


def bins(session: Session, accepted: dict[int, int], asked: int) -> None:
    for least, yes in accepted.items():
        session.add(
            PointsBin(
                kind="finance",
                least=least,
                asked=asked,
                replied=asked,
                accepted=yes,
                met=0,
                agreed=0,
            )
        )
    session.commit()


def test_the_curve_is_evened_out_where_more_points_meant_fewer_yeses(
    page: PageClient, db_session: Session
) -> None:
    bins(db_session, {50: 10, 60: 30, 70: 20, 80: 35}, 50)
    found = page.sign_in(StaffFactory()).get(URL)
    shown = [row.find_all("td")[2].get_text() for row in found.all("#curve-1 tbody tr")]
    assert shown == ["70%", "50%", "50%", "20%"]
    heads = [head.get_text() for head in found.all("#curve-1 thead th")]
    assert heads[1:] == ["Asked", "Accepted", "Evened out"]


@pytest.mark.parametrize(
    ("accepted", "asked"), [({50: 10, 60: 12}, 80), ({50: 1, 60: 2, 70: 3}, 30)]
)
def test_no_curve_is_drawn_through_few_requests(
    page: PageClient, db_session: Session, accepted: dict[int, int], asked: int
) -> None:
    bins(db_session, accepted, asked)
    found = page.sign_in(StaffFactory()).get(URL)
    heads = [head.get_text() for head in found.all("#curve-1 thead th")]
    assert heads[1:] == ["Asked", "Accepted"]


@pytest.mark.slow
@pytest.mark.once
def test_the_page_takes_the_same_queries_however_much_there_is(
    page: PageClient, db_session: Session
) -> None:
    page.sign_in(admin())
    version(db_session, published=True)
    page.get(URL)
    with counted() as few:
        page.get(URL)
    for number in range(12):
        version(db_session, **COMPARED)
        see(db_session, "LA-LP", number, 40, 2)
        tell(db_session, NeedFactory(), OfferFactory(), FeedbackKind.ASKED, clock.now())
    db_session.commit()
    model_history.count(db_session, db.engine)
    with counted() as many:
        page.get(URL)
    assert len(few) == len(many) <= 12
    growing = ("FROM feedback", "FROM shown", "FROM need", "FROM contact_request")
    assert not [query for query in many if any(table in query for table in growing)]
    assert not [query for query in many if "model_version.content AS" in query]


def test_groups_of_firms_stand_beside_each_other_with_what_they_were_shown(
    page: PageClient, db_session: Session
) -> None:
    row = version(db_session, published=True)
    offer = OfferFactory()
    for at in range(12):
        size = "micro" if at < 6 else "small"
        need = NeedFactory(organisation=OrganisationFactory(size_class=size))
        if size == "micro":
            today = clock.today()
            db_session.add(
                Exposure(side=Side.OFFER, row_id=need.id, day=today, count=4, top_tens=4)
            )
    tell(db_session, need, offer, FeedbackKind.ACCEPTED, clock.now(), score=70.0)
    db_session.commit()
    assert "as soon as there are enough needs" in page.sign_in(StaffFactory()).get(URL).text
    model_history.count(db_session, db.engine)
    found = page.get(URL)
    rows = [" ".join(line.get_text(" ").split()) for line in found.all("#parity-size tbody tr")]
    assert rows[0] == "Micro 6 4 (4 to 4) 200% Too few outcomes"
    assert rows[1].startswith("Small 6 0 (0 to 0) 0% ")
    assert found.all("#parity-sex tbody tr")
    # The version keeps what it was published with beside it.
    db_session.expire_all()
    assert set(row.figures) == {PARITY}
