"""Codes with facts become sentences: every code the engine knows, from both sides."""

from __future__ import annotations

from datetime import date

import pytest

from matchmaker.matching.match import Change, Lever, Reason
from matchmaker.matching.model import FACETS
from matchmaker.matching.reasons import REASONS
from matchmaker.matching.records import Band, Criterion
from matchmaker.suggestions.helping import helping_service
from matchmaker.suggestions.models import Side
from matchmaker.suggestions.words.left_out import gate_words, left_out_line
from matchmaker.suggestions.words.levers import lever_lines
from matchmaker.suggestions.words.listing import labels
from matchmaker.suggestions.words.order import order_note
from matchmaker.suggestions.words.reasons import reason_words, split_reasons
from matchmaker.suggestions.words.rules import have_words, met_words, rule_words
from matchmaker.suggestions.words.sums import FACET_LABELS
from matchmaker.vocabulary.evidence import EVIDENCE
from matchmaker.vocabulary.facts import FACTS, fact

pytestmark = pytest.mark.once

PLACES = ("iso3166-2:LA-LP", "iso3166-2:LA-SV", "iso3166-2:LA-CH", "iso3166-2:LA-KH")
FULL = {
    "need": ("iso3166-1:LA",), "offer": Band(1_000, 5_000), "shared": ("iso3166-1:LA",),
    "purpose": "purpose:EQUIPMENT", "amount": Band(1_000, 2_000), "words": ("coffee", "dryer"),
    "has": ("evidence:accounts_1y",), "missing": ("evidence:accounts_2y",),
    "last_active": date(2026, 11, 1), "fact": "staff", "op": "between", "values": (5, 50),
}  # fmt: skip


@pytest.fixture
def request_context(app):
    with app.test_request_context("/"):
        yield


@pytest.mark.parametrize("code", REASONS)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("facts", [FULL, {"fact": "staff", "op": "at_least", "values": (5,)}])
def test_every_reason_has_words(request_context, code, side, facts):
    said = reason_words(Reason(code, "for", facts), side)
    if facts is FULL or "rule" in code or "preference" in code:
        assert said.endswith(".")
    assert "%(" not in said


def test_every_facet_has_a_label():
    assert set(FACET_LABELS) == set(FACETS)


def test_one_paper_is_not_asked_for_twice(request_context):
    rule = Reason("rule_unknown", "against", {"fact": "accounts_1y", "op": "has", "values": ()})
    weak = Reason("evidence_weak", "against", {"missing": ("evidence:accounts_1y",)})
    assert split_reasons((weak, rule), Side.NEED) == (
        [],
        ["Asks for accounts for one year; you have not told us."],
    )


@pytest.mark.parametrize("code", FACTS.codes())
def test_every_fact_a_rule_may_name_has_words(request_context, code):
    known = fact(code)
    for operator in known.operators:
        values = {"at_least": (5,), "at_most": (50,), "between": (5, 50)}.get(operator, ())
        if known.kind == "codes":
            values = (f"{known.schemes[0]}:X",)
        rule = Criterion(code, operator, values)
        assert rule_words(rule)
        assert gate_words(code, 2, Side.NEED)
        assert gate_words(code, 2, Side.OFFER)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Criterion("staff", "at_least", (5,)), "at least 5 workers"),
        (Criterion("age_years", "at_most", (3,)), "up to 3 years in business"),
        (Criterion("age_years", "at_least", (1,)), "at least 1 year in business"),
        (Criterion("age_years", "between", (1, 2)), "1 to 2 years in business"),
        (Criterion("province", "one_of", PLACES[1:3]), "Savannakhet or Champasak"),
        (Criterion("province", "none_of", PLACES),
         "not Luang Prabang, Savannakhet, Champasak, or 1 more"),
        (Criterion("country", "none_of", ("iso3166-1:TH",)), "not Thailand"),
        (Criterion("size", "at_least", ("size:small",)), "Small or larger"),
        (Criterion("women_share", "at_least", (50,)), "at least 50% owned by women"),
        (Criterion("accounts_1y", "has"), "Accounts for one year"),
    ],
)  # fmt: skip
def test_rules_in_words(request_context, rule, said):
    assert rule_words(rule) == said


def test_a_met_list_names_what_meets_it(request_context):
    rule = Criterion("province", "one_of", PLACES)
    assert met_words(rule, ("iso3166-2:LA-CH",)) == "Champasak"


@pytest.mark.parametrize(
    ("code", "value", "said"),
    [
        ("staff", Band(10, 20), "10 to 19 workers"),
        ("staff", Band(1, 2), "1 worker"),
        ("staff", Band(1000, None), "at least 1,000 workers"),
        ("women_share", Band(100.0, 101.0), "100% owned by women"),
        ("accounts_1y", False, "No"),
        ("sector", ("isic4:1079",), "Coffee roasting and tea making"),
        ("sector", None, None),
    ],
)
def test_what_a_firm_shows_in_words(request_context, code, value, said):
    assert have_words(code, value) == said


def test_who_can_help_is_a_service_that_exists(request_context):
    from matchmaker.vocabulary.services import SERVICES

    found = {helping_service(code) for code in (*EVIDENCE.codes(), "readiness", "country")}
    assert found - {None} <= set(SERVICES.codes())
    assert None in found


def test_a_lever_says_what_was_told(request_context):
    change = Change("readiness", "at_least", (60,))
    (line,) = lever_lines(Lever((change,), 70), {"readiness": Band(20, 40)}, Side.NEED)
    assert line.text == (
        "Digital readiness: at least 60. You have told us: Digital readiness: 20 to 39."
    )
    assert "code=TRAINING" in line.help_url


@pytest.mark.parametrize(
    ("fact", "op", "values", "helped", "where"),
    [
        ("accounts_2y", "has", (), "Accounting and bookkeeping", "code=ACCOUNTING"),
        ("guarantor", "has", (), "Loan guarantee", "code=GUARANTEE"),
        ("amount_usd", "at_most", (5_000,), "an adviser in Luang Prabang", "/help"),
    ],
)
def test_each_change_names_who_can_help(request_context, fact, op, values, helped, where):
    lever = Lever((Change(fact, op, values),), 70)
    (line,) = lever_lines(lever, {"province": ("iso3166-2:LA-LP",)}, Side.NEED)
    assert helped in line.help
    assert where in line.help_url
    (theirs,) = lever_lines(lever, {}, Side.OFFER)
    assert theirs.help is None
    (nowhere,) = lever_lines(Lever((Change("purpose", "one_of", ("purpose:LAND",)),), 70),
                             {}, Side.NEED)  # fmt: skip
    assert nowhere.help == "Who can help: an adviser of the programme"


def test_nobody_left_out_needs_no_line(request_context):
    assert left_out_line({}, 0, Side.NEED) == ""
    assert left_out_line({"country": 3, "sector": 1}, 3, Side.OFFER) == (
        "3 are left out: 3 are in other countries and 1 is in another sector."
    )


def test_who_stands_where_the_points_say_has_no_note(request_context):
    class Still:
        class placed:  # noqa: N801
            why, moved = "busy", 0

    assert order_note(Still) is None


def test_a_country_is_not_named_beside_its_province(request_context):
    assert labels(("iso3166-2:LA-XS", "iso3166-1:LA")) == "Xaysomboun"
    assert labels(("iso3166-2:LA-XS", "iso3166-1:TH")) == "Xaysomboun and Thailand"
    assert labels(("iso3166-1:LA",)) == "Laos"
