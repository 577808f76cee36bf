"""Rows to records: all that both sides may see gets through, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from matchmaker.extensions import clock
from matchmaker.language.glossary import readings
from matchmaker.matching.eligibility import State, check
from matchmaker.matching.record_json import dumps
from matchmaker.matching.records import Activity, Band
from matchmaker.organisations.models import BusinessId, Operator, OrganisationFact
from matchmaker.suggestions.records import need_record, offer_record
from tests.factories import CriterionFactory, NeedFactory, OfferFactory, OrganisationFactory
from tests.suggestions.scene import CANARIES, EXACT, NAME, WORDS, make_scene

TODAY = date(2026, 11, 21)


def test_nothing_private_gets_into_a_record(db_session):
    scene = make_scene(db_session)
    firm = scene.need.organisation
    db_session.add(BusinessId(organisation_id=firm.id, scheme="LA-TIN", number="CANARY-7788",
                              number_key="CANARY7788"))  # fmt: skip
    db_session.commit()
    line = dumps(need_record(scene.need, TODAY))
    for canary in (*CANARIES.values(), EXACT, NAME, WORDS, "Canarywords", "CANARY"):
        assert str(canary) not in line


def test_a_firm_that_shows_its_name_shows_its_words_less_telephone_numbers(db_session):
    scene = make_scene(db_session)
    scene.need.organisation.show_name = True
    record = need_record(scene.need, TODAY)
    assert "Canarywords" in record.text
    assert "5557" not in record.text
    assert NAME not in record.text


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Working capital for a rice mill"),
        ("km", "ទុនបង្វិលសម្រាប់រោងម៉ាស៊ីនកិនស្រូវ"),
        ("lo", "ທຶນໝູນວຽນສຳລັບໂຮງສີເຂົ້າ"),
        ("my", "ဆန်စက်အတွက် လည်ပတ်ငွေ"),
        ("th", "เงินทุนหมุนเวียนสำหรับโรงสีข้าว"),
        ("vi", "Vốn lưu động cho nhà máy xay lúa"),
        ("zh", "碾米厂的流动资金"),
    ],
)
def test_words_whose_reading_was_struck_count_for_nothing(
    db_session: Session, lang: str, title: str
) -> None:
    for made, record_of in ((NeedFactory, need_record), (OfferFactory, offer_record)):
        said = made(title=title, text="", lang=lang)
        whole = record_of(said, TODAY).text
        first, *others = readings(said.title, lang)
        said.struck_concepts = [first.key]
        counted = record_of(said, TODAY).text
        assert first.words in whole
        assert first.key not in {reading.key for reading in readings(counted, lang)}
        assert len(counted) < len(whole)
        assert {other.key for other in others if other.key != first.key} <= {
            reading.key for reading in readings(counted, lang)
        }


def test_amounts_are_bands(db_session):
    scene = make_scene(db_session)
    record = need_record(scene.need, TODAY)
    assert record.amount == record.facts["amount_usd"] == Band(10_000.0, 20_000.0)
    assert record.facts["staff"] == Band(10, 20)
    assert record.facts["women_share"] == Band(51.0, 100.0)
    assert "revenue_usd" not in record.facts


def test_what_a_firm_has_not_said_is_unknown_and_not_no(db_session):
    firm = OrganisationFactory(
        sector="", size_class="", stage="", staff=None, founded_year=None, languages=[],
        women_share=None, women_decide=None, province="", exports=None,
    )  # fmt: skip
    record = need_record(NeedFactory(organisation=firm, purpose="", band_low=None), TODAY)
    known = {fact for fact, value in record.facts.items() if value is not None}
    assert known == {"country"}
    assert record.evidence is None
    assert record.amount is None


def test_evidence_is_yes_no_or_unknown(db_session):
    need = NeedFactory()
    for fact, value in (("accounts_1y", True), ("business_plan", False)):
        db_session.add(
            OrganisationFact(organisation_id=need.organisation_id, fact=fact, value=value)
        )
    db_session.commit()
    offer = OfferFactory()
    for fact in ("accounts_1y", "business_plan", "guarantor"):
        CriterionFactory(offer=offer, fact=fact, operator=Operator.HAS, values=[])
    rules = check(need_record(need, TODAY), offer_record(offer, TODAY))
    assert [rule.state for rule in rules] == [State.MET, State.UNMET, State.UNKNOWN]


def test_only_what_somebody_checked_is_verified(db_session):
    need = NeedFactory()
    for fact, checked in (("accounts_1y", TODAY), ("business_plan", None)):
        db_session.add(OrganisationFact(organisation_id=need.organisation_id, fact=fact,
                                        value=True, checked_on=checked))  # fmt: skip
    db_session.commit()
    record = need_record(need, TODAY)
    assert record.evidence == {"evidence:accounts_1y", "evidence:business_plan"}
    assert record.verified == {"evidence:accounts_1y"}


def test_a_place_that_was_merged_counts_as_what_it_is_today(db_session):
    firm = OrganisationFactory(country="VN", province="VN-03")
    record = need_record(NeedFactory(organisation=firm), TODAY)
    place = record.attrs["place"][0]
    assert place != "iso3166-2:VN-03"
    offer = OfferFactory()
    CriterionFactory(offer=offer, fact="province", values=["iso3166-2:VN-03"])
    assert offer_record(offer, TODAY).criteria[0].values == (place,)


def test_codes_of_schemes_that_we_do_not_hold_are_kept(db_session):
    need = NeedFactory(attributes={"sector": ["naics:4451"], "place": ["zip:05602"]})
    record = need_record(need, TODAY)
    assert record.attrs["sector"] == ("naics:4451", "isic4:1079") or record.attrs["sector"] == (
        "isic4:1079",
        "naics:4451",
    )
    assert "zip:05602" in record.attrs["place"]


def test_half_an_answer_about_owners_hides_nothing(db_session):
    firm = OrganisationFactory(women_share=None, women_decide=False)
    assert need_record(NeedFactory(organisation=firm), TODAY).facts["ownership"] is None


def test_a_rule_whose_value_has_left_its_list_tests_nothing(db_session):
    offer = OfferFactory()
    CriterionFactory(offer=offer, fact="size", operator=Operator.AT_LEAST, values=["size:giant"])
    CriterionFactory(offer=offer)
    assert [rule.fact for rule in offer_record(offer, TODAY).criteria] == ["country"]


def test_deals_are_counted_by_their_age_today(db_session):
    counted = clock.now() - timedelta(days=20)
    offer = OfferFactory(activity=[[5, 2], [60, 3], [400, 1]], activity_on=counted)
    found = offer_record(offer, clock.today()).activity
    assert found == Activity(last_30=2, last_90=5, last_365=5, older=1, days_since=25)


@pytest.mark.parametrize(("month", "left"), [("2026-11", 15), ("2026-10", 20), ("", 20)])
def test_places_taken_in_another_month_are_free(db_session, month, left):
    offer = OfferFactory(places=20, used=5, used_month=month)
    assert offer_record(offer, TODAY).places_left == left


def test_both_ends_of_a_ticket_belong_to_it(db_session):
    record = offer_record(OfferFactory(usd_min=5_000.0, usd_max=50_000.0), TODAY)
    assert record.range is not None
    assert record.range.low == 5_000.0
    assert record.range.high is not None
    assert record.range.high > 50_000.0


def test_whether_women_own_51_per_cent_is_known_of_a_firm_that_they_mostly_own(db_session):
    """What most funders ask for: with a band from half on it was unknown."""
    offer = OfferFactory()
    CriterionFactory(offer=offer, fact="women_share", operator=Operator.AT_LEAST, values=[51])
    firm = OrganisationFactory()
    need = NeedFactory(organisation=firm)
    db_session.flush()
    states = {}
    for share in (0, 50, 51, 60, 100):
        firm.women_share = share
        [rule] = check(need_record(need, TODAY), offer_record(offer, TODAY))
        states[share] = rule.state
    met, unmet = State.MET, State.UNMET
    assert states == {0: unmet, 50: unmet, 51: met, 60: met, 100: met}
