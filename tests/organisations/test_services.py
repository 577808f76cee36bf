"""What the room does, without pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent
from matchmaker.errors import StaleVersion, WrongState
from matchmaker.extensions import clock
from matchmaker.extensions.changes import Change, ChangeKind
from matchmaker.organisations import services
from matchmaker.organisations.models import (
    Membership,
    MembershipRole,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import (
    expiry,
    leaving,
    membership,
    publication,
    reply_time,
    review,
)
from matchmaker.organisations.services.errors import (
    IncompleteError,
    LastOwnerError,
    NoPlaceLeftError,
    OwnCaseError,
)
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
    StaffFactory,
)

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


class TestCreateOrganisation:
    def test_its_maker_becomes_its_owner_and_it_starts_as_a_draft(
        self, db_session: Session
    ) -> None:
        maker = AccountFactory()
        made = services.create_organisation(
            db_session, maker.id, name="Nam Khan Coffee Co., Ltd", country="LA", is_firm=True
        )
        row = db_session.scalar(select(Membership).where(Membership.organisation_id == made.id))
        assert made.state is OrganisationState.DRAFT
        assert row is not None
        assert row.role is MembershipRole.OWNER

    def test_a_name_nobody_may_write_is_refused(self, db_session: Session) -> None:
        with pytest.raises(TypeError, match="state"):
            services.create_organisation(db_session, None, name="A", state="published")

    def test_the_province_says_the_country(self, db_session: Session) -> None:
        made = services.create_organisation(db_session, None, name="A", province="KH-12")
        assert made.country == "KH"

    def test_the_size_class_comes_with_the_rule_that_gave_it(self, db_session: Session) -> None:
        made = services.create_organisation(
            db_session, None, name="A", country="TH", sector="1061", staff=3,
            turnover_minor=100_000_00, currency="THB",
        )  # fmt: skip
        assert made.size_class == "micro"
        assert made.size_rule.startswith("TH")

    def test_the_plain_word_gives_the_isic_class(self, db_session: Session) -> None:
        made = services.create_organisation(db_session, None, name="A", plain_sector="RICE_MILLING")
        assert made.sector == "1061"


class TestUpdateOrganisation:
    def test_an_older_form_is_refused(self, db_session: Session) -> None:
        firm = OrganisationFactory()
        opened_at = firm.version
        services.update_organisation(db_session, firm, None, version=opened_at, staff=13)
        with pytest.raises(StaleVersion):
            services.update_organisation(db_session, firm, None, version=opened_at, staff=14)

    def test_an_edit_of_a_published_one_shows_at_once_and_asks_for_a_second_look(
        self, db_session: Session
    ) -> None:
        firm = OrganisationFactory()
        services.update_organisation(db_session, firm, None, about="We roast coffee.")
        assert firm.state is OrganisationState.PUBLISHED
        assert firm.second_look_at is not None

    def test_contact_details_need_no_second_look(self, db_session: Session) -> None:
        firm = OrganisationFactory()
        services.update_organisation(db_session, firm, None, contact_telephone="020 5555 1234")
        assert firm.second_look_at is None

    def test_what_ranks_by_it_takes_a_change_number(self, db_session: Session) -> None:
        need = NeedFactory()
        services.update_organisation(db_session, need.organisation, None, staff=40)
        db_session.commit()
        kinds = {(row.kind, row.row_id) for row in db_session.scalars(select(Change))}
        assert (ChangeKind.NEED, need.id) in kinds
        assert (ChangeKind.ORGANISATION, need.organisation_id) in kinds

    def test_the_audit_log_holds_the_event_and_no_value(self, db_session: Session) -> None:
        firm = OrganisationFactory()
        services.update_organisation(db_session, firm, None, step="words", about="Our secret")
        event = db_session.scalars(select(AuditEvent)).one()
        assert (event.event, event.subject_id, event.code) == (
            "organisation.changed",
            firm.id,
            "words",
        )


class TestReview:
    def test_a_first_publication_waits_for_a_reviewer(self, db_session: Session) -> None:
        firm = OrganisationFactory(state=OrganisationState.DRAFT, published_at=None)
        review.submit_for_review(db_session, firm, None)
        assert firm.state is OrganisationState.IN_REVIEW

    def test_a_programme_may_publish_first_and_look_afterwards(self, db_session: Session) -> None:
        firm = OrganisationFactory(state=OrganisationState.DRAFT, published_at=None)
        review.submit_for_review(db_session, firm, None, publish_first=True)
        assert firm.state is OrganisationState.PUBLISHED
        assert firm.second_look_at is not None

    def test_a_firm_without_a_sector_is_not_submitted(self, db_session: Session) -> None:
        firm = OrganisationFactory(state=OrganisationState.DRAFT, sector="")
        with pytest.raises(IncompleteError) as caught:
            review.submit_for_review(db_session, firm, None)
        assert caught.value.missing == ("sector",)

    def test_approval_lets_out_what_its_owner_has_finished_and_nothing_else(
        self, db_session: Session
    ) -> None:
        firm = OrganisationFactory(state=OrganisationState.DRAFT, published_at=None)
        draft = {"state": PublicationState.DRAFT, "expires_at": None}
        done = NeedFactory(organisation=firm, ready=True, **draft)
        unfinished = OfferFactory(organisation=firm, ready=False, **draft)
        review.submit_for_review(db_session, firm, None)
        review.approve(db_session, firm, StaffFactory().id)
        assert done.state is PublicationState.PUBLISHED
        assert done.expires_at is not None
        assert unfinished.state is PublicationState.DRAFT

    def test_the_reviewers_note_goes_back_and_leaves_when_it_is_approved(
        self, db_session: Session
    ) -> None:
        firm = OrganisationFactory(state=OrganisationState.IN_REVIEW)
        reviewer = StaffFactory().id
        review.send_back(db_session, firm, reviewer, "Which district?")
        assert (firm.state, firm.review_note) == (OrganisationState.SENT_BACK, "Which district?")
        review.submit_for_review(db_session, firm, None)
        review.approve(db_session, firm, reviewer)
        assert firm.review_note == ""

    def test_nobody_decides_about_an_organisation_of_their_own(self, db_session: Session) -> None:
        officer = StaffFactory()
        firm = OrganisationFactory(state=OrganisationState.IN_REVIEW)
        MembershipFactory(account=officer, organisation=firm)
        with pytest.raises(OwnCaseError):
            review.approve(db_session, firm, officer.id)

    def test_what_was_edited_while_it_was_read_is_read_again(self, db_session: Session) -> None:
        firm = OrganisationFactory(state=OrganisationState.IN_REVIEW)
        opened_at = firm.version
        services.update_organisation(db_session, firm, None, about="Something else")
        with pytest.raises(StaleVersion):
            review.approve(db_session, firm, StaffFactory().id, version=opened_at)

    def test_of_two_reviewers_the_second_is_told_that_it_is_decided(
        self, db_session: Session
    ) -> None:
        firm = OrganisationFactory(state=OrganisationState.IN_REVIEW)
        review.approve(db_session, firm, StaffFactory().id)
        with pytest.raises(WrongState):
            review.send_back(db_session, firm, StaffFactory().id, "Too late")
        assert firm.state is OrganisationState.PUBLISHED


class TestPublication:
    def test_a_need_of_a_published_firm_publishes_itself(self, db_session: Session) -> None:
        need = services.create_need(
            db_session, OrganisationFactory(), None, kind="finance", title="A dryer",
            amount_minor=300_000_000, currency="LAK",
        )  # fmt: skip
        assert need.state is PublicationState.PUBLISHED
        assert (need.band_low, need.band_high) == (10_000, 20_000)
        assert need.rate_on is not None

    def test_without_a_rate_there_is_no_band(self, db_session: Session) -> None:
        need = services.create_need(
            db_session, OrganisationFactory(), None, kind="finance", title="A dryer",
            amount_minor=300, currency="XXX",
        )  # fmt: skip
        assert need.band_low is None

    def test_what_nobody_renewed_for_90_days_expires_and_one_click_brings_it_back(
        self, db_session: Session
    ) -> None:
        need = NeedFactory(expires_at=clock.now() - timedelta(minutes=1))
        assert expiry.expire_due(db_session) == 1
        assert need.state is PublicationState.EXPIRED
        publication.renew(db_session, need, None)
        assert need.state is PublicationState.PUBLISHED
        assert need.expires_at is not None
        assert need.expires_at > clock.now() + timedelta(days=89)

    def test_its_owner_is_told_once_a_week_before(self, db_session: Session) -> None:
        MembershipFactory(organisation=(need := NeedFactory()).organisation)
        need.expires_at = clock.now() + timedelta(days=6)
        assert [expiry.notify_expiring(db_session) for _ in range(2)] == [1, 0]

    def test_an_edit_is_a_sign_of_life(self, db_session: Session) -> None:
        need = NeedFactory(expires_at=clock.now() + timedelta(days=1))
        services.update_need(db_session, need, None, title="A larger dryer")
        assert need.expires_at > clock.now() + timedelta(days=89)

    def test_a_closed_need_stays_closed(self, db_session: Session) -> None:
        need = NeedFactory()
        publication.close(db_session, need, None, "answered_here")
        with pytest.raises(WrongState):
            publication.renew(db_session, need, None)
        assert need.close_reason == "answered_here"

    def test_an_unknown_reason_closes_nothing(self, db_session: Session) -> None:
        need = NeedFactory()
        with pytest.raises(ValueError, match="because"):
            publication.close(db_session, need, None, "because")
        assert need.state is PublicationState.PUBLISHED


class TestCapacity:
    def test_the_last_place_of_a_month_can_be_taken_once(self, db_session: Session) -> None:
        offer = OfferFactory(places=2)
        services.take_place(db_session, offer.id, NOW)
        services.take_place(db_session, offer.id, NOW)
        with pytest.raises(NoPlaceLeftError):
            services.take_place(db_session, offer.id, NOW)
        assert services.places_left(offer, NOW) == 0

    def test_a_new_month_begins_the_count_again(self, db_session: Session) -> None:
        offer = OfferFactory(places=1, used=1, used_month="2026-10")
        assert services.places_left(offer, NOW) == 1
        services.take_place(db_session, offer.id, NOW)
        assert (offer.used, offer.used_month) == (1, "2026-11")

    def test_an_offer_without_places_takes_nobody(self, db_session: Session) -> None:
        offer = OfferFactory(places=0)
        with pytest.raises(NoPlaceLeftError):
            services.take_place(db_session, offer.id, NOW)

    def test_a_place_given_back_can_be_taken_again_in_the_same_month(
        self, db_session: Session
    ) -> None:
        offer = OfferFactory(places=1)
        services.take_place(db_session, offer.id, NOW)
        services.give_back(db_session, offer.id, NOW - timedelta(days=40))
        assert services.places_left(offer, NOW) == 0
        services.give_back(db_session, offer.id, NOW)
        services.take_place(db_session, offer.id, NOW)
        assert services.places_left(offer, NOW) == 0


class TestReplyTime:
    def test_the_median_is_read_from_the_bins_within_one_bin(self, db_session: Session) -> None:
        firm = OrganisationFactory()
        for hours in (1, 24, 24, 30, 400):
            reply_time.note_reply(db_session, firm.id, timedelta(hours=hours), NOW)
        db_session.refresh(firm)
        median = reply_time.median_hours(firm.reply_bins)
        assert median is not None
        assert abs(reply_time.bin_of(median) - reply_time.bin_of(24)) <= 1
        assert sum(firm.reply_bins) == 5

    def test_nobody_answered_yet_gives_no_median(self) -> None:
        assert reply_time.median_hours([0] * 24) is None

    @pytest.mark.parametrize("hours", [0, 0.2, 1, 47, 5000, 1e9])
    def test_every_time_has_a_bin(self, hours: float) -> None:
        assert 0 <= reply_time.bin_of(hours) < 24

    def test_being_here_is_noted_to_the_hour_only(self, db_session: Session) -> None:
        seen = clock.now() - timedelta(minutes=10)
        firm = OrganisationFactory(last_active_at=seen)
        services.seen_active(db_session, firm.id)
        db_session.refresh(firm)
        assert firm.last_active_at == seen


class TestMembership:
    def test_the_last_owner_stays(self, db_session: Session) -> None:
        row = MembershipFactory()
        with pytest.raises(LastOwnerError):
            leaving.leave(db_session, row, row.account_id)
        with pytest.raises(LastOwnerError):
            membership.change_role(db_session, row, row.account_id, MembershipRole.MEMBER)

    def test_one_of_two_owners_may_go(self, db_session: Session) -> None:
        row = MembershipFactory()
        MembershipFactory(organisation=row.organisation)
        leaving.leave(db_session, row, row.account_id)
        assert len(membership.members(db_session, row.organisation)) == 1

    def test_asking_to_join_twice_is_asking_once(self, db_session: Session) -> None:
        firm, stranger = MembershipFactory().organisation, AccountFactory()
        first = membership.ask_to_join(db_session, firm, stranger.id)
        assert membership.ask_to_join(db_session, firm, stranger.id) is first
        membership.answer_join(db_session, first, 1, accept=True)
        assert membership.membership_of(db_session, stranger.id, firm.id) is not None


class TestTwins:
    @pytest.mark.parametrize(
        "name", ["Nam Khan Coffee", "NAM  KHAN coffee Co., Ltd", "Nam Khan Cof​fee"]
    )
    def test_names_that_look_alike_in_one_province_are_pointed_out(
        self, db_session: Session, name: str
    ) -> None:
        there = services.create_organisation(
            db_session, None, name="Nam Khan Coffee", province="LA-LP"
        )
        assert services.find_twins(db_session, name=name, province="LA-LP") == [there]
        assert services.find_twins(db_session, name=name, province="LA-VT") == []

    def test_one_number_typed_in_two_ways_is_one_number(self, db_session: Session) -> None:
        there = services.create_organisation(db_session, None, name="A", province="LA-LP")
        services.set_business_ids(db_session, there, None, [("LA-ERC", "01-0012345")])
        found = services.find_twins(db_session, ids=[("LA-ERC", "01 0012345")])
        assert found == [there]

    def test_nothing_known_finds_nobody(self, db_session: Session) -> None:
        OrganisationFactory(name_key="", province="")
        assert services.find_twins(db_session) == []
