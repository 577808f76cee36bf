"""What a file says is taken in through the services, all of it or nothing, and once."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matchmaker.audit.models import AuditEvent
from matchmaker.extensions import db
from matchmaker.extensions.changes import Change, ChangeKind
from matchmaker.organisations.importing.importer import Importer
from matchmaker.organisations.importing.running import NotCleanError, dry_run, silent
from matchmaker.organisations.models import (
    BusinessId,
    IntroducerLink,
    Need,
    Offer,
    Organisation,
    OrganisationState,
    PublicationState,
)
from matchmaker.organisations.services import criteria, declared
from tests.factories import (
    AccountFactory,
    BusinessIdFactory,
    NeedFactory,
    OfferFactory,
    OrganisationFactory,
)
from tests.organisations.importing.sheets import (
    ADMIN,
    EVERYTHING,
    FIRM,
    FUND,
    NEED,
    firms,
    sheet_of,
    table_digest,
    taken,
)

LOAN_OFFICER = Importer("import", scope=EVERYTHING)


def problems_of(*rows: dict[str, str], importer: Importer = ADMIN) -> list[tuple[int, str, str]]:
    report = dry_run(db.engine, importer, sheet_of(*rows), "en", silent)
    return [(one["row"], one["column"], one["code"]) for one in report["problems"]]


class TestWhatIsWritten:
    def test_a_firm_with_a_need_waits_for_review_with_its_band(self, db_session: Session) -> None:
        taken(FIRM | NEED)
        firm = db_session.scalars(select(Organisation)).one()
        need = db_session.scalars(select(Need)).one()
        assert (firm.state, firm.country, firm.sector) == (
            OrganisationState.IN_REVIEW,
            "LA",
            "1079",
        )
        assert firm.size_class
        assert (need.amount_minor, need.currency, need.lang) == (80_000_000, "LAK", "en")
        assert need.band_low is not None
        assert need.state is PublicationState.DRAFT

    def test_an_admin_publishes_with_the_needs(self, db_session: Session) -> None:
        taken(FIRM | NEED, publish=True)
        assert db_session.scalars(select(Organisation)).one().is_published
        need = db_session.scalars(select(Need)).one()
        assert need.state is PublicationState.PUBLISHED
        assert db_session.get(Change, (ChangeKind.NEED, need.id)) is not None
        events = set(db_session.scalars(select(AuditEvent.event)))
        assert {"organisation.created", "organisation.published", "import.organisations"} <= events

    def test_an_officer_cannot_publish(self, db_session: Session) -> None:
        taken(FIRM, importer=LOAN_OFFICER, publish=True)
        firm = db_session.scalars(select(Organisation)).one()
        assert firm.state is OrganisationState.IN_REVIEW

    def test_an_offer_carries_its_criteria(self, db_session: Session) -> None:
        taken(FUND)
        offer = db_session.scalars(select(Offer)).one()
        answers = criteria.to_values(declared(offer))
        assert answers["places"] == ["LA-LP", "LA-CH"]
        assert (answers["stages"], answers["stages_weight"]) == (["growth"], "prefer")
        assert (answers["age_min"], answers["age_weight"]) == (2, "must")
        assert answers["evidence_must"] == ["registration"]
        assert offer.usd_min == 5000

    def test_rows_with_one_key_are_one_organisation(self, db_session: Session) -> None:
        second = {"key": "ncb-1"} | NEED | {"need_title": "Money for beans"}
        taken(FIRM | NEED, second)
        firm = db_session.scalars(select(Organisation)).one()
        assert {need.title for need in firm.needs} == {"A dryer for our coffee", "Money for beans"}

    def test_an_introducer_is_linked_with_the_consent(self, db_session: Session) -> None:
        chamber = OrganisationFactory(is_introducer=True)
        importer = Importer("introducer:x", AccountFactory().id, introducer_id=chamber.id)
        taken(FIRM | NEED, importer=importer, consent_how="paper")
        link = db_session.scalars(select(IntroducerLink)).one()
        assert (link.introducer_id, link.consent_by, link.consent_how) == (
            chamber.id,
            "Mali",
            "paper",
        )
        assert link.organisation.state is OrganisationState.IN_REVIEW


class TestOnce:
    def test_the_same_file_twice_changes_nothing(self, app: object) -> None:
        rows = (FIRM | NEED, FUND, {**FIRM, "key": "", "name": "Without a key"})
        taken(*rows)
        before = table_digest()
        again = taken(*rows)
        assert again["counts"]["organisation"] == {"new": 0, "changed": 0, "unchanged": 3}
        assert table_digest() == before

    def test_a_changed_cell_changes_that_alone(self, db_session: Session) -> None:
        taken(FIRM | NEED | {"about": "We roast."})
        report = taken(FIRM | NEED | {"staff": "15", "need_amount": "90000000"})
        firm = db_session.scalars(select(Organisation)).one()
        assert (firm.staff, firm.about) == (15, "We roast.")
        assert firm.needs[0].amount_minor == 90_000_000
        assert report["counts"]["need"] == {"new": 0, "changed": 1, "unchanged": 0}

    def test_it_is_found_by_its_business_number(self, db_session: Session) -> None:
        known = BusinessIdFactory(organisation=OrganisationFactory(name="Old name")).organisation
        db_session.commit()
        taken({"business_ids": "LA-ERC:99-8888888", "staff": "40"})
        db_session.refresh(known)
        assert (known.staff, known.name) == (40, "Old name")

    def test_empty_takes_an_answer_back(self, db_session: Session) -> None:
        taken(FIRM | {"about": "We roast.", "business_ids": "LA-ERC:01-00012345"})
        taken({"key": "ncb-1", "about": "(empty)", "business_ids": "(empty)"})
        assert db_session.scalars(select(Organisation)).one().about == ""
        assert db_session.scalars(select(BusinessId)).all() == []


class TestAllOrNothing:
    def test_one_bad_row_of_600_keeps_all_out(self, app: object) -> None:
        rows = firms(600)
        rows[417]["province"] = "Atlantis"
        before = table_digest()
        with pytest.raises(NotCleanError) as caught:
            taken(*rows)
        db.session.rollback()
        assert table_digest() == before
        assert [(p["row"], p["column"]) for p in caught.value.report["problems"]] == [
            (419, "province")
        ]

    def test_a_dry_run_writes_nothing(self, app: object) -> None:
        before = table_digest()
        report = dry_run(db.engine, ADMIN, sheet_of(FIRM | NEED, FUND), "en", silent)
        assert table_digest() == before
        assert report["errors"] == 0
        assert report["counts"]["organisation"]["new"] == 2


class TestReport:
    @pytest.mark.parametrize(
        ("cells", "column", "code"),
        [
            ({"sector": "coffee stall"}, "sector", "not_in_list"),
            ({"sector": "161"}, "sector", "lost_zero"),
            ({"staff": "1e9999"}, "staff", "number"),
            ({"staff": "1.5"}, "staff", "not_whole"),
            ({"name": "Nam\u202eKhan"}, "name", "hidden_signs"),
            ({"name": "x" * 161}, "name", "too_long"),
            ({"province": "Hanoi", "country": "LA"}, "province", "not_in_list"),
            ({"province": "LA-LP", "country": "TH"}, "province", "province_elsewhere"),
            ({"need_by": "2569-03-04"}, "need_by", "buddhist"),
            ({"need_by": "2001-03-04"}, "need_by", "past_day"),
            ({"need_amount": "1.234", "need_currency": "LAK"}, "need_amount", "number"),
            ({"need_amount": "12.5"}, "need_amount", "decimals"),
            ({"need_currency": ""}, "need_currency", "currency"),
            ({"need_purpose": ""}, "need_purpose", "missing"),
            ({"business_ids": "LA-ERC:x"}, "business_ids", "id_number"),
            ({"business_ids": "12345"}, "business_ids", "id_kind"),
            ({"women_decide": "perhaps"}, "women_decide", "yes_no"),
            ({"contact_email": "nobody"}, "contact_email", "email"),
            ({"id": "222222222222"}, "id", "unknown_id"),
            ({"offer_title": "Both"}, "offer_title", "both"),
        ],
    )
    def test_it_names_row_and_column(
        self, app: object, cells: dict[str, str], column: str, code: str
    ) -> None:
        good = FIRM | NEED | {"key": "good"}
        found = problems_of(good | {"name": "Other"}, FIRM | NEED | cells)
        assert (3, column, code) in found
        assert all(row == 3 for row, _column, _code in found)

    @pytest.mark.once
    def test_months_of_grace_are_fewer_than_those_to_pay_back(self, app: object) -> None:
        """As the form of a loan has it: else nothing would ever be paid back."""
        said = {"offer_months_max": "12", "offer_grace_months": "11"}
        assert problems_of(FUND | said) == []
        over = [(2, "offer_grace_months", "all_grace")]
        assert problems_of(FUND | said | {"offer_grace_months": "12"}) == over
        only_min = {"offer_months_min": "6", "offer_grace_months": "6"}
        assert problems_of(FUND | only_min) == over

    def test_what_a_new_firm_must_say(self, app: object) -> None:
        found = problems_of({"key": "a", "roles": "firm", "name": "Bare"})
        assert found == [(2, "sector", "missing"), (2, "province", "missing")]

    def test_rows_of_one_organisation_may_not_contradict(self, app: object) -> None:
        assert (3, "staff", "differs") in problems_of(FIRM, FIRM | NEED | {"staff": "13"})

    def test_a_twin_is_pointed_out_but_taken(self, db_session: Session) -> None:
        taken(FIRM)
        found = problems_of(FIRM | {"key": "another"})
        assert found == [(2, "name", "twin")]
        taken(FIRM | {"key": "another"})
        assert len(db_session.scalars(select(Organisation)).all()) == 2

    def test_who_is_not_vouched_for_may_not_be_changed(self, db_session: Session) -> None:
        chamber = OrganisationFactory(is_introducer=True)
        BusinessIdFactory()
        db_session.commit()
        importer = Importer("introducer:x", AccountFactory().id, introducer_id=chamber.id)
        cells = FIRM | {"business_ids": "LA-ERC:99-8888888"}
        assert problems_of(cells, importer=importer) == [(2, "business_ids", "not_yours")]
        assert problems_of(FIRM | {"contact_name": ""}, importer=importer) == [
            (2, "contact_name", "consent_by")
        ]

    def test_staff_of_a_province_stay_in_it(self, app: object) -> None:
        from matchmaker.accounts.access import StaffScope

        here = Importer("import", scope=StaffScope(False, frozenset({"LA-CH"})))
        assert problems_of(FIRM, importer=here) == [(2, "province", "out_of_scope")]

    def test_what_is_closed_stays_closed(self, db_session: Session) -> None:
        need = NeedFactory(state=PublicationState.CLOSED)
        db_session.commit()
        cells = {
            "id": need.organisation.public_id,
            "need_id": need.public_id,
            "need_title": "Again",
        }
        assert problems_of(cells) == [(2, "need_title", "closed")]

    def test_another_currency_asks_for_both_amounts(self, db_session: Session) -> None:
        offer = OfferFactory()
        db_session.commit()
        cells = {
            "id": offer.organisation.public_id,
            "offer_id": offer.public_id,
            "offer_amount_min": "100",
            "offer_currency": "THB",
        }
        assert problems_of(cells) == [(2, "offer_amount_max", "amounts_together")]
